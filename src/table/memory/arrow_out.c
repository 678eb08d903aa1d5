/* arrow_out.c - a data set as a struct array of the Arrow C data interface, copied. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text.h"
#include "table/memory/arrow_new.h"

static const double EXACT = 0x1p53;

/* How a column is exported. */
typedef struct column_way {
    nqi_column about;
    char format[12];
    size_t size;         /* bytes of a number */
    double scale, round; /* dates: numbers of the format in a day or second; 0, or a multiple */
    unsigned char *numbers, *valid; /* of the array */
    int64_t gaps;
} column_way;

typedef struct exporter {
    nq_context *context;
    const nq_dataset *data;
    column_way *ways; /* [dim] */
    double *row;      /* [dim] */
} exporter;

/* Whether numbers of the column are whole by what it is. */
static int is_whole(const nqi_column *column)
{
    const nqi_element element = column->numbers.element;
    return (element != NQI_F32 && element != NQI_F64) ||
           (column->has_precision && column->precision == 0);
}

static void date_way(column_way *way)
{
    static const char units[] = {'s', 'm', 'u'};
    const nqi_date_form *form = &way->about.date;
    const int thousands = form->has_seconds ? (form->decimals + 2) / 3 : 0;
    const size_t unit = thousands < 2 ? (size_t)thousands : 2;
    if (!form->between) {
        strcpy(way->format, "tdD");
        way->size = sizeof(int32_t);
        way->scale = 1;
        return;
    }
    snprintf(way->format, sizeof way->format, "ts%c:%s", units[unit], form->zone ? "UTC" : "");
    way->scale = pow(1000, (double)unit);
    way->round = form->has_seconds ? 0 : 60;
}

static void way_find(column_way *way, const nq_dataset *data, size_t c)
{
    *way = (column_way){.about = nqi_dataset_column_of(data, c), .size = sizeof(int64_t)};
    if (way->about.date.is_date)
        date_way(way);
    else if (way->about.levels)
        way->size = sizeof(int32_t), strcpy(way->format, "i");
    else
        strcpy(way->format, is_whole(&way->about) ? "l" : "g");
}

/* Columns of whole numbers that have others in these rows, as means do, are real. */
static void ways_settle(exporter *e)
{
    for (size_t r = 0; r < e->data->rows; r++) {
        nq_dataset_row(e->row, e->data, r);
        for (size_t c = 0; c < e->data->dim; c++) {
            const double x = e->row[c];
            if (*e->ways[c].format == 'l' && !isnan(x) && !(x == floor(x) && fabs(x) < EXACT))
                *e->ways[c].format = 'g';
        }
    }
}

static nq_status cell_refuse(const exporter *e, size_t r, size_t c, const char *expected)
{
    char place[NQI_PLACE], found[NQI_TEXT_SIZE];
    nqi_text_double(found, sizeof found, e->row[c]);
    return nqi_fail(e->context, NQ_ERROR_FORMAT, "%s: expected %s, found %s",
                    nqi_dataset_cell(place, e->data, r, c, NULL), expected, found);
}

static void number_put(column_way *way, size_t r, double x)
{
    const int32_t narrow = way->size == sizeof narrow ? (int32_t)x : 0;
    const int64_t wide = way->size == sizeof wide && *way->format != 'g' ? (int64_t)x : 0;
    const void *from = way->size == sizeof narrow ? (const void *)&narrow
                       : *way->format == 'g'      ? (const void *)&x
                                                  : (const void *)&wide;
    memcpy(way->numbers + r * way->size, from, way->size);
}

static nq_status cell_put(const exporter *e, size_t r, size_t c)
{
    column_way *way = &e->ways[c];
    double x = e->row[c];
    if (isnan(x)) {
        way->gaps++;
        return NQ_OK;
    }
    way->valid[r / 8] |= (unsigned char)(1 << r % 8);
    if (way->about.levels && !(x >= 0 && x < (double)way->about.level_count && x == floor(x)))
        return cell_refuse(e, r, c, "the number of one of its texts");
    if (way->about.date.is_date) {
        x = way->round > 0 ? nearbyint(x / way->round) * way->round : nearbyint(x * way->scale);
        const double days = x / way->scale / (way->about.date.between ? 86400 : 1);
        if (!(days >= -719528 && days < 2932897))
            return cell_refuse(e, r, c, "a date of the years 0 to 9999");
    }
    number_put(way, r, x);
    return NQ_OK;
}

static nq_status cells_put(const exporter *e)
{
    nq_status status = NQ_OK;
    for (size_t r = 0; r < e->data->rows && !status; r++) {
        nq_dataset_row(e->row, e->data, r);
        for (size_t c = 0; c < e->data->dim && !status; c++)
            status = cell_put(e, r, c);
    }
    return status;
}

/* The array of a column, with room for its numbers and bits. */
static nq_status column_new(struct ArrowArray *out, const exporter *e, column_way *way)
{
    const size_t rows = e->data->rows;
    const size_t bytes[2] = {(rows + 7) / 8, rows * way->size};
    nq_status status = nqi_arrow_array_new(out, e->context, rows, bytes, 2, 0);
    if (status)
        return status;
    way->valid = nqi_arrow_buffer(out, 0);
    way->numbers = nqi_arrow_buffer(out, 1);
    return way->about.levels ? nqi_arrow_dictionary_new(out, e->context, way->about.levels,
                                                        way->about.level_count)
                             : NQ_OK;
}

static nq_status columns_new(struct ArrowArray *array, struct ArrowSchema *schema,
                             const exporter *e)
{
    nq_status status = NQ_OK;
    for (size_t c = 0; c < e->data->dim && !status; c++) {
        column_way *way = &e->ways[c];
        if ((status = nqi_arrow_schema_new(schema->children[c], e->context, way->format,
                                           way->about.name, 0)) ||
            (status = column_new(array->children[c], e, way)))
            break;
        schema->children[c]->flags = ARROW_FLAG_NULLABLE;
        if (way->about.levels)
            status = nqi_arrow_text_schema_new(schema->children[c], e->context,
                                               array->children[c]->dictionary);
    }
    return status;
}

/* What is known when all cells are there: bits that are all 1 need not be. */
static void columns_close(const struct ArrowArray *array, const exporter *e)
{
    for (size_t c = 0; c < e->data->dim; c++) {
        array->children[c]->null_count = e->ways[c].gaps;
        if (!e->ways[c].gaps)
            nqi_arrow_buffer_drop(array->children[c], 0);
    }
}

static nq_status export(struct ArrowArray *array, struct ArrowSchema *schema, exporter *e)
{
    const size_t dim = e->data->dim;
    static const size_t none[1];
    nq_status status;
    e->ways = calloc(dim, sizeof *e->ways);
    e->row = malloc(dim * sizeof *e->row);
    if (!e->ways || !e->row)
        return nqi_fail_memory(e->context, "an Arrow array", dim * sizeof *e->ways);
    for (size_t c = 0; c < dim; c++)
        way_find(&e->ways[c], e->data, c);
    ways_settle(e);
    if ((status = nqi_arrow_schema_new(schema, e->context, "+s", NULL, dim)) ||
        (status = nqi_arrow_array_new(array, e->context, e->data->rows, none, 1, dim)) ||
        (status = columns_new(array, schema, e)) || (status = cells_put(e)))
        return status;
    columns_close(array, e);
    return NQ_OK;
}

nq_status nq_dataset_to_arrow(struct ArrowArray *array, struct ArrowSchema *schema,
                              nq_context *context, const nq_dataset *dataset)
{
    exporter e = {.context = context, .data = dataset};
    *array = (struct ArrowArray){0};
    *schema = (struct ArrowSchema){0};
    const nq_status status = export(array, schema, &e);
    free(e.ways);
    free(e.row);
    if (status && array->release)
        array->release(array);
    if (status && schema->release)
        schema->release(schema);
    return status;
}
