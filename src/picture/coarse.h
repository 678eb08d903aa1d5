/* coarse.h - means of squares of a picture, which another model draws first. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_PICTURE_COARSE_H
#define NQI_PICTURE_COARSE_H

#include "picture/windows.h"

typedef struct nqi_coarse {
    nq_picture picture;
    double *const *draws; /* [count] pixels of the picture; NaN: a hole */
    size_t count;
    nq_squares squares; /* of the whole picture */
    double **means;     /* [count][channels][down][across]; NULL: not drawn yet */
} nqi_coarse;

/* Chooses the squares and draws means of those that are holes. Of c, picture, draws and count are
 * set. `options` are those of nq_inpaint (coarse, side), for the posterior's own see there. What
 * `model`, that of pixels, is told of is noted where it differs. */
nq_status nqi_coarse_draw(nqi_coarse *c, nq_context *context, const nq_model *model,
                          const nq_inpaint_options *options,
                          const nq_posterior_options *posterior);
/* Squares that lie in a box; their places are counted from its corner. Returns how many means they
 * have in all channels. */
size_t nqi_coarse_within(nq_squares *out, const nqi_coarse *c, const nqi_box *box);
/* Their means as drawn for draw d; NaN where a square is no hole, or none any more. */
void nqi_coarse_means(double *out, const nqi_coarse *c, const nqi_box *box, size_t d);
void nqi_coarse_free(nqi_coarse *c); /* copes with a zeroed one */

#endif
