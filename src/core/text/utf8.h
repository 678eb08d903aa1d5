/* utf8.h - which bytes are text, and which of it a terminal may be shown. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_TEXT_UTF8_H
#define NQI_CORE_TEXT_UTF8_H

#include <stddef.h>

/* Length of the longest prefix of text[length] that is valid UTF-8. */
size_t nqi_text_utf8_prefix(const char *text, size_t length);
/* Replaces each byte of the string that is not part of valid UTF-8 by '?'. */
void nqi_text_utf8_repair(char *text);
/* Bytes of the character that begins at text[0], 0 when it is not valid UTF-8: cut off at `length`,
 * longer than need be, a surrogate, or past U+10FFFF. */
size_t nqi_utf8_length(const char *text, size_t length);
/* Characters of a string: bytes that begin one. */
size_t nqi_utf8_characters(const char *text);

#endif
