/* roles.c - which cells of a data row are targets, known or absent. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include <noneq/likelihood.h>

#include "model/model.h"

size_t nqi_model_column_of(const nq_model *model, size_t number)
{
    const nqi_coding *coding = model->scaling.coding;
    return coding ? coding->column_of[number] : model->scaling.active_index[number];
}

/* Whether a cell without a value is one that the column's law has. */
static int has_gap(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    const nqi_code *code = coding ? &coding->code[column] : NULL;
    return code && code->level_count && nqi_code_level(code, NAN) < code->level_count;
}

static nq_role role_of(const nq_model *model, const unsigned char *roles, const double *row,
                       size_t column)
{
    const nq_role role = roles ? (nq_role)roles[column] : NQ_ROLE_TARGET;
    return isnan(row[column]) && !has_gap(model, column) ? NQ_ROLE_ABSENT : role;
}

/* A value that training rows had. */
static double some_value(const nq_model *model, size_t column)
{
    const nqi_code *code = model->scaling.coding ? &model->scaling.coding->code[column] : NULL;
    if (!code)
        return model->scaling.mean[column];
    if (code->warp.knots)
        return nqi_warp_value(&code->warp, 0);
    for (size_t k = 0; k < code->level_count; k++)
        if (!isnan(code->level[k]))
            return code->level[k];
    return NAN;
}

/* What the source of a column must be, where one of its levels alone has such a value of it; else
 * NaN. */
static double source_of(const nqi_code *source, const nqi_function *refill, double value)
{
    double found = NAN;
    size_t count = 0;
    for (size_t k = 0; k < source->level_count; k++)
        if (refill->value[k] == value) {
            found = source->level[k];
            count++;
        }
    return count == 1 ? found : NAN;
}

/* A function's cell tells that of its source, or is filled in from it. */
static void fill_functions(const nqi_coding *coding, double *row, int to_source)
{
    for (size_t c = 0; c < coding->columns; c++) {
        const nqi_function *refill = &coding->code[c].refill;
        if (refill->source == SIZE_MAX)
            continue;
        const nqi_code *source = &coding->code[refill->source];
        double *from = &row[refill->source];
        const size_t level = nqi_code_level(source, *from);
        if (to_source && isnan(*from) && !isnan(row[c]))
            *from = source_of(source, refill, row[c]);
        else if (!to_source && isnan(row[c]) && level < source->level_count)
            row[c] = refill->value[level];
    }
}

/* A column that follows from one that is not asked about is not asked about either. */
static void leave_functions(const nqi_coding *coding, const unsigned char *roles, double *row)
{
    for (size_t c = 0; roles && c < coding->columns; c++) {
        const size_t source = coding->code[c].refill.source;
        if (source != SIZE_MAX && roles[source] == NQ_ROLE_ABSENT)
            row[c] = NAN;
    }
}

size_t nqi_model_unknown_source(const nq_model *model, const unsigned char *roles,
                                const double *row)
{
    const nqi_coding *coding = model->scaling.coding;
    size_t c = 0;
    for (; coding && c < coding->columns; c++) {
        const nqi_function *refill = &coding->code[c].refill;
        if (refill->source == SIZE_MAX || isnan(row[c]) || !isnan(row[refill->source]) ||
            has_gap(model, refill->source) || (roles && roles[refill->source] == NQ_ROLE_ABSENT))
            continue;
        if (isnan(source_of(&coding->code[refill->source], refill, row[c])))
            return c;
    }
    return model->scaling.columns;
}

int nqi_model_fill_absent(const nq_model *model, const unsigned char *roles, double *row)
{
    const nqi_coding *coding = model->scaling.coding;
    int any = 0;
    if (coding) {
        leave_functions(coding, roles, row);
        fill_functions(coding, row, 1);
    }
    for (size_t c = 0; c < model->scaling.columns; c++) {
        if (coding && coding->code[c].refill.source != SIZE_MAX)
            continue;
        if (role_of(model, roles, row, c) != NQ_ROLE_ABSENT)
            continue;
        any = 1;
        row[c] = some_value(model, c);
    }
    if (coding)
        fill_functions(coding, row, 0);
    return any;
}

void nqi_model_gather_roles(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                            size_t count, const unsigned char *column_roles, nqi_batch *batch,
                            double *row, nqi_real *roles)
{
    const nqi_coding *coding = model->scaling.coding;
    const size_t ld = batch->tape.ld, dim = model->process.dim;
    for (size_t r = 0; r < ld; r++) {
        if (r < count) {
            nq_dataset_row(row, data, rows[r]);
            if (coding)
                fill_functions(coding, row, 1);
        }
        for (size_t i = 0; i < dim; i++) {
            const nq_role role = role_of(model, column_roles, row, nqi_model_column_of(model, i));
            roles[i * ld + r] = role == NQ_ROLE_KNOWN;
            roles[(dim + i) * ld + r] = role == NQ_ROLE_ABSENT;
        }
    }
    batch->roles = roles;
    nqi_model_settle_known(model, batch);
}

/* How a row's roles are drawn: each column is no target with one probability, and then known. */
typedef struct pattern {
    nqi_stream stream; /* the row's */
    size_t target;     /* a column that is one in any case */
    double share, known;
} pattern;

static pattern pattern_of(const nq_model *model, const nqi_stream *stream, size_t row)
{
    pattern p = {.stream = *stream};
    p.stream.item = (uint32_t)row;
    const double kind = nqi_stream_uniform(&p.stream, 0) * 3;
    p.share = nqi_stream_uniform(&p.stream, 1);
    p.known = kind < 1 ? 1 : kind < 2 ? 0 : nqi_stream_uniform(&p.stream, 2);
    p.target = (size_t)nqi_model_column_of(model, (size_t)nqi_stream_below(&p.stream, 3,
                                                                           model->process.dim));
    return p;
}

static nq_role pattern_role(const pattern *p, size_t column)
{
    enum { FIRST = 4 };
    if (column == p->target || nqi_stream_uniform(&p->stream, FIRST + 2 * column) >= p->share)
        return NQ_ROLE_TARGET;
    return nqi_stream_uniform(&p->stream, FIRST + 2 * column + 1) < p->known ? NQ_ROLE_KNOWN
                                                                             : NQ_ROLE_ABSENT;
}

void nqi_model_draw_roles(const nq_model *model, nqi_real *known, nqi_real *absent, size_t ld,
                          const nqi_stream *stream, size_t row)
{
    const pattern p = pattern_of(model, stream, row);
    for (size_t i = 0; i < model->process.dim; i++) {
        const nq_role is = pattern_role(&p, nqi_model_column_of(model, i));
        known[i * ld] = is == NQ_ROLE_KNOWN;
        absent[i * ld] = is == NQ_ROLE_ABSENT;
    }
}

/* What was added, in (0, 1) of a grey level, stands where it was drawn. */
static void take_noise(const nq_model *model, nqi_batch *batch)
{
    const nqi_scaling *scaling = &model->scaling;
    const size_t ld = batch->tape.ld;
    for (size_t i = 0; i < scaling->active; i++) {
        const double width =
            model->options.dequantize / scaling->deviation[scaling->active_index[i]];
        for (size_t j = i * ld; j < i * ld + batch->tape.rows; j++)
            if (batch->roles[j] > 0)
                batch->x_0[j] -= (nqi_real)(width * ((double)batch->noise[j] - 0.5));
    }
}

void nqi_model_settle_known(const nq_model *model, nqi_batch *batch)
{
    if (!model->scaling.coding && model->options.dequantize > 0)
        take_noise(model, batch);
    const nqi_coding *coding = model->scaling.coding;
    const size_t ld = batch->tape.ld;
    for (size_t i = 0; coding && i < coding->scores; i++) {
        const nqi_code *code = &coding->code[coding->column_of[i]];
        const nqi_real *level =
            code->level_number == NQI_NO_NUMBER ? NULL : batch->x_0 + code->level_number * ld;
        for (size_t r = 0; r < batch->tape.rows; r++) {
            const double raw = batch->raw[i * ld + r];
            if (batch->roles[i * ld + r] > 0)
                batch->x_0[i * ld + r] =
                    (nqi_real)(!isnan(raw) ? nqi_warp_score(&code->warp, raw, 0.5, NULL)
                               : level     ? nqi_code_level_score(code, (size_t)level[r])
                                           : 0);
        }
    }
}
