/* coded.c - evidence on the cells of a table of columns of several kinds. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "evidence/kind.h"

const char *nqi_evidence_label(char out[NQI_LABEL], const nq_model *model, size_t column)
{
    return nqi_column_label(out, column, nq_model_column_name(model, column));
}

nq_status nqi_cell_fail(nq_context *context, const nq_model *model, size_t target, size_t column,
                        double found, const char *expected)
{
    char label[NQI_LABEL];
    nqi_evidence_label(label, model, column);
    if (!expected && found < 0 && nq_model_column_is_text(model, column))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "row %zu, %s: expected a text that training rows had, found "
                        "another",
                        target + 1, label);
    return nqi_fail(context, NQ_ERROR_SHAPE, "row %zu, %s: expected %s, found %.9g", target + 1,
                    label, expected ? expected : "a value that training rows had", found);
}

/* Where the law of a number is among the evidence of a target. */
static double *law_of(const nq_evidence *evidence, size_t target, size_t number, size_t *width)
{
    const nqi_process *process = &evidence->model->process;
    const nqi_block *block = nqi_process_block(process, number);
    *width = nqi_block_width(block);
    return evidence->value + target * process->laws + block->law_first +
           (number - block->first) * *width;
}

/* The weight of a level; of a bit the law has the probability of the second one. */
static double weight_of(const double *law, size_t width, size_t level)
{
    return isnan(law[0]) ? 1 : width > 1 ? law[level] : level ? law[0] : 1 - law[0];
}

/* Levels that no longer may be lose their weight; 0: there is no other. */
static int levels_keep(const nq_evidence *evidence, size_t target, const nqi_code *code,
                       const unsigned char *keeps)
{
    size_t width, left = 0, kept = 0;
    double *law = law_of(evidence, target, code->level_number, &width);
    for (size_t k = 0; k < code->level_count; k++) {
        left += weight_of(law, width, k) > 0;
        kept += keeps[k] && weight_of(law, width, k) > 0;
    }
    if (kept == left || !kept)
        return kept > 0;
    const int is_open = isnan(law[0]);
    if (width == 1)
        law[0] = keeps[1] ? 1 : 0;
    for (size_t k = 0; k < code->level_count && width > 1; k++)
        law[k] = !keeps[k] ? 0 : is_open ? 1 : law[k];
    return 1;
}

/* A level that is known, or (level_count) that there is no gap. */
static void level_load(const nq_evidence *evidence, size_t target, const nqi_code *code,
                       size_t level)
{
    size_t width;
    double *out = law_of(evidence, target, code->level_number, &width);
    const int is_known = level < code->level_count;
    int has_gap = 0;
    for (size_t k = 0; k < code->level_count; k++)
        has_gap |= isnan(code->level[k]);
    if (!is_known && !has_gap) {
        out[0] = NAN;
    } else if (width == 1) { /* a bit: the probability of its second level */
        out[0] = is_known ? (double)level : isnan(code->level[0]);
    } else {
        for (size_t k = 0; k < width; k++)
            out[k] = is_known ? k == level : !isnan(code->level[k]);
    }
}

static int is_number(const nqi_code *code, double x)
{
    return !isnan(x) && (!code->level_count || nqi_code_level(code, x) + 1 == code->level_count);
}

/* One score of those that the number's cell is spread over. */
static void score_load(const nq_evidence *evidence, size_t target, const nqi_code *code, double x)
{
    size_t width;
    double *out = law_of(evidence, target, code->score_number, &width), share = 0;
    const nqi_stream stream = {1, NQI_DRAW_KNOWN, (uint32_t)code->score_number, (uint32_t)target};
    out[0] = NAN;
    if (!is_number(code, x))
        return;
    out[0] = nqi_warp_score(&code->warp, x, nqi_stream_uniform(&stream, 0), &share);
    evidence->shift[target] += share;
}

double nqi_coded_spread(const nq_evidence *leaf, const nqi_walk *walk, size_t target, size_t row,
                        uint32_t number, double *score)
{
    const nqi_coding *coding = leaf->model->scaling.coding;
    const size_t run = walk->run ? walk->run : walk->proposal.rows;
    const size_t groups = (run + NQI_ROW_GROUP - 1) / NQI_ROW_GROUP;
    const size_t own = row % run;
    const nqi_stream stream = {walk->stream.seed, NQI_DRAW_KNOWN, UINT32_MAX - number,
                               walk->stream.item +
                                   (uint32_t)(row / run * groups + own / NQI_ROW_GROUP)};
    double sum = 0, share;
    for (size_t i = 0; i < coding->scores; i++) {
        const size_t c = coding->column_of[i];
        const double x = leaf->known ? leaf->known[target * coding->columns + c] : NAN;
        const int is_range = leaf->range && i == leaf->range_number;
        score[i] = NAN;
        if (!is_range && !is_number(&coding->code[c], x))
            continue;
        const double u = nqi_stream_uniform(&stream, own % NQI_ROW_GROUP * coding->scores + i);
        if (is_range) {
            sum += nqi_range_spread(leaf, target, u, &score[i]);
            continue;
        }
        score[i] = nqi_warp_score(&coding->code[c].warp, x, u, &share);
        sum += share;
    }
    return sum;
}

double nqi_coded_slope(const nqi_scaling *scaling, size_t column)
{
    const nqi_coding *coding = scaling->coding;
    return !coding ? 1 / scaling->deviation[column]
           : coding->code[column].warp.knots == 2 && coding->code[column].warp.slope
               ? coding->code[column].warp.slope[0]
               : 1;
}

static int is_same(double a, double b)
{
    return isnan(a) ? isnan(b) : a == b;
}

/* What a column that follows from another says of that one's levels: those of its value or, where
 * it is asked for, those that make it no gap. */
static nq_status follower_load(nq_evidence *evidence, nq_context *context, const double *row,
                               size_t target, size_t column)
{
    const nqi_coding *coding = evidence->model->scaling.coding;
    const nqi_function *refill = &coding->code[column].refill;
    const nqi_code *source = &coding->code[refill->source];
    const double x = row[column];
    unsigned char keeps[NQI_LEVELS_MOST + 2];
    int fits;
    for (size_t k = 0; k < source->level_count; k++)
        keeps[k] =
            (unsigned char)(isnan(x) ? !isnan(refill->value[k]) : is_same(refill->value[k], x));
    if (source->level_number != NQI_NO_NUMBER)
        fits = levels_keep(evidence, target, source, keeps);
    else
        fits = keeps[0];
    return fits || isnan(x)
               ? NQ_OK
               : nqi_cell_fail(context, evidence->model, target, column, x,
                               "the value that it has in training rows with what is known of "
                               "the column that it follows from");
}

int nqi_cell_is_seen(const nq_model *model, size_t column, double x)
{
    const nqi_code *code = model->scaling.coding ? &model->scaling.coding->code[column] : NULL;
    return !code               ? 1
           : code->level_count ? nqi_code_level(code, x) < code->level_count
                               : isfinite(x);
}

nq_status nqi_coded_load(nq_evidence *evidence, nq_context *context, const double *row,
                         size_t target)
{
    const nqi_coding *coding = evidence->model->scaling.coding;
    nq_status status = NQ_OK;
    for (size_t c = 0; c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        const size_t level = isnan(row[c]) ? code->level_count : nqi_code_level(code, row[c]);
        if (!isnan(row[c]) && !nqi_cell_is_seen(evidence->model, c, row[c]))
            return nqi_cell_fail(context, evidence->model, target, c, row[c], NULL);
        if (code->level_number != NQI_NO_NUMBER)
            level_load(evidence, target, code, level);
        if (code->score_number != NQI_NO_NUMBER)
            score_load(evidence, target, code, row[c]);
    }
    for (size_t c = 0; c < coding->columns && !status; c++)
        if (coding->code[c].refill.source != SIZE_MAX)
            status = follower_load(evidence, context, row, target, c);
    return status;
}

/* Weights of the levels of the column that is modelled, in its law; the largest becomes 1. */
nq_status nqi_weights_load(nq_evidence *evidence, nq_context *context, size_t column,
                           const double *weight, size_t target)
{
    const nqi_coding *coding = evidence->model->scaling.coding;
    const nqi_code *code = &coding->code[column];
    const nqi_function *refill = &code->refill;
    const nqi_code *own = refill->source == SIZE_MAX ? code : &coding->code[refill->source];
    size_t width;
    double *law = law_of(evidence, target, own->level_number, &width), most = 0, sum = 0;
    double weights[NQI_LEVELS_MOST + 2];
    for (size_t k = 0; k < code->level_count; k++)
        if (!(weight[k] >= 0) || !isfinite(weight[k]))
            return nqi_cell_fail(context, evidence->model, target, column, weight[k],
                                 "weights of levels that are finite and not negative");
    for (size_t k = 0; k < own->level_count; k++) {
        weights[k] = weight[own == code ? k : nqi_code_level(code, refill->value[k])];
        most = fmax(most, weights[k]);
    }
    if (!(most > 0))
        return nqi_cell_fail(context, evidence->model, target, column, most,
                             "a level of weight above 0");
    for (size_t k = 0; k < own->level_count; k++)
        sum += weights[k] / most;
    if (width == 1)
        law[0] = weights[1] / most / sum;
    for (size_t k = 0; k < width && width > 1; k++)
        law[k] = weights[k] / most;
    evidence->shift[target] = log(most) + (width == 1 ? log(sum) : 0);
    return NQ_OK;
}

nq_status nqi_levels_new(nq_evidence **out, nq_context *context, const nq_model *model,
                         size_t targets)
{
    const nqi_process *process = &model->process;
    const nq_status status = nqi_evidence_new(out, context, &nqi_evidence_cells, model, targets);
    if (status)
        return status;
    nq_evidence *evidence = *out;
    evidence->shift = calloc(targets, sizeof *evidence->shift);
    evidence->variance = calloc(process->dim, sizeof *evidence->variance);
    if (targets <= SIZE_MAX / sizeof(double) / process->laws)
        evidence->value = malloc(targets * process->laws * sizeof *evidence->value);
    if (!evidence->shift || !evidence->variance || !evidence->value) {
        nq_evidence_free(evidence);
        *out = NULL;
        return nqi_fail_memory(context, "evidence", targets * process->laws * sizeof(double));
    }
    for (size_t j = 0; j < targets * process->laws; j++)
        evidence->value[j] = NAN;
    return NQ_OK;
}

nq_status nq_evidence_levels(nq_evidence **out, nq_context *context, const nq_model *model,
                             size_t column, const double *weights, size_t targets)
{
    const size_t levels = nq_model_levels(model, column);
    char label[NQI_LABEL];
    *out = NULL;
    if (nqi_model_level_number(model, column) == NQI_NO_NUMBER)
        return nqi_fail(
            context, NQ_ERROR_UNSUPPORTED,
            "%s has no levels that vary: expected a column of levels of a mixed model",
            nqi_evidence_label(label, model, column));
    nq_status status = nqi_levels_new(out, context, model, targets);
    for (size_t r = 0; r < targets && !status; r++) {
        if (!isnan(weights[r * levels]))
            status = nqi_weights_load(*out, context, column, weights + r * levels, r);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell(context, "looking at weights", (double)r, (double)targets);
    }
    if (status) {
        nq_evidence_free(*out);
        *out = NULL;
    }
    return status;
}
