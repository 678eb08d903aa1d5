/* planes.c - which rows are pictures by their shape, and pixels into planes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/picture/picture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/context.h"

void nqi_planes_make(unsigned char *planes, const unsigned char *pixels, size_t count,
                     size_t channels, size_t size)
{
    for (size_t c = 0; c < channels; c++) {
        const unsigned char *from = pixels + c * size;
        for (size_t i = 0; i < count; i++, planes += size, from += channels * size)
            memcpy(planes, from, size);
    }
}

static int are_channels(size_t extent)
{
    return extent == 1 || extent == 3;
}

/* The table may be mapped from a file, so the planes have memory of their own. */
nq_status nqi_table_separate(nqi_table *table, nq_context *context)
{
    const size_t size = nqi_element_size(table->element), row = table->dim * size;
    unsigned char *planes = malloc(table->rows * row);
    if (!planes) {
        const size_t bytes = table->rows * row;
        nqi_table_free(table);
        return nqi_fail_memory(context, "the planes of pictures", bytes);
    }
    for (size_t r = 0; r < table->rows; r++)
        nqi_planes_make(planes + r * row, table->values + r * row, table->height * table->width,
                        table->channels, size);
    free(table->buffer);
    if (table->map)
        munmap(table->map, table->map_size);
    table->map = NULL;
    table->map_size = 0;
    table->values = table->buffer = planes;
    return NQ_OK;
}

nq_status nqi_table_picture(nqi_table *table, nq_context *context, const size_t *extents,
                            size_t rank)
{
    size_t shape[3] = {0}; /* channels, height, width */
    int are_pixels = 0;
    if (rank == 3) {
        shape[0] = 1;
        shape[1] = extents[1];
        shape[2] = extents[2];
    } else if (rank == 4 && are_channels(extents[1])) {
        memcpy(shape, extents + 1, sizeof shape);
    } else if (rank == 4 && are_channels(extents[3])) {
        shape[0] = extents[3];
        shape[1] = extents[1];
        shape[2] = extents[2];
        are_pixels = shape[0] > 1;
    }
    table->channels = shape[0];
    table->height = shape[1];
    table->width = shape[2];
    return are_pixels ? nqi_table_separate(table, context) : NQ_OK;
}
