/* check.h - is a model calibrated on these rows? Ranks, coverage, rank tests of the model from
 * itself (SBC), a two-sample test by a classifier (C2ST), and the densities of rows and draws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CHECK_H
#define NONEQ_CHECK_H

#include <noneq/likelihood.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_CHECK_OPTIONS(X)                                                                      \
    X(seed, seed, "seed", "0", 0, NQ_SIZE_MOST, "seed of every random number")                   \
    X(size, max_rows, "max-rows", "0", 0, NQ_SIZE_MOST,                                          \
      "use at most this many rows, evenly spread; 0: all")                                       \
    X(size, draws, "draws", "0", 0, NQ_SIZE_MOST,                                                \
      "draws of a hidden cell given the rest of its row; 0: 19")                                 \
    X(size, given_rows, "given-rows", "0", 0, NQ_SIZE_MOST,                                      \
      "rows in which each column is hidden alone; 0: by the cost of a row")                      \
    X(size, self_rows, "self-rows", "0", 0, NQ_SIZE_MOST,                                        \
      "rows of the model's own, for SBC; 0: by the cost of a row, 1000 at most")                 \
    X(size, permutations, "permutations", "0", 0, NQ_SIZE_MOST,                                  \
      "permutations of the classifier's labels; 0: 499")                                         \
    X(number, level, "level", "0", -NQ_NUMBER_MOST, NQ_NUMBER_MOST,                              \
      "chance of a false alarm in any of the columns; 0: 0.05")

typedef struct nq_check_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_CHECK_OPTIONS(NQ_FIELD)
} nq_check_options;
void nq_check_options_init(nq_check_options *options, size_t size);

/* Ranks of values among as many or more draws. What is said of them is independent where the law of
 * the values is that of the draws. */
typedef struct nq_rank_test {
    size_t rows;   /* values that were ranked; 0: the test was not made, and p is NaN */
    double p;      /* of the three below together */
    double shift;  /* standard normal number; above 0: values lie higher than draws, or levels are
                      less likely; NaN of levels among all draws, as is spread */
    double spread; /* the same; above 0: values are spread more widely than draws */
    double chi2;   /* of values in groups: levels, repeated values, bins */
    size_t df;
    double p_shape;    /* of chi2 */
    double p_adjusted; /* p by Holm's procedure over the columns */
} nq_rank_test;

enum { NQ_CHECK_SHARES = 4 };

/* A column that varies and follows from no other. */
typedef struct nq_check_column {
    size_t column;         /* of the model, from 0 */
    int is_level;          /* texts or two values: its values have no order */
    nq_rank_test marginal; /* the rows' values among the model's draws */
    nq_rank_test given;    /* among draws given the rest of the row; models with roles */
    nq_rank_test self;     /* the model's own values among draws given a part of its own row */
    /* Of numbers: how much lower the draws' median is than the rows', in robust deviations of the
     * rows; width of the draws between their 5 and 95 % points as a part of that of the rows;
     * largest gap between the two distribution functions. NaN where that means nothing. */
    double shift_size, width_ratio, distance;
    /* Of levels and repeated values: that which differs most, its part of rows and of draws; NaN:
     * there is none; infinity: the gap. */
    double level, level_rows, level_draws;
} nq_check_column;

/* Expected coverage of the columns of a kind: the part of values that lie in the middle 50, 80, 90
 * and 95 % of the law (of levels: among the likeliest), with standard errors that count a row once.
 * A right model has the nominal parts. */
typedef struct nq_check_coverage {
    const char *kind; /* constant text; "all": of all columns */
    size_t columns, values;
    double part[NQ_CHECK_SHARES], se[NQ_CHECK_SHARES];
    size_t given_values; /* the same given the rest of the row; 0: was not looked at */
    double given_part[NQ_CHECK_SHARES], given_se[NQ_CHECK_SHARES];
} nq_check_coverage;

/* Whether a test was made, and what it says. */
typedef struct nq_check_test {
    size_t rows;     /* 0: it was not made, and p is NaN */
    size_t draws;    /* of the model that they are compared with, or that each is */
    const char *why; /* it was not made: constant text, the end of a sentence; else NULL */
    double p;
} nq_check_test;

/* All p values are uniform where the rows have the model's law, but for what draws the model with:
 * `self` has the model's own law on both sides, and says nothing of the rows. */
typedef struct nq_check {
    size_t rows, full; /* rows that were used, and those of them without a gap */
    nq_row_fault
        *faults; /* [impossible] rows of the data to which the model gives no probability */
    size_t impossible;
    int of_training; /* 1: the rows are those that the model was trained on (or its hold-out rows,
                        or both), which makes it an optimistic judge; 0: they are not, or an older
                        model's file does not tell */
    double level;
    nq_check_column *columns; /* [column_count] */
    size_t column_count;
    nq_check_coverage *coverage; /* [coverage_count] by kind, "all" first */
    size_t coverage_count;
    nq_check_test marginal, given, self, classifier, density;
    const char *self_method; /* by which it drew; constant text, or NULL */
    /* The classifier's area under the ROC curve on rows that it did not learn from (.5: rows and
     * draws look alike), its standard error, and the part that it tells right. */
    double auc, auc_se, accuracy;
    size_t permutations; /* behind its p */
    /* Mean K of rows and of draws, nats in the model's units, with the errors of the means; and
     * what is found of ranks of rows among draws by K. */
    double bound_rows, bound_rows_se, bound_draws, bound_draws_se;
    nq_rank_test bound_test;
    double p;          /* of marginal, given, classifier and density together */
    int is_calibrated; /* p is not below the level, and no column is flagged */
    int is_consistent; /* `self` is not below it either, or was not made */
} nq_check;

/* Tables of any kind of model. NULL options: defaults. Rows with missing cells (unless gaps are
 * values of the column) are used for the columns that they have; the other tests take rows without.
 * NQ_ERROR_UNSUPPORTED: rows are pictures. NQ_ERROR_SHAPE: fewer than 20 rows are left.
 * NQ_ERROR_ARGUMENT: an option is out of range. NQ_ERROR_MEMORY. */
nq_status nq_check_estimate(nq_check *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_check_options *options);
void nq_check_free(nq_check *check); /* copes with a zeroed struct */

/* Nominal parts of the coverage, .5 .8 .9 .95. */
double nq_check_share(size_t i);

#ifdef __cplusplus
}
#endif
#endif
