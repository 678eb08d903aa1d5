/* moment.c - dates in conditions, as the numbers that columns of dates hold. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/given/moment.h"

#include <math.h>
#include <string.h>

#include "io/text/date.h"
#include "model/model.h"

static const double DAY = 86400; /* seconds */

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the text begins as the pattern does, in which 0 is any digit. */
static size_t begins(const char *text, const char *pattern)
{
    for (size_t i = 0; pattern[i]; i++)
        if (pattern[i] == '0' ? !is_digit(text[i]) : text[i] != pattern[i])
            return 0;
    return strlen(pattern);
}

size_t nqi_moment_length(const char *text)
{
    size_t n = begins(text, "0000-00-00");
    if (!n || is_digit(text[n]))
        return 0;
    const size_t minutes = text[n] && strchr("Tt ", text[n]) ? begins(text + n + 1, "00:00") : 0;
    if (!minutes)
        return n;
    n += 1 + minutes;
    const size_t seconds = begins(text + n, ":00");
    n += seconds;
    if (seconds && begins(text + n, ".0"))
        for (n += 2; is_digit(text[n]);)
            n++;
    return n + (text[n] == 'Z' || text[n] == 'z');
}

int nqi_moment_read(nqi_moment *out, const char *text, size_t length)
{
    nqi_date_form form;
    const int is_date = nqi_date_read(&out->value, &form, text, length);
    out->has_time = is_date && form.between;
    return is_date;
}

int nqi_moment_in(double *out, const nqi_moment *moment, const nq_model *model, size_t column,
                  int is_last)
{
    const nqi_column *columns = model->scaling.column;
    const nqi_date_form form = columns ? columns[column].date : (nqi_date_form){0};
    if (!form.is_date || (moment->has_time && !form.between))
        return 0;
    *out = moment->value;
    if (form.between && !moment->has_time)
        *out = is_last ? nextafter(DAY * (moment->value + 1), 0) : DAY * moment->value;
    return 1;
}
