/* sample.h - exact ancestral samples of a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_SAMPLE_H
#define NONEQ_SAMPLE_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_SAMPLE_OPTIONS(X)                                                                     \
    X(size, rows, "rows", "0", 0, NQ_SIZE_MOST, "rows to draw")                                  \
    X(seed, seed, "seed", "0", 0, NQ_SIZE_MOST, "seed of every random number")                   \
    X(size, first, "first", "0", 0, NQ_SIZE_MOST,                                                \
      "number of the first row, a multiple of 64: rows 0..99 of a run with 100 rows and of one " \
      "with 1000 are the same")                                                                  \
    X(size, steps, "steps", "0", 1, NQ_STEPS_MOST,                                               \
      "steps of a shorter chain (nq_model_shorten), which then counts the time (default: the "   \
      "model's usual ones)")

typedef struct nq_sample_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_SAMPLE_OPTIONS(NQ_FIELD)
} nq_sample_options;
void nq_sample_options_init(nq_sample_options *options, size_t size);

/* Rows on their way from x_T to x_0. One thread at a time uses it, as its context; the model is
 * borrowed and may be shared. */
typedef struct nq_sampler nq_sampler;

/* Draws x_T from the equilibrium pi. */
nq_status nq_sampler_new(nq_sampler **out, nq_context *context, const nq_model *model,
                         const nq_sample_options *options);
/* Reverse steps until the rows are x_t (t at most the present time). NQ_ERROR_STOPPED: some rows
 * are, others are where they were; the same call again goes on. */
nq_status nq_sampler_run(nq_sampler *sampler, size_t t);
/* The present time: at first the steps of the chain. */
size_t nq_sampler_time(const nq_sampler *sampler);
/* Copies the rows to out[rows, columns] in the data's units. */
nq_status nq_sampler_state(double *out, const nq_sampler *sampler);
void nq_sampler_free(nq_sampler *sampler);

/* All of it: out[rows, columns]. */
nq_status nq_sample(double *out, nq_context *context, const nq_model *model,
                    const nq_sample_options *options);

#ifdef __cplusplus
}
#endif
#endif
