/* output.c - result files that appear whole or not at all, and checks before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "options.h"
#include "ranks.h"

int path_has_extension(const char *path, const char *extension)
{
    const size_t length = strlen(path), tail = strlen(extension);

    return length > tail && strcasecmp(path + length - tail, extension) == 0;
}

int path_exists(const char *path)
{
    struct stat state;

    return stat(path, &state) == 0;
}

/* The folder that holds `path`, without its last slash unless it is the root. */
static void folder_of(char *out, size_t size, const char *path)
{
    const char *slash = strrchr(path, '/');
    const size_t length = slash ? (size_t)(slash - path) : 0;

    if (!slash)
        snprintf(out, size, ".");
    else if (length == 0)
        snprintf(out, size, "/");
    else
        snprintf(out, size, "%.*s", (int)(length < size ? length : size - 1), path);
}

int output_check(const char *path)
{
    char folder[4096];
    struct stat state;

    if (!*path)
        return message_fail("the name of the output file is empty");
    if (stat(path, &state) == 0) {
        if (S_ISDIR(state.st_mode))
            return message_fail("'%s' is a folder; the name of a file was expected", path);
        if (!S_ISREG(state.st_mode))
            return message_fail("'%s' is not a regular file, so it cannot be replaced", path);
    }
    folder_of(folder, sizeof folder, path);
    if (stat(folder, &state) != 0)
        return message_fail("'%s' cannot be written: folder '%s': %s", path, folder,
                            strerror(errno));
    if (!S_ISDIR(state.st_mode))
        return message_fail("'%s' cannot be written: '%s' is not a folder", path, folder);
    if (access(folder, W_OK | X_OK) != 0)
        return message_fail("'%s' cannot be written: folder '%s': %s", path, folder,
                            strerror(errno));
    return EXIT_DONE;
}

int output_check_table(const char *path)
{
    static const char *const known[] = {".npy", ".csv", ".tsv", ".npy.gz", ".csv.gz", ".tsv.gz"};

    if (!path || strcmp(path, "-") == 0)
        return EXIT_DONE;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (path_has_extension(path, known[i]))
            return output_check(path);
    return message_fail("the extension of '%s' says no format: expected .npy, .csv or .tsv, "
                        "perhaps with .gz",
                        path);
}

int output_check_apart(const char *path, const char *input)
{
    struct stat a, b;

    if (!path || !input || stat(path, &a) != 0 || stat(input, &b) != 0)
        return EXIT_DONE;
    if (a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return EXIT_DONE;
    return message_fail("'%s' is an input of this job and would be overwritten", path);
}

int output_open(output *out, const char *path)
{
    *out = (output){.file = stdout, .path = path};
    if (!path || strcmp(path, "-") == 0)
        return EXIT_DONE;
    if (ranks_is_silent()) {
        out->path = NULL; /* standard output, which goes nowhere */
        return EXIT_DONE;
    }
    if (output_check(path))
        return EXIT_FAILED;
    const int length =
        snprintf(out->temporary, sizeof out->temporary, "%s.%ld.partial", path, (long)getpid());
    if (length >= (int)sizeof out->temporary)
        return message_fail("the name of the output file is too long");
    if (!(out->file = fopen(out->temporary, "wb")))
        return message_fail("'%s' cannot be written: %s", path, strerror(errno));
    return EXIT_DONE;
}

void output_drop(output *out)
{
    if (!out->temporary[0])
        return;
    if (out->file)
        fclose(out->file);
    out->file = NULL;
    unlink(out->temporary);
}

int output_close(output *out)
{
    int bad;

    if (!out->temporary[0])
        return output_finish();
    bad = fflush(out->file) != 0 || ferror(out->file) || fsync(fileno(out->file)) != 0;
    bad |= fclose(out->file) != 0;
    out->file = NULL;
    if (!bad && rename(out->temporary, out->path) == 0)
        return EXIT_DONE;
    message_print("'%s' could not be written: %s", out->path, strerror(errno));
    output_drop(out);
    return EXIT_FAILED;
}
