/* level_rows.c - rows of several columns of levels, by enumeration of all their states. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/levels.h"
#include "inside.h"

/* State s is x_0 + C_0 (x_1 + C_1 x_2 ...). */
typedef struct level_rows {
    block_chain chain;
    size_t columns, states, steps, levels[COLUMNS_MOST];
    const double *data, *rho; /* [states], [T][states][sum of levels] */
    double *ratio; /* [T][from][to] log p(from | to) - log q(to | from), of x_{t-1}, x_t */
    double *kl;    /* [T][states of x_0][columns] E KL_t */
} level_rows;

static size_t level_in(const level_rows *rows, size_t state, size_t column)
{
    for (size_t k = 0; k < column; k++)
        state /= rows->levels[k];
    return state % rows->levels[column];
}

/* Lists of lists, which may differ in length, in their order. */
static double *copy_all(const golden_case *c, const cJSON *list, double *out, const double *end)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (cJSON_IsArray(item))
            out = copy_all(c, item, out, end);
        else if (out == end)
            golden_damaged(c, "\"rho\" has too many numbers");
        else
            *out++ = golden_value(c, item, "rho");
    }
    return out;
}

static void level_rows_new(level_rows *out, golden_case *c)
{
    const cJSON *pi = golden_input(c, "pi");
    const double *counts = golden_input_list(c, "C", 0, &out->columns);
    nqi_block_plan plans[COLUMNS_MOST];
    size_t all = 0;
    out->states = 1;
    for (size_t k = 0; k < out->columns; k++) {
        if (k >= COLUMNS_MOST || !(counts[k] >= 2 && counts[k] <= STATES_MOST) ||
            (out->states *= (size_t)counts[k]) > STATES_MOST)
            golden_damaged(c, "too many states");
        out->levels[k] = (size_t)counts[k];
        all += out->levels[k];
        plans[k] = (nqi_block_plan){&nqi_family_categorical, 1, out->levels[k],
                                    golden_list(c, cJSON_GetArrayItem(pi, (int)k), "pi",
                                                out->levels[k], NULL)};
    }
    block_chain_new(&out->chain, c, plans, out->columns, golden_input(c, "b"), out->states);
    out->steps = out->chain.process.schedule.steps;
    out->data = golden_input_list(c, "data", out->states, NULL);
    all *= out->steps * out->states;
    double *rho = golden_new(c, all, sizeof *rho);
    if (copy_all(c, golden_input(c, "rho"), rho, rho + all) != rho + all)
        golden_damaged(c, "\"rho\" has too few numbers: expected %zu", all);
    out->rho = rho;
    out->ratio = golden_new(c, out->steps * out->states * out->states, sizeof *out->ratio);
    out->kl = golden_new(c, out->steps * out->states * out->columns, sizeof *out->kl);
}

/* Row s of the microbatch has x_t = state s, with the outputs whose belief is rho. */
static void place_states(const level_rows *rows, size_t t)
{
    const nqi_process *process = &rows->chain.process;
    for (size_t s = 0; s < rows->states; s++)
        for (size_t c = 0; c < rows->columns; c++) {
            const nqi_block *b = &process->blocks[c];
            const size_t now = level_in(rows, s, c);
            const double *pi = nqi_categorical_pi(b, 0);
            const double *rho =
                rows->rho + ((t - 1) * rows->states + s) * process->outputs + b->output_first;
            *chain_x(&rows->chain, c, s) = (nqi_real)now;
            for (size_t k = 0; k < b->levels; k++)
                *chain_output(&rows->chain, b, k, s) =
                    (nqi_real)(log(rho[k] / pi[k]) -
                               log(nqi_level_law(b->schedule.alpha_bar[t - 1],
                                                 b->schedule.one_minus_alpha_bar[t - 1], pi, k,
                                                 now)));
        }
}

static double forward_law(const level_rows *rows, size_t t, size_t from, size_t to, int of_step)
{
    double product = 1;
    for (size_t c = 0; c < rows->columns; c++) {
        const nqi_block *b = &rows->chain.process.blocks[c];
        const double forget =
            of_step ? b->schedule.beta[t - 1] : b->schedule.one_minus_alpha_bar[t - 1];
        const double keep = of_step ? 1 - forget : b->schedule.alpha_bar[t - 1];
        product *= nqi_level_law(keep, forget, nqi_categorical_pi(b, 0), level_in(rows, from, c),
                                 level_in(rows, to, c));
    }
    return product;
}

static void fill_kl(level_rows *rows, size_t t)
{
    nqi_process *process = &rows->chain.process;
    const size_t ld = rows->chain.batch.tape.ld;
    for (size_t x_0 = 0; x_0 < rows->states && t >= process->first_learned; x_0++) {
        for (size_t j = 0; j < rows->columns * ld; j++)
            rows->chain.batch.x_0[j] = (nqi_real)level_in(rows, x_0, j / ld);
        for (size_t c = 0; c < rows->columns; c++) {
            double sum = 0;
            chain_block_kl(&rows->chain, &process->blocks[c], t);
            for (size_t s = 0; s < rows->states; s++)
                sum += forward_law(rows, t, x_0, s, 0) * (double)rows->chain.kl[s];
            rows->kl[((t - 1) * rows->states + x_0) * rows->columns + c] = sum;
        }
    }
}

/* By the library's weights of trajectories, which are compared with the laws it draws from. */
static void fill_ratio(level_rows *rows, golden_case *g, size_t t)
{
    nqi_process *process = &rows->chain.process;
    const size_t ld = rows->chain.batch.tape.ld, states = rows->states;
    double before[COLUMNS_MOST * STATES_MOST], after[COLUMNS_MOST * STATES_MOST];
    nqi_real *law = golden_new(g, STATES_MOST * ld, sizeof *law);
    for (size_t from = 0; from < states; from++) {
        double log_w[STATES_MOST] = {0}, p[STATES_MOST];
        for (size_t j = 0; j < rows->columns * ld; j++) {
            before[j] = (double)level_in(rows, from, j / ld);
            after[j] = (double)level_in(rows, j % ld < states ? j % ld : 0, j / ld);
        }
        rows->chain.batch.tape.time[0] = (uint32_t)t;
        nqi_batch_log_ratio(process, &rows->chain.batch, log_w, before, after);
        memcpy(rows->ratio + ((t - 1) * states + from) * states, log_w, states * sizeof *log_w);
        for (size_t s = 0; s < states; s++)
            p[s] = 1;
        for (size_t c = 0; c < rows->columns; c++) {
            chain_block_law(&rows->chain, &process->blocks[c], t, law);
            for (size_t s = 0; s < states; s++)
                p[s] *= (double)law[level_in(rows, from, c) * ld + s];
        }
        for (size_t s = 0; s < states; s++)
            golden_check(g, "p of the weights", exp(log_w[s]) * forward_law(rows, t, from, s, 1),
                         p[s], 0);
    }
}

/* E w^power over forward trajectories from x_0. */
static double weight_moment(const level_rows *rows, double *scratch, size_t x_0, int power)
{
    const size_t states = rows->states;
    double *now = scratch, *next = scratch + states, sum = 0;
    memset(now, 0, states * sizeof *now);
    now[x_0] = 1;
    for (size_t t = 1; t <= rows->steps; t++) {
        memset(next, 0, states * sizeof *next);
        for (size_t j = 0; j < states * states; j++) {
            const size_t from = j / states, to = j % states;
            const double ratio = rows->ratio[((t - 1) * states + from) * states + to];
            next[to] += now[from] * forward_law(rows, t, from, to, 1) * exp(power * ratio);
        }
        memcpy(now, next, states * sizeof *now);
    }
    for (size_t s = 0; s < states; s++)
        for (size_t c = 0; c < rows->columns; c++)
            now[s] *=
                pow(nqi_categorical_pi(&rows->chain.process.blocks[c], 0)[level_in(rows, s, c)],
                    power);
    for (size_t s = 0; s < states; s++)
        sum += now[s];
    return sum;
}

static const cJSON *part_of(const golden_case *c, const cJSON *object, const char *name)
{
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!part)
        golden_damaged(c, "an output has no \"%s\"", name);
    return part;
}

static void check_part(golden_case *c, const cJSON *object, const char *name, double got,
                       double scale)
{
    golden_check(c, name, got, golden_value(c, part_of(c, object, name), name), scale);
}

static void check_parts(golden_case *c, const cJSON *object, const char *name, const double *got,
                        size_t count, double scale)
{
    const double *want = golden_list(c, part_of(c, object, name), name, count, NULL);
    for (size_t i = 0; i < count; i++)
        golden_check_at(c, name, i, got[i], want[i], scale);
}

/* What the bound of a column's cells is made of, for one row. */
typedef struct column_terms {
    double last, first, prior, edge, kl;
} column_terms;

static column_terms terms_of(const level_rows *rows, size_t x_0, size_t column)
{
    const nqi_block *b = &rows->chain.process.blocks[column];
    const nqi_account *account = b->family->account;
    const nqi_real x = (nqi_real)level_in(rows, x_0, column);
    column_terms out = {.last = account->entropy_given_data(b, &x, 1, rows->steps),
                        .first = nqi_block_entropy_first(b, &x, 1),
                        .prior = account->entropy_prior(b),
                        .edge = nqi_block_edge(b, &x, 1)};
    for (size_t t = 1; t <= rows->steps; t++)
        out.kl += rows->kl[((t - 1) * rows->states + x_0) * rows->columns + column];
    return out;
}

static void check_bounds(golden_case *c, const level_rows *rows, const cJSON *want, double *bound)
{
    column_terms mean = {0};
    double each[COLUMNS_MOST] = {0}, all = 0;
    double *kl = golden_new(c, rows->steps, sizeof *kl);
    for (size_t x = 0; x < rows->states; x++)
        for (size_t k = 0; k < rows->columns; k++) {
            const column_terms own = terms_of(rows, x, k);
            const double share = own.last - own.first - own.prior + own.edge - own.kl;
            bound[x] += share;
            each[k] += rows->data[x] * share;
            mean.last += rows->data[x] * own.last;
            mean.first += rows->data[x] * own.first;
            mean.prior += rows->data[x] * own.prior;
            mean.edge += rows->data[x] * own.edge;
            for (size_t t = 0; t < rows->steps; t++)
                kl[t] += rows->data[x] * rows->kl[(t * rows->states + x) * rows->columns + k];
        }
    for (size_t k = 0; k < rows->columns; k++)
        all += each[k];
    check_parts(c, want, "kl_t", kl, rows->steps, small_scale());
    check_part(c, want, "H_T_given_0", mean.last, small_scale());
    check_part(c, want, "H_1_given_0", mean.first, small_scale());
    check_part(c, want, "H_prior", mean.prior, small_scale());
    check_part(c, want, "edge", mean.edge, small_scale());
    check_part(c, want, "K", all, 1);
    check_part(c, want, "K_paper", all - mean.edge, 1);
    check_parts(c, want, "K_column", each, rows->columns, 1);
    check_parts(c, want, "K_row", bound, rows->states, 1);
}

/* log p of each row into log_p. */
static void check_likelihoods(golden_case *c, const level_rows *rows, const cJSON *want,
                              const double *bound, double *scratch, double *log_p)
{
    double mean = 0;
    for (size_t x = 0; x < rows->states; x++) {
        log_p[x] = log(weight_moment(rows, scratch, x, 1));
        mean += rows->data[x] > 0 ? rows->data[x] * log_p[x] : 0;
        if (!(bound[x] <= log_p[x] + 1e-6))
            golden_check_at(c, "K is below log p", x, bound[x], log_p[x], 1);
    }
    check_parts(c, want, "log_p_row", log_p, rows->states, 1);
    check_part(c, want, "E_log_p", mean, 1);
}

static void check_weights(golden_case *c, const level_rows *rows, const cJSON *want,
                          const double *bound)
{
    double *scratch = golden_new(c, 3 * rows->states, sizeof *scratch);
    double *log_p = scratch + 2 * rows->states;
    check_likelihoods(c, rows, want, bound, scratch, log_p);
    const cJSON *weights = part_of(c, want, "weights"), *path = part_of(c, want, "trajectory");
    const size_t x_0 = (size_t)golden_value(c, part_of(c, weights, "x0"), "x0");
    if (x_0 >= rows->states)
        golden_damaged(c, "there is no state %zu", x_0);
    check_part(c, weights, "log_E_w", log_p[x_0], 1);
    check_part(c, weights, "E_log_w", bound[x_0], 1);
    check_part(c, weights, "ess_fraction",
               exp(2 * log_p[x_0]) / weight_moment(rows, scratch, x_0, 2), 0);
    const double *states =
        golden_list(c, part_of(c, path, "states"), "states", rows->steps + 1, NULL);
    double log_w = 0;
    for (size_t t = 1; t <= rows->steps; t++)
        log_w += rows->ratio[((t - 1) * rows->states + (size_t)states[t - 1]) * rows->states +
                             (size_t)states[t]];
    for (size_t k = 0; k < rows->columns; k++)
        log_w += log(nqi_categorical_pi(&rows->chain.process.blocks[k],
                                        0)[level_in(rows, (size_t)states[rows->steps], k)]);
    check_part(c, path, "log_w", log_w, 1);
}

/* Divergences and weights of all steps. */
static void fill_steps(golden_case *c, level_rows *rows, int learned)
{
    memset(rows->kl, 0, rows->steps * rows->states * rows->columns * sizeof *rows->kl);
    nqi_process_learn_last(&rows->chain.process, learned);
    for (size_t t = 1; t <= rows->steps; t++) {
        place_states(rows, t);
        fill_kl(rows, t);
        fill_ratio(rows, c, t);
    }
}

static void check_last(golden_case *c, level_rows *rows, const char *output, int learned)
{
    double *bound = golden_new(c, rows->states, sizeof *bound);
    fill_steps(c, rows, learned);
    const cJSON *want = golden_output(c, output);
    check_bounds(c, rows, want, bound);
    check_weights(c, rows, want, bound);
}

/* H(X_{t-1} | X_t) of the forward process. */
static double reverse_entropy(const level_rows *rows, const double *before, size_t t)
{
    double sum = 0;
    for (size_t to = 0; to < rows->states; to++) {
        double total = 0, inner = 0;
        for (size_t from = 0; from < rows->states; from++) {
            const double joint = before[from] * forward_law(rows, t, from, to, 1);
            total += joint;
            inner += joint > 0 ? joint * log(joint) : 0;
        }
        sum += (total > 0 ? total * log(total) : 0) - inner;
    }
    return sum;
}

static void check_entropies(golden_case *c, const level_rows *rows)
{
    const nqi_process *process = &rows->chain.process;
    size_t count;
    const double *want = golden_rows(c, "entropy_rows", 4, &count);
    double *mean = golden_new(c, process->laws, sizeof *mean);
    double *law = golden_new(c, process->laws, sizeof *law);
    double *before = golden_new(c, rows->states, sizeof *before);
    for (size_t s = 0; s < rows->states; s++) {
        nqi_real x[COLUMNS_MOST];
        for (size_t k = 0; k < rows->columns; k++)
            x[k] = (nqi_real)level_in(rows, s, k);
        nqi_process_laws(process, law, x, 1);
        for (size_t i = 0; i < process->laws; i++)
            mean[i] += rows->data[s] * law[i];
    }
    for (size_t i = 0; i < count; i++) {
        const double *row = want + 4 * i;
        if (!(row[0] >= 2 && row[0] <= (double)rows->steps))
            golden_damaged(c, "there is no step %g", row[0]);
        const size_t t = (size_t)row[0];
        for (size_t to = 0; to < rows->states; to++) {
            before[to] = 0;
            for (size_t from = 0; from < rows->states; from++)
                before[to] += rows->data[from] * forward_law(rows, t - 1, from, to, 0);
        }
        const double step = nqi_process_entropy_step(process, mean, t);
        const double lower = step + nqi_process_entropy_mean(process, mean, t - 1) -
                             nqi_process_entropy_mean(process, mean, t);
        golden_check_at(c, "lower bound of entropy_rows", i, lower, row[1], 1e-5);
        golden_check_at(c, "entropy of entropy_rows", i, reverse_entropy(rows, before, t), row[2],
                        1e-5);
        golden_check_at(c, "upper bound of entropy_rows", i, step, row[3], 1e-5);
    }
}

static void check_data(golden_case *c, const level_rows *rows)
{
    double null = 0, entropy = 0;
    for (size_t s = 0; s < rows->states; s++) {
        for (size_t k = 0; k < rows->columns; k++) {
            const nqi_block *b = &rows->chain.process.blocks[k];
            const nqi_real x = (nqi_real)level_in(rows, s, k);
            null += rows->data[s] * b->family->account->log_prior(b, &x, 1);
        }
        entropy += nqi_xlogx(rows->data[s]);
    }
    golden_check_output(c, "L_null", null, 1);
    golden_check_output(c, "neg_H_data", entropy, 1);
}

void golden_check_categorical_exact(golden_case *c)
{
    level_rows rows;
    level_rows_new(&rows, c);
    check_data(c, &rows);
    check_last(c, &rows, "fixed", 0);
    check_last(c, &rows, "learned", 1);
    if (golden_offers(c, "entropy_rows"))
        check_entropies(c, &rows);
    block_chain_free(&rows.chain);
}

/* Bits as columns of two levels, in the chain that is trained. */
static void respaced_new(level_rows *out, golden_case *c)
{
    nqi_block_plan plans[COLUMNS_MOST];
    const double *m = golden_input_list(c, "m", 0, &out->columns);
    if (out->columns > COLUMNS_MOST)
        golden_damaged(c, "%zu bits are too many", out->columns);
    out->states = (size_t)1 << out->columns;
    for (size_t k = 0; k < out->columns; k++) {
        double *pi = golden_new(c, 2, sizeof *pi);
        pi[0] = 1 - m[k];
        pi[1] = m[k];
        out->levels[k] = 2;
        plans[k] = (nqi_block_plan){&nqi_family_categorical, 1, 2, pi};
    }
    block_chain_new(&out->chain, c, plans, out->columns, golden_input(c, "b"), out->states);
    out->data = golden_input_list(c, "data", out->states, NULL);
}

/* The chain through the times, with the beliefs of those. */
static void respaced_take(level_rows *rows, golden_case *c, const nqi_process *trained,
                          const cJSON *tau)
{
    size_t steps;
    uint32_t *time = golden_times(c, tau, &steps);
    const size_t trained_steps = trained->schedule.steps, states = rows->states;
    const double *one =
        golden_input_list(c, "rho_one", trained_steps * states * rows->columns, NULL);
    if (nqi_process_shorten(&rows->chain.process, NULL, trained, time, steps))
        golden_damaged(c, "the library refuses these times");
    double *rho = golden_new(c, steps * states * 2 * rows->columns, sizeof *rho);
    for (size_t j = 0; j < steps * states * rows->columns; j++) {
        const size_t t = time[1 + j / (states * rows->columns)];
        const double p = one[(t - 1) * states * rows->columns + j % (states * rows->columns)];
        rho[2 * j] = 1 - p;
        rho[2 * j + 1] = p;
    }
    rows->steps = steps;
    rows->rho = rho;
    rows->ratio = golden_new(c, steps * states * states, sizeof *rows->ratio);
    rows->kl = golden_new(c, steps * states * rows->columns, sizeof *rows->kl);
}

void golden_check_respaced_bits(golden_case *c)
{
    level_rows rows = {0};
    respaced_new(&rows, c);
    check_data(c, &rows);
    nqi_process trained = rows.chain.process;
    double *scratch = golden_new(c, 3 * rows.states, sizeof *scratch);
    const cJSON *row;
    cJSON_ArrayForEach(row, golden_output(c, "rows"))
    {
        respaced_take(&rows, c, &trained, part_of(c, row, "tau"));
        check_parts(c, row, "b", rows.chain.process.schedule.beta, rows.steps, 0);
        for (int learned = 0; learned < 2; learned++) {
            const cJSON *want = part_of(c, row, learned ? "learned" : "fixed");
            double *bound = golden_new(c, rows.states, sizeof *bound);
            fill_steps(c, &rows, learned);
            check_bounds(c, &rows, want, bound);
            check_likelihoods(c, &rows, want, bound, scratch, scratch + 2 * rows.states);
        }
        nqi_process_free(&rows.chain.process);
    }
    rows.chain.process = trained;
    block_chain_free(&rows.chain);
}
