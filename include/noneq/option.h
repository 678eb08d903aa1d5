/* option.h - what an options struct is made of: typed fields, each with a row in a table. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_OPTION_H
#define NONEQ_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every struct of options of this library (nq_..._options) follows the same rules.
 * - Its first field is `size`, the bytes of the struct as the caller knows it. Fields are only ever
 *   added at the end, so that a program compiled with an older header goes on working: what its
 *   struct does not have gets the default.
 * - `nq_x_options o; nq_x_options_init(&o, sizeof o);` sets all fields to their defaults, and
 *   `size`. `nq_x_options o = {0};` stands for the same: where `size` is 0, a zero, "" or NULL is
 *   the default, and the struct counts as that of version 1.0 of the library: fields that came
 *   later need `size`. A NULL pointer is all defaults too.
 * - Texts and pointers are borrowed for the call, but nq_text, which is in the struct.
 * - Every field is held to its range, whoever sets it: NQ_ERROR_ARGUMENT, with the field's name and
 *   what was expected. A struct larger than the library's, with fields that the library does not
 *   know and that are not zero, is NQ_ERROR_UNSUPPORTED. */
enum { NQ_TEXT_SIZE = 256, NQ_STEPS_MOST = 100000 };
#define NQ_COUNT_MOST 9223372036854775807.0 /* as a double; counts are compared as such */
#define NQ_SIZE_MOST 18446744073709551615.0
#define NQ_NUMBER_MOST 1.7976931348623157e308

/* Types of fields. */
typedef char nq_text[NQ_TEXT_SIZE]; /* "": chosen, where the help does not say otherwise */
typedef int64_t nq_count;
typedef double nq_number;
typedef size_t nq_size;
typedef uint64_t nq_seed;
typedef int nq_int;
typedef int nq_flag;                   /* 0 or 1; on a command line a word without a value */
typedef const char *nq_string;         /* any length; NULL: none */
typedef const unsigned char *nq_bytes; /* an array of the caller; text cannot set it */
/* Rectangle of a picture in pixels; width or height 0: to the edge. As text
 * LEFT,TOP,WIDTH,HEIGHT. */
typedef struct nq_area {
    size_t left, top, width, height;
} nq_area;

typedef enum nq_option_type {
    NQ_OPTION_TEXT,
    NQ_OPTION_COUNT,
    NQ_OPTION_NUMBER,
    NQ_OPTION_SIZE,
    NQ_OPTION_SEED,
    NQ_OPTION_INT,
    NQ_OPTION_FLAG,
    NQ_OPTION_STRING,
    NQ_OPTION_BYTES,
    NQ_OPTION_AREA
} nq_option_type;

/* One row of a table. `fallback` is the default as text ("" or "0": chosen from the data). A number
 * is at least `least` and at most `most`, or it is the fallback; whatever sets or reads an option
 * (text, a struct, a model file, a checkpoint) is held to that. Others have 0 and 0. */
typedef struct nq_option {
    const char *field;
    const char *flag; /* long option without the dashes, or NULL: not on the command line */
    nq_option_type type;
    size_t offset; /* of the field in its struct */
    const char *fallback;
    double least, most;
    const char *help;
} nq_option;

/* A struct of options. Constant; any thread may read it. */
typedef struct nq_options_type {
    const char *name; /* of the struct, such as "nq_sample_options" */
    size_t size;      /* its bytes in this library */
    size_t first;     /* its bytes in version 1.0, which a struct with `size` 0 has */
    const nq_option *table;
    size_t count; /* rows of the table */
} nq_options_type;

/* The i-th struct of options that there is; NULL past the last. */
const nq_options_type *nq_options_type_get(size_t i);
/* By the name of the struct; NULL: there is none. */
const nq_options_type *nq_options_type_find(const char *name);
/* Every field to its default, in a struct of `size` bytes. */
void nq_options_init(void *options, size_t size, const nq_options_type *type);

/* Sets one field of `options` (a struct described by the table of `option`) from text, whatever the
 * locale; a whole number may be written 1e6. A zeroed struct gets its defaults first, and counts as
 * one of this library's size. A nq_string then borrows `text`. NQ_ERROR_ARGUMENT: not a number, out
 * of range, or too long, with a sentence that names the field and the range; the field is then as
 * it was. context may be NULL. */
nq_status nq_option_set(void *options, nq_context *context, const nq_option *option,
                        const char *text);
/* Writes a field as text; returns the length, as snprintf does. An array is "". */
int nq_option_get(char *out, size_t size, const void *options, const nq_option *option);

/* The entry of `names` (NULL-terminated) that is fewest insertions, deletions, replacements and
 * swaps of neighbours away from `word`, where case does not count and '-' is '_'; else one that
 * begins with `word`; NULL when nothing is near. Borrowed from `names`. */
const char *nq_name_nearest(const char *word, const char *const *names);

/* What NQ_..._OPTIONS(X) of a struct makes its fields with. */
#define NQ_FIELD(type, field, flag, fallback, least, most, help) nq_##type field;

#ifdef __cplusplus
}
#endif
#endif
