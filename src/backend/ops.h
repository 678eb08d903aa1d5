/* ops.h - the slot table: every array computation that is worth a fast kernel.
 * Start from the reference table, then override slots by what the machine has. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_OPS_H
#define NQI_BACKEND_OPS_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/context.h>

#include "core/real.h"
#include "core/rng.h"

/* Layout. A microbatch is feature-major: x[feature][row], rows contiguous ("samples in the
 * lanes"), so that no width wastes a vector. Row counts passed to slots are multiples of
 * NQI_LANES, and the start of each feature's rows is 64-byte aligned (strides are multiples of
 * NQI_LANES too). Strides are in elements. Weights are row-major [out][in] with stride ldw, with
 * no promise of alignment. `accumulate` adds to the output instead of overwriting it. */
enum { NQI_LANES = 16 };

/* The binomial slots limit a logit of x_0 to this size: the odds e^60 are certainty in any
 * arithmetic here, and every divergence stays finite. */
enum { NQI_LOGIT_LIMIT = 60 };
/* The belief form of real numbers holds its variance output to this size on both sides. */
enum { NQI_BELIEF_LIMIT = 12 };

typedef enum nqi_activation {
    NQI_IDENTITY,
    NQI_SIGMOID,
    NQI_TANH,
    NQI_SILU,    /* x sigmoid(x) */
    NQI_SOFTPLUS /* log(1 + e^x) */
} nqi_activation;

/* Scalars of one Gaussian step t (mathematics.md sections 2 and 3). With
 * u = sqrt(1 - abar_t) x_0 - sqrt(abar_t) noise, the posterior mean is
 * m = sqrt(alpha_t) x_t + cs u, and the model's is mu = sqrt(alpha_t) x_t + cs gain z. */
typedef struct nqi_gaussian_step {
    nqi_real signal;     /* sqrt(abar_t) */
    nqi_real spread;     /* sqrt(1 - abar_t) */
    nqi_real root_alpha; /* sqrt(alpha_t) */
    nqi_real cs;         /* sqrt(abar_{t-1}) beta_t / sqrt(1 - abar_t) */
    nqi_real gain;       /* 1 for the x_0 form; sqrt(beta_t) / cs for the forward form */
    nqi_real logit_beta; /* log(beta_t / (1 - beta_t)) */
    nqi_real log_v;      /* log of the forward posterior's variance v */
    nqi_real odds, rest; /* cs^2 / v, v / cs^2: of the belief form */
} nqi_gaussian_step;

/* What a normal law says of x_0 at a step, and what an output is of it. */
typedef struct nqi_normal_step {
    nqi_real root_keep;    /* of x_0 in x_t: x_t = root_keep x_0 + noise, ... */
    nqi_real noise;        /* ... whose variance is so much in units of root_keep^2 */
    nqi_real signal, unit; /* mean output: (x_0 - signal x_t) unit */
    nqi_real is_belief; /* variance output: log(V / complement), at most limit either way, ... */
    nqi_real complement, limit;
    nqi_real v, slope, logit_beta; /* ... or logit(v + slope V) - logit_beta */
} nqi_normal_step;

/* Tables of one binomial step t for one bit with mean m. q1 = q(x_{t-1}=1 | x_t, x_0=1),
 * q0 = the same for x_0=0; each for x_t = 0 and x_t = 1. Ratios and complements are made in
 * float64 from products, never by subtraction in float32. */
typedef struct nqi_binomial_step {
    nqi_real q1[2], q0[2];   /* indexed by x_t */
    nqi_real q1c[2], q0c[2]; /* 1 - q1, 1 - q0 */
    nqi_real gap[2];         /* q1 - q0 */
    nqi_real logit_prior[2]; /* logit of P(x_0=1 | x_t) under independent bits of mean m */
    nqi_real flip[2];        /* q(x_t=1 | x_0=0), q(x_t=1 | x_0=1): indexed by x_0 */
} nqi_binomial_step;

/* The slots of levels limit how far an output is below the largest one: e^-87 is a float32. */
enum { NQI_LEVEL_LIMIT = 87 };

/* The levels 0..count-1 of each of some numbers, and their equilibrium. */
typedef struct nqi_levels {
    size_t count;
    const nqi_real *pi;    /* [dim][count] */
    const uint32_t *below; /* [dim][count] 2^32 (pi_0 + .. + pi_k), at most 2^32 - 1 */
} nqi_levels;

/* Scalars of one categorical step t. */
typedef struct nqi_levels_step {
    nqi_real alpha, beta;  /* kept by the step, and drawn anew */
    nqi_real keep, forget; /* abar_t, 1 - abar_t */
    nqi_real before, lost; /* the same of t - 1; lost 0: t = 1 */
    uint32_t kept;         /* 2^32 abar_t, at most 2^32 - 1 */
} nqi_levels_step;

/* The level that a number is. */
static inline size_t nqi_level_of(double x, size_t count)
{
    return x > 0 ? (x < (double)count ? (size_t)x : count - 1) : 0;
}
/* Bits from this on, and at least `kept` of 2^32, draw a level above k. */
static inline uint32_t nqi_level_end(uint32_t kept, uint32_t below)
{
    return kept + (uint32_t)((uint64_t)below * (4294967296u - kept) >> 32);
}

typedef struct nqi_adam {
    double rate, beta1, beta2, epsilon;
    double correction1, correction2; /* 1 - beta1^n, 1 - beta2^n */
    double decay;                    /* decoupled weight decay per update: w -= rate decay w */
} nqi_adam;

/* Of pictures. */
typedef struct nqi_conv_ops {
    /* Maps of pictures: x[plane][y][x][row], rows contiguous and the stride between pixels too.
     * Planes are ld elements apart, ld >= height * width * rows: callers leave a pixel's worth of
     * room between planes, or power-of-two pictures would put all planes of a pixel into one cache
     * set.
     * Sums are in a fixed order. scratch: conv_scratch() elements of exactly this shape, 64-byte
     * aligned, for each of the three; out and in may change places.
     * y[out] (+)= act(b + sum over `in` and the nine neighbours of W x); beyond the edges is 0.
     * w[out][in][3][3] contiguous, b[out] or NULL. act is applied at the end (identity, tanh,
     * sigmoid, softplus; identity when accumulating). */
    void (*forward)(nqi_real *y, size_t ldy, const nqi_real *w, const nqi_real *b,
                    const nqi_real *x, size_t ldx, size_t out, size_t in, size_t height,
                    size_t width, size_t rows, nqi_activation act, int accumulate,
                    nqi_real *scratch);
    /* dx[in] (+)= the transpose on dy[out]. */
    void (*backward_input)(nqi_real *dx, size_t lddx, const nqi_real *w, const nqi_real *dy,
                           size_t lddy, size_t out, size_t in, size_t height, size_t width,
                           size_t rows, int accumulate, nqi_real *scratch);
    /* dw[out][in][3][3] += , db[out] += (may be NULL). */
    void (*backward_weight)(nqi_real *dw, nqi_real *db, const nqi_real *dy, size_t lddy,
                            const nqi_real *x, size_t ldx, size_t out, size_t in, size_t height,
                            size_t width, size_t rows, nqi_real *scratch);
    size_t (*scratch)(size_t out, size_t in, size_t height, size_t width, size_t rows);
    /* y[plane][h][w][row] (+)= sum or, with mean, mean of x over windows of factor x factor pixels;
     * h = ceil(height / factor), and windows at the far edges hold the pixels that there are. */
    void (*pool)(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                 size_t height, size_t width, size_t factor, size_t rows, int mean,
                 int accumulate);
    /* The transpose: y[plane][height][width][row] (+)= x of the pixel's window [plane][h][w][row],
     * with mean divided by the number of pixels in it. mean 0 is the nearest upsampling. */
    void (*unpool)(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                   size_t height, size_t width, size_t factor, size_t rows, int mean,
                   int accumulate);
} nqi_conv_ops;

/* Of random numbers. */
typedef struct nqi_random_ops {
    /* Random numbers of a stream, numbers first..first+n-1 of the order that rng.h defines; first
     * is a multiple of 64. Bits are identical for every backend, and so are uniforms and normals of
     * one build type: only correctly rounded operations in a fixed order, never contracted.
     * uniform: (bits >> 9) * 2^-23 + 2^-24, in (0, 1) and exact in float32.
     * normal: Box-Muller within an output: words 0, 1 give numbers of words 0 and 1 (cosine, sine),
     * words 2, 3 likewise; radius from (bits + 1) * 2^-32 or finer, so that tails reach 6.6. */
    void (*bits)(uint32_t *out, const nqi_stream *stream, uint64_t first, size_t n);
    void (*uniform)(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n);
    void (*normal)(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n);
    /* The same for rows that begin with the stream's group, into out[dim][ld]; any number of rows.
     */
    void (*bits_rows)(uint32_t *out, size_t ld, const nqi_stream *stream, size_t rows,
                      size_t dim);
    void (*uniform_rows)(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                         size_t dim);
    void (*normal_rows)(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                        size_t dim);
    /* As nqi_stream_permute_run. */
    void (*permute)(uint64_t *out, const nqi_stream *stream, uint64_t first, size_t n,
                    uint64_t count);
} nqi_random_ops;

/* Of real numbers. */
typedef struct nqi_gaussian_ops {
    /* Gaussian family, on features x rows that share t. Strides as given.
     * corrupt: x_t = signal x_0 + spread noise. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const nqi_real *noise, size_t ld,
                    const nqi_gaussian_step *step, size_t dim, size_t rows);
    /* Divergence of [SD15] eq. 14, summed over features into kl[rows] (overwritten), from
     * u = spread x_0 - signal noise, z (mean output) and z_var (variance output):
     * log S = logsigmoid(z_var + logit_beta), d = log S - log_v,
     * kl = sum 1/2 [ d + expm1(-d) + (cs (u - gain z))^2 exp(-log S) ].
     * dz, dz_var (same stride ld as the others; both NULL: value only) get weight * dkl/dz. */
    void (*divergence)(nqi_real *kl, nqi_real *dz, nqi_real *dz_var, const nqi_real *z,
                       const nqi_real *z_var, const nqi_real *x_0, const nqi_real *noise,
                       size_t ld, const nqi_gaussian_step *step, nqi_real weight, size_t dim,
                       size_t rows);
    /* x_{t-1} = root_alpha x_t + cs gain z + exp(log S / 2) noise; out may be x_t. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, const nqi_real *z, const nqi_real *z_var,
                    const nqi_real *noise, size_t ld, const nqi_gaussian_step *step, size_t dim,
                    size_t rows);
    /* The same where z_var is of a belief about x_0, of variance V = (1 - abar_t) e^z_var, |z_var|
     * held to NQI_BELIEF_LIMIT: S = v + cs^2 e^z_var, so that z_var = 0 is S = beta_t. With
     * s = cs^2 e^z_var / S and d = log(S / v) = log(1 + odds e^z_var),
     * kl = sum 1/2 [ d - s + (cs (u - gain z))^2 / S ]. dz_var is 0 where it would lead further
     * beyond the limit. */
    void (*belief_divergence)(nqi_real *kl, nqi_real *dz, nqi_real *dz_var, const nqi_real *z,
                              const nqi_real *z_var, const nqi_real *x_0, const nqi_real *noise,
                              size_t ld, const nqi_gaussian_step *step, nqi_real weight,
                              size_t dim, size_t rows);
    void (*belief_reverse)(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                           const nqi_real *z_var, const nqi_real *noise, size_t ld,
                           const nqi_gaussian_step *step, size_t dim, size_t rows);
} nqi_gaussian_ops;

/* Of bits. */
typedef struct nqi_binomial_ops {
    /* Binomial family; `steps` has one entry per bit (steps[i * step_stride], stride 0 when all
     * bits share m). x_t = 1 where bits 2^-32 < flip[x_0], exactly. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits, size_t ld,
                    const nqi_binomial_step *steps, size_t step_stride, size_t dim, size_t rows);
    /* rho = sigmoid(z + logit_prior), f = rho q1 + (1 - rho) q0, a = q1 or q0 by x_0,
     * kl = sum a log(a/f) + (1-a) log((1-a)/(1-f)) through log1p of small ratios:
     * x_0 = 1: f/a = 1 - (1-rho) gap/q1, (1-f)/(1-a) = 1 + (1-rho) gap/q1c;
     * x_0 = 0: f/a = 1 + rho gap/q0,     (1-f)/(1-a) = 1 - rho gap/q0c;  0 log 0 = 0.
     * dz gets weight * dkl/dz (NULL: value only). */
    void (*divergence)(nqi_real *kl, nqi_real *dz, const nqi_real *z, const nqi_real *x_0,
                       const nqi_real *x_t, size_t ld, const nqi_binomial_step *steps,
                       size_t step_stride, nqi_real weight, size_t dim, size_t rows);
    /* x_{t-1} = 1 where bits 2^-32 < f, exactly. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, const nqi_real *z, const uint32_t *bits,
                    size_t ld, const nqi_binomial_step *steps, size_t step_stride, size_t dim,
                    size_t rows);
} nqi_binomial_ops;

/* Of levels. With belief u_k = pi_k e^{z_k} / sum, q(j|k) of one step t and D = keep u_j + forget
 * pi_j, j = x_t: p(x_{t-1} = k | j) = q(j|k) (before u_k + lost pi_k) / D (mathematics.md section
 * 10). z and dz of level k lie level_stride elements on from those of level k - 1. */
typedef struct nqi_levels_ops {
    /* Bits under `kept` keep x_0, others draw from pi: the least k with bits < nqi_level_end of
     * it, exactly. x_t may be x_0. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits, size_t ld,
                    const nqi_levels *levels, const nqi_levels_step *step, size_t dim,
                    size_t rows);
    /* kl = sum over numbers of sum_k q_k (c_k - log(1 + c_k)), q_k = q(k | j, x_0), c_k = p_k / q_k
     * - 1 without cancellation, overwritten; at t = 1 it is -log p(x_0 | x_1).
     * dz gets weight * dkl/dz (NULL: value only). */
    void (*divergence)(nqi_real *kl, nqi_real *dz, const nqi_real *z, size_t level_stride,
                       const nqi_real *x_0, const nqi_real *x_t, size_t ld,
                       const nqi_levels *levels, const nqi_levels_step *step, nqi_real weight,
                       size_t dim, size_t rows);
    /* x_{t-1}: the first level but x_t for which p of the levels to it, in their order and without
     * x_t, is above bits 2^-32; else x_t. out may be x_t. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, const nqi_real *z, size_t level_stride,
                    const uint32_t *bits, size_t ld, const nqi_levels *levels,
                    const nqi_levels_step *step, size_t dim, size_t rows);
} nqi_levels_ops;

/* Of radial basis functions. */
typedef struct nqi_rbf_ops {
    /* Normalised radial basis functions ([SD15] D): h_j = softmax_j(-|x - c_j|^2 / (2 s_j^2)),
     * s_j = exp(log_width_j). centres[units][dim]. h[units][rows]. */
    void (*forward)(nqi_real *h, size_t ldh, const nqi_real *x, size_t ldx,
                    const nqi_real *centres, const nqi_real *log_width, size_t units, size_t dim,
                    size_t rows);
    /* dcentres[units][dim] and dlog_width[units] are added to; dx (+)=, may be NULL. */
    void (*backward)(nqi_real *dx, size_t lddx, nqi_real *dcentres, nqi_real *dlog_width,
                     const nqi_real *dh, size_t lddh, const nqi_real *h, size_t ldh,
                     const nqi_real *x, size_t ldx, const nqi_real *centres,
                     const nqi_real *log_width, size_t units, size_t dim, size_t rows,
                     int accumulate);
} nqi_rbf_ops;

typedef struct nqi_ops {
    const char *name;

    /* y[out][rows] (+)= W x + b; b may be NULL. */
    void (*dense_forward)(nqi_real *y, size_t ldy, const nqi_real *w, size_t ldw,
                          const nqi_real *b, const nqi_real *x, size_t ldx, size_t out, size_t in,
                          size_t rows, int accumulate);
    /* dx[in][rows] (+)= W^T dy */
    void (*dense_backward_input)(nqi_real *dx, size_t lddx, const nqi_real *w, size_t ldw,
                                 const nqi_real *dy, size_t lddy, size_t out, size_t in,
                                 size_t rows, int accumulate);
    /* dW[out][in] (+)= dy x^T, db[out] (+)= sum over rows of dy (db may be NULL).
     * scratch: in * rows elements, 64-byte aligned. */
    void (*dense_backward_weight)(nqi_real *dw, size_t lddw, nqi_real *db, const nqi_real *dy,
                                  size_t lddy, const nqi_real *x, size_t ldx, size_t out,
                                  size_t in, size_t rows, int accumulate, nqi_real *scratch);
    nqi_conv_ops conv;

    /* n contiguous elements, any n; y may be x. */
    void (*activate)(nqi_activation kind, nqi_real *y, const nqi_real *x, size_t n);
    /* dx (+)= dy * f'(x), with y = f(x) given as well. dx may be dy when not accumulating. x may be
     * NULL where y tells the slope: for all but silu. */
    void (*activate_backward)(nqi_activation kind, nqi_real *dx, const nqi_real *dy,
                              const nqi_real *x, const nqi_real *y, size_t n, int accumulate);
    void (*vexp)(nqi_real *y, const nqi_real *x, size_t n);
    void (*vlog)(nqi_real *y, const nqi_real *x, size_t n);
    void (*vadd)(nqi_real *y, const nqi_real *x, size_t n); /* y += x */

    nqi_rbf_ops rbf;
    nqi_random_ops random;
    nqi_gaussian_ops gaussian;
    nqi_binomial_ops binomial;
    nqi_levels_ops levels;

    /* Optimisers on n contiguous parameters. */
    void (*adam)(nqi_real *w, nqi_real *m, nqi_real *v, const nqi_real *gradient, size_t n,
                 const nqi_adam *adam);
    void (*rmsprop)(nqi_real *w, nqi_real *v, const nqi_real *gradient, size_t n, double rate,
                    double decay, double epsilon);
    /* average = keep average + (1 - keep) w */
    void (*average)(nqi_real *average, const nqi_real *w, size_t n, double keep);
    /* adam, then average of the new w, in one pass over memory. */
    void (*adam_average)(nqi_real *w, nqi_real *m, nqi_real *v, nqi_real *average,
                         const nqi_real *gradient, size_t n, const nqi_adam *adam, double keep);
    /* Sum of squares in float64, in a fixed order. */
    double (*sum_squares)(const nqi_real *x, size_t n);
} nqi_ops;

/* The plain C table: the oracle. */
const nqi_ops *nqi_ops_ref(void);
/* By name ("ref", "generic", "avx2", "avx512", "avx512-bf16"), or NULL when this build or machine
 * lacks it. The last rounds the factors of dense layers to bfloat16: for training only. */
const nqi_ops *nqi_ops_by_name(const char *name);
/* The best that this machine runs. */
const nqi_ops *nqi_ops_best(void);

#endif
