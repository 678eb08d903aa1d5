/* lesson.h - rows behind noise, for a regressor that is fitted to them without a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MODEL_LESSON_H
#define NQI_MODEL_LESSON_H

#include "model/model.h"
#include "regressor/lesson.h"

/* What draws the rows of a lesson. */
typedef struct nqi_lesson_rows {
    const nq_model *model;
    const nqi_regressor *regressor;
    const nq_dataset *data;
    nqi_batch batch;
    nqi_real *said;  /* [2][laws][NQI_LANES] what x_t says, then what x_0 is by that alone */
    nqi_real *roles; /* [NQI_ROLES][dim][NQI_LANES]; NULL: all cells are targets */
} nqi_lesson_rows;

/* The lesson of a model's rows for its regressor, whose graph is there, but no numbers; to be
 * closed whatever is returned. */
nq_status nqi_lesson_open(nqi_lesson_rows *out, nqi_lesson *lesson, nq_context *context,
                          const nq_model *model, const nqi_regressor *regressor,
                          const nq_dataset *data);
void nqi_lesson_close(nqi_lesson_rows *of);

#endif
