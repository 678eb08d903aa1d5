/* bench_kernels.c - speed of each slot of each table, on one core: bench_kernels [TABLE [SLOT]]. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backend/ops.h"
#include "core/arena.h"
#include "core/thread/denormals.h"

#include "fma_peak.h"

enum { MOST_WIDTH = 512, MOST_ROWS = 256, SIZE = MOST_WIDTH * MOST_WIDTH, REPEATS = 15 };

/* Everything that a slot may need; lengths are SIZE. */
typedef struct bench {
    const nqi_ops *ops;
    nqi_real *x, *y, *w, *z, *noise, *scratch, *states;
    uint32_t *bits;
    size_t out, in, rows;
} bench;

typedef struct job {
    const char *name;
    void (*run)(bench *b);
    int is_dense; /* out x in x rows, in GFLOP/s; else in x rows elements */
} job;

static const nqi_gaussian_step gaussian = {.signal = 0.8f,
                                           .spread = 0.6f,
                                           .root_alpha = 0.95f,
                                           .cs = 0.13f,
                                           .gain = 1.7f,
                                           .logit_beta = -2.2f,
                                           .log_v = -2.4f};
static const nqi_binomial_step binomial = {.q1 = {0.6f, 0.9f},
                                           .q0 = {0.2f, 0.5f},
                                           .q1c = {0.4f, 0.1f},
                                           .q0c = {0.8f, 0.5f},
                                           .gap = {0.4f, 0.4f},
                                           .logit_prior = {-1, 1},
                                           .flip = {0.1f, 0.7f}};

static const nqi_binomial_steps bits_steps = {&binomial, 0};

static const nqi_levels_step levels_step = {.alpha = 0.9f,
                                            .beta = 0.1f,
                                            .keep = 0.63f,
                                            .forget = 0.37f,
                                            .before = 0.7f,
                                            .lost = 0.3f,
                                            .kept = 2705829396u};

/* A weight, or rows. */
static nqi_matrix matrix_of(nqi_real *x, size_t ld)
{
    return (nqi_matrix){x, ld};
}

static nqi_const_matrix const_matrix_of(const nqi_real *x, size_t ld)
{
    return (nqi_const_matrix){x, ld};
}

static nqi_dense_size size_of(const bench *b)
{
    return (nqi_dense_size){b->out, b->in, b->rows};
}

static nqi_extent extent_of(const bench *b)
{
    return (nqi_extent){b->in, b->rows, b->rows};
}

static void forward(bench *b)
{
    b->ops->dense.forward(matrix_of(b->y, b->rows), const_matrix_of(b->w, b->in), b->w,
                          const_matrix_of(b->x, b->rows), size_of(b), 0);
}

static void backward_input(bench *b)
{
    b->ops->dense.backward_input(matrix_of(b->y, b->rows), const_matrix_of(b->w, b->in),
                                 const_matrix_of(b->x, b->rows), size_of(b), 0);
}

static void backward_weight(bench *b)
{
    b->ops->dense.backward_weight(matrix_of(b->y, b->in), b->z, const_matrix_of(b->w, b->rows),
                                  const_matrix_of(b->x, b->rows), size_of(b), 1, b->scratch);
}

static void levels_mix(bench *b)
{
    b->ops->levels.mix(b->y, b->w, b->x, size_of(b), 0);
}

static void levels_multiply(bench *b)
{
    b->ops->levels.multiply(b->y, b->x, b->scratch, b->in, b->rows);
}

static void levels_divide(bench *b)
{
    b->ops->levels.divide(b->y, b->x, b->in, b->rows);
}

static void sigmoid(bench *b)
{
    b->ops->activate(NQI_SIGMOID, b->y, b->x, b->in * b->rows);
}

static void hyperbolic(bench *b)
{
    b->ops->activate(NQI_TANH, b->y, b->x, b->in * b->rows);
}

static void silu(bench *b)
{
    b->ops->activate(NQI_SILU, b->y, b->x, b->in * b->rows);
}

static void softplus(bench *b)
{
    b->ops->activate(NQI_SOFTPLUS, b->y, b->x, b->in * b->rows);
}

static void silu_backward(bench *b)
{
    b->ops->activate_backward(NQI_SILU, b->y, b->noise, b->x, b->z, b->in * b->rows, 0);
}

static void exponential(bench *b)
{
    b->ops->vexp(b->y, b->x, b->in * b->rows);
}

static void logarithm(bench *b)
{
    b->ops->vlog(b->y, b->x, b->in * b->rows);
}

static void rbf_forward(bench *b)
{
    const nqi_rbf_basis basis = {b->w, b->w, b->in, 2};
    b->ops->rbf.forward(matrix_of(b->y, b->rows), const_matrix_of(b->x, b->rows), basis, b->rows);
}

static void rbf_backward(bench *b)
{
    const nqi_rbf_basis basis = {b->w, b->w, b->in, 2};
    const nqi_rbf_gradient sums = {b->scratch, b->scratch + SIZE / 2};
    const nqi_const_matrix x = const_matrix_of(b->x, b->rows);
    b->ops->rbf.backward(matrix_of(b->y, b->rows), sums, x, const_matrix_of(b->z, b->rows), x,
                         basis, b->rows, 0);
}

static void bits(bench *b)
{
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    b->ops->random.bits(b->bits, &stream, 0, b->in * b->rows);
}

static void uniform(bench *b)
{
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    b->ops->random.uniform(b->y, &stream, 0, b->in * b->rows);
}

static void normal(bench *b)
{
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, 0};
    b->ops->random.normal(b->y, &stream, 0, b->in * b->rows);
}

static void gaussian_corrupt(bench *b)
{
    b->ops->gaussian.corrupt(b->y, b->x, b->noise, &gaussian, extent_of(b));
}

static void gaussian_divergence(bench *b)
{
    const nqi_gaussian_slopes slopes = {b->y, b->z, 1};
    const nqi_gaussian_z outputs = {b->w, b->w};
    b->ops->gaussian.divergence(b->scratch, slopes, outputs, b->x, b->noise, &gaussian,
                                extent_of(b));
}

static void gaussian_reverse(bench *b)
{
    const nqi_gaussian_z outputs = {b->w, b->z};
    b->ops->gaussian.reverse(b->y, b->x, outputs, b->noise, &gaussian, extent_of(b));
}

static void binomial_corrupt(bench *b)
{
    b->ops->binomial.corrupt(b->y, b->states, b->bits, bits_steps, extent_of(b));
}

static void binomial_divergence(bench *b)
{
    b->ops->binomial.divergence(b->scratch, (nqi_slope){b->y, 1}, b->x, b->states, b->states,
                                bits_steps, extent_of(b));
}

static void binomial_reverse(bench *b)
{
    b->ops->binomial.reverse(b->y, b->states, b->x, b->bits, bits_steps, extent_of(b));
}

enum { LEVELS = 8 };

/* Numbers of eight levels, whose outputs are the elements of a job. */
static nqi_levels levels_made(void)
{
    static nqi_real pi[MOST_WIDTH];
    static uint32_t below[MOST_WIDTH];
    for (size_t k = 0; k < MOST_WIDTH; k++) {
        pi[k] = (nqi_real)(1.0 / LEVELS);
        below[k] = (uint32_t)(0x1p32 / LEVELS * (double)(k % LEVELS + 1) - 1);
    }
    return (nqi_levels){LEVELS, pi, below, &levels_step};
}

static nqi_const_matrix levels_outputs(const bench *b)
{
    return const_matrix_of(b->x, b->in / LEVELS * b->rows);
}

static nqi_extent levels_extent(const bench *b)
{
    return (nqi_extent){b->in / LEVELS, b->rows, b->rows};
}

static void levels_corrupt(bench *b)
{
    const nqi_levels levels = levels_made();
    b->ops->levels.corrupt(b->y, b->states, b->bits, &levels, levels_extent(b));
}

static void levels_divergence(bench *b)
{
    const nqi_levels levels = levels_made();
    b->ops->levels.divergence(b->scratch, (nqi_slope){b->y, 1}, levels_outputs(b), b->states,
                              b->states, &levels, levels_extent(b));
}

static void levels_reverse(bench *b)
{
    const nqi_levels levels = levels_made();
    b->ops->levels.reverse(b->y, b->states, levels_outputs(b), b->bits, &levels,
                           levels_extent(b));
}

static void adam(bench *b)
{
    const nqi_adam options = {1e-3, 0.9, 0.999, 1e-8, 0.5, 0.5, 0};
    b->ops->adam(b->w, b->y, b->scratch, b->noise, b->in * b->rows, &options);
}

static void adam_average(bench *b)
{
    const nqi_adam options = {1e-3, 0.9, 0.999, 1e-8, 0.5, 0.5, 0};
    b->ops->adam_average(b->w, b->y, b->scratch, b->x, b->noise, b->in * b->rows, &options, 0.99);
}

static void sum_squares(bench *b)
{
    b->y[0] = (nqi_real)b->ops->sum_squares(b->x, b->in * b->rows);
}

static const job jobs[] = {
    {"dense_forward", forward, 1},
    {"dense_backward_input", backward_input, 1},
    {"dense_backward_weight", backward_weight, 1},
    {"levels_mix", levels_mix, 1},
    {"levels_multiply", levels_multiply, 0},
    {"levels_divide", levels_divide, 0},
    {"exp", exponential, 0},
    {"log", logarithm, 0},
    {"sigmoid", sigmoid, 0},
    {"tanh", hyperbolic, 0},
    {"silu", silu, 0},
    {"softplus", softplus, 0},
    {"silu_backward", silu_backward, 0},
    {"rbf_forward", rbf_forward, 0},
    {"rbf_backward", rbf_backward, 0},
    {"random_bits", bits, 0},
    {"random_uniform", uniform, 0},
    {"random_normal", normal, 0},
    {"gaussian_corrupt", gaussian_corrupt, 0},
    {"gaussian_divergence", gaussian_divergence, 0},
    {"gaussian_reverse", gaussian_reverse, 0},
    {"binomial_corrupt", binomial_corrupt, 0},
    {"binomial_divergence", binomial_divergence, 0},
    {"binomial_reverse", binomial_reverse, 0},
    {"levels_corrupt", levels_corrupt, 0},
    {"levels_divergence", levels_divergence, 0},
    {"levels_reverse", levels_reverse, 0},
    {"adam", adam, 0},
    {"adam_average", adam_average, 0},
    {"sum_squares", sum_squares, 0},
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Best of several runs, each long enough for the clock. */
static double seconds_per_call(const job *j, bench *b)
{
    size_t calls = 1;
    double best = 1e9, start, passed = 0;
    while (passed < 1e-3) {
        calls *= 2;
        start = now();
        for (size_t i = 0; i < calls; i++)
            j->run(b);
        passed = now() - start;
    }
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        start = now();
        for (size_t i = 0; i < calls; i++)
            j->run(b);
        passed = (now() - start) / (double)calls;
        best = passed < best ? passed : best;
    }
    return best;
}

static void peak_print(int lanes)
{
    const size_t rounds = 1 << 20;
    volatile float sink;
    double best = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        const double start = now(), work = peak_run(lanes, rounds, &sink);
        const double rate = 1e-9 * work / (now() - start);
        best = rate > best ? rate : best;
    }
    if (best > 0)
        printf("peak     %d lanes, multiply and add   %25.2f GFLOP/s\n", lanes, best);
}

static void job_print(const job *j, bench *b)
{
    static const size_t sizes[][3] = {{20, 20, 64},    {50, 20, 64},    {50, 50, 64},
                                      {20, 50, 64},    {64, 64, 64},    {64, 64, 256},
                                      {128, 128, 128}, {128, 128, 256}, {256, 256, 256},
                                      {512, 512, 128}, {512, 512, 256}, {50, 50, 16},
                                      {50, 50, 128},   {50, 20, 128},   {20, 50, 32}};
    const size_t count = j->is_dense ? sizeof sizes / sizeof sizes[0] : 1;
    for (size_t i = 0; i < count; i++) {
        b->out = j->is_dense ? sizes[i][0] : 1;
        b->in = j->is_dense ? sizes[i][1] : 32;
        b->rows = j->is_dense ? sizes[i][2] : 128;
        const double work = (double)(b->out * b->in * b->rows) * (j->is_dense ? 2 : 1);
        printf("%-8s %-22s %4zu x %4zu x %4zu  %8.2f %s\n", b->ops->name, j->name, b->out, b->in,
               b->rows, 1e-9 * work / seconds_per_call(j, b),
               j->is_dense ? "GFLOP/s" : "10^9 elements/s");
    }
}

static nqi_real *numbers_new(uint32_t item)
{
    const nqi_stream stream = {1, NQI_DRAW_TEST, 0, item};
    nqi_real *x = nqi_aligned_new(SIZE, sizeof *x);
    if (!x)
        exit(1);
    nqi_ops_ref()->random.normal(x, &stream, 0, SIZE);
    return x;
}

int main(int argc, char **argv)
{
    const char *const tables[] = {"ref", "generic", "avx2", "avx512", "avx512-bf16"};
    nqi_backends all;
    nqi_backends_fill(&all);
    nqi_denormals_flush();
    bench b = {.x = numbers_new(0),
               .y = numbers_new(1),
               .w = numbers_new(2),
               .z = numbers_new(3),
               .noise = numbers_new(4),
               .scratch = numbers_new(5),
               .states = numbers_new(6),
               .bits = (uint32_t *)numbers_new(7)};
    for (size_t i = 0; i < SIZE; i++)
        b.states[i] = b.states[i] > 0;
    peak_print(8);
    peak_print(16);
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        b.ops = nqi_backends_named(&all, tables[t]);
        for (size_t j = 0; b.ops && j < sizeof jobs / sizeof jobs[0]; j++)
            if ((argc < 2 || !strcmp(argv[1], tables[t])) &&
                (argc < 3 || strstr(jobs[j].name, argv[2])))
                job_print(&jobs[j], &b);
    }
    return 0;
}
