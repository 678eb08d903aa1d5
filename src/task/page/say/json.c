/* json.c - the numbers of a page. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include <noneq/version.h>

#include "task/page/say/say.h"
#include "task/report/json.h"

static void field(FILE *file, const char *key, double value)
{
    putc(',', file);
    nqi_json_field(file, key, value);
}

static void field_text(FILE *file, const char *key, const char *text)
{
    putc(',', file);
    nqi_json_field_text(file, key, text);
}

static void numbers(FILE *file, const char *key, const double *values, size_t count)
{
    fprintf(file, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i)
            putc(',', file);
        nqi_json_value(file, values[i]);
    }
    putc(']', file);
}

static void lines(FILE *file, const char *key, const char *text)
{
    fprintf(file, ",\"%s\":[", key);
    char line[NQI_WHY];
    for (int any = 0; (text = nqi_say_sentence(line, text)); any = 1) {
        if (any)
            putc(',', file);
        nqi_json_string(file, line);
    }
    putc(']', file);
}

static void name_field(FILE *file, const char *key, const nqi_findings *found, size_t column)
{
    const char *name = nq_model_column_name(found->model, column);
    fprintf(file, "\"%s\":", key);
    if (name)
        nqi_json_string(file, name);
    else
        fprintf(file, "%zu", column + 1);
}

static void figure_put(FILE *file, const nq_column_figure *figure)
{
    fputs(",\"figure\":{\"labels\":[", file);
    for (size_t k = 0; k < figure->bars; k++) {
        if (k)
            putc(',', file);
        nqi_json_string(file, figure->labels[k]);
    }
    putc(']', file);
    for (int side = 0; side < NQ_SIDES; side++) {
        double parts[NQ_BARS_MOST];
        for (size_t k = 0; k < figure->bars; k++)
            parts[k] = figure->parts[k][side];
        numbers(file, side ? "parts_samples" : "parts_rows", parts, figure->bars);
    }
    if (figure->has_bins) {
        field(file, "low", figure->low);
        field(file, "high", figure->high);
        numbers(file, "bins_rows", figure->bins[NQ_SIDE_DATA], figure->bin_count);
        numbers(file, "bins_samples", figure->bins[NQ_SIDE_SAMPLES], figure->bin_count);
    }
    putc('}', file);
}

static void columns_put(FILE *file, const nqi_findings *found)
{
    fputs(",\"columns\":[", file);
    for (size_t j = 0; j < found->column_count; j++) {
        const nqi_page_column *column = &found->columns[j];
        fputs(j ? ",{" : "{", file);
        name_field(file, "name", found, column->column);
        field_text(file, "kind", nqi_say_kind(found, column));
        field(file, "distance", column->distance);
        fprintf(file, ",\"differs\":%s", nqi_page_is_off(found, column) ? "true" : "false");
        field(file, "bits", column->bits);
        field(file, "bits_se", column->bits_se);
        figure_put(file, &column->figure);
        putc('}', file);
    }
    putc(']', file);
}

static void pairs_put(FILE *file, const nqi_findings *found)
{
    static const char *const measures[] = {
        [NQI_RANKS] = "spearman", [NQI_LEVELS] = "cramer_v", [NQI_GROUPS] = "correlation_ratio"};
    const nqi_pairs *pairs = &found->pairs;
    fputs(",\"pairs\":[", file);
    for (size_t k = 0; k < pairs->count; k++) {
        const nqi_pair *pair = pairs->order[k];
        fputs(k ? ",{" : "{", file);
        name_field(file, "first", found, found->columns[pair->a].column);
        putc(',', file);
        name_field(file, "second", found, found->columns[pair->b].column);
        field_text(file, "measure", measures[pair->measure]);
        field(file, "rows", pair->of[NQ_SIDE_DATA]);
        field(file, "samples", pair->of[NQ_SIDE_SAMPLES]);
        field(file, "gap", pair->gap);
        if (pair->measure == NQI_RANKS) {
            field(file, "pearson_rows", pair->linear[NQ_SIDE_DATA]);
            field(file, "pearson_samples", pair->linear[NQ_SIDE_SAMPLES]);
        }
        putc('}', file);
    }
    putc(']', file);
    field(file, "pairs_chance", pairs->chance);
}

static void differences_put(FILE *file, const nqi_findings *found)
{
    fputs(",\"differences\":[", file);
    for (size_t i = 0; i < found->difference_count; i++) {
        const nqi_difference *at = &found->differences[i];
        char words[NQI_SAY_WORDS];
        fputs(i ? ",{" : "{", file);
        name_field(file, "column", found,
                   at->column ? at->column->column : found->columns[at->pair->a].column);
        if (at->pair) {
            putc(',', file);
            name_field(file, "with", found, found->columns[at->pair->b].column);
        }
        field(file, "size", at->size);
        field_text(file, "what", nqi_say_difference(words, found, at));
        putc('}', file);
    }
    putc(']', file);
}

static void nearest_put(FILE *file, const nqi_findings *found)
{
    const nqi_nearest *nearest = &found->nearest;
    fputs(",\"nearest\":{", file);
    nqi_json_field(file, "training_rows", (double)nearest->trained);
    if (*nearest->why)
        field_text(file, "why", nearest->why);
    if (!*nearest->why && !nqi_page_is_of_pictures(found)) {
        fprintf(file, ",\"leaves_out\":%s", nearest->leaves_out ? "true" : "false");
        for (int side = 0; side < NQ_SIDES; side++) {
            fprintf(file, ",\"%s\":{\"count\":%zu", side ? "samples" : "rows",
                    nearest->count[side]);
            field(file, "median", nearest->median[side]);
            field(file, "copies", nearest->copies[side]);
            putc('}', file);
        }
        field(file, "near", nearest->near);
        field(file, "near_z", nearest->near_z);
    }
    putc('}', file);
}

static void curve_put(FILE *file, const nqi_curve *curve)
{
    fputs(",\"curve\":[", file);
    for (size_t i = 0; i < curve->count; i++) {
        fprintf(file, "%s{\"update\":%lld", i ? "," : "", (long long)curve->point[i].update);
        field(file, "train_bits", curve->point[i].bound);
        field(file, "valid_bits", curve->point[i].valid);
        putc('}', file);
    }
    putc(']', file);
}

static void rows_put(FILE *file, const nqi_findings *found)
{
    static const char *const known[] = {[NQI_ROWS_STRANGE] = "others",
                                        [NQI_ROWS_LEARNED] = "training",
                                        [NQI_ROWS_HELD] = "hold-out"};
    const nqi_page_rows *rows = &found->rows;
    field_text(file, "data", rows->data.name);
    if (rows->has_test)
        field_text(file, "test", rows->test.name);
    field_text(file, "rows_are", known[rows->judge_known]);
    fprintf(file, ",\"rows\":%zu,\"looked_at\":%zu,\"gaps\":%zu,\"samples\":%zu,\"seed\":%llu",
            nq_dataset_rows(rows->judge->rows), rows->count, rows->gaps,
            rows->sides.count[NQ_SIDE_SAMPLES], (unsigned long long)found->options->seed);
}

void nqi_say_json(FILE *file, const void *result)
{
    const nqi_findings *found = result;
    nqi_evaluation_report evaluation = nqi_say_evaluation_report(found);
    nq_bound bound = found->bound;
    const nqi_check_report check = nqi_say_check_report(found);
    if (!nq_model_is_recorded(found->model))
        bound.column_bound = NULL; /* an evaluation has columns of recorded models alone */
    evaluation.bound = &bound;
    putc('{', file);
    nqi_json_field_text(file, "model", nqi_say_model_name(found));
    rows_put(file, found);
    lines(file, "summary", found->words.summary);
    if (*found->bound_why) {
        field_text(file, "evaluation_why", found->bound_why);
    } else {
        fputs(",\"evaluation\":", file);
        nqi_evaluation_json(file, &evaluation);
    }
    if (*found->ais_why)
        field_text(file, "ais_why", found->ais_why);
    if (!nqi_page_is_of_pictures(found)) {
        columns_put(file, found);
        pairs_put(file, found);
        differences_put(file, found);
        if (!*found->check_why) {
            fputs(",\"check\":", file);
            nqi_check_json(file, &check);
        } else {
            field_text(file, "check_why", found->check_why);
        }
    }
    nearest_put(file, found);
    curve_put(file, &found->curve);
    field_text(file, "version", nq_version());
    field_text(file, "kernels", nq_context_cpu(found->context));
    fputs("}\n", file);
}
