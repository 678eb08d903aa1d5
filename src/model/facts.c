/* facts.c - what people ask about the columns of a model of several kinds: levels, range, gaps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "model/model.h"
#include "table/write/cell.h"

static const nqi_code *code_of(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    return coding && column < coding->columns ? &coding->code[column] : NULL;
}

/* The i-th level that stands for one number; level_count: there is none. */
static size_t level_at(const nqi_code *code, size_t i)
{
    size_t k = 0;
    for (; k < code->level_count; k++)
        if (isfinite(code->level[k]) && i-- == 0)
            break;
    return k;
}

static void range_of(nq_column_facts *out, const nqi_code *code)
{
    out->least = INFINITY;
    out->most = -INFINITY;
    if (code->warp.knots) {
        out->least = code->warp.grid.least;
        out->most = code->warp.grid.most;
        out->step = code->warp.grid.step;
        out->offset = code->warp.grid.offset;
    }
    for (size_t k = 0; k < code->level_count; k++)
        if (isfinite(code->level[k])) {
            out->least = fmin(out->least, code->level[k]);
            out->most = fmax(out->most, code->level[k]);
            out->levels++;
        }
}

int nq_model_column_facts(nq_column_facts *out, const nq_model *model, size_t column)
{
    const nqi_code *code = code_of(model, column);
    const nqi_column *about = model->scaling.column ? &model->scaling.column[column] : NULL;
    *out = (nq_column_facts){.source = SIZE_MAX};
    if (!code)
        return 0;
    out->name = nq_model_column_name(model, column);
    out->kind = nqi_kind_name(code->kind);
    out->source = code->refill.source;
    range_of(out, code);
    if (about) {
        out->is_text = about->levels != NULL;
        out->is_date = about->date.is_date != 0;
        out->decimals = about->precision;
    }
    return 1;
}

double nq_model_level(double *part, const nq_model *model, size_t column, size_t i)
{
    const nqi_code *code = code_of(model, column);
    const size_t k = code ? level_at(code, i) : 0;
    const int is_known = code && k < code->level_count;
    if (part)
        *part = is_known ? code->frequency[k] : 0;
    return is_known ? code->level[k] : 0;
}

double nq_model_gap_part(const nq_model *model, size_t column)
{
    const nqi_code *code = code_of(model, column);
    for (size_t k = 0; code && k < code->level_count; k++)
        if (isnan(code->level[k]))
            return code->frequency[k];
    return 0;
}

size_t nq_model_column_knots(const nq_model *model, size_t column)
{
    const nqi_code *code = code_of(model, column);
    return code ? code->warp.knots : 0;
}

size_t nq_model_cell_text(char *out, size_t size, const nq_model *model, size_t column,
                          double value)
{
    const nqi_column none = {0}, *about = model->scaling.column;
    return nqi_cell_text(out, size, about ? &about[column] : &none, value);
}
