/* test_steps_f64.c - chains of fewer steps than were trained: all of them are the model, K is below
 * the log likelihood of the chain, which trajectories find, and the best times are found. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "inside.h"
#include "math/by_hand.h"

#include <noneq/likelihood.h>
#include <noneq/sample.h>

#include "model/ladder/ladder.h"

enum { STEPS = 40 };
static const double variance_of_data = 0.6, log_two_pi = 1.83787706640934548356;

/* One number, linear reverse steps, which are the best ones for rows N(0, s2). */
static nq_model *model_make(nq_context *context, const char *form, const char *learn_last)
{
    const setting settings[] = {{"kernel", "gaussian"},  {"regressor", "rbf"},
                                {"hidden", "1"},         {"steps", "40"},
                                {"schedule", "log-snr"}, {"beta_1", "0.01"},
                                {"scale", "none"},       {"learn_last", learn_last},
                                {"variance_form", form}, {NULL, NULL}};
    const double rows[2] = {-1, 1};
    nq_dataset *data = dataset_of(context, rows, 2, 1);
    nq_model *model = model_of(context, data, settings);
    const nqi_process *p = &model->process;
    const nq_schedule *s = &p->schedule;
    for (size_t t = 1; t <= STEPS; t++) {
        const nqi_gaussian_step *step = gaussian_step(p, t);
        const double ratio =
            line_marginal(s, t - 1, variance_of_data) / line_marginal(s, t, variance_of_data);
        const double beta = s->beta[t - 1], c = beta * ratio;
        const double v = t > 1 ? exp(s->log_v[t - 1]) : 0;
        model_param(model, "readout.weight", t)[1] =
            sqrt(1 - beta) * (ratio - 1) / (step->cs * step->gain);
        model_param(model, "readout.bias", t)[1] =
            nqi_gaussian_of(&p->blocks[0])->belief
                ? log((c - v) / (step->cs * step->cs))
                : log(c) - log1p(-c) - log(beta) + log1p(-beta);
    }
    nq_dataset_free(data);
    return model;
}

/* What the best network leaves of x_0 at each time. */
static void measure_exactly(nq_context *context, nq_model *model)
{
    const nq_schedule *s = &model->process.schedule;
    assert_ok(nqi_ladder_of(&model->ladder, context, STEPS, STEPS, 1), context);
    for (size_t k = 0; k < STEPS; k++) {
        const double keep = s->alpha_bar[k];
        model->ladder.residual[k] =
            variance_of_data / (keep * variance_of_data + s->one_minus_alpha_bar[k]);
        for (size_t from = 0; from <= k; from++)
            *nqi_ladder_cost(&model->ladder, from, k + 1) =
                (double)((k + 1 - from) * (k + 1 - from));
    }
    nqi_model_take_ladder(model);
}

/* Variance of x_0 under a chain, by its own steps: mean and variance are linear in x_t. */
static double variance_under(nq_context *context, const nq_model *model)
{
    const nqi_process *p = &model->process;
    nqi_batch batch;
    double all = 1;
    assert_ok(nqi_batch_new(&batch, context, p, &model->regressor.graph, context->ops, NQI_LANES,
                            NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    for (size_t t = p->schedule.steps; t > 0; t--) {
        nqi_real mean[NQI_LANES], variance[NQI_LANES];
        for (size_t r = 0; r < NQI_LANES; r++)
            nqi_batch_x_t(&batch)[r] = r ? 1 : 0;
        batch.tape.time[0] = (uint32_t)t;
        nqi_batch_forward(p, &batch);
        nqi_batch_moments(p, &batch, 0, mean, variance);
        all = (mean[1] - mean[0]) * (mean[1] - mean[0]) * all + variance[0];
    }
    nqi_batch_free(&batch);
    return all;
}

static void check_chain(nq_context *context, const nq_model *model, const nq_dataset *data,
                        size_t steps, double x, double *before)
{
    nq_model *made;
    nq_bound bound;
    nq_ais ais;
    const nq_bound_options options = {.terms = 20000, .seed = 5, .steps = steps};
    const nq_ais_options likely = {.samples = 4000, .seed = 6, .steps = steps};
    assert_ok(nq_model_shorten(&made, context, model, steps), context);
    assert_int_equal(nq_model_steps(made), steps);
    const double variance = variance_under(context, made);
    const double log_p = -0.5 * (log_two_pi + log(variance) + x * x / variance);
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    assert_ok(nq_ais_estimate(&ais, context, model, data, &likely), context);
    assert_int_equal(bound.steps, steps);
    assert_true(bound.bound < log_p + 5 * bound.se);
    assert_close("value", ais.likelihood, log_p, 5 * ais.se + 1e-3);
    assert_close("value", ais.mean_log_weight, bound.bound, 5 * bound.se + 0.01);
    assert_true(bound.bound < *before + 5 * bound.se + 1e-6);
    *before = bound.bound;
    nq_bound_free(&bound);
    nq_ais_free(&ais);
    nq_model_free(made);
}

/* Fewer steps lose, and what they give is exact for them. */
static void short_chains_are_diffusions(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    for (int which = 0; which < 4; which++) {
        nq_model *model =
            model_make(context, which & 1 ? "belief" : "free", which & 2 ? "1" : "0");
        const double x = 0.7;
        double before = INFINITY;
        nq_dataset *data = dataset_of(context, &x, 1, 1);
        measure_exactly(context, model);
        for (size_t steps = STEPS; steps > 2; steps /= 3)
            check_chain(context, model, data, steps, x, &before);
        nq_dataset_free(data);
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* Bit for bit, by the same code as shorter ones. */
static void all_steps_are_the_model(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = model_make(context, "free", "0"), *made;
    const double x = 0.7;
    double own[64], other[64];
    nq_bound a, b;
    nq_dataset *data = dataset_of(context, &x, 1, 1);
    const nq_bound_options options = {.terms = 400, .seed = 5};
    const nq_sample_options draws = {.rows = 64, .seed = 2};
    assert_ok(nq_model_shorten(&made, context, model, STEPS), context);
    assert_ok(nq_bound_estimate(&a, context, model, data, &options), context);
    assert_ok(nq_bound_estimate(&b, context, made, data, &options), context);
    assert_memory_equal(&a.bound, &b.bound, sizeof a.bound);
    assert_memory_equal(a.kl, b.kl, STEPS * sizeof *a.kl);
    assert_ok(nq_sample(own, context, model, &draws), context);
    assert_ok(nq_sample(other, context, made, &draws), context);
    assert_memory_equal(own, other, sizeof own);
    nq_bound_free(&a);
    nq_bound_free(&b);
    nq_dataset_free(data);
    nq_model_free(made);
    nq_model_free(model);
    nq_context_free(context);
}

static void what_cannot_be_shortened_is_refused(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = model_make(context, "free", "0"), *made;
    assert_int_equal(nq_model_shorten(&made, context, model, 8), NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "variance_form free"));
    measure_exactly(context, model);
    assert_int_equal(nq_model_shorten(&made, context, model, STEPS + 1), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_model_shorten(&made, context, model, 1), NQ_ERROR_ARGUMENT);
    assert_int_equal(nq_model_shorten(&made, context, model, 0), NQ_ERROR_ARGUMENT);
    assert_ok(nq_model_shorten(&made, context, model, 8), context);
    assert_int_equal(nq_model_save("never.nq", context, made), NQ_ERROR_UNSUPPORTED);
    nq_model_free(made);
    nq_model_free(model);
    nq_context_free(context);
}

/* Of all subsets. */
static double least_of_all(const nqi_ladder *ladder, size_t steps)
{
    const size_t count = ladder->count;
    double least = INFINITY;
    for (size_t set = 0; set < (size_t)1 << (count - 1); set++) {
        double sum = 0;
        size_t from = 0, taken = 1;
        for (size_t k = 1; k < count; k++)
            if (set >> (k - 1) & 1) {
                sum += *nqi_ladder_cost(ladder, from, k);
                from = k;
                taken++;
            }
        sum += *nqi_ladder_cost(ladder, from, count);
        if (taken == steps && sum < least)
            least = sum;
    }
    return least;
}

static void the_best_times_are_found(void **state)
{
    enum { TIMES = 9 };
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = model_make(context, "belief", "1");
    nqi_ladder ladder;
    uint32_t time[TIMES + 1];
    assert_ok(nqi_ladder_of(&ladder, context, STEPS, TIMES, 0), context);
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    for (size_t j = 0; j < TIMES * (TIMES + 1) / 2; j++)
        ladder.cost[j] = nqi_stream_uniform(&stream, j);
    for (size_t steps = 1; steps <= TIMES; steps++) {
        double cost;
        assert_ok(nqi_ladder_times(time, &cost, context, &ladder, &model->process, steps),
                  context);
        assert_close("value", cost, least_of_all(&ladder, steps), 1e-12);
        assert_int_equal(time[0], 0);
        assert_int_equal(time[steps], STEPS);
        for (size_t k = 0; k < steps; k++)
            assert_true(time[k] < time[k + 1]);
    }
    nqi_ladder_free(&ladder);
    nq_model_free(model);
    nq_context_free(context);
}

/* E KL by its definition. */
static double cost_by_hand(const nqi_jump *jump, const double *pi, const double *rho,
                           size_t levels, size_t now)
{
    double q[8][8], p[8] = {0}, sum = 0;
    for (size_t i = 0; i < levels; i++) {
        double all = 0;
        for (size_t k = 0; k < levels; k++) {
            q[i][k] = (jump->alpha * (double)(k == now) + jump->beta * pi[now]) *
                      (jump->before * (double)(k == i) + jump->lost * pi[k]);
            all += q[i][k];
        }
        for (size_t k = 0; k < levels; k++) {
            q[i][k] /= all;
            p[k] += rho[i] * q[i][k];
        }
    }
    for (size_t i = 0; i < levels; i++)
        for (size_t k = 0; k < levels; k++)
            sum += rho[i] * q[i][k] * log(q[i][k] / p[k]);
    return sum;
}

static void a_jump_of_levels_costs_what_it_is_defined_by(void **state)
{
    const double pi[4] = {0.1, 0.2, 0.3, 0.4}, rho[4] = {0.7, 0.05, 0.2, 0.05};
    const double keep[3] = {0.3, 0.001, 0.2}, before[3] = {0.31, 0.9, 0.6};
    (void)state;
    for (size_t j = 0; j < 3; j++)
        for (size_t now = 0; now < 4; now++) {
            const nqi_jump jump = {.alpha = keep[j] / before[j],
                                   .beta = 1 - keep[j] / before[j],
                                   .before = before[j],
                                   .lost = 1 - before[j],
                                   .keep = keep[j],
                                   .forget = 1 - keep[j]};
            assert_close("value", nqi_jump_levels(&jump, pi, rho, 1, 4, now),
                         cost_by_hand(&jump, pi, rho, 4, now), 1e-12);
        }
    const nqi_jump last = {.before = 1, .keep = 0.3, .forget = 0.7, .alpha = 0.3, .beta = 0.7};
    double entropy = 0;
    for (size_t k = 0; k < 4; k++)
        entropy -= rho[k] * log(rho[k]);
    assert_close("value", nqi_jump_levels(&last, pi, rho, 1, 4, 2), entropy, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_chains_are_diffusions),
        cmocka_unit_test(all_steps_are_the_model),
        cmocka_unit_test(what_cannot_be_shortened_is_refused),
        cmocka_unit_test(the_best_times_are_found),
        cmocka_unit_test(a_jump_of_levels_costs_what_it_is_defined_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
