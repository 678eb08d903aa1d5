/* test_ops.c - every table's functions, radial units, families and optimisers against ref. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ops/ops_test.h"

static const size_t lengths[] = {0, 1, 3, 4, 5, 7, 8, 15, 16, 17, 31, 64, 1000, 1003};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], LONGEST = 1003 };

/* Calls `check` with each vector table that this machine runs. */
static void each_table(void (*check)(const nqi_ops *ops))
{
    for (size_t i = 1; i < TABLES; i++)
        if (table_at(i))
            check(table_at(i));
}

/* Numbers from 1e-30 to some hundreds of both signs: normals times powers of ten. */
static float *wide_new(size_t n, uint32_t item)
{
    float *x = normals_new(n, item);
    for (size_t i = 0; i < n; i++)
        x[i] *= powf(10, (float)(i % 7) - 4) * (i % 11 == 0 ? 1e-25f : 1);
    return x;
}

static void check_activations(const nqi_ops *ops)
{
    float *x = wide_new(LONGEST, 1), *want = floats_new(LONGEST), *got = floats_new(LONGEST + 1);
    for (int kind = NQI_IDENTITY; kind <= NQI_SOFTPLUS; kind++) {
        for (size_t i = 0; i < LENGTHS; i++) {
            const size_t n = lengths[i];
            nqi_ops_ref()->activate((nqi_activation)kind, want, x, n);
            got[n] = 1234;
            ops->activate((nqi_activation)kind, got, x, n);
            assert_all_near(ops->name, "activate", got, want, n, 1e-6, 1e-35);
            assert_true(got[n] == 1234);
        }
    }
    nqi_aligned_free(x);
    nqi_aligned_free(want);
    nqi_aligned_free(got);
}

static void activations_agree_with_ref(void **state)
{
    (void)state;
    each_table(check_activations);
}

static void check_slopes(const nqi_ops *ops)
{
    float *x = wide_new(LONGEST, 1), *dy = normals_new(LONGEST, 2);
    float *start = normals_new(LONGEST, 3), *y = floats_new(LONGEST);
    for (int kind = NQI_IDENTITY; kind <= NQI_SOFTPLUS; kind++) {
        nqi_ops_ref()->activate((nqi_activation)kind, y, x, LONGEST);
        for (size_t i = 0; i < 2 * LENGTHS; i++) {
            const size_t n = lengths[i / 2];
            float *want = copy_new(start, LONGEST), *got = copy_new(start, LONGEST);
            nqi_ops_ref()->activate_backward((nqi_activation)kind, want, dy, x, y, n, i % 2);
            ops->activate_backward((nqi_activation)kind, got, dy, kind == NQI_SILU ? x : NULL, y,
                                   n, i % 2);
            assert_all_near(ops->name, "slope", got, want, LONGEST, 1e-6, 1e-6);
            nqi_aligned_free(want);
            nqi_aligned_free(got);
        }
    }
    float *const all[] = {x, dy, start, y};
    for (size_t i = 0; i < 4; i++)
        nqi_aligned_free(all[i]);
}

static void slopes_agree_with_ref(void **state)
{
    (void)state;
    each_table(check_slopes);
}

static void check_exp_and_log(const nqi_ops *ops)
{
    enum { N = 40000 };
    float *x = floats_new(N), *y = floats_new(N);
    for (size_t i = 0; i < N; i++)
        x[i] = -87 + (float)i * (175.0f / N);
    ops->vexp(y, x, N);
    for (size_t i = 0; i < N; i++)
        assert_near(ops->name, "exp", y[i], (float)exp((double)x[i]), 2.5e-7, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = (float)exp(-80 + (double)i * (160.0 / N));
    ops->vlog(y, x, N);
    for (size_t i = 0; i < N; i++)
        assert_near(ops->name, "log", y[i], (float)log((double)x[i]), 2.5e-7, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = 0.9f + (float)i * (0.2f / N);
    ops->vlog(y, x, N);
    for (size_t i = 0; i < N; i++)
        assert_near(ops->name, "log near 1", y[i], (float)log((double)x[i]), 2.5e-7, 0);
    nqi_aligned_free(x);
    nqi_aligned_free(y);
}

static void exp_and_log_are_accurate(void **state)
{
    (void)state;
    check_exp_and_log(nqi_ops_ref());
    each_table(check_exp_and_log);
}

static void check_extremes(const nqi_ops *ops)
{
    enum { N = 8 };
    const float far[N] = {-200, 100, 0, -INFINITY, INFINITY, NAN, 88.5f, -1000};
    float y[N];
    ops->vexp(y, far, N);
    assert_true(y[0] < 1e-37f && y[0] >= 0 && y[3] < 1e-37f && y[7] < 1e-37f);
    assert_true(isinf(y[1]) && isinf(y[4]) && y[2] == 1 && isnan(y[5]));
    assert_near(ops->name, "exp(88.5)", y[6], 2.7230879e38f, 1e-6, 0);
    const float positive[N] = {0, 1, INFINITY, -1, NAN, 1.17549435e-38f, 3.4e38f, -0.0f};
    ops->vlog(y, positive, N);
    assert_true(y[0] == -INFINITY && y[7] == -INFINITY && y[1] == 0 && y[2] == INFINITY);
    assert_true(isnan(y[3]) && isnan(y[4]));
    assert_near(ops->name, "log(FLT_MIN)", y[5], -87.336545f, 1e-6, 0);
    for (int kind = NQI_SIGMOID; kind <= NQI_SOFTPLUS; kind++) {
        ops->activate((nqi_activation)kind, y, far, N);
        assert_true(isnan(y[5]));
        assert_true(isfinite(y[0]) && isfinite(y[1]) && isfinite(y[7]));
    }
}

static void extremes_are_sane(void **state)
{
    (void)state;
    check_extremes(nqi_ops_ref());
    each_table(check_extremes);
}

enum { BLOCK = 30 * 288 }; /* features x stride of the largest block below */

static void check_rbf_shape(const nqi_ops *ops, size_t units, size_t dim, size_t rows, size_t ld)
{
    float *x = normals_new(BLOCK, 1), *centres = normals_new(BLOCK, 2);
    float *log_width = normals_new(BLOCK, 3), *dh = normals_new(BLOCK, 4);
    float *want[4], *got[4]; /* h, dx, dcentres, dlog_width */
    x[0] = 1000;             /* far from every centre */
    for (uint32_t i = 0; i < 4; i++) {
        want[i] = normals_new(BLOCK, 5 + i);
        got[i] = copy_new(want[i], BLOCK);
    }
    for (int i = 0; i < 2; i++) {
        const nqi_ops *which = i ? ops : nqi_ops_ref();
        float **out = i ? got : want;
        const nqi_rbf_basis basis = {centres, log_width, units, dim};
        const nqi_matrix h = {out[0], ld}, dx = {ld == rows ? NULL : out[1], ld};
        const nqi_const_matrix made = {out[0], ld}, from = {x, ld};
        which->rbf.forward(h, from, basis, rows);
        which->rbf.backward(dx, (nqi_rbf_gradient){out[2], out[3]}, (nqi_const_matrix){dh, ld},
                            made, from, basis, rows, dim == 3);
    }
    assert_all_near(ops->name, "h", got[0], want[0], units * ld, 2e-5, 1e-6);
    for (size_t i = 1; i < 4; i++)
        assert_all_near(ops->name, "rbf gradient", got[i], want[i], units * ld, 1e-4, 1e-3);
    for (size_t i = 0; i < 4; i++) {
        nqi_aligned_free(want[i]);
        nqi_aligned_free(got[i]);
    }
    float *const all[] = {x, centres, log_width, dh};
    for (size_t i = 0; i < 4; i++)
        nqi_aligned_free(all[i]);
}

static void check_rbf(const nqi_ops *ops)
{
    check_rbf_shape(ops, 16, 2, 64, 80);
    check_rbf_shape(ops, 1, 3, 16, 16);
    check_rbf_shape(ops, 17, 5, 48, 64);
    check_rbf_shape(ops, 30, 3, 272, 288);
}

static void radial_units_agree_with_ref(void **state)
{
    (void)state;
    each_table(check_rbf);
}

/* out outcomes of messages from `in`, by a table that lies either way. */
static void check_laws_of(const nqi_ops *ops, size_t out, size_t in, size_t rows, int transposed)
{
    const nqi_dense_size size = {out, in, rows};
    float *w = normals_new(out * in, 1), *x = normals_new(in * rows, 2);
    float *want[3], *got[3]; /* of mix, multiply (and its sums) and divide */
    for (size_t i = 0; i < out * in; i++)
        w[i] = fabsf(w[i]);
    for (size_t i = 0; i < in * rows; i++)
        x[i] = i % rows == 5 ? 0 : fabsf(x[i]); /* a row that is nowhere */
    for (int i = 0; i < 2; i++) {
        const nqi_levels_ops *levels = i ? &ops->levels : &nqi_ops_ref()->levels;
        float **y = i ? got : want;
        for (size_t k = 0; k < 3; k++)
            y[k] = floats_new((out + 1) * rows);
        levels->mix(y[0], w, x, size, transposed);
        memcpy(y[1], y[0], out * rows * sizeof **y);
        levels->multiply(y[1], y[0], y[1] + out * rows, out, rows);
        memcpy(y[2], y[1], out * rows * sizeof **y);
        levels->divide(y[2], y[0], out, rows);
    }
    for (size_t k = 0; k < 3; k++) {
        assert_all_near(ops->name, "laws", got[k], want[k], (out + (k == 1)) * rows, 1e-5, 0);
        nqi_aligned_free(want[k]);
        nqi_aligned_free(got[k]);
    }
    nqi_aligned_free(w);
    nqi_aligned_free(x);
}

static void check_laws(const nqi_ops *ops)
{
    static const size_t outs[] = {1, 2, 3, 4, 8, 13, 16}, rows[] = {16, 48};
    for (size_t i = 0; i < sizeof outs / sizeof *outs; i++)
        for (size_t k = 0; k < 4; k++)
            check_laws_of(ops, outs[i], i == 3 ? 9 : outs[6 - i], rows[k / 2], k % 2);
}

static void laws_agree_with_ref(void **state)
{
    (void)state;
    each_table(check_laws);
}

static void check_optimisers(const nqi_ops *ops)
{
    const nqi_adam options = {0.01, 0.9, 0.999, 1e-8, 1 - 0.9, 1 - 0.999, 0.1};
    float *gradient = normals_new(LONGEST, 1);
    for (size_t i = 0; i < LENGTHS; i++) {
        const size_t n = lengths[i];
        float *want[4], *got[4]; /* w, m, v, average */
        for (uint32_t j = 0; j < 4; j++) {
            want[j] = normals_new(LONGEST, 2 + j);
            for (size_t k = 0; j == 2 && k < LONGEST; k++)
                want[j][k] = fabsf(want[j][k]);
            got[j] = copy_new(want[j], LONGEST);
        }
        for (int j = 0; j < 2; j++) {
            const nqi_ops *which = j ? ops : nqi_ops_ref();
            float **out = j ? got : want;
            which->adam(out[0], out[1], out[2], gradient, n, &options);
            which->rmsprop(out[0], out[2], gradient, n, 0.01, 0.9, 1e-6);
            which->average(out[3], out[0], n, 0.99);
            which->adam_average(out[0], out[1], out[2], out[3], gradient, n, &options, 0.9);
            which->vadd(out[0], gradient, n);
        }
        for (size_t j = 0; j < 4; j++) {
            assert_all_near(ops->name, "optimiser", got[j], want[j], LONGEST, 1e-6, 1e-6);
            assert_true(fabs(ops->sum_squares(got[j], n) -
                             nqi_ops_ref()->sum_squares(got[j], n)) <= 1e-10);
            nqi_aligned_free(want[j]);
            nqi_aligned_free(got[j]);
        }
    }
    nqi_aligned_free(gradient);
}

static void optimisers_agree_with_ref(void **state)
{
    (void)state;
    each_table(check_optimisers);
}

/* The fused pass is the two in turn, bit for bit: a bank that is averaged later must not differ. */
static void check_fused(const nqi_ops *ops)
{
    const nqi_adam options = {0.01, 0.9, 0.999, 1e-8, 1 - 0.9, 1 - 0.999, 0.1};
    float *gradient = normals_new(LONGEST, 1);
    for (size_t i = 0; i < LENGTHS; i++) {
        float *want[4], *got[4]; /* w, m, v, average */
        for (uint32_t j = 0; j < 4; j++) {
            want[j] = normals_new(LONGEST, 2 + j);
            for (size_t k = 0; j == 2 && k < LONGEST; k++)
                want[j][k] = fabsf(want[j][k]);
            got[j] = copy_new(want[j], LONGEST);
        }
        ops->adam(want[0], want[1], want[2], gradient, lengths[i], &options);
        ops->average(want[3], want[0], lengths[i], 0.97);
        ops->adam_average(got[0], got[1], got[2], got[3], gradient, lengths[i], &options, 0.97);
        for (size_t j = 0; j < 4; j++) {
            assert_memory_equal(got[j], want[j], LONGEST * sizeof(float));
            nqi_aligned_free(want[j]);
            nqi_aligned_free(got[j]);
        }
    }
    nqi_aligned_free(gradient);
}

static void the_fused_update_is_adam_and_then_the_average(void **state)
{
    (void)state;
    each_table(check_fused);
}

/* First update from zero: m / c1 = g and v / c2 = g^2, so w moves by the rate against g's sign. */
static void first_adam_update_moves_by_the_rate(void **state)
{
    (void)state;
    const nqi_adam options = {0.01, 0.9, 0.999, 0, 1 - 0.9, 1 - 0.999, 0.5};
    for (size_t i = 0; i < TABLES; i++) {
        float w[3] = {1, 1, 1}, m[3] = {0}, v[3] = {0};
        const float g[3] = {2, -1e-3f, 1e3f};
        if (!table_at(i))
            continue;
        table_at(i)->adam(w, m, v, g, 3, &options);
        for (size_t j = 0; j < 3; j++)
            assert_near(table_at(i)->name, "w", w[j],
                        1 - 0.01f * (g[j] > 0 ? 1.0f : -1.0f) - 0.005f, 1e-5, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(activations_agree_with_ref),
        cmocka_unit_test(slopes_agree_with_ref),
        cmocka_unit_test(exp_and_log_are_accurate),
        cmocka_unit_test(extremes_are_sane),
        cmocka_unit_test(radial_units_agree_with_ref),
        cmocka_unit_test(laws_agree_with_ref),
        cmocka_unit_test(optimisers_agree_with_ref),
        cmocka_unit_test(the_fused_update_is_adam_and_then_the_average),
        cmocka_unit_test(first_adam_update_moves_by_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
