/* evaluate.c - how well a model explains a file, and whether it is calibrated on it: what `noneq
 * eval MODEL DATA` and `noneq check MODEL DATA --json` print. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc < 3)
        return fputs("usage: evaluate MODEL DATA\n", stderr), 2;
    nq_context *context = NULL;
    nq_model *model = NULL;
    char *bound = NULL, *check = NULL;
    const nq_source rows = {.path = argv[2]};
    const nq_evaluate_options evaluate = {.model_path = argv[1]};
    const nq_check_report_options calibrated = {.model_path = argv[1], .json = 1};
    nq_status status;
    if ((status = nq_context_new(&context, NULL)) ||
        (status = nq_model_load(&model, context, argv[1])) ||
        (status = nq_evaluate(NULL, &bound, context, model, &rows, &evaluate)) ||
        (status = nq_check_report(NULL, &check, context, model, &rows, &calibrated)))
        fprintf(stderr, "%s: %s\n", nq_status_name(status), nq_context_message(context));
    else
        printf("%s%s", bound, check);
    free(bound);
    free(check);
    nq_model_free(model);
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
