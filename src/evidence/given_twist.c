/* given_twist.c - rows on their way given conditions: what these are worth under a belief, and the
 * last step, which meets them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* A sum of several columns is worth what a normal law with its mean and variance has in the
 * intervals. At the last step all columns but one of each condition are drawn, and that one, the
 * pivot, from the part of its law that meets all conditions whose pivot it is: the weight is the
 * mass of that part, and rows meet the conditions exactly. */
#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "core/gauss/gauss.h"
#include "evidence/given.h"
#include "evidence/kind.h"

/* One condition of one leaf, in the order in which pivots are drawn. */
typedef struct stop {
    const nqi_given *given;
} stop;

typedef struct given_scratch {
    stop *stops; /* [count] by the pivot's home */
    size_t count;
    nqi_cell_set *sets; /* [count] */
    nqi_cell_law law;
    double *room;
} given_scratch;

static int by_home(const void *a, const void *b)
{
    const size_t x = ((const stop *)a)->given->home.column;
    const size_t y = ((const stop *)b)->given->home.column;
    return (x > y) - (x < y);
}

static nq_status given_open(nqi_twist_leaves *leaves, nq_context *context, size_t rows)
{
    size_t intervals = 2, levels = 2, count = 0;
    given_scratch *s = leaves->scratch = calloc(1, sizeof *s);
    (void)rows;
    for (size_t p = 0; p < leaves->count; p++)
        count += leaves->leaf[p]->observations;
    if (!s || !(s->stops = calloc(count, sizeof *s->stops)) ||
        !(s->sets = calloc(count, sizeof *s->sets)))
        return nqi_fail_memory(context, "conditions", count * sizeof *s->stops);
    for (size_t p = 0; p < leaves->count; p++)
        for (size_t g = 0; g < leaves->leaf[p]->observations; g++) {
            const nqi_given *given = &leaves->leaf[p]->given[g];
            s->stops[s->count++].given = given;
            intervals += given->intervals + 1;
            for (size_t k = 0; k < given->terms; k++)
                levels = given->cell[k].levels > levels ? given->cell[k].levels : levels;
        }
    qsort(s->stops, s->count, sizeof *s->stops, by_home);
    if (!(s->room = calloc(levels + 4 * intervals, sizeof *s->room)))
        return nqi_fail_memory(context, "conditions", (levels + 4 * intervals) * sizeof *s->room);
    s->law.level = s->room;
    s->law.ends = s->room + levels;
    s->law.spare = s->law.ends + 2 * intervals;
    return NQ_OK;
}

static void given_close(nqi_twist_leaves *leaves)
{
    given_scratch *s = leaves->scratch;
    if (s) {
        free(s->stops);
        free(s->sets);
        free(s->room);
    }
    free(s);
}

static nqi_cell_set set_of(const nqi_given *given, size_t term, double rest)
{
    return (nqi_cell_set){.cell = &given->cell[term],
                          .ends = given->ends,
                          .intervals = given->intervals,
                          .coefficient = given->coefficient[term],
                          .rest = rest,
                          .allowed = given->allowed};
}

/* The laws of a cell's level in row r: where the first is. */
static double *level_laws(const nqi_cell *cell, const nqi_walk *walk, size_t r, size_t *width)
{
    const nqi_block *block = nqi_process_block(walk->process, cell->level_number);
    *width = nqi_block_width(block);
    return walk->proposal.mean +
           (block->law_first + (cell->level_number - block->first) * *width) *
               walk->proposal.rows +
           r;
}

static void put_levels(const nqi_cell *cell, const nqi_walk *walk, size_t r, const double *level)
{
    size_t width;
    double *out = level_laws(cell, walk, r, &width);
    if (width == 1)
        *out = level[1];
    for (size_t k = 0; k < width && width > 1; k++)
        out[k * walk->proposal.rows] = level[k];
}

static size_t score_at(const nqi_cell *cell, const nqi_walk *walk, size_t r)
{
    const nqi_block *block = nqi_process_block(walk->process, cell->score_number);
    return (block->law_first + cell->score_number - block->first) * walk->proposal.rows + r;
}

/* A condition on one column: exact under the belief. moves: the belief becomes what it is given the
 * condition. */
static double foresee_one(given_scratch *s, const nqi_given *given, const nqi_walk *walk,
                          size_t r, int moves)
{
    const nqi_cell *home = &given->home;
    const nqi_cell_set set = set_of(given, 0, 0);
    nqi_cell_law *law = &s->law;
    nqi_cell_law_load(law, home, walk, r);
    const double log_mass = nqi_cell_hold(law, home, &set, 1);
    if (!moves || !(log_mass > -INFINITY))
        return log_mass;
    if (home->levels)
        put_levels(home, walk, r, law->level);
    if (home->score_number != NQI_NO_NUMBER) {
        const double counts = home->levels ? law->level[home->levels - 1] : 1;
        double *mean = &walk->proposal.mean[score_at(home, walk, r)];
        if (counts > 0)
            *mean += counts * (nqi_cell_held_mean(law) - law->mean);
    }
    return log_mass;
}

/* Mean and variance of a cell's value under a belief, how it moves with the number's mean, and what
 * is no gap. */
typedef struct moments {
    double mean, variance, slope, there;
    double number, number_variance; /* of the number alone */
} moments;

static void number_moments(moments *out, const nqi_cell *cell, const nqi_cell_law *law)
{
    const double step = 0.5 * law->deviation;
    const size_t last = cell->levels ? cell->levels - 1 : 0;
    const double above = nqi_cell_value(cell, last, law->mean + step);
    const double below = nqi_cell_value(cell, last, law->mean - step);
    out->number = 0.5 * (above + below);
    out->slope = step > 0 ? (above - below) / (2 * step) : 0;
    out->number_variance =
        out->slope * out->slope * law->deviation * law->deviation + cell->step * cell->step / 12;
}

static moments moments_of(const nqi_cell *cell, const nqi_cell_law *law)
{
    moments out = {.there = 1};
    if (cell->score_number != NQI_NO_NUMBER && cell->home == cell->column)
        number_moments(&out, cell, law);
    if (!cell->levels) {
        out.mean = cell->score_number == NQI_NO_NUMBER ? cell->fixed : out.number;
        out.variance = out.number_variance;
        return out;
    }
    double sum = 0, squares = 0, there = 0;
    for (size_t k = 0; k < cell->levels; k++) {
        const int is_number = nqi_cell_is_number(cell, k) && cell->home == cell->column;
        const double x = is_number ? out.number : nqi_cell_value(cell, k, 0);
        if (!isfinite(x))
            continue;
        there += law->level[k];
        sum += law->level[k] * x;
        squares += law->level[k] * (x * x + (is_number ? out.number_variance : 0));
        if (is_number)
            out.slope *= law->level[k];
    }
    out.there = there;
    out.mean = there > 0 ? sum / there : 0;
    out.variance = there > 0 ? fmax(squares / there - out.mean * out.mean, 0) : 0;
    return out;
}

/* log of what N(mean, variance) has in the intervals, and by its mean. */
static double log_within(const nqi_given *given, double mean, double variance, double *slope)
{
    const double wide = 0.5 * given->step, deviation = sqrt(variance);
    double most = -INFINITY, sum = 0, by_mean = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < given->intervals; i++) {
            const double low = given->ends[2 * i] - wide, high = given->ends[2 * i + 1] + wide;
            nqi_gauss_bin bin = {.log_mass = mean >= low && mean <= high ? 0 : -INFINITY};
            if (deviation > 0 && low < high)
                bin = nqi_gauss_bin_of(low, high, mean, deviation);
            if (!pass) {
                most = fmax(most, bin.log_mass);
            } else if (bin.log_mass > -INFINITY) {
                sum += exp(bin.log_mass - most);
                by_mean += exp(bin.log_mass - most) * bin.by_mean;
            }
        }
    *slope = sum > 0 ? by_mean / sum : 0;
    return sum > 0 ? most + log(sum) : -INFINITY;
}

/* A term's belief given the sum: its number moves, and levels count by what they leave to the
 * others. */
static void term_move(given_scratch *s, const nqi_given *given, size_t term, const nqi_walk *walk,
                      size_t r, double mean, double variance, double slope)
{
    const nqi_cell *cell = &given->cell[term];
    const double a = given->coefficient[term];
    const nqi_cell home = nqi_cell_of(cell->model, cell->home);
    nqi_cell_law_load(&s->law, &home, walk, r);
    const moments own = moments_of(cell, &s->law);
    double total = 0, none;
    if (own.slope != 0)
        walk->proposal.mean[score_at(cell, walk, r)] +=
            s->law.deviation * s->law.deviation * own.slope * a * slope;
    const double rest = mean - a * own.mean;
    const double rest_variance = fmax(variance - a * a * own.variance, 0);
    for (size_t k = 0; k < cell->levels; k++) {
        const int is_number = nqi_cell_is_number(cell, k) && cell->home == cell->column;
        const double x = is_number ? own.number : nqi_cell_value(cell, k, 0);
        const double more = is_number ? a * a * own.number_variance : 0;
        s->law.level[k] *=
            isfinite(x) ? exp(log_within(given, rest + a * x, rest_variance + more, &none)) : 0;
        total += s->law.level[k];
    }
    for (size_t k = 0; k < cell->levels && total > 0; k++)
        s->law.level[k] /= total;
    if (cell->levels && total > 0)
        put_levels(&home, walk, r, s->law.level);
}

static double foresee_sum(given_scratch *s, const nqi_given *given, const nqi_walk *walk,
                          size_t r, size_t t)
{
    double mean = 0, variance = 0, there = 0, slope;
    for (size_t k = 0; k < given->terms; k++) {
        const nqi_cell home = nqi_cell_of(given->cell[k].model, given->cell[k].home);
        nqi_cell_law_load(&s->law, &home, walk, r);
        const moments own = moments_of(&given->cell[k], &s->law);
        mean += given->coefficient[k] * own.mean;
        variance += given->coefficient[k] * given->coefficient[k] * own.variance;
        there += log(own.there);
    }
    const double log_mass = log_within(given, mean, variance, &slope);
    for (size_t k = 0; k < given->terms && log_mass > -INFINITY; k++)
        if (t > 1 || k != given->pivot)
            term_move(s, given, k, walk, r, mean, variance, slope);
    return log_mass + there;
}

/* At x_1 the pivots are drawn from what there is, and only others move. What seems impossible may
 * not be: the belief is a guess. */
static void given_foresee(nqi_twist_leaves *leaves, nqi_particles *particles, size_t t)
{
    static const double least = -1e4;
    given_scratch *s = leaves->scratch;
    for (size_t r = 0; r < particles->walk->proposal.rows; r++)
        for (size_t i = 0; i < s->count; i++) {
            const nqi_given *given = s->stops[i].given;
            if (!given->holds[particles->target[r]])
                continue;
            const double own = given->terms == 1
                                   ? foresee_one(s, given, particles->walk, r, t > 1)
                                   : foresee_sum(s, given, particles->walk, r, t);
            particles->log_weight[r] += fmax(own, least);
        }
}

/* Uniform numbers that the row's cell was drawn with. */
static void uniforms(const nqi_cell *home, const nqi_walk *walk, size_t r, double *u, double *v)
{
    const size_t rows = walk->proposal.rows;
    *u = *v = 0.5;
    if (home->levels)
        *u = ((double)nqi_bits_of(walk->noise)[home->level_number * rows + r] + 0.5) * 0x1p-32;
    if (home->score_number != NQI_NO_NUMBER)
        *v = nqi_gauss_cdf((double)walk->noise[home->score_number * rows + r]);
}

static int all_have(const nqi_cell_set *sets, size_t count, size_t level, double score)
{
    int all = 1;
    for (size_t s = 0; s < count; s++)
        all &= nqi_cell_set_has(&sets[s], level, nqi_cell_value(sets[s].cell, level, score));
    return all;
}

/* The score as it is kept: float32 may have moved it over an end. */
static nqi_real settle_score(const nqi_cell_set *sets, size_t count, size_t level, double score)
{
    enum { TRIES = 60 };
    double step = 0x1p-26 * fmax(fabs(score), 0x1p-10);
    if (all_have(sets, count, level, (double)(nqi_real)score))
        return (nqi_real)score;
    for (int i = 0; i < TRIES; i++, step *= 1.2)
        for (int sign = -1; sign < 2; sign += 2)
            if (all_have(sets, count, level, (double)(nqi_real)(score + sign * step)))
                return (nqi_real)(score + sign * step);
    return (nqi_real)score;
}

/* Draws the cell of a home given all sets on it; log of their mass. */
static double pivot_draw(given_scratch *s, const nqi_cell *home, size_t count, nqi_walk *walk,
                         size_t r)
{
    nqi_proposal *all = &walk->proposal;
    double u, v, score;
    size_t level;
    nqi_cell_law_load(&s->law, home, walk, r);
    const double log_mass = nqi_cell_hold(&s->law, home, s->sets, count);
    if (!(log_mass > -INFINITY))
        return -INFINITY;
    uniforms(home, walk, r, &u, &v);
    nqi_cell_draw(&s->law, home, u, v, &level, &score);
    if (home->levels)
        all->x[home->level_number * all->rows + r] = (nqi_real)level;
    if (!isnan(score))
        all->x[home->score_number * all->rows + r] = settle_score(s->sets, count, level, score);
    const int counts = !isnan(score);
    const double kept = counts ? (double)all->x[home->score_number * all->rows + r] : 0;
    return all_have(s->sets, count, level, kept) ? log_mass : -INFINITY;
}

static double rest_of(const nqi_given *given, const nqi_walk *walk, size_t r)
{
    double sum = 0;
    for (size_t k = 0; k < given->terms; k++)
        if (k != given->pivot)
            sum += given->coefficient[k] * nqi_cell_read(&given->cell[k], walk, r);
    return sum;
}

static void given_settle(nqi_twist_leaves *leaves, nqi_particles *particles, size_t level)
{
    given_scratch *s = leaves->scratch;
    for (size_t r = 0; !level && r < particles->walk->proposal.rows; r++)
        for (size_t i = 0, count; i < s->count; i += count) {
            const nqi_cell *home = &s->stops[i].given->home;
            size_t sets = 0;
            for (count = 0;
                 i + count < s->count && s->stops[i + count].given->home.column == home->column;
                 count++) {
                const nqi_given *given = s->stops[i + count].given;
                if (given->holds[particles->target[r]])
                    s->sets[sets++] =
                        set_of(given, given->pivot, rest_of(given, particles->walk, r));
            }
            if (sets)
                particles->log_weight[r] += pivot_draw(s, home, sets, particles->walk, r);
        }
}

const nqi_evidence_kind nqi_evidence_given = {.name = "given",
                                              .open = given_open,
                                              .close = given_close,
                                              .foresee = given_foresee,
                                              .settle = given_settle,
                                              .is_open = 1};
