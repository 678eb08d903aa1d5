/* kernel_random.inc.h - random bits, uniforms and normals in the order that rng.h defines. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: ISA(slot), WIDTH, vectors and functions. Defines ISA(random_bits),
 * ISA(random_uniform), ... as random.h declares them. */
/* For files compiled without contraction: the same numbers from every instruction set. */
#ifndef NQI_BACKEND_CPU_KERNEL_RANDOM_H
#define NQI_BACKEND_CPU_KERNEL_RANDOM_H

#include "backend/cpu/random.h"

#define TO_FLOAT(i) __builtin_convertvector(i, F)
#define TO_INT(u) ((I)(u))
#define AS_FLOAT(i) ((F)(i))
#define AS_INT(x) ((I)(x))
#define AS_UINT(x) ((U)(x))
#define SQUARE_ROOT(x) square_root(x)
#include "backend/normal.inc.h"

enum { CHUNK = 64, CHUNK_LANES = 16 };

/* The four words of a Philox output in each 64-bit lane; only the low halves count. */
typedef struct outputs {
    W c0, c1, c2, c3;
} outputs;

INLINED void philox_round(outputs *o, uint32_t key0, uint32_t key1)
{
    const W zero = {0};
    const W p0 = multiply_low(o->c0, zero + 0xD2511F53u);
    const W p1 = multiply_low(o->c2, zero + 0xCD9E8D57u);
    o->c0 = (p1 >> 32) ^ o->c1 ^ (uint64_t)key0;
    o->c1 = p1;
    o->c2 = (p0 >> 32) ^ o->c3 ^ (uint64_t)key1;
    o->c3 = p0;
}

/* Words of WIDTH outputs in a row, in the lanes. */
typedef struct words {
    U w0, w1, w2, w3;
} words;

static inline U interleave(W even, W odd)
{
    return (U)((even & 0xffffffff) | odd << 32);
}

/* Even and odd outputs apart, as a product needs 64 bits. */
INLINED words words_make(const nqi_stream *stream, uint32_t number)
{
    const W zero = {0};
    W first = zero;
    for (int i = 0; i < WIDTH / 2; i++)
        first[i] = 2 * (uint64_t)i;
    outputs even = {first + number, zero + stream->item, zero + stream->step,
                    zero + stream->purpose};
    outputs odd = even;
    odd.c0 += 1;
    uint32_t key0 = (uint32_t)stream->seed, key1 = (uint32_t)(stream->seed >> 32);
    for (int round = 0; round < 10; round++) {
        philox_round(&even, key0, key1);
        philox_round(&odd, key0, key1);
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    return (words){interleave(even.c0, odd.c0), interleave(even.c1, odd.c1),
                   interleave(even.c2, odd.c2), interleave(even.c3, odd.c3)};
}

/* Where the four numbers of each lane go; lanes lie one after the other. */
typedef struct word_places {
    float *word[4];
} word_places;

static inline word_places places_apart(float *out, size_t apart)
{
    return (word_places){{out, out + apart, out + 2 * apart, out + 3 * apart}};
}

/* What becomes of the words of some lanes. */
typedef void put_words(const word_places *to, size_t lane, words w);

static inline void put_bits(const word_places *to, size_t lane, words w)
{
    store(to->word[0] + lane, (F)w.w0);
    store(to->word[1] + lane, (F)w.w1);
    store(to->word[2] + lane, (F)w.w2);
    store(to->word[3] + lane, (F)w.w3);
}

static inline F uniform_of(U bits)
{
    return TO_FLOAT(TO_INT(bits >> 9)) * 0x1p-23f + 0x1p-24f;
}

static inline void put_uniforms(const word_places *to, size_t lane, words w)
{
    store(to->word[0] + lane, uniform_of(w.w0));
    store(to->word[1] + lane, uniform_of(w.w1));
    store(to->word[2] + lane, uniform_of(w.w2));
    store(to->word[3] + lane, uniform_of(w.w3));
}

static inline void put_normals(const word_places *to, size_t lane, words w)
{
    F cosine, sine;
    normal_pair(&cosine, &sine, w.w0, w.w1);
    store(to->word[0] + lane, cosine);
    store(to->word[1] + lane, sine);
    normal_pair(&cosine, &sine, w.w2, w.w3);
    store(to->word[2] + lane, cosine);
    store(to->word[3] + lane, sine);
}

/* All words of chunk number `chunk` of a stream. */
INLINED void chunk_make(put_words *put, const word_places *to, const nqi_stream *stream,
                        uint64_t chunk)
{
    for (uint32_t lane = 0; lane < CHUNK_LANES; lane += WIDTH)
        put(to, lane, words_make(stream, (uint32_t)chunk * CHUNK_LANES + lane));
}

/* `out` has elements of 4 bytes. Only the last chunk may be cut short. */
INLINED void numbers_make(put_words *put, void *out, const nqi_stream *stream, uint64_t first,
                          size_t n)
{
    for (size_t at = 0; at < n; at += CHUNK) {
        float partial[CHUNK];
        float *whole = (float *)out + at;
        const word_places to = places_apart(n - at < CHUNK ? partial : whole, CHUNK_LANES);
        chunk_make(put, &to, stream, (first + at) / CHUNK);
        if (n - at < CHUNK)
            memcpy(whole, partial, (n - at) * sizeof *partial);
    }
}

void ISA(random_bits)(uint32_t *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    numbers_make(put_bits, out, stream, first, n);
}

void ISA(random_uniform)(float *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    numbers_make(put_uniforms, out, stream, first, n);
}

void ISA(random_normal)(float *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    numbers_make(put_normals, out, stream, first, n);
}

/* Groups of rows that share their words, where rows are short. */
static inline uint32_t sharing(size_t dim)
{
    return dim == 1 ? 4 : dim == 2 ? 2 : 1;
}

/* The first numbers of a group's rows, of a chunk that is not wanted as it is. */
INLINED void chunk_copy(float *out, size_t ld, const float *chunk, size_t numbers, size_t rows)
{
    for (size_t k = 0; k < numbers; k++)
        memcpy(out + k * ld, chunk + k * CHUNK_LANES, rows * sizeof *out);
}

/* Rows of one or two numbers: several groups from each chunk. */
INLINED void short_rows_make(put_words *put, float *out, size_t ld, const nqi_stream *stream,
                             size_t rows, size_t dim)
{
    const uint32_t shares = sharing(dim);
    nqi_stream own = *stream;
    for (size_t at = 0; at < rows;) {
        float chunk[CHUNK];
        const uint32_t group = stream->item + (uint32_t)(at / CHUNK_LANES);
        word_places to = places_apart(chunk, CHUNK_LANES);
        own.item = group / shares;
        if (group % shares == 0 && rows - at >= shares * CHUNK_LANES) {
            for (size_t k = 0; k < 4; k++)
                to.word[k] = out + k % dim * ld + at + k / dim * CHUNK_LANES;
            chunk_make(put, &to, &own, 0);
            at += shares * CHUNK_LANES;
            continue;
        }
        chunk_make(put, &to, &own, 0);
        for (uint32_t k = group % shares; k < shares && at < rows; k++, at += CHUNK_LANES)
            chunk_copy(out + at, ld, chunk + k * dim * CHUNK_LANES, dim,
                       smallest(CHUNK_LANES, rows - at));
    }
}

INLINED void long_rows_make(put_words *put, float *out, size_t ld, const nqi_stream *stream,
                            size_t rows, size_t dim)
{
    nqi_stream own = *stream;
    for (size_t at = 0; at < rows; at += CHUNK_LANES, own.item++)
        for (size_t i = 0; i < dim; i += 4) {
            float chunk[CHUNK];
            const int is_whole = dim - i >= 4 && rows - at >= CHUNK_LANES;
            const word_places to =
                is_whole ? places_apart(out + i * ld + at, ld) : places_apart(chunk, CHUNK_LANES);
            chunk_make(put, &to, &own, i / 4);
            if (!is_whole)
                chunk_copy(out + i * ld + at, ld, chunk, smallest(4, dim - i),
                           smallest(CHUNK_LANES, rows - at));
        }
}

/* `out` has elements of 4 bytes. */
INLINED void rows_make(put_words *put, void *out, size_t ld, const nqi_stream *stream,
                       size_t rows, size_t dim)
{
    if (dim == 1)
        short_rows_make(put, out, ld, stream, rows, 1);
    else if (dim == 2)
        short_rows_make(put, out, ld, stream, rows, 2);
    else
        long_rows_make(put, out, ld, stream, rows, dim);
}

void ISA(random_bits_rows)(uint32_t *out, size_t ld, const nqi_stream *stream, size_t rows,
                           size_t dim)
{
    rows_make(put_bits, out, ld, stream, rows, dim);
}

void ISA(random_uniform_rows)(float *out, size_t ld, const nqi_stream *stream, size_t rows,
                              size_t dim)
{
    rows_make(put_uniforms, out, ld, stream, rows, dim);
}

void ISA(random_normal_rows)(float *out, size_t ld, const nqi_stream *stream, size_t rows,
                             size_t dim)
{
    rows_make(put_normals, out, ld, stream, rows, dim);
}

/* Vectors on their way at a time: a round is a chain of two multiplications and more. */
enum { ABREAST = 4 };

/* The keyed function of a round. */
static inline U feistel_mix(U x)
{
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}

/* One pass through the network of a set below 2^32: both halves fit a lane together. */
INLINED void feistel_pass(const nqi_feistel *network, U y[ABREAST], const U x[ABREAST])
{
    unsigned high = network->high, low = network->low;
    U left[ABREAST], right[ABREAST];
    for (int k = 0; k < ABREAST; k++) {
        left[k] = x[k] >> low;
        right[k] = x[k] & ((1u << low) - 1);
    }
    for (int round = 0; round < NQI_FEISTEL_ROUNDS; round++) {
        for (int k = 0; k < ABREAST; k++) {
            const U mixed = feistel_mix(right[k] ^ network->keys[round]);
            const U next = (left[k] ^ mixed) & ((1u << high) - 1);
            left[k] = right[k];
            right[k] = next;
        }
        const unsigned width = high;
        high = low;
        low = width;
    }
    for (int k = 0; k < ABREAST; k++)
        y[k] = left[k] << low | right[k];
}

enum { PASS = ABREAST * WIDTH, ON_THE_WAY = 4 * PASS };

/* Numbers that are still on their way, and where each came from. Arrays have room for a vector that
 * starts at the last. */
typedef struct open_places {
    uint32_t place[ON_THE_WAY + WIDTH], origin[ON_THE_WAY + WIDTH];
    size_t count;
} open_places;

/* Keeps those of a vector that have to go on. A few that were left where they are would keep whole
 * vectors going, so that they are moved together. */
INLINED void open_keep(open_places *open, U place, U origin, I goes_on)
{
    open->count +=
        compress(open->place + open->count, open->origin + open->count, place, origin, goes_on);
}

/* Goes on until all of x[n], n <= ON_THE_WAY, are back below count; what lies beyond n means
 * nothing. */
INLINED void feistel_cycle(const nqi_feistel *network, uint32_t *x, size_t n, uint32_t count)
{
    const U rising = lanes_rising();
    open_places open = {.count = 0};
    for (size_t at = 0; at < n; at += PASS) {
        U before[ABREAST], after[ABREAST];
        memcpy(before, x + at, sizeof before);
        feistel_pass(network, after, before);
        memcpy(x + at, after, sizeof after);
        for (int k = 0; k < ABREAST; k++) {
            const U origin = rising + (uint32_t)(at + (size_t)k * WIDTH);
            open_keep(&open, after[k], origin,
                      (I)(after[k] >= count) & (I)(origin < (uint32_t)n));
        }
    }
    for (size_t left; (left = open.count) > 0;) {
        open.count = 0;
        for (size_t at = 0; at < left; at += PASS) {
            U before[ABREAST], after[ABREAST], origins[ABREAST];
            memcpy(before, open.place + at, sizeof before);
            memcpy(origins, open.origin + at, sizeof origins);
            feistel_pass(network, after, before);
            for (size_t k = 0; k < PASS && at + k < left; k++)
                x[origins[k / WIDTH][k % WIDTH]] = after[k / WIDTH][k % WIDTH];
            for (int k = 0; k < ABREAST; k++) {
                const U number = rising + (uint32_t)(at + (size_t)k * WIDTH);
                open_keep(&open, after[k], origins[k],
                          (I)(after[k] >= count) & (I)(number < (uint32_t)left));
            }
        }
    }
}

void ISA(random_permute)(uint64_t *out, const nqi_stream *stream, uint64_t first, size_t n,
                         uint64_t count)
{
    if (count <= 1 || count > UINT32_MAX) {
        nqi_stream_permute_run(out, stream, first, n, count);
        return;
    }
    nqi_feistel network;
    nqi_feistel_init(&network, stream, count);
    for (size_t at = 0; at < n; at += ON_THE_WAY) {
        const size_t taken = smallest(ON_THE_WAY, n - at);
        uint32_t places[ON_THE_WAY];
        for (size_t i = 0; i < taken; i++)
            places[i] = (uint32_t)(first + at + i);
        feistel_cycle(&network, places, taken, (uint32_t)count);
        for (size_t i = 0; i < taken; i++)
            out[at + i] = places[i];
    }
}

#endif
