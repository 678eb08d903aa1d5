/* test_zero_copy.c - a million rows that lie in somebody's memory are scored where they are: the
 * peak of this process shows that nothing was copied. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "math/math_test.h"

#include "core/rng.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SHADOW 1 /* memory of a sanitizer, which grows with ours */
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SHADOW 1
#endif
#ifndef HAS_SHADOW
#define HAS_SHADOW 0
#endif

enum { ROWS = 1000000, DIM = 10, TRAIN_ROWS = 1000 };

/* A figure of this process in kB; 0: the system does not say. */
static long status_of(const char *figure)
{
    char line[256];
    long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, figure, strlen(figure)))
            kilobytes = strtol(line + strlen(figure) + 1, NULL, 10);
    if (file)
        fclose(file);
    return kilobytes;
}

/* The peak from now on; 0: the system cannot begin anew. */
static long peak_begin(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    const int is_done = file && fputs("5", file) >= 0 && !fclose(file);
    return is_done ? status_of("VmHWM") : 0;
}

static nq_dataset *borrowed(nq_context *context, const double *values, size_t rows,
                            size_t columns)
{
    nq_column column[DIM + 1];
    nq_dataset *data;
    for (size_t c = 0; c < columns; c++)
        column[c] = (nq_column){.size = sizeof *column,
                                .element = NQ_FLOAT64,
                                .start = values + c,
                                .stride = DIM * sizeof *values};
    assert_ok(nq_dataset_from_columns(&data, context, column, columns, rows), context);
    return data;
}

/* The columns in another order than in memory, so that they are no rows of one array. */
static nq_dataset *apart(nq_context *context, const double *values)
{
    nq_column column[DIM];
    nq_dataset *data;
    for (size_t c = 0; c < DIM; c++)
        column[c] = (nq_column){.size = sizeof *column,
                                .element = NQ_FLOAT64,
                                .start = values + (c + 3) % DIM,
                                .stride = DIM * sizeof *values};
    assert_ok(nq_dataset_from_columns(&data, context, column, DIM, ROWS), context);
    return data;
}

static void score(nq_context *context, const nq_model *model, const nq_dataset *data)
{
    nq_bound out = {0};
    const nq_bound_options options = {.terms = 1, .seed = 1};
    assert_ok(nq_bound_estimate(&out, context, model, data, &options), context);
    assert_int_equal(out.rows, ROWS);
    assert_true(isfinite(out.bound));
    nq_bound_free(&out);
}

static void a_million_rows_are_scored_where_they_lie(void **state)
{
    (void)state;
    if (HAS_SHADOW || !peak_begin()) {
        printf("# the peak of memory cannot be told here\n");
        skip();
    }
    const setting tiny[] = {{"hidden", "4"}, {"steps", "4"}, {NULL, NULL}};
    const nqi_stream law = {7, NQI_DRAW_TEST, 0, 0};
    nq_context *context = context_open(2);
    double *values = malloc(sizeof *values * ROWS * DIM);
    for (size_t i = 0; i < (size_t)ROWS * DIM; i++)
        values[i] = nqi_stream_normal(&law, i);
    nq_dataset *some = borrowed(context, values, TRAIN_ROWS, DIM);
    nq_model *model = model_of(context, some, tiny);
    for (int is_apart = 0; is_apart < 2; is_apart++) {
        const long before = peak_begin(), resident = status_of("VmRSS");
        nq_dataset *data =
            is_apart ? apart(context, values) : borrowed(context, values, ROWS, DIM);
        score(context, model, data);
        const long growth = status_of("VmHWM") - before;
        printf("# %s: %ld kB are resident before, and the peak is %ld kB above that; a copy is "
               "%d kB\n",
               is_apart ? "columns apart" : "rows of one array", resident, growth,
               (int)(sizeof *values * ROWS * DIM / 1024));
        nq_dataset_free(data);
        assert_true(growth < 24 * 1024);
    }
    nq_model_free(model);
    nq_dataset_free(some);
    free(values);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_rows_are_scored_where_they_lie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
