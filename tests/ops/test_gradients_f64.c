/* test_gradients_f64.c - backward slots of the reference table against central differences, and
 * its divergences against the plain formulas, in float64. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backend/ops.h"

enum { ROWS = 16, LD = 32, MOST = 8, SIZE = MOST * LD };

/* Every array that a slot may need; strides are larger than the rows. */
typedef struct problem {
    double x[SIZE], y[SIZE], w[MOST * MOST], b[MOST], weight[SIZE];
    double dx[SIZE], dw[MOST * MOST], db[MOST];
    double noise[SIZE], other[SIZE], dother[SIZE], kl[ROWS];
    size_t out, in;
    nqi_activation kind;
    nqi_gaussian_step gaussian;
    nqi_binomial_step binomial[MOST];
} problem;

static void assert_close(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g within %.2g", value, expected, tolerance);
}

static void draw(double *out, size_t n, uint32_t item)
{
    const nqi_stream stream = {7, NQI_DRAW_TEST, 0, item};
    nqi_ops_ref()->random.normal(out, &stream, 0, n);
}

static problem problem_make(size_t out, size_t in)
{
    problem p;
    memset(&p, 0, sizeof p);
    p.out = out;
    p.in = in;
    draw(p.x, SIZE, 1);
    draw(p.w, MOST * MOST, 2);
    draw(p.b, MOST, 3);
    draw(p.weight, SIZE, 4);
    draw(p.noise, SIZE, 5);
    draw(p.other, SIZE, 6);
    return p;
}

/* sum of weight * y over features and rows: its gradient by y is weight. */
static double weighted_sum(const problem *p)
{
    double sum = 0;
    for (size_t o = 0; o < p->out; o++)
        for (size_t r = 0; r < ROWS; r++)
            sum += p->weight[o * LD + r] * p->y[o * LD + r];
    return sum;
}

/* x is a part of p. Elements between the rows and the stride do not count. */
static void check_gradient(double (*loss)(problem *), problem *p, double *x,
                           const double *gradient, size_t features, size_t width, size_t ld)
{
    const double h = 1e-5;
    for (size_t i = 0; i < features; i++) {
        for (size_t at = i * ld; at < i * ld + width; at++) {
            const double start = x[at];
            x[at] = start + h;
            const double above = loss(p);
            x[at] = start - h;
            const double below = loss(p);
            x[at] = start;
            assert_close(gradient[at], (above - below) / (2 * h),
                         1e-7 * (1 + fabs(gradient[at])));
        }
    }
}

static nqi_dense_size size_of(const problem *p)
{
    return (nqi_dense_size){p->out, p->in, ROWS};
}

static nqi_extent extent_of(const problem *p)
{
    return (nqi_extent){p->out, ROWS, LD};
}

static double dense_loss(problem *p)
{
    const nqi_const_matrix w = {p->w, MOST}, x = {p->x, LD};
    nqi_ops_ref()->dense.forward((nqi_matrix){p->y, LD}, w, p->b, x, size_of(p), 0);
    return weighted_sum(p);
}

static void dense_backward_matches_differences(void **state)
{
    (void)state;
    problem p = problem_make(5, 3);
    double scratch[SIZE];
    const nqi_ops *ops = nqi_ops_ref();
    const nqi_const_matrix w = {p.w, MOST}, x = {p.x, LD}, dy = {p.weight, LD};
    ops->dense.backward_input((nqi_matrix){p.dx, LD}, w, dy, size_of(&p), 0);
    ops->dense.backward_weight((nqi_matrix){p.dw, MOST}, p.db, dy, x, size_of(&p), 0, scratch);
    check_gradient(dense_loss, &p, p.x, p.dx, p.in, ROWS, LD);
    check_gradient(dense_loss, &p, p.w, p.dw, p.out, p.in, MOST);
    check_gradient(dense_loss, &p, p.b, p.db, 1, p.out, MOST);
}

static double activate_loss(problem *p)
{
    nqi_ops_ref()->activate(p->kind, p->y, p->x, SIZE);
    return weighted_sum(p);
}

static void activation_slopes_match_differences(void **state)
{
    (void)state;
    for (int kind = NQI_IDENTITY; kind <= NQI_SOFTPLUS; kind++) {
        problem p = problem_make(MOST, MOST);
        p.kind = (nqi_activation)kind;
        activate_loss(&p);
        nqi_ops_ref()->activate_backward(p.kind, p.dx, p.weight, p.x, p.y, SIZE, 0);
        check_gradient(activate_loss, &p, p.x, p.dx, p.out, ROWS, LD);
    }
}

static nqi_rbf_basis basis_of(const problem *p)
{
    return (nqi_rbf_basis){p->w, p->b, p->out, p->in};
}

static double rbf_loss(problem *p)
{
    nqi_ops_ref()->rbf.forward((nqi_matrix){p->y, LD}, (nqi_const_matrix){p->x, LD}, basis_of(p),
                               ROWS);
    return weighted_sum(p);
}

static void rbf_backward_matches_differences(void **state)
{
    (void)state;
    problem p = problem_make(6, 3);
    rbf_loss(&p);
    const nqi_rbf_gradient sums = {p.dw, p.db};
    const nqi_const_matrix dh = {p.weight, LD}, h = {p.y, LD}, x = {p.x, LD};
    nqi_ops_ref()->rbf.backward((nqi_matrix){p.dx, LD}, sums, dh, h, x, basis_of(&p), ROWS, 0);
    check_gradient(rbf_loss, &p, p.x, p.dx, p.in, ROWS, LD);
    check_gradient(rbf_loss, &p, p.w, p.dw, p.out, p.in, p.in);
    check_gradient(rbf_loss, &p, p.b, p.db, 1, p.out, MOST);
}

/* beta = 0.1 after abar_{t-1} = 0.7, with a gain other than 1. */
static nqi_gaussian_step gaussian_step(void)
{
    const double beta = 0.1, before = 0.7, after = before * (1 - beta);
    const double variance = beta * (1 - before) / (1 - after);
    return (nqi_gaussian_step){
        .signal = sqrt(after),
        .spread = sqrt(1 - after),
        .root_alpha = sqrt(1 - beta),
        .cs = sqrt(before) * beta / sqrt(1 - after),
        .gain = 1.25,
        .logit_beta = log(beta / (1 - beta)),
        .log_v = log(variance),
        .odds = before * beta * beta / (1 - after) / variance,
        .rest = variance * (1 - after) / (before * beta * beta),
    };
}

static double sum_rows(const double *kl)
{
    double sum = 0;
    for (size_t r = 0; r < ROWS; r++)
        sum += kl[r];
    return sum;
}

/* x is the mean output z, w... `other` the variance output. */
static nqi_gaussian_z outputs_of(const problem *p)
{
    return (nqi_gaussian_z){p->x, p->other};
}

static const nqi_gaussian_slopes no_slopes = {NULL, NULL, 1};

static double gaussian_loss(problem *p)
{
    nqi_ops_ref()->gaussian.divergence(p->kl, no_slopes, outputs_of(p), p->y, p->noise,
                                       &p->gaussian, extent_of(p));
    return 0.5 * sum_rows(p->kl);
}

static void gaussian_divergence_gradient_matches_differences(void **state)
{
    (void)state;
    problem p = problem_make(4, 4);
    p.gaussian = gaussian_step();
    draw(p.y, SIZE, 9); /* x_0 */
    const nqi_gaussian_slopes slopes = {p.dx, p.dother, 0.5};
    nqi_ops_ref()->gaussian.divergence(p.kl, slopes, outputs_of(&p), p.y, p.noise, &p.gaussian,
                                       extent_of(&p));
    check_gradient(gaussian_loss, &p, p.x, p.dx, p.out, ROWS, LD);
    check_gradient(gaussian_loss, &p, p.other, p.dother, p.out, ROWS, LD);
}

/* KL of two normals by its textbook form, with means and variances formed directly. */
static void gaussian_divergence_is_the_divergence_of_two_normals(void **state)
{
    (void)state;
    problem p = problem_make(1, 1);
    p.gaussian = gaussian_step();
    draw(p.y, SIZE, 9);
    gaussian_loss(&p);
    const double beta = 0.1, before = 0.7, after = before * (1 - beta);
    const double v = beta * (1 - before) / (1 - after);
    for (size_t r = 0; r < ROWS; r++) {
        const double x_0 = p.y[r], x_t = sqrt(after) * x_0 + sqrt(1 - after) * p.noise[r];
        const double m =
            (sqrt(before) * beta * x_0 + sqrt(1 - beta) * (1 - before) * x_t) / (1 - after);
        const double mu = sqrt(1 - beta) * x_t + p.gaussian.cs * p.gaussian.gain * p.x[r];
        const double s = 1 / (1 + (1 - beta) / beta * exp(-p.other[r]));
        const double kl = 0.5 * (log(s / v) + (v + (m - mu) * (m - mu)) / s - 1);
        assert_close(p.kl[r], kl, 1e-12 * (1 + kl));
    }
}

static double belief_loss(problem *p)
{
    nqi_ops_ref()->gaussian.belief_divergence(p->kl, no_slopes, outputs_of(p), p->y, p->noise,
                                              &p->gaussian, extent_of(p));
    return 0.5 * sum_rows(p->kl);
}

static void belief_divergence_gradient_matches_differences(void **state)
{
    (void)state;
    problem p = problem_make(4, 4);
    p.gaussian = gaussian_step();
    draw(p.y, SIZE, 9); /* x_0 */
    const nqi_gaussian_slopes slopes = {p.dx, p.dother, 0.5};
    nqi_ops_ref()->gaussian.belief_divergence(p.kl, slopes, outputs_of(&p), p.y, p.noise,
                                              &p.gaussian, extent_of(&p));
    check_gradient(belief_loss, &p, p.x, p.dx, p.out, ROWS, LD);
    check_gradient(belief_loss, &p, p.other, p.dother, p.out, ROWS, LD);
}

/* S = v + c^2 (1 - abar) e^z by its definition, c = sqrt(abar_{t-1}) beta / (1 - abar_t); beta at
 * z = 0. */
static void belief_divergence_is_the_divergence_of_two_normals(void **state)
{
    (void)state;
    problem p = problem_make(1, 1);
    p.gaussian = gaussian_step();
    draw(p.y, SIZE, 9);
    p.other[3] = 0;
    belief_loss(&p);
    const double beta = 0.1, before = 0.7, after = before * (1 - beta);
    const double v = beta * (1 - before) / (1 - after), c = sqrt(before) * beta / (1 - after);
    for (size_t r = 0; r < ROWS; r++) {
        const double s = v + c * c * (1 - after) * exp(p.other[r]);
        const double u = sqrt(1 - after) * p.y[r] - sqrt(after) * p.noise[r];
        const double gap = p.gaussian.cs * (u - p.gaussian.gain * p.x[r]);
        const double kl = 0.5 * (log(s / v) + (v + gap * gap) / s - 1);
        assert_close(p.kl[r], kl, 1e-12 * (1 + kl));
        if (r == 3)
            assert_close(s, beta, 1e-15);
    }
}

/* Bit i with mean .1 + .1 i after beta, by Bayes: see mathematics of the binomial family. */
static nqi_binomial_step binomial_step(double mean, double beta, double before)
{
    nqi_binomial_step step;
    const double after = before * (1 - beta);
    for (int now = 0; now < 2; now++) {
        double weight[2][2]; /* [x_0][x_{t-1}] */
        for (int truth = 0; truth < 2; truth++) {
            for (int u = 0; u < 2; u++) {
                const double on = (1 - beta) * u + beta * mean;
                const double prior = before * truth + (1 - before) * mean;
                weight[truth][u] = (now ? on : 1 - on) * (u ? prior : 1 - prior);
            }
        }
        const double on1 = after + (1 - after) * mean, on0 = (1 - after) * mean;
        step.q1[now] = weight[1][1] / (weight[1][0] + weight[1][1]);
        step.q1c[now] = weight[1][0] / (weight[1][0] + weight[1][1]);
        step.q0[now] = weight[0][1] / (weight[0][0] + weight[0][1]);
        step.q0c[now] = weight[0][0] / (weight[0][0] + weight[0][1]);
        step.gap[now] = step.q1[now] - step.q0[now];
        step.logit_prior[now] =
            log(mean / (1 - mean)) + (now ? log(on1 / on0) : log((1 - on1) / (1 - on0)));
        step.flip[0] = on0;
        step.flip[1] = on1;
    }
    return step;
}

static problem binomial_problem(double beta, double before)
{
    problem p = problem_make(6, 6);
    for (size_t i = 0; i < p.out; i++) {
        p.binomial[i] = binomial_step(0.1 + 0.15 * (double)i, beta, before);
        for (size_t at = i * LD; at < i * LD + ROWS; at++) {
            p.y[at] = p.noise[at] > 0;     /* x_0 */
            p.noise[at] = p.other[at] > 0; /* x_t */
        }
    }
    return p;
}

static double binomial_loss(problem *p)
{
    nqi_ops_ref()->binomial.divergence(p->kl, (nqi_slope){NULL, 1}, p->x, p->y, p->noise,
                                       (nqi_binomial_steps){p->binomial, 1}, extent_of(p));
    return 2 * sum_rows(p->kl);
}

static void binomial_divergence_gradient_matches_differences(void **state)
{
    (void)state;
    problem p = binomial_problem(0.2, 0.6);
    nqi_ops_ref()->binomial.divergence(p.kl, (nqi_slope){p.dx, 2}, p.x, p.y, p.noise,
                                       (nqi_binomial_steps){p.binomial, 1}, extent_of(&p));
    check_gradient(binomial_loss, &p, p.x, p.dx, p.out, ROWS, LD);
}

static void binomial_divergence_is_the_divergence_of_two_bits(void **state)
{
    (void)state;
    problem p = binomial_problem(0.2, 0.6);
    binomial_loss(&p);
    for (size_t r = 0; r < ROWS; r++) {
        double kl = 0;
        for (size_t i = 0; i < p.out; i++) {
            const nqi_binomial_step *step = &p.binomial[i];
            const int now = p.noise[i * LD + r] > 0;
            const double rho = 1 / (1 + exp(-p.x[i * LD + r] - step->logit_prior[now]));
            const double a = p.y[i * LD + r] > 0 ? step->q1[now] : step->q0[now];
            const double f = rho * step->q1[now] + (1 - rho) * step->q0[now];
            kl += a * log(a / f) + (1 - a) * log((1 - a) / (1 - f));
        }
        assert_close(p.kl[r], kl, 1e-12 * (1 + kl));
    }
}

/* beta_T = 1 forgets everything: x_T says nothing, and at abar_{T-1} = 0 neither does x_0. */
static void divergence_of_the_last_step_is_finite(void **state)
{
    (void)state;
    for (int forgotten = 0; forgotten < 2; forgotten++) {
        problem p = binomial_problem(1, forgotten ? 0 : 0.01);
        nqi_ops_ref()->binomial.divergence(p.kl, (nqi_slope){p.dx, 1}, p.x, p.y, p.noise,
                                           (nqi_binomial_steps){p.binomial, 1}, extent_of(&p));
        for (size_t r = 0; r < ROWS; r++) {
            assert_true(isfinite(p.kl[r]));
            assert_true(forgotten ? p.kl[r] == 0 : p.kl[r] > 0);
        }
    }
}

/* q0 = 0 and q1 = 1: f = rho, so the divergence is -log rho, and certainty stays finite. */
static void certain_posteriors_give_the_log_of_rho(void **state)
{
    (void)state;
    const nqi_binomial_step certain = {.q1 = {1, 1}, .q0c = {1, 1}, .gap = {1, 1}};
    double z[ROWS] = {0, 3, -3, 30, -30, 1000, -1000}, ones[ROWS], zeros[ROWS] = {0};
    double kl[ROWS], dz[ROWS];
    for (size_t r = 0; r < ROWS; r++)
        ones[r] = 1;
    nqi_ops_ref()->binomial.divergence(kl, (nqi_slope){dz, 1}, z, ones, zeros,
                                       (nqi_binomial_steps){&certain, 0},
                                       (nqi_extent){1, ROWS, LD});
    for (size_t r = 0; r < 5; r++) {
        assert_close(kl[r], log1p(exp(-z[r])), 1e-12 * (1 + kl[r]));
        assert_close(dz[r], -1 / (1 + exp(z[r])), 1e-12);
    }
    assert_true(isfinite(kl[5]) && isfinite(kl[6]) && kl[6] > 50 && isfinite(dz[6]));
}

static void accumulate_adds_to_what_is_there(void **state)
{
    (void)state;
    problem p = problem_make(4, 3);
    const nqi_ops *ops = nqi_ops_ref();
    const nqi_const_matrix w = {p.w, MOST}, dy = {p.weight, LD};
    double twice[SIZE] = {0};
    ops->dense.backward_input((nqi_matrix){p.dx, LD}, w, dy, size_of(&p), 0);
    for (int i = 0; i < 2; i++)
        ops->dense.backward_input((nqi_matrix){twice, LD}, w, dy, size_of(&p), 1);
    for (size_t i = 0; i < p.in; i++)
        for (size_t r = 0; r < ROWS; r++)
            assert_close(twice[i * LD + r], 2 * p.dx[i * LD + r], 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_backward_matches_differences),
        cmocka_unit_test(activation_slopes_match_differences),
        cmocka_unit_test(rbf_backward_matches_differences),
        cmocka_unit_test(gaussian_divergence_gradient_matches_differences),
        cmocka_unit_test(gaussian_divergence_is_the_divergence_of_two_normals),
        cmocka_unit_test(belief_divergence_gradient_matches_differences),
        cmocka_unit_test(belief_divergence_is_the_divergence_of_two_normals),
        cmocka_unit_test(binomial_divergence_gradient_matches_differences),
        cmocka_unit_test(binomial_divergence_is_the_divergence_of_two_bits),
        cmocka_unit_test(divergence_of_the_last_step_is_finite),
        cmocka_unit_test(certain_posteriors_give_the_log_of_rho),
        cmocka_unit_test(accumulate_adds_to_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
