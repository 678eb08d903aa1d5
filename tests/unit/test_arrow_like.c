/* test_arrow_like.c - data sets in the Arrow types of another schema, exactly or not at all. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/columns.h>

#include "arrow_takes.h"
#include "table/dataset.h"

enum { ROWS = 6 };

/* Rows r = 0..5, of which 1 and 4 are null. */
static const uint8_t valid[] = {0x2d};

/* The set cannot be like this schema, and nothing is left to be released. */
static void likeness_is_refused(bench *b, const struct ArrowSchema *like, nq_status status,
                                const char *part)
{
    exported e;
    assert_int_equal(nq_dataset_to_arrow_like(&e.array, &e.schema, &b->context, b->data, like,
                                              NULL),
                     status);
    bench_says(b, part);
    assert_true(!e.array.release && !e.schema.release);
}

static int bit_of(const struct ArrowArray *array, size_t buffer, int64_t row)
{
    const uint8_t *bits = array->buffers[buffer];
    return !bits || (bits[row / 8] >> row % 8 & 1);
}

/* The column is that of the batch: format, flags, which cells are null, and what the others are. */
static void column_is_back(const exported *e, const batch *from, size_t c, size_t size)
{
    const struct ArrowArray *a = e->array.children[c];
    const struct ArrowSchema *s = e->schema.children[c];
    const unsigned char *before = from->buffers[c][1];
    const unsigned char *after = a->buffers[1];
    assert_string_equal(s->format, from->field[c].format);
    assert_string_equal(s->name, from->field[c].name);
    assert_int_equal(s->flags, from->field[c].flags);
    assert_int_equal(a->length, ROWS);
    assert_int_equal(a->null_count, from->buffers[c][0] ? 2 : 0);
    for (int64_t r = 0; r < ROWS; r++) {
        assert_int_equal(bit_of(a, 0, r), bit_of(&from->child[c], 0, r));
        if (!bit_of(a, 0, r))
            continue;
        if (!size)
            assert_int_equal(bit_of(a, 1, r), bit_of(&from->child[c], 1, r));
        else if (memcmp(after + (size_t)r * size, before + (size_t)r * size, size))
            fail_msg("column \"%s\" has another row %d", s->name, (int)r);
    }
}

static void numbers_come_back_in_the_types_that_they_had(void **state)
{
    bench *b = *state;
    static const int8_t i8[] = {-128, 0, 3, 4, 0, 127};
    static const uint8_t u8[] = {1, 2, 3, 4, 5, 255}, bits[] = {0x29};
    static const int16_t i16[] = {-32768, 2, -300, 4, -5, 32767};
    static const uint16_t u16[] = {1, 2, 3, 4, 5, 65535},
                          half[] = {0x3c00, 0x0001, 0xc000, 0x7bff, 0x03ff, 0x8400};
    static const int32_t i32[] = {INT32_MIN, 2, -300000, 4, -5, INT32_MAX};
    static const uint32_t u32[] = {1, 2, 3, 4, 5, UINT32_MAX};
    static const int64_t i64[] = {0, -1, -3, 4, 5, INT64_C(9007199254740991)};
    static const uint64_t u64[] = {1, 2, 3, 4, 5, 6};
    static const float f32[] = {0.1F, 1, 2, 3, 4, 3e38F};
    static const double f64[] = {0.1, 1, 1e300, 3, 4, 5};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "c", "c", NULL, i8, NULL, 0);
    batch_add(&from, "C", "C", valid, u8, NULL, 0);
    batch_add(&from, "s", "s", NULL, i16, NULL, 0);
    batch_add(&from, "S", "S", valid, u16, NULL, 0);
    batch_add(&from, "i", "i", NULL, i32, NULL, 0);
    batch_add(&from, "I", "I", valid, u32, NULL, 0);
    batch_add(&from, "l", "l", valid, i64, NULL, 0);
    batch_add(&from, "L", "L", NULL, u64, NULL, 0);
    batch_add(&from, "f", "f", valid, f32, NULL, 0);
    batch_add(&from, "g", "g", NULL, f64, NULL, 0);
    batch_add(&from, "e", "e", NULL, half, NULL, 0);
    batch_add(&from, "b", "b", valid, bits, NULL, 0);
    from.field[0].flags = 0;
    takes(b, &from);
    exported e = exported_like(b, &from.schema, NULL);
    static const size_t bytes[] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2, 0};
    for (size_t c = 0; c < sizeof bytes / sizeof *bytes; c++)
        column_is_back(&e, &from, c, bytes[c]);
    exported_free(&e);
    lets_go(b, &from);
}

static void dates_and_decimals_come_back_in_the_types_that_they_had(void **state)
{
    bench *b = *state;
    static const int32_t days[] = {19782, 1, 0, -1, 7, 8};
    static const int64_t millis[] = {19782 * INT64_C(86400000), 1, -86400000, 0, 1, 0};
    static const int64_t seconds[] = {1709209800, 1, -2, 3, 7, 8};
    static const int64_t milli[] = {1709209800001, 1, -2, 3, 7, 8};
    static const int64_t micro[] = {1709209800000001, 1, -2, 3, 7, 8};
    static const int64_t nano[] = {1709209800123456000, 1, -2000, 3000, 7, 0};
    static const int64_t whole_nano[] = {1709209800000000000, 1, 0, 1000000000, 7, 0};
    static const int64_t decimal[2 * ROWS] = {125, 0, 7, 7, -250, -1, 999999999999999,
                                              0,   7, 7, 0, 0};
    static const int32_t narrow[] = {314, 1, -100, 7, 5, 999999999};
    static const int64_t middle[] = {314, 0, -100, 7, 0, 99999999999999};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "tdD", "tdD", NULL, days, NULL, 0);
    batch_add(&from, "tdm", "tdm", valid, millis, NULL, 0);
    batch_add(&from, "tss", "tss:", NULL, seconds, NULL, 0);
    batch_add(&from, "tsm", "tsm:UTC", NULL, milli, NULL, 0);
    batch_add(&from, "tsu", "tsu:America/New_York", NULL, micro, NULL, 0);
    batch_add(&from, "tsn", "tsn:", valid, nano, NULL, 0);
    batch_add(&from, "whole", "tsn:Europe/Rome", valid, whole_nano, NULL, 0);
    batch_add(&from, "d", "d:30,2", valid, decimal, NULL, 0);
    batch_add(&from, "narrow", "d:9,3,32", NULL, narrow, NULL, 0);
    batch_add(&from, "middle", "d:18,-1,64", NULL, middle, NULL, 0);
    takes(b, &from);
    exported e = exported_like(b, &from.schema, NULL);
    static const size_t bytes[] = {4, 8, 8, 8, 8, 8, 8, 16, 4, 8};
    for (size_t c = 0; c < sizeof bytes / sizeof *bytes; c++)
        column_is_back(&e, &from, c, bytes[c]);
    exported_free(&e);
    lets_go(b, &from);
}

/* What a set of an exported array holds, by its texts. */
static void set_is(bench *b, exported *e, size_t columns, const char *const *expected)
{
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_arrow(&b->data, &b->context, &e->array, &e->schema), NQ_OK);
    e->schema.release(&e->schema);
    for (size_t c = 0; c < columns; c++)
        text_is(b, c, expected);
}

static void texts_come_back_in_the_types_that_they_had(void **state)
{
    bench *b = *state;
    static const char texts[] = "a text that is longer?red?";
    static const char *const expected[] = {"a text that is longer", "", "red",
                                           "a text that is longer", "", ""};
    static const uint8_t codes[] = {0, 9, 2, 0, 9, 3};
    static const int32_t of_dictionary[] = {0, 21, 22, 25, 25};
    /* the same text in each row of a column: by offsets of 32 and of 64 bits, and as views */
    static const char rows[] = "a text that is longer?reda text that is longer?";
    static const int32_t narrow[] = {0, 21, 22, 25, 46, 47, 47};
    static const int64_t wide[] = {0, 21, 22, 25, 46, 47, 47};
    struct {
        int32_t length;
        char begins[4];
        int32_t buffer, offset;
    } views[ROWS] = {{21, "a te", 0, 0}, {0}, {3, "red", 0, 0}, {21, "a te", 1, 25}, {0}, {0}};
    static const int64_t sizes[] = {sizeof rows - 1, sizeof rows - 1};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "u", "u", valid, narrow, rows, 0);
    batch_add(&from, "U", "U", valid, wide, rows, 0);
    batch_add_views(&from, "vu", valid, views, rows, rows, sizes);
    batch_add_dictionary(&from, "C", "C", valid, codes, 0, of_dictionary, texts, 4);
    from.field[3].flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    takes(b, &from);
    for (size_t c = 0; c < 4; c++)
        text_is(b, c, expected);
    exported e = exported_like(b, &from.schema, b->data);
    for (size_t c = 0; c < 4; c++) {
        assert_string_equal(e.schema.children[c]->format, from.field[c].format);
        assert_int_equal(e.schema.children[c]->flags, from.field[c].flags);
        assert_int_equal(e.array.children[c]->null_count, 2);
    }
    assert_memory_equal(e.array.children[0]->buffers[1],
                        ((const int32_t[]){0, 21, 21, 24, 45, 45, 45}), 28);
    assert_int_equal(e.array.children[2]->n_buffers, 4);
    assert_true(*(const int64_t *)e.array.children[2]->buffers[3] == 21); /* there once */
    assert_int_equal(e.array.children[3]->dictionary->length, 4);
    assert_int_equal(((const uint8_t *)e.array.children[3]->buffers[1])[5], 3);
    set_is(b, &e, 4, expected);
    lets_go(b, &from);
}

static void dictionaries_come_back_with_the_values_that_are_there(void **state)
{
    bench *b = *state;
    static const int16_t codes[] = {2, 9, 0, 3, 9, 0};
    static const int32_t values[] = {300, 10, -20, 40};
    batch from;
    batch_new(&from, ROWS);
    batch_add(&from, "d", "s", valid, codes, NULL, 0);
    batch_give_dictionary(&from, "i", 4, NULL, values, NULL);
    from.field[0].flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    takes(b, &from);
    exported e = exported_like(b, &from.schema, NULL);
    assert_string_equal(e.schema.children[0]->format, "s");
    assert_string_equal(e.schema.children[0]->dictionary->format, "i");
    assert_int_equal(e.schema.children[0]->flags, from.field[0].flags);
    assert_int_equal(e.array.children[0]->dictionary->length, 3);
    assert_memory_equal(e.array.children[0]->dictionary->buffers[1],
                        ((const int32_t[]){-20, 40, 300}), 12);
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_arrow(&b->data, &b->context, &e.array, &e.schema), NQ_OK);
    e.schema.release(&e.schema);
    column_is(b, 0, (const double[]){-20, NAN, 300, 40, NAN, 300});
    lets_go(b, &from);
}

/* One number in a column of one row, called x, of this type. */
static void number_is_refused(bench *b, double x, const char *format, const char *part)
{
    static const char *const names[] = {"x"};
    batch like;
    batch_new(&like, 1);
    batch_add(&like, "x", format, NULL, &x, NULL, 0);
    like.field[0].flags = 0;
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, &x, 1, 1, names), NQ_OK);
    likeness_is_refused(b, &like.schema, NQ_ERROR_FORMAT, "row 1, column 1 (\"x\"): expected ");
    bench_says(b, part);
}

static void numbers_that_do_not_fit_are_refused(void **state)
{
    bench *b = *state;
    number_is_refused(b, 1.5, "l",
                      "a whole number from -9223372036854775808 to 9223372036854774784");
    number_is_refused(b, 1.5, "l", "found 1.5");
    number_is_refused(b, 128, "c", "a whole number from -128 to 127, as the Arrow type has");
    number_is_refused(b, -1, "C", "from 0 to 255");
    number_is_refused(b, 32768, "s", "from -32768 to 32767");
    number_is_refused(b, 65536, "S", "from 0 to 65535");
    number_is_refused(b, -2147483649.0, "i", "from -2147483648 to 2147483647");
    number_is_refused(b, 4294967296.0, "I", "from 0 to 4294967295");
    number_is_refused(b, 0x1p63, "l", "found 9223372036854775808");
    number_is_refused(b, 0x1p64, "L", "a whole number from 0");
    number_is_refused(b, 2, "b", "a whole number from 0 to 1");
    number_is_refused(b, 1e39, "f", "a number that float32 has, the Arrow type, found 1e+39");
    number_is_refused(b, 65520, "e", "a number that float16 has");
    number_is_refused(b, 1000, "d:5,2", "a number of 5 digits, the last of them 10^-2");
    number_is_refused(b, 1.5, "d:5,0", "a number of 5 digits, the last of them 10^0");
    number_is_refused(b, 15, "d:5,-1", "a number of 5 digits, the last of them 10^1");
    number_is_refused(b, 1e300, "d:38,0", "a number of 38 digits");
    number_is_refused(b, 7, "n", "no value, as the Arrow type has none, found 7");
    number_is_refused(b, (double)NAN, "g", "a value, as the Arrow schema that it is to be like");
}

static const char table[] = "town,day,at,x\n"
                            "Rome,2024-02-29,2024-02-29T12:30:00.250Z,1\n"
                            "Bern,1969-12-31,1969-12-31T23:59:59.500Z,2\n"
                            "Rome,2024-02-29,2024-02-29T12:30:00.000Z,4\n";

/* A schema with one column, which is the table's too. */
static void column_is_refused(bench *b, const char *name, const char *format, nq_status status,
                              const char *part)
{
    batch like;
    batch_new(&like, 0);
    batch_add(&like, name, format, NULL, NULL, NULL, 0);
    likeness_is_refused(b, &like.schema, status, part);
}

static void columns_of_another_kind_are_refused(void **state)
{
    bench *b = *state;
    batch like;
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    column_is_refused(b, "town", "l", NQ_ERROR_UNSUPPORTED,
                      "column 1 (\"town\"): it holds text, and the Arrow schema that it is to be "
                      "like has numbers, \"l\"");
    column_is_refused(b, "x", "u", NQ_ERROR_UNSUPPORTED, "holds numbers, and the Arrow schema");
    column_is_refused(b, "x", "tdD", NQ_ERROR_UNSUPPORTED, "like has dates, \"tdD\"");
    column_is_refused(b, "day", "i", NQ_ERROR_UNSUPPORTED, "holds dates, and the Arrow schema");
    column_is_refused(b, "x", "+l", NQ_ERROR_UNSUPPORTED, "its format is \"+l\" (nested values)");
    column_is_refused(b, "at", "tdD", NQ_ERROR_FORMAT, "expected a day without a time");
    column_is_refused(b, "at", "tss:", NQ_ERROR_FORMAT,
                      "t.csv:2: column 3 (\"at\"): expected a time that the Arrow type has");
    batch_new(&like, 0);
    batch_add(&like, "x", "l", NULL, NULL, NULL, 0);
    batch_add(&like, "x", "g", NULL, NULL, NULL, 0);
    const struct {
        const char *outer;
        void (*release)(struct ArrowSchema *);
        nq_status status;
        const char *part;
    } wrong[] = {
        {"+s", schema_release, NQ_ERROR_UNSUPPORTED, "has two columns of its name"},
        {"l", schema_release, NQ_ERROR_ARGUMENT, "expected that of a struct, +s"},
        {"+s", NULL, NQ_ERROR_ARGUMENT, "which was not released"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        like.schema.format = wrong[i].outer;
        like.schema.release = wrong[i].release;
        likeness_is_refused(b, &like.schema, wrong[i].status, wrong[i].part);
    }
}

static void columns_go_by_name_and_others_are_as_by_default(void **state)
{
    bench *b = *state;
    static const char *const formats[] = {"i", "tsn:", "tsm:UTC", "f"};
    batch like;
    batch_new(&like, 0);
    batch_add(&like, "x", "f", NULL, NULL, NULL, 0);
    batch_add(&like, "other", "+l", NULL, NULL, NULL, 0);
    batch_add(&like, "day", "tsn:", NULL, NULL, NULL, 0);
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    exported e = exported_like(b, &like.schema, NULL);
    for (size_t c = 0; c < 4; c++)
        assert_string_equal(e.schema.children[c]->format, formats[c]);
    assert_memory_equal(e.array.children[1]->buffers[1],
                        ((const int64_t[]){INT64_C(1709164800000000000), INT64_C(-86400000000000),
                                           INT64_C(1709164800000000000)}),
                        24);
    assert_memory_equal(e.array.children[3]->buffers[1], ((const float[]){1, 2, 4}), 12);
    exported_free(&e);
}

static void columns_without_names_go_by_place(void **state)
{
    bench *b = *state;
    const double values[] = {1, 2, 3, 4};
    exported e;
    batch like;
    batch_new(&like, 0);
    batch_add(&like, "a", "c", NULL, NULL, NULL, 0);
    batch_add(&like, "b", "L", NULL, NULL, NULL, 0);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 2, 2, NULL), NQ_OK);
    e = exported_like(b, &like.schema, NULL);
    assert_string_equal(e.schema.children[0]->format, "c");
    assert_memory_equal(e.array.children[1]->buffers[1], ((const uint64_t[]){2, 4}), 16);
    exported_free(&e);
    batch_add(&like, "c", "c", NULL, NULL, NULL, 0);
    likeness_is_refused(b, &like.schema, NQ_ERROR_UNSUPPORTED,
                        "column 1: no name says which column of the Arrow schema");
}

static void decimals_and_short_floats_are_rounded(void **state)
{
    bench *b = *state;
    enum { CELLS = 6 };
    const double values[CELLS] = {0.6900000000000001, -1.006, 0.004, -999.99,
                                  12345678.901234,    1e-30};
    static const int64_t expected[2 * CELLS] = {69,     0,  -101,       -1, 0, 0,
                                                -99999, -1, 1234567890, 0,  0, 0};
    batch like;
    batch_new(&like, 0);
    batch_add(&like, "x", "d:10,2", NULL, NULL, NULL, 0);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, CELLS, 1, NULL), NQ_OK);
    exported e = exported_like(b, &like.schema, NULL);
    assert_memory_equal(e.array.children[0]->buffers[1], expected, sizeof expected);
    exported_free(&e);
    like.field[0].format = "f";
    e = exported_like(b, &like.schema, NULL);
    for (size_t r = 0; r < CELLS; r++)
        assert_true(((const float *)e.array.children[0]->buffers[1])[r] == (float)values[r]);
    exported_free(&e);
}

/* As a model's are: computed, not read. */
static void round_off_behind_the_decimals_of_a_column_goes(void **state)
{
    bench *b = *state;
    static const char text[] = "x\n0.69\n0.7\n1.25\n";
    const double values[] = {0.6900000000000001, 0.7, 1.2533};
    nq_dataset *computed;
    exported e;
    assert_int_equal(bench_read(b, "x.csv", text, sizeof text - 1), NQ_OK);
    assert_int_equal(nqi_dataset_from_array_like(&computed, &b->context, values, 3, b->data),
                     NQ_OK);
    assert_int_equal(nq_dataset_to_arrow(&e.array, &e.schema, &b->context, computed), NQ_OK);
    assert_memory_equal(e.array.children[0]->buffers[1], ((const double[]){0.69, 0.7, 1.2533}),
                        24);
    exported_free(&e);
    nq_dataset_free(computed);
}

static void texts_are_in_the_order_of_another_set(void **state)
{
    bench *b = *state;
    static const char *const towns[] = {"Oslo", "Bern", "Rome"}, *const fewer[] = {"Bern"};
    static const uint8_t zero[1];
    const nq_column column = {.size = sizeof column,
                              .name = "town",
                              .element = NQ_UINT8,
                              .start = zero,
                              .levels = towns,
                              .level_count = 3};
    nq_column short_one = column;
    nq_dataset *all, *some;
    batch like;
    batch_new(&like, 0);
    batch_add_dictionary(&like, "town", "c", NULL, NULL, 0, NULL, NULL, 0);
    like.field[0].flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    short_one.levels = fewer;
    short_one.level_count = 1;
    assert_int_equal(bench_read(b, "t.csv", table, sizeof table - 1), NQ_OK);
    assert_int_equal(nq_dataset_from_columns(&all, &b->context, &column, 1, 1), NQ_OK);
    assert_int_equal(nq_dataset_from_columns(&some, &b->context, &short_one, 1, 1), NQ_OK);
    const struct {
        const nq_dataset *texts;
        int8_t codes[3];
        int64_t flags;
        const char *dictionary;
    } cases[] = {
        {NULL, {0, 1, 0}, ARROW_FLAG_NULLABLE, "RomeBern"},
        {all, {2, 1, 2}, like.field[0].flags, "OsloBernRome"},
        {some, {1, 0, 1}, ARROW_FLAG_NULLABLE, "BernRome"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        exported e = exported_like(b, &like.schema, cases[i].texts);
        const struct ArrowArray *town = e.array.children[0];
        assert_int_equal(e.schema.children[0]->flags, cases[i].flags);
        assert_memory_equal(town->buffers[1], cases[i].codes, 3);
        assert_int_equal(town->dictionary->length, strlen(cases[i].dictionary) / 4);
        assert_memory_equal(town->dictionary->buffers[2], cases[i].dictionary,
                            strlen(cases[i].dictionary));
        exported_free(&e);
    }
    nq_dataset_free(all);
    nq_dataset_free(some);
}

static void more_values_than_indices_can_number_are_refused(void **state)
{
    bench *b = *state;
    enum { MANY = 200 };
    double values[MANY];
    exported e;
    batch like;
    for (int i = 0; i < MANY; i++)
        values[i] = i;
    batch_new(&like, 0);
    batch_add_dictionary(&like, "x", "c", NULL, NULL, 0, NULL, NULL, 0);
    like.texts.format = "l";
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, MANY, 1, NULL), NQ_OK);
    likeness_is_refused(b, &like.schema, NQ_ERROR_UNSUPPORTED,
                        "column 1: its 200 different values are more than the indices");
    like.field[0].format = "C";
    e = exported_like(b, &like.schema, NULL);
    assert_int_equal(((const uint8_t *)e.array.children[0]->buffers[1])[MANY - 1], MANY - 1);
    exported_free(&e);
    like.field[0].format = "g";
    likeness_is_refused(b, &like.schema, NQ_ERROR_UNSUPPORTED,
                        "has a dictionary whose indices are no integers");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_come_back_in_the_types_that_they_had),
        TEST(dates_and_decimals_come_back_in_the_types_that_they_had),
        TEST(texts_come_back_in_the_types_that_they_had),
        TEST(dictionaries_come_back_with_the_values_that_are_there),
        TEST(numbers_that_do_not_fit_are_refused),
        TEST(columns_of_another_kind_are_refused),
        TEST(columns_go_by_name_and_others_are_as_by_default),
        TEST(columns_without_names_go_by_place),
        TEST(decimals_and_short_floats_are_rounded),
        TEST(round_off_behind_the_decimals_of_a_column_goes),
        TEST(texts_are_in_the_order_of_another_set),
        TEST(more_values_than_indices_can_number_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
