/* columns.c - a data set of columns that lie in the caller's memory. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/columns.h>

#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/text/sentence.h"
#include "core/text/utf8.h"
#include "io/array/npy.h"
#include "io/container/format.h"
#include "table/kind/kind.h"
#include "table/memory/look.h"

/* The oldest struct that a caller may have: up to its last field. */
enum { SIZE_LEAST = offsetof(nq_column, date) + sizeof(nq_date) };
enum { HALF = 2 }; /* bytes of NQ_FLOAT16 */

typedef struct maker {
    nq_context *context;
    const unsigned char *columns; /* [count], each `size` bytes */
    size_t size, count, rows;
    nq_dataset *set;
    float *halves; /* room for the numbers of float16 */
} maker;

static const char *label_of(char out[NQI_LABEL], size_t c, const nq_column *column)
{
    return nqi_column_label(out, c, column->name);
}

/* The element as it is kept; 0: there is none. */
static int element_find(nqi_element *out, nq_element element)
{
    static const nqi_element elements[] = {
        [NQ_FLOAT64] = NQI_F64, [NQ_FLOAT32] = NQI_F32, [NQ_FLOAT16] = NQI_F32,
        [NQ_INT8] = NQI_I8,     [NQ_UINT8] = NQI_U8,    [NQ_INT16] = NQI_I16,
        [NQ_UINT16] = NQI_U16,  [NQ_INT32] = NQI_I32,   [NQ_UINT32] = NQI_U32,
        [NQ_INT64] = NQI_I64,   [NQ_UINT64] = NQI_U64,  [NQ_BOOL] = NQI_U8};
    if ((unsigned)element >= sizeof elements / sizeof *elements)
        return 0;
    *out = elements[element];
    return 1;
}

/* Column c of the caller's, whose struct may be shorter or longer than ours. */
static nq_status column_get(nq_column *out, const maker *m, size_t c)
{
    const unsigned char *from = m->columns + c * m->size;
    const size_t own = m->size < sizeof *out ? m->size : sizeof *out;
    size_t size;
    *out = (nq_column){0};
    memcpy(&size, from, sizeof size);
    if (size != m->size)
        return nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                        "column %zu: its size is %zu, and that of the first is %zu: expected the "
                        "size of nq_column in all",
                        c + 1, size, m->size);
    for (size_t i = own; i < m->size; i++)
        if (from[i])
            return nqi_fail(m->context, NQ_ERROR_UNSUPPORTED,
                            "column %zu: a field of nq_column is set that this library, which is "
                            "older than the caller's header, does not know",
                            c + 1);
    memcpy(out, from, own);
    return NQ_OK;
}

/* Whether the numbers are where a processor can read them. */
static nq_status place_check(const maker *m, const nq_column *from, size_t c, size_t size)
{
    char label[NQI_LABEL];
    if (!from->start)
        return nqi_fail(m->context, NQ_ERROR_ARGUMENT, "%s: expected numbers, found NULL",
                        label_of(label, c, from));
    if (!from->stride && m->rows > 1)
        return nqi_fail(
            m->context, NQ_ERROR_ARGUMENT,
            "%s: a stride of 0 gives all rows one number: expected the bytes from one "
            "row to the next",
            label_of(label, c, from));
    if ((uintptr_t)from->start % size || from->stride % (ptrdiff_t)size)
        return nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                        "%s: its numbers are not aligned: expected an address and a stride that "
                        "are multiples of %zu bytes, as a copy would have",
                        label_of(label, c, from), size);
    return NQ_OK;
}

static nq_status text_check(const maker *m, const nq_column *from, size_t c, const char *text)
{
    char label[NQI_LABEL], shown[NQI_SHOWN];
    const size_t length = text ? strlen(text) : 0;
    if (text && nqi_text_utf8_prefix(text, length) == length)
        return NQ_OK;
    nqi_text_show(shown, text ? text : "NULL", text ? length : 4);
    return nqi_fail(m->context, NQ_ERROR_FORMAT, "%s: expected text as UTF-8, found \"%s\"",
                    label_of(label, c, from), shown);
}

static nq_status levels_check(const maker *m, const nq_column *from, size_t c)
{
    char label[NQI_LABEL], shown[NQI_SHOWN];
    nq_status status = NQ_OK;
    for (size_t i = 0; i < from->level_count && !status; i++)
        status = text_check(m, from, c, from->levels[i]);
    if (status || from->level_count < 2)
        return status;
    const size_t bytes = from->level_count * sizeof *from->levels;
    const char **names = malloc(bytes);
    if (!names)
        return nqi_fail_memory(m->context, "the texts of a column", bytes);
    memcpy(names, from->levels, bytes);
    const char *twice = nqi_names_duplicate(names, from->level_count);
    if (twice) {
        nqi_text_show(shown, twice, strlen(twice));
        status = nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                          "%s: its level \"%s\" is there twice: expected different texts",
                          label_of(label, c, from), shown);
    }
    free(names);
    return status;
}

static nq_status kind_read(nqi_type *out, const maker *m, const nq_column *from, size_t c)
{
    char label[NQI_LABEL], shown[NQI_SHOWN];
    if (!from->kind || !*from->kind)
        return NQ_OK;
    *out = nqi_type_of(from->kind);
    if (*out != NQI_TYPE_FIND)
        return NQ_OK;
    nqi_text_show(shown, from->kind, strlen(from->kind));
    return nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                    "%s: its kind is \"%s\": expected real, whole, category, bit, spiked, date, "
                    "constant or left-out",
                    label_of(label, c, from), shown);
}

/* What is copied: texts. names: whether columns have them. */
static nq_status texts_copy(nqi_column *out, const maker *m, const nq_column *from, int names)
{
    out->name = names ? strdup(from->name ? from->name : "") : NULL;
    out->unit = from->unit ? strdup(from->unit) : NULL;
    if ((names && !out->name) || (from->unit && !out->unit) ||
        (from->levels && nqi_names_copy(&out->levels, from->levels, from->level_count)))
        return nqi_fail_memory(m->context, "columns of a data set", sizeof *out);
    out->level_count = from->levels ? from->level_count : 0;
    return NQ_OK;
}

/* Numbers of float16 into the room for them. */
static void halves_convert(maker *m, nqi_column *out, const nq_column *from)
{
    const unsigned char *start = from->start;
    for (size_t r = 0; r < m->rows; r++) {
        uint16_t bits;
        memcpy(&bits, start + (ptrdiff_t)r * from->stride, sizeof bits);
        m->halves[r] = nqi_half_value(bits);
    }
    nqi_column_place(out, (const unsigned char *)m->halves, sizeof *m->halves, NQI_F32);
    m->halves += m->rows;
}

static void numbers_place(maker *m, nqi_column *out, const nq_column *from, nqi_element element)
{
    if (from->element == NQ_FLOAT16) {
        halves_convert(m, out, from);
    } else {
        nqi_column_place(out, from->start, 0, element);
        out->numbers.stride = from->stride;
    }
    out->numbers.valid = from->validity;
    out->numbers.valid_first = from->validity ? from->validity_first : 0;
    out->gap_code = from->validity ? NQI_GAP_BIT : out->gap_code;
}

static nq_status column_make(maker *m, size_t c, int names)
{
    char label[NQI_LABEL];
    nq_column from;
    nqi_column *out = &m->set->columns[c];
    nqi_element element;
    nq_status status = column_get(&from, m, c);
    if (status)
        return status;
    if (!element_find(&element, from.element) || (unsigned)from.date > NQ_DATE_SECONDS_UTC)
        return nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                        "%s: element %d and date %d: expected an nq_element and an nq_date",
                        label_of(label, c, &from), (int)from.element, (int)from.date);
    const size_t size = from.element == NQ_FLOAT16 ? HALF : nqi_element_size(element);
    if ((status = place_check(m, &from, c, size)) ||
        (status = text_check(m, &from, c, from.name ? from.name : "")) ||
        (status = text_check(m, &from, c, from.unit ? from.unit : "")) ||
        (from.levels && (status = levels_check(m, &from, c))) ||
        (status = kind_read(&out->told, m, &from, c)) ||
        (status = texts_copy(out, m, &from, names)))
        return status;
    if (from.levels && from.date)
        return nqi_fail(m->context, NQ_ERROR_ARGUMENT,
                        "%s: its numbers cannot stand for texts and for dates",
                        label_of(label, c, &from));
    out->date = (nqi_date_form){.is_date = from.date != NQ_DATE_NONE,
                                .between = from.date > NQ_DATE_DAYS ? 'T' : '\0',
                                .has_seconds = from.date > NQ_DATE_DAYS,
                                .zone = from.date == NQ_DATE_SECONDS_UTC ? 'Z' : '\0'};
    out->at = c;
    numbers_place(m, out, &from, element);
    return nqi_column_look(out, m->context, c, m->rows);
}

/* Whether any column has a name, and how many are float16. */
static nq_status columns_count(const maker *m, int *names, size_t *halves)
{
    nq_status status = NQ_OK;
    *names = 0;
    *halves = 0;
    for (size_t c = 0; c < m->count && !status; c++) {
        nq_column from;
        status = column_get(&from, m, c);
        *names |= from.name != NULL;
        *halves += from.element == NQ_FLOAT16;
    }
    return status;
}

static nq_status names_check(const maker *m)
{
    char shown[NQI_SHOWN];
    const char **names = malloc(m->count * sizeof *names);
    if (!names)
        return nqi_fail_memory(m->context, "column names", m->count * sizeof *names);
    for (size_t c = 0; c < m->count; c++)
        names[c] = m->set->columns[c].name;
    const char *twice = nqi_names_duplicate(names, m->count);
    free(names);
    if (!twice)
        return NQ_OK;
    nqi_text_show(shown, twice, strlen(twice));
    return nqi_fail(m->context, NQ_ERROR_FORMAT,
                    "two columns are called \"%s\": expected different names", shown);
}

/* Rows of one array, whose numbers lie side by side, are read faster so. */
static void layout_find(nq_dataset *set)
{
    const nqi_strided *first = &set->columns[0].numbers;
    const size_t size = nqi_element_size(first->element);
    set->layout.is_apart = 1;
    for (size_t c = 0; c < set->dim; c++) {
        const nqi_strided *here = &set->columns[c].numbers;
        if (here->element != first->element || here->stride != first->stride ||
            here->stride < 0 || here->valid || here->start != first->start + c * size)
            return;
    }
    set->layout = (nqi_row_layout){.element = first->element,
                                   .values = first->start,
                                   .row = (size_t)first->stride};
}

static nq_status columns_make(maker *m)
{
    int names;
    size_t halves;
    nq_status status = columns_count(m, &names, &halves);
    if (status)
        return status;
    m->set->columns = nqi_columns_new(m->count);
    if (!m->set->columns)
        return nqi_fail_memory(m->context, "columns of a data set", m->count);
    m->set->dim = m->count;
    if (halves) {
        const size_t bytes = nqi_table_bytes(m->rows, halves, NQI_F32);
        m->halves = m->set->owned.values = bytes ? malloc(bytes) : NULL;
        if (!m->halves)
            return nqi_fail_memory(m->context, "numbers of float16", bytes);
    }
    for (size_t c = 0; c < m->count && !status; c++)
        status = column_make(m, c, names);
    if (!status && names)
        status = names_check(m);
    if (!status)
        layout_find(m->set);
    return status;
}

nq_status nq_dataset_from_columns(nq_dataset **out, nq_context *context, const nq_column *columns,
                                  size_t count, size_t rows)
{
    maker m = {.context = context,
               .columns = (const unsigned char *)columns,
               .count = count,
               .rows = rows};
    *out = NULL;
    if (!columns || !count || rows > PTRDIFF_MAX || !rows)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a data set of %zu rows and %zu columns: expected at least one of each",
                        rows, count);
    m.size = columns->size;
    if (m.size < SIZE_LEAST || m.size > (size_t)1 << 16)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "column 1: its size is %zu: expected sizeof(nq_column)", m.size);
    m.set = calloc(1, sizeof *m.set);
    if (!m.set)
        return nqi_fail_memory(context, "a data set", sizeof *m.set);
    m.set->rows = rows;
    const nq_status status = columns_make(&m);
    if (status)
        nq_dataset_free(m.set);
    else
        *out = m.set;
    return status;
}

/* The columns that are not left out, and a note on each that is, or that looks like another. */
static nq_status columns_keep(size_t *kept, size_t *count, nqi_notes *notes, nq_context *context,
                              const nq_dataset *parent)
{
    char place[NQI_PLACE];
    const nqi_column_kind *kinds;
    nq_status status = nqi_dataset_kinds(&kinds, context, parent);
    for (size_t c = 0; c < parent->dim && !status; c++) {
        if (kinds[c].kind == NQI_KIND_LEFT_OUT || !kinds[c].rows)
            status = nqi_notes_add(notes, context, "%s is left out: %s",
                                   nqi_dataset_column(place, parent, c),
                                   kinds[c].why ? kinds[c].why : "it has no values");
        else
            kept[(*count)++] = c;
        if (!status && kinds[c].kind == NQI_KIND_CATEGORY && !kinds[c].is_told &&
            nqi_column_is_written_dates(&parent->columns[c]))
            status =
                nqi_notes_add(notes, context,
                              "%s holds dates as text, and each is a category: they are read "
                              "as dates where they are given as dates",
                              nqi_dataset_column(place, parent, c));
    }
    return status;
}

nq_status nq_dataset_for_training(nq_dataset **out, nq_context *context, const nq_dataset *parent)
{
    nqi_notes notes = {0};
    size_t count = 0;
    *out = NULL;
    size_t *kept = malloc(parent->dim * sizeof *kept);
    if (!kept)
        return nqi_fail_memory(context, "columns of a data set", parent->dim * sizeof *kept);
    nq_status status = columns_keep(kept, &count, &notes, context, parent);
    if (!status && !count)
        status = nqi_fail(context, NQ_ERROR_FORMAT, "no column is left: %s", notes.list[0]);
    if (!status && count == parent->dim)
        status = nq_dataset_slice(out, context, parent, 0, parent->rows);
    else if (!status)
        status = nqi_dataset_pick_columns(out, context, parent, kept, count);
    free(kept);
    if (status) {
        nqi_notes_free(&notes);
        return status;
    }
    (*out)->notes = notes;
    return NQ_OK;
}
