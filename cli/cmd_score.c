/* cmd_score.c - noneq score: one log likelihood for each row, for finding anomalies. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ais_loop.h"
#include "bound_loop.h"
#include "data_open.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "paths.h"
#include "session.h"
#include "verbs.h"

typedef struct score_values {
    int64_t terms, top;
    const char *units, *path, *area;
    ais_values ais;
} score_values;

static const option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(score_values, path), "OUT", NULL, 0,
     "{tables}, perhaps with .gz; - writes CSV to standard output. Default: -, but "
     "nothing with --top"},
    {"top", 0, OPTION_COUNT, offsetof(score_values, top), "N", "0", 0,
     "print the N least likely rows, the least likely first"},
    AIS_OPTIONS(score_values, ais),
    {"terms", 0, OPTION_COUNT, offsetof(score_values, terms), "N", "0", 0,
     "without --ais: Monte Carlo terms per row; 0: by the cost of a row, some milliseconds"},
    {"units", 0, OPTION_TEXT, offsetof(score_values, units), "UNITS", "scaled", 0,
     "scaled: densities of the scaled rows; data: of the rows as they are"},
    AREA_OPTION(score_values, area),
};

enum { COLUMNS_BOUND = 4, COLUMNS_AIS = 8 };
static const char *const names_bound[] = {"row", "bound_bits", "bound_nats", "se_bits"};
static const char *const names_ais[] = {
    "row",   "log_likelihood_bits", "log_likelihood_nats", "se_bits", "ess", "khat",
    "trust", "at_least_bits"};

typedef struct score_job {
    const score_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model;
    nq_area area;
    data_rows data;
    nq_bound bound;
    nq_ais ais;
    int signal; /* that has stopped the sampling, or 0 */
    double shift;
} score_job;

static int job_estimate(score_job *job)
{
    const nq_bound_options options = {.terms = (size_t)job->values->terms,
                                      .seed = (uint64_t)job->words->common.seed,
                                      .each_row = 1};
    int code;
    nq_status status = nq_model_load(&job->model, job->context, job->words->operands[0]);

    if (status)
        return session_fail(job->context, status);
    if ((code = data_rows_open(&job->data, job->context, job->words->operands[1], job->model,
                               &job->area, &job->words->common,
                               !path_is_numbers(job->values->path))))
        return code;
    if (strcmp(job->values->units, "data") == 0)
        job->shift = nq_model_log_jacobian(job->model);
    if (job->values->ais.samples)
        return ais_loop(&job->ais, &job->signal, job->context, job->model, job->data.rows,
                        &job->values->ais, 0, &job->words->common);
    status = bound_estimate(&job->bound, job->context, job->model, job->data.rows, options,
                            job->words->common.quiet);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static size_t job_rows(const score_job *job)
{
    return job->values->ais.samples ? job->ais.all_rows : job->bound.all_rows;
}

static double row_score(const score_job *job, size_t row)
{
    return job->shift +
           (job->values->ais.samples ? job->ais.row_likelihood[row] : job->bound.row_bound[row]);
}

/* Columns of the data that the model does not use stand between the row's number and its scores. */
static int carried_write(const score_job *job, const char *path, const double *table,
                         size_t columns, const char *const *names)
{
    const size_t count = job_rows(job), after = columns - 1;
    double *numbers = values_new(count, columns), *scores = numbers ? numbers + count : NULL;
    const nq_like_options options = {.before = 1,
                                     .before_values = numbers,
                                     .before_names = names,
                                     .after = after,
                                     .after_values = scores,
                                     .after_names = names + 1,
                                     .carried_only = 1};

    if (!numbers)
        return EXIT_FAILED;
    for (size_t r = 0; r < count; r++) {
        numbers[r] = table[r * columns];
        memcpy(scores + r * after, table + r * columns + 1, after * sizeof *scores);
    }
    const nq_status status =
        nq_dataset_write_like(job->context, path, job->data.rows, NULL, count, &options);
    free(numbers);
    return status ? session_fail(job->context, status) : output_finish();
}

static int table_write(const score_job *job, const char *path)
{
    const int with_ais = job->values->ais.samples > 0;
    const size_t columns = with_ais ? COLUMNS_AIS : COLUMNS_BOUND, count = job_rows(job);
    double *table = values_new(count, columns);

    if (!table)
        return EXIT_FAILED;
    for (size_t r = 0; r < count; r++) {
        double *row = table + r * columns;

        row[0] = (double)r;
        row[1] = number_round(row_score(job, r) * BITS_PER_NAT);
        row[2] = number_round(row_score(job, r));
        if (!with_ais) {
            row[3] = number_round(job->bound.row_se[r] * BITS_PER_NAT);
            continue;
        }
        const nq_ais *ais = &job->ais;

        row[3] = number_round(ais->row_se[r] * BITS_PER_NAT);
        row[4] = number_round(ais->row_ess[r]);
        row[5] = number_round(ais->row_khat[r]);
        row[6] = number_round(ais->row_trust[r]);
        row[7] = number_round((job->shift + ais->row_lower[r]) * BITS_PER_NAT);
    }
    const char *const *names = with_ais ? names_ais : names_bound;
    if (!path_is_numbers(path) && nq_dataset_has_text(job->data.rows) &&
        nq_dataset_file_columns(job->data.rows) > nq_dataset_dim(job->data.rows)) {
        const int code = carried_write(job, path, table, columns, names);

        free(table);
        return code;
    }
    const nq_status status = nq_values_write(job->context, path, table, count, columns, names);
    free(table);
    return status ? session_fail(job->context, status) : output_finish();
}

typedef struct ranked_row {
    size_t row;
    double score;
} ranked_row;

static int ranked_compare(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;

    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->row < b->row ? -1 : 1;
}

/* The row's score, and its numbers as they are in the data. */
static void row_print(const score_job *job, const ranked_row *entry, double *values)
{
    const size_t dim = nq_dataset_dim(job->data.rows);
    char text[NUMBER_TEXT];

    nq_dataset_row(job->data.rows, entry->row, values);
    printf("%8zu %14.4f %14.4f  ", entry->row, entry->score * BITS_PER_NAT, entry->score);
    for (size_t i = 0; i < dim; i++)
        printf("%s%s", i ? "," : "", number_text(text, values[i]));
    putchar('\n');
}

static int top_print(const score_job *job)
{
    const size_t count = job_rows(job), wanted = (size_t)job->values->top;
    ranked_row *order = malloc(count * sizeof *order);
    double *values = values_new(1, nq_dataset_dim(job->data.rows));

    if (!order || !values) {
        free(order);
        free(values);
        return message_fail("there is no memory to sort %zu rows", count);
    }
    for (size_t r = 0; r < count; r++)
        order[r] = (ranked_row){r, row_score(job, r)};
    qsort(order, count, sizeof *order, ranked_compare);
    printf("%8s %14s %14s  %s\n", "row", job->values->ais.samples ? "log p, bits" : "bound, bits",
           "nats", "values");
    for (size_t k = 0; k < wanted && k < count; k++)
        row_print(job, &order[k], values);
    free(order);
    free(values);
    return output_finish();
}

static int job_report(const score_job *job)
{
    const score_values *values = job->values;
    int code = EXIT_DONE;

    if (values->ais.samples)
        faults_tell(job->model, job->ais.faults, job->ais.impossible);
    else
        faults_tell(job->model, job->bound.faults, job->bound.impossible);
    if (values->ais.samples && job->ais.rows_at_least)
        message_note("of %zu of %zu rows only a lower bound is known (trust 2): too few of "
                     "%zu trajectories carry the sum; more may help (--ais)",
                     job->ais.rows_at_least, job->ais.rows, job->ais.samples);
    if (values->ais.samples)
        ais_warn(&job->ais, &values->ais, job->signal);
    if (values->path || !values->top)
        code = table_write(job, values->path ? values->path : "-");
    if (!code && values->top)
        code = top_print(job);
    return code || !job->signal ? code : 128 + job->signal;
}

static int files_check(const score_values *values, const arguments *words)
{
    const char *path = values->path ? values->path : values->top ? NULL : "-";
    const path_use uses[] = {{PATH_INPUT, "MODEL", words->operands[0]},
                             {PATH_INPUT, "DATA", words->operands[1]},
                             {PATH_OUTPUT, "-o", path}};

    return paths_check(uses, sizeof uses / sizeof *uses);
}

static int score_run(const verb *self, int argc, char **argv)
{
    score_values values;
    arguments words;
    score_job job = {.values = &values, .words = &words};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (values.path && strcmp(values.path, "-") == 0 && values.top)
        return options_refuse(self, "-o - and --top would both write to standard output");
    if ((code = area_parse(&job.area, self, values.area)) ||
        (code = output_check_table(values.path)) || (code = files_check(&values, &words)) ||
        (code = ais_session_open(&job.context, &values.ais, values.units, self, &words)))
        return code;
    if (!(code = job_estimate(&job)))
        code = job_report(&job);
    nq_ais_free(&job.ais);
    nq_bound_free(&job.bound);
    data_rows_close(&job.data);
    nq_model_free(job.model);
    session_close(job.context);
    return code;
}

const verb verb_score = {
    .name = "score",
    .operands = "MODEL DATA -o OUT",
    .summary = "one log likelihood for each row: finds anomalies",
    .details =
        "Writes a table with a line for each row of DATA: its number from 0, the columns that "
        "the "
        "model does not use (such as ids; not in .npy), and its log "
        "likelihood in bits and in nats: the bound K, or with --ais S the likelihood "
        "itself with its standard error and effective number of trajectories. The lower, "
        "the less the row is like the training data. Pictures larger than the model's are cut "
        "into crops side by side, from top to bottom and left to right; each is a row.",
    .example = "noneq score normal.nq new.csv -o scores.csv --top 10",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ |
              COMMON_COLUMNS,
    .run = score_run,
};
