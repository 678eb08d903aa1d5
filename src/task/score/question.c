/* question.c - the probability of some columns given others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/score/question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { WORD = 512 };

/* The next word of a list, without its quotes; NULL: there is none. */
static const char *word_next(char out[WORD], const char *text)
{
    size_t length = 0;
    int quoted = 0;
    if (!*text)
        return NULL;
    for (; *text && (quoted || *text != ','); text++)
        if (*text == '"')
            quoted = !quoted;
        else if (length + 1 < WORD)
            out[length++] = *text;
    out[length] = '\0';
    return *text ? text + 1 : text;
}

/* Columns first..last, from 0, of a name, a number from 1 or a range of these; 0: there are
 * none. */
static int columns_find(size_t *first, size_t *last, const nq_model *model, const char *word)
{
    const size_t columns = nq_model_columns(model);
    char *end;
    for (size_t c = 0; c < columns; c++) {
        const char *name = nq_model_column_name(model, c);
        if (name && strcmp(name, word) == 0) {
            *first = *last = c;
            return 1;
        }
    }
    const unsigned long from = strtoul(word, &end, 10);
    const unsigned long to = *end == '-' ? strtoul(end + 1, &end, 10) : from;
    if (*end || from < 1 || to < from || to > columns || !*word)
        return 0;
    *first = from - 1;
    *last = to - 1;
    return 1;
}

static nq_status word_mark(unsigned char *roles, nq_context *context, const nq_model *model,
                           const char *option, const char *word, nq_role role)
{
    size_t first, last;
    if (!columns_find(&first, &last, model, word))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        NQI_OPTION "%s %s: the model has no such column; expected names of its "
                                   "columns, or numbers from 1 to %zu",
                        option, word, nq_model_columns(model));
    for (size_t c = first; c <= last; c++) {
        const size_t source = nq_model_column_source(model, c);
        if (source != (size_t)-1 && first < last)
            continue;
        if (source != (size_t)-1)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            NQI_OPTION
                            "%s %s: that column follows from column %zu; expected that "
                            "one in its place",
                            option, word, source + 1);
        if (role == NQ_ROLE_KNOWN && roles[c] == NQ_ROLE_TARGET && first == last)
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            NQI_OPTION "%s %s: the column is named in " NQI_OPTION
                                       "of too; expected it in one of both",
                            option, word);
        roles[c] = (unsigned char)role;
    }
    return NQ_OK;
}

static nq_status list_mark(unsigned char *roles, nq_context *context, const nq_model *model,
                           const char *option, const char *list, nq_role role)
{
    char word[WORD];
    nq_status status = NQ_OK;
    while (!status && list && (list = word_next(word, list)))
        status = word_mark(roles, context, model, option, word, role);
    return status;
}

nq_status nqi_question_roles(unsigned char **roles, nq_context *context, const nq_model *model,
                             const char *of, const char *given)
{
    enum { OPEN = NQ_ROLE_ABSENT + 1 }; /* a target, unless it is named */
    const size_t columns = nq_model_columns(model);
    *roles = NULL;
    if (!of && !given)
        return NQ_OK;
    if (!(nq_model_get_options(model)->roles > 0))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "of and " NQI_OPTION
                                   "given are for models that were trained with " NQI_OPTION
                                   "roles 1; this one knows the joint law alone");
    unsigned char *own = malloc(columns);
    if (!own)
        return nqi_fail_memory(context, "the roles of columns", columns);
    memset(own, of ? NQ_ROLE_ABSENT : OPEN, columns);
    nq_status status = list_mark(own, context, model, "of", of, NQ_ROLE_TARGET);
    if (!status)
        status = list_mark(own, context, model, "given", given, NQ_ROLE_KNOWN);
    for (size_t c = 0; c < columns; c++)
        if (own[c] == OPEN)
            own[c] = NQ_ROLE_TARGET;
    if (status)
        free(own);
    else
        *roles = own;
    return status;
}

double nqi_question_shift(const nq_model *model, const unsigned char *roles,
                          const nq_dataset *data, size_t row, double *scratch)
{
    double mean, deviation, sum = 0;
    if (nq_model_is_recorded(model) || !nq_model_is_density(model))
        return 0;
    nq_dataset_row(scratch, data, row);
    for (size_t c = 0; c < nq_model_columns(model); c++) {
        nq_model_column_scaling(&mean, &deviation, model, c);
        if (deviation > 0 && !isnan(scratch[c]) && (!roles || roles[c] == NQ_ROLE_TARGET))
            sum -= log(deviation);
    }
    return sum;
}

nq_status nqi_question_mean_shift(double *out, nq_context *context, const nq_model *model,
                                  const unsigned char *roles, const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), bytes = nq_dataset_dim(data) * sizeof(double);
    double *scratch = malloc(bytes + 1);
    *out = 0;
    if (!scratch)
        return nqi_fail_memory(context, "a row", bytes);
    for (size_t r = 0; r < rows; r++)
        *out += nqi_question_shift(model, roles, data, r, scratch) / (double)rows;
    free(scratch);
    return NQ_OK;
}
