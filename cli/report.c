/* report.c - verbs that are one call of the library: its inputs, and its report on standard output.
 */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/watch.h"
#include "message.h"
#include "session.h"

int report_open(report_job *job, const arguments *words, int models, const nq_area *area)
{
    int code = session_open(&job->context, &words->common);
    if (code)
        return code;
    for (int i = 0; i < models && !code; i++) {
        const nq_status status = nq_model_load(&job->models[i], job->context, words->operands[i]);
        code = status ? session_fail(job->context, status) : EXIT_DONE;
    }
    job->rows = (nq_source){.path = words->operands[models], .read = &words->common.read};
    if (area)
        job->rows.area = *area;
    return code;
}

void report_close(report_job *job)
{
    nq_model_free(job->models[0]);
    nq_model_free(job->models[1]);
    session_close(job->context);
}

int units_check(const verb *self, const char *units)
{
    if (!units || !strcmp(units, "scaled") || !strcmp(units, "data") ||
        !strcmp(units, "recorded"))
        return EXIT_DONE;
    return options_refuse(self, "--units takes scaled or data, not '%s'", units);
}

const char *report_output(const char *path)
{
    return path ? path : "-";
}

int report_end(nq_context *context, nq_status status)
{
    watch_clear();
    return status ? session_fail(context, status) : EXIT_DONE;
}

int report_print(nq_context *context, nq_status status, char **report)
{
    const int code = report_end(context, status);

    if (code)
        return code;
    if (*report)
        fputs(*report, stdout);
    free(*report);
    *report = NULL;
    return output_finish();
}
