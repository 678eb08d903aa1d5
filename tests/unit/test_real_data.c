/* test_real_data.c - published files under $NONEQ_DATA; skipped where there are none. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "table/scaling/scaling.h"

/* Opens a file of the collection, or skips the test. */
static nq_status open_real(bench *b, const char *name)
{
    char path[900];
    const char *folder = getenv("NONEQ_DATA");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", name);
    if (access(path, R_OK))
        skip();
    return bench_open(b, path);
}

static double mean_of_all(const nq_dataset *data)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    double *row = malloc(dim * sizeof *row);
    double sum = 0;
    assert_non_null(row);
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(row, data, r);
        for (size_t c = 0; c < dim; c++)
            sum += (double)row[c];
    }
    free(row);
    return sum / (double)rows / (double)dim;
}

static void mnist_is_read(void **state)
{
    bench *b = *state;
    assert_int_equal(open_real(b, "mnist/t10k-images-idx3-ubyte.gz"), NQ_OK);
    assert_int_equal(nq_dataset_rows(b->data), 10000);
    assert_int_equal(nq_dataset_dim(b->data), 784);
    bench_shape(b, 1, 28, 28);
    assert_true(nq_dataset_grey_level(b->data) == 1);
    assert_true(fabs(mean_of_all(b->data) - 33.79) < 0.01);
    assert_false(nq_dataset_is_binary(b->data));
    assert_int_equal(open_real(b, "mnist/t10k-labels-idx1-ubyte.gz"), NQ_OK);
    assert_int_equal(nq_dataset_rows(b->data), 10000);
    assert_int_equal(nq_dataset_dim(b->data), 1);
    assert_true(bench_cell(b, 0, 0) == 7 && bench_cell(b, 1, 0) == 2);
}

static void cifar_is_read_without_its_labels(void **state)
{
    bench *b = *state;
    assert_int_equal(open_real(b, "cifar10/cifar10_first4000.bin.gz"), NQ_OK);
    assert_int_equal(nq_dataset_rows(b->data), 4000);
    bench_shape(b, 3, 32, 32);
    double *row = malloc(3072 * sizeof *row);
    assert_non_null(row);
    nq_dataset_row(row, b->data, 0); /* the label 6, left out, comes before 59 43 50 */
    assert_true(row[0] == 59 && row[1] == 43 && row[2] == 50);
    free(row);
    assert_true(fabs(mean_of_all(b->data) - 120.7) < 2); /* 120.7: all 50,000 */
}

static void a_folder_of_photographs_is_cut_into_crops(void **state)
{
    bench *b = *state;
    nq_dataset *crops;
    const nq_crop_options options = {.height = 32, .width = 32, .stride = 1, .mirror = 1};
    assert_int_equal(open_real(b, "bark"), NQ_OK);
    assert_int_equal(nq_dataset_rows(b->data), 4);
    bench_shape(b, 1, 1024, 1024);
    assert_int_equal(nq_dataset_crops(&crops, &b->context, b->data, &options), NQ_OK);
    assert_int_equal(nq_dataset_rows(crops), 4 * 993 * 993 * 2);
    nq_dataset_free(crops);
}

static void raw_faces_say_how_to_convert_them(void **state)
{
    bench *b = *state;
    assert_int_equal(open_real(b, "faces/freyfaces_1965x28x20_u8.bin.gz"), NQ_ERROR_UNSUPPORTED);
    bench_says(b, "numpy.save");
}

static void tables_are_read(void **state)
{
    bench *b = *state;
    static const struct {
        const char *name;
        size_t rows, dim;
    } files[] = {{"tables/wine.txt", 1599, 12},
                 {"tables/concrete.txt", 1030, 9},
                 {"tables/energy.txt", 768, 9},
                 {"tables/igrm_heart.txt", 1025, 14},
                 {"tables/igrm_abalone.txt", 4177, 9},
                 {"tables/igrm_german.txt", 1000, 21},
                 {"ecg/ECG200_TRAIN.txt", 100, 97},
                 {"ecg/ECG200_TEST.txt", 100, 97},
                 {"ecg/ECG5000_TRAIN.txt", 500, 141},
                 {"binary/nltcs.ts.data.gz", 16181, 16},
                 {"binary/msnbc.valid.data.gz", 38843, 17},
                 {"binary/plants.ts.data.gz", 17412, 69},
                 {"binary/bbc.test.data.gz", 330, 1058}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (open_real(b, files[i].name))
            fail_msg("%s", b->context.message);
        assert_int_equal(nq_dataset_rows(b->data), files[i].rows);
        assert_int_equal(nq_dataset_dim(b->data), files[i].dim);
        assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 0);
        assert_null(nq_dataset_column_name(b->data, 0));
        assert_int_equal(nq_dataset_is_binary(b->data), !strncmp(files[i].name, "binary", 6));
    }
}

static void a_table_with_a_column_of_text_has_its_levels(void **state)
{
    bench *b = *state;
    assert_int_equal(open_real(b, "tables/california.csv.gz"), NQ_OK);
    assert_int_equal(nq_dataset_dim(b->data), 10);
    assert_int_equal(b->data->columns[9].level_count, 5);
    assert_string_equal(b->data->columns[9].levels[0], "NEAR BAY");
    assert_int_equal(nq_dataset_missing(NULL, NULL, b->data), 207);
}

static void hold_out_rows_of_the_binary_sets_fit_the_scaling_of_the_others(void **state)
{
    bench *b = *state;
    nqi_scaling s;
    assert_int_equal(open_real(b, "binary/bbc.ts.data.gz"), NQ_OK);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_NONE), NQ_OK);
    assert_int_equal(open_real(b, "binary/bbc.test.data.gz"), NQ_OK);
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_OK);
    nqi_scaling_free(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mnist_is_read),
        TEST(cifar_is_read_without_its_labels),
        TEST(a_folder_of_photographs_is_cut_into_crops),
        TEST(raw_faces_say_how_to_convert_them),
        TEST(tables_are_read),
        TEST(a_table_with_a_column_of_text_has_its_levels),
        TEST(hold_out_rows_of_the_binary_sets_fit_the_scaling_of_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
