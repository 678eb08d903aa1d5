/* draw.c - rows of a model that meet a condition, and how probable it is: noneq sample --given. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include <noneq.h>

int main(int argc, char **argv)
{
    nq_context *context = NULL;
    nq_model *model = NULL;
    nq_draw_options options;
    nq_drawn drawn = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: %s MODEL CONDITION, such as x1>=1\n", argv[0]);
        return 2;
    }
    nq_draw_options_init(&options, sizeof options);
    options.rows = 5;
    options.given = argv[2];
    nq_status status = nq_context_new(&context, NULL);
    if (!status)
        status = nq_model_load(&model, context, argv[1]);
    if (!status)
        status = nq_draw(&drawn, NULL, context, model, &options);
    if (status)
        fprintf(stderr, "%s\n", nq_context_message(context));
    for (size_t i = 0; i < drawn.rows * drawn.columns; i++)
        printf("%.17g%c", drawn.values[i], (i + 1) % drawn.columns ? ',' : '\n');
    if (!status)
        printf("log probability %.3f +- %.3f nats\n", drawn.log_evidence, drawn.log_evidence_se);
    nq_drawn_free(&drawn);
    nq_model_free(model);
    nq_context_free(context);
    return status != NQ_OK;
}
