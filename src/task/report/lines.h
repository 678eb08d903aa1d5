/* lines.h - lines of words and figures that a task says on the way, to the monitor. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_LINES_H
#define NQI_TASK_REPORT_LINES_H

#include "task/report/print.h"

/* A text whose lines are told as they are done. It must not be copied; zeroed it is closed. */
typedef struct nqi_lines {
    nqi_print print; /* print to print.file */
    size_t told;     /* bytes of it */
    nq_context *context;
} nqi_lines;

/* NQ_ERROR_MEMORY. */
nq_status nqi_lines_open(nqi_lines *lines, nq_context *context);
/* Tells what was printed since, as NQ_LOG_INFO, a line a call; the last one may lack its end. */
void nqi_lines_say(nqi_lines *lines);
/* Says the rest. NQ_ERROR_MEMORY: not all was said. */
nq_status nqi_lines_close(nqi_lines *lines);

#endif
