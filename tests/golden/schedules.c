/* schedules.c - the schedules that golden cases name, and the cases about schedules. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "golden/golden.h"
#include "inside.h"

enum { STEPS_MOST = 1000000 };

static void from_rates(nq_schedule *out, const golden_case *c, const double *beta, size_t steps)
{
    if (nq_schedule_from_beta(out, NULL, beta, steps))
        golden_damaged(c, "input \"b\": the library refuses these rates");
}

void golden_log_snr(nq_schedule *out, const golden_case *c, size_t steps, double beta_1,
                    double alpha_bar_last)
{
    if (nq_schedule_new(out, NULL, "log-snr", steps, beta_1, alpha_bar_last))
        golden_damaged(c, "the library refuses this log-SNR schedule");
}

/* {"b_1": r, "b_2_to_999": r, "b_1000": r}: steps, or ranges of them. */
static size_t range_of(const golden_case *c, const cJSON *item, size_t *first)
{
    long from, to;
    char end;
    const int fields = sscanf(item->string, "b_%ld_to_%ld%c", &from, &to, &end);
    if (fields == 1 && sscanf(item->string, "b_%ld%c", &from, &end) == 1)
        to = from;
    else if (fields != 2)
        from = 0;
    if (from < 1 || to < from || to > STEPS_MOST)
        golden_damaged(c, "input \"b\": \"%s\" is no range of steps", item->string);
    *first = (size_t)from;
    return (size_t)to;
}

static void from_ranges(nq_schedule *out, golden_case *c, const cJSON *ranges)
{
    const cJSON *item;
    size_t first, last, steps = 0;
    cJSON_ArrayForEach(item, ranges) if ((last = range_of(c, item, &first)) > steps) steps = last;
    double *beta = golden_new(c, steps, sizeof *beta);
    cJSON_ArrayForEach(item, ranges)
    {
        last = range_of(c, item, &first);
        for (size_t t = first; t <= last; t++)
            beta[t - 1] = golden_value(c, item, item->string);
    }
    from_rates(out, c, beta, steps);
}

static void from_log_snr(nq_schedule *out, const golden_case *c, const cJSON *inputs)
{
    const char *const names[] = {"T", "b1", "abar_T"};
    double values[3];
    for (int i = 0; i < 3; i++) {
        const cJSON *field = cJSON_GetObjectItemCaseSensitive(inputs, names[i]);
        if (!field)
            golden_damaged(c, "input \"%s\" is missing", names[i]);
        values[i] = golden_value(c, field, names[i]);
    }
    if (!(values[0] >= 2 && values[0] <= STEPS_MOST))
        golden_damaged(c, "input \"T\": expected 2 to %d", STEPS_MOST);
    golden_log_snr(out, c, (size_t)values[0], values[1], values[2]);
}

void golden_schedule(nq_schedule *out, golden_case *c)
{
    const cJSON *b = golden_input_optional(c, "b");
    const cJSON *log_snr = cJSON_GetObjectItemCaseSensitive(b, "logsnr");
    if (cJSON_IsArray(b)) {
        size_t steps;
        const double *beta = golden_input_list(c, "b", 0, &steps);
        from_rates(out, c, beta, steps);
    } else if (log_snr) {
        from_log_snr(out, c, log_snr);
    } else if (cJSON_IsObject(b)) {
        from_ranges(out, c, b);
    } else if (b ? cJSON_IsString(b) && !strcmp(b->valuestring, "logsnr")
                 : golden_input_optional(c, "b1") != NULL) {
        from_log_snr(out, c, c->inputs);
    } else if (b) {
        golden_damaged(c, "input \"b\": expected rates, ranges of steps or \"logsnr\"");
    } else if (nq_schedule_new(out, NULL, "constant-fraction",
                               golden_count(c, "T", 2, STEPS_MOST), 0, 0.5)) {
        golden_damaged(c, "the library refuses this constant-fraction schedule");
    }
}

/* Two schedules, since a process takes over its own; a constant fraction keeps its exact ratios. */
static void copy_schedule(nq_schedule *out, const golden_case *c, const nq_schedule *from)
{
    const size_t bytes = 4 * from->steps * sizeof *from->beta;
    from_rates(out, c, from->beta, from->steps);
    memcpy(out->beta, from->beta, bytes / 4);
    memcpy(out->alpha_bar, from->alpha_bar, bytes / 4);
    memcpy(out->one_minus_alpha_bar, from->one_minus_alpha_bar, bytes / 4);
    memcpy(out->log_v, from->log_v, bytes / 4);
}

void golden_process(nqi_process *out, const golden_case *c, const nq_schedule *schedule,
                    size_t dim, double activity, int forward_form)
{
    enum { DIM_MOST = 64 };
    double bits[DIM_MOST];
    nq_schedule copy;
    if (dim > DIM_MOST || !(activity < 1))
        golden_damaged(c, "%zu numbers of equilibrium mean %g are too much", dim, activity);
    for (size_t i = 0; i < dim; i++)
        bits[i] = activity;
    copy_schedule(&copy, c, schedule);
    if (process_of(out, &copy, dim, activity < 0 ? NULL : bits, forward_form))
        golden_damaged(c, "no memory for a process of %zu steps", schedule->steps);
}

/* A list of the first few numbers of a table. */
static void check_first(golden_case *c, const char *output, const double *table, size_t steps)
{
    size_t count;
    if (!golden_offers(c, output))
        return;
    golden_list(c, golden_output(c, output), output, 0, &count);
    if (count > steps)
        golden_damaged(c, "output \"%s\": expected at most %zu numbers", output, steps);
    golden_check_list(c, output, table, count, 0);
}

static size_t middle(golden_case *c, const nq_schedule *s)
{
    const double t = golden_value(c, golden_output(c, "mid_t"), "mid_t");
    if (!(t >= 1 && t <= (double)s->steps && t == floor(t)))
        golden_damaged(c, "output \"mid_t\": expected a whole number from 1 to %zu", s->steps);
    return (size_t)t;
}

void golden_check_schedule(golden_case *c)
{
    nq_schedule s;
    golden_schedule(&s, c);
    golden_check_offered(c, "abar_T", s.alpha_bar[s.steps - 1], 0);
    golden_check_offered(c, "one_minus_abar_T", s.one_minus_alpha_bar[s.steps - 1], 0);
    check_first(c, "one_minus_abar_first3", s.one_minus_alpha_bar, s.steps);
    if (golden_offers(c, "one_minus_abar_mid"))
        golden_check_output(c, "one_minus_abar_mid", s.one_minus_alpha_bar[middle(c, &s) - 1], 0);
    if (golden_offers(c, "b"))
        golden_check_list(c, "b", s.beta, s.steps, 0);
    if (golden_offers(c, "one_minus_abar"))
        golden_check_list(c, "one_minus_abar", s.one_minus_alpha_bar, s.steps, 0);
    if (golden_offers(c, "abar"))
        golden_check_list(c, "abar", s.alpha_bar, s.steps, 0);
    nq_schedule_free(&s);
}

void golden_check_binomial_schedule(golden_case *c)
{
    nq_schedule s;
    golden_schedule(&s, c);
    check_first(c, "b_first3", s.beta, s.steps);
    if (golden_offers(c, "b_last3") && s.steps >= 3)
        golden_check_list(c, "b_last3", s.beta + s.steps - 3, 3, 0);
    golden_check_output(c, "abar_mid", s.alpha_bar[middle(c, &s) - 1], 0);
    golden_check_output(c, "abar_T", s.alpha_bar[s.steps - 1], 0);
    nq_schedule_free(&s);
}
