/* options_table.h - the options of a verb, its own and the shared ones, as one list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OPTIONS_TABLE_H
#define NONEQ_CLI_OPTIONS_TABLE_H

#include "options.h"

/* Which struct an option's offset refers to. */
typedef enum option_home {
    HOME_STRUCT,
    HOME_COMMON,
    HOME_MODEL,
    HOME_TRAIN,
    HOME_READ,
    HOME_HELP
} option_home;

/* One option wherever it was declared. */
typedef struct option_view {
    option_home home;
    const nq_option *option;
    const option_struct *part; /* HOME_STRUCT: where it belongs */
} option_view;

extern const nq_options_type common_type;
/* The type of a part of a verb's values; NULL: it is the end of the list. */
const nq_options_type *option_struct_type(const verb *self, const option_struct *part);

/* Option number `index` of a verb, 0 past the last one: its own, the library's, the shared
 * ones. */
int option_view_get(option_view *out, const verb *self, size_t index);

int option_view_is_number(const option_view *view);
/* What the help calls the value; NULL: it takes none. */
const char *option_view_argument(const option_view *view);
/* 0: it has none. */
char option_view_letter(const option_view *view);

#endif
