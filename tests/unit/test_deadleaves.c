/* test_deadleaves.c - discs that hide each other: the law, its symmetries, the file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"

static const nq_generate_options usual = {.seed = 3};

/* Rows of pictures of this side, [rows][side][side]. */
static double *leaves(bench *b, size_t rows, size_t side, double least, double most,
                      uint64_t seed)
{
    nq_generate_options options = usual;
    options.rows = rows;
    options.side = side;
    options.radius_least = least;
    options.radius_most = most;
    options.seed = seed;
    nq_dataset_free(b->data);
    if (nq_dataset_generate(&b->data, &b->context, "deadleaves", &options))
        fail_msg("%s", b->context.message);
    bench_shape(b, 1, side, side);
    double *values = malloc(rows * side * side * sizeof *values);
    assert_non_null(values);
    for (size_t r = 0; r < rows; r++)
        nq_dataset_row(values + r * side * side, b->data, r);
    return values;
}

static void grey_levels_are_whole_and_uniform(void **state)
{
    enum { ROWS = 20000, SIDE = 3 };
    double count[256] = {0};
    double *x = leaves(*state, ROWS, SIDE, 0, 0, 1);
    assert_true(nq_dataset_grey_level(((bench *)*state)->data) == 1);
    for (size_t r = 0; r < ROWS; r++) { /* one pixel a picture: pixels of a disc are alike */
        const double level = x[r * SIDE * SIDE + r % (SIDE * SIDE)];
        assert_true(level >= 0 && level <= 255 && level == floor(level));
        count[(size_t)level]++;
    }
    const double mean = ROWS / 256.0;
    double chi_squared = 0;
    for (int i = 0; i < 256; i++)
        chi_squared += (count[i] - mean) * (count[i] - mean) / mean;
    assert_true(fabs(chi_squared - 255) < 5 * sqrt(2 * 255));
    free(x);
}

static void a_picture_depends_on_seed_and_number_alone(void **state)
{
    enum { MANY = 300, FEW = 5, SIDE = 24, DIM = SIDE * SIDE };
    bench *b = *state;
    double *many = leaves(b, MANY, SIDE, 0, 0, 4), *few = leaves(b, FEW, SIDE, 0, 0, 4);
    double *other = leaves(b, FEW, SIDE, 0, 0, 5);
    assert_memory_equal(many, few, FEW * DIM * sizeof *few);
    assert_memory_not_equal(many, other, DIM * sizeof *few);
    assert_memory_not_equal(many, many + DIM, DIM * sizeof *few);
    static const char *const names[] = {"d.npy", "d.npy.gz", "d.csv"};
    nq_generate_options options = usual;
    options.rows = MANY;
    options.side = SIDE;
    options.seed = 4;
    for (int i = 0; i < 3; i++) {
        double row[DIM];
        const char *path = scratch_path(&b->place, names[i]);
        assert_int_equal(nq_dataset_generate_to(path, &b->context, "deadleaves", &options),
                         NQ_OK);
        assert_int_equal(bench_open(b, path), NQ_OK);
        assert_int_equal(nq_dataset_rows(b->data), MANY);
        bench_shape(b, i < 2, i < 2 ? SIDE : 0, i < 2 ? SIDE : 0);
        assert_true(nq_dataset_grey_level(b->data) == (i < 2 ? 1 : 0));
        for (size_t r = 0; r < MANY; r++) {
            nq_dataset_row(row, b->data, r);
            assert_memory_equal(row, many + r * DIM, sizeof row);
        }
    }
    free(many);
    free(few);
    free(other);
}

/* Area of a disc of radius r in the intersection with itself moved by h, as a part of r^2. */
static double overlap(double r, double h)
{
    if (h >= 2 * r)
        return 0;
    const double half = h / (2 * r);
    return 2 * acos(half) - 2 * half * sqrt(1 - half * half);
}

/* Two pixels lie in one disc if the first disc on either covers both: E of the intersection over E
 * of the union, radii of density r^-3. Midpoint rule in log r. */
static double same_disc(double least, double most, double h)
{
    enum { NODES = 20000 };
    const double width = log(most / least) / NODES, pi = acos(-1);
    double both = 0, either = 0;
    for (int i = 0; i < NODES; i++) {
        const double r = least * exp(width * (i + 0.5));
        both += overlap(r, h); /* r^2 r^-3 dr = d log r */
        either += 2 * pi - overlap(r, h);
    }
    return both / either;
}

/* The covariance of two pixels is the variance of a level times the chance of one disc. */
static void pixels_are_alike_as_often_as_the_law_of_radii_says(void **state)
{
    enum { ROWS = 5000, SIDE = 33 };
    static const double radii[][2] = {{1, 200}, {2, 20}, {0.5, 4}};
    static const size_t distances[] = {1, 2, 4, 8, 16, 32};
    for (size_t k = 0; k < 3; k++) {
        double *x = leaves(*state, ROWS, SIDE, radii[k][0], radii[k][1], 7);
        for (size_t i = 0; i < 6; i++) {
            const size_t h = distances[i];
            const double chance = same_disc(radii[k][0], radii[k][1], (double)h);
            const double expected = chance + (1 - chance) / 256;
            /* From a corner along a line, and from the other one upwards: no place is special. */
            double alike[2] = {0};
            for (size_t r = 0; r < ROWS; r++) {
                const double *p = x + r * SIDE * SIDE, *last = p + SIDE * SIDE - 1;
                alike[0] += p[0] == p[h];
                alike[1] += *last == *(last - h * SIDE);
            }
            for (int end = 0; end < 2; end++) {
                const double se = sqrt(expected * (1 - expected) / ROWS);
                if (fabs(alike[end] / ROWS - expected) > 5 * se)
                    fail_msg("radii %g to %g, distance %zu: %g, not %g", radii[k][0], radii[k][1],
                             h, alike[end] / ROWS, expected);
            }
        }
        free(x);
    }
}

static void no_shape_is_larger_than_the_largest_disc(void **state)
{
    enum { ROWS = 50, SIDE = 64 };
    const double most = 5;
    double *x = leaves(*state, ROWS, SIDE, 2, most, 8);
    double longest = 0;
    for (size_t line = 0; line < ROWS * SIDE; line++) {
        const double *p = x + line * SIDE;
        double run = 1;
        for (size_t i = 1; i < SIDE; i++) {
            run = p[i] == p[i - 1] ? run + 1 : 1;
            longest = fmax(longest, run);
        }
    }
    assert_true(longest >= 9);       /* a disc of nearly the largest radius, uncovered */
    assert_true(longest < 4 * most); /* two neighbours are rarely of one level */
    free(x);
}

static void refused(bench *b, nq_generate_options options, const char *says)
{
    nq_dataset *data;
    assert_int_equal(nq_dataset_generate(&data, &b->context, "deadleaves", &options),
                     NQ_ERROR_ARGUMENT);
    assert_null(data);
    bench_says(b, says);
}

static void senseless_leaves_are_refused(void **state)
{
    bench *b = *state;
    const double nan = (double)NAN;
    refused(b, (nq_generate_options){.noise = 0.5}, "no noise");
    refused(b, (nq_generate_options){.dim = 100}, "give the size alone");
    refused(b, (nq_generate_options){.radius_least = 0.01}, "at least 0.1");
    refused(b, (nq_generate_options){.radius_least = -1}, "at least 0.1");
    refused(b, (nq_generate_options){.radius_least = nan}, "at least 0.1");
    refused(b, (nq_generate_options){.radius_least = 5, .radius_most = 5}, "larger");
    refused(b, (nq_generate_options){.radius_most = 1e7}, "at most 1");
    refused(b, (nq_generate_options){.rows = 1, .side = 8193}, "8192 times");
    refused(b, (nq_generate_options){.side = (size_t)1 << 32}, "more than memory");
    nq_generate_options square = usual;
    square.dim = 1024;
    square.rows = 1;
    assert_int_equal(nq_dataset_generate(&b->data, &b->context, "deadleaves", &square), NQ_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(grey_levels_are_whole_and_uniform),
        TEST(a_picture_depends_on_seed_and_number_alone),
        TEST(pixels_are_alike_as_often_as_the_law_of_radii_says),
        TEST(no_shape_is_larger_than_the_largest_disc),
        TEST(senseless_leaves_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
