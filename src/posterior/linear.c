/* linear.c - reverse steps given y = signal A x + noise: exact weights by Cholesky,
 * exact draws by Matheron's rule. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* With x ~ N(m, S), S diagonal, and noise of covariance R: M = signal^2 A S A^T + R,
 * log Z = log N(y; signal A m, M), and a draw is x + signal S A^T M^-1 (y - signal A x - e) with
 * x ~ N(m, S), e ~ N(0, R). */
#include <math.h>

#include "posterior/posterior.h"

static const double log_two_pi = 1.83787706640934548356;

/* y of all parts less signal A v, v = mean + tilt, or x. */
static void residual(const nqi_walk *walk, size_t r, int at_mean, double *out)
{
    const nqi_evidence_list *list = &walk->job->list;
    const nqi_linear_factor *factor = &walk->linear;
    const size_t dim = walk->job->model->process.dim;
    size_t at = 0;
    for (size_t p = 0; p < list->linear_count; p++) {
        const nq_evidence *part = list->linear[p];
        for (size_t k = 0; k < part->observations; k++)
            out[at++] = part->value[walk->target[r] * part->observations + k];
    }
    for (size_t k = 0; k < factor->observations; k++)
        for (size_t i = 0; i < dim; i++) {
            const size_t j = i * walk->rows + r;
            const double v = at_mean ? walk->mean[j] + walk->tilt[j] : (double)walk->x[j];
            out[k] -= factor->signal * factor->a[k * dim + i] * v;
        }
}

/* Cholesky factor of M for row r. */
static int spread(const nqi_walk *walk, size_t r, double *root)
{
    const nqi_linear_factor *factor = &walk->linear;
    const size_t dim = walk->job->model->process.dim, count = factor->observations;
    const double square = factor->signal * factor->signal;
    for (size_t k = 0; k < count; k++)
        for (size_t l = 0; l <= k; l++) {
            double sum = 0;
            for (size_t i = 0; i < dim; i++)
                sum += factor->a[k * dim + i] * walk->variance[i * walk->rows + r] *
                       factor->a[l * dim + i];
            root[k * count + l] = square * sum + factor->covariance[k * count + l];
        }
    return nqi_cholesky(root, count);
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

void nqi_walk_linear_condition(nqi_walk *walk)
{
    const size_t count = walk->linear.observations;
    double *root = walk->small, *v = root + count * count;
    for (size_t r = 0; r < walk->rows; r++) {
        residual(walk, r, 1, v);
        walk->log_weight[r] += spread(walk, r, root)
                                   ? walk->linear.log_scale + log_density(root, count, v)
                                   : -INFINITY;
    }
}

void nqi_walk_linear_untwist(nqi_walk *walk)
{
    const size_t count = walk->linear.observations;
    double *v = walk->small + count * count;
    for (size_t r = 0; r < walk->rows; r++) {
        residual(walk, r, 0, v);
        walk->log_weight[r] -= walk->linear.log_scale + log_density(walk->linear.root, count, v);
    }
}

void nqi_walk_linear_draw(nqi_walk *walk)
{
    const nqi_linear_factor *factor = &walk->linear;
    const size_t dim = walk->job->model->process.dim, count = factor->observations;
    double *root = walk->small, *v = root + count * count;
    for (size_t r = 0; r < walk->rows; r++) {
        if (!spread(walk, r, root))
            continue;
        residual(walk, r, 0, v);
        for (size_t k = 0; k < count; k++)
            for (size_t l = 0; l <= k; l++)
                v[k] -=
                    factor->root[k * count + l] * (double)walk->noise[(dim + l) * walk->rows + r];
        nqi_cholesky_forward(root, count, v);
        nqi_cholesky_backward(root, count, v);
        for (size_t i = 0; i < dim; i++) {
            const size_t j = i * walk->rows + r;
            double pull = 0;
            for (size_t k = 0; k < count; k++)
                pull += factor->a[k * dim + i] * v[k];
            walk->x[j] =
                (nqi_real)((double)walk->x[j] + factor->signal * walk->variance[j] * pull);
        }
    }
}
