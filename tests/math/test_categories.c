/* test_categories.c - levels beside numbers and bits, two levels as a bit, and what is drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/levels_by_hand.h"

#include "diffusion/walk.h"

static const double activity = 0.65;

/* A column of two levels, or (bit) the bit that it is, with the same outputs. */
static void pair_open(by_hand *h, int bit, int learn_last)
{
    const nqi_block_plan level = {&nqi_family_categorical, 1, SECOND, frequencies + FIRST};
    const nqi_block_plan one = {.family = &nqi_family_binomial,
                                .count = 1,
                                .equilibrium = &activity};
    by_hand_open(h, bit ? &one : &level, 1, NULL);
    nqi_process_learn_last(&h->process, learn_last);
}

/* Row r: x_0 is bit 0 of r, x_t bit 1. */
static void pair_place(by_hand *h, int bit, size_t t)
{
    nqi_real *z = h->batch.tape.value[h->graph.output];
    h->batch.tape.time[0] = (uint32_t)t;
    for (size_t r = 0; r < LD; r++) {
        const double first = 3 * sin((double)(r + 5 * t)), second = sin((double)(r + 3 * t));
        h->batch.x_0[r] = (nqi_real)(r % 2);
        nqi_batch_x_t(&h->batch)[r] = (nqi_real)(r / 2 % 2);
        z[r] = (nqi_real)(bit ? second - first : first);
        if (!bit)
            z[LD + r] = (nqi_real)second;
    }
}

static void check_pair_step(by_hand *level, by_hand *bit, size_t t)
{
    nqi_real law[2 * LD], mean[LD], variance[2 * LD];
    double before[LD], after[LD], log_w[2][LD] = {{0}};
    pair_place(level, 0, t);
    pair_place(bit, 1, t);
    nqi_batch_divergence(&level->process, &level->batch, 0, 1, 1);
    nqi_batch_divergence(&bit->process, &bit->batch, 0, 1, 1);
    nqi_batch_moments(&level->process, &level->batch, 0, law, variance);
    nqi_batch_moments(&bit->process, &bit->batch, 0, mean, variance);
    for (size_t r = 0; r < LD; r++) {
        before[r] = (double)(r / 4 % 2);
        after[r] = (double)nqi_batch_x_t(&bit->batch)[r];
    }
    nqi_batch_log_ratio(&level->process, &level->batch, log_w[0], before, after);
    nqi_batch_log_ratio(&bit->process, &bit->batch, log_w[1], before, after);
    const nqi_real *slope[2] = {level->batch.tape.grad[level->graph.output],
                                bit->batch.tape.grad[bit->graph.output]};
    for (size_t r = 0; r < LD; r++) {
        const double kl = (double)bit->batch.kl[r];
        assert_close("divergence", (double)level->batch.kl[r], kl, 1e-6 + 2e-6 * kl);
        assert_close("gradient", (double)slope[0][LD + r], (double)slope[1][r], 2e-6);
        assert_close("gradient", (double)slope[0][r], -(double)slope[1][r], 2e-6);
        assert_close("law", (double)law[LD + r], (double)mean[r], 1e-6);
        assert_close("log ratio", log_w[0][r], log_w[1][r], 2e-5);
    }
}

static void two_levels_are_a_bit(void **state)
{
    (void)state;
    for (int learned = 0; learned < 2; learned++) {
        by_hand level, bit;
        pair_open(&level, 0, learned);
        pair_open(&bit, 1, learned);
        for (size_t t = 1; t <= STEPS; t++)
            check_pair_step(&level, &bit, t);
        const double law[2] = {0.8, 0.2}, none[2] = {0};
        double largest[2] = {0};
        for (size_t t = 1; t <= STEPS; t++) {
            for (size_t r = 0; r < 2; r++)
                assert_close("entropy",
                             nqi_process_entropy_given_data(&level.process, level.batch.x_0 + r,
                                                            LD, t),
                             nqi_process_entropy_given_data(&bit.process, bit.batch.x_0 + r, LD,
                                                            t),
                             1e-12);
            assert_close("entropy of a step", nqi_process_entropy_step(&level.process, law, t),
                         nqi_process_entropy_step(&bit.process, law + 1, t), 1e-12);
            assert_close("mean entropy", nqi_process_entropy_mean(&level.process, law, t),
                         nqi_process_entropy_mean(&bit.process, law + 1, t), 1e-12);
        }
        for (size_t r = 0; r < 2; r++) {
            assert_close("edge", nqi_process_edge(&level.process, level.batch.x_0 + r, LD),
                         nqi_process_edge(&bit.process, bit.batch.x_0 + r, LD), 1e-12);
            assert_close("log pi", nqi_process_log_prior(&level.process, level.batch.x_0 + r, LD),
                         nqi_process_log_prior(&bit.process, bit.batch.x_0 + r, LD), 1e-12);
        }
        assert_close("rise", nqi_process_entropy_rise(&level.process, law, none, &largest[0]),
                     nqi_process_entropy_rise(&bit.process, law + 1, none, &largest[1]), 1e-12);
        assert_close("largest", largest[0], largest[1], 1e-12);
        by_hand_close(&level);
        by_hand_close(&bit);
    }
}

/* Odds d of a one are the weights 1 - d and d. */
static void twists_of_two_levels_are_those_of_a_bit(void **state)
{
    (void)state;
    by_hand h[2];
    const double d[4] = {0.3, 0, 1, 0.9};
    const size_t target[1] = {0};
    pair_open(&h[0], 0, 1);
    pair_open(&h[1], 1, 1);
    for (size_t i = 0; i < 4 * 3 * (STEPS + 1); i++) {
        const nqi_twist twist = (nqi_twist)(i / 4 % 3);
        const size_t t = i / 12;
        const double r[2] = {1 - d[i % 4], d[i % 4]};
        double mean[2][2] = {{0.4, 0.6}, {0.6}}, off[2] = {0}, sum[2] = {0};
        for (int k = 0; k < 2; k++) {
            const nqi_block *b = &h[k].process.blocks[0];
            const nqi_cells cells = {.value = k ? r + 1 : r, .stride = 2, .target = target};
            nqi_real x = 1;
            nqi_proposal p = {.rows = 1, .x = &x, .mean = mean[k]};
            b->family->twisting->multiply(b, &cells, twist, t, &p, &sum[k]);
            b->family->twisting->untwist(b, &cells, twist, t, &p, &off[k]);
        }
        assert_close("law", mean[0][1], mean[1][0], 1e-12);
        assert_close("weight", sum[0], sum[1], 1e-12);
        if (isfinite(off[1]))
            assert_close("twist", off[0], off[1], 1e-12);
        else
            assert_true(off[0] == off[1]);
    }
    by_hand_close(&h[0]);
    by_hand_close(&h[1]);
}

/* Numbers, bits and levels in one process, and each by itself. */
static void blocks_of_three_families_add_up(void **state)
{
    (void)state;
    const nqi_block_plan plans[3] = {{.family = &nqi_family_gaussian, .count = 1},
                                     {&nqi_family_categorical, 1, FIRST, frequencies},
                                     {.family = &nqi_family_binomial,
                                      .count = 1,
                                      .equilibrium = &activity}};
    by_hand all, alone[3];
    by_hand_open(&all, plans, 3, NULL);
    for (size_t k = 0; k < 3; k++)
        by_hand_open(&alone[k], &plans[k], 1, NULL);
    assert_int_equal(all.process.outputs, 2 + FIRST + 1);
    assert_int_equal(all.process.laws, 1 + FIRST + 1);
    assert_int_equal(all.process.blocks[2].law_first, 1 + FIRST);
    for (size_t t = 1; t <= STEPS; t++) {
        double kl[LD] = {0}, prior = 0, edge = 0, entropy = 0;
        nqi_real *const z = all.batch.tape.value[all.graph.output];
        for (size_t j = 0; j < 6 * LD; j++)
            z[j] = (nqi_real)sin((double)(j + t));
        for (size_t j = 0; j < 3 * LD; j++) {
            const size_t number = j / LD, r = j % LD;
            const size_t level = number == 1 ? r % FIRST : r % 2;
            all.batch.x_0[j] = (nqi_real)(number ? (double)level : cos((double)r));
            all.batch.noise[j] = (nqi_real)sin((double)r);
            if (number)
                ((uint32_t *)(void *)(all.batch.noise + number * LD))[r] =
                    (uint32_t)(r + 1) * 0x0f0f0f0fu;
        }
        all.batch.tape.time[0] = (uint32_t)t;
        nqi_batch_corrupt(&all.process, &all.batch, 0);
        nqi_batch_divergence(&all.process, &all.batch, 0, 1, 1);
        for (size_t k = 0; k < 3; k++) {
            const nqi_block *b = &all.process.blocks[k];
            by_hand *own = &alone[k];
            const size_t from = b->output_first * LD, outputs = b->outputs * LD;
            own->batch.tape.time[0] = (uint32_t)t;
            memcpy(own->batch.x_0, all.batch.x_0 + k * LD, LD * sizeof *z);
            memcpy(own->batch.noise, all.batch.noise + k * LD, LD * sizeof *z);
            memcpy(own->batch.tape.value[own->graph.output], z + from, outputs * sizeof *z);
            nqi_batch_corrupt(&own->process, &own->batch, 0);
            assert_memory_equal(nqi_batch_x_t(&own->batch), nqi_batch_x_t(&all.batch) + k * LD,
                                LD * sizeof *z);
            nqi_batch_divergence(&own->process, &own->batch, 0, 1, 1);
            assert_memory_equal(own->batch.tape.grad[own->graph.output],
                                all.batch.tape.grad[all.graph.output] + from,
                                outputs * sizeof *z);
            for (size_t r = 0; r < LD; r++)
                kl[r] += (double)own->batch.kl[r];
            prior += nqi_process_log_prior(&own->process, own->batch.x_0, LD);
            edge += nqi_process_edge(&own->process, own->batch.x_0, LD);
            entropy += nqi_process_entropy_given_data(&own->process, own->batch.x_0, LD, t);
        }
        for (size_t r = 0; r < LD; r++)
            assert_close("kl", (double)all.batch.kl[r], kl[r], 1e-5);
        assert_close("log pi", nqi_process_log_prior(&all.process, all.batch.x_0, LD), prior,
                     1e-12);
        assert_close("edge", nqi_process_edge(&all.process, all.batch.x_0, LD), edge, 1e-12);
        assert_close("entropy",
                     nqi_process_entropy_given_data(&all.process, all.batch.x_0, LD, t), entropy,
                     1e-12);
    }
    for (size_t k = 0; k < 3; k++)
        by_hand_close(&alone[k]);
    by_hand_close(&all);
}

/* Two columns as one block are like two blocks, which have their outputs in another order. */
static void columns_of_a_block_are_like_blocks(void **state)
{
    (void)state;
    const double laws[2 * FIRST] = {0.5, 0.3, 0.2, 0.1, 0.2, 0.7};
    const nqi_block_plan one = {&nqi_family_categorical, 2, FIRST, laws};
    const nqi_block_plan two[2] = {{&nqi_family_categorical, 1, FIRST, laws},
                                   {&nqi_family_categorical, 1, FIRST, laws + FIRST}};
    by_hand h[2];
    by_hand_open(&h[0], &one, 1, NULL);
    by_hand_open(&h[1], two, 2, NULL);
    for (size_t t = 1; t <= STEPS; t++) {
        nqi_real law[2][2 * FIRST * LD], variance[2 * FIRST * LD];
        double before[2 * LD], log_w[2][LD] = {{0}};
        for (size_t k = 0; k < 2; k++) {
            nqi_batch *batch = &h[k].batch;
            nqi_real *z = batch->tape.value[h[k].graph.output];
            batch->tape.time[0] = (uint32_t)t;
            for (size_t j = 0; j < 2 * LD; j++) {
                const size_t c = j / LD, r = j % LD;
                batch->x_0[j] = (nqi_real)((r + 2 * c) % FIRST);
                before[j] = (double)((r / 3 + c) % FIRST);
                ((uint32_t *)(void *)batch->noise)[j] = (uint32_t)(j + 1) * 0x07654321u;
                for (size_t o = 0; o < FIRST; o++)
                    z[(k ? c * FIRST + o : o * 2 + c) * LD + r] =
                        (nqi_real)sin((double)(3 * o + 5 * r + c));
            }
            /* a block's bits begin with it */
            if (k)
                for (size_t r = 0; r < LD; r++)
                    ((uint32_t *)(void *)(batch->noise + LD))[r] =
                        (uint32_t)(LD + r + 1) * 0x07654321u;
            nqi_batch_corrupt(&h[k].process, batch, 0);
            nqi_batch_divergence(&h[k].process, batch, 0, 1, 1);
            nqi_batch_moments(&h[k].process, batch, 0, law[k], variance);
            double after[2 * LD];
            for (size_t j = 0; j < 2 * LD; j++)
                after[j] = (double)nqi_batch_x_t(batch)[j];
            nqi_batch_log_ratio(&h[k].process, batch, log_w[k], before, after);
            nqi_batch_reverse(&h[k].process, batch, 0);
        }
        nqi_real second[2][LD]; /* of the second column alone */
        for (size_t k = 0; k < 2; k++) {
            const nqi_block *b = &h[k].process.blocks[k];
            const nqi_rows rows = nqi_batch_rows(&h[k].batch, b, 0, 1);
            b->family->steps->divergence(b, &rows, k ? 0 : 1, 1, second[k], 1);
        }
        assert_memory_equal(second[0], second[1], sizeof second[0]);
        assert_memory_equal(nqi_batch_x_t(&h[0].batch), nqi_batch_x_t(&h[1].batch),
                            2 * LD * sizeof(nqi_real));
        assert_memory_equal(law[0], law[1], sizeof law[0]);
        for (size_t r = 0; r < LD; r++) {
            assert_close("kl", (double)h[0].batch.kl[r], (double)h[1].batch.kl[r], 1e-5);
            assert_close("log ratio", log_w[0][r], log_w[1][r], 1e-12);
        }
        for (size_t c = 0; c < 2; c++)
            for (size_t o = 0; o < FIRST; o++)
                assert_memory_equal(h[0].batch.tape.grad[h[0].graph.output] + (o * 2 + c) * LD,
                                    h[1].batch.tape.grad[h[1].graph.output] +
                                        (c * FIRST + o) * LD,
                                    LD * sizeof(nqi_real));
        assert_close("entropy",
                     nqi_process_entropy_given_data(&h[0].process, h[0].batch.x_0, LD, t),
                     nqi_process_entropy_given_data(&h[1].process, h[1].batch.x_0, LD, t), 1e-12);
    }
    by_hand_close(&h[0]);
    by_hand_close(&h[1]);
}

/* Counts of states against a law: chi2 of n - 1 degrees that a right one exceeds once in 1e5. */
static void assert_law(const double *counts, const double *law, size_t n)
{
    double all = 0, chi2 = 0;
    for (size_t i = 0; i < n; i++)
        all += counts[i];
    for (size_t i = 0; i < n; i++) {
        if (law[i] == 0)
            assert_true(counts[i] == 0);
        else
            chi2 += (counts[i] - all * law[i]) * (counts[i] - all * law[i]) / (all * law[i]);
    }
    if (chi2 > (double)n + 30)
        fail_msg("chi2 is %g for %zu states", chi2, n);
}

static const nqi_stream stream = {9, NQI_DRAW_TEST, 0, 0};

static nqi_stream draw_number(size_t n)
{
    nqi_stream own = stream;
    own.step = (uint32_t)n;
    return own;
}

static void corrupted_rows_have_the_law_of_q(void **state)
{
    (void)state;
    enum { ROUNDS = 2000 };
    by_hand h;
    levels_open(&h, 1);
    for (size_t t = 1; t <= STEPS; t += 2) {
        double counts[STATES] = {0}, law[STATES];
        place_truth(&h, 4);
        h.batch.tape.time[0] = (uint32_t)t;
        for (size_t n = 0; n < ROUNDS; n++) {
            const nqi_stream own = draw_number(n + ROUNDS * t);
            nqi_batch_draw(&h.process, &h.batch, &own);
            nqi_batch_corrupt(&h.process, &h.batch, 0);
            for (size_t r = 0; r < LD; r++)
                counts[(size_t)nqi_batch_x_t(&h.batch)[r] +
                       FIRST * (size_t)nqi_batch_x_t(&h.batch)[LD + r]]++;
        }
        for (size_t s = 0; s < STATES; s++)
            law[s] = forward_law(&h, t, 4, s, 0);
        assert_law(counts, law, STATES);
    }
    by_hand_close(&h);
}

/* From pi down, each row with the outputs of the state that it has. */
static void drawn_rows_have_the_law_of_the_model(void **state)
{
    (void)state;
    enum { ROUNDS = 2000 };
    for (int learned = 0; learned < 2; learned++) {
        by_hand h;
        double counts[STATES] = {0}, law[STATES];
        levels_open(&h, learned);
        model_law(&h, 1.5, law);
        nqi_real *x = nqi_batch_x_t(&h.batch), *z = h.batch.tape.value[h.graph.output];
        for (size_t n = 0; n < ROUNDS; n++) {
            nqi_stream own = draw_number(n * (STEPS + 1));
            nqi_batch_draw(&h.process, &h.batch, &own);
            nqi_batch_start(&h.process, &h.batch);
            for (size_t t = STEPS; t > 0; t--) {
                nqi_real now[2 * LD], table[(FIRST + SECOND) * LD];
                memcpy(now, x, sizeof now);
                place_state_rows(&h, t, 1.5);
                memcpy(table, z, sizeof table);
                memcpy(x, now, sizeof now);
                for (size_t j = 0; j < (FIRST + SECOND) * LD; j++)
                    z[j] = table[j / LD * LD + (size_t)now[j % LD] +
                                 FIRST * (size_t)now[LD + j % LD]];
                own.step++;
                nqi_batch_draw(&h.process, &h.batch, &own);
                nqi_batch_reverse(&h.process, &h.batch, 0);
            }
            for (size_t r = 0; r < LD; r++)
                counts[(size_t)x[r] + FIRST * (size_t)x[LD + r]]++;
        }
        assert_law(counts, law, STATES);
        by_hand_close(&h);
    }
}

/* A walk under evidence. */
typedef struct guided {
    nqi_walk walk;
    nqi_cells cells;
    double log_weight[1000];
} guided;

static void guided_proposed(void *state, size_t level)
{
    guided *g = state;
    const nqi_block *b = &g->walk.process->blocks[0];
    nqi_proposal p = nqi_walk_block(&g->walk, b);
    b->family->twisting->multiply(b, &g->cells, NQI_TWIST_INFORMED, level, &p, g->log_weight);
}

static void guided_drawn(void *state, size_t level)
{
    guided *g = state;
    const nqi_block *b = &g->walk.process->blocks[0];
    const nqi_proposal p = nqi_walk_block(&g->walk, b);
    if (level)
        b->family->twisting->untwist(b, &g->cells, NQI_TWIST_INFORMED, level, &p, g->log_weight);
}

/* For a model that is pi the informed twist is exact: all weights are the evidence, and rows are
 * drawn from pi r. */
static void guided_rows_of_pi_are_exact(void **state)
{
    (void)state;
    enum { ROWS = 1000, ROUNDS = 20 };
    static const nqi_regressor_type network = {.name = "network"};
    static size_t target[ROWS];
    const double r[FIRST] = {0.1, 1, 0};
    nq_context *context = context_open(1);
    by_hand h;
    levels_open(&h, 1);
    nqi_regressor regressor = {.type = &network, .graph = h.graph};
    nqi_predictor predictor;
    guided g = {.cells = {.value = r, .stride = FIRST + SECOND, .target = target}};
    double counts[STATES] = {0}, law[STATES], evidence = 0;
    assert_ok(nqi_predictor_new(&predictor, context, &h.process, &regressor, LD, 0), context);
    assert_ok(nqi_walk_new(&g.walk, context, &h.process, &predictor, ROWS, 0), context);
    predictor.batch.tape.groups = 1;
    for (size_t s = 0; s < STATES; s++) {
        law[s] =
            frequencies[level_in(s, 0)] * r[level_in(s, 0)] * frequencies[FIRST + level_in(s, 1)];
        evidence += law[s];
    }
    for (size_t s = 0; s < STATES; s++)
        law[s] /= evidence;
    const nqi_guide guide = {.state = &g, .proposed = guided_proposed, .drawn = guided_drawn};
    for (size_t n = 0; n < ROUNDS; n++) {
        memset(g.log_weight, 0, sizeof g.log_weight);
        g.walk.stream = draw_number(n * (STEPS + 2));
        nqi_walk_begin(&g.walk, &guide);
        nqi_walk_down(&g.walk, &guide, STEPS, 0);
        for (size_t j = 0; j < ROWS; j++) {
            const nqi_real *x = g.walk.proposal.x + j;
            assert_close("weight", g.log_weight[j], log(evidence), 1e-5);
            counts[(size_t)x[0] + FIRST * (size_t)x[ROWS]]++;
        }
    }
    assert_law(counts, law, STATES);
    nqi_walk_free(&g.walk);
    nqi_predictor_free(&predictor);
    by_hand_close(&h);
    nq_context_free(context);
}

static void levels_are_refused_that_are_none(void **state)
{
    (void)state;
    nq_context *context = context_open(1);
    const double wrong[FIRST] = {0.5, 0.5, 0.5}, none[FIRST] = {0.5, 0.5, 0};
    const nqi_block_plan plans[3] = {{&nqi_family_categorical, 1, FIRST, wrong},
                                     {&nqi_family_categorical, 1, FIRST, none},
                                     {&nqi_family_categorical, 1, 1, frequencies}};
    for (size_t k = 0; k < 3; k++) {
        nq_schedule s;
        nqi_process process;
        assert_ok(nq_schedule_new(&s, context, "constant-fraction", STEPS, 0, 0.5), context);
        assert_int_not_equal(nqi_process_new(&process, context, &s, &plans[k], 1, NULL), NQ_OK);
        assert_non_null(strstr(nq_context_message(context), "level"));
    }
    nq_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_levels_are_a_bit),
        cmocka_unit_test(twists_of_two_levels_are_those_of_a_bit),
        cmocka_unit_test(blocks_of_three_families_add_up),
        cmocka_unit_test(columns_of_a_block_are_like_blocks),
        cmocka_unit_test(corrupted_rows_have_the_law_of_q),
        cmocka_unit_test(drawn_rows_have_the_law_of_the_model),
        cmocka_unit_test(guided_rows_of_pi_are_exact),
        cmocka_unit_test(levels_are_refused_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
