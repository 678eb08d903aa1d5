/* test_untrained_f64.c - an untrained model is the forward kernel: its K is log pi, exactly. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "inside.h"
#include "math/by_hand.h"

typedef struct variant {
    const char *regressor, *hidden, *readout, *mean_form, *schedule, *steps;
} variant;

static const variant variants[] = {
    {"rbf", "4", "per-step", "x0", "log-snr", "10"},
    {"rbf", "4", "per-step", "forward", "linear", "7"},
    {"mlp", "6,5", "per-step", "forward", "log-snr", "25"},
    {"mlp", "6,5", "per-step", "x0", "constant-fraction", "2"},
    {"mlp", "6,6", "embedding", "x0", "cosine", "12"},
    {"mlp", "6,6", "embedding", "forward", "constant-fraction", "30"},
    {"image", "5,4", "bumps", "x0", "log-snr", "9"},
    {"image", "none", "embedding", "forward", "linear", "11"},
};
enum { VARIANTS = sizeof variants / sizeof variants[0] };

static nq_model *variant_model(nq_context *context, const nq_dataset *data, const variant *v,
                               const char *kernel, const char *activity)
{
    char image[32];
    snprintf(image, sizeof image, "1x%zu", nq_dataset_dim(data));
    const setting settings[] = {{"kernel", kernel},
                                {"regressor", v->regressor},
                                {"hidden", v->hidden},
                                {"readout", v->readout},
                                {"mean_form", v->mean_form},
                                {"schedule", v->schedule},
                                {"steps", v->steps},
                                {"activity", activity},
                                {"beta_1", "0.003"},
                                {"scale", "none"},
                                {"image", strcmp(v->regressor, "image") ? "" : image},
                                {NULL, NULL}};
    return model_of(context, data, settings);
}

/* K of a row (x, x) and noise (+-1, +-1), whose mean over the four is the expectation. */
static double corner_bound(nq_context *context, const nq_model *model, double x)
{
    nqi_batch batch;
    const nqi_process *p = &model->process;
    assert_ok(nqi_batch_new(&batch, context, p, &model->regressor.graph, context->ops, NQI_LANES,
                            NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    for (size_t r = 0; r < NQI_LANES; r++)
        for (size_t i = 0; i < 2; i++) {
            batch.x_0[i * NQI_LANES + r] = (nqi_real)x;
            batch.noise[i * NQI_LANES + r] = (nqi_real)((r >> i) & 1 ? 1 : -1);
        }
    double bound = row_constant(p, batch.x_0, NQI_LANES);
    for (size_t t = 2; t <= p->schedule.steps; t++) {
        batch.tape.time[0] = (uint32_t)t;
        nqi_batch_corrupt(p, &batch, 0);
        nqi_tape_forward(&batch.tape);
        nqi_batch_divergence(p, &batch, 0, 1, 0);
        for (size_t r = 0; r < 4; r++)
            bound -= 0.25 * (double)batch.kl[r];
    }
    nqi_batch_free(&batch);
    return bound;
}

static void untrained_gaussian_row_scores_like_noise(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const double rows[8] = {1, 1, -1, -1, 1, -1, -1, 1};
    nq_dataset *data = dataset_of(context, rows, 4, 2);
    for (int v = 0; v < VARIANTS; v++) {
        nq_model *model = variant_model(context, data, &variants[v], "gaussian", "0");
        for (double x = -3; x <= 3; x += 0.5)
            assert_close(variants[v].schedule, corner_bound(context, model, x),
                         -x * x - log(2 * 3.14159265358979323846), 1e-9);
        nq_model_free(model);
    }
    nq_dataset_free(data);
    nq_context_free(context);
}

/* One equilibrium mean for all bits, or each its own from uneven data. */
static void untrained_binomial_row_scores_like_noise(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const char *const activities[] = {"0.5", "0.2", "0"};
    const double rows[5 * BITS] = {0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0};
    nq_dataset *data = dataset_of(context, rows, 5, BITS);
    for (int v = 0; v < VARIANTS; v++)
        for (int m = 0; m < 3; m++) {
            double bounds[STATES], law[STATES];
            nq_model *model =
                variant_model(context, data, &variants[v], "binomial", activities[m]);
            bit_bounds(bounds, context, model);
            bit_law(law, context, model);
            for (size_t s = 0; s < STATES; s++) {
                double null = 0;
                for (size_t i = 0; i < BITS; i++) {
                    const double one = bit_mean(&model->process, i);
                    null += log((s >> i) & 1 ? one : 1 - one);
                }
                assert_close(variants[v].schedule, bounds[s], null, 1e-10);
                assert_close("log p", log(law[s]), null, 1e-10);
            }
            nq_model_free(model);
        }
    nq_dataset_free(data);
    nq_context_free(context);
}

/* KL_t of an untrained model is the entropy that its step should have undone: for rows of the
 * population, H_q(X_t|X_{t-1}) + H_q(X_{t-1}|X_0) - H_q(X_t|X_0) is what the posterior has and
 * H_q(X_t|X_{t-1}) what the kernel has. */
static void untrained_step_pays_the_difference_of_entropies(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = line_model(context, "15", "1e-3", "x0");
    const nq_schedule *s = nq_model_schedule(model);
    nqi_batch batch;
    assert_ok(nqi_batch_new(&batch, context, &model->process, &model->regressor.graph,
                            context->ops, NQI_LANES, NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    for (size_t r = 0; r < NQI_LANES; r++) {
        batch.x_0[r] = (nqi_real)(r & 2 ? 1 : -1);
        batch.noise[r] = (nqi_real)(r & 1 ? 1 : -1);
    }
    for (size_t t = 2; t <= s->steps; t++) {
        double kl = 0;
        batch.tape.time[0] = (uint32_t)t;
        nqi_batch_corrupt(&model->process, &batch, 0);
        nqi_tape_forward(&batch.tape);
        nqi_batch_divergence(&model->process, &batch, 0, 1, 0);
        for (size_t r = 0; r < 4; r++)
            kl += 0.25 * (double)batch.kl[r];
        assert_close("KL of a step", kl,
                     0.5 * log(s->one_minus_alpha_bar[t - 1] / s->one_minus_alpha_bar[t - 2]),
                     1e-10);
    }
    nqi_batch_free(&batch);
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_gaussian_row_scores_like_noise),
        cmocka_unit_test(untrained_binomial_row_scores_like_noise),
        cmocka_unit_test(untrained_step_pays_the_difference_of_entropies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
