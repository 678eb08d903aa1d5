/* out.c - a data set as a struct array of the Arrow C data interface, copied. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "core/text.h"
#include "table/arrow/new.h"
#include "table/arrow/put.h"
#include "table/decimal.h"
#include "table/gather/loops.h"

nq_status nqi_arrow_cell_refuse(const nqi_arrow_put *put, double x, const char *expected)
{
    char place[NQI_PLACE], found[NQI_TEXT_SIZE] = "none";
    size_t r = 0;
    while (r + 1 < put->data->rows && !(put->cells[r] == x || (isnan(x) && isnan(put->cells[r]))))
        r++;
    if (!isnan(x))
        nqi_text_double(found, sizeof found, x);
    return nqi_fail(put->context, NQ_ERROR_FORMAT, "%s: expected %s, found %s",
                    nqi_dataset_cell(place, put->data, r, put->column, NULL), expected, found);
}

nq_status nqi_arrow_column_refuse(const nqi_arrow_put *put, const char *what)
{
    char place[NQI_PLACE];
    return nqi_fail(put->context, NQ_ERROR_UNSUPPORTED, "%s: %s",
                    nqi_dataset_column(place, put->data, put->column), what);
}

/* The numbers of a column, whatever the set shows them of. */
static void cells_read(double *out, const nq_dataset *data, size_t c)
{
    const nqi_row_layout *layout = &data->layout;
    const int is_apart = data->columns && (layout->is_apart || layout->offsets[0]);
    for (size_t r = 0; r < data->rows; r++) {
        if (is_apart) {
            out[r] = nqi_strided_read(&data->columns[c].numbers, nqi_dataset_root_row(data, r));
            continue;
        }
        const nqi_place place = nqi_dataset_locate(data, r);
        const size_t *at = layout->offsets[place.is_mirrored];
        nqi_loops_of[layout->element].read(
            out + r, place.start + (at ? at[c] : c) * nqi_element_size(layout->element), 1);
    }
}

static nq_status levels_check(const nqi_arrow_put *put)
{
    const nqi_column *about = &put->about;
    for (size_t r = 0; r < put->data->rows && about->levels; r++) {
        const double x = put->cells[r];
        if (!isnan(x) && !(x >= 0 && x < (double)about->level_count && x == floor(x)))
            return nqi_arrow_cell_refuse(put, x, "the number of one of its texts");
    }
    return NQ_OK;
}

static nq_status nulls_check(const nqi_arrow_put *put)
{
    for (size_t r = 0; r < put->data->rows && !(put->type.flags & ARROW_FLAG_NULLABLE); r++)
        if (isnan(put->cells[r]))
            return nqi_arrow_cell_refuse(
                put, put->cells[r],
                "a value, as the Arrow schema that it is to be like has no nulls here");
    return NQ_OK;
}

/* The different cells, ascending, in values; returns how many. */
static size_t values_find(double *values, const nqi_arrow_put *put)
{
    size_t total = 0, count = 0;
    for (size_t r = 0; r < put->data->rows; r++)
        if (!isnan(put->cells[r]))
            values[total++] = put->cells[r] + 0.0; /* -0 is 0 */
    qsort(values, total, sizeof *values, nqi_double_compare);
    for (size_t i = 0; i < total; i++)
        if (!count || values[count - 1] != values[i])
            values[count++] = values[i];
    return count;
}

static nq_status values_put(struct ArrowArray *out, const nqi_arrow_put *put, const char *format,
                            const double *cells, size_t count)
{
    return (put->about.levels ? nqi_arrow_texts_put : nqi_arrow_numbers_put)(out, put, format,
                                                                             cells, count);
}

/* Indices into values[count], which of text are 0, 1, 2, ...: NaN stays. */
static void indices_find(double *indices, const nqi_arrow_put *put, const double *values,
                         size_t count)
{
    for (size_t r = 0; r < put->data->rows; r++) {
        const double *at = isnan(put->cells[r]) ? NULL
                                                : bsearch(&put->cells[r], values, count,
                                                          sizeof *values, nqi_double_compare);
        indices[r] = at ? (double)(at - values) : (double)NAN;
    }
}

static nq_status indices_put(struct ArrowArray *out, const nqi_arrow_put *put,
                             const double *indices, size_t count)
{
    char what[160];
    double least, most;
    nqi_arrow_range(&least, &most, nqi_arrow_format_find(put->type.format));
    if ((double)count <= most + 1)
        return nqi_arrow_numbers_put(out, put, put->type.format, indices, put->data->rows);
    snprintf(what, sizeof what,
             "its %zu different values are more than the indices of the Arrow dictionary that "
             "it is to be like can number, \"%.10s\"",
             count, put->type.format);
    return nqi_arrow_column_refuse(put, what);
}

static nq_status dictionary_put(struct ArrowArray *out, const nqi_arrow_put *put)
{
    const size_t levels = put->about.level_count, rows = put->data->rows;
    const size_t room = (levels > rows ? levels : rows) + 1, bytes = room * sizeof(double);
    double *values = malloc(bytes), *indices = malloc(bytes);
    size_t count = put->about.levels ? levels : 0;
    nq_status status =
        values && indices ? NQ_OK : nqi_fail_memory(put->context, "an Arrow dictionary", bytes);
    for (size_t i = 0; i < count && !status; i++)
        values[i] = (double)i;
    if (!put->about.levels && !status)
        count = values_find(values, put);
    if (!status)
        indices_find(indices, put, values, count);
    if (!status && !(status = indices_put(out, put, indices, count)))
        status = values_put(nqi_arrow_dictionary_add(out), put, put->type.values, values, count);
    free(values);
    free(indices);
    return status;
}

static nq_status column_export(struct ArrowArray *array, struct ArrowSchema *schema,
                               const nqi_arrow_put *put)
{
    nq_status status = nulls_check(put);
    if (status || (status = nqi_arrow_schema_new(schema, put->context, put->type.format,
                                                 put->about.name, 0)))
        return status;
    schema->flags = put->type.flags;
    if (!put->type.values)
        return values_put(array, put, put->type.format, put->cells, put->data->rows);
    struct ArrowSchema *values = nqi_arrow_schema_dictionary_add(schema);
    if ((status = nqi_arrow_schema_new(values, put->context, put->type.values, NULL, 0)))
        return status;
    values->flags = ARROW_FLAG_NULLABLE;
    return dictionary_put(array, put);
}

/* A model computes numbers of so many decimals, whose last bits may be others than those of the
 * decimal: .69 is not .6900000000000001. What is no such decimal stays as it is. */
static void decimals_clean(const nqi_arrow_put *put)
{
    enum { DECIMALS_MOST = 15 };
    static const double ROUND_OFF = 1e-6; /* of the last decimal */
    const nqi_column *about = &put->about;
    const int decimals = about->has_precision ? about->precision : 0;
    const double most = ROUND_OFF * pow(10, -decimals);
    for (size_t r = 0; r < put->data->rows && decimals > 0 && decimals <= DECIMALS_MOST; r++) {
        const double rounded = nqi_decimal_round(put->cells[r], -decimals);
        if (fabs(put->cells[r] - rounded) < most)
            put->cells[r] = rounded;
    }
}

/* What the column is, and what it is to be. */
static nq_status put_find(nqi_arrow_put *put, size_t c, const struct ArrowSchema *like,
                          const nq_dataset *texts)
{
    put->column = c;
    put->about = nqi_dataset_column_of(put->data, c);
    cells_read(put->cells, put->data, c);
    decimals_clean(put);
    nq_status status = levels_check(put);
    if (status || (status = nqi_arrow_texts_order(put, texts)))
        return status;
    if (like)
        return nqi_arrow_type_match(put, like);
    nqi_arrow_type_find(put);
    return NQ_OK;
}

static nq_status columns_export(struct ArrowArray *array, struct ArrowSchema *schema,
                                nqi_arrow_put *put, const struct ArrowSchema *like,
                                const nq_dataset *texts)
{
    static const size_t none[1];
    const size_t dim = put->data->dim, rows = put->data->rows;
    nq_status status = nqi_arrow_schema_new(schema, put->context, "+s", NULL, dim);
    if (!status)
        status = nqi_arrow_array_new(array, put->context, rows, none, 1, dim);
    for (size_t c = 0; c < dim && !status; c++) {
        if (!(status = put_find(put, c, like, texts)))
            status = column_export(array->children[c], schema->children[c], put);
        free(put->levels);
        put->levels = NULL;
    }
    return status;
}

static nq_status like_check(nq_context *context, const struct ArrowSchema *like)
{
    int is_whole = !like || (like->release && like->format && !strcmp(like->format, "+s") &&
                             (like->children || !like->n_children));
    for (int64_t i = 0; like && is_whole && i < like->n_children; i++)
        is_whole = like->children[i] != NULL;
    return is_whole ? NQ_OK
                    : nqi_fail(context, NQ_ERROR_ARGUMENT,
                               "an Arrow schema to be like: expected that of a struct, +s, which "
                               "was not released");
}

nq_status nq_dataset_to_arrow_like(struct ArrowArray *array, struct ArrowSchema *schema,
                                   nq_context *context, const nq_dataset *dataset,
                                   const struct ArrowSchema *like, const nq_dataset *texts)
{
    nqi_arrow_put put = {.context = context, .data = dataset};
    *array = (struct ArrowArray){0};
    *schema = (struct ArrowSchema){0};
    nq_status status = like_check(context, like);
    if (status)
        return status;
    put.cells = malloc(dataset->rows * sizeof *put.cells);
    status = put.cells ? columns_export(array, schema, &put, like, texts)
                       : nqi_fail_memory(context, "an Arrow array", dataset->rows * 8);
    free(put.cells);
    if (status && array->release)
        array->release(array);
    if (status && schema->release)
        schema->release(schema);
    return status;
}

nq_status nq_dataset_to_arrow(struct ArrowArray *array, struct ArrowSchema *schema,
                              nq_context *context, const nq_dataset *dataset)
{
    return nq_dataset_to_arrow_like(array, schema, context, dataset, NULL, NULL);
}
