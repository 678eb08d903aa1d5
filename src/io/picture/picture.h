/* picture.h - pictures in files: PNG, PGM and PPM, folders of them, and CIFAR-10 binary. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_PICTURE_PICTURE_H
#define NQI_IO_PICTURE_PICTURE_H

#include "io/file/input.h"
#include "io/table/table.h"

/* Readers, told by the first bytes. The table's row is plane after plane, NQI_U8 or NQI_U16, and
 * its picture shape is set. PNG: palettes become colours, an alpha channel is refused unless all
 * of it is opaque. PGM and PPM: P2, P3, P5, P6 with comments. */
int nqi_png_begins(const nqi_input *input);
nq_status nqi_png_read(nqi_table *out, nqi_input *input);
int nqi_pnm_begins(const nqi_input *input);
nq_status nqi_pnm_read(nqi_table *out, nqi_input *input);

/* CIFAR-10 binary: a name that ends in .bin or .bin.gz, and records of a label (0 to 9, left out)
 * and 3 planes of 32 x 32 bytes. */
int nqi_cifar_begins(const nqi_input *input);
nq_status nqi_cifar_read(nqi_table *out, nqi_input *input);

/* The pictures of a folder, .png .pgm .ppm and .gz of these, in the order of their names (hidden
 * files left out): a row for each. NQ_ERROR_SHAPE names two that differ in size, channels or
 * depth; NQ_ERROR_FILE: there are none. */
nq_status nqi_folder_read(nqi_table *out, nq_context *context, const char *path);
int nqi_folder_is(const char *path);

/* States the shape of rows that are pictures by their extents (of rank 3 or 4, the rows first):
 * (N, height, width) is grey; (N, channels, height, width) stays; (N, height, width, channels) is
 * brought into planes. Channels are told by being 1 or 3, first where both could be, and other
 * tables stay without a shape. On failure the table is empty. */
nq_status nqi_table_picture(nqi_table *table, nq_context *context, const size_t *extents,
                            size_t rank);
/* Rows of pixels [height][width][channels] to planes, by the table's shape. On failure the table is
 * empty. */
nq_status nqi_table_separate(nqi_table *table, nq_context *context);
/* Pixels [count][channels] to planes [channels][count], of numbers of `size` bytes. */
void nqi_planes_make(unsigned char *planes, const unsigned char *pixels, size_t count,
                     size_t channels, size_t size);

/* A picture to be written: bytes[height][width][channels] of 8 bits, or of 16, the high byte first;
 * channels 1 or 3. */
typedef struct nqi_pixels {
    size_t channels, height, width;
    int depth; /* 8 or 16 */
    const unsigned char *bytes;
} nqi_pixels;

nq_status nqi_png_write(nqi_writer *writer, nq_context *context, const char *path,
                        const nqi_pixels *pixels);
nq_status nqi_pnm_write(nqi_writer *writer, const nqi_pixels *pixels);

#endif
