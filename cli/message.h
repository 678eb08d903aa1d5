/* message.h - what the program says: sentences to stderr, and whether stdout took the result. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_MESSAGE_H
#define NONEQ_CLI_MESSAGE_H

/* "noneq: " and the printf-style sentence, on a line of standard error. */
void message_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "note: " and a sentence that whoever reads the result should know. */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As message_print, and returns EXIT_FAILED. */
int message_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A name from outside as it may be printed: printf("%s", shown(path).text). */
typedef struct shown_text {
    char text[512];
} shown_text;
shown_text shown(const char *text);

/* Flushes standard output: EXIT_DONE, or EXIT_FAILED with a message when something was lost. Where
 * nobody reads it any more (| head), there is no message. */
int output_finish(void);
/* True when standard output is a pipe that nobody reads any more. */
int output_is_closed(void);

#endif
