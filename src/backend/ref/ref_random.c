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
#include "backend/normal.inc.h"

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

static void uniforms(nqi_real out[CHUNK], const uint32_t bits[CHUNK])
{
    for (size_t i = 0; i < CHUNK; i++)
        out[i] = (nqi_real)(bits[i] >> 9) * 0x1p-23f + 0x1p-24f;
}

static void normals(nqi_real out[CHUNK], const uint32_t bits[CHUNK])
{
    for (size_t word = 0; word < CHUNK; word += 2 * LANES)
        for (size_t i = word; i < word + LANES; i++)
            normal_pair(out + i, out + i + LANES, bits[i], bits[i + LANES]);
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
        nqi_real numbers[CHUNK];
        chunk_make(bits, stream, (first + at) / CHUNK);
        uniforms(numbers, bits);
        memcpy(out + at, numbers, smaller(CHUNK, n - at) * sizeof *numbers);
    }
}

void nqi_ref_random_normal(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n)
{
    for (size_t at = 0; at < n; at += CHUNK) {
        uint32_t bits[CHUNK];
        nqi_real numbers[CHUNK];
        chunk_make(bits, stream, (first + at) / CHUNK);
        normals(numbers, bits);
        memcpy(out + at, numbers, smaller(CHUNK, n - at) * sizeof *numbers);
    }
}

typedef void chunk_numbers(nqi_real out[CHUNK], const uint32_t bits[CHUNK]);

/* Numbers 4 c .. 4 c + 3 of the rows of group g (fewer words, where groups share them). */
static void group_bits(uint32_t bits[CHUNK], const nqi_stream *stream, size_t g, size_t c,
                       size_t dim)
{
    const uint32_t shares = dim == 1 ? 4 : dim == 2 ? 2 : 1;
    const uint32_t group = stream->item + (uint32_t)g;
    nqi_stream own = *stream;
    own.item = group / shares;
    chunk_make(bits, &own, c);
}

/* The word of the chunk that has the group's number 4 c + k. */
static size_t word_of(const nqi_stream *stream, size_t g, size_t k, size_t dim)
{
    const uint32_t shares = dim == 1 ? 4 : dim == 2 ? 2 : 1;
    return (stream->item + (uint32_t)g) % shares * dim + k;
}

void nqi_ref_random_bits_rows(uint32_t *out, size_t ld, const nqi_stream *stream, size_t rows,
                              size_t dim)
{
    for (size_t at = 0; at < rows; at += LANES)
        for (size_t c = 0; 4 * c < dim; c++) {
            uint32_t bits[CHUNK];
            group_bits(bits, stream, at / LANES, c, dim);
            for (size_t k = 0; k < smaller(4, dim - 4 * c); k++)
                memcpy(out + (4 * c + k) * ld + at,
                       bits + word_of(stream, at / LANES, k, dim) * LANES,
                       smaller(LANES, rows - at) * sizeof *bits);
        }
}

static void numbers_rows(chunk_numbers *make, nqi_real *out, size_t ld, const nqi_stream *stream,
                         size_t rows, size_t dim)
{
    for (size_t at = 0; at < rows; at += LANES)
        for (size_t c = 0; 4 * c < dim; c++) {
            uint32_t bits[CHUNK];
            nqi_real numbers[CHUNK];
            group_bits(bits, stream, at / LANES, c, dim);
            make(numbers, bits);
            for (size_t k = 0; k < smaller(4, dim - 4 * c); k++)
                memcpy(out + (4 * c + k) * ld + at,
                       numbers + word_of(stream, at / LANES, k, dim) * LANES,
                       smaller(LANES, rows - at) * sizeof *numbers);
        }
}

void nqi_ref_random_uniform_rows(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                                 size_t dim)
{
    numbers_rows(uniforms, out, ld, stream, rows, dim);
}

void nqi_ref_random_normal_rows(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                                size_t dim)
{
    numbers_rows(normals, out, ld, stream, rows, dim);
}
