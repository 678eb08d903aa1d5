/* fuzz_tables.c - tables as text: whatever the bytes are, rows or a sentence; and what was read
 * is read again from what is written. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fuzz/fuzz.h"

enum { CELLS_MOST = 4096 };

static double *values_of(const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    double *values = malloc(rows * dim * sizeof *values);
    fuzz_holds(values != NULL);
    for (size_t r = 0; r < rows; r++)
        nq_dataset_row(data, r, values + r * dim);
    return values;
}

/* A missing cell is an empty one, and a row of nothing but that is an empty line. */
static int is_writable(const double *values, size_t rows, size_t dim)
{
    for (size_t r = 0; dim == 1 && r < rows; r++)
        if (isnan(values[r]))
            return 0;
    return 1;
}

static void check_round(const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    double *values = values_of(data);
    nq_dataset *again;
    if (is_writable(values, rows, dim)) {
        const char *path = fuzz_path("written.csv");
        fuzz_works(nq_values_write(fuzz_context(), path, values, rows, dim, NULL));
        fuzz_check(nq_dataset_open(&again, fuzz_context(), path), again);
        fuzz_holds(again && nq_dataset_rows(again) == rows && nq_dataset_dim(again) == dim);
        double *got = values_of(again);
        for (size_t i = 0; i < rows * dim; i++)
            fuzz_holds(isnan(values[i]) ? isnan(got[i])
                                        : values[i] >= got[i] && values[i] <= got[i]);
        free(got);
        nq_dataset_free(again);
    }
    free(values);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    nq_dataset *data;
    fuzz_check(nq_dataset_open(&data, fuzz_context(), fuzz_put("table.csv", bytes, size)), data);
    if (!data)
        return FUZZ_KEEP;
    fuzz_ask_data(data, 0);
    if (nq_dataset_rows(data) <= CELLS_MOST / nq_dataset_dim(data))
        check_round(data);
    nq_dataset_free(data);
    return FUZZ_KEEP;
}
