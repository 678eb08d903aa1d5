/* names.h - lists of names that the library has, in texts of the program. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_NAMES_H
#define NONEQ_CLI_NAMES_H

enum { NAMES_TEXT = 1024 }; /* bytes of a text with its lists in it */

/* `text` with "a, b or c" in place of {presets} and {tables}, and "a, b, c" of {sets}. */
const char *names_fill(char out[NAMES_TEXT], const char *text);

#endif
