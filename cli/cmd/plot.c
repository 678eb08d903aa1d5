/* plot.c - noneq plot: the figure of a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "message.h"
#include "plot/plot.h"
#include "plot/table.h"
#include "session.h"

typedef struct plot_values {
    size_t size;
    nq_string path, columns;
    nq_count rows;
    nq_flag entropy;
} plot_values;

enum { ROWS_MOST = 1000000, GAUSSIAN_ROWS = 2000, BINOMIAL_ROWS = 32 };

static const nq_option rows[] = {
    {"path", "output", NQ_OPTION_STRING, offsetof(plot_values, path), NULL, 0, 0, ".png or .svg"},
    {"columns", "columns", NQ_OPTION_STRING, offsetof(plot_values, columns), NULL, 0, 0,
     "columns to show, by name or number from 1; one: histograms. Default: the first two; of "
     "columns of several kinds any number, all by default"},
    {"rows", "rows", NQ_OPTION_COUNT, offsetof(plot_values, rows), "0", 0, 1e12,
     "rows to draw; 0: 2000, or 32 of bits. Of columns of several kinds: samples beside all "
     "rows"},
    {"entropy", "entropy", NQ_OPTION_FLAG, offsetof(plot_values, entropy), "0", 0, 1,
     "instead: bounds on the entropy of every reverse step, and what is paid there (needs "
     "DATA)"},
};
static const nq_options_type type = {"plot_values", sizeof(plot_values), sizeof(plot_values),
                                     rows, sizeof rows / sizeof *rows};
static const option_struct structs[] = {{"own", 0, "o=output n=rows"}, {NULL, 0, NULL}};

static int columns_refuse(nq_context *context)
{
    message_print("--columns: %s", nq_context_message(context));
    return EXIT_USAGE;
}

/* The first two columns that vary, or those of --columns. */
static int axes_choose(plot_slices *slices, const char *asked)
{
    size_t count = 0;
    double deviation;
    if (asked) {
        const nq_status status =
            nq_model_list_columns(slices->axes, &count, slices->context, slices->model, asked, 2);
        slices->axis_count = (int)count;
        return status ? columns_refuse(slices->context) : EXIT_DONE;
    }
    for (size_t c = 0; c < slices->way.columns && count < 2; c++) {
        nq_model_column_scaling(NULL, &deviation, slices->model, c);
        if (deviation > 0)
            slices->axes[count++] = c;
    }
    slices->axis_count = (int)count;
    return EXIT_DONE;
}

typedef struct plot_job {
    const plot_values *values;
    const arguments *words;
    nq_context *context;
    nq_model *model;
    nq_dataset *file; /* of the data, if there are any */
    nq_dataset *data; /* their rows, or NULL */
} plot_job;

static void notes_tell(const plot_job *job, const nq_dataset *data)
{
    for (size_t i = 0; i < nq_dataset_note_count(data) && !job->words->common.quiet; i++)
        message_note("%s", nq_dataset_note(data, i));
}

static int inputs_open(plot_job *job)
{
    const char *const *operands = job->words->operands;
    nq_read_options read = job->words->common.read;
    nq_status status = nq_model_load(&job->model, job->context, operands[0]);
    if (status || !operands[1])
        return status ? session_fail(job->context, status) : EXIT_DONE;
    read.for_model = 1;
    if ((status = nq_dataset_open_with(&job->file, job->context, operands[1], &read)))
        return session_fail(job->context, status);
    notes_tell(job, job->file);
    if ((status = nq_dataset_for_model(&job->data, job->context, job->file, job->model)))
        return session_fail(job->context, status);
    notes_tell(job, job->data);
    if (nq_dataset_missing(NULL, NULL, job->data) && !nq_model_is_recorded(job->model))
        return message_fail("'%s' has missing cells, which cannot be diffused", operands[1]);
    return EXIT_DONE;
}

static int figure_draw(const plot_job *job)
{
    const int is_binomial = !nq_model_is_density(job->model);
    const int64_t wanted = job->values->rows;
    const size_t count = wanted ? (size_t)wanted : is_binomial ? BINOMIAL_ROWS : GAUSSIAN_ROWS;
    plot_slices slices = {.context = job->context,
                          .model = job->model,
                          .title = job->words->operands[0]};
    if (is_binomial && job->values->columns)
        return message_fail("--columns is for Gaussian models; '%s' is a model of bits",
                            slices.title);
    const nq_status status = nq_slices_new(&slices.way, job->context, job->model, job->data,
                                           count, (uint64_t)job->words->common.seed);
    if (status)
        return session_fail(job->context, status);
    int code = is_binomial ? EXIT_DONE : axes_choose(&slices, job->values->columns);
    if (!code)
        code = is_binomial ? plot_binomial_draw(&slices, job->values->path)
                           : plot_gaussian_draw(&slices, job->values->path);
    nq_slices_free(&slices.way);
    return code;
}

static int columns_choose(plot_table *table, size_t *shown, const char *asked)
{
    const size_t columns = nq_model_columns(table->model);
    table->shown = shown;
    if (asked)
        return nq_model_list_columns(shown, &table->shown_count, table->context, table->model,
                                     asked, TABLE_COLUMNS_MOST)
                   ? columns_refuse(table->context)
                   : EXIT_DONE;
    for (; table->shown_count < columns && table->shown_count < TABLE_COLUMNS_MOST;
         table->shown_count++)
        shown[table->shown_count] = table->shown_count;
    table->left_out = columns - table->shown_count;
    return EXIT_DONE;
}

/* Columns of several kinds: each for itself, data beside samples. */
static int table_draw(const plot_job *job)
{
    const size_t columns = nq_model_columns(job->model);
    const size_t known = job->data ? nq_dataset_rows(job->data) : 0;
    const size_t real = known < ROWS_MOST ? known : ROWS_MOST;
    const nq_sample_options options = {.rows = job->values->rows ? (size_t)job->values->rows
                                                                 : GAUSSIAN_ROWS,
                                       .seed = (uint64_t)job->words->common.seed};
    size_t shown[TABLE_COLUMNS_MOST];
    plot_table table = {.context = job->context,
                        .model = job->model,
                        .title = job->words->operands[0]};
    int code = columns_choose(&table, shown, job->values->columns);
    if (code)
        return code;
    double *numbers = values_new(real + options.rows, columns), *drawn = numbers + real * columns;
    if (!numbers)
        return EXIT_FAILED;
    for (size_t r = 0; r < real; r++)
        nq_dataset_row(numbers + r * columns, job->data, (uint64_t)r * known / real);
    table.sides = (nq_sides){{numbers, drawn}, {real, options.rows}};
    const nq_status status = nq_sample(drawn, job->context, job->model, &options);
    code =
        status ? session_fail(job->context, status) : plot_table_draw(&table, job->values->path);
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
    static const char *const roles[] = {"MODEL", "DATA"};
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
    if ((code = canvas_check_path(values.path)) || (code = cairo_load()) ||
        (code = session_open(&job.context, &words.common)))
        return code;
    const nq_status status =
        nq_output_check_apart(job.context, values.path, words.operands, roles, 2);
    code = status ? session_fail(job.context, status) : inputs_open(&job);
    if (!code)
        code = values.entropy                    ? account_draw(&job)
               : nq_model_is_recorded(job.model) ? table_draw(&job)
                                                 : figure_draw(&job);
    nq_dataset_free(job.data);
    nq_dataset_free(job.file);
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
    .structs = structs,
    .own = &type,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ,
    .run = plot_run,
};
