/* tensorboard.h - a TensorBoard event file of scalars: TFRecord framing, hand-made protobuf. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_TENSORBOARD_H
#define NONEQ_CLI_TENSORBOARD_H

#include <stdint.h>
#include <stdio.h>

/* The event that opens every file. wall_time: seconds since 1970. */
void tensorboard_start(FILE *file, double wall_time);
/* One scalar at one step. `tag` has at most 64 letters. */
void tensorboard_scalar(FILE *file, double wall_time, int64_t step, const char *tag, float value);

#endif
