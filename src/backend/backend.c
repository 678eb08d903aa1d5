/* backend.c - which tables this build and this machine have, and the context that carries one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
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

/* The best first; those after ref only by name, as they are less accurate. */
static const backend backends[] = {
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
enum { BACKENDS = sizeof backends / sizeof backends[0] };

const nqi_ops *nqi_ops_by_name(const char *name)
{
    for (size_t i = 0; i < BACKENDS; i++)
        if (!strcmp(backends[i].table()->name, name))
            return backends[i].is_supported() ? backends[i].table() : NULL;
    return NULL;
}

const nqi_ops *nqi_ops_best(void)
{
    size_t i = 0;
    while (!backends[i].is_supported())
        i++;
    return backends[i].table();
}

static nq_status fail_unknown(nq_context *context, const char *source, const char *name)
{
    char known[128] = "";
    for (size_t i = 0; i < BACKENDS; i++) {
        if (!backends[i].is_supported())
            continue;
        if (known[0])
            strcat(known, ", ");
        strcat(known, backends[i].table()->name);
    }
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "%s \"%s\" names no kernels that this machine runs; expected one of: %s",
                    source, name, known);
}

static nq_status kernels_choose(nq_context *context, const char *wanted)
{
    const char *source = "cpu";
    if (!wanted) {
        wanted = getenv("NONEQ_CPU");
        source = "environment variable NONEQ_CPU";
    }
    const int is_default = !wanted || !wanted[0];
    context->ops = is_default ? nqi_ops_best() : nqi_ops_by_name(wanted);
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
    free(context->part_first);
    free(context);
}

const char *nq_context_cpu(const nq_context *context)
{
    return context->ops ? context->ops->name : "";
}
