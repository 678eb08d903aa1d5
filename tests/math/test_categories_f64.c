/* test_categories_f64.c - rows of levels by enumeration: bounds, weights, entropies, twists. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/levels_by_hand.h"

static void untrained_rows_score_as_under_pi(void **state)
{
    (void)state;
    for (int learned = 0; learned < 2; learned++) {
        by_hand h;
        levels_open(&h, learned);
        for (size_t x = 0; x < STATES; x++)
            assert_close("K", row_bound(&h, x, 0),
                         log(frequencies[level_in(x, 0)] * frequencies[FIRST + level_in(x, 1)]),
                         1e-12);
        by_hand_close(&h);
    }
}

static void bound_is_below_log_p_of_every_row(void **state)
{
    (void)state;
    for (int learned = 0; learned < 2; learned++) {
        by_hand h;
        double law[STATES], sum = 0;
        levels_open(&h, learned);
        model_law(&h, 1.5, law);
        for (size_t x = 0; x < STATES; x++) {
            sum += law[x];
            assert_true(row_bound(&h, x, 1.5) < log(law[x]));
        }
        assert_close("sum of p", sum, 1, 1e-12);
        by_hand_close(&h);
    }
}

/* E w over trajectories is p(x_0), and E log w is K: by the library's log ratios. */
static void means_of_weights_are_exact(void **state)
{
    (void)state;
    for (int learned = 0; learned < 2; learned++) {
        by_hand h;
        double law[STATES];
        levels_open(&h, learned);
        model_law(&h, 1.5, law);
        for (size_t x_0 = 0; x_0 < STATES; x_0++) {
            double reached[STATES] = {0}, mean[STATES] = {0}, weight[STATES] = {0}, sum = 0,
                   k = 0;
            reached[x_0] = mean[x_0] = 1; /* q(x_t), E[w; x_t], E[log w; x_t] */
            for (size_t t = 1; t <= STEPS; t++) {
                double own[3][STATES] = {{0}};
                for (size_t from = 0; from < STATES; from++) {
                    double before[2 * LD], after[2 * LD], log_w[LD] = {0};
                    place_state_rows(&h, t, 1.5);
                    for (size_t j = 0; j < 2 * LD; j++) {
                        before[j] = (double)level_in(from, j / LD);
                        after[j] = (double)nqi_batch_x_t(&h.batch)[j];
                    }
                    nqi_batch_log_ratio(&h.process, &h.batch, log_w, before, after);
                    for (size_t to = 0; to < STATES; to++) {
                        const double q = forward_law(&h, t, from, to, 1);
                        own[0][to] += reached[from] * q;
                        own[1][to] += mean[from] * q * exp(log_w[to]);
                        own[2][to] += q * (weight[from] + reached[from] * log_w[to]);
                    }
                }
                memcpy(reached, own[0], sizeof reached);
                memcpy(mean, own[1], sizeof mean);
                memcpy(weight, own[2], sizeof weight);
            }
            for (size_t s = 0; s < STATES; s++) {
                const double pi =
                    frequencies[level_in(s, 0)] * frequencies[FIRST + level_in(s, 1)];
                sum += mean[s] * pi;
                k += weight[s] + reached[s] * log(pi);
            }
            assert_close("E w", sum, law[x_0], 1e-12);
            assert_close("E log w", k, row_bound(&h, x_0, 1.5), 1e-11);
        }
        by_hand_close(&h);
    }
}

static void gradients_are_differences(void **state)
{
    (void)state;
    const double step = 1e-6;
    by_hand h;
    levels_open(&h, 1);
    nqi_real *z = h.batch.tape.value[h.graph.output];
    for (size_t t = 1; t <= STEPS; t++)
        for (size_t x_0 = 0; x_0 < STATES; x_0++) {
            place_truth(&h, x_0);
            place_state_rows(&h, t, 2);
            for (size_t k = 0; k < h.process.outputs; k++) {
                double sum[2][LD];
                for (int side = 0; side < 2; side++) {
                    place_state_rows(&h, t, 2);
                    for (size_t r = 0; r < LD; r++)
                        z[k * LD + r] += side ? step : -step;
                    nqi_batch_divergence(&h.process, &h.batch, 0, 0.7, 0);
                    for (size_t r = 0; r < LD; r++)
                        sum[side][r] = h.batch.kl[r];
                }
                place_state_rows(&h, t, 2);
                nqi_batch_divergence(&h.process, &h.batch, 0, 0.7, 1);
                for (size_t r = 0; r < LD; r++)
                    assert_close("dkl/dz", h.batch.tape.grad[h.graph.output][k * LD + r],
                                 0.7 * (sum[1][r] - sum[0][r]) / (2 * step), 1e-8);
            }
        }
    by_hand_close(&h);
}

/* A data law of pi's marginals, and one of others. */
static void entropies_lie_between_their_bounds(void **state)
{
    (void)state;
    by_hand h;
    double law[STATES], before[STATES], row[FIRST + SECOND], mean[FIRST + SECOND] = {0};
    levels_open(&h, 0);
    for (size_t s = 0; s < STATES; s++) {
        const double tie = (s == 0 || s == 4 ? 1 : s == 1 || s == 3 ? -1 : 0) * 0.1;
        const nqi_real x[2] = {(nqi_real)level_in(s, 0), (nqi_real)level_in(s, 1)};
        law[s] = frequencies[level_in(s, 0)] * frequencies[FIRST + level_in(s, 1)] + tie;
        nqi_process_laws(&h.process, row, x, 1);
        for (size_t i = 0; i < FIRST + SECOND; i++)
            mean[i] += law[s] * row[i];
    }
    for (size_t i = 0; i < FIRST + SECOND; i++)
        assert_close("frequency", mean[i], frequencies[i], 1e-12);
    for (size_t t = 1; t <= STEPS; t++) {
        double exact = 0;
        for (size_t to = 0; to < STATES; to++) {
            before[to] = t > 1 ? 0 : law[to];
            for (size_t from = 0; t > 1 && from < STATES; from++)
                before[to] += law[from] * forward_law(&h, t - 1, from, to, 0);
        }
        for (size_t to = 0; to < STATES; to++) {
            double all = 0;
            for (size_t from = 0; from < STATES; from++)
                all += before[from] * forward_law(&h, t, from, to, 1);
            for (size_t from = 0; from < STATES; from++) {
                const double joint = before[from] * forward_law(&h, t, from, to, 1);
                exact -= joint > 0 ? joint * log(joint / all) : 0;
            }
        }
        const double upper = nqi_process_entropy_step(&h.process, mean, t);
        const double lower = upper + nqi_process_entropy_mean(&h.process, mean, t - 1) -
                             nqi_process_entropy_mean(&h.process, mean, t);
        assert_true(lower <= exact + 1e-12 && exact <= upper + 1e-12);
    }
    double largest = 0;
    const double none[FIRST + SECOND] = {0};
    assert_close("rise", nqi_process_entropy_rise(&h.process, mean, none, &largest), 0, 1e-12);
    mean[0] -= 0.1; /* towards what is rarer: the entropy falls on the way */
    mean[2] += 0.1;
    assert_true(nqi_process_entropy_rise(&h.process, mean, none, &largest) < 0);
    assert_close("largest", largest, 0.1, 1e-12);
    by_hand_close(&h);
}

/* Multiplied by evidence and normalised: what is left over is the mean of the twist; and the
 * informed one is E[r(x_0) | x_t] under pi. */
static void twists_are_means_of_evidence(void **state)
{
    (void)state;
    by_hand h;
    levels_open(&h, 1);
    const nqi_block *block = &h.process.blocks[0];
    const double r[FIRST] = {0.9, 0, 0.2}, *pi = frequencies;
    const size_t target[1] = {0};
    const nqi_cells cells = {.value = r, .stride = FIRST, .target = target};
    for (size_t t = 0; t <= STEPS; t++)
        for (size_t j = 0; j < FIRST; j++) {
            nqi_real x[1] = {(nqi_real)j};
            double law[FIRST] = {0.2, 0.5, 0.3}, variance[FIRST], off[1] = {0}, sum[1] = {0};
            double mean = 0, all = 0, rest = 0;
            nqi_proposal p = {.rows = 1, .x = x, .mean = law, .variance = variance};
            const double forget = t ? h.process.schedule.one_minus_alpha_bar[t - 1] : 0;
            for (size_t i = 0; i < FIRST; i++)
                mean += r[i] * pi[i] * nqi_level_law(1 - forget, forget, pi, i, j) / pi[j];
            block->family->twisting->untwist(block, &cells, NQI_TWIST_INFORMED, t, &p, off);
            assert_close("informed", exp(-off[0]), mean, 1e-12);
            for (size_t k = 0; k < FIRST; k++) {
                double own = 0;
                for (size_t i = 0; i < FIRST; i++)
                    own += r[i] * pi[i] * nqi_level_law(1 - forget, forget, pi, i, k) / pi[k];
                all += law[k] * own;
            }
            block->family->twisting->multiply(block, &cells, NQI_TWIST_INFORMED, t, &p, sum);
            assert_close("multiplied", exp(sum[0]), all, 1e-12);
            for (size_t k = 0; k < FIRST; k++)
                rest += law[k];
            assert_close("law", rest, 1, 1e-12);
        }
    by_hand_close(&h);
}

static void what_pi_alone_says_is_no_output(void **state)
{
    (void)state;
    by_hand h;
    levels_open(&h, 1);
    for (size_t t = 1; t <= STEPS; t++) {
        nqi_real belief[(FIRST + SECOND) * LD], output[(FIRST + SECOND) * LD];
        place_state_rows(&h, t, 0);
        for (size_t c = 0; c < 2; c++) {
            const nqi_block *b = &h.process.blocks[c];
            const nqi_rows rows = nqi_batch_rows(&h.batch, b, 0, 0);
            const double *pi = nqi_categorical_pi(b, 0), keep = b->schedule.alpha_bar[t - 1];
            for (size_t j = 0; j < b->levels * LD; j++) {
                const size_t now = (size_t)rows.x_t[j % LD];
                belief[j] = pi[j / LD] * nqi_level_law(keep, 1 - keep, pi, j / LD, now) / pi[now];
            }
            b->family->steps->outputs(b, &rows, belief, NULL, output);
            for (size_t j = 0; j < b->levels * LD; j++)
                assert_close("output", output[j], 0, 1e-12);
        }
    }
    by_hand_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untrained_rows_score_as_under_pi),
        cmocka_unit_test(bound_is_below_log_p_of_every_row),
        cmocka_unit_test(means_of_weights_are_exact),
        cmocka_unit_test(gradients_are_differences),
        cmocka_unit_test(entropies_lie_between_their_bounds),
        cmocka_unit_test(twists_are_means_of_evidence),
        cmocka_unit_test(what_pi_alone_says_is_no_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
