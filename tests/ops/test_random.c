/* test_random.c - random slots: known answers, the same numbers everywhere, and their laws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ops/ops_test.h"

enum { MANY = 1 << 20 };

static const nqi_stream stream = {0x0123456789abcdefu, NQI_DRAW_TEST, 77, 5};

/* Known answers of Random123 (kat_vectors): counter and key all 0, all ones, and digits of pi. */
static void bits_are_philox(void **state)
{
    (void)state;
    const struct {
        nqi_stream stream;
        uint64_t first, number; /* of word 0 */
        uint32_t words[4];
    } cases[] = {
        {{0, 0, 0, 0}, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffffffffffffu, 0xffffffff, 0xffffffff, 0xffffffff},
         (uint64_t)0xffffffff / 16 * 64,
         15,
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x299f31d0a4093822u, 0x03707344, 0x13198a2e, 0x85a308d3},
         (uint64_t)0x243f6a88 / 16 * 64,
         0x243f6a88 % 16,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t i = 0; table_at(t) && i < 3; i++) {
            uint32_t bits[64];
            table_at(t)->random.bits(bits, &cases[i].stream, cases[i].first, 64);
            for (size_t word = 0; word < 4; word++)
                assert_int_equal(bits[cases[i].number + 16 * word], cases[i].words[word]);
        }
    }
}

static void bits_are_the_numbers_of_the_stream(void **state)
{
    (void)state;
    for (size_t t = 0; t < TABLES; t++) {
        uint32_t bits[150];
        if (!table_at(t))
            continue;
        table_at(t)->random.bits(bits, &stream, 128, 150);
        for (uint64_t i = 0; i < 150; i++)
            assert_int_equal(bits[i], nqi_stream_bits(&stream, 128 + i));
    }
}

/* Any length: nothing is written behind it, and a part equals the start of the whole. */
static void numbers_do_not_depend_on_the_table_or_the_length(void **state)
{
    (void)state;
    enum { N = 1000 };
    float want[3][N], got[N + 1];
    nqi_ops_ref()->random.bits((uint32_t *)want[0], &stream, 64, N);
    nqi_ops_ref()->random.uniform(want[1], &stream, 64, N);
    nqi_ops_ref()->random.normal(want[2], &stream, 64, N);
    for (size_t t = 0; t < TABLES; t++) {
        for (size_t n = 0; table_at(t) && n <= N; n += n < 130 ? 1 : 87) {
            for (int kind = 0; kind < 3; kind++) {
                got[n] = -1234;
                if (kind == 0)
                    table_at(t)->random.bits((uint32_t *)got, &stream, 64, n);
                else if (kind == 1)
                    table_at(t)->random.uniform(got, &stream, 64, n);
                else
                    table_at(t)->random.normal(got, &stream, 64, n);
                assert_memory_equal(got, want[kind], n * sizeof *got);
                assert_true(got[n] == -1234);
            }
        }
    }
}

static void normals_have_the_same_bits_in_every_table(void **state)
{
    (void)state;
    float *want = floats_new(MANY), *got = floats_new(MANY);
    nqi_ops_ref()->random.normal(want, &stream, 0, MANY);
    for (size_t t = 1; t < TABLES; t++) {
        if (!table_at(t))
            continue;
        table_at(t)->random.normal(got, &stream, 0, MANY);
        assert_memory_equal(got, want, MANY * sizeof *got);
    }
    nqi_aligned_free(want);
    nqi_aligned_free(got);
}

/* Box and Muller in float64 from the same words. */
static void normals_are_accurate(void **state)
{
    (void)state;
    enum { N = 1 << 16 };
    const double turn = 6.283185307179586477;
    float *x = floats_new(N);
    uint32_t *bits = nqi_aligned_new(N, sizeof *bits);
    assert_non_null(bits);
    nqi_ops_ref()->random.normal(x, &stream, 0, N);
    nqi_ops_ref()->random.bits(bits, &stream, 0, N);
    for (size_t i = 0; i < N; i++) {
        const size_t first = i % 32 < 16 ? i : i - 16;
        const double radius = sqrt(-2 * log(((double)bits[first] + 1) * 0x1p-32));
        const double angle = turn * (double)bits[first + 16] * 0x1p-32;
        const double want = radius * (i % 32 < 16 ? cos(angle) : sin(angle));
        /* A uniform next to 1 is off by 3e-8, and its radius by that over the radius. */
        assert_true(fabs((double)x[i] - want) <= 1e-6 + 1e-7 / (radius + 1e-4));
    }
    nqi_aligned_free(x);
    nqi_aligned_free(bits);
}

/* Standard errors over n normals: 1, sqrt 2, sqrt 15, sqrt 96, each by sqrt n. Five of each. */
static void normals_have_the_moments_of_a_normal(void **state)
{
    (void)state;
    float *x = floats_new(MANY);
    best_kernels()->random.normal(x, &stream, 0, MANY);
    double moment[5] = {0}, pairs = 0;
    for (size_t i = 0; i < MANY; i++) {
        const double v = (double)x[i];
        moment[1] += v;
        moment[2] += v * v;
        moment[3] += v * v * v;
        moment[4] += v * v * v * v;
        pairs += v * (double)x[i ^ 16]; /* the other of a cosine and sine */
    }
    const double unit = 5 / sqrt(MANY);
    assert_true(fabs(moment[1] / MANY) < unit);
    assert_true(fabs(moment[2] / MANY - 1) < unit * sqrt(2));
    assert_true(fabs(moment[3] / MANY) < unit * sqrt(15));
    assert_true(fabs(moment[4] / MANY - 3) < unit * sqrt(96));
    assert_true(fabs(pairs / MANY) < unit * sqrt(2));
    nqi_aligned_free(x);
}

static void permutations_are_those_of_the_stream(void **state)
{
    (void)state;
    static const uint64_t counts[] = {1,
                                      2,
                                      3,
                                      37,
                                      1000,
                                      65536,
                                      65537,
                                      (uint64_t)1 << 31,
                                      UINT32_MAX,
                                      (uint64_t)1 << 32,
                                      ((uint64_t)1 << 40) + 1};
    enum { N = 100 };
    for (size_t t = 0; t < TABLES; t++)
        for (size_t c = 0; table_at(t) && c < sizeof counts / sizeof *counts; c++) {
            uint64_t got[N + 1], n = counts[c] < N ? counts[c] : N - c;
            got[n] = 7;
            for (uint64_t first = 0; first + n <= counts[c];
                 first += counts[c] - n + (first > 0)) {
                table_at(t)->random.permute(got, &stream, first, n, counts[c]);
                for (uint64_t i = 0; i < n; i++)
                    assert_int_equal(got[i], nqi_stream_permute(&stream, first + i, counts[c]));
                assert_int_equal(got[n], 7);
                if (counts[c] == n)
                    break;
            }
        }
}

static int compare_floats(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Largest distance of the empirical from the true distribution: above 1.95 / sqrt n in one of a
 * thousand trials. */
static double kolmogorov(const float *sorted, size_t n, int is_normal)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)sorted[i];
        const double below = is_normal ? erfc(-x / sqrt(2)) / 2 : x;
        largest = fmax(largest, fabs(below - ((double)i + 0.5) / (double)n));
    }
    return largest;
}

static void distributions_are_uniform_and_normal(void **state)
{
    (void)state;
    float *x = floats_new(MANY);
    for (int is_normal = 0; is_normal < 2; is_normal++) {
        if (is_normal)
            best_kernels()->random.normal(x, &stream, 0, MANY);
        else
            best_kernels()->random.uniform(x, &stream, 0, MANY);
        qsort(x, MANY, sizeof *x, compare_floats);
        assert_true(kolmogorov(x, MANY, is_normal) < 1.95 / sqrt(MANY));
        if (is_normal)
            assert_true(x[0] < -4.2f && x[MANY - 1] > 4.2f && x[MANY - 1] < 6.7f);
        else
            assert_true(x[0] > 0 && x[MANY - 1] < 1);
    }
    nqi_aligned_free(x);
}

static int compare_words(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

enum { ROWS = 90, ROW_DIM = 9, ROW_LD = 96 };

/* Rows row..row + count - 1 of rows of dim numbers. */
static void rows_make(float *out, const nqi_ops *ops, int kind, size_t row, size_t count,
                      size_t dim)
{
    const nqi_stream own = nqi_row_stream(stream.seed, stream.purpose, stream.step, row);
    if (kind == 0)
        ops->random.bits_rows((uint32_t *)(void *)out, ROW_LD, &own, count, dim);
    else if (kind == 1)
        ops->random.uniform_rows(out, ROW_LD, &own, count, dim);
    else
        ops->random.normal_rows(out, ROW_LD, &own, count, dim);
}

/* Whatever rows are made together, by whom: the same numbers, and nothing is written beside. */
static void numbers_of_a_row_depend_on_the_row_alone(void **state)
{
    (void)state;
    static float want[ROW_DIM * ROW_LD], got[ROW_DIM * ROW_LD];
    for (size_t dim = 1; dim <= ROW_DIM; dim++)
        for (int kind = 0; kind < 3; kind++) {
            rows_make(want, nqi_ops_ref(), kind, 160, ROWS, dim);
            for (size_t t = 0; t < TABLES; t++)
                for (size_t at = 0; table_at(t) && at < ROWS; at += 16)
                    for (size_t n = 1; n <= ROWS - at; n += n < 17 ? 5 : 16) {
                        memset(got, 0, sizeof got);
                        rows_make(got, table_at(t), kind, 160 + at, n, dim);
                        for (size_t i = 0; i < dim; i++) {
                            assert_memory_equal(got + i * ROW_LD, want + i * ROW_LD + at,
                                                n * sizeof *got);
                            for (size_t r = n; r < ROW_LD; r++)
                                assert_true(got[i * ROW_LD + r] == 0);
                        }
                    }
        }
}

static void bits_of_rows_are_those_of_the_stream_and_differ(void **state)
{
    (void)state;
    static uint32_t bits[ROW_DIM * ROW_LD], all[ROW_DIM * ROWS];
    for (size_t dim = 1; dim <= ROW_DIM; dim++) {
        const nqi_stream own = nqi_row_stream(7, NQI_DRAW_TEST, 3, 48);
        best_kernels()->random.bits_rows(bits, ROW_LD, &own, ROWS, dim);
        for (size_t i = 0; i < dim; i++)
            for (size_t r = 0; r < ROWS; r++) {
                assert_int_equal(bits[i * ROW_LD + r], nqi_stream_row_bits(&own, r, i, dim));
                all[i * ROWS + r] = bits[i * ROW_LD + r];
            }
        qsort(all, dim * ROWS, sizeof *all, compare_words);
        for (size_t j = 1; j < dim * ROWS; j++)
            assert_true(all[j] != all[j - 1]); /* by chance one in ten thousand */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_philox),
        cmocka_unit_test(permutations_are_those_of_the_stream),
        cmocka_unit_test(bits_are_the_numbers_of_the_stream),
        cmocka_unit_test(numbers_do_not_depend_on_the_table_or_the_length),
        cmocka_unit_test(normals_have_the_same_bits_in_every_table),
        cmocka_unit_test(normals_are_accurate),
        cmocka_unit_test(normals_have_the_moments_of_a_normal),
        cmocka_unit_test(distributions_are_uniform_and_normal),
        cmocka_unit_test(numbers_of_a_row_depend_on_the_row_alone),
        cmocka_unit_test(bits_of_rows_are_those_of_the_stream_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
