/* model.h - a trained model: family, schedule, regressor and the scaling of the data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_MODEL_H
#define NONEQ_MODEL_H

#include <noneq/data.h>
#include <noneq/options.h>
#include <noneq/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Const while it is used; may be shared by threads that have a context each. */
typedef struct nq_model nq_model;

/* An untrained model for a data set: measures the scaling, builds schedule and regressor. Options
 * that say "chosen from the data" are chosen. It scores exactly like noise: K = L_null. */
nq_status nq_model_new(nq_model **out, nq_context *context, const nq_dataset *data,
                       const nq_model_options *options);
/* A safetensors file. NQ_ERROR_FILE, NQ_ERROR_FORMAT. The file appears whole or not at all. */
nq_status nq_model_load(nq_model **out, nq_context *context, const char *path);
nq_status nq_model_save(const char *path, nq_context *context, const nq_model *model);
/* The bytes of that file in memory: (*out)[*size], as nq_model_save would write them. The caller
 * frees them with nq_bytes_free; *out is NULL and *size 0 after a failure. The model is only read,
 * so that threads with contexts of their own may do this at once. Of several ranks each gets them.
 * NQ_ERROR_MEMORY; NQ_ERROR_UNSUPPORTED: a model that was shortened, which has no file. */
nq_status nq_model_to_bytes(void **out, size_t *size, nq_context *context, const nq_model *model);
/* A model from such bytes, with every check that nq_model_load makes. They are read before this
 * returns, and not kept; they may lie at any address. *out is NULL after a failure.
 * NQ_ERROR_FORMAT: they are no such file, or not the whole of one; NQ_ERROR_UNSUPPORTED: a tensor
 * of a type or rank that no model has; NQ_ERROR_MEMORY. */
nq_status nq_model_from_bytes(nq_model **out, nq_context *context, const void *bytes,
                              size_t size);
void nq_bytes_free(void *bytes); /* NULL is fine */
void nq_model_free(nq_model *model);

size_t nq_model_steps(const nq_model *model); /* T */
/* The same network with a chain of `steps` <= T (mathematics.md section 12), a diffusion of its
 * own whose K, likelihoods, samples and posteriors are exact for it, through the trained times
 * that lose least. Steps of one trained step are the trained ones; all T of them are the model to
 * the bit. Borrows the model, which must outlive it, and cannot be saved. NQ_ERROR_ARGUMENT: steps
 * out of range; NQ_ERROR_UNSUPPORTED: a free variance (variance_form) whose errors were not
 * measured (nq_model_measure_steps). */
nq_status nq_model_shorten(nq_model **out, nq_context *context, const nq_model *model,
                           size_t steps);
/* Measures on rows like those of training what longer steps lose, and keeps it with the model: from
 * then on the times of a shorter chain are chosen by it. Changes the usual steps: the fewest that
 * lose at most .02 bits a column of K on `valid` (NULL: on `data`); all, of a free variance. What
 * trains a model does so at its end. */
nq_status nq_model_measure_steps(nq_model *model, nq_context *context, const nq_dataset *data,
                                 const nq_dataset *valid);
/* Steps of its samples where the caller names none; T where they were not chosen. */
size_t nq_model_usual_steps(const nq_model *model);
/* Of one that was shortened: the trained step that each of its steps begins at, [steps + 1], 0
 * first; else NULL. Borrowed. */
const uint32_t *nq_model_times(const nq_model *model);
size_t nq_model_dim(const nq_model *model);     /* numbers that the model describes */
size_t nq_model_columns(const nq_model *model); /* columns of a data row: dim + constant ones */
/* Shape of a row where rows are pictures; channels 0: they are not. */
void nq_model_picture(nq_picture *out, const nq_model *model);
/* The same weights for pictures of another size; out is its own. NQ_ERROR_UNSUPPORTED: the
 * network's size depends on the picture's (a dense pathway, or no image network). */
nq_status nq_model_resize(nq_model **out, nq_context *context, const nq_model *model,
                          size_t height, size_t width);
const char *nq_model_kernel(const nq_model *model);
/* 1: its rows are real numbers, and likelihoods logs of a density, in units of the rows; 0: of a
 * probability. */
int nq_model_is_density(const nq_model *model);
/* 1: columns are of several kinds, and K and likelihoods are of rows as recorded: probabilities of
 * levels and of numbers on a grid, densities of real numbers in the data's units; 0: they are in
 * scaled units. */
int nq_model_is_recorded(const nq_model *model);
/* Writes values[rows][columns] as the model's data look: names, texts of levels, dates, decimals.
 * path: as for nq_values_write. */
nq_status nq_model_write_rows(const char *path, nq_context *context, const nq_model *model,
                              const double *values, size_t rows);
/* The same behind `before` columns of numbers: values[rows][before + columns]; names of all of
 * them, or NULL. */
nq_status nq_model_write_labelled(const char *path, nq_context *context, const nq_model *model,
                                  const double *values, size_t rows, const char *const *names,
                                  size_t before);
/* values[rows][columns], in the data's units as nq_sample and others give them, as a data set with
 * what the model knows of its columns: names, texts of levels, dates, decimals and words for gaps,
 * and the shape of pictures. Numbers are copied with the decimals of their column at most, as files
 * have them; neither model nor values is needed by the set. NaN: a missing cell. The caller frees
 * it; *out is NULL after a failure. The model is only read. NQ_ERROR_ARGUMENT: rows is 0;
 * NQ_ERROR_MEMORY. */
nq_status nq_model_rows_to_dataset(nq_dataset **out, nq_context *context, const nq_model *model,
                                   const double *values, size_t rows);
/* The column that another follows from, as each of its values has one of that: it is not modelled
 * but filled in again. (size_t)-1: it does not. */
size_t nq_model_column_source(const nq_model *model, size_t column);
/* Of such a model, the name of a column's kind ("whole", "category", ...), else NULL; and whether
 * what it adds is the log of a density. */
const char *nq_model_column_kind(const nq_model *model, size_t column);
int nq_model_column_is_density(const nq_model *model, size_t column);
/* What training found a column of such a model to be, as nq_dataset_column_facts says it of data:
 * without rows and missing, as a model knows parts of the rows only. Texts are borrowed. 0: it is
 * no such model. */
int nq_model_column_facts(nq_column_facts *out, const nq_model *model, size_t column);
/* Level i of its levels, the most frequent first, and what part of the training rows has it (may be
 * NULL); gaps are not among them. 0 where there is none. */
double nq_model_level(double *part, const nq_model *model, size_t column, size_t i);
double nq_model_gap_part(const nq_model *model, size_t column); /* 0: there were no gaps */
size_t nq_model_column_knots(const nq_model *model,
                             size_t column); /* of the warp; 0: it has none */
/* As nq_dataset_cell_text, of any model. */
size_t nq_model_cell_text(char *out, size_t size, const nq_model *model, size_t column,
                          double value);
/* Of such a model, how many levels a column has (0: it is a number alone), by falling frequency in
 * training rows; what one stands for: a number or the code of a text, NaN: a gap, infinity: every
 * number that is no other level's; and its text, or NULL. */
size_t nq_model_levels(const nq_model *model, size_t column);
double nq_model_level_value(const nq_model *model, size_t column, size_t level);
const char *nq_model_level_text(const nq_model *model, size_t column, size_t level);
int nq_model_column_is_text(const nq_model *model, size_t column);
/* 1: numbers of that column are one of two, of which these are the lower and the higher (0 and 1 of
 * bits); 0: they are others. Either may be NULL. */
int nq_model_pair(double *low, double *high, const nq_model *model, size_t column);
const char *nq_model_regressor(const nq_model *model);
size_t nq_model_parameters(const nq_model *model); /* trained numbers */
const nq_schedule *nq_model_schedule(const nq_model *model);
const nq_model_options *nq_model_get_options(const nq_model *model);
/* NQ_ERROR_ARGUMENT, with a sentence that names the flag and what it is for, where kernel, network
 * or schedule of `chosen` (all three named, as in a model's options) do not look at the option. */
nq_status nq_model_option_check(nq_context *context, const nq_model_options *chosen,
                                const nq_option *option);
/* The columns of `data` that the model asks for, in its order, as a view of all rows: by name where
 * both have names, else by place. The view has notes on columns that the model does not use. What
 * takes a model and data does the same by itself. The parent must outlive it. NQ_ERROR_SHAPE names
 * all columns that are not there; NQ_ERROR_FORMAT: one holds text. */
nq_status nq_dataset_for_model(nq_dataset **out, nq_context *context, const nq_dataset *data,
                               const nq_model *model);
/* Name of a data column, or NULL. */
const char *nq_model_column_name(const nq_model *model, size_t column);
/* Mean and deviation of a data column in training (deviation 0: constant), of texts those of their
 * codes. Either may be NULL. */
void nq_model_column_scaling(double *mean, double *deviation, const nq_model *model,
                             size_t column);
/* x, a number of that column that was drawn or computed, to the decimals that the model knows: some
 * 10^-8 of the column's deviation, as nq_sample and nq_posterior_sample round. */
double nq_model_column_round(const nq_model *model, size_t column, double x);
/* log density in the data's units = log density in scaled units + this (nats per row). */
double nq_model_log_jacobian(const nq_model *model);
/* Everything that the file's metadata says (options, schedule, scaling, columns, training
 * record) as JSON text. Free with free(). */
nq_status nq_model_describe(char **out, nq_context *context, const nq_model *model);
/* A value of the training record as text ("updates", "seconds", "valid_bits", ...), or NULL. */
const char *nq_model_record(const nq_model *model, const char *key);
/* The side of the squares whose means the pixels of its training pictures were
 * (nq_dataset_reduce), 1: none. */
size_t nq_model_reduced(const nq_model *model);
/* Pictures as those of its training were read: the means of squares in place of pixels. *out NULL:
 * they serve as they are, for the model has pixels, or the rows are means already, no pictures, or
 * of the model's own size. */
nq_status nq_dataset_reduce_for_model(nq_dataset **out, nq_context *context,
                                      const nq_dataset *rows, const nq_model *model);

/* Forward diffusion: x_t given data rows. rows[count, columns] in the data's units in, the same
 * out; t in 0..T. Noise is keyed by (seed, t, row). Of a mixed model x_t is where its levels and
 * scores stand then, as a table; NQ_ERROR_SHAPE: a row that no training row is like. */
nq_status nq_model_diffuse(double *out, nq_context *context, const nq_model *model,
                           const double *rows, size_t count, size_t t, uint64_t seed);
/* The reverse step's mean (Gaussian) or probability of a one (binomial) of x_{t-1} given x_t,
 * t in 1..T. All are [count, columns] of float32 in scaled units, as the network sees them: a
 * diffused row has no units of its own (bits are 0 and 1; nq_model_column_scaling has the rest).
 * Constant columns are not read, and 0 in mean and variance. variance may be NULL.
 * NQ_ERROR_UNSUPPORTED: a model with levels, or a mixed one. */
nq_status nq_model_reverse(float *mean, float *variance, nq_context *context,
                           const nq_model *model, const float *x_t, size_t count, size_t t);

#ifdef __cplusplus
}
#endif
#endif
