/* sentence.h - names and cells of a file as they stand in a sentence, alone or in a list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_TEXT_SENTENCE_H
#define NQI_CORE_TEXT_SENTENCE_H

#include <stddef.h>

enum { NQI_SHOWN = 44, NQI_LABEL = 80 }; /* bytes of a cell, and of a column */

/* Text from a file: cut to length, control characters as '.'. */
void nqi_text_show(char out[NQI_SHOWN], const char *text, size_t length);
/* `column 3 ("alcohol")`; name NULL or "": the number alone. column counts from 0. */
const char *nqi_column_label(char out[NQI_LABEL], size_t column, const char *name);
/* Adds an item to a list of `size` bytes; what no longer fits becomes "...". */
void nqi_list_add(char *list, size_t size, const char *between, const char *item);

#endif
