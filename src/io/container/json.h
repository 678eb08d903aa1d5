/* json.h - JSON text in memory that is whole or not there: nothing is lost in silence. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CONTAINER_JSON_H
#define NQI_IO_CONTAINER_JSON_H

#include <stdint.h>

#include "core/grow.h"

enum { NQI_JSON_DEPTH = 16 };

struct cJSON;
/* Parses text[length] whatever the locale's decimal point; *end (may be NULL): what follows the
 * value. NULL: no JSON, or memory is out. */
struct cJSON *nqi_json_parse(const char *text, size_t length, const char **end);
/* A member of an object as a number; NaN: it is none. */
double nqi_json_number_of(const struct cJSON *object, const char *name);

/* A text that grows. The first failure stays, and everything after it does nothing, so that only
 * nqi_json_finish needs a check. Keys are for members of objects; NULL in an array. */
typedef struct nqi_json {
    nqi_bytes bytes; /* failed: memory was out, or brackets do not match */
    int is_pretty;   /* a line for each member, with tabs */
    int depth;
    struct {
        char closes;   /* '}' or ']' */
        int has_items; /* a comma is due */
    } open[NQI_JSON_DEPTH];
} nqi_json;

/* Opens the outermost object. */
void nqi_json_begin(nqi_json *json, int is_pretty);
void nqi_json_object(nqi_json *json, const char *key);
void nqi_json_array(nqi_json *json, const char *key);
/* Closes the object or array that was opened last. */
void nqi_json_close(nqi_json *json);
/* value NULL: null. UTF-8 passes as it is but for control characters, which are written by their
 * number (\u001b); a byte that is none becomes \ufffd. */
void nqi_json_text(nqi_json *json, const char *key, const char *value);
/* A number with all its digits, or null when it is not finite: a rate that comes back one bit off
 * is another schedule, and a resumed run another run. */
void nqi_json_number(nqi_json *json, const char *key, double value);
void nqi_json_numbers(nqi_json *json, const char *key, const double *values, size_t count);
void nqi_json_count(nqi_json *json, const char *key, int64_t value);
void nqi_json_bool(nqi_json *json, const char *key, int value);
/* Closes the outermost object and returns the text, for free(); NULL when anything failed. Other
 * memory is released either way. */
char *nqi_json_finish(nqi_json *json);

#endif
