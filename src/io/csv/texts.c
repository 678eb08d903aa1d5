/* texts.c - columns of text: their levels, or why they are left out. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text/utf8.h"
#include "io/csv/settle.h"
#include "io/table/label.h"

/* Why a column of text is no category, or NULL. */
static const char *label_find(const nqi_csv *in, size_t c, const nqi_csv_tally *t)
{
    const nqi_file_column *about = &in->origin->column[c];
    size_t rows = 0, levels = 0;
    if (in->for_model || about->told != NQI_TYPE_FIND)
        return NULL;
    for (int kind = 0; kind <= NQI_CELL_TEXT; kind++)
        if (kind != NQI_CELL_MISSING) {
            rows += t->rows[kind];
            levels += t->words[kind];
        }
    if (c == 0 && rows > 1 && levels == rows && nqi_csv_has_no_name(about))
        return NQI_LABEL_DISTINCT;
    return nqi_label_why(levels, rows);
}

static nq_status left_out_tell(nqi_csv *in, size_t c, const char *why)
{
    nqi_file_column *about = &in->origin->column[c];
    char label[NQI_LABEL], word[NQI_SHOWN];
    about->use = NQI_COLUMN_LEFT_OUT;
    about->why = why;
    if (in->for_model)
        return NQ_OK;
    return nqi_notes_add(&in->notes, in->input->context,
                         "%s: %s is left out: %s (\036types %s=category keeps it)",
                         in->input->path, nqi_column_label(label, c, about->name), why,
                         nqi_origin_word(word, in->origin, c));
}

/* The first word that is no UTF-8; UINT32_MAX: there is none. */
static uint32_t bytes_find(const nqi_words *words)
{
    for (uint32_t i = 0; i < words->count; i++) {
        const size_t length = words->list[i].length;
        if (length && nqi_text_utf8_prefix(nqi_words_text(words, i), length) != length)
            return i;
    }
    return UINT32_MAX;
}

static nq_status levels_copy(nqi_csv *in, size_t c, const nqi_csv_tally *t)
{
    const nqi_words *words = &in->column[c].words;
    nqi_file_column *about = &in->origin->column[c];
    const size_t most = words->count - t->words[NQI_CELL_MISSING];
    about->levels = calloc(most ? most : 1, sizeof *about->levels);
    for (uint32_t i = 0; about->levels && i < words->count; i++) {
        const nqi_word *word = &words->list[i];
        if (word->kind == NQI_CELL_MISSING)
            continue;
        char *text = strndup(nqi_words_text(words, i), word->length);
        if (!text)
            return nqi_fail_memory(in->input->context, "the texts of a column", word->length);
        about->levels[about->level_count++] = text;
    }
    return about->levels ? NQ_OK
                         : nqi_fail_memory(in->input->context, "the texts of a column", most);
}

/* Numbers that became text because some are none: the reader should know. */
static nq_status mixture_tell(nqi_csv *in, size_t c, const nqi_csv_tally *t)
{
    const nqi_file_column *about = &in->origin->column[c];
    const int are_dates = in->column[c].date.is_date;
    char label[NQI_LABEL];
    if (in->for_model || about->told != NQI_TYPE_FIND ||
        (!t->rows[NQI_CELL_NUMBER] && !are_dates))
        return NQ_OK;
    if (!t->rows[NQI_CELL_NUMBER])
        return nqi_notes_add(&in->notes, in->input->context,
                             "%s: %s holds dates and other text, and is read as text",
                             in->input->path, nqi_column_label(label, c, about->name));
    return nqi_notes_add(&in->notes, in->input->context,
                         "%s: %s holds numbers and text (line %zu: \"%s\"), and is read as text "
                         "(\036missing TOKEN,... tells which words are missing cells)",
                         in->input->path, nqi_column_label(label, c, about->name),
                         about->bad_line, about->bad_cell);
}

static nq_status text_keep(nqi_csv *in, size_t c, nqi_csv_fate *fate)
{
    const nqi_csv_column *column = &in->column[c];
    nqi_file_column *about = &in->origin->column[c];
    nqi_csv_tally t;
    nqi_csv_tally_make(&t, &column->words);
    const char *why = label_find(in, c, &t);
    if (why) {
        *fate = NQI_CSV_IS_LOST;
        return left_out_tell(in, c, why);
    }
    const uint32_t bytes = bytes_find(&column->words);
    if (bytes != UINT32_MAX) {
        char shown[NQI_SHOWN];
        *fate = NQI_CSV_IS_BAD;
        about->use = NQI_COLUMN_BAD;
        about->bad_is_bytes = 1;
        about->bad_line = nqi_origin_line(in->origin, column->words.list[bytes].row);
        nqi_text_show(shown, nqi_words_text(&column->words, bytes),
                      column->words.list[bytes].length);
        free(about->bad_cell);
        about->bad_cell = strdup(shown);
        return about->bad_cell ? NQ_OK
                               : nqi_fail_memory(in->input->context, "a cell", sizeof shown);
    }
    const nq_status status = levels_copy(in, c, &t);
    return status ? status : mixture_tell(in, c, &t);
}

nq_status nqi_csv_text_keep(nqi_csv *in, size_t c, nqi_csv_fate *fate)
{
    nqi_file_column *about = &in->origin->column[c];
    if (about->use != NQI_COLUMN_KEPT)
        return NQ_OK;
    if (*fate == NQI_CSV_IS_BAD)
        about->use = NQI_COLUMN_BAD;
    if (*fate == NQI_CSV_IS_LOST)
        return left_out_tell(in, c, NQI_LABEL_MANY);
    return *fate == NQI_CSV_IS_TEXT ? text_keep(in, c, fate) : NQ_OK;
}
