/* field.h - what a checkpoint holds: lists of names, and where the values are.
 *
 * Each object of a run lists its own fields, once (nqi_OBJECT_fields); writing and reading walk
 * over the lists of all of them. A field's place says where it stands in the file, among the
 * numbers or among the arrays: a new one takes the next. Of an object that was read,
 * nqi_OBJECT_wrong says what no run could have written, or NULL. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_CHECKPOINT_FIELD_H
#define NQI_TRAIN_CHECKPOINT_FIELD_H

#include "core/real.h"
#include "io/container/container.h"
#include "io/container/json.h"

struct cJSON;

enum { NQI_FIELDS_MOST = 80 }; /* of a run */

typedef enum nqi_field_kind {
    NQI_FIELD_NUMBER, /* double; NaN is null in the file */
    NQI_FIELD_COUNT,  /* int64_t, 0 or more */
    NQI_FIELD_FLAG,   /* int */
    NQI_FIELD_DIGEST, /* uint64_t, as text: JSON's numbers have 53 bits */
    NQI_FIELD_ARRAY   /* of a dtype: a tensor of the container */
} nqi_field_kind;

typedef struct nqi_field {
    const char *name;
    int place;
    nqi_field_kind kind;
    void *value;     /* the object's own */
    nqi_dtype dtype; /* of an array, and ... */
    size_t count;    /* ... its length */
} nqi_field;

typedef struct nqi_fields {
    nqi_field field[NQI_FIELDS_MOST]; /* in the order of the file */
    size_t count;
    int is_full; /* one more was listed than there is room for */
} nqi_fields;

/* What an object says that was read and has a count that no run could have. */
#define NQI_COUNTS_MORE "it counts more than its updates"

/* Add to a list. An array that is not there (value NULL) is left out. */
void nqi_fields_number(nqi_fields *fields, int place, const char *name, double *value);
void nqi_fields_count(nqi_fields *fields, int place, const char *name, int64_t *value);
void nqi_fields_flag(nqi_fields *fields, int place, const char *name, int *value);
void nqi_fields_digest(nqi_fields *fields, int place, const char *name, uint64_t *value);
void nqi_fields_array(nqi_fields *fields, int place, const char *name, nqi_dtype dtype,
                      void *value, size_t count);
void nqi_fields_reals(nqi_fields *fields, int place, const char *name, nqi_real *value,
                      size_t count);

/* All but arrays into an open object. */
void nqi_fields_describe(nqi_json *json, const nqi_fields *fields);
/* The arrays as tensors[NQI_FIELDS_MOST]; how many. */
size_t nqi_fields_tensors(nqi_tensor tensors[NQI_FIELDS_MOST], const nqi_fields *fields);
/* All but arrays from an object: the name of what is not there or no such value, or NULL. */
const char *nqi_fields_read(const nqi_fields *fields, const struct cJSON *object);
/* The arrays: *wrong is the name of what is not there, has another size or is not finite, or
 * NULL. */
nq_status nqi_fields_read_arrays(const char **wrong, const nqi_fields *fields,
                                 const nqi_container *container);

#endif
