/* says.h - what a failure is told in: the sentence that a context keeps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_SAYS_H
#define TESTS_UNIT_SAYS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <noneq/context.h>

/* The sentence of the last failure has this part. */
static inline void context_says(const nq_context *context, const char *part)
{
    if (!strstr(nq_context_message(context), part))
        fail_msg("'%s' does not say '%s'", nq_context_message(context), part);
}

#endif
