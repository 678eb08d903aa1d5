/* foreign.h - files that people try and that noneq does not read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_FILE_FOREIGN_H
#define NQI_IO_FILE_FOREIGN_H

#include <stddef.h>

/* What a file that begins so is, and what helps; NULL: none of those that are known. */
const char *nqi_foreign_advice(const void *head, size_t size);

#endif
