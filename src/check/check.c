/* check.c - is a model calibrated on these rows? All tests, and what they say together. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "check/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/law/law.h"
#include "core/monitor.h"
#include "core/option/options.h"

enum {
    DRAWS_USUAL = 19,
    DRAWS_MOST = 9999,
    PERMUTATIONS_USUAL = 499,
    PERMUTATIONS_MOST = 1000000
};
static const double level_usual = 0.05;

nqi_stream nqi_check_stream(const nqi_check_job *job, uint64_t purpose, uint32_t step)
{
    return (nqi_stream){nqi_seed_child(job->options.seed, purpose), NQI_DRAW_CHECK, step, 0};
}

static nq_status options_fill(nqi_check_job *job, const nq_check_options *options)
{
    nq_check_options *own = &job->options;
    const nq_status status = nqi_options_take(own, job->context, &nqi_check_options, options);
    if (status)
        return status;
    if (own->draws > DRAWS_MOST)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "%zu draws of a cell: expected at most %d", own->draws, DRAWS_MOST);
    if (own->permutations > PERMUTATIONS_MOST)
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT, "%zu permutations: expected at most %d",
                        own->permutations, PERMUTATIONS_MOST);
    if (!(own->level >= 0 && own->level < 1))
        return nqi_fail(job->context, NQ_ERROR_ARGUMENT,
                        "a level of %g: expected a chance between 0 and 1", own->level);
    own->draws = own->draws ? own->draws : DRAWS_USUAL;
    own->permutations = own->permutations ? own->permutations : PERMUTATIONS_USUAL;
    own->level = own->level > 0 ? own->level : level_usual;
    return NQ_OK;
}

/* Results before anything is known. */
static nq_status columns_new(nqi_check_job *job)
{
    static const nq_rank_test none = {.p = NAN, .shift = NAN, .spread = NAN, .p_adjusted = NAN};
    nq_check *out = job->out;
    const nqi_check_rows *rows = &job->rows;
    const size_t places = rows->count * rows->rows;
    out->columns = calloc(rows->count, sizeof *out->columns);
    job->place = malloc(places * sizeof *job->place);
    job->place_given = malloc(places * sizeof *job->place_given);
    if (!out->columns || !job->place || !job->place_given)
        return nqi_fail_memory(job->context, "columns to check", places * sizeof *job->place);
    for (size_t i = 0; i < places; i++)
        job->place[i] = job->place_given[i] = NAN;
    out->column_count = rows->count;
    for (size_t j = 0; j < rows->count; j++)
        out->columns[j] = (nq_check_column){.column = rows->column[j],
                                            .is_level = rows->is_level[j],
                                            .marginal = none,
                                            .given = none,
                                            .self = none,
                                            .shift_size = NAN,
                                            .width_ratio = NAN,
                                            .distance = NAN,
                                            .level = NAN,
                                            .level_rows = NAN,
                                            .level_draws = NAN};
    return NQ_OK;
}

/* Holm's procedure over columns, alone and given others together: a false alarm in any of them. */
static nq_status adjust(nqi_check_job *job)
{
    nq_check *out = job->out;
    const size_t count = out->column_count;
    double *p = malloc(3 * count * sizeof *p);
    size_t *scratch = malloc(2 * count * sizeof *scratch);
    if (p && scratch) {
        for (size_t j = 0; j < count; j++) {
            p[j] = out->columns[j].marginal.p;
            p[count + j] = out->columns[j].given.p;
            p[2 * count + j] = out->columns[j].self.p;
        }
        nqi_p_holm(p, p, 2 * count, scratch);
        nqi_p_holm(p + 2 * count, p + 2 * count, count, scratch);
        for (size_t j = 0; j < count; j++) {
            out->columns[j].marginal.p_adjusted = p[j];
            out->columns[j].given.p_adjusted = p[count + j];
            out->columns[j].self.p_adjusted = p[2 * count + j];
        }
    }
    const int has_memory = p && scratch;
    free(p);
    free(scratch);
    return has_memory ? NQ_OK : nqi_fail_memory(job->context, "p values", 3 * count * sizeof *p);
}

int nqi_check_is_flagged(const nq_check *found, const nq_check_column *column)
{
    return column->marginal.p_adjusted < found->level || column->given.p_adjusted < found->level;
}

size_t nqi_check_flagged(const nq_check *found)
{
    size_t count = 0;
    for (size_t j = 0; j < found->column_count; j++)
        count += (size_t)nqi_check_is_flagged(found, &found->columns[j]);
    return count;
}

int nqi_check_width(const nq_check *found)
{
    enum { SHARE = 2, SURE = 3 }; /* of the middle of the law; errors */
    const nq_check_coverage *all = &found->coverage[0];
    const double gap = all->part[SHARE] - nq_check_share(SHARE);
    return all->se[SHARE] > 0 && fabs(gap) > SURE * all->se[SHARE] ? (gap < 0 ? -1 : 1) : 0;
}

static void judge(nq_check *out)
{
    const double p[] = {out->marginal.p, out->given.p, out->classifier.p, out->density.p};
    out->p = nqi_p_combine(p, sizeof p / sizeof *p);
    out->is_calibrated = !(out->p < out->level);
    out->is_consistent = !(out->self.p < out->level);
    if (nqi_check_flagged(out))
        out->is_calibrated = 0;
}

/* The rows that the model learned from, its hold-out rows, or the file that was both. */
static nq_status training_find(nqi_check_job *job)
{
    nqi_acquaintance rows;
    const nq_status status =
        nqi_rows_recognise(&rows, job->context, job->model, job->rows.usable.whole);
    job->out->of_training = rows != NQI_ROWS_STRANGE;
    return status;
}

/* What is done one after another, and about how much of the work it is. */
static const struct {
    nq_status (*run)(nqi_check_job *job);
    double part;
} stages[] = {{nqi_check_rows_read, 0.02}, {columns_new, 0},
              {nqi_check_rows_draw, 0.14}, {nqi_check_marginal, 0.02},
              {nqi_check_given, 0.37},     {nqi_check_self, 0.27},
              {nqi_check_density, 0.1},    {nqi_check_classifier, 0.06},
              {nqi_check_coverage, 0},     {adjust, 0},
              {training_find, 0.02}};

static nq_status run(nqi_check_job *job)
{
    nq_check *out = job->out;
    double done = 0;
    nq_status status = nqi_tell(job->context, "checking", 0, 1);
    for (size_t i = 0; i < sizeof stages / sizeof *stages && !status; i++) {
        const nqi_portion portion =
            nqi_portion_enter(job->context, done, fmin(done + stages[i].part, 1));
        status = stages[i].run(job);
        nqi_portion_leave(job->context, portion);
        done += stages[i].part;
    }
    if (status)
        return status;
    out->rows = job->rows.rows;
    out->full = job->rows.full;
    out->impossible = job->rows.usable.count;
    out->faults = job->rows.usable.faults;
    job->rows.usable.faults = NULL; /* taken over */
    judge(out);
    return NQ_OK;
}

nq_status nq_check_estimate(nq_check *out, nq_context *context, const nq_model *model,
                            const nq_dataset *data, const nq_check_options *options)
{
    nqi_check_job job = {.context = context, .model = model, .data = data, .out = out};
    static const nq_check_test none = {.p = NAN};
    *out = (nq_check){.marginal = none,
                      .given = none,
                      .self = none,
                      .classifier = none,
                      .density = none,
                      .auc = NAN,
                      .auc_se = NAN,
                      .accuracy = NAN,
                      .bound_rows = NAN,
                      .bound_rows_se = NAN,
                      .bound_draws = NAN,
                      .bound_draws_se = NAN,
                      .p = NAN};
    if (model->picture.channels)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "the model is of pictures: a check is of tables; eval and its \036parzen "
                        "judge pictures");
    nq_status status = options_fill(&job, options);
    if (!status) {
        out->level = job.options.level;
        status = run(&job);
    }
    nqi_check_rows_free(&job.rows);
    free(job.place);
    free(job.place_given);
    if (status)
        nq_check_free(out);
    return status;
}

void nq_check_free(nq_check *check)
{
    free(check->faults);
    free(check->columns);
    free(check->coverage);
    memset(check, 0, sizeof *check);
}
