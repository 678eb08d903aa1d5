/* test_score_task.c - scores, evaluations and reports as calls of the library: of files and of
 * memory they are those of the functions below, and what fails leaves nothing. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "math_test.h"

#include "unit/says.h"
#include "unit/scratch.h"

enum { ROWS = 120, DIM = 2, TERMS = 4 };

typedef struct fixture {
    nq_context *context;
    nq_dataset *rows;
    nq_model *model;
    scratch folder;
    char data[600], output[600]; /* paths */
    /* what the monitor was told, and what it says */
    int rounds, answer, cautions;
} fixture;

static int progress(void *user, const nq_progress *told)
{
    const fixture *f = user;
    (void)told;
    return f->answer;
}

static void log_count(void *user, nq_log_level level, const char *text)
{
    fixture *f = user;
    (void)text;
    f->cautions += level == NQ_LOG_CAUTION;
}

static char *file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static int setup(void **state)
{
    static fixture f;
    const nq_generate_options generate = {.rows = ROWS, .seed = 3};
    const nq_model_options small = {.hidden = "8", .steps = 8, .regressor = "mlp"};
    f = (fixture){.context = context_open(2)};
    const nq_monitor monitor = {.progress = progress, .log = log_count, .user = &f};
    assert_int_equal(scratch_new(&f.folder), 0);
    strcpy(f.data, scratch_path(&f.folder, "rows.csv"));
    strcpy(f.output, scratch_path(&f.folder, "scores.csv"));
    assert_ok(nq_dataset_generate_to(f.data, f.context, "swissroll", &generate), f.context);
    assert_ok(nq_dataset_open(&f.rows, f.context, f.data), f.context);
    assert_ok(nq_model_new(&f.model, f.context, f.rows, &small), f.context);
    assert_ok(nq_context_watch(f.context, &monitor), f.context);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    nq_model_free(f->model);
    nq_dataset_free(f->rows);
    nq_context_free(f->context);
    scratch_free(&f->folder);
    return 0;
}

static nq_source file_of(const fixture *f)
{
    return (nq_source){.path = f->data};
}

static nq_source memory_of(const fixture *f)
{
    return (nq_source){.data = f->rows};
}

static void scores_are_the_bounds_of_rows(void **state)
{
    const fixture *f = *state;
    const nq_score_options options = {.terms = TERMS, .seed = 5};
    const nq_bound_options same = {.terms = TERMS, .seed = 5, .each_row = 1};
    const nq_source sources[] = {file_of(f), memory_of(f)};
    nq_bound bound;
    nq_scores scores;
    assert_ok(nq_bound_estimate(&bound, f->context, f->model, f->rows, &same), f->context);
    for (int i = 0; i < 2; i++) {
        assert_ok(nq_score(&scores, NULL, f->context, f->model, &sources[i], &options),
                  f->context);
        assert_int_equal(scores.rows, ROWS);
        assert_string_equal(scores.units, "scaled");
        assert_int_equal(scores.terms, TERMS);
        assert_memory_equal(scores.score, bound.row_bound, ROWS * sizeof(double));
        assert_memory_equal(scores.se, bound.row_se, ROWS * sizeof(double));
        assert_null(scores.trust);
        nq_scores_free(&scores);
    }
    nq_bound_free(&bound);
}

static void units_of_the_data_shift_every_row(void **state)
{
    const fixture *f = *state;
    const nq_source rows = memory_of(f);
    nq_score_options options = {.terms = TERMS};
    nq_scores scaled, data;
    assert_ok(nq_score(&scaled, NULL, f->context, f->model, &rows, &options), f->context);
    options.units = "data";
    assert_ok(nq_score(&data, NULL, f->context, f->model, &rows, &options), f->context);
    for (size_t r = 0; r < ROWS; r++)
        assert_close("score in the data's units", data.score[r] - scaled.score[r],
                     nq_model_log_jacobian(f->model), 1e-9);
    nq_scores_free(&scaled);
    nq_scores_free(&data);
}

static void files_and_tops_of_both_sources_are_alike(void **state)
{
    const fixture *f = *state;
    const nq_source sources[] = {file_of(f), memory_of(f)};
    char *tables[2], *tops[2];
    for (int json = 0; json < 2; json++) {
        const nq_score_options options = {.terms = TERMS,
                                          .output = f->output,
                                          .top = 3,
                                          .json = json};
        for (int i = 0; i < 2; i++) {
            assert_ok(nq_score(NULL, &tops[i], f->context, f->model, &sources[i], &options),
                      f->context);
            tables[i] = file_read(f->output);
        }
        assert_string_equal(tables[0], tables[1]);
        assert_string_equal(tops[0], tops[1]);
        assert_non_null(strstr(tops[0], "bound, bits"));
        assert_non_null(strstr(tables[0], json ? "\"scores\":[" : "row,bound_bits,bound_nats"));
        for (int i = 0; i < 2; i++) {
            free(tables[i]);
            free(tops[i]);
        }
    }
}

static void round_count(void *user, const nq_ais_run *run, size_t drawn)
{
    fixture *f = user;
    nq_ais ais;
    f->rounds++;
    if (!drawn)
        return;
    assert_int_equal(nq_ais_result(&ais, run), NQ_OK);
    assert_int_equal(ais.samples, drawn);
    nq_ais_free(&ais);
    f->answer = NQ_FINISH;
}

static void trajectories_are_those_of_nq_ais(void **state)
{
    fixture *f = *state;
    const nq_source rows = file_of(f);
    const nq_score_options options = {.ais = 32, .seed = 5};
    const nq_ais_options same = {.samples = 32, .seed = 5};
    nq_scores scores;
    nq_ais ais;
    f->answer = NQ_GO_ON;
    assert_ok(nq_ais_estimate(&ais, f->context, f->model, f->rows, &same), f->context);
    assert_ok(nq_score(&scores, NULL, f->context, f->model, &rows, &options), f->context);
    assert_true(scores.finished);
    assert_int_equal(scores.samples, 32);
    assert_memory_equal(scores.score, ais.row_likelihood, ROWS * sizeof(double));
    assert_memory_equal(scores.khat, ais.row_khat, ROWS * sizeof(double));
    nq_scores_free(&scores);
    nq_ais_free(&ais);
}

/* So many that only the monitor can end it. */
static void a_monitor_that_finishes_gets_what_there_is(void **state)
{
    fixture *f = *state;
    const nq_source rows = memory_of(f);
    const nq_evaluate_options options = {.terms = TERMS,
                                         .ais = 10000000,
                                         .round = round_count,
                                         .user = f};
    nq_evaluation found;
    char *report;
    f->rounds = 0;
    f->answer = NQ_GO_ON;
    assert_ok(nq_evaluate(&found, &report, f->context, f->model, &rows, &options), f->context);
    f->answer = NQ_GO_ON;
    assert_false(found.finished);
    assert_true(f->rounds >= 2);
    assert_true(found.ais.samples > 0 && found.ais.samples < 10000000);
    assert_non_null(strstr(report, "log p"));
    free(report);
    nq_evaluation_free(&found);
}

static void a_monitor_that_stops_leaves_nothing(void **state)
{
    fixture *f = *state;
    const nq_source rows = file_of(f);
    const nq_score_options options = {.ais = 10000000, .output = f->output};
    nq_scores scores;
    remove(f->output);
    f->answer = NQ_STOP;
    const int before = scratch_count(&f->folder);
    assert_int_equal(nq_score(&scores, NULL, f->context, f->model, &rows, &options),
                     NQ_ERROR_STOPPED);
    f->answer = NQ_GO_ON;
    assert_null(scores.score);
    assert_int_equal(scratch_count(&f->folder), before);
    /* and the context goes on */
    const nq_score_options few = {.terms = TERMS};
    assert_ok(nq_score(&scores, NULL, f->context, f->model, &rows, &few), f->context);
    nq_scores_free(&scores);
}

static void impossible_rows_are_cautions(void **state)
{
    fixture *f = *state;
    const double values[] = {0.1, 0.2, 1e30, 0};
    nq_dataset *odd;
    nq_scores scores;
    const nq_score_options options = {.terms = TERMS};
    assert_ok(nq_dataset_from_array(&odd, f->context, values, 2, DIM, NULL), f->context);
    f->cautions = 0;
    const nq_source rows = {.data = odd};
    assert_ok(nq_score(&scores, NULL, f->context, f->model, &rows, &options), f->context);
    assert_int_equal(scores.impossible, 1);
    assert_int_equal(scores.faults[0].row, 1);
    assert_true(isinf(scores.score[1]) && isfinite(scores.score[0]));
    assert_int_equal(f->cautions, 1);
    nq_scores_free(&scores);
    nq_dataset_free(odd);
}

static void reports_of_both_sources_are_alike(void **state)
{
    const fixture *f = *state;
    nq_source sources[] = {file_of(f), memory_of(f)};
    char *found[2];
    const nq_evaluate_options evaluate = {.terms = TERMS,
                                          .json = 1,
                                          .entropy = 1,
                                          .parzen = "40"};
    for (int i = 0; i < 2; i++)
        assert_ok(nq_evaluate(NULL, &found[i], f->context, f->model, &sources[i], &evaluate),
                  f->context);
    assert_string_equal(found[0], found[1]);
    assert_non_null(strstr(found[0], "\"parzen\":{"));
    free(found[0]);
    free(found[1]);
    const nq_compare_options compare = {.terms = TERMS, .json = 1, .steps = "8,8"};
    nq_comparison comparison;
    for (int i = 0; i < 2; i++) {
        assert_ok(nq_compare(&comparison, &found[i], f->context, f->model, f->model, &sources[i],
                             &compare),
                  f->context);
        assert_int_equal(comparison.rows, ROWS);
        nq_comparison_free(&comparison);
    }
    assert_string_equal(found[0], found[1]);
    free(found[0]);
    free(found[1]);
    const nq_check_report_options check = {.permutations = 9,
                                           .given_rows = 20,
                                           .self_rows = 20,
                                           .json = 1};
    for (int i = 0; i < 2; i++)
        assert_ok(nq_check_report(NULL, &found[i], f->context, f->model, &sources[i], &check),
                  f->context);
    assert_string_equal(found[0], found[1]);
    free(found[0]);
    free(found[1]);
}

static void a_model_and_data_are_described(void **state)
{
    const fixture *f = *state;
    const nq_source rows = file_of(f);
    char *text, *described;
    const nq_describe_options json = {.json = 1};
    assert_ok(nq_describe_model(&text, f->context, f->model, &json), f->context);
    assert_ok(nq_model_describe(&described, f->context, f->model), f->context);
    assert_memory_equal(text, described, strlen(described));
    free(text);
    free(described);
    assert_ok(nq_describe_data(&text, f->context, &rows, NULL), f->context);
    assert_non_null(strstr(text, "rows     120"));
    free(text);
    assert_false(nq_path_is_model(f->data));
    assert_true(nq_path_is_model("some.nq"));
}

/* Two tables of memory: the mean of means, and Rubin's variance of it. */
static void tables_of_memory_are_pooled(void **state)
{
    const fixture *f = *state;
    const double first[] = {1, 2, 3, 4}, second[] = {2, 3, 4, 7};
    const char *const names[] = {"x"};
    const nq_pool_tables_options options = {.mean = "x"};
    nq_source sources[2] = {{0}};
    nq_dataset *tables[2];
    nq_pool_answers answers;
    assert_ok(nq_dataset_from_array(&tables[0], f->context, first, 4, 1, names), f->context);
    assert_ok(nq_dataset_from_array(&tables[1], f->context, second, 4, 1, names), f->context);
    for (int i = 0; i < 2; i++)
        sources[i].data = tables[i];
    assert_ok(nq_pool_tables(&answers, NULL, f->context, sources, 2, &options), f->context);
    assert_int_equal(answers.count, 1);
    assert_string_equal(answers.names[0], "mean of x");
    assert_close("pooled mean", answers.answers[0].mean, 3.25, 1e-12);
    assert_close("between", answers.answers[0].between, 1.125, 1e-12);
    nq_pool_answers_free(&answers);
    assert_int_equal(nq_pool_tables(&answers, NULL, f->context, sources, 1, &options),
                     NQ_ERROR_SHAPE);
    context_says(f->context, "one completed table");
    nq_dataset_free(tables[0]);
    nq_dataset_free(tables[1]);
}

static void what_is_asked_in_vain_is_refused(void **state)
{
    fixture *f = *state;
    const nq_source rows = file_of(f), none = {0};
    const struct {
        nq_score_options options;
        nq_status status;
        const char *says;
    } cases[] = {
        {{.units = "bits"}, NQ_ERROR_ARGUMENT, "units takes scaled or data, not 'bits'"},
        {{.units = "recorded"}, NQ_ERROR_ARGUMENT, "expected scaled or data"},
        {{.by_column = 1, .ais = 4}, NQ_ERROR_ARGUMENT, "by_column is of K"},
        {{.by_column = 1}, NQ_ERROR_UNSUPPORTED, "several kinds"},
        {{.of = "x"}, NQ_ERROR_UNSUPPORTED, "trained with roles 1"},
        {{.output = f->data}, NQ_ERROR_FILE, "would be overwritten"},
        {{.output = "scores.xyz"}, NQ_ERROR_FILE, "says no format"},
        {{.model_path = f->output, .output = f->output}, NQ_ERROR_FILE, "(MODEL)"},
    };
    nq_scores scores;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(nq_score(&scores, NULL, f->context, f->model, &rows, &cases[i].options),
                         cases[i].status);
        context_says(f->context, cases[i].says);
        assert_null(scores.score);
    }
    assert_int_equal(nq_score(NULL, NULL, f->context, f->model, &none, NULL), NQ_ERROR_ARGUMENT);
    context_says(f->context, "neither a path nor a data set");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_the_bounds_of_rows),
        cmocka_unit_test(units_of_the_data_shift_every_row),
        cmocka_unit_test(files_and_tops_of_both_sources_are_alike),
        cmocka_unit_test(trajectories_are_those_of_nq_ais),
        cmocka_unit_test(a_monitor_that_finishes_gets_what_there_is),
        cmocka_unit_test(a_monitor_that_stops_leaves_nothing),
        cmocka_unit_test(impossible_rows_are_cautions),
        cmocka_unit_test(reports_of_both_sources_are_alike),
        cmocka_unit_test(a_model_and_data_are_described),
        cmocka_unit_test(tables_of_memory_are_pooled),
        cmocka_unit_test(what_is_asked_in_vain_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
