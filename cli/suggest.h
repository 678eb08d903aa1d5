/* suggest.h - which right word a misspelt one was meant to be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_SUGGEST_H
#define NONEQ_CLI_SUGGEST_H

#include <stddef.h>

/* Number of letters to insert, remove, replace or swap with their neighbour (each counts 1) to
 * turn one word into the other; the start of a longer word is at distance 1. */
size_t word_distance(const char *typed, const char *right);

#endif
