/* cairo_lazy.c - cairo's functions, found only when a figure is drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#define CAIRO_LAZY_PLAIN /* here their names are names */
#include "plot/cairo_lazy.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "message.h"
#include "options.h"

static const char library_name[] = "libcairo.so.2";

/* A process draws with one library. */
struct cairo_functions cairo_found;

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define CAIRO_ROW(name) {#name, offsetof(struct cairo_functions, name)},
    CAIRO_FUNCTIONS(CAIRO_ROW)
#undef CAIRO_ROW
};

static int load_fail(void)
{
    const char *reason = dlerror();
    return message_fail(
        "figures are drawn by cairo (Debian: libcairo2), which cannot be loaded: %s",
        reason ? reason : library_name);
}

int cairo_load(void)
{
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return load_fail();
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(library, functions[i].name);
        if (!found)
            return load_fail();
        /* A pointer to a function cannot be cast from one to an object in ISO C, but copied. */
        memcpy((char *)&cairo_found + functions[i].offset, &found, sizeof found);
    }
    return EXIT_DONE;
}
