/* test_conditions.c - conditions on rows of a table of several kinds, against rows of the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

enum { TOWN, FLAG, N, X, GAIN, DIM, DRAWS = 2048, ROWS = 40000 };

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

static const size_t town[1] = {TOWN}, n[1] = {N}, x[1] = {X}, gain[1] = {GAIN};
static const size_t n_x[2] = {N, X}, n_gain[2] = {N, GAIN}, n_x_gain[3] = {N, X, GAIN};
static const double one[1] = {1}, less[2] = {1, -1}, sum[2] = {1, 1}, three[3] = {1, 1, 1};
static const double low[2] = {0, 0}, odd[4] = {1, 1, 3, 3}, tail[2] = {6, INFINITY};
static const double up[2] = {10, INFINITY}, down[2] = {-INFINITY, 0}, equal[2] = {3, 3};
static const double mixed[4] = {0, 0, 4, 8}, some[2] = {10, 14}, far[2] = {8, INFINITY};
static const unsigned char two_towns[8] = {1, 0, 1};

typedef struct question {
    size_t count;
    nq_condition condition[3];
} question;

static const question questions[] = {
    {1, {{1, n, one, 2, odd, NULL}}},
    {1, {{1, town, one, 0, NULL, two_towns}}},
    {1, {{1, x, one, 1, tail, NULL}}},
    {1, {{1, gain, one, 1, up, NULL}}},
    {1, {{1, gain, one, 2, mixed, NULL}}},
    {2, {{1, town, one, 0, NULL, two_towns}, {1, n, one, 1, low, NULL}}},
    {1, {{2, n_x, less, 1, down, NULL}}},
    {1, {{2, n_gain, sum, 1, equal, NULL}}},
    {1, {{3, n_x_gain, three, 1, some, NULL}}},
    {3, {{2, n_x, sum, 1, far, NULL}, {1, gain, one, 1, low, NULL}, {1, n, one, 2, odd, NULL}}},
};

static int holds(const world *w, const question *q, const double *row)
{
    for (size_t i = 0; i < q->count; i++)
        if (!nq_condition_holds(w->model, &q->condition[i], row))
            return 0;
    return 1;
}

/* The share of the model's own rows that meet it, and how the flag falls in these. */
static void check(const world *w, const question *q)
{
    const nq_posterior_options options = {.particles = 128, .draws = DRAWS, .seed = 3};
    double count = 0, flags = 0, drawn = 0;
    nq_evidence *evidence;
    nq_posterior out;
    for (size_t r = 0; r < ROWS; r++)
        if (holds(w, q, w->rows + r * DIM)) {
            count++;
            flags += w->rows[r * DIM + FLAG];
        }
    assert_ok(nq_evidence_conditions(&evidence, w->context, w->model, q->condition, q->count,
                                     NULL, 1),
              w->context);
    assert_ok(nq_posterior_sample(&out, w->context, w->model, evidence, &options), w->context);
    assert_true(count > 20 && out.log_evidence_se[0] < 0.2);
    assert_close("log evidence", out.log_evidence[0], log(count / ROWS),
                 4 * hypot(out.log_evidence_se[0], 1 / sqrt(count)) + 0.01);
    for (size_t d = 0; d < DRAWS; d++) {
        if (!holds(w, q, out.samples + d * DIM))
            fail_msg("question %zu: draw %zu does not meet it", (size_t)(q - questions), d);
        drawn += out.samples[d * DIM + FLAG] / DRAWS;
    }
    assert_close("share of flags", drawn, flags / count,
                 4.5 * sqrt(0.25 / (DRAWS / 4.0) + 0.25 / count) + 0.01);
    nq_posterior_free(&out);
    nq_evidence_free(evidence);
}

static void conditions_have_the_probability_of_their_rows(void **state)
{
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        check(*state, &questions[i]);
}

static void refused(const world *w, const nq_condition *condition, const char *words)
{
    nq_evidence *evidence;
    const nq_status status =
        nq_evidence_conditions(&evidence, w->context, w->model, condition, 1, NULL, 1);
    if (status == NQ_OK || evidence || !strstr(nq_context_message(w->context), words))
        fail_msg("%d: %s", (int)status, nq_context_message(w->context));
}

static void what_no_row_can_be_is_refused(void **state)
{
    static const double between[2] = {1.2, 1.8}, above[2] = {60, INFINITY};
    static const double huge[2] = {1e6, INFINITY}, point[2] = {3.5, 3.5};
    static const unsigned char none[8] = {0};
    const world *w = *state;
    refused(w, &(nq_condition){1, n, one, 1, between, NULL}, "cannot be met");
    refused(w, &(nq_condition){1, n, one, 1, above, NULL}, "cannot be met");
    refused(w, &(nq_condition){1, town, one, 0, NULL, none}, "cannot be met");
    refused(w, &(nq_condition){1, town, one, 1, low, NULL}, "holds text");
    refused(w, &(nq_condition){2, n_gain, sum, 1, huge, NULL}, "cannot be met");
    refused(w, &(nq_condition){1, x, one, 1, point, NULL}, "tolerance");
    refused(w, &(nq_condition){2, n_x, sum, 1, point, NULL}, "tolerance");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_have_the_probability_of_their_rows),
        cmocka_unit_test(what_no_row_can_be_is_refused),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
