/* posterior.h - what impute and denoise share: options, draws, and what is made of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_POSTERIOR_H
#define NONEQ_CLI_POSTERIOR_H

#include "collapse.h"
#include "data_open.h"
#include "given.h"
#include "observe.h"
#include "sheet.h"
#include "steps.h"

typedef struct posterior_values {
    int64_t draws, particles, jumps, rows, steps;
    int mean, score;
    const char *method, *twist, *quantiles, *path, *sheet;
    const char *given, *observe, *evidence; /* conditions; files of observations, log evidence */
    picture_values picture;
} posterior_values;

enum { QUANTILES_MOST = 64 };

/* Of a row: log evidence, its error, effective part of the particles, starts. */
enum { EVIDENCE_NUMBERS = 4 };

/* How well draws agree with a truth that they did not see. */
typedef struct posterior_score {
    size_t cells, covered;
    double squares, scaled_squares; /* sums of (mean of draws - truth)^2 */
    double crps, energy;            /* sums over cells and rows, in deviations */
    size_t energy_rows;
    size_t levels; /* cells of text, and how many draws of them are the true ones, in cells */
    double agree;
    size_t right; /* cells of text whose most frequent draw is the true one */
} posterior_score;

/* Evidence for count rows [count, columns] of the job's data, of one of its models. */
typedef struct posterior_job posterior_job;
typedef nq_status evidence_maker(nq_evidence **out, const posterior_job *job,
                                 const nq_model *model, const double *rows, size_t count);

struct posterior_job {
    nq_context *context;
    data_rows data;
    const nq_model *model;           /* the first: what columns and rows are */
    nq_model *models[OPERANDS_MOST]; /* that share the draws of each row, in this order */
    size_t model_count;
    const posterior_values *values;
    const common_values *common;
    const char *mask; /* a file that is read, or NULL */
    double *rows;     /* [count, columns] what is known; NaN: nothing */
    double *truth;    /* the same without holes and noise, where a job made those; else NULL */
    size_t count, columns;
    size_t total;       /* rows of the data, of which the first `count` are used */
    nq_picture picture; /* shape of a row; channels 0: none */
    int keep;           /* known cells come back as they are; full rows are not drawn at all */
    int sized;          /* rows have the model's size; else pictures are drawn by windows */
    evidence_maker *evidence; /* of sized rows; NULL: known cells */
    given_list given;         /* of --given; names NULL: nothing */
    observe_list observed;    /* of --observe */
    double *log_evidence;     /* [count][EVIDENCE_NUMBERS] of rows that were drawn, else NaN */
    collapse few;             /* rows with few particles */
    double *sigma;            /* [model's columns] of the maker; [0] serves windows */
    double flip;
    double quantiles[QUANTILES_MOST];
    size_t quantile_count;
    const char *method; /* that was used */
    posterior_score score;
    picture_view view; /* where pictures are written */
    sheet page;
};

/* clang-format off */
/* Rows of both tables of options, as the initialisers of option_row that start a verb's own.
 * `values` is the field of the verb's struct that is a posterior_values. */
#define POSTERIOR_OPTIONS(verb_values, field)                                                    \
    {"output", 'o', OPTION_TEXT, offsetof(verb_values, field.path), "OUT", NULL, 0,              \
     "{tables}, perhaps with .gz; - writes CSV to standard output, as does nothing "   \
     "where no sheet or score is asked for; .png, .pgm or .ppm: pictures, a line for each row "  \
     "of several draws"},                                                                        \
    {"draws", 'n', OPTION_COUNT, offsetof(verb_values, field.draws), "M", "0", 0,                \
     "posterior draws per row; several give M rows for each, text with the columns row and "     \
     "draw in front; 0: 1; 4 for --sheet, 19 for --score and --json, 100 for --mean and "        \
     "--quantiles; several models share them in order (default: rounded up to equal parts), "    \
     "and a column model says whose a draw is"},                                                 \
    {"mean", 0, OPTION_FLAG, offsetof(verb_values, field.mean), NULL, NULL, 0,                   \
     "write the mean of the draws instead of the draws"},                                        \
    {"quantiles", 0, OPTION_TEXT, offsetof(verb_values, field.quantiles), "LIST", NULL, 0,       \
     "write these quantiles of the draws of each cell, such as 0.05,0.95: one row for each, "    \
     "text with the columns row and quantile in front"},                                         \
    {"sheet", 0, OPTION_TEXT, offsetof(verb_values, field.sheet), "FILE", NULL, 0,               \
     "pictures before and after: a line for each of the first 64, with the original (where it "  \
     "is known), what the model was given, up to 8 draws, and their mean"},                      \
    {"score", 0, OPTION_FLAG, offsetof(verb_values, field.score), NULL, NULL, 0,                 \
     "print how far draws are from cells that were known but not shown to the model"},           \
    {"rows", 0, OPTION_COUNT, offsetof(verb_values, field.rows), "N", "0", 0,                    \
     "look at the first N rows only; 0: all"},                                                   \
    {"method", 0, OPTION_TEXT, offsetof(verb_values, field.method), "NAME", "", 0,               \
     "particles (a particle filter, exact as particles grow), paper (each reverse step times r)" \
     ", noised (known cells diffused to each level; known cells only) or roles (one pass of a "   \
     "model that was trained with --roles 1; known cells only); default: roles of such "         \
     "models, else particles, "                                                                  \
     "and beyond 256 numbers noised (impute) or paper (denoise)"},                       \
    {"particles", 'p', OPTION_COUNT, offsetof(verb_values, field.particles), "P", "0", 0,        \
     "particles of a filter; 0: 512, or 128 beyond 256 numbers"},                         \
    {"twist", 0, OPTION_TEXT, offsetof(verb_values, field.twist), "NAME", "", 0,                 \
     "what r is worth at step t: constant, annealed, informed or lookahead; chosen for the "     \
     "method"},                                                                                  \
    GIVEN_OPTION(verb_values, field.given),                                                      \
    {"observe", 0, OPTION_TEXT, offsetof(verb_values, field.observe), "FILE", NULL, 0,           \
     "a table of linear observations y = sum of coefficient * column + noise, a line each: "     \
     "columns named like the model's (or a_NAME) hold coefficients, then y and sigma; a column " \
     "row names the one row of DATA that it is of (models of one kernel, real numbers)"},        \
    {"evidence", 0, OPTION_TEXT, offsetof(verb_values, field.evidence), "FILE", NULL, 0,         \
     "write log evidence of each row, its error (from 8 filters on: --draws), the least "        \
     "effective part of the particles and the number of starts (method particles)"},             \
    {"jumps", 0, OPTION_COUNT, offsetof(verb_values, field.jumps), "N", "0", 0,                  \
     "noised: times that each part of the way is repeated; 0: 1, or 4 where the method was not " \
     "named"},                                                                                   \
    STEPS_OPTION(verb_values, field.steps,                                                       \
                 "method roles: as of noneq sample; others change each step, and take all"),     \
    PICTURE_OPTIONS(verb_values, field.picture)
/* clang-format on */

/* What a verb does with the rows before they are drawn: masks, noise, evidence. */
typedef int posterior_preparer(posterior_job *job, const void *verb_values);

/* All of a verb: checks, opens, prepares, draws, writes. mask: another file that it reads, or NULL.
 * Returns an exit status. */
int posterior_run(const verb *self, const arguments *words, const posterior_values *values,
                  int keep, const char *mask, posterior_preparer *prepare,
                  const void *verb_values);

/* posterior_models.c: opens the operands but the last, checks that they are of the same columns,
 * and closes them. The first of a row's draws that is a model's, all draws for the number behind
 * the last; and the model of a draw. */
int posterior_models_open(posterior_job *job, const arguments *words);
void posterior_models_close(posterior_job *job);
size_t posterior_model_first(const posterior_job *job, size_t model);
size_t posterior_model_of(const posterior_job *job, size_t draw);

/* Keeps the rows as they are now as the truth. Exit status. */
int posterior_keep_truth(posterior_job *job);
/* Draws for each row; and rows that are written for each: draws, quantiles, or one mean. */
size_t posterior_draws(const posterior_job *job);
size_t posterior_each(const posterior_job *job);
/* True where a table or pictures of the draws are asked for. */
int posterior_writes(const posterior_job *job);

/* posterior_draw.c: draws all rows; out[count * each, columns] or NULL. Exit status. */
int posterior_draw(posterior_job *job, double *out);
/* posterior_evidence.c: all that is known, for a model of the job, of rows numbers[0..count-1]
 * (from 0) of the data, given [count, columns]; frees what it made. Exit status. */
typedef struct row_evidence {
    nq_evidence *all, *own, *linear, *given, *parts[2];
} row_evidence;
int posterior_evidence_make(row_evidence *out, const posterior_job *job, const nq_model *model,
                            const double *given, const size_t *numbers, size_t count);
void posterior_evidence_free(row_evidence *evidence);
/* Reads --given and --observe. Exit status. */
int posterior_evidence_read(posterior_job *job);
int posterior_evidence_write(const posterior_job *job);
/* posterior_table.c: one row's draws [draws, columns] to its rows of the table, scratch[draws]; and
 * the table as a file. */
void posterior_summarise(const posterior_job *job, const double *row, const double *draws,
                         double *scratch, double *out);
int posterior_write(const posterior_job *job, const double *table);
/* 1: the column is text, of whose draws there is no mean and no quantile, but a most frequent
 * one. */
int posterior_is_text(const posterior_job *job, size_t column);
/* posterior_score.c: adds a row; prints. Needs scratch[posterior_score_scratch(draws)]. */
size_t posterior_score_scratch(size_t draws);
void posterior_score_add(posterior_job *job, size_t row, const double *draws, double *scratch);
int posterior_score_print(const posterior_job *job, double seconds);
/* posterior_sheet.c. draws NULL: the row was not drawn. scratch[columns]. */
int posterior_sheet_new(posterior_job *job);
void posterior_sheet_add(posterior_job *job, size_t row, const double *draws, double *scratch);

#endif
