/* test_mixed_evidence.c - evidence on tables of several kinds against sums over all their rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/kinds_table.h"

enum { TOWN, FLAG, N, DIM, DRAWS = 2048 };

typedef struct world {
    nq_context *context;
    nq_dataset *data;
    nq_model *model;
    double row[TABLE_STATES][DIM], p[TABLE_STATES];
} world;

/* A trained model and the probabilities of all its rows. */
static int world_open(void **state)
{
    static world w;
    const nq_ais_options options = {.samples = 2048, .seed = 7};
    nq_ais ais;
    nq_dataset *rows;
    w.context = context_open(2);
    w.data = table_rows(w.context, 4000, 0);
    w.model = table_trained(w.context, w.data, "400");
    nq_dataset *states = table_states(w.context);
    assert_ok(nq_ais_estimate(&ais, w.context, w.model, states, &options), w.context);
    assert_ok(nq_dataset_for_model(&rows, w.context, states, w.model), w.context);
    for (size_t s = 0; s < TABLE_STATES; s++) {
        nq_dataset_row(w.row[s], rows, s);
        w.p[s] = exp(ais.row_likelihood[s]);
    }
    nq_ais_free(&ais);
    nq_dataset_free(rows);
    nq_dataset_free(states);
    *state = &w;
    return 0;
}

static int world_close(void **state)
{
    world *w = *state;
    nq_model_free(w->model);
    nq_dataset_free(w->data);
    nq_context_free(w->context);
    return 0;
}

static int agrees(const double *row, const double *known)
{
    int all = 1;
    for (size_t c = 0; c < DIM; c++) /* what is asked for is no gap */
        all &= isnan(known[c]) ? !isnan(row[c]) : row[c] == known[c];
    return all;
}

static void check_clamp(world *w, double town, double flag, double n)
{
    const double known[DIM] = {town, flag, n};
    const nq_posterior_options options = {.method = "particles",
                                          .particles = 512,
                                          .draws = DRAWS,
                                          .seed = 3};
    double truth = 0, of_first = 0, drawn_first = 0;
    nq_evidence *evidence;
    nq_posterior out;
    assert_ok(nq_evidence_clamp(&evidence, w->context, w->model, known, 1), w->context);
    assert_ok(nq_posterior_sample(&out, w->context, w->model, evidence, &options), w->context);
    for (size_t s = 0; s < TABLE_STATES; s++)
        if (agrees(w->row[s], known)) {
            truth += w->p[s];
            of_first += w->row[s][N] <= 1 ? w->p[s] : 0;
        }
    assert_close("log evidence", out.log_evidence[0], log(truth),
                 4 * out.log_evidence_se[0] + 0.02);
    assert_true(out.log_evidence_se[0] < 0.06);
    for (size_t d = 0; d < DRAWS; d++) {
        assert_true(agrees(out.samples + d * DIM, known));
        drawn_first += out.samples[d * DIM + N] <= 1;
    }
    const double share = of_first / truth;
    assert_close("share of draws", drawn_first / DRAWS, share,
                 4.5 * sqrt(share * (1 - share) / DRAWS) + 0.02);
    nq_posterior_free(&out);
    nq_evidence_free(evidence);
}

static void known_cells_have_the_probability_of_their_rows(void **state)
{
    world *w = *state;
    for (double town = 0; town < TOWNS - 1; town++)
        check_clamp(w, town, NAN, NAN);
    for (double flag = 0; flag < FLAGS; flag++)
        check_clamp(w, NAN, flag, NAN);
    for (double n = 0; n < NUMBERS; n++)
        check_clamp(w, NAN, NAN, n);
    check_clamp(w, 1, NAN, 2);
    check_clamp(w, 0, 1, 1);
    check_clamp(w, NAN, NAN, NAN);
}

/* Weights of levels against their sum, alone and beside known cells; huge ones do not overflow. */
static void weights_of_levels_are_summed_over_rows(void **state)
{
    world *w = *state;
    const nq_posterior_options options = {.method = "particles",
                                          .particles = 512,
                                          .draws = DRAWS,
                                          .seed = 3};
    for (int k = 0; k < 6; k++) {
        const size_t column = k % 2 ? FLAG : TOWN, levels = nq_model_levels(w->model, column);
        const double scale = k == 4 ? 1e290 : 1;
        const double known[DIM] = {NAN, NAN, k < 3 ? NAN : 2};
        double weight[TOWNS], truth = 0;
        nq_evidence *parts[2], *evidence;
        nq_posterior out;
        assert_int_equal(levels, k % 2 ? 2 : TOWNS);
        for (size_t l = 0; l < levels; l++)
            weight[l] = scale * (k == 2 && l == 1 ? 0 : 0.2 + (double)((l * 3 + (size_t)k) % 5));
        assert_ok(nq_evidence_levels(&parts[0], w->context, w->model, column, weight, 1),
                  w->context);
        assert_ok(nq_evidence_clamp(&parts[1], w->context, w->model, known, 1), w->context);
        assert_ok(nq_evidence_product(&evidence, w->context, (const nq_evidence *const *)parts,
                                      k < 3 ? 1 : 2),
                  w->context);
        assert_ok(nq_posterior_sample(&out, w->context, w->model, evidence, &options),
                  w->context);
        for (size_t s = 0; s < TABLE_STATES; s++)
            for (size_t l = 0; l < levels; l++) {
                const double level = nq_model_level_value(w->model, column, l),
                             x = w->row[s][column];
                if ((isnan(x) ? isnan(level) : x == level) && (k < 3 || agrees(w->row[s], known)))
                    truth += w->p[s] * weight[l];
            }
        assert_close("log evidence", out.log_evidence[0], log(truth),
                     4 * out.log_evidence_se[0] + 0.02);
        nq_posterior_free(&out);
        nq_evidence_free(evidence);
        nq_evidence_free(parts[0]);
        nq_evidence_free(parts[1]);
    }
}

static void every_method_keeps_what_is_known_and_draws_no_gap(void **state)
{
    world *w = *state;
    static const char *const methods[] = {"particles", "noised", "paper"};
    enum { TARGETS = 3, EACH = 50 };
    const double known[TARGETS][DIM] = {{NAN, 1, NAN}, {NAN, NAN, 3}, {NAN, NAN, NAN}};
    for (int m = 0; m < 3; m++) {
        nq_posterior_options options = {.particles = 64, .draws = EACH, .seed = 3};
        nq_evidence *evidence;
        nq_posterior out;
        size_t oslo = 0;
        strcpy(options.method, methods[m]);
        assert_ok(nq_evidence_clamp(&evidence, w->context, w->model, known[0], TARGETS),
                  w->context);
        assert_ok(nq_posterior_sample(&out, w->context, w->model, evidence, &options),
                  w->context);
        for (size_t r = 0; r < TARGETS * EACH; r++) {
            assert_true(agrees(out.samples + r * DIM, known[r / EACH]));
            oslo += out.samples[r * DIM] == 2;
        }
        assert_true(oslo > 5 && oslo < 80); /* no level has been made the known one */
        nq_posterior_free(&out);
        nq_evidence_free(evidence);
    }
}

static double flat(void *user, size_t target, const double *x, double *gradient)
{
    (void)user;
    (void)target;
    (void)x;
    (void)gradient;
    return 0;
}

static void refused(const world *w, nq_status status, const char *words)
{
    if (status == NQ_OK || !strstr(nq_context_message(w->context), words))
        fail_msg("%d: %s", (int)status, nq_context_message(w->context));
}

static void check_refusals(world *w, const nq_model *model)
{
    const double row[DIM] = {0, 0, 1}, one[DIM] = {1, 1, 1};
    float states[3 * DIM] = {0};
    nq_evidence *evidence;
    refused(w, nq_evidence_gaussian(&evidence, w->context, model, row, one, 1),
            "noise in a column");
    refused(w, nq_evidence_linear(&evidence, w->context, model, one, one, one, 1, 1), "mixed");
    refused(w, nq_evidence_custom(&evidence, w->context, model, flat, NULL, 0, 1), "mixed");
    refused(w, nq_evidence_bernoulli(&evidence, w->context, model, row, 1), "mixed");
    refused(w, nq_model_reverse(states + DIM, states + 2 * DIM, w->context, model, states, 1, 1),
            "one kernel");
}

static void what_it_cannot_do_right_is_refused(void **state)
{
    world *w = *state;
    double row[DIM] = {0, 0, 1}, weight[TOWNS] = {0};
    nq_evidence *evidence;
    check_refusals(w, w->model);
    refused(w, nq_evidence_levels(&evidence, w->context, w->model, N, weight, 1), "no levels");
    refused(w, nq_evidence_levels(&evidence, w->context, w->model, TOWN, weight, 1), "above 0");
    weight[1] = -1;
    refused(w, nq_evidence_levels(&evidence, w->context, w->model, TOWN, weight, 1), "negative");
    row[TOWN] = 9;
    refused(w, nq_evidence_clamp(&evidence, w->context, w->model, row, 1), "training rows had");
    refused(w, nq_model_diffuse(row, w->context, w->model, row, 1, 3, 1), "training rows had");
}

/* Numbers alone, and numbers with bits, are still a mixed model's. */
static void nor_are_models_without_categories_taken_for_others(void **state)
{
    world *w = *state;
    char text[3000] = "town,flag,n\n";
    size_t used = strlen(text);
    nq_dataset *data;
    nq_read_options options;
    scratch place;
    nq_read_options_init(&options, sizeof options);
    for (size_t r = 0; r < 100; r++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu,%zu,%zu\n", r * r % 31,
                                 r % 7, r * 3 % 11);
    options.types = "1-3=whole";
    assert_int_equal(scratch_new(&place), 0);
    const char *path = scratch_path(&place, "t.csv");
    assert_int_equal(scratch_put(path, text, used), 0);
    assert_ok(nq_dataset_open_with(&data, w->context, path, &options), w->context);
    nq_model *model = model_of(w->context, data, small_mixed);
    check_refusals(w, model);
    assert_false(nq_model_pair(NULL, NULL, model, 0));
    nq_model_free(model);
    nq_dataset_free(data);
    scratch_free(&place);
}

/* Noise in real columns: the posterior of an untrained model is known. */
static void noise_in_real_columns_is_right(void **state)
{
    (void)state;
    enum { COLUMNS = 2 };
    nq_context *context = context_open(2);
    const nqi_stream law = {23, NQI_DRAW_TEST, 0, 0};
    double rows[600 * COLUMNS], mean, deviation, sum = 0, squares = 0;
    for (size_t i = 0; i < 600 * COLUMNS; i++)
        rows[i] = 100 + 20 * nqi_stream_normal(&law, i);
    nq_dataset *data = dataset_of(context, rows, 600, COLUMNS);
    nq_model *model = model_of(context, data, small_mixed);
    const double y[COLUMNS] = {130, NAN}, sigma[COLUMNS] = {10, 1};
    const nq_posterior_options options = {.particles = 256, .draws = DRAWS, .seed = 3};
    nq_evidence *evidence;
    nq_posterior out;
    nq_model_column_scaling(&mean, &deviation, model, 0);
    assert_close("mean", mean, 100, 4);
    assert_close("deviation", deviation, 20, 3);
    assert_ok(nq_evidence_gaussian(&evidence, context, model, y, sigma, 1), context);
    assert_ok(nq_posterior_sample(&out, context, model, evidence, &options), context);
    const double total = deviation * deviation + 100, part = deviation * deviation / total;
    assert_close("log evidence", out.log_evidence[0],
                 -0.5 * (log(2 * 3.14159265358979 * total) + pow(130 - mean, 2) / total), 0.02);
    for (size_t d = 0; d < DRAWS; d++)
        sum += out.samples[d * COLUMNS] / DRAWS;
    for (size_t d = 0; d < DRAWS; d++)
        squares += pow(out.samples[d * COLUMNS] - sum, 2) / DRAWS;
    assert_close("posterior mean", sum, mean + part * (130 - mean), 0.7);
    assert_close("posterior deviation", sqrt(squares), 10 * sqrt(part), 0.5);
    nq_posterior_free(&out);
    nq_evidence_free(evidence);
    nq_model_free(model);
    nq_dataset_free(data);
    nq_context_free(context);
}

/* At t = T a diffused level is one of pi's, whatever it was. */
static void diffused_rows_are_rows_of_the_table(void **state)
{
    world *w = *state;
    enum { ROWS = 4000 };
    double *rows = malloc(2 * ROWS * DIM * sizeof *rows), *out = rows + ROWS * DIM, count = 0;
    for (size_t r = 0; r < ROWS; r++)
        memcpy(rows + r * DIM, w->row[1], sizeof w->row[1]);
    assert_ok(nq_model_diffuse(out, w->context, w->model, rows, ROWS, 20, 5), w->context);
    for (size_t r = 0; r < ROWS; r++) {
        const double *x = out + r * DIM;
        count += x[TOWN] == 0;
        assert_true((isnan(x[TOWN]) || (x[TOWN] >= 0 && x[TOWN] < TOWNS - 1)) &&
                    (x[FLAG] == 0 || x[FLAG] == 1) && x[N] == floor(x[N]) && x[N] >= 0 &&
                    x[N] < NUMBERS);
    }
    assert_close("share of the first town", count / ROWS, 0.4, 0.04);
    assert_ok(nq_model_diffuse(out, w->context, w->model, rows, ROWS, 0, 5), w->context);
    assert_memory_equal(rows, out, ROWS * DIM * sizeof *rows);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_cells_have_the_probability_of_their_rows),
        cmocka_unit_test(weights_of_levels_are_summed_over_rows),
        cmocka_unit_test(every_method_keeps_what_is_known_and_draws_no_gap),
        cmocka_unit_test(what_it_cannot_do_right_is_refused),
        cmocka_unit_test(nor_are_models_without_categories_taken_for_others),
        cmocka_unit_test(noise_in_real_columns_is_right),
        cmocka_unit_test(diffused_rows_are_rows_of_the_table),
    };
    return cmocka_run_group_tests(tests, world_open, world_close);
}
