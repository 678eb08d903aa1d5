/* process.h - a diffusion: family and schedule, with the tables that its kernels read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_DIFFUSION_PROCESS_H
#define NQI_DIFFUSION_PROCESS_H

#include <noneq/schedule.h>

#include "core/real.h"
#include "nn/run/run.h"

typedef struct nqi_process nqi_process;
typedef struct nqi_batch nqi_batch;

/* How one group (rows of a microbatch that share t) is diffused, scored and drawn. Arrays are
 * those of the batch, at the group's rows. */
typedef struct nqi_family {
    const char *name;
    size_t outputs;   /* regressor outputs for each number */
    double rate_most; /* largest diffusion rate of a step */
    int has_activity; /* the equilibrium has parameters, a mean for each number */
    int is_density;   /* of real numbers: K bounds the log of a density; else of a probability */
    int has_rate_gradient;         /* divergences have a gradient in the diffusion rates */
    const char *constant_fraction; /* the kind of schedule that this name stands for */
    /* Fields of nq_model_options, between blanks, that no other family looks at. */
    const char *options;
    /* What a model gets where nothing is said; scale NULL: by what a row is. */
    struct {
        const char *schedule, *scale;
        int steps;
        size_t narrow;  /* most numbers of a row for which smaller layers do */
        double dropout; /* where rows are few */
    } defaults;
    /* Whether a number in the data's units can be a value at all; NULL: every finite one. */
    int (*holds)(double x);
    /* A chain of few steps that is good enough for some cells given others. */
    struct {
        const char *schedule;
        int steps, learn_last;
    } brief;
    /* Prepares a process's step tables from schedule and activity. */
    nq_status (*prepare)(nqi_process *process);
    /* Fills batch->noise for all rows of the batch. */
    void (*draw)(const nqi_process *process, nqi_batch *batch, const nqi_stream *stream);
    /* x_t from x_0 and noise. */
    void (*corrupt)(const nqi_process *process, nqi_batch *batch, size_t group);
    /* Divergence at step t of numbers first..first+count-1 of each row, summed into kl[group_rows]
     * (overwritten); gradients into the tape (weight times d kl) when gradient. */
    void (*divergence)(const nqi_process *process, nqi_batch *batch, size_t group, size_t first,
                       size_t count, nqi_real *kl, nqi_real weight, int gradient);
    /* x_T ~ pi into x_t, from noise. */
    void (*start)(const nqi_process *process, nqi_batch *batch);
    /* x_{t-1} over x_t, from the regressor's outputs and noise. At t = 1 the outputs are not
     * looked at: p(x_0|x_1) = T_pi ([SD15] B.2). */
    void (*reverse)(const nqi_process *process, nqi_batch *batch, size_t group);
    /* Mean (probability of a one) and variance of x_{t-1}, feature-major like x_t. */
    void (*moments)(const nqi_process *process, const nqi_batch *batch, size_t group,
                    nqi_real *mean, nqi_real *variance);
    /* For one row of x_0 (elements x_0[i * stride]), nats: */
    double (*entropy_given_data)(const nqi_process *process, const nqi_real *x_0, size_t stride,
                                 size_t t); /* H_q(X_t | X_0 = x_0) */
    /* Stands for H_q(X_1 | X_0) in the bound; where p(x_0|x_1) is learned, what makes the
     * divergence at t = 1 the cross-entropy of x_0. */
    double (*entropy_first)(const nqi_process *process, const nqi_real *x_0, size_t stride);
    double (*entropy_prior)(const nqi_process *process); /* H_p(X_T) */
    double (*edge)(const nqi_process *process, const nqi_real *x_0,
                   size_t stride); /* mathematics.md section 3 */
    double (*log_prior)(const nqi_process *process, const nqi_real *x_0, size_t stride);
    /* Trajectories of a whole batch that shares t, in float64 ([dim][ld], like x_t). x_t = after
     * drawn from q(x_t | x_{t-1} = before) with batch->noise. */
    void (*forward_step)(const nqi_process *process, const nqi_batch *batch, size_t t,
                         double *after, const double *before);
    /* log_w[row] += log p(x_{t-1} | x_t) - log q(x_t | x_{t-1}), from the regressor's outputs at
     * x_t; for a step that is not learned it is log pi(x_{t-1}) - log pi(x_t). */
    void (*log_ratio)(const nqi_process *process, const nqi_batch *batch, size_t t, double *log_w,
                      const double *before, const double *after);
    /* What [SD15] eq. 24 needs of a data set: means over rows of H_q(X_t | X_0) and H_q(X_t |
     * X_{t-1}), from the mean of each column of x_0; t >= 0 and t >= 1. */
    double (*entropy_mean)(const nqi_process *process, const double *column_mean, size_t t);
    double (*entropy_step)(const nqi_process *process, const double *column_mean, size_t t);
} nqi_family;

extern const nqi_family nqi_family_gaussian, nqi_family_binomial;
/* Whether beta_1 is the first rate of that kind of schedule. */
int nqi_schedule_has_first_rate(const char *kind);
/* The family of that name, or NULL. */
const nqi_family *nqi_family_find(const char *name);
/* The i-th of the list, or NULL. */
const nqi_family *nqi_family_at(size_t i);
/* The one for data of 0 and 1 only, or for others. */
const nqi_family *nqi_family_for(int is_binary);

struct nqi_process {
    const nqi_family *family;
    nq_schedule schedule;
    size_t dim;
    size_t first_learned; /* first step whose reverse is learned: 2, as in [SD15], or 1 */
    int forward_form; /* Gaussian: mu = sqrt(alpha) x_t + sqrt(beta) z (the reference code's) */
    double *activity; /* binomial: [dim] equilibrium mean of each bit */
    int shared_activity;         /* all bits have the same */
    nqi_gaussian_step *gaussian; /* [T] */
    nqi_binomial_step *binomial; /* [T][dim or 1] */
    size_t binomial_stride;      /* 1, or 0 when one entry serves all bits */
};

/* Takes over the schedule (also when it fails). activity[dim] is copied; NULL for Gaussian. */
nq_status nqi_process_new(nqi_process *out, nq_context *context, const nqi_family *family,
                          nq_schedule *schedule, size_t dim, const double *activity,
                          int forward_form);
void nqi_process_free(nqi_process *process);
/* Steps with a learned reverse, first_learned..T. */
static inline size_t nqi_process_learned(const nqi_process *process)
{
    return process->schedule.steps - process->first_learned + 1;
}
/* New rates of the same number of steps: derives all tables again. */
nq_status nqi_process_reschedule(nqi_process *process, nq_context *context, const double *beta);
/* The two clocks of each step that a regressor with t as an input sees, [T + 1][2] malloc'ed:
 * t / T and the log-odds of 1 - abar_t, brought to 0..1. even: log-odds evenly
 * spaced, whatever they are: a learned schedule starts so, and a network's clock must not move. */
double *nqi_process_clock(const nqi_process *process, int even);

/* A microbatch on a thread. */
struct nqi_batch {
    nqi_tape tape;      /* rows, groups and times are in it; x_t is its input value */
    size_t valid_rows;  /* rows that count; the rest is padding */
    nqi_real *x_0;      /* [dim][ld] */
    nqi_real *noise;    /* [dim][ld] normals, or bits as uint32_t */
    nqi_real *kl;       /* [ld] */
    nqi_real *observed; /* [dim][ld] cells whose divergences train: 1 yes, 0 no, -1 from step
                          drawn_from on; NULL: all; the batch's own */
    size_t drawn_from;
    /* Of a network that sees roles, [2][dim][ld], the caller's: 1 where a cell is known, given as
     * it is and not diffused, and 1 where it is absent, not given at all. NULL: no such network. */
    const nqi_real *roles;
    const double
        *step_weight; /* [T] what a divergence at each step counts for gradients; NULL: 1;
                                  the caller's */
    nqi_arena arena;
};

/* What such a network sees of a row, each dim numbers: x_t, x_0 or nothing by role; the roles. */
enum { NQI_ROLES = 3 };
/* Makes x_t of a group's rows what such a network sees. */
void nqi_batch_place_roles(nqi_batch *batch, size_t dim, size_t group);

nq_status nqi_batch_new(nqi_batch *out, nq_context *context, const nqi_process *process,
                        const nqi_graph *graph, const nqi_ops *ops, size_t ld, size_t group_rows,
                        int train);
void nqi_batch_free(nqi_batch *batch);
static inline nqi_real *nqi_batch_x_t(const nqi_batch *batch)
{
    return batch->tape.value[batch->tape.graph->input];
}
static inline const nqi_real *nqi_batch_output(const nqi_batch *batch)
{
    return batch->tape.value[batch->tape.graph->output];
}
/* Corrupts, runs the regressor and scores all groups: kl[rows]. With gradient, the tape's output
 * gradient holds weight * step_weight * d kl (0 in padding rows) and has been run backward. */
void nqi_batch_score(const nqi_process *process, nqi_batch *batch, const nqi_stream *noise,
                     nqi_real weight, int gradient);

/* Of whole rows, into the batch's kl. */
static inline void nqi_batch_divergence(const nqi_process *process, nqi_batch *batch,
                                        size_t group, nqi_real weight, int gradient)
{
    process->family->divergence(process, batch, group, 0, process->dim,
                                batch->kl + group * batch->tape.group_rows, weight, gradient);
}

/* Scalar forms, for tests and reports. t is 1-based. */
void nqi_gaussian_posterior(const nq_schedule *schedule, size_t t, nqi_real x_t, nqi_real x_0,
                            nqi_real *mean, nqi_real *variance);
nqi_real nqi_gaussian_kl(nqi_real mean_0, nqi_real variance_0, nqi_real mean_1,
                         nqi_real variance_1);
/* q(x_{t-1} = 1 | x_t, x_0) and its complement, for a bit of equilibrium mean m. */
void nqi_binomial_posterior(const nq_schedule *schedule, size_t t, double m, int x_t, int x_0,
                            double *one, double *zero);
/* KL(Bernoulli(a) || Bernoulli(sigmoid(z))); zero = 1 - a. */
nqi_real nqi_bernoulli_kl(nqi_real one, nqi_real zero, nqi_real z);

#endif
