/* test_ranks.c - several ranks compute, bit for bit, what one does, and divide the work. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "dist/comm.h"
#include "math/math_test.h"
#include "train/trainer.h"
#include "unit/rank_threads.h"

static void parts_follow_each_other_and_differ_by_one_at_most(void **state)
{
    (void)state;
    for (int size = 1; size <= 9; size++)
        for (size_t items = 0; items < 40; items++) {
            assert_int_equal(nqi_part_first(items, 0, size), 0);
            assert_int_equal(nqi_part_first(items, size, size), items);
            for (int r = 0; r < size; r++) {
                const size_t part =
                    nqi_part_first(items, r + 1, size) - nqi_part_first(items, r, size);
                assert_true(part == items / (size_t)size || part == items / (size_t)size + 1);
            }
            assert_true(nqi_part_first(items, 1, size) >= (items > 0));
        }
}

enum { ITEMS_MOST = 100 };

/* Filled by all ranks: who did an item. */
typedef struct tally {
    size_t items;
    int seen[RANKS_MOST][ITEMS_MOST]; /* [rank][item] what rank holds after the gathering */
    int done[RANKS_MOST][ITEMS_MOST]; /* calls */
} tally;

typedef struct item_job {
    int *values, *done;
} item_job;

static void item_square(void *state, size_t item, int thread)
{
    const item_job *job = state;
    (void)thread;
    job->values[item] = (int)(item * item) + 1;
    job->done[item]++;
}

static void items_divide(const nq_comm *comm, int rank, void *argument)
{
    tally *all = argument;
    nq_context *context = context_open(2);
    item_job job = {all->seen[rank], all->done[rank]};
    const nqi_result result = {all->seen[rank], sizeof(int)};
    assert_ok(nq_context_use_comm(context, comm), context);
    assert_ok(nqi_ranks_run(context, all->items, item_square, &job), context);
    assert_ok(nqi_ranks_gather(context, all->items, &result, 1), context);
    nq_context_free(context);
}

static void every_item_is_done_by_one_rank_and_known_to_all(void **state)
{
    (void)state;
    const int sizes[] = {1, 2, 3, 7};
    const size_t items[] = {0, 1, 2, 6, 64, ITEMS_MOST};
    for (int s = 0; s < 4; s++)
        for (int k = 0; k < 6; k++) {
            static tally all;
            all = (tally){.items = items[k]};
            ranks_work(sizes[s], items_divide, &all);
            for (size_t i = 0; i < items[k]; i++) {
                int calls = 0;
                for (int r = 0; r < sizes[s]; r++) {
                    assert_int_equal(all.seen[r][i], i * i + 1);
                    calls += all.done[r][i];
                }
                assert_int_equal(calls, 1);
            }
        }
}

static void word_take(const nq_comm *comm, int rank, void *argument)
{
    int *words = argument;
    nq_context *context = context_open(1);
    assert_ok(nq_context_use_comm(context, comm), context);
    assert_int_equal(nq_context_rank(context), rank);
    assert_int_equal(nq_context_ranks(context), comm->size);
    words[rank] = 100 + rank;
    assert_ok(nq_context_share(context, &words[rank], sizeof *words), context);
    nq_context_free(context);
}

static void the_word_of_rank_0_is_everyones(void **state)
{
    (void)state;
    int words[RANKS_MOST];
    ranks_work(4, word_take, words);
    for (int r = 0; r < 4; r++)
        assert_int_equal(words[r], 100);
}

/* Sums of the bits of all results of one model: equal only if all are. */
typedef struct results {
    uint64_t params, moments, schedule, samples, bound, likelihood, posterior;
} results;

typedef struct run_case {
    const char *set;
    const setting *model, *train;
    int gaps;
    results got[RANKS_MOST];
} run_case;

static uint64_t bits_of(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

static nq_dataset *rows_made(nq_context *context, const run_case *c)
{
    nq_dataset *data = dataset_made(context, c->set, 300, 0, 1);
    if (!c->gaps)
        return data;
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    double *values = calloc(rows * dim, sizeof *values);
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(values + r * dim, data, r);
        if (r % 3 == 0)
            values[r * dim + r % dim] = NAN;
    }
    nq_dataset_free(data);
    data = dataset_of(context, values, rows, dim);
    free(values);
    return data;
}

static void trainer_look(results *out, nq_context *context, nq_trainer *trainer)
{
    const nq_model *model;
    const size_t bytes = trainer->optimiser.count * sizeof(nqi_real);
    assert_ok(nq_trainer_model(&model, trainer), context);
    out->params = bits_of(model->regressor.params, bytes);
    out->moments =
        bits_of(trainer->optimiser.first, bytes) ^ 3 * bits_of(trainer->optimiser.second, bytes);
    out->schedule =
        bits_of(model->process.schedule.beta, model->process.schedule.steps * sizeof(double)) ^
        3 * bits_of(&trainer->progress.smooth_loss, sizeof(double));
}

static void posterior_look(results *out, nq_context *context, const nq_model *model,
                           const nq_dataset *data)
{
    const size_t rows = 70, dim = nq_dataset_dim(data);
    double *values = calloc(rows * dim, sizeof *values);
    nq_evidence *evidence;
    nq_posterior posterior;
    nq_posterior_options options;
    nq_posterior_options_init(&options, sizeof options);
    options.particles = 24;
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(values + r * dim, data, r);
        values[r * dim] = NAN;
    }
    assert_ok(nq_evidence_clamp(&evidence, context, model, values, rows), context);
    assert_ok(nq_posterior_sample(&posterior, context, model, evidence, &options), context);
    out->posterior = bits_of(posterior.samples, rows * dim * sizeof(double)) ^
                     3 * bits_of(posterior.log_evidence, rows * sizeof(double));
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    free(values);
}

static void model_look(results *out, nq_context *context, const nq_model *model,
                       const nq_dataset *data)
{
    nq_bound bound;
    nq_ais ais;
    const nq_bound_options bound_options = {.terms = 6, .seed = 3};
    const nq_ais_options ais_options = {.samples = 3, .seed = 4};
    const nq_sample_options sample = {.rows = 300, .seed = 5};
    double *rows = calloc(300 * nq_model_columns(model), sizeof *rows);
    assert_ok(nq_sample(rows, context, model, &sample), context);
    out->samples = bits_of(rows, 300 * nq_model_columns(model) * sizeof *rows);
    free(rows);
    assert_ok(nq_bound_estimate(&bound, context, model, data, &bound_options), context);
    out->bound = bits_of(bound.row_bound, bound.rows * sizeof(double)) ^
                 3 * bits_of(bound.kl, bound.steps * sizeof(double)) ^
                 5 * bits_of(&bound.se, sizeof bound.se);
    nq_bound_free(&bound);
    assert_ok(nq_ais_estimate(&ais, context, model, data, &ais_options), context);
    out->likelihood = bits_of(ais.row_likelihood, 4 * ais.rows * sizeof(double));
    nq_ais_free(&ais);
    posterior_look(out, context, model, data);
}

static void everything_run(const nq_comm *comm, int rank, void *argument)
{
    run_case *c = argument;
    results *out = &c->got[rank];
    nq_context *context = context_open(rank % 2 + 1);
    nq_trainer *trainer;
    const nq_model *model;
    nq_train_state progress;
    const nq_model_options model_choice = model_options(c->model);
    const nq_train_options train_choice = train_options(c->train);
    assert_ok(nq_context_use_comm(context, comm), context);
    nq_dataset *whole = dataset_made(context, c->set, 200, 0, 9), *data = rows_made(context, c);
    assert_ok(nq_trainer_new(&trainer, context, data, whole, &model_choice, &train_choice),
              context);
    do {
        assert_ok(nq_trainer_step(trainer), context);
        nq_trainer_state(&progress, trainer);
    } while (!progress.done);
    trainer_look(out, context, trainer);
    assert_ok(nq_trainer_model(&model, trainer), context);
    model_look(out, context, model, whole);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
    nq_dataset_free(whole);
    nq_context_free(context);
}

static void check_ranks(const char *set, const setting *model, const setting *train, int gaps)
{
    const int sizes[] = {2, 3, RANKS_MOST};
    static run_case alone, many;
    alone = (run_case){.set = set, .model = model, .train = train, .gaps = gaps};
    everything_run(NULL, 0, &alone);
    for (int s = 0; s < 3; s++) {
        many = (run_case){.set = set, .model = model, .train = train, .gaps = gaps};
        ranks_work(sizes[s], everything_run, &many);
        for (int r = 0; r < sizes[s]; r++)
            assert_memory_equal(&many.got[r], &alone.got[0], sizeof(results));
    }
}

static void a_learned_schedule_with_dropout_and_gaps_is_the_same(void **state)
{
    (void)state;
    const setting model[] = {{"regressor", "mlp"},
                             {"hidden", "24,24"},
                             {"steps", "20"},
                             {"schedule", "learned"},
                             {NULL, NULL}};
    const setting train[] = {{"updates", "24"},  {"batch", "1300"},    {"dropout", "0.1"},
                             {"average", "0.9"}, {"valid_every", "8"}, {NULL, NULL}};
    check_ranks("gaussian", model, train, 1);
}

static void readouts_of_steps_that_share_and_split_are_the_same(void **state)
{
    (void)state;
    const setting model[] = {{"regressor", "mlp"},
                             {"hidden", "20,20"},
                             {"readout", "per-step"},
                             {"steps", "60"},
                             {NULL, NULL}};
    const setting train[] = {{"updates", "30"}, {"batch", "4864"}, {"share", "20"}, {NULL, NULL}};
    check_ranks("heartbeat", model, train, 0);
}

static void readouts_that_are_solved_are_the_same(void **state)
{
    (void)state;
    const setting model[] = {{"regressor", "rbf"},    {"hidden", "8"},    {"steps", "20"},
                             {"schedule", "learned"}, {"beta_1", "1e-3"}, {NULL, NULL}};
    const setting train[] = {{"updates", "70"},
                             {"fit_updates", "60"},
                             {"batch", "1024"},
                             {NULL, NULL}};
    check_ranks("swissroll", model, train, 0);
}

/* Ranks hand on a gradient 64 slices at a time; this one has two such pieces. */
static void a_gradient_of_many_slices_is_the_same(void **state)
{
    (void)state;
    const setting model[] = {{"regressor", "mlp"},
                             {"hidden", "560,560"},
                             {"steps", "5"},
                             {NULL, NULL}};
    const setting train[] = {{"updates", "3"}, {"batch", "512"}, {"clip", "0.01"}, {NULL, NULL}};
    check_ranks("heartbeat", model, train, 0);
}

static nq_status gather_nothing(void *state, void *all, const size_t *first)
{
    (void)state;
    (void)all;
    (void)first;
    return NQ_ERROR_RANK;
}

static nq_status share_own(void *state, int root, void *bytes, size_t count)
{
    (void)state;
    (void)root;
    (void)bytes;
    (void)count;
    return NQ_OK;
}

static void a_rank_that_does_not_answer_is_a_status(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const nq_comm comm = {0, 2, NULL, share_own, gather_nothing, NULL, NULL};
    assert_int_equal(nq_context_use_comm(context, &comm), NQ_ERROR_RANK);
    assert_non_null(strstr(nq_context_message(context), "rank 0 of 2"));
    assert_int_equal(nq_context_ranks(context), 1);
    nq_context_free(context);
}

static void kernels_meet(const nq_comm *comm, int rank, void *argument)
{
    nq_status *got = argument;
    nq_context *context;
    const nq_context_options options = {.threads = 1, .cpu = rank == 1 ? "ref" : "generic"};
    assert_int_equal(nq_context_new(&context, &options), NQ_OK);
    got[rank] = nq_context_use_comm(context, comm);
    nq_context_free(context);
}

static void ranks_with_different_kernels_are_refused(void **state)
{
    (void)state;
    nq_status got[RANKS_MOST];
    ranks_work(3, kernels_meet, got);
    assert_int_equal(got[0], NQ_OK);
    assert_int_equal(got[1], NQ_ERROR_ARGUMENT);
    assert_int_equal(got[2], NQ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_each_other_and_differ_by_one_at_most),
        cmocka_unit_test(every_item_is_done_by_one_rank_and_known_to_all),
        cmocka_unit_test(the_word_of_rank_0_is_everyones),
        cmocka_unit_test(a_learned_schedule_with_dropout_and_gaps_is_the_same),
        cmocka_unit_test(readouts_of_steps_that_share_and_split_are_the_same),
        cmocka_unit_test(readouts_that_are_solved_are_the_same),
        cmocka_unit_test(a_gradient_of_many_slices_is_the_same),
        cmocka_unit_test(a_rank_that_does_not_answer_is_a_status),
        cmocka_unit_test(ranks_with_different_kernels_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
