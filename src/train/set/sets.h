/* sets.h - the rows of a run: what it is trained on and judged by, and whose they are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_SET_SETS_H
#define NQI_TRAIN_SET_SETS_H

#include "model/model.h"
#include "train/checkpoint/field.h"

/* What tells the caller's data from others. */
typedef struct nqi_data_digest {
    uint64_t values, valid_values, valid_names; /* 0: no such set, or no names */
    uint64_t row_sum, valid_row_sum;            /* nqi_digest_rows, for the model's record */
    int64_t rows, valid_rows;
} nqi_data_digest;

typedef struct nqi_sets {
    const nq_dataset *data,
        *valid;                 /* without gaps: the caller's, or made from them; valid NULL */
    nq_dataset *matched;        /* columns in the order of a model that is gone on with */
    nq_dataset *matched_valid;  /* hold-out columns in the order of the data's */
    nq_dataset *possible_valid; /* hold-out rows that the model can give a probability */
    size_t left_out;            /* and how many others there are */
    nqi_data_digest digest;     /* of the caller's sets */
} nqi_sets;

/* *data with its columns in the order of a model's, by name. NQ_ERROR_SHAPE. */
nq_status nqi_sets_match(nqi_sets *sets, nq_context *context, const nqi_scaling *scaling,
                         const nq_dataset **data);
/* *valid with its columns in the order of the data's, by name. */
nq_status nqi_sets_match_valid(nqi_sets *sets, nq_context *context, const nq_dataset *data,
                               const nq_dataset **valid);
/* Leaves out hold-out rows that differ in a column that is constant in training, and checks the
 * others. */
nq_status nqi_sets_leave_out(nqi_sets *sets, nq_context *context, const nqi_scaling *scaling);
/* Sentences about how columns were matched. */
size_t nqi_sets_note_count(const nqi_sets *sets);
const char *nqi_sets_note(const nqi_sets *sets, size_t i);
void nqi_sets_free(nqi_sets *sets);

/* Reads the caller's sets through. model: what numbers their texts, or NULL. */
nq_status nqi_digest_make(nqi_data_digest *out, nq_context *context, const nq_dataset *data,
                          const nq_dataset *valid, const nq_model *model);
void nqi_digest_fields(nqi_data_digest *digest, nqi_fields *fields);

#endif
