/* generate.c - built-in data sets: the table of them, and their rows to memory or to a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>

#include "table/generate/generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "core/rng.h"
#include "io/file/name.h"
#include "table/dataset.h"
#include "table/decimal.h"
#include "table/write/values.h"

enum { DEFAULT_ROWS = 1000, PIECE = 1 << 14, PIECES = 64 }; /* a piece: numbers per work item */
/* Made from float32 normals; text has no digits beyond, and holds the same numbers as an array. */
enum { DECIMALS = -8 };
enum { WHITE = 255, DEPTH = 8 }; /* of a picture file: bits of a pixel */
enum { MOST_HELD = 1 << 24 }; /* numbers made at once on their way elsewhere, or a single row */

/* Discs larger than a picture stay discs to the crops of a larger picture: no part of the size. */
static const double default_radii[] = {1, 200};

#define NAME(name, help) #name,
#define HELP(name, help) help,
#define ENTRY(name, help) &nqi_generator_##name,
static const char *const names[] = {NQI_GENERATORS(NAME) NULL};
static const char *const helps[] = {NQI_GENERATORS(HELP) NULL};
static const nqi_generator *const generators[] = {NQI_GENERATORS(ENTRY) NULL};

void nq_dataset_generators(const char *const **name_list, const char *const **help_list)
{
    if (name_list)
        *name_list = names;
    if (help_list)
        *help_list = helps;
}

void nqi_row_words(uint32_t out[4], const nqi_recipe *recipe, size_t row, uint32_t chunk)
{
    const uint32_t counter[4] = {chunk, (uint32_t)row, (uint32_t)((uint64_t)row >> 32),
                                 NQI_DRAW_DATA};
    const uint32_t key[2] = {(uint32_t)recipe->seed, (uint32_t)(recipe->seed >> 32)};
    nqi_philox(out, counter, key);
}

void nqi_row_normals(double *out, size_t count, const nqi_recipe *recipe, size_t row)
{
    const float turn = 6.28318530718f;
    uint32_t words[4] = {0};
    for (size_t i = 0; i < count; i += 2) {
        if (i % 4 == 0)
            nqi_row_words(words, recipe, row, (uint32_t)(i / 4));
        const uint32_t *pair = words + i % 4;
        const float u = ((float)(pair[0] >> 8) + 0.5f) * 0x1p-24f;
        const float radius = sqrtf(-2.0f * logf(u));
        const float angle = turn * ((float)(pair[1] >> 8) * 0x1p-24f);
        out[i] = (double)(radius * cosf(angle));
        if (i + 1 < count)
            out[i + 1] = (double)(radius * sinf(angle));
    }
}

typedef struct request {
    const nqi_generator *generator;
    nqi_recipe recipe;
    size_t rows;
    size_t first, piece_rows; /* of the part that is being made */
    size_t count;
    double *out; /* [count, dim] */
    int is_put;  /* its rows are put somewhere, part by part */
} request;

static nq_status generator_find(const nqi_generator **out, nq_context *context, const char *name)
{
    char known[256] = "";
    for (size_t i = 0; names[i]; i++) {
        if (!strcmp(name, names[i])) {
            *out = generators[i];
            return NQ_OK;
        }
        const size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", i ? ", " : "", names[i]);
    }
    const char *near = nq_name_nearest(name, names);
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "no built-in data set is called \"%s\"%s%s%s; known: %s", name,
                    near ? ": was " : "", near ? near : "", near ? " meant" : "", known);
}

static nq_status picture_ask(nqi_recipe *recipe, nq_context *context,
                             const nqi_generator *generator, const nq_generate_options *asked)
{
    if (!generator->size && (asked->side || asked->radius_least != 0 || asked->radius_most != 0))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%s: a size and radii are of sets of pictures, such as deadleaves",
                        generator->name);
    if (!generator->size)
        return NQ_OK;
    recipe->size = asked->side ? asked->side : generator->size;
    recipe->dim = asked->dim ? asked->dim : recipe->size * recipe->size;
    recipe->radius_least = asked->radius_least != 0 ? asked->radius_least : default_radii[0];
    recipe->radius_most = asked->radius_most != 0 ? asked->radius_most : default_radii[1];
    return NQ_OK;
}

static nq_status recipe_refuse(const nqi_recipe *recipe, nq_context *context,
                               const nqi_generator *generator)
{
    const char *refusal = generator->refuse(recipe);
    if (refusal && generator->size)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "%s: %s (size %zu, radii %g to %g)",
                        generator->name, refusal, recipe->size, recipe->radius_least,
                        recipe->radius_most);
    if (refusal)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "%s: %s (dim %zu, noise %g)", generator->name,
                        refusal, recipe->dim, recipe->noise);
    return NQ_OK;
}

static nq_status request_make(request *out, nq_context *context, const char *name,
                              const nq_generate_options *options)
{
    nq_generate_options own;
    const nq_generate_options *asked = &own;
    nq_status status = nqi_options_take(&own, context, &nqi_generate_options, options);
    *out = (request){.rows = status || !own.rows ? DEFAULT_ROWS : own.rows};
    if (status || (status = generator_find(&out->generator, context, name)))
        return status;
    const nqi_generator *generator = out->generator;
    out->recipe.seed = asked->seed;
    out->recipe.dim = asked->dim ? asked->dim : generator->dim;
    out->recipe.noise = asked->noise == 0 ? generator->noise : asked->noise;
    if ((status = picture_ask(&out->recipe, context, generator, asked)))
        return status;
    if (!nqi_table_bytes(out->rows, out->recipe.dim, NQI_F64))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%s: %zu rows of %zu numbers are more than memory can address", name,
                        out->rows, out->recipe.dim);
    if ((status = recipe_refuse(&out->recipe, context, generator)))
        return status;
    out->piece_rows = 1 + PIECE / out->recipe.dim;
    return NQ_OK;
}

static const char making[] = "making rows";
/* What is made is put somewhere too: numbers that are put between two questions, about, and the
 * part of the work that making them is. */
enum { SLICE = 1 << 13 };
static const double MADE = 0.3;

static void make_piece(void *state, size_t item, int thread)
{
    const request *r = state;
    const size_t begin = item * r->piece_rows;
    const size_t left = r->count - begin;
    (void)thread;
    const size_t count = left < r->piece_rows ? left : r->piece_rows;
    double *out = r->out + begin * r->recipe.dim;
    r->generator->rows(&r->recipe, r->first + begin, count, out);
    for (size_t i = 0; i < count * r->recipe.dim; i++)
        out[i] = nqi_decimal_round(out[i], DECIMALS);
}

/* Rows first..first+count-1, by all threads. */
static nq_status make_rows(request *r, nq_context *context, size_t first, size_t count,
                           double *out)
{
    r->first = first;
    r->count = count;
    r->out = out;
    const nq_status status =
        nqi_tell_region(context, making, (double)first,
                        r->is_put ? MADE * (double)count : (double)count, (double)r->rows);
    return status ? status
                  : nqi_pool_run(context->pool, (count - 1) / r->piece_rows + 1, make_piece, r);
}

/* Makes the rows part by part and hands each to `put`. */
static nq_status pass_rows(request *r, nq_context *context,
                           nq_status (*put)(void *state, const double *rows, size_t count),
                           void *state)
{
    const size_t dim = r->recipe.dim, part = r->piece_rows * PIECES;
    const size_t most = part <= MOST_HELD / dim ? part : MOST_HELD / dim + 1;
    const size_t held = r->rows < most ? r->rows : most, slice = 1 + SLICE / dim;
    r->is_put = 1;
    double *rows = malloc(held * dim * sizeof *rows);
    if (!rows)
        return nqi_fail_memory(context, "generated rows", held * dim * sizeof *rows);
    nq_status status = NQ_OK;
    for (size_t first = 0; first < r->rows && !status; first += held) {
        const size_t left = r->rows - first, count = left < held ? left : held;
        status = make_rows(r, context, first, count, rows);
        for (size_t at = 0; at < count && !status; at += slice) {
            const double done = (double)first + MADE * (double)count + (1 - MADE) * (double)at;
            status = nqi_tell(context, making, done, (double)r->rows);
            if (!status)
                status = put(state, rows + at * dim, count - at < slice ? count - at : slice);
        }
    }
    free(rows);
    return status;
}

/* Appends grey levels to a table of bytes. */
static nq_status levels_append(void *state, const double *rows, size_t count)
{
    nqi_table *table = state;
    unsigned char *bytes = (unsigned char *)table->buffer + table->rows * table->dim;
    for (size_t i = 0; i < count * table->dim; i++)
        bytes[i] = (unsigned char)rows[i];
    table->rows += count;
    return NQ_OK;
}

/* Bits and what else a float32 holds exactly take half the memory. */
static void numbers_narrow(nqi_table *table)
{
    const size_t count = table->rows * table->dim;
    const double *wide = table->buffer;
    for (size_t i = 0; i < count; i++)
        if ((double)(float)wide[i] != wide[i])
            return;
    for (size_t i = 0; i < count; i++) {
        const float number = (float)wide[i];
        memcpy((unsigned char *)table->buffer + i * sizeof number, &number, sizeof number);
    }
    table->element = NQI_F32;
}

nq_status nq_dataset_generate(nq_dataset **out, nq_context *context, const char *name,
                              const nq_generate_options *options)
{
    request r;
    *out = NULL;
    nq_status status = request_make(&r, context, name, options);
    if (status)
        return status;
    const size_t side = r.recipe.size;
    nqi_table table = {.dim = r.recipe.dim,
                       .element = side ? NQI_U8 : NQI_F64,
                       .channels = side ? 1 : 0,
                       .height = side,
                       .width = side};
    const size_t bytes = nqi_table_bytes(r.rows, table.dim, table.element);
    table.buffer = malloc(bytes);
    table.values = table.buffer;
    if (!table.buffer)
        return nqi_fail_memory(context, "the generated rows", bytes);
    if (side) {
        status = pass_rows(&r, context, levels_append, &table);
    } else {
        status = make_rows(&r, context, 0, r.rows, table.buffer);
        table.rows = r.rows;
        if (!status)
            numbers_narrow(&table);
    }
    if (status) {
        nqi_table_free(&table);
        return status;
    }
    return nqi_dataset_from_table(out, context, &table);
}

static nq_status rows_write(void *writer, const double *rows, size_t count)
{
    return nqi_values_put(writer, rows, count);
}

static int is_picture(const char *path)
{
    return nqi_path_ends(path, ".png") || nqi_path_ends(path, ".pgm");
}

/* A set of one row as a picture file. */
static nq_status picture_draw(const char *path, nq_context *context, const char *name,
                              const nq_generate_options *options)
{
    nq_dataset *data = NULL;
    nq_picture picture;
    nq_status status = nq_dataset_generate(&data, context, name, options);
    if (status)
        return status;
    const size_t bytes = nq_dataset_dim(data) * sizeof(double);
    double *row = malloc(bytes);
    nq_dataset_picture(&picture, data);
    if (!row)
        status = nqi_fail_memory(context, "a picture", bytes);
    else if (!picture.channels)
        status = nqi_fail(context, NQ_ERROR_SHAPE,
                          "the rows of %s are no pictures; expected .npy, .csv or .tsv, not '%s'",
                          name, path);
    if (!status) {
        nq_dataset_row(row, data, 0);
        status = nq_picture_write(path, context, row, &picture, WHITE, DEPTH);
    }
    free(row);
    nq_dataset_free(data);
    return status;
}

nq_status nq_dataset_generate_to(const char *path, nq_context *context, const char *name,
                                 const nq_generate_options *options)
{
    request r;
    nqi_values_writer *writer;
    nq_status status = request_make(&r, context, name, options);
    if (status)
        return status;
    if (is_picture(path) && r.rows != 1)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "'%s' can hold one picture, not %zu: expected " NQI_OPTION
                        "rows 1, or .npy",
                        path, r.rows);
    if (is_picture(path))
        return picture_draw(path, context, name, options);
    if (r.recipe.size)
        status = nqi_values_open_pictures(&writer, context, path, r.rows,
                                          &(nq_picture){1, r.recipe.size, r.recipe.size});
    else
        status = nqi_values_open(&writer, context, path, r.rows, r.recipe.dim, NULL, NQI_F64);
    if (status)
        return status;
    status = pass_rows(&r, context, rows_write, writer);
    if (status) {
        nqi_values_abandon(writer);
        return status;
    }
    return nqi_values_commit(writer);
}
