/* read_options.c - the table of the options of reading. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/data.h>

#define NQ_OPTION_TYPE_text NQ_OPTION_TEXT
#define NQ_OPTION_TYPE_count NQ_OPTION_COUNT
#define ROW(type_name, name, flag_name, fallback_text, smallest, largest, help_text)             \
    {.field = #name,                                                                             \
     .flag = flag_name,                                                                          \
     .type = NQ_OPTION_TYPE_##type_name,                                                         \
     .offset = offsetof(nq_read_options, name),                                                  \
     .fallback = fallback_text,                                                                  \
     .least = smallest,                                                                          \
     .most = largest,                                                                            \
     .help = help_text},

static const nq_option table[] = {NQ_READ_OPTIONS(ROW)};

const nq_option *nq_read_options_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

void nq_read_options_init(nq_read_options *options, size_t size)
{
    *options = (nq_read_options){.size = sizeof *options};
}
