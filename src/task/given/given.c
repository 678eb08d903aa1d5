/* given.c - conditions on rows as the user writes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/given/given.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "task/given/moment.h"
#include "task/given/sets.h"

enum { TERMS_MOST = 256, WORD_MOST = 512 };

/* What is left of the text. */
typedef struct reader {
    const char *at;
    nqi_conditions *given;
    nq_context *context;
} reader;

/* Sum of terms, and a constant; dates are apart: the column says what they are in. */
typedef struct linear {
    size_t terms;
    size_t column[TERMS_MOST];
    double coefficient[TERMS_MOST], constant;
    double moment; /* in days, or in seconds if it has a time */
    int dates, times;
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

static nq_status column_fail(const reader *r, const char *word)
{
    const char *nearest = nq_name_nearest(word, r->given->names);
    if (nearest)
        return nqi_fail(r->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "given: the model has no column \"%s\"; was \"%s\" meant?",
                        word, nearest);
    return nqi_fail(r->context, NQ_ERROR_SHAPE,
                    NQI_OPTION "given: the model has no column \"%s\"; `noneq info` lists them",
                    word);
}

/* The longest name that stands here, followed by no letter or digit; *found 0: there is none. */
static nq_status name_read(reader *r, size_t *column, int *found)
{
    size_t longest = 0;
    char word[WORD_MOST];
    *found = 1;
    skip(r);
    if (*r->at == '"') {
        if (!quoted_read(r, word))
            return nqi_fail(r->context, NQ_ERROR_FORMAT,
                            NQI_OPTION "given: a quoted name has no end");
        for (size_t c = 0; r->given->names[c]; c++)
            if (strcmp(r->given->names[c], word) == 0) {
                *column = c;
                return NQ_OK;
            }
        return column_fail(r, word);
    }
    for (size_t c = 0; r->given->names[c]; c++) {
        const size_t n = strlen(r->given->names[c]);
        if (n > longest && strncmp(r->given->names[c], r->at, n) == 0 &&
            !(is_word(r->at[n]) && is_word(r->at[n - 1]))) {
            longest = n;
            *column = c;
        }
    }
    r->at += longest;
    *found = longest > 0;
    return NQ_OK;
}

static size_t digits_count(const char *text)
{
    size_t n = 0;
    while (isdigit((unsigned char)text[n]))
        n++;
    return n;
}

/* A number without a sign, with a point whatever the locale; 0: none. Of a..b the first ends
 * before the dots. */
static int number_read(reader *r, double *out)
{
    char word[64];
    skip(r);
    size_t n = digits_count(r->at);
    if (r->at[n] == '.' && r->at[n + 1] != '.')
        n += 1 + digits_count(r->at + n + 1);
    if (n && (r->at[n] == 'e' || r->at[n] == 'E')) {
        const size_t sign = r->at[n + 1] == '-' || r->at[n + 1] == '+';
        const size_t digits = digits_count(r->at + n + 1 + sign);
        n += digits ? 1 + sign + digits : 0;
    }
    if (!n || n >= sizeof word)
        return 0;
    memcpy(word, r->at, n);
    word[n] = '\0';
    if (!nqi_text_read_double(out, word))
        return 0;
    r->at += n;
    return 1;
}

static nq_status word_fail(reader *r)
{
    char word[WORD_MOST];
    size_t n = strcspn(r->at, ",<>=!|+*\" ");
    if (!*r->at || !n)
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: a name or a number is missing %s%.500s",
                        *r->at ? "before " : "at the end", r->at);
    n = n < WORD_MOST - 1 ? n : WORD_MOST - 1;
    memcpy(word, r->at, n);
    word[n] = '\0';
    return column_fail(r, word);
}

static nq_status term_add(linear *out, nq_context *context, size_t column, double coefficient)
{
    for (size_t k = 0; k < out->terms; k++)
        if (out->column[k] == column) {
            out->coefficient[k] += coefficient;
            return NQ_OK;
        }
    if (out->terms == TERMS_MOST)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "given: a sum has more than %d columns", TERMS_MOST);
    out->column[out->terms] = column;
    out->coefficient[out->terms++] = coefficient;
    return NQ_OK;
}

static nq_status number_fail(const reader *r, const char *after)
{
    return nqi_fail(r->context, NQ_ERROR_FORMAT, NQI_OPTION "given: expected a number after %s",
                    after);
}

/* A date, perhaps with a time, where digits stand as in one; *found 0: they do not. */
static nq_status date_read(reader *r, nqi_moment *out, int *found)
{
    skip(r);
    const size_t length = nqi_moment_length(r->at);
    *found = length > 0;
    if (length && !nqi_moment_read(out, r->at, length))
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: %.*s is a day or a time that no calendar has",
                        (int)length, r->at);
    r->at += length;
    return NQ_OK;
}

/* name, number, date, number*name or name*number, with a sign before it. */
static nq_status term_read(reader *r, linear *out, double sign)
{
    double number = 1;
    size_t column;
    nqi_moment moment;
    int found;
    nq_status status = date_read(r, &moment, &found);
    if (!status && found && sign < 0)
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: a date is compared with a column and not subtracted");
    if (!status && found) {
        out->moment = moment.value;
        out->dates++;
        out->times += moment.has_time;
        return NQ_OK;
    }
    if (!status)
        status = name_read(r, &column, &found);
    if (status)
        return status;
    if (found) {
        skip(r);
        if (*r->at == '*') {
            r->at++;
            if (!number_read(r, &number))
                return number_fail(r, "*");
        }
        return term_add(out, r->context, column, sign * number);
    }
    if (!number_read(r, &number))
        return word_fail(r);
    skip(r);
    if (*r->at != '*') {
        out->constant += sign * number;
        return NQ_OK;
    }
    r->at++;
    if ((status = name_read(r, &column, &found)))
        return status;
    return found ? term_add(out, r->context, column, sign * number) : word_fail(r);
}

static nq_status linear_read(reader *r, linear *out)
{
    double sign = 1;
    nq_status status;
    memset(out, 0, sizeof *out);
    skip(r);
    for (;;) {
        if (*r->at == '-' || *r->at == '+') {
            sign = *r->at == '-' ? -1 : 1;
            r->at++;
        }
        if ((status = term_read(r, out, sign)))
            return status;
        skip(r);
        sign = 1;
        if ((*r->at != '+' && *r->at != '-') || strncmp(r->at, "+-", 2) == 0)
            return NQ_OK;
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

/* An end of an interval of the column's values; 0: none stands here. */
static int end_read(reader *r, size_t column, int is_last, double *out)
{
    const size_t length = nqi_moment_length(r->at);
    nqi_moment moment;
    if (length) {
        if (!nqi_moment_read(&moment, r->at, length) ||
            !nqi_moment_in(out, &moment, r->given->model, column, is_last))
            return 0;
        r->at += length;
        return 1;
    }
    const double sign = *r->at == '-' ? -1 : 1;
    r->at += *r->at == '-' || *r->at == '+';
    if (!number_read(r, out))
        return 0;
    *out *= sign;
    return 1;
}

/* One of a set: a text, or the ends of an interval; 0: it is neither. */
static int item_read(reader *r, size_t column, char text[WORD_MOST], double ends[2])
{
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
    if (end_read(r, column, 0, &ends[0])) {
        skip(r);
        if (strncmp(r->at, "..", 2) == 0) {
            r->at += 2;
            skip(r);
        } else {
            r->at = begin; /* once more, as the end */
        }
        if (!end_read(r, column, 1, &ends[1]))
            ends[1] = NAN;
        skip(r);
    }
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
    int found;
    skip(&ahead);
    if (*ahead.at == '"')
        return 0;
    ahead.at += nqi_moment_length(ahead.at);
    ahead.at += *ahead.at == '-';
    if (number_read(&ahead, &number)) {
        skip(&ahead);
        return *ahead.at == '*' || strncmp(ahead.at, "+-", 2) == 0 ||
               ((*ahead.at == '+' || *ahead.at == '-') && ahead.at[1]);
    }
    return !name_read(&ahead, &column, &found) && found;
}

/* name = values, or != */
static nq_status values_read(reader *r, size_t column, int is_not)
{
    nqi_value_set set;
    char text[WORD_MOST];
    double ends[2];
    nq_status status = nqi_value_set_begin(&set, r->context, r->given, column);
    while (!status) {
        if (!item_read(r, column, text, ends))
            status = nqi_fail(r->context, NQ_ERROR_FORMAT,
                              NQI_OPTION "given: a value of column \"%s\" is missing or has no "
                                         "end",
                              r->given->names[column]);
        else
            status = nqi_value_set_add(&set, r->context, text, ends);
        skip(r);
        if (status || *r->at != '|')
            break;
        r->at++;
    }
    if (!status)
        status = nqi_value_set_end(&set, r->context, is_not);
    nqi_value_set_free(&set);
    return status;
}

/* The date on one side, as a number of the column: a day of times is compared as a whole. */
static nq_status date_add(double *value, const reader *r, const linear *left, comparison is,
                          const linear *right, const linear *all)
{
    const int is_right = right->dates > 0;
    const nqi_moment moment = {is_right ? right->moment : left->moment,
                               left->times + right->times > 0};
    const int is_last = is_right ? is == AT_MOST || is == GREATER : is == LESS || is == AT_LEAST;
    double number;
    const double own = is_right ? 1 : -1; /* the column alone on the other side */
    if (all->terms != 1 || !(all->coefficient[0] >= own && all->coefficient[0] <= own) ||
        left->dates + right->dates > 1 ||
        !nqi_moment_in(&number, &moment, r->given->model, all->column[0], is_last))
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: a date is compared with one column of %s alone",
                        moment.has_time ? "dates with times" : "dates");
    *value += is_right ? number : -number;
    return NQ_OK;
}

/* left - right compared with 0, as intervals of the sum of the terms. */
static nq_status sum_add(reader *r, const linear *left, comparison is, const linear *right,
                         double tolerance)
{
    linear all = *left;
    nq_status status = NQ_OK;
    for (size_t k = 0; k < right->terms && !status; k++)
        status = term_add(&all, r->context, right->column[k], -right->coefficient[k]);
    if (status)
        return status;
    double value = right->constant - left->constant;
    if (left->dates + right->dates && (status = date_add(&value, r, left, is, right, &all)))
        return status;
    double ends[4] = {-HUGE_VAL, HUGE_VAL, 0, HUGE_VAL};
    size_t kept = 0;
    for (size_t k = 0; k < all.terms; k++)
        if (all.coefficient[k] != 0) {
            all.column[kept] = all.column[k];
            all.coefficient[kept++] = all.coefficient[k];
        }
    if (!kept)
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: a condition names no column, or all cancel");
    all.terms = kept;
    const double step =
        nqi_conditions_step(r->given->model, all.column, all.coefficient, all.terms, value);
    if (is == EQUAL || is == AT_LEAST || is == GREATER)
        ends[0] = value - tolerance + (is == GREATER ? step : 0);
    if (is == EQUAL || is == AT_MOST || is == LESS)
        ends[1] = value + tolerance - (is == LESS ? step : 0);
    if (is == UNEQUAL) {
        ends[1] = value - step;
        ends[2] = value + step;
    }
    return nqi_conditions_sum_add(r->given, r->context, all.column, all.coefficient, all.terms,
                                  ends, is == UNEQUAL ? 2 : 1);
}

/* A chain such as 1 <= a + b < 5; `left` is before the comparison `is`. */
static nq_status chain_read(reader *r, linear *left, comparison is)
{
    linear right;
    nq_status status;
    do {
        double tolerance = 0;
        if ((status = linear_read(r, &right)))
            return status;
        if (is == EQUAL && strncmp(r->at, "+-", 2) == 0) {
            r->at += 2;
            if (!number_read(r, &tolerance))
                return number_fail(r, "+-");
        }
        if ((status = sum_add(r, left, is, &right, tolerance)))
            return status;
        *left = right;
    } while ((is = comparison_read(r)) != NONE);
    return NQ_OK;
}

static nq_status condition_read(reader *r)
{
    linear left;
    comparison is;
    const nq_status status = linear_read(r, &left);
    if (status)
        return status;
    if ((is = comparison_read(r)) == NONE)
        return nqi_fail(r->context, NQ_ERROR_FORMAT,
                        NQI_OPTION "given: expected =, !=, <, <=, > or >= before \"%.500s\"",
                        r->at);
    const int alone = left.terms == 1 && left.coefficient[0] == 1 && left.constant == 0;
    if (alone && (is == EQUAL || is == UNEQUAL) &&
        (nq_model_column_is_text(r->given->model, left.column[0]) || !is_sum(r)))
        return values_read(r, left.column[0], is == UNEQUAL);
    return chain_read(r, &left, is);
}

nq_status nqi_conditions_parse(nqi_conditions *out, nq_context *context, const nq_model *model,
                               const char *text)
{
    reader r = {text, out, context};
    nq_status status = nqi_conditions_begin(out, context, model);
    while (!status) {
        status = condition_read(&r);
        skip(&r);
        if (status || !*r.at)
            break;
        if (*r.at != ',')
            return nqi_fail(context, NQ_ERROR_FORMAT,
                            NQI_OPTION "given: expected a comma or the end before \"%.500s\"",
                            r.at);
        r.at++;
    }
    if (!status)
        nqi_conditions_settle(out);
    return status;
}
