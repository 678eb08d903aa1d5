/* long_calls_files.h - calls that read, write, make and look at files and data sets. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_LONG_CALLS_FILES_H
#define TESTS_LONG_CALLS_FILES_H

#include "long_calls.h"

static nq_status prepare_numbers(room *r)
{
    return data_make(r, r->size, ROOM_COLUMNS);
}

static nq_status prepare_table(room *r)
{
    return table_make(r, r->size);
}

/* With the text of its cells. */
static nq_status prepare_text_table(room *r)
{
    const nq_read_options options = {.keep_text = 1};
    const nq_status status = table_make(r, r->size);
    nq_dataset_free(r->data);
    r->data = NULL;
    return status ? status : nq_dataset_open_with(&r->data, r->context, r->from, &options);
}

static nq_status prepare_text_file(room *r)
{
    const nq_status status = table_make(r, r->size);
    nq_dataset_free(r->data);
    r->data = NULL;
    return status;
}

/* As Fortran has them, so that they are turned. */
static nq_status prepare_numpy_file(room *r)
{
    char head[128];
    snprintf(r->from, sizeof r->from, "%s/table.npy", r->folder);
    FILE *file = fopen(r->from, "wb");
    if (!file || !values_make(r, r->size, ROOM_COLUMNS))
        return NQ_ERROR_FILE;
    memset(head, ' ', sizeof head);
    memcpy(head, "\x93NUMPY\x01\x00\x76\x00", 10);
    const int length = snprintf(head + 10, 118,
                                "{'descr': '>f8', 'fortran_order': True, "
                                "'shape': (%zu, %d), }",
                                r->size, ROOM_COLUMNS);
    head[10 + length] = ' ';
    head[127] = '\n';
    fwrite(head, 1, sizeof head, file);
    for (size_t i = 0; i < r->size * ROOM_COLUMNS; i++) {
        unsigned char bytes[8], turned[8];
        memcpy(bytes, &r->values[i], sizeof bytes);
        for (int k = 0; k < 8; k++)
            turned[k] = bytes[7 - k];
        fwrite(turned, 1, sizeof turned, file);
    }
    return fclose(file) ? NQ_ERROR_FILE : NQ_OK;
}

static nq_status prepare_packed_file(room *r)
{
    if (!values_make(r, r->size, ROOM_COLUMNS))
        return NQ_ERROR_MEMORY;
    snprintf(r->from, sizeof r->from, "%s/table.csv.gz", r->folder);
    return nq_values_write(r->from, r->context, r->values, r->size, ROOM_COLUMNS, NULL);
}

static nq_status run_open(room *r)
{
    double row[ROOM_COLUMNS];
    const nq_status status = nq_dataset_open(&r->data, r->context, r->from);
    if (status)
        return status;
    nq_dataset_row(row, r->data, nq_dataset_rows(r->data) / 2);
    found_add(r, row, sizeof row);
    nq_dataset_free(r->data);
    r->data = NULL;
    return NQ_OK;
}

static nq_status run_write(room *r)
{
    const nq_status status = nq_values_write(room_path(r, "out.csv"), r->context, r->values,
                                             r->size, ROOM_COLUMNS, NULL);
    return status ? status : found_add_file(r, r->path);
}

static nq_status run_write_packed(room *r)
{
    return nq_values_write(room_path(r, "out.csv.gz"), r->context, r->values, r->size,
                           ROOM_COLUMNS, NULL);
}

static nq_status run_write_numpy(room *r)
{
    const nq_status status = nq_values_write(room_path(r, "out.npy"), r->context, r->values,
                                             r->size, ROOM_COLUMNS, NULL);
    return status ? status : found_add_file(r, r->path);
}

static nq_status run_write_like(room *r)
{
    const nq_status status = nq_dataset_write_like(room_path(r, "out.csv"), r->context, r->data,
                                                   r->values, r->size, NULL);
    return status ? status : found_add_file(r, r->path);
}

static nq_status prepare_picture(room *r)
{
    return values_make(r, r->size, r->size) ? NQ_OK : NQ_ERROR_MEMORY;
}

static nq_status run_picture(room *r)
{
    const nq_picture picture = {1, r->size, r->size};
    return nq_picture_write(room_path(r, "out.png"), r->context, r->values, &picture, 1, 16);
}

static nq_status prepare_nothing(room *r)
{
    (void)r;
    return NQ_OK;
}

static nq_status generate(room *r, const char *name)
{
    const nq_generate_options options = {.rows = r->size};
    nq_dataset *set;
    double first = 0;
    const nq_status status = nq_dataset_generate(&set, r->context, name, &options);
    if (status)
        return status;
    double *row = malloc(nq_dataset_dim(set) * sizeof *row);
    if (row) {
        nq_dataset_row(row, set, r->size - 1);
        first = row[0];
    }
    found_add(r, &first, sizeof first);
    free(row);
    nq_dataset_free(set);
    return NQ_OK;
}

static nq_status run_generate(room *r)
{
    return generate(r, "swissroll");
}

static nq_status run_generate_pictures(room *r)
{
    return generate(r, "deadleaves");
}

static nq_status run_generate_to(room *r)
{
    const nq_generate_options options = {.rows = r->size};
    const nq_status status =
        nq_dataset_generate_to(room_path(r, "out.csv"), r->context, "swissroll", &options);
    return status ? status : found_add_file(r, r->path);
}

static nq_status run_outliers(room *r)
{
    nq_outlier out[4];
    size_t count;
    memset(out, 0, sizeof out);
    const nq_status status = nq_dataset_outliers(out, &count, r->context, r->data, 1, 4);
    found_add(r, &count, sizeof count);
    return status;
}

/* Facts are remembered: a set of its own each time. */
static nq_status run_facts(room *r)
{
    nq_dataset *set;
    nq_column_facts facts;
    nq_status status = nq_dataset_slice(&set, r->context, r->data, 1, r->size - 1);
    if (status)
        return status;
    memset(&facts, 0, sizeof facts);
    status = nq_dataset_column_facts(&facts, r->context, set, 4);
    found_add(r, &facts.levels, sizeof facts.levels);
    nq_dataset_free(set);
    return status;
}

#endif
