/* impute.c - trains on a table, hides a cell of some rows, and fills it with a mean and a range. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include <noneq.h>

enum { ROWS = 4000, COLUMNS = 3, SHOWN = 4, DRAWS = 200 };

static nq_status train(nq_trainer *trainer)
{
    nq_status status;
    nq_train_state state;
    do {
        status = nq_trainer_step(trainer);
        nq_trainer_state(&state, trainer);
    } while (!status && !state.done);
    return status;
}

/* Neighbouring columns have correlation .9: the middle one is worth (left + right) .9 / 1.81. */
static nq_status fill(nq_context *context, const nq_model *model, const nq_dataset *data)
{
    double rows[SHOWN * COLUMNS], gaps[SHOWN * COLUMNS];
    nq_evidence *evidence = NULL;
    nq_posterior posterior = {0};
    nq_posterior_options options;
    nq_status status;
    for (size_t r = 0; r < SHOWN; r++)
        nq_dataset_row(rows + r * COLUMNS, data, r);
    for (size_t j = 0; j < SHOWN * COLUMNS; j++)
        gaps[j] = j % COLUMNS == 1 ? (double)NAN : rows[j];
    nq_posterior_options_init(&options, sizeof options);
    options.draws = DRAWS;
    if (!(status = nq_evidence_clamp(&evidence, context, model, gaps, SHOWN)))
        status = nq_posterior_sample(&posterior, context, model, evidence, &options);
    for (size_t r = 0; r < SHOWN && !status; r++) {
        double sum = 0, squares = 0;
        for (size_t d = 0; d < DRAWS; d++) {
            const double x = (double)posterior.samples[(r * DRAWS + d) * COLUMNS + 1];
            sum += x;
            squares += x * x;
        }
        const double mean = sum / DRAWS, known = rows[r * COLUMNS] + rows[r * COLUMNS + 2];
        printf("hidden %7.3f   filled %7.3f +- %.3f   exact %7.3f +- 0.324\n",
               (double)rows[r * COLUMNS + 1], mean, sqrt(squares / DRAWS - mean * mean),
               known * 0.9 / 1.81);
    }
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    return status;
}

int main(void)
{
    const nq_generate_options make = {.rows = ROWS, .dim = COLUMNS, .noise = 0.9, .seed = 1};
    nq_context *context;
    nq_dataset *data = NULL;
    nq_trainer *trainer = NULL;
    const nq_model *model;
    nq_train_options options;
    nq_status status = nq_context_new(&context, NULL);
    if (status)
        return 1;
    nq_train_options_init(&options, sizeof options);
    options.updates = 500;
    if ((status = nq_dataset_generate(&data, context, "gaussian", &make)) ||
        (status = nq_trainer_new(&trainer, context, data, NULL, NULL, &options)) ||
        (status = train(trainer)) || (status = nq_trainer_model(&model, trainer)) ||
        (status = fill(context, model, data)))
        fprintf(stderr, "%s\n", nq_context_message(context));
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    return status != NQ_OK;
}
