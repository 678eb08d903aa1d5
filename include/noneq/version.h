/* version.h - which noneq this is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_VERSION_H
#define NONEQ_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_VERSION "0.1.0"

/* The version of the library in use, NQ_VERSION of its build. */
const char *nq_version(void);

#ifdef __cplusplus
}
#endif
#endif
