/* heartbeat.c - the best that any model can do on the heartbeat: K of the optimal model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "golden/heartbeat.h"
#include "inside.h"
#include "kernels.h"

enum { CODES_MOST = 60000, EXACT_STEPS = 5000 };
static const double log_2 = 0.69314718055994530942;

size_t heartbeat_phases_with(const heartbeat *h, size_t code, size_t k)
{
    return code / (size_t)h->scale[k] % (h->period + 1);
}

size_t heartbeat_phases(const heartbeat *h, size_t code)
{
    size_t sum = 0;
    for (size_t k = 0; k <= h->places; k++)
        sum += heartbeat_phases_with(h, code, k);
    return sum;
}

size_t heartbeat_code_end(const heartbeat *h)
{
    return (size_t)h->scale[h->places] * (h->period + 1);
}

static void heartbeat_new(heartbeat *out, golden_case *c, size_t n)
{
    nq_schedule s;
    out->period = golden_count(c, "period", 2, PERIOD_MOST);
    out->places = n / out->period;
    golden_schedule(&s, c);
    golden_process(&out->process, c, &s, 1, golden_number(c, "m"), 0);
    nq_schedule_free(&s);
    double scale = 1;
    for (size_t k = 0; k <= out->places; k++) {
        out->scale[k] = scale;
        scale *= (double)(out->period + 1);
    }
    out->codes = golden_new(c, heartbeat_code_end(out), sizeof *out->codes);
    out->code_count = 0;
    for (size_t code = 0; code < heartbeat_code_end(out); code++)
        if (heartbeat_phases(out, code) == out->period)
            out->codes[out->code_count++] = code;
}

double heartbeat_log_factorial(size_t n)
{
    return lgamma((double)n + 1);
}

const nqi_binomial_step *heartbeat_step(const heartbeat *h, size_t t)
{
    return binomial_step(&h->process, t, 0);
}

/* log of the odds that each one in a phase gives it: of q(1|1)/q(1|0) over q(0|1)/q(0|0). Its two
 * factors are odds of x_0 given x_t over those of pi. */
static double log_gain(const heartbeat *h, size_t t)
{
    const nqi_binomial_step *step = heartbeat_step(h, t);
    return (double)step->logit_prior[1] - (double)step->logit_prior[0];
}

double heartbeat_logit(const heartbeat *h, size_t t, size_t code, size_t ones)
{
    const double gain = log_gain(h, t);
    double others = 0;
    for (size_t k = 0; k <= h->places; k++) {
        const double phases = (double)heartbeat_phases_with(h, code, k) - (k == ones);
        others += phases * exp(gain * ((double)k - (double)ones));
    }
    return -log(others);
}

/* Rows of one call of the library's divergence: each is one bit, with the probability of what it
 * stands for. */
typedef struct bit_rows {
    nqi_real *z, *x_0, *x_t, *kl;
    double *weight;
    size_t count, most;
} bit_rows;

static void add_bits(bit_rows *rows, const heartbeat *h, size_t t, double logit, int x_0,
                     size_t ones, double weight)
{
    for (int x_t = 0; x_t < 2; x_t++) {
        const size_t at = rows->count++, bits = x_t ? ones : h->places - ones;
        rows->z[at] = (nqi_real)(logit - (double)heartbeat_step(h, t)->logit_prior[x_t]);
        rows->x_0[at] = (nqi_real)x_0;
        rows->x_t[at] = (nqi_real)x_t;
        rows->weight[at] = weight * (double)bits;
    }
}

/* log P(k ones in a phase), the true one or another. */
static double log_count(const heartbeat *h, size_t t, int is_true, size_t k)
{
    const nqi_binomial_step *step = heartbeat_step(h, t);
    const double one = (double)step->flip[is_true];
    return heartbeat_log_factorial(h->places) - heartbeat_log_factorial(k) -
           heartbeat_log_factorial(h->places - k) + (k ? (double)k * log(one) : 0) +
           (k < h->places ? (double)(h->places - k) * log1p(-one) : 0);
}

/* log P(state, the true phase has `ones`): the other phases are exchangeable. */
static double log_state(const heartbeat *h, size_t t, size_t code, size_t ones)
{
    double sum = log_count(h, t, 1, ones) + heartbeat_log_factorial(h->period - 1);
    for (size_t k = 0; k <= h->places; k++) {
        const size_t phases = heartbeat_phases_with(h, code, k) - (k == ones);
        sum += (phases ? (double)phases * log_count(h, t, 0, k) : 0) -
               heartbeat_log_factorial(phases);
    }
    return sum;
}

static void add_state(bit_rows *rows, const heartbeat *h, size_t t, size_t code)
{
    for (size_t ones = 0; ones <= h->places; ones++) {
        if (!heartbeat_phases_with(h, code, ones))
            continue;
        const double weight = exp(log_state(h, t, code, ones));
        for (size_t k = 0; k <= h->places; k++) {
            const size_t phases = heartbeat_phases_with(h, code, k) - (k == ones);
            const double logit = heartbeat_logit(h, t, code, k);
            if (k == ones)
                add_bits(rows, h, t, logit, 1, k, weight);
            if (phases)
                add_bits(rows, h, t, logit, 0, k, weight * (double)phases);
        }
    }
}

/* E KL_t of the optimal reverse step, by the slot that models are scored with. */
static double step_kl(const heartbeat *h, size_t t, bit_rows *rows)
{
    double sum = 0;
    rows->count = 0;
    for (size_t i = 0; i < h->code_count; i++)
        add_state(rows, h, t, h->codes[i]);
    const size_t padded = (rows->count + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
    for (size_t r = rows->count; r < padded; r++)
        rows->z[r] = rows->x_0[r] = rows->x_t[r] = 0;
    const nqi_binomial_steps steps = {heartbeat_step(h, t), 0};
    best_kernels()->binomial.divergence(rows->kl, (nqi_slope){NULL, 1}, rows->z, rows->x_0,
                                        rows->x_t, steps, (nqi_extent){1, padded, rows->most});
    for (size_t r = 0; r < rows->count; r++)
        sum += rows->weight[r] * (double)rows->kl[r];
    return sum;
}

static double check_kl(golden_case *c, const heartbeat *h)
{
    const size_t most = (h->code_count * (h->places + 1) * 2 * (h->places + 2) + NQI_LANES) /
                        NQI_LANES * NQI_LANES;
    nqi_real *arrays = nqi_aligned_new(4 * most, sizeof *arrays);
    bit_rows rows = {arrays,
                     arrays + most,
                     arrays + 2 * most,
                     arrays + 3 * most,
                     golden_new(c, most, sizeof(double)),
                     0,
                     most};
    double paid = 0, largest = 0, at = 0;
    if (!arrays)
        golden_damaged(c, "no memory for %zu bits", most);
    for (size_t t = 2; t <= h->process.schedule.steps; t++) {
        const double kl = step_kl(h, t, &rows);
        paid += kl;
        if (kl > largest) {
            largest = kl;
            at = (double)t;
        }
    }
    nqi_aligned_free(arrays);
    if (golden_offers(c, "kl_bits_max")) {
        const double expected[2] = {at, largest / log_2};
        golden_check_list(c, "kl_bits_max", expected, 2, golden_float_scale(1));
    }
    golden_check_offered(c, "sumKL_bits", paid / log_2, 1);
    return paid;
}

/* The row of phase 0, which stands for all. */
static double row_mean(const heartbeat *h,
                       double (*of)(const nqi_process *, const nqi_real *, size_t))
{
    const nqi_real one = 1, zero = 0;
    return (double)h->places *
           (of(&h->process, &one, 1) + (double)(h->period - 1) * of(&h->process, &zero, 1));
}

static double entropy_first(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    return nqi_process_entropy_given_data(process, x_0, stride, 1);
}

static double entropy_last(const nqi_process *process, const nqi_real *x_0, size_t stride)
{
    return nqi_process_entropy_given_data(process, x_0, stride, process->schedule.steps);
}

void golden_check_heartbeat(golden_case *c)
{
    heartbeat h;
    const size_t n = golden_count(c, "n", 2, PERIOD_MOST * PLACES_MOST);
    const size_t period = golden_count(c, "period", 2, PERIOD_MOST);
    if (n % period || n / period > PLACES_MOST ||
        pow((double)period + 1, (double)(n / period) + 1) > CODES_MOST) {
        c->skip = "phases of unequal length or too many states for this enumeration";
        return;
    }
    heartbeat_new(&h, c, n);
    const double first = row_mean(&h, entropy_first), last = row_mean(&h, entropy_last);
    const double prior = (double)n * nqi_process_entropy_prior(&h.process);
    const double bound = last - first - prior - check_kl(c, &h);
    golden_check_output(c, "K_bits", bound / log_2, 1);
    golden_check_offered(c, "K_minus_Lnull",
                         (bound - row_mean(&h, nqi_process_log_prior)) / log_2, 1);
    golden_check_offered(c, "H1_bits", first / log_2, 1);
    if (h.process.schedule.steps <= EXACT_STEPS &&
        (golden_offers(c, "valid_frac") || golden_offers(c, "logp_bits"))) {
        const double valid = heartbeat_valid_part(c, &h);
        golden_check_offered(c, "valid_frac", valid, 0);
        golden_check_offered(c, "logp_bits", log(valid / (double)period) / log_2, 1);
    }
    nqi_process_free(&h.process);
}
