/* entropy.c - bounds on the entropy of a reverse step ([SD15] eq. 24) and what they enclose. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/golden.h"
#include "golden/states.h"
#include "inside.h"

/* H(N(0, variance)): a diffusion's first state given the data has the entropy of its first rate. */
static double normal_entropy(golden_case *c, double variance)
{
    nq_schedule s;
    nqi_process process;
    const nqi_real x = 0;
    const double rates[2] = {0.25, 0.5};
    if (nq_schedule_from_beta(&s, NULL, rates, 2))
        golden_damaged(c, "the library refuses a rate of .25");
    golden_process(&process, c, &s, 1, -1, 0);
    const double entropy = nqi_process_entropy_given_data(&process, &x, 1, 1);
    nqi_process_free(&process);
    nq_schedule_free(&s);
    return entropy + 0.5 * log(variance / rates[0]);
}

static double variance_at(const nq_schedule *s, size_t t, double s2)
{
    return s->alpha_bar[t - 1] * s2 + s->one_minus_alpha_bar[t - 1];
}

static size_t time_of(golden_case *c, double t, const nq_schedule *s)
{
    if (!(t >= 2 && t <= (double)s->steps && t == floor(t)))
        golden_damaged(c, "output \"rows\": step %g is not in 2..%zu", t, s->steps);
    return (size_t)t;
}

/* Whether a bound holds, where rounding does not decide it. */
static void check_holds(golden_case *c, const char *what, size_t row, double below, double above,
                        double expected)
{
    if (fabs(above - below) > 1e-6)
        golden_check_at(c, what, row, below <= above, expected, 0);
}

void golden_check_gauss_entropy(golden_case *c)
{
    nq_schedule s;
    nqi_process process;
    size_t count;
    const nqi_real x = 0;
    golden_schedule(&s, c);
    golden_process(&process, c, &s, 1, -1, 0);
    const double s2 = golden_number(c, "s2");
    const double *rows = golden_rows(c, "rows", 6, &count);
    for (size_t i = 0; i < count; i++) {
        const double *row = rows + 6 * i;
        const size_t t = time_of(c, row[0], &s);
        const double upper = normal_entropy(c, s.beta[t - 1]);
        const double lower = upper + nqi_process_entropy_given_data(&process, &x, 1, t - 1) -
                             nqi_process_entropy_given_data(&process, &x, 1, t);
        const double exact = normal_entropy(c, s.beta[t - 1] * variance_at(&s, t - 1, s2) /
                                                   variance_at(&s, t, s2));
        golden_check_at(c, "lower bound of rows", i, lower, row[1], 1);
        golden_check_at(c, "entropy of rows", i, exact, row[2], 1);
        golden_check_at(c, "upper bound of rows", i, upper, row[3], 1);
        check_holds(c, "lower bound holds", i, lower, exact, row[4]);
        check_holds(c, "upper bound holds", i, exact, upper, row[5]);
    }
    nqi_process_free(&process);
    nq_schedule_free(&s);
}

/* Mean of H_q(X_t|X_0 = x) over the law of x. */
static double mean_entropy(const nqi_process *process, const double *law, size_t t)
{
    double sum = 0;
    for (size_t x = 0; x < (size_t)1 << process->dim; x++) {
        nqi_real bits[STATE_BITS];
        state_bits(bits, x, process->dim);
        sum += law[x] * nqi_process_entropy_given_data(process, bits, 1, t);
    }
    return sum;
}

/* H(X_{t-1}|X_t), from the law of x_{t-1} and the kernel of the step. */
static double reverse_entropy(const nqi_process *step, size_t time, const double *before)
{
    const size_t states = (size_t)1 << step->dim;
    double sum = 0;
    for (size_t to = 0; to < states; to++) {
        double total = 0, inner = 0;
        for (size_t from = 0; from < states; from++) {
            const double joint = before[from] * state_forward(step, time, from, to);
            total += joint;
            inner += joint > 0 ? joint * log(joint) : 0;
        }
        sum += (total > 0 ? total * log(total) : 0) - inner;
    }
    return sum;
}

static void check_binomial_row(golden_case *c, size_t index, const nqi_process *process,
                               const double *data, const double *row)
{
    nqi_process step;
    const size_t t = time_of(c, row[0], &process->schedule);
    const size_t time = state_step_process(&step, c, process->schedule.beta[t - 1], process->dim,
                                           bit_mean(process, 0));
    double *before = golden_new(c, (size_t)1 << process->dim, sizeof *before);
    state_marginal(before, process, data, t - 1);
    const double upper = mean_entropy(&step, before, time);
    const double lower =
        upper + mean_entropy(process, data, t - 1) - mean_entropy(process, data, t);
    golden_check_at(c, "lower bound of rows", index, lower, row[1], 1);
    golden_check_at(c, "entropy of rows", index, reverse_entropy(&step, time, before), row[2], 1);
    golden_check_at(c, "upper bound of rows", index, upper, row[3], 1);
    nqi_process_free(&step);
}

void golden_check_binomial_entropy(golden_case *c)
{
    nq_schedule s;
    nqi_process process;
    size_t count;
    const size_t dim = golden_count(c, "n", 1, STATE_BITS);
    golden_schedule(&s, c);
    golden_process(&process, c, &s, dim, golden_number(c, "m"), 0);
    const double *data = golden_input_list(c, "data", (size_t)1 << dim, NULL);
    const double *rows = golden_rows(c, "rows", 4, &count);
    for (size_t i = 0; i < count; i++)
        check_binomial_row(c, i, &process, data, rows + 4 * i);
    nqi_process_free(&process);
    nq_schedule_free(&s);
}
