/* test_generate.c - the built-in data sets have the laws that they promise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"

static double *generate(bench *b, const char *name, size_t rows, size_t dim, double noise,
                        uint64_t seed)
{
    const nq_generate_options options = {.rows = rows, .dim = dim, .noise = noise, .seed = seed};
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_generate(&b->data, &b->context, name, &options), NQ_OK);
    const size_t width = nq_dataset_dim(b->data);
    double *values = malloc(rows * width * sizeof *values);
    assert_non_null(values);
    for (size_t r = 0; r < rows; r++)
        nq_dataset_row(values + r * width, b->data, r);
    return values;
}

/* Mean of x_a^i x_b^j over the rows. */
static double moment(const double *values, size_t rows, size_t dim, size_t a, int i, size_t b,
                     int j)
{
    double sum = 0;
    for (size_t r = 0; r < rows; r++)
        sum += pow((double)values[r * dim + a], i) * pow((double)values[r * dim + b], j);
    return sum / (double)rows;
}

static void near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%g is not within %g of %g", found, tolerance, expected);
}

static void the_defaults_are_those_of_the_sets(void **state)
{
    bench *b = *state;
    const char *const *names, *const *help;
    static const struct {
        const char *name;
        size_t dim;
    } sets[] = {{"swissroll", 2},
                {"heartbeat", 20},
                {"gaussian", 2},
                {"mixture", 1},
                {"deadleaves", 1024}};
    nq_dataset_generators(&names, &help);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(names[i], sets[i].name);
        assert_non_null(help[i]);
        nq_dataset_free(b->data);
        assert_int_equal(nq_dataset_generate(&b->data, &b->context, names[i], NULL), NQ_OK);
        assert_int_equal(nq_dataset_rows(b->data), 1000);
        assert_int_equal(nq_dataset_dim(b->data), sets[i].dim);
    }
    assert_null(names[5]);
    assert_null(help[5]);
}

/* The constants are those of the law, so a sample has them up to its standard error. */
static void the_roll_has_mean_0_and_variance_1_at_any_noise(void **state)
{
    enum { ROWS = 200000 };
    const double noises[] = {0, 0.25, 2};
    for (size_t i = 0; i < 3; i++) {
        double *x = generate(*state, "swissroll", ROWS, 0, noises[i], 7);
        for (size_t c = 0; c < 2; c++) {
            near(moment(x, ROWS, 2, c, 1, c, 0), 0, 5 / sqrt(ROWS));
            near(moment(x, ROWS, 2, c, 2, c, 0), 1, 5 * 1.5 / sqrt(ROWS));
        }
        free(x);
    }
}

/* Undone with the moments of a sample, a noiseless roll has radius = angle, from 1.5 to 4.5 pi. */
static void the_noiseless_roll_is_a_spiral(void **state)
{
    enum { ROWS = 2000, NODES = 200000 };
    const double pi = acos(-1);
    double mean[2] = {0}, square[2] = {0};
    for (int i = 0; i < NODES; i++) { /* the midpoint rule */
        const double t = 1.5 * pi * (1 + 2 * (i + 0.5) / NODES);
        const double point[2] = {t * cos(t), t * sin(t)};
        for (int c = 0; c < 2; c++) {
            mean[c] += point[c] / NODES;
            square[c] += point[c] * point[c] / NODES;
        }
    }
    double *x = generate(*state, "swissroll", ROWS, 2, 0, 3);
    for (size_t r = 0; r < ROWS; r++) {
        double raw[2];
        for (int c = 0; c < 2; c++)
            raw[c] = (double)x[2 * r + (size_t)c] * sqrt(square[c] - mean[c] * mean[c]) + mean[c];
        const double radius = hypot(raw[0], raw[1]);
        assert_true(radius > 1.5 * pi - 1e-5 && radius < 4.5 * pi + 1e-5);
        near(cos(radius), raw[0] / radius, 1e-5);
        near(sin(radius), raw[1] / radius, 1e-5);
    }
    free(x);
}

static void a_heartbeat_is_a_pulse_every_five_bits(void **state)
{
    enum { ROWS = 5000, DIM = 23 };
    double *x = generate(*state, "heartbeat", ROWS, DIM, 0, 1);
    int phases[5] = {0};
    for (size_t r = 0; r < ROWS; r++) {
        size_t phase = 0;
        while (phase < 5 && x[r * DIM + phase] != 1)
            phase++;
        assert_true(phase < 5);
        phases[phase]++;
        for (size_t i = 0; i < DIM; i++)
            assert_true(x[r * DIM + i] == (i % 5 == phase));
    }
    for (int p = 0; p < 5; p++)
        near(phases[p], ROWS / 5, 5 * sqrt(ROWS * 0.16));
    free(x);
}

static void heartbeat_noise_flips_that_part_of_the_bits(void **state)
{
    enum { ROWS = 20000, DIM = 20 };
    const double p = 0.1;
    double *x = generate(*state, "heartbeat", ROWS, DIM, p, 1);
    double *clean = generate(*state, "heartbeat", ROWS, DIM, 0, 1);
    int flips[DIM] = {0};
    for (size_t i = 0; i < ROWS * DIM; i++)
        flips[i % DIM] += x[i] != clean[i];
    for (int i = 0; i < DIM; i++)
        near(flips[i], ROWS * p, 5 * sqrt(ROWS * p * (1 - p)));
    assert_true(nq_dataset_is_binary(((bench *)*state)->data));
    free(clean);
    x = (free(x), generate(*state, "heartbeat", 100, DIM, 1, 1));
    for (size_t r = 0; r < 100; r++) {
        double ones = 0;
        for (size_t i = 0; i < DIM; i++)
            ones += (double)x[r * DIM + i];
        assert_true(ones == 16);
    }
    free(x);
}

static void gaussian_columns_are_normal_with_the_correlation(void **state)
{
    enum { ROWS = 100000, DIM = 7 };
    const double rhos[] = {0, 0.9, -0.5}, error = 5 / sqrt(ROWS);
    for (size_t k = 0; k < 3; k++) {
        double *x = generate(*state, "gaussian", ROWS, DIM, rhos[k], 11);
        for (size_t a = 0; a < DIM; a++) {
            near(moment(x, ROWS, DIM, a, 1, a, 0), 0, error);
            near(moment(x, ROWS, DIM, a, 2, a, 0), 1, 1.5 * error);
            near(moment(x, ROWS, DIM, a, 4, a, 0), 3, 10 * error);
            for (size_t c = a + 1; c < DIM; c++)
                near(moment(x, ROWS, DIM, a, 1, c, 1), pow(rhos[k], (double)(c - a)),
                     1.5 * error);
        }
        free(x);
    }
}

static void a_mixture_has_two_humps_in_each_independent_column(void **state)
{
    enum { ROWS = 100000, DIM = 130 };
    const double s = 0.3, error = 5 / sqrt(ROWS);
    double *x = generate(*state, "mixture", ROWS, DIM, 0, 5);
    const size_t columns[] = {0, 1, 31, 32, 127, 128, 129};
    for (size_t i = 0; i < 7; i++) {
        const size_t a = columns[i];
        near(moment(x, ROWS, DIM, a, 1, a, 0), 0, error);
        near(moment(x, ROWS, DIM, a, 2, a, 0), 1, error);
        /* m^4 + 6 m^2 s^2 + 3 s^4 with m^2 = 1 - s^2: 3 - 2 m^4 */
        near(moment(x, ROWS, DIM, a, 4, a, 0), 3 - 2 * pow(1 - s * s, 2), 3 * error);
        for (size_t k = 0; k < i; k++)
            near(moment(x, ROWS, DIM, a, 1, columns[k], 1), 0, error);
    }
    free(x);
    x = generate(*state, "mixture", 100, 1, 1e-300, 5);
    for (size_t r = 0; r < 100; r++)
        assert_true(fabs((double)x[r]) == 1);
    free(x);
}

/* Whatever the number of rows, threads and pieces, and whether in memory or in a file. */
static void a_row_depends_on_seed_and_number_alone(void **state)
{
    enum { ROWS = 100003, FEW = 17 };
    bench *b = *state;
    const char *const *names;
    nq_dataset_generators(&names, NULL);
    for (; *names; names++) {
        if (!strcmp(*names, "deadleaves"))
            continue; /* test_deadleaves.c */
        const size_t dim = strcmp(*names, "swissroll") ? 13 : 2;
        double *many = generate(b, *names, ROWS, dim, 0.2, 42);
        double *few = generate(b, *names, FEW, dim, 0.2, 42);
        double *other = generate(b, *names, FEW, dim, 0.2, 43);
        assert_memory_equal(many, few, FEW * dim * sizeof *few);
        assert_memory_not_equal(other, few, FEW * dim * sizeof *few);
        assert_memory_not_equal(many, many + dim, dim * sizeof *few);
        const nq_generate_options options = {.rows = ROWS, .dim = dim, .noise = 0.2, .seed = 42};
        const char *path = scratch_path(&b->place, "g.npy");
        assert_int_equal(nq_dataset_generate_to(path, &b->context, *names, &options), NQ_OK);
        assert_int_equal(bench_open(b, path), NQ_OK);
        assert_int_equal(nq_dataset_rows(b->data), ROWS);
        assert_int_equal(nq_dataset_dim(b->data), dim);
        double row[13];
        for (size_t r = 0; r < ROWS; r++) {
            nq_dataset_row(row, b->data, r);
            assert_memory_equal(row, many + r * dim, dim * sizeof *row);
        }
        free(many);
        free(few);
        free(other);
    }
}

static void text_files_hold_the_same_numbers(void **state)
{
    bench *b = *state;
    double *values = generate(b, "gaussian", 500, 3, 0.5, 9);
    const nq_generate_options options = {.rows = 500, .dim = 3, .noise = 0.5, .seed = 9};
    const char *path = scratch_path(&b->place, "g.csv.gz");
    assert_int_equal(nq_dataset_generate_to(path, &b->context, "gaussian", &options), NQ_OK);
    assert_int_equal(bench_open(b, path), NQ_OK);
    for (size_t i = 0; i < 1500; i++)
        assert_true(bench_cell(b, i / 3, i % 3) == values[i]);
    free(values);
}

static void refused(bench *b, const char *name, size_t rows, size_t dim, double noise,
                    const char *part)
{
    const nq_generate_options options = {.rows = rows, .dim = dim, .noise = noise, .seed = 1};
    nq_dataset *data;
    assert_int_equal(nq_dataset_generate(&data, &b->context, name, &options), NQ_ERROR_ARGUMENT);
    assert_null(data);
    bench_says(b, part);
    assert_int_equal(nq_dataset_generate_to(scratch_path(&b->place, "no.npy"), &b->context, name,
                                            &options),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(scratch_count(&b->place), 0);
}

static void what_no_set_is_made_of_is_refused(void **state)
{
    bench *b = *state;
    refused(b, "swisroll", 1, 0, 0, "was swissroll meant");
    refused(b, "swisroll", 1, 0, 0, "known: swissroll, heartbeat, gaussian, mixture, deadleaves");
    refused(b, "", 1, 0, 0, "known: ");
    refused(b, "swissroll", 1, 3, 0, "dim must be 2");
    refused(b, "swissroll", 1, 2, -1, "0 or more");
    refused(b, "swissroll", 1, 2, (double)INFINITY, "noise is inf: expected a number");
    refused(b, "heartbeat", 1, 0, 1.5, "from 0 to 1");
    refused(b, "gaussian", 1, 0, 1, "between -1 and 1");
    refused(b, "mixture", 1, 0, -0.1, "from 0 to 1");
    refused(b, "gaussian", SIZE_MAX / 4, 2, 0, "more than memory");
    nq_dataset *data;
    const nq_generate_options sized = {.rows = 1, .side = 8};
    assert_int_equal(nq_dataset_generate(&data, &b->context, "gaussian", &sized),
                     NQ_ERROR_ARGUMENT);
    bench_says(b, "sets of pictures");
    nq_generate_options options = {.rows = 1, .dim = 1, .seed = 1};
    assert_int_equal(nq_dataset_generate_to("x.doc", &b->context, "gaussian", &options),
                     NQ_ERROR_ARGUMENT);
    bench_says(b, "x.doc");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_defaults_are_those_of_the_sets),
        TEST(the_roll_has_mean_0_and_variance_1_at_any_noise),
        TEST(the_noiseless_roll_is_a_spiral),
        TEST(a_heartbeat_is_a_pulse_every_five_bits),
        TEST(heartbeat_noise_flips_that_part_of_the_bits),
        TEST(gaussian_columns_are_normal_with_the_correlation),
        TEST(a_mixture_has_two_humps_in_each_independent_column),
        TEST(a_row_depends_on_seed_and_number_alone),
        TEST(text_files_hold_the_same_numbers),
        TEST(what_no_set_is_made_of_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
