/* denoise.c - trains on the swiss roll, moves points off it, and draws where they came from. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include <noneq.h>

enum { ROWS = 4000, COLUMNS = 2, SHOWN = 4, DRAWS = 200 };

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

/* A point and the noisy one that is seen; the mean over draws lies near the roll again. */
static nq_status clean(nq_context *context, const nq_model *model, const nq_dataset *data)
{
    const double sigma[COLUMNS] = {0.3, 0.3}, push[COLUMNS] = {0.25, -0.2};
    double rows[SHOWN * COLUMNS], noisy[SHOWN * COLUMNS];
    nq_evidence *evidence = NULL;
    nq_posterior posterior = {0};
    nq_posterior_options options;
    nq_status status;
    for (size_t r = 0; r < SHOWN; r++)
        nq_dataset_row(rows + r * COLUMNS, data, r);
    for (size_t j = 0; j < SHOWN * COLUMNS; j++)
        noisy[j] = (double)((double)rows[j] + push[j % COLUMNS]);
    nq_posterior_options_init(&options, sizeof options);
    options.draws = DRAWS;
    if (!(status = nq_evidence_gaussian(&evidence, context, model, noisy, sigma, SHOWN)))
        status = nq_posterior_sample(&posterior, context, model, evidence, &options);
    for (size_t r = 0; r < SHOWN && !status; r++) {
        double mean[COLUMNS] = {0, 0};
        for (size_t j = 0; j < DRAWS * COLUMNS; j++)
            mean[j % COLUMNS] += (double)posterior.samples[r * DRAWS * COLUMNS + j] / DRAWS;
        printf("true (%6.3f, %6.3f)   seen (%6.3f, %6.3f)   mean (%6.3f, %6.3f)   "
               "log evidence %.3f\n",
               (double)rows[2 * r], (double)rows[2 * r + 1], (double)noisy[2 * r],
               (double)noisy[2 * r + 1], mean[0], mean[1], posterior.log_evidence[r]);
    }
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    return status;
}

int main(void)
{
    const nq_generate_options make = {.rows = ROWS, .noise = 0.5, .seed = 1};
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
    if ((status = nq_dataset_generate(&data, context, "swissroll", &make)) ||
        (status = nq_trainer_new(&trainer, context, data, NULL, NULL, &options)) ||
        (status = train(trainer)) || (status = nq_trainer_model(&model, trainer)) ||
        (status = clean(context, model, data)))
        fprintf(stderr, "%s\n", nq_context_message(context));
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    return status != NQ_OK;
}
