/* message.c - what the program says: sentences to stderr, and whether stdout took the result. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

static void sentence_print(const char *format, va_list list)
{
    fputs("noneq: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
}

void message_print(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    sentence_print(format, list);
    va_end(list);
}

int message_fail(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    sentence_print(format, list);
    va_end(list);
    return EXIT_FAILED;
}

int output_finish(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    return message_fail("standard output could not be written: %s",
                        errno ? strerror(errno) : "write error");
}
