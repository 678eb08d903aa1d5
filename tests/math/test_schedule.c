/* test_schedule.c - what every schedule keeps: rates in (0, 1), all digits of complements. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/batch.h"
#include "inside.h"
#include "math/math_test.h"
#include "unit/scratch.h"

static const char *const kinds[] = {
    "constant-fraction", "constant-fraction-gaussian", "linear", "cosine", "log-snr", NULL};

static nq_schedule schedule_of(const char *kind, size_t steps, double beta_1, double last)
{
    nq_schedule s;
    assert_int_equal(nq_schedule_new(&s, NULL, kind, steps, beta_1, last), NQ_OK);
    return s;
}

/* The recursion of findings.md in extended precision: o_t = o_{t-1} (1 - b_t) + b_t. */
static void check_tables(const char *kind, const nq_schedule *s)
{
    long double complement = 0, product = 1;
    for (size_t i = 0; i < s->steps; i++) {
        const long double beta = s->beta[i], before = complement;
        const int is_last = i + 1 == s->steps;
        if (!(s->beta[i] > 0 && (s->beta[i] < 1 || (s->beta[i] == 1 && is_last))))
            fail_msg("%s: rate %zu is %g", kind, i + 1, s->beta[i]);
        complement = complement * (1 - beta) + beta;
        product *= 1 - beta;
        /* the rates are rounded, 1 / (T - t + 1) too: a rounding each */
        const double tolerance = 4e-16 * (double)(i + 4);
        assert_close(kind, s->one_minus_alpha_bar[i] / (double)complement, 1, tolerance);
        assert_close(kind, s->alpha_bar[i], (double)product,
                     tolerance * (double)product + 1e-300);
        if (i)
            assert_close(kind, s->log_v[i], (double)logl(beta * before / complement), 1e-12);
        else
            assert_true(s->log_v[0] == -INFINITY);
        if (i)
            assert_true(s->alpha_bar[i] < s->alpha_bar[i - 1]);
    }
}

static void tables_have_all_their_digits(void **state)
{
    (void)state;
    static const size_t steps[] = {2, 3, 40, 1000};
    for (int k = 0; kinds[k]; k++)
        for (int i = 0; i < 4; i++) {
            nq_schedule s = schedule_of(kinds[k], steps[i], 0, 0.005);
            check_tables(kinds[k], &s);
            nq_schedule_free(&s);
        }
}

static void tiny_first_rates_have_all_their_digits(void **state)
{
    (void)state;
    static const double rates[] = {1e-7, 1e-5, 1e-3};
    for (int k = 1; kinds[k]; k++)
        for (int i = 0; i < 3; i++) {
            nq_schedule s = schedule_of(kinds[k], 50, rates[i], 0.005);
            assert_close(kinds[k], s.beta[0], rates[i], 0);
            check_tables(kinds[k], &s);
            nq_schedule_free(&s);
        }
    const double beta[4] = {1e-7, 1e-7, 2e-7, 0.5};
    nq_schedule s;
    assert_int_equal(nq_schedule_from_beta(&s, NULL, beta, 4), NQ_OK);
    check_tables("rates of 1e-7", &s);
    assert_close("1 - abar_3", s.one_minus_alpha_bar[2] / 3.9999995000000200e-7, 1, 1e-15);
    nq_schedule_free(&s);
}

static void constant_fraction_is_a_ratio_of_integers(void **state)
{
    (void)state;
    for (size_t steps = 2; steps <= 2000; steps = steps * 3 + 1) {
        nq_schedule s = schedule_of("constant-fraction", steps, 0, 0.5);
        for (size_t t = 1; t <= steps; t++) {
            assert_true(s.beta[t - 1] == 1 / (double)(steps - t + 1));
            assert_true(s.alpha_bar[t - 1] == (double)(steps - t) / (double)steps);
            assert_true(s.one_minus_alpha_bar[t - 1] == (double)t / (double)steps);
        }
        nq_schedule_free(&s);
    }
}

static double log_odds(const nq_schedule *s, size_t i)
{
    return log(s->one_minus_alpha_bar[i] / s->alpha_bar[i]);
}

static void log_snr_spaces_the_log_odds_evenly(void **state)
{
    (void)state;
    nq_schedule s = schedule_of("log-snr", 40, 1e-6, 0.01);
    const double rise = (log_odds(&s, 39) - log_odds(&s, 0)) / 39;
    assert_close("beta_1", s.beta[0], 1e-6, 1e-20);
    assert_close("alpha_bar_T", s.alpha_bar[39], 0.01, 1e-14);
    for (size_t i = 1; i < 40; i++)
        assert_close("rise of the log-odds", log_odds(&s, i) - log_odds(&s, i - 1), rise, 1e-11);
    nq_schedule_free(&s);
}

/* The float32 tables that the kernels read, each against the equation that defines it. */
static void check_step(const nqi_process *p, size_t i)
{
    const nqi_gaussian_step *step = gaussian_step(p, i + 1);
    const nq_schedule *s = &p->schedule;
    const double before = i ? s->alpha_bar[i - 1] : 1, beta = s->beta[i];
    const double cs = sqrt(before / s->one_minus_alpha_bar[i]) * beta;
    assert_close("signal", (double)step->signal / sqrt(s->alpha_bar[i]), 1, 1e-7);
    assert_close("spread", (double)step->spread / sqrt(s->one_minus_alpha_bar[i]), 1, 1e-7);
    assert_close("root_alpha", (double)step->root_alpha, sqrt(1 - beta), 1e-7);
    assert_close("cs", (double)step->cs / cs, 1, 1e-7);
    assert_close("gain",
                 (double)step->gain *
                     (nqi_gaussian_of(&p->blocks[0])->forward_form ? cs / sqrt(beta) : 1),
                 1, 2e-7);
    assert_close("logit_beta", (double)step->logit_beta, log(beta / (1 - beta)), 1e-6);
    if (i)
        assert_close("log_v", (double)step->log_v, s->log_v[i], 1e-6);
}

static void float_tables_are_rounded_once(void **state)
{
    (void)state;
    for (int k = 0; kinds[k]; k++)
        for (int form = 0; form < 2; form++) {
            nq_schedule s = schedule_of(kinds[k], 60, k ? 1e-7 : 0, 0.005);
            nqi_process process;
            assert_int_equal(process_of(&process, &s, 2, NULL, form), NQ_OK);
            for (size_t i = 0; i < 60; i++)
                check_step(&process, i);
            nqi_process_free(&process);
        }
}

/* Rates of bits in float32: complements are not subtracted, and the gap is their difference. */
static void binomial_tables_are_rounded_once(void **state)
{
    (void)state;
    nq_schedule s = schedule_of("constant-fraction", 2000, 0, 0.5);
    const double activity[2] = {0.2, 0.0005};
    nqi_process process;
    assert_int_equal(process_of(&process, &s, 2, activity, 0), NQ_OK);
    for (size_t t = 2; t <= 2000; t += 37)
        for (size_t i = 0; i < 2; i++)
            for (int x = 0; x < 2; x++) {
                const nqi_binomial_step *step = binomial_step(&process, t, i);
                double one[2], zero[2];
                for (int x_0 = 0; x_0 < 2; x_0++)
                    nqi_binomial_posterior(&process.schedule, t, activity[i], x, x_0, &one[x_0],
                                           &zero[x_0]);
                assert_close("q0", (double)step->q0[x] / one[0], 1, 1e-7);
                assert_close("q1", (double)step->q1[x] / one[1], 1, 1e-7);
                assert_close("1 - q0", (double)step->q0c[x] / zero[0], 1, 1e-7);
                assert_close("1 - q1", (double)step->q1c[x] / zero[1], 1, 1e-7);
                assert_close("sum", one[0] + zero[0], 1, 1e-15);
                assert_close("gap", (double)step->gap[x], one[1] - one[0], 1e-7 * one[1]);
            }
    nqi_process_free(&process);
}

static const char *write_text(scratch *s, const char *text)
{
    const char *path = scratch_path(s, "rates.txt");
    assert_int_equal(scratch_put(path, text, strlen(text)), 0);
    return path;
}

static void schedule_comes_from_a_file(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_schedule s;
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = write_text(&folder, "0.001\n0.02\n0.1\n0.3\n0.6\n");
    assert_ok(nq_schedule_open(&s, context, path), context);
    assert_int_equal(s.steps, 5);
    /* the file is read as float32 */
    assert_close("beta_2", s.beta[1], 0.02, 1e-8);
    assert_close("1 - abar_5", s.one_minus_alpha_bar[4], 0.75328696, 1e-6);
    check_tables("file", &s);
    nq_schedule_free(&s);
    const setting settings[] = {{"schedule", path}, {"hidden", "4"}, {NULL, NULL}};
    nq_dataset *data = dataset_made(context, "mixture", 50, 1, 1);
    nq_model *model = model_of(context, data, settings);
    assert_int_equal(nq_model_steps(model), 5);
    nq_model_free(model);
    nq_dataset_free(data);
    scratch_free(&folder);
    nq_context_free(context);
}

static void assert_refused(nq_context *context, nq_status status, nq_status expected)
{
    if (status != expected || strlen(nq_context_message(context)) < 15)
        fail_msg("status %s, sentence \"%s\"", nq_status_name(status),
                 nq_context_message(context));
}

static void wrong_rates_are_refused_with_a_sentence(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_schedule s;
    static const double wrong[][3] = {{0, 0.1, 0.2},       {-0.1, 0.1, 0.2}, {1, 0.1, 0.2},
                                      {0.1, 1, 0.2},       {0.1, 0.2, 1.5},  {0.1, NAN, 0.2},
                                      {0.1, 0.2, INFINITY}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(context, nq_schedule_from_beta(&s, context, wrong[i], 3),
                       NQ_ERROR_ARGUMENT);
    assert_refused(context, nq_schedule_from_beta(&s, context, wrong[0], 1), NQ_ERROR_ARGUMENT);
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = write_text(&folder, "0.001\n2\n0.1\n");
    assert_refused(context, nq_schedule_open(&s, context, path), NQ_ERROR_ARGUMENT);
    path = scratch_path(&folder, "missing.txt");
    assert_refused(context, nq_schedule_open(&s, context, path), NQ_ERROR_FILE);
    scratch_free(&folder);
    nq_context_free(context);
}

static void wrong_arguments_are_refused_with_a_sentence(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_schedule s;
    static const struct {
        const char *kind;
        size_t steps;
        double beta_1, last;
    } wrong[] = {{"sigmoid", 10, 0, 0.1},      {"linear", 10, 2, 0.1},
                 {"linear", 0, 0, 0.1},        {"linear", 10, -1, 0.1},
                 {"linear", 10, 1, 0.1},       {"log-snr", 10, 0.1, 0},
                 {"log-snr", 10, 0.1, 1},      {"log-snr", 10, 0.5, 0.6},
                 {"log-snr", 10, 0.1, NAN},    {"cosine", 10, NAN, 0.1},
                 {"linear", 10000000, 0, 0.1}, {"", 10, 0, 0.1}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(context,
                       nq_schedule_new(&s, context, wrong[i].kind, wrong[i].steps,
                                       wrong[i].beta_1, wrong[i].last),
                       NQ_ERROR_ARGUMENT);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_have_all_their_digits),
        cmocka_unit_test(tiny_first_rates_have_all_their_digits),
        cmocka_unit_test(constant_fraction_is_a_ratio_of_integers),
        cmocka_unit_test(log_snr_spaces_the_log_odds_evenly),
        cmocka_unit_test(float_tables_are_rounded_once),
        cmocka_unit_test(binomial_tables_are_rounded_once),
        cmocka_unit_test(schedule_comes_from_a_file),
        cmocka_unit_test(wrong_rates_are_refused_with_a_sentence),
        cmocka_unit_test(wrong_arguments_are_refused_with_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
