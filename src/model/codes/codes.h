/* codes.h - the codes of columns as JSON of a model's file, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MODEL_CODES_H
#define NQI_MODEL_CODES_H

#include <cjson/cJSON.h>

#include "io/container/json.h"
#include "table/scaling/scaling.h"

/* An array "codes" with an object for each column; nothing where there are none. */
void nqi_codes_write(nqi_json *json, const nqi_scaling *scaling);
/* From that array, into a scaling that knows its columns (and names). Every value is checked:
 * NQ_ERROR_FORMAT with what is wrong, not where; NQ_ERROR_MEMORY. */
nq_status nqi_codes_read(nqi_scaling *out, nq_context *context, const cJSON *array);

#endif
