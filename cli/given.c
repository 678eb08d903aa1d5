/* given.c - conditions on rows as the user writes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "given.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given_sets.h"
#include "message.h"
#include "session.h"

enum { TERMS_MOST = 256, WORD_MOST = 512 };

/* What is left of the text. */
typedef struct reader {
    const char *at;
    given_list *list;
    nq_context *context;
} reader;

/* Sum of terms, and a constant. */
typedef struct linear {
    size_t terms;
    size_t column[TERMS_MOST];
    double coefficient[TERMS_MOST], constant;
} linear;

typedef enum comparison { NONE, EQUAL, UNEQUAL, LESS, AT_MOST, GREATER, AT_LEAST } comparison;

static void skip(reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* A quoted text, "" for a quote in it; 0: it does not end or is too long. */
static int quoted_read(reader *r, char out[WORD_MOST])
{
    size_t n = 0;

    for (r->at++; *r->at; r->at++) {
        if (*r->at == '"' && *++r->at != '"') {
            out[n] = '\0';
            return 1;
        }
        if (n + 1 == WORD_MOST)
            break;
        out[n++] = *r->at;
    }
    return 0;
}

static int column_fail(const reader *r, const char *word)
{
    const char *nearest = nq_name_nearest(word, r->list->names);

    if (nearest)
        return message_fail("--given: the model has no column \"%s\"; was \"%s\" meant?",
                            shown(word).text, shown(nearest).text);
    return message_fail("--given: the model has no column \"%s\"; `noneq info` lists them",
                        shown(word).text);
}

/* The longest name that stands here, followed by no letter or digit. 0: none; -1: an error. */
static int name_read(reader *r, size_t *column)
{
    size_t longest = 0;
    char word[WORD_MOST];

    skip(r);
    if (*r->at == '"') {
        if (!quoted_read(r, word))
            return message_fail("--given: a quoted name has no end"), -1;
        for (size_t c = 0; r->list->names[c]; c++)
            if (strcmp(r->list->names[c], word) == 0) {
                *column = c;
                return 1;
            }
        return column_fail(r, word), -1;
    }
    for (size_t c = 0; r->list->names[c]; c++) {
        const size_t n = strlen(r->list->names[c]);

        if (n > longest && strncmp(r->list->names[c], r->at, n) == 0 &&
            !(is_word(r->at[n]) && is_word(r->at[n - 1]))) {
            longest = n;
            *column = c;
        }
    }
    r->at += longest;
    return longest > 0;
}

/* A number without a sign; 0: none. Of a..b the first ends before the dots. */
static int number_read(reader *r, double *out)
{
    char word[64], *end;
    size_t n = 0;

    skip(r);
    if (!isdigit((unsigned char)*r->at) && *r->at != '.')
        return 0;
    while (r->at[n] && n + 1 < sizeof word && !(r->at[n] == '.' && r->at[n + 1] == '.')) {
        word[n] = r->at[n];
        n++;
    }
    word[n] = '\0';
    *out = strtod(word, &end);
    if (end == word || !isfinite(*out))
        return 0;
    r->at += end - word;
    return 1;
}

static int word_fail(reader *r)
{
    char word[WORD_MOST];
    size_t n = strcspn(r->at, ",<>=!|+*\" ");

    if (!*r->at || !n)
        return message_fail("--given: a name or a number is missing %s%s",
                            *r->at ? "before "
                                   : "at "
                                     "the end",
                            *r->at ? shown(r->at).text : "");
    n = n < WORD_MOST - 1 ? n : WORD_MOST - 1;
    memcpy(word, r->at, n);
    word[n] = '\0';
    return column_fail(r, word);
}

static int term_add(linear *out, size_t column, double coefficient)
{
    for (size_t k = 0; k < out->terms; k++)
        if (out->column[k] == column) {
            out->coefficient[k] += coefficient;
            return EXIT_DONE;
        }
    if (out->terms == TERMS_MOST)
        return message_fail("--given: a sum has more than %d columns", TERMS_MOST);
    out->column[out->terms] = column;
    out->coefficient[out->terms++] = coefficient;
    return EXIT_DONE;
}

/* name, number, number*name or name*number, with a sign before it. */
static int term_read(reader *r, linear *out, double sign)
{
    double number = 1;
    size_t column;
    const int found = name_read(r, &column);

    if (found < 0)
        return EXIT_FAILED;
    if (found) {
        skip(r);
        if (*r->at == '*') {
            r->at++;
            if (!number_read(r, &number))
                return message_fail("--given: expected a number after *");
        }
        return term_add(out, column, sign * number);
    }
    if (!number_read(r, &number))
        return word_fail(r);
    skip(r);
    if (*r->at != '*') {
        out->constant += sign * number;
        return EXIT_DONE;
    }
    r->at++;
    const int named = name_read(r, &column);
    if (named <= 0)
        return named ? EXIT_FAILED : word_fail(r);
    return term_add(out, column, sign * number);
}

static int linear_read(reader *r, linear *out)
{
    double sign = 1;

    memset(out, 0, sizeof *out);
    skip(r);
    for (;;) {
        if (*r->at == '-' || *r->at == '+') {
            sign = *r->at == '-' ? -1 : 1;
            r->at++;
        }
        if (term_read(r, out, sign))
            return EXIT_FAILED;
        skip(r);
        sign = 1;
        if ((*r->at != '+' && *r->at != '-') || strncmp(r->at, "+-", 2) == 0)
            return EXIT_DONE;
    }
}

static comparison comparison_read(reader *r)
{
    static const struct {
        const char *text;
        comparison is;
    } list[] = {{"<=", AT_MOST}, {">=", AT_LEAST}, {"!=", UNEQUAL}, {"<>", UNEQUAL},
                {"==", EQUAL},   {"<", LESS},      {">", GREATER},  {"=", EQUAL}};

    skip(r);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strncmp(r->at, list[i].text, strlen(list[i].text)) == 0) {
            r->at += strlen(list[i].text);
            return list[i].is;
        }
    return NONE;
}

/* One of a set: a text, or the ends of an interval; 0: it is neither. */
static int item_read(reader *r, char text[WORD_MOST], double ends[2])
{
    double sign = 1;
    const char *begin;

    skip(r);
    begin = r->at;
    ends[0] = ends[1] = NAN;
    if (*r->at == '"') {
        if (!quoted_read(r, text))
            return 0;
        skip(r);
        return 1;
    }
    for (int k = 0; k < 2; k++) {
        skip(r);
        sign = *r->at == '-' ? -1 : 1;
        r->at += *r->at == '-' || *r->at == '+';
        if (!number_read(r, &ends[k]))
            break;
        ends[k] *= sign;
        skip(r);
        if (k || strncmp(r->at, "..", 2) != 0)
            break;
        r->at += 2;
    }
    if (!isnan(ends[0]) && isnan(ends[1]) && strncmp(r->at - 2, "..", 2) != 0)
        ends[1] = ends[0];
    if (isnan(ends[0]) || isnan(ends[1]) || (*r->at && !strchr("|,+", *r->at))) {
        ends[0] = ends[1] = NAN;
        r->at = begin + strcspn(begin, "|,");
    }
    size_t n = (size_t)(r->at - begin);
    while (n && isspace((unsigned char)begin[n - 1]))
        n--;
    n = n < WORD_MOST - 1 ? n : WORD_MOST - 1;
    memcpy(text, begin, n);
    text[n] = '\0';
    return n > 0;
}

/* Whether what follows is of columns, not of values. */
static int is_sum(reader *r)
{
    reader ahead = *r;
    size_t column;
    double number;

    skip(&ahead);
    if (*ahead.at == '"')
        return 0;
    ahead.at += *ahead.at == '-';
    if (number_read(&ahead, &number)) {
        skip(&ahead);
        return *ahead.at == '*' || strncmp(ahead.at, "+-", 2) == 0 ||
               ((*ahead.at == '+' || *ahead.at == '-') && ahead.at[1]);
    }
    return name_read(&ahead, &column) > 0;
}

/* name = values, or != */
static int values_read(reader *r, size_t column, int is_not)
{
    given_set set;
    char text[WORD_MOST];
    double ends[2];
    int code = given_set_begin(&set, r->list, column);

    while (!code) {
        if (!item_read(r, text, ends))
            code = message_fail("--given: a value of column \"%s\" is missing or has no end",
                                shown(r->list->names[column]).text);
        else
            code = given_set_add(&set, text, ends);
        skip(r);
        if (code || *r->at != '|')
            break;
        r->at++;
    }
    if (!code)
        code = given_set_end(&set, r->context, is_not);
    given_set_free(&set);
    return code;
}

/* left - right compared with 0, as intervals of the sum of the terms. */
static int sum_add(reader *r, const linear *left, comparison is, const linear *right,
                   double tolerance)
{
    linear all = *left;

    for (size_t k = 0; k < right->terms; k++)
        if (term_add(&all, right->column[k], -right->coefficient[k]))
            return EXIT_FAILED;
    const double value = right->constant - left->constant;
    double ends[4] = {-HUGE_VAL, HUGE_VAL, 0, HUGE_VAL};
    size_t kept = 0;
    for (size_t k = 0; k < all.terms; k++)
        if (all.coefficient[k] != 0) {
            all.column[kept] = all.column[k];
            all.coefficient[kept++] = all.coefficient[k];
        }
    if (!kept)
        return message_fail("--given: a condition names no column, or all cancel");
    all.terms = kept;
    const double step = given_step(r->list->model, all.column, all.coefficient, all.terms, value);
    if (is == EQUAL || is == AT_LEAST || is == GREATER)
        ends[0] = value - tolerance + (is == GREATER ? step : 0);
    if (is == EQUAL || is == AT_MOST || is == LESS)
        ends[1] = value + tolerance - (is == LESS ? step : 0);
    if (is == UNEQUAL) {
        ends[1] = value - step;
        ends[2] = value + step;
    }
    return given_sum_add(r->list, r->context, all.column, all.coefficient, all.terms, ends,
                         is == UNEQUAL ? 2 : 1);
}

static int condition_read(reader *r)
{
    linear left, right;
    int code = linear_read(r, &left);
    comparison is;

    if (code)
        return code;
    if ((is = comparison_read(r)) == NONE)
        return message_fail("--given: expected =, !=, <, <=, > or >= before \"%s\"",
                            shown(r->at).text);
    const int alone = left.terms == 1 && left.coefficient[0] == 1 && left.constant == 0;
    if (alone && (is == EQUAL || is == UNEQUAL) &&
        (nq_model_column_is_text(r->list->model, left.column[0]) || !is_sum(r)))
        return values_read(r, left.column[0], is == UNEQUAL);
    do {
        double tolerance = 0;
        if ((code = linear_read(r, &right)))
            return code;
        if (is == EQUAL && strncmp(r->at, "+-", 2) == 0) {
            r->at += 2;
            if (!number_read(r, &tolerance))
                return message_fail("--given: expected a number after +-");
        }
        if ((code = sum_add(r, &left, is, &right, tolerance)))
            return code;
        left = right;
    } while ((is = comparison_read(r)) != NONE);
    return EXIT_DONE;
}

static int names_make(given_list *out)
{
    const size_t columns = nq_model_columns(out->model);

    out->names = calloc(columns + 1, sizeof *out->names);
    out->made = calloc(columns + 1, sizeof *out->made);
    out->known = calloc(columns + 1, sizeof *out->known);
    if (!out->names || !out->made || !out->known)
        return message_fail("out of memory");
    for (size_t c = 0; c < columns; c++) {
        snprintf(out->made[c], sizeof *out->made, "x%zu", c + 1);
        out->names[c] = nq_model_column_name(out->model, c);
        if (!out->names[c])
            out->names[c] = out->made[c];
        out->known[c] = NAN;
    }
    return EXIT_DONE;
}

int given_parse(given_list *out, nq_context *context, const nq_model *model, const char *text)
{
    reader r = {text, out, context};

    *out = (given_list){.model = model};
    int code = names_make(out);
    while (!code) {
        code = condition_read(&r);
        skip(&r);
        if (code || !*r.at)
            break;
        if (*r.at != ',')
            return message_fail("--given: expected a comma or the end before \"%s\"",
                                shown(r.at).text);
        r.at++;
    }
    return code ? code : given_settle(out);
}

void given_free(given_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free((void *)(uintptr_t)list->items[i].column);
        free((void *)(uintptr_t)list->items[i].coefficient);
        free((void *)(uintptr_t)list->items[i].ends);
        free((void *)(uintptr_t)list->items[i].levels);
    }
    free(list->items);
    free(list->names);
    free(list->made);
    free(list->known);
    *list = (given_list){.model = NULL};
}
