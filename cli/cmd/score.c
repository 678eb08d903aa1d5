/* score.c - noneq score: one log likelihood for each row, for finding anomalies. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ais_loop.h"
#include "cmd/verbs.h"
#include "data_open.h"
#include "faults.h"
#include "json.h"
#include "log/watch.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "paths.h"
#include "question.h"
#include "session.h"
#include "steps.h"

typedef struct score_values {
    int64_t terms, top, steps;
    const char *units, *path, *area;
    ais_values ais;
    question_values question;
    int by_column;
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
    STEPS_OPTION(score_values, steps, "all; K and likelihood are of the chain taken"),
    UNITS_OPTION(score_values, units),
    {"by-column", 0, OPTION_FLAG, offsetof(score_values, by_column), NULL, NULL, 0,
     "columns of several kinds: add what each column is of the row's bits, as bits_NAME"},
    QUESTION_OPTIONS(score_values, question),
    AREA_OPTION(score_values, area),
};

enum { COLUMNS_BOUND = 4, COLUMNS_AIS = 8 };
static const char *const names_bound[] = {"row", "bound_bits", "bound_nats", "se_bits"};
static const char *const names_ais[] = {
    "row",   "log_likelihood_bits", "log_likelihood_nats", "se_bits", "ess", "khat",
    "trust", "at_least_bits"};

typedef struct score_job {
    score_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model, *trained; /* trained: what the model borrows, or NULL */
    nq_area area;
    data_rows data;
    nq_bound bound;
    nq_ais ais;
    int signal; /* that has stopped the sampling, or 0 */
    unsigned char *roles;
    double *shift; /* of each row, nats */
} score_job;

static int shifts_make(score_job *job)
{
    const size_t count = nq_dataset_rows(job->data.rows);
    double *scratch = values_new(1, nq_dataset_dim(job->data.rows));

    if (!(job->shift = calloc(count + 1, sizeof *job->shift)) || !scratch) {
        free(scratch);
        return message_fail("there is no memory for %zu rows", count);
    }
    for (size_t r = 0; r < count && strcmp(job->values->units, "data") == 0; r++)
        job->shift[r] = question_shift(job->model, job->roles, job->data.rows, r, scratch);
    free(scratch);
    return EXIT_DONE;
}

static int job_estimate(score_job *job)
{
    nq_bound_options options = {.terms = (size_t)job->values->terms,
                                .seed = (uint64_t)job->words->common.seed,
                                .each_row = 1,
                                .by_column = job->values->by_column};
    int code = steps_model_load(&job->model, &job->trained, job->context, job->words->operands[0],
                                job->values->steps);
    nq_status status;

    if (code)
        return code;
    if (job->values->by_column && !nq_model_is_recorded(job->model))
        return message_fail("--by-column: '%s' is no model of columns of several kinds",
                            job->words->operands[0]);
    if ((code = units_settle(&job->values->units, job->model, job->words->operands[0])))
        return code;
    if ((code = data_rows_open(&job->data, job->context, job->words->operands[1], job->model,
                               &job->area, &job->words->common,
                               !path_is_numbers(job->values->path))))
        return code;
    if ((code = question_roles(&job->roles, job->model, &job->values->question)) ||
        (code = shifts_make(job)))
        return code;
    options.roles = job->roles;
    if (job->values->ais.samples)
        return ais_loop(&job->ais, &job->signal, job->context, job->model, job->data.rows,
                        job->roles, &job->values->ais, 0, &job->words->common);
    status = nq_bound_estimate(&job->bound, job->context, job->model, job->data.rows, &options);
    watch_clear();
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static size_t job_rows(const score_job *job)
{
    return job->values->ais.samples ? job->ais.all_rows : job->bound.all_rows;
}

static double row_score(const score_job *job, size_t row)
{
    return job->shift[row] +
           (job->values->ais.samples ? job->ais.row_likelihood[row] : job->bound.row_bound[row]);
}

/* Columns of the data that the model does not use stand between the row's number and its scores. */
static int carried_write(const score_job *job, const char *path, const double *table,
                         size_t columns, const char *const *names)
{
    const size_t count = job_rows(job), after = columns - 1;
    double *numbers = values_new(count, columns), *scores = numbers ? numbers + count : NULL;
    const nq_beside options = {.before = 1,
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
        nq_dataset_write_like(path, job->context, job->data.rows, NULL, count, &options);
    free(numbers);
    return status ? session_fail(job->context, status) : output_finish();
}

/* What the table holds: as many numbers of each row as there are names. */
typedef struct score_table {
    double *values;
    const char **names;
    char *texts; /* of the names that were made */
    size_t columns, count, own;
} score_table;

static void table_free(score_table *table)
{
    free(table->values);
    free(table->names);
    free(table->texts);
}

/* "bits_age", or bits_1 of a column without a name. */
static char *share_name(char *out, const nq_model *model, size_t column)
{
    const char *name = nq_model_column_name(model, column);

    if (name)
        return out + sprintf(out, "bits_%s", name) + 1;
    return out + sprintf(out, "bits_%zu", column + 1) + 1;
}

static int table_new(score_table *out, const score_job *job)
{
    const int with_ais = job->values->ais.samples > 0;
    const char *const *names = with_ais ? names_ais : names_bound;
    const size_t shares = job->values->by_column ? nq_model_columns(job->model) : 0;
    size_t bytes = 1;

    *out = (score_table){.own = with_ais ? COLUMNS_AIS : COLUMNS_BOUND, .count = job_rows(job)};
    out->columns = out->own + shares;
    for (size_t c = 0; c < shares; c++) {
        const char *name = nq_model_column_name(job->model, c);
        bytes += 32 + (name ? strlen(name) : 0);
    }
    out->values = values_new(out->count, out->columns);
    out->names = malloc(out->columns * sizeof *out->names);
    char *text = out->texts = malloc(bytes);
    if (!out->values || !out->names || !text) {
        table_free(out);
        return message_fail("there is no memory for the scores of %zu rows", out->count);
    }
    for (size_t c = 0; c < out->columns; c++) {
        out->names[c] = c < out->own ? names[c] : text;
        if (c >= out->own)
            text = share_name(text, job->model, c - out->own);
    }
    return EXIT_DONE;
}

static void row_fill(double *row, const score_job *job, size_t r)
{
    const nq_ais *ais = &job->ais;

    row[0] = (double)r;
    row[1] = number_round(row_score(job, r) * BITS_PER_NAT);
    row[2] = number_round(row_score(job, r));
    if (!job->values->ais.samples) {
        row[3] = number_round(job->bound.row_se[r] * BITS_PER_NAT);
        return;
    }
    row[3] = number_round(ais->row_se[r] * BITS_PER_NAT);
    row[4] = number_round(ais->row_ess[r]);
    row[5] = number_round(ais->row_khat[r]);
    row[6] = number_round(ais->row_trust[r]);
    row[7] = number_round((job->shift[r] + ais->row_lower[r]) * BITS_PER_NAT);
}

static void table_fill(score_table *table, const score_job *job)
{
    const size_t shares = table->columns - table->own;
    const double *bound = job->bound.row_column_bound; /* NULL: every row is impossible */

    for (size_t r = 0; r < table->count; r++) {
        double *row = table->values + r * table->columns;

        row_fill(row, job, r);
        for (size_t c = 0; c < shares; c++)
            row[table->own + c] =
                bound ? number_round(bound[r * shares + c] * BITS_PER_NAT) : NAN;
    }
}

static int table_json(const score_job *job, const char *path, const score_table *table)
{
    output out;

    if (output_open(&out, job->context, path))
        return EXIT_FAILED;
    fprintf(out.file, "{\"rows\":%zu,", table->count);
    json_field_text(out.file, "units", job->values->units);
    fputs(",\"scores\":[", out.file);
    for (size_t r = 0; r < table->count; r++) {
        fputs(r ? ",\n{" : "\n{", out.file);
        for (size_t c = 0; c < table->columns; c++) {
            fputs(c ? "," : "", out.file);
            json_string(out.file, table->names[c]);
            putc(':', out.file);
            json_number_any(out.file, table->values[r * table->columns + c]);
        }
        putc('}', out.file);
    }
    fputs("]}\n", out.file);
    return output_close(&out);
}

static int table_text(const score_job *job, const char *path, const score_table *table)
{
    if (!path_is_numbers(path) && nq_dataset_has_text(job->data.rows) &&
        nq_dataset_file_columns(job->data.rows) > nq_dataset_dim(job->data.rows))
        return carried_write(job, path, table->values, table->columns, table->names);
    const nq_status status = nq_values_write(path, job->context, table->values, table->count,
                                             table->columns, table->names);
    return status ? session_fail(job->context, status) : output_finish();
}

static int table_write(const score_job *job, const char *path)
{
    score_table table;
    int code = table_new(&table, job);

    if (code)
        return code;
    table_fill(&table, job);
    code =
        job->words->common.json ? table_json(job, path, &table) : table_text(job, path, &table);
    table_free(&table);
    return code;
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

/* As the file has it; nothing of a gap. */
static void cell_print(const score_job *job, size_t column, double value)
{
    char text[512] = "";

    if (!isnan(value))
        nq_dataset_cell_text(text, sizeof text, job->data.rows, column, value);
    printf("%s%s", column ? "," : "", shown(text).text);
}

/* The row's score, and its numbers as they are in the data. */
static void row_print(const score_job *job, const ranked_row *entry, double *values)
{
    const size_t dim = nq_dataset_dim(job->data.rows);
    char text[NUMBER_TEXT];

    nq_dataset_row(values, job->data.rows, entry->row);
    printf("%8zu %14.4f %14.4f  ", entry->row, entry->score * BITS_PER_NAT, entry->score);
    for (size_t i = 0; i < dim; i++)
        if (nq_model_is_recorded(job->model))
            cell_print(job, i, values[i]);
        else
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

static int out_check(const char *path)
{
    return path && strcmp(path, "-") != 0 ? output_check(path) : EXIT_DONE;
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
    if (values.by_column && values.ais.samples)
        return options_refuse(self, "--by-column is of K, and not with --ais");
    if ((code = area_parse(&job.area, self, values.area)) ||
        (code = words.common.json ? out_check(values.path) : output_check_table(values.path)) ||
        (code = files_check(&values, &words)) ||
        (code = ais_session_open(&job.context, &values.ais, values.units, self, &words)))
        return code;
    if (!(code = job_estimate(&job)))
        code = job_report(&job);
    nq_ais_free(&job.ais);
    nq_bound_free(&job.bound);
    data_rows_close(&job.data);
    free(job.roles);
    free(job.shift);
    nq_model_free(job.model);
    nq_model_free(job.trained);
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
        "into crops side by side, from top to bottom and left to right; each is a row. Of "
        "columns "
        "of several kinds --by-column adds what each contributes, which together is the row's K.",
    .example = "noneq score normal.nq new.csv -o scores.csv --top 10",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE |
              COMMON_READ | COMMON_COLUMNS,
    .run = score_run,
};
