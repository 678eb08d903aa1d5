/* likelihood.h - how probable data is under a model: the bound K ([SD15] eq. 14), the likelihood
 * itself by annealed importance sampling (eq. 9), and where the bound is lost (eq. 24). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_LIKELIHOOD_H
#define NONEQ_LIKELIHOOD_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Why a row's likelihood is 0, or beyond what can be computed. */
typedef enum nq_fault_kind {
    NQ_FAULT_CONSTANT = 1, /* another value in a column that had only one in training */
    NQ_FAULT_BIT,          /* a value that the kernel does not have, such as 0.5 of a bit */
    NQ_FAULT_RANGE,        /* so far from the training rows that squares overflow */
    NQ_FAULT_FIGURE, /* the model's figure of the row is not finite; the farthest number is given */
    NQ_FAULT_VALUE /* a level, or a gap, that no training row had; or one that does not follow */
} nq_fault_kind;

typedef struct nq_row_fault {
    size_t row, column; /* from 0 */
    double value;
    nq_fault_kind kind;
    char place[200]; /* row and column in words, by the lines of the file where it has any */
} nq_row_fault;

/* One sentence: row and column (from 1), its name, the value, and what was expected. */
void nq_row_fault_describe(char *out, size_t size, const nq_model *model,
                           const nq_row_fault *fault);

/* What a column is to a question: its probability is asked for; its cell is given; or it is not
 * asked about, as if its cell were missing. */
typedef enum nq_role { NQ_ROLE_TARGET, NQ_ROLE_KNOWN, NQ_ROLE_ABSENT } nq_role;

#define NQ_BOUND_OPTIONS(X)                                                                      \
    X(size, terms, "terms", "0", 0, NQ_SIZE_MOST,                                                \
      "Monte Carlo terms (t, x_t) per row; 0: chosen so that the standard error is small, "      \
      "within some seconds of work; see each_row")                                               \
    X(seed, seed, "seed", "0", 0, NQ_SIZE_MOST, "seed of every random number")                   \
    X(size, max_rows, "max-rows", "0", 0, NQ_SIZE_MOST,                                          \
      "use at most this many rows, evenly spread; 0: all")                                       \
    X(flag, each_row, NULL, "0", 0, 1,                                                           \
      "figures of single rows are wanted: the default terms are then chosen by the cost of a "   \
      "row, so that they do not depend on the number of rows, and each row's error has at "      \
      "least four replicates behind it")                                                         \
    X(flag, by_column, "by-column", "0", 0, 1,                                                   \
      "what each column adds is wanted too: somewhat slower")                                    \
    X(bytes, roles, NULL, NULL, 0, 0,                                                            \
      "[columns of the model] nq_role of each: K is then a bound on log p(targets | known "      \
      "cells). NULL: all are targets. Models with roles alone (their option roles), which also " \
      "take rows with missing cells: these are absent, unless the model has gaps as values of "  \
      "the column")                                                                              \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "steps of a shorter chain (nq_model_shorten), whose K it then is; 0: the model's")

typedef struct nq_bound_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_BOUND_OPTIONS(NQ_FIELD)
} nq_bound_options;
void nq_bound_options_init(nq_bound_options *options, size_t size);

/* Means per row in nats, in the model's scaled units. Add nq_model_log_jacobian for the data's.
 * Rows that are impossible (faults) are left out of all of them: the others have bit for bit the
 * figures that they would have without these rows. */
typedef struct nq_bound {
    size_t rows, dim, steps; /* rows: that the means are taken over */
    size_t terms;            /* per row, as used */
    double bound;            /* K with the per-row edge term: at most log p */
    double se;               /* Monte Carlo standard error of `bound` for these very rows */
    double se_rows;     /* standard error of `bound` as the mean of the population that the rows
                          are a sample of (includes the Monte Carlo error) */
    double bound_paper; /* K as [SD15] eq. 14 has it, without the edge term */
    double null;        /* L_null = E log pi(x_0) */
    double gain;        /* bound - null */
    double entropy_first, entropy_last, entropy_prior; /* H_q(X_1|X_0), H_q(X_T|X_0), H_p(X_T) */
    double *kl;                                        /* [T] KL paid at step t; 0 at t = 1 */
    double *kl_se;                                     /* [T] its standard error */
    double *row_bound;                                 /* [all_rows] K of each row */
    double *row_se;       /* [all_rows] its Monte Carlo standard error, from replicates */
    size_t all_rows;      /* rows and, unless max_rows left out some, the impossible ones, whose
                             row_bound is -inf and row_se NaN */
    nq_row_fault *faults; /* [impossible] the impossible rows of the data, in their order */
    size_t impossible;
    /* [columns] what each column of the table adds to `bound`: its divergences, entropies and edge
     * term, and of codes what joins it in recorded units. With `by_column` of the options alone,
     * else NULL. */
    double *column_bound;
    double *row_column_bound; /* [all_rows][columns] the same of `row_bound`; likewise */
    size_t columns;
} nq_bound;

/* With every row impossible it succeeds: rows is 0, and the means are NaN. */
nq_status nq_bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_bound_options *options);
void nq_bound_free(nq_bound *bound); /* copes with a zeroed struct */

/* Two models on the same rows, nats per row in units that both have: the data's, or rows as
 * recorded. Rows that are impossible to either are left out. */
typedef struct nq_comparison {
    size_t rows;             /* that the means are taken over */
    size_t terms[2];         /* Monte Carlo terms per row of each, as used */
    double bound[2];         /* mean K of each */
    double difference;       /* bound[0] - bound[1] */
    double se;               /* its standard error as the mean of the population that the rows are
                                a sample of: from the spread of the rows' own differences, so that
                                what makes a row hard for both drops out, and so that the Monte
                                Carlo errors of both are in it. Rows that share their times count
                                together. Of one row: the Monte Carlo errors alone */
    size_t impossible[2];    /* rows that each has no probability for */
    nq_row_fault *faults[2]; /* [impossible] of each, in the order of rows */
    /* [columns] of the first model, what of the difference each makes, and its error. Where both
     * models are recorded and by_column was asked for, else 0 and NULL. */
    size_t columns;
    double *column_difference, *column_se;
} nq_comparison;

/* options as of nq_bound_estimate, which is what is run twice, with the same seed: a model against
 * itself gives 0 with an error of 0. NQ_ERROR_UNSUPPORTED: the models do not have the same columns,
 * by name where both have names, or a column is a density to one and a probability to the other;
 * the sentence says which. With every row impossible it succeeds: rows is 0, and means are NaN. */
nq_status nq_comparison_estimate(nq_comparison *out, nq_context *context, const nq_model *first,
                                 const nq_model *second, const nq_dataset *data,
                                 const nq_bound_options *options);
void nq_comparison_free(nq_comparison *comparison); /* copes with a zeroed struct */

#define NQ_AIS_OPTIONS(X)                                                                        \
    X(size, samples, "samples", "0", 0, NQ_SIZE_MOST,                                            \
      "forward trajectories per row, or the fewest; 0: 32")                                      \
    X(seed, seed, "seed", "0", 0, NQ_SIZE_MOST, "seed of every random number")                   \
    X(size, max_rows, "max-rows", "0", 0, NQ_SIZE_MOST,                                          \
      "use at most this many rows, evenly spread; 0: all")                                       \
    X(number, target_se, "target-se", "0", 0, NQ_NUMBER_MOST,                                    \
      "keep doubling until the error of the mean log likelihood, with the bias that may be "     \
      "left, is at most this (nats), or a row has had most_samples; 0: do not")                  \
    X(size, most_samples, "most-samples", "0", 0, NQ_SIZE_MOST,                                  \
      "largest number of trajectories of a row; 0: 100,000")                                     \
    X(bytes, roles, NULL, NULL, 0, 0, "as in nq_bound_options")                                  \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "steps of a shorter chain, whose likelihood it then is; 0: the model's")

typedef struct nq_ais_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_AIS_OPTIONS(NQ_FIELD)
} nq_ais_options;
void nq_ais_options_init(nq_ais_options *options, size_t size);

/* What importance weights say of themselves. With few weights, or a heavy tail, their mean and its
 * error depend on weights that were never drawn (A. Vehtari et al., JMLR 25 (2024) 72). */
typedef struct nq_pareto {
    double khat;  /* shape of the largest weights' tail; -inf: equal to rounding, the ideal case;
                         +inf: cannot be estimated, as of fewer than 21 weights */
    double sigma; /* its scale, in units of the largest weight */
    double threshold; /* khat below min(1 - 1 / log10(count), 0.7) can be relied on */
    double needed;    /* weights for that, about 10^(1 / (1 - max(khat, 0))); means something for
                         khat below 0.7 only */
    size_t tail;      /* weights that were fitted */
    int reliable;     /* khat < threshold */
} nq_pareto;

/* Of any log weights. NQ_ERROR_MEMORY. */
nq_status nq_pareto_estimate(nq_pareto *out, nq_context *context, const double *log_w,
                             size_t count);

/* How far an estimate from weights can be trusted. */
typedef enum nq_trust {
    NQ_TRUST_FULL,    /* khat < 0.5: the standard error holds */
    NQ_TRUST_CARE,    /* khat of 0.5 to 0.7: the error is rough */
    NQ_TRUST_AT_LEAST /* above: too few weights carry the sum. Only a lower bound is known, which
                         holds to b nats with a probability of 1 - exp(-b) */
} nq_trust;

/* Natural logarithms, in the model's scaled units. log p of a row is estimated from S trajectories
 * ([SD15] eq. 9) by the jackknife of log mean w. The log of the mean itself is a lower bound in
 * expectation that rises with S; the corrected figure is no bound, but nearer. Each trajectory of a
 * row of whole numbers has dequantisation noise of its own, so that p is then the mean density over
 * the row's cell. */
typedef struct nq_ais {
    size_t rows, dim;
    size_t samples;    /* trajectories per row, as used */
    double likelihood; /* mean over rows of log p, corrected; where trust is at least: `lower` */
    double se;         /* its error for these very rows, sqrt(spread^2 + bias^2); what is printed.
                          Where trust is at least it is no error in either direction */
    double se_rows; /* as the mean of the population that the rows are a sample of; includes se */
    double ess;     /* mean effective sample size, (sum w)^2 / sum w^2, of `samples` */
    double mean_log_weight; /* mean over rows and trajectories of log w: estimates K */
    int reached;            /* target_se was reached (1 when none was asked for) */
    double
        *row_likelihood; /* [rows] log p of each row, corrected; row_lower where row_se is above
                               3 */
    double *row_se;      /* [rows] likewise with what bias may be left. Where trust is at least it
                               is a scale of what is not known, no standard error */
    double *row_ess;     /* [rows] */
    double *row_bound;   /* [rows] plain average of log w */
    double lower;        /* mean over rows of the uncorrected estimate */
    double bias;         /* bound on what bias the correction leaves in `likelihood` */
    double khat;         /* of all rows' weights together, each divided by its row's mean */
    double needed;       /* trajectories per row by that shape; infinite for khat of .7 or more */
    nq_trust trust;      /* of the mean */
    size_t rows_at_least; /* rows that on their own are known "at least" */
    double *row_lower;    /* [rows] uncorrected estimates */
    double *row_khat;     /* [rows] of each row; for fewer than 21 trajectories `khat` */
    nq_trust *row_trust;  /* [rows]; never full for fewer than 21 trajectories */
    size_t all_rows;      /* as in nq_bound: so many entries have the row arrays, and the */
    nq_row_fault *faults; /* impossible rows among them are -inf; `rows` counts the others */
    size_t impossible;
} nq_ais;

/* A long computation in the caller's hands: each step draws further trajectories for every row.
 * One thread at a time uses it, as its context; model and data are borrowed and may be shared. */
typedef struct nq_ais_run nq_ais_run;
/* NULL options are zeroed ones: defaults. */
nq_status nq_ais_new(nq_ais_run **out, nq_context *context, const nq_model *model,
                     const nq_dataset *data, const nq_ais_options *options);
/* One round of trajectories; *done becomes 1 when enough have been drawn. */
nq_status nq_ais_step(int *done, nq_ais_run *run);
/* The estimate so far. The caller frees it with nq_ais_free. */
nq_status nq_ais_result(nq_ais *out, const nq_ais_run *run);
void nq_ais_run_free(nq_ais_run *run);
/* All of it. */
nq_status nq_ais_estimate(nq_ais *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data, const nq_ais_options *options);
void nq_ais_free(nq_ais *ais); /* copes with a zeroed struct */

#define NQ_PARZEN_OPTIONS(X)                                                                     \
    X(number, unit, NULL, "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                                  \
      "numbers are divided by it first (255: 8-bit grey levels to 0..1); 0: 1")                  \
    X(number, width, NULL, "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                                 \
      "standard deviation of the kernel in those units; 0: the best of a grid from .05 to 1 on " \
      "the validation rows")                                                                     \
    X(size, valid_rows, NULL, "0", 0, NQ_SIZE_MOST, "validation rows used, at most; 0: 1000")

typedef struct nq_parzen_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_PARZEN_OPTIONS(NQ_FIELD)
} nq_parzen_options;
void nq_parzen_options_init(nq_parzen_options *options, size_t size);

/* Parzen-window estimate of log p, nats per row in the units above: rows under an equal mixture
 * of Gaussians around samples (Breuleux, Bengio & Vincent 2011; as Goodfellow et al. 2014 for
 * MNIST). It judges samples only, and a poor density at that; [SD15] table 2 reports it. */
typedef struct nq_parzen {
    size_t rows, samples, dim;
    double width;
    double likelihood; /* mean over rows of log p */
    double se;         /* its standard error over rows: for these very samples */
    double se_samples; /* its standard error over samples: for these very rows, what other samples
                          would change (a jackknife over 20 parts) */
} nq_parzen;

/* valid: rows that choose the width; may be NULL where options->width is given. All three have the
 * same columns. NQ_ERROR_SHAPE, NQ_ERROR_ARGUMENT, NQ_ERROR_MEMORY. */
nq_status nq_parzen_estimate(nq_parzen *out, nq_context *context, const nq_dataset *samples,
                             const nq_dataset *data, const nq_dataset *valid,
                             const nq_parzen_options *options);

/* log of the mean of exp(log_w), and the effective sample size (may be NULL); the maximum is taken
 * out, so weights far below the smallest number count. */
double nq_log_mean_exp(double *ess, const double *log_w, size_t count);

/* The mean of log P(row) by the law that the regressor itself keeps (a tree, or kept rows), which
 * is exact: what K and AIS of its diffusion come near from below, but for what steps lose that take
 * columns as independent. Nats per row. Rows that are impossible are left out. */
typedef struct nq_exact {
    size_t rows;
    double log_law;
    double
        se_rows; /* standard error as the mean of the population that the rows are a sample of */
} nq_exact;

/* NQ_ERROR_UNSUPPORTED: the regressor keeps no law, or a column has real numbers, whose law trees
 * know by bins alone. */
nq_status nq_exact_compute(nq_exact *out, nq_context *context, const nq_model *model,
                           const nq_dataset *data);

/* The thermodynamic account of [SD15] eq. 24: what the entropy of a reverse step is known to lie
 * between, and what the model pays at it. Nats per row; arrays [steps], entry 0 is t = 1. */
typedef struct nq_entropy {
    size_t steps, dim;
    double *lower; /* H_q(X_t|X_{t-1}) + H_q(X_{t-1}|X_0) - H_q(X_t|X_0); -inf at t = 1 for
                              real numbers */
    double *upper; /* H_q(X_t|X_{t-1}) */
    double *kl;    /* KL paid at t (0 where the step is not learned; a learned last step,
                              t = 1: what it costs beyond the forward kernel, negative if less) */
    double *kl_se;
    double *kl_sum;    /* running sum of kl, t and below */
    double data_upper; /* -K: an upper bound on the entropy of the data */
    double
        largest_variance; /* of a column in scaled units (Gaussian); for bits the largest gap of
                              a column's mean from m */
    int upper_holds; /* the condition of the upper bounds holds (to 1 %): the variances of the
                              columns are 1 at most on average; for bits, sum_i logit(m_i) times
                              (mean of column i - m_i) is not negative */
} nq_entropy;

/* From a bound that has been estimated on `data`, of the chain that it is of. */
nq_status nq_entropy_account(nq_entropy *out, nq_context *context, const nq_model *model,
                             const nq_dataset *data, const nq_bound *bound);
void nq_entropy_free(nq_entropy *entropy); /* copes with a zeroed struct */

#ifdef __cplusplus
}
#endif
#endif
