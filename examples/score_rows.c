/* score_rows.c - a log likelihood for each row of a file, as `noneq score MODEL DATA -o SCORES`
 * writes them; and the same figures from rows in memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Usage: score_rows MODEL DATA SCORES. Prints the least likely row, numbered from 0. */
#include <noneq.h>

#include <stdio.h>
#include <stdlib.h>

/* Rows that were opened already, or come from nq_dataset_from_array. */
static nq_status memory_score(nq_scores *out, nq_context *context, const nq_model *model,
                              const char *path)
{
    nq_dataset *rows = NULL;
    nq_status status = nq_dataset_open(&rows, context, path);
    if (!status)
        status = nq_score(out, NULL, context, model, &(nq_source){.data = rows}, NULL);
    nq_dataset_free(rows);
    return status;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return fputs("usage: score_rows MODEL DATA SCORES\n", stderr), 2;
    nq_context *context = NULL;
    nq_model *model = NULL;
    nq_scores file = {0}, memory = {0};
    const nq_score_options options = {.output = argv[3]};
    nq_status status;
    if ((status = nq_context_new(&context, NULL)) ||
        (status = nq_model_load(&model, context, argv[1])) ||
        (status =
             nq_score(&file, NULL, context, model, &(nq_source){.path = argv[2]}, &options)) ||
        (status = memory_score(&memory, context, model, argv[2])))
        fprintf(stderr, "%s: %s\n", nq_status_name(status), nq_context_message(context));
    size_t least = 0, same = 0;
    for (size_t r = 0; r < memory.rows; r++) {
        least = file.score[r] < file.score[least] ? r : least;
        same += file.score[r] == memory.score[r];
    }
    if (!status)
        printf("row %zu: %.3f nats; %zu of %zu rows alike\n", least, file.score[least], same,
               file.rows);
    nq_scores_free(&memory);
    nq_scores_free(&file);
    nq_model_free(model);
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
