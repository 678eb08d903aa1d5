/* view.h - how rows are shown as pictures: their shape, what is black and what is white. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_VIEW_H
#define NONEQ_VIEW_H

#include <noneq/option.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A number of nq_view_options that is chosen from the model. */
#define NQ_VIEW_CHOSEN NQ_NUMBER_MOST

#define NQ_VIEW_OPTIONS(X)                                                                       \
    X(string, image, "image", NULL, 0, 0,                                                        \
      "pictures: shape of a row, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH; default: the model's")   \
    X(number, black, "black", "1.7976931348623157e308", -1e30, 1e30,                             \
      "pictures: number shown as black; default: 0 for grey levels and bits, else the training " \
      "data's mean less 3 deviations")                                                           \
    X(number, white, "white", "1.7976931348623157e308", -1e30, 1e30,                             \
      "pictures: number shown as white; default: 255 or 65535 for grey levels, 1 for bits, "     \
      "else the mean and 3 deviations")                                                          \
    X(count, depth, "depth", "8", 8, 16, "pictures: 8 or 16 bits for each colour")

typedef struct nq_view_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_VIEW_OPTIONS(NQ_FIELD)
} nq_view_options;
void nq_view_options_init(nq_view_options *options, size_t size);

#ifdef __cplusplus
}
#endif
#endif
