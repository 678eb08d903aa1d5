/* tails.c - the log mean weight of each row without its first bias, and how far it can be trusted.
 *
 * With S weights w and W their sum, the jackknife takes S log(W / S) - (S - 1) mean_s
 * log((W - w_s) / (S - 1)): it has the large weights one by one, and those that were not kept, each
 * a small part f of W, by log(1 - f) = -(f + f^2/2 + f^3/3 + f^4/4). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/weight/tails.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { KEEP_LEAST = 256 }; /* so a weight that is not kept is below 1/256 of its row's sum */
/* What the jackknife leaves of the bias is taken to be a fifth of what it takes off, or its square:
 * docs/likelihood.md has the cases. */
static const double left_least = 0.2;
/* Fewer effective weights than this, and than half of all, say nothing of those not drawn. */
static const double few_weights = 4;

/* Twice the tail that k-hat looks at, so that later ones find their weights among those kept. */
static size_t room_for(size_t count)
{
    const size_t wanted = 2 * nqi_pareto_tail(count) + 2;
    const size_t least = count < KEEP_LEAST ? count : KEEP_LEAST;
    return count <= KEEP_LEAST ? least + 1 : wanted > KEEP_LEAST ? wanted : KEEP_LEAST + 1;
}

nq_status nqi_tails_new(nqi_tails *out, nq_context *context, size_t rows)
{
    *out = (nqi_tails){.rows = rows,
                       .held = calloc(rows, sizeof(size_t)),
                       .all = calloc(rows, sizeof(nqi_weights)),
                       .others = calloc(rows, sizeof(nqi_weights))};
    if (out->held && out->all && out->others)
        return NQ_OK;
    nqi_tails_free(out);
    return nqi_fail_memory(context, "weights", rows * 2 * sizeof(nqi_weights));
}

void nqi_tails_free(nqi_tails *tails)
{
    free(tails->kept);
    free(tails->held);
    free(tails->all);
    free(tails->others);
    free(tails->scratch);
    memset(tails, 0, sizeof *tails);
}

nq_status nqi_tails_reserve(nqi_tails *tails, nq_context *context, size_t count)
{
    const size_t room = room_for(count);
    if (room <= tails->room)
        return NQ_OK;
    double *kept = malloc(tails->rows * room * sizeof *kept);
    double *scratch = malloc((room + 1) * sizeof *scratch);
    if (!kept || !scratch) {
        free(kept);
        free(scratch);
        return nqi_fail_memory(context, "the largest weights", tails->rows * room * sizeof *kept);
    }
    for (size_t r = 0; r < tails->rows; r++)
        if (tails->held[r])
            memcpy(kept + r * room, tails->kept + r * tails->room, tails->held[r] * sizeof *kept);
    free(tails->kept);
    free(tails->scratch);
    tails->kept = kept;
    tails->scratch = scratch;
    tails->room = room;
    return NQ_OK;
}

/* How many are kept depends on how many there have been, not on the memory. */
void nqi_tails_add(nqi_tails *tails, size_t row, double log_w)
{
    nqi_weights_add(&tails->all[row], log_w);
    const double out = nqi_largest_offer(tails->kept + row * tails->room, &tails->held[row],
                                         room_for(tails->all[row].count), log_w);
    if (out > -INFINITY)
        nqi_weights_add(&tails->others[row], out);
}

/* Over all weights, of l_s = log(1 - f_s) - log(1 - 1/S): their sum and the sum of their squares.
 * Both are 0 for equal weights. */
typedef struct left_out {
    double sum, squares;
} left_out;

/* l of the largest, from the others' sum: 1 - f has no digits where it is all. */
static double largest_left_out(const nqi_tails *tails, size_t row, double top)
{
    const double *kept = tails->kept + row * tails->room;
    const nqi_weights *all = &tails->all[row];
    nqi_weights rest = tails->others[row];
    int seen = 0;
    for (size_t i = 0; i < tails->held[row]; i++) {
        if (kept[i] == top && !seen)
            seen = 1;
        else
            nqi_weights_add(&rest, kept[i]);
    }
    if (!(rest.sum > 0))
        return -INFINITY;
    return fmin(rest.largest + log(rest.sum) - all->largest - log(all->sum), 0);
}

static left_out leave_out(const nqi_tails *tails, size_t row)
{
    const double *kept = tails->kept + row * tails->room;
    const nqi_weights *all = &tails->all[row], *others = &tails->others[row];
    const double total = all->largest + log(all->sum), even = log1p(-1 / (double)all->count);
    left_out l = {0};
    int seen = 0;
    for (size_t i = 0; i < tails->held[row]; i++) {
        const int is_top = kept[i] == all->largest && !seen;
        seen |= is_top;
        const double one =
            is_top ? largest_left_out(tails, row, kept[i]) : log1p(-exp(kept[i] - total));
        l.sum += one - even;
        l.squares += (one - even) * (one - even);
    }
    if (others->sum > 0) {
        const double f = exp(others->largest - total);
        const double f1 = f * others->sum, f2 = f * f * others->squares;
        const double f3 = f * f * f * others->cubes, f4 = f * f * f * f * others->fourths;
        const double sum = -(f1 + f2 / 2 + f3 / 3 + f4 / 4);
        const double count = (double)(all->count - tails->held[row]);
        l.sum += sum - count * even;
        l.squares += f2 + f3 + 11. / 12 * f4 - even * (2 * sum - count * even);
    }
    return l;
}

/* log E w where log w has a normal law of the seen mean and variance: what sums over many steps
 * come near to. */
static double normal_log_mean(const nqi_weights *weights)
{
    const double n = (double)weights->log_count;
    return weights->log_mean + weights->log_spread / fmax(n - 1, 1) / 2;
}

void nqi_tails_log_mean(nqi_log_mean *out, const nqi_tails *tails, size_t row)
{
    const nqi_weights *all = &tails->all[row];
    const double n = (double)all->count, ess = nqi_weights_ess(all);
    const double plain = nqi_weights_log_mean(all);
    *out = (nqi_log_mean){plain, plain, INFINITY, 0, 1};
    if (all->count < 2 || !(all->sum > 0))
        return;
    const left_out l = leave_out(tails, row);
    if (!isfinite(l.sum)) { /* the only weight that is not 0 */
        out->left = INFINITY;
        return;
    }
    const double change = -(n - 1) * l.sum / n;
    out->corrected = plain + change;
    out->se = sqrt(fmax(l.squares - l.sum * l.sum / n, 0) * (n - 1) / n);
    out->few = ess < few_weights && ess < n / 2;
    out->left =
        out->few ? normal_log_mean(all) - out->corrected : change * fmax(change, left_least);
}

void nqi_tails_pareto(nq_pareto *out, const nqi_tails *tails, size_t row)
{
    const size_t count = tails->all[row].count, most = nqi_pareto_tail(count) + 1;
    const double *kept = tails->kept + row * tails->room;
    size_t held = 0;
    for (size_t i = 0; i < tails->held[row]; i++)
        nqi_largest_offer(tails->scratch, &held, most, kept[i]);
    nqi_pareto_judge(out, tails->scratch, count);
}

nq_status nqi_tails_pool(nq_pareto *out, nq_context *context, const nqi_tails *tails)
{
    size_t count = 0, held = 0;
    for (size_t r = 0; r < tails->rows; r++)
        count += tails->all[r].count;
    const size_t most = nqi_pareto_tail(count) + 1;
    double *heap = malloc(most * sizeof *heap);
    if (!heap)
        return nqi_fail_memory(context, "the largest weights", most * sizeof *heap);
    for (size_t r = 0; r < tails->rows; r++) {
        const double mean = nqi_weights_log_mean(&tails->all[r]);
        for (size_t i = 0; i < tails->held[r] && mean > -INFINITY; i++)
            nqi_largest_offer(heap, &held, most, tails->kept[r * tails->room + i] - mean);
    }
    for (; held < most; held++)
        heap[held] = -INFINITY;
    nqi_pareto_judge(out, heap, count);
    free(heap);
    return NQ_OK;
}
