/* output.c - result files that appear whole or not at all, and checks before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "message.h"
#include "names.h"
#include "options.h"
#include "session.h"

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

static int folder_check(const char *path, const char *target)
{
    char folder[4096];
    struct stat state;

    folder_of(folder, sizeof folder, target);
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

/* A device, a pipe, or an open descriptor such as /dev/stdout, whatever that leads to. */
static int path_is_stream(const char *path)
{
    struct stat state;
    char *target = nq_file_target(path);
    const int is_descriptor =
        target && (!strncmp(target, "/proc/self/fd/", 14) || !strncmp(target, "/dev/fd/", 8));

    free(target);
    return is_descriptor ||
           (stat(path, &state) == 0 && !S_ISREG(state.st_mode) && !S_ISDIR(state.st_mode));
}

static int path_check(const char *path, int must_be_regular)
{
    struct stat state;

    if (!*path)
        return message_fail("the name of the output file is empty");
    if (stat(path, &state) == 0) {
        if (S_ISDIR(state.st_mode))
            return message_fail("'%s' is a folder; the name of a file was expected", path);
        if (path_is_stream(path) && must_be_regular)
            return message_fail("'%s' is not a regular file, so it cannot be replaced", path);
        if (path_is_stream(path) && access(path, W_OK) != 0)
            return message_fail("'%s' cannot be written: %s", path, strerror(errno));
        if (path_is_stream(path))
            return EXIT_DONE;
    }
    char *target = nq_file_target(path);
    if (!target)
        return message_fail("'%s' cannot be written: its links lead nowhere", path);
    const int code = folder_check(path, target);
    free(target);
    return code;
}

int output_check(const char *path)
{
    return path_check(path, 0);
}

int output_check_file(const char *path)
{
    return path_check(path, 1);
}

/* What the name of a table ends in, perhaps with .gz behind it; NULL: it is none. */
static const char *table_ending(const char *path, int *holds_text)
{
    char packed[64];
    const char *ending;

    for (size_t i = 0; (ending = nq_values_ending(holds_text, i)); i++) {
        snprintf(packed, sizeof packed, "%s.gz", ending);
        if (path_has_extension(path, ending) || path_has_extension(path, packed))
            break;
    }
    return ending;
}

int output_check_table(const char *path)
{
    char known[NAMES_TEXT];

    if (!path || strcmp(path, "-") == 0)
        return EXIT_DONE;
    if (table_ending(path, NULL) || path_is_stream(path))
        return output_check(path);
    return message_fail("the extension of '%s' says no format: expected %s, perhaps with .gz",
                        path, names_fill(known, "{tables}"));
}

int path_is_numbers(const char *path)
{
    int holds_text = 1;

    return path && table_ending(path, &holds_text) && !holds_text;
}

/* Of a stream: what it collected goes on into the file. */
static ssize_t bytes_pass(void *cookie, const char *bytes, size_t count)
{
    output *out = cookie;
    const nq_status status = nq_file_put(out->whole, bytes, count);

    if (status && !out->status)
        out->status = status;
    return status ? 0 : (ssize_t)count;
}

int output_open(output *out, nq_context *context, const char *path)
{
    const cookie_io_functions_t passing = {.write = bytes_pass};

    *out = (output){.file = stdout, .path = path, .context = context};
    if (!path || strcmp(path, "-") == 0)
        return EXIT_DONE;
    const nq_status status = nq_file_open(&out->whole, context, path);
    if (status)
        return session_fail(context, status);
    if ((out->file = fopencookie(out, "w", passing)))
        return EXIT_DONE;
    output_drop(out);
    return message_fail("'%s' could not be written: out of memory", path);
}

void output_drop(output *out)
{
    if (!out->whole)
        return;
    if (out->file)
        fclose(out->file);
    nq_file_abandon(out->whole);
    out->file = NULL;
    out->whole = NULL;
}

int output_close(output *out)
{
    int bad;

    if (!out->whole)
        return output_finish();
    bad = fflush(out->file) != 0 || ferror(out->file);
    bad |= fclose(out->file) != 0;
    out->file = NULL;
    if (bad) {
        output_drop(out);
        return out->status ? session_fail(out->context, out->status)
                           : message_fail("'%s' could not be written: out of memory", out->path);
    }
    const nq_status status = nq_file_commit(out->whole);
    out->whole = NULL;
    return status ? session_fail(out->context, status) : EXIT_DONE;
}
