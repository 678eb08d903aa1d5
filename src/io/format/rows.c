/* rows.c - bytes of rows, collected before they go into the file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/format/rows.h"

#include <string.h>

nq_status nqi_row_file_flush(nqi_row_file *rows)
{
    const size_t used = rows->used;
    rows->used = 0;
    return used ? nqi_writer_put(rows->file, rows->buffer, used) : NQ_OK;
}

nq_status nqi_row_file_add(nqi_row_file *rows, const void *bytes, size_t count)
{
    if (count > NQI_ROW_FILE_BUFFER - rows->used) {
        const nq_status status = nqi_row_file_flush(rows);
        if (status)
            return status;
    }
    if (count > NQI_ROW_FILE_BUFFER)
        return nqi_writer_put(rows->file, bytes, count);
    memcpy(rows->buffer + rows->used, bytes, count);
    rows->used += count;
    return NQ_OK;
}
