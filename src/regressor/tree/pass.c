/* pass.c - what a tree believes: up from what is seen of each cell, and down again. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <string.h>

/* Rows with those that fill them up. */
static size_t lanes_of(size_t rows)
{
    return (rows + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
}

size_t nqi_tree_scratch(const nqi_tree *tree, size_t rows)
{
    return tree->scratch * lanes_of(rows);
}

/* Parts of a pass. */
static nqi_real *part(const nqi_tree_pass *pass, size_t at)
{
    return pass->scratch + at * lanes_of(pass->rows);
}

/* y[p] = sum_s table[p][s] x[s] */
static void sum_over_states(const nqi_tree_pass *pass, size_t y, size_t table, size_t x,
                            size_t above, size_t states)
{
    pass->ops->levels.mix(part(pass, y), pass->numbers + table, part(pass, x),
                          (nqi_dense_size){above, states, lanes_of(pass->rows)}, 0);
}

/* y[s] = sum_p table[p][s] x[p] */
static void sum_over_parents(const nqi_tree_pass *pass, size_t y, size_t table, size_t x,
                             size_t above, size_t states)
{
    pass->ops->levels.mix(part(pass, y), pass->numbers + table, part(pass, x),
                          (nqi_dense_size){states, above, lanes_of(pass->rows)}, 1);
}

/* Rows that fill up the lanes see nothing. */
static void padding_fill(const nqi_tree_pass *pass, size_t at, size_t count)
{
    const size_t lanes = lanes_of(pass->rows);
    for (size_t k = 0; k < count; k++)
        for (size_t r = pass->rows; r < lanes; r++)
            part(pass, at + k)[r] = 1;
}

/* Bits by log-odds: the likelihood of each value, the larger 1. */
static void bits_see(const nqi_tree_pass *pass, size_t at, const nqi_real *odds)
{
    nqi_real *zero = part(pass, at), *one = part(pass, at + 1);
    for (size_t r = 0; r < pass->rows; r++)
        zero[r] = odds[r] > 0 ? -odds[r] : odds[r];
    pass->ops->vexp(zero, zero, pass->rows);
    for (size_t r = 0; r < pass->rows; r++) {
        const nqi_real less = zero[r];
        zero[r] = odds[r] > 0 ? less : 1;
        one[r] = odds[r] > 0 ? 1 : less;
    }
}

/* Levels by log likelihoods: the likelihood of each, the largest 1. */
static void levels_see(const nqi_tree_pass *pass, size_t at, const nqi_real *said, size_t ld,
                       size_t levels)
{
    for (size_t r = 0; r < pass->rows; r++) {
        nqi_real most = said[r];
        for (size_t k = 1; k < levels; k++)
            most = said[k * ld + r] > most ? said[k * ld + r] : most;
        for (size_t k = 0; k < levels; k++)
            part(pass, at + k)[r] = said[k * ld + r] - most;
    }
    for (size_t k = 0; k < levels; k++)
        pass->ops->vexp(part(pass, at + k), part(pass, at + k), pass->rows);
}

/* Of a number: how likely each bin makes what is seen, whose noise has a variance. */
static void bins_see(const nqi_tree_pass *pass, size_t at, const nqi_tree_node *n,
                     const nqi_real *said, const nqi_real *noise)
{
    const nqi_real *place = pass->numbers + n->place_at;
    for (size_t r = 0; r < pass->rows; r++) {
        double most = -INFINITY, log_law[NQI_TREE_BINS];
        for (size_t k = 0; k < n->values; k++) {
            const double variance = (double)place[n->values + k] + (double)noise[r];
            const double off = (double)said[r] - (double)place[k];
            log_law[k] = -0.5 * (off * off / variance + log(variance));
            most = fmax(most, log_law[k]);
        }
        for (size_t k = 0; k < n->values; k++)
            part(pass, at + k)[r] = (nqi_real)exp(log_law[k] - most);
    }
}

void nqi_tree_see(const nqi_tree_pass *pass, const nqi_question *question)
{
    for (const nqi_tree_node *n = pass->tree->node; n < pass->tree->node + pass->tree->count;
         n++) {
        const nqi_variate *cell = &pass->tree->cell[n->cell];
        const size_t at = cell->law * question->ld;
        if (!cell->levels)
            bins_see(pass, n->known_at, n, question->said + at, question->said_variance + at);
        else if (cell->levels == 2)
            bits_see(pass, n->known_at, question->said + at);
        else
            levels_see(pass, n->known_at, question->said + at, question->ld, n->values);
        padding_fill(pass, n->known_at, n->values);
        if (n->is_hidden)
            sum_over_states(pass, n->below_at, n->value_at, n->known_at, n->states, n->values);
    }
}

/* Cells of more values are looked up. */
static int is_narrow(const nqi_tree_node *n)
{
    return n->values <= NQI_TREE_BINS;
}

static void values_know(const nqi_tree_pass *pass, const nqi_tree_node *n, const uint16_t *code)
{
    for (int k = 0; k < (int)n->values; k++) {
        nqi_real *known = part(pass, n->known_at + (size_t)k);
        for (size_t r = 0; r < pass->rows; r++)
            known[r] = (nqi_real)(code[r] == k);
    }
    padding_fill(pass, n->known_at, n->values);
    sum_over_states(pass, n->below_at, n->value_at, n->known_at, n->states, n->values);
}

static void values_look_up(const nqi_tree_pass *pass, const nqi_tree_node *n,
                           const uint16_t *code)
{
    for (size_t s = 0; s < n->states; s++)
        for (size_t r = 0; r < pass->rows; r++)
            part(pass, n->below_at + s)[r] = pass->numbers[n->value_at + s * n->values + code[r]];
    padding_fill(pass, n->below_at, n->states);
}

void nqi_tree_know(const nqi_tree_pass *pass, const nqi_tree_rows *rows, size_t first)
{
    enum { AHEAD = 6 }; /* codes of the next cells are anywhere in memory */
    const nqi_tree_node *end = pass->tree->node + pass->tree->count;
    for (const nqi_tree_node *n = pass->tree->node; n < end; n++) {
        const uint16_t *code = nqi_tree_codes(rows, n->cell) + first;
        const uint16_t *later = nqi_tree_codes(rows, n[end - n > AHEAD ? AHEAD : 0].cell) + first;
        __builtin_prefetch(later);
        __builtin_prefetch(later + pass->rows - 1);
        (is_narrow(n) ? values_know : values_look_up)(pass, n, code);
    }
}

void nqi_tree_climb(const nqi_tree_pass *pass)
{
    const nqi_tree *tree = pass->tree;
    const size_t lanes = lanes_of(pass->rows);
    for (size_t i = tree->count; i-- > 0;) {
        const nqi_tree_node *n = &tree->node[i];
        const size_t above = nqi_tree_above(tree, i);
        sum_over_states(pass, n->up_at, n->step_at, n->below_at, above, n->states);
        if (i)
            pass->ops->levels.multiply(part(pass, tree->node[n->parent].below_at),
                                       part(pass, n->up_at), part(pass, tree->sum_at + i), above,
                                       lanes);
    }
    const nqi_real *all = part(pass, tree->node[0].up_at);
    for (size_t r = 0; r < lanes; r++)
        part(pass, tree->sum_at)[r] = all[r] > NQI_LAW_LEAST ? all[r] : NQI_LAW_LEAST;
}

void nqi_tree_log_law(const nqi_tree_pass *pass, double *out)
{
    nqi_real *sum = part(pass, pass->tree->sum_at);
    const size_t lanes = lanes_of(pass->rows);
    pass->ops->vlog(sum, sum, pass->tree->count * lanes);
    memset(out, 0, pass->rows * sizeof *out);
    for (size_t i = 0; i < pass->tree->count; i++)
        for (size_t r = 0; r < pass->rows; r++)
            out[r] += (double)sum[i * lanes + r];
}

/* The parent's belief without what came from here, so that ratio step below sums to one, in place
 * of `up`. Rows that fill up the lanes have none: they count nowhere. */
static void ratio_make(const nqi_tree_pass *pass, size_t i)
{
    const nqi_tree *tree = pass->tree;
    const nqi_tree_node *n = &tree->node[i];
    nqi_real *ratio = part(pass, n->up_at), *all = part(pass, tree->sum_at);
    const size_t lanes = lanes_of(pass->rows);
    if (i)
        pass->ops->levels.divide(ratio, part(pass, tree->node[n->parent].below_at),
                                 nqi_tree_above(tree, i), lanes);
    for (size_t r = 0; !i && r < lanes; r++)
        ratio[r] = r < pass->rows ? 1 / all[r] : 0;
}

/* belief[s] = below[s] sum_p ratio[p] step[p][s], in place of `below`. */
static void belief_make(const nqi_tree_pass *pass, size_t i)
{
    const nqi_tree_node *n = &pass->tree->node[i];
    const size_t message = pass->tree->message_at;
    sum_over_parents(pass, message, n->step_at, n->up_at, nqi_tree_above(pass->tree, i),
                     n->states);
    pass->ops->levels.multiply(part(pass, n->below_at), part(pass, message),
                               part(pass, pass->tree->sum_at), n->states, lanes_of(pass->rows));
}

/* P(value | all) of a node's cell; where it begins. */
static size_t values_believe(const nqi_tree_pass *pass, const nqi_tree_node *n)
{
    const size_t law = pass->tree->message_at, ratio = pass->tree->ratio_at;
    const size_t lanes = lanes_of(pass->rows);
    if (!n->is_hidden)
        return n->below_at;
    sum_over_states(pass, ratio, n->value_at, n->known_at, n->states, n->values);
    pass->ops->levels.divide(part(pass, ratio), part(pass, n->below_at), n->states, lanes);
    sum_over_parents(pass, law, n->value_at, ratio, n->states, n->values);
    pass->ops->levels.multiply(part(pass, law), part(pass, n->known_at),
                               part(pass, pass->tree->sum_at), n->values, lanes);
    return law;
}

/* A mixture of what each bin makes of the number behind the noise. */
static void number_believe(nqi_real *mean, nqi_real *variance, const nqi_real *place,
                           const nqi_real *law, size_t stride, size_t values, double y,
                           double noise)
{
    double first = 0, second = 0, middle[NQI_TREE_BINS];
    for (size_t k = 0; k < values; k++) {
        const double own = (double)place[values + k];
        middle[k] = ((double)place[k] * noise + y * own) / (noise + own);
        first += (double)law[k * stride] * middle[k];
    }
    for (size_t k = 0; k < values; k++) {
        const double own = (double)place[values + k], off = middle[k] - first;
        second += (double)law[k * stride] * (own * noise / (noise + own) + off * off);
    }
    *mean = (nqi_real)first;
    *variance = (nqi_real)second;
}

void nqi_tree_believe(const nqi_tree_pass *pass, const nqi_question *question, nqi_real *mean,
                      nqi_real *variance)
{
    const size_t ld = question->ld, rows = pass->rows;
    for (size_t i = 0; i < pass->tree->count; i++) {
        const nqi_tree_node *n = &pass->tree->node[i];
        const nqi_variate *cell = &pass->tree->cell[n->cell];
        const size_t at = cell->law * ld;
        ratio_make(pass, i);
        belief_make(pass, i);
        const size_t law = values_believe(pass, n);
        for (size_t r = 0; !cell->levels && r < rows; r++)
            number_believe(mean + at + r, variance + at + r, pass->numbers + n->place_at,
                           part(pass, law) + r, lanes_of(rows), n->values,
                           (double)question->said[at + r],
                           (double)question->said_variance[at + r]);
        for (size_t k = cell->levels == 2; k < cell->levels; k++)
            memcpy(mean + at + (cell->levels == 2 ? 0 : k) * ld, part(pass, law + k),
                   rows * sizeof *mean);
    }
}

/* sum[x][y] += what both have in common, over rows. */
static void pairs_count(const nqi_tree_pass *pass, nqi_real *sum, size_t x, size_t y,
                        size_t count_x, size_t count_y)
{
    const size_t lanes = lanes_of(pass->rows);
    pass->ops->dense.backward_weight((nqi_matrix){sum, count_y}, NULL,
                                     (nqi_const_matrix){part(pass, x), lanes},
                                     (nqi_const_matrix){part(pass, y), lanes},
                                     (nqi_dense_size){count_x, count_y, lanes}, 1,
                                     part(pass, pass->tree->ratio_at));
}

void nqi_tree_count(const nqi_tree_pass *pass, const nqi_tree_rows *rows, size_t first,
                    nqi_real *sum)
{
    for (size_t i = 0; i < pass->tree->count; i++) {
        const nqi_tree_node *n = &pass->tree->node[i];
        const uint16_t *code = nqi_tree_codes(rows, n->cell) + first;
        ratio_make(pass, i);
        pairs_count(pass, sum + n->step_at, n->up_at, n->below_at, nqi_tree_above(pass->tree, i),
                    n->states);
        belief_make(pass, i);
        if (is_narrow(n))
            pairs_count(pass, sum + n->value_at, n->below_at, n->known_at, n->states, n->values);
        for (size_t s = 0; !is_narrow(n) && s < n->states; s++)
            for (size_t r = 0; r < pass->rows; r++)
                sum[n->value_at + s * n->values + code[r]] += part(pass, n->below_at + s)[r];
    }
}
