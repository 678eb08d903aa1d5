/* backend.c - which backends this build and this machine have, and the context that carries their
 * tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/cpu.h"
#include "backend/ops.h"
#include "core/context.h"
#include "core/option/options.h"

typedef struct backend {
    const nqi_ops *(*table)(void);
    int (*is_supported)(void);
} backend;

static int always(void)
{
    return 1;
}

#if !defined(NQI_REAL_DOUBLE) && defined(__x86_64__)
static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("fma");
}

static int has_avx512_bf16(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512bf16");
}

static int has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

/* The best first. */
static const backend list[] = {
#ifndef NQI_REAL_DOUBLE
#ifdef __x86_64__
    {nqi_ops_avx512, has_avx512},
    {nqi_ops_avx2, has_avx2},
#endif
    {nqi_ops_generic, always},
#endif
    {nqi_ops_ref, always},
#if !defined(NQI_REAL_DOUBLE) && defined(__x86_64__)
    {nqi_ops_avx512_bf16, has_avx512_bf16},
#endif
};
_Static_assert(sizeof list / sizeof list[0] <= NQI_BACKENDS, "room for every table");

/* The slots of a table, which follow its head as an array would. */
typedef void (*slot)(void);
enum { HEAD = offsetof(nqi_ops, dense), SLOTS = (sizeof(nqi_ops) - HEAD) / sizeof(slot) };
_Static_assert(HEAD + SLOTS * sizeof(slot) == sizeof(nqi_ops),
               "nothing but slots after the head");

static void slots_fill(nqi_ops *out, const nqi_ops *from)
{
    slot all[SLOTS], others[SLOTS];
    memcpy(all, (const char *)out + HEAD, sizeof all);
    memcpy(others, (const char *)from + HEAD, sizeof others);
    for (size_t i = 0; i < SLOTS; i++)
        all[i] = all[i] ? all[i] : others[i];
    memcpy((char *)out + HEAD, all, sizeof all);
}

void nqi_ops_complete(nqi_ops *out, const nqi_ops *own)
{
    *out = *own;
    for (const nqi_ops *from = own; from->over;) {
        from = from->over();
        slots_fill(out, from);
    }
    slots_fill(out, nqi_ops_ref());
}

void nqi_backends_fill(nqi_backends *out)
{
    out->count = 0;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        if (list[i].is_supported())
            nqi_ops_complete(&out->table[out->count++], list[i].table());
}

const nqi_ops *nqi_backends_named(const nqi_backends *backends, const char *name)
{
    for (size_t i = 0; i < backends->count; i++)
        if (!strcmp(backends->table[i].name, name))
            return &backends->table[i];
    return NULL;
}

const nqi_ops *nqi_backends_with(const nqi_backends *backends, nqi_precision precision)
{
    for (size_t i = 0; i < backends->count; i++)
        if (backends->table[i].precision == precision)
            return &backends->table[i];
    return NULL;
}

static nq_status fail_unknown(nq_context *context, const char *source, const char *name)
{
    char known[128] = "";
    for (size_t i = 0; i < context->backends->count; i++) {
        if (known[0])
            strcat(known, ", ");
        strcat(known, context->backends->table[i].name);
    }
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "%s \"%s\" names no kernels that this machine runs; expected one of: %s",
                    source, name, known);
}

static nq_status kernels_choose(nq_context *context, const char *wanted)
{
    const char *source = "cpu";
    nqi_backends *backends = calloc(1, sizeof *backends);
    if (!backends)
        return NQ_ERROR_MEMORY;
    nqi_backends_fill(backends);
    context->backends = backends;
    if (!wanted) {
        wanted = getenv("NONEQ_CPU");
        source = "environment variable NONEQ_CPU";
    }
    const int is_default = !wanted || !wanted[0];
    context->ops = is_default ? nqi_backends_with(backends, NQI_EXACT)
                              : nqi_backends_named(backends, wanted);
    return context->ops ? NQ_OK : fail_unknown(context, source, wanted);
}

static nq_status pool_start(nq_context *context, int threads)
{
    const int count = threads ? threads : nqi_processor_count();
    const nq_status status = nqi_pool_new(&context->pool, count);
    if (status)
        return nqi_fail(context, status, "cannot start %d worker threads: %s", count,
                        nq_status_name(status));
    return NQ_OK;
}

static nq_status names_choose(nq_context *context, const char *names)
{
    context->says_flags = names && !strcmp(names, "flags");
    if (!names || !*names || !strcmp(names, "fields") || context->says_flags)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "names \"%s\": expected fields or flags", names);
}

nq_status nq_context_new(nq_context **out, const nq_context_options *options)
{
    nq_context_options own;
    *out = calloc(1, sizeof **out);
    if (!*out)
        return NQ_ERROR_MEMORY;
    nq_status status = nqi_options_take(&own, *out, &nqi_context_options, options);
    if (status || (status = names_choose(*out, own.names)) ||
        (status = kernels_choose(*out, own.cpu)))
        return status;
    return pool_start(*out, own.threads);
}

void nq_context_free(nq_context *context)
{
    if (!context)
        return;
    nqi_pool_free(context->pool);
    free(context->backends);
    free(context->part_first);
    free(context);
}

const char *nq_context_cpu(const nq_context *context)
{
    return context->ops ? context->ops->name : "";
}
