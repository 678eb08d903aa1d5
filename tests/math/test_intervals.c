/* test_intervals.c - evidence that a number is in an interval, against rows of the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

enum { TOWN, FLAG, N, X, GAIN, DIM, DRAWS = 4096, ROWS = 40000 };

typedef struct world {
    nq_context *context;
    nq_dataset *data;
    nq_model *model;
    double *rows; /* [ROWS][DIM] drawn from the model */
} world;

static int world_open(void **state)
{
    static world w;
    const nq_sample_options options = {.rows = ROWS, .seed = 5};
    w.context = context_open(2);
    w.data = table_rows(w.context, 4000, 1);
    w.model = table_trained(w.context, w.data, "400");
    w.rows = malloc(sizeof(double) * ROWS * DIM);
    assert_ok(nq_sample(w.rows, w.context, w.model, &options), w.context);
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    world *w = *state;
    free(w->rows);
    nq_model_free(w->model);
    nq_dataset_free(w->data);
    nq_context_free(w->context);
    return 0;
}

typedef struct question {
    size_t column;
    double low, high;
    double town; /* known beside it, or NaN */
} question;

static int holds(const question *q, const double *row)
{
    return row[q->column] >= q->low && row[q->column] <= q->high &&
           (isnan(q->town) || row[TOWN] == q->town);
}

/* The share of the model's own rows that hold it, and how the flag falls in these. */
static void check(const world *w, const question *q)
{
    const nq_posterior_options options = {.method = "particles",
                                          .particles = 256,
                                          .draws = DRAWS,
                                          .seed = 3};
    const double known[DIM] = {q->town, NAN, NAN, NAN, NAN};
    double count = 0, flags = 0, drawn = 0;
    nq_evidence *parts[2], *evidence;
    nq_posterior out;
    for (size_t r = 0; r < ROWS; r++)
        if (holds(q, w->rows + r * DIM)) {
            count++;
            flags += w->rows[r * DIM + FLAG];
        }
    assert_ok(nq_evidence_interval(&parts[0], w->context, w->model, q->column, &q->low, &q->high,
                                   1),
              w->context);
    assert_ok(nq_evidence_clamp(&parts[1], w->context, w->model, known, 1), w->context);
    assert_ok(nq_evidence_product(&evidence, w->context, (const nq_evidence *const *)parts,
                                  isnan(q->town) ? 1 : 2),
              w->context);
    assert_ok(nq_posterior_sample(&out, w->context, w->model, evidence, &options), w->context);
    assert_close("log evidence", out.log_evidence[0], log(count / ROWS),
                 4 * hypot(out.log_evidence_se[0], 1 / sqrt(count)) + 0.02);
    assert_true(out.log_evidence_se[0] < 0.1);
    for (size_t d = 0; d < DRAWS; d++) {
        if (!holds(q, out.samples + d * DIM))
            fail_msg("column %zu: %.9g is outside %g..%g", q->column,
                     out.samples[d * DIM + q->column], q->low, q->high);
        drawn += out.samples[d * DIM + FLAG] / DRAWS;
    }
    assert_close("share of flags", drawn, flags / count,
                 4.5 * sqrt(0.25 / DRAWS + 0.25 / count) + 0.02);
    nq_posterior_free(&out);
    nq_evidence_free(evidence);
    nq_evidence_free(parts[0]);
    nq_evidence_free(parts[1]);
}

static void intervals_have_the_probability_of_their_rows(void **state)
{
    static const question questions[] = {
        {N, 1, 2, NAN},          {N, -INFINITY, 1, NAN}, {N, 3, INFINITY, NAN},
        {N, 0.5, 2.5, 0},        {X, 3, 5, NAN},         {X, -INFINITY, 2, 1},
        {X, 6, INFINITY, NAN},   {GAIN, 0, 10, NAN},     {GAIN, 5, 20, NAN},
        {GAIN, 10, INFINITY, 0}, {GAIN, 0, 0, NAN},      {N, -INFINITY, INFINITY, NAN},
    };
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(*state, &questions[i]);
}

static void refused(const world *w, size_t column, double low, double high, const char *words)
{
    nq_evidence *evidence;
    const nq_status status =
        nq_evidence_interval(&evidence, w->context, w->model, column, &low, &high, 1);
    if (status == NQ_OK || evidence || !strstr(nq_context_message(w->context), words))
        fail_msg("%d: %s", (int)status, nq_context_message(w->context));
}

static void what_no_number_is_in_is_refused(void **state)
{
    refused(*state, N, 2, 1, "lower end");
    refused(*state, N, 9, INFINITY, "holds a number");
    refused(*state, N, 1.2, 1.8, "holds a number");
    refused(*state, GAIN, -5, -1, "holds a number");
    refused(*state, TOWN, 0, 1, "holds text");
    refused(*state, 9, 0, 1, "column 10");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_have_the_probability_of_their_rows),
        cmocka_unit_test(what_no_number_is_in_is_refused),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
