/* exact_bits.c - a model of ten bits with a network of random weights, and its law: summed over all
 * 1024 states, step by step.
 *     exact_bits write       bits.nq, all.csv (every state), some.csv, gaps.csv, in this folder
 *     exact_bits WHAT FILE   compares FILE with it: bound, likelihood (JSON of eval with some.csv),
 *                            rows (score of all.csv), sample, impute, denoise */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "exact/exact.h"

enum {
    D = 10,
    STATES = 1 << D,
    STEPS = 8,
    HIDDEN = 12,
    TRAINING = 500,
    STRIDE = 16,
    TARGETS = 3
};

typedef float cell; /* what reverse steps are asked of */

static const double flip = 0.2; /* of denoise */
/* Targets of impute: a state, and a mask of the bits that are missing. */
static const struct {
    size_t state, missing;
} gaps[TARGETS] = {{0x2a5, 0x003}, {0x0f3, 0x120}, {0x318, 0x207}};

struct chain {
    const nq_model *model;
    const nq_schedule *schedule;
    const double *activity;
    double *one; /* [STEPS + 1][STATES][D] P(x_{t-1,i} = 1 | x_t) under the model */
    double *law; /* [STATES] of x_0 */
};

static int bit(size_t state, int i)
{
    return (int)(state >> i & 1);
}

static const double *ones(const chain *c, size_t t, size_t state)
{
    return c->one + (t * STATES + state) * D;
}

/* Product over bits of the probability that they are those of the state. */
static double product(const double *one, size_t state)
{
    double p = 1;
    for (int i = 0; i < D; i++)
        p *= bit(state, i) ? one[i] : 1 - one[i];
    return p;
}

static void reverse_read(chain *c, nq_context *context, size_t t, const cell *states, cell *mean)
{
    exact_ok(nq_model_reverse(mean, NULL, context, c->model, states, STATES, t), context);
    for (size_t k = 0; k < STATES * D; k++)
        c->one[t * STATES * D + k] = (double)mean[k];
}

static void law_sum(chain *c)
{
    double *before = exact_memory(STATES, sizeof *before);
    for (size_t s = 0; s < STATES; s++)
        c->law[s] = product(c->activity, s);
    for (size_t t = STEPS; t > 0; t--) {
        memcpy(before, c->law, STATES * sizeof *before);
        memset(c->law, 0, STATES * sizeof *before);
        for (size_t from = 0; from < STATES; from++)
            for (size_t to = 0; to < STATES; to++)
                c->law[to] += before[from] * product(ones(c, t, from), to);
    }
    free(before);
}

static chain *chain_open(nq_context *context, nq_model *model)
{
    chain *c = exact_memory(1, sizeof *c);
    *c = (chain){model, nq_model_schedule(model), nqi_process_equilibrium(&model->process),
                 exact_memory((STEPS + 1) * STATES * D, sizeof(double)),
                 exact_memory(STATES, sizeof(double))};
    cell *states = exact_memory(STATES * D, sizeof *states);
    cell *mean = exact_memory(STATES * D, sizeof *mean);
    for (size_t s = 0; s < STATES; s++)
        for (int i = 0; i < D; i++)
            states[s * D + (size_t)i] = (cell)bit(s, i);
    for (size_t t = 1; t <= STEPS; t++)
        reverse_read(c, context, t, states, mean);
    free(states);
    free(mean);
    law_sum(c);
    return c;
}

static void chain_close(chain *c)
{
    free(c->one);
    free(c->law);
    free(c);
}

static void states_write(const char *path, size_t stride)
{
    FILE *file = fopen(path, "w");
    if (!file)
        exact_fail(path);
    for (size_t s = 0; s < STATES; s += stride)
        for (int i = 0; i < D; i++)
            fprintf(file, "%d%c", bit(s, i), i + 1 < D ? ',' : '\n');
    fclose(file);
}

static void training_write(const char *path)
{
    unsigned long seed = 3;
    FILE *file = fopen(path, "w");
    if (!file)
        exact_fail(path);
    for (size_t r = 0; r < TRAINING; r++)
        for (int i = 0; i < D; i++)
            fprintf(file, "%d%c", exact_normal(&seed) < 0.15 * (i - 5), i + 1 < D ? ',' : '\n');
    fclose(file);
}

static void gaps_write(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        exact_fail(path);
    for (int r = 0; r < TARGETS; r++)
        for (int i = 0; i < D; i++) {
            if (!bit(gaps[r].missing, i))
                fprintf(file, "%d", bit(gaps[r].state, i));
            fputc(i + 1 < D ? ',' : '\n', file);
        }
    fclose(file);
}

/* Weights that make a law which no product of bits is near. */
static void weights_set(nq_model *model)
{
    unsigned long seed = 4;
    nqi_real *hidden = exact_param(model, "hidden1.weight", 0);
    for (size_t k = 0; k < HIDDEN * D; k++)
        hidden[k] = (nqi_real)(1.5 * exact_normal(&seed));
    for (size_t t = 1; t <= STEPS; t++) {
        nqi_real *weight = exact_param(model, "readout.weight", t);
        for (size_t k = 0; k < HIDDEN * D; k++)
            weight[k] = (nqi_real)(0.3 * exact_normal(&seed));
    }
}

static void write_all(nq_context *context)
{
    static const char *const settings[][2] = {
        {"kernel", "binomial"}, {"regressor", "mlp"},    {"hidden", "12"}, {"steps", "8"},
        {"activation", "tanh"}, {"readout", "per-step"}, {NULL, NULL}};
    training_write("training.csv");
    states_write("all.csv", 1);
    states_write("some.csv", STRIDE);
    gaps_write("gaps.csv");
    nq_model *model = exact_model(context, "training.csv", settings);
    weights_set(model);
    exact_ok(nq_model_save("bits.nq", context, model), context);
    nq_model_free(model);
}

/* P(x_t,i = 1 | x_0,i) */
static double diffused(const chain *c, size_t t, int i, int from)
{
    const double kept = t ? c->schedule->alpha_bar[t - 1] : 1;
    return kept * from + (1 - kept) * c->activity[i];
}

static double bernoulli_kl(double p, double q)
{
    return (p > 0 ? p * log(p / q) : 0) + (p < 1 ? (1 - p) * log((1 - p) / (1 - q)) : 0);
}

/* P(x_{t-1},i = 1 | x_t,i, x_0,i) by Bayes. */
static double between(const chain *c, size_t t, int i, int x_t, int x_0)
{
    const double beta = c->schedule->beta[t - 1], one = diffused(c, t - 1, i, x_0);
    double weight[2];
    for (int x = 0; x < 2; x++) {
        const double to_one = (1 - beta) * x + beta * c->activity[i];
        weight[x] = (x_t ? to_one : 1 - to_one) * (x ? one : 1 - one);
    }
    return weight[1] / (weight[0] + weight[1]);
}

/* The bound of a row as it is written down first: E_q log p(x_0..T) - log q(x_1..T | x_0). */
static double row_bound(const chain *c, size_t x_0)
{
    double bound = 0, table[D][2];
    for (size_t t = 1; t <= STEPS; t++) {
        double forward[D];
        for (int i = 0; i < D; i++) {
            forward[i] = diffused(c, t, i, bit(x_0, i));
            for (int x = 0; x < 2 && t > 1; x++)
                table[i][x] = between(c, t, i, x, bit(x_0, i));
        }
        for (size_t x_t = 0; x_t < STATES; x_t++) {
            const double weight = product(forward, x_t), *one = ones(c, t, x_t);
            for (int i = 0; i < D && t > 1; i++)
                bound -= weight * bernoulli_kl(table[i][bit(x_t, i)], one[i]);
            if (t == 1)
                bound += weight * log(product(one, x_0));
            if (t == STEPS)
                bound += weight * log(product(c->activity, x_t) / product(forward, x_t));
        }
    }
    return bound;
}

static void compare_bound(const chain *c, const char *path)
{
    const double se = exact_number(path, "bound.se");
    double sum = 0;
    for (size_t s = 0; s < STATES; s += STRIDE)
        sum += row_bound(c, s) * STRIDE / STATES;
    exact_compare("K, bits", exact_number(path, "bound.bits"), sum / EXACT_LN2, 4 * se);
    exact_between("its error", se, 1e-6, 0.1);
}

static void compare_likelihood(const chain *c, const char *path)
{
    const double se = exact_number(path, "ais.se"), bits = exact_number(path, "ais.bits");
    double sum = 0;
    for (size_t s = 0; s < STATES; s += STRIDE)
        sum += log(c->law[s]) * STRIDE / STATES / EXACT_LN2;
    exact_compare("log p, bits", bits, sum, 4 * se + 0.01);
    exact_between("its error", se, 1e-6, 0.1);
    exact_between("K, bits", exact_number(path, "bound.bits"), -100,
                  bits + 4 * exact_number(path, "bound.se"));
}

/* Mean over the law, since rows that the model has never drawn are the hard ones. */
static void compare_rows(const chain *c, const char *path)
{
    const exact_table scores = exact_read(path);
    const size_t value = exact_column(&scores, "log_likelihood_nats"),
                 error = exact_column(&scores, "se_bits");
    double mean = 0, variance = 0, square = 0, given = 0;
    if (scores.rows != STATES)
        exact_fail("not as many scores as states");
    for (size_t s = 0; s < STATES; s++) {
        const double *cells = scores.cells + s * scores.columns;
        const double miss = cells[value] - log(c->law[s]), se = EXACT_LN2 * cells[error];
        mean += c->law[s] * miss;
        variance += pow(c->law[s] * se, 2);
        square += miss * miss;
        given += se * se;
    }
    exact_compare("mean error over the law, nats", mean, 0, 4 * sqrt(variance) + 0.01);
    exact_between("deviation of errors / given", sqrt(square / given), 0.75, 1.33);
}

static size_t state_of(const double *cells)
{
    size_t state = 0;
    for (int i = 0; i < D; i++) {
        if (cells[i] > 0 && cells[i] < 1)
            exact_fail("a bit is neither 0 nor 1");
        state |= (size_t)(cells[i] > 0) << i;
    }
    return state;
}

/* Pearson's statistic; states that are expected fewer than five times count together. */
static void compare_sample(const chain *c, const char *path)
{
    const exact_table rows = exact_read(path);
    double *found = exact_memory(STATES, sizeof *found);
    double sum = 0, rare = 0, rare_found = 0, cells = -1;
    for (size_t r = 0; r < rows.rows; r++)
        found[state_of(rows.cells + r * rows.columns)]++;
    for (size_t s = 0; s < STATES; s++) {
        const double expected = c->law[s] * (double)rows.rows;
        rare += expected < 5 ? expected : 0;
        rare_found += expected < 5 ? found[s] : 0;
        sum += expected < 5 ? 0 : pow(found[s] - expected, 2) / expected;
        cells += expected >= 5;
    }
    sum += rare > 0 ? pow(rare_found - rare, 2) / rare : 0;
    cells += rare > 0;
    exact_between("samples", (double)rows.rows, 10000, 1e9);
    exact_between("degrees of freedom", cells, 50, STATES);
    exact_compare("chi-square", sum, cells, 4.5 * sqrt(2 * cells));
    free(found);
}

/* Draws of a target (columns row, draw, bits), as parts of all; returns how many. */
static double draws_of(double *part, const exact_table *draws, int target)
{
    double n = 0;
    memset(part, 0, STATES * sizeof *part);
    for (size_t r = 0; r < draws->rows; r++) {
        const double *cells = draws->cells + r * draws->columns;
        if ((int)cells[0] == target) {
            part[state_of(cells + 2)]++;
            n++;
        }
    }
    for (size_t s = 0; s < STATES; s++)
        part[s] /= n;
    return n;
}

/* Every way to fill the gap. */
static void compare_impute(const chain *c, const char *path)
{
    const exact_table draws = exact_read(path);
    double *part = exact_memory(STATES, sizeof *part);
    for (int r = 0; r < TARGETS; r++) {
        const size_t shown = ~gaps[r].missing & (STATES - 1);
        double total = 0, seen = 0;
        exact_between("draws", draws_of(part, &draws, r), 500, 1e9);
        for (size_t s = 0; s < STATES; s++)
            total += ((s ^ gaps[r].state) & shown) ? 0 : c->law[s];
        for (size_t s = 0; s < STATES; s++)
            if (!((s ^ gaps[r].state) & shown)) {
                exact_compare("part of the draws", part[s], c->law[s] / total, 0.05);
                seen += part[s];
            }
        exact_compare("draws that keep what is known", seen, 1, 1e-9);
    }
    free(part);
}

/* P(a bit is 1 | y), y a state of some.csv with bits that are wrong with probability `flip`. */
static void compare_denoise(const chain *c, const char *path)
{
    const exact_table draws = exact_read(path);
    double *part = exact_memory(STATES, sizeof *part);
    for (int r = 0; r < TARGETS; r++) {
        double total = 0, exact[D] = {0}, got[D] = {0};
        exact_between("draws", draws_of(part, &draws, r), 500, 1e9);
        for (size_t s = 0; s < STATES; s++) {
            double weight = c->law[s];
            for (int i = 0; i < D; i++)
                weight *= bit(s ^ (size_t)r * STRIDE, i) ? flip : 1 - flip;
            total += weight;
            for (int i = 0; i < D; i++) {
                exact[i] += weight * bit(s, i);
                got[i] += part[s] * bit(s, i);
            }
        }
        for (int i = 0; i < D; i++)
            exact_compare("P(bit = 1)", got[i], exact[i] / total, 0.05);
    }
    free(part);
}

static const exact_comparison comparisons[] = {{"bound", compare_bound},
                                               {"likelihood", compare_likelihood},
                                               {"rows", compare_rows},
                                               {"sample", compare_sample},
                                               {"impute", compare_impute},
                                               {"denoise", compare_denoise},
                                               {NULL, NULL}};

int main(int argc, char **argv)
{
    const exact_program program = {"bits.nq", write_all, chain_open, chain_close, comparisons};
    return exact_main(&program, argc, argv);
}
