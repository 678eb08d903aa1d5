/* source.h - the rows of a task: opened, and as a model takes them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SOURCE_SOURCE_H
#define NQI_TASK_SOURCE_SOURCE_H

#include <noneq/model.h>
#include <noneq/source.h>

/* Zeroed there is none. */
typedef struct nqi_source {
    const char *name; /* of the file, or "the data", for sentences */
    nq_dataset *file; /* all that there is: of a file, or a view of the caller's */
    nq_dataset *rows; /* what is used: the model's columns, or crops; maybe `file` itself */
} nqi_source;

/* Opens, and tells the notes on what was read. keep_text: as in nq_read_options; for_model: the
 * same. rows is file. Free it whatever is returned. NQ_ERROR_ARGUMENT: neither or both of path and
 * data. */
nq_status nqi_source_open(nqi_source *out, nq_context *context, const nq_source *source,
                          int for_model, int keep_text);
/* The same as the model's data are read. */
nq_status nqi_source_read(nqi_source *out, nq_context *context, const nq_source *source,
                          const nq_model *model, int keep_text);
/* And cut for it: of pictures, rows that are flat become such pictures, larger ones are cut
 * into crops side by side within the area; of tables, the columns are those of the model. */
nq_status nqi_source_open_for(nqi_source *out, nq_context *context, const nq_source *source,
                              const nq_model *model, int keep_text);
void nqi_source_free(nqi_source *source); /* leaves it zeroed */

/* The second in steps. The columns of the file as the model has them, in rows. */
nq_status nqi_source_match(nqi_source *source, nq_context *context, const nq_model *model);
/* States the shape of flat rows and refuses pictures of other channels or smaller than `wanted`. */
nq_status nqi_source_shape(const nqi_source *source, nq_context *context,
                           const nq_picture *wanted);
/* Whether the rows must be cut to be of this shape within this area. */
int nqi_source_is_larger(const nqi_source *source, const nq_picture *wanted, const nq_area *area);
/* Crops of this shape within the area; mirror 1: also left to right; stride as in
 * nq_crop_options. */
nq_status nqi_pictures_crop(nq_dataset **out, nq_context *context, const nq_dataset *pictures,
                            const nq_picture *wanted, const nq_area *area, size_t stride,
                            int mirror);

#endif
