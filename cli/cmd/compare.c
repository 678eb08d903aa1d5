/* compare.c - noneq compare: which of two models explains the same rows better, and by how
 * many standard errors. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "data_open.h"
#include "faults.h"
#include "json.h"
#include "log/watch.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "session.h"
#include "steps.h"

typedef struct compare_values {
    int64_t terms, max_rows;
    const char *path, *area, *steps;
} compare_values;

static const option_row rows[] = {
    {"terms", 0, OPTION_COUNT, offsetof(compare_values, terms), "N", "0", 0,
     "Monte Carlo terms per row and model; 0: enough for a small standard error"},
    {"max-rows", 0, OPTION_COUNT, offsetof(compare_values, max_rows), "N", "0", 0,
     "use at most so many rows, evenly spread; 0: all"},
    {"steps", 0, OPTION_TEXT, offsetof(compare_values, steps), "S[,R]", NULL, 0,
     "take S steps instead of the T that were trained, of the second model R instead (default: "
     "S); 0: all, as where --steps is not given"},
    AREA_OPTION(compare_values, area),
    {"output", 'o', OPTION_TEXT, offsetof(compare_values, path), "FILE", "-", 0,
     "where to write the result"},
};

/* Fewer standard errors than these decide nothing. */
static const double telling = 2;

typedef struct compare_job {
    const compare_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *models[2], *trained[2]; /* trained: what models borrow, or NULL */
    data_rows data;
    nq_comparison found;
} compare_job;

static const char *units_of(const compare_job *job)
{
    return nq_model_is_recorded(job->models[0]) || nq_model_is_recorded(job->models[1])
               ? "recorded"
               : "data";
}

/* "S" or "S,R" of --steps. */
static int steps_parse(int64_t steps[2], const verb *self, const char *text)
{
    const char *comma = text ? strchr(text, ',') : NULL;
    char first[32];

    steps[0] = steps[1] = 0;
    if (!text)
        return EXIT_DONE;
    snprintf(first, sizeof first, "%.*s", comma ? (int)(comma - text) : 31, text);
    if (!count_parse(&steps[0], first) || steps[0] < 0 ||
        !count_parse(&steps[1], comma ? comma + 1 : first) || steps[1] < 0)
        return options_refuse(self,
                              "--steps takes a number of steps, or two with a comma "
                              "between, not '%s'",
                              text);
    return EXIT_DONE;
}

static int job_estimate(compare_job *job, const nq_area *area, const int64_t steps[2])
{
    const common_values *common = &job->words->common;
    const nq_bound_options options = {.terms = (size_t)job->values->terms,
                                      .seed = (uint64_t)common->seed,
                                      .max_rows = (size_t)job->values->max_rows,
                                      .by_column = 1};
    nq_picture picture;
    int code;

    for (int i = 0; i < 2; i++) {
        code = steps_model_load(&job->models[i], &job->trained[i], job->context,
                                job->words->operands[i], steps[i]);
        if (code)
            return code;
    }
    if ((code = data_rows_open(&job->data, job->context, job->words->operands[2], job->models[0],
                               area, common, 0)))
        return code;
    /* each model reads the texts of a table in its own way */
    nq_model_picture(&picture, job->models[0]);
    const nq_status status =
        nq_comparison_estimate(&job->found, job->context, job->models[0], job->models[1],
                               picture.channels ? job->data.rows : job->data.file, &options);
    watch_clear();
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static void columns_json(FILE *file, const compare_job *job)
{
    const nq_comparison *found = &job->found;

    fputs(",\"columns\":[", file);
    for (size_t c = 0; c < found->columns; c++) {
        const char *name = nq_model_column_name(job->models[0], c);

        fputs(c ? ",{" : "{", file);
        if (name) {
            json_field_text(file, "name", name);
            putc(',', file);
        }
        json_field_text(file, "kind", nq_model_column_kind(job->models[0], c));
        putc(',', file);
        json_field(file, "bits", found->column_difference[c] * BITS_PER_NAT);
        putc(',', file);
        json_field(file, "se", found->column_se[c] * BITS_PER_NAT);
        putc('}', file);
    }
    putc(']', file);
}

static void report_json(FILE *file, const compare_job *job)
{
    static const char *const names[2] = {"first", "second"};
    const nq_comparison *found = &job->found;

    fprintf(file, "{\"rows\":%zu,\"difference\":{", found->rows);
    json_field(file, "bits", found->difference * BITS_PER_NAT);
    putc(',', file);
    json_field(file, "se", found->se * BITS_PER_NAT);
    putc(',', file);
    json_field(file, "nats", found->difference);
    putc('}', file);
    for (int i = 0; i < 2; i++) {
        fprintf(file, ",\"%s\":{", names[i]);
        json_field_text(file, "file", job->words->operands[i]);
        putc(',', file);
        json_field_text(file, "kernel", nq_model_kernel(job->models[i]));
        putc(',', file);
        json_field(file, "bits", found->bound[i] * BITS_PER_NAT);
        fprintf(file, ",\"steps\":%zu,\"terms\":%zu,\"impossible\":%zu}",
                nq_model_steps(job->models[i]), found->terms[i], found->impossible[i]);
    }
    putc(',', file);
    json_field_text(file, "units", units_of(job));
    if (found->columns)
        columns_json(file, job);
    fputs("}\n", file);
}

/* Which is better, in a sentence. */
static void verdict_text(FILE *file, const compare_job *job)
{
    const nq_comparison *found = &job->found;
    const double errors = fabs(found->difference) / found->se;
    const int better = found->difference < 0;

    if (found->difference == 0 && !(found->se > 0))
        fputs("Both give the rows the same K.\n", file);
    else if (isnan(errors) || errors < telling)
        fprintf(file,
                "The rows do not tell which is better: the difference is %.1f standard errors.\n",
                errors);
    else
        fprintf(file, "%s is better: by %.4f bits per row, which are %.1f standard errors.\n",
                shown(job->words->operands[better]).text, fabs(found->difference) * BITS_PER_NAT,
                errors);
}

static void columns_text(FILE *file, const compare_job *job)
{
    const nq_comparison *found = &job->found;

    fputs("\nThe same by column, bits per row:\n", file);
    for (size_t c = 0; c < found->columns; c++) {
        const char *name = nq_model_column_name(job->models[0], c);
        char number[32];

        snprintf(number, sizeof number, "column %zu", c + 1);
        fprintf(file, "  %-24s %-10s %10.4f +- %.4f\n", shown(name ? name : number).text,
                nq_model_column_kind(job->models[0], c),
                found->column_difference[c] * BITS_PER_NAT, found->column_se[c] * BITS_PER_NAT);
    }
}

static void report_text(FILE *file, const compare_job *job)
{
    const nq_comparison *found = &job->found;
    const size_t left_out = found->impossible[0] + found->impossible[1];

    fprintf(file, "%s and %s on %s: %zu rows of %zu columns, %s\n\n",
            shown(job->words->operands[0]).text, shown(job->words->operands[1]).text,
            shown(job->words->operands[2]).text, found->rows, nq_model_columns(job->models[0]),
            nq_model_is_density(job->models[0]) && !nq_model_is_recorded(job->models[0])
                ? "in the data's own units"
                : "as recorded");
    for (int i = 0; i < 2; i++)
        fprintf(file, "K of the %-7s %12.4f bits per row   %s\n", i ? "second" : "first",
                found->bound[i] * BITS_PER_NAT, shown(job->words->operands[i]).text);
    fprintf(file, "difference       %12.4f +- %.4f bits per row\n\n",
            found->difference * BITS_PER_NAT, found->se * BITS_PER_NAT);
    verdict_text(file, job);
    fprintf(
        file,
        "+- is the standard error of the mean difference, paired over rows as a sample of all "
        "possible\nrows; the Monte Carlo errors of both (%zu and %zu terms per row) are in "
        "it.\n",
        found->terms[0], found->terms[1]);
    if (left_out)
        fprintf(file,
                "Rows that a model has no probability for are left out: %zu of the first, %zu of "
                "the second.\n",
                found->impossible[0], found->impossible[1]);
    if (found->columns)
        columns_text(file, job);
}

/* What both cannot have is told once. */
static int faults_tell_both(const compare_job *job)
{
    const nq_comparison *found = &job->found;
    size_t count = 0, j = 0;
    nq_row_fault *own = malloc((found->impossible[1] + 1) * sizeof *own);

    if (!own)
        return message_fail("there is no memory for %zu impossible rows", found->impossible[1]);
    for (size_t i = 0; i < found->impossible[1]; i++) {
        const nq_row_fault *fault = &found->faults[1][i];

        while (j < found->impossible[0] && found->faults[0][j].row < fault->row)
            j++;
        if (j == found->impossible[0] || found->faults[0][j].row != fault->row)
            own[count++] = *fault;
    }
    faults_tell(job->models[0], found->faults[0], found->impossible[0]);
    faults_tell(job->models[1], own, count);
    free(own);
    return EXIT_DONE;
}

static int job_report(const compare_job *job)
{
    output out;

    if (faults_tell_both(job))
        return EXIT_FAILED;
    if (!job->found.rows)
        return message_fail("every row is impossible to one of the models: there is no mean");
    if (output_open(&out, job->context, job->values->path))
        return EXIT_FAILED;
    if (job->words->common.json)
        report_json(out.file, job);
    else
        report_text(out.file, job);
    return output_close(&out);
}

static int files_check(const compare_values *values, const arguments *words)
{
    const path_use uses[] = {{PATH_INPUT, "the first MODEL", words->operands[0]},
                             {PATH_INPUT, "the second MODEL", words->operands[1]},
                             {PATH_INPUT, "DATA", words->operands[2]},
                             {PATH_OUTPUT, "-o", values->path}};

    return paths_check(uses, sizeof uses / sizeof *uses);
}

static int compare_run(const verb *self, int argc, char **argv)
{
    compare_values values;
    arguments words;
    compare_job job = {.values = &values, .words = &words};
    nq_area area;
    int64_t steps[2];
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = steps_parse(steps, self, values.steps)) ||
        (code = area_parse(&area, self, values.area)) || (code = files_check(&values, &words)) ||
        (code = session_open(&job.context, &words.common)))
        return code;
    if (!(code = job_estimate(&job, &area, steps)))
        code = job_report(&job);
    nq_comparison_free(&job.found);
    data_rows_close(&job.data);
    nq_model_free(job.models[0]);
    nq_model_free(job.models[1]);
    nq_model_free(job.trained[0]);
    nq_model_free(job.trained[1]);
    session_close(job.context);
    return code;
}

const verb verb_compare = {
    .name = "compare",
    .operands = "MODEL MODEL DATA",
    .summary = "which of two models explains data better",
    .details =
        "Estimates K of both models on the same rows and the mean of its difference, first less "
        "second, with a standard error that is paired over rows: what makes a row hard for both "
        "drops out. Models of tables are compared by column too. The models must have the same "
        "columns; numbers are compared in the data's units. Rows that are impossible to either "
        "are named and left out.",
    .example = "noneq compare new.nq old.nq test.csv",
    .operands_least = 3,
    .operands_most = 3,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE |
              COMMON_READ | COMMON_COLUMNS,
    .run = compare_run,
};
