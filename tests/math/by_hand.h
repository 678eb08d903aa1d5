/* by_hand.h - models whose reverse process is set by hand, and their exact laws.
 * Bits: 2^dim hidden units, each of which answers to one state, so that a readout per step is any
 * table of logits. Real numbers: one radial basis function, which is 1 everywhere, beside x_t, so
 * that a readout per step is any linear function. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_BY_HAND_H
#define NQI_TESTS_BY_HAND_H

#include <stdio.h>

#include "core/context.h"
#include "inside.h"
#include "math/math_test.h"
#include "model/model.h"

enum { BITS = 3, STATES = 1 << BITS, STEPS_MOST = 32 };

/* Every state once, states[s][i] = (s >> i) & 1: a data set, and x_t of a microbatch. */
static inline nq_dataset *states_dataset(nq_context *context)
{
    double rows[STATES * BITS];
    for (size_t s = 0; s < STATES; s++)
        for (size_t i = 0; i < BITS; i++)
            rows[s * BITS + i] = (double)((s >> i) & 1);
    return dataset_of(context, rows, STATES, BITS);
}

static inline nqi_real *model_param(nq_model *model, const char *name, size_t t)
{
    const nqi_param *param = nqi_graph_param(&model->regressor.graph, name);
    assert_non_null(param);
    return model->regressor.params + nqi_param_position(&model->regressor.graph, param) +
           (param->banked ? (t - 1) * model->regressor.graph.bank_size : 0);
}

/* Unit s: sigmoid(60 (agreeing bits - BITS) + 30), 1 at its state and 1e-13 elsewhere. All
 * readouts are 0. activity: of every bit. */
static inline nq_model *bit_model(nq_context *context, const char *steps, const char *activity)
{
    char units[8];
    snprintf(units, sizeof units, "%d", STATES);
    const setting settings[] = {{"kernel", "binomial"},  {"regressor", "mlp"},
                                {"hidden", units},       {"activation", "sigmoid"},
                                {"readout", "per-step"}, {"steps", steps},
                                {"activity", activity},  {NULL, NULL}};
    nq_dataset *data = states_dataset(context);
    nq_model *model = model_of(context, data, settings);
    nqi_real *weight = model_param(model, "hidden1.weight", 0);
    nqi_real *bias = model_param(model, "hidden1.bias", 0);
    for (size_t s = 0; s < STATES; s++) {
        bias[s] = 30;
        for (size_t i = 0; i < BITS; i++) {
            const int one = (s >> i) & 1;
            weight[s * BITS + i] = (nqi_real)(one ? 60 : -60);
            bias[s] -= (nqi_real)(one ? 60 : 0);
        }
    }
    nq_dataset_free(data);
    return model;
}

/* Logits of step t: those of P(x_0,i = 1 | x_t = state) less the ones of independent bits. */
static inline nqi_real *bit_logit(nq_model *model, size_t t, size_t i, size_t state)
{
    return model_param(model, "readout.weight", t) + i * STATES + state;
}

static inline void set_random_logits(nq_model *model, uint64_t seed, double deviation)
{
    const nqi_stream stream = {seed, NQI_DRAW_TEST, 0, 0};
    uint64_t draw = 0;
    for (size_t t = 2; t <= nq_model_steps(model); t++)
        for (size_t i = 0; i < BITS; i++)
            for (size_t s = 0; s < STATES; s++)
                *bit_logit(model, t, i, s) =
                    (nqi_real)(deviation * nqi_stream_normal(&stream, draw++));
}

/* q(x_t | x_0), state to state. */
static inline double bit_forward(const nq_model *model, size_t t, size_t from, size_t to)
{
    const nqi_process *p = &model->process;
    double product = 1;
    for (size_t i = 0; i < BITS; i++) {
        const double one = (double)binomial_step(p, t, i)->flip[(from >> i) & 1];
        product *= (to >> i) & 1 ? one : 1 - one;
    }
    return product;
}

/* The Bayes-optimal logits for data of the given law over states. */
static inline void set_optimal_logits(nq_model *model, const double *law)
{
    const nqi_process *p = &model->process;
    for (size_t t = 2; t <= nq_model_steps(model); t++)
        for (size_t s = 0; s < STATES; s++)
            for (size_t i = 0; i < BITS; i++) {
                double part[2] = {0, 0};
                for (size_t x = 0; x < STATES; x++)
                    part[(x >> i) & 1] += law[x] * bit_forward(model, t, x, s);
                *bit_logit(model, t, i, s) =
                    (nqi_real)(log(part[1] / part[0]) -
                               (double)binomial_step(p, t, i)->logit_prior[(s >> i) & 1]);
            }
}

/* A microbatch in which row s has x_t = state s; rows after STATES repeat state 0. */
static inline nqi_batch state_batch(nq_context *context, const nq_model *model)
{
    nqi_batch batch;
    assert_ok(nqi_batch_new(&batch, context, &model->process, &model->regressor.graph,
                            context->ops, NQI_LANES, NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    for (size_t i = 0; i < BITS; i++)
        for (size_t s = 0; s < STATES; s++)
            nqi_batch_x_t(&batch)[i * batch.tape.ld + s] = (nqi_real)((s >> i) & 1);
    return batch;
}

/* E KL_t of a row x_0, by enumeration of x_t. */
static inline double bit_row_kl(const nq_model *model, nqi_batch *batch, size_t t, size_t x_0)
{
    double sum = 0;
    for (size_t i = 0; i < BITS; i++)
        for (size_t r = 0; r < batch->tape.ld; r++)
            batch->x_0[i * batch->tape.ld + r] = (nqi_real)((x_0 >> i) & 1);
    batch->tape.time[0] = (uint32_t)t;
    nqi_tape_forward(&batch->tape);
    nqi_batch_divergence(&model->process, batch, 0, 1, 0);
    for (size_t s = 0; s < STATES; s++)
        sum += bit_forward(model, t, x_0, s) * (double)batch->kl[s];
    return sum;
}

/* What K of one row holds beside its divergences; x_0[i * stride]. */
static inline double row_constant(const nqi_process *p, const nqi_real *x_0, size_t stride)
{
    return nqi_process_entropy_given_data(p, x_0, stride, p->schedule.steps) -
           nqi_process_entropy_given_data(p, x_0, stride, 1) - nqi_process_entropy_prior(p) +
           nqi_process_edge(p, x_0, stride);
}

/* K of every row, exactly. */
static inline void bit_bounds(double *bounds, nq_context *context, const nq_model *model)
{
    nqi_batch batch = state_batch(context, model);
    for (size_t x_0 = 0; x_0 < STATES; x_0++) {
        bounds[x_0] = 0;
        for (size_t t = 2; t <= nq_model_steps(model); t++)
            bounds[x_0] -= bit_row_kl(model, &batch, t, x_0);
        bounds[x_0] += row_constant(&model->process, batch.x_0, batch.tape.ld);
    }
    nqi_batch_free(&batch);
}

/* p(x_0) of every state under the model, exactly. */
static inline void bit_law(double *law, nq_context *context, const nq_model *model)
{
    enum { LD = NQI_LANES };
    nqi_batch batch = state_batch(context, model);
    nqi_real mean[BITS * LD], variance[BITS * LD];
    double before[STATES];
    for (size_t s = 0; s < STATES; s++) {
        law[s] = 1;
        for (size_t i = 0; i < BITS; i++)
            law[s] *=
                (s >> i) & 1 ? bit_mean(&model->process, i) : 1 - bit_mean(&model->process, i);
    }
    for (size_t t = nq_model_steps(model); t > 0; t--) {
        memcpy(before, law, sizeof before);
        memset(law, 0, sizeof before);
        batch.tape.time[0] = (uint32_t)t;
        nqi_tape_forward(&batch.tape);
        nqi_batch_moments(&model->process, &batch, 0, mean, variance);
        for (size_t from = 0; from < STATES; from++)
            for (size_t to = 0; to < STATES; to++) {
                double product = before[from];
                for (size_t i = 0; i < BITS; i++) {
                    const double one = (double)mean[i * LD + from];
                    product *= (to >> i) & 1 ? one : 1 - one;
                }
                law[to] += product;
            }
    }
    nqi_batch_free(&batch);
}

/* One real number with the linear reverse kernels N(A_t x_t, C_t). */
static inline nq_model *line_model(nq_context *context, const char *steps, const char *beta_1,
                                   const char *mean_form)
{
    const setting settings[] = {
        {"kernel", "gaussian"}, {"regressor", "rbf"},     {"hidden", "1"},
        {"steps", steps},       {"schedule", "log-snr"},  {"beta_1", beta_1},
        {"scale", "none"},      {"mean_form", mean_form}, {NULL, NULL}};
    const double rows[2] = {-1, 1};
    nq_dataset *data = dataset_of(context, rows, 2, 1);
    nq_model *model = model_of(context, data, settings);
    nq_dataset_free(data);
    return model;
}

/* Variance of x_t for data of variance s2. */
static inline double line_marginal(const nq_schedule *s, size_t t, double s2)
{
    return t ? s->alpha_bar[t - 1] * s2 + s->one_minus_alpha_bar[t - 1] : s2;
}

/* The exact reverse kernels for data N(0, s2), A times `shrink` and C times `widen`. Returns the
 * variance of x_0 under the model. */
static inline double set_line(nq_model *model, double s2, double shrink, double widen)
{
    const nq_schedule *s = &model->process.schedule;
    double variance = 1;
    for (size_t t = s->steps; t > 1; t--) {
        const nqi_gaussian_step *step = gaussian_step(&model->process, t);
        const double beta = s->beta[t - 1], kept = sqrt(1 - beta);
        const double ratio = line_marginal(s, t - 1, s2) / line_marginal(s, t, s2);
        const double a = shrink * kept * ratio, c = widen * beta * ratio;
        const double gain = (double)step->cs * (double)step->gain;
        const int is_papers = !strcmp(model->options.mean_form, "paper");
        /* of the paper's form a is 1 - c + c w */
        model_param(model, "readout.weight", t)[1] =
            (nqi_real)(is_papers ? (a - 1 + c) / c : (a - kept) / gain);
        model_param(model, "readout.bias", t)[1] =
            (nqi_real)(log(c) - log1p(-c) - log(beta) + log1p(-beta));
        variance = a * a * variance + c;
    }
    return (1 - s->beta[0]) * variance + s->beta[0];
}

/* K of the row x_0, exactly: the divergence is quadratic in the noise. */
static inline double line_bound(nq_context *context, const nq_model *model, double x_0)
{
    nqi_batch batch;
    const nqi_process *p = &model->process;
    assert_ok(nqi_batch_new(&batch, context, p, &model->regressor.graph, context->ops, NQI_LANES,
                            NQI_LANES, 0),
              context);
    batch.tape.params = model->regressor.params;
    for (size_t r = 0; r < NQI_LANES; r++) {
        batch.x_0[r] = (nqi_real)x_0;
        batch.noise[r] = (nqi_real)(r & 1 ? 1 : -1);
    }
    double bound = row_constant(p, batch.x_0, 1);
    for (size_t t = 2; t <= p->schedule.steps; t++) {
        batch.tape.time[0] = (uint32_t)t;
        nqi_batch_corrupt(p, &batch, 0);
        nqi_batch_forward(p, &batch);
        nqi_batch_divergence(p, &batch, 0, 1, 0);
        bound -= 0.5 * ((double)batch.kl[0] + (double)batch.kl[1]);
    }
    nqi_batch_free(&batch);
    return bound;
}

#endif
