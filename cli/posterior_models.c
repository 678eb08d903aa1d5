/* posterior_models.c - draws of several models: which model makes which draw, and that all of them
 * speak of the same columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "message.h"
#include "posterior.h"
#include "session.h"

size_t posterior_model_first(const posterior_job *job, size_t model)
{
    const size_t draws = posterior_draws(job), each = draws / job->model_count;
    const size_t more = draws % job->model_count; /* the first models make one more */

    return model * each + (model < more ? model : more);
}

size_t posterior_model_of(const posterior_job *job, size_t draw)
{
    size_t model = 0;

    while (model + 1 < job->model_count && draw >= posterior_model_first(job, model + 1))
        model++;
    return model;
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

static int column_check(const nq_model *a, const nq_model *b, size_t c, const arguments *words,
                        size_t model)
{
    const char *first = words->operands[0], *path = words->operands[model];

    if (names_differ(nq_model_column_name(a, c), nq_model_column_name(b, c)))
        return message_fail(
            "column %zu of '%s' is \"%s\", that of '%s' \"%s\": models that share "
            "the draws are of one table",
            c + 1, path, nq_model_column_name(b, c) ? nq_model_column_name(b, c) : "", first,
            nq_model_column_name(a, c) ? nq_model_column_name(a, c) : "");
    if (nq_model_column_is_text(a, c) != nq_model_column_is_text(b, c) || texts_differ(a, b, c) ||
        texts_differ(b, a, c))
        return message_fail("column %zu of '%s' has other texts than that of '%s': models that "
                            "share the draws are of one table, as train --models makes them",
                            c + 1, path, first);
    return EXIT_DONE;
}

static int model_check(const posterior_job *job, const arguments *words, size_t model)
{
    const nq_model *a = job->models[0], *b = job->models[model];
    nq_picture one, other;
    int code = EXIT_DONE;

    nq_model_picture(&one, a);
    nq_model_picture(&other, b);
    if (nq_model_columns(a) != nq_model_columns(b) || memcmp(&one, &other, sizeof one) != 0)
        return message_fail("'%s' has %zu columns and '%s' %zu, or pictures of another size: "
                            "models that share the draws are of one table",
                            words->operands[model], nq_model_columns(b), words->operands[0],
                            nq_model_columns(a));
    if (nq_model_is_recorded(a) != nq_model_is_recorded(b) ||
        nq_model_is_density(a) != nq_model_is_density(b))
        return message_fail("'%s' is a model of columns of other kinds than '%s'",
                            words->operands[model], words->operands[0]);
    for (size_t c = 0; c < nq_model_columns(a) && !one.channels && !code; c++)
        code = column_check(a, b, c, words, model);
    return code;
}

int posterior_models_open(posterior_job *job, const arguments *words)
{
    int code = EXIT_DONE;

    for (int i = 0; i + 1 < words->operand_count && !code; i++) {
        const nq_status status = nq_model_load(&job->models[i], job->context, words->operands[i]);

        if (status)
            return session_fail(job->context, status);
        job->model = job->models[0];
        job->model_count++;
        if (i)
            code = model_check(job, words, (size_t)i);
    }
    return code;
}

void posterior_models_close(posterior_job *job)
{
    for (size_t i = 0; i < job->model_count; i++)
        nq_model_free(job->models[i]);
}
