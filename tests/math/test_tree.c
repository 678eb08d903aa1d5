/* test_tree.c - trees as regressors: what they believe, learn, keep in files and refuse. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "tree_cases.h"

#include "math/fitted_test.h"

enum { BITS = 6 };

static void beliefs_are_those_of_enumeration(void **state)
{
    (void)state;
    trees_check(1e-5);
}

static nq_model *tree_model(nq_context *context, const nq_dataset *data, const char *offset)
{
    nq_model *model;
    const setting settings[] = {{"regressor", *offset ? "mlp" : "tree"},
                                {"offset", *offset ? offset : "none"},
                                {"learn_last", "1"},
                                {"steps", "40"},
                                {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    assert_ok(nq_model_new(&model, context, data, &options), context);
    return model;
}

/* The law of a chain is a tree's: what is exact is the entropy, and K and AIS come to it from below
 * up to what steps lose that take bits as independent. */
static void bound_and_trajectories_stay_below_what_is_exact(void **state)
{
    const double entropy = log(2) + 5 * -(0.2 * log(0.2) + 0.8 * log(0.8));
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, 4000, BITS, 1),
               *test = chain_of_bits(context, 2000, BITS, 2);
    nq_model *model = tree_model(context, data, "");
    nq_exact exact;
    nq_bound bound;
    nq_ais ais;
    const nq_bound_options terms = {.terms = 400};
    const nq_ais_options paths = {.samples = 32};
    (void)state;
    assert_ok(nq_exact_compute(&exact, context, model, test), context);
    assert_ok(nq_bound_estimate(&bound, context, model, test, &terms), context);
    assert_ok(nq_ais_estimate(&ais, context, model, test, &paths), context);
    assert_int_equal(exact.rows, 2000);
    assert_close("log law", exact.log_law, -entropy, 4 * exact.se_rows + 0.02);
    assert_true(bound.bound < ais.likelihood + 4 * bound.se);
    assert_true(ais.likelihood < exact.log_law + 4 * ais.se);
    assert_close("AIS", ais.likelihood, exact.log_law, 0.05);
    nq_ais_free(&ais);
    nq_bound_free(&bound);
    nq_model_free(model);
    nq_dataset_free(test);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* An untrained network adds nothing. */
static void a_network_starts_at_its_offset(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, 1000, BITS, 1);
    nq_model *models[2] = {tree_model(context, data, ""), tree_model(context, data, "tree")};
    (void)state;
    check_same_start(context, data, models);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Runs with hold-out rows that nobody names an offset of: what they go on with. */
static void check_tried(const char *named, const char *learned, size_t rows)
{
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, rows, BITS, 1),
               *valid = chain_of_bits(context, 400, BITS, 2);
    nq_trainer *trainer;
    nq_train_state told;
    const setting settings[] = {
        {"hidden", "8"}, {"wide", "8"}, {"steps", "20"}, {"offset", named}, {NULL, NULL}};
    const nq_model_options options = model_options(settings);
    nq_train_options train;
    nq_train_options_init(&train, sizeof train);
    train.updates = 200;
    assert_ok(nq_trainer_new_tried(&trainer, context, data, valid, &options, &train), context);
    nq_trainer_state(&told, trainer);
    assert_int_equal(told.update, *named ? 0 : 30);
    assert_string_equal(nq_trainer_model_options(trainer)->offset, learned);
    while (!told.done) {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&told, trainer);
    }
    assert_true(told.update <= 200 && isfinite(told.check_bound));
    nq_trainer_free(trainer);
    nq_dataset_free(valid);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Thirty updates teach a network little of a chain, and a tree knows it; what is named is taken. */
static void the_better_on_hold_out_rows_goes_on(void **state)
{
    (void)state;
    check_tried("", "tree", 2000);
    check_tried("none", "none", 2000);
}

/* What was measured on networks that have t as an input is not given to others: dropout would cost
 * the paper's heartbeat its K. */
static void own_readouts_are_neither_dropped_nor_decayed(void **state)
{
    nq_context *context = context_open(1);
    nq_dataset *data = chain_of_bits(context, 500, BITS, 1);
    (void)state;
    for (int k = 0; k < 2; k++) {
        nq_trainer *trainer;
        const setting settings[] = {{"readout", k ? "embedding" : "per-step"},
                                    {"hidden", "4"},
                                    {"steps", "10"},
                                    {NULL, NULL}};
        const nq_model_options options = model_options(settings);
        assert_ok(nq_trainer_new(&trainer, context, data, NULL, &options, NULL), context);
        const nq_train_options *chosen = nq_trainer_train_options(trainer);
        assert_int_equal(chosen->dropout > 0, k);
        assert_int_equal(chosen->weight_decay > 0, k);
        nq_trainer_free(trainer);
    }
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Bytes of a model become a model with the same samples; of a network on a tree too. */
static void files_keep_trees(void **state)
{
    nq_context *context = context_open(2);
    nq_dataset *data = chain_of_bits(context, 500, BITS, 1);
    (void)state;
    for (int k = 0; k < 2; k++)
        check_bytes(context, tree_model(context, data, k ? "tree" : ""));
    nq_dataset_free(data);
    nq_context_free(context);
}

/* No number of a damaged file may lead out of the tree. */
static void damaged_trees_are_refused_or_hold(void **state)
{
    static const nqi_real wrong[] = {-1, 0, 0.5, 2, 1e9f, 65535, (nqi_real)NAN};
    static const size_t levels[4] = {2, 4, 0, 2};
    static tree_case c;
    nqi_real *packed;
    const nqi_real *numbers;
    size_t count, refused = 0;
    nqi_tree tree;
    nq_context *context = context_open(1);
    (void)state;
    tree_case_new(&c, levels, 4, 2);
    assert_ok(nqi_tree_pack(&packed, &count, context, &c.tree, c.numbers), context);
    assert_ok(nqi_tree_unpack(&tree, &numbers, context, packed, count, c.cell, 4), context);
    nqi_tree_free(&tree);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            const nqi_real right = packed[i];
            packed[i] = wrong[k];
            const nq_status status =
                nqi_tree_unpack(&tree, &numbers, context, packed, count, c.cell, 4);
            assert_true(status == NQ_OK || status == NQ_ERROR_FORMAT);
            assert_true(status || tree.numbers == c.tree.numbers);
            refused += status != NQ_OK;
            nqi_tree_free(&tree);
            packed[i] = right;
        }
    assert_true(refused > 3 * count);
    for (size_t less = 0; less < count; less++) {
        assert_int_equal(nqi_tree_unpack(&tree, &numbers, context, packed, less, c.cell, 4),
                         NQ_ERROR_FORMAT);
        nqi_tree_free(&tree);
    }
    free(packed);
    tree_case_free(&c);
    nq_context_free(context);
}

/* A bin more than the library makes would not fit into its passes. */
static void too_many_bins_are_refused(void **state)
{
    enum { BINS = NQI_TREE_BINS + 1 };
    const nqi_variate cell = {0, 0};
    nqi_tree_node node = {.states = BINS, .values = BINS};
    nqi_tree tree = {.cell = &cell, .node = &node, .count = 1}, read;
    nqi_real table[3 * BINS], *packed;
    const nqi_real *numbers;
    size_t count;
    nq_context *context = context_open(1);
    (void)state;
    for (size_t k = 0; k < 3 * BINS; k++)
        table[k] = (nqi_real)(1.0 / BINS);
    nqi_tree_lay_out(&tree);
    assert_int_equal(tree.numbers, 3 * BINS);
    assert_ok(nqi_tree_pack(&packed, &count, context, &tree, table), context);
    assert_int_equal(nqi_tree_unpack(&read, &numbers, context, packed, count, &cell, 1),
                     NQ_ERROR_FORMAT);
    nqi_tree_free(&read);
    free(packed);
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beliefs_are_those_of_enumeration),
        cmocka_unit_test(bound_and_trajectories_stay_below_what_is_exact),
        cmocka_unit_test(a_network_starts_at_its_offset),
        cmocka_unit_test(the_better_on_hold_out_rows_goes_on),
        cmocka_unit_test(own_readouts_are_neither_dropped_nor_decayed),
        cmocka_unit_test(files_keep_trees),
        cmocka_unit_test(damaged_trees_are_refused_or_hold),
        cmocka_unit_test(too_many_bins_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
