/* windows.h - which windows of a picture are drawn, in which order, and what each one fills. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_PICTURE_WINDOWS_H
#define NQI_PICTURE_WINDOWS_H

#include <noneq/posterior.h>

/* Pixels left..right-1 of the lines top..bottom-1. */
typedef struct nqi_box {
    size_t left, top, right, bottom;
} nqi_box;

/* The network sees `seen`; of what is drawn, `filled` is kept. filled lies inside seen. */
typedef struct nqi_window {
    nqi_box seen, filled;
} nqi_window;

typedef struct nqi_window_rules {
    size_t margin;   /* pixels seen around what is filled */
    size_t most;     /* largest side of what is seen; a multiple of `multiple` */
    size_t multiple; /* sides are rounded up to it, so that every scale's grid is full */
    size_t grid; /* holes are cut between pixels whose numbers are multiples of it, and windows
                        begin at such; 0: 1 */
} nqi_window_rules;

typedef struct nqi_window_list {
    nqi_window *items;
    size_t count, room;
} nqi_window_list;

/* Windows over the unknown pixels (unknown[height * width] not 0) of a picture: the bounding boxes
 * of its connected holes; holes whose windows overlap are one. Boxes too large for a window are cut
 * into several, line by line. */
nq_status nqi_windows_over_holes(nqi_window_list *out, nq_context *context,
                                 const unsigned char *unknown, const nq_picture *picture,
                                 const nqi_window_rules *rules);
/* Windows that fill all of a picture. */
nq_status nqi_windows_over_all(nqi_window_list *out, nq_context *context,
                               const nq_picture *picture, const nqi_window_rules *rules);
void nqi_windows_free(nqi_window_list *list); /* copes with a zeroed list */

static inline int nqi_box_holds(const nqi_box *box, size_t x, size_t y)
{
    return x >= box->left && x < box->right && y >= box->top && y < box->bottom;
}

#endif
