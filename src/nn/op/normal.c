/* normal.c - outputs that say of x_0 what a normal law of some numbers says, given noisy ones and
 * known ones, absent ones left out. Its mean and covariance are not learned: a network beside it
 * learns what is not normal.
 *
 * With y = x_t / sqrt(abar_t) and N its noise (1 - abar_t) / abar_t (of known numbers none), v =
 * (C + N)^-1 (y - m) gives the mean y - N v of x_0 and the variance N - N^2 [(C + N)^-1]_ii. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/cholesky.h"
#include "nn/graph/build.h"
#include "nn/graph/tape.h"
#include "nn/op/layers.h"

enum { MEAN, COVARIANCE, LEVEL, PLACE };
/* Of a known number, in parts of its variance: what keeps equations definite. */
static const double known_noise = 1e-9;
/* A variance that rounding has made 0 or less, in parts of the noise. */
static const double least_variance = 1e-12;

/* The same of a number by the others, in parts of its own; and the most that an output of a level
 * is moved. */
static const double least_place = 1e-3, level_most = 8;

/* Systems of as many rows, on the tape's scratch. */
typedef struct work {
    size_t n;
    double *root;  /* [n][n][NQI_SYSTEMS] (L)^-1 */
    double *gap;   /* [n][NQI_SYSTEMS] y - m, of absent numbers 0; then v */
    double *noise; /* [n][NQI_SYSTEMS] of absent numbers 0 */
    double *half;  /* [n][NQI_SYSTEMS] */
} work;

static size_t doubles_of(size_t n)
{
    return (n * n + 3 * n) * NQI_SYSTEMS;
}

static size_t scratch(const nqi_node *node, const nqi_graph *graph, const nqi_ops *ops, size_t ld)
{
    (void)graph;
    (void)ops;
    (void)ld;
    return doubles_of(node->place.count) * sizeof(double) / sizeof(nqi_real);
}

static work work_on(const nqi_node *node, const nqi_tape *tape)
{
    const size_t n = node->place.count, line = n * NQI_SYSTEMS;
    double *root = (double *)(void *)tape->scratch;
    return (work){n, root, root + n * line, root + (n + 1) * line, root + (n + 2) * line};
}

/* Whether the level of number i says that it does not count: of a known one that it is a gap, of
 * others that it is not any number. */
static int is_spare(const nqi_node *node, const nqi_tape *tape, size_t i, size_t row)
{
    const nqi_real *level = nqi_tape_param(tape, node, LEVEL) + 3 * i;
    if (level[0] < 0)
        return 0;
    const nqi_real *x = nqi_tape_input(tape, node, 0) + row;
    const size_t dim = node->place.dim * tape->ld, own = (node->place.first + i) * tape->ld;
    const nqi_real said = x[(size_t)level[0] * tape->ld];
    const int is_known = node->place.roles && x[dim + own] > 0;
    return is_known ? said == level[2] : said != level[1];
}

/* Equations of rows row.. of the group: those of absent numbers are x = 0. */
static void systems_fill(work *w, const nqi_node *node, const nqi_tape *tape,
                         const nqi_normal_step *step, size_t row)
{
    const nqi_real *x = nqi_tape_input(tape, node, 0) + node->place.first * tape->ld + row;
    const nqi_real *known = x + node->place.dim * tape->ld;
    const nqi_real *absent = known + node->place.dim * tape->ld;
    const nqi_real *mean = nqi_tape_param(tape, node, MEAN);
    const nqi_real *covariance = nqi_tape_param(tape, node, COVARIANCE);
    for (size_t i = 0; i < w->n; i++)
        for (size_t s = 0; s < NQI_SYSTEMS; s++) {
            const size_t j = i * tape->ld + s, at = i * NQI_SYSTEMS + s;
            const int is_known = node->place.roles && known[j] > 0;
            const int is_absent =
                (node->place.roles && absent[j] > 0) || is_spare(node, tape, i, row + s);
            const double own = (double)covariance[i * w->n + i];
            const double y = (double)x[j] / (is_known ? 1 : (double)step->root_keep);
            w->gap[at] = is_absent ? 0 : y - (double)mean[i];
            w->noise[at] = is_absent ? 0 : is_known ? known_noise * own : (double)step->noise;
        }
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k <= i; k++)
            for (size_t s = 0; s < NQI_SYSTEMS; s++) {
                const double a = w->noise[i * NQI_SYSTEMS + s], b = w->noise[k * NQI_SYSTEMS + s];
                const double both = (double)covariance[i * w->n + k];
                w->root[(i * w->n + k) * NQI_SYSTEMS + s] =
                    i == k ? (a > 0 ? both + a : 1) : (a > 0 && b > 0 ? both : 0);
            }
    nqi_cholesky_all(w->root, w->n);
    nqi_cholesky_invert_all(w->root, w->n);
}

/* (C + N)^-1 of gap, in place: of absent numbers 0 stays 0. */
static void systems_solve(work *w)
{
    for (size_t i = 0; i < w->n; i++)
        for (size_t s = 0; s < NQI_SYSTEMS; s++) {
            double sum = 0;
            for (size_t k = 0; k <= i; k++)
                sum += w->root[(i * w->n + k) * NQI_SYSTEMS + s] * w->gap[k * NQI_SYSTEMS + s];
            w->half[i * NQI_SYSTEMS + s] = sum;
        }
    for (size_t i = 0; i < w->n; i++)
        for (size_t s = 0; s < NQI_SYSTEMS; s++) {
            double sum = 0;
            for (size_t k = i; k < w->n; k++)
                sum += w->root[(k * w->n + i) * NQI_SYSTEMS + s] * w->half[k * NQI_SYSTEMS + s];
            w->gap[i * NQI_SYSTEMS + s] = sum;
        }
}

static double variance_of(const work *w, size_t i, size_t s)
{
    const double noise = w->noise[i * NQI_SYSTEMS + s];
    double precision = 0;
    for (size_t k = i; k < w->n; k++) {
        const double part = w->root[(k * w->n + i) * NQI_SYSTEMS + s];
        precision += part * part;
    }
    return noise * fmax(1 - noise * precision, least_variance);
}

/* The variance output of a variance of x_0. */
static double variance_output(const nqi_normal_step *step, double variance)
{
    if (step->is_belief > 0)
        return fmin(fmax(log(variance / (double)step->complement), -(double)step->limit),
                    (double)step->limit);
    const double own = fmin((double)step->v + (double)step->slope * variance, 0.9999);
    return log(own) - log1p(-own) - (double)step->logit_beta;
}

/* Number i of x_0 as the other numbers have it: by its own equation where it has one. */
static void by_others(const work *w, const nqi_node *node, const nqi_tape *tape, size_t i,
                      size_t s, double *m, double *v)
{
    const nqi_real *covariance = nqi_tape_param(tape, node, COVARIANCE) + i * w->n;
    const double own = (double)covariance[i], noise = w->noise[i * NQI_SYSTEMS + s];
    double sum = 0, known = 0, precision = 0;
    for (size_t k = 0; k < w->n; k++) {
        double half = 0;
        sum += (double)covariance[k] * w->gap[k * NQI_SYSTEMS + s];
        for (size_t l = 0; l <= k && !(noise > 0); l++)
            if (w->noise[l * NQI_SYSTEMS + s] > 0)
                half += w->root[(k * w->n + l) * NQI_SYSTEMS + s] * (double)covariance[l];
        known += w->noise[k * NQI_SYSTEMS + s] > 0 ? half * half : 0;
        if (k >= i) {
            const double part = w->root[(k * w->n + i) * NQI_SYSTEMS + s];
            precision += part * part;
        }
    }
    *m = (double)nqi_tape_param(tape, node, MEAN)[i] + sum;
    *v = own - known;
    if (noise > 0) { /* y less what its own equation adds */
        const double v_i = w->gap[i * NQI_SYSTEMS + s];
        *m += noise * v_i - v_i / precision;
        *v = 1 / precision - noise;
    }
    *v = fmax(*v, least_place * own);
}

/* How much likelier a level is by its place than it is in all rows, given the other numbers. */
static void levels_fill(const work *w, const nqi_node *node, const nqi_tape *tape, size_t row)
{
    const nqi_real *place = nqi_tape_param(tape, node, PLACE);
    nqi_real *y = tape->value[node->index] + row;
    for (size_t s = 0; s < NQI_SYSTEMS; s++) {
        double m = 0, v = 1;
        size_t last = SIZE_MAX;
        for (const nqi_real *p = place; p < place + 4 * node->place.levels; p += 4) {
            const size_t i = (size_t)p[0];
            const double own = (double)nqi_tape_param(tape, node, COVARIANCE)[i * (w->n + 1)];
            const double mean = (double)nqi_tape_param(tape, node, MEAN)[i], z = (double)p[1];
            if (i != last)
                by_others(w, node, tape, i, s, &m, &v);
            last = i;
            const double gained =
                0.5 * ((z - mean) * (z - mean) / own - (z - m) * (z - m) / v + log(own / v));
            y[(size_t)p[2] * tape->ld + s] =
                (nqi_real)((double)p[3] * fmax(fmin(gained, level_most), -level_most));
        }
    }
}

/* Rows row.., all outputs: those of numbers that are not drawn stay 0. */
static void outputs_fill(const work *w, const nqi_node *node, const nqi_tape *tape,
                         const nqi_normal_step *step, size_t row)
{
    const size_t ld = tape->ld;
    const nqi_real *x = nqi_tape_input(tape, node, 0) + node->place.first * ld + row;
    nqi_real *y = tape->value[node->index] + row;
    for (size_t i = 0; i < node->width; i++)
        memset(y + i * ld, 0, NQI_SYSTEMS * sizeof *y);
    y += node->place.output * ld;
    for (size_t i = 0; i < w->n; i++)
        for (size_t s = 0; s < NQI_SYSTEMS; s++) {
            const double noise = w->noise[i * NQI_SYSTEMS + s];
            const double x_t = (double)x[i * ld + s];
            if (noise != (double)step->noise)
                continue;
            const double x_0 =
                x_t / (double)step->root_keep - noise * w->gap[i * NQI_SYSTEMS + s];
            y[i * ld + s] = (nqi_real)((x_0 - (double)step->signal * x_t) * (double)step->unit);
            y[(node->place.stride + i) * ld + s] =
                (nqi_real)variance_output(step, variance_of(w, i, s));
        }
}

static void forward(const nqi_node *node, nqi_tape *tape)
{
    work w = work_on(node, tape);
    for (size_t row = 0; row < tape->rows; row += NQI_SYSTEMS) {
        const nqi_normal_step *step =
            (const nqi_normal_step *)(const void *)nqi_tape_step(tape, node,
                                                                 row / tape->group_rows);
        systems_fill(&w, node, tape, step, row);
        systems_solve(&w);
        outputs_fill(&w, node, tape, step, row);
        levels_fill(&w, node, tape, row);
    }
}

/* To x_t alone: x_0 = y - N (C + N)^-1 (y - m) is linear; the variance has no slope, and that of
 * levels is left out. */
static void backward(const nqi_node *node, nqi_tape *tape)
{
    const size_t ld = tape->ld;
    work w = work_on(node, tape);
    int adds;
    nqi_real *dx = nqi_tape_gradient(tape, node, 0, &adds);
    if (!dx)
        return;
    if (!adds)
        memset(dx, 0, nqi_node_source(tape->graph, node, 0)->width * ld * sizeof *dx);
    for (size_t row = 0; row < tape->rows; row += NQI_SYSTEMS) {
        const nqi_normal_step *step =
            (const nqi_normal_step *)(const void *)nqi_tape_step(tape, node,
                                                                 row / tape->group_rows);
        const nqi_real *dy = tape->grad[node->index] + node->place.output * ld + row;
        nqi_real *own = dx + node->place.first * ld + row;
        systems_fill(&w, node, tape, step, row);
        for (size_t j = 0; j < w.n * NQI_SYSTEMS; j++) {
            const double slope = (double)dy[j / NQI_SYSTEMS * ld + j % NQI_SYSTEMS];
            w.gap[j] = w.noise[j] == (double)step->noise ? w.noise[j] * slope : 0;
        }
        systems_solve(&w);
        for (size_t j = 0; j < w.n * NQI_SYSTEMS; j++) {
            const size_t at = j / NQI_SYSTEMS * ld + j % NQI_SYSTEMS;
            const double by_y = (double)dy[at] - w.gap[j];
            if (w.noise[j] == (double)step->noise)
                own[at] +=
                    (nqi_real)((double)step->unit * (by_y / (double)step->root_keep -
                                                     (double)step->signal * (double)dy[at]));
        }
    }
}

/* Cholesky, its inverse, and two products. */
static double cost(const nqi_node *node, const nqi_graph *graph)
{
    const double n = (double)node->place.count;
    (void)graph;
    return 2 * (n * n * n / 3 + 2 * n * n);
}

static const nqi_op op_normal = {
    .name = "normal", .forward = forward, .backward = backward, .scratch = scratch, .cost = cost};

int nqi_graph_normal(nqi_graph *graph, const char *name, int input, const nqi_normal_part *part)
{
    const size_t n = part->place.count;
    nqi_node *node = nqi_node_new(graph, &op_normal, part->outputs);
    node->place = part->place;
    nqi_node_connect(graph, node, input);
    nqi_node_param(graph, node, name, "mean", 0, (const size_t[NQI_PARAM_RANK]){n, 0, 0});
    nqi_node_param(graph, node, name, "covariance", 0, (const size_t[NQI_PARAM_RANK]){n, n, 0});
    nqi_node_param(graph, node, name, "level", 0, (const size_t[NQI_PARAM_RANK]){n, 3, 0});
    nqi_node_param(graph, node, name, "place", 0,
                   (const size_t[NQI_PARAM_RANK]){part->place.levels + 1, 4, 0});
    graph->fixed_count = graph->dense_count;
    nqi_node_table(graph, node, part->table, part->steps,
                   sizeof(nqi_normal_step) / sizeof(nqi_real));
    return node->index;
}
