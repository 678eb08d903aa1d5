/* message.c - what the program says: sentences to stderr, and whether stdout took the result. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "message.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

enum { SENTENCE = 4096 }; /* bytes */

static void sentence_print(const char *begin, const char *format, va_list list)
{
    char text[SENTENCE], shown[SENTENCE];
    vsnprintf(text, sizeof text, format, list);
    nq_text_printable(shown, sizeof shown, text);
    fprintf(stderr, "%s: %s\n", begin, shown);
}

void message_print(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    sentence_print("noneq", format, list);
    va_end(list);
}

void message_note(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    sentence_print("note", format, list);
    va_end(list);
}

int message_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    sentence_print("noneq", format, list);
    va_end(list);
    return EXIT_FAILED;
}

int output_is_closed(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

shown_text shown(const char *text)
{
    shown_text out;
    nq_text_printable(out.text, sizeof out.text, text);
    return out;
}

int output_finish(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_DONE;
    if (output_is_closed())
        return EXIT_FAILED;
    return message_fail("standard output could not be written: %s",
                        errno ? strerror(errno) : "write error");
}
