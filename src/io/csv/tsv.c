/* tsv.c - text with tabs between cells is written so by name, and read as all text is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/csv.h"
#include "io/format/format.h"

const nqi_format nqi_format_tsv = {.extensions = {{.tail = ".tsv", .name = "TSV"}},
                                   .rows_begin = nqi_csv_rows_begin,
                                   .rows_put = nqi_csv_rows_put,
                                   .separator = '\t'};
