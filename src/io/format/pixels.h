/* pixels.h - a picture on its way into a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FORMAT_PIXELS_H
#define NQI_IO_FORMAT_PIXELS_H

#include <stddef.h>

/* bytes[height][width][channels] of 8 bits, or of 16, the high byte first;
 * channels 1 or 3. */
typedef struct nqi_pixels {
    size_t channels, height, width;
    int depth; /* 8 or 16 */
    const unsigned char *bytes;
} nqi_pixels;

#endif
