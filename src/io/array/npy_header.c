/* npy_header.c - the dictionary at the head of an npy file: element type, order and shape. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/array/npy.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"

/* A letter and a size in bytes, as NumPy writes them behind the byte order. */
static const struct {
    const char *name;
    nqi_element element;
    int is_half;
} types[] = {
    {"f2", NQI_F32, 1}, {"f4", NQI_F32, 0}, {"f8", NQI_F64, 0}, {"b1", NQI_U8, 0},
    {"i1", NQI_I8, 0},  {"u1", NQI_U8, 0},  {"i2", NQI_I16, 0}, {"u2", NQI_U16, 0},
    {"i4", NQI_I32, 0}, {"u4", NQI_U32, 0}, {"i8", NQI_I64, 0}, {"u8", NQI_U64, 0},
};

enum { TYPES = sizeof types / sizeof types[0], TYPE_SHOWN = 24 };

static const char *blanks_skip(const char *at)
{
    return at + strspn(at, " \t\n");
}

/* Where the value of 'key' begins, or NULL. */
static const char *value_find(const char *text, const char *key)
{
    const size_t length = strlen(key);
    for (const char *at = text; (at = strstr(at, key)); at += length) {
        const char quote = at > text ? at[-1] : ' ';
        if ((quote != '\'' && quote != '"') || at[length] != quote)
            continue;
        const char *colon = blanks_skip(at + length + 1);
        if (*colon == ':')
            return blanks_skip(colon + 1);
    }
    return NULL;
}

static nq_status refuse(nq_context *context, const char *path, const char *what)
{
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s: damaged npy header: expected %s", path, what);
}

static nq_status type_parse(nqi_npy_header *out, nq_context *context, const char *path,
                            const char *text)
{
    const char *at = value_find(text, "descr");
    if (at && *at == '[')
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "%s holds records of several fields (a structured array); save their "
                        "numbers as one array of shape (rows, columns)",
                        path);
    if (!at || (*at != '\'' && *at != '"'))
        return refuse(context, path, "'descr', the element type");
    char name[TYPE_SHOWN] = "";
    const size_t length = strcspn(at + 1, "'\"");
    memcpy(name, at + 1, length < TYPE_SHOWN - 1 ? length : TYPE_SHOWN - 1);
    for (size_t i = 0; *name && strchr("<>|=", *name) && i < TYPES; i++) {
        if (strcmp(name + 1, types[i].name) != 0)
            continue;
        out->element = types[i].element;
        out->is_half = types[i].is_half;
        out->is_big_endian = *name == '>';
        return NQ_OK;
    }
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                    "%s has elements of type '%s'; expected float16, float32, float64, bool or "
                    "integers: save a.astype('<f8')",
                    path, name);
}

static nq_status order_parse(nqi_npy_header *out, nq_context *context, const char *path,
                             const char *text)
{
    const char *at = value_find(text, "fortran_order");
    if (!at || (strncmp(at, "False", 5) != 0 && strncmp(at, "True", 4) != 0))
        return refuse(context, path, "'fortran_order', True or False");
    out->is_fortran = *at == 'T';
    return NQ_OK;
}

/* One number of a shape, with the L that Python 2 wrote. Returns NULL when there is none. */
static const char *extent_parse(size_t *out, const char *at)
{
    *out = 0;
    if (*at < '0' || *at > '9')
        return NULL;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (*out > (PTRDIFF_MAX - 9) / 10)
            return NULL;
        *out = *out * 10 + (size_t)(*at - '0');
    }
    return blanks_skip(at + (*at == 'L'));
}

static nq_status shape_parse(nqi_npy_header *out, nq_context *context, const char *path,
                             const char *text)
{
    static const char expected[] = "'shape', a tuple of whole numbers";
    const char *at = value_find(text, "shape");
    if (!at || *at != '(')
        return refuse(context, path, expected);
    const size_t length = strcspn(at, ")") + 1;
    snprintf(out->shape, sizeof out->shape, "%.*s", (int)(length < 60 ? length : 60), at);
    size_t rank = 0;
    out->rows = out->dim = 1;
    for (at = blanks_skip(at + 1); *at != ')'; rank++) {
        size_t extent;
        at = extent_parse(&extent, at);
        if (!at || rank == NQI_NPY_RANK || (*at != ',' && *at != ')'))
            return refuse(context, path, expected);
        if (*at == ',')
            at = blanks_skip(at + 1);
        out->extents[rank] = extent;
        size_t *factor = rank == 0 ? &out->rows : &out->dim;
        if (extent > 0 && *factor > PTRDIFF_MAX / extent)
            return refuse(context, path, "a shape that fits into memory");
        *factor *= extent;
    }
    out->rank = rank;
    if (rank == 0 || out->rows == 0 || out->dim == 0)
        return nqi_fail(context, NQ_ERROR_FORMAT,
                        "%s has shape %s; expected at least one row and one column", path,
                        out->shape);
    return NQ_OK;
}

nq_status nqi_npy_header_parse(nqi_npy_header *out, nq_context *context, const char *path,
                               const char *text)
{
    nq_status status;
    *out = (nqi_npy_header){0};
    if (*text != '{')
        return refuse(context, path, "a dictionary");
    if ((status = type_parse(out, context, path, text)) ||
        (status = order_parse(out, context, path, text)) ||
        (status = shape_parse(out, context, path, text)))
        return status;
    if (nqi_table_bytes(out->rows, out->dim, out->element) == 0)
        return refuse(context, path, "a shape that fits into memory");
    if (out->dim == 1 || (out->rank == 2 && out->rows == 1))
        out->is_fortran = 0; /* a line of numbers is the same in both orders */
    return NQ_OK;
}
