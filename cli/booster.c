/* booster.c - who grows the trees of forests: libnoneq_xgboost, loaded when it is needed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "booster.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Found by the run path of the program: beside it in a build, else where it was installed. */
static const char library_name[] = NONEQ_XGBOOST_LIBRARY;

static const nq_booster *loaded;

static nq_status load(void *state, char *reason, size_t size)
{
    const nq_booster *(*find)(void) = NULL;
    void *library = loaded ? NULL : dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    void *found = library ? dlsym(library, "nq_xgboost") : NULL;
    (void)state;
    memcpy(&find, &found, sizeof find);
    if (find)
        loaded = find();
    if (loaded)
        return loaded->prepare(loaded->state, reason, size);
    snprintf(
        reason, size,
        "XGBoost, which grows its trees, cannot be loaded (%s); the package libnoneq-xgboost, "
        "or Debian's libxgboost-dev before noneq is built, brings it",
        dlerror());
    return NQ_ERROR_UNSUPPORTED;
}

static nq_status rows_open(void *state, void **matrix, const float *values, size_t rows,
                           size_t features, char *reason, size_t size)
{
    (void)state;
    return loaded->open(loaded->state, matrix, values, rows, features, reason, size);
}

static nq_status tree_grow(void *matrix, const nq_growth *growth, const float *gradient,
                           const float *curvature, nq_tree_node *nodes, size_t *count,
                           char *reason, size_t size)
{
    return loaded->grow(matrix, growth, gradient, curvature, nodes, count, reason, size);
}

static void rows_close(void *matrix)
{
    loaded->close(matrix);
}

const nq_booster *booster_lazy(void)
{
    static const nq_booster lazy = {NULL, load, rows_open, tree_grow, rows_close};
    return &lazy;
}
