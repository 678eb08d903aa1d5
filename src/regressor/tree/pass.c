/* pass.c - what a tree believes: up from what is seen of each cell, and down again. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <string.h>

enum { LANES = 64 };
static const nqi_real tiny = (nqi_real)1e-30;

/* Parts of a node. */
static nqi_real *part(const nqi_tree_pass *pass, size_t at)
{
    return pass->scratch + at * pass->rows;
}

/* scale = 1 / the sum of each column of x[count][rows], which it is multiplied by. At most LANES
 * rows. */
static void scale_to_one(nqi_real *restrict x, nqi_real *restrict scale, size_t count,
                         size_t rows, size_t lanes)
{
    for (size_t r = 0; r < lanes; r++)
        scale[r] = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t r = 0; r < lanes; r++)
            scale[r] += x[s * rows + r];
    for (size_t r = 0; r < lanes; r++)
        scale[r] = 1 / (scale[r] > tiny ? scale[r] : tiny);
    for (size_t s = 0; s < count; s++)
        for (size_t r = 0; r < lanes; r++)
            x[s * rows + r] *= scale[r];
}

/* The same for all rows; log_law gains the logs of the sums. */
static void normalise(nqi_real *x, size_t count, size_t rows, double *log_law)
{
    nqi_real scale[LANES];
    for (size_t at = 0; at < rows; at += LANES) {
        const size_t lanes = rows - at < LANES ? rows - at : LANES;
        scale_to_one(x + at, scale, count, rows, lanes);
        for (size_t r = 0; log_law && r < lanes; r++)
            log_law[at + r] -= log((double)scale[r]);
    }
}

/* Bits by log-odds: the likelihood of each value, the larger 1. A bit behind noise has two log-odds
 * at a step, which are kept. */
static void bits_see(nqi_real *out, const nqi_real *odds, size_t rows)
{
    nqi_real last[2] = {0, 0}, ratio[2] = {1, 1};
    for (size_t r = 0; r < rows; r++) {
        const int k = odds[r] > 0;
        if (odds[r] < last[k] || odds[r] > last[k]) {
            last[k] = odds[r];
            ratio[k] = (nqi_real)exp(-fabs((double)odds[r]));
        }
        out[r] = k ? ratio[k] : 1;
        out[rows + r] = k ? 1 : ratio[k];
    }
}

/* Levels by log likelihoods: the likelihood of each, the largest 1. */
static void levels_see(nqi_real *out, const nqi_real *said, size_t ld, size_t levels, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        nqi_real most = said[r];
        for (size_t k = 1; k < levels; k++)
            most = said[k * ld + r] > most ? said[k * ld + r] : most;
        for (size_t k = 0; k < levels; k++)
            out[k * rows + r] = (nqi_real)exp((double)(said[k * ld + r] - most));
    }
}

/* Of a number: how likely each bin makes what is seen, whose noise has a variance. */
static void bins_see(nqi_real *out, const nqi_real *place, size_t values, const nqi_real *said,
                     const nqi_real *noise, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        double most = -INFINITY, log_law[NQI_TREE_BINS];
        for (size_t k = 0; k < values; k++) {
            const double variance = (double)place[values + k] + (double)noise[r];
            const double off = (double)said[r] - (double)place[k];
            log_law[k] = -0.5 * (off * off / variance + log(variance));
            most = fmax(most, log_law[k]);
        }
        for (size_t k = 0; k < values; k++)
            out[k * rows + r] = (nqi_real)exp(log_law[k] - most);
    }
}

/* The likelihood of each value of a node's cell. */
static void values_see(const nqi_tree_pass *pass, size_t i, const nqi_question *q)
{
    const nqi_tree_node *n = &pass->tree->node[i];
    const nqi_variate *cell = &pass->tree->cell[n->cell];
    const nqi_real *said = q->said + cell->law * q->ld;
    nqi_real *out = part(pass, n->known_at);
    if (!cell->levels)
        bins_see(out, pass->numbers + n->place_at, n->values, said,
                 q->said_variance + cell->law * q->ld, pass->rows);
    else if (cell->levels == 2)
        bits_see(out, said, pass->rows);
    else
        levels_see(out, said, q->ld, n->values, pass->rows);
}

/* out[p] = sum_s step[p][s] below[s] */
static void sum_over_states(nqi_real *restrict out, const nqi_real *restrict step,
                            const nqi_real *restrict below, size_t above, size_t states,
                            size_t rows)
{
    for (size_t p = 0; p < above; p++) {
        nqi_real *to = out + p * rows;
        memset(to, 0, rows * sizeof *to);
        for (size_t s = 0; s < states; s++) {
            const nqi_real weight = step[p * states + s];
            for (size_t r = 0; r < rows; r++)
                to[r] += weight * below[s * rows + r];
        }
    }
}

void nqi_tree_see(const nqi_tree_pass *pass, const nqi_question *question)
{
    for (size_t i = 0; i < pass->tree->count; i++) {
        const nqi_tree_node *n = &pass->tree->node[i];
        nqi_real *seen = part(pass, n->seen_at), *known = part(pass, n->known_at);
        values_see(pass, i, question);
        if (n->is_hidden)
            sum_over_states(seen, pass->numbers + n->value_at, known, n->states, n->values,
                            pass->rows);
        else
            memcpy(seen, known, n->states * pass->rows * sizeof *seen);
    }
}

void nqi_tree_know(const nqi_tree_pass *pass, const uint16_t *codes, size_t stride)
{
    const size_t rows = pass->rows;
    for (size_t i = 0; i < pass->tree->count; i++) {
        const nqi_tree_node *n = &pass->tree->node[i];
        const nqi_real *table = pass->numbers + n->value_at;
        nqi_real *seen = part(pass, n->seen_at);
        for (size_t s = 0; s < n->states; s++)
            for (size_t r = 0; r < rows; r++) {
                const size_t k = codes[r * stride + n->cell];
                seen[s * rows + r] = n->is_hidden ? table[s * n->values + k] : (nqi_real)(s == k);
            }
    }
}

/* Children before parents. */
static void climb(const nqi_tree_pass *pass)
{
    const nqi_tree *tree = pass->tree;
    const size_t rows = pass->rows;
    for (const nqi_tree_node *n = tree->node; n < tree->node + tree->count; n++) {
        memcpy(part(pass, n->below_at), part(pass, n->seen_at),
               n->states * rows * sizeof *pass->scratch);
        normalise(part(pass, n->below_at), n->states, rows, pass->log_law);
    }
    for (size_t i = tree->count; i-- > 0;) {
        const nqi_tree_node *n = &tree->node[i];
        const size_t above = nqi_tree_above(tree, i);
        nqi_real *up = part(pass, n->up_at);
        sum_over_states(up, pass->numbers + n->step_at, part(pass, n->below_at), above, n->states,
                        rows);
        if (!i)
            continue;
        nqi_real *to = part(pass, tree->node[n->parent].below_at);
        for (size_t j = 0; j < above * rows; j++)
            to[j] *= up[j];
        normalise(to, above, rows, pass->log_law);
    }
}

/* out[s] = sum_p step[p][s] ratio[p] */
static void sum_over_parents(nqi_real *restrict out, const nqi_real *restrict step,
                             const nqi_real *restrict ratio, size_t above, size_t states,
                             size_t rows)
{
    memset(out, 0, states * rows * sizeof *out);
    for (size_t p = 0; p < above; p++)
        for (size_t s = 0; s < states; s++) {
            const nqi_real weight = step[p * states + s];
            for (size_t r = 0; r < rows; r++)
                out[s * rows + r] += weight * ratio[p * rows + r];
        }
}

/* belief[s] = below[s] sum_p ratio[p] step[p][s], where ratio is the parent's belief without what
 * came from here; it is left in `up`, so that ratio step below sums to one. */
static void descend_to(const nqi_tree_pass *pass, size_t i)
{
    const nqi_tree *tree = pass->tree;
    const nqi_tree_node *n = &tree->node[i];
    const size_t rows = pass->rows, above = nqi_tree_above(tree, i);
    const nqi_real *step = pass->numbers + n->step_at, *below = part(pass, n->below_at);
    const nqi_real *parent = i ? part(pass, tree->node[n->parent].belief_at) : NULL;
    nqi_real *ratio = part(pass, n->up_at), *belief = part(pass, n->belief_at);
    for (size_t j = 0; j < above * rows; j++)
        ratio[j] = parent ? parent[j] / (ratio[j] > tiny ? ratio[j] : tiny) : 1;
    sum_over_parents(belief, step, ratio, above, n->states, rows);
    for (size_t j = 0; j < n->states * rows; j++)
        belief[j] *= below[j];
    for (size_t at = 0; at < rows; at += LANES) {
        nqi_real scale[LANES];
        const size_t lanes = rows - at < LANES ? rows - at : LANES;
        scale_to_one(belief + at, scale, n->states, rows, lanes);
        for (size_t p = 0; p < above; p++)
            for (size_t r = 0; r < lanes; r++)
                ratio[p * rows + at + r] *= scale[r];
    }
}

void nqi_tree_run(const nqi_tree_pass *pass)
{
    climb(pass);
    const nqi_real *all = part(pass, pass->tree->node[0].up_at);
    for (size_t r = 0; pass->log_law && r < pass->rows; r++)
        pass->log_law[r] += log((double)(all[r] > tiny ? all[r] : tiny));
    for (size_t i = 0; i < pass->tree->count; i++)
        descend_to(pass, i);
}

/* P(value | all) of a hidden node's cell; belief becomes belief / seen. */
static void values_believe(const nqi_tree_pass *pass, const nqi_tree_node *n)
{
    const size_t rows = pass->rows;
    const nqi_real *table = pass->numbers + n->value_at;
    const nqi_real *seen = part(pass, n->seen_at), *known = part(pass, n->known_at);
    nqi_real *ratio = part(pass, n->belief_at), *law = part(pass, n->law_at);
    for (size_t j = 0; j < n->states * rows; j++)
        ratio[j] /= seen[j] > tiny ? seen[j] : tiny;
    sum_over_parents(law, table, ratio, n->states, n->values, rows);
    for (size_t j = 0; j < n->values * rows; j++)
        law[j] *= known[j];
    normalise(law, n->values, rows, NULL);
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
        if (n->is_hidden)
            values_believe(pass, n);
        const nqi_real *law = part(pass, n->is_hidden ? n->law_at : n->belief_at);
        for (size_t r = 0; !cell->levels && r < rows; r++)
            number_believe(mean + at + r, variance + at + r, pass->numbers + n->place_at, law + r,
                           rows, n->values, (double)question->said[at + r],
                           (double)question->said_variance[at + r]);
        for (size_t k = cell->levels == 2; k < cell->levels; k++)
            memcpy(mean + at + (cell->levels == 2 ? 0 : k) * ld, law + k * rows,
                   rows * sizeof *mean);
    }
}
