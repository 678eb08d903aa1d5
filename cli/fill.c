/* fill.c - what impute and denoise share: options, models, and how a job ends. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fill.h"

#include <stdio.h>
#include <stdlib.h>

#include "message.h"
#include "session.h"

const option_struct fill_structs[] = {FILL_STRUCTS, {NULL, 0, NULL}};

nq_source fill_begin(fill_values *values, const arguments *words)
{
    nq_fill_options *fill = &values->fill;

    fill->view = &values->view;
    if (!fill->output && !fill->sheet && !fill->evidence && !fill->score && !fill->json)
        fill->output = "-";
    return (nq_source){.path = words->operands[words->operand_count - 1],
                       .read = &words->common.read};
}

int fill_models_open(fill_models *out, const arguments *words)
{
    nq_status status = NQ_OK;

    out->count = 0;
    const int code = session_open(&out->context, &words->common);
    if (code)
        return code;
    while (out->count + 1 < (size_t)words->operand_count && !status) {
        status =
            nq_model_load(&out->models[out->count], out->context, words->operands[out->count]);
        out->borrowed[out->count] = out->models[out->count];
        out->count += !status;
    }
    return status ? fill_end(out, status, NULL) : EXIT_DONE;
}

int fill_end(fill_models *models, nq_status status, char *report)
{
    const int code = status ? session_fail(models->context, status) : EXIT_DONE;

    if (report)
        fputs(report, stdout);
    free(report);
    for (size_t i = 0; i < models->count; i++)
        nq_model_free(models->models[i]);
    session_close(models->context);
    return code ? code : output_finish();
}
