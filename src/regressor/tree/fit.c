/* fit.c - the tables of a tree, by expectation and maximisation (Dempster et al. 1977). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/monitor.h"
#include "core/thread/thread.h"

/* Rows of a pass; passes that are summed up as they are; parts that sums are added up by, whatever
 * the threads; rounds without a gain of the hold-out rows after which there are no more. */
enum { PASS_ROWS = 32, PASSES = 16, PARTS = 16, PATIENCE = 4 };

/* One round over some rows. */
typedef struct tree_round {
    const nqi_tree *tree;
    const nqi_tree_rows *rows;
    const nqi_real *numbers;
    const nqi_ops *ops;
    size_t first, count;
    int counts;        /* else the law alone */
    double *sum;       /* [PARTS][numbers] how often each is expected to be used */
    double *law;       /* [PARTS] sums of log P(row) */
    nqi_real *few;     /* [threads][numbers] the same of PASSES passes */
    nqi_real *scratch; /* [threads][scratch_size] */
    size_t scratch_size;
} tree_round;

/* Adds up what some passes counted, and clears it. */
static void few_add(double *sum, nqi_real *few, size_t count)
{
    for (size_t j = 0; j < count; j++)
        sum[j] += (double)few[j];
    memset(few, 0, count * sizeof *few);
}

static void hidden_run(tree_round *job, size_t item, int thread)
{
    const nqi_tree *tree = job->tree;
    double law[PASS_ROWS];
    nqi_real *few = job->few + (size_t)thread * tree->numbers;
    size_t passes = 0;
    for (size_t at = item * PASS_ROWS; at < job->count; at += PARTS * PASS_ROWS) {
        const nqi_tree_pass pass = {tree, job->numbers, job->ops,
                                    job->scratch + (size_t)thread * job->scratch_size,
                                    job->count - at < PASS_ROWS ? job->count - at : PASS_ROWS};
        nqi_tree_know(&pass, job->rows, job->first + at);
        nqi_tree_climb(&pass);
        if (job->counts) {
            nqi_tree_count(&pass, job->rows, job->first + at, few);
            if (++passes % PASSES == 0)
                few_add(job->sum + item * tree->numbers, few, tree->numbers);
            continue;
        }
        nqi_tree_log_law(&pass, law);
        for (size_t r = 0; r < pass.rows; r++)
            job->law[item] += law[r];
    }
    if (job->counts)
        few_add(job->sum + item * tree->numbers, few, tree->numbers);
}

/* Where nothing is hidden a row uses one number of each node. */
static void plain_run(tree_round *job, size_t item)
{
    const size_t end = job->first + job->count;
    for (size_t i = item; i < job->tree->count; i += PARTS) {
        const nqi_tree_node *n = &job->tree->node[i];
        const uint16_t *code = nqi_tree_codes(job->rows, n->cell);
        const uint16_t *above =
            i ? nqi_tree_codes(job->rows, job->tree->node[n->parent].cell) : NULL;
        for (size_t r = job->first; r < end; r++) {
            const size_t at = n->step_at + (i ? above[r] * n->states : 0) + code[r];
            if (job->counts)
                job->sum[at]++;
            else
                job->law[item] += log((double)job->numbers[at]);
        }
    }
}

static void part_run(void *state, size_t item, int thread)
{
    tree_round *job = state;
    if (job->tree->node[0].is_hidden)
        hidden_run(job, item, thread);
    else
        plain_run(job, item);
}

/* The mean of log P(row), or with counts the sums of all parts in the first. */
static nq_status round_run(tree_round *job, nq_context *context, double *mean)
{
    const nqi_tree *tree = job->tree;
    memset(job->law, 0, PARTS * sizeof *job->law);
    if (job->counts)
        memset(job->sum, 0, PARTS * tree->numbers * sizeof *job->sum);
    const nq_status status = nqi_pool_run(context->pool, PARTS, part_run, job);
    double all = 0;
    for (size_t k = 0; k < PARTS; k++)
        all += job->law[k];
    *mean = all / (double)job->count;
    for (size_t k = 1; job->counts && k < PARTS; k++)
        for (size_t j = 0; j < tree->numbers; j++)
            job->sum[j] += job->sum[k * tree->numbers + j];
    for (size_t i = 0; job->counts && i < tree->count; i++)
        for (size_t j = tree->node[i].step_at; j < tree->node[i].value_at; j++)
            job->sum[j] *= tree->node[i].is_hidden ? (double)job->numbers[j] : 1;
    return status;
}

/* A law from how often each outcome was seen, `extra` rows more by `usual` (NULL: alike). */
static void law_set(nqi_real *law, const double *seen, size_t count, double extra,
                    const double *usual)
{
    double all = extra;
    for (size_t k = 0; k < count; k++)
        all += seen[k];
    for (size_t k = 0; k < count; k++)
        law[k] = (nqi_real)((seen[k] + extra * (usual ? usual[k] : 1 / (double)count)) / all);
}

/* How frequent each value of a node's cell is: what its laws lean to. */
static void usual_measure(double *usual, const nqi_tree_rows *rows, const nqi_tree_node *n)
{
    for (size_t k = 0; k < n->values; k++)
        usual[k] = 1 / ((double)n->values * ((double)rows->rows + 1));
    for (size_t r = 0; r < rows->rows; r++)
        usual[nqi_tree_codes(rows, n->cell)[r]] += 1 / ((double)rows->rows + 1);
}

/* usual: of all nodes, one after another. */
static void tables_set(const nqi_tree *tree, nqi_real *numbers, const double *sum,
                       const double *usual, double extra)
{
    for (const nqi_tree_node *n = tree->node; n < tree->node + tree->count; n++) {
        const size_t above = nqi_tree_above(tree, (size_t)(n - tree->node));
        for (size_t at = n->step_at; at < n->step_at + above * n->states; at += n->states)
            law_set(numbers + at, sum + at, n->states, extra, n->is_hidden ? NULL : usual);
        for (size_t at = n->value_at; at < n->place_at; at += n->values)
            law_set(numbers + at, sum + at, n->values, extra, usual);
        usual += n->values;
    }
}

/* Weights that differ by state, so that states find what to stand for; a state of the parent
 * mostly goes on. */
static void law_start(double *law, size_t count, size_t kept, const double *usual,
                      const nqi_stream *stream, size_t first)
{
    for (size_t k = 0; k < count; k++) {
        law[k] = exp(nqi_stream_normal(stream, first + k)) * (usual ? usual[k] : 1);
        law[k] += k == kept ? (double)count : 0;
    }
}

/* Where the first round starts from, as sums. Where nothing is hidden every start is as good. */
static void sums_start(const nqi_tree *tree, double *sum, const double *usual)
{
    for (size_t i = 0; i < tree->count; i++) {
        const nqi_tree_node *n = &tree->node[i];
        const nqi_stream stream = {1, NQI_DRAW_INIT, (uint32_t)i, 0};
        for (size_t p = 0; p < nqi_tree_above(tree, i); p++) {
            double *to = sum + n->step_at + p * n->states;
            law_start(to, n->states, i && n->is_hidden ? p : n->states, NULL, &stream,
                      p * n->states);
        }
        for (size_t s = 0; n->is_hidden && s < n->states; s++)
            law_start(sum + n->value_at + s * n->values, n->values, n->values, usual, &stream,
                      n->values + (NQI_TREE_STATES + s) * (NQI_TREE_STATES + n->values));
        usual += n->values;
    }
}

static void places_set(const nqi_tree *tree, nqi_real *numbers, const nqi_tree_rows *rows)
{
    for (size_t i = 0; i < tree->count; i++) {
        const nqi_tree_node *n = &tree->node[i];
        const double *place = rows->place[n->cell];
        for (size_t k = 0; place && k < 2 * n->values; k++)
            numbers[n->place_at + k] = (nqi_real)place[k];
    }
}

/* What all rounds of a fit share. */
typedef struct fit {
    tree_round job;
    nqi_real *numbers, *best;
    double *usual;
    const nqi_tree_plan *plan;
} fit;

static nq_status fit_new(fit *out, nq_context *context, const nqi_tree *tree,
                         const nqi_tree_rows *rows, const nqi_tree_plan *plan)
{
    const size_t threads = (size_t)nq_context_threads(context);
    *out = (fit){.plan = plan, .job = {.tree = tree, .rows = rows, .ops = context->ops}};
    out->job.scratch_size = nqi_tree_scratch(tree, PASS_ROWS);
    out->numbers = calloc(tree->numbers, sizeof *out->numbers);
    out->best = calloc(tree->numbers, sizeof *out->best);
    out->usual = calloc(rows->values_all, sizeof *out->usual);
    out->job.sum = calloc(PARTS * tree->numbers, sizeof *out->job.sum);
    out->job.law = calloc(PARTS, sizeof *out->job.law);
    out->job.few = calloc(threads * tree->numbers, sizeof *out->job.few);
    out->job.scratch = nqi_aligned_new(threads * out->job.scratch_size, sizeof(nqi_real));
    if (!out->numbers || !out->best || !out->usual || !out->job.sum || !out->job.law ||
        !out->job.few || !out->job.scratch)
        return nqi_fail_memory(context, "fitting a tree",
                               PARTS * tree->numbers * sizeof *out->job.sum);
    out->job.numbers = out->numbers;
    double *usual = out->usual;
    for (size_t i = 0; i < tree->count; i++) {
        usual_measure(usual, rows, &tree->node[i]);
        usual += tree->node[i].values;
    }
    return NQ_OK;
}

static void fit_free(fit *f)
{
    free(f->numbers);
    free(f->best);
    free(f->usual);
    free(f->job.sum);
    free(f->job.law);
    free(f->job.few);
    nqi_aligned_free(f->job.scratch);
}

/* Rows 0..count-1 into the tables, then the law of those after them. */
static nq_status round_do(fit *f, nq_context *context, size_t count, double *held)
{
    tree_round *job = &f->job;
    double unused;
    job->counts = 1;
    job->first = 0;
    job->count = count;
    nq_status status = round_run(job, context, &unused);
    tables_set(job->tree, f->numbers, job->sum, f->usual, f->plan->smoothing);
    if (status || count == job->rows->rows)
        return status;
    job->counts = 0;
    job->first = count;
    job->count = job->rows->rows - count;
    return round_run(job, context, held);
}

nq_status nqi_tree_fit(nqi_tree *tree, nqi_real **numbers, double *held, size_t *rounds,
                       nq_context *context, const nqi_tree_rows *rows, size_t count,
                       const nqi_tree_plan *plan)
{
    fit f;
    double now = 0;
    nq_status status = fit_new(&f, context, tree, rows, plan);
    *held = -INFINITY;
    *rounds = 0;
    if (!status) {
        sums_start(tree, f.job.sum, f.usual);
        tables_set(tree, f.numbers, f.job.sum, f.usual, 0);
        places_set(tree, f.numbers, rows);
        places_set(tree, f.best, rows);
    }
    for (size_t k = 1; k <= plan->rounds && k <= *rounds + PATIENCE && !status; k++) {
        if ((status = nqi_tell(context, "fitting a tree", (double)k, (double)plan->rounds)) ||
            (status = round_do(&f, context, count, &now)))
            break;
        if (count < rows->rows && !(now > *held))
            continue;
        *held = now;
        *rounds = k;
        memcpy(f.best, f.numbers, tree->numbers * sizeof *f.best);
    }
    *numbers = f.best;
    f.best = NULL;
    fit_free(&f);
    return status;
}
