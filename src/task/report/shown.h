/* shown.h - names from outside as a report may print them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_SHOWN_H
#define NQI_TASK_REPORT_SHOWN_H

#include <noneq/context.h>

/* For "%s": nqi_shown(path).text is at most 511 bytes of nq_text_printable. */
typedef struct nqi_shown_text {
    char text[512];
} nqi_shown_text;

static inline nqi_shown_text nqi_shown(const char *text)
{
    nqi_shown_text out;
    nq_text_printable(out.text, sizeof out.text, text);
    return out;
}

#endif
