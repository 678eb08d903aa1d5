/* long_calls.h - calls of the library that can take long, each with what it needs, and as long as
 * somebody wants it to be: for tests and a bench of how they are stopped. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_LONG_CALLS_H
#define TESTS_LONG_CALLS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <noneq.h>

enum { ROOM_PATH = 600, ROOM_COLUMNS = 10 };

/* What a call works with. */
typedef struct room {
    nq_context *context;
    const char *folder; /* of its own */
    size_t size;        /* how much there is to do */
    nq_dataset *data, *more;
    nq_model *model, *other;
    nq_evidence *evidence;
    nq_trainer *trainer;
    double *values;
    char path[ROOM_PATH], from[ROOM_PATH];
    uint64_t found; /* a digest of the results of the last run */
} room;

typedef struct long_call {
    const char *name;
    size_t size; /* to begin with */
    nq_status (*prepare)(room *r);
    nq_status (*run)(room *r);
    int are_several; /* calls, each with a progress of its own */
} long_call;

static inline double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void found_add(room *r, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        r->found = (r->found ^ at[i]) * 0x100000001b3u;
}

static inline nq_status found_add_file(room *r, const char *path)
{
    char bytes[1 << 14];
    FILE *file = fopen(path, "rb");
    for (size_t got; file && (got = fread(bytes, 1, sizeof bytes, file));)
        found_add(r, bytes, got);
    if (file)
        fclose(file);
    return file ? NQ_OK : NQ_ERROR_FILE;
}

static inline void room_clear(room *r)
{
    nq_trainer_free(r->trainer);
    nq_evidence_free(r->evidence);
    nq_model_free(r->model);
    nq_model_free(r->other);
    nq_dataset_free(r->more);
    nq_dataset_free(r->data);
    free(r->values);
    *r = (room){.context = r->context, .folder = r->folder, .size = r->size};
}

static inline const char *room_path(room *r, const char *name)
{
    snprintf(r->path, sizeof r->path, "%s/%s", r->folder, name);
    return r->path;
}

/* Numbers, levels, and columns that go together. */
static inline int values_make(room *r, size_t rows, size_t columns)
{
    uint64_t state = 88172645463325252u;
    r->values = malloc(rows * columns * sizeof *r->values);
    for (size_t i = 0; r->values && i < rows * columns; i++) {
        double sum = 0;
        for (int k = 0; k < 4; k++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            sum += (double)(state >> 11) * 0x1p-53 - 0.5;
        }
        const size_t c = i % columns;
        r->values[i] = c % 5 == 4   ? floor(3 * sum)
                       : c % 5 == 3 ? r->values[i - 1] + 0.1 * sum
                                    : sum;
    }
    return r->values != NULL;
}

static inline nq_status data_make(room *r, size_t rows, size_t columns)
{
    if (!values_make(r, rows, columns))
        return NQ_ERROR_MEMORY;
    return nq_dataset_from_array(&r->data, r->context, r->values, rows, columns, NULL);
}

/* A table in a file, and read from it, so that its columns have kinds. */
static inline nq_status table_make(room *r, size_t rows)
{
    if (!values_make(r, rows, ROOM_COLUMNS))
        return NQ_ERROR_MEMORY;
    snprintf(r->from, sizeof r->from, "%s/table.csv", r->folder);
    const nq_status status =
        nq_values_write(r->from, r->context, r->values, rows, ROOM_COLUMNS, NULL);
    return status ? status : nq_dataset_open(&r->data, r->context, r->from);
}

static inline nq_status bits_make(room *r, size_t rows, size_t columns)
{
    if (!values_make(r, rows, columns))
        return NQ_ERROR_MEMORY;
    for (size_t i = 0; i < rows * columns; i++)
        r->values[i] = r->values[i] > 0;
    return nq_dataset_from_array(&r->data, r->context, r->values, rows, columns, NULL);
}

static inline nq_status pictures_make(room *r, size_t rows, size_t side)
{
    const nq_generate_options options = {.rows = rows, .side = side};
    return nq_dataset_generate(&r->data, r->context, "deadleaves", &options);
}

static inline nq_status model_make(room *r, const char *kernel, nq_count steps)
{
    nq_model_options options;
    nq_model_options_init(&options, sizeof options);
    snprintf(options.kernel, sizeof options.kernel, "%s", kernel);
    options.steps = steps;
    return nq_model_new(&r->model, r->context, r->data, &options);
}

#endif
