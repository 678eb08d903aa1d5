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
    nq_string path, show, columns;
    nq_count page, rows;
    nq_flag entropy;
} plot_values;

enum { ROWS_MOST = 1000000, SAMPLES = 2000, SAMPLES_LEAST = 200, BIT_ROWS = 32, PICTURES = 9 };

static const nq_option rows[] = {
    {"path", "output", NQ_OPTION_STRING, offsetof(plot_values, path), NULL, 0, 0,
     ".png, .svg or .pdf"},
    {"show", "show", NQ_OPTION_STRING, offsetof(plot_values, show), NULL, 0, 0,
     "way: rows on their way to noise and back; columns: each in the data beside samples; pairs: "
     "up to 8 columns of numbers against each other. Default: way, or of several kinds columns"},
    {"columns", "columns", NQ_OPTION_STRING, offsetof(plot_values, columns), NULL, 0, 0,
     "columns to show, by name or number from 1. Default: way: the first two (one: histograms); "
     "columns: all; pairs: the first 8"},
    {"page", "page", NQ_OPTION_COUNT, offsetof(plot_values, page), "1", 1, 1e9,
     "columns: which hundred of them to draw, where there are more"},
    {"rows", "rows", NQ_OPTION_COUNT, offsetof(plot_values, rows), "0", 0, 1e12,
     "rows to draw; 0: way: 2000, 32 of bits, 9 pictures; columns and pairs: 2000 samples beside "
     "all rows"},
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
        if (status == NQ_OK)
            return EXIT_DONE;
        message_print("--columns: %s (--show columns and --show pairs take more)",
                      nq_context_message(slices->context));
        return EXIT_USAGE;
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

static nq_status pictures_reduce(plot_job *job)
{
    nq_dataset *small;
    const nq_status status =
        nq_dataset_reduce_for_model(&small, job->context, job->file, job->model);
    if (small) {
        nq_dataset_free(job->file);
        job->file = small;
    }
    return status;
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
    if (!read.reduce && (status = pictures_reduce(job)))
        return session_fail(job->context, status);
    notes_tell(job, job->file);
    if ((status = nq_dataset_for_model(&job->data, job->context, job->file, job->model)))
        return session_fail(job->context, status);
    notes_tell(job, job->data);
    if (nq_dataset_missing(NULL, NULL, job->data) && !nq_model_is_recorded(job->model))
        return message_fail("'%s' has missing cells, which cannot be diffused", operands[1]);
    return EXIT_DONE;
}

/* Rows of the data, evenly spread where there are many, and samples; both behind *out, which is to
 * be freed. */
static int sides_make(nq_sides *sides, double **out, const plot_job *job, size_t samples)
{
    const size_t columns = nq_model_columns(job->model);
    const size_t known = job->data ? nq_dataset_rows(job->data) : 0;
    const size_t real = known < ROWS_MOST ? known : ROWS_MOST;
    const nq_sample_options options = {.rows = samples,
                                       .seed = (uint64_t)job->words->common.seed};
    double *numbers = *out = values_new(real + samples, columns);
    if (!numbers)
        return EXIT_FAILED;
    for (size_t r = 0; r < real; r++)
        nq_dataset_row(numbers + r * columns, job->data, (uint64_t)r * known / real);
    double *drawn = numbers + real * columns;
    *sides = (nq_sides){{numbers, drawn}, {real, samples}};
    const nq_status status = nq_sample(drawn, job->context, job->model, &options);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

/* As many as are asked for, else fewer of a large model than of a small one. */
static size_t samples_wanted(const plot_job *job)
{
    const double cost =
        (double)nq_model_parameters(job->model) * (double)nq_model_steps(job->model);
    const double affordable = 2e11 / (cost > 1 ? cost : 1); /* some seconds */
    return job->values->rows            ? (size_t)job->values->rows
           : affordable > SAMPLES       ? SAMPLES
           : affordable < SAMPLES_LEAST ? SAMPLES_LEAST
                                        : (size_t)affordable;
}

static int bits_draw(const plot_job *job, const plot_slices *slices, const plot_target *target)
{
    const plot_values everything = {.rows = 0}; /* --rows are those on their way */
    plot_job all = *job;
    double *memory = NULL;
    nq_sides sides;
    all.values = &everything;
    int code = sides_make(&sides, &memory, &all, samples_wanted(&all));
    if (!code)
        code = plot_binomial_draw(slices, &sides, target);
    free(memory);
    return code;
}

static int way_draw(const plot_job *job, const plot_target *target)
{
    const int is_binomial = !nq_model_is_density(job->model);
    const int64_t wanted = job->values->rows;
    plot_slices slices = {.context = job->context,
                          .model = job->model,
                          .title = job->words->operands[0]};
    nq_picture picture;
    if (is_binomial && job->values->columns)
        return message_fail("--columns is for Gaussian models; '%s' is a model of bits (--show "
                            "columns has them all)",
                            slices.title);
    nq_model_picture(&picture, job->model);
    const int is_picture = picture.channels && !job->values->columns;
    const size_t count = wanted        ? (size_t)wanted
                         : is_picture  ? PICTURES
                         : is_binomial ? BIT_ROWS
                                       : SAMPLES;
    const nq_status status = nq_slices_new(&slices.way, job->context, job->model, job->data,
                                           count, (uint64_t)job->words->common.seed);
    if (status)
        return session_fail(job->context, status);
    int code = is_picture || is_binomial ? EXIT_DONE : axes_choose(&slices, job->values->columns);
    if (!code)
        code = is_picture    ? plot_pictures_draw(&slices, target)
               : is_binomial ? bits_draw(job, &slices, target)
                             : plot_gaussian_draw(&slices, target);
    nq_slices_free(&slices.way);
    return code;
}

/* The columns of a page. */
static int page_choose(plot_table *table, size_t *shown, const plot_values *values)
{
    const size_t columns = nq_model_columns(table->model);
    const size_t first = ((size_t)values->page - 1) * TABLE_PAGE;
    table->page = (size_t)values->page;
    table->pages = (columns + TABLE_PAGE - 1) / TABLE_PAGE;
    if (table->page > table->pages) {
        message_print("--page %zu: %zu columns are %zu page%s", table->page, columns,
                      table->pages, table->pages == 1 ? "" : "s");
        return EXIT_USAGE;
    }
    for (size_t c = first; c < columns && c < first + TABLE_PAGE; c++)
        shown[table->shown_count++] = c;
    return EXIT_DONE;
}

static int pairs_choose(plot_table *table, size_t *list, int is_asked)
{
    const size_t columns = nq_model_columns(table->model);
    char name[NQ_LABEL_SIZE];
    for (size_t k = 0; is_asked && k < table->shown_count; k++)
        if (nq_model_column_is_text(table->model, list[k])) {
            plot_column_name(name, sizeof name, table->model, list[k]);
            message_print(
                "--show pairs takes columns of numbers; '%s' has texts (--show columns)",
                shown(name).text);
            return EXIT_USAGE;
        }
    for (size_t c = 0; !is_asked && c < columns && table->shown_count < PAIRS_MOST; c++)
        if (!nq_model_column_is_text(table->model, c))
            list[table->shown_count++] = c;
    if (table->shown_count >= 2)
        return EXIT_DONE;
    message_print("--show pairs needs two columns of numbers; there %s %zu (--show columns)",
                  table->shown_count == 1 ? "is" : "are", table->shown_count);
    return EXIT_USAGE;
}

/* Columns of data beside samples, each for itself or in pairs. */
static int table_draw(const plot_job *job, const plot_target *target, int is_pairs)
{
    const plot_values *values = job->values;
    size_t shown[TABLE_PAGE];
    plot_table table = {.context = job->context,
                        .model = job->model,
                        .title = job->words->operands[0],
                        .shown = shown};
    double *memory = NULL;
    int code = EXIT_DONE;
    if (values->columns &&
        nq_model_list_columns(shown, &table.shown_count, job->context, job->model,
                              values->columns, is_pairs ? PAIRS_MOST : TABLE_PAGE))
        return columns_refuse(job->context);
    if (is_pairs)
        code = pairs_choose(&table, shown, values->columns != NULL);
    else if (!values->columns)
        code = page_choose(&table, shown, values);
    if (!code)
        code = sides_make(&table.sides, &memory, job, samples_wanted(job));
    if (!code)
        code = is_pairs ? plot_pairs_draw(&table, target) : plot_table_draw(&table, target);
    free(memory);
    return code;
}

static int shown_draw(const plot_job *job, const plot_target *target)
{
    const int is_recorded = nq_model_is_recorded(job->model);
    const char *show = job->values->show ? job->values->show : is_recorded ? "columns" : "way";
    if (strcmp(show, "way") != 0)
        return table_draw(job, target, strcmp(show, "pairs") == 0);
    if (is_recorded)
        return message_fail("--show way is for columns of one kind; those of '%s' are of several "
                            "(--show columns)",
                            job->words->operands[0]);
    return way_draw(job, target);
}

/* The account of eval --entropy as a figure. */
static int account_draw(const plot_job *job, const plot_target *target)
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
    const int code =
        status ? session_fail(job->context, status) : plot_entropy_draw(&page, &entropy, target);
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
        return options_refuse(self, "-o FILE is missing: a .png, .svg or .pdf to draw");
    if (values.show && strcmp(values.show, "way") && strcmp(values.show, "columns") &&
        strcmp(values.show, "pairs"))
        return options_refuse(self, "--show '%s': expected way, columns or pairs",
                              shown(values.show).text);
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
    const plot_target target = {job.context, values.path, words.common.quiet};
    if (!code)
        code = values.entropy ? account_draw(&job, &target) : shown_draw(&job, &target);
    nq_dataset_free(job.data);
    nq_dataset_free(job.file);
    nq_model_free(job.model);
    session_close(job.context);
    return code;
}

const verb verb_plot = {
    .name = "plot",
    .operands = "MODEL [DATA] -o FILE",
    .summary = "draw a model: rows on their way to noise and back, or columns beside data",
    .details = "Draws a model's rows at five times: the data (or else samples) diffused, and "
               "samples on their way from noise. Of numbers also the drift of the reverse "
               "process, of bits how often each is 1. The schedule stands below. Of columns of "
               "several kinds: each in the data beside samples, as bars of its values or a "
               "histogram.",
    .example = "noneq plot roll.nq roll.npy -o roll.png",
    .operands_least = 1,
    .operands_most = 2,
    .structs = structs,
    .own = &type,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ,
    .run = plot_run,
};
