/* nearest.h - the name that was probably meant by a misspelt word. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_NEAREST_H
#define NQI_CORE_NEAREST_H

/* The entry of `names` (NULL-terminated) that is fewest insertions, deletions, replacements and
 * swaps of neighbours away from `word`, where case does not count and '-' is '_'; else one that
 * begins with `word`; NULL when nothing is near. Borrowed from `names`. */
const char *nqi_nearest(const char *word, const char *const *names);

#endif
