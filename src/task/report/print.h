/* print.h - a text that a task prints: for people, or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_PRINT_H
#define NQI_TASK_REPORT_PRINT_H

#include <locale.h>
#include <stdio.h>

#include <noneq/context.h>

/* In memory. Between open and close numbers have a point whatever the locale of the thread. Must
 * not be copied. Zeroed it is closed. */
typedef struct nqi_print {
    FILE *file; /* print to this */
    char *text;
    size_t length;
    locale_t plain, before;
} nqi_print;

/* NQ_ERROR_MEMORY. */
nq_status nqi_print_open(nqi_print *print, nq_context *context);
/* The text becomes *out, for free(); names of options that NQI_OPTION marks are as in sentences;
 * out NULL: it is dropped. Closes it whatever happens.
 * NQ_ERROR_MEMORY: not all that was printed is there. */
nq_status nqi_print_close(char **out, nqi_print *print, nq_context *context);
/* The same, and the text is written to the file `output` (NULL: to none; "-": standard output).
 * Where that fails *out is NULL. */
nq_status nqi_print_give(char **out, nqi_print *print, nq_context *context, const char *output);

/* Prints what there is to say of a result, whose type it knows. */
typedef void nqi_printer(FILE *file, const void *result);
/* A whole text by a printer, given in the same way. */
nq_status nqi_print_make(char **out, nq_context *context, const char *output, nqi_printer *say,
                         const void *result);

#endif
