/* json.c - numbers that read back the same. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/json.h"

#include <cjson/cJSON.h>
#include <math.h>

#include "io/text.h"

cJSON *nqi_json_number(double value)
{
    char text[NQI_TEXT_SIZE];
    if (!isfinite(value))
        return cJSON_CreateNull();
    nqi_text_double(text, sizeof text, value);
    return cJSON_CreateRaw(text);
}
