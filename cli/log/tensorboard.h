/* tensorboard.h - a TensorBoard event file of scalars: TFRecord framing, hand-made protobuf. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_TENSORBOARD_H
#define NONEQ_CLI_TENSORBOARD_H

#include <stdint.h>
#include <stdio.h>

/* The event that opens every file. wall_time: seconds since 1970. */
void tensorboard_start(FILE *file, double wall_time);
/* A run begins or goes on at `step`: what earlier files of the folder say of it and of later steps
 * is void. */
void tensorboard_session(FILE *file, double wall_time, int64_t step);
/* One scalar at one step. `tag` has at most 64 letters. */
void tensorboard_scalar(FILE *file, double wall_time, int64_t step, const char *tag, float value);

#endif
