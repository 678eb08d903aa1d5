/* paths.c - the files of a task, and that none of them is an input and an output at once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/source/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <noneq/file.h>

#include "core/context.h"
#include "task/source/output.h"

/* Which file a path means. Of one that is not there: its folder and its name. */
typedef struct place {
    int is_known; /* else it can be the same as nothing */
    int exists, is_folder;
    dev_t device, folder_device;
    ino_t number, folder;
    char name[256];
} place;

static void folder_find(place *out, char *target)
{
    struct stat state;
    char *slash = strrchr(target, '/');
    snprintf(out->name, sizeof out->name, "%.255s", slash ? slash + 1 : target);
    if (slash)
        slash[slash == target] = '\0';
    if (stat(slash ? target : ".", &state) != 0)
        return;
    out->folder_device = state.st_dev;
    out->folder = state.st_ino;
    out->is_known = 1;
}

/* Terminals and pipes may well be read and written. */
static void state_take(place *out, const struct stat *state)
{
    out->exists = 1;
    out->is_folder = S_ISDIR(state->st_mode);
    out->is_known = S_ISREG(state->st_mode) || out->is_folder;
    out->device = state->st_dev;
    out->number = state->st_ino;
}

static void place_find(place *out, const nqi_path_use *use)
{
    char path[4096];
    struct stat state;
    *out = (place){.is_known = 0};
    if (!use->path)
        return;
    if (use->kind == NQI_PATH_OUTPUT && strcmp(use->path, "-") == 0) {
        if (fstat(STDOUT_FILENO, &state) == 0)
            state_take(out, &state);
        return;
    }
    snprintf(path, sizeof path, "%s%s", use->path,
             use->kind == NQI_PATH_LOG ? "/metrics.jsonl" : "");
    char *target = nq_file_target(path);
    if (!target)
        return;
    const int exists = stat(target, &state) == 0;
    folder_find(out, target);
    if (exists)
        state_take(out, &state);
    free(target);
}

static int is_same(const place *a, const place *b)
{
    if (!a->is_known || !b->is_known || a->exists != b->exists)
        return 0;
    if (a->exists)
        return a->device == b->device && a->number == b->number;
    return a->folder_device == b->folder_device && a->folder == b->folder &&
           strcmp(a->name, b->name) == 0;
}

/* A picture of a folder that is read. */
static int is_inside(const place *output, const place *input)
{
    return output->exists && output->is_known && input->is_folder &&
           output->folder_device == input->device && output->folder == input->number;
}

static nq_status pair_check(nq_context *context, const nqi_path_use *output, const place *at,
                            const nqi_path_use *other, const place *there)
{
    const char *in_log = output->kind == NQI_PATH_LOG ? "/metrics.jsonl" : "";
    const char *path = strcmp(output->path, "-") == 0 ? "standard output" : output->path;
    if (other->kind != NQI_PATH_INPUT)
        return is_same(at, there)
                   ? nqi_fail(context, NQ_ERROR_FILE, "%s and %s are both the same file '%s%s'",
                              other->role, output->role, path, in_log)
                   : NQ_OK;
    if (is_same(at, there))
        return nqi_fail(context, NQ_ERROR_FILE,
                        "'%s%s' (%s) is an input of this job (%s) and would be overwritten", path,
                        in_log, output->role, other->role);
    if (is_inside(at, there))
        return nqi_fail(context, NQ_ERROR_FILE,
                        "'%s%s' (%s) is in the folder '%s', an input of this job (%s), and would "
                        "be overwritten",
                        path, in_log, output->role, other->path, other->role);
    return NQ_OK;
}

nq_status nqi_paths_check(nq_context *context, const nqi_path_use *uses, size_t count)
{
    place places[16];
    if (count > sizeof places / sizeof *places)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a job of %zu files is more than is planned for", count);
    for (size_t i = 0; i < count; i++)
        place_find(&places[i], &uses[i]);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count && uses[i].kind != NQI_PATH_INPUT && uses[i].path; k++) {
            if (k == i || !uses[k].path || (k > i && uses[k].kind != NQI_PATH_INPUT))
                continue;
            if (pair_check(context, &uses[i], &places[i], &uses[k], &places[k]))
                return NQ_ERROR_FILE;
        }
    return NQ_OK;
}

nq_status nq_output_check_apart(nq_context *context, const char *output,
                                const char *const *inputs, const char *const *roles, size_t count)
{
    nqi_path_use *uses = calloc(count + 1, sizeof *uses);
    nq_status status = nqi_output_check(context, output);
    if (!uses)
        return nqi_fail_memory(context, "names of files", (count + 1) * sizeof *uses);
    for (size_t i = 0; i < count; i++)
        uses[i] = (nqi_path_use){NQI_PATH_INPUT, roles[i], inputs[i]};
    uses[count] = (nqi_path_use){NQI_PATH_OUTPUT, "-o", output};
    if (!status)
        status = nqi_paths_check(context, uses, count + 1);
    free(uses);
    return status;
}
