/* test_errors.c - printed errors are what they say: the spread over seeds, and enough to cover the
 * exact answer; where they cannot be, that is said. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/posterior_test.h"

enum { SEEDS = 60 };

/* Figures over seeds, and the errors that came with them. */
typedef struct spread {
    double sum, squares, errors, first;
    int count, covered;
} spread;

static void spread_add(spread *s, double figure, double error, double exact)
{
    if (!s->count)
        s->first = figure;
    s->sum += figure - s->first;
    s->squares += (figure - s->first) * (figure - s->first);
    s->errors += error;
    s->covered += fabs(figure - exact) < 1.96 * error;
    s->count++;
}

/* A spread of 60 numbers is known to 9 %. */
static void assert_calibrated(const char *what, const spread *s)
{
    const double n = s->count, mean = s->sum / n;
    const double deviation = sqrt((s->squares / n - mean * mean) * n / (n - 1));
    assert_close(what, deviation / (s->errors / n), 1, 0.25);
}

static nq_bound bound_of(nq_context *context, const nq_model *model, const nq_dataset *data,
                         size_t terms, uint64_t seed, int each_row)
{
    nq_bound bound;
    const nq_bound_options options = {.terms = terms, .seed = seed, .each_row = each_row};
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    return bound;
}

static void check_bound(size_t terms, int each_row)
{
    nq_context *context = context_open(1);
    nq_model *model = bit_model(context, "12", "0.3");
    nq_dataset *data = states_dataset(context);
    double exact[STATES];
    spread whole = {0}, rows = {0}, row[STATES] = {{0}};
    set_random_logits(model, 5, 1);
    bit_bounds(exact, context, model);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        nq_bound b = bound_of(context, model, data, terms, seed, each_row);
        spread_add(&whole, b.bound, b.se, b.bound);
        assert_true(b.se_rows >= b.se);
        for (size_t s = 0; s < STATES; s++)
            spread_add(&row[s], b.row_bound[s], b.row_se[s], exact[s]);
        nq_bound_free(&b);
    }
    assert_calibrated("K", &whole);
    for (size_t s = 0; s < STATES; s++) {
        assert_calibrated("K of a row", &row[s]);
        rows.covered += row[s].covered;
    }
    assert_true(rows.covered > 0.88 * STATES * SEEDS);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void errors_of_bounds_are_their_spread(void **state)
{
    (void)state;
    check_bound(512, 1);
    check_bound(4096, 0);
}

/* Whole numbers with noise that is drawn anew for each term. */
static void error_of_a_bound_counts_the_noise_of_whole_numbers(void **state)
{
    const double values[6] = {-1, 0, 1, 0, 1, -1};
    nq_context *context = context_open(1);
    nq_model *model = line_model(context, "10", "0.01", "x0");
    nq_dataset *data = dataset_of(context, values, 6, 1);
    spread whole = {0};
    (void)state;
    set_line(model, 0.05, 1, 1); /* narrow, so that the place in the cell counts */
    model->options.dequantize = 1;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        nq_bound b = bound_of(context, model, data, 64, seed, 1);
        spread_add(&whole, b.bound, b.se, b.bound);
        nq_bound_free(&b);
    }
    assert_calibrated("K of whole numbers", &whole);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

/* Mean and rows of AIS against exact laws. */
static void check_ais(const nq_model *model, nq_context *context, const nq_dataset *data,
                      const double *exact, size_t samples)
{
    const size_t rows = nq_dataset_rows(data);
    spread mean = {0}, row = {0};
    double law = 0, covered = 0;
    int withheld = 0; /* a row of 64 weights looks bad by chance now and then */
    for (size_t r = 0; r < rows; r++)
        law += exact[r] / (double)rows;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        nq_ais ais;
        const nq_ais_options options = {.samples = samples, .seed = seed};
        assert_ok(nq_ais_estimate(&ais, context, model, data, &options), context);
        assert_true(ais.lower <= ais.likelihood && ais.se_rows >= ais.se);
        if (ais.trust == NQ_TRUST_AT_LEAST) {
            withheld++;
            nq_ais_free(&ais);
            continue;
        }
        spread_add(&mean, ais.likelihood, ais.se, law);
        spread_add(&row, ais.row_likelihood[0], ais.row_se[0], exact[0]);
        for (size_t r = 0; r < rows; r++)
            covered += fabs(ais.row_likelihood[r] - exact[r]) < 1.96 * ais.row_se[r];
        nq_ais_free(&ais);
    }
    assert_true(withheld <= 2 * SEEDS / 10);
    assert_calibrated("log p", &mean);
    assert_calibrated("log p of a row", &row);
    assert_true(mean.covered > 0.9 * mean.count); /* 95 %, known to 2 */
    assert_true(covered > 0.9 * (double)rows * row.count);
}

static void errors_of_likelihoods_are_their_spread_and_cover(void **state)
{
    enum { POINTS = 12 };
    nq_context *context = context_open(1);
    nq_model *bits = bit_model(context, "6", "0.3"), *line;
    nq_dataset *data = states_dataset(context);
    double points[POINTS];
    double exact[POINTS + STATES];
    (void)state;
    set_random_logits(bits, 9, 0.3);
    bit_law(exact, context, bits);
    for (size_t s = 0; s < STATES; s++)
        exact[s] = log(exact[s]);
    check_ais(bits, context, data, exact, 64);
    nq_dataset_free(data);
    nq_model_free(bits);
    line = line_model(context, "20", "0.01", "x0");
    const double variance = set_line(line, 0.5, 0.99, 1.05);
    for (int r = 0; r < POINTS; r++) {
        points[r] = -1.1 + 0.2 * r;
        exact[r] = log_normal_density(points[r], variance);
    }
    data = dataset_of(context, points, POINTS, 1);
    check_ais(line, context, data, exact, 16);
    check_ais(line, context, data, exact, 64);
    nq_dataset_free(data);
    nq_model_free(line);
    nq_context_free(context);
}

/* Of 8 trajectories: the plain figure is low by half the variance of its weights' mean. */
static void eight_trajectories_have_their_bias_taken_off(void **state)
{
    enum { ROWS = 4000 };
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "20", "0.01", "x0");
    const double variance = set_line(model, 0.5, 0.98, 1.1);
    double *points = malloc(ROWS * sizeof *points);
    const nqi_stream stream = {3, NQI_DRAW_TEST, 0, 0};
    double exact = 0;
    nq_ais ais;
    (void)state;
    assert_non_null(points);
    for (uint64_t r = 0; r < ROWS; r++) {
        points[r] = sqrt(variance) * nqi_stream_normal(&stream, r);
        exact += log_normal_density(points[r], variance) / ROWS;
    }
    nq_dataset *data = dataset_of(context, points, ROWS, 1);
    const nq_ais_options options = {.samples = 8, .seed = 2};
    assert_ok(nq_ais_estimate(&ais, context, model, data, &options), context);
    assert_true(ais.lower < exact - 4 * (ais.se - ais.bias) / 2);
    assert_true(fabs(ais.likelihood - exact) < 0.25 * (exact - ais.lower) + 2 * ais.se);
    assert_true(ais.se < 0.01);
    nq_ais_free(&ais);
    free(points);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

static void outlier_is_flagged_and_spoils_the_mean(void **state)
{
    const double points[6] = {0.1, 40, -0.3, 0.5, 0, 0.2};
    static const size_t samples[] = {16, 64, 1000};
    nq_context *context = context_open(1);
    nq_model *model = line_model(context, "20", "0.0001", "x0");
    nq_dataset *data = dataset_of(context, points, 6, 1);
    const double variance = set_line(model, 0.5, 0.9, 1.1);
    (void)state;
    for (int i = 0; i < 3; i++) {
        nq_ais ais;
        const nq_ais_options options = {.samples = samples[i], .target_se = 1e9, .seed = 1};
        assert_ok(nq_ais_estimate(&ais, context, model, data, &options), context);
        assert_int_equal(ais.row_trust[1], NQ_TRUST_AT_LEAST);
        assert_int_equal(ais.trust, NQ_TRUST_AT_LEAST);
        assert_true(ais.row_lower[1] < log_normal_density(40, variance) + 5);
        assert_close("an outlier's log p", ais.row_likelihood[1],
                     log_normal_density(40, variance), 4 * ais.row_se[1]);
        assert_true(ais.rows_at_least >= 1);
        nq_ais_free(&ais);
    }
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

/* Weights that are equal to rounding are the ideal case, not one of no knowledge. */
static void weights_without_spread_are_trusted(void **state)
{
    double log_w[100];
    nq_pareto shape;
    nq_context *context = context_open(1);
    (void)state;
    for (int i = 0; i < 100; i++)
        log_w[i] = -2 + 1e-9 * sin(i);
    assert_ok(nq_pareto_estimate(&shape, context, log_w, 100), context);
    assert_true(shape.khat == -INFINITY && shape.reliable);
    assert_ok(nq_pareto_estimate(&shape, context, log_w, 20), context);
    assert_true(!shape.reliable);
    nq_context_free(context);
}

/* Extreme rows: the others have the same bits as without them. */
static void impossible_rows_leave_the_others_as_they_are(void **state)
{
    const double with[7] = {0.3, 1e30, 1, -3e38, -0.5, 3e17, 0.1};
    const double without[4] = {0.3, 1, -0.5, 0.1};
    static const size_t kept[4] = {0, 2, 4, 6};
    nq_context *context = context_open(2);
    nq_model *model = line_model(context, "20", "0.01", "x0");
    nq_dataset *all = dataset_of(context, with, 7, 1), *few = dataset_of(context, without, 4, 1);
    const nq_ais_options ais_options = {.samples = 40, .seed = 4};
    char text[400];
    nq_ais a, b;
    (void)state;
    set_line(model, 0.5, 0.97, 1.1);
    for (int each = 0; each < 2; each++) {
        nq_bound x = bound_of(context, model, all, 512, 3, each);
        nq_bound y = bound_of(context, model, few, 512, 3, each);
        assert_int_equal(x.all_rows, 7);
        assert_int_equal(x.rows, 4);
        assert_int_equal(x.impossible, 3);
        assert_memory_equal(&x.bound, &y.bound, sizeof x.bound);
        assert_memory_equal(&x.se, &y.se, sizeof x.se);
        for (int i = 0; i < 4; i++)
            assert_memory_equal(&x.row_bound[kept[i]], &y.row_bound[i], sizeof(double));
        for (int i = 0; i < 3; i++) {
            assert_int_equal(x.faults[i].row, 2 * i + 1);
            assert_true(x.row_bound[2 * i + 1] == -INFINITY);
        }
        nq_row_fault_describe(text, sizeof text, model, &x.faults[0]);
        assert_non_null(strstr(text, "row 2, column 1"));
        nq_bound_free(&x);
        nq_bound_free(&y);
    }
    assert_ok(nq_ais_estimate(&a, context, model, all, &ais_options), context);
    assert_ok(nq_ais_estimate(&b, context, model, few, &ais_options), context);
    assert_int_equal(a.all_rows, 7);
    assert_memory_equal(&a.likelihood, &b.likelihood, sizeof a.likelihood);
    for (int i = 0; i < 4; i++)
        assert_memory_equal(&a.row_likelihood[kept[i]], &b.row_likelihood[i], sizeof(double));
    nq_ais_free(&a);
    nq_ais_free(&b);
    nq_dataset_free(all);
    nq_dataset_free(few);
    nq_model_free(model);
    nq_context_free(context);
}

/* A value that is no bit; and a file of nothing but impossible rows. */
static void what_is_no_bit_is_impossible(void **state)
{
    const double rows[9] = {0, 1, 0, 0, 2, 1, 1, 1, 1};
    nq_context *context = context_open(1);
    nq_model *model = bit_model(context, "6", "0.3");
    nq_dataset *data = dataset_of(context, rows, 3, 3),
               *bad = dataset_of(context, rows + 3, 1, 3);
    (void)state;
    nq_bound b = bound_of(context, model, data, 16, 1, 0);
    assert_int_equal(b.impossible, 1);
    assert_int_equal(b.faults[0].kind, NQ_FAULT_BIT);
    assert_int_equal(b.faults[0].column, 1);
    assert_true(isfinite(b.bound) && b.row_bound[1] == -INFINITY);
    nq_bound_free(&b);
    b = bound_of(context, model, bad, 16, 1, 0);
    assert_int_equal(b.rows, 0);
    assert_true(isnan(b.bound) && b.row_bound[0] == -INFINITY);
    nq_bound_free(&b);
    nq_dataset_free(bad);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
}

/* From eight filters on an error is given, and it is the spread over seeds. */
static void error_of_the_evidence_needs_eight_filters(void **state)
{
    const double y = 0.8, sigma = 0.5;
    nq_context *context = context_open(1);
    nq_model *model = line_model(context, "5", "1e-3", "x0");
    nq_evidence *evidence;
    spread s = {0};
    (void)state;
    set_line(model, 0.25, 1, 1);
    assert_ok(nq_evidence_gaussian(&evidence, context, model, &y, &sigma, 1), context);
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        for (size_t filters = 7; filters <= 16; filters += 9) {
            nq_posterior p;
            const nq_posterior_options options = {.twist = "annealed",
                                                  .draws = 8 * filters,
                                                  .particles = 16,
                                                  .seed = seed};
            assert_ok(nq_posterior_sample(&p, context, model, evidence, &options), context);
            if (filters < 8)
                assert_true(isnan(p.log_evidence_se[0]));
            else
                spread_add(&s, p.log_evidence[0], p.log_evidence_se[0], 0);
            nq_posterior_free(&p);
        }
    assert_calibrated("log evidence", &s);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_context_free(context);
}

static void error_of_a_parzen_estimate_is_that_of_its_samples(void **state)
{
    nq_context *context = context_open(1);
    nq_dataset *rows = dataset_made(context, "gaussian", 300, 2, 1);
    const nq_parzen_options options = {.width = 0.3};
    spread s = {0};
    (void)state;
    for (uint64_t seed = 2; seed < 2 + SEEDS; seed++) {
        nq_dataset *samples = dataset_made(context, "gaussian", 400, 2, seed);
        nq_parzen parzen;
        assert_ok(nq_parzen_estimate(&parzen, context, samples, rows, NULL, &options), context);
        spread_add(&s, parzen.likelihood, parzen.se_samples, 0);
        nq_dataset_free(samples);
    }
    assert_calibrated("Parzen", &s);
    nq_dataset_free(rows);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_bounds_are_their_spread),
        cmocka_unit_test(error_of_a_bound_counts_the_noise_of_whole_numbers),
        cmocka_unit_test(errors_of_likelihoods_are_their_spread_and_cover),
        cmocka_unit_test(eight_trajectories_have_their_bias_taken_off),
        cmocka_unit_test(outlier_is_flagged_and_spoils_the_mean),
        cmocka_unit_test(weights_without_spread_are_trusted),
        cmocka_unit_test(impossible_rows_leave_the_others_as_they_are),
        cmocka_unit_test(what_is_no_bit_is_impossible),
        cmocka_unit_test(error_of_the_evidence_needs_eight_filters),
        cmocka_unit_test(error_of_a_parzen_estimate_is_that_of_its_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
