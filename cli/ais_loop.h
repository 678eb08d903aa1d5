/* ais_loop.h - likelihoods by annealed importance sampling, with progress and Ctrl-C. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_AIS_LOOP_H
#define NONEQ_CLI_AIS_LOOP_H

#include <noneq.h>

#include "options.h"

/* What a verb's options say of it. */
typedef struct ais_values {
    int64_t samples, most; /* trajectories for each row; 0: no likelihood is asked for */
    double target_se;      /* bits; 0: none */
} ais_values;

/* Trajectories for each row at first when only a standard error is asked for. */
enum { AIS_LEAST = 16 };

/* Rows of a verb's table, for the member `field` of its struct of values. */
#define AIS_OPTIONS(values, field)                                                               \
    {"ais",                                                                                      \
     0,                                                                                          \
     OPTION_COUNT,                                                                               \
     offsetof(values, field.samples),                                                            \
     "S",                                                                                        \
     "0",                                                                                        \
     0,                                                                                          \
     "estimate the likelihood from S trajectories per row; 0: the bound only"},                  \
        {"target-se",                                                                            \
         0,                                                                                      \
         OPTION_NUMBER,                                                                          \
         offsetof(values, field.target_se),                                                      \
         "BITS",                                                                                 \
         "0",                                                                                    \
         0,                                                                                      \
         "double the trajectories until the error of the mean, with the bias that may be left, " \
         "is at most this"},                                                                     \
    {                                                                                            \
        "most", 0, OPTION_COUNT, offsetof(values, field.most), "S", "100000", 1,                 \
            "with --target-se: at most so many trajectories per row"                             \
    }

/* Row of a verb's table, for a text in its struct of values. */
#define UNITS_OPTION(values, field)                                                              \
    {                                                                                            \
        "units", 0, OPTION_TEXT, offsetof(values, field), "UNITS", NULL, 0,                      \
            "scaled: densities of the scaled rows, as in the paper (the default); data: of the " \
            "rows as they are. Columns of several kinds are always as recorded"                  \
    }

/* What eval and score have in common before their work: the units are known words, a target alone
 * gets its first trajectories, then the library is opened. Returns an exit status. */
int ais_session_open(nq_context **out, ais_values *values, const char *units, const verb *self,
                     const arguments *words);

/* *units, as asked for or NULL, becomes "recorded", "data" or "scaled". Returns an exit status. */
int units_settle(const char **units, const nq_model *model, const char *path);

/* Draws until done or interrupted, and fills `out` with what there is then; *signal gets the
 * number of the signal that stopped it, or 0. roles: as nq_ais_options has them. Returns an exit
 * status; free `out` in any case. */
int ais_loop(nq_ais *out, int *signal, nq_context *context, const nq_model *model,
             const nq_dataset *data, const unsigned char *roles, const ais_values *values,
             size_t max_rows, const common_values *common);

/* "full", "care" or "at least". */
const char *ais_trust_name(nq_trust trust);

/* One line on standard error when the figure is not what was asked for: stopped early, or the
 * target was not reached. */
void ais_warn(const nq_ais *ais, const ais_values *values, int signal);

#endif
