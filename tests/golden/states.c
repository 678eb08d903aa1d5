/* states.c - laws of x_t over all states of a few bits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "golden/states.h"

#include "inside.h"
#include <math.h>
#include <string.h>

void state_bits(nqi_real *bits, size_t state, size_t dim)
{
    for (size_t i = 0; i < dim; i++)
        bits[i] = (nqi_real)((state >> i) & 1);
}

double state_forward(const nqi_process *process, size_t t, size_t from, size_t to)
{
    double product = 1;
    for (size_t i = 0; i < process->dim; i++) {
        const nqi_binomial_step *step = binomial_step(process, t, i);
        const double one = (double)step->flip[(from >> i) & 1];
        product *= (to >> i) & 1 ? one : 1 - one;
    }
    return product;
}

/* A schedule needs two rates, and only the last may be 1: then nothing is left of the state,
 * neither of one step before nor of two. */
size_t state_step_process(nqi_process *out, const golden_case *c, double beta, size_t dim,
                          double m)
{
    nq_schedule s;
    const double usual[2] = {beta, 0.5}, last[2] = {0.5, 1};
    if (nq_schedule_from_beta(&s, NULL, beta < 1 ? usual : last, 2))
        golden_damaged(c, "the library refuses the rate %g", beta);
    golden_process(out, c, &s, dim, m, 0);
    nq_schedule_free(&s);
    return beta < 1 ? 1 : 2;
}

void state_marginal(double *out, const nqi_process *process, const double *data, size_t t)
{
    const size_t states = (size_t)1 << process->dim;
    memset(out, 0, states * sizeof *out);
    for (size_t from = 0; from < states; from++)
        for (size_t to = 0; to < states; to++)
            if (data[from] > 0)
                out[to] += data[from] * (t ? state_forward(process, t, from, to) : from == to);
}

double state_entropy(const double *law, size_t dim)
{
    double sum = 0;
    for (size_t s = 0; s < (size_t)1 << dim; s++)
        sum -= law[s] > 0 ? law[s] * log(law[s]) : 0;
    return sum;
}

double state_log_prior(const nqi_process *process, size_t state)
{
    nqi_real bits[STATE_BITS];
    state_bits(bits, state, process->dim);
    return nqi_process_log_prior(process, bits, 1);
}
