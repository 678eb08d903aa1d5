/* test_belief_f64.c - real numbers whose variance output is a belief about x_0: the untrained model
 * is pi, exact chains are those of the free form, and all that is said of a step agrees. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "inside.h"
#include "math/by_hand.h"

static const double log_two_pi = 1.83787706640934548356;

/* One number, linear reverse steps. */
static nq_model *model_make(nq_context *context, const char *variance_form, const char *mean_form,
                            const char *learn_last, const char *steps, const char *beta_1)
{
    const setting settings[] = {{"kernel", "gaussian"},
                                {"regressor", "rbf"},
                                {"hidden", "1"},
                                {"steps", steps},
                                {"schedule", "log-snr"},
                                {"beta_1", beta_1},
                                {"scale", "none"},
                                {"mean_form", mean_form},
                                {"learn_last", learn_last},
                                {"alpha_bar_last", "1e-4"},
                                {"variance_form", variance_form},
                                {NULL, NULL}};
    const double rows[2] = {-1, 1};
    nq_dataset *data = dataset_of(context, rows, 2, 1);
    nq_model *model = model_of(context, data, settings);
    nq_dataset_free(data);
    return model;
}

/* p(x_{t-1} | x_t) = N(a x_t, c), in either form. */
static void set_step(nq_model *model, size_t t, double a, double c)
{
    const nqi_process *p = &model->process;
    const nqi_gaussian_step *step = gaussian_step(p, t);
    const double beta = p->schedule.beta[t - 1], v = t > 1 ? exp(p->schedule.log_v[t - 1]) : 0;
    const double z = nqi_gaussian_of(&p->blocks[0])->belief
                         ? log((c - v) / (step->cs * step->cs))
                         : log(c) - log1p(-c) - log(beta) + log1p(-beta);
    model_param(model, "readout.weight", t)[1] = (a - sqrt(1 - beta)) / (step->cs * step->gain);
    model_param(model, "readout.bias", t)[1] = z;
}

/* The best steps for rows N(0, s2). */
static void set_exact(nq_model *model, double s2)
{
    const nq_schedule *s = &model->process.schedule;
    for (size_t t = s->steps; t >= model->process.first_learned; t--) {
        const double ratio = line_marginal(s, t - 1, s2) / line_marginal(s, t, s2);
        set_step(model, t, sqrt(1 - s->beta[t - 1]) * ratio, s->beta[t - 1] * ratio);
    }
}

static nqi_batch batch_of(nq_context *context, const nq_model *model)
{
    nqi_batch batch;
    assert_ok(nqi_batch_new(&batch, context, &model->process, &model->regressor.graph,
                            context->ops, NQI_LANES, NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    return batch;
}

/* K of a row, exactly: divergences are quadratic in the noise, here +-1. */
static double bound(nq_context *context, const nq_model *model, double x_0)
{
    const nqi_process *p = &model->process;
    nqi_batch batch = batch_of(context, model);
    for (size_t r = 0; r < NQI_LANES; r++) {
        batch.x_0[r] = x_0;
        batch.noise[r] = r & 1 ? 1 : -1;
    }
    double sum = nqi_process_entropy_given_data(p, batch.x_0, 1, p->schedule.steps) -
                 nqi_process_entropy_first(p, batch.x_0, 1) - nqi_process_entropy_prior(p) +
                 nqi_process_edge(p, batch.x_0, 1);
    for (size_t t = p->first_learned; t <= p->schedule.steps; t++) {
        batch.tape.time[0] = (uint32_t)t;
        nqi_batch_corrupt(p, &batch, 0);
        nqi_tape_forward(&batch.tape);
        nqi_batch_divergence(p, &batch, 0, 1, 0);
        sum -= 0.5 * (batch.kl[0] + batch.kl[1]);
    }
    nqi_batch_free(&batch);
    return sum;
}

static void untrained_belief_scores_like_noise_row_by_row(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const char *const forms[] = {"x0", "forward"}, *const last[] = {"0", "1"};
    const char *const first[] = {"0.003", "1e-9"};
    for (int k = 0; k < 8; k++) {
        nq_model *model =
            model_make(context, "belief", forms[k & 1], last[k >> 1 & 1], "25", first[k >> 2]);
        for (double x = -3; x <= 3; x += 0.5)
            assert_close("K", bound(context, model, x), -0.5 * (x * x + log_two_pi), 1e-9);
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void exact_chains_of_both_forms_have_the_same_bound(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    for (int last = 0; last < 2; last++)
        for (double s2 = 0.1; s2 < 2; s2 *= 3) {
            const char *learn = last ? "1" : "0";
            nq_model *free_form = model_make(context, "free", "x0", learn, "40", "0.01");
            nq_model *belief = model_make(context, "belief", "x0", learn, "40", "0.01");
            set_exact(free_form, s2);
            set_exact(belief, s2);
            for (double x = -1; x <= 2; x++)
                assert_close("K", bound(context, belief, x), bound(context, free_form, x),
                             last ? 1e-7 : 1e-10);
            nq_model_free(free_form);
            nq_model_free(belief);
        }
    nq_context_free(context);
}

/* One normal number: each exact step is normal and nothing is lost but what x_T keeps. */
static void bound_of_exact_steps_is_the_log_density(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const double s2 = 0.3;
    const char *const steps[] = {"4", "10", "100", "1000"};
    for (int i = 0; i < 4; i++) {
        nq_model *model = model_make(context, "belief", "x0", "1", steps[i], "1e-4");
        set_exact(model, s2);
        for (double x = -1; x < 2; x += 0.4)
            assert_close("K", bound(context, model, x),
                         -0.5 * (log_two_pi + log(s2) + x * x / s2), 1e-7);
        nq_model_free(model);
    }
    nq_context_free(context);
}

static double log_normal(double x, double mean, double variance)
{
    return -0.5 * (log_two_pi + log(variance) + (x - mean) * (x - mean) / variance);
}

/* At every step: S = v + c^2 V by its definition; the sampler's, the trajectory's and the
 * divergence's S are that; and the outputs of a mean and V of x_0 give them back. */
static void check_step(nq_context *context, nq_model *model, size_t t, double z)
{
    const nqi_process *p = &model->process;
    const nq_schedule *s = &p->schedule;
    nqi_batch batch = batch_of(context, model);
    nqi_real mean[NQI_LANES], variance[NQI_LANES], output[2 * NQI_LANES];
    model_param(model, "readout.bias", t)[1] = z;
    model_param(model, "readout.weight", t)[1] = 0.2;
    batch.tape.time[0] = (uint32_t)t;
    for (size_t r = 0; r < NQI_LANES; r++) {
        batch.noise[r] = r & 1 ? 1 : -1;
        nqi_batch_x_t(&batch)[r] = 0.1 * (double)(r / 2);
    }
    nqi_tape_forward(&batch.tape);
    nqi_batch_moments(p, &batch, 0, mean, variance);
    const double beta = s->beta[t - 1], after = s->one_minus_alpha_bar[t - 1];
    const double before = t > 1 ? s->alpha_bar[t - 2] : 1, c = sqrt(before) * beta / after;
    const double v = t > 1 ? exp(s->log_v[t - 1]) : 0, held = fmax(-12, fmin(12, z));
    const double belief = after * exp(held), want = v + c * c * belief;
    double log_w[NQI_LANES] = {0}, now[NQI_LANES], next[NQI_LANES];
    for (size_t r = 0; r < NQI_LANES; r++) {
        now[r] = 0.3;
        next[r] = nqi_batch_x_t(&batch)[r];
        assert_close("variance", variance[r] / want, 1, 1e-12);
    }
    nqi_batch_log_ratio(p, &batch, log_w, now, next);
    for (size_t r = 0; r < NQI_LANES; r++) {
        const double log_q = log_normal(next[r], sqrt(1 - beta) * now[r], beta);
        const double log_p = log_normal(now[r], mean[r], variance[r]);
        assert_close("log ratio", log_w[r], log_p - log_q, 1e-9 * (1 + fabs(log_p)));
    }
    nqi_rows rows = nqi_batch_rows(&batch, &p->blocks[0], 0, NQI_LANES);
    nqi_real x_0[NQI_LANES], spread[NQI_LANES];
    for (size_t r = 0; r < NQI_LANES; r++) {
        x_0[r] = (mean[r] - next[r] * sqrt(1 - beta) *
                                (t > 1 ? s->one_minus_alpha_bar[t - 2] : 0) / after) /
                 c;
        spread[r] = belief;
    }
    p->blocks[0].family->steps->outputs(&p->blocks[0], &rows, x_0, spread, output);
    for (size_t r = 0; r < NQI_LANES; r++) {
        assert_close("z again", output[r], nqi_batch_output(&batch)[r], 1e-9);
        assert_close("variance output again", output[rows.ld + r], held, 1e-9);
    }
    nqi_batch_reverse(p, &batch, 0);
    for (size_t r = 0; r < NQI_LANES; r++)
        assert_close("draw", nqi_batch_x_t(&batch)[r],
                     mean[r] + (r & 1 ? 1 : -1) * sqrt(variance[r]), 1e-12);
    nqi_batch_free(&batch);
}

static void all_that_is_said_of_a_step_agrees(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const char *const forms[] = {"x0", "forward"};
    const double z[] = {0, -3, 2, -40, 40};
    for (int k = 0; k < 2; k++) {
        nq_model *model = model_make(context, "belief", forms[k], "1", "12", "1e-5");
        for (size_t t = 1; t <= 12; t++)
            check_step(context, model, t, z[t % 5]);
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* p(x_0 | x_1) = N(mean, V): the divergence at t = 1 and its entropy are -log p(x_0 | x_1). */
static void last_step_is_the_belief_itself(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = model_make(context, "belief", "x0", "1", "9", "1e-3");
    const nqi_process *p = &model->process;
    const double beta = p->schedule.beta[0];
    for (double z = -12; z <= 12; z += 4) {
        nqi_batch batch = batch_of(context, model);
        nqi_real mean[NQI_LANES], variance[NQI_LANES];
        model_param(model, "readout.bias", 1)[1] = z;
        for (size_t r = 0; r < NQI_LANES; r++) {
            batch.x_0[r] = 0.7;
            batch.noise[r] = -1 + 0.2 * (double)r;
        }
        batch.tape.time[0] = 1;
        nqi_batch_corrupt(p, &batch, 0);
        nqi_tape_forward(&batch.tape);
        nqi_batch_divergence(p, &batch, 0, 1, 0);
        nqi_batch_moments(p, &batch, 0, mean, variance);
        for (size_t r = 0; r < NQI_LANES; r++) {
            const double cost = batch.kl[r] + nqi_process_entropy_first(p, batch.x_0, 1);
            const double want = -log_normal(0.7, mean[r], beta * exp(z));
            assert_close("variance", variance[r] / (beta * exp(z)), 1, 1e-12);
            assert_close("-log p", cost, want, 1e-9 * (1 + fabs(want)));
        }
        nqi_batch_free(&batch);
    }
    nq_model_free(model);
    nq_context_free(context);
}

static void an_unknown_variance_form_is_refused(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const setting settings[] = {{"kernel", "gaussian"},
                                {"variance_form", "beleif"},
                                {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    const double rows[4] = {-1, 1, 0.5, 2};
    nq_dataset *data = dataset_of(context, rows, 4, 1);
    nq_model *model = NULL;
    assert_int_equal(nq_model_new(&model, context, data, &options), NQ_ERROR_ARGUMENT);
    assert_non_null(strstr(nq_context_message(context), "free or belief"));
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_belief_scores_like_noise_row_by_row),
        cmocka_unit_test(exact_chains_of_both_forms_have_the_same_bound),
        cmocka_unit_test(bound_of_exact_steps_is_the_log_density),
        cmocka_unit_test(all_that_is_said_of_a_step_agrees),
        cmocka_unit_test(last_step_is_the_belief_itself),
        cmocka_unit_test(an_unknown_variance_form_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
