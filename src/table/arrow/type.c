/* type.c - which Arrow format a column is written in: its own, or that of a schema. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "table/arrow/put.h"

static const double EXACT = 0x1p53;

/* Whether the column has whole numbers alone, by what it is and in these rows: means of such are
 * others. */
static int is_whole(const nqi_arrow_put *put)
{
    const nqi_column *about = &put->about;
    const nqi_element element = about->numbers.element;
    if ((element == NQI_F32 || element == NQI_F64) &&
        !(about->has_precision && about->precision == 0))
        return 0;
    for (size_t r = 0; r < put->data->rows; r++) {
        const double x = put->cells[r];
        if (!isnan(x) && !(x == floor(x) && fabs(x) < EXACT))
            return 0;
    }
    return 1;
}

static void date_type(nqi_arrow_type *type, const nqi_date_form *form)
{
    static const char units[] = {'s', 'm', 'u'};
    const int thousands = form->has_seconds ? (form->decimals + 2) / 3 : 0;
    if (form->between)
        snprintf(type->own, sizeof type->own, "ts%c:%s", units[thousands < 2 ? thousands : 2],
                 form->zone ? "UTC" : "");
    else
        strcpy(type->own, "tdD");
    type->format = type->own;
}

void nqi_arrow_type_find(nqi_arrow_put *put)
{
    const nqi_column *about = &put->about;
    nqi_arrow_type *type = &put->type;
    size_t bytes = 0;
    *type = (nqi_arrow_type){.flags = ARROW_FLAG_NULLABLE};
    if (about->date.is_date) {
        date_type(type, &about->date);
        return;
    }
    if (!about->levels) {
        type->format = is_whole(put) ? "l" : "g";
        return;
    }
    for (size_t i = 0; i < about->level_count; i++)
        bytes += strlen(about->levels[i]);
    type->format = "i";
    type->values = bytes > INT32_MAX ? "U" : "u";
}

/* The column of `like` by its name, or by its place where names are on one side alone. */
static nq_status like_find(const struct ArrowSchema **out, const nqi_arrow_put *put,
                           const struct ArrowSchema *like)
{
    const char *name = put->about.name;
    int are_named = 0;
    *out = NULL;
    for (int64_t i = 0; i < like->n_children; i++)
        are_named |= like->children[i]->name && *like->children[i]->name;
    if (!name || !are_named) {
        if ((size_t)like->n_children != put->data->dim)
            return nqi_arrow_column_refuse(
                put, "no name says which column of the Arrow schema it is to be like: expected "
                     "as many columns as there");
        *out = like->children[put->column];
        return NQ_OK;
    }
    for (int64_t i = 0; i < like->n_children; i++) {
        const char *other = like->children[i]->name;
        if (strcmp(name, other ? other : ""))
            continue;
        if (*out)
            return nqi_arrow_column_refuse(
                put, "the Arrow schema that it is to be like has two columns of its name");
        *out = like->children[i];
    }
    return NQ_OK;
}

static const char *what_is(const nqi_arrow_format *format)
{
    return nqi_arrow_is_text(format) ? "text" : format->date ? "dates" : "numbers";
}

/* Whether what the column holds can be written in a format. */
static nq_status kind_check(const nqi_arrow_put *put, const nqi_arrow_format *format,
                            const char *name)
{
    char what[160];
    const nqi_column *about = &put->about;
    const char *own = about->levels ? "text" : about->date.is_date ? "dates" : "numbers";
    if (format->way == NQI_ARROW_NULLS || !strcmp(own, what_is(format)))
        return NQ_OK;
    snprintf(what, sizeof what,
             "it holds %s, and the Arrow schema that it is to be like has %s, \"%.40s\"", own,
             what_is(format), name);
    return nqi_arrow_column_refuse(put, what);
}

nq_status nqi_arrow_type_match(nqi_arrow_put *put, const struct ArrowSchema *like)
{
    char why[NQI_ARROW_WHY];
    const struct ArrowSchema *field;
    nqi_arrow_type_find(put);
    nq_status status = like_find(&field, put, like);
    if (status || !field)
        return status;
    const struct ArrowSchema *values = field->dictionary ? field->dictionary : field;
    const nqi_arrow_format *format = nqi_arrow_format_find(values->format);
    const nqi_arrow_format *index = nqi_arrow_format_find(field->format);
    if (!format || !index)
        return nqi_arrow_column_refuse(put, nqi_arrow_format_why(why, format ? field->format
                                                                             : values->format));
    if (field->dictionary && (!nqi_arrow_is_index(index) || values->dictionary))
        return nqi_arrow_column_refuse(put, "the Arrow schema that it is to be like has a "
                                            "dictionary whose indices are no integers");
    if ((status = kind_check(put, format, values->format)))
        return status;
    put->type.format = field->format;
    put->type.values = field->dictionary ? values->format : NULL;
    put->type.flags = field->flags & (put->is_ordered || !put->about.levels
                                          ? ARROW_FLAG_NULLABLE | ARROW_FLAG_DICTIONARY_ORDERED
                                          : ARROW_FLAG_NULLABLE);
    return NQ_OK;
}
