/* given_cell.c - the cell of a column as numbers of a row: its law, and the part of it in a set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/gauss/gauss.h"
#include "evidence/given.h"

static nqi_cell coded_cell(const nq_model *model, size_t column)
{
    const nqi_coding *coding = model->scaling.coding;
    const nqi_function *refill = &coding->code[column].refill;
    const int follows = refill->source != SIZE_MAX;
    const size_t home = follows ? refill->source : column;
    const nqi_code *code = &coding->code[home];
    nqi_cell cell = {.model = model,
                     .column = column,
                     .home = home,
                     .code = code,
                     .level_number = code->level_number,
                     .levels = code->level_count,
                     .level_value = follows ? refill->value : code->level,
                     .score_number = code->score_number};
    cell.fixed = cell.levels ? cell.level_value[0] : NAN;
    cell.step = follows || code->score_number == NQI_NO_NUMBER ? 0 : code->warp.grid.step;
    if (cell.level_number == NQI_NO_NUMBER)
        cell.levels = 0;
    return cell;
}

nqi_cell nqi_cell_of(const nq_model *model, size_t column)
{
    const nqi_scaling *scaling = &model->scaling;
    if (scaling->coding)
        return coded_cell(model, column);
    nqi_cell cell = {.model = model,
                     .column = column,
                     .home = column,
                     .level_number = NQI_NO_NUMBER,
                     .score_number = NQI_NO_NUMBER,
                     .fixed = scaling->mean[column]};
    for (size_t i = 0; i < scaling->active; i++)
        if (scaling->active_index[i] == column) {
            const int is_pair =
                nqi_process_block(&model->process, i)->family->twisting->pair != NULL;
            *(is_pair ? &cell.level_number : &cell.score_number) = i;
            cell.levels = is_pair ? 2 : 0;
        }
    return cell;
}

int nqi_cell_is_number(const nqi_cell *cell, size_t level)
{
    return cell->score_number != NQI_NO_NUMBER && (!cell->levels || level + 1 == cell->levels);
}

double nqi_cell_value(const nqi_cell *cell, size_t level, double score)
{
    const nqi_scaling *scaling = &cell->model->scaling;
    const size_t c = cell->column;
    if (cell->levels && !(nqi_cell_is_number(cell, level) && cell->home == c))
        return cell->level_value ? cell->level_value[level] : (double)level;
    if (cell->score_number == NQI_NO_NUMBER)
        return cell->fixed;
    if (cell->code)
        return nqi_warp_value(&cell->code->warp, score);
    return nqi_scaling_round(scaling, c, score * scaling->deviation[c] + scaling->mean[c]);
}

/* Of row r of a walk; 0 where the cell has none. */
static size_t level_now(const nqi_cell *cell, const nqi_walk *walk, size_t r)
{
    const nqi_proposal *all = &walk->proposal;
    return cell->levels
               ? nqi_level_of((double)all->x[cell->level_number * all->rows + r], cell->levels)
               : 0;
}

double nqi_cell_read(const nqi_cell *cell, const nqi_walk *walk, size_t r)
{
    const nqi_proposal *all = &walk->proposal;
    const double score = cell->score_number == NQI_NO_NUMBER
                             ? 0
                             : (double)all->x[cell->score_number * all->rows + r];
    return nqi_cell_value(cell, level_now(cell, walk, r), score);
}

int nqi_cell_set_has(const nqi_cell_set *set, size_t level, double value)
{
    const double sum = set->coefficient * value + set->rest;
    const double near = 1e-9 * fmax(fabs(set->rest), fabs(set->coefficient * value)) *
                        (fabs(set->rest) > 0); /* of a sum of decimals */
    if (set->allowed)
        return set->allowed[level];
    for (size_t i = 0; i < set->intervals; i++)
        if (sum >= set->ends[2 * i] - near && sum <= set->ends[2 * i + 1] + near)
            return 1;
    return 0;
}

void nqi_cell_law_load(nqi_cell_law *law, const nqi_cell *home, const nqi_walk *walk, size_t r)
{
    const nqi_proposal *all = &walk->proposal;
    law->mean = 0;
    law->deviation = 1;
    law->pieces = 1;
    law->ends[0] = -INFINITY;
    law->ends[1] = INFINITY;
    law->mass = 1;
    if (home->levels) {
        const nqi_block *block = nqi_process_block(walk->process, home->level_number);
        const size_t width = nqi_block_width(block);
        const double *p =
            all->mean +
            (block->law_first + (home->level_number - block->first) * width) * all->rows + r;
        for (size_t k = 0; k < home->levels; k++)
            law->level[k] = width > 1 ? p[k * all->rows] : k ? p[0] : 1 - p[0];
    }
    if (home->score_number != NQI_NO_NUMBER) {
        const nqi_block *block = nqi_process_block(walk->process, home->score_number);
        const size_t at = (block->law_first + home->score_number - block->first) * all->rows + r;
        law->mean = all->mean[at];
        law->deviation = sqrt(all->variance[at]);
    }
}

/* Scores of the values in an interval, in rising order; 0: there are none. */
static int scores_between(const nqi_cell *cell, double low, double high, double ends[2])
{
    const nqi_scaling *scaling = &cell->model->scaling;
    const size_t c = cell->column;
    if (cell->code && !(cell->code->warp.grid.step > 0)) {
        ends[0] = isinf(low) ? low : nqi_warp_at(&cell->code->warp, low, NULL);
        ends[1] = isinf(high) ? high : nqi_warp_at(&cell->code->warp, high, NULL);
        return low <= high;
    }
    if (cell->code) {
        const nqi_grid *grid = &cell->code->warp.grid;
        const double near = 1e-3 * grid->step;
        if (high < grid->least - near || low > grid->most + near)
            return 0;
        return nqi_interval_scores(ends, cell->code, low, high) && ends[0] < ends[1];
    }
    ends[0] = (low - scaling->mean[c]) / scaling->deviation[c];
    ends[1] = (high - scaling->mean[c]) / scaling->deviation[c];
    return low <= high;
}

/* The law's pieces that are in one of the set's intervals too. */
static void pieces_cut(nqi_cell_law *law, const nqi_cell_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->intervals; i++) {
        const double a = (set->ends[2 * i] - set->rest) / set->coefficient;
        const double b = (set->ends[2 * i + 1] - set->rest) / set->coefficient;
        double ends[2];
        if (!scores_between(set->cell, fmin(a, b), fmax(a, b), ends))
            continue;
        for (size_t j = 0; j < law->pieces; j++) {
            const double low = fmax(ends[0], law->ends[2 * j]);
            const double high = fmin(ends[1], law->ends[2 * j + 1]);
            if (low >= high)
                continue;
            law->spare[2 * count] = low;
            law->spare[2 * count++ + 1] = high;
        }
    }
    double *kept = law->ends;
    law->ends = law->spare;
    law->spare = kept;
    law->pieces = count;
}

/* Of a piece: log of its mass, and by the mean. */
static nqi_gauss_bin piece_of(const nqi_cell_law *law, size_t j)
{
    const double low = law->ends[2 * j], high = law->ends[2 * j + 1];
    if (law->deviation == 0)
        return (nqi_gauss_bin){.log_mass = law->mean >= low && law->mean <= high ? 0 : -INFINITY};
    if (!(low < high))
        return (nqi_gauss_bin){.log_mass = -INFINITY};
    return nqi_gauss_bin_of(low, high, law->mean, law->deviation);
}

double nqi_cell_hold(nqi_cell_law *law, const nqi_cell *home, const nqi_cell_set *sets,
                     size_t count)
{
    double log_mass = -INFINITY, left = home->levels ? 0 : 1, log_number = 0;
    const int has_number = home->score_number != NQI_NO_NUMBER;
    for (size_t s = 0; has_number && s < count; s++) {
        if (sets[s].allowed)
            continue;
        pieces_cut(law, &sets[s]);
    }
    for (size_t j = 0; has_number && j < law->pieces; j++) {
        const double own = piece_of(law, j).log_mass, most = fmax(own, log_mass);
        if (most > -INFINITY)
            log_mass = most + log(exp(own - most) + exp(log_mass - most));
    }
    law->mass = has_number ? exp(log_mass) : 1;
    if (!home->levels)
        return has_number ? log_mass : log_number;
    for (size_t k = 0; k < home->levels; k++) {
        for (size_t s = 0; s < count && law->level[k] > 0; s++) {
            const int is_number =
                nqi_cell_is_number(home, k) && sets[s].cell->column == home->column;
            if ((!is_number || sets[s].allowed) &&
                !nqi_cell_set_has(&sets[s], k, nqi_cell_value(sets[s].cell, k, 0)))
                law->level[k] = 0;
        }
        law->level[k] *= nqi_cell_is_number(home, k) ? law->mass : 1;
        left += law->level[k];
    }
    for (size_t k = 0; left > 0 && k < home->levels; k++)
        law->level[k] /= left;
    return log(left);
}

double nqi_cell_held_mean(const nqi_cell_law *law)
{
    double most = -INFINITY, sum = 0, slope = 0;
    for (size_t j = 0; j < law->pieces; j++)
        most = fmax(most, piece_of(law, j).log_mass);
    for (size_t j = 0; j < law->pieces && most > -INFINITY; j++) {
        const nqi_gauss_bin own = piece_of(law, j);
        sum += exp(own.log_mass - most);
        slope += own.log_mass > -INFINITY ? exp(own.log_mass - most) * own.by_mean : 0;
    }
    return sum > 0 ? law->mean + law->deviation * law->deviation * slope / sum : law->mean;
}

/* A normal number between two ends, from the nearer tail. */
static double draw_between(double low, double high, double u)
{
    const int is_upper = low > 0;
    const double near = is_upper ? -high : low, far = is_upper ? -low : high;
    const double first = nqi_gauss_cdf(near), p = first + u * (nqi_gauss_cdf(far) - first);
    const double y = p < 0.5 ? nqi_gauss_quantile(p) : -nqi_gauss_quantile(1 - p);
    return fmin(fmax(is_upper ? -y : y, low), high);
}

/* The score of the piece in which u falls. */
static double draw_score(const nqi_cell_law *law, double u)
{
    double most = -INFINITY, all = 0, below = 0;
    if (law->deviation == 0)
        return law->mean;
    for (size_t j = 0; j < law->pieces; j++)
        most = fmax(most, piece_of(law, j).log_mass);
    for (size_t j = 0; j < law->pieces; j++)
        all += exp(piece_of(law, j).log_mass - most);
    for (size_t j = 0; j < law->pieces; j++) {
        const double own = exp(piece_of(law, j).log_mass - most) / all;
        const double low = law->ends[2 * j], high = law->ends[2 * j + 1];
        if (!(u < below + own) && j + 1 < law->pieces) {
            below += own;
            continue;
        }
        const double part = fmin(fmax((u - below) / own, 0), 1);
        const double z = draw_between((low - law->mean) / law->deviation,
                                      (high - law->mean) / law->deviation, part);
        return fmin(fmax(law->mean + law->deviation * z, low), high);
    }
    return law->mean;
}

void nqi_cell_draw(const nqi_cell_law *law, const nqi_cell *home, double u, double v,
                   size_t *level, double *score)
{
    double below = 0;
    size_t k = 0, last = 0;
    for (size_t i = 0; i < home->levels; i++)
        last = law->level[i] > 0 ? i : last;
    for (k = 0; k < last && (below += law->level[k]) <= u; k++)
        continue;
    *level = k;
    *score = NAN;
    if (home->score_number != NQI_NO_NUMBER && nqi_cell_is_number(home, k))
        *score = draw_score(law, v);
}
