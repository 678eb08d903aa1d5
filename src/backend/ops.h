/* ops.h - the slot table: every array computation that is worth a fast kernel, and which backends
 * fill it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_OPS_H
#define NQI_BACKEND_OPS_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/context.h>

#include "core/real.h"
#include "core/rng.h"

/* A backend is a table of those slots that it does faster; a slot that it leaves NULL is another
 * backend's, which it names (`over`), and at last the reference's, which has all. So a new backend
 * begins with one slot, and works. What the library calls are complete tables: nqi_backends. */

/* Layout. A microbatch is feature-major: x[feature][row], rows contiguous ("samples in the
 * lanes"), so that no width wastes a vector. Row counts passed to slots are multiples of
 * NQI_LANES, and the start of each feature's rows is 64-byte aligned (strides are multiples of
 * NQI_LANES too). Strides are in elements. Weights are row-major [out][in], with no promise
 * of alignment. `accumulate` adds to the output instead of overwriting it. */
enum { NQI_LANES = 16 };

/* What a slot sees of an array: where it is, and its stride. Line i (a feature, a plane of a map, a
 * line of a weight) begins at `at + i * ld`. */
typedef struct nqi_matrix {
    nqi_real *at;
    size_t ld;
} nqi_matrix;
typedef struct nqi_const_matrix {
    const nqi_real *at;
    size_t ld;
} nqi_const_matrix;

/* Of arrays [dim][rows] whose strides are all `ld`. */
typedef struct nqi_extent {
    size_t dim, rows, ld;
} nqi_extent;

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

/* What the network says of real numbers, [dim][ld] each, and where a divergence leaves `weight`
 * times its gradient by it (both NULL: value only). */
typedef struct nqi_gaussian_z {
    const nqi_real *z, *z_var; /* mean output, variance output */
} nqi_gaussian_z;
typedef struct nqi_gaussian_slopes {
    nqi_real *dz, *dz_var;
    nqi_real weight;
} nqi_gaussian_slopes;

/* The same for families of one kind of output. */
typedef struct nqi_slope {
    nqi_real *dz; /* NULL: value only */
    nqi_real weight;
} nqi_slope;

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

/* One table for each bit, of bit i at[i stride]; stride 0 where all bits share m. */
typedef struct nqi_binomial_steps {
    const nqi_binomial_step *at;
    size_t stride;
} nqi_binomial_steps;

/* The slots of levels limit how far an output is below the largest one: e^-87 is a float32. */
enum { NQI_LEVEL_LIMIT = 87 };

/* Scalars of one categorical step t. */
typedef struct nqi_levels_step {
    nqi_real alpha, beta;  /* kept by the step, and drawn anew */
    nqi_real keep, forget; /* abar_t, 1 - abar_t */
    nqi_real before, lost; /* the same of t - 1; lost 0: t = 1 */
    uint32_t kept;         /* 2^32 abar_t, at most 2^32 - 1 */
} nqi_levels_step;

/* The levels 0..count-1 of each of some numbers, their equilibrium, and one step. */
typedef struct nqi_levels {
    size_t count;
    const nqi_real *pi;    /* [dim][count] */
    const uint32_t *below; /* [dim][count] 2^32 (pi_0 + .. + pi_k), at most 2^32 - 1 */
    const nqi_levels_step *step;
} nqi_levels;

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

/* Of dense layers, W [out][in]. */
typedef struct nqi_dense_size {
    size_t out, in, rows;
} nqi_dense_size;

typedef struct nqi_dense_ops {
    /* y[out][rows] (+)= W x + b; b may be NULL. */
    void (*forward)(nqi_matrix y, nqi_const_matrix w, const nqi_real *b, nqi_const_matrix x,
                    nqi_dense_size size, int accumulate);
    /* dx[in][rows] (+)= W^T dy */
    void (*backward_input)(nqi_matrix dx, nqi_const_matrix w, nqi_const_matrix dy,
                           nqi_dense_size size, int accumulate);
    /* dW[out][in] (+)= dy x^T, db[out] (+)= sum over rows of dy (db may be NULL).
     * scratch: in * rows elements, 64-byte aligned. */
    void (*backward_weight)(nqi_matrix dw, nqi_real *db, nqi_const_matrix dy, nqi_const_matrix x,
                            nqi_dense_size size, int accumulate, nqi_real *scratch);
} nqi_dense_ops;

/* Of pictures: channels of the two maps, and what they share. */
typedef struct nqi_conv_size {
    size_t out, in, height, width, rows;
} nqi_conv_size;
/* Planes of height x width pixels, and windows of factor x factor of them. */
typedef struct nqi_window_size {
    size_t planes, height, width, factor, rows;
} nqi_window_size;

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
    void (*forward)(nqi_matrix y, const nqi_real *w, const nqi_real *b, nqi_const_matrix x,
                    nqi_conv_size size, nqi_activation act, int accumulate, nqi_real *scratch);
    /* dx[in] (+)= the transpose on dy[out]. */
    void (*backward_input)(nqi_matrix dx, const nqi_real *w, nqi_const_matrix dy,
                           nqi_conv_size size, int accumulate, nqi_real *scratch);
    /* dw[out][in][3][3] += , db[out] += (may be NULL). */
    void (*backward_weight)(nqi_real *dw, nqi_real *db, nqi_const_matrix dy, nqi_const_matrix x,
                            nqi_conv_size size, nqi_real *scratch);
    size_t (*scratch)(nqi_conv_size size);
    /* y[plane][h][w][row] (+)= sum or, with mean, mean of x over windows of factor x factor pixels;
     * h = ceil(height / factor), and windows at the far edges hold the pixels that there are. */
    void (*pool)(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                 int accumulate);
    /* The transpose: y[plane][height][width][row] (+)= x of the pixel's window [plane][h][w][row],
     * with mean divided by the number of pixels in it. mean 0 is the nearest upsampling. */
    void (*unpool)(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
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
    /* Gaussian family, on features x rows that share t.
     * corrupt: x_t = signal x_0 + spread noise. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const nqi_real *noise,
                    const nqi_gaussian_step *step, nqi_extent size);
    /* Divergence of [SD15] eq. 14, summed over features into kl[rows] (overwritten), from
     * u = spread x_0 - signal noise, z (mean output) and z_var (variance output):
     * log S = logsigmoid(z_var + logit_beta), d = log S - log_v,
     * kl = sum 1/2 [ d + expm1(-d) + (cs (u - gain z))^2 exp(-log S) ]. */
    void (*divergence)(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                       const nqi_real *x_0, const nqi_real *noise, const nqi_gaussian_step *step,
                       nqi_extent size);
    /* x_{t-1} = root_alpha x_t + cs gain z + exp(log S / 2) noise; out may be x_t. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                    const nqi_real *noise, const nqi_gaussian_step *step, nqi_extent size);
    /* The same where z_var is of a belief about x_0, of variance V = (1 - abar_t) e^z_var, |z_var|
     * held to NQI_BELIEF_LIMIT: S = v + cs^2 e^z_var, so that z_var = 0 is S = beta_t. With
     * s = cs^2 e^z_var / S and d = log(S / v) = log(1 + odds e^z_var),
     * kl = sum 1/2 [ d - s + (cs (u - gain z))^2 / S ]. dz_var is 0 where it would lead further
     * beyond the limit. */
    void (*belief_divergence)(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                              const nqi_real *x_0, const nqi_real *noise,
                              const nqi_gaussian_step *step, nqi_extent size);
    void (*belief_reverse)(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                           const nqi_real *noise, const nqi_gaussian_step *step, nqi_extent size);
} nqi_gaussian_ops;

/* Of bits. */
typedef struct nqi_binomial_ops {
    /* x_t = 1 where bits 2^-32 < flip[x_0], exactly. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                    nqi_binomial_steps steps, nqi_extent size);
    /* rho = sigmoid(z + logit_prior), f = rho q1 + (1 - rho) q0, a = q1 or q0 by x_0,
     * kl = sum a log(a/f) + (1-a) log((1-a)/(1-f)) through log1p of small ratios:
     * x_0 = 1: f/a = 1 - (1-rho) gap/q1, (1-f)/(1-a) = 1 + (1-rho) gap/q1c;
     * x_0 = 0: f/a = 1 + rho gap/q0,     (1-f)/(1-a) = 1 - rho gap/q0c;  0 log 0 = 0. */
    void (*divergence)(nqi_real *kl, nqi_slope slope, const nqi_real *z, const nqi_real *x_0,
                       const nqi_real *x_t, nqi_binomial_steps steps, nqi_extent size);
    /* x_{t-1} = 1 where bits 2^-32 < f, exactly. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, const nqi_real *z, const uint32_t *bits,
                    nqi_binomial_steps steps, nqi_extent size);
} nqi_binomial_ops;

/* Of levels. With belief u_k = pi_k e^{z_k} / sum, q(j|k) of one step t and D = keep u_j + forget
 * pi_j, j = x_t: p(x_{t-1} = k | j) = q(j|k) (before u_k + lost pi_k) / D (mathematics.md section
 * 10). z and dz of level k lie z.ld elements on from those of level k - 1. */
typedef struct nqi_levels_ops {
    /* Bits under `kept` keep x_0, others draw from pi: the least k with bits < nqi_level_end of
     * it, exactly. x_t may be x_0. */
    void (*corrupt)(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                    const nqi_levels *levels, nqi_extent size);
    /* kl = sum over numbers of sum_k q_k (c_k - log(1 + c_k)), q_k = q(k | j, x_0), c_k = p_k / q_k
     * - 1 without cancellation, overwritten; at t = 1 it is -log p(x_0 | x_1). */
    void (*divergence)(nqi_real *kl, nqi_slope slope, nqi_const_matrix z, const nqi_real *x_0,
                       const nqi_real *x_t, const nqi_levels *levels, nqi_extent size);
    /* x_{t-1}: the first level but x_t for which p of the levels to it, in their order and without
     * x_t, is above bits 2^-32; else x_t. out may be x_t. */
    void (*reverse)(nqi_real *out, const nqi_real *x_t, nqi_const_matrix z, const uint32_t *bits,
                    const nqi_levels *levels, nqi_extent size);
    /* Laws of some levels, a law a column of [count][rows], rows on end: what the messages between
     * variables of a tree are made of. mix: y[out] = sum over `in` of W x, where W is [out][in], or
     * transposed [in][out]: dense.forward for a few outputs, never rounded.
     * multiply: y *= x, and each column is divided by its sum, which goes into sum[rows].
     * divide: y = x / y. */
    void (*mix)(nqi_real *y, const nqi_real *w, const nqi_real *x, nqi_dense_size size,
                int transposed);
    void (*multiply)(nqi_real *y, const nqi_real *x, nqi_real *sum, size_t count, size_t rows);
    void (*divide)(nqi_real *y, const nqi_real *x, size_t count, size_t rows);
} nqi_levels_ops;
/* No law is divided by less: what is 0 everywhere stays so. */
#define NQI_LAW_LEAST ((nqi_real)1e-30)

/* Normalised radial basis functions ([SD15] D): h_j = softmax_j(-|x - c_j|^2 / (2 s_j^2)),
 * s_j = exp(log_width_j). */
typedef struct nqi_rbf_basis {
    const nqi_real *centres, *log_width; /* [units][dim], [units] */
    size_t units, dim;
} nqi_rbf_basis;
typedef struct nqi_rbf_gradient {
    nqi_real *centres, *log_width;
} nqi_rbf_gradient;

typedef struct nqi_rbf_ops {
    /* h[units][rows] of x[dim][rows]. */
    void (*forward)(nqi_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows);
    /* The sums are added to; dx (+)=, its address may be NULL. */
    void (*backward)(nqi_matrix dx, nqi_rbf_gradient sums, nqi_const_matrix dh,
                     nqi_const_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows,
                     int accumulate);
} nqi_rbf_ops;

/* What the factors of dense products are rounded to; sums are of nqi_real. */
typedef enum nqi_precision {
    NQI_EXACT, /* they are not */
    NQI_BF16   /* bfloat16: for training only */
} nqi_precision;

typedef struct nqi_ops {
    const char *name; /* what people call it; the library asks for what a table can do */
    nqi_precision precision;
    /* The backend whose slots stand where its own are NULL; none: the reference. */
    const struct nqi_ops *(*over)(void);

    /* From here on all members are slots: pointers to functions, and nothing else. */
    nqi_dense_ops dense;
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

/* The plain C table: the oracle, complete. */
const nqi_ops *nqi_ops_ref(void);
/* The complete table of a backend: what it leaves out is filled in. */
void nqi_ops_complete(nqi_ops *out, const nqi_ops *own);

/* Complete tables of the backends that this machine runs, the best first. A context has them, made
 * with it and never changed; what is found in them is borrowed. */
enum { NQI_BACKENDS = 5 };
typedef struct nqi_backends {
    size_t count;
    nqi_ops table[NQI_BACKENDS];
} nqi_backends;

void nqi_backends_fill(nqi_backends *out);
/* By name ("ref", "generic", "avx2", "avx512", "avx512-bf16"), or NULL when this build or machine
 * lacks it. */
const nqi_ops *nqi_backends_named(const nqi_backends *backends, const char *name);
/* The best of a precision, or NULL; there always is one that is exact. */
const nqi_ops *nqi_backends_with(const nqi_backends *backends, nqi_precision precision);

#endif
