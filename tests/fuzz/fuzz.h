/* fuzz.h - what the harnesses share: a context, a file that holds the input, and what must hold
 * whatever the input is. A harness is LLVMFuzzerTestOneInput; `make fuzz` gives it inputs of
 * libFuzzer, and replay.c those that are kept in corpus/. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_FUZZ_H
#define NQI_TESTS_FUZZ_H

#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <noneq.h>

#include "core/text.h"
#include "unit/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* What an input is refused with by libFuzzer: it is not worth keeping. */
enum { FUZZ_KEEP = 0, FUZZ_SKIP = -1 };

static scratch fuzz_scratch;

#define fuzz_holds(condition)                                                                    \
    do {                                                                                         \
        if (!(condition))                                                                        \
            fuzz_fail(#condition, __FILE__, __LINE__);                                           \
    } while (0)

static inline void fuzz_clean(void)
{
    scratch_free(&fuzz_scratch);
}

static inline void fuzz_fail(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    fuzz_clean();
    abort();
}

/* One thread: inputs are small, and what a race could do is the thread sanitizer's matter. */
static inline nq_context *fuzz_context(void)
{
    static nq_context *context;
    const nq_context_options options = {.threads = 1};
    if (!context)
        fuzz_holds(nq_context_new(&context, &options) == NQ_OK);
    return context;
}

/* A call that has no reason to fail. */
#define fuzz_works(call)                                                                         \
    do {                                                                                         \
        if (call)                                                                                \
            fuzz_fail(nq_context_message(fuzz_context()), __FILE__, __LINE__);                   \
    } while (0)

/* A path in a folder of our own, in memory where the system has a place for that. */
static inline const char *fuzz_path(const char *name)
{
    if (!*fuzz_scratch.folder) {
        if (!access("/dev/shm", W_OK))
            setenv("TMPDIR", "/dev/shm", 0);
        fuzz_holds(scratch_new(&fuzz_scratch) == 0);
        atexit(fuzz_clean);
    }
    return scratch_path(&fuzz_scratch, name);
}

/* Its content becomes bytes[size]. */
static inline const char *fuzz_put(const char *name, const void *bytes, size_t size)
{
    const char *path = fuzz_path(name);
    fuzz_holds(scratch_put(path, bytes, size) == 0);
    return path;
}

/* Text for people: UTF-8 in which nothing steers a terminal. */
static inline void fuzz_check_text(const char *text)
{
    const size_t length = strlen(text);
    fuzz_holds(nqi_text_utf8_prefix(text, length) == length);
    for (; *text; text++)
        fuzz_holds((unsigned char)*text >= ' ' && *text != 0x7f);
}

/* That memory is out is no answer to a small input. */
static inline void fuzz_judge(nq_status status, int has_object)
{
    const char *message = nq_context_message(fuzz_context());
    fuzz_holds((status == NQ_OK) == has_object);
    if (!status)
        return;
    fuzz_holds(*message && strcmp(nq_status_name(status), "unknown status") != 0);
    if (status == NQ_ERROR_MEMORY || status == NQ_ERROR_FILE || status == NQ_ERROR_THREAD)
        fuzz_fail(message, __FILE__, __LINE__);
    fuzz_check_text(message);
}

/* The call makes the object, or it fails with a sentence. */
#define fuzz_check(call, object)                                                                 \
    do {                                                                                         \
        const nq_status fuzz_status = (call);                                                    \
        fuzz_judge(fuzz_status, (object) != NULL);                                               \
    } while (0)

static inline void fuzz_check_status(nq_status status)
{
    fuzz_judge(status, !status);
}

/* What people ask of a data set, all of it. The missing cells of crops are counted once, however
 * many crops show them. */
static inline void fuzz_ask_data(nq_dataset *data, int are_crops)
{
    enum { MOST = 64 };
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    fuzz_holds(rows > 0 && dim > 0);
    double *row = malloc(dim * sizeof *row);
    fuzz_holds(row != NULL);
    size_t missing_row = 0, missing_column = 0, seen = 0;
    const size_t missing = nq_dataset_missing(&missing_row, &missing_column, data);
    for (size_t r = 0; r < rows && r < MOST; r++) {
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < dim; i++)
            seen += isnan(row[i]) != 0;
    }
    fuzz_holds(are_crops ? !seen || missing : seen <= missing);
    fuzz_holds(are_crops || rows > MOST || seen == missing);
    for (size_t i = 0; i < dim; i++) {
        const char *name = nq_dataset_column_name(data, i);
        fuzz_holds(!name || nqi_text_utf8_prefix(name, strlen(name)) == strlen(name));
    }
    if (missing) {
        fuzz_holds(missing_row < rows && missing_column < dim);
        nq_dataset_row(row, data, missing_row);
        fuzz_holds(isnan(row[missing_column]));
    }
    (void)nq_dataset_is_binary(data);
    fuzz_holds(nq_dataset_grey_level(data) >= 0);
    free(row);
}

#endif
