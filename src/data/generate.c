/* generate.c - built-in data sets: the table of them, and their rows to memory or to a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>

#include "data/generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/rng.h"
#include "data/dataset.h"
#include "data/values.h"

enum { DEFAULT_ROWS = 1000, PIECE = 1 << 14, PIECES = 64 }; /* a piece: numbers per work item */

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

void nqi_row_words(uint32_t out[4], const nqi_recipe *recipe, size_t row, uint32_t block)
{
    const uint32_t counter[4] = {block, (uint32_t)row, (uint32_t)((uint64_t)row >> 32),
                                 NQI_DRAW_DATA};
    const uint32_t key[2] = {(uint32_t)recipe->seed, (uint32_t)(recipe->seed >> 32)};
    nqi_philox(out, counter, key);
}

void nqi_row_normals(nq_real *out, size_t count, const nqi_recipe *recipe, size_t row)
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
        out[i] = (nq_real)(radius * cosf(angle));
        if (i + 1 < count)
            out[i + 1] = (nq_real)(radius * sinf(angle));
    }
}

typedef struct request {
    const nqi_generator *generator;
    nqi_recipe recipe;
    size_t rows;
    size_t first, piece_rows; /* of the part that is being made */
    size_t count;
    nq_real *out; /* [count, dim] */
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

static nq_status request_make(request *out, nq_context *context, const char *name,
                              const nq_generate_options *options)
{
    const nq_generate_options defaults = {.noise = (double)NAN};
    const nq_generate_options *asked = options ? options : &defaults;
    *out = (request){.rows = asked->rows ? asked->rows : DEFAULT_ROWS};
    const nq_status status = generator_find(&out->generator, context, name);
    if (status)
        return status;
    const nqi_generator *generator = out->generator;
    out->recipe.seed = asked->seed;
    out->recipe.dim = asked->dim ? asked->dim : generator->dim;
    out->recipe.noise = isnan(asked->noise) ? generator->noise : asked->noise;
    if (!nqi_table_bytes(out->rows, out->recipe.dim, nqi_element_real()))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%s: %zu rows of %zu numbers are more than memory can address", name,
                        out->rows, out->recipe.dim);
    const char *refusal = generator->refuse(&out->recipe);
    if (refusal)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "%s: %s (dim %zu, noise %g)", name, refusal,
                        out->recipe.dim, out->recipe.noise);
    out->piece_rows = 1 + PIECE / out->recipe.dim;
    return NQ_OK;
}

static void make_piece(void *state, size_t item, int thread)
{
    const request *r = state;
    const size_t begin = item * r->piece_rows;
    const size_t left = r->count - begin;
    (void)thread;
    r->generator->rows(&r->recipe, r->first + begin, left < r->piece_rows ? left : r->piece_rows,
                       r->out + begin * r->recipe.dim);
}

/* Rows first..first+count-1, by all threads. */
static void make_rows(request *r, nq_context *context, size_t first, size_t count, nq_real *out)
{
    r->first = first;
    r->count = count;
    r->out = out;
    nqi_pool_run(context->pool, (count - 1) / r->piece_rows + 1, make_piece, r);
}

nq_status nq_dataset_generate(nq_dataset **out, nq_context *context, const char *name,
                              const nq_generate_options *options)
{
    request r;
    *out = NULL;
    const nq_status status = request_make(&r, context, name, options);
    if (status)
        return status;
    nqi_table table = {.rows = r.rows, .dim = r.recipe.dim, .element = nqi_element_real()};
    const size_t bytes = nqi_table_bytes(table.rows, table.dim, table.element);
    table.buffer = malloc(bytes);
    table.values = table.buffer;
    if (!table.buffer)
        return nqi_fail_memory(context, "the generated rows", bytes);
    make_rows(&r, context, 0, r.rows, table.buffer);
    return nqi_dataset_from_table(out, context, &table);
}

static nq_status write_rows(request *r, nq_context *context, nqi_values_writer *writer)
{
    const size_t most = r->piece_rows * PIECES;
    const size_t held = r->rows < most ? r->rows : most;
    nq_real *rows = malloc(held * r->recipe.dim * sizeof *rows);
    if (!rows)
        return nqi_fail_memory(context, "generated rows", held * r->recipe.dim * sizeof *rows);
    nq_status status = NQ_OK;
    for (size_t first = 0; first < r->rows && !status; first += held) {
        const size_t left = r->rows - first, count = left < held ? left : held;
        make_rows(r, context, first, count, rows);
        status = nqi_values_put(writer, rows, count);
    }
    free(rows);
    return status;
}

nq_status nq_dataset_generate_to(nq_context *context, const char *name,
                                 const nq_generate_options *options, const char *path)
{
    request r;
    nqi_values_writer *writer;
    nq_status status;
    if ((status = request_make(&r, context, name, options)) ||
        (status = nqi_values_open(&writer, context, path, r.rows, r.recipe.dim, NULL)))
        return status;
    status = write_rows(&r, context, writer);
    if (status) {
        nqi_values_abandon(writer);
        return status;
    }
    return nqi_values_commit(writer);
}
