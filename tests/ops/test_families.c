/* test_families.c - every table's Gaussian and binomial slots against ref. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ops/ops_test.h"

enum { DIM = 5, ROWS = 64, LD = 80, SIZE = DIM * LD };

typedef struct arrays {
    float *x, *z, *z_var, *noise, *state; /* inputs; `state` holds bits 0 and 1, as `x` may */
    uint32_t *bits;
    float *want[3], *got[3]; /* outputs: start the same */
} arrays;

static arrays arrays_make(int is_binary)
{
    const nqi_stream stream = {3, NQI_DRAW_TEST, 1, 2};
    arrays a = {normals_new(SIZE, 1),
                normals_new(SIZE, 2),
                normals_new(SIZE, 3),
                normals_new(SIZE, 4),
                normals_new(SIZE, 5),
                nqi_aligned_new(SIZE, 4),
                {NULL},
                {NULL}};
    assert_non_null(a.bits);
    nqi_ops_ref()->random.bits(a.bits, &stream, 0, SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        a.state[i] = a.state[i] > 0;
        a.x[i] = is_binary ? a.x[i] > 0 : a.x[i];
        a.z[i] *= i % 5 ? 1.0f : 20.0f;
        a.z_var[i] *= i % 7 ? 1.0f : 9.0f;
    }
    for (uint32_t i = 0; i < 3; i++) {
        a.want[i] = normals_new(SIZE, 6 + i);
        a.got[i] = copy_new(a.want[i], SIZE);
    }
    return a;
}

static void arrays_free(arrays *a)
{
    float *const all[] = {a->x,       a->z,       a->z_var,  a->noise,  a->state, a->want[0],
                          a->want[1], a->want[2], a->got[0], a->got[1], a->got[2]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        nqi_aligned_free(all[i]);
    nqi_aligned_free(a->bits);
}

/* beta after abar_{t-1} = before. */
static nqi_gaussian_step gaussian_step(double beta, double before)
{
    const double after = before * (1 - beta), cs = sqrt(before) * beta / sqrt(1 - after);
    const double v = before < 1 ? beta * (1 - before) / (1 - after) : beta * exp(-40);
    return (nqi_gaussian_step){
        .signal = (float)sqrt(after),
        .spread = (float)sqrt(1 - after),
        .root_alpha = (float)sqrt(1 - beta),
        .cs = (float)cs,
        .gain = (float)(sqrt(beta) / cs),
        .logit_beta = (float)log(beta / (1 - beta)),
        .log_v = (float)log(v),
        .odds = (float)(cs * cs / v),
        .rest = (float)(v / (cs * cs)),
    };
}

static const nqi_extent extent = {DIM, ROWS, LD}, lanes = {1, 16, 16};
static const nqi_gaussian_slopes no_slopes = {NULL, NULL, 0.3f};

static void gaussian_run(const nqi_ops *ops, float **out, const arrays *a,
                         const nqi_gaussian_step *step)
{
    const nqi_gaussian_slopes slopes = {out[1], out[2], 0.3f};
    const nqi_gaussian_z z = {a->z, a->z_var};
    ops->gaussian.divergence(out[0], slopes, z, a->x, a->noise, step, extent);
    float value[ROWS];
    ops->gaussian.divergence(value, no_slopes, z, a->x, a->noise, step, extent);
    assert_memory_equal(value, out[0], sizeof value);
}

static void gaussian_slots_agree_with_ref(void **state)
{
    (void)state;
    const nqi_gaussian_step steps[] = {gaussian_step(0.1, 0.7), gaussian_step(1e-5, 0.99999),
                                       gaussian_step(0.99, 0.01), gaussian_step(1e-4, 1e-3)};
    for (size_t i = 0; i < 4 * TABLES; i++) {
        const nqi_gaussian_step *step = &steps[i / TABLES];
        const nqi_ops *ref = nqi_ops_ref(), *ops = table_at(i % TABLES);
        if (!ops || ops == ref)
            continue;
        arrays a = arrays_make(0);
        gaussian_run(ref, a.want, &a, step);
        gaussian_run(ops, a.got, &a, step);
        assert_all_near(ops->name, "divergence", a.got[0], a.want[0], LD, 4e-6, 2e-6);
        assert_all_near(ops->name, "dz", a.got[1], a.want[1], SIZE, 2e-6, 1e-6);
        assert_all_near(ops->name, "dz_var", a.got[2], a.want[2], SIZE, 4e-6, 1e-6);
        ref->gaussian.corrupt(a.want[0], a.x, a.noise, step, extent);
        ops->gaussian.corrupt(a.got[0], a.x, a.noise, step, extent);
        assert_all_near(ops->name, "corrupt", a.got[0], a.want[0], SIZE, 1e-6, 1e-6);
        const nqi_gaussian_z z = {a.z, a.z_var};
        ref->gaussian.reverse(a.want[1], a.x, z, a.noise, step, extent);
        memcpy(a.got[1], a.x, DIM * LD * sizeof(float)); /* out may be x_t */
        ops->gaussian.reverse(a.got[1], a.got[1], z, a.noise, step, extent);
        for (size_t d = 0; d < DIM; d++)
            assert_all_near(ops->name, "reverse", a.got[1] + d * LD, a.want[1] + d * LD, ROWS,
                            2e-6, 2e-6);
        arrays_free(&a);
    }
}

static void belief_run(const nqi_ops *ops, float **out, const arrays *a,
                       const nqi_gaussian_step *step)
{
    float value[ROWS];
    const nqi_gaussian_slopes slopes = {out[1], out[2], 0.3f};
    const nqi_gaussian_z z = {a->z, a->z_var};
    ops->gaussian.belief_divergence(out[0], slopes, z, a->x, a->noise, step, extent);
    ops->gaussian.belief_divergence(value, no_slopes, z, a->x, a->noise, step, extent);
    assert_memory_equal(value, out[0], sizeof value);
}

/* The last of these steps is t = 1: the posterior of x_0 given x_0 is a point. */
static void belief_slots_agree_with_ref(void **state)
{
    (void)state;
    const nqi_gaussian_step steps[] = {gaussian_step(0.1, 0.7),      gaussian_step(1e-5, 0.99999),
                                       gaussian_step(0.99, 0.01),    gaussian_step(1e-4, 1e-3),
                                       gaussian_step(0.3, 1 - 1e-6), gaussian_step(1e-5, 1)};
    for (size_t i = 0; i < 6 * TABLES; i++) {
        const nqi_gaussian_step *step = &steps[i / TABLES];
        const nqi_ops *ref = nqi_ops_ref(), *ops = table_at(i % TABLES);
        if (!ops || ops == ref)
            continue;
        arrays a = arrays_make(0);
        belief_run(ref, a.want, &a, step);
        belief_run(ops, a.got, &a, step);
        assert_all_near(ops->name, "divergence", a.got[0], a.want[0], LD, 4e-6, 2e-6);
        assert_all_near(ops->name, "dz", a.got[1], a.want[1], SIZE, 3e-6, 1e-6);
        assert_all_near(ops->name, "dz_var", a.got[2], a.want[2], SIZE, 6e-6, 1e-6);
        const nqi_gaussian_z z = {a.z, a.z_var};
        ref->gaussian.belief_reverse(a.want[1], a.x, z, a.noise, step, extent);
        memcpy(a.got[1], a.x, DIM * LD * sizeof(float)); /* out may be x_t */
        ops->gaussian.belief_reverse(a.got[1], a.got[1], z, a.noise, step, extent);
        for (size_t d = 0; d < DIM; d++)
            assert_all_near(ops->name, "reverse", a.got[1] + d * LD, a.want[1] + d * LD, ROWS,
                            2e-6, 2e-6);
        arrays_free(&a);
    }
}

/* Beyond the limit the value stays and the slope leads back, or is 0. */
static void beliefs_beyond_the_limit_are_led_back(void **state)
{
    (void)state;
    const nqi_gaussian_step step = gaussian_step(0.1, 0.7);
    _Alignas(64) float z[16] = {0}, x[16], noise[16] = {0}, z_var[16], kl[16], dz[16], dz_var[16];
    for (size_t r = 0; r < 16; r++) {
        z_var[r] = (r & 1 ? 1.0f : -1.0f) * (r & 2 ? 12.0f : 1e9f);
        x[r] = r & 4 ? 1e5f : 0;
    }
    const nqi_gaussian_slopes slopes = {dz, dz_var, 1};
    for (size_t t = 0; t < TABLES; t++) {
        if (!table_at(t))
            continue;
        table_at(t)->gaussian.belief_divergence(kl, slopes, (nqi_gaussian_z){z, z_var}, x, noise,
                                                &step, lanes);
        for (size_t r = 0; r < 16; r++)
            assert_true(isfinite(kl[r]) && isfinite(dz[r]) && kl[r] == kl[r ^ 2]);
        assert_true(dz_var[0] == 0 && dz_var[1] > 0 && dz_var[4] < 0 && dz_var[5] == 0);
    }
}

/* Bayes for one bit of mean `mean`: q(u | x_t, x_0) by q(x_t | u) q(u | x_0). */
static nqi_binomial_step binomial_step(double mean, double beta, double before)
{
    nqi_binomial_step step;
    const double after = before * (1 - beta);
    const double on[2] = {(1 - after) * mean, after + (1 - after) * mean};
    for (int now = 0; now < 2; now++) {
        double q[2], qc[2];
        for (int truth = 0; truth < 2; truth++) {
            const double prior = before * truth + (1 - before) * mean;
            const double one = (now ? 1 - beta + beta * mean : beta * (1 - mean)) * prior;
            const double zero = (now ? beta * mean : 1 - beta * mean) * (1 - prior);
            q[truth] = one / (one + zero);
            qc[truth] = zero / (one + zero);
        }
        step.q1[now] = (float)q[1];
        step.q0[now] = (float)q[0];
        step.q1c[now] = (float)qc[1];
        step.q0c[now] = (float)qc[0];
        step.gap[now] = (float)(q[1] - q[0]);
        step.logit_prior[now] =
            (float)log(mean / (1 - mean) * (now ? on[1] / on[0] : (1 - on[1]) / (1 - on[0])));
        step.flip[now] = (float)on[now];
    }
    return step;
}

static void binomial_check(const nqi_ops *ops, nqi_binomial_steps steps)
{
    const nqi_ops *ref = nqi_ops_ref();
    arrays a = arrays_make(1);
    const nqi_slope want = {a.want[1], 0.3f}, got = {a.got[1], 0.3f}, none = {NULL, 1};
    ref->binomial.divergence(a.want[0], want, a.z, a.x, a.state, steps, extent);
    ops->binomial.divergence(a.got[0], got, a.z, a.x, a.state, steps, extent);
    for (size_t i = 0; i < ROWS; i++)
        assert_true(isfinite(a.want[0][i]) && a.want[0][i] > -1e-6f);
    assert_all_near(ops->name, "divergence", a.got[0], a.want[0], LD, 2e-6, 1e-6);
    assert_all_near(ops->name, "dz", a.got[1], a.want[1], SIZE, 3e-6, 1e-8);
    ops->binomial.divergence(a.got[2], none, a.z, a.x, a.state, steps, extent);
    assert_memory_equal(a.got[2], a.got[0], ROWS * sizeof(float));
    ref->binomial.corrupt(a.want[2], a.x, a.bits, steps, extent);
    memcpy(a.got[2], a.want[2], SIZE * sizeof(float));
    for (size_t i = 0; i < SIZE; i++)
        if (i % LD < ROWS)
            a.got[2][i] = 7;
    ops->binomial.corrupt(a.got[2], a.x, a.bits, steps, extent);
    assert_memory_equal(a.got[2], a.want[2], SIZE * sizeof(float));
    /* A draw within rounding of its probability may fall on either side: not among these. */
    ref->binomial.reverse(a.want[2], a.state, a.z, a.bits, steps, extent);
    ops->binomial.reverse(a.got[2], a.state, a.z, a.bits, steps, extent);
    assert_memory_equal(a.got[2], a.want[2], SIZE * sizeof(float));
    arrays_free(&a);
}

static void binomial_slots_agree_with_ref(void **state)
{
    (void)state;
    const double rates[][2] = {{0.2, 0.6}, {1, 0.01}, {1, 0}, {5e-4, 0.9995}, {1e-4, 0.5}};
    for (size_t i = 0; i < 5 * TABLES; i++) {
        const nqi_ops *ops = table_at(i % TABLES);
        nqi_binomial_step steps[2 * DIM];
        for (size_t bit = 0; bit < 2 * DIM; bit++)
            steps[bit] = binomial_step(0.01 + 0.09 * (double)bit, rates[i / TABLES][0],
                                       rates[i / TABLES][1]);
        for (size_t stride = 0; ops && stride < 3; stride++)
            binomial_check(ops, (nqi_binomial_steps){steps, stride});
    }
}

/* Posteriors that are 0 or 1, and outputs far out: finite, and as in ref. */
static void certain_posteriors_stay_finite(void **state)
{
    (void)state;
    const nqi_binomial_step steps[] = {
        {.q1 = {1, 1}, .q0c = {1, 1}, .gap = {1, 1}},
        {.q1c = {1, 1}, .q0c = {1, 1}},
        {.q1 = {1, 1}, .q0 = {1, 1}},
        {.q1 = {1, 1}, .q0 = {0.25f, 0.25f}, .q0c = {0.75f, 0.75f}, .gap = {0.75f, 0.75f}},
    };
    _Alignas(64) float z[16] = {80,  -80, 80,   -80,      0,         1, -1, 30,
                                -30, 500, -500, INFINITY, -INFINITY, 0, 3,  -3};
    _Alignas(64) float x_0[16], x_t[16] = {0}, want[2][16], got[2][16];
    for (size_t i = 0; i < 4 * TABLES * 2; i++) {
        const nqi_ops *ops = table_at(i % TABLES);
        const nqi_binomial_steps step = {&steps[i / TABLES % 4], 0};
        for (size_t r = 0; r < 16; r++)
            x_0[r] = i < 4 * TABLES;
        nqi_ops_ref()->binomial.divergence(want[0], (nqi_slope){want[1], 1}, z, x_0, x_t, step,
                                           lanes);
        if (!ops)
            continue;
        ops->binomial.divergence(got[0], (nqi_slope){got[1], 1}, z, x_0, x_t, step, lanes);
        for (size_t r = 0; r < 16; r++)
            assert_true(isfinite(got[0][r]) && isfinite(got[1][r]) && got[0][r] > -1e-6f);
        assert_all_near(ops->name, "divergence", got[0], want[0], 16, 1e-6, 1e-7);
        assert_all_near(ops->name, "dz", got[1], want[1], 16, 2e-6, 1e-12);
    }
}

/* bits 2^-32 < p, one below and at the threshold, for p with all of float32's digits. */
static void comparisons_with_a_probability_are_exact(void **state)
{
    (void)state;
    const float p[] = {0, 1e-9f, 1.3e-7f, 3.3e-5f, 0.0123456f, 0.3f, 0.7654321f, 0.99999994f, 1};
    _Alignas(64) float zeros[16] = {0}, out[16];
    _Alignas(64) uint32_t bits[16];
    for (size_t i = 0; i < sizeof p / sizeof p[0] * TABLES; i++) {
        const nqi_binomial_step step = {.flip = {p[i / TABLES], 0}};
        const double threshold = 0x1p32 * (double)p[i / TABLES];
        for (size_t r = 0; r < 16; r++) {
            const double near = ceil(threshold) + (double)r - 8;
            bits[r] = (uint32_t)fmin(fmax(near, 0), 4294967295.0);
        }
        if (!table_at(i % TABLES))
            continue;
        table_at(i % TABLES)
            ->binomial.corrupt(out, zeros, bits, (nqi_binomial_steps){&step, 0}, lanes);
        for (size_t r = 0; r < 16; r++)
            assert_true(out[r] == ((double)bits[r] < threshold ? 1.0f : 0.0f));
    }
}

/* What is not a number must not turn into one: a run that diverges has to be noticed. */
static void nan_is_passed_on(void **state)
{
    (void)state;
    const nqi_gaussian_step gaussian = gaussian_step(0.1, 0.7);
    const nqi_binomial_step binomial = binomial_step(0.3, 0.1, 0.7);
    _Alignas(64) float bad[16], good[16] = {0}, kl[16], dz[16], dz_var[16];
    for (size_t r = 0; r < 16; r++)
        bad[r] = NAN;
    const nqi_gaussian_slopes slopes = {dz, dz_var, 1};
    const nqi_gaussian_z bad_mean = {bad, good}, bad_variance = {good, bad};
    for (size_t t = 0; t < TABLES; t++) {
        const nqi_ops *ops = table_at(t);
        if (!ops)
            continue;
        ops->gaussian.divergence(kl, slopes, bad_mean, good, good, &gaussian, lanes);
        assert_true(isnan(kl[0]) && isnan(dz[15]));
        ops->gaussian.divergence(kl, slopes, bad_variance, good, good, &gaussian, lanes);
        assert_true(isnan(kl[15]) && isnan(dz_var[0]));
        ops->gaussian.belief_divergence(kl, slopes, bad_mean, good, good, &gaussian, lanes);
        assert_true(isnan(kl[0]) && isnan(dz[15]) && isnan(dz_var[3]));
        ops->gaussian.belief_divergence(kl, slopes, bad_variance, good, good, &gaussian, lanes);
        assert_true(isnan(kl[15]) && isnan(dz_var[0]));
        ops->binomial.divergence(kl, (nqi_slope){dz, 1}, bad, good, good,
                                 (nqi_binomial_steps){&binomial, 0}, lanes);
        assert_true(isnan(kl[0]) && isnan(dz[15]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaussian_slots_agree_with_ref),
        cmocka_unit_test(belief_slots_agree_with_ref),
        cmocka_unit_test(beliefs_beyond_the_limit_are_led_back),
        cmocka_unit_test(binomial_slots_agree_with_ref),
        cmocka_unit_test(certain_posteriors_stay_finite),
        cmocka_unit_test(comparisons_with_a_probability_are_exact),
        cmocka_unit_test(nan_is_passed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
