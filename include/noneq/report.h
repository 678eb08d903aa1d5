/* report.h - reports of a model, of data, of both, and of completed tables: what `noneq check`,
 * `info`, `pool`, `steps` and `bench` do. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_REPORT_H
#define NONEQ_REPORT_H

#include <noneq/check.h>
#include <noneq/pool.h>
#include <noneq/source.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `report`, statuses, threads and monitor are as noneq/score.h says. */

#define NQ_CHECK_REPORT_OPTIONS(X)                                                               \
    X(string, output, "output", NULL, 0, 0, "file for the report (default: standard output)")    \
    X(size, max_rows, "max-rows", "0", 0, 1e12,                                                  \
      "use at most so many rows, evenly spread; 0: all")                                         \
    X(size, draws, "draws", "19", 1, 1e9, "draws of a hidden cell given the rest of its row")    \
    X(size, given_rows, "given-rows", "0", 0, 1e12,                                              \
      "rows in which each column is hidden alone (models with roles); 0: what takes some "       \
      "twenty seconds of a processor, 100 at least")                                             \
    X(size, self_rows, "self-rows", "0", 0, 1e12,                                                \
      "rows of the model's own of which half is hidden; 0: what takes some ten seconds, 1000 "   \
      "at most, none where that is too few")                                                     \
    X(size, permutations, "permutations", "499", 1, 1e12,                                        \
      "of the labels of rows and draws, behind the classifier's p value")                        \
    X(number, level, "level", "0.05", 1e-12, 1e30,                                               \
      "chance of a false alarm in any of the columns, and in all tests together")                \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")                  \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")                                 \
    X(string, model_path, NULL, NULL, 0, 0,                                                      \
      "file of the model, for sentences and the report; it is never an output")

typedef struct nq_check_report_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_CHECK_REPORT_OPTIONS(NQ_FIELD)
} nq_check_report_options;
void nq_check_report_options_init(nq_check_report_options *options, size_t size);

/* Whether a model is calibrated on rows: nq_check_estimate of a file or of memory, and what it
 * means in words. out may be NULL. */
nq_status nq_check_report(nq_check *out, char **report, nq_context *context,
                          const nq_model *model, const nq_source *rows,
                          const nq_check_report_options *options);

#define NQ_DESCRIBE_OPTIONS(X)                                                                   \
    X(string, output, "output", NULL, 0, 0, "file for the report (default: standard output)")    \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")                                 \
    X(string, model_path, NULL, NULL, 0, 0,                                                      \
      "of a model its file, for the report; it is never an output")

typedef struct nq_describe_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_DESCRIBE_OPTIONS(NQ_FIELD)
} nq_describe_options;
void nq_describe_options_init(nq_describe_options *options, size_t size);

/* What is in a model: kernel, regressor, schedule, columns, options, training record. As JSON it is
 * nq_model_describe. */
nq_status nq_describe_model(char **report, nq_context *context, const nq_model *model,
                            const nq_describe_options *options);
/* How data are read: each column's kind, range, levels and gaps, as training would find them. */
nq_status nq_describe_data(char **report, nq_context *context, const nq_source *data,
                           const nq_describe_options *options);
/* Whether a file is rather a model than data, by its name and its first bytes. */
int nq_path_is_model(const char *path);

#define NQ_POOL_TABLES_OPTIONS(X)                                                                \
    X(string, mean, "mean", NULL, 0, 0, "means of these columns, COLUMN,...")                    \
    X(string, proportion, "proportion", NULL, 0, 0,                                              \
      "parts of the rows that have this level, COLUMN=LEVEL,...")                                \
    X(string, quantile, "quantile", NULL, 0, 0,                                                  \
      "quantiles, COLUMN:PART,..., such as income:0.5")                                          \
    X(string, regress, "regress", NULL, 0, 0,                                                    \
      "coefficients of least squares with an intercept: \"y ~ a + b\"; levels of text, and of "  \
      "factor(COLUMN), count as 0 and 1 against the first")                                      \
    X(number, level, "level", "0.95", 0, 1e30, "probability of the intervals")                   \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")

typedef struct nq_pool_tables_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_POOL_TABLES_OPTIONS(NQ_FIELD)
} nq_pool_tables_options;
void nq_pool_tables_options_init(nq_pool_tables_options *options, size_t size);

enum { NQ_ANSWER_NAME = 160 }; /* bytes of a name such as "mean of age", with its end */

/* Arrays belong to the struct. */
typedef struct nq_pool_answers {
    size_t tables, rows;           /* completed tables, and rows of each */
    size_t models;                 /* that drew them; 0: the tables do not say */
    size_t count;                  /* of answers, in the order of the options */
    char (*names)[NQ_ANSWER_NAME]; /* [count] */
    nq_pooled *answers;            /* [count] */
} nq_pool_answers;

/* Means, proportions, quantiles or a regression of every completed table, pooled by nq_pool. A
 * source holds several tables where it has columns row and draw (and model) in front, as filled
 * tables have; else it is one. Rows are taken as drawn independently; a quantile's error is
 * Woodruff's (JASA 47 (1952) 635). out may be NULL. NQ_ERROR_SHAPE: fewer than two tables, tables
 * of unequal rows, gaps, or a column that is not there. */
nq_status nq_pool_tables(nq_pool_answers *out, char **report, nq_context *context,
                         const nq_source *sources, size_t count,
                         const nq_pool_tables_options *options);
void nq_pool_answers_free(nq_pool_answers *answers); /* copes with a zeroed struct */

/* What fewer steps lose, measured on rows of a file or of memory: nq_model_measure_steps with those
 * rows. output: a file to which the model is then saved, NULL: none; it may be the model's own. */
nq_status nq_model_measure_steps_on(nq_model *model, nq_context *context, const nq_source *rows,
                                    const char *output);

#define NQ_BENCHMARK_OPTIONS(X)                                                                  \
    X(string, output, "output", NULL, 0, 0, "file for the report (default: standard output)")    \
    X(number, seconds, "seconds", "10", 0.1, 1e7, "time for all jobs together")                  \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")

typedef struct nq_benchmark_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_BENCHMARK_OPTIONS(NQ_FIELD)
} nq_benchmark_options;
void nq_benchmark_options_init(nq_benchmark_options *options, size_t size);

/* The speed of this machine on standard jobs: updates of training, samples, terms of K. */
nq_status nq_benchmark(char **report, nq_context *context, const nq_benchmark_options *options);

#ifdef __cplusplus
}
#endif
#endif
