/* atoms.c - values that rows share: how much of a column's law stands on values seen before. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "table/warp/kinds.h"

/* A law of a column is  share q(x) + (1 - share) a(x):  q is smooth, and a has the values that
 * training rows had, each with its count less a discount, since a value seen once is often chance
 * (absolute discounting of Ney, Essen and Kneser 1994). Both numbers are those that foretell each
 * row best from all others. */
enum { ATOMS_MOST = 1 << 14, DISCOUNTS = 10, ROUNDS = 40 };

/* Values by number of bin. What one row sees of its own value has one row less. */
typedef struct sample {
    size_t count, rows;
    double least; /* rows of an atom, at least */
    double *bin, *size, *smooth, *others;
} sample;

static double atom_of(const sample *of, double size, double discount)
{
    return size >= of->least ? fmax(size - discount, 0) : 0;
}

static void sample_fill(sample *of, const nqi_warp *warp, const double *value)
{
    of->count = 0;
    for (size_t first = 0, end; first < of->rows; first = end) {
        const double bin = nqi_grid_bin(&warp->grid, value[first]);
        for (end = first + 1; end < of->rows && nqi_grid_bin(&warp->grid, value[end]) == bin;
             end++)
            ;
        of->bin[of->count] = bin;
        of->size[of->count] = (double)(end - first);
        of->smooth[of->count++] = exp(nqi_scores_log_mass(warp, value[first]));
    }
}

/* Of too many values those of the most rows are atoms. */
static void sample_limit(sample *of)
{
    size_t left = of->count;
    for (of->least = 1; left > ATOMS_MOST;) {
        left = 0;
        of->least++;
        for (size_t i = 0; i < of->count; i++)
            left += of->size[i] >= of->least;
    }
}

/* What the other rows' atoms give a row of value i. */
static void others_fill(const sample *of, double discount)
{
    double total = 0;
    for (size_t i = 0; i < of->count; i++)
        total += atom_of(of, of->size[i], discount);
    for (size_t i = 0; i < of->count; i++) {
        const double own = atom_of(of, of->size[i], discount);
        const double less = atom_of(of, of->size[i] - 1, discount);
        of->others[i] = less > 0 ? less / (total - own + less) : 0;
    }
}

/* The share of the smooth part, by expectation and maximisation. */
static double share_find(const sample *of)
{
    double share = 0.5, before = 0;
    for (int round = 0; round < ROUNDS && fabs(share - before) > 1e-6; round++) {
        double rows = 0;
        for (size_t i = 0; i < of->count; i++) {
            const double smooth = share * of->smooth[i];
            rows += !(of->others[i] > 0)
                        ? of->size[i]
                        : of->size[i] * smooth / (smooth + (1 - share) * of->others[i]);
        }
        before = share;
        share = rows / (double)of->rows;
    }
    return fmin(fmax(share, 0.5 / (double)of->rows), 1);
}

/* What is gained over the smooth part alone, in nats of all rows. */
static double gain_of(const sample *of, double share)
{
    double sum = 0, single = 0; /* rows whose value no other has */
    for (size_t i = 0; i < of->count; i++)
        if (of->others[i] > 0)
            sum += of->size[i] * log(share + (1 - share) * of->others[i] / of->smooth[i]);
        else
            single += of->size[i];
    return sum + single * log(share);
}

/* Two numbers were fitted, each worth half the logarithm of the rows. */
static int choose(const sample *of, double *discount, double *share)
{
    double best = log((double)of->rows);
    int is_found = 0;
    for (int i = 1; i <= DISCOUNTS; i++) {
        const double d = (double)i / DISCOUNTS;
        others_fill(of, d);
        const double part = share_find(of), gain = gain_of(of, part);
        if (!(gain > best))
            continue;
        best = gain;
        *discount = d;
        *share = part;
        is_found = 1;
    }
    return is_found;
}

static void atoms_keep(nqi_atoms *out, const sample *of, double discount)
{
    double total = 0;
    for (size_t i = 0; i < of->count; i++) {
        const double own = atom_of(of, of->size[i], discount);
        if (!(own > 0))
            continue;
        out->bin[out->count] = of->bin[i];
        out->mass[out->count++] = own;
        total += own;
    }
    for (size_t i = 0; i < out->count; i++)
        out->mass[i] *= (1 - out->smooth) / total;
}

nq_status nqi_atoms_fit(nqi_atoms *out, const nqi_warp *warp, const double *value, size_t rows)
{
    double discount, *room = malloc(4 * rows * sizeof *room);
    sample of = {.rows = rows,
                 .bin = room,
                 .size = room + rows,
                 .smooth = room + 2 * rows,
                 .others = room + 3 * rows};
    *out = (nqi_atoms){.smooth = 1};
    if (!room)
        return NQ_ERROR_MEMORY;
    sample_fill(&of, warp, value);
    sample_limit(&of);
    if (choose(&of, &discount, &out->smooth)) {
        out->bin = malloc(2 * of.count * sizeof *out->bin);
        out->mass = out->bin ? out->bin + of.count : NULL;
        if (out->bin)
            atoms_keep(out, &of, discount);
    }
    const int is_short = out->smooth < 1 && !out->bin;
    free(room);
    return is_short ? NQ_ERROR_MEMORY : NQ_OK;
}

void nqi_atoms_free(nqi_atoms *atoms)
{
    free(atoms->bin);
    *atoms = (nqi_atoms){0};
}
