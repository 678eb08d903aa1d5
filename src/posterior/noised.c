/* noised.c - known cells diffused to each level while the others are drawn around them
 * (A. Lugmayr et al.: RePaint, CVPR 2022, with their jumps back up). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "posterior/posterior.h"

enum { STRETCHES = 20 }; /* parts of the way, each of which the jumps repeat */

typedef struct noised_walk {
    nqi_walk *walk;
    size_t block, number; /* of the draw: names its noise */
} noised_walk;

/* Signal and noise of q(x_t | x_s). */
typedef struct bridge {
    double keep, forget;
} bridge;

static bridge bridge_between(const nq_schedule *schedule, size_t s, size_t t)
{
    const double from = s ? schedule->alpha_bar[s - 1] : 1;
    const double lost = s ? schedule->one_minus_alpha_bar[s - 1] : 0;
    if (t == s)
        return (bridge){1, 0};
    return (bridge){schedule->alpha_bar[t - 1] / from,
                    (schedule->one_minus_alpha_bar[t - 1] - lost) / from};
}

static void fill_noise(noised_walk *w)
{
    nqi_walk *walk = w->walk;
    const nqi_posterior_job *job = walk->job;
    const size_t count = job->model->process.dim * walk->rows;
    const nqi_stream stream = {job->seed, NQI_DRAW_KNOWN, (uint32_t)w->number++,
                               (uint32_t)(job->first_block + w->block)};
    if (job->model->process.activity)
        job->context->ops->random_bits((uint32_t *)(void *)walk->noise, &stream, 0, count);
    else
        job->context->ops->random_normal(walk->noise, &stream, 0, count);
}

/* A draw of q(x_t | x_s = from) for number i of a row, with the noise at j. */
static nqi_real diffused(const nqi_walk *walk, bridge q, size_t i, size_t j, double from)
{
    const nqi_process *process = &walk->job->model->process;
    if (!process->activity)
        return (nqi_real)(sqrt(q.keep) * from + sqrt(q.forget) * (double)walk->noise[j]);
    const uint32_t *bits = (const uint32_t *)(const void *)walk->noise;
    const double one = q.keep * (from > 0) + q.forget * process->activity[i];
    return (nqi_real)(((double)bits[j] + 0.5) * 0x1p-32 < one);
}

static void place_known(noised_walk *w, size_t level)
{
    nqi_walk *walk = w->walk;
    const nqi_posterior_job *job = walk->job;
    const nqi_process *process = &job->model->process;
    const bridge q = bridge_between(&process->schedule, 0, level);
    fill_noise(w);
    for (size_t p = 0; p < job->list.cell_count; p++)
        for (size_t i = 0; i < process->dim; i++)
            for (size_t r = 0; r < walk->rows; r++) {
                const double y = job->list.cells[p]->value[walk->target[r] * process->dim + i];
                const size_t j = i * walk->rows + r;
                if (!isnan(y))
                    walk->x[j] = diffused(walk, q, i, j, y);
            }
}

static void back_up(noised_walk *w, size_t from, size_t to)
{
    nqi_walk *walk = w->walk;
    const nqi_process *process = &walk->job->model->process;
    const bridge q = bridge_between(&process->schedule, from, to);
    fill_noise(w);
    for (size_t i = 0; i < process->dim; i++)
        for (size_t j = i * walk->rows; j < (i + 1) * walk->rows; j++)
            walk->x[j] = diffused(walk, q, i, j, (double)walk->x[j]);
    place_known(w, to);
}

static void go_down(noised_walk *w, size_t from, size_t to)
{
    for (size_t t = from; t > to; t--) {
        nqi_walk_reverse(w->walk, t);
        nqi_walk_draw(w->walk, t - 1, w->block, w->number);
        place_known(w, t - 1);
    }
}

void nqi_posterior_noised_block(void *state, size_t block, int thread)
{
    nqi_posterior_job *job = state;
    noised_walk w = {&job->walks[thread], block, 1};
    const size_t steps = job->model->process.schedule.steps;
    const size_t stretch = (steps + STRETCHES - 1) / STRETCHES;
    nqi_walk_open(w.walk, block);
    memset(w.walk->tilt, 0, job->model->process.dim * w.walk->rows * sizeof(double));
    nqi_walk_prior(w.walk);
    nqi_walk_draw(w.walk, steps, block, w.number);
    place_known(&w, steps);
    /* A last step that is not learned forgets and tells nothing: repeated, it would only add noise
     * to what was drawn above it. */
    const size_t end = job->model->process.first_learned - 1;
    for (size_t t = steps; t > end;) {
        const size_t low = t > end + stretch ? t - stretch : end;
        go_down(&w, t, low);
        for (size_t again = 1; again < job->jumps; again++) {
            back_up(&w, low, t);
            go_down(&w, t, low);
        }
        t = low;
    }
    go_down(&w, end, 0);
    nqi_walk_close(w.walk, block);
}
