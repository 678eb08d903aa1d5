/* json.h - what cJSON leaves to its users. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_JSON_H
#define NQI_IO_JSON_H

struct cJSON;

/* A number with all its digits, or null when it is not finite. cJSON itself is content with 15
 * digits that are near: a rate that comes back one bit off is another schedule, and a resumed run
 * another run. NULL when memory is out. */
struct cJSON *nqi_json_number(double value);

#endif
