/* label.h - texts that are no levels of a category but names, numbers of things or free text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_TABLE_LABEL_H
#define NQI_IO_TABLE_LABEL_H

#include <stddef.h>

/* Levels of a category at most; rows from which on texts that hardly repeat are labels. */
enum { NQI_LABEL_LEVELS = 4096, NQI_LABEL_ROWS = 10 };

#define NQI_LABEL_MANY "it holds more than 4096 different texts"
#define NQI_LABEL_DISTINCT "its text hardly repeats, as that of a name or an id"

/* Why a column of text with so many levels in so many rows is left out, or NULL. */
static inline const char *nqi_label_why(size_t levels, size_t rows)
{
    if (levels > NQI_LABEL_LEVELS)
        return NQI_LABEL_MANY;
    return rows >= NQI_LABEL_ROWS && levels > rows / 2 ? NQI_LABEL_DISTINCT : NULL;
}

#endif
