/* report.c - what an evaluation says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/evaluate/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "task/report/json.h"
#include "task/report/number.h"
#include "task/report/shown.h"
#include "task/score/chain.h"
#include "task/score/rounds.h"

static int bound_columns(const nqi_evaluation_report *report)
{
    return report->bound->column_bound != NULL;
}

/* What a row has so many of: numbers, or columns where rows are as recorded. */
nq_role nqi_report_role(const nqi_evaluation_report *report, size_t column)
{
    const size_t source = nq_model_column_source(report->model, column);
    if (!report->roles)
        return NQ_ROLE_TARGET;
    return (nq_role)report->roles[source == (size_t)-1 ? column : source];
}

static size_t parts_of(const nqi_evaluation_report *report)
{
    size_t targets = 0;
    for (size_t c = 0; report->roles && c < nq_model_columns(report->model); c++)
        targets += report->roles[c] == NQ_ROLE_TARGET;
    if (targets)
        return targets;
    return nq_model_is_recorded(report->model) ? nq_model_columns(report->model)
                                               : report->bound->dim;
}

static double in_bits(const nqi_evaluation_report *report, double nats)
{
    return (nats + report->shift) * NQI_BITS_PER_NAT;
}

/* Nothing where rows are no pictures. */
static void per_pixel_json(FILE *file, const nqi_evaluation_report *report, double bits)
{
    if (!report->picture.channels)
        return;
    putc(',', file);
    nqi_json_field(file, "bits_per_pixel", bits / nqi_report_pixels(report));
}

/* The shape that tests and users read; new keys come after the old ones. */
static void bound_json(FILE *file, const nqi_evaluation_report *report)
{
    const nq_bound *bound = report->bound;
    const double bits = in_bits(report, bound->bound);
    fputs("\"bound\":{", file);
    nqi_json_field(file, "bits", bits);
    putc(',', file);
    nqi_json_field(file, "se", bound->se * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "bits_per_dim", bits / (double)parts_of(report));
    putc(',', file);
    nqi_json_field(file, "se_rows", bound->se_rows * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "nats", bits / NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "paper_bits", in_bits(report, bound->bound_paper));
    per_pixel_json(file, report, bits);
    fputs("},\"null\":{", file);
    nqi_json_field(file, "bits", in_bits(report, bound->null));
    per_pixel_json(file, report, in_bits(report, bound->null));
    fputs("},\"gain\":{", file);
    nqi_json_field(file, "bits", bound->gain * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "bits_per_dim",
                   bound->gain * NQI_BITS_PER_NAT / (double)parts_of(report));
    per_pixel_json(file, report, bound->gain * NQI_BITS_PER_NAT);
    putc('}', file);
}

static void ais_json(FILE *file, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    const int known = ais->trust != NQ_TRUST_AT_LEAST;
    fputs(",\"ais\":{", file);
    nqi_json_field(file, "bits", in_bits(report, ais->likelihood));
    putc(',', file);
    nqi_json_field(file, "se", known ? ais->se * NQI_BITS_PER_NAT : NAN);
    fprintf(file, ",\"samples\":%zu,", ais->samples);
    nqi_json_field(file, "ess", ais->ess);
    putc(',', file);
    nqi_json_field(file, "se_rows", known ? ais->se_rows * NQI_BITS_PER_NAT : NAN);
    putc(',', file);
    nqi_json_field(file, "nats", ais->likelihood + report->shift);
    putc(',', file);
    nqi_json_field(file, "bound_bits", in_bits(report, ais->mean_log_weight));
    fprintf(file, ",\"reached\":%s,\"khat\":", ais->reached ? "true" : "false");
    nqi_json_value_any(file, ais->khat);
    putc(',', file);
    nqi_json_field_text(file, "trust", nqi_trust_name(ais->trust));
    putc(',', file);
    nqi_json_field(file, "lower_bits", in_bits(report, ais->lower));
    putc(',', file);
    nqi_json_field(file, "bias", ais->bias * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "samples_needed", ais->needed);
    fprintf(file, ",\"rows_at_least\":%zu}", ais->rows_at_least);
}

/* What a regressor without a gradient says by itself. */
static void exact_json(FILE *file, const nq_exact *exact)
{
    fputs(",\"exact\":{", file);
    nqi_json_field(file, "bits", exact->log_law * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "nats", exact->log_law);
    putc(',', file);
    nqi_json_field(file, "se_rows", exact->se_rows * NQI_BITS_PER_NAT);
    putc('}', file);
}

static void question_json(FILE *file, const nqi_evaluation_report *report)
{
    if (report->of) {
        nqi_json_field_text(file, "of", report->of);
        putc(',', file);
    }
    if (report->given) {
        nqi_json_field_text(file, "given", report->given);
        putc(',', file);
    }
}

void nqi_evaluation_json(FILE *file, const void *result)
{
    const nqi_evaluation_report *report = result;
    const nq_schedule *schedule = nq_model_schedule(report->model);
    fprintf(file, "{\"rows\":%zu,\"dim\":%zu,", report->bound->rows, parts_of(report));
    nqi_json_field_text(file, "kernel", nq_model_kernel(report->model));
    putc(',', file);
    question_json(file, report);
    bound_json(file, report);
    if (report->ais)
        ais_json(file, report);
    if (report->exact)
        exact_json(file, report->exact);
    if (report->entropy) {
        fputs(",\"entropy\":", file);
        nqi_entropy_json(file, report->entropy);
    }
    fprintf(file, ",\"steps\":%zu,\"trained_steps\":%zu,\"terms\":%zu,", schedule->steps,
            nqi_steps_trained(report->model), report->bound->terms);
    nqi_json_field_text(file, "units", report->units);
    putc(',', file);
    nqi_json_field(file, "beta_1", schedule->beta[0]);
    putc(',', file);
    nqi_json_field(file, "alpha_bar_last", schedule->alpha_bar[schedule->steps - 1]);
    fprintf(file, ",\"impossible\":%zu", report->bound->impossible);
    if (report->bound->impossible)
        fputs(",\"all_rows_bits\":\"-inf\"", file);
    if (bound_columns(report))
        nqi_columns_json(file, report);
    if (report->picture.channels)
        nqi_picture_json(file, report);
    if (report->parzen)
        nqi_parzen_json(file, report);
    fputs("}\n", file);
}

static const char *part_word(const nqi_evaluation_report *report)
{
    return nq_model_is_recorded(report->model) ? "column" : "number";
}

static void line_text(FILE *file, const nqi_evaluation_report *report, const char *name,
                      double bits, double se)
{
    fprintf(file, "%-10s %12.4f +- %.4f bits per row %10.4f per %s %12.4f +- %.4f nats\n", name,
            bits, se, bits / (double)parts_of(report), part_word(report), bits / NQI_BITS_PER_NAT,
            se / NQI_BITS_PER_NAT);
}

static void ais_line(FILE *file, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    const double bits = in_bits(report, ais->likelihood);
    if (ais->trust != NQ_TRUST_AT_LEAST)
        line_text(file, report, "log p", bits, ais->se * NQI_BITS_PER_NAT);
    else
        fprintf(file, "%-10s %12.4f bits per row %21.4f per %s %12.4f nats\n", "log p, at least",
                bits, bits / (double)parts_of(report), part_word(report),
                bits / NQI_BITS_PER_NAT);
}

/* What the weights say of themselves. */
static void trust_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    fprintf(file, "Shape of the largest weights: k-hat %.2f; ", ais->khat);
    if (ais->trust == NQ_TRUST_FULL)
        fputs("below 0.5 the error holds.", file);
    else if (ais->trust == NQ_TRUST_CARE)
        fputs("from 0.5 to 0.7 the error is rough.", file);
    else if (ais->khat < 0.7)
        fputs(
            "but of some rows too few weights carry the sum: the\nmean is a lower bound, and no "
            "error can be given.",
            file);
    else
        fputs(
            "above 0.7 too few weights carry the sum: the figure is\na lower bound, and no error "
            "can be given.",
            file);
    if (ais->needed > (double)ais->samples && isfinite(ais->needed))
        fprintf(file, " About %.0f trajectories per row are needed.", ais->needed);
    if (ais->rows_at_least)
        fprintf(file, "\n%zu of %zu rows %s known \"at least\" on %s own.", ais->rows_at_least,
                ais->rows, ais->rows_at_least == 1 ? "is" : "are",
                ais->rows_at_least == 1 ? "its" : "their");
    putc('\n', file);
}

static void ais_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    fprintf(file,
            "\nlog p by annealed importance sampling, %zu %s per row, of which %.1f "
            "count\n(the mean of their log weights, %.4f bits, is a second estimate of K).",
            ais->samples, ais->samples == 1 ? "trajectory" : "trajectories", ais->ess,
            in_bits(report, ais->mean_log_weight));
    if (ais->trust == NQ_TRUST_AT_LEAST)
        fputs(" It lies below the\ntruth on average, and rises with the number of "
              "trajectories.\n",
              file);
    else
        fprintf(
            file,
            " It has been\ncorrected for its bias; what may be left, %.2g bits, is part of +-. "
            "Uncorrected it is\n%.4f bits, which lies below the truth on average. As a sample "
            "of all possible rows\nthey fix it to +- %.4f bits.\n",
            ais->bias * NQI_BITS_PER_NAT, in_bits(report, ais->lower),
            ais->se_rows * NQI_BITS_PER_NAT);
    trust_text(file, report);
}

/* What rows as recorded have. */
static const char *recorded_words(const nqi_evaluation_report *report, char words[100])
{
    const size_t columns = nq_model_columns(report->model);
    size_t densities = 0;
    for (size_t c = 0; c < columns; c++)
        densities += nq_model_column_is_density(report->model, c) != 0;
    if (!densities)
        return "probabilities of rows as recorded";
    snprintf(words, 100, "density of %zu column%s, probability of %zu, as recorded", densities,
             densities == 1 ? "" : "s", columns - densities);
    return words;
}

static void heading_text(FILE *file, const nqi_evaluation_report *report, int bits)
{
    char words[100], first[40] = "", steps[60];
    const nq_bound *bound = report->bound;
    const nq_schedule *schedule = nq_model_schedule(report->model);
    const int is_recorded = nq_model_is_recorded(report->model);
    if (!is_recorded) /* whose probabilities do not depend on it */
        snprintf(first, sizeof first, "beta_1 = %.4g, ", schedule->beta[0]);
    snprintf(steps, sizeof steps, "T = %zu", schedule->steps);
    if (nq_model_times(report->model))
        snprintf(steps, sizeof steps, "%zu of T = %zu steps", schedule->steps,
                 nqi_steps_trained(report->model));
    fprintf(file, "%s on %s: %zu rows of %zu %s\n", nqi_shown(report->model_name).text,
            nqi_shown(report->data_name).text, bound->rows,
            report->roles ? nq_model_columns(report->model) : parts_of(report),
            is_recorded ? "columns"
            : bits      ? "bits"
                        : "numbers");
    fprintf(file, "%s kernel, %s regressor, %s, %salpha_bar_T = %.3g; %s\n\n",
            nq_model_kernel(report->model), nq_model_regressor(report->model), steps, first,
            schedule->alpha_bar[schedule->steps - 1],
            is_recorded                          ? recorded_words(report, words)
            : bits                               ? "probabilities of whole rows"
            : strcmp(report->units, "data") == 0 ? "densities in the data's own units"
                                                 : "densities in scaled units");
}

/* What the figures are of, where it is not the whole row. */
static void question_text(FILE *file, const nqi_evaluation_report *report)
{
    if (!report->of && !report->given)
        return;
    fprintf(file, "of %s%s%s%s\n\n",
            report->of ? nqi_shown(report->of).text : "all other columns",
            report->given ? " given " : "", report->given ? nqi_shown(report->given).text : "",
            report->of ? "; others are not looked at" : "");
}

static void exact_line(FILE *file, const nqi_evaluation_report *report)
{
    char name[32];
    snprintf(name, sizeof name, "%s alone", nqi_model_fitted(report->model)->type->name);
    line_text(file, report, name, report->exact->log_law * NQI_BITS_PER_NAT, 0);
}

/* The best that is known: trajectories, where there are some, say more than the bound. */
static void likelihood_text(FILE *file, const nqi_evaluation_report *report)
{
    const nq_ais *ais = report->ais;
    const nq_bound *bound = report->bound;
    if (ais && ais->trust == NQ_TRUST_AT_LEAST)
        fprintf(file, "\nlog likelihood of a row, at least: %.4f nats\n", ais->likelihood);
    else if (ais)
        fprintf(file, "\nlog likelihood of a row: %.4f +- %.4f nats\n", ais->likelihood, ais->se);
    else
        fprintf(file, "\nlog likelihood of a row, at least: %.4f +- %.4f nats\n", bound->bound,
                bound->se);
}

void nqi_evaluation_text(FILE *file, const void *result)
{
    const nqi_evaluation_report *report = result;
    const nq_bound *bound = report->bound;
    const double se = bound->se * NQI_BITS_PER_NAT;
    const int bits = !nq_model_is_density(report->model);
    heading_text(file, report, bits);
    question_text(file, report);
    line_text(file, report, "K", in_bits(report, bound->bound), se);
    line_text(file, report, "L_null", in_bits(report, bound->null), 0);
    line_text(file, report, "K - L_null", bound->gain * NQI_BITS_PER_NAT, se);
    if (report->ais)
        ais_line(file, report);
    if (report->exact)
        exact_line(file, report);
    if (bits)
        likelihood_text(file, report);
    fprintf(file, "\n+- is the Monte Carlo standard error for %s, with %zu terms each",
            bound->rows == 1 ? "this row" : "these rows", bound->terms);
    if (bound->rows > 1)
        fprintf(file, "; as a sample of\nall possible rows they fix K to +- %.4f bits",
                bound->se_rows * NQI_BITS_PER_NAT);
    fputs(".\n", file);
    if (bound->impossible)
        fprintf(file,
                "%zu further row%s impossible to the model (log 0): over all rows the mean is "
                "-inf, and\nthe figures are those of the rest.\n",
                bound->impossible, bound->impossible == 1 ? " is" : "s are");
    if (bound_columns(report))
        nqi_columns_text(file, report);
    if (!bits && !nq_model_is_recorded(report->model))
        fputs("K of a density depends on beta_1: compare figures of the same beta_1 only.\n",
              file);
    if (report->picture.channels)
        nqi_picture_text(file, report);
    if (report->ais)
        ais_text(file, report);
    if (report->parzen)
        nqi_parzen_text(file, report);
    if (report->entropy)
        nqi_entropy_text(file, report);
}
