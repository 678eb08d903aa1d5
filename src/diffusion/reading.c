/* reading.c - outputs of the network as the families' kernels have them, and gradients back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/batch.h"

void nqi_batch_read_block(const nqi_batch *batch, const nqi_block *block, size_t group,
                          size_t first, size_t count)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_rows rows = nqi_batch_trained_rows(batch, block, group);
    nqi_real *output = tape->value[tape->graph->output] + block->output_first * tape->ld +
                       group * tape->group_rows;
    if (block->family->steps->read)
        block->family->steps->read(block->trained ? block->trained : block, &rows, first, count,
                                   output);
}

void nqi_batch_read(const nqi_process *process, nqi_batch *batch)
{
    const nqi_block *end = process->blocks + process->block_count;
    for (size_t g = 0; g < batch->tape.rows / batch->tape.group_rows; g++)
        for (const nqi_block *b = process->blocks; b < end; b++)
            nqi_batch_read_block(batch, b, g, 0, b->count);
}

void nqi_batch_unread(const nqi_batch *batch, const nqi_block *block, size_t group, size_t first,
                      size_t count, double *x_slope)
{
    nqi_rows rows = nqi_batch_rows(batch, block, group, 1);
    rows.t = nqi_tape_time(&batch->tape, group);
    if (block->family->steps->unread)
        block->family->steps->unread(block->trained ? block->trained : block, &rows, first, count,
                                     x_slope);
}
