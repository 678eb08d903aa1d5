/* models.c - draws of several models: which model makes which draw, and that all of them speak of
 * the same columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"
#include "task/fill/job.h"

size_t nqi_fill_model_first(const nqi_fill_job *job, size_t model)
{
    const size_t each = job->plan.draws / job->model_count;
    const size_t more = job->plan.draws % job->model_count; /* the first models make one more */
    return model * each + (model < more ? model : more);
}

size_t nqi_fill_model_of(const nqi_fill_job *job, size_t draw)
{
    size_t model = 0;
    while (model + 1 < job->model_count && draw >= nqi_fill_model_first(job, model + 1))
        model++;
    return model;
}

enum { NAME_SIZE = 512 };

/* The name of a model's file in quotes, or "model 2". */
static const char *model_name(char out[NAME_SIZE], const nqi_fill_job *job, size_t model)
{
    const char *path = nqi_model_path(job->models[model]);
    if (path)
        snprintf(out, NAME_SIZE, "'%.500s'", path);
    else
        snprintf(out, NAME_SIZE, "model %zu", model + 1);
    return out;
}

static int names_differ(const char *a, const char *b)
{
    return !a != !b || (a && strcmp(a, b) != 0);
}

/* What the codes of a text column stand for. */
static int texts_differ(const nq_model *a, const nq_model *b, size_t column)
{
    char text[512];
    for (size_t k = 0; k < nq_model_levels(b, column); k++) {
        const char *own = nq_model_level_text(b, column, k);
        if (!own)
            continue;
        if (nq_model_cell_text(text, sizeof text, a, column, nq_model_level_value(b, column, k)) <
                sizeof text &&
            strcmp(text, own) != 0)
            return 1;
    }
    return 0;
}

static nq_status column_check(const nqi_fill_job *job, size_t model, size_t c)
{
    const nq_model *a = job->models[0], *b = job->models[model];
    const char *own = nq_model_column_name(b, c), *first = nq_model_column_name(a, c);
    char name[NAME_SIZE], first_name[NAME_SIZE];
    model_name(name, job, model);
    model_name(first_name, job, 0);
    if (names_differ(first, own))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "column %zu of %s is \"%s\", that of %s \"%s\": models that share the "
                        "draws are of one table",
                        c + 1, name, own ? own : "", first_name, first ? first : "");
    if (nq_model_column_is_text(a, c) != nq_model_column_is_text(b, c) || texts_differ(a, b, c) ||
        texts_differ(b, a, c))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "column %zu of %s has other texts than that of %s: models that share the "
                        "draws are of one table, as train " NQI_OPTION "models makes them",
                        c + 1, name, first_name);
    return NQ_OK;
}

static nq_status model_check(const nqi_fill_job *job, size_t model)
{
    const nq_model *a = job->models[0], *b = job->models[model];
    char name[NAME_SIZE], first_name[NAME_SIZE];
    nq_picture one, other;
    nq_status status = NQ_OK;
    model_name(name, job, model);
    model_name(first_name, job, 0);
    nq_model_picture(&one, a);
    nq_model_picture(&other, b);
    if (nq_model_columns(a) != nq_model_columns(b) || memcmp(&one, &other, sizeof one) != 0)
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "%s has %zu columns and %s %zu, or pictures of another size: models that "
                        "share the draws are of one table",
                        name, nq_model_columns(b), first_name, nq_model_columns(a));
    if (nq_model_is_recorded(a) != nq_model_is_recorded(b) ||
        nq_model_is_density(a) != nq_model_is_density(b))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        "%s is a model of columns of other kinds than %s", name, first_name);
    for (size_t c = 0; c < nq_model_columns(a) && !one.channels && !status; c++)
        status = column_check(job, model, c);
    return status;
}

nq_status nqi_fill_models_check(const nqi_fill_job *job)
{
    nq_status status = NQ_OK;
    for (size_t b = 1; b < job->model_count && !status; b++)
        status = model_check(job, b);
    return status;
}
