/* family.h - the interface of a family: how the numbers of a block are diffused, scored, drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_FAMILY_H
#define NQI_FAMILY_FAMILY_H

#include <math.h>

#include <noneq/options.h>
#include <noneq/schedule.h>

#include "backend/ops.h"
#include "core/real.h"
#include "core/rng.h"
#include "family/jump.h"

typedef struct nqi_family nqi_family;

/* The mean square of x_0 less what a network expects of it, in units of 1 - abar_t, measured at
 * some of the trained steps. */
typedef struct nqi_residual {
    size_t count, width;  /* times; numbers that have one of their own, or 1: all alike */
    const uint32_t *time; /* [count] rising */
    const double *value;  /* [count][width] positive */
} nqi_residual;

/* Numbers first .. first + count - 1 of a row, which one family diffuses. */
typedef struct nqi_block {
    const nqi_family *family;
    size_t first, count;
    size_t levels;        /* that each of them may have, 0..levels-1; 0: a family of numbers */
    size_t outputs;       /* of the regressor for each of them */
    size_t output_first;  /* the regressor's output o of the block's number i is number
                             output_first + o * count + i of all */
    size_t law_first;     /* what says the law of number i are the nqi_block_width numbers from
                             law_first + i * nqi_block_width on of all */
    nq_schedule schedule; /* the process's; its arrays are borrowed */
    size_t first_learned; /* first step whose reverse is learned: 2, as in [SD15], or 1 */
    double *equilibrium;  /* [count * width] what pi has for each number; NULL: nothing. Owned */
    void *tables;         /* the family's own, of this schedule */
    /* Of a chain of fewer steps than were trained, else NULL: the block that was trained, and the
     * step of it at which each one here begins, [steps + 1], 0 first. Borrowed. */
    const struct nqi_block *trained;
    const uint32_t *time;
    const nqi_residual *residual; /* of a trained block; NULL: it was not measured. Borrowed */
} nqi_block;

/* Whether more than one step of a block as it was trained is taken by step t. */
static inline int nqi_block_is_long(const nqi_block *block, size_t t)
{
    return block->time && block->time[t] - block->time[t - 1] > 1;
}

/* p log p, of entropies. */
static inline double nqi_xlogx(double p)
{
    return p > 0 ? p * log(p) : 0;
}

/* Numbers that say the law of one of the block's: a mean, or the probability of each level. */
static inline size_t nqi_block_width(const nqi_block *block)
{
    return block->levels ? block->levels : 1;
}
static inline size_t nqi_block_laws(const nqi_block *block)
{
    return block->count * nqi_block_width(block);
}
/* Whether x can be one of the block's numbers for all that its levels say. */
static inline int nqi_block_has(const nqi_block *block, double x)
{
    return !block->levels || x < (double)block->levels;
}

/* Of number i of a trained block at step t: between times its log is linear. */
double nqi_residual_at(const nqi_block *block, size_t t, size_t i);

/* Rows of a microbatch that share t. Arrays are [numbers][ld], of one block: at the block's first
 * number, and at the first of these rows. NULL: not there. */
typedef struct nqi_rows {
    const nqi_ops *ops;
    size_t t, rows, ld;
    nqi_real *x_t;
    const nqi_real *x_0, *noise; /* noise is normals, or bits as uint32_t */
    const nqi_real *output;      /* [outputs * count][ld] */
    nqi_real *output_gradient;   /* the same */
    const nqi_real *x_t_gradient;
} nqi_rows;

/* Of arrays of `dim` of a block's numbers, for kernels. */
static inline nqi_extent nqi_rows_extent(const nqi_rows *rows, size_t dim)
{
    return (nqi_extent){dim, rows->rows, rows->ld};
}

/* Noise that is bits, kept in the array of reals (which are no narrower). */
static inline const uint32_t *nqi_bits_of(const nqi_real *noise)
{
    return (const uint32_t *)(const void *)noise;
}

/* Rows on their way down: what x of the next level is drawn from. Arrays are [numbers][rows], of
 * one block; those of laws have nqi_block_width numbers for each. */
typedef struct nqi_proposal {
    size_t rows;
    nqi_real *x;             /* of the present level */
    double *mean, *variance; /* laws; of bits: mean is P(x = 1); of levels: P(x = k) */
    double *tilt;            /* added to the mean, or to the logit */
} nqi_proposal;

/* What evidence is worth at level t. */
typedef enum nqi_twist {
    NQI_TWIST_CONSTANT, /* r_t(x) = r(x) */
    NQI_TWIST_ANNEALED, /* r(x)^((T - t)/T) */
    NQI_TWIST_INFORMED, /* E[r(x_0) | x_t = x] for x_0 ~ pi */
    NQI_TWIST_LOOKAHEAD /* the same for x_0 as the regressor believes at x_t */
} nqi_twist;

/* Evidence on the cells of a block, each by itself. */
typedef struct nqi_cells {
    const double *value; /* of target k and number i: value[k * stride + i], y or (bits) the
                            probability of a one; NaN: nothing is known. Of levels: width numbers
                            r >= 0 from value[k * stride + i * width] on */
    size_t stride;
    const double *variance; /* [count] of the noise in y, 0: none; NULL: the values are odds */
    const size_t *target;   /* [rows] of each row of a proposal */
} nqi_cells;

/* What evidence may say of one cell. */
typedef enum nqi_cell_noise {
    NQI_NOISE_NORMAL, /* a number with a standard deviation */
    NQI_NOISE_ODDS,   /* the probability of a one */
    NQI_NOISE_LEVELS  /* a weight for each level */
} nqi_cell_noise;

/* Sums over rows that say how a step's divergence falls and rises with its rates; what each is, is
 * the family's. */
enum { NQI_RATE_SUMS = 7 };
typedef struct nqi_step_gradient {
    double sum[NQI_RATE_SUMS];
} nqi_step_gradient;

/* What defaults are chosen by. */
typedef struct nqi_facts {
    size_t rows, dim;
    double grey_level;    /* of pictures: one level, in the data's units; 0: no pictures */
    int is_picture;       /* the network sees pictures */
    int rates_are_chosen; /* the schedule is no file, which holds its own */
} nqi_facts;

/* The diffusion of rows, and its reverse. */
typedef struct nqi_steps {
    /* Fills noise[count][ld] of rows that begin with the stream's group. */
    void (*draw)(const nqi_block *block, const nqi_ops *ops, nqi_real *noise, size_t ld,
                 const nqi_stream *stream, size_t rows);
    /* x_t from x_0 and noise. */
    void (*corrupt)(const nqi_block *block, const nqi_rows *rows);
    /* Divergence at step t of numbers first..first+count-1 of the block, summed into kl[rows]
     * (overwritten); where there is an output gradient, weight times d kl into it. */
    void (*divergence)(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                       nqi_real *kl, nqi_real weight);
    /* x_T ~ pi into x_t, from noise. */
    void (*start)(const nqi_block *block, const nqi_rows *rows);
    /* x_{t-1} over x_t, from the regressor's outputs and noise. For a step that is not learned the
     * outputs are not looked at: p(x_0|x_1) = T_pi ([SD15] B.2). */
    void (*reverse)(const nqi_block *block, const nqi_rows *rows);
    /* Outputs of numbers first..first+count-1 as the rest of the family has them, from those of the
     * network, in place, [outputs * count][ld]; and after a divergence gradients by the network's
     * own from those, with what x_t has in it beside added to x_slope [count][ld] (NULL: not asked
     * for). NULL: they are the same. Of a chain of fewer steps the block is the trained one. */
    void (*read)(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                 nqi_real *output);
    void (*unread)(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                   double *x_slope);
    /* The outputs, [outputs * count][ld], that say of x_{t-1} what a mean (probability of a one, of
     * each level) and variance of x_0 given x_t say, [laws][ld]. */
    void (*outputs)(const nqi_block *block, const nqi_rows *rows, const nqi_real *mean,
                    const nqi_real *variance, nqi_real *output);
    /* What x_t alone says of x_0, [laws][ld]: of numbers a value and the variance of its noise;
     * of bits log P(x_t | 1) / P(x_t | 0), of levels log P(x_t | k) but for a constant. Bits and
     * levels leave the variance. */
    void (*said)(const nqi_block *block, const nqi_rows *rows, nqi_real *value,
                 nqi_real *variance);
    /* Mean (probability of a one, of each level) and variance of x_{t-1}, [laws][ld]. Levels leave
     * the variance. */
    void (*moments)(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                    nqi_real *variance);
    /* The same of x_0 given x_t: what the regressor believes, of a step that is not learned the
     * kernel alone. */
    void (*belief)(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                   nqi_real *variance);
    /* What a step of any length from x_t costs where the belief about x_0 is right: of number i,
     * whose belief begins at law[0] with `stride` between levels. Of real numbers the mean is not
     * looked at; of s = 0 it is the entropy of x_0. */
    double (*jump_cost)(const nqi_block *block, const nqi_jump *jump, size_t i,
                        const nqi_real *law, size_t stride, double variance, double x_t);
    /* What a normal law of x_0 needs to know of step t, and to tell what it says as outputs. NULL:
     * they are of no such law. */
    void (*normal)(const nqi_block *block, size_t t, nqi_normal_step *out);
    /* Whether longer steps than were trained need a residual, as the regressor has no output for
     * the variance of a belief. NULL: no. */
    int (*needs_residual)(const nqi_block *block);
} nqi_steps;

/* A function of the belief about x_0, as one of x_t: its slope, [laws][ld], is by the mean; of bits
 * and levels by the log-odds of a one, of each level. */
typedef struct nqi_foresight {
    /* Its slope by the outputs into the rows' output gradient, and by x_t where that is in the
     * belief beside the outputs, [count][ld]. */
    void (*back)(const nqi_block *block, const nqi_rows *rows, const double *slope,
                 double *x_slope);
    /* The law of x_{t-1} given x_t if the belief about x_0 were another one: of one number, from a
     * belief and into a law of nqi_block_width numbers each, or (numbers) mean and variance,
     * `stride` apart. */
    void (*step)(const nqi_block *block, size_t t, double x_t, size_t number,
                 const double *belief, size_t belief_stride, double *law, size_t law_stride);
    /* The variance of a belief, kept within what the outputs of step t can tell of it. NULL: as it
     * is. */
    double (*hold)(const nqi_block *block, size_t t, double variance);
} nqi_foresight;

/* What the bound holds beside its divergences, in nats. Of one row: elements x_0[i * stride]. */
typedef struct nqi_account {
    int entropies_vary; /* H_q(X_t | X_0 = x_0) depends on x_0 */
    /* H_q(X_t | X_0 = x_0) */
    double (*entropy_given_data)(const nqi_block *block, const nqi_real *x_0, size_t stride,
                                 size_t t);
    /* Where p(x_0|x_1) is learned, what makes the divergence at t = 1 the cross-entropy of x_0;
     * NULL: it is that. */
    double (*entropy_point)(const nqi_block *block);
    double (*entropy_prior)(const nqi_block *block); /* H_p(X_T) */
    /* The edge term of mathematics.md section 3, for each unit of its rate. */
    double (*edge)(const nqi_block *block, const nqi_real *x_0, size_t stride);
    double (*log_prior)(const nqi_block *block, const nqi_real *x_0, size_t stride);
    /* What [SD15] eq. 24 needs of a data set: means over rows of H_q(X_t | X_0) and H_q(X_t |
     * X_{t-1}), from the mean of each column of x_0, [laws]: of levels how frequent each is; t >= 0
     * and t >= 1. */
    double (*entropy_mean)(const nqi_block *block, const double *column_mean, size_t t);
    double (*entropy_step)(const nqi_block *block, const double *column_mean, size_t t);
    /* The condition of eq. 24's upper bound: what must not be negative, from each column's mean and
     * variance, [laws]; *largest becomes at least what stands out most. */
    double (*entropy_rise)(const nqi_block *block, const double *column_mean,
                           const double *column_variance, double *largest);
} nqi_account;

/* Trajectories in float64, [count][ld] like x_t. */
typedef struct nqi_paths {
    /* after: drawn from q(x_t | x_{t-1} = before) with the rows' noise. */
    void (*forward_step)(const nqi_block *block, const nqi_rows *rows, double *after,
                         const double *before);
    /* log_w[row] += log p(x_{t-1} | x_t) - log q(x_t | x_{t-1}) of numbers first..first+count-1 of
     * the block, from the regressor's outputs at
     * x_t; for a step that is not learned it is log pi(x_{t-1}) - log pi(x_t). */
    void (*log_ratio)(const nqi_block *block, const nqi_rows *rows, size_t first, size_t count,
                      double *log_w, const double *before, const double *after);
} nqi_paths;

/* Rows under evidence. Of a belief a twist is what level 0 makes of it. */
typedef struct nqi_twisting {
    nqi_cell_noise noise; /* that evidence on a cell may have */
    int is_normal;        /* x_{t-1} given x_t is normal: what is linear in it can be given */
    const double *pair;   /* [2] the only values of x, the lower first; NULL: others */
    /* The proposal of pi, and the value that x has before there is one. */
    void (*prior)(const nqi_block *block, nqi_proposal *proposal);
    /* A mean that float32 has rounded to one that cannot be; NULL: it does not. */
    double (*proper)(double mean);
    /* x from the proposal and noise. */
    void (*draw_from)(const nqi_block *block, nqi_proposal *proposal, const nqi_real *noise);
    /* x[count][rows] drawn from q(x_t | x_s = from) with noise, where `keep` of x_s is left and
     * `forget` of it replaced; x stays where `from`, [count][rows], is NaN. */
    void (*diffuse)(const nqi_block *block, double keep, double forget, const double *from,
                    nqi_real *x, const nqi_real *noise, size_t rows);
    /* Multiplies the proposal by the cells' twist at `level`, and adds the log of what that
     * integrates to to log_weight; or takes log r_level(x) off it. */
    void (*multiply)(const nqi_block *block, const nqi_cells *cells, nqi_twist twist,
                     size_t level, nqi_proposal *proposal, double *log_weight);
    void (*untwist)(const nqi_block *block, const nqi_cells *cells, nqi_twist twist, size_t level,
                    const nqi_proposal *proposal, double *log_weight);
    /* Where evidence is asked for its gradient; the tilt from that gradient [count][rows] (NaN:
     * none); and log of (untilted density at x) / (tilted one), of one row. NULL: it has none. */
    void (*ask_at)(const nqi_block *block, const nqi_proposal *proposal, nqi_real *at);
    void (*tilt)(const nqi_block *block, nqi_proposal *proposal, const double *gradient);
    double (*tilt_cost)(const nqi_block *block, const nqi_proposal *proposal, size_t row);
    /* log of the proposal's density (probability) of its own x, of number i in one row, without the
     * tilt. */
    double (*log_law)(const nqi_block *block, const nqi_proposal *proposal, size_t i, size_t row);
    nqi_foresight ahead;
} nqi_twisting;

/* Divergences as functions of the rates. */
typedef struct nqi_rates {
    /* After a score with gradient on a tape that keeps the input's: adds the sums of `valid` rows.
     */
    void (*add)(const nqi_block *block, const nqi_rows *rows, size_t valid,
                nqi_step_gradient *sum);
    /* dK/dbeta_t, t = 1..T, in nats per row, where sums [T] are derivatives of E sum_t KL_t. */
    void (*gradient)(const nqi_block *block, const nqi_step_gradient *sums, double *gradient);
    /* The weight of step t with which errors of all noise levels count alike (--weighting v); 0:
     * there is none. */
    double (*even_weight)(const nqi_block *block, size_t t);
} nqi_rates;

/* A linear readout whose first output z is best where gain z is u in the mean of squares. */
typedef struct nqi_readout_solution {
    double gain;   /* of z */
    double second; /* the constant other output that is best */
} nqi_readout_solution;
typedef struct nqi_readouts {
    /* u of number i in a row, and its weight: 1, or with `weighs` what the other output says. */
    void (*target)(const nqi_block *block, const nqi_rows *rows, size_t i, size_t row, int weighs,
                   double *u, double *weight);
    /* square: the mean of (u - gain z)^2 that is left at step t. */
    nqi_readout_solution (*solution)(const nqi_block *block, size_t t, double square);
} nqi_readouts;

/* What a network of its own options (mlp) gets where nothing is said. */
typedef struct nqi_network_defaults {
    size_t narrow;      /* most numbers of a row for which smaller layers do */
    double narrow_work; /* of training there; 0: as for others */
    int wide;           /* units of a wide layer beside */
    double dropout_few; /* where rows are few, ... */
    double dropout;     /* ... and where they are neither few nor many */
    double decay;       /* of weights, unless rows are many */
    const char *offset; /* what it may stand on, by hold-out rows; or NULL */
} nqi_network_defaults;

/* What a model gets where nothing is said. */
typedef struct nqi_defaults {
    const char *schedule, *scale; /* scale NULL: by what a row is */
    const char *regressor;        /* NULL: likewise */
    int steps, learn_last, roles; /* roles: where the network takes them */
    nqi_network_defaults network;
    double dropout; /* where rows are few */
    /* Of training; 0: as for others. */
    int batch, updates_least;
    double rate, average, work;
    double passes; /* over data of levels alone, at least, within updates_most */
    int updates_most;
    double bears; /* the part of the best hold-out gain that the last state may have lost */
    /* Fills what else depends on the data. */
    void (*choose)(nq_model_options *options, const nqi_facts *facts);
    /* A chain of few steps that is good enough for some cells given others. */
    struct {
        const char *schedule;
        int steps, learn_last;
    } brief;
} nqi_defaults;

/* pi's own numbers, nqi_block_width for each number of a row. */
typedef struct nqi_equilibrium {
    const char *name;  /* in a file */
    const char *fixed; /* why a model of pictures that has them keeps its size */
    /* For a column that sums to `sum` over `rows` rows; of one of `levels`: which so many have. */
    double (*measure)(const nq_model_options *options, double sum, double rows, size_t levels);
    int (*holds)(double number);
} nqi_equilibrium;

struct nqi_family {
    const char *name;
    int is_mixed;   /* of processes of several families: none of its own, and no block is of it */
    size_t outputs; /* of the regressor for each number; 0: as many as it has levels */
    double rate_most; /* largest diffusion rate of a step */
    int is_density;   /* of real numbers: K bounds the log of a density; else of a probability */
    int tables_for_each;           /* a table for each step and number, which takes memory */
    const char *constant_fraction; /* the kind of schedule that this name stands for */
    /* Fields of nq_model_options, between blanks, that no other family looks at. */
    const char *options;
    nqi_defaults defaults;
    /* Whether a number in the data's units can be a value at all (NULL: every finite one), and what
     * is expected, in a sentence. */
    int (*holds)(double x);
    const char *expected;
    /* Makes the block's tables for its schedule, again when that has changed. options NULL: as by
     * default, or as before. NQ_ERROR_MEMORY without a sentence. */
    nq_status (*prepare)(nqi_block *block, nq_context *context, const nq_model_options *options);
    void (*release)(nqi_block *block);
    const nqi_equilibrium *equilibrium; /* NULL: pi has no numbers of its own */
    const nqi_steps *steps;
    const nqi_account *account;
    const nqi_paths *paths;
    const nqi_twisting *twisting;
    const nqi_rates *rates;       /* NULL: they have no gradient */
    const nqi_readouts *readouts; /* NULL: none is solved */
};

/* The family of that name, or NULL. */
const nqi_family *nqi_family_find(const char *name);
/* The i-th of the list, or NULL; and its name. */
const nqi_family *nqi_family_at(size_t i);
const char *nqi_family_name(size_t i);
/* The one for data of 0 and 1 only, or for others. */
const nqi_family *nqi_family_for(int is_binary);

#endif
