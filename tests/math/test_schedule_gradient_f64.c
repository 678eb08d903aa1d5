/* test_schedule_gradient_f64.c - dK/dbeta and dK/dtheta with frozen noise against differences. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"
#include "train/learn/schedule_learner.h"

enum { STEPS = 7, ROWS = 32, VALID = 27, DIM = 2 };

/* Rows and noise that stay as they are while the schedule changes. */
typedef struct problem {
    nq_context *context;
    nq_model *model;
    nqi_batch batch;
    double *dense_grad, *bank_grad;
    nqi_step_gradient sums[STEPS];
} problem;

static void problem_open(problem *p, const char *regressor, const char *readout,
                         const char *mean_form, const char *variance_form)
{
    const setting settings[] = {
        {"kernel", "gaussian"},           {"regressor", regressor}, {"readout", readout},
        {"activation", "tanh"},           {"hidden", "4"},          {"mean_form", mean_form},
        {"variance_form", variance_form}, {"steps", "7"},           {"beta_1", "0.01"},
        {"alpha_bar_last", "0.05"},       {"schedule", "log-snr"},  {NULL, NULL}};
    const nqi_stream stream = {3, NQI_DRAW_TEST, 0, 0};
    memset(p, 0, sizeof *p);
    p->context = context_open(1);
    nq_dataset *data = dataset_made(p->context, "swissroll", 100, 0, 1);
    p->model = model_of(p->context, data, settings);
    nq_dataset_free(data);
    assert_ok(nqi_batch_new(&p->batch, p->context, &p->model->process, &p->model->regressor.graph,
                            p->context->ops, ROWS, ROWS, 2),
              p->context);
    const size_t count = nq_model_parameters(p->model);
    for (size_t i = 0; i < count; i++)
        p->model->regressor.params[i] += 0.3 * nqi_stream_normal(&stream, i);
    p->dense_grad = nqi_aligned_new(count, sizeof *p->dense_grad);
    p->bank_grad = nqi_aligned_new(p->model->regressor.graph.bank_size + 1, sizeof *p->bank_grad);
    assert_non_null(p->dense_grad);
    assert_non_null(p->bank_grad);
    p->batch.tape.params = p->model->regressor.params;
    p->batch.tape.dense_grad = p->dense_grad;
    p->batch.tape.bank_grad = p->bank_grad;
    p->batch.valid_rows = VALID;
    for (size_t i = 0; i < DIM * ROWS; i++)
        p->batch.x_0[i] = nqi_stream_normal(&stream, 10000 + i);
}

static void problem_close(problem *p)
{
    nqi_aligned_free(p->dense_grad);
    nqi_aligned_free(p->bank_grad);
    nqi_batch_free(&p->batch);
    nq_model_free(p->model);
    nq_context_free(p->context);
}

/* K per row, the mean over the valid ones, without the edge term ([SD15] eq. 14), with step t's
 * noise keyed by t. gradient: fills sums. */
static double frozen_bound(problem *p, int gradient)
{
    const nqi_process *process = &p->model->process;
    double bound = nqi_process_entropy_given_data(process, p->batch.x_0, ROWS, STEPS) -
                   nqi_process_entropy_given_data(process, p->batch.x_0, ROWS, 1) -
                   nqi_process_entropy_prior(process);
    memset(p->sums, 0, sizeof p->sums);
    for (uint32_t t = 2; t <= STEPS; t++) {
        const nqi_stream noise = {8, NQI_DRAW_TEST, t, 0};
        p->batch.tape.time[0] = t;
        nqi_batch_score(process, &p->batch, &noise, 1.0 / VALID, gradient);
        if (gradient)
            nqi_batch_add_rates(process, &p->batch, 0, &p->sums[t - 1]);
        for (size_t r = 0; r < VALID; r++)
            bound -= p->batch.kl[r] / VALID;
    }
    return bound;
}

static double bound_at(problem *p, const double *beta)
{
    assert_ok(nqi_process_reschedule(&p->model->process, p->context, beta), p->context);
    return frozen_bound(p, 0);
}

static void check_rates(const char *regressor, const char *readout, const char *mean_form,
                        const char *variance_form)
{
    problem p;
    double beta[STEPS], slope[STEPS];
    problem_open(&p, regressor, readout, mean_form, variance_form);
    memcpy(beta, p.model->process.schedule.beta, sizeof beta);
    frozen_bound(&p, 1);
    nqi_schedule_gradient(slope, &p.model->process, p.sums);
    for (size_t i = 0; i < STEPS; i++) {
        const double kept = beta[i], h = 1e-5 * kept;
        beta[i] = kept + h;
        const double above = bound_at(&p, beta);
        beta[i] = kept - h;
        const double below = bound_at(&p, beta);
        beta[i] = kept;
        const double expected = (above - below) / (2 * h);
        assert_close("dK/dbeta", slope[i], expected, 1e-6 * fabs(expected) + 1e-8 / kept);
    }
    problem_close(&p);
}

static void gradient_by_rates_is_exact_in_the_x0_form(void **state)
{
    (void)state;
    check_rates("rbf", "per-step", "x0", "free");
    check_rates("mlp", "per-step", "x0", "free");
}

static void gradient_by_rates_is_exact_in_the_forward_form(void **state)
{
    (void)state;
    check_rates("rbf", "per-step", "forward", "free");
    check_rates("mlp", "per-step", "forward", "free");
}

static void gradient_by_rates_is_exact_in_the_paper_form(void **state)
{
    (void)state;
    check_rates("rbf", "per-step", "paper", "free");
    check_rates("mlp", "per-step", "paper", "free");
}

static void gradient_by_rates_is_exact_for_beliefs(void **state)
{
    (void)state;
    check_rates("rbf", "per-step", "x0", "belief");
    check_rates("mlp", "per-step", "forward", "belief");
}

static double bound_of(problem *p, nqi_schedule_learner *learner)
{
    nqi_schedule_learner_rates(learner);
    return bound_at(p, learner->beta);
}

static void check_theta(const char *mean_form)
{
    problem p;
    nqi_schedule_learner learner;
    double slope[STEPS], sum = 0;
    problem_open(&p, "rbf", "per-step", mean_form, "free");
    assert_ok(nqi_schedule_learner_new(&learner, p.context, &p.model->process.schedule),
              p.context);
    for (size_t k = 0; k + 1 < STEPS; k++)
        learner.theta[k] += 0.3 * sin((double)k);
    bound_of(&p, &learner);
    frozen_bound(&p, 1);
    nqi_schedule_learner_gradient(&learner, &p.model->process, p.sums, slope);
    for (size_t k = 0; k + 1 < STEPS; k++) {
        const double kept = learner.theta[k], h = 1e-5;
        learner.theta[k] = kept + h;
        const double above = bound_of(&p, &learner);
        learner.theta[k] = kept - h;
        const double below = bound_of(&p, &learner);
        learner.theta[k] = kept;
        const double expected = (above - below) / (2 * h);
        assert_close("dK/dtheta", slope[k], expected, 1e-6 * fabs(expected) + 1e-8);
        sum += slope[k];
    }
    /* a common shift of theta changes nothing */
    assert_close("sum of dK/dtheta", sum, 0, 1e-9);
    nqi_schedule_learner_free(&learner);
    problem_close(&p);
}

static void gradient_by_theta_is_exact(void **state)
{
    (void)state;
    check_theta("x0");
    check_theta("forward");
    check_theta("paper");
}

/* theta made from a schedule gives that schedule back, and steps keep its ends. */
static void learner_keeps_the_first_rate_and_the_last_signal(void **state)
{
    (void)state;
    problem p;
    nqi_schedule_learner learner;
    problem_open(&p, "rbf", "per-step", "x0", "free");
    const nq_schedule *s = &p.model->process.schedule;
    assert_ok(nqi_schedule_learner_new(&learner, p.context, s), p.context);
    nqi_schedule_learner_rates(&learner);
    for (size_t i = 0; i < STEPS; i++)
        assert_close("beta", learner.beta[i], s->beta[i], 1e-12);
    const double first = s->beta[0], last = s->alpha_bar[STEPS - 1];
    double before = frozen_bound(&p, 1);
    const double start = before;
    for (int update = 0; update < 50; update++) {
        assert_ok(nqi_schedule_learner_step(&learner, p.context, &p.model->process, p.sums, 0.02),
                  p.context);
        before = frozen_bound(&p, 1);
        assert_close("beta_1", s->beta[0], first, 1e-14);
        assert_close("alpha_bar_T", s->alpha_bar[STEPS - 1], last, 1e-12);
        for (size_t i = 0; i < STEPS; i++)
            assert_true(s->beta[i] > 0 && s->beta[i] < 1);
    }
    assert_true(before > start);
    nqi_schedule_learner_free(&learner);
    problem_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_by_rates_is_exact_in_the_x0_form),
        cmocka_unit_test(gradient_by_rates_is_exact_in_the_forward_form),
        cmocka_unit_test(gradient_by_rates_is_exact_in_the_paper_form),
        cmocka_unit_test(gradient_by_rates_is_exact_for_beliefs),
        cmocka_unit_test(gradient_by_theta_is_exact),
        cmocka_unit_test(learner_keeps_the_first_rate_and_the_last_signal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
