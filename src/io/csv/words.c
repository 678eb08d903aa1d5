/* words.c - the different cells of a column: a hash table of numbers into a list, and one piece of
 * memory for all texts, so that a cell that was there before costs no memory and a new one little.
 */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/csv/words.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_WORDS = 4, FIRST_SLOTS = 8, WORDS_MOST = 1 << 30 };

static uint64_t mix(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static uint32_t text_hash(const char *text, size_t length)
{
    uint64_t h = length, word;
    for (; length >= sizeof word; text += sizeof word, length -= sizeof word) {
        memcpy(&word, text, sizeof word);
        h = mix(h, word);
    }
    word = 0;
    if (length)
        memcpy(&word, text, length);
    return (uint32_t)mix(h, word);
}

static int is_word(const nqi_words *words, uint32_t i, const char *text, size_t length)
{
    return words->list[i].length == length &&
           (!length || !memcmp(words->texts.text + words->list[i].at, text, length));
}

static void slot_take(nqi_words *words, uint32_t word)
{
    uint32_t slot = words->list[word].hash & (words->slot_count - 1);
    while (words->slots[slot])
        slot = (slot + 1) & (words->slot_count - 1);
    words->slots[slot] = word + 1;
}

/* Room for one word more; half of the slots stay free. */
static int words_grow(nqi_words *words)
{
    if (words->count == words->room) {
        const uint32_t room = words->room ? 2 * words->room : FIRST_WORDS;
        nqi_word *list = realloc(words->list, room * sizeof *list);
        if (!list)
            return 0;
        words->list = list;
        words->room = room;
    }
    if (2 * (words->count + 1) <= words->slot_count)
        return 1;
    const uint32_t slot_count = words->slot_count ? 2 * words->slot_count : FIRST_SLOTS;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return 0;
    free(words->slots);
    words->slots = slots;
    words->slot_count = slot_count;
    for (uint32_t i = 0; i < words->count; i++)
        slot_take(words, i);
    return 1;
}

static uint32_t word_add(nqi_words *words, uint32_t hash, const char *text, size_t length)
{
    if (words->count == WORDS_MOST || length > UINT32_MAX || !words_grow(words))
        return UINT32_MAX;
    const size_t at = words->texts.used;
    nqi_bytes_add(&words->texts, text, length);
    if (words->texts.failed)
        return UINT32_MAX;
    words->list[words->count] = (nqi_word){.at = at, .length = (uint32_t)length, .hash = hash};
    slot_take(words, words->count);
    words->last = words->count;
    return words->count++;
}

uint32_t nqi_words_put(nqi_words *words, const char *text, size_t length, int *is_new)
{
    *is_new = 0;
    if (words->count && is_word(words, words->last, text, length))
        return words->last;
    const uint32_t hash = text_hash(text, length);
    uint32_t slot = words->slot_count ? hash & (words->slot_count - 1) : 0;
    while (words->slot_count && words->slots[slot]) {
        const uint32_t i = words->slots[slot] - 1;
        if (words->list[i].hash == hash && is_word(words, i, text, length))
            return words->last = i;
        slot = (slot + 1) & (words->slot_count - 1);
    }
    *is_new = 1;
    return word_add(words, hash, text, length);
}

const char *nqi_words_text(const nqi_words *words, uint32_t word)
{
    return words->list[word].length ? words->texts.text + words->list[word].at : "";
}

void nqi_words_free(nqi_words *words)
{
    free(words->list);
    free(words->slots);
    free(words->texts.text);
    *words = (nqi_words){0};
}
