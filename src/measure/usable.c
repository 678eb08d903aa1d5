/* usable.c - rows that a model can be asked about, and those to which it gives no probability. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/usable.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/grow.h"
#include "core/monitor.h"
#include "core/text.h"
#include "table/digest.h"

/* Deviations from the mean beyond which float32 cannot square what a network makes of a number. */
static const double farthest = 1e12;

/* What is wrong with the number of a column; 0: nothing. */
static int number_fault(const nq_model *model, const nqi_block *block, size_t c, double x)
{
    const nqi_scaling *scaling = &model->scaling;
    const double deviation = scaling->deviation[c];
    if (deviation == 0)
        return x == scaling->mean[c] ? 0 : NQ_FAULT_CONSTANT;
    if (block->family->holds)
        return block->family->holds(x) && nqi_block_has(block, x) ? 0 : NQ_FAULT_BIT;
    return fabs(x - scaling->mean[c]) <= farthest * deviation ? 0 : NQ_FAULT_RANGE;
}

/* Where the file has the cell. */
static void place_fill(char out[NQI_PLACE], const nqi_usable *usable, size_t row, size_t c)
{
    nqi_dataset_cell(out, usable->whole, row, c, nqi_scaling_name(&usable->model->scaling, c));
}

static nq_status missing_fail(const nqi_usable *usable, nq_context *context, size_t row, size_t c)
{
    char place[NQI_PLACE];
    place_fill(place, usable, row, c);
    return nqi_fail(context, NQ_ERROR_SHAPE, "%s: expected a number, found a missing value",
                    place);
}

static nq_status source_fail(const nqi_usable *usable, nq_context *context, size_t row, size_t c)
{
    char place[NQI_PLACE], from[NQI_PLACE];
    const nq_model *model = usable->model;
    place_fill(place, usable, row, c);
    nqi_dataset_column(from, usable->whole, model->scaling.coding->code[c].refill.source);
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "%s: it follows from %s, which is missing and could have several values; "
                    "expected both cells, or neither",
                    place, from);
}

static nq_status fault_add(nqi_usable *usable, nq_context *context, const nq_row_fault *fault)
{
    char place[NQI_PLACE];
    if (!nqi_grow(&usable->faults, &usable->room, usable->count + 1, sizeof *usable->faults))
        return nqi_fail_memory(context, "impossible rows", usable->count * sizeof *fault);
    nq_row_fault *added = &usable->faults[usable->count++];
    *added = *fault;
    place_fill(place, usable, fault->row, fault->column);
    if (strncmp(place, "row ", 4) == 0)
        snprintf(added->place, sizeof added->place, "%.190s", place);
    else
        snprintf(added->place, sizeof added->place, "row %zu, %.170s", fault->row + 1, place);
    return NQ_OK;
}

static nq_status make_view(nqi_usable *usable, nq_context *context)
{
    nq_dataset_free(usable->view);
    usable->view = NULL;
    usable->data = usable->whole;
    usable->rows = nq_dataset_rows(usable->whole) - usable->count;
    if (!usable->count || !usable->rows)
        return NQ_OK;
    uint64_t *list = malloc(usable->count * sizeof *list);
    if (!list)
        return nqi_fail_memory(context, "impossible rows", usable->count * sizeof *list);
    for (size_t i = 0; i < usable->count; i++)
        list[i] = usable->faults[i].row;
    const nq_status status =
        nqi_dataset_omit(&usable->view, context, usable->whole, list, usable->count);
    free(list);
    usable->data = usable->view;
    return status;
}

/* The first column of a row that the model cannot have, and what is wrong; `columns`: none. */
static size_t fault_find(int *kind, const nq_model *model, const double *row)
{
    const size_t columns = model->scaling.columns;
    size_t at = 0;
    if (model->scaling.coding) {
        *kind = NQ_FAULT_VALUE;
        return nqi_coding_fault(model->scaling.coding, row);
    }
    const nqi_block *block = nqi_model_block(model, 0);
    for (; at < columns; at++) {
        if (model->process.block_count > 1)
            block = nqi_model_block(model, at);
        if ((*kind = number_fault(model, block, at, row[at])))
            break;
    }
    return at;
}

/* The first fault of a row counts, unless a number of it is missing; a gap is a value of a table's
 * column. */
static nq_status scan_row(nqi_usable *usable, nq_context *context, const nq_model *model,
                          double *row, size_t number)
{
    const size_t columns = model->scaling.columns;
    int kind = 0;
    const size_t unsure =
        usable->takes_gaps ? nqi_model_unknown_source(model, usable->roles, row) : columns;
    if (unsure < columns)
        return source_fail(usable, context, number, unsure);
    if (usable->takes_gaps && nqi_model_fill_absent(model, usable->roles, row))
        usable->has_gaps = 1;
    const size_t at = fault_find(&kind, model, row);
    for (size_t c = at; c < columns && !model->scaling.coding; c++)
        if (isnan(row[c]))
            return missing_fail(usable, context, number, c);
    const nq_row_fault fault = {.row = number,
                                .column = at,
                                .value = at < columns ? row[at] : 0,
                                .kind = (nq_fault_kind)kind};
    return at < columns ? fault_add(usable, context, &fault) : NQ_OK;
}

static nq_status scan_rows(nqi_usable *usable, nq_context *context, const nq_model *model)
{
    const nq_dataset *data = usable->whole;
    double *row = malloc(data->dim * sizeof *row);
    nq_status status = row ? NQ_OK : nqi_fail_memory(context, "a row of data", data->dim);
    for (size_t r = 0; r < data->rows && !status; r++) {
        nq_dataset_row(row, data, r);
        status = scan_row(usable, context, model, row, r);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell(context, "looking at rows", 0, 1);
    }
    free(row);
    return status;
}

static nq_status find(nqi_usable *out, nq_context *context, const nq_model *model,
                      const nq_dataset *data, const unsigned char *roles, int takes_gaps)
{
    *out = (nqi_usable){.model = model, .roles = roles, .takes_gaps = takes_gaps};
    nq_status status = nqi_model_rows(&out->whole, &out->owned, context, model, data);
    if (status)
        return status;
    out->data = out->whole;
    out->rows = nq_dataset_rows(out->whole);
    /* crops can be too many to walk, and their pixels are looked at each once */
    if (out->whole->dim != model->scaling.columns ||
        (nqi_dataset_crops(out->whole) && model->scaling.active == model->scaling.columns))
        status = nqi_scaling_check(&model->scaling, context, out->whole);
    else if (!(status = scan_rows(out, context, model)))
        status = make_view(out, context);
    if (status)
        nqi_usable_free(out);
    return status;
}

nq_status nqi_usable_find(nqi_usable *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data)
{
    return find(out, context, model, data, NULL, 0);
}

static nq_status roles_check(nq_context *context, const nq_model *model,
                             const unsigned char *roles)
{
    size_t targets = 0;
    if (!roles)
        return NQ_OK;
    if (!(model->options.roles > 0))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "some columns given others: expected a model that was trained with "
                        "\036roles 1");
    for (size_t i = 0; i < model->process.dim; i++)
        targets += roles[nqi_model_column_of(model, i)] == NQ_ROLE_TARGET;
    return targets ? NQ_OK
                   : nqi_fail(context, NQ_ERROR_ARGUMENT,
                              "no column that varies is a target: expected one at least");
}

nq_status nqi_usable_find_given(nqi_usable *out, nq_context *context, const nq_model *model,
                                const nq_dataset *data, const unsigned char *roles)
{
    memset(out, 0, sizeof *out);
    const nq_status status = roles_check(context, model, roles);
    return status ? status : find(out, context, model, data, roles, model->options.roles > 0);
}

nq_status nqi_usable_find_gaps(nqi_usable *out, nq_context *context, const nq_model *model,
                               const nq_dataset *data)
{
    return find(out, context, model, data, NULL, 1);
}

void nqi_usable_free(nqi_usable *usable)
{
    nq_dataset_free(usable->view);
    nq_dataset_free(usable->owned);
    free(usable->faults);
    memset(usable, 0, sizeof *usable);
}

/* The number that is farthest from what training saw is named, as the likeliest cause. */
static nq_status figure_fault(nq_row_fault *out, const nqi_usable *usable, nq_context *context,
                              size_t number)
{
    const nqi_scaling *scaling = &usable->model->scaling;
    double *row = malloc(scaling->columns * sizeof *row);
    double most = -1;
    if (!row)
        return nqi_fail_memory(context, "a row of data", scaling->columns * sizeof *row);
    nq_dataset_row(row, usable->whole, number);
    *out = (nq_row_fault){.row = number, .kind = NQ_FAULT_FIGURE};
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double apart = fabs(row[c] - scaling->mean[c]) / scaling->deviation[c];
        if (apart > most) {
            most = apart;
            out->column = c;
            out->value = row[c];
        }
    }
    free(row);
    return NQ_OK;
}

static int fault_compare(const void *left, const void *right)
{
    const nq_row_fault *a = left, *b = right;
    return (a->row > b->row) - (a->row < b->row);
}

nq_status nqi_usable_drop(nqi_usable *usable, nq_context *context, const size_t *rows,
                          size_t count)
{
    const size_t known = usable->count;
    nq_status status = NQ_OK;
    for (size_t i = 0, f = 0; i < count && !status; i++) {
        while (f < known && usable->faults[f].row <= rows[i] + f)
            f++;
        nq_row_fault fault;
        if (!(status = figure_fault(&fault, usable, context, rows[i] + f)))
            status = fault_add(usable, context, &fault);
    }
    if (status)
        return status;
    qsort(usable->faults, usable->count, sizeof *usable->faults, fault_compare);
    return make_view(usable, context);
}

void nqi_usable_spread(double *figures, const nqi_usable *usable, double hole)
{
    size_t from = usable->rows, to = usable->rows + usable->count;
    for (size_t f = usable->count; f > 0; f--) {
        while (to > usable->faults[f - 1].row + 1)
            figures[--to] = figures[--from];
        figures[--to] = hole;
    }
}

void nq_row_fault_describe(char *out, size_t size, const nq_model *model,
                           const nq_row_fault *fault)
{
    const nqi_scaling *scaling = &model->scaling;
    const double mean = scaling->mean[fault->column];
    const double apart = fabs(fault->value - mean) / scaling->deviation[fault->column];
    const int is_text = nq_model_column_is_text(model, fault->column);
    char found[NQI_TEXT_SIZE], only[NQI_TEXT_SIZE];
    nqi_text_double(found, sizeof found, fault->value);
    nqi_text_double(only, sizeof only, mean);
    if (fault->kind == NQ_FAULT_CONSTANT)
        snprintf(out, size, "%s: expected %s, the only value in training, found %s", fault->place,
                 only, found);
    else if (fault->kind == NQ_FAULT_BIT)
        snprintf(out, size, "%s: expected %s, found %s", fault->place,
                 nqi_model_family(model, fault->column)->expected, found);
    else if (fault->kind == NQ_FAULT_VALUE)
        snprintf(out, size, "%s: expected a %s that training rows had, found %s", fault->place,
                 is_text ? "text" : "value",
                 isnan(fault->value) ? "a gap"
                 : !is_text          ? found
                 : fault->value < 0  ? "another"
                                     : "one that does not go with other columns");
    else if (fault->kind == NQ_FAULT_RANGE)
        snprintf(out, size,
                 "%s: %s is %.3g deviations from the training mean, farther than can be computed",
                 fault->place, found, apart);
    else
        snprintf(out, size,
                 "%s: the model's figure of the row is not finite; its farthest number, %s, is "
                 "%.3g deviations from the training mean",
                 fault->place, found, apart);
}

static uint64_t recorded(const nq_model *model, const char *key)
{
    const char *text = nq_model_record(model, key);
    return text ? (uint64_t)strtoull(text, NULL, 16) : 0;
}

nq_status nqi_rows_recognise(nqi_acquaintance *out, nq_context *context, const nq_model *model,
                             const nq_dataset *data)
{
    const uint64_t train = recorded(model, "row_digest");
    const uint64_t valid = recorded(model, "valid_row_digest");
    uint64_t here = 0;
    const nq_status status = train ? nqi_digest_rows(&here, context, data) : NQ_OK;
    *out = !here                                    ? NQI_ROWS_STRANGE
           : here == train || here == train + valid ? NQI_ROWS_LEARNED
           : here == valid                          ? NQI_ROWS_HELD
                                                    : NQI_ROWS_STRANGE;
    return status;
}
