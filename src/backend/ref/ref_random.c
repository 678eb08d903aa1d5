/* ref_random.c - random bits, uniforms and normals in the order that rng.h defines. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "backend/ref/ref.h"

enum { CHUNK = 64, LANES = 16, WORDS = 4 }; /* a chunk is 16 outputs of 4 words */

#ifdef NQI_REAL_DOUBLE

static void normal_pair(nqi_real *cosine, nqi_real *sine, uint32_t a, uint32_t b)
{
    const double radius = sqrt(-2 * log(((double)a + 1) * 0x1p-32));
    const double angle = (double)(int32_t)b * (6.283185307179586477 * 0x1p-32);
    *cosine = radius * cos(angle);
    *sine = radius * sin(angle);
}

#else

static float as_float(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint32_t as_uint(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

#define F float
#define I int32_t
#define U uint32_t
#define TO_FLOAT(i) ((float)(i))
#define TO_INT(u) ((int32_t)(u))
#define AS_FLOAT(i) as_float((uint32_t)(i))
#define AS_INT(x) ((int32_t)as_uint(x))
#define AS_UINT(x) as_uint(x)
#define SQUARE_ROOT(x) sqrtf(x)
#include "backend/normal.h"

#endif

/* Numbers 64 chunk .. 64 chunk + 63. */
static void chunk_make(uint32_t out[CHUNK], const nqi_stream *stream, uint64_t chunk)
{
    const uint32_t key[2] = {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    for (uint32_t lane = 0; lane < LANES; lane++) {
        const uint32_t counter[4] = {(uint32_t)(chunk * LANES) + lane, stream->item, stream->step,
                                     stream->purpose};
        uint32_t words[WORDS];
        nqi_philox(words, counter, key);
        for (uint32_t word = 0; word < WORDS; word++)
            out[word * LANES + lane] = words[word];
    }
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void nqi_ref_random_bits(uint32_t *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    for (size_t at = 0; at < n; at += CHUNK) {
        uint32_t bits[CHUNK];
        chunk_make(bits, stream, (first + at) / CHUNK);
        memcpy(out + at, bits, smaller(CHUNK, n - at) * sizeof *bits);
    }
}

void nqi_ref_random_uniform(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    for (size_t at = 0; at < n; at += CHUNK) {
        uint32_t bits[CHUNK];
        chunk_make(bits, stream, (first + at) / CHUNK);
        for (size_t i = 0; i < smaller(CHUNK, n - at); i++)
            out[at + i] = (nqi_real)(bits[i] >> 9) * 0x1p-23f + 0x1p-24f;
    }
}

void nqi_ref_random_normal(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    for (size_t at = 0; at < n; at += CHUNK) {
        uint32_t bits[CHUNK];
        nqi_real normals[CHUNK];
        chunk_make(bits, stream, (first + at) / CHUNK);
        for (size_t word = 0; word < CHUNK; word += 2 * LANES)
            for (size_t i = word; i < word + LANES; i++)
                normal_pair(normals + i, normals + i + LANES, bits[i], bits[i + LANES]);
        memcpy(out + at, normals, smaller(CHUNK, n - at) * sizeof *normals);
    }
}
