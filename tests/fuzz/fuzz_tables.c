/* fuzz_tables.c - tables as text: whatever the bytes are, rows or a sentence. Lines "!NAME=VALUE"
 * at the beginning of an input are options of reading, the rest is the file. What was read is read
 * again from what is written, as numbers and in the way of its own file; and its columns are
 * matched with those of a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fuzz/tiny.h"

enum { CELLS_MOST = 4096, WORD_MOST = 256 };

/* Options, and the words that they borrow. */
typedef struct reading {
    nq_read_options options;
    char columns[WORD_MOST], drop[WORD_MOST], types[WORD_MOST];
} reading;

static int word_take(char word[WORD_MOST], const char *value)
{
    snprintf(word, WORD_MOST, "%s", value);
    return 1;
}

static void option_take(reading *out, char *line)
{
    size_t count;
    const nq_option *table = nq_read_options_table(&count);
    char *value = strchr(line, '=');
    if (!value)
        return;
    *value++ = '\0';
    if (!strcmp(line, "columns") && word_take(out->columns, value))
        out->options.columns = out->columns;
    if (!strcmp(line, "drop") && word_take(out->drop, value))
        out->options.drop = out->drop;
    if (!strcmp(line, "types") && word_take(out->types, value))
        out->options.types = out->types;
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].field, line))
            fuzz_check_status(nq_option_set(&out->options, fuzz_context(), &table[i], value));
}

/* Takes the options off the front of bytes[size]; returns how many bytes they were. */
static size_t options_take(reading *out, const uint8_t *bytes, size_t size)
{
    size_t at = 0;
    *out = (reading){0};
    nq_read_options_init(&out->options, sizeof out->options);
    while (at < size && bytes[at] == '!') {
        const uint8_t *end = memchr(bytes + at, '\n', size - at);
        const size_t next = end ? (size_t)(end - bytes) : size;
        char *line = strndup((const char *)bytes + at + 1, next - at - 1);
        fuzz_holds(line != NULL);
        option_take(out, line);
        free(line);
        at = next + (next < size);
    }
    return at;
}

static double *values_of(const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    double *values = malloc(rows * dim * sizeof *values);
    fuzz_holds(values != NULL);
    for (size_t r = 0; r < rows; r++)
        nq_dataset_row(values + r * dim, data, r);
    return values;
}

static void check_same(const nq_dataset *data, const double *values, size_t rows, size_t dim)
{
    fuzz_holds(data && nq_dataset_rows(data) == rows && nq_dataset_dim(data) == dim);
    double *got = values_of(data);
    for (size_t i = 0; i < rows * dim; i++)
        fuzz_holds(isnan(values[i]) ? isnan(got[i]) : values[i] >= got[i] && values[i] <= got[i]);
    free(got);
}

static void check_names(const nq_dataset *data, const char *const *names)
{
    for (size_t i = 0; i < nq_dataset_dim(data); i++) {
        const char *name = nq_dataset_column_name(data, i);
        fuzz_holds(!*names[i] || (name && !strcmp(name, names[i])));
    }
}

/* Written as numbers, with names where there are any. */
static void check_numbers(const nq_dataset *data, const double *values, size_t rows, size_t dim)
{
    nq_dataset *again;
    const char *path = fuzz_path("written.csv"), **names = calloc(dim, sizeof *names);
    const int has_names = nq_dataset_column_name(data, 0) != NULL;
    nq_read_options plain;
    fuzz_holds(names != NULL);
    for (size_t i = 0; i < dim; i++)
        names[i] = nq_dataset_column_name(data, i) ? nq_dataset_column_name(data, i) : "";
    nq_read_options_init(&plain, sizeof plain);
    plain.for_model = 1; /* a first column without a name stays */
    strcpy(plain.header, has_names ? "yes" : "no");
    fuzz_works(
        nq_values_write(path, fuzz_context(), values, rows, dim, has_names ? names : NULL));
    fuzz_check(nq_dataset_open_with(&again, fuzz_context(), path, &plain), again);
    check_same(again, values, rows, dim);
    check_names(again, names);
    nq_dataset_free(again);
    free(names);
}

/* What the columns are is told, or why they cannot be that; all their levels are somewhere. */
static void check_kinds(const nq_dataset *data, size_t rows, size_t dim)
{
    for (size_t c = 0; c < dim; c++) {
        nq_column_facts facts;
        size_t seen = 0, more;
        char text[128];
        const nq_status status = nq_dataset_column_facts(&facts, fuzz_context(), data, c);
        fuzz_check_status(status);
        if (status)
            return;
        fuzz_holds(facts.rows + facts.missing == rows && facts.least <= facts.most);
        fuzz_holds(facts.kind && (facts.source == SIZE_MAX || facts.source < dim));
        for (size_t i = 0; i < facts.levels; i++) {
            const double level = nq_dataset_level(&more, fuzz_context(), data, c, i);
            seen += more;
            nq_dataset_cell_text(text, sizeof text, data, c, level);
            fuzz_holds(more > 0);
        }
        fuzz_holds(seen <= facts.rows);
    }
}

static void check_model(nq_dataset *data)
{
    static nq_model *model;
    nq_dataset *view;
    if (!model) {
        nq_model_options options;
        nq_train_options ignored;
        nq_dataset *table = tiny_data(0);
        tiny_options(&options, &ignored, 0);
        fuzz_works(nq_model_new(&model, fuzz_context(), table, &options));
        nq_dataset_free(table);
    }
    fuzz_check(nq_dataset_for_model(&view, fuzz_context(), data, model), view);
    if (view) {
        fuzz_holds(nq_dataset_dim(view) == nq_model_columns(model));
        fuzz_ask_data(view, 0);
    }
    nq_dataset_free(view);
}

/* How a file is read that was written in the way of another: what was left out is not there, and
 * the separator is to be found out. */
static nq_read_options like_options(const reading *in, const nq_dataset *data)
{
    nq_read_options out;
    const char *first = nq_dataset_column_name(data, 0);
    nq_read_options_init(&out, sizeof out);
    out.keep_text = 1;
    /* A column without a name that was asked for stays, though it may number the rows. */
    out.for_model = in->options.for_model || (first && !*first);
    strcpy(out.header, first ? "yes" : "no");
    strcpy(out.missing, in->options.missing);
    strcpy(out.decimal, in->options.decimal);
    return out;
}

/* A file that was written in the way of another is written in its own way as it is. */
static void check_like(const reading *in, const nq_dataset *data, const double *values)
{
    static char first[1 << 20], second[sizeof first];
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    nq_dataset *again;
    const nq_read_options options = like_options(in, data);
    size_t column;
    const char *name;
    /* What was told, and that no model was asked for, is not in the file that is written. */
    if (!nq_dataset_has_text(data) || *in->types || nq_dataset_left_out(&column, &name, data, 0))
        return;
    const char *path = fuzz_path("like.txt");
    fuzz_works(nq_dataset_write_like(path, fuzz_context(), data, values, rows, NULL));
    const long size = scratch_get(path, first, sizeof first);
    fuzz_check(nq_dataset_open_with(&again, fuzz_context(), path, &options), again);
    check_same(again, values, rows, dim);
    fuzz_works(nq_dataset_write_like(path, fuzz_context(), again, values, rows, NULL));
    fuzz_holds(scratch_get(path, second, sizeof second) == size);
    fuzz_holds(!memcmp(first, second, (size_t)size));
    nq_dataset_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    nq_dataset *data;
    reading in;
    const size_t begin = options_take(&in, bytes, size);
    const char *path = fuzz_put("table.csv", bytes + begin, size - begin);
    fuzz_check(nq_dataset_open_with(&data, fuzz_context(), path, &in.options), data);
    if (!data)
        return FUZZ_KEEP;
    for (size_t i = 0; i < nq_dataset_note_count(data); i++)
        fuzz_check_text(nq_dataset_note(data, i));
    fuzz_ask_data(data, 0);
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    if (rows <= CELLS_MOST / dim) {
        double *values = values_of(data);
        check_kinds(data, rows, dim);
        check_model(data);
        check_numbers(data, values, rows, dim);
        check_like(&in, data, values);
        free(values);
    }
    nq_dataset_free(data);
    return FUZZ_KEEP;
}
