/* test_optimiser.c - readouts that are drawn rarely end where updates of each alone end them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/rng.h"
#include "kernels.h"
#include "math/math_test.h"
#include "train/learn/optimiser.h"

enum { DENSE = 37, BANKS = 5, SIZE = 21, COUNT = DENSE + BANKS * SIZE, UPDATES = 400 };

static const nqi_graph graph = {.dense_count = DENSE, .bank_size = SIZE, .banks = BANKS};

/* A part of the parameters that is stepped and averaged by itself, update after update. */
typedef struct eager {
    float w[COUNT], m[COUNT], v[COUNT], average[COUNT];
    uint64_t updates[BANKS];
} eager;

static double keep_at(double keep, int update)
{
    return fmin(keep, (1.0 + update) / (10.0 + update));
}

static nqi_adam adam_at(uint64_t updates, double rate)
{
    const double n = (double)updates;
    return (nqi_adam){rate, 0.9, 0.999, 1e-8, 1 - pow(0.9, n), 1 - pow(0.999, n), 0.01};
}

/* Bank b has a gradient in about one of 4^b updates. */
static int is_drawn(const nqi_stream *stream, int update, int bank)
{
    return nqi_stream_below(stream, (uint64_t)(update * BANKS + bank), (uint64_t)1 << 2 * bank) ==
           0;
}

static void eager_step(eager *e, const float *gradient, const int *drawn, int update, double rate,
                       double keep)
{
    const nqi_ops *ref = nqi_ops_ref();
    const nqi_adam dense = adam_at((uint64_t)update, rate);
    ref->adam(e->w, e->m, e->v, gradient, DENSE, &dense);
    for (int b = 0; b < BANKS; b++) {
        const size_t at = DENSE + (size_t)b * SIZE;
        if (!drawn[b])
            continue;
        const nqi_adam bank = adam_at(++e->updates[b], rate);
        ref->adam(e->w + at, e->m + at, e->v + at, gradient + at, SIZE, &bank);
    }
    for (size_t i = 0; i < COUNT; i++) /* the average of everything, in every update */
        e->average[i] = (float)(keep_at(keep, update) * (double)e->average[i] +
                                (1 - keep_at(keep, update)) * (double)e->w[i]);
}

static void assert_all_close(const char *what, const float *got, const float *expected)
{
    for (size_t i = 0; i < COUNT; i++)
        assert_close(what, (double)got[i], (double)expected[i], 2e-5);
}

static void check_lazy(double keep)
{
    const nqi_stream stream = {7, NQI_DRAW_INIT, 0, 0};
    nqi_optimiser lazy;
    static eager want;
    static float w[COUNT], gradient[COUNT];
    memset(&want, 0, sizeof want);
    nqi_ops_ref()->random.normal(w, &stream, 1 << 20, COUNT);
    memcpy(want.w, w, sizeof w);
    memcpy(want.average, w, sizeof w);
    assert_int_equal(nqi_optimiser_new(&lazy, NULL, NQI_ADAM, &graph, best_kernels(), w, 0.01,
                                       keep),
                     NQ_OK);
    for (int update = 1; update <= UPDATES; update++) {
        int drawn[BANKS];
        const nqi_stream noise = {8, NQI_DRAW_INIT, (uint32_t)update, 0};
        nqi_ops_ref()->random.normal(gradient, &noise, 0, COUNT);
        nqi_optimiser_begin(&lazy);
        nqi_optimiser_dense(&lazy, w, gradient, 0, DENSE, 0.01);
        for (int b = 0; b < BANKS; b++)
            if ((drawn[b] = is_drawn(&stream, update, b)))
                nqi_optimiser_bank(&lazy, w, gradient + DENSE + b * SIZE, (size_t)b, 0.01);
        eager_step(&want, gradient, drawn, update, 0.01, keep);
        if (update % 90 == 0)
            nqi_optimiser_settle(&lazy, w);
    }
    nqi_optimiser_settle(&lazy, w);
    assert_all_close("w", w, want.w);
    assert_all_close("m", lazy.first, want.m);
    assert_all_close("v", lazy.second, want.v);
    assert_all_close("average", lazy.average, want.average);
    for (int b = 0; b < BANKS; b++)
        assert_int_equal(lazy.bank_updates[b], want.updates[b]);
    nqi_optimiser_free(&lazy);
}

static void a_readout_that_rests_is_as_if_each_update_had_looked_at_it(void **state)
{
    (void)state;
    check_lazy(0.5);   /* never young for long */
    check_lazy(0.95);  /* young for 170 of the updates */
    check_lazy(0.999); /* young all the time */
}

static void a_copied_readout_goes_on_as_the_first_would(void **state)
{
    (void)state;
    nqi_optimiser o;
    float w[COUNT], gradient[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        w[i] = (float)i / COUNT;
        gradient[i] = 1 - w[i];
    }
    assert_int_equal(nqi_optimiser_new(&o, NULL, NQI_ADAM, &graph, best_kernels(), w, 0, 0.9),
                     NQ_OK);
    for (int update = 1; update <= 30; update++) {
        nqi_optimiser_begin(&o);
        if (update == 3)
            nqi_optimiser_bank(&o, w, gradient + DENSE, 1, 0.1);
        if (update == 12)
            nqi_optimiser_copy_bank(&o, w, 1, 4);
        for (size_t b = 1; update == 20 && b < BANKS; b += 3)
            nqi_optimiser_bank(&o, w, gradient, b, 0.1);
    }
    nqi_optimiser_settle(&o, w);
    const size_t from = DENSE + SIZE, to = DENSE + 4 * SIZE, bytes = SIZE * sizeof *w;
    assert_memory_equal(w + to, w + from, bytes);
    assert_memory_equal(o.first + to, o.first + from, bytes);
    assert_memory_equal(o.second + to, o.second + from, bytes);
    assert_memory_equal(o.average + to, o.average + from, bytes);
    assert_int_equal(o.bank_updates[4], 2);
    nqi_optimiser_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_readout_that_rests_is_as_if_each_update_had_looked_at_it),
        cmocka_unit_test(a_copied_readout_goes_on_as_the_first_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
