/* cmd_eval.c - noneq eval: the bound K on the log likelihood of data under a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "message.h"
#include "metrics.h"
#include "output.h"
#include "session.h"
#include "verbs.h"

typedef struct eval_values {
    int64_t terms, max_rows;
    const char *units, *path;
} eval_values;

static const option_row rows[] = {
    {"terms", 0, OPTION_COUNT, offsetof(eval_values, terms), "N", "0", 0,
     "Monte Carlo terms per row; 0: enough for a small standard error"},
    {"max-rows", 0, OPTION_COUNT, offsetof(eval_values, max_rows), "N", "0", 0,
     "use at most so many rows, evenly spread; 0: all"},
    {"units", 0, OPTION_TEXT, offsetof(eval_values, units), "UNITS", "scaled", 0,
     "scaled: densities of the scaled rows, as in the paper; data: of the rows as they are"},
    {"output", 'o', OPTION_TEXT, offsetof(eval_values, path), "FILE", "-", 0,
     "where to write the result"},
};

/* What is reported, in bits and in the units that were asked for. */
typedef struct eval_report {
    const char *model_path, *data_path, *units;
    const nq_model *model;
    const nq_bound *bound;
    double bits, paper_bits, null_bits; /* with the log-Jacobian in the data's units */
} eval_report;

static void report_fill(eval_report *out, const nq_model *model, const nq_bound *bound,
                        const char *units)
{
    const double shift = strcmp(units, "data") == 0 ? nq_model_log_jacobian(model) : 0;

    out->model = model;
    out->bound = bound;
    out->units = units;
    out->bits = (bound->bound + shift) * BITS_PER_NAT;
    out->paper_bits = (bound->bound_paper + shift) * BITS_PER_NAT;
    out->null_bits = (bound->null + shift) * BITS_PER_NAT;
}

static void bound_json(FILE *file, const eval_report *report)
{
    const nq_bound *bound = report->bound;

    fputs("\"bound\":{", file);
    json_field(file, "bits", report->bits);
    putc(',', file);
    json_field(file, "se", bound->se * BITS_PER_NAT);
    putc(',', file);
    json_field(file, "bits_per_dim", report->bits / (double)bound->dim);
    putc(',', file);
    json_field(file, "se_rows", bound->se_rows * BITS_PER_NAT);
    putc(',', file);
    json_field(file, "nats", report->bits / BITS_PER_NAT);
    putc(',', file);
    json_field(file, "paper_bits", report->paper_bits);
    fputs("},\"null\":{", file);
    json_field(file, "bits", report->null_bits);
    fputs("},\"gain\":{", file);
    json_field(file, "bits", bound->gain * BITS_PER_NAT);
    putc(',', file);
    json_field(file, "bits_per_dim", bound->gain * BITS_PER_NAT / (double)bound->dim);
    putc('}', file);
}

static void report_json(FILE *file, const eval_report *report)
{
    const nq_schedule *schedule = nq_model_schedule(report->model);

    fprintf(file, "{\"rows\":%zu,\"dim\":%zu,", report->bound->rows, report->bound->dim);
    json_field_text(file, "kernel", nq_model_kernel(report->model));
    putc(',', file);
    bound_json(file, report);
    fprintf(file, ",\"steps\":%zu,\"terms\":%zu,", schedule->steps, report->bound->terms);
    json_field_text(file, "units", report->units);
    putc(',', file);
    json_field(file, "beta_1", schedule->beta[0]);
    putc(',', file);
    json_field(file, "alpha_bar_last", schedule->alpha_bar[schedule->steps - 1]);
    fputs("}\n", file);
}

static void line_text(FILE *file, const char *name, double bits, double se, size_t dim)
{
    fprintf(file, "%-10s %12.4f +- %.4f bits per row %10.4f per number %12.4f +- %.4f nats\n",
            name, bits, se, bits / (double)dim, bits / BITS_PER_NAT, se / BITS_PER_NAT);
}

static void report_text(FILE *file, const eval_report *report)
{
    const nq_bound *bound = report->bound;
    const nq_schedule *schedule = nq_model_schedule(report->model);
    const double se = bound->se * BITS_PER_NAT;
    const int bits = strcmp(nq_model_kernel(report->model), "binomial") == 0;

    fprintf(file, "%s on %s: %zu rows of %zu %s\n", report->model_path, report->data_path,
            bound->rows, bound->dim, bits ? "bits" : "numbers");
    fprintf(file, "%s kernel, %s regressor, T = %zu, beta_1 = %.4g, alpha_bar_T = %.3g; %s\n\n",
            nq_model_kernel(report->model), nq_model_regressor(report->model), schedule->steps,
            schedule->beta[0], schedule->alpha_bar[schedule->steps - 1],
            bits                                 ? "probabilities of whole rows"
            : strcmp(report->units, "data") == 0 ? "densities in the data's own units"
                                                 : "densities in scaled units");
    line_text(file, "K", report->bits, se, bound->dim);
    line_text(file, "L_null", report->null_bits, 0, bound->dim);
    line_text(file, "K - L_null", bound->gain * BITS_PER_NAT, se, bound->dim);
    if (bits)
        fprintf(file, "\nlog likelihood of a row, at least: %.4f +- %.4f nats\n", bound->bound,
                bound->se);
    fprintf(file,
            "\n+- is the Monte Carlo standard error for these rows, with %zu terms each; as a "
            "sample of\nall possible rows they fix K to +- %.4f bits.\n",
            bound->terms, bound->se_rows * BITS_PER_NAT);
    if (!bits)
        fputs("K of a density depends on beta_1: compare figures of the same beta_1 only.\n",
              file);
}

static int report_write(const eval_report *report, const char *path, int json)
{
    output out;

    if (output_open(&out, path))
        return EXIT_FAILED;
    if (json)
        report_json(out.file, report);
    else
        report_text(out.file, report);
    return output_close(&out);
}

static int report_log(const eval_report *report, const char *folder)
{
    metrics log;
    const char *updates = nq_model_record(report->model, "updates");
    const metric figures[] = {
        {"eval_bits", report->bits},
        {"eval_se_bits", report->bound->se * BITS_PER_NAT},
        {"eval_gain_bits", report->bound->gain * BITS_PER_NAT},
    };

    if (metrics_open(&log, folder))
        return EXIT_FAILED;
    metrics_write(&log, updates ? strtoll(updates, NULL, 10) : 0, "eval", figures,
                  sizeof figures / sizeof *figures);
    return metrics_close(&log);
}

static int eval_run(const verb *self, int argc, char **argv)
{
    eval_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    nq_dataset *data = NULL;
    nq_bound bound = {0};
    nq_status status;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (strcmp(values.units, "scaled") != 0 && strcmp(values.units, "data") != 0)
        return options_refuse(self, "--units takes scaled or data, not '%s'", values.units);
    if ((strcmp(values.path, "-") != 0 && (code = output_check(values.path))) ||
        (code = output_check_apart(values.path, words.operands[0])) ||
        (code = output_check_apart(values.path, words.operands[1])) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_bound_options options = {.terms = (size_t)values.terms,
                                      .seed = (uint64_t)words.common.seed,
                                      .max_rows = (size_t)values.max_rows};
    if ((status = nq_model_load(&model, context, words.operands[0])) ||
        (status = nq_dataset_open(&data, context, words.operands[1])) ||
        (status = nq_bound_estimate(&bound, context, model, data, &options))) {
        code = session_fail(context, status);
    } else {
        eval_report report = {.model_path = words.operands[0], .data_path = words.operands[1]};

        report_fill(&report, model, &bound, values.units);
        if (!(code = report_log(&report, words.common.log)))
            code = report_write(&report, values.path, words.common.json);
    }
    nq_bound_free(&bound);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
    return code;
}

const verb verb_eval = {
    .name = "eval",
    .operands = "MODEL DATA",
    .summary = "how well a model explains data: K and K - L_null",
    .details =
        "Estimates K, the lower bound on the mean log likelihood of a row, and what it gains "
        "over the equilibrium distribution (L_null), with standard errors.",
    .example = "noneq eval roll.noneq test.npy --json",
    .operands_least = 2,
    .operands_most = 2,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common =
        COMMON_SEED | COMMON_THREADS | COMMON_JSON | COMMON_LOG | COMMON_QUIET | COMMON_VERBOSE,
    .run = eval_run,
};
