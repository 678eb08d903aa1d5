/* write.c - how columns of several kinds stand in rows, as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "model/codes/codes.h"

/* A gap is null, and every number that no other level stands for "other". */
static void write_levels(nqi_json *json, const nqi_code *code)
{
    nqi_json_array(json, "levels");
    for (size_t k = 0; k < code->level_count; k++) {
        if (isinf(code->level[k]))
            nqi_json_text(json, NULL, "other");
        else
            nqi_json_number(json, NULL, code->level[k]);
    }
    nqi_json_close(json);
    nqi_json_numbers(json, "frequency", code->frequency, code->level_count);
}

static void write_warp(nqi_json *json, const nqi_warp *warp)
{
    nqi_json_object(json, "warp");
    nqi_json_text(json, "kind", warp->kind == NQI_WARP_SCORES ? "scores" : "smooth");
    nqi_json_number(json, "step", warp->grid.step);
    nqi_json_number(json, "offset", warp->grid.offset);
    nqi_json_number(json, "least", warp->grid.least);
    nqi_json_number(json, "most", warp->grid.most);
    nqi_json_numbers(json, "x", warp->x, warp->knots);
    nqi_json_numbers(json, "y", warp->y, warp->knots);
    if (warp->kind == NQI_WARP_SMOOTH)
        nqi_json_numbers(json, "slope", warp->slope, warp->knots);
    nqi_json_close(json);
}

static void write_text(nqi_json *json, const nqi_column *column)
{
    const nqi_date_form *date = &column->date;
    if (column->levels) {
        nqi_json_array(json, "texts");
        for (size_t k = 0; k < column->level_count; k++)
            nqi_json_text(json, NULL, column->levels[k]);
        nqi_json_close(json);
    }
    if (column->gap[0])
        nqi_json_text(json, "gap", column->gap);
    if (column->has_precision) {
        nqi_json_count(json, "decimals", column->precision);
        nqi_json_count(json, "decimals_least", column->precision_least);
    }
    if (date->is_date) {
        const char between[2] = {date->between, '\0'}, zone[2] = {date->zone, '\0'};
        nqi_json_object(json, "date");
        nqi_json_text(json, "between", between);
        nqi_json_text(json, "zone", zone);
        nqi_json_count(json, "seconds", date->has_seconds);
        nqi_json_count(json, "decimals", date->decimals);
        nqi_json_close(json);
    }
}

void nqi_codes_write(nqi_json *json, const nqi_scaling *scaling)
{
    if (!scaling->coding)
        return;
    nqi_json_array(json, "codes");
    for (size_t c = 0; c < scaling->columns; c++) {
        const nqi_code *code = &scaling->coding->code[c];
        nqi_json_object(json, NULL);
        nqi_json_text(json, "kind", nqi_kind_name(code->kind));
        if (code->level_count)
            write_levels(json, code);
        if (code->warp.knots)
            write_warp(json, &code->warp);
        if (scaling->column)
            write_text(json, &scaling->column[c]);
        if (code->refill.source != SIZE_MAX) {
            nqi_json_object(json, "follows");
            nqi_json_count(json, "column", (int64_t)code->refill.source);
            nqi_json_numbers(json, "values", code->refill.value,
                             scaling->coding->code[code->refill.source].level_count);
            nqi_json_close(json);
        }
        nqi_json_close(json);
    }
    nqi_json_close(json);
}
