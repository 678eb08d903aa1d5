/* test_sampler.c - samples have the law that the reverse process says they have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"

enum { DRAWS = 20000 };

static double *draw(nq_context *context, const nq_model *model, size_t rows, uint64_t seed)
{
    const nq_sample_options options = {.rows = rows, .seed = seed};
    double *out = malloc(rows * nq_model_columns(model) * sizeof *out);
    assert_non_null(out);
    assert_ok(nq_sample(out, context, model, &options), context);
    return out;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean and variance within 4 standard errors, and the law by Kolmogorov-Smirnov at 1e-3. x is
 * sorted. */
static void assert_normal(double *x, size_t count, double variance)
{
    double sum = 0, squares = 0, distance = 0;
    const double n = (double)count;
    qsort(x, count, sizeof *x, by_value);
    for (size_t i = 0; i < count; i++) {
        const double below = 0.5 * erfc(-(double)x[i] / sqrt(2 * variance));
        sum += (double)x[i];
        squares += (double)x[i] * (double)x[i];
        distance = fmax(distance, fmax(below - (double)i / n, (double)(i + 1) / n - below));
    }
    assert_close("mean", sum / n, 0, 4 * sqrt(variance / n));
    assert_close("variance", squares / n, variance, 4 * variance * sqrt(2 / n));
    assert_true(distance * sqrt(n) < 1.95);
}

static void untrained_gaussian_chain_gives_back_noise(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    const char *const forms[] = {"x0", "forward"};
    nq_dataset *data = dataset_made(context, "gaussian", 500, 2, 1);
    for (int form = 0; form < 2; form++) {
        const setting settings[] = {{"steps", "25"},
                                    {"hidden", "8,8"},
                                    {"scale", "none"},
                                    {"mean_form", forms[form]},
                                    {NULL, NULL}};
        nq_model *model = model_of(context, data, settings);
        double *x = draw(context, model, DRAWS, 3), *column = malloc(DRAWS * sizeof *column);
        double product = 0;
        assert_non_null(column);
        for (size_t r = 0; r < DRAWS; r++)
            product += (double)x[2 * r] * (double)x[2 * r + 1] / DRAWS;
        assert_close("correlation", product, 0, 4 / sqrt(DRAWS));
        for (size_t i = 0; i < 2; i++) {
            for (size_t r = 0; r < DRAWS; r++)
                column[r] = x[2 * r + i];
            assert_normal(column, DRAWS, 1);
        }
        free(column);
        free(x);
        nq_model_free(model);
    }
    nq_dataset_free(data);
    nq_context_free(context);
}

/* The law of x_0 is N(0, V) with V from the chain of the kernels; with the exact ones it is the
 * data's but for the first step and the last state. A large first rate shows the last reverse step,
 * which is the forward kernel. */
static void linear_reverse_process_samples_its_gaussian(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    static const struct {
        const char *beta_1;
        double s2, shrink, widen;
    } kernels[] = {{"1e-4", 0.3, 1, 1}, {"1e-4", 0.05, 1, 1}, {"1e-4", 0.6, 0.97, 1.1},
                   {"1e-4", 1, 1, 1},   {"0.4", 0.1, 1, 1},   {"0.4", 0.5, 0.9, 1}};
    for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++)
        for (int form = 0; form < 3; form++) {
            static const char *const forms[] = {"x0", "forward", "paper"};
            nq_model *model = line_model(context, "30", kernels[k].beta_1, forms[form]);
            const double variance =
                set_line(model, kernels[k].s2, kernels[k].shrink, kernels[k].widen);
            double *x = draw(context, model, DRAWS, 10 + k);
            assert_normal(x, DRAWS, variance);
            free(x);
            nq_model_free(model);
        }
    nq_context_free(context);
}

static size_t state_of(const double *row)
{
    size_t s = 0;
    for (size_t i = 0; i < BITS; i++) {
        assert_true(row[i] == 0 || row[i] == 1);
        s |= (size_t)row[i] << i;
    }
    return s;
}

/* Frequencies of states against a law: chi-square with 7 degrees of freedom, at 1e-3. */
static void assert_law(const double *rows, size_t count, const double *law)
{
    double seen[STATES] = {0}, chi_square = 0;
    for (size_t r = 0; r < count; r++)
        seen[state_of(rows + r * BITS)]++;
    for (size_t s = 0; s < STATES; s++) {
        const double expected = law[s] * (double)count;
        assert_true(expected > 5);
        chi_square += (seen[s] - expected) * (seen[s] - expected) / expected;
    }
    if (!(chi_square < 24.32))
        fail_msg("chi-square is %g", chi_square);
}

static void untrained_binomial_chain_gives_back_its_prior(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    const char *const activities[] = {"0.5", "0.2", "0.7"};
    for (int m = 0; m < 3; m++) {
        nq_model *model = bit_model(context, "15", activities[m]);
        double law[STATES];
        for (size_t s = 0; s < STATES; s++) {
            law[s] = 1;
            for (size_t i = 0; i < BITS; i++)
                law[s] *= (s >> i) & 1 ? atof(activities[m]) : 1 - atof(activities[m]);
        }
        double *x = draw(context, model, DRAWS, 4);
        assert_law(x, DRAWS, law);
        free(x);
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void bits_come_with_the_probability_of_enumeration(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        double law[STATES];
        nq_model *model = bit_model(context, "9", seed & 1 ? "0.3" : "0.5");
        set_random_logits(model, seed, 1.5);
        bit_law(law, context, model);
        double *x = draw(context, model, DRAWS, seed);
        assert_law(x, DRAWS, law);
        free(x);
        nq_model_free(model);
    }
    nq_context_free(context);
}

static void diffused_bits_come_with_the_probability_of_the_kernel(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = bit_model(context, "9", "0.3");
    double *rows = malloc(DRAWS * BITS * sizeof *rows);
    assert_non_null(rows);
    for (size_t t = 1; t <= 9; t += 4) {
        double law[STATES];
        for (size_t s = 0; s < STATES; s++)
            law[s] = bit_forward(model, t, 5, s);
        for (size_t i = 0; i < DRAWS * BITS; i++)
            rows[i] = (double)((5 >> (i % BITS)) & 1);
        assert_ok(nq_model_diffuse(rows, context, model, rows, DRAWS, t, 6), context);
        if (t == 1) { /* rare states: only the flips of single bits */
            double flips = 0, expected = 0;
            for (size_t r = 0; r < DRAWS; r++)
                flips += state_of(rows + r * BITS) != 5;
            expected = DRAWS * (1 - law[5]);
            assert_close("flips", flips, expected, 4 * sqrt(expected));
        } else {
            assert_law(rows, DRAWS, law);
        }
    }
    free(rows);
    nq_model_free(model);
    nq_context_free(context);
}

static void diffused_numbers_have_the_kernels_moments(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_model *model = line_model(context, "10", "1e-3", "x0");
    const nq_schedule *s = nq_model_schedule(model);
    double *rows = malloc(DRAWS * sizeof *rows);
    assert_non_null(rows);
    for (size_t t = 1; t <= 10; t += 3) {
        for (size_t r = 0; r < DRAWS; r++)
            rows[r] = 1.7;
        assert_ok(nq_model_diffuse(rows, context, model, rows, DRAWS, t, 6), context);
        for (size_t r = 0; r < DRAWS; r++)
            rows[r] -= (sqrt(s->alpha_bar[t - 1]) * 1.7);
        assert_normal(rows, DRAWS, s->one_minus_alpha_bar[t - 1]);
    }
    free(rows);
    nq_model_free(model);
    nq_context_free(context);
}

static void samples_do_not_depend_on_threads_or_on_their_number(void **state)
{
    (void)state;
    double *all = NULL;
    const int threads[3] = {1, 3, 7};
    for (int i = 0; i < 3; i++) {
        nq_context *context = context_open(threads[i]);
        nq_model *model = bit_model(context, "9", "0.3");
        set_random_logits(model, 1, 1.5);
        double *x = draw(context, model, i ? 1000 : 100, 1);
        if (i == 0)
            all = x;
        else {
            assert_memory_equal(x, all, 100 * BITS * sizeof *x);
            free(x);
        }
        nq_model_free(model);
        nq_context_free(context);
    }
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_gaussian_chain_gives_back_noise),
        cmocka_unit_test(linear_reverse_process_samples_its_gaussian),
        cmocka_unit_test(untrained_binomial_chain_gives_back_its_prior),
        cmocka_unit_test(bits_come_with_the_probability_of_enumeration),
        cmocka_unit_test(diffused_bits_come_with_the_probability_of_the_kernel),
        cmocka_unit_test(diffused_numbers_have_the_kernels_moments),
        cmocka_unit_test(samples_do_not_depend_on_threads_or_on_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
