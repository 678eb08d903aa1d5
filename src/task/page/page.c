/* page.c - one page on a model and rows: what is found, in which order, and where it goes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "io/file/name.h"
#include "io/file/target.h"
#include "task/page/say/say.h"
#include "task/report/faults.h"
#include "task/report/print.h"
#include "task/source/output.h"
#include "task/source/paths.h"

/* A picture's or a document's name would promise what is not in the file. */
static nq_status extension_check(nq_context *context, const nq_page_options *options)
{
    const char *path = options->output, *slash = path ? strrchr(path, '/') : NULL;
    if (!path || !strchr(slash ? slash : path, '.') || nqi_path_is_stream(path))
        return NQ_OK;
    if (!nqi_path_is_packed(path) &&
        (options->json ? nqi_path_ends(path, ".json")
                       : nqi_path_ends(path, ".html") || nqi_path_ends(path, ".htm")))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_FILE, "the extension of '%s' says no format of %s", path,
                    options->json ? "numbers: expected .json"
                                  : "pages: expected .html (a browser prints it to .pdf)");
}

static nq_status options_check(nq_context *context, const nq_page_options *options,
                               const nq_source *data, const nq_source *test)
{
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, "MODEL", options->model_path},
                                 {NQI_PATH_INPUT, "DATA", data->path},
                                 {NQI_PATH_INPUT, NQI_OPTION "test", test ? test->path : NULL},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", options->output}};
    nq_status status = NQ_OK;
    if (options->output && strcmp(options->output, "-") != 0)
        status = nqi_output_check(context, options->output);
    if (!status)
        status = nqi_paths_check(context, uses, sizeof uses / sizeof *uses);
    return status ? status : extension_check(context, options);
}

static nq_status words_make(nqi_findings *found)
{
    const nq_status status =
        nqi_print_make(&found->words.summary, found->context, NULL, nqi_say_summary, found);
    return status ? status
                  : nqi_print_make(&found->words.verdict, found->context, NULL, nqi_say_verdict,
                                   found);
}

static nq_status curve_read(nqi_findings *found)
{
    const char *text = nq_model_record(found->model, "curve");
    if (text && !nqi_curve_read(&found->curve, text))
        nqi_log(found->context, NQ_LOG_WARNING,
                "the training curve of the model's file cannot be read, and is left out");
    return NQ_OK;
}

/* What is done one after another, and about how much of the work it is. */
typedef struct stage {
    nq_status (*run)(nqi_findings *found);
    double part;
} stage;

static const stage of_tables[] = {{nqi_page_rows_draw, 0.12},
                                  {nqi_page_bound, 0.1},
                                  {nqi_page_ais, 0.15},
                                  {nqi_page_check, 0.55},
                                  {nqi_page_columns, 0.02},
                                  {nqi_page_pairs, 0.02},
                                  {nqi_page_differ, 0},
                                  {nqi_page_nearest, 0.04},
                                  {curve_read, 0},
                                  {words_make, 0}};
static const stage of_pictures[] = {{nqi_page_sheets, 0.3},
                                    {nqi_page_bound, 0.4},
                                    {nqi_page_ais, 0.3},
                                    {curve_read, 0},
                                    {words_make, 0}};

static nq_status stages_run(nqi_findings *found)
{
    const int pictures = nqi_page_is_of_pictures(found);
    const stage *stages = pictures ? of_pictures : of_tables;
    const size_t count = pictures ? sizeof of_pictures / sizeof *of_pictures
                                  : sizeof of_tables / sizeof *of_tables;
    double done = 0;
    nq_status status = nqi_tell(found->context, "making a page", 0, 1);
    for (size_t i = 0; i < count && !status; i++) {
        const nqi_portion portion =
            nqi_portion_enter(found->context, done, fmin(done + stages[i].part, 1));
        status = stages[i].run(found);
        nqi_portion_leave(found->context, portion);
        done += stages[i].part;
    }
    return status;
}

static void findings_free(nqi_findings *found)
{
    free(found->columns);
    free(found->pairs.pair);
    free(found->pairs.order);
    free(found->differences);
    nq_bound_free(&found->bound);
    nq_ais_free(&found->ais);
    nq_check_free(&found->check);
    for (int side = 0; side < NQ_SIDES; side++)
        free(found->nearest.distance[side]);
    free(found->nearest.example);
    for (int i = 0; i < NQI_SHEETS; i++)
        free(found->sheets[i].png);
    free(found->words.summary);
    free(found->words.verdict);
    nqi_page_rows_free(&found->rows);
}

nq_status nq_report_page(char **report, nq_context *context, const nq_model *model,
                         const nq_source *data, const nq_source *test,
                         const nq_page_options *options)
{
    nq_page_options own;
    nqi_findings found = {.context = context, .model = model, .options = &own};
    if (report)
        *report = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_page_options, options);
    if (!status)
        status = options_check(context, &own, data, test);
    if (!status)
        status = nqi_page_rows_open(&found, data, test);
    if (!status)
        status = stages_run(&found);
    if (!status)
        nqi_faults_tell(context, model, found.bound.faults, found.bound.impossible);
    if (!status && (report || own.output))
        status = nqi_print_make(report, context, own.output,
                                own.json ? nqi_say_json : nqi_say_page, &found);
    findings_free(&found);
    return status;
}
