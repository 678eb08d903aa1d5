/* question.c - --of and --given: the probability of some columns given others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "question.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "number.h"

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

static int list_mark(unsigned char *roles, const nq_model *model, const char *flag,
                     const char *list, nq_role role)
{
    char word[WORD];
    size_t first, last;

    while ((list = word_next(word, list))) {
        if (!columns_find(&first, &last, model, word))
            return message_fail("%s %s: the model has no such column; expected names of its "
                                "columns, or numbers from 1 to %zu",
                                flag, shown(word).text, nq_model_columns(model));
        for (size_t c = first; c <= last; c++) {
            const size_t source = nq_model_column_source(model, c);

            if (source != (size_t)-1 && first < last)
                continue;
            if (source != (size_t)-1)
                return message_fail("%s %s: that column follows from column %zu; expected that "
                                    "one in its place",
                                    flag, shown(word).text, source + 1);
            if (role == NQ_ROLE_KNOWN && roles[c] == NQ_ROLE_TARGET && first == last)
                return message_fail("%s %s: the column is named in --of too; expected it in one "
                                    "of both",
                                    flag, shown(word).text);
            roles[c] = (unsigned char)role;
        }
    }
    return EXIT_DONE;
}

int question_roles(unsigned char **roles, const nq_model *model, const question_values *values)
{
    const size_t columns = nq_model_columns(model);
    int code = EXIT_DONE;

    *roles = NULL;
    if (!values->of && !values->given)
        return EXIT_DONE;
    if (!(nq_model_get_options(model)->roles > 0))
        return message_fail("--of and --given are for models that were trained with --roles 1; "
                            "this one knows the joint law alone");
    if (!(*roles = malloc(columns)))
        return message_fail("there is no memory for %zu columns", columns);
    memset(*roles, values->of ? NQ_ROLE_ABSENT : NQ_ROLE_KNOWN + 2, columns);
    if (values->of)
        code = list_mark(*roles, model, "--of", values->of, NQ_ROLE_TARGET);
    if (!code && values->given)
        code = list_mark(*roles, model, "--given", values->given, NQ_ROLE_KNOWN);
    for (size_t c = 0; c < columns; c++)
        if ((*roles)[c] > NQ_ROLE_ABSENT)
            (*roles)[c] = NQ_ROLE_TARGET;
    if (code) {
        free(*roles);
        *roles = NULL;
    }
    return code;
}

double question_shift(const nq_model *model, const unsigned char *roles, const nq_dataset *data,
                      size_t row, double *scratch)
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

int question_mean_shift(double *out, const nq_model *model, const unsigned char *roles,
                        const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data);
    double *scratch = malloc(nq_dataset_dim(data) * sizeof *scratch);

    *out = 0;
    if (!scratch)
        return message_fail("there is no memory for a row");
    for (size_t r = 0; r < rows; r++)
        *out += question_shift(model, roles, data, r, scratch) / (double)rows;
    free(scratch);
    return EXIT_DONE;
}
