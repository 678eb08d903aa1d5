/* test_arrow_stream.c - data sets from and to Arrow streams: chunks are joined, failures told, and
 * everything is released once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <noneq/arrow.h>
#include <noneq/monitor.h>

#include "arrow_batch.h"
#include "arrow_cells.h"
#include "table/dataset.h"
#include "table/digest.h"

enum { ROWS = 12, CHUNKS = 4, NEVER = 100 };

/* A stream of batches, which fails when it is asked for number fail_at, from 0; -1: the schema. */
typedef struct feed {
    struct ArrowArrayStream stream;
    batch *chunks;
    int count, next, fail_at, code;
    const char *error;
    int released, schemas, schemas_released;
} feed;

static void feed_schema_release(struct ArrowSchema *schema)
{
    ++*(int *)schema->private_data;
    schema->release = NULL;
}

static int feed_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    feed *f = stream->private_data;
    if (f->fail_at == -1)
        return f->code;
    *out = f->chunks[0].schema;
    out->release = feed_schema_release;
    out->private_data = &f->schemas_released;
    f->schemas++;
    return 0;
}

static int feed_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    feed *f = stream->private_data;
    if (f->next == f->fail_at)
        return f->code;
    if (f->next == f->count) {
        out->release = NULL;
        return 0;
    }
    *out = f->chunks[f->next].array;
    f->chunks[f->next++].array.release = NULL;
    return 0;
}

static const char *feed_error(struct ArrowArrayStream *stream)
{
    return ((feed *)stream->private_data)->error;
}

static void feed_release(struct ArrowArrayStream *stream)
{
    ((feed *)stream->private_data)->released++;
    stream->release = NULL;
}

static void feed_new(feed *f, batch *chunks, int count)
{
    *f = (feed){.chunks = chunks, .count = count, .fail_at = NEVER, .code = EIO};
    f->stream = (struct ArrowArrayStream){.get_schema = feed_schema,
                                          .get_next = feed_next,
                                          .get_last_error = feed_error,
                                          .release = feed_release,
                                          .private_data = f};
}

/* The stream is used up, and of its chunks all that were given but `kept` are released, once. */
static void feed_is_over(const feed *f, int kept)
{
    assert_null(f->stream.release);
    assert_int_equal(f->released, 1);
    assert_int_equal(f->schemas_released, f->schemas);
    int released = 0;
    for (int i = 0; i < f->count; i++) {
        assert_in_range(f->chunks[i].released, 0, 1);
        released += f->chunks[i].released;
    }
    assert_int_equal(released, f->next - kept);
}

static void takes(bench *b, feed *f)
{
    nq_dataset_free(b->data);
    if (nq_dataset_from_arrow_stream(&b->data, &b->context, &f->stream))
        fail_msg("%s", b->context.message);
}

static void refuses(bench *b, feed *f, nq_status status, const char *part)
{
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_arrow_stream(&b->data, &b->context, &f->stream), status);
    bench_says(b, part);
    assert_null(b->data);
    feed_is_over(f, 0);
}

/* Columns of all kinds, of which a batch shows rows first .. first + rows - 1. */
static void table_part(batch *b, int64_t first, int64_t rows)
{
    static const uint8_t valid[] = {0xad, 0xb6}, bits[] = {0x5a, 0x0f};
    static const int8_t small[ROWS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12};
    static const int16_t codes[ROWS] = {0, 2, 1, 0, 1, 2, 2, 1, 0, 0, 1, 2};
    static const int64_t wide[ROWS] = {-1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const uint16_t half[ROWS] = {0x3c00, 0x3800, 0x3c00};
    static const float narrow[ROWS] = {0.5F, 1.5F, 2.5F, -3.5F};
    static const double real[ROWS] = {0.1, 0.2, 0.3, (double)NAN, 0.5};
    static const int32_t days[ROWS] = {19782, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    static const int64_t nanos[ROWS] = {1709209800123456000, 1000, 2000};
    static const int64_t decimals[2 * ROWS] = {125, 0, -250, -1};
    static const int32_t ends[ROWS + 1] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const int32_t of_dictionary[] = {0, 1, 3, 6};
    batch_new(b, rows);
    b->array.offset = first;
    batch_add(b, "small", "c", valid, small, NULL, 0);
    batch_add(b, "wide", "l", NULL, wide, NULL, 0);
    batch_add(b, "half", "e", NULL, half, NULL, 0);
    batch_add(b, "narrow", "f", valid, narrow, NULL, 0);
    batch_add(b, "real", "g", NULL, real, NULL, 0);
    batch_add(b, "bits", "b", valid, bits, NULL, 0);
    batch_add(b, "days", "tdD", NULL, days, NULL, 0);
    batch_add(b, "nanos", "tsn:Asia/Tokyo", valid, nanos, NULL, 0);
    batch_add(b, "decimals", "d:9,2", valid, decimals, NULL, 0);
    batch_add(b, "nulls", "n", NULL, NULL, NULL, 0);
    batch_add(b, "text", "u", valid, ends, "abcabcddabce", 0);
    batch_add_dictionary(b, "code", "s", valid, codes, 0, of_dictionary, "abbccc", 3);
}

enum { COLUMNS = 12 };

static void texts_of(char out[ROWS][COLUMNS][NQ_TEXT_SIZE], const nq_dataset *data)
{
    double row[COLUMNS];
    assert_int_equal(nq_dataset_rows(data), ROWS);
    assert_int_equal(nq_dataset_dim(data), COLUMNS);
    for (size_t r = 0; r < ROWS; r++) {
        nq_dataset_row(row, data, r);
        for (size_t c = 0; c < COLUMNS; c++)
            nq_dataset_cell_text(out[r][c], NQ_TEXT_SIZE, data, c, row[c]);
    }
}

static void chunks_are_the_set_that_one_chunk_is(void **state)
{
    bench *b = *state;
    static const int64_t first[CHUNKS] = {0, 5, 5, 6}, rows[CHUNKS] = {5, 0, 1, 6};
    static char one[ROWS][COLUMNS][NQ_TEXT_SIZE], many[ROWS][COLUMNS][NQ_TEXT_SIZE];
    batch whole, chunks[CHUNKS];
    feed f;
    table_part(&whole, 0, ROWS);
    feed_new(&f, &whole, 1);
    takes(b, &f);
    feed_is_over(&f, 1); /* the set has it */
    texts_of(one, b->data);
    assert_string_equal(one[0][7], "2024-02-29T12:30:00.123456Z");
    assert_string_equal(one[0][8], "1.25");
    assert_string_equal(one[2][11], "bb");
    const uint64_t digest = nqi_digest_values(b->data);
    nq_dataset_free(b->data);
    b->data = NULL;
    assert_int_equal(whole.released, 1);

    for (size_t i = 0; i < CHUNKS; i++)
        table_part(&chunks[i], first[i], rows[i]);
    feed_new(&f, chunks, CHUNKS);
    takes(b, &f);
    feed_is_over(&f, 0); /* nothing is borrowed */
    texts_of(many, b->data);
    assert_memory_equal(many, one, sizeof one);
    assert_int_equal(nqi_digest_values(b->data), digest);
}

static void one_chunk_is_taken_where_it_lies(void **state)
{
    bench *b = *state;
    double x[] = {1, 2, 3};
    batch chunks[2];
    feed f;
    batch_new(&chunks[0], 0);
    batch_add(&chunks[0], "x", "g", NULL, x, NULL, 0);
    batch_new(&chunks[1], 3);
    batch_add(&chunks[1], "x", "g", NULL, x, NULL, 0);
    feed_new(&f, chunks, 2);
    takes(b, &f);
    feed_is_over(&f, 1);
    x[1] = 77;
    assert_true(bench_cell(b, 1, 0) == 77);
    nq_dataset_free(b->data);
    b->data = NULL;
    assert_int_equal(chunks[0].released + chunks[1].released, 2);
}

static void dictionaries_that_differ_are_merged_by_text(void **state)
{
    bench *b = *state;
    static const int32_t ends[] = {0, 1, 2, 3};
    static const uint8_t codes[] = {0, 1, 2}, but_the_second[] = {5};
    static const char *const expected[] = {"a", "b", "c", "c", "", "a", "d", "", "a"};
    batch chunks[3];
    feed f;
    for (size_t i = 0; i < 3; i++)
        batch_new(&chunks[i], 3);
    batch_add_dictionary(&chunks[0], "x", "C", NULL, codes, 0, ends, "abc", 3);
    batch_add_dictionary(&chunks[1], "x", "C", but_the_second, codes, 0, ends, "cba", 3);
    batch_add_dictionary(&chunks[2], "x", "C", NULL, codes, 0, ends, "d?a", 3);
    chunks[2].of_dictionary[0] =
        but_the_second; /* a null in the dictionary is one in the column */
    chunks[2].dictionary.null_count = 1;
    feed_new(&f, chunks, 3);
    takes(b, &f);
    feed_is_over(&f, 0);
    text_is(b, 0, expected);
    const nqi_column *column = &b->data->columns[0];
    assert_int_equal(column->numbers.element, NQI_U8);
    assert_int_equal(column->level_count, 4);
}

static void more_texts_than_indices_can_number_get_wider_ones(void **state)
{
    bench *b = *state;
    enum { EACH = 90 };
    static int32_t ends[EACH + 1];
    static int8_t codes[EACH];
    static char texts[2][3 * EACH + 1];
    char names[2 * EACH][4];
    const char *expected[2 * EACH];
    batch chunks[2];
    feed f;
    for (int i = 0; i < EACH; i++) {
        codes[i] = (int8_t)i;
        ends[i + 1] = 3 * (i + 1);
        for (int k = 0; k < 2; k++)
            snprintf(texts[k] + 3 * (size_t)i, 4, "%c%02d", 'a' + k, i);
    }
    for (int k = 0; k < 2; k++) {
        batch_new(&chunks[k], EACH);
        batch_add_dictionary(&chunks[k], "x", "c", NULL, codes, 0, ends, texts[k], EACH);
    }
    feed_new(&f, chunks, 2);
    takes(b, &f);
    assert_int_equal(b->data->columns[0].numbers.element, NQI_I32);
    for (int r = 0; r < 2 * EACH; r++) {
        snprintf(names[r], sizeof names[r], "%c%02d", r < EACH ? 'a' : 'b', r % EACH);
        expected[r] = names[r];
    }
    text_is(b, 0, expected);
}

static void failures_of_the_producer_are_told(void **state)
{
    bench *b = *state;
    static const double x[] = {1, 2, 3};
    batch chunks[3];
    feed f;
#define AGAIN                                                                                    \
    for (size_t i = 0; i < 3; i++) {                                                             \
        batch_new(&chunks[i], 3);                                                                \
        batch_add(&chunks[i], "x", "g", NULL, x, NULL, 0);                                       \
    }                                                                                            \
    feed_new(&f, chunks, 3)
    AGAIN;
    f.fail_at = 2;
    f.error = "the disk is gone\n  in line 7 of a trace";
    refuses(b, &f, NQ_ERROR_FILE,
            "an Arrow stream: its producer failed to give its chunk 3: the disk is gone (error");
    AGAIN;
    f.fail_at = 0;
    f.code = ENOMEM;
    refuses(b, &f, NQ_ERROR_MEMORY, "its chunk 1: it does not say why");
    AGAIN;
    f.fail_at = -1;
    f.error = "no such query";
    refuses(b, &f, NQ_ERROR_FILE, "failed to give its schema: no such query");
    AGAIN;
    f.count = 0;
    refuses(b, &f, NQ_ERROR_ARGUMENT, "an Arrow stream: expected one row at least");
    AGAIN;
    for (size_t i = 0; i < 3; i++)
        chunks[i].array.length = 0;
    refuses(b, &f, NQ_ERROR_ARGUMENT, "an Arrow stream: expected one row at least");
    AGAIN;
    chunks[0].schema.format = "g";
    refuses(b, &f, NQ_ERROR_ARGUMENT, "an Arrow stream of format \"g\": expected a struct");
    AGAIN;
    chunks[2].array.n_children = 0;
    refuses(b, &f, NQ_ERROR_ARGUMENT, "expected as many columns as its schema has");
    AGAIN;
    f.stream.release = NULL;
    assert_int_equal(nq_dataset_from_arrow_stream(&b->data, &b->context, &f.stream),
                     NQ_ERROR_ARGUMENT);
    bench_says(b, "an Arrow stream: it was released or moved already");
    assert_true(!b->data && !f.schemas && !f.next && !f.released);
#undef AGAIN
}

static void rows_are_counted_through_all_chunks(void **state)
{
    bench *b = *state;
    static const int64_t nanos[] = {0, 1000, 2000, 1};
    static const int8_t codes[] = {0, 0, 0, 7};
    static const int32_t ends[] = {0, 1};
    static const uint8_t all_but_last[] = {7};
    batch chunks[2];
    feed f;
#define AGAIN(rows)                                                                              \
    batch_new(&chunks[0], 3);                                                                    \
    batch_new(&chunks[1], rows);                                                                 \
    feed_new(&f, chunks, 2)
    AGAIN(4);
    for (size_t i = 0; i < 2; i++)
        batch_add(&chunks[i], "t", "tsn:", NULL, nanos, NULL, 0);
    refuses(b, &f, NQ_ERROR_UNSUPPORTED, "row 7 is a time of 1 ns: expected whole micro");
    AGAIN(4);
    for (size_t i = 0; i < 2; i++)
        batch_add_dictionary(&chunks[i], "d", "c", NULL, codes, 0, ends, "a", 1);
    refuses(b, &f, NQ_ERROR_FORMAT, "row 7 has index 7: expected the number of one of 1 values");
    AGAIN(4);
    for (size_t i = 0; i < 2; i++)
        batch_add(&chunks[i], "t", "l", NULL, nanos, NULL, 0);
    chunks[1].none[0] = all_but_last;
    chunks[1].array.null_count = 1;
    refuses(b, &f, NQ_ERROR_UNSUPPORTED, "row 7 of an Arrow stream is null as a whole");
#undef AGAIN
}

static int stops(void *user, const nq_progress *progress)
{
    (void)progress;
    ++*(int *)user;
    return NQ_STOP;
}

static void reading_can_be_stopped(void **state)
{
    bench *b = *state;
    static const double x[] = {1, 2, 3};
    int asked = 0;
    const nq_monitor monitor = {.progress = stops, .user = &asked};
    batch chunk;
    feed f;
    batch_new(&chunk, 3);
    batch_add(&chunk, "x", "g", NULL, x, NULL, 0);
    feed_new(&f, &chunk, 1);
    assert_int_equal(nq_context_watch(&b->context, &monitor), NQ_OK);
    refuses(b, &f, NQ_ERROR_STOPPED, "stopped by the monitor while reading chunks");
    assert_int_equal(asked, 1);
}

static void a_set_leaves_as_a_stream_of_one_chunk(void **state)
{
    bench *b = *state;
    struct ArrowArrayStream out;
    struct ArrowSchema schema[2];
    struct ArrowArray chunk, end;
    batch whole;
    feed f;
    table_part(&whole, 0, ROWS);
    feed_new(&f, &whole, 1);
    takes(b, &f);
    assert_int_equal(nq_dataset_to_arrow_stream(&out, &b->context, b->data, NULL, NULL), NQ_OK);
    nq_dataset_free(b->data); /* it is needed no more */
    b->data = NULL;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(out.get_schema(&out, &schema[i]), 0);
        assert_string_equal(schema[i].format, "+s");
        assert_int_equal(schema[i].n_children, COLUMNS);
        assert_string_equal(schema[i].children[11]->name, "code");
        assert_string_equal(schema[i].children[11]->dictionary->format, "u");
        assert_int_equal(schema[i].children[11]->flags, ARROW_FLAG_NULLABLE);
    }
    assert_int_equal(out.get_next(&out, &chunk), 0);
    assert_int_equal(out.get_next(&out, &end), 0);
    assert_null(end.release);
    assert_null(out.get_last_error(&out));
    out.release(&out);
    assert_null(out.release);
    assert_int_equal(chunk.length, ROWS);
    assert_memory_equal(chunk.children[11]->dictionary->buffers[2], "abbccc", 6);
    chunk.release(&chunk);
    schema[0].release(&schema[0]);
    schema[1].release(&schema[1]);
}

static void there_and_back_through_streams_is_the_same(void **state)
{
    bench *b = *state;
    static char before[ROWS][COLUMNS][NQ_TEXT_SIZE], after[ROWS][COLUMNS][NQ_TEXT_SIZE];
    struct ArrowArrayStream out;
    batch whole;
    feed f;
    table_part(&whole, 0, ROWS);
    feed_new(&f, &whole, 1);
    takes(b, &f);
    texts_of(before, b->data);
    for (int i = 0; i < 2; i++) { /* the second is released before it was read */
        assert_int_equal(nq_dataset_to_arrow_stream(&out, &b->context, b->data, NULL, NULL),
                         NQ_OK);
        if (i)
            break;
        nq_dataset_free(b->data);
        assert_int_equal(nq_dataset_from_arrow_stream(&b->data, &b->context, &out), NQ_OK);
        assert_null(out.release);
    }
    out.release(&out);
    texts_of(after, b->data);
    assert_memory_equal(after, before, sizeof before);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(chunks_are_the_set_that_one_chunk_is),
        TEST(one_chunk_is_taken_where_it_lies),
        TEST(dictionaries_that_differ_are_merged_by_text),
        TEST(more_texts_than_indices_can_number_get_wider_ones),
        TEST(failures_of_the_producer_are_told),
        TEST(rows_are_counted_through_all_chunks),
        TEST(reading_can_be_stopped),
        TEST(a_set_leaves_as_a_stream_of_one_chunk),
        TEST(there_and_back_through_streams_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
