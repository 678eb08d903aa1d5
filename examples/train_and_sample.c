/* train_and_sample.c - makes data, fits a model, says how good it is, and draws samples. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Usage: train_and_sample [UPDATES]. Writes roll.nq and samples.csv into the present folder. */
#include <noneq.h>

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 10000, SAMPLES = 1000 };

/* K is a mean per row in nats. */
static double bits(double nats)
{
    return nats / 0.69314718055994531;
}

/* The caller owns the loop: here is the place for a display, a time limit or a signal. */
static nq_status train(const nq_model **model, nq_trainer *trainer)
{
    nq_train_state state;
    nq_status status = NQ_OK;
    for (nq_trainer_state(&state, trainer); !status && !state.done;
         nq_trainer_state(&state, trainer)) {
        status = nq_trainer_step(trainer);
        if (state.update && state.update % 500 == 0)
            fprintf(stderr, "update %lld: K %.3f bits\n", (long long)state.update,
                    bits(state.bound));
    }
    return status ? status : nq_trainer_model(model, trainer);
}

static nq_status evaluate(nq_context *context, const nq_model *model)
{
    nq_dataset *fresh;
    nq_bound bound = {0};
    const nq_generate_options options = {.rows = ROWS, .noise = 0, .seed = 2};
    nq_status status = nq_dataset_generate(&fresh, context, "swissroll", &options);
    if (!status)
        status = nq_bound_estimate(&bound, context, model, fresh, NULL);
    if (!status)
        printf("K %.3f +- %.3f bits, K - L_null %.3f bits\n", bits(bound.bound), bits(bound.se),
               bits(bound.gain));
    nq_bound_free(&bound);
    nq_dataset_free(fresh);
    return status;
}

static nq_status sample(nq_context *context, const nq_model *model)
{
    const size_t dim = nq_model_columns(model);
    const nq_sample_options options = {.rows = SAMPLES, .seed = 1};
    double *rows = malloc(SAMPLES * dim * sizeof *rows);
    if (!rows)
        return NQ_ERROR_MEMORY;
    nq_status status = nq_sample(rows, context, model, &options);
    if (!status)
        status = nq_values_write("samples.csv", context, rows, SAMPLES, dim, NULL);
    free(rows);
    return status;
}

int main(int argc, char **argv)
{
    nq_context *context = NULL;
    nq_dataset *data = NULL;
    nq_trainer *trainer = NULL;
    const nq_model *model;
    nq_model_options model_options;
    nq_train_options train_options;
    const nq_generate_options generate = {.rows = ROWS, .noise = 0, .seed = 1};
    nq_status status;

    nq_model_options_init(&model_options, sizeof model_options);
    nq_train_options_init(&train_options, sizeof train_options);
    if ((status = nq_context_new(&context, NULL)) ||
        (status = nq_preset_apply(&model_options, &train_options, context, "swissroll")))
        goto done;
    train_options.updates = train_options.fit_updates = argc > 1 ? atoi(argv[1]) : 2000;
    if ((status = nq_dataset_generate(&data, context, "swissroll", &generate)) ||
        (status =
             nq_trainer_new(&trainer, context, data, NULL, &model_options, &train_options)) ||
        (status = train(&model, trainer)) || (status = evaluate(context, model)) ||
        (status = sample(context, model)))
        goto done;
    status = nq_model_save("roll.nq", context, model);
done:
    if (status)
        fprintf(stderr, "%s: %s\n", nq_status_name(status),
                context ? nq_context_message(context) : "");
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
