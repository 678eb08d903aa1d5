/* rng.c - Philox 4x32-10, scalar draws of a stream, and a keyed permutation. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). Check value:
 * counter 0 and key 0 give 6627e8d5 e169c58d bc57ac4c 9b00dbd8. */
#include "core/rng.h"

#include <math.h>

enum { ROUNDS = 10, ON_THE_WAY = 64 };

void nqi_philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u; /* golden ratio */
        k1 += 0xBB67AE85u; /* sqrt(3) - 1 */
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void output_make(uint32_t out[4], const nqi_stream *stream, uint32_t number,
                        uint32_t purpose)
{
    const uint32_t counter[4] = {number, stream->item, stream->step, purpose};
    const uint32_t key[2] = {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    nqi_philox(out, counter, key);
}

/* The seed's own Philox output for the number, under a purpose that no stream has. */
uint64_t nqi_seed_child(uint64_t seed, uint64_t number)
{
    const uint32_t counter[4] = {(uint32_t)number, (uint32_t)(number >> 32), 0, NQI_DRAW_CHILD};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    nqi_philox(out, counter, key);
    return (uint64_t)out[0] << 32 | out[1];
}

nqi_stream nqi_stream_child(const nqi_stream *stream, uint32_t number)
{
    nqi_stream child = *stream;
    child.seed = nqi_seed_child(stream->seed, number);
    return child;
}

uint32_t nqi_stream_bits(const nqi_stream *stream, uint64_t index)
{
    const uint64_t chunk = index / 64, word = index % 64 / 16, lane = index % 16;
    uint32_t output[4];
    output_make(output, stream, (uint32_t)(16 * chunk + lane), stream->purpose);
    return output[word];
}

uint32_t nqi_stream_row_bits(const nqi_stream *stream, size_t r, size_t i, size_t dim)
{
    const uint32_t shares = dim == 1 ? 4 : dim == 2 ? 2 : 1;
    const uint32_t group = stream->item + (uint32_t)(r / NQI_ROW_GROUP);
    nqi_stream own = *stream;
    own.item = group / shares;
    const size_t word = group % shares * dim + i;
    return nqi_stream_bits(&own, 64 * (word / 4) + 16 * (word % 4) + r % NQI_ROW_GROUP);
}

static uint64_t join(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static uint64_t bits64(const nqi_stream *stream, uint64_t index)
{
    return join(nqi_stream_bits(stream, 2 * index), nqi_stream_bits(stream, 2 * index + 1));
}

double nqi_uniform_of_bits(uint32_t high, uint32_t low)
{
    return ((double)(join(high, low) >> 12) + 0.5) * 0x1p-52;
}

double nqi_stream_uniform(const nqi_stream *stream, uint64_t index)
{
    return nqi_uniform_of_bits(nqi_stream_bits(stream, 2 * index),
                               nqi_stream_bits(stream, 2 * index + 1));
}

/* Box and Muller: uniforms 2j and 2j+1 make normals 2j (cosine) and 2j+1 (sine). */
double nqi_stream_normal(const nqi_stream *stream, uint64_t index)
{
    const double two_pi = 6.283185307179586477;
    const uint64_t pair = index & ~(uint64_t)1;
    const double radius = sqrt(-2 * log(nqi_stream_uniform(stream, pair)));
    const double angle = two_pi * nqi_stream_uniform(stream, pair + 1);
    return radius * (index == pair ? cos(angle) : sin(angle));
}

/* floor(a b / 2^64), from products of halves. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    const uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    const uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const uint64_t other = a0 * b1 + (uint32_t)middle;
    return a1 * b1 + (middle >> 32) + (other >> 32);
}

uint64_t nqi_stream_below(const nqi_stream *stream, uint64_t index, uint64_t bound)
{
    return multiply_high(bits64(stream, index), bound);
}

/* The keyed function of a Feistel round: murmur3's finaliser, where every bit of the input moves
 * every bit of the output. */
static uint32_t mix(uint32_t x, uint32_t key)
{
    x ^= key;
    x = (x ^ x >> 16) * 0x85ebca6bu;
    x = (x ^ x >> 13) * 0xc2b2ae35u;
    return x ^ x >> 16;
}

/* The smallest 2^bits >= count, so that fewer than two turns are needed on average. The top bit of
 * the purpose keeps the keys apart from the numbers of the same stream. */
void nqi_feistel_init(nqi_feistel *network, const nqi_stream *stream, uint64_t count)
{
    unsigned bits = 0;
    while (bits < 64 && (count - 1) >> bits)
        bits++;
    network->high = bits / 2;
    network->low = bits - bits / 2;
    for (uint32_t i = 0; i < NQI_FEISTEL_ROUNDS / 4; i++)
        output_make(network->keys + 4 * i, stream, i, stream->purpose | 0x80000000u);
}

static uint64_t low_bits(unsigned bits)
{
    return ((uint64_t)1 << bits) - 1;
}

static uint64_t feistel_apply(const nqi_feistel *network, uint64_t x)
{
    unsigned high = network->high, low = network->low;
    uint64_t left = x >> low, right = x & low_bits(low);
    for (int round = 0; round < NQI_FEISTEL_ROUNDS; round++) {
        const uint64_t mixed = mix((uint32_t)right, network->keys[round]);
        const uint64_t next = (left ^ mixed) & low_bits(high);
        left = right;
        right = next;
        const unsigned width = high; /* the halves' widths change places with them */
        high = low;
        low = width;
    }
    return left << low | right;
}

/* Goes along the cycles of the larger set until all of x[n] are back below count: a permutation
 * again. Step by step for all that are still on their way, without a branch for each: their
 * computations overlap in the processor. */
static void feistel_cycle(const nqi_feistel *network, uint64_t *x, size_t n, uint64_t count)
{
    size_t open[ON_THE_WAY], left = n;
    for (size_t i = 0; i < n; i++)
        open[i] = i;
    while (left) {
        size_t kept = 0;
        for (size_t k = 0; k < left; k++) {
            const size_t at = open[k];
            x[at] = feistel_apply(network, x[at]);
            open[kept] = at;
            kept += x[at] >= count;
        }
        left = kept;
    }
}

void nqi_stream_permute_run(uint64_t *out, const nqi_stream *stream, uint64_t first, size_t n,
                            uint64_t count)
{
    nqi_feistel network;
    nqi_feistel_init(&network, stream, count);
    for (size_t i = 0; i < n; i++)
        out[i] = first + i;
    for (size_t i = 0; count > 1 && i < n; i += ON_THE_WAY)
        feistel_cycle(&network, out + i, n - i < ON_THE_WAY ? n - i : ON_THE_WAY, count);
}

uint64_t nqi_stream_permute(const nqi_stream *stream, uint64_t index, uint64_t count)
{
    uint64_t out;
    nqi_stream_permute_run(&out, stream, index, 1, count);
    return out;
}
