/* test_rng.c - known answers of Philox, the order of a stream, and what its draws look like. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rng.h"

typedef struct known_answer {
    uint32_t counter[4], key[2], out[4];
} known_answer;

/* Random123 1.14, kat_vectors, philox4x32 with 10 rounds. */
static const known_answer answers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

static const nqi_stream stream = {0x0123456789abcdefu, NQI_DRAW_TEST, 5, 7};

static void philox_gives_the_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        uint32_t out[4];
        nqi_philox(out, answers[i].counter, answers[i].key);
        assert_memory_equal(out, answers[i].out, sizeof out);
    }
}

static void numbers_come_in_chunks_of_words_and_lanes(void **state)
{
    (void)state;
    const uint32_t key[2] = {0x89abcdef, 0x01234567};
    for (uint32_t index = 0; index < 200; index++) {
        const uint32_t chunk = index / 64, word = index / 16 % 4, lane = index % 16;
        const uint32_t counter[4] = {16 * chunk + lane, 7, 5, NQI_DRAW_TEST};
        uint32_t out[4];
        nqi_philox(out, counter, key);
        assert_int_equal(nqi_stream_bits(&stream, index), out[word]);
    }
}

static void each_part_of_a_stream_changes_its_numbers(void **state)
{
    (void)state;
    nqi_stream others[] = {stream, stream, stream, stream, stream};
    others[0].seed ^= 1;
    others[1].seed ^= (uint64_t)1 << 32;
    others[2].purpose = NQI_DRAW_NOISE;
    others[3].step++;
    others[4].item++;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_not_equal(nqi_stream_bits(&others[i], 3), nqi_stream_bits(&stream, 3));
}

static void uniforms_fill_the_open_interval_evenly(void **state)
{
    (void)state;
    enum { COUNT = 20000, BINS = 20 };
    int bins[BINS] = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        const double u = nqi_stream_uniform(&stream, i);
        assert_true(u > 0 && u < 1);
        bins[(int)(u * BINS)]++;
    }
    double chi_square = 0; /* 19 degrees of freedom: over 50 once in 7000 seeds */
    for (int i = 0; i < BINS; i++)
        chi_square += pow(bins[i] - (double)COUNT / BINS, 2) / ((double)COUNT / BINS);
    assert_true(chi_square < 50);
}

static void uniforms_are_made_from_52_bits_of_two_numbers(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        const double high = nqi_stream_bits(&stream, 2 * i);
        const double low = nqi_stream_bits(&stream, 2 * i + 1) >> 12;
        const double expected = (high * 0x1p20 + low + 0.5) * 0x1p-52;
        assert_true(nqi_stream_uniform(&stream, i) == expected);
    }
}

static void normals_have_the_moments_of_normals(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    double sum[5] = {0}, neighbours = 0, before = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        const double z = nqi_stream_normal(&stream, i);
        for (int power = 1; power <= 4; power++)
            sum[power] += pow(z, power) / COUNT;
        neighbours += z * before / COUNT;
        before = z;
    }
    /* Five standard errors: sqrt(1, 2, 15, 96 / COUNT). */
    assert_true(fabs(sum[1]) < 5 * sqrt(1.0 / COUNT));
    assert_true(fabs(sum[2] - 1) < 5 * sqrt(2.0 / COUNT));
    assert_true(fabs(sum[3]) < 5 * sqrt(15.0 / COUNT));
    assert_true(fabs(sum[4] - 3) < 5 * sqrt(96.0 / COUNT));
    assert_true(fabs(neighbours) < 5 * sqrt(1.0 / COUNT));
}

static void integers_below_a_bound_are_even_and_reach_its_ends(void **state)
{
    (void)state;
    enum { COUNT = 12000, BOUND = 12 };
    int hits[BOUND] = {0};
    for (uint64_t i = 0; i < COUNT; i++) {
        const uint64_t number = nqi_stream_below(&stream, i, BOUND);
        assert_true(number < BOUND);
        hits[number]++;
    }
    for (int i = 0; i < BOUND; i++)
        assert_true(abs(hits[i] - COUNT / BOUND) < 5 * 32); /* sqrt(1000) is 31.6 */
}

static void integers_below_a_huge_bound_are_exact_products(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        const uint64_t high = nqi_stream_bits(&stream, 2 * i);
        const uint64_t all = high << 32 | nqi_stream_bits(&stream, 2 * i + 1);
        assert_true(nqi_stream_below(&stream, i, (uint64_t)1 << 63) == all >> 1);
        /* floor(a (2^64 - 1) / 2^64) = a - 1 for a > 0 */
        assert_true(nqi_stream_below(&stream, i, UINT64_MAX) == all - 1);
        assert_true(nqi_stream_below(&stream, i, 1) == 0);
    }
}

static void permutation_visits_every_position_once(void **state)
{
    (void)state;
    static const uint64_t counts[] = {1,  2,  3,  4,   5,   7,    8,    9,    10,   16,
                                      17, 31, 33, 100, 255, 1000, 1024, 4096, 4097, 50000};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        unsigned char *seen = calloc(counts[c], 1);
        assert_non_null(seen);
        for (uint64_t i = 0; i < counts[c]; i++) {
            const uint64_t place = nqi_stream_permute(&stream, i, counts[c]);
            uint64_t run[3];
            nqi_stream_permute_run(run, &stream, i, 3, counts[c] + 2);
            assert_int_equal(run[2], nqi_stream_permute(&stream, i + 2, counts[c] + 2));
            assert_true(place < counts[c]);
            assert_int_equal(seen[place]++, 0);
        }
        free(seen);
    }
}

static void permutation_stays_in_range_for_huge_counts(void **state)
{
    (void)state;
    static const uint64_t counts[] = {(uint64_t)1 << 32, ((uint64_t)1 << 32) + 1,
                                      ((uint64_t)1 << 63) + 5, UINT64_MAX};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        for (uint64_t i = 0; i < 1000; i++)
            assert_true(nqi_stream_permute(&stream, i, counts[c]) < counts[c]);
    }
}

static void all_orders_of_four_are_equally_likely(void **state)
{
    (void)state;
    enum { DRAWS = 24000, ORDERS = 256 };
    int hits[ORDERS] = {0}, orders = 0;
    nqi_stream epoch = stream;
    for (epoch.step = 0; epoch.step < DRAWS; epoch.step++) {
        uint64_t code = 0;
        for (uint64_t i = 0; i < 4; i++)
            code = 4 * code + nqi_stream_permute(&epoch, i, 4);
        hits[code]++;
    }
    for (int i = 0; i < ORDERS; i++) {
        orders += hits[i] > 0;
        assert_true(hits[i] == 0 || abs(hits[i] - DRAWS / 24) < 5 * 32);
    }
    assert_int_equal(orders, 24);
}

/* Positions of a permutation of many are nearly uncorrelated with what stands there. */
static void permutation_leaves_no_trace_of_the_order(void **state)
{
    (void)state;
    enum { COUNT = 10007 };
    double products = 0, steps = 0;
    for (uint64_t i = 0; i < COUNT; i++) {
        const double here = (double)nqi_stream_permute(&stream, i, COUNT) / COUNT - 0.5;
        const double next =
            (double)nqi_stream_permute(&stream, (i + 1) % COUNT, COUNT) / COUNT - 0.5;
        products += 12 * here * ((double)i / COUNT - 0.5) / COUNT;
        steps += 12 * here * next / COUNT;
    }
    assert_true(fabs(products) < 5 / sqrt(COUNT));
    assert_true(fabs(steps) < 5 / sqrt(COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(numbers_come_in_chunks_of_words_and_lanes),
        cmocka_unit_test(each_part_of_a_stream_changes_its_numbers),
        cmocka_unit_test(uniforms_fill_the_open_interval_evenly),
        cmocka_unit_test(uniforms_are_made_from_52_bits_of_two_numbers),
        cmocka_unit_test(normals_have_the_moments_of_normals),
        cmocka_unit_test(integers_below_a_bound_are_even_and_reach_its_ends),
        cmocka_unit_test(integers_below_a_huge_bound_are_exact_products),
        cmocka_unit_test(permutation_visits_every_position_once),
        cmocka_unit_test(permutation_stays_in_range_for_huge_counts),
        cmocka_unit_test(all_orders_of_four_are_equally_likely),
        cmocka_unit_test(permutation_leaves_no_trace_of_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
