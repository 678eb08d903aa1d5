/* lines.c - lines of words and figures that a task says on the way, to the monitor. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/lines.h"

#include <string.h>

#include "core/monitor.h"

nq_status nqi_lines_open(nqi_lines *lines, nq_context *context)
{
    *lines = (nqi_lines){.context = context};
    return nqi_print_open(&lines->print, context);
}

void nqi_lines_say(nqi_lines *lines)
{
    if (!lines->print.file || fflush(lines->print.file) || !lines->print.text)
        return;
    while (lines->told < lines->print.length) {
        const char *line = lines->print.text + lines->told;
        const size_t length = strcspn(line, "\n");
        nqi_log(lines->context, NQ_LOG_INFO, "%.*s", (int)length, line);
        lines->told += length + (line[length] == '\n');
    }
}

nq_status nqi_lines_close(nqi_lines *lines)
{
    nqi_lines_say(lines);
    return nqi_print_close(NULL, &lines->print, lines->context);
}
