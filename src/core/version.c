/* version.c - which noneq this is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/version.h>

const char *nq_version(void)
{
    return NQ_VERSION;
}
