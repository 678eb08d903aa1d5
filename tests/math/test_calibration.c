/* test_calibration.c - simulation-based calibration: the true value's rank among posterior draws is
 * uniform (Talts et al. 2018), for rows that the model itself made. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/posterior_test.h"

enum { TRUTHS = 1000, DRAWN = 19, BINS = 10 };

/* Chi-square of BINS - 1 = 9 degrees of freedom: 27.88 is exceeded once in 1000. */
static void assert_uniform(const size_t *ranks)
{
    size_t count[BINS] = {0};
    double sum = 0;
    const double each = (double)TRUTHS / BINS;
    for (size_t r = 0; r < TRUTHS; r++)
        count[ranks[r] * BINS / (DRAWN + 1)]++;
    for (size_t b = 0; b < BINS; b++)
        sum += ((double)count[b] - each) * ((double)count[b] - each) / each;
    if (sum > 27.88)
        fail_msg("chi-square of the ranks is %.1f: expected at most 27.88", sum);
}

/* Rank of the truth; ties are broken by a coin that knows neither. */
static size_t rank_of(double truth, const double *draws, const nqi_stream *coins, size_t r)
{
    size_t below = 0, same = 0;
    for (size_t d = 0; d < DRAWN; d++) {
        below += draws[d] < truth;
        same += draws[d] == truth;
    }
    return below + (same ? (size_t)nqi_stream_below(coins, r, same + 1) : 0);
}

static double *truths(nq_context *context, const nq_model *model)
{
    const nq_sample_options options = {.rows = TRUTHS, .seed = 5};
    double *out = malloc(TRUTHS * nq_model_columns(model) * sizeof *out);
    assert_non_null(out);
    assert_ok(nq_sample(out, context, model, &options), context);
    return out;
}

/* A number of a row that tells rows apart. */
static double statistic(const double *row, size_t columns)
{
    double sum = 0;
    for (size_t c = 0; c < columns; c++)
        sum += (double)row[c] * (double)(c + 1);
    return sum;
}

static void assert_calibrated(nq_context *context, const nq_model *model, const double *truth,
                              const nq_evidence *evidence)
{
    const size_t columns = nq_model_columns(model);
    const nqi_stream coins = {3, NQI_DRAW_TEST, 0, 0};
    size_t ranks[TRUTHS];
    double values[DRAWN];
    nq_posterior p = posterior_of(context, model, evidence,
                                  (posterior_call){.draws = DRAWN, .particles = 128, .seed = 11});
    for (size_t r = 0; r < TRUTHS; r++) {
        for (size_t d = 0; d < DRAWN; d++)
            values[d] = statistic(p.samples + (r * DRAWN + d) * columns, columns);
        ranks[r] = rank_of(statistic(truth + r * columns, columns), values, &coins, r);
    }
    assert_uniform(ranks);
    nq_posterior_free(&p);
}

static void draws_of_a_swiss_roll_are_calibrated(void **state)
{
    const setting of_model[] = {{"regressor", "mlp"},
                                {"hidden", "32,32"},
                                {"steps", "30"},
                                {"beta_1", "1e-3"},
                                {NULL, NULL}};
    const setting of_train[] = {{"updates", "600"}, {"batch", "512"}, {NULL, NULL}};
    const double sigma[2] = {0.3, 0.3};
    nq_context *context = context_open(2);
    nq_dataset *data = dataset_made(context, "swissroll", 4000, 0, 2);
    const nq_model_options model_choice = model_options(of_model);
    const nq_train_options train_choice = train_options(of_train);
    const nqi_stream noise = {9, NQI_DRAW_TEST, 0, 0};
    const nq_model *model;
    nq_trainer *trainer;
    nq_train_state at;
    nq_evidence *evidence;
    (void)state;
    assert_ok(nq_trainer_new(&trainer, context, data, NULL, &model_choice, &train_choice),
              context);
    do {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&at, trainer);
    } while (!at.done);
    assert_ok(nq_trainer_model(&model, trainer), context);
    double *truth = truths(context, model), y[2 * TRUTHS];
    for (size_t j = 0; j < 2 * TRUTHS; j++)
        y[j] = (double)((double)truth[j] + 0.3 * nqi_stream_normal(&noise, j));
    assert_ok(nq_evidence_gaussian(&evidence, context, model, y, sigma, TRUTHS), context);
    assert_calibrated(context, model, truth, evidence);
    nq_evidence_free(evidence);
    for (size_t r = 0; r < TRUTHS; r++) { /* and with one cell of two known */
        y[2 * r] = truth[2 * r];
        y[2 * r + 1] = NAN;
    }
    assert_ok(nq_evidence_clamp(&evidence, context, model, y, TRUTHS), context);
    assert_calibrated(context, model, truth, evidence);
    nq_evidence_free(evidence);
    free(truth);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void draws_of_bits_are_calibrated(void **state)
{
    nq_context *context = context_open(2);
    nq_model *model = bit_model(context, "6", "0.4");
    const nqi_stream coins = {8, NQI_DRAW_TEST, 0, 0};
    nq_evidence *evidence;
    double d[BITS * TRUTHS];
    (void)state;
    set_random_logits(model, 3, 1.5);
    double *truth = truths(context, model);
    for (size_t j = 0; j < BITS * TRUTHS; j++) { /* each bit is read wrongly once in five times */
        const int wrong = nqi_stream_uniform(&coins, j) < 0.2;
        d[j] = (double)((truth[j] > 0) != wrong ? 0.8 : 0.2);
    }
    assert_ok(nq_evidence_bernoulli(&evidence, context, model, d, TRUTHS), context);
    assert_calibrated(context, model, truth, evidence);
    nq_evidence_free(evidence);
    free(truth);
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_of_a_swiss_roll_are_calibrated),
        cmocka_unit_test(draws_of_bits_are_calibrated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
