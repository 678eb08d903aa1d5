/* output.c - whether the files that a task will write can be written, before long work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/source/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <noneq/data.h>
#include <noneq/file.h>

#include "core/context.h"
#include "io/file/name.h"
#include "io/file/target.h"

int nqi_path_exists(const char *path)
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

static nq_status folder_check(nq_context *context, const char *path, const char *target)
{
    char folder[4096];
    struct stat state;
    folder_of(folder, sizeof folder, target);
    if (stat(folder, &state) != 0)
        return nqi_fail(context, NQ_ERROR_FILE, "'%s' cannot be written: folder '%s': %s", path,
                        folder, strerror(errno));
    if (!S_ISDIR(state.st_mode))
        return nqi_fail(context, NQ_ERROR_FILE, "'%s' cannot be written: '%s' is not a folder",
                        path, folder);
    if (access(folder, W_OK | X_OK) != 0)
        return nqi_fail(context, NQ_ERROR_FILE, "'%s' cannot be written: folder '%s': %s", path,
                        folder, strerror(errno));
    return NQ_OK;
}

static nq_status stream_check(nq_context *context, const char *path, int must_be_regular)
{
    if (must_be_regular)
        return nqi_fail(context, NQ_ERROR_FILE,
                        "'%s' is not a regular file, so it cannot be replaced", path);
    if (access(path, W_OK) != 0)
        return nqi_fail(context, NQ_ERROR_FILE, "'%s' cannot be written: %s", path,
                        strerror(errno));
    return NQ_OK;
}

static nq_status path_check(nq_context *context, const char *path, int must_be_regular)
{
    struct stat state;
    if (!*path)
        return nqi_fail(context, NQ_ERROR_FILE, "the name of the output file is empty");
    if (stat(path, &state) == 0) {
        if (S_ISDIR(state.st_mode))
            return nqi_fail(context, NQ_ERROR_FILE,
                            "'%s' is a folder; the name of a file was expected", path);
        if (nqi_path_is_stream(path))
            return stream_check(context, path, must_be_regular);
    }
    char *target = nq_file_target(path);
    if (!target)
        return nqi_fail(context, NQ_ERROR_FILE, "'%s' cannot be written: its links lead nowhere",
                        path);
    const nq_status status = folder_check(context, path, target);
    free(target);
    return status;
}

nq_status nqi_output_check(nq_context *context, const char *path)
{
    return path_check(context, path, 0);
}

nq_status nqi_output_check_file(nq_context *context, const char *path)
{
    return path_check(context, path, 1);
}

nq_status nqi_output_check_table(nq_context *context, const char *path)
{
    char known[256] = "";
    const char *ending;
    size_t length = 0;
    if (!path || strcmp(path, "-") == 0)
        return NQ_OK;
    if (nqi_path_is_stream(path))
        return nqi_output_check(context, path);
    for (size_t i = 0; (ending = nq_values_ending(NULL, i)); i++) {
        if (nqi_path_ends(path, ending))
            return nqi_output_check(context, path);
        if (length < sizeof known)
            length += (size_t)snprintf(known + length, sizeof known - length, "%s%s",
                                       !i                              ? ""
                                       : nq_values_ending(NULL, i + 1) ? ", "
                                                                       : " or ",
                                       ending);
    }
    return nqi_fail(context, NQ_ERROR_FILE,
                    "the extension of '%s' says no format: expected %s, perhaps with .gz", path,
                    known);
}
