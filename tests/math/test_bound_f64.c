/* test_bound_f64.c - K is a lower bound on log p row by row, and exact where theory says so. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"

static const double two_pi = 6.28318530717958647692;
static const char *const activities[] = {"0.5", "0.2", "0.7", NULL};

static double log_normal(double x, double variance)
{
    return -0.5 * (log(two_pi * variance) + x * x / variance);
}

enum { FORMS = 3 };
static const char *const forms[FORMS] = {"x0", "forward", "paper"};

/* For data N(0, 1) the forward kernels are their own reversal, so that the untrained model is the
 * data's law and K its negative entropy: no step pays more than it must. */
static void bound_is_exact_for_gaussian_data(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    for (int form = 0; form < FORMS; form++) {
        nq_model *model = line_model(context, "20", "1e-4", forms[form]);
        assert_close("variance of x_0", set_line(model, 1, 1, 1), 1, 1e-12);
        const double bound =
            0.5 * (line_bound(context, model, 1) + line_bound(context, model, -1));
        assert_close("K", bound, -0.5 * (log(two_pi) + 1), 1e-11);
        nq_model_free(model);
    }
    nq_context_free(context);
}

/* KL between normals of mean 0, and between kernels N(a x, c) and N(b x, d) at E x^2 = power. */
static double kernel_kl(double a, double c, double b, double d, double power)
{
    return 0.5 * (log(d / c) + (c + (a - b) * (a - b) * power) / d - 1);
}

/* With the exact kernels p and q differ in x_T, which q has not quite forgotten, and in the first
 * step, which is not learned; K falls short of the negative entropy by these two divergences. */
static void exact_kernels_lose_only_the_last_state_and_the_first_step(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const char *const steps[] = {"3", "10", "100", NULL}, *const rates[] = {"1e-6", "0.02"};
    for (int i = 0; steps[i]; i++)
        for (int k = 0; k < 4 * FORMS; k++) {
            const double s2 = k & 1 ? 0.3 : 0.9, root = sqrt(s2);
            nq_model *model = line_model(context, steps[i], rates[k / 2 % 2], forms[k / 4]);
            const nq_schedule *s = nq_model_schedule(model);
            set_line(model, s2, 1, 1);
            const double bound =
                0.5 * (line_bound(context, model, root) + line_bound(context, model, -root));
            const double keep = sqrt(1 - s->beta[0]), ratio = s2 / line_marginal(s, 1, s2);
            const double last = kernel_kl(0, line_marginal(s, s->steps, s2), 0, 1, 0);
            const double first = kernel_kl(keep * ratio, s->beta[0] * ratio, keep, s->beta[0],
                                           line_marginal(s, 1, s2));
            assert_close("K", bound, -0.5 * (log(two_pi * s2) + 1) - last - first, 1e-9);
            nq_model_free(model);
        }
    nq_context_free(context);
}

static void gaussian_bound_is_below_log_p_for_every_row(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    static const double kernels[][3] = {{1, 1, 1},        {0.25, 1, 1},   {0.8, 0.95, 1.1},
                                        {0.5, 1.05, 0.9}, {0.05, 1, 1.5}, {1, 0.5, 1}};
    for (size_t k = 0; k < sizeof kernels / sizeof kernels[0]; k++)
        for (int form = 0; form < FORMS; form++) {
            nq_model *model = line_model(context, "12", "1e-3", forms[form]);
            const double variance = set_line(model, kernels[k][0], kernels[k][1], kernels[k][2]);
            for (double x = -4; x <= 4; x += 0.25)
                if (!(line_bound(context, model, x) <= log_normal(x, variance) + 1e-10))
                    fail_msg("kernel %zu: K(%g) = %.12g exceeds log p = %.12g", k, x,
                             line_bound(context, model, x), log_normal(x, variance));
            nq_model_free(model);
        }
    nq_context_free(context);
}

static void check_rows(nq_context *context, const nq_model *model)
{
    double bounds[STATES], law[STATES], total = 0;
    bit_bounds(bounds, context, model);
    bit_law(law, context, model);
    for (size_t s = 0; s < STATES; s++) {
        total += law[s];
        if (!(bounds[s] <= log(law[s]) + 1e-10))
            fail_msg("K(%zu) = %.12g exceeds log p = %.12g", s, bounds[s], log(law[s]));
    }
    assert_close("sum of p", total, 1, 1e-12);
}

static void binomial_bound_is_below_log_p_for_every_row(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    for (int m = 0; activities[m]; m++) {
        nq_model *model = bit_model(context, "6", activities[m]);
        check_rows(context, model);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            set_random_logits(model, seed, 0.2 * (double)seed);
            check_rows(context, model);
        }
        nq_model_free(model);
    }
    nq_context_free(context);
}

static double mean_bound(nq_context *context, const nq_model *model, const double *law)
{
    double bounds[STATES], sum = 0;
    bit_bounds(bounds, context, model);
    for (size_t s = 0; s < STATES; s++)
        sum += law[s] * bounds[s];
    return sum;
}

/* Moving any logit away from the Bayes-optimal ones costs. */
static void bayes_optimal_rates_give_the_largest_bound(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const double law[STATES] = {0.05, 0.3, 0.25, 0.02, 0.2, 0.03, 0.05, 0.1};
    nq_model *model = bit_model(context, "6", "0.4");
    set_optimal_logits(model, law);
    check_rows(context, model);
    const double best = mean_bound(context, model, law);
    for (size_t t = 2; t <= 6; t++)
        for (size_t i = 0; i < BITS; i++)
            for (size_t s = 0; s < STATES; s++)
                for (int sign = -1; sign <= 1; sign += 2) {
                    nqi_real *logit = bit_logit(model, t, i, s), kept = *logit;
                    *logit += (nqi_real)(0.3 * sign);
                    assert_true(mean_bound(context, model, law) < best);
                    *logit = kept;
                }
    nq_model_free(model);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bound_is_exact_for_gaussian_data),
        cmocka_unit_test(exact_kernels_lose_only_the_last_state_and_the_first_step),
        cmocka_unit_test(gaussian_bound_is_below_log_p_for_every_row),
        cmocka_unit_test(binomial_bound_is_below_log_p_for_every_row),
        cmocka_unit_test(bayes_optimal_rates_give_the_largest_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
