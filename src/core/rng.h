/* rng.h - Philox 4x32-10: random numbers as a pure function of a counter.
 * Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_RNG_H
#define NQI_CORE_RNG_H

#include <stddef.h>
#include <stdint.h>

/* What a draw is for. Part of the counter, so that two purposes never share numbers. */
typedef enum nqi_purpose {
    NQI_DRAW_ROWS = 1, /* which data rows make a batch */
    NQI_DRAW_TIMES,    /* which time steps */
    NQI_DRAW_NOISE,    /* the forward diffusion */
    NQI_DRAW_DEQUANT,  /* dequantisation noise */
    NQI_DRAW_PARAMS,   /* initial weights */
    NQI_DRAW_SPLIT,    /* hold-out rows */
    NQI_DRAW_START,    /* x_T of a sampler */
    NQI_DRAW_REVERSE,  /* the reverse steps of a sampler */
    NQI_DRAW_DATA,     /* built-in data sets */
    NQI_DRAW_VALID,    /* hold-out evaluation during training */
    NQI_DRAW_INIT,     /* k-means++ and the like */
    NQI_DRAW_DROPOUT,
    NQI_DRAW_PLOT,
    NQI_DRAW_POSTERIOR, /* proposals of a posterior's reverse steps */
    NQI_DRAW_RESAMPLE,  /* which particles live on */
    NQI_DRAW_KNOWN,     /* known cells diffused to level t */
    NQI_DRAW_AIS,       /* forward trajectories of a likelihood */
    NQI_DRAW_TEST,
    NQI_DRAW_FILL,  /* a network that fills in missing cells: its training ... */
    NQI_DRAW_CELL,  /* ... and the cells that it draws */
    NQI_DRAW_BOUND, /* the diffusion under which a bound is judged: not that of training */
    NQI_DRAW_TRY,   /* terms that choose the times of a bound */
    NQI_DRAW_CHILD, /* seeds of streams below a stream */
    NQI_DRAW_ROLES, /* which cells of a row are targets, known, absent */
    NQI_DRAW_CHECK, /* ties, hidden cells, folds of a check */
    NQI_DRAW_AGAIN, /* rows drawn with replacement */
    NQI_DRAW_TOLD   /* whether the means of a picture's squares are told */
} nqi_purpose;

/* Names an endless sequence of draws: (seed, purpose, step, item). A draw never depends on which
 * thread makes it. Within it, number i is defined as follows, the same for every kernel: numbers
 * come in chunks of 64; chunk c, word w (0..3) and lane l (0..15) make number 64 c + 16 w + l, and
 * that is output word w of Philox with counter {16 c + l, item, step, purpose} and key {low, high
 * half of seed}. `step` uses 32 bits, `item` 32 bits.
 *
 * Rows of numbers are addressed by row: number i of row r is the same whatever rows are made with
 * it, so that no size of a microbatch changes a result. Rows come in groups of 16; `item` is the
 * number of the group, and number i of lane l is number 64 (i / 4) + 16 (i % 4) + l of that stream.
 * Rows of one or two numbers leave no words over: there 4 or 2 groups share an item, item / 4 or
 * item / 2, and the k-th of them has the words from 4 k / 4 or 4 k / 2 on. */
typedef struct nqi_stream {
    uint64_t seed;
    uint32_t purpose;
    uint32_t step; /* update, or time step: what moves on */
    uint32_t item; /* what is drawn for; of rows: a group of them */
} nqi_stream;

enum { NQI_ROW_GROUP = 16 };
/* The stream of rows that begin with row first, a multiple of 16. */
static inline nqi_stream nqi_row_stream(uint64_t seed, uint32_t purpose, uint32_t step,
                                        uint64_t first)
{
    return (nqi_stream){seed, purpose, step, (uint32_t)(first / NQI_ROW_GROUP)};
}
/* Number i of row r (from the stream's first row) of rows of dim numbers, as random bits. */
uint32_t nqi_stream_row_bits(const nqi_stream *stream, size_t r, size_t i, size_t dim);

/* A stream of its own below this one, by number: streams of different numbers, and their children,
 * share no draws with each other or with the parent. Of purpose, step and item the child has the
 * parent's. */
nqi_stream nqi_stream_child(const nqi_stream *stream, uint32_t number);
/* The same of a seed: for what is done once more, or beside. */
uint64_t nqi_seed_child(uint64_t seed, uint64_t number);

/* One output: ten rounds on the 128-bit counter. */
void nqi_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

/* Number `index` of a stream as 32 random bits (scalar; the bulk forms are ops slots). */
uint32_t nqi_stream_bits(const nqi_stream *stream, uint64_t index);

/* Scalar draws, float64, for set-up work. 52 random bits from numbers 2*index and 2*index+1;
 * uniform is in the open interval (0, 1). */
double nqi_stream_uniform(const nqi_stream *stream, uint64_t index);
/* The same from those two numbers, where the bulk form has drawn them. */
double nqi_uniform_of_bits(uint32_t high, uint32_t low);
double nqi_stream_normal(const nqi_stream *stream, uint64_t index);
/* Integer in 0..bound-1 without bias that matters (64 random bits, multiply-shift). */
uint64_t nqi_stream_below(const nqi_stream *stream, uint64_t index, uint64_t bound);

/* Position `index` (0..count-1) of a pseudo-random permutation of 0..count-1 that is keyed by the
 * stream: a Feistel network along its cycles, so that nothing is stored. */
uint64_t nqi_stream_permute(const nqi_stream *stream, uint64_t index, uint64_t count);
/* out[n]: positions first..first+n-1 of it; most of the cost is that of the first. */
void nqi_stream_permute_run(uint64_t *out, const nqi_stream *stream, uint64_t first, size_t n,
                            uint64_t count);

/* The network behind it, for kernels: round i takes the halves (left, right) to (right, left ^
 * mix(right ^ keys[i])), mix being murmur3's finaliser, and their widths change places. */
enum { NQI_FEISTEL_ROUNDS = 8 };
typedef struct nqi_feistel {
    uint32_t keys[NQI_FEISTEL_ROUNDS];
    unsigned high, low; /* bits of the two halves; low is high or high + 1 */
} nqi_feistel;
void nqi_feistel_init(nqi_feistel *network, const nqi_stream *stream, uint64_t count);

#endif
