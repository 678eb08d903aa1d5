/* evidence.h - what is known of rows x_0, and what each kind is worth at level t: its twist r_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_EVIDENCE_EVIDENCE_H
#define NQI_EVIDENCE_EVIDENCE_H

#include <noneq/posterior.h>

#include "core/real.h"
#include "model/model.h"

typedef enum nqi_evidence_kind {
    NQI_EVIDENCE_CELLS, /* clamp, gaussian, bernoulli: every coordinate by itself */
    NQI_EVIDENCE_LINEAR,
    NQI_EVIDENCE_CUSTOM,
    NQI_EVIDENCE_PRODUCT
} nqi_evidence_kind;

/* In scaled units, over the model's active coordinates. */
struct nq_evidence {
    nqi_evidence_kind kind;
    const nq_model *model;
    size_t targets;
    /* Cells: y, or d of bits; NaN: nothing is known. Linear: y. */
    double *value;    /* [targets][dim], or [targets][observations] */
    double *variance; /* [dim], 0: the cell is known exactly; or [observations]; NULL for bits */
    double *known;    /* clamp: [targets][columns] the caller's own cells, else NULL */
    double *shift; /* [targets] log r in the data's units less log r in scaled units, or NULL */
    double *a;     /* linear: [observations][dim] */
    size_t observations;
    nq_log_evidence function;
    void *user;
    int has_gradient;
    const nq_evidence **parts; /* product: leaves only */
    size_t part_count;
};

typedef enum nqi_twist {
    NQI_TWIST_CONSTANT, /* r_t(x) = r(x) */
    NQI_TWIST_ANNEALED, /* r(x)^((T - t)/T) */
    NQI_TWIST_INFORMED  /* E[r(x_0) | x_t = x] for x_0 ~ pi */
} nqi_twist;

/* An evidence's leaves by kind, and what is shared by all targets. */
typedef struct nqi_evidence_list {
    const nq_evidence **cells, **linear, **custom; /* of one allocation at `cells` */
    size_t cell_count, linear_count, custom_count;
    size_t observations; /* of all linear parts */
} nqi_evidence_list;

nq_status nqi_evidence_new(nq_evidence **out, nq_context *context, nqi_evidence_kind kind,
                           const nq_model *model, size_t targets);
nq_status nqi_evidence_list_new(nqi_evidence_list *out, nq_context *context,
                                const nq_evidence *evidence);
void nqi_evidence_list_free(nqi_evidence_list *list);
/* Sum of the leaves' shifts. */
double nqi_evidence_shift(const nqi_evidence_list *list, size_t target);

/* A Gaussian factor e^log_scale N(y; signal x, variance) in a coordinate x; flat: 1. */
typedef struct nqi_factor {
    double signal, variance, log_scale;
    int flat;
} nqi_factor;

/* The factor at level t = 0..T of an observation with the given noise variance (0: exact; then
 * the constant and annealed factors are exact at every level, as [SD15] sets known cells). */
nqi_factor nqi_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double variance);
/* N(mean, variance) times the factor, normalised, in place; returns the log of its integral. */
double nqi_factor_multiply(double *mean, double *variance, const nqi_factor *factor, double y);
double nqi_factor_log(const nqi_factor *factor, double y, double x);

/* log r_t(0) and log r_t(1) of a bit with r = d^x (1-d)^(1-x) and equilibrium mean m. */
typedef struct nqi_bit_factor {
    double log_zero, log_one;
} nqi_bit_factor;
nqi_bit_factor nqi_bit_factor_at(nqi_twist twist, const nq_schedule *schedule, size_t t, double d,
                                 double m);
/* P(x = 1) = one times the factor, normalised, in place; returns the log of its sum. */
double nqi_bit_factor_multiply(double *one, const nqi_bit_factor *factor);

/* All linear parts as one observation y = A x_0 + noise at level t:
 * e^log_scale N(y; signal A x, covariance). flat: 1. */
typedef struct nqi_linear_factor {
    size_t observations;
    double *a;          /* [observations][dim] */
    double *covariance; /* [observations][observations] */
    double *root;       /* its Cholesky factor, lower */
    double signal, log_scale;
    int flat;
} nqi_linear_factor;
nq_status nqi_linear_factor_new(nqi_linear_factor *out, nq_context *context,
                                const nqi_evidence_list *list, size_t dim);
void nqi_linear_factor_free(nqi_linear_factor *factor);
void nqi_linear_factor_set(nqi_linear_factor *factor, const nqi_evidence_list *list,
                           nqi_twist twist, const nq_schedule *schedule, size_t t, size_t dim);

/* log r_t of a custom part at a scaled row x[i * stride], and when gradient is not NULL its
 * gradient there (bits: log r with the bit 1 less with it 0), gradient[i * stride]. row[columns]
 * and slope[columns] are scratch. NaN where the caller's function gave no usable number. */
double nqi_custom_log(const nq_evidence *part, nqi_twist twist, size_t t, size_t target,
                      const nqi_real *x, size_t stride, double *gradient, double *row,
                      double *slope);

/* Cholesky factor of a[n][n] in place, lower; 0 when a is not positive definite. Then solves
 * L v = v, and L^T v = v, in place. */
int nqi_cholesky(double *a, size_t n);
void nqi_cholesky_forward(const double *root, size_t n, double *v);
void nqi_cholesky_backward(const double *root, size_t n, double *v);

#endif
