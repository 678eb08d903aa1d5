/* custom_evidence.c - draws rows of a table whose cells add up to a given sum. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include <noneq.h>

enum { ROWS = 4000, COLUMNS = 3, SHOWN = 4 };

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

/* The caller's own knowledge: the cells of a row add up to `total`, give or take `width`. */
typedef struct budget {
    double total, width;
} budget;

static double log_budget(void *user, size_t target, const double *x, double *gradient)
{
    const budget *b = user;
    double gap = b->total;
    (void)target;
    for (size_t c = 0; c < COLUMNS; c++)
        gap -= (double)x[c];
    for (size_t c = 0; gradient && c < COLUMNS; c++)
        gradient[c] = (double)(gap / (b->width * b->width));
    return -0.5 * gap * gap / (b->width * b->width);
}

/* The first cell is known as well: evidence of two kinds is multiplied. */
static nq_status draw(nq_context *context, const nq_model *model)
{
    const double known[COLUMNS] = {1, (double)NAN, (double)NAN};
    budget sum = {.total = 3, .width = 0.1};
    nq_evidence *parts[2] = {NULL, NULL}, *both = NULL;
    nq_posterior posterior = {0};
    nq_posterior_options options;
    nq_status status;
    nq_posterior_options_init(&options, sizeof options);
    options.draws = SHOWN;
    options.particles = 1000;
    if (!(status = nq_evidence_clamp(&parts[0], context, model, known, 1)) &&
        !(status = nq_evidence_custom(&parts[1], context, model, log_budget, &sum, 1, 1)) &&
        !(status = nq_evidence_product(&both, context, (const nq_evidence *const *)parts, 2)))
        status = nq_posterior_sample(&posterior, context, model, both, &options);
    for (size_t d = 0; d < SHOWN && !status; d++) {
        const double *x = posterior.samples + d * COLUMNS;
        printf("%6.3f %6.3f %6.3f   sum %.3f\n", (double)x[0], (double)x[1], (double)x[2],
               (double)x[0] + (double)x[1] + (double)x[2]);
    }
    nq_posterior_free(&posterior);
    nq_evidence_free(both);
    nq_evidence_free(parts[0]);
    nq_evidence_free(parts[1]);
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
        (status = draw(context, model)))
        fprintf(stderr, "%s\n", nq_context_message(context));
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    return status != NQ_OK;
}
