/* test_picture_draws.c - what training draws for each picture: which pixels are known, and which
 * means of squares are told. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "inside.h"
#include "math/by_hand.h"

#include "model/model.h"
#include "train/draw/roles.h"

enum { SIDE = 4, PIXELS = SIDE * SIDE, ROWS = 200, LD_ROLES = 64 };

typedef struct world {
    nq_context *context;
    nq_dataset *data;
} world;

static int world_open(void **state)
{
    static world w;
    static double x[ROWS * PIXELS];
    const nqi_stream law = {41, NQI_DRAW_TEST, 0, 0};
    for (size_t j = 0; j < ROWS * PIXELS; j++)
        x[j] = nqi_stream_normal(&law, j);
    w.context = context_open(2);
    w.data = dataset_of(w.context, x, ROWS, PIXELS);
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    const world *w = *state;
    nq_dataset_free(w->data);
    nq_context_free(w->context);
    return 0;
}

/* The first rows of the data as a batch of theirs, and roles that are drawn. */
static void batch_with_roles(nqi_batch *batch, const world *w, const nq_model *model,
                             nqi_real *roles, nqi_real *told)
{
    const nqi_stream noise = {3, NQI_DRAW_TEST, 0, 0};
    uint64_t rows[LD_ROLES];
    assert_ok(nqi_batch_open(batch, w->context, &model->process, &model->regressor,
                             w->context->ops, LD_ROLES, LD_ROLES, 0),
              w->context);
    batch->observed = nqi_aligned_new(PIXELS * LD_ROLES, sizeof *batch->observed);
    for (size_t j = 0; j < PIXELS * LD_ROLES; j++)
        batch->observed[j] = 1;
    for (size_t r = 0; r < LD_ROLES; r++)
        rows[r] = r;
    nqi_model_gather(model, w->context->ops, w->data, rows, LD_ROLES, batch, &noise);
    nqi_roles_draw(model, batch, roles, told, &noise, 0);
}

static nq_model *small_with(const world *w, const char *dequantize, const char *squares)
{
    const setting settings[] = {{"kernel", "gaussian"},     {"regressor", "image"},
                                {"image", "4x4"},           {"layers", "1"},
                                {"channels", "2"},          {"steps", "4"},
                                {"dequantize", dequantize}, {"roles", "1"},
                                {"squares", squares},       {NULL, NULL}};
    return model_of(w->context, w->data, settings);
}

/* What is known is given as it is recorded, without the noise of its grey level. */
static void known_pixels_have_no_noise(void **state)
{
    const world *w = *state;
    nq_model *model = small_with(w, "0.5", "0");
    nqi_real roles[NQI_ROLES * PIXELS * LD_ROLES];
    nqi_batch batch;
    double row[PIXELS], mean, deviation, moved = 0;
    batch_with_roles(&batch, w, model, roles, NULL);
    nq_model_column_scaling(&mean, &deviation, model, 0);
    for (size_t r = 0; r < LD_ROLES; r++) {
        nq_dataset_row(row, w->data, r);
        for (size_t i = 0; i < PIXELS; i++) {
            const double gap = (double)batch.x_0[i * LD_ROLES + r] - (row[i] - mean) / deviation;
            if (roles[i * LD_ROLES + r] > 0)
                assert_close("a known pixel", gap, 0, 1e-6);
            else
                moved = fmax(moved, fabs(gap));
        }
    }
    assert_true(moved > 0.2 / deviation && moved <= 0.2501 / deviation);
    nqi_batch_free(&batch);
    nq_model_free(model);
}

/* Of three in four of the rows that are not of the joint law: the mean of squares of targets. */
static void squares_of_targets_are_told(void **state)
{
    const world *w = *state;
    nq_model *model = small_with(w, "0", "2");
    nqi_real roles[NQI_ROLES * PIXELS * LD_ROLES], told[NQI_TOLD * PIXELS * LD_ROLES];
    size_t whole = 0, some = 0;
    nqi_batch batch;
    batch_with_roles(&batch, w, model, roles, told);
    assert_ptr_equal(batch.told, told);
    for (size_t r = 0; r < LD_ROLES; r++) {
        size_t count = 0;
        for (size_t i = 0; i < PIXELS; i++) {
            const size_t first = i / SIDE / 2 * 2 * SIDE + i % SIDE / 2 * 2;
            double sum = 0;
            int targets = 1;
            for (size_t k = 0; k < 4; k++) {
                const size_t at = first + k / 2 * SIDE + k % 2;
                sum += (double)batch.x_0[at * LD_ROLES + r] / 4;
                targets &= nqi_batch_is_target(&batch, PIXELS, at, r);
            }
            const int is_told = told[(PIXELS + i) * LD_ROLES + r] > 0;
            assert_true(targets || !is_told);
            assert_close("a mean", (double)told[i * LD_ROLES + r], is_told ? sum : 0, 1e-6);
            count += (size_t)is_told;
        }
        assert_true(!count || !nqi_roles_is_joint(r));
        whole += count == PIXELS;
        some += count > 0 && count < PIXELS;
    }
    assert_in_range(whole, LD_ROLES * 3 / 8 - 12, LD_ROLES * 3 / 8 + 12);
    assert_in_range(some, 2, LD_ROLES * 3 / 16 + 9);
    nqi_batch_free(&batch);
    nq_model_free(model);
}

/* Pixels that are known, absent and targets, of one that has `picture`'s shape. */
static void count_roles(const nq_picture *picture, uint32_t number, size_t counts[3])
{
    enum { LD = 3, MOST = 3 * 100 };
    static nqi_real roles[2][MOST * LD];
    const nqi_stream stream = {9, NQI_DRAW_TEST, 0, number};
    const size_t pixels = picture->height * picture->width;
    assert_true(picture->channels * pixels <= MOST);
    for (size_t j = 0; j < MOST * LD; j++)
        roles[0][j] = roles[1][j] = 7; /* what was there, and what is of others */
    nqi_roles_of_picture(roles[0] + 1, roles[1] + 1, LD, picture, &stream);
    counts[0] = counts[1] = counts[2] = 0;
    for (size_t i = 0; i < picture->channels * pixels; i++) {
        const nqi_real known = roles[0][i * LD + 1], absent = roles[1][i * LD + 1];
        assert_true((known == 0 || known == 1) && (absent == 0 || absent == 1));
        assert_true(known + absent < 2 && roles[0][i * LD] == 7 && roles[1][i * LD + 2] == 7);
        assert_true(known == roles[0][i % pixels * LD + 1]); /* channels agree */
        assert_true(absent == roles[1][i % pixels * LD + 1]);
        counts[known > 0 ? 0 : absent > 0 ? 1 : 2] += i < pixels;
    }
}

static void roles_of_pixels_are_what_people_ask_for(void **state)
{
    (void)state;
    enum { PICTURES = 4000 };
    static const nq_picture shapes[] = {{1, 10, 10}, {3, 5, 8}, {1, 1, 7}, {2, 9, 1}, {1, 1, 1}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        double targets = 0, absent = 0;
        const double pixels = (double)(shapes[s].height * shapes[s].width);
        for (uint32_t n = 0; n < PICTURES; n++) {
            size_t counts[3];
            count_roles(&shapes[s], n, counts);
            assert_true(counts[2] > 0);
            targets += (double)counts[2] / (pixels * PICTURES);
            absent += (counts[1] > 0) / (double)PICTURES;
        }
        if (pixels > 10)
            assert_true(targets > 0.4 && targets < 0.75 && absent > 0.06 && absent < 0.13);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_pixels_have_no_noise),
        cmocka_unit_test(squares_of_targets_are_told),
        cmocka_unit_test(roles_of_pixels_are_what_people_ask_for),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
