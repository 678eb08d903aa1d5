/* pass.c - what a forest sees of rows, and what its trees add up to. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "regressor/forest/forest.h"

enum { NOTHING, NOISY, CERTAIN }; /* what is said of a cell */

static const nqi_real certain = 1000, vague = (nqi_real)1e6; /* nqi_variate_say */

/* A cell has its code, where it is one of more than two levels or a number; its levels where they
 * are few; and a mark where neither says whether it is known for certain. */
static size_t hot_levels(const nqi_variate *cell)
{
    return cell->levels == 2 ? 1 : cell->levels <= NQI_FOREST_HOT ? cell->levels : 0;
}

static size_t cell_features(const nqi_variate *cell)
{
    return hot_levels(cell) + (cell->levels != 2) + !hot_levels(cell);
}

size_t nqi_forest_features(const nqi_variate *cell, size_t cells)
{
    size_t count = 1;
    for (size_t i = 0; i < cells; i++)
        count += cell_features(&cell[i]);
    return count;
}

/* Of levels it is the most likely one. */
static int level_said(size_t *level, const nqi_variate *cell, const nqi_real *said, size_t ld)
{
    nqi_real least = said[0], most = said[0];
    *level = 0;
    for (size_t k = 1; k < cell->levels; k++) {
        least = said[k * ld] < least ? said[k * ld] : least;
        if (said[k * ld] > most) {
            most = said[k * ld];
            *level = k;
        }
    }
    return most - least >= certain ? CERTAIN : most > least ? NOISY : NOTHING;
}

static int cell_said(float *value, const nqi_variate *cell, const nqi_question *q, size_t r)
{
    const size_t at = cell->law * q->ld + r;
    size_t level;
    int how;
    if (!cell->levels) {
        const double noise = (double)q->said_variance[at];
        *value = (float)((double)q->said[at] / sqrt(1 + noise));
        return noise <= 0 ? CERTAIN : q->said_variance[at] < vague ? NOISY : NOTHING;
    }
    if (cell->levels == 2) {
        *value = q->said[at] > 0;
        return q->said[at] >= certain || q->said[at] <= -certain ? CERTAIN
               : q->said[at] > 0 || q->said[at] < 0              ? NOISY
                                                                 : NOTHING;
    }
    how = level_said(&level, cell, q->said + at, q->ld);
    *value = (float)level;
    return how;
}

/* 0 and 1 behind noise; -1 and 2 for certain. */
static float hot_value(int is_level, int how)
{
    if (how == NOTHING)
        return NAN;
    return (float)(how == CERTAIN ? 3 * is_level - 1 : is_level);
}

void nqi_forest_see(const nqi_variate *cell, size_t cells, const nqi_question *question,
                    float *seen)
{
    const size_t rows = question->rows;
    for (size_t r = 0; r < rows; r++) {
        float *to = seen + r;
        *to = (float)question->t;
        to += rows;
        for (size_t i = 0; i < cells; i++) {
            float value;
            const size_t hot = hot_levels(&cell[i]), first = cell[i].levels == 2;
            const int how = cell_said(&value, &cell[i], question, r);
            for (size_t k = 0; k < hot; k++, to += rows)
                *to = hot_value((size_t)value == k + first, how);
            if (cell[i].levels != 2) {
                *to = how == NOTHING ? NAN : value;
                to += rows;
            }
            if (!hot) {
                *to = how == CERTAIN;
                to += rows;
            }
        }
    }
}

/* Rows side by side, that each waits for its own node alone. */
static void lanes_add(nqi_real *sum, const nqi_forest_node *node, uint32_t depth,
                      const nqi_forest_rows *rows, size_t first, size_t count)
{
    uint32_t at[NQI_LANES] = {0};
    for (uint32_t d = 0; d < depth; d++)
        for (size_t r = 0; r < count; r++) {
            const nqi_forest_node *n = &node[at[r]];
            const float x =
                rows->seen[(size_t)n->feature * rows->feature + (first + r) * rows->row];
            const int left = x < n->edge || (isnan(x) && n->missing_left);
            at[r] = n->left + (uint32_t)!left;
        }
    for (size_t r = 0; r < count; r++)
        sum[first + r] += (nqi_real)node[at[r]].value;
}

void nqi_forest_add(nqi_real *sum, const nqi_forest_node *node, uint32_t depth,
                    const nqi_forest_rows *rows)
{
    for (size_t first = 0; first < rows->rows; first += NQI_LANES) {
        const size_t left = rows->rows - first;
        lanes_add(sum, node, depth, rows, first, left < NQI_LANES ? left : NQI_LANES);
    }
}
