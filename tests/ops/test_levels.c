/* test_levels.c - every table's slots of levels against ref, and what must hold of them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ops/ops_test.h"

enum { DIM = 2, ROWS = 48, LD = 64, LEVELS_MOST = 1000, KINDS = 5, RATES = 6 };

static const size_t counts[KINDS] = {2, 3, 7, 42, LEVELS_MOST};

/* beta after abar_{t-1} = 1 - lost; lost 0: t = 1. */
static const struct {
    double beta, lost;
} rates[RATES] = {{0.1, 0.3}, {1e-5, 1e-6}, {0.99, 0.9}, {1, 0.5}, {0.02, 0}, {1e-6, 0}};

/* Cells of DIM numbers, of `levels.count` levels, and their outputs. */
typedef struct cells {
    nqi_levels levels; /* but for the step, which lies beside it */
    nqi_levels_step step;
    float *pi, *x_0, *x_t, *z, *want, *got;
    uint32_t *below, *bits;
    size_t outputs; /* numbers of z */
} cells;

static nqi_levels_step step_of(double beta, double lost)
{
    const double keep = (1 - lost) * (1 - beta), kept = floor(keep * 0x1p32 + 0.5);
    return (nqi_levels_step){
        .alpha = (float)(1 - beta),
        .beta = (float)beta,
        .keep = (float)keep,
        .forget = (float)(lost + beta - lost * beta),
        .before = (float)(1 - lost),
        .lost = (float)lost,
        .kept = (uint32_t)fmin(kept, 4294967295.0),
    };
}

/* Some levels are a million times rarer than others. */
static void fill_pi(cells *c)
{
    const size_t count = c->levels.count;
    for (size_t i = 0; i < DIM; i++) {
        double sum = 0, below = 0;
        for (size_t k = 0; k < count; k++)
            sum += k % 5 == 1 && i ? 1e-6 : 1 + (double)(k % 3);
        for (size_t k = 0; k < count; k++) {
            const double pi = (k % 5 == 1 && i ? 1e-6 : 1 + (double)(k % 3)) / sum;
            below += pi;
            c->pi[i * count + k] = (float)pi;
            c->below[i * count + k] = (uint32_t)fmin(floor(below * 0x1p32), 4294967295.0);
        }
    }
}

/* Outputs up to +-60, and levels of which the first and the last occur often. */
static cells cells_new(size_t count, double beta, double lost)
{
    const nqi_stream stream = {3, NQI_DRAW_TEST, 1, 2};
    cells c = {.step = step_of(beta, lost), .outputs = DIM * count * LD};
    c.pi = floats_new(DIM * count);
    c.below = nqi_aligned_new(DIM * count, sizeof *c.below);
    c.levels = (nqi_levels){count, c.pi, c.below, NULL};
    fill_pi(&c);
    c.x_0 = normals_new(DIM * LD, 1);
    c.x_t = normals_new(DIM * LD, 2);
    c.z = normals_new(c.outputs, 3);
    c.want = normals_new(c.outputs, 4);
    c.got = copy_new(c.want, c.outputs);
    c.bits = nqi_aligned_new(DIM * LD, sizeof *c.bits);
    assert_true(c.bits && c.below);
    nqi_ops_ref()->random.bits(c.bits, &stream, 0, DIM * LD);
    for (size_t j = 0; j < DIM * LD; j++) {
        const size_t level = nqi_stream_bits(&stream, 1000 + j) % count;
        c.x_0[j] = (float)(j % 5 == 0 ? 0 : j % 5 == 1 ? count - 1 : level);
        c.x_t[j] = j % 3 ? c.x_0[j] : (float)((level + j) % count);
    }
    for (size_t j = 0; j < c.outputs; j++)
        c.z[j] *= j / LD % 7 == 3 ? 15.0f : j / LD % 11 == 4 ? 0 : 1;
    return c;
}

static void cells_free(cells *c)
{
    float *const all[] = {c->pi, c->x_0, c->x_t, c->z, c->want, c->got};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        nqi_aligned_free(all[i]);
    nqi_aligned_free(c->below);
    nqi_aligned_free(c->bits);
}

static const nqi_extent extent = {DIM, ROWS, LD};

static nqi_levels levels_of(const cells *c)
{
    nqi_levels levels = c->levels;
    levels.step = &c->step;
    return levels;
}

static void divergence(const nqi_ops *ops, float *kl, float *dz, const cells *c)
{
    const nqi_levels levels = levels_of(c);
    ops->levels.divergence(kl, (nqi_slope){dz, 0.3f}, (nqi_const_matrix){c->z, DIM * LD}, c->x_0,
                           c->x_t, &levels, extent);
}

static void divergence_check(const nqi_ops *ops, const cells *c)
{
    float want[ROWS], got[ROWS], value[ROWS];
    divergence(nqi_ops_ref(), want, c->want, c);
    divergence(ops, got, c->got, c);
    divergence(ops, value, NULL, c);
    for (size_t r = 0; r < ROWS; r++)
        assert_true(isfinite(want[r]) && want[r] > -1e-6f);
    /* sums of a thousand terms in float32 */
    const double relative = c->levels.count > 100 ? 5e-5 : 2e-5;
    assert_all_near(ops->name, "divergence", got, want, ROWS, relative, 2e-7);
    assert_memory_equal(value, got, sizeof value);
    for (size_t j = 0; j < c->outputs; j++)
        assert_near(ops->name, "dz", c->got[j], c->want[j], 2e-5, 1e-7);
}

/* Draws of corrupt are the same to the bit; those of reverse but where rounding decides. */
static void draws_check(const nqi_ops *ops, const cells *c)
{
    const nqi_ops *ref = nqi_ops_ref();
    size_t differ = 0;
    const nqi_levels levels = levels_of(c);
    const nqi_const_matrix z = {c->z, DIM * LD};
    ref->levels.corrupt(c->want, c->x_0, c->bits, &levels, extent);
    ops->levels.corrupt(c->got, c->x_0, c->bits, &levels, extent);
    for (size_t j = 0; j < DIM * LD; j++)
        if (j % LD < ROWS)
            assert_true(c->want[j] == c->got[j]);
    ref->levels.reverse(c->want, c->x_t, z, c->bits, &levels, extent);
    memcpy(c->got, c->x_t, DIM * LD * sizeof(float)); /* out may be x_t */
    ops->levels.reverse(c->got, c->got, z, c->bits, &levels, extent);
    for (size_t j = 0; j < DIM * LD; j++)
        if (j % LD < ROWS) {
            assert_true(c->got[j] >= 0 && c->got[j] < (float)c->levels.count);
            differ += c->want[j] != c->got[j];
        }
    assert_true(differ <= (c->levels.count > 100 ? 2 : 0));
}

static void slots_of_levels_agree_with_ref(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS * RATES * TABLES; i++) {
        const nqi_ops *ops = table_at(i % TABLES);
        const size_t rate = i / TABLES % RATES;
        if (!ops || ops == nqi_ops_ref())
            continue;
        cells c = cells_new(counts[i / TABLES / RATES], rates[rate].beta, rates[rate].lost);
        divergence_check(ops, &c);
        draws_check(ops, &c);
        cells_free(&c);
    }
}

/* Divergences of 1e-9 and less: what is lost when p and q nearly agree. */
static void small_divergences_keep_their_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3 * TABLES; i++) {
        const nqi_ops *ops = table_at(i % TABLES);
        const double beta[3] = {1e-5, 0.9, 0.1}, lost[3] = {1e-4, 0.999, 0.4};
        if (!ops)
            continue;
        cells c = cells_new(7, beta[i / TABLES], lost[i / TABLES]);
        for (size_t j = 0; j < DIM * LD; j++) {
            c.x_t[j] = c.x_0[j];
            c.z[(size_t)c.x_0[j] * DIM * LD + j] = 20;
        }
        divergence_check(ops, &c);
        for (size_t j = 0; j < DIM * LD; j++) /* the sum over levels is 0 */
            if (j % LD < ROWS) {
                double sum = 0, size = 0;
                for (size_t k = 0; k < 7; k++) {
                    sum += (double)c.got[k * DIM * LD + j];
                    size = fmax(size, fabs((double)c.got[k * DIM * LD + j]));
                }
                assert_true(fabs(sum) <= 1e-6 * size);
            }
        cells_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_of_levels_agree_with_ref),
        cmocka_unit_test(small_divergences_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
