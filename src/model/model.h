/* model.h - inside of nq_model, and the ways in which the library fills one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MODEL_MODEL_H
#define NQI_MODEL_MODEL_H

#include <string.h>

#include <noneq/model.h>

#include "core/real.h"
#include "diffusion/batch.h"
#include "io/container/container.h"
#include "model/ladder/ladder.h"
#include "regressor/regressor.h"
#include "table/scaling/scaling.h"

/* Key and value of the training record, both owned. */
typedef struct nqi_record_entry {
    char *key, *value;
} nqi_record_entry;

struct nq_model {
    nq_model_options options; /* after choosing */
    nqi_scaling scaling;
    nq_picture picture; /* shape of a row; channels 0: it is no picture */
    nqi_process process;
    nqi_regressor regressor;
    nqi_regressor offset;        /* that the network stands on; no type: on none */
    size_t rows;                 /* that it was made from; 0: from a file */
    const nq_dataset *fitted_to; /* these, while they are trained on; borrowed; NULL: others */
    size_t numbers; /* of the regressor without a gradient; 0: it is not fitted yet */
    nqi_record_entry *record;
    size_t record_count;
    nqi_ladder ladder;  /* what longer steps cost; count 0: that was not measured */
    size_t usual_steps; /* of its samples, 0: all */
    char *path;         /* of the file that it is from, for sentences; NULL: none */
    const nq_model
        *trained; /* of one with fewer steps, which owns its process alone; else NULL */
};

/* The file that a model, or the one that it was shortened from, is from; NULL: none. */
const char *nqi_model_path(const nq_model *model);

/* The i-th of a model's regressors that a file has the numbers of: its own, then its offset; NULL:
 * there are no more. */
static inline const nqi_regressor *nqi_model_regressor(const nq_model *model, int i)
{
    const nqi_regressor *parts[2] = {&model->regressor, &model->offset};
    return i < 2 && parts[i]->type ? parts[i] : NULL;
}
/* The one without a gradient, or NULL. */
static inline const nqi_regressor *nqi_model_fitted(const nq_model *model)
{
    return model->regressor.type->predict ? &model->regressor
           : model->offset.type           ? &model->offset
                                          : NULL;
}

/* The same where it keeps a law of rows that is exact, as all numbers have levels; or NULL. */
const nqi_regressor *nqi_model_exact(const nq_model *model);
/* What that one is, in a few words; "": there is none. */
void nqi_model_fitted_text(char *out, size_t size, const nq_model *model);
/* The regressor, and what it stands on: their graphs. container: of a model's file, or NULL. */
nq_status nqi_model_make_regressors(nq_model *model, nq_context *context, double dropout,
                                    const nqi_container *container);
/* Fits one without a gradient, of the model's, to rows: it is then as large as what it was fitted
 * by. */
nq_status nqi_model_learn(nq_model *model, nq_context *context, nqi_regressor *regressor,
                          const nq_dataset *data);
/* How many of so many rows one without a gradient is fitted to, spread evenly over them, ... */
size_t nqi_model_kept_rows(const nqi_regressor *regressor, size_t rows);
/* ... and which of these `count` row number `row` is; NQI_NO_ROW: none. */
size_t nqi_model_kept_row(size_t row, size_t count, size_t rows);
/* A sample of scaled rows, [count][dim], malloc'ed; NULL: memory is out. Of recorded cells the
 * middles of bins, or with a stream numbers drawn in them. */
nqi_real *nqi_model_sample_rows(const nq_model *model, const nq_dataset *data, size_t count,
                                const nqi_stream *stream);
/* When all numbers are there. */
nq_status nqi_model_open(nq_model *model, nq_context *context);

enum {
    NQI_MODEL_FORMAT = 1
}; /* of model files: rises where an older version would misread them */

enum {
    NQI_SAMPLE_ROWS =
        64, /* most rows of a sampler's microbatch: the unit that `first` counts in */
    NQI_LARGE_PICTURE = 4096, /* numbers; larger ones are few, and their activations large */
    NQI_LAW_NUMBERS = 64,     /* of a normal law, at most, where it is chosen */
    NQI_INIT_ROWS = 2048      /* rows that initial weights may look at */
};

/* Rows of a microbatch that is drawn, a part of NQI_SAMPLE_ROWS. Convolutions gain nothing by many
 * rows, so that few pictures may use all threads; a dense pathway reads its weights for each
 * microbatch. Large pictures take memory. */
size_t nqi_sample_rows(const nq_model *model);

/* An untrained model with the given dropout in its regressor. */
nq_status nqi_model_build(nq_model **out, nq_context *context, const nq_dataset *data,
                          const nq_model_options *options, double dropout);
/* Weights as an untrained model of these rows and the model's own options has. */
nq_status nqi_model_begin_again(nq_model *model, nq_context *context, const nq_dataset *data);
/* The same weights in a regressor with the given dropout; without the training record. */
nq_status nqi_model_copy(nq_model **out, nq_context *context, const nq_model *from,
                         double dropout);
/* The blocks of a model's process, and what they own. */
typedef struct nqi_block_plans {
    nqi_block_plan *plan;
    double **owned; /* [count] or NULL */
    size_t count;
} nqi_block_plans;
/* By the codes of its columns, or all one with that equilibrium. */
nq_status nqi_model_plans(nqi_block_plans *out, nq_context *context, const nq_model *model,
                          const double *equilibrium);
void nqi_block_plans_free(nqi_block_plans *plans); /* copes with a zeroed struct */
/* What a network sees of its levels; levels NULL: there are none. NQ_ERROR_MEMORY; to be freed
 * then too. */
nq_status nqi_model_expansion(struct nqi_expansion *out, const nq_model *model);
void nqi_model_expansion_free(struct nqi_expansion *expansion);
/* The kernel, by the data where options name none; NQ_ERROR_ARGUMENT: there is no such. */
nq_status nqi_model_kernel(nq_model_options *options, nq_context *context,
                           const nq_dataset *data);
/* Whether the network is to stand on something; files of before say nothing of it. */
static inline int nqi_model_stands(const nq_model_options *options)
{
    return options->offset[0] && strcmp(options->offset, "none") != 0;
}
/* Of a regressor without a gradient, or an offset, as `field` has it. */
nq_status nqi_model_refuse_gaps(nq_context *context, const char *field, const char *value);
/* Whether a model of these options gets what its kernel has for networks (nqi_network_defaults):
 * one of layers with t as an input, not of pictures. The options may be chosen already. */
int nqi_model_is_usual(const nq_model_options *options, const nq_dataset *data);
/* What models of its kernel get where nothing is said. */
const nqi_defaults *nqi_model_defaults(const nq_model *model);
/* Fills every option that says "chosen from the data". */
nq_status nqi_model_options_choose(nq_model_options *options, nq_context *context,
                                   const nq_dataset *data);
/* Family, schedule, process, regressor and zero parameters from options and scaling. Takes over
 * `schedule` (its steps > 0), or makes it from the options. equilibrium: pi's numbers, or NULL.
 * container, of the file at `path`, or NULL: what must hold the network's numbers, which is checked
 * before memory is taken for them. */
nq_status nqi_model_assemble(nq_model *model, nq_context *context, nq_schedule *schedule,
                             const double *equilibrium, double dropout,
                             const nqi_container *container, const char *path);
nq_status nqi_model_check_tensors(const nq_model *model, nq_context *context,
                                  const nqi_container *container, const char *path);
/* The normal law that outputs start from: where its numbers are, and [T + 1] what it must know of a
 * step, malloc'ed; NULL in *out: there is to be none. Its fit to the data, into the parameters. */
nq_status nqi_model_law_steps(nqi_normal_step **out, nqi_law_place *place, const nq_model *model,
                              nq_context *context);
nq_status nqi_model_law_fit(nq_model *model, nq_context *context, const nq_dataset *data);
/* Whether the field is in a list between blanks, of a family's or a regressor's options. */
int nqi_has_field(const char *list, const char *field);
/* 0: the text is the name of a file of rates. */
int nqi_schedule_is_named(const char *kind);
const char *nqi_schedule_name(size_t i); /* NULL past the last */
/* Of the options' kind or file, and steps. */
nq_status nqi_model_schedule(nq_schedule *out, nq_context *context,
                             const nq_model_options *options);
/* The schedule that a model of these options has, from its rates. */
nq_status nqi_model_schedule_again(nq_schedule *out, nq_context *context,
                                   const nq_model_options *options, const double *beta,
                                   size_t steps);
/* NQ_ERROR_ARGUMENT names a rate that is too large for the family. */
nq_status nqi_model_rates_check(const nq_schedule *schedule, nq_context *context,
                                const nqi_family *family);
/* Fills model->picture from options->image, and checks it against the scaling. */
nq_status nqi_model_shape(nq_model *model, nq_context *context);
/* "28x28" or "3x32x32" to a picture (channels 0 when not said); NQ_ERROR_ARGUMENT otherwise. */
nq_status nqi_picture_parse(nq_picture *out, nq_context *context, const char *text);
/* Width of one grey level of the pixels that it was trained on, or that its pixels are means of; 0:
 * they have no grey levels. */
double nqi_model_grey_level(const nq_model *model);
nq_status nqi_model_set_record(nq_model *model, nq_context *context, const char *key,
                               const char *value);
nq_status nqi_model_set_record_number(nq_model *model, nq_context *context, const char *key,
                                      double value);

/* The file, with further tensors and one further metadata text (key "train") for checkpoints;
 * extra_json NULL: none. */
nq_status nqi_model_write(const nq_model *model, nq_context *context, const char *path,
                          const nqi_tensor *extra, size_t extra_count, const char *extra_json);
/* From an open container. dropout is what the regressor is built with. */
nq_status nqi_model_read(nq_model **out, nq_context *context, const nqi_container *container,
                         const char *path, double dropout);

/* Whether longer steps need what was measured on training rows, as the network does not tell. */
int nqi_model_needs_residual(const nq_model *model);
/* What was measured becomes the blocks' own. */
void nqi_model_take_ladder(nq_model *model);
/* The model, or one with so many steps (0: as it has), which is then `owned` too. */
nq_status nqi_model_with_steps(const nq_model **out, nq_model **owned, nq_context *context,
                               const nq_model *model, size_t steps);

/* The column, of the model's, that number i of a row of the process is of. */
size_t nqi_model_column_of(const nq_model *model, size_t number);
/* Cells of a row that are absent, by the columns' nq_role (NULL: targets) or for want of a value
 * that the column's law has, become values that training rows had; 0: there are none. A column that
 * follows from another tells that one where it can, and is filled in. */
int nqi_model_fill_absent(const nq_model *model, const unsigned char *roles, double *row);
/* A column whose cell is there while that which it follows from is missing, and can be several;
 * columns: there is none. */
size_t nqi_model_unknown_source(const nq_model *model, const unsigned char *roles,
                                const double *row);
/* Roles [NQI_ROLES][dim][ld] of gathered rows; row: scratch of as many columns. */
void nqi_model_gather_roles(const nq_model *model, const nq_dataset *data, const uint64_t *rows,
                            size_t count, const unsigned char *column_roles, nqi_batch *batch,
                            double *row, nqi_real *roles);
/* Of number `row` of a stream's rows, which is no joint one: a third each of all rows have known
 * cells, absent ones, and both, of a share that is uniform (mathematics.md section 11). Numbers are
 * ld apart. */
void nqi_model_draw_roles(const nq_model *model, nqi_real *known, nqi_real *absent, size_t ld,
                          const nqi_stream *stream, size_t row);
/* Of every so many rows one has all of its cells as targets: it trains the joint law. */
enum { NQI_ROLES_JOINT = 4 };
/* Of rows just gathered or spread, cells that the batch's roles say are known become as they are
 * recorded, so that this is what is conditioned on: scores are those of the middles of their bins,
 * and numbers lose the noise of a grey level. */
void nqi_model_settle_known(const nq_model *model, nqi_batch *batch);
/* Mean and deviation of what a column's levels and numbers were in training; of numbers as the
 * knots of their warp have them. Gaps do not count. */
void nqi_code_moments(const nqi_code *code, double *mean, double *deviation);
/* The number of a row that is the level of a column, or of the one that it follows from;
 * NQI_NO_NUMBER: there is none. */
size_t nqi_model_level_number(const nq_model *model, size_t column);
/* The block of a column, and the family that diffuses it; of one that never changes, those of the
 * first. */
const nqi_block *nqi_model_block(const nq_model *model, size_t column);
const nqi_family *nqi_model_family(const nq_model *model, size_t column);

/* *rows: the data in the order of the model's columns; *owned: a view to be freed, or NULL where
 * that is the data as they are. */
nq_status nqi_model_rows(const nq_dataset **rows, nq_dataset **owned, nq_context *context,
                         const nq_model *model, const nq_dataset *data);

/* Gathers scaled rows of a data set, feature-major, into x_0[dim][ld]; rows beyond count repeat
 * the last, so that padding is typical. Adds dequantisation noise when the model has any, of
 * the stream's rows; stream NULL: none. The batch's noise is lost. */
void nqi_model_gather(const nq_model *model, const nqi_ops *ops, const nq_dataset *data,
                      const uint64_t *rows, size_t count, nqi_batch *batch,
                      const nqi_stream *stream);
/* One row at a time: its numbers, and the sum of what recorded cells add to K. Scores are drawn by
 * the row's number; seed 0: they are the middles. */
typedef struct nqi_row_reader {
    const nq_model *model;
    nqi_real *x_0; /* [dim] */
    double *cells, *raw, *share;
    nqi_real *u;
} nqi_row_reader;
nq_status nqi_row_reader_new(nqi_row_reader *out, nq_context *context, const nq_model *model);
double nqi_row_reader_read(nqi_row_reader *reader, const nq_dataset *data, uint64_t row,
                           uint64_t seed);
void nqi_row_reader_free(nqi_row_reader *reader); /* copes with a zeroed struct */
/* Draws anew what of a gathered row is drawn: dequantisation noise is added to numbers without it;
 * scores of a table's cells are made from the batch's raw ones (stream NULL: the middles). */
void nqi_model_spread(const nq_model *model, const nqi_ops *ops, nqi_batch *batch,
                      const nqi_stream *stream);
int nqi_model_spreads(const nq_model *model);

#endif
