/* test_in_memory.c - models as bytes, tables in memory, and rows that a model gives, beside what
 * the same are as files. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

#include "core/rng.h"

enum { ROWS = 400 };

typedef struct bytes {
    void *at;
    size_t size;
} bytes;

static bytes bytes_of(nq_context *context, const nq_model *model)
{
    bytes out;
    assert_ok(nq_model_to_bytes(&out.at, &out.size, context, model), context);
    return out;
}

static void bytes_are_those_of_the_file_and_back(nq_context *context, const nq_model *model)
{
    scratch place;
    nq_model *again;
    const bytes here = bytes_of(context, model);
    unsigned char *file = malloc(here.size + 2);
    assert_int_equal(scratch_new(&place), 0);
    assert_ok(nq_model_save(scratch_path(&place, "m.nq"), context, model), context);
    assert_int_equal(scratch_get(place.path, file + 1, here.size + 1), here.size);
    assert_memory_equal(file + 1, here.at, here.size);
    scratch_free(&place);
    /* from an address that no number is aligned to, and bytes that go away */
    assert_ok(nq_model_from_bytes(&again, context, file + 1, here.size), context);
    memset(file, 0, here.size + 2);
    free(file);
    const bytes there = bytes_of(context, again);
    assert_int_equal(there.size, here.size);
    assert_memory_equal(there.at, here.at, here.size);
    nq_model_free(again);
    nq_bytes_free(there.at);
    nq_bytes_free(here.at);
}

static const setting tiny[] = {{"hidden", "4"}, {"steps", "4"}, {NULL, NULL}};
static const setting small_run[] = {{"updates", "4"}, {"batch", "64"}, {NULL, NULL}};

static void a_model_is_its_file_byte_for_byte(void **state)
{
    (void)state;
    nq_context *context = context_open(2);
    static const char *const made[] = {"swissroll", "heartbeat", "gaussian"};
    for (size_t i = 0; i < 3; i++) {
        nq_dataset *data = dataset_made(context, made[i], ROWS, 0, 1);
        nq_model *model = model_trained(context, data, tiny, small_run);
        bytes_are_those_of_the_file_and_back(context, model);
        nq_model_free(model);
        nq_dataset_free(data);
    }
    nq_dataset *data = table_rows(context, ROWS, 1);
    nq_model *model = model_trained(context, data, small_mixed, small_run);
    bytes_are_those_of_the_file_and_back(context, model);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void bytes_that_are_cut_off_are_refused_at_every_length(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = dataset_made(context, "swissroll", ROWS, 0, 1);
    nq_model *model = model_of(context, data, tiny), *again;
    const bytes here = bytes_of(context, model);
    for (size_t size = 0; size < here.size; size++) {
        /* of its own, so that a step beyond is seen by those who look for such */
        void *part = malloc(size ? size : 1);
        memcpy(part, here.at, size);
        again = model;
        if (nq_model_from_bytes(&again, context, part, size) != NQ_ERROR_FORMAT || again)
            fail_msg("%zu of %zu bytes are taken for a model", size, here.size);
        assert_non_null(strstr(nq_context_message(context), "model in memory"));
        free(part);
    }
    assert_int_equal(nq_model_from_bytes(&again, context, NULL, 0), NQ_ERROR_FORMAT);
    nq_bytes_free(here.at);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void bytes_with_a_changed_bit_are_a_model_or_refused(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = dataset_made(context, "gaussian", ROWS, 0, 1);
    nq_model *model = model_of(context, data, tiny), *again;
    const bytes here = bytes_of(context, model);
    for (size_t bit = 0; bit < 8 * here.size; bit += 37) {
        unsigned char *byte = (unsigned char *)here.at + bit / 8;
        const unsigned char was = *byte;
        *byte = (unsigned char)(was ^ 1 << bit % 8);
        const nq_status status = nq_model_from_bytes(&again, context, here.at, here.size);
        assert_true(!status == (again != NULL));
        assert_true(!status || *nq_context_message(context));
        nq_model_free(again);
        *byte = was;
    }
    nq_bytes_free(here.at);
    nq_bytes_free(NULL);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void a_shortened_model_has_no_bytes(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    nq_dataset *data = dataset_made(context, "heartbeat", ROWS, 0, 1);
    nq_model *model = model_of(context, data, tiny), *shorter;
    bytes out = {&out, 1};
    assert_ok(nq_model_shorten(&shorter, context, model, 3), context);
    assert_int_equal(nq_model_to_bytes(&out.at, &out.size, context, shorter),
                     NQ_ERROR_UNSUPPORTED);
    assert_true(!out.at && !out.size);
    nq_model_free(shorter);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* A table as text, and the same in memory: texts, a truth, whole numbers, prices with gaps, days,
 * amounts that are mostly 0, real numbers. */
typedef struct table {
    int8_t town[ROWS];
    uint8_t flag[ROWS], has_price[ROWS / 8 + 1];
    int32_t whole[ROWS], day[ROWS];
    float gain[ROWS];
    double price[ROWS], real[ROWS];
    char text[128 * (ROWS + 1)];
} table;

/* A day as a text has it. */
static void day_write(char out[16], int day)
{
    snprintf(out, 16, "2024-01-%02u", (unsigned)(day - 19722) % 32);
}

static void table_make(table *t)
{
    static const int of_rank[] = {2, 0, 1}; /* the order of texts is another in memory */
    static const char *const names[] = {"Bern", "Rome", "Oslo"};
    const nqi_stream law = {31, NQI_DRAW_TEST, 0, 0};
    size_t used = (size_t)sprintf(t->text, "town,flag,whole,day,gain,price,real\n");
    memset(t->has_price, 0, sizeof t->has_price);
    for (size_t r = 0; r < ROWS; r++) {
        const double u = nqi_stream_uniform(&law, 2 * r), x = nqi_stream_normal(&law, 2 * r + 1);
        const size_t town = (size_t)(3 * u);
        char day[16], price[32] = "";
        t->town[r] = (int8_t)of_rank[town];
        t->flag[r] = x > 0.3;
        t->whole[r] = (int32_t)floor(40 + 12 * x);
        t->day[r] = 19723 + (int32_t)(r * r % 31);
        t->gain[r] = u < 0.6 ? 0 : (float)(floor(160 * u) / 4);
        t->price[r] = r % 9 == 4 ? 1e9 : nearbyint(100 * fabs(x)) / 100;
        t->real[r] = nearbyint(1e12 * x) / 1e12;
        if (r % 9 != 4) {
            t->has_price[r / 8] |= (uint8_t)(1 << r % 8);
            snprintf(price, sizeof price, "%.10g", t->price[r]);
        }
        day_write(day, t->day[r]);
        used += (size_t)sprintf(t->text + used, "%s,%d,%d,%s,%.10g,%s,%.15g\n", names[town],
                                t->flag[r], (int)t->whole[r], day, (double)t->gain[r], price,
                                t->real[r]);
    }
}

static nq_dataset *table_in_memory(nq_context *context, const table *t)
{
    static const char *const towns_here[] = {"Rome", "Oslo", "Bern", "Paris"};
#define COLUMN(type, field, ...)                                                                 \
    {                                                                                            \
        .size = sizeof(nq_column), .name = #field, .element = type, .start = t->field,           \
        .stride = sizeof *t->field, __VA_ARGS__                                                  \
    }
    const nq_column columns[] = {
        COLUMN(NQ_INT8, town, .levels = towns_here, .level_count = 4),
        COLUMN(NQ_BOOL, flag, .unit = NULL),
        COLUMN(NQ_INT32, whole, .unit = NULL),
        COLUMN(NQ_INT32, day, .date = NQ_DATE_DAYS),
        COLUMN(NQ_FLOAT32, gain, .unit = NULL),
        COLUMN(NQ_FLOAT64, price, .validity = t->has_price),
        COLUMN(NQ_FLOAT64, real, .unit = NULL),
    };
#undef COLUMN
    nq_dataset *data;
    assert_ok(nq_dataset_from_columns(&data, context, columns, 7, ROWS), context);
    return data;
}

static void a_table_in_memory_gives_the_model_of_its_text(void **state)
{
    (void)state;
    static table t;
    nq_context *context = context_open(2);
    table_make(&t);
    nq_dataset *file = table_of_kinds(context, t.text, NULL),
               *here = table_in_memory(context, &t);
    for (size_t c = 0; c < 7; c++) {
        nq_column_facts a, b;
        assert_ok(nq_dataset_column_facts(&a, context, file, c), context);
        assert_ok(nq_dataset_column_facts(&b, context, here, c), context);
        assert_string_equal(a.name, b.name);
        if (strcmp(a.kind, b.kind))
            fail_msg("%s is %s in a file, and %s in memory", a.name, a.kind, b.kind);
        assert_true(a.missing == b.missing && a.least == b.least && a.most == b.most &&
                    a.step == b.step && a.levels == b.levels && a.decimals == b.decimals);
    }
    nq_model *of_file = model_of(context, file, small_mixed);
    nq_model *of_here = model_of(context, here, small_mixed);
    const bytes a = bytes_of(context, of_file), b = bytes_of(context, of_here);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.at, b.at, a.size);
    nq_bytes_free(a.at);
    nq_bytes_free(b.at);
    nq_model_free(of_file);
    nq_model_free(of_here);
    /* trained, and asked: the same to the bit */
    of_file = model_trained(context, file, small_mixed, small_run);
    of_here = model_trained(context, here, small_mixed, small_run);
    nq_bound k[2] = {{0}, {0}};
    const nq_bound_options options = {.terms = 4, .seed = 3};
    assert_ok(nq_bound_estimate(&k[0], context, of_file, file, &options), context);
    assert_ok(nq_bound_estimate(&k[1], context, of_here, here, &options), context);
    assert_true(isfinite(k[0].bound) && k[0].bound == k[1].bound && k[0].rows == ROWS);
    assert_memory_equal(k[0].row_bound, k[1].row_bound, ROWS * sizeof(double));
    nq_bound_free(&k[0]);
    nq_bound_free(&k[1]);
    nq_model_free(of_file);
    nq_model_free(of_here);
    nq_dataset_free(file);
    nq_dataset_free(here);
    nq_context_free(context);
}

static void drawn_rows_are_a_data_set_like_the_file_of_them(void **state)
{
    (void)state;
    enum { DRAWN = 50 };
    static table t;
    nq_context *context = context_open(1);
    scratch place;
    nq_dataset *drawn, *read;
    table_make(&t);
    nq_dataset *data = table_in_memory(context, &t);
    nq_model *model = model_trained(context, data, small_mixed, small_run);
    double *values = malloc(DRAWN * 7 * sizeof *values), own[7], row[7];
    assert_ok(nq_sample(values, context, model, &(nq_sample_options){.rows = DRAWN, .seed = 2}),
              context);
    assert_ok(nq_model_rows_to_dataset(&drawn, context, model, values, DRAWN), context);
    assert_int_equal(scratch_new(&place), 0);
    assert_ok(nq_model_write_rows(scratch_path(&place, "d.csv"), context, model, values, DRAWN),
              context);
    assert_ok(nq_dataset_open(&read, context, place.path), context);
    for (size_t r = 0; r < DRAWN; r++) {
        nq_dataset_row(own, drawn, r);
        nq_dataset_row(row, read, r);
        for (size_t c = 0; c < 7; c++) {
            char a[64], b[64];
            if (!nq_model_column_is_text(model, c) && !isnan(row[c]))
                assert_true(own[c] == row[c]);
            nq_dataset_cell_text(a, sizeof a, drawn, c, values[7 * r + c]);
            nq_dataset_cell_text(b, sizeof b, read, c, row[c]);
            assert_string_equal(a, b);
            assert_string_equal(nq_dataset_column_name(drawn, c),
                                nq_dataset_column_name(read, c));
        }
    }
    nq_dataset_free(read);
    free(values);
    values = NULL;
    assert_int_equal(nq_model_rows_to_dataset(&read, context, model, values, 0),
                     NQ_ERROR_ARGUMENT);
    nq_model_free(model); /* the set needs it no more */
    char text[64];
    nq_dataset_cell_text(text, sizeof text, drawn, 3, 19723);
    assert_string_equal(text, "2024-01-01");
    nq_dataset_free(drawn);
    nq_dataset_free(data);
    scratch_free(&place);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_is_its_file_byte_for_byte),
        cmocka_unit_test(bytes_that_are_cut_off_are_refused_at_every_length),
        cmocka_unit_test(bytes_with_a_changed_bit_are_a_model_or_refused),
        cmocka_unit_test(a_shortened_model_has_no_bytes),
        cmocka_unit_test(a_table_in_memory_gives_the_model_of_its_text),
        cmocka_unit_test(drawn_rows_are_a_data_set_like_the_file_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
