/* binomial.c - chains of a few bits by full enumeration: K, log p, and weights of trajectories. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/golden.h"
#include "golden/states.h"
#include "inside.h"
#include "kernels.h"
#include "nn/op/layers.h"

static const double log_2 = 0.69314718055994530942;

/* A case with what it names; states index bits as (state >> i) & 1. */
typedef struct bit_chain {
    nqi_process process;
    size_t dim, states, steps;
    const double *data; /* [states] law of x_0 */
    const double *f;    /* [T - 1][states][dim] p(x_{t-1,i} = 1 | x_t), t = 2..T */
    double *scratch;    /* [2][states] */
    nqi_process *step;  /* [T] q(x_t | x_{t-1}) is what step[t-1] does by time step_time[t-1] */
    size_t *step_time;
} bit_chain;

static void bit_chain_new(bit_chain *out, golden_case *c)
{
    nq_schedule s;
    golden_schedule(&s, c);
    out->dim = golden_count(c, "n", 1, STATE_BITS);
    out->states = (size_t)1 << out->dim;
    out->steps = s.steps;
    const double m = golden_number(c, "m");
    out->data = golden_input_list(c, "data", out->states, NULL);
    out->f = golden_input_list(c, "f", (s.steps - 1) * out->states * out->dim, NULL);
    out->scratch = golden_new(c, 2 * out->states, sizeof *out->scratch);
    out->step = golden_new(c, s.steps, sizeof *out->step);
    out->step_time = golden_new(c, s.steps, sizeof *out->step_time);
    golden_process(&out->process, c, &s, out->dim, m, 0);
    for (size_t i = 0; i < s.steps; i++)
        out->step_time[i] = state_step_process(&out->step[i], c, s.beta[i], out->dim, m);
    nq_schedule_free(&s);
}

static void bit_chain_free(bit_chain *chain)
{
    for (size_t i = 0; i < chain->steps; i++)
        nqi_process_free(&chain->step[i]);
    nqi_process_free(&chain->process);
}

/* q(x_t = to | x_{t-1} = from) */
static double forward_step(const bit_chain *chain, size_t t, size_t from, size_t to)
{
    return state_forward(&chain->step[t - 1], chain->step_time[t - 1], from, to);
}

/* p(x_{t-1} = to | x_t = from); at t = 1 the forward kernel. */
static double reverse_step(const bit_chain *chain, size_t t, size_t from, size_t to)
{
    if (t == 1)
        return state_forward(&chain->process, 1, from, to);
    const double *f = chain->f + ((t - 2) * chain->states + from) * chain->dim;
    double product = 1;
    for (size_t i = 0; i < chain->dim; i++)
        product *= (to >> i) & 1 ? f[i] : 1 - f[i];
    return product;
}

/* KL(q(x_{t-1} | x_t, x_0) || p(x_{t-1} | x_t)) */
static double pair_kl(const bit_chain *chain, size_t t, size_t x_0, size_t x_t)
{
    const double *f = chain->f + ((t - 2) * chain->states + x_t) * chain->dim;
    double sum = 0;
    for (size_t i = 0; i < chain->dim; i++) {
        double one, zero;
        nqi_binomial_posterior(&chain->process.schedule, t, bit_mean(&chain->process, i),
                               (int)(x_t >> i) & 1, (int)(x_0 >> i) & 1, &one, &zero);
        sum += (double)nqi_bernoulli_kl((nqi_real)one, (nqi_real)zero,
                                        (nqi_real)(log(f[i]) - log1p(-f[i])));
    }
    return sum;
}

/* E KL_t for one row. */
static double row_kl(const bit_chain *chain, size_t t, size_t x_0)
{
    double sum = 0;
    for (size_t x_t = 0; x_t < chain->states; x_t++)
        sum += state_forward(&chain->process, t, x_0, x_t) * pair_kl(chain, t, x_0, x_t);
    return sum;
}

/* Terms of K that depend on a row alone. */
typedef struct row_terms {
    double last, first, edge, null;
} row_terms;

static row_terms terms_of(const bit_chain *chain, size_t x_0)
{
    nqi_real bits[STATE_BITS];
    state_bits(bits, x_0, chain->dim);
    return (row_terms){
        .last = nqi_process_entropy_given_data(&chain->process, bits, 1, chain->steps),
        .first = nqi_process_entropy_given_data(&chain->process, bits, 1, 1),
        .edge = nqi_process_edge(&chain->process, bits, 1),
        .null = nqi_process_log_prior(&chain->process, bits, 1),
    };
}

/* Law of x_0 under the model, from pi down. */
static void model_law(const bit_chain *chain, double *law)
{
    double *before = chain->scratch;
    for (size_t x = 0; x < chain->states; x++)
        law[x] = exp(state_log_prior(&chain->process, x));
    for (size_t t = chain->steps; t > 0; t--) {
        memcpy(before, law, chain->states * sizeof *law);
        memset(law, 0, chain->states * sizeof *law);
        for (size_t from = 0; from < chain->states; from++)
            for (size_t to = 0; to < chain->states; to++)
                law[to] += before[from] * reverse_step(chain, t, from, to);
    }
}

/* E w^power over forward trajectories from x_0, for the weight w of [SD15] eq. 9:
 * log w = log pi(x_T) + log[pi(x_0) / pi(x_1)] + sum over t >= 2 of log p - log q. */
static double weight_moment(const bit_chain *chain, size_t x_0, int power)
{
    double *now = chain->scratch, *next = chain->scratch + chain->states, sum = 0;
    const double start = state_log_prior(&chain->process, x_0);
    for (size_t x = 0; x < chain->states; x++)
        now[x] = state_forward(&chain->process, 1, x_0, x) *
                 exp(power * (start - state_log_prior(&chain->process, x)));
    for (size_t t = 2; t <= chain->steps; t++) {
        memset(next, 0, chain->states * sizeof *next);
        for (size_t from = 0; from < chain->states; from++)
            for (size_t to = 0; to < chain->states; to++) {
                const double q = forward_step(chain, t, from, to);
                next[to] += now[from] * q * pow(reverse_step(chain, t, to, from) / q, power);
            }
        memcpy(now, next, chain->states * sizeof *now);
    }
    for (size_t x = 0; x < chain->states; x++)
        sum += now[x] * exp(power * state_log_prior(&chain->process, x));
    return sum;
}

static double trajectory_weight(const bit_chain *chain, const double *states)
{
    double sum = state_log_prior(&chain->process, (size_t)states[chain->steps]) +
                 state_log_prior(&chain->process, (size_t)states[0]) -
                 state_log_prior(&chain->process, (size_t)states[1]);
    for (size_t t = 2; t <= chain->steps; t++) {
        const size_t now = (size_t)states[t], before = (size_t)states[t - 1];
        sum +=
            log(reverse_step(chain, t, now, before)) - log(forward_step(chain, t, before, now));
    }
    return sum;
}

/* Sets the logits that make p(x_{t-1} = 1 | x_t = state) the table's f, a mixture of the two exact
 * posteriors; 0 when it is none. */
static int set_outputs(nqi_batch *batch, const bit_chain *chain, size_t t, size_t state)
{
    nqi_real *z = batch->tape.value[batch->tape.graph->output];
    for (size_t i = 0; i < chain->dim; i++) {
        double one[2], zero[2];
        const int bit = (int)(state >> i) & 1;
        const nqi_binomial_step *step = binomial_step(&chain->process, t, i);
        const double f = chain->f[((t - 2) * chain->states + state) * chain->dim + i];
        for (int x_0 = 0; x_0 < 2; x_0++)
            nqi_binomial_posterior(&chain->process.schedule, t, bit_mean(&chain->process, i), bit,
                                   x_0, &one[x_0], &zero[x_0]);
        if (!(f > one[0] && f < one[1]))
            return 0;
        z[i * batch->tape.ld] =
            (nqi_real)(log((f - one[0]) / (one[1] - f)) - (double)step->logit_prior[bit]);
    }
    return 1;
}

/* The trajectory's weight by the family's own steps; 0 where its form cannot say the table. */
static int library_weight(double *log_w, golden_case *c, const bit_chain *chain,
                          const double *states)
{
    enum { ROWS = NQI_LANES };
    nqi_graph graph = {.features = -1};
    nqi_batch batch;
    double weights[ROWS] = {0}, now[STATE_BITS * ROWS], next[STATE_BITS * ROWS];
    nqi_real bits[STATE_BITS];
    int can = 1;
    const int input = nqi_graph_input(&graph, chain->dim);
    graph.output = nqi_graph_readout(&graph, "readout", input, chain->dim, chain->steps);
    if (nqi_batch_new(&batch, NULL, &chain->process, &graph, best_kernels(), ROWS, ROWS, 0))
        golden_damaged(c, "no memory for a chain of %zu steps", chain->steps);
    for (size_t t = 1; t <= chain->steps && can; t++) {
        memset(now, 0, sizeof now);
        memset(next, 0, sizeof next);
        for (size_t i = 0; i < chain->dim; i++) {
            now[i * ROWS] = (double)(((size_t)states[t - 1] >> i) & 1);
            next[i * ROWS] = (double)(((size_t)states[t] >> i) & 1);
        }
        batch.tape.time[0] = (uint32_t)t;
        if (t == 1 || (can = set_outputs(&batch, chain, t, (size_t)states[t])))
            nqi_batch_log_ratio(&chain->process, &batch, weights, now, next);
    }
    state_bits(bits, (size_t)states[chain->steps], chain->dim);
    *log_w = weights[0] + nqi_process_log_prior(&chain->process, bits, 1);
    nqi_batch_free(&batch);
    nqi_graph_free(&graph);
    return can;
}

static const cJSON *part_of(golden_case *c, const char *output, const char *name)
{
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(golden_output(c, output), name);
    if (!part)
        golden_damaged(c, "output \"%s\" has no \"%s\"", output, name);
    return part;
}

static void check_part(golden_case *c, const char *output, const char *name, double got,
                       double scale)
{
    golden_check(c, name, got, golden_value(c, part_of(c, output, name), name), scale);
}

static void check_weights(golden_case *c, const bit_chain *chain, const double *law)
{
    const double start = golden_value(c, part_of(c, "weights", "x0"), "x0");
    if (!(start >= 0 && start < (double)chain->states))
        golden_damaged(c, "output \"weights\": there is no state %g", start);
    const size_t x_0 = (size_t)start;
    const row_terms terms = terms_of(chain, x_0);
    double bound =
        terms.last - terms.first + terms.edge - nqi_process_entropy_prior(&chain->process);
    for (size_t t = 2; t <= chain->steps; t++)
        bound -= row_kl(chain, t, x_0);
    const double mean = weight_moment(chain, x_0, 1);
    const double part = mean * mean / weight_moment(chain, x_0, 2);
    check_part(c, "weights", "E_w", mean, 0);
    golden_check(c, "E_w against p_x0", mean, law[x_0], 0);
    check_part(c, "weights", "log_E_w", log(mean), 1);
    check_part(c, "weights", "E_log_w", bound, 1);
    check_part(c, "weights", "ess_frac", part, 0);
    check_part(c, "weights", "sd_rel", sqrt(1 / part - 1), 0);
}

static void check_trajectory(golden_case *c, const bit_chain *chain)
{
    const double *states =
        golden_list(c, part_of(c, "trajectory", "states"), "states", chain->steps + 1, NULL);
    for (size_t t = 0; t <= chain->steps; t++)
        if (!(states[t] >= 0 && states[t] < (double)chain->states))
            golden_damaged(c, "output \"trajectory\": there is no state %g", states[t]);
    check_part(c, "trajectory", "log_w", trajectory_weight(chain, states), 1);
    double library;
    if (library_weight(&library, c, chain, states))
        golden_check(c, "log_w of the library", library, trajectory_weight(chain, states), 1);
}

static void check_bounds(golden_case *c, const bit_chain *chain, const double *kl)
{
    row_terms mean = {0};
    double paid = 0, negative_entropy = -state_entropy(chain->data, chain->dim);
    for (size_t x = 0; x < chain->states; x++) {
        const row_terms row = terms_of(chain, x);
        mean.last += chain->data[x] * row.last;
        mean.first += chain->data[x] * row.first;
        mean.edge += chain->data[x] * row.edge;
        mean.null += chain->data[x] * row.null;
    }
    for (size_t i = 0; i < chain->steps; i++)
        paid += kl[i];
    const double prior = nqi_process_entropy_prior(&chain->process);
    const double bound = mean.last - mean.first - prior - paid;
    golden_check_list(c, "kl_t", kl, chain->steps, golden_float_scale(1));
    golden_check_offered(c, "H_T_given_0", mean.last, 1);
    golden_check_offered(c, "H_1_given_0", mean.first, 1);
    golden_check_offered(c, "H_prior", prior, 1);
    golden_check_output(c, "K", bound, 1);
    golden_check_offered(c, "K_bits", bound / log_2, 1);
    golden_check_output(c, "K_exact_bound", bound + mean.edge, 1);
    golden_check_offered(c, "L_null_indep_m", mean.null, 1);
    golden_check_offered(c, "neg_H_data", negative_entropy, 1);
}

void golden_check_binomial_exact(golden_case *c)
{
    bit_chain chain;
    bit_chain_new(&chain, c);
    double *kl = golden_new(c, chain.steps, sizeof *kl), likelihood = 0;
    double *law = golden_new(c, chain.states, sizeof *law);
    for (size_t t = 2; t <= chain.steps; t++)
        for (size_t x = 0; x < chain.states; x++)
            if (chain.data[x] > 0)
                kl[t - 1] += chain.data[x] * row_kl(&chain, t, x);
    check_bounds(c, &chain, kl);
    model_law(&chain, law);
    golden_check_list(c, "p_x0", law, chain.states, 0);
    for (size_t x = 0; x < chain.states; x++)
        likelihood += chain.data[x] > 0 ? chain.data[x] * log(law[x]) : 0;
    golden_check_offered(c, "E_log_p_x0", likelihood, 1);
    if (golden_offers(c, "weights"))
        check_weights(c, &chain, law);
    if (golden_offers(c, "trajectory"))
        check_trajectory(c, &chain);
    bit_chain_free(&chain);
}
