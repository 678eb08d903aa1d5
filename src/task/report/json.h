/* json.h - writing of JSON values; what has no JSON form (NaN, infinity) becomes null. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_REPORT_JSON_H
#define NQI_TASK_REPORT_JSON_H

#include <stdio.h>

void nqi_json_value(FILE *file, double value);
/* The same, but infinities become "inf" and "-inf". */
void nqi_json_value_any(FILE *file, double value);
void nqi_json_string(FILE *file, const char *text);
/* "key":value, without a comma. */
void nqi_json_field(FILE *file, const char *key, double value);
void nqi_json_field_text(FILE *file, const char *key, const char *text);

#endif
