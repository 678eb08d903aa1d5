/* digits.c - whole numbers of more digits than float64 keeps, such as long ids, are told. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "io/csv/settle.h"

static const double EXACT = 0x1p53; /* below it every whole number is a float64 */
enum { DIGITS_MOST = 64 };

/* Digits alone, and their number is another one than they say. */
static int is_changed(const nqi_word *word, const char *text)
{
    char kept[DIGITS_MOST];
    size_t length = word->length;
    if (word->kind != NQI_CELL_NUMBER || !(fabs(word->value) >= EXACT))
        return 0;
    const int sign = *text == '-' || *text == '+';
    text += sign;
    length -= (size_t)sign;
    while (length > 1 && *text == '0') {
        text++;
        length--;
    }
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return 0;
    const int size = snprintf(kept, sizeof kept, "%.0f", fabs(word->value));
    return size < DIGITS_MOST && ((size_t)size != length || memcmp(kept, text, length) != 0);
}

nq_status nqi_csv_digits_tell(nqi_csv *in, size_t c)
{
    const nqi_words *words = &in->column[c].words;
    const nqi_file_column *about = &in->origin->column[c];
    char label[NQI_LABEL], name[NQI_SHOWN], shown[NQI_SHOWN];
    if (in->for_model || about->told != NQI_TYPE_FIND || about->use != NQI_COLUMN_KEPT)
        return NQ_OK;
    for (uint32_t i = 0; i < words->count; i++) {
        const nqi_word *word = &words->list[i];
        const char *text = nqi_words_text(words, i);
        if (!is_changed(word, text))
            continue;
        nqi_text_show(shown, text, word->length);
        return nqi_notes_add(
            &in->notes, in->input->context,
            "%s: %s holds whole numbers of more digits than float64 keeps (line %zu: %s is read "
            "as %.0f), and others may be the same to it (\036types %s=category keeps their "
            "texts, \036drop %zu leaves them out)",
            in->input->path, nqi_column_label(label, c, about->name),
            nqi_origin_line(in->origin, word->row), shown, word->value,
            nqi_origin_word(name, in->origin, c), c + 1);
    }
    return NQ_OK;
}
