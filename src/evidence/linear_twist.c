/* linear_twist.c - rows on their way given y = A x_0 + noise, all leaves as one observation: exact
 * weights by Cholesky, exact draws by Matheron's rule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* At level t, y = signal A x + noise of covariance R, to a power. With x ~ N(m, S), S diagonal:
 * M = signal^2 A S A^T + R, log Z = log N(y; signal A m, M), and a draw is
 * x + signal S A^T M^-1 (y - signal A x - e) with x ~ N(m, S), e ~ N(0, R). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cholesky.h"
#include "core/context.h"
#include "evidence/kind.h"
#include "family/normal.h"

static const double log_two_pi = 1.83787706640934548356;

/* e^log_scale N(y; signal A x, covariance) at the present level; flat: 1. */
typedef struct linear_factor {
    size_t observations;
    double *a;          /* [observations][dim] */
    double *covariance; /* [observations][observations] */
    double *root;       /* its Cholesky factor, lower */
    double *small;      /* [observations][observations + 3] scratch */
    double signal, log_scale;
    int flat;
} linear_factor;

static size_t linear_extra(const nq_evidence *leaf)
{
    return leaf->observations;
}

static nq_status linear_open(nqi_twist_leaves *leaves, nq_context *context, size_t rows)
{
    const size_t dim = leaves->model->process.dim;
    size_t count = 0;
    (void)rows;
    for (size_t p = 0; p < leaves->count; p++)
        count += leaves->leaf[p]->observations;
    const size_t numbers = count * (dim + 3 * count + 3);
    linear_factor *f = leaves->scratch = calloc(1, sizeof *f);
    if (!f || !(f->a = calloc(numbers, sizeof *f->a)))
        return nqi_fail_memory(context, "linear evidence", numbers * sizeof *f->a);
    f->observations = count;
    f->flat = 1;
    f->covariance = f->a + count * dim;
    f->root = f->covariance + count * count;
    f->small = f->root + count * count;
    for (size_t p = 0, at = 0; p < leaves->count; p++) {
        const size_t here = leaves->leaf[p]->observations * dim;
        memcpy(f->a + at, leaves->leaf[p]->a, here * sizeof *f->a);
        at += here;
    }
    return NQ_OK;
}

static void linear_close(nqi_twist_leaves *leaves)
{
    linear_factor *f = leaves->scratch;
    if (f)
        free(f->a);
    free(f);
}

/* Informed: x_0 = sqrt(abar) x_t + sqrt(1 - abar) noise under pi, so that the covariance is
 * (1 - abar) A A^T + diag(sigma^2). */
static void factor_set(linear_factor *f, const nqi_twist_leaves *leaves, size_t t)
{
    const nq_schedule *schedule = &leaves->model->process.schedule;
    const size_t count = f->observations, dim = leaves->model->process.dim;
    const int informed = t > 0 && leaves->twist == NQI_TWIST_INFORMED;
    const double spread = informed ? schedule->one_minus_alpha_bar[t - 1] : 0;
    f->signal = informed ? sqrt(schedule->alpha_bar[t - 1]) : 1;
    f->log_scale = 0;
    f->flat = 0;
    for (size_t j = 0; j < count; j++)
        for (size_t k = 0; k < count; k++)
            f->covariance[j * count + k] =
                spread == 0 ? 0 : spread * nqi_dot(f->a + j * dim, f->a + k * dim, dim);
    for (size_t p = 0, at = 0; p < leaves->count; p++)
        for (size_t k = 0; k < leaves->leaf[p]->observations; k++, at++) {
            const double variance = leaves->leaf[p]->variance[k];
            nqi_factor one = {.variance = variance};
            if (!informed)
                one = nqi_factor_at(leaves->twist, schedule, t, variance);
            f->covariance[at * count + at] += one.variance;
            f->log_scale += one.log_scale;
            f->flat |= one.flat;
        }
    memcpy(f->root, f->covariance, count * count * sizeof *f->root);
    f->flat |= !nqi_cholesky(f->root, count);
}

/* y of all leaves less signal A v, v = mean + tilt, or x. */
static void residual(const nqi_twist_leaves *leaves, const nqi_particles *particles, size_t r,
                     int at_mean, double *out)
{
    const linear_factor *f = leaves->scratch;
    const nqi_proposal *all = &particles->walk->proposal;
    const size_t dim = leaves->model->process.dim;
    size_t at = 0;
    for (size_t p = 0; p < leaves->count; p++) {
        const nq_evidence *leaf = leaves->leaf[p];
        for (size_t k = 0; k < leaf->observations; k++)
            out[at++] = leaf->value[particles->target[r] * leaf->observations + k];
    }
    for (size_t k = 0; k < f->observations; k++)
        for (size_t i = 0; i < dim; i++) {
            const size_t j = i * all->rows + r;
            const double v = at_mean ? all->mean[j] + all->tilt[j] : (double)all->x[j];
            out[k] -= f->signal * f->a[k * dim + i] * v;
        }
}

/* Cholesky factor of M for row r. */
static int spread_root(const linear_factor *f, const nqi_proposal *all, size_t dim, size_t r)
{
    const size_t count = f->observations;
    const double square = f->signal * f->signal;
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l <= k; l++) {
            double sum = 0;
            for (size_t i = 0; i < dim; i++)
                sum += f->a[k * dim + i] * all->variance[i * all->rows + r] * f->a[l * dim + i];
            f->small[k * count + l] = square * sum + f->covariance[k * count + l];
        }
    return nqi_cholesky(f->small, count);
}

/* log N(v; 0, root root^T); v is overwritten. */
static double log_density(const double *root, size_t count, double *v)
{
    double sum = 0;
    nqi_cholesky_forward(root, count, v);
    for (size_t k = 0; k < count; k++)
        sum += log_two_pi + 2 * log(root[k * count + k]) + v[k] * v[k];
    return -0.5 * sum;
}

static void linear_condition(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level)
{
    linear_factor *f = leaves->scratch;
    const nqi_proposal *all = &particles->walk->proposal;
    const size_t count = f->observations;
    double *v = f->small + count * count;
    factor_set(f, leaves, level);
    for (size_t r = 0; !f->flat && r < all->rows; r++) {
        residual(leaves, particles, r, 1, v);
        particles->log_weight[r] += spread_root(f, all, leaves->model->process.dim, r)
                                        ? f->log_scale + log_density(f->small, count, v)
                                        : -INFINITY;
    }
}

/* N(y; A x_0, .) under a belief about x_0 whose numbers are independent, and its means given y. */
static void linear_foresee(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t)
{
    linear_factor *f = leaves->scratch;
    const nqi_proposal *all = &particles->walk->proposal;
    const size_t count = f->observations, dim = leaves->model->process.dim;
    double *v = f->small + count * count;
    (void)t;
    factor_set(f, leaves, 0);
    for (size_t r = 0; r < all->rows; r++) {
        residual(leaves, particles, r, 1, v);
        if (!spread_root(f, all, dim, r)) {
            particles->log_weight[r] = -INFINITY;
            continue;
        }
        particles->log_weight[r] += log_density(f->small, count, v);
        nqi_cholesky_backward(f->small, count, v);
        for (size_t i = 0; i < dim; i++)
            for (size_t k = 0; k < count; k++)
                all->mean[i * all->rows + r] +=
                    all->variance[i * all->rows + r] * f->a[k * dim + i] * v[k];
    }
}

/* The factor is still the one that x_t was drawn with. */
static void linear_untwist(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t)
{
    const linear_factor *f = leaves->scratch;
    double *v = f->small + f->observations * f->observations;
    (void)t;
    for (size_t r = 0; !f->flat && r < particles->walk->proposal.rows; r++) {
        residual(leaves, particles, r, 0, v);
        particles->log_weight[r] -= f->log_scale + log_density(f->root, f->observations, v);
    }
}

/* x given y: the noise that was drawn beside the row is e. */
static void row_correct(nqi_twist_leaves *leaves, nqi_particles *particles, size_t r)
{
    const linear_factor *f = leaves->scratch;
    const nqi_proposal *all = &particles->walk->proposal;
    const size_t dim = leaves->model->process.dim, count = f->observations;
    const nqi_real *noise = particles->walk->noise + dim * all->rows;
    double *v = f->small + count * count;
    residual(leaves, particles, r, 0, v);
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l <= k; l++)
            v[k] -= f->root[k * count + l] * (double)noise[l * all->rows + r];
    nqi_cholesky_forward(f->small, count, v);
    nqi_cholesky_backward(f->small, count, v);
    for (size_t i = 0; i < dim; i++) {
        const size_t j = i * all->rows + r;
        double pull = 0;
        for (size_t k = 0; k < count; k++)
            pull += f->a[k * dim + i] * v[k];
        all->x[j] = (nqi_real)((double)all->x[j] + f->signal * all->variance[j] * pull);
    }
}

static void linear_correct(nqi_twist_leaves *leaves, nqi_particles *particles)
{
    const linear_factor *f = leaves->scratch;
    const nqi_proposal *all = &particles->walk->proposal;
    for (size_t r = 0; !f->flat && r < all->rows; r++)
        if (spread_root(f, all, leaves->model->process.dim, r))
            row_correct(leaves, particles, r);
}

const nqi_evidence_kind nqi_evidence_linear = {.name = "linear",
                                               .open = linear_open,
                                               .close = linear_close,
                                               .extra = linear_extra,
                                               .untwist = linear_untwist,
                                               .condition = linear_condition,
                                               .foresee = linear_foresee,
                                               .correct = linear_correct};
