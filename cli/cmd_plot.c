/* cmd_plot.c - noneq plot: the figure of a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data_open.h"
#include "message.h"
#include "output.h"
#include "paths.h"
#include "plot.h"
#include "plot_table.h"
#include "session.h"
#include "verbs.h"

typedef struct plot_values {
    const char *path, *columns;
    int64_t rows;
    int entropy;
} plot_values;

static const option_row rows[] = {
    {"output", 'o', OPTION_TEXT, offsetof(plot_values, path), "FILE", NULL, 0, ".png or .svg"},
    {"columns", 0, OPTION_TEXT, offsetof(plot_values, columns), "A,B", NULL, 0,
     "columns to show, by name or number from 1; one: histograms. Default: the first two; of "
     "columns of several kinds any number, all by default"},
    {"rows", 'n', OPTION_COUNT, offsetof(plot_values, rows), "N", "0", 0,
     "rows to draw; 0: 2000, or 32 of bits. Of columns of several kinds: samples beside all "
     "rows"},
    {"entropy", 0, OPTION_FLAG, offsetof(plot_values, entropy), NULL, NULL, 0,
     "instead: bounds on the entropy of every reverse step, and what is paid there (needs DATA)"},
};

enum { ROWS_MOST = 1000000, GAUSSIAN_ROWS = 2000, BINOMIAL_ROWS = 32 };

/* A name, or a number from 1; returns 0 when there is no such column. */
static int column_find(size_t *out, const nq_model *model, const char *name)
{
    const size_t columns = nq_model_columns(model);
    int64_t number;

    for (*out = 0; *out < columns; ++*out) {
        const char *known = nq_model_column_name(model, *out);

        if (known && strcmp(known, name) == 0)
            return 1;
    }
    if (!count_parse(&number, name) || number < 1 || (uint64_t)number > columns)
        return 0;
    *out = (size_t)number - 1;
    return 1;
}

static int columns_refuse(const nq_model *model, const char *name)
{
    message_print("--columns: there is no column '%s': expected a name or 1 to %zu", name,
                  nq_model_columns(model));
    return EXIT_USAGE;
}

/* "A" or "A,B"; a name may have a comma of its own. */
static int axes_parse(plot_slices *slices, const char *text)
{
    char first[256];
    const char *comma = strchr(text, ',');

    slices->axis_count = 1;
    if (column_find(&slices->axes[0], slices->model, text))
        return EXIT_DONE;
    slices->axis_count = 2;
    for (; comma; comma = strchr(comma + 1, ',')) {
        snprintf(first, sizeof first, "%.*s", (int)(comma - text < 255 ? comma - text : 255),
                 text);
        if (!column_find(&slices->axes[0], slices->model, first))
            continue;
        if (column_find(&slices->axes[1], slices->model, comma + 1))
            return EXIT_DONE;
        return columns_refuse(slices->model, comma + 1);
    }
    return columns_refuse(slices->model, text);
}

/* The first two columns that vary. */
static void axes_choose(plot_slices *slices)
{
    double deviation;

    for (size_t c = 0; c < slices->columns && slices->axis_count < 2; c++) {
        nq_model_column_scaling(NULL, &deviation, slices->model, c);
        if (deviation > 0)
            slices->axes[slices->axis_count++] = c;
    }
}

typedef struct plot_job {
    const plot_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model;
    data_rows files;        /* of the data, if there are any */
    const nq_dataset *data; /* their rows, or NULL */
} plot_job;

static int inputs_open(plot_job *job)
{
    const char *const *operands = job->words->operands;
    const nq_status status = nq_model_load(&job->model, job->context, operands[0]);
    int code;

    if (status)
        return session_fail(job->context, status);
    if (!operands[1])
        return EXIT_DONE;
    if ((code = data_file_open(&job->files.file, job->context, operands[1], &job->words->common,
                               1, 0)) ||
        (code = data_match(&job->files, job->context, job->model, &job->words->common)))
        return code;
    job->data = job->files.rows;
    if (nq_dataset_missing(NULL, NULL, job->data) && !nq_model_is_recorded(job->model))
        return message_fail("'%s' has missing cells, which cannot be diffused", operands[1]);
    return EXIT_DONE;
}

static int figure_draw(const plot_job *job)
{
    const int is_binomial = !nq_model_is_density(job->model);
    const int64_t wanted = job->values->rows;
    const size_t count = wanted ? (size_t)wanted : is_binomial ? BINOMIAL_ROWS : GAUSSIAN_ROWS;
    plot_slices slices = {.memory = NULL};
    int code;

    if (is_binomial && job->values->columns)
        return message_fail("--columns is for Gaussian models; '%s' is a model of bits",
                            job->words->operands[0]);
    if ((code = plot_slices_new(&slices, job->context, job->model, job->data, count,
                                (uint64_t)job->words->common.seed)))
        goto done;
    slices.title = job->words->operands[0];
    if (is_binomial) {
        code = plot_binomial_draw(&slices, job->values->path);
        goto done;
    }
    if (!job->values->columns)
        axes_choose(&slices);
    else if ((code = axes_parse(&slices, job->values->columns)))
        goto done;
    code = plot_gaussian_draw(&slices, job->values->path);
done:
    plot_slices_free(&slices);
    return code;
}

/* "A,B,...", of which names may have commas of their own: the longest name that fits counts. */
static int shown_parse(size_t *shown, size_t *count, const nq_model *model, const char *text)
{
    char name[512];

    while (*text) {
        size_t length = strlen(text) < sizeof name - 1 ? strlen(text) : sizeof name - 1;
        size_t column = 0;

        for (; length; length--) {
            snprintf(name, sizeof name, "%.*s", (int)length, text);
            if ((!text[length] || text[length] == ',') && column_find(&column, model, name))
                break;
        }
        if (!length) {
            snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ","), text);
            return columns_refuse(model, name);
        }
        if (*count == TABLE_COLUMNS_MOST) {
            message_print("--columns takes at most %d columns", TABLE_COLUMNS_MOST);
            return EXIT_USAGE;
        }
        shown[(*count)++] = column;
        text += length + (text[length] == ',');
    }
    return EXIT_DONE;
}

static int table_fill(plot_table *table, const plot_job *job, double *real, double *drawn)
{
    const nq_sample_options options = {.rows = table->count[TABLE_SAMPLED],
                                       .seed = (uint64_t)job->words->common.seed};

    for (size_t r = 0; r < table->count[TABLE_REAL]; r++)
        nq_dataset_row(real + r * table->columns, job->data,
                       (uint64_t)r * nq_dataset_rows(job->data) / table->count[TABLE_REAL]);
    table->rows[TABLE_REAL] = real;
    table->rows[TABLE_SAMPLED] = drawn;
    const nq_status status = nq_sample(drawn, job->context, job->model, &options);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

/* Columns of several kinds: each for itself, data beside samples. */
static int table_draw(const plot_job *job)
{
    size_t shown[TABLE_COLUMNS_MOST], known = job->data ? nq_dataset_rows(job->data) : 0;
    const size_t columns = nq_model_columns(job->model);
    plot_table table = {.context = job->context,
                        .model = job->model,
                        .title = job->words->operands[0],
                        .columns = columns,
                        .shown = shown};
    int code = EXIT_DONE;

    table.count[TABLE_REAL] = known < ROWS_MOST ? known : ROWS_MOST;
    table.count[TABLE_SAMPLED] = job->values->rows ? (size_t)job->values->rows : GAUSSIAN_ROWS;
    if (job->values->columns) {
        if ((code = shown_parse(shown, &table.shown_count, job->model, job->values->columns)))
            return code;
    } else {
        for (; table.shown_count < columns && table.shown_count < TABLE_COLUMNS_MOST;
             table.shown_count++)
            shown[table.shown_count] = table.shown_count;
        table.left_out = columns - table.shown_count;
    }
    double *numbers = values_new(table.count[TABLE_REAL] + table.count[TABLE_SAMPLED], columns);
    if (!numbers)
        return EXIT_FAILED;
    if (!(code = table_fill(&table, job, numbers, numbers + table.count[TABLE_REAL] * columns)))
        code = plot_table_draw(&table, job->values->path);
    free(numbers);
    return code;
}

/* The account of eval --entropy as a figure. */
static int account_draw(const plot_job *job)
{
    const plot_slices page = {.context = job->context,
                              .model = job->model,
                              .title = job->words->operands[0]};
    const nq_bound_options options = {.seed = (uint64_t)job->words->common.seed};
    nq_bound bound;
    nq_entropy entropy = {0};
    nq_status status = nq_bound_estimate(&bound, job->context, job->model, job->data, &options);

    if (!status)
        status = nq_entropy_account(&entropy, job->context, job->model, job->data, &bound);
    const int code = status ? session_fail(job->context, status)
                            : plot_entropy_draw(&page, &entropy, job->values->path);
    nq_entropy_free(&entropy);
    nq_bound_free(&bound);
    return code;
}

static int plot_run(const verb *self, int argc, char **argv)
{
    plot_values values;
    arguments words;
    plot_job job = {.values = &values, .words = &words};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (!values.path)
        return options_refuse(self, "-o FILE is missing: a .png or .svg to draw");
    if (values.rows > ROWS_MOST)
        return options_refuse(self, "--rows takes at most %d", ROWS_MOST);
    if (values.entropy && words.operand_count < 2)
        return options_refuse(self,
                              "--entropy needs DATA: the account is one of a model on data");
    const path_use uses[] = {{PATH_INPUT, "MODEL", words.operands[0]},
                             {PATH_INPUT, "DATA", words.operands[1]},
                             {PATH_OUTPUT, "-o", values.path}};
    if ((code = canvas_check_path(values.path)) ||
        (code = paths_check(uses, sizeof uses / sizeof *uses)) || (code = cairo_load()) ||
        (code = session_open(&job.context, &words.common)))
        return code;
    if (!(code = inputs_open(&job)))
        code = values.entropy                    ? account_draw(&job)
               : nq_model_is_recorded(job.model) ? table_draw(&job)
                                                 : figure_draw(&job);
    data_rows_close(&job.files);
    nq_model_free(job.model);
    session_close(job.context);
    return code;
}

const verb verb_plot = {
    .name = "plot",
    .operands = "MODEL [DATA] -o FILE",
    .summary = "draw the figure of a model: forward, reverse, drift, schedule",
    .details = "Draws a model's rows at five times: the data (or else the model's samples) "
               "diffused, and "
               "samples on their way from noise. For real numbers also the drift of the reverse "
               "process; for bits, rows of black and white cells. The schedule stands below. "
               "For columns of several kinds: each column of the data beside that of samples, as "
               "bars of its values or histograms of its numbers.",
    .example = "noneq plot roll.nq roll.npy -o roll.png",
    .operands_least = 1,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ,
    .run = plot_run,
};
