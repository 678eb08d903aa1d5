/* status.c - the English names of the status codes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/status.h>

const char *nq_status_name(nq_status status)
{
    switch (status) {
    case NQ_OK:
        return "success";
    case NQ_ERROR_MEMORY:
        return "out of memory";
    case NQ_ERROR_ARGUMENT:
        return "bad argument";
    case NQ_ERROR_FILE:
        return "file error";
    case NQ_ERROR_FORMAT:
        return "bad file content";
    case NQ_ERROR_SHAPE:
        return "shapes do not fit";
    case NQ_ERROR_DIVERGED:
        return "number is not finite";
    case NQ_ERROR_UNSUPPORTED:
        return "not supported";
    case NQ_ERROR_THREAD:
        return "thread could not be started";
    case NQ_ERROR_RANK:
        return "another rank does not answer";
    case NQ_ERROR_STOPPED:
        return "stopped";
    }
    return "unknown status";
}
