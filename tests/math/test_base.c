/* test_base.c - networks that start from the normal law of the training rows, against the laws of
 * Gaussian tables and of one with spikes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/chain_table.h"
#include "math/kinds_table.h"

#include "model/model.h"

/* What the law says before anything is learned, and afterwards; weights that decay are others. */
static void a_normal_law_needs_no_training(void **state)
{
    (void)state;
    static const setting settings[] = {{"kernel", "gaussian"},   {"hidden", "16,16"},
                                       {"steps", "200"},         {"roles", "1"},
                                       {"readout", "embedding"}, {NULL, NULL}};
    static const setting of_run[] = {{"updates", "20"},
                                     {"weight_decay", "0.5"},
                                     {"average", "0.5"},
                                     {NULL, NULL}};
    const unsigned char roles[CHAIN] = {NQ_ROLE_KNOWN, NQ_ROLE_TARGET, NQ_ROLE_KNOWN,
                                        NQ_ROLE_TARGET};
    nq_context *context = context_open(2);
    nq_dataset *data = chain_rows(context, CHAIN_ROWS, 31);
    nq_dataset *fresh = chain_rows(context, 1000, 32);
    nq_model *model = model_of(context, data, settings);
    nq_model *after = model_trained(context, data, settings, of_run);
    const nq_bound_options options = {.terms = 400, .seed = 3, .roles = roles};
    const size_t fixed = model->regressor.graph.fixed_count;
    double truth = 0, x[CHAIN], deviation;
    nq_bound bound;
    assert_string_equal(nq_model_get_options(model)->base, "normal");
    assert_int_equal(fixed, CHAIN + CHAIN * CHAIN + 3 * CHAIN + 4);
    assert_memory_equal(model->regressor.params, after->regressor.params,
                        fixed * sizeof(nqi_real));
    assert_true(model->regressor.params[fixed] != after->regressor.params[fixed]);
    assert_ok(nq_bound_estimate(&bound, context, model, fresh, &options), context);
    for (size_t r = 0; r < 1000; r++) {
        nq_dataset_row(x, fresh, r);
        truth += chain_truth(x) / 1000;
    }
    for (size_t c = 1; c < CHAIN; c += 2) {
        nq_model_column_scaling(NULL, &deviation, model, c);
        bound.bound -= log(deviation);
    }
    if (!(bound.bound < truth + 4 * bound.se && bound.bound > truth - 4 * bound.se - 0.02))
        fail_msg("K %.4f +- %.4f, the law has %.4f", bound.bound, bound.se, truth);
    nq_bound_free(&bound);
    nq_model_free(after);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_dataset_free(fresh);
    nq_context_free(context);
}

/* b is 0 where a is small, and else close to it: a spike that has a place too. */
static nq_dataset *spiked_rows(nq_context *context, size_t rows)
{
    const nqi_stream law = {41, NQI_DRAW_TEST, 0, 0};
    char *text = malloc(40 * (rows + 1));
    size_t used = (size_t)sprintf(text, "a,b\n");
    for (size_t r = 0; r < rows; r++) {
        const double a = nqi_stream_normal(&law, 2 * r), e = nqi_stream_normal(&law, 2 * r + 1);
        used += (size_t)sprintf(text + used, "%.5f,%.4f\n", a, a < -0.5 ? 0 : 3 + a + 0.3 * e);
    }
    nq_dataset *data = table_of_kinds(context, text, "a=real,b=spiked");
    free(text);
    return data;
}

/* An untrained network says what the law does, of numbers and of the spike; its file too. */
static void a_mixed_table_may_start_from_the_law(void **state)
{
    (void)state;
    static const setting plain[] = {{"kernel", "mixed"}, {"hidden", "8"},  {"steps", "100"},
                                    {"roles", "1"},      {"base", "none"}, {NULL, NULL}};
    static const setting law[] = {{"kernel", "mixed"}, {"hidden", "8"},    {"steps", "100"},
                                  {"roles", "1"},      {"base", "normal"}, {NULL, NULL}};
    const unsigned char given[] = {NQ_ROLE_KNOWN, NQ_ROLE_TARGET};
    const nq_bound_options options = {.terms = 200, .seed = 3, .roles = given};
    nq_context *context = context_open(2);
    nq_dataset *data = spiked_rows(context, 500);
    nq_model *models[3] = {model_of(context, data, plain), model_of(context, data, law), NULL};
    nq_bound bounds[3];
    scratch folder;
    assert_int_equal(scratch_new(&folder), 0);
    const char *path = scratch_path(&folder, "m.nq");
    assert_ok(nq_model_save(path, context, models[1]), context);
    assert_ok(nq_model_load(&models[2], context, path), context);
    for (int k = 0; k < 3; k++)
        assert_ok(nq_bound_estimate(&bounds[k], context, models[k], data, &options), context);
    if (!(bounds[1].bound > bounds[0].bound + 0.2))
        fail_msg("K with the law %.3f, without %.3f", bounds[1].bound, bounds[0].bound);
    assert_true(bounds[2].bound == bounds[1].bound);
    for (int k = 0; k < 3; k++) {
        nq_bound_free(&bounds[k]);
        nq_model_free(models[k]);
    }
    scratch_free(&folder);
    nq_dataset_free(data);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_normal_law_needs_no_training),
        cmocka_unit_test(a_mixed_table_may_start_from_the_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
