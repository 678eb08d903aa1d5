/* nearest.c - the name that was probably meant: Damerau and Levenshtein's distance. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */

#include <noneq/options.h>

#include <stddef.h>
#include <string.h>

enum { WORD_MAX = 64 }; /* characters; longer words are not compared */

static char letter_fold(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

static size_t word_fold(char *out, const char *word)
{
    const size_t length = strlen(word);
    if (length > WORD_MAX)
        return 0;
    for (size_t i = 0; i < length; i++)
        out[i] = letter_fold(word[i]);
    return length;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* d[i][j] = distance of the first i letters of a and the first j of b. A swap of neighbours
 * costs one; a swapped pair is not edited again ("optimal string alignment"). */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t d[WORD_MAX + 1][WORD_MAX + 1];
    for (size_t i = 0; i <= n; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= m; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 1; j <= m; j++) {
            const size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = least(d[i - 1][j - 1] + same, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[n][m];
}

const char *nq_name_nearest(const char *word, const char *const *names)
{
    char a[WORD_MAX], b[WORD_MAX];
    const size_t n = word_fold(a, word);
    if (n == 0)
        return NULL;
    const char *nearest = NULL, *begun = NULL;
    size_t best = (n + 2) / 3 + 1; /* one slip in three letters is still a slip */
    for (; *names; names++) {
        const size_t m = word_fold(b, *names);
        if (m == 0)
            continue;
        if (!begun && n >= 2 && n < m && memcmp(a, b, n) == 0)
            begun = *names;
        const size_t edits = distance(a, n, b, m);
        if (edits < best && edits < least(n, m)) {
            best = edits;
            nearest = *names;
        }
    }
    return nearest ? nearest : begun;
}
