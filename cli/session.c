/* session.c - a library context opened as the shared options say, and how failures are told. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "session.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "booster.h"
#include "interrupt.h"
#include "log/watch.h"
#include "message.h"
#include "ranks.h"

int session_open(nq_context **out, const common_values *common)
{
    nq_context_options options = {.names = "flags"};
    *out = NULL;
    if (common->threads > INT_MAX)
        return message_fail("--threads %lld is more than any machine has",
                            (long long)common->threads);
    options.threads = (int)common->threads;
    nq_status status = nq_context_new(out, &options);
    if (!status)
        status = nq_context_use_comm(*out, ranks_comm());
    if (status) {
        const int code = session_fail(*out, status);
        nq_context_free(*out);
        *out = NULL;
        return code;
    }
    nq_context_use_booster(*out, booster_lazy());
    interrupt_context(*out);
    watch_begin(*out, common);
    if (common->verbose)
        message_print("version %s, %d threads, %s kernels%s", nq_version(),
                      nq_context_threads(*out), nq_context_cpu(*out), ranks_phrase(*out));
    return EXIT_DONE;
}

void session_close(nq_context *context)
{
    interrupt_context(NULL);
    nq_context_free(context);
}

int session_fail(nq_context *context, nq_status status)
{
    const char *sentence = context ? nq_context_message(context) : "";
    /* Nobody listens, as after | head: no failure to speak of. */
    if (status == NQ_ERROR_FILE && strstr(sentence, "standard output") && output_is_closed())
        return EXIT_FAILED;
    if (status == NQ_ERROR_STOPPED && interrupt_signal())
        return 128 + interrupt_signal();
    message_print("%s", *sentence ? sentence : nq_status_name(status));
    return status == NQ_ERROR_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
}

double *values_new(size_t rows, size_t columns)
{
    double *values = NULL;
    if (columns == 0 || rows <= SIZE_MAX / sizeof *values / columns)
        values = malloc(rows * columns * sizeof *values + sizeof *values);
    if (!values)
        message_print("there is no memory for %zu rows of %zu numbers", rows, columns);
    return values;
}

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
