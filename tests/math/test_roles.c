/* test_roles.c - one network of every p(some columns | some others), against sums over all rows of
 * a small table and against Gaussian tables, whose conditional laws are known. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/chain_table.h"
#include "math/kinds_table.h"

#include "model/model.h"

enum { TOWN, FLAG, N, DIM };

static const setting with_roles[] = {{"kernel", "mixed"}, {"hidden", "32,32"}, {"steps", "40"},
                                     {"roles", "1"},      {"learn_last", "1"}, {NULL, NULL}};

/* All three columns as levels. */
static nq_dataset *level_rows(nq_context *context, size_t rows)
{
    char *text = table_text(rows, 0);
    nq_dataset *data = table_of_kinds(context, text, "town=category,flag=bit,n=category");
    free(text);
    return data;
}

static nq_model *trained(nq_context *context, const nq_dataset *data, const setting *settings,
                         const char *updates, const char *seed)
{
    const setting of_run[] = {
        {"updates", updates}, {"batch", "256"}, {"seed", seed}, {"dropout", "0"}, {NULL, NULL}};
    return model_trained(context, data, settings, of_run);
}

/* log p_true(targets | known) in nats of a state of the table. */
static double truth_of(size_t state, const unsigned char *roles)
{
    const size_t of[DIM] = {state % TOWNS, state / TOWNS % FLAGS, state / TOWNS / FLAGS};
    double both = 0, known = 0;
    for (size_t s = 0; s < TABLE_STATES; s++) {
        const size_t cell[DIM] = {s % TOWNS, s / TOWNS % FLAGS, s / TOWNS / FLAGS};
        int has_known = 1, has_targets = 1;
        for (size_t c = 0; c < DIM; c++) {
            has_known &= roles[c] != NQ_ROLE_KNOWN || cell[c] == of[c];
            has_targets &= roles[c] != NQ_ROLE_TARGET || cell[c] == of[c];
        }
        known += has_known ? table_law(s) : 0;
        both += has_known && has_targets ? table_law(s) : 0;
    }
    return log(both / known);
}

/* K of a question, and the mean that a model which knows the law would have. */
static void check_question(nq_context *context, const nq_model *model, const nq_dataset *data,
                           size_t rows, int town, int flag, int n)
{
    const unsigned char roles[DIM] = {(unsigned char)town, (unsigned char)flag, (unsigned char)n};
    const nq_bound_options options = {.terms = 100, .seed = 3, .roles = roles, .by_column = 1};
    nq_bound bound;
    double truth = 0, sum = 0;
    assert_ok(nq_bound_estimate(&bound, context, model, data, &options), context);
    for (size_t r = 0; r < rows; r++)
        truth += truth_of(table_draw(r), roles) / (double)rows;
    if (!(bound.bound < truth + 4 * bound.se + 0.01 && bound.bound > truth - 0.07))
        fail_msg("roles %d %d %d: K %.4f +- %.4f, the law has %.4f", town, flag, n, bound.bound,
                 bound.se, truth);
    for (size_t c = 0; c < DIM; c++) {
        assert_true(roles[c] == NQ_ROLE_TARGET || bound.column_bound[c] == 0);
        sum += bound.column_bound[c];
    }
    assert_close("sum of columns", sum, bound.bound, 1e-4);
    nq_bound_free(&bound);
}

/* Trajectories of a question: K <= log p <= what the law has, on the same rows. */
static void check_trajectories(nq_context *context, const nq_model *model, const nq_dataset *data,
                               const unsigned char roles[DIM])
{
    enum { SOME = 400, EACH = 6000 / SOME };
    const nq_bound_options of_bound = {.terms = 200, .seed = 3, .roles = roles, .max_rows = SOME};
    const nq_ais_options of_ais = {.samples = 64, .seed = 4, .roles = roles, .max_rows = SOME};
    nq_bound bound;
    nq_ais ais;
    double truth = 0;
    assert_ok(nq_bound_estimate(&bound, context, model, data, &of_bound), context);
    assert_ok(nq_ais_estimate(&ais, context, model, data, &of_ais), context);
    for (size_t r = 0; r < SOME; r++)
        truth += truth_of(table_draw(r * EACH), roles) / SOME;
    assert_close("mean log weight", ais.mean_log_weight, bound.bound, 5 * bound.se + 0.01);
    if (!(ais.likelihood > bound.bound - 3 * bound.se && ais.likelihood < truth + 0.03))
        fail_msg("roles %d %d %d: log p %.4f +- %.4f, K %.4f, the law has %.4f", roles[0],
                 roles[1], roles[2], ais.likelihood, ais.se, bound.bound, truth);
    nq_ais_free(&ais);
    nq_bound_free(&bound);
}

/* A trained model, and its rows. */
enum { ROWS = 6000 };
typedef struct world {
    nq_context *context;
    nq_dataset *data;
    nq_model *model;
} world;

static int world_open(void **state)
{
    static world w;
    w.context = context_open(2);
    w.data = level_rows(w.context, ROWS);
    w.model = trained(w.context, w.data, with_roles, "4000", "1");
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    const world *w = *state;
    nq_model_free(w->model);
    nq_dataset_free(w->data);
    nq_context_free(w->context);
    return 0;
}

/* Every question of three columns; the smallest tables' own chance is within the tolerance. */
static void questions_have_the_laws_answers(void **state)
{
    enum { QUESTIONS = 27 };
    const world *w = *state;
    for (int q = 0; q < QUESTIONS; q++)
        if (q % 3 == NQ_ROLE_TARGET || q / 3 % 3 == NQ_ROLE_TARGET || q / 9 == NQ_ROLE_TARGET)
            check_question(w->context, w->model, w->data, ROWS, q % 3, q / 3 % 3, q / 9);
}

static void trajectories_answer_them_too(void **state)
{
    const world *w = *state;
    const unsigned char roles[][DIM] = {{NQ_ROLE_TARGET, NQ_ROLE_KNOWN, NQ_ROLE_KNOWN},
                                        {NQ_ROLE_KNOWN, NQ_ROLE_TARGET, NQ_ROLE_ABSENT},
                                        {NQ_ROLE_TARGET, NQ_ROLE_TARGET, NQ_ROLE_KNOWN}};
    for (size_t q = 0; q < sizeof roles / sizeof *roles; q++)
        check_trajectories(w->context, w->model, w->data, roles[q]);
}

static void an_untrained_model_has_each_column_for_itself(void **state)
{
    (void)state;
    const unsigned char roles[] = {NQ_ROLE_TARGET, NQ_ROLE_KNOWN, NQ_ROLE_ABSENT, NQ_ROLE_TARGET,
                                   NQ_ROLE_KNOWN};
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 400, 1);
    nq_model *model = model_of(context, data, with_roles);
    const nq_bound_options all = {.terms = 400, .seed = 3, .by_column = 1};
    nq_bound_options some = all;
    nq_bound whole, part;
    double sum = 0;
    some.roles = roles;
    assert_int_equal(nq_model_columns(model), sizeof roles);
    assert_ok(nq_bound_estimate(&whole, context, model, data, &all), context);
    assert_ok(nq_bound_estimate(&part, context, model, data, &some), context);
    for (size_t c = 0; c < sizeof roles; c++)
        sum += roles[c] == NQ_ROLE_TARGET ? whole.column_bound[c] : 0;
    assert_close("K", part.bound, part.null, 4 * part.se + 1e-4);
    assert_close("K of the columns", part.bound, sum, 4 * (part.se + whole.se) + 1e-3);
    nq_bound_free(&whole);
    nq_bound_free(&part);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Texts of three rows, perhaps with gaps where the law's rows have none. */
static nq_dataset *three_rows(nq_context *context, int with_gaps)
{
    return table_of(context, with_gaps ? "town,flag,n\nBern,yes,\nRome,,2\nOslo,no,1\n"
                                       : "town,flag,n\nBern,yes,3\nRome,no,2\nOslo,no,1\n");
}

static void a_missing_cell_is_an_absent_one(void **state)
{
    (void)state;
    const unsigned char roles[2][DIM] = {{NQ_ROLE_TARGET, NQ_ROLE_TARGET, NQ_ROLE_ABSENT},
                                         {NQ_ROLE_TARGET, NQ_ROLE_ABSENT, NQ_ROLE_TARGET}};
    nq_context *context = context_open(2);
    nq_dataset *data = table_rows(context, 1000, 0);
    nq_dataset *whole = three_rows(context, 0), *gaps = three_rows(context, 1);
    nq_model *model = trained(context, data, with_roles, "60", "1");
    nq_bound_options options = {.terms = 64, .seed = 3};
    nq_ais_options of_ais = {.samples = 8, .seed = 3};
    nq_bound with_gaps, without;
    nq_ais drawn, alone;
    assert_ok(nq_ais_estimate(&drawn, context, model, gaps, &of_ais), context);
    assert_ok(nq_bound_estimate(&with_gaps, context, model, gaps, &options), context);
    assert_int_equal(with_gaps.rows, 3);
    for (size_t r = 0; r < 2; r++) {
        options.roles = roles[r];
        assert_ok(nq_bound_estimate(&without, context, model, whole, &options), context);
        assert_true(with_gaps.row_bound[r] == without.row_bound[r]);
        nq_bound_free(&without);
        of_ais.roles = roles[r];
        assert_ok(nq_ais_estimate(&alone, context, model, whole, &of_ais), context);
        assert_true(drawn.row_likelihood[r] == alone.row_likelihood[r]);
        nq_ais_free(&alone);
    }
    nq_ais_free(&drawn);
    nq_bound_free(&with_gaps);
    nq_dataset_free(whole);
    nq_dataset_free(gaps);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* Draws given a town against the law. */
static void unknown_cells_are_drawn_in_one_pass(void **state)
{
    enum { DRAWS = 4096 };
    const world *w = *state;
    nq_context *context = w->context;
    const nq_posterior_options options = {.draws = DRAWS, .seed = 5};
    double known[DIM], law[NUMBERS] = {0}, all = 0, drawn[NUMBERS] = {0};
    nq_evidence *evidence;
    nq_posterior out;
    nq_dataset *one = three_rows(context, 0), *rows;
    assert_ok(nq_dataset_for_model(&rows, context, one, w->model), context);
    nq_dataset_row(known, rows, 1); /* Rome */
    known[FLAG] = known[N] = (double)NAN;
    assert_ok(nq_evidence_clamp(&evidence, context, w->model, known, 1), context);
    assert_ok(nq_posterior_sample(&out, context, w->model, evidence, &options), context);
    assert_string_equal(out.method, "roles");
    for (size_t s = 0; s < TABLE_STATES; s++)
        if (s % TOWNS == 1) {
            law[s / TOWNS / FLAGS] += table_law(s);
            all += table_law(s);
        }
    for (size_t d = 0; d < DRAWS; d++) {
        assert_true(out.samples[d * DIM + TOWN] == known[TOWN]);
        drawn[(size_t)out.samples[d * DIM + N]] += 1. / DRAWS;
    }
    for (size_t k = 0; k < NUMBERS; k++)
        assert_close("share of a number", drawn[k], law[k] / all, 0.035);
    nq_posterior_free(&out);
    nq_evidence_free(evidence);
    nq_dataset_free(rows);
    nq_dataset_free(one);
}

static void a_gaussian_table_has_its_conditional_densities(void **state)
{
    (void)state;
    static const setting settings[] = {
        {"kernel", "gaussian"},   {"hidden", "64,64,64"}, {"steps", "100"}, {"roles", "1"},
        {"readout", "embedding"}, {"activation", "silu"}, {NULL, NULL}};
    const unsigned char roles[CHAIN] = {NQ_ROLE_KNOWN, NQ_ROLE_TARGET, NQ_ROLE_KNOWN,
                                        NQ_ROLE_TARGET};
    nq_context *context = context_open(2);
    nq_dataset *data = chain_rows(context, CHAIN_ROWS, 31);
    nq_dataset *fresh = chain_rows(context, 1000, 32);
    nq_model *model = trained(context, data, settings, "3000", "1");
    const nq_bound_options options = {.terms = 300, .seed = 3, .roles = roles};
    double truth = 0, shift = 0, x[CHAIN], mean, deviation;
    nq_bound bound;
    assert_ok(nq_bound_estimate(&bound, context, model, fresh, &options), context);
    for (size_t r = 0; r < 1000; r++) {
        nq_dataset_row(x, fresh, r);
        truth += chain_truth(x) / 1000;
    }
    for (size_t c = 1; c < CHAIN; c += 2) {
        nq_model_column_scaling(&mean, &deviation, model, c);
        shift -= log(deviation);
    }
    const double found = bound.bound + shift;
    if (!(found < truth + 4 * bound.se + 0.01 && found > truth - 0.1))
        fail_msg("K %.4f +- %.4f, the law has %.4f", found, bound.se, truth);
    nq_bound_free(&bound);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_dataset_free(fresh);
    nq_context_free(context);
}

/* Draws of three targets whose first number is known: [3][draws][CHAIN]. */
static nq_posterior some_drawn(nq_context *context, const nq_model *model, size_t draws)
{
    const nq_posterior_options options = {.draws = draws, .seed = 7};
    double known[3 * CHAIN];
    nq_evidence *evidence;
    nq_posterior out;
    for (size_t j = 0; j < 3 * CHAIN; j++)
        known[j] = j % CHAIN ? (double)NAN : 1;
    assert_ok(nq_evidence_clamp(&evidence, context, model, known, 3), context);
    assert_ok(nq_posterior_sample(&out, context, model, evidence, &options), context);
    nq_evidence_free(evidence);
    return out;
}

/* How many draws of a number stand with the next as far from the middle on its two sides. */
static size_t pairs_counted(const nq_posterior *drawn, double middle)
{
    size_t count = 0;
    for (size_t d = 0; d + 1 < drawn->targets * drawn->draws; d++) {
        const double *x = drawn->samples + d * CHAIN + 1;
        count += fabs(x[0] + x[CHAIN] - 2 * middle) < 1e-4;
    }
    return count;
}

/* Untrained steps are linear, and those of bits symmetric: what one draw of a pair is above the
 * mean, the other is below. */
static void many_draws_come_in_pairs(void **state)
{
    (void)state;
    static const setting gaussian[] = {
        {"kernel", "gaussian"},   {"hidden", "8"},  {"steps", "30"}, {"roles", "1"},
        {"readout", "embedding"}, {"base", "none"}, {NULL, NULL}};
    static const setting binomial[] = {{"kernel", "binomial"}, {"hidden", "8"},
                                       {"steps", "30"},        {"roles", "1"},
                                       {"activity", "0.5"},    {NULL, NULL}};
    nq_context *context = context_open(2);
    nq_dataset *chain = chain_rows(context, 300, 5);
    nq_dataset *bits = dataset_of(context, (const double[]){0, 1, 0, 1, 1, 0, 1, 0}, 2, CHAIN);
    nq_model *numbers = model_of(context, chain, gaussian);
    nq_model *ones = model_of(context, bits, binomial);
    double mean, deviation;
    nq_model_column_scaling(&mean, &deviation, numbers, 1);
    for (size_t draws = 15; draws < 18; draws++) {
        /* of 17 a pair never has draws of two targets */
        const size_t pairs = draws < 16 ? 0 : 3 * (draws / 2);
        nq_posterior real = some_drawn(context, numbers, draws);
        nq_posterior bit = some_drawn(context, ones, draws);
        assert_int_equal(pairs_counted(&real, mean), pairs);
        assert_true(pairs_counted(&bit, 0.5) >= pairs);
        for (size_t d = 0; draws == 16 && d < 3 * draws; d += 2)
            assert_true(bit.samples[d * CHAIN + 1] + bit.samples[(d + 1) * CHAIN + 1] == 1);
        nq_posterior_free(&real);
        nq_posterior_free(&bit);
    }
    nq_model_free(numbers);
    nq_model_free(ones);
    nq_dataset_free(chain);
    nq_dataset_free(bits);
    nq_context_free(context);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    static const setting refused[][3] = {{{"regressor", "rbf"}, {"roles", "1"}, {NULL, NULL}},
                                         {{"readout", "per-step"}, {"roles", "1"}, {NULL, NULL}},
                                         {{"schedule", "learned"}, {"roles", "1"}, {NULL, NULL}}};
    const unsigned char known[DIM] = {NQ_ROLE_KNOWN, NQ_ROLE_KNOWN, NQ_ROLE_ABSENT};
    const unsigned char some[DIM] = {NQ_ROLE_KNOWN, NQ_ROLE_TARGET, NQ_ROLE_TARGET};
    const double cells[DIM] = {0, (double)NAN, 1};
    nq_context *context = context_open(1);
    nq_dataset *data = table_rows(context, 200, 0), *chain = chain_rows(context, 50, 1);
    nq_model *joint = model_of(context, data, small_mixed), *model;
    nq_bound_options ask = {.terms = 10, .roles = some};
    nq_bound bound;
    nq_posterior out;
    nq_evidence *evidence;
    assert_int_equal(nq_bound_estimate(&bound, context, joint, data, &ask), NQ_ERROR_UNSUPPORTED);
    assert_non_null(strstr(nq_context_message(context), "roles 1"));
    assert_ok(nq_evidence_clamp(&evidence, context, joint, cells, 1), context);
    assert_int_equal(nq_posterior_sample(&out, context, joint, evidence,
                                         &(nq_posterior_options){.method = "roles"}),
                     NQ_ERROR_UNSUPPORTED);
    nq_evidence_free(evidence);
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        const nq_model_options options = model_options(refused[k]);
        assert_int_equal(nq_model_new(&model, context, chain, &options), NQ_ERROR_UNSUPPORTED);
        assert_non_null(strstr(nq_context_message(context), "roles 1: "));
    }
    nq_model_free(joint);
    joint = model_of(context, data, with_roles);
    ask.roles = known;
    assert_int_equal(nq_bound_estimate(&bound, context, joint, data, &ask), NQ_ERROR_ARGUMENT);
    nq_model_free(joint);
    nq_dataset_free(data);
    nq_dataset_free(chain);
    nq_context_free(context);
}

/* Files have roles, and neither threads nor a stop change a run. */
static void runs_are_the_same_bit_for_bit(void **state)
{
    (void)state;
    nq_model *models[2];
    for (int k = 0; k < 2; k++) {
        nq_context *context = context_open(k + 1);
        nq_dataset *data = table_rows(context, 500, 1);
        models[k] = trained(context, data, with_roles, "40", "2");
        assert_int_equal(nq_model_get_options(models[k])->roles, 1);
        nq_dataset_free(data);
        nq_context_free(context);
    }
    assert_memory_equal(models[0]->regressor.params, models[1]->regressor.params,
                        nq_model_parameters(models[0]) * sizeof(nqi_real));
    nq_model_free(models[0]);
    nq_model_free(models[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_have_the_laws_answers),
        cmocka_unit_test(trajectories_answer_them_too),
        cmocka_unit_test(an_untrained_model_has_each_column_for_itself),
        cmocka_unit_test(a_missing_cell_is_an_absent_one),
        cmocka_unit_test(unknown_cells_are_drawn_in_one_pass),
        cmocka_unit_test(a_gaussian_table_has_its_conditional_densities),
        cmocka_unit_test(many_draws_come_in_pairs),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(runs_are_the_same_bit_for_bit),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
