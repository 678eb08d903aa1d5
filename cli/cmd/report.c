/* report.c - noneq report: one page on a model and rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "report.h"
#include "cmd/verbs.h"

typedef struct page_values {
    nq_page_options page;
    struct {
        size_t size;
        nq_string test;
    } own;
} page_values;

static const nq_option rows[] = {
    {"test", "test", NQ_OPTION_STRING,
     offsetof(page_values, own.test) - offsetof(page_values, own), NULL, 0, 0,
     "judge the model by these rows instead; DATA are then taken for the rows of training"},
};
static const nq_options_type type = {"page_values", sizeof((page_values *)0)->own,
                                     sizeof((page_values *)0)->own, rows,
                                     sizeof rows / sizeof *rows};
static const option_struct structs[] = {
    {"nq_page_options", offsetof(page_values, page), "o=output"},
    {"own", offsetof(page_values, own), NULL},
    {NULL, 0, NULL},
};

static int page_run(const verb *self, int argc, char **argv)
{
    page_values values;
    arguments words;
    report_job job = {0};
    nq_page_options *options = &values.page;
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (!options->output && !options->json)
        return options_refuse(self, "-o FILE is missing: the page, such as report.html");
    options->output = report_output(options->output);
    options->model_path = words.operands[0];
    const nq_source test = {.path = values.own.test, .read = &words.common.read};
    int code = report_open(&job, &words, 1, NULL);
    if (!code) {
        const nq_status status = nq_report_page(NULL, job.context, job.models[0], &job.rows,
                                                test.path ? &test : NULL, options);
        code = report_end(job.context, status);
    }
    report_close(&job);
    return code;
}

const verb verb_report = {
    .name = "report",
    .operands = "MODEL DATA -o FILE",
    .summary = "one page on a model: is it good, and where does it fail?",
    .details =
        "Writes one HTML file that needs nothing beside it: columns and pairs of columns of real "
        "rows beside those of samples, where they differ most, K by column, the likelihood by "
        "trajectories, calibration, the nearest training rows, the training curve. With --test "
        "DATA are the rows of training, and the others judge the model; without it the page says "
        "where DATA are those that trained it. Of pictures there are sheets of them.",
    .example = "noneq report model.nq train.csv --test test.csv -o report.html",
    .operands_least = 2,
    .operands_most = 2,
    .structs = structs,
    .own = &type,
    .common = COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ | COMMON_COLUMNS,
    .run = page_run,
};
