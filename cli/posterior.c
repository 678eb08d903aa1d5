/* posterior.c - impute and denoise from the command line to the last file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "number.h"
#include "output.h"
#include "paths.h"
#include "session.h"

enum { SUMMARY_DRAWS = 100, SCORE_DRAWS = 19, SHEET_DRAWS = 4 };

static int wants_score(const posterior_job *job)
{
    return job->values->score || job->common->json;
}

int posterior_writes(const posterior_job *job)
{
    return job->values->path ||
           (!job->values->sheet && !job->values->evidence && !wants_score(job));
}

static size_t draws_default(const posterior_job *job)
{
    if (job->values->mean || job->quantile_count)
        return SUMMARY_DRAWS;
    if (wants_score(job))
        return SCORE_DRAWS;
    return job->values->sheet ? SHEET_DRAWS : 1;
}

/* Equally many of each model where nobody says how many. */
size_t posterior_draws(const posterior_job *job)
{
    const size_t models = job->model_count;

    if (job->values->draws)
        return (size_t)job->values->draws;
    return (draws_default(job) + models - 1) / models * models;
}

size_t posterior_each(const posterior_job *job)
{
    if (job->values->mean)
        return 1;
    return job->quantile_count ? job->quantile_count : posterior_draws(job);
}

int posterior_keep_truth(posterior_job *job)
{
    job->truth = values_new(job->count, job->columns);
    if (!job->truth)
        return EXIT_FAILED;
    memcpy(job->truth, job->rows, job->count * job->columns * sizeof *job->rows);
    return EXIT_DONE;
}

static int quantiles_parse(posterior_job *job, const verb *self, const char *text)
{
    char word[64];

    for (const char *rest = text; *rest;) {
        const size_t length = strcspn(rest, ",");
        double *q = &job->quantiles[job->quantile_count];

        if (job->quantile_count == QUANTILES_MOST || length >= sizeof word)
            return options_refuse(self, "--quantiles takes at most %d numbers", QUANTILES_MOST);
        memcpy(word, rest, length);
        word[length] = '\0';
        if (!number_parse(q, word) || !(*q >= 0 && *q <= 1))
            return options_refuse(self, "--quantiles takes numbers from 0 to 1, not '%s'", word);
        job->quantile_count++;
        rest += length + (rest[length] == ',');
    }
    return job->quantile_count ? EXIT_DONE
                               : options_refuse(self, "--quantiles needs at least one number");
}

static int files_check(const posterior_job *job, const arguments *words)
{
    const posterior_values *values = job->values;
    const char *path = values->path ? values->path : posterior_writes(job) ? "-" : NULL;
    const int last = words->operand_count - 1;
    path_use uses[OPERANDS_MOST + 6];
    size_t count = 0;
    int code = path_is_picture(values->path) ? output_check(values->path)
                                             : output_check_table(values->path);

    for (int i = 0; i <= last; i++)
        uses[count++] = (path_use){PATH_INPUT, i < last ? "MODEL" : "DATA", words->operands[i]};
    uses[count++] = (path_use){PATH_INPUT, "--mask", job->mask};
    uses[count++] = (path_use){PATH_INPUT, "--observe", values->observe};
    uses[count++] = (path_use){PATH_OUTPUT, "--evidence", values->evidence};
    uses[count++] = (path_use){PATH_OUTPUT, "-o", path};
    uses[count++] = (path_use){PATH_OUTPUT, "--sheet", values->sheet};
    if (!code && values->evidence)
        code = output_check_table(values->evidence);
    if (!code && values->sheet)
        code = sheet_check_path(values->sheet);
    return code ? code : paths_check(uses, count);
}

static int values_check(posterior_job *job, const verb *self, const arguments *words)
{
    const posterior_values *values = job->values;
    int code;

    if (values->draws && values->draws < words->operand_count - 1)
        return options_refuse(self, "--draws %lld of %d models: each makes one draw at least",
                              (long long)values->draws, words->operand_count - 1);
    if (words->operand_count > 2 && (values->given || values->observe || values->evidence))
        return options_refuse(self,
                              "--given, --observe and --evidence take one MODEL, not several");
    if (values->mean && values->quantiles)
        return options_refuse(self, "--mean and --quantiles are two different tables; ask for "
                                    "one at a time");
    if (wants_score(job) && values->path && !strcmp(values->path, "-"))
        return options_refuse(self, "standard output takes the score or the draws, not both");
    if ((values->quantiles && (code = quantiles_parse(job, self, values->quantiles))) ||
        (code = picture_check(self, &values->picture)))
        return code;
    return files_check(job, words);
}

/* Rows of the model's columns, or pictures of another size with its planes. */
static int data_check(posterior_job *job, const char *path)
{
    const nq_dataset *file = job->data.file;
    nq_picture own;

    nq_model_picture(&own, job->model);
    nq_dataset_picture(&job->picture, file);
    job->columns = nq_dataset_dim(file);
    job->sized = !job->picture.channels || job->columns == nq_model_columns(job->model);
    if (job->sized) {
        job->picture = own.channels ? own : job->picture;
        job->columns = nq_model_columns(job->model);
        return data_match(&job->data, job->context, job->model, job->common);
    }
    job->data.rows = job->data.file;
    if (own.channels && job->picture.channels == own.channels)
        return EXIT_DONE;
    if (own.channels && job->picture.channels)
        return message_fail("%s has pictures of %zu planes; the model was made for %zu", path,
                            job->picture.channels, own.channels);
    return message_fail("%s has %zu columns; the model was made for %zu", path, job->columns,
                        nq_model_columns(job->model));
}

static int rows_read(posterior_job *job, const char *path)
{
    int code = data_file_open(&job->data.file, job->context, path, job->common, 1,
                              posterior_writes(job) && !path_is_picture(job->values->path));

    if (!code && !(code = data_check(job, path))) {
        job->count = job->total = nq_dataset_rows(job->data.rows);
        if (job->values->rows && (size_t)job->values->rows < job->count)
            job->count = (size_t)job->values->rows;
        if (!(job->rows = values_new(job->count, job->columns)))
            code = EXIT_FAILED;
    }
    for (size_t r = 0; r < job->count && !code; r++)
        nq_dataset_row(job->rows + r * job->columns, job->data.rows, r);
    return code;
}

/* Cells of bits are 0 or 1, and so on, as the file has them. */
static int bits_check(const posterior_job *job)
{
    char place[512], found[NUMBER_TEXT];
    double low, high;

    for (size_t r = 0; job->sized && r < job->count; r++)
        for (size_t c = 0; c < job->columns; c++) {
            const double x = job->rows[r * job->columns + c];

            if (!nq_model_pair(&low, &high, job->model, c) || isnan(x) || x == low || x == high)
                continue;
            nq_dataset_cell_place(place, sizeof place, job->data.rows, r, c);
            return message_fail("%s: expected %g or %g, found %s", place, low, high,
                                number_text(found, x));
        }
    return EXIT_DONE;
}

/* Evidence on all rows at once names a bad cell by its place in the file. A clamp refuses the same
 * cells as other evidence. */
static int rows_check(const posterior_job *job)
{
    nq_status status = NQ_OK;

    for (size_t b = 0; b < job->model_count && job->count && job->sized && !status; b++) {
        nq_evidence *evidence = NULL;

        status =
            nq_evidence_clamp(&evidence, job->context, job->models[b], job->rows, job->count);
        nq_evidence_free(evidence);
    }
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int view_choose(posterior_job *job)
{
    if (!job->values->sheet && !path_is_picture(job->values->path))
        return EXIT_DONE;
    return picture_view_choose(&job->view, job->model, &job->values->picture, job->columns,
                               &job->picture);
}

static int truth_check(const posterior_job *job, const verb *self)
{
    if (!wants_score(job) || job->truth)
        return EXIT_DONE;
    return options_refuse(self, "there is no truth to compare with: --score and --json need "
                                "data that the job itself hides (--mask) or makes noisy "
                                "(--add-noise)");
}

static int all_draw(posterior_job *job)
{
    const size_t each = posterior_each(job);
    const double started = seconds_now();
    double *out = NULL;
    int code = posterior_sheet_new(job);

    if (!code && job->count > SIZE_MAX / each)
        code = message_fail("there is no memory for %zu rows of each of %zu", each, job->count);
    if (!code && posterior_writes(job) && !(out = values_new(job->count * each, job->columns)))
        code = EXIT_FAILED;
    if (!code)
        code = posterior_draw(job, out);
    const double seconds = seconds_now() - started;
    if (!code && out)
        code = posterior_write(job, out);
    if (!code && job->page.pixels)
        code = sheet_write(&job->page, job->context, job->values->sheet);
    if (!code && job->values->evidence)
        code = posterior_evidence_write(job);
    if (!code)
        collapse_tell(&job->few, "--particles", 1, job->common);
    if (!code && wants_score(job))
        code = posterior_score_print(job, seconds);
    sheet_free(&job->page);
    free(out);
    return code;
}

int posterior_run(const verb *self, const arguments *words, const posterior_values *values,
                  int keep, const char *mask, posterior_preparer *prepare,
                  const void *verb_values)
{
    posterior_job job = {.values = values, .common = &words->common, .keep = keep, .mask = mask};
    int code;

    if ((code = values_check(&job, self, words)) ||
        (code = session_open(&job.context, &words->common)))
        return code;
    if (!(code = posterior_models_open(&job, words)) &&
        !(code = rows_read(&job, words->operands[words->operand_count - 1])) &&
        !(code = prepare(&job, verb_values)) && !(code = posterior_evidence_read(&job)) &&
        !(code = truth_check(&job, self)) && !(code = bits_check(&job)) &&
        !(code = rows_check(&job)) && !(code = view_choose(&job)))
        code = all_draw(&job);
    data_rows_close(&job.data);
    given_free(&job.given);
    observe_free(&job.observed);
    free(job.log_evidence);
    free(job.sigma);
    free(job.rows);
    free(job.truth);
    posterior_models_close(&job);
    session_close(job.context);
    return code;
}
