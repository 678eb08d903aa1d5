/* cairo_lazy.c - cairo's functions, found only when a figure is drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#define CAIRO_LAZY_PLAIN /* here their names are names */
#include "plot/cairo_lazy.h"

#include <dlfcn.h>
#include <string.h>

#include "message.h"
#include "options.h"

static const char library_name[] = "libcairo.so.2";

/* A process draws with one library. */
struct cairo_functions cairo_found;

#define CAIRO_NAME(name) #name "\0"
static const char names[] = CAIRO_FUNCTIONS(CAIRO_NAME);
#undef CAIRO_NAME

int functions_find(void *out, const char *library_path, const char *wanted)
{
    void *library = dlopen(library_path, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return 0;
    for (char *at = out; *wanted; wanted += strlen(wanted) + 1) {
        void *found = dlsym(library, wanted); /* of what it brings, too */
        if (!found)
            return 0;
        /* A pointer to a function cannot be cast from one to an object in ISO C, but copied. */
        memcpy(at, &found, sizeof found);
        at += sizeof found;
    }
    return 1;
}

int cairo_load(void)
{
    if (functions_find(&cairo_found, library_name, names))
        return EXIT_DONE;
    const char *reason = dlerror();
    return message_fail(
        "figures are drawn by cairo (Debian: libcairo2), which cannot be loaded: %s",
        reason ? reason : library_name);
}
