/* checkpoint.h - parts of a checkpoint's reading and writing. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_CHECKPOINT_CHECKPOINT_H
#define NQI_TRAIN_CHECKPOINT_CHECKPOINT_H

#include "train/trainer.h"

/* write.c: what a checkpoint holds beside model and options: the lists of all objects. */
void nqi_checkpoint_fields(nq_trainer *trainer, nqi_fields *out);
/* data.c: *data with the columns of the run's model, which has been read, in its order.
 * NQ_ERROR_SHAPE: it has others. */
nq_status nqi_checkpoint_match_columns(nq_trainer *trainer, const char *path,
                                       const nq_dataset **data);
/* That the data whose digests the trainer has are those of the run in `root`. NQ_ERROR_SHAPE says
 * what is other. */
nq_status nqi_checkpoint_check_data(nq_trainer *trainer, const char *path,
                                    const struct cJSON *root);

#endif
