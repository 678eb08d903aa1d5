/* sample.c - noneq sample: exact ancestral samples, or their way from noise to data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "given.h"
#include "log/progress.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "paths.h"
#include "sample.h"
#include "session.h"
#include "sheet.h"
#include "steps.h"

static const option_row rows[] = {
    {"rows", 'n', OPTION_COUNT, offsetof(sample_values, rows), "N", "100", 1, "samples to draw"},
    {"output", 'o', OPTION_TEXT, offsetof(sample_values, path), "OUT", "-", 0,
     "{tables}, perhaps with .gz; - writes CSV to standard output; .png, .pgm or .ppm: "
     "a "
     "page of pictures"},
    STEPS_OPTION(sample_values, steps,
                 "the fewest that lost at most .02 bits a column of K at the end of training, or "
                 "all of older models"),
    {"trajectory", 0, OPTION_COUNT, offsetof(sample_values, slices), "K", "0", 0,
     "keep the rows at K times evenly spread from T to 0: text gets the columns t and row in "
     "front, .npy is [K*N, columns], noise first; pictures: a line for each sample"},
    {"columns", 0, OPTION_COUNT, offsetof(sample_values, columns), "C", "0", 0,
     "pictures: how many stand in a line; 0: as many as lines"},
    {"size", 0, OPTION_TEXT, offsetof(sample_values, size), "HxW", NULL, 0,
     "size of the pictures, for a network that does not depend on it; default: as in training"},
    {"levels", 0, OPTION_FLAG, offsetof(sample_values, levels), NULL, NULL, 0,
     "whole grey levels from black to white, as the training data were before dequantisation"},
    GIVEN_OPTION(sample_values, given),
    {"particles", 'p', OPTION_COUNT, offsetof(sample_values, particles), "P", "0", 0,
     "of --given: particles of a filter, of which there are at least 8; 0: 64"},
    PICTURE_OPTIONS(sample_values, picture),
};

/* Rows drawn at a time, multiples of 64 as nq_sample_options.first wants; of large pictures
 * fewer. */
enum { CHUNK_ROWS = 8192, CHUNK_PICTURES = 64, PICTURE_NUMBERS = 4096 };

nq_status sample_rows_draw(const sample_job *job, double *out)
{
    const size_t columns = nq_model_columns(job->model);
    const size_t count = (size_t)job->values->rows;
    const size_t chunk = columns > PICTURE_NUMBERS ? CHUNK_PICTURES : CHUNK_ROWS;
    progress line;
    nq_status status = NQ_OK;

    progress_init(&line, job->common->quiet);
    for (size_t first = 0; first < count && !status; first += chunk) {
        const nq_sample_options options = {.rows = count - first < chunk ? count - first : chunk,
                                           .seed = (uint64_t)job->common->seed,
                                           .first = first,
                                           .steps = (size_t)job->values->steps};

        progress_count(&line, "sampling", first, count);
        status = nq_sample(out + first * columns, job->context, job->model, &options);
    }
    progress_clear(&line);
    return status;
}

/* Copies a slice behind its two extra columns: the time and the number of the row. */
static void slice_label(double *out, const double *slice, size_t count, size_t columns, size_t t)
{
    for (size_t i = 0; i < count; i++) {
        double *row = out + i * (columns + 2);

        row[0] = (double)t;
        row[1] = (double)i;
        memcpy(row + 2, slice + i * columns, columns * sizeof *slice);
    }
}

size_t sample_steps(const sample_job *job)
{
    if (job->values->steps)
        return (size_t)job->values->steps;
    return job->values->slices ? nq_model_steps(job->model) : nq_model_usual_steps(job->model);
}

size_t sample_slice_time(const sample_job *job, size_t k)
{
    const size_t last = (size_t)job->values->slices - 1;

    return (sample_steps(job) * (last - k) + last / 2) / last;
}

/* out[slices * rows, columns], or with two more columns in front when `labels`. */
static nq_status trajectory_draw(const sample_job *job, double *out, int labels)
{
    const size_t columns = nq_model_columns(job->model);
    const size_t count = (size_t)job->values->rows, slices = (size_t)job->values->slices;
    const nq_sample_options options = {.rows = count,
                                       .seed = (uint64_t)job->common->seed,
                                       .steps = sample_steps(job)};
    nq_sampler *sampler = NULL;
    double *slice = values_new(count, columns);
    nq_status status = slice ? NQ_OK : NQ_ERROR_MEMORY;

    if (!status)
        status = nq_sampler_new(&sampler, job->context, job->model, &options);
    for (size_t k = 0; k < slices && !status; k++) {
        const size_t t = sample_slice_time(job, k);

        if ((status = nq_sampler_run(sampler, t)) ||
            (status = nq_sampler_state(labels ? slice : out + k * count * columns, sampler)))
            break;
        if (labels)
            slice_label(out + k * count * (columns + 2), slice, count, columns, t);
    }
    nq_sampler_free(sampler);
    free(slice);
    return status;
}

/* Undoes dequantisation: the nearest grey level that there is. */
static void levels_round(const sample_job *job, double *out, size_t count)
{
    const double step = nq_model_get_options(job->model)->dequantize;
    picture_view view;

    picture_range_choose(&view, job->model, &job->values->picture);
    for (size_t i = 0; i < count; i++)
        out[i] = fmin(fmax(step * nearbyint(out[i] / step), view.black), view.white);
}

static int levels_check(const sample_job *job)
{
    if (!job->values->levels || nq_model_get_options(job->model)->dequantize > 0)
        return EXIT_DONE;
    return message_fail("--levels: the model was not trained on dequantised grey levels");
}

static int rows_write(const sample_job *job)
{
    const size_t columns = nq_model_columns(job->model);
    int code;
    double *out = values_new((size_t)job->values->rows, columns);
    const char **names = column_names_new(job->model, &code);
    nq_status status = NQ_OK;

    if (!out)
        code = EXIT_FAILED;
    if (!code && !(status = sample_rows_draw(job, out)) && job->values->levels)
        levels_round(job, out, (size_t)job->values->rows * columns);
    if (!code && !status)
        status = number_table_write(job->context, job->model, job->values->path, out,
                                    (size_t)job->values->rows, columns, names);
    if (status)
        code = session_fail(job->context, status);
    free(names);
    free(out);
    return code ? code : output_finish();
}

/* Header of a labelled table: t, row, and the model's columns (x1, x2, ... without names). */
static const char **labelled_names_new(const nq_model *model, char (**made)[24])
{
    const size_t columns = nq_model_columns(model);
    const char **names = malloc((columns + 2) * sizeof *names);

    *made = malloc((columns + 1) * sizeof **made);
    if (!names || !*made) {
        free(names);
        return NULL;
    }
    names[0] = "t";
    names[1] = "row";
    for (size_t i = 0; i < columns; i++) {
        snprintf((*made)[i], sizeof(*made)[i], "x%zu", i + 1);
        names[i + 2] = nq_model_column_name(model, i);
        if (!names[i + 2])
            names[i + 2] = (*made)[i];
    }
    return names;
}

static int slices_check(const sample_job *job)
{
    const size_t slices = (size_t)job->values->slices, steps = sample_steps(job);

    if (slices < 2 || slices > steps + 1)
        return message_fail("--trajectory takes 2 to %zu times for a chain of %zu steps, not %zu",
                            steps + 1, steps, slices);
    return EXIT_DONE;
}

static int trajectory_write(const sample_job *job)
{
    const sample_values *values = job->values;
    const int labels = !path_is_numbers(values->path);
    const size_t width = nq_model_columns(job->model) + (labels ? 2 : 0);
    const size_t slices = (size_t)values->slices, count = (size_t)values->rows;
    char(*made)[24] = NULL;
    nq_status status;
    int code = EXIT_FAILED;

    double *out = count > SIZE_MAX / slices ? NULL : values_new(count * slices, width);
    const char **names = out ? labelled_names_new(job->model, &made) : NULL;
    if (!names) {
        message_print("there is no memory for %zu slices of %zu rows", slices, count);
        goto done;
    }
    if ((status = trajectory_draw(job, out, labels)) ||
        (status = number_table_write(job->context, job->model, values->path, out, count * slices,
                                     width, labels ? names : NULL)))
        code = session_fail(job->context, status);
    else
        code = output_finish();
done:
    free(names);
    free(made);
    free(out);
    return code;
}

/* The model, for pictures of --size where that is given. */
static nq_status model_open(nq_model **out, nq_context *context, const char *path,
                            const sample_values *values)
{
    nq_picture size;
    nq_model *loaded = NULL;
    nq_status status = nq_model_load(&loaded, context, path);

    *out = loaded;
    if (status || !values->size)
        return status;
    picture_parse(&size, values->size);
    status = nq_model_resize(out, context, loaded, size.height, size.width);
    nq_model_free(loaded);
    return status;
}

static int sample_check(const verb *self, const sample_values *values, const char *model_path,
                        const common_values *common)
{
    nq_picture size;
    int code;

    if ((code = picture_check(self, &values->picture)))
        return code;
    if (values->size && (!picture_parse(&size, values->size) || size.channels != 1))
        return options_refuse(self, "--size takes HEIGHTxWIDTH, such as 256x256, not '%s'",
                              values->size);
    if ((code = path_is_picture(values->path) ? output_check(values->path)
                                              : output_check_table(values->path)))
        return code;
    if (!values->given && (values->particles || common->json))
        return options_refuse(self, "--particles and --json are of --given CONDITIONS");
    if (values->given && (values->slices || values->size || values->levels))
        return options_refuse(self,
                              "--given goes with none of --trajectory, --size and --levels");
    if (values->given && path_is_picture(values->path))
        return options_refuse(self, "--given draws rows of tables: expected a table after -o");
    if (values->given && common->json && strcmp(values->path, "-") == 0)
        return options_refuse(self, "standard output takes the rows or --json, not both");
    const path_use uses[] = {{PATH_INPUT, "MODEL", model_path},
                             {PATH_OUTPUT, "-o", values->path}};
    return paths_check(uses, sizeof uses / sizeof *uses);
}

static int sample_write(const sample_job *job)
{
    int code = job->values->slices ? slices_check(job) : EXIT_DONE;

    if (code || (code = levels_check(job)))
        return code;
    if (job->values->given)
        return sample_given_write(job);
    if (path_is_picture(job->values->path))
        return job->values->slices ? sample_strip_write(job) : sample_page_write(job);
    return job->values->slices ? trajectory_write(job) : rows_write(job);
}

static int sample_run(const verb *self, int argc, char **argv)
{
    sample_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = sample_check(self, &values, words.operands[0], &words.common)) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_status status = model_open(&model, context, words.operands[0], &values);
    const sample_job job = {context, model, &values, &words.common};
    code = status ? session_fail(context, status) : sample_write(&job);
    nq_model_free(model);
    session_close(context);
    return code;
}

const verb verb_sample = {
    .name = "sample",
    .operands = "MODEL [-n N] [-o OUT]",
    .summary = "draw exact samples of a model",
    .details =
        "Draws rows from a model: noise at time T, then reverse steps, as few as --steps says. "
        "Row "
        "i depends on "
        "the seed and i alone, so 10 samples are the first 10 of 1000. Samples of a model of "
        "pictures may be written as one: a grid, or with --trajectory a strip. With --given only "
        "rows that meet the conditions are "
        "drawn, by a particle filter, and how probable they are is told.",
    .example = "noneq sample roll.nq -n 1000 -o samples.csv",
    .operands_least = 1,
    .operands_most = 1,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE,
    .run = sample_run,
};
