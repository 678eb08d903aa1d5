/* whole.c - `noneq train data.csv -o m.nq`, `score` and `impute` of it, by the library alone. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq.h>

#include <stdio.h>

int main(void)
{
    nq_context *context = NULL;
    nq_model *model = NULL;
    const nq_source data = {.path = "data.csv"}, gaps = {.path = "gaps.csv"};
    const nq_fit_options fit = {.output = "m.nq"};
    const nq_score_options score = {.output = "scores.csv"};
    const nq_fill_options fill = {.output = "filled.csv"};
    nq_status status = nq_context_new(&context, NULL);
    if (!status)
        status = nq_fit(&model, NULL, context, &data, &fit);
    const nq_model *const models[] = {model};
    if (!status && !(status = nq_score(NULL, NULL, context, model, &data, &score)))
        status = nq_fill(NULL, NULL, context, models, 1, &gaps, &fill);
    if (status)
        fprintf(stderr, "%s\n", nq_context_message(context));
    nq_model_free(model);
    nq_context_free(context);
    return status != NQ_OK;
}
