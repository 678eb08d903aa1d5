/* test_entropy.c - the entropy account encloses the exact entropies ([SD15] eq. 24). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "inside.h"
#include "math/by_hand.h"

/* As rows: a multiset of states whose law is that of the counts. */
enum { ROWS = 20 };
static const size_t counts[STATES] = {6, 1, 1, 3, 0, 4, 1, 4};

static nq_dataset *uneven_dataset(nq_context *context, double law[STATES])
{
    double rows[ROWS * BITS];
    size_t r = 0;
    for (size_t s = 0; s < STATES; s++) {
        law[s] = (double)counts[s] / ROWS;
        for (size_t k = 0; k < counts[s]; k++, r++)
            for (size_t i = 0; i < BITS; i++)
                rows[r * BITS + i] = (double)((s >> i) & 1);
    }
    assert_int_equal(r, ROWS);
    return dataset_of(context, rows, ROWS, BITS);
}

/* q(x_t | x_{t-1}) */
static double one_step(const nq_model *model, size_t t, size_t from, size_t to)
{
    const double beta = model->process.schedule.beta[t - 1];
    double product = 1;
    for (size_t i = 0; i < BITS; i++) {
        const int a = (from >> i) & 1, b = (to >> i) & 1;
        const double m = bit_mean(&model->process, i);
        product *= (1 - beta) * (a == b) + beta * (b ? m : 1 - m);
    }
    return product;
}

static double plogp(double p)
{
    return p > 0 ? -p * log(p) : 0;
}

/* H_q(X_{t-1} | X_t) = H(X_{t-1}) + H(X_t | X_{t-1}) - H(X_t), and the middle one. */
static double exact_entropy(const nq_model *model, const double *law, size_t t, double *step)
{
    double before[STATES] = {0}, after[STATES] = {0}, change = 0;
    *step = 0;
    for (size_t x = 0; x < STATES; x++)
        for (size_t s = 0; s < STATES; s++)
            before[s] += law[x] * (t > 1 ? bit_forward(model, t - 1, x, s) : x == s);
    for (size_t s = 0; s < STATES; s++)
        for (size_t to = 0; to < STATES; to++) {
            const double p = one_step(model, t, s, to);
            after[to] += before[s] * p;
            *step += before[s] * plogp(p);
        }
    for (size_t s = 0; s < STATES; s++)
        change += plogp(before[s]) - plogp(after[s]);
    return *step + change;
}

typedef struct account {
    nq_context *context;
    nq_model *model;
    nq_dataset *data;
    nq_bound bound;
    nq_entropy entropy;
} account;

static void account_make(account *out)
{
    const nq_bound_options options = {.terms = 4000, .seed = 1};
    assert_ok(nq_bound_estimate(&out->bound, out->context, out->model, out->data, &options),
              out->context);
    assert_ok(nq_entropy_account(&out->entropy, out->context, out->model, out->data, &out->bound),
              out->context);
}

static void account_free(account *out)
{
    nq_entropy_free(&out->entropy);
    nq_bound_free(&out->bound);
    nq_dataset_free(out->data);
    nq_model_free(out->model);
    nq_context_free(out->context);
}

static void check_bits(const char *activity, int holds)
{
    account a = {.context = context_open(1)};
    double law[STATES], step;
    a.model = bit_model(a.context, "9", activity);
    a.data = uneven_dataset(a.context, law);
    set_optimal_logits(a.model, law);
    account_make(&a);
    assert_int_equal(a.entropy.upper_holds, holds);
    for (size_t t = 1; t <= a.entropy.steps; t++) {
        const double exact = exact_entropy(a.model, law, t, &step);
        assert_close("upper bound", a.entropy.upper[t - 1], step, 1e-6);
        assert_true(a.entropy.lower[t - 1] <= exact + 1e-6);
        if (holds)
            assert_true(exact <= a.entropy.upper[t - 1] + 1e-6);
    }
    account_free(&a);
}

static void bounds_enclose_the_exact_entropy_of_bits(void **state)
{
    (void)state;
    check_bits("0.5", 1);
}

/* Column means of about .6 under an equilibrium of .1: the entropy falls on the way to it. */
static void upper_bound_is_said_to_fail_where_it_does(void **state)
{
    (void)state;
    check_bits("0.1", 0);
}

/* H_q(X_{t-1} | X_t, X_0) by enumeration. */
static void lower_bound_is_the_entropy_given_the_data(void **state)
{
    account a = {.context = context_open(1)};
    double law[STATES];
    (void)state;
    a.model = bit_model(a.context, "9", "0.3");
    a.data = uneven_dataset(a.context, law);
    account_make(&a);
    for (size_t t = 2; t <= a.entropy.steps; t++) {
        double sum = 0;
        for (size_t x = 0; x < STATES; x++)
            for (size_t s = 0; s < STATES; s++)
                for (size_t before = 0; before < STATES; before++) {
                    const double after = bit_forward(a.model, t, x, s);
                    const double joint =
                        bit_forward(a.model, t - 1, x, before) * one_step(a.model, t, before, s);
                    sum += law[x] * after * plogp(joint / after);
                }
        assert_close("lower bound", a.entropy.lower[t - 1], sum, 1e-6);
    }
    account_free(&a);
}

/* For data N(0, s2): H(X_{t-1}|X_t) = 1/2 log(2 pi e beta_t V_{t-1} / V_t). */
static void bounds_enclose_the_exact_entropy_of_a_line(void **state)
{
    account a = {.context = context_open(1)};
    const double s2 = 0.49, two_pi_e = 17.07946844534713;
    const double rows[2] = {-0.7, 0.7};
    (void)state;
    a.model = line_model(a.context, "12", "0.01", "x0");
    a.data = dataset_of(a.context, rows, 2, 1);
    set_line(a.model, s2, 1, 1);
    account_make(&a);
    assert_true(a.entropy.upper_holds);
    assert_close("variance", a.entropy.largest_variance, s2, 1e-6);
    assert_true(a.entropy.lower[0] == -INFINITY);
    for (size_t t = 1; t <= a.entropy.steps; t++) {
        const nq_schedule *s = nq_model_schedule(a.model);
        const double exact = 0.5 * log(two_pi_e * s->beta[t - 1] * line_marginal(s, t - 1, s2) /
                                       line_marginal(s, t, s2));
        assert_true(a.entropy.lower[t - 1] < exact && exact < a.entropy.upper[t - 1]);
        if (t > 1)
            assert_close("lower", a.entropy.lower[t - 1], 0.5 * (log(two_pi_e) + s->log_v[t - 1]),
                         1e-12);
    }
    account_free(&a);
}

static void variance_above_one_is_told(void **state)
{
    account a = {.context = context_open(1)};
    const double rows[2] = {-2, 2};
    (void)state;
    a.model = line_model(a.context, "12", "0.01", "x0");
    a.data = dataset_of(a.context, rows, 2, 1);
    set_line(a.model, 1, 1, 1);
    account_make(&a);
    assert_false(a.entropy.upper_holds);
    assert_close("variance", a.entropy.largest_variance, 4, 1e-6);
    account_free(&a);
}

/* K = H(X_T|X_0) - H(X_1|X_0) - H_p(X_T) - sum of KL, without the edge term: the account's gaps
 * less its costs are what is gained over the equilibrium. Also where the last step is learned. */
static void costs_add_up_to_the_bound(void **state)
{
    (void)state;
    for (int learn_last = 0; learn_last < 2; learn_last++)
        for (int bits = 0; bits < 2; bits++) {
            account a = {.context = context_open(1)};
            double law[STATES], paid = 0;
            const double rows[2] = {-1, 1};
            if (bits) {
                a.model = bit_model(a.context, "9", "0.5");
                a.data = uneven_dataset(a.context, law);
                set_random_logits(a.model, 3, 0.5);
            } else {
                a.model = line_model(a.context, "12", "0.01", "x0");
                a.data = dataset_of(a.context, rows, 2, 1);
                set_line(a.model, 1, 0.9, 1.1);
            }
            nqi_process_learn_last(&a.model->process, learn_last);
            assert_int_equal(nqi_process_reschedule(&a.model->process, a.context,
                                                    a.model->process.schedule.beta),
                             NQ_OK);
            account_make(&a);
            for (size_t i = 0; i < a.entropy.steps; i++) {
                paid += a.entropy.kl[i];
                assert_close("running sum", a.entropy.kl_sum[i], paid, 1e-9);
            }
            const double entropies =
                a.bound.entropy_last - a.bound.entropy_first - a.bound.entropy_prior;
            assert_close("K", entropies - paid, a.bound.bound_paper, 6 * a.bound.se + 1e-4);
            assert_close("data", a.entropy.data_upper, -a.bound.bound, 0);
            if (!learn_last)
                assert_true(a.entropy.kl[0] == 0);
            account_free(&a);
        }
}

static void bound_of_another_model_is_refused(void **state)
{
    account a = {.context = context_open(1)};
    double law[STATES];
    nq_entropy entropy;
    (void)state;
    a.model = bit_model(a.context, "9", "0.5");
    a.data = uneven_dataset(a.context, law);
    account_make(&a);
    nq_model *other = bit_model(a.context, "8", "0.5");
    assert_int_equal(nq_entropy_account(&entropy, a.context, other, a.data, &a.bound),
                     NQ_ERROR_SHAPE);
    nq_entropy_free(&entropy);
    nq_model_free(other);
    account_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_enclose_the_exact_entropy_of_bits),
        cmocka_unit_test(upper_bound_is_said_to_fail_where_it_does),
        cmocka_unit_test(lower_bound_is_the_entropy_given_the_data),
        cmocka_unit_test(bounds_enclose_the_exact_entropy_of_a_line),
        cmocka_unit_test(variance_above_one_is_told),
        cmocka_unit_test(costs_add_up_to_the_bound),
        cmocka_unit_test(bound_of_another_model_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
