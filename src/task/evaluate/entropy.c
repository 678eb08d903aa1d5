/* entropy.c - the entropy account of an evaluation: a table, and what it says to change. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "core/context.h"
#include "task/evaluate/report.h"
#include "task/report/json.h"
#include "task/report/number.h"

/* Lines of the table; what counts as much: a step's information in bits per number, costs in bits
 * per row and as a part of what is at stake. */
enum { TABLE_LINES = 16 };
static const double STEP_COARSE = 0.1, PART_SMALL = 0.02, PART_NOTHING = 0.95;

void nqi_entropy_json(FILE *file, const nq_entropy *entropy)
{
    fputs("{\"steps\":[", file);
    for (size_t i = 0; i < entropy->steps; i++) {
        fprintf(file, "%s{\"t\":%zu,", i ? "," : "", i + 1);
        nqi_json_field(file, "lower", entropy->lower[i] * NQI_BITS_PER_NAT);
        putc(',', file);
        nqi_json_field(file, "upper", entropy->upper[i] * NQI_BITS_PER_NAT);
        putc(',', file);
        nqi_json_field(file, "kl", entropy->kl[i] * NQI_BITS_PER_NAT);
        putc(',', file);
        nqi_json_field(file, "kl_se", entropy->kl_se[i] * NQI_BITS_PER_NAT);
        putc(',', file);
        nqi_json_field(file, "kl_sum", entropy->kl_sum[i] * NQI_BITS_PER_NAT);
        putc('}', file);
    }
    fputs("],", file);
    nqi_json_field(file, "data_upper", entropy->data_upper * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "largest_variance", entropy->largest_variance);
    fprintf(file, ",\"upper_holds\":%s}", entropy->upper_holds ? "true" : "false");
}

/* Steps first..last (1-based) in one line; bits. */
static void line_print(FILE *file, const nq_entropy *entropy, size_t first, size_t last,
                       int learned)
{
    double lower = 0, upper = 0, paid = 0;
    char steps[48];
    const double scale = NQI_BITS_PER_NAT;
    for (size_t t = first; t <= last; t++) {
        lower += entropy->lower[t - 1];
        upper += entropy->upper[t - 1];
        paid += entropy->kl[t - 1];
    }
    snprintf(steps, sizeof steps, first < last ? "%zu-%zu" : "%zu", first, last);
    fprintf(file, "%12s %11.4f %11.4f %11.4f", steps, lower * scale, upper * scale,
            (upper - lower) * scale);
    if (last == 1 && !learned)
        fputs("  (the forward kernel: nothing is learned)\n", file);
    else
        fprintf(file, " %11.4f %11.4f %11.4f\n", paid * scale, (upper - lower - paid) * scale,
                entropy->kl_sum[last - 1] * scale);
}

static void table_print(FILE *file, const nq_entropy *entropy, int learn_last)
{
    const size_t steps = entropy->steps;
    const size_t lines = steps - 1 < TABLE_LINES ? steps - 1 : TABLE_LINES;
    fputs("\nThe entropy of the reverse steps, bits per row (sums over the steps of a line):\n"
          "       steps       lower       upper         gap     KL paid       saved  KL so far\n",
          file);
    line_print(file, entropy, 1, 1, learn_last);
    for (size_t k = 0; k < lines; k++)
        line_print(file, entropy, 2 + k * (steps - 1) / lines, 1 + (k + 1) * (steps - 1) / lines,
                   1);
    fprintf(
        file,
        "gap: what a step that has learned nothing pays; saved: gap - KL; on data like the "
        "training data\nthe sum of what is saved is K - L_null. The entropy of the data is at "
        "most -K = %.4f bits per row.\n",
        entropy->data_upper * NQI_BITS_PER_NAT);
}

/* What the verdict looks at, in nats, over the learned steps. */
typedef struct account {
    double gap, paid; /* sums over t >= 2 */
    double coarsest;  /* largest gap of a step */
    size_t coarsest_step;
    double excess; /* paid beyond the gap, by more than twice its error */
    size_t excess_steps, worst_step;
    double worst;
} account;

static account account_sum(const nq_entropy *entropy)
{
    account sum = {0};
    for (size_t i = 1; i < entropy->steps; i++) {
        const double gap = entropy->upper[i] - entropy->lower[i];
        const double excess = entropy->kl[i] - gap - 2 * entropy->kl_se[i];
        sum.gap += gap;
        sum.paid += entropy->kl[i];
        if (gap > sum.coarsest) {
            sum.coarsest = gap;
            sum.coarsest_step = i + 1;
        }
        if (excess <= 0)
            continue;
        sum.excess += excess;
        sum.excess_steps++;
        if (excess > sum.worst) {
            sum.worst = excess;
            sum.worst_step = i + 1;
        }
    }
    return sum;
}

static void advice(FILE *file, int *number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void advice(FILE *file, int *number, const char *format, ...)
{
    va_list list;
    fprintf(file, "  %d. ", ++*number);
    va_start(list, format);
    vfprintf(file, format, list);
    va_end(list);
    putc('\n', file);
}

static void network_verdict(FILE *file, int *number, const nq_entropy *entropy,
                            const account *sum)
{
    if (sum->excess > PART_SMALL * sum->gap)
        advice(file, number,
               "Network or training: %zu steps pay %.3f bits more than a step that has learned "
               "nothing\n     (worst: t = %zu). %s",
               sum->excess_steps, sum->excess * NQI_BITS_PER_NAT, sum->worst_step,
               entropy->upper_holds
                   ? "Train longer or with a smaller " NQI_OPTION
                     "rate; if K is high on the training\n     "
                     "rows, the model has overfitted: more rows, " NQI_OPTION
                     "dropout or " NQI_OPTION "valid."
                   : "These rows are unlike the training rows: train on some like them.");
    else if (sum->gap > 0 && sum->paid > PART_NOTHING * sum->gap)
        advice(file, number,
               "Network or training: %.0f %% of the gap is paid, so hardly anything is learned: "
               "train longer,\n     use a larger network (" NQI_OPTION
               "hidden), or the columns may be "
               "independent.",
               100 * sum->paid / sum->gap);
}

static void steps_verdict(FILE *file, int *number, const nq_entropy *entropy, const account *sum)
{
    const double coarse = sum->coarsest * NQI_BITS_PER_NAT / (double)entropy->dim;
    if (coarse > STEP_COARSE)
        advice(file, number,
               "More steps (" NQI_OPTION
               "steps): step %zu destroys up to %.2f bits per number, and a "
               "reverse step with\n     independent numbers is exact only where that is small.",
               sum->coarsest_step, coarse);
}

/* Only bits have a finite lower bound there. */
static void first_verdict(FILE *file, int *number, const nqi_evaluation_report *report)
{
    const nq_entropy *entropy = report->entropy;
    const double cost = entropy->upper[0] - entropy->lower[0];
    if (nq_model_get_options(report->model)->learn_last > 0 || !isfinite(cost))
        return;
    if (cost > PART_SMALL * fabs(report->bound->gain))
        advice(file, number,
               "The last reverse step is not learned and costs up to %.3f bits: " NQI_OPTION
               "learn_last 1, "
               "or more steps.",
               cost * NQI_BITS_PER_NAT);
}

static void likelihood_verdict(FILE *file, int *number, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    if (!ais)
        return;
    const double loose = ais->likelihood - report->bound->bound;
    const double error = 2 * hypot(ais->se, report->bound->se);
    if (loose > error && loose > PART_SMALL * fabs(report->bound->gain))
        advice(file, number,
               "K is at least %.3f bits below the likelihood: the reverse process does not "
               "retrace the forward\n     one. More steps or training can close that; the model "
               "is better than K says.",
               loose * NQI_BITS_PER_NAT);
}

void nqi_entropy_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_entropy *entropy = report->entropy;
    const account sum = account_sum(entropy);
    const int bits = !nq_model_is_density(report->model);
    int number = 0;
    table_print(file, entropy, nq_model_get_options(report->model)->learn_last > 0);
    if (!entropy->upper_holds)
        fprintf(file,
                "Warning: the upper bounds need not hold on these rows (%s up to %.3f):\n"
                "they are not distributed like the training data.\n",
                bits ? "a column's mean is off the model's by" : "a column has a variance of",
                entropy->largest_variance);
    fputs("\nWhat would help:\n", file);
    network_verdict(file, &number, entropy, &sum);
    steps_verdict(file, &number, entropy, &sum);
    first_verdict(file, &number, report);
    likelihood_verdict(file, &number, report);
    if (!number)
        fprintf(file,
                "  no step stands out: %.0f %% of the gap is saved. The bounds cannot tell the "
                "rest apart%s\n",
                sum.gap > 0 ? 100 * (1 - sum.paid / sum.gap) : 0.0,
                report->ais ? "."
                            : "; " NQI_OPTION
                              "ais S\n  shows how far K is below the likelihood.");
}
