/* test_arrow_model.c - rows that a model draws leave in the Arrow types of the table that it was
 * fitted to. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"
#include "unit/arrow_batch.h"

enum { ROWS = 400, DRAWN = 60, COLUMNS = 8 };

typedef struct table {
    uint8_t has_price[ROWS / 8 + 1], flag[ROWS / 8 + 1];
    int8_t size[ROWS];
    int16_t whole[ROWS];
    int32_t day[ROWS], ends[ROWS + 1];
    int64_t at[ROWS], price[2 * ROWS];
    float gain[ROWS];
    char towns[5 * ROWS];
} table;

static const char size_texts[] = "nonesmallmiddlelarge";
static const int32_t size_ends[] = {0, 4, 9, 15, 20};

static void table_make(table *t, batch *from)
{
    const nqi_stream law = {47, NQI_DRAW_TEST, 0, 0};
    memset(t, 0, sizeof *t);
    for (size_t r = 0; r < ROWS; r++) {
        const double u = nqi_stream_uniform(&law, 2 * r), x = nqi_stream_normal(&law, 2 * r + 1);
        t->size[r] = (int8_t)(u < 0.1 ? 1 : u < 0.3 ? 3 : 2); /* "none" never */
        t->flag[r / 8] |= (uint8_t)((x > 0.3) << r % 8);
        t->has_price[r / 8] |= (uint8_t)((r % 9 != 4) << r % 8);
        t->whole[r] = (int16_t)floor(40 + 12 * x);
        t->day[r] = 19723 + (int32_t)(r * r % 31);
        t->at[r] = (1709209800 + 60 * (int64_t)(r * r % 97)) * 1000000000;
        t->price[2 * r] = (int64_t)nearbyint(100 * fabs(x));
        t->gain[r] = u < 0.6 ? 0 : (float)(floor(160 * u) / 4);
        t->ends[r + 1] = t->ends[r] + (u < 0.5 ? 4 : 5);
        memcpy(t->towns + t->ends[r], u < 0.5 ? "Bern" : "Paris", u < 0.5 ? 4 : 5);
    }
    batch_new(from, ROWS);
    batch_add_dictionary(from, "size", "c", NULL, t->size, 0, size_ends, size_texts, 4);
    from->field[0].flags |= ARROW_FLAG_DICTIONARY_ORDERED;
    batch_add(from, "flag", "b", NULL, t->flag, NULL, 0);
    batch_add(from, "whole", "s", NULL, t->whole, NULL, 0);
    batch_add(from, "day", "tdD", NULL, t->day, NULL, 0);
    batch_add(from, "at", "tsn:Europe/Rome", NULL, t->at, NULL, 0);
    batch_add(from, "price", "d:9,2", t->has_price, t->price, NULL, 0);
    batch_add(from, "gain", "f", NULL, t->gain, NULL, 0);
    batch_add(from, "town", "u", NULL, t->ends, t->towns, 0);
}

static void drawn_rows_have_the_types_of_the_table(void **state)
{
    (void)state;
    static table t;
    static const setting run[] = {{"updates", "4"}, {"batch", "64"}, {NULL, NULL}};
    batch from;
    nq_context *context = context_open(1);
    nq_dataset *data, *drawn, *back;
    struct ArrowArray array;
    struct ArrowSchema schema;
    double values[DRAWN * COLUMNS], row[2][COLUMNS];
    table_make(&t, &from);
    assert_ok(nq_dataset_from_arrow(&data, context, &from.array, &from.schema), context);
    nq_model *model = model_trained(context, data, small_mixed, run);
    const nq_sample_options options = {.rows = DRAWN, .seed = 2};
    assert_ok(nq_sample(values, context, model, &options), context);
    assert_ok(nq_model_rows_to_dataset(&drawn, context, model, values, DRAWN), context);
    assert_ok(nq_dataset_to_arrow_like(&array, &schema, context, drawn, &from.schema, data),
              context);
    for (size_t c = 0; c < COLUMNS; c++) {
        assert_string_equal(schema.children[c]->name, from.field[c].name);
        assert_string_equal(schema.children[c]->format, from.field[c].format);
        assert_int_equal(schema.children[c]->flags, from.field[c].flags);
    }
    /* the order of sizes is theirs, not that of how frequent they are, and none of them is lost */
    const struct ArrowArray *sizes = array.children[0]->dictionary;
    assert_int_equal(sizes->length, 4);
    assert_memory_equal(sizes->buffers[1], size_ends, sizeof size_ends);
    assert_memory_equal(sizes->buffers[2], size_texts, sizeof size_texts - 1);
    /* and the cells mean what was drawn */
    assert_ok(nq_dataset_from_arrow(&back, context, &array, &schema), context);
    schema.release(&schema);
    for (size_t r = 0; r < DRAWN; r++) {
        nq_dataset_row(row[0], drawn, r);
        nq_dataset_row(row[1], back, r);
        for (size_t c = 0; c < COLUMNS; c++) {
            char a[NQ_TEXT_SIZE], b[NQ_TEXT_SIZE];
            const int is_text = c == 0 || c == 7;
            nq_dataset_cell_text(a, sizeof a, drawn, c, row[0][c]);
            nq_dataset_cell_text(b, sizeof b, back, c, row[1][c]);
            const int is_same =
                isnan(row[0][c]) ? isnan(row[1][c]) : fabs(row[0][c] - row[1][c]) <= 1e-12;
            if (is_text ? strcmp(a, b) != 0 : !is_same)
                fail_msg("row %zu, column %zu: %s (%.17g), not %s (%.17g)", r, c, b, row[1][c], a,
                         row[0][c]);
        }
    }
    nq_model_free(model);
    nq_dataset_free(back);
    nq_dataset_free(drawn);
    nq_dataset_free(data);
    assert_int_equal(from.released, 1);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(drawn_rows_have_the_types_of_the_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
