/* posterior.h - what impute and denoise share: options, draws in parts, and the table they make. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_POSTERIOR_H
#define NONEQ_CLI_POSTERIOR_H

#include "options.h"

typedef struct posterior_values {
    int64_t draws, particles, jumps;
    int mean;
    const char *method, *twist, *quantiles, *path;
} posterior_values;

enum { QUANTILES_MOST = 64 };

/* Evidence for count rows [count, columns] of the job's data. */
typedef struct posterior_job posterior_job;
typedef nq_status evidence_maker(nq_evidence **out, const posterior_job *job, const nq_real *rows,
                                 size_t count);

/* rows[count, columns]: NaN cells are to be filled. keep: the others come back as they are, and
 * a row without any NaN is not drawn at all. */
struct posterior_job {
    nq_context *context;
    const nq_model *model;
    const posterior_values *values;
    const common_values *common;
    const nq_real *rows;
    size_t count;
    int keep;
    evidence_maker *evidence;
    const void *state; /* of the maker */
    double quantiles[QUANTILES_MOST];
    size_t quantile_count;
};

/* Rows of both tables of options, as the initialisers of option_row that start a verb's own.
 * `values` is the field of the verb's struct that is a posterior_values. */
#define POSTERIOR_OPTIONS(verb_values, field)                                                    \
    {"output",    'o',                                                                           \
     OPTION_TEXT, offsetof(verb_values, field.path),                                             \
     "OUT",       "-",                                                                           \
     0,           ".npy, .csv or .tsv, perhaps with .gz; - writes CSV to standard output"},      \
        {"draws",                                                                                \
         'n',                                                                                    \
         OPTION_COUNT,                                                                           \
         offsetof(verb_values, field.draws),                                                     \
         "M",                                                                                    \
         "0",                                                                                    \
         0,                                                                                      \
         "posterior draws per row; several give M rows for each, text with the columns row and " \
         "draw in front; 0: 1, or 100 for --mean and --quantiles"},                              \
        {"mean", 0,    OPTION_FLAG, offsetof(verb_values, field.mean),                           \
         NULL,   NULL, 0,           "write the mean of the draws instead of the draws"},         \
        {"quantiles",                                                                            \
         0,                                                                                      \
         OPTION_TEXT,                                                                            \
         offsetof(verb_values, field.quantiles),                                                 \
         "LIST",                                                                                 \
         NULL,                                                                                   \
         0,                                                                                      \
         "write these quantiles of the draws of each cell, such as 0.05,0.95: one row for "      \
         "each, "                                                                                \
         "text with the columns row and quantile in front"},                                     \
        {"method",                                                                               \
         0,                                                                                      \
         OPTION_TEXT,                                                                            \
         offsetof(verb_values, field.method),                                                    \
         "NAME",                                                                                 \
         "particles",                                                                            \
         0,                                                                                      \
         "particles (a particle filter, exact as particles grow), paper (each reverse step "     \
         "times "                                                                                \
         "r) or noised (known cells diffused to each level; known cells only)"},                 \
        {"particles",                                                                            \
         'p',                                                                                    \
         OPTION_COUNT,                                                                           \
         offsetof(verb_values, field.particles),                                                 \
         "P",                                                                                    \
         "0",                                                                                    \
         0,                                                                                      \
         "particles of a filter; 0: 512"},                                                       \
        {"twist",                                                                                \
         0,                                                                                      \
         OPTION_TEXT,                                                                            \
         offsetof(verb_values, field.twist),                                                     \
         "NAME",                                                                                 \
         "",                                                                                     \
         0,                                                                                      \
         "what r is worth at step t: constant, annealed or informed; chosen for the method"},    \
    {                                                                                            \
        "jumps", 0, OPTION_COUNT, offsetof(verb_values, field.jumps), "N", "1", 1,               \
            "noised: times that each part of the way is repeated"                                \
    }

/* Checks values and opens what both verbs need; returns an exit status, and has printed why. */
int posterior_check(posterior_job *job, const verb *self, const posterior_values *values,
                    const char *model_path, const char *data_path);
/* The whole data set as rows [*count, columns], missing cells NaN; NULL with a message. */
nq_real *posterior_rows(nq_context *context, const nq_model *model, const char *path,
                        size_t *count, int *code);
/* Draws, and writes the table. */
int posterior_write(const posterior_job *job);

#endif
