/* score_rows.c - one K for each row of a file, the least probable rows first. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Usage: score_rows MODEL DATA [COUNT]. Prints lines "row,bits", rows numbered from 1. */
#include <noneq.h>

#include <stdio.h>
#include <stdlib.h>

typedef struct score {
    size_t row;
    double nats;
} score;

static int score_compare(const void *left, const void *right)
{
    const score *a = left, *b = right;
    return a->nats < b->nats ? -1 : a->nats > b->nats;
}

static nq_status print_lowest(const nq_bound *bound, size_t count)
{
    score *scores = malloc(bound->rows * sizeof *scores);
    if (!scores)
        return NQ_ERROR_MEMORY;
    for (size_t r = 0; r < bound->rows; r++)
        scores[r] = (score){r + 1, bound->row_bound[r]};
    qsort(scores, bound->rows, sizeof *scores, score_compare);
    puts("row,bits");
    for (size_t i = 0; i < bound->rows && i < count; i++)
        printf("%zu,%.3f\n", scores[i].row, scores[i].nats / 0.69314718055994531);
    free(scores);
    return NQ_OK;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: score_rows MODEL DATA [COUNT]\n", stderr);
        return 2;
    }
    nq_context *context = NULL;
    nq_model *model = NULL;
    nq_dataset *data = NULL;
    nq_bound bound = {0};
    /* 256 terms a row: each row's own K is an estimate, with an error of its own. */
    const nq_bound_options options = {.terms = 256, .seed = 1, .max_rows = 0};
    nq_status status;
    if ((status = nq_context_new(&context, NULL)) ||
        (status = nq_model_load(&model, context, argv[1])) ||
        (status = nq_dataset_open(&data, context, argv[2])) ||
        (status = nq_bound_estimate(&bound, context, model, data, &options)))
        goto done;
    status = print_lowest(&bound, argc > 3 ? strtoul(argv[3], NULL, 10) : 10);
done:
    if (status)
        fprintf(stderr, "%s: %s\n", nq_status_name(status),
                context ? nq_context_message(context) : "");
    nq_bound_free(&bound);
    nq_dataset_free(data);
    nq_model_free(model);
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
