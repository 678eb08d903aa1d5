/* options_table.h - the options of a verb, its own and the shared ones, as one list. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OPTIONS_TABLE_H
#define NONEQ_CLI_OPTIONS_TABLE_H

#include "options.h"

/* Which struct an option's offset refers to. */
typedef enum option_home {
    HOME_VERB,
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
    const option_row *row;     /* HOME_VERB, HOME_COMMON, HOME_HELP */
    const nq_option *library;  /* of the others */
    const option_struct *part; /* HOME_STRUCT: where it belongs */
} option_view;

/* Option number `index` of a verb, 0 past the last one: its own, the library's, the shared
 * ones. */
int option_view_get(option_view *out, const verb *self, size_t index);

/* Largest value of a count or number. */
double option_most(const option_row *row);

/* What the help calls the value; NULL: it takes none. */
const char *option_view_argument(const option_view *view);
const char *option_view_name(const option_view *view);
char option_view_letter(const option_view *view);
int option_view_takes_value(const option_view *view);

#endif
