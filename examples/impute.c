/* impute.c - fills the gaps of a table with draws of a model: what `noneq impute` does. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include <noneq.h>

int main(int argc, char **argv)
{
    nq_context *context = NULL;
    nq_model *model = NULL;
    nq_fill_options options;
    nq_filled filled = {0};
    if (argc != 4) {
        fprintf(stderr, "usage: %s MODEL DATA OUT\n", argv[0]);
        return 2;
    }
    nq_fill_options_init(&options, sizeof options);
    options.output = argv[3];
    const nq_source rows = {.path = argv[2]}; /* or .data, a set in memory */
    nq_status status = nq_context_new(&context, NULL);
    if (!status)
        status = nq_model_load(&model, context, argv[1]);
    const nq_model *models[] = {model};
    if (!status)
        status = nq_fill(&filled, NULL, context, models, 1, &rows, &options);
    if (status)
        fprintf(stderr, "%s\n", nq_context_message(context));
    else
        printf("%zu rows of %zu columns by %s\n", filled.rows, filled.columns,
               filled.method ? filled.method : "no draw");
    nq_filled_free(&filled);
    nq_model_free(model);
    nq_context_free(context);
    return status != NQ_OK;
}
