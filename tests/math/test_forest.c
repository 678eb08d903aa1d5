/* test_forest.c - forests as regressors: what they say, learn, keep in files and refuse. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "stumps.h"

#include <dlfcn.h>

#include "diffusion/predictor.h"
#include "math/fitted_test.h"
#include "math/kinds_table.h"
#include "model/model.h"
#include "regressor/forest/forest.h"

enum { BITS = 3, STATES = 1 << BITS, STEPS = 12 };

static nq_dataset *mixed_rows(nq_context *context)
{
    char *text = table_text(400, 1);
    nq_dataset *data = table_of(context, text);
    free(text);
    return data;
}

static nq_model *made_model(nq_context *context, const nq_dataset *data, const char *regressor,
                            const char *kernel)
{
    nq_model *model;
    const setting settings[] = {{"regressor", regressor},
                                {"kernel", kernel},
                                {"learn_last", "1"},
                                {"steps", "12"},
                                {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    assert_ok(nq_model_new(&model, context, data, &options), context);
    return model;
}

static double bound_of(nq_context *context, const nq_model *model, const nq_dataset *data)
{
    nq_bound bound;
    const nq_bound_options terms = {.terms = 40};
    assert_ok(nq_bound_estimate(&bound, context, model, data, &terms), context);
    const double k = bound.bound;
    nq_bound_free(&bound);
    return k;
}

/* An untrained network has outputs of zero. */
static void a_forest_that_says_nothing_is_the_independent_posterior(void **state)
{
    nq_context *context = context_open(2);
    (void)state;
    nq_context_use_booster(context, &silence);
    for (int k = 0; k < 2; k++) {
        nq_dataset *data = k ? mixed_rows(context) : chain_of_bits(context, 300, BITS, 1);
        nq_model *forest = made_model(context, data, "forest", k ? "mixed" : "binomial");
        nq_model *network =
            made_model(context, data, k ? "table" : "mlp", k ? "mixed" : "binomial");
        assert_close("K", bound_of(context, forest, data), bound_of(context, network, data),
                     k ? 1e-5 : 0);
        nq_model_free(network);
        nq_model_free(forest);
        nq_dataset_free(data);
    }
    nq_context_free(context);
}

/* P(x_0) of all states, by the reverse steps of all states. */
static void enumerate(double *law, nq_context *context, const nq_model *model)
{
    nqi_predictor predictor;
    nqi_real mean[BITS * NQI_LANES], variance[BITS * NQI_LANES];
    assert_ok(nqi_predictor_new(&predictor, context, &model->process, &model->regressor,
                                NQI_LANES, 0),
              context);
    nqi_batch *batch = &predictor.batch;
    batch->tape.rows = batch->tape.group_rows = NQI_LANES;
    for (size_t s = 0; s < STATES; s++) {
        law[s] = 1;
        for (size_t i = 0; i < BITS; i++) {
            const double one = model->process.blocks[0].equilibrium[i];
            law[s] *= s >> i & 1 ? one : 1 - one;
        }
    }
    for (uint32_t t = STEPS; t > 0; t--) {
        double before[STATES] = {0};
        batch->tape.time[0] = t;
        for (size_t j = 0; j < BITS * NQI_LANES; j++)
            nqi_batch_x_t(batch)[j] = (nqi_real)(j % NQI_LANES >> j / NQI_LANES & 1);
        nqi_predictor_forward(&predictor);
        nqi_batch_moments(&model->process, batch, 0, mean, variance);
        for (size_t s = 0; s < STATES * STATES; s++) {
            double p = law[s / STATES];
            for (size_t i = 0; i < BITS; i++) {
                const double one = (double)mean[i * NQI_LANES + s / STATES];
                p *= s >> i & 1 ? one : 1 - one;
            }
            before[s % STATES] += p;
        }
        memcpy(law, before, sizeof before);
    }
    nqi_predictor_free(&predictor);
}

static double exact_of(nq_context *context, const nq_model *model, const nq_dataset *data)
{
    double law[STATES], row[BITS], sum = 0;
    enumerate(law, context, model);
    for (size_t r = 0; r < nq_dataset_rows(data); r++) {
        size_t s = 0;
        nq_dataset_row(row, data, r);
        for (size_t i = 0; i < BITS; i++)
            s |= (size_t)(row[i] > 0) << i;
        sum += log(law[s]);
    }
    return sum / (double)nq_dataset_rows(data);
}

static void bound_and_trajectories_stay_below_what_is_exact(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, 300, BITS, 1),
               *test = chain_of_bits(context, 2000, BITS, 2);
    nq_ais ais;
    const nq_ais_options paths = {.samples = 64};
    (void)state;
    nq_context_use_booster(context, &stumps);
    nq_model *model = made_model(context, data, "forest", "binomial");
    const double exact = exact_of(context, model, test), k = bound_of(context, model, test);
    assert_ok(nq_ais_estimate(&ais, context, model, test, &paths), context);
    assert_true(k < ais.likelihood + 0.02);
    assert_close("AIS", ais.likelihood, exact, 4 * ais.se + 1e-3);
    assert_true(exact > -2.0 && k > -2.0); /* independent bits have -2.08, the chain -1.69 */
    nq_ais_free(&ais);
    nq_model_free(model);
    nq_dataset_free(test);
    nq_dataset_free(data);
    nq_context_free(context);
}

static void threads_change_no_byte(void **state)
{
    void *bytes[2];
    size_t size[2];
    (void)state;
    for (int k = 0; k < 2; k++) {
        nq_context *context = context_open(1 + 2 * k);
        nq_dataset *data = mixed_rows(context);
        nq_context_use_booster(context, &stumps);
        nq_model *model = made_model(context, data, "forest", "mixed");
        assert_ok(nq_model_to_bytes(&bytes[k], &size[k], context, model), context);
        nq_model_free(model);
        nq_dataset_free(data);
        nq_context_free(context);
    }
    assert_int_equal(size[0], size[1]);
    assert_memory_equal(bytes[0], bytes[1], size[0]);
    nq_bytes_free(bytes[0]);
    nq_bytes_free(bytes[1]);
}

/* A context that grows no trees reads and uses forests. */
static void files_keep_forests(void **state)
{
    nq_context *context = context_open(2);
    (void)state;
    for (int k = 0; k < 2; k++) {
        nq_dataset *data = k ? mixed_rows(context) : chain_of_bits(context, 300, BITS, 1);
        nq_context_use_booster(context, &stumps);
        nq_model *model = made_model(context, data, "forest", k ? "mixed" : "binomial");
        nq_context_use_booster(context, NULL);
        check_bytes(context, model);
        nq_dataset_free(data);
    }
    nq_context_free(context);
}

static void who_grows_none_is_told_what_helps(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, 300, BITS, 1);
    nq_model *model;
    const setting settings[] = {{"regressor", "forest"}, {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    (void)state;
    assert_int_equal(nq_model_new(&model, context, data, &options), NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "nq_context_use_booster"));
    nq_context_use_booster(context, &winter);
    assert_int_equal(nq_model_new(&model, context, data, &options), NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "it is winter"));
    nq_dataset_free(data);
    nq_context_free(context);
}

/* No number of a damaged file may lead out of the forest. */
static void damaged_forests_are_refused_or_hold(void **state)
{
    static const nqi_real wrong[] = {-1, 0, 0.5, 2, 1e9F, 65535, (nqi_real)NAN};
    static const nqi_variate cell[] = {{2, 0}, {3, 1}, {0, 4}};
    /* features, trees of 1 + 3 + 2 outputs, their nodes, and those: a question and its leaves */
    static const nqi_real whole[] = {8, 1,  0, 1,  0, 0, 1, 3, 3, 1, 2, 0.5, 1, 0, 0.1F, 0,
                                     0, -1, 0, -8, 1, 1, 0, 2, 0, 0, 3, 0,   0, 4, 0};
    enum { COUNT = sizeof whole / sizeof *whole };
    nqi_real packed[COUNT], sum[NQI_LANES] = {0}, seen[8 * NQI_LANES] = {0};
    const nqi_forest_rows rows = {(const float *)seen, NQI_LANES, NQI_LANES, 1};
    size_t refused = 0;
    nqi_forest forest;
    nq_context *context = context_open(1);
    (void)state;
    assert_ok(nqi_forest_unpack(&forest, context, whole, COUNT, cell, 3), context);
    assert_int_equal(forest.trees, 3);
    nqi_forest_free(&forest);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            memcpy(packed, whole, sizeof packed);
            packed[i] = wrong[k];
            const nq_status status = nqi_forest_unpack(&forest, context, packed, COUNT, cell, 3);
            assert_true(status == NQ_OK || status == NQ_ERROR_FORMAT);
            for (size_t t = 0; !status && t < forest.trees; t++)
                nqi_forest_add(sum, forest.node + forest.tree[t].first, forest.tree[t].depth,
                               &rows);
            refused += status != NQ_OK;
            nqi_forest_free(&forest);
        }
    assert_true(refused > 2 * COUNT);
    for (size_t less = 0; less < COUNT; less++) {
        assert_int_equal(nqi_forest_unpack(&forest, context, whole, less, cell, 3),
                         NQ_ERROR_FORMAT);
        nqi_forest_free(&forest);
    }
    nq_context_free(context);
}

/* XGBoost's leaves are Newton steps for the rows that reach them by our own way down. */
static void trees_of_xgboost_lead_rows_where_it_led_them(void **state)
{
    enum { ROWS = 1000, FEATURES = 3, DEPTH = 4, NODES = (2 << DEPTH) - 1 };
    static float values[ROWS * FEATURES], gradient[ROWS], curvature[ROWS];
    static nqi_real leaf[ROWS];
    const nqi_stream stream = {3, NQI_DRAW_TEST, 0, 0};
    const nq_growth growth = {DEPTH, 2, 1};
    const nqi_forest_rows rows = {values, ROWS, 1, FEATURES};
    nq_tree_node nodes[2][NODES];
    nqi_forest_node taken[NODES];
    char path[4096], reason[200] = "";
    const nq_booster *(*find)(void) = NULL;
    void *matrix;
    size_t count[2];
    uint32_t depth;
    (void)state;
    snprintf(path, sizeof path, "%s/libnoneq_xgboost.so",
             getenv("BUILD") ? getenv("BUILD") : ".");
    void *library = dlopen(path, RTLD_NOW),
         *found = library ? dlsym(library, "nq_xgboost") : NULL;
    if (!found)
        skip();
    memcpy(&find, &found, sizeof find);
    const nq_booster *booster = find();
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t f = 0; f < FEATURES; f++) {
            const double u = nqi_stream_uniform(&stream, FEATURES * r + f);
            values[r * FEATURES + f] = f == 1 && u < 0.3 ? NAN
                                       : f == 2          ? (float)(u < 0.5)
                                                         : (float)u;
        }
        gradient[r] = (float)nqi_stream_normal(&stream, FEATURES * ROWS + r) +
                      (values[r * FEATURES] < 0.3F) - (values[r * FEATURES + 1] > 0.6F);
        curvature[r] = (float)nqi_stream_uniform(&stream, 8 * ROWS + r);
    }
    assert_int_equal(booster->prepare(booster->state, reason, sizeof reason), NQ_OK);
    if (booster->open(booster->state, &matrix, values, ROWS, FEATURES, reason, sizeof reason))
        fail_msg("%s", reason);
    for (int k = 0; k < 2; k++)
        if (booster->grow(matrix, &growth, gradient, curvature, nodes[k], &count[k], reason,
                          sizeof reason))
            fail_msg("%s", reason);
    booster->close(matrix);
    assert_int_equal(count[0], count[1]);
    assert_memory_equal(nodes[0], nodes[1], count[0] * sizeof nodes[0][0]);
    assert_true(count[0] > 6);
    assert_true(nqi_forest_node_take(taken, &depth, nodes[0], count[0], FEATURES, 1));
    assert_true(depth <= DEPTH);
    nqi_forest_add(leaf, taken, depth, &rows);
    for (size_t r = 0; r < ROWS; r++) {
        double g = 0, h = (double)growth.smoothing;
        for (size_t j = 0; j < ROWS; j++) {
            const int same = !(leaf[j] < leaf[r] || leaf[j] > leaf[r]);
            g += same ? (double)gradient[j] : 0;
            h += same ? (double)curvature[j] : 0;
        }
        assert_close("a leaf", (double)leaf[r], -g / h, 1e-5);
    }
    dlclose(library);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forest_that_says_nothing_is_the_independent_posterior),
        cmocka_unit_test(bound_and_trajectories_stay_below_what_is_exact),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(files_keep_forests),
        cmocka_unit_test(who_grows_none_is_told_what_helps),
        cmocka_unit_test(damaged_forests_are_refused_or_hold),
        cmocka_unit_test(trees_of_xgboost_lead_rows_where_it_led_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
