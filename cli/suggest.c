/* suggest.c - which right word a misspelt one was meant to be. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "suggest.h"

#include <string.h>

enum { WORD_SIZE = 32 }; /* letters that count; the words to choose from are shorter */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t word_length(const char *word)
{
    return least(strlen(word), WORD_SIZE);
}

/* Damerau-Levenshtein distance, the restricted form: d[i][j] is the distance of the first i
 * letters of one word from the first j of the other. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t d[WORD_SIZE + 1][WORD_SIZE + 1];

    for (size_t i = 0; i <= a_length; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= b_length; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        for (size_t j = 1; j <= b_length; j++) {
            const size_t replace = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

            d[i][j] = least(replace, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[a_length][b_length];
}

size_t word_distance(const char *typed, const char *right)
{
    const size_t length = word_length(typed);

    if (length > 1 && strncmp(typed, right, length) == 0)
        return 1;
    return edit_distance(typed, length, right, word_length(right));
}
