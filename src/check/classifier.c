/* classifier.c - a two-sample test of rows and draws by a classifier (C2ST; Lopez-Paz & Oquab
 * 2017): least squares with a ridge on features (features.h), judged on folds that it did not learn
 * from by the area under its ROC curve. Its systems do not depend on the labels, so that fitting it
 * again to permuted labels is cheap: p is the rank of the area among those of permuted labels,
 * exact for any number of rows, though the folds' areas depend on each other. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/features.h"
#include "core/cholesky.h"
#include "core/context.h"
#include "core/monitor.h"

enum { FOLDS = 5, ROWS_LEAST = 20 };
static const double ridge = 0.25; /* for each feature and row, as a part of the variance */

/* What a fit needs that no label changes. */
typedef struct folds {
    const nqi_check_job *job;
    nqi_features features;
    size_t first[FOLDS + 1];
    double *root[FOLDS]; /* [count][count] Cholesky factor of the system without that fold */
    double *sums;        /* [FOLDS][count] of the features over each fold */
    double *memory;      /* of these */
    float *scratch;      /* [threads][2][rows] labels, scores */
    double *numbers;     /* [threads][FOLDS + 2][count] */
    uint64_t *sorted;    /* [threads][2][rows] scores as they sort, and which are draws */
    double *area;        /* [1 + permutations] */
    double se, accuracy; /* of the true labels */
} folds;

static size_t fold_rows(const folds *f, size_t k)
{
    return f->first[k + 1] - f->first[k];
}

static const float *part_of(const folds *f, size_t feature, size_t k)
{
    return f->features.x + feature * f->features.rows + f->first[k];
}

/* Sums of products within each fold; then of all but one, and the ridge. */
static nq_status systems_make(folds *f)
{
    const size_t q = f->features.count, rows = f->features.rows;
    const size_t real = f->job->rows.whole, fewer = real < rows - real ? real : rows - real;
    const double part = fmin(1, ridge * (double)q / (double)fewer);
    nq_status status = NQ_OK;
    for (size_t a = 0; a < q; a++)
        for (size_t b = 0; b <= a; b++) {
            if (b % 8 == 0 && (status = nqi_tell_again(f->job->context)))
                return status;
            double of[FOLDS], all = 0;
            for (size_t k = 0; k < FOLDS; k++)
                all += of[k] =
                    nqi_features_dot(part_of(f, a, k), part_of(f, b, k), fold_rows(f, k));
            for (size_t k = 0; k < FOLDS; k++)
                f->root[k][a * q + b] =
                    all - of[k] + (a == b ? part * (double)(rows - fold_rows(f, k)) : 0);
        }
    for (size_t k = 0; k < FOLDS; k++) {
        nqi_cholesky(f->root[k], q);
        for (size_t a = 0; a < q; a++) {
            f->sums[k * q + a] = 0;
            for (size_t i = 0; i < fold_rows(f, k); i++)
                f->sums[k * q + a] += (double)part_of(f, a, k)[i];
        }
        if ((status = nqi_tell_again(f->job->context)))
            return status;
    }
    return NQ_OK;
}

/* A score and its label as a whole number, of which larger scores have larger ones; the lowest bit
 * is 1 of draws. */
static uint64_t key_of(float score, int is_drawn)
{
    uint32_t bits;
    memcpy(&bits, &score, sizeof bits);
    bits = bits >> 31 ? ~bits : bits | 0x80000000u;
    return (uint64_t)bits << 1 | (uint64_t)is_drawn;
}

/* Sorts keys by their scores, eleven bits at a time; uses spare[count], and returns that of both
 * that holds them. */
static uint64_t *keys_sort(uint64_t *keys, uint64_t *spare, size_t count)
{
    enum { BITS = 11, BUCKETS = 1 << BITS, PASSES = 3 };
    for (int pass = 0; pass < PASSES; pass++) {
        const int shift = 1 + pass * BITS;
        uint32_t first[BUCKETS + 1] = {0};
        for (size_t i = 0; i < count; i++)
            first[(keys[i] >> shift & (BUCKETS - 1)) + 1]++;
        for (size_t k = 1; k < BUCKETS; k++)
            first[k] += first[k - 1];
        for (size_t i = 0; i < count; i++)
            spare[first[keys[i] >> shift & (BUCKETS - 1)]++] = keys[i];
        uint64_t *held = keys;
        keys = spare;
        spare = held;
    }
    return keys;
}

/* Area under the curve of sorted scores, of rows above draws; se2 its squared standard error
 * (DeLong, DeLong & Clarke-Pearson 1988). NaN: one of both is not there. */
static double area_of(double *se2, const uint64_t *keys, size_t count)
{
    double of[2] = {0, 0}, below[2] = {0, 0}, sum[2] = {0, 0}, squares[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        of[keys[i] & 1]++;
    for (size_t first = 0, end; first < count; first = end) {
        double here[2] = {0, 0};
        for (end = first; end < count && keys[end] >> 1 == keys[first] >> 1; end++)
            here[keys[end] & 1]++;
        for (int c = 0; c < 2; c++) { /* part of the others that is below */
            const double place = (below[!c] + 0.5 * here[!c]) / of[!c];
            sum[c] += here[c] * place;
            squares[c] += here[c] * place * place;
        }
        below[0] += here[0];
        below[1] += here[1];
    }
    *se2 = 0;
    for (int c = 0; c < 2; c++)
        *se2 += (squares[c] - sum[c] * sum[c] / of[c]) / (of[c] * fmax(of[c] - 1, 1));
    return of[0] > 0 && of[1] > 0 ? sum[0] / of[0] : NAN;
}

/* Labels of a permutation; 0: the true ones. */
static void labels_make(float *labels, const folds *f, size_t number)
{
    const size_t rows = f->features.rows, real = f->job->rows.whole;
    const nqi_stream stream = nqi_check_stream(f->job, NQI_CHECK_LABELS, (uint32_t)number);
    memset(labels, 0, rows * sizeof *labels);
    for (size_t i = 0; i < real; i++)
        labels[number ? nqi_stream_permute(&stream, i, rows) : f->features.place[i]] = 1;
}

/* Asked feature by feature, where they are long. */
static int ends(const folds *f, int thread, size_t feature)
{
    return feature % 4 == 0 && nqi_pool_stops(f->job->context->pool, thread);
}

/* Weights for fold k, from sums of the features over labelled rows of each fold; returns the score
 * in the middle between both means. */
static double fit_fold(double *weight, double *means, const folds *f, const double *labelled,
                       const double *labels, size_t k)
{
    const size_t q = f->features.count;
    double real = 0, all = 0, middle = 0;
    for (size_t other = 0; other < FOLDS; other++)
        if (other != k) {
            real += labels[other];
            all += (double)fold_rows(f, other);
        }
    for (size_t a = 0; a < q; a++) {
        double of_real = 0, of_all = 0;
        for (size_t other = 0; other < FOLDS; other++)
            if (other != k) {
                of_real += labelled[other * q + a];
                of_all += f->sums[other * q + a];
            }
        weight[a] = of_real - real / all * of_all;
        means[a] = 0.5 * (of_real / real + (of_all - of_real) / (all - real));
    }
    nqi_cholesky_forward(f->root[k], q, weight);
    nqi_cholesky_backward(f->root[k], q, weight);
    for (size_t a = 0; a < q; a++)
        middle += weight[a] * means[a];
    return middle;
}

static void score_fold(float *score, const folds *f, const double *weight, size_t k, int thread)
{
    const size_t rows = fold_rows(f, k);
    memset(score, 0, rows * sizeof *score);
    for (size_t a = 0; a < f->features.count && !ends(f, thread, a); a++) {
        const float *x = part_of(f, a, k), w = (float)weight[a];
        for (size_t i = 0; i < rows; i++)
            score[i] += w * x[i];
    }
}

/* Mean of the parts of both that are on their side of the middle. */
static double told_right(const float *score, const float *labels, size_t count, double middle)
{
    double right[2] = {0, 0}, of[2] = {0, 0};
    for (size_t i = 0; i < count; i++) {
        const int is_real = labels[i] > 0.5f;
        of[is_real]++;
        right[is_real] += ((double)score[i] > middle) == is_real;
    }
    return 0.5 * (right[0] / of[0] + right[1] / of[1]);
}

static void judge(void *state, size_t number, int thread)
{
    folds *f = state;
    const size_t q = f->features.count, rows = f->features.rows;
    float *labels = f->scratch + 2 * (size_t)thread * rows, *score = labels + rows;
    double *labelled = f->numbers + (size_t)thread * (FOLDS + 2) * q;
    double *weight = labelled + FOLDS * q, *means = weight + q;
    uint64_t *keys = f->sorted + 2 * (size_t)thread * rows;
    double of_fold[FOLDS] = {0}, area = 0, se2 = 0, right = 0, used = 0;
    labels_make(labels, f, number);
    for (size_t k = 0; k < FOLDS; k++) {
        for (size_t i = f->first[k]; i < f->first[k + 1]; i++)
            of_fold[k] += (double)labels[i];
        for (size_t a = 0; a < q && !ends(f, thread, a); a++)
            labelled[k * q + a] =
                nqi_features_dot(part_of(f, a, k), labels + f->first[k], fold_rows(f, k));
    }
    for (size_t k = 0; k < FOLDS; k++) {
        double one = 0;
        const double middle = fit_fold(weight, means, f, labelled, of_fold, k);
        const size_t in_fold = fold_rows(f, k);
        const float *own = labels + f->first[k];
        score_fold(score, f, weight, k, thread);
        if (nqi_pool_stops(f->job->context->pool, thread))
            return;
        for (size_t i = 0; i < in_fold; i++)
            keys[i] = key_of(score[i], own[i] < 0.5f);
        const double here = area_of(&one, keys_sort(keys, keys + rows, in_fold), in_fold);
        if (isnan(here)) /* nothing to tell apart */
            continue;
        area += here;
        se2 += one;
        right += told_right(score, own, in_fold, middle);
        used++;
    }
    f->area[number] = used > 0 ? area / used : 0.5;
    if (number == 0) {
        f->se = sqrt(se2) / used;
        f->accuracy = right / used;
    }
}

static nq_status folds_new(folds *f)
{
    const size_t q = f->features.count, rows = f->features.rows;
    const size_t threads = (size_t)nqi_pool_size(f->job->context->pool);
    for (size_t k = 0; k <= FOLDS; k++)
        f->first[k] = rows * k / FOLDS;
    f->memory = calloc(FOLDS * q * (q + 1), sizeof *f->memory);
    f->scratch = malloc(threads * 2 * rows * sizeof *f->scratch);
    f->numbers = malloc(threads * (FOLDS + 2) * q * sizeof *f->numbers);
    f->sorted = malloc(threads * 2 * rows * sizeof *f->sorted);
    f->area = malloc((1 + f->job->options.permutations) * sizeof *f->area);
    if (!f->memory || !f->scratch || !f->numbers || !f->sorted || !f->area)
        return nqi_fail_memory(f->job->context, "a classifier",
                               FOLDS * q * (q + 1) * sizeof *f->memory);
    for (size_t k = 0; k < FOLDS; k++)
        f->root[k] = f->memory + k * q * q;
    f->sums = f->memory + FOLDS * q * q;
    return NQ_OK;
}

static void folds_free(folds *f)
{
    nqi_features_free(&f->features);
    free(f->memory);
    free(f->scratch);
    free(f->numbers);
    free(f->sorted);
    free(f->area);
}

static void result_fill(nqi_check_job *job, const folds *f)
{
    const size_t permutations = job->options.permutations;
    size_t above = 0;
    for (size_t i = 1; i <= permutations; i++)
        above += f->area[i] >= f->area[0];
    job->out->auc = f->area[0];
    job->out->auc_se = f->se;
    job->out->accuracy = f->accuracy;
    job->out->permutations = permutations;
    job->out->classifier = (nq_check_test){.rows = job->rows.whole,
                                           .draws = job->rows.draws,
                                           .p = (1 + (double)above) / (1 + (double)permutations)};
}

nq_status nqi_check_classifier(nqi_check_job *job)
{
    folds f = {.job = job};
    if (job->rows.whole < ROWS_LEAST) {
        job->out->classifier.why = "fewer than 20 rows are without gaps";
        return NQ_OK;
    }
    nq_status status = nqi_features_make(&f.features, job);
    if (!status && !f.features.count)
        job->out->classifier.why = "no column varies enough in the rows";
    else if (!status && !(status = folds_new(&f))) {
        if (!(status = systems_make(&f)) &&
            !(status = nqi_tell_region(job->context, "telling rows and draws apart", 0, 1, 1)))
            status = nqi_pool_run(job->context->pool, 1 + job->options.permutations, judge, &f);
        if (!status)
            result_fill(job, &f);
    }
    folds_free(&f);
    return status;
}
