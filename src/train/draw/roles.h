/* roles.h - what the cells of a training row are to the network: target, known or absent. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_DRAW_ROLES_H
#define NQI_TRAIN_DRAW_ROLES_H

#include "model/model.h"

/* Rows that train the joint law; their divergences are what a run tells. */
static inline int nqi_roles_is_joint(size_t row)
{
    return row % NQI_ROLES_JOINT == 0;
}

/* Draws roles [NQI_ROLES][dim][ld] of a microbatch's rows, number `first` on of an update: of the
 * others a third each has known cells, absent ones, and both, of a share that is uniform
 * (mathematics.md section 11); of pictures for an image network they are nqi_roles_of_picture's.
 * Cells of the batch that are marked and no target lose their mark; so do drawn targets where all
 * that was observed of their row is known: they would confirm themselves. Known numbers become as
 * they are recorded. told [NQI_TOLD][dim][ld], or NULL: of three in four of the others the means of
 * the squares that are targets, where in two of these three all pixels are. */
void nqi_roles_draw(const nq_model *model, nqi_batch *batch, nqi_real *roles, nqi_real *told,
                    const nqi_stream *stream, size_t first);

/* Of one picture, all channels of a pixel alike; its numbers are ld apart. A quarter each have a
 * half, holes, or the inside of a frame as targets; an eighth each the outside of an area, or
 * single pixels. In an eighth of all, some or all of what is known is absent instead. There is a
 * target in any case. */
void nqi_roles_of_picture(nqi_real *known, nqi_real *absent, size_t ld, const nq_picture *picture,
                          const nqi_stream *stream);

#endif
