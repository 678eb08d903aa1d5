/* score.h - how probable rows are under a model, row by row and on the whole, and which of two
 * models explains them better: what `noneq score`, `eval` and `compare` do. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_SCORE_H
#define NONEQ_SCORE_H

#include <noneq/likelihood.h>
#include <noneq/source.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the calls of this header have in common.
 * - They may be called with rows of a file or of memory (noneq/source.h), and one thread at a time
 *   uses the context.
 * - `report` gets text that the caller frees with free(); it may be NULL. It is what the program
 *   prints: lines for people, or one JSON object where options say `json`.
 * - Of notes (impossible rows, what was decided about columns) and warnings the monitor's log is
 *   told; of how far the work is, its progress.
 * - Statuses: NQ_ERROR_ARGUMENT (an option is out of range, or does not go with another or with the
 *   model), NQ_ERROR_FILE (also: an output is an input, or cannot be written; that is seen before
 *   the work), NQ_ERROR_FORMAT, NQ_ERROR_SHAPE (data and model do not fit together),
 *   NQ_ERROR_UNSUPPORTED (the model cannot answer this), NQ_ERROR_DIVERGED, NQ_ERROR_MEMORY,
 *   NQ_ERROR_STOPPED (the monitor said so). On failure results are zeroed, *report is NULL, and
 *   output files are as they were. */

/* Fields that likelihoods by trajectories need, and questions about some of the columns. */
#define NQ_LIKELIHOOD_FIELDS(X)                                                                  \
    X(size, ais, "ais", "0", 0, 1e9,                                                             \
      "estimate the likelihood from S trajectories per row; 0: the bound only")                  \
    X(number, target_se, "target-se", "0", 0, 1e30,                                              \
      "double the trajectories until the error of the mean, with the bias that may be left, is " \
      "at most this, in bits")                                                                   \
    X(size, most, "most", "100000", 1, 1e9,                                                      \
      "with --target-se: at most so many trajectories per row")                                  \
    X(string, units, "units", NULL, 0, 0,                                                        \
      "scaled: densities of the scaled rows, as in the paper (the default); data: of the rows "  \
      "as they are. Columns of several kinds are always as recorded")                            \
    X(string, of, "of", NULL, 0, 0,                                                              \
      "the probability of these columns, by name or number; others that are not --given do not " \
      "count. Models that were trained with --roles 1")                                          \
    X(string, given, "given", NULL, 0, 0,                                                        \
      "given these; without --of the probability of all others")

/* Called with a run before its first round of trajectories (drawn is 0) and after each. It may ask
 * nq_ais_result for what there is (not before the first), which takes a while with many rows. */
typedef void (*nq_round_function)(void *user, const nq_ais_run *run, size_t drawn);

#define NQ_SCORE_OPTIONS(X)                                                                      \
    X(string, output, "output", NULL, 0, 0,                                                      \
      "file for the scores: {tables}, perhaps with .gz; - writes CSV to standard output")        \
    X(size, top, "top", "0", 0, 1e12, "report the N least likely rows, the least likely first")  \
    X(size, terms, "terms", "0", 0, 1e9,                                                         \
      "without --ais: Monte Carlo terms per row; 0: by the cost of a row, some milliseconds")    \
    X(size, steps, "steps", "0", 1, 1e12,                                                        \
      "take S steps instead of the T that were trained, through the times that lose least; "     \
      "default: all; K and likelihood are of the chain taken")                                   \
    X(flag, by_column, "by-column", "0", 0, 1,                                                   \
      "columns of several kinds: add what each column is of the row's bits, as bits_NAME")       \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")                  \
    X(flag, json, "json", "0", 0, 1, "write the scores as JSON")                                 \
    X(string, model_path, NULL, NULL, 0, 0,                                                      \
      "file of the model, for sentences; it is never an output")                                 \
    NQ_LIKELIHOOD_FIELDS(X)

typedef struct nq_score_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_SCORE_OPTIONS(NQ_FIELD)
    nq_round_function round; /* with ais; may be NULL */
    void *user;              /* of round */
} nq_score_options;
void nq_score_options_init(nq_score_options *options, size_t size);

/* Of each row, in the order of the data; nats, in the units. Arrays belong to the struct. */
typedef struct nq_scores {
    size_t rows;
    const char *units; /* "scaled", "data" or "recorded"; constant text */
    size_t terms;      /* of K per row, as used; 0 with ais */
    size_t samples;    /* trajectories per row, as used; 0: the scores are K */
    double *score;     /* [rows] K, or with ais log p; -inf: impossible to the model */
    double *se;        /* [rows] its error; NaN of impossible rows */
    /* With ais alone, else NULL: what nq_ais says of its rows. */
    double *lower, *ess, *khat;
    nq_trust *trust;
    size_t rows_at_least; /* rows whose trust is at least */
    /* [rows][columns] what each column of the model adds to K; with by_column alone. NULL, too,
     * where every row is impossible. */
    double *column_score;
    size_t columns;
    nq_row_fault *faults; /* [impossible] why rows are impossible */
    size_t impossible;
    int finished; /* 0: the monitor said NQ_FINISH, and these are the trajectories until then */
} nq_scores;

/* A log likelihood for each row: the bound K ([SD15] eq. 14), or with the option ais the likelihood
 * itself by annealed importance sampling (eq. 9). out may be NULL. With `output` the scores are
 * written as a table too: the row's number from 0; columns of the file that the model does not use,
 * where the output has texts; score in bits, in nats, its error in bits; with ais what the
 * trajectories say of themselves. Figures in files have 10 digits. *report: a table of `top` rows,
 * else NULL. With ais NQ_FINISH of the monitor ends the drawing: the scores are then of what there
 * is. */
nq_status nq_score(nq_scores *out, char **report, nq_context *context, const nq_model *model,
                   const nq_source *rows, const nq_score_options *options);
void nq_scores_free(nq_scores *scores); /* copes with a zeroed struct */

#define NQ_EVALUATE_OPTIONS(X)                                                                   \
    X(string, output, "output", NULL, 0, 0, "file for the report (default: standard output)")    \
    X(size, terms, "terms", "0", 0, 1e9,                                                         \
      "Monte Carlo terms per row; 0: enough for a small standard error")                         \
    X(size, max_rows, "max-rows", "0", 0, 1e12,                                                  \
      "use at most so many rows, evenly spread; 0: all")                                         \
    X(size, steps, "steps", "0", 1, 1e12,                                                        \
      "take S steps instead of the T that were trained, through the times that lose least; "     \
      "default: all; K, likelihood and account are of the chain taken")                          \
    X(flag, entropy, "entropy", "0", 0, 1,                                                       \
      "add the entropy account: bounds and cost of every step, and what would help")             \
    X(number, white, "white", "0", 0, 1e30,                                                      \
      "pictures: the number that is white; 0: 255 or 65535 where the data are grey levels")      \
    X(string, parzen, "parzen", NULL, 0, 0,                                                      \
      "add the Parzen-window estimate around a file of samples, or N that are drawn; the unit "  \
      "is white")                                                                                \
    X(string, parzen_valid, "parzen-valid", NULL, 0, 0,                                          \
      "rows that choose its width; default: a random tenth of DATA, at most 1000 rows, which "   \
      "are then left out of the estimate")                                                       \
    X(number, parzen_width, "parzen-width", "0", 0, 1e30,                                        \
      "its width; 0: the best of .05 to 1 on those rows")                                        \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")                  \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")                                 \
    X(string, model_path, NULL, NULL, 0, 0,                                                      \
      "file of the model, for sentences and the report; it is never an output")                  \
    X(string, log_path, NULL, NULL, 0, 0,                                                        \
      "folder in which the caller will write metrics.jsonl: refused where that is an input")     \
    NQ_LIKELIHOOD_FIELDS(X)

typedef struct nq_evaluate_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_EVALUATE_OPTIONS(NQ_FIELD)
    nq_round_function round; /* with ais; may be NULL */
    void *user;              /* of round */
} nq_evaluate_options;
void nq_evaluate_options_init(nq_evaluate_options *options, size_t size);

typedef struct nq_evaluation {
    const char *units; /* "scaled", "data" or "recorded"; constant text */
    double shift;      /* nats: add it to K, L_null and log p for these units */
    nq_bound bound;
    nq_ais ais;         /* zeroed but with ais */
    nq_entropy entropy; /* zeroed but with entropy */
    nq_parzen parzen;   /* zeroed but with parzen */
    double parzen_unit; /* what numbers were divided by for it */
    nq_exact exact; /* of bits and categories by a tree or kept rows, whole rows; else zeroed */
    int has_ais, has_entropy, has_parzen, has_exact;
    int finished; /* 0: the monitor said NQ_FINISH, and ais has the trajectories until then */
} nq_evaluation;

/* How well a model explains rows on the whole: K, L_null and what it gains ([SD15] eq. 14), with
 * options also the likelihood by trajectories, the entropy account (eq. 24), a Parzen-window
 * estimate. out may be NULL. NQ_ERROR_SHAPE, too, where every row is impossible. NQ_FINISH: as in
 * nq_score. */
nq_status nq_evaluate(nq_evaluation *out, char **report, nq_context *context,
                      const nq_model *model, const nq_source *rows,
                      const nq_evaluate_options *options);
void nq_evaluation_free(nq_evaluation *evaluation); /* copes with a zeroed struct */

#define NQ_COMPARE_OPTIONS(X)                                                                    \
    X(string, output, "output", NULL, 0, 0, "file for the report (default: standard output)")    \
    X(size, terms, "terms", "0", 0, 1e9,                                                         \
      "Monte Carlo terms per row and model; 0: enough for a small standard error")               \
    X(size, max_rows, "max-rows", "0", 0, 1e12,                                                  \
      "use at most so many rows, evenly spread; 0: all")                                         \
    X(string, steps, "steps", NULL, 0, 0,                                                        \
      "take S steps instead of the T that were trained, of the second model R instead "          \
      "(default: S), as S or S,R; 0: all, as where it is not given")                             \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")                  \
    X(flag, json, "json", "0", 0, 1, "print the result as JSON")                                 \
    X(string, first_path, NULL, NULL, 0, 0,                                                      \
      "file of the first model, for sentences and the report; it is never an output")            \
    X(string, second_path, NULL, NULL, 0, 0, "file of the second, likewise")

typedef struct nq_compare_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_COMPARE_OPTIONS(NQ_FIELD)
} nq_compare_options;
void nq_compare_options_init(nq_compare_options *options, size_t size);

/* Which of two models explains the same rows better, and by how many standard errors:
 * nq_comparison_estimate, with columns where both are recorded. out may be NULL. NQ_ERROR_SHAPE,
 * too, where every row is impossible to one of them. */
nq_status nq_compare(nq_comparison *out, char **report, nq_context *context,
                     const nq_model *first, const nq_model *second, const nq_source *rows,
                     const nq_compare_options *options);

#ifdef __cplusplus
}
#endif
#endif
