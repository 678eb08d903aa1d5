/* subset.c - some columns given others: exact laws, and the chain of the targets by enumeration. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/cholesky.h"
#include "core/gauss/gauss.h"
#include "golden/levels.h"
#include "inside.h"
#include "measure/bound_job.h"

/* Letters T, K, A: which columns are targets, and which are known. */
typedef struct subset {
    size_t columns, targets, known;
    size_t target[COLUMNS_MOST], given[COLUMNS_MOST];
} subset;

static subset subset_read(const golden_case *c, const cJSON *roles)
{
    subset out = {0};
    if (!cJSON_IsString(roles) || strlen(roles->valuestring) > COLUMNS_MOST)
        golden_damaged(c, "expected roles");
    for (const char *at = roles->valuestring; *at; at++, out.columns++)
        if (*at == 'T')
            out.target[out.targets++] = out.columns;
        else if (*at == 'K')
            out.given[out.known++] = out.columns;
        else if (*at != 'A')
            golden_damaged(c, "there is no role %c", *at);
    return out;
}

static const cJSON *part_of(const golden_case *c, const cJSON *object, const char *name)
{
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!part)
        golden_damaged(c, "there is no \"%s\"", name);
    return part;
}

static void check_parts(golden_case *c, const cJSON *object, const char *name, const double *got,
                        size_t count, double scale)
{
    const double *want = golden_list(c, part_of(c, object, name), name, count, NULL);
    for (size_t i = 0; i < count; i++)
        golden_check_at(c, name, i, got[i], want[i], scale);
}

static void check_part(golden_case *c, const cJSON *object, const char *name, double got)
{
    golden_check(c, name, got, golden_value(c, part_of(c, object, name), name), 1);
}

/* A normal law, and one of its conditional laws: the known columns come first in the root. */
typedef struct normal_case {
    size_t dim, rows;
    const double *mean, *cov, *row;
} normal_case;

static size_t column_at(const subset *s, size_t i)
{
    return i < s->known ? s->given[i] : s->target[i - s->known];
}

static void check_normal(golden_case *c, const normal_case *law, const cJSON *item)
{
    const subset s = subset_read(c, part_of(c, item, "roles"));
    const size_t n = s.known + s.targets;
    double root[COLUMNS_MOST * COLUMNS_MOST], cov[COLUMNS_MOST * COLUMNS_MOST];
    double *mean = golden_new(c, law->rows * s.targets, sizeof *mean);
    double *log_p = golden_new(c, law->rows, sizeof *log_p);
    for (size_t i = 0; i < n * n; i++)
        root[i] = law->cov[column_at(&s, i / n) * law->dim + column_at(&s, i % n)];
    if (!nqi_cholesky(root, n))
        golden_damaged(c, "the covariance is singular");
    for (size_t i = 0; i < s.targets * s.targets; i++) {
        const double *a = root + (s.known + i / s.targets) * n;
        const double *b = root + (s.known + i % s.targets) * n;
        const size_t row = i / s.targets, column = i % s.targets;
        cov[i] = 0;
        for (size_t k = 0; k <= (row < column ? row : column); k++)
            cov[i] += a[s.known + k] * b[s.known + k];
    }
    for (size_t r = 0; r < law->rows; r++) {
        double v[COLUMNS_MOST];
        for (size_t i = 0; i < n; i++) {
            const size_t column = column_at(&s, i);
            v[i] = law->row[r * law->dim + column] - law->mean[column];
        }
        nqi_cholesky_forward(root, n, v);
        for (size_t i = 0; i < s.targets; i++) {
            const double *a = root + (s.known + i) * n;
            mean[r * s.targets + i] = law->mean[s.target[i]];
            for (size_t k = 0; k < s.known; k++)
                mean[r * s.targets + i] += a[k] * v[k];
            log_p[r] += nqi_gauss_log_density(v[s.known + i]) - log(a[s.known + i]);
        }
    }
    check_parts(c, item, "mean", mean, law->rows * s.targets, 1);
    check_parts(c, item, "cov", cov, s.targets * s.targets, 1);
    check_parts(c, item, "log_p", log_p, law->rows, 1);
}

void golden_check_subset_gaussian(golden_case *c)
{
    normal_case law;
    const cJSON *item;
    law.mean = golden_input_list(c, "mean", 0, &law.dim);
    if (law.dim > COLUMNS_MOST)
        golden_damaged(c, "%zu columns are too many", law.dim);
    law.cov = golden_input_list(c, "cov", law.dim * law.dim, NULL);
    law.row = golden_input_rows(c, "rows", law.dim, &law.rows);
    cJSON_ArrayForEach(item, golden_output(c, "conditionals")) check_normal(c, &law, item);
}

/* Whether a state agrees with another in some columns. */
static int agrees(size_t state, size_t other, const size_t *column, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (((state ^ other) >> column[i]) & 1)
            return 0;
    return 1;
}

/* log p(x_A | x_B) of a full row, by sums over all states. */
static double law_of(const double *data, const subset *s, size_t row)
{
    double known = 0, both = 0;
    for (size_t x = 0; x < (size_t)1 << s->columns; x++) {
        const int is_known = agrees(x, row, s->given, s->known);
        known += is_known ? data[x] : 0;
        both += is_known && agrees(x, row, s->target, s->targets) ? data[x] : 0;
    }
    return log(both) - log(known);
}

/* The states of rows of bits. */
static size_t *states_read(golden_case *c, size_t bits, size_t *count)
{
    const double *rows = golden_input_rows(c, "rows", bits, count);
    size_t *states = golden_new(c, *count, sizeof *states);
    for (size_t r = 0; r < *count; r++)
        for (size_t i = 0; i < bits; i++)
            states[r] |= (size_t)(rows[r * bits + i] > 0) << i;
    return states;
}

void golden_check_subset_bits(golden_case *c)
{
    const size_t bits = golden_count(c, "n", 1, COLUMNS_MOST);
    const double *data = golden_input_list(c, "data", (size_t)1 << bits, NULL);
    size_t count;
    const size_t *states = states_read(c, bits, &count);
    double *log_p = golden_new(c, count, sizeof *log_p);
    const cJSON *item;
    cJSON_ArrayForEach(item, golden_output(c, "conditionals"))
    {
        const subset s = subset_read(c, part_of(c, item, "roles"));
        for (size_t r = 0; r < count; r++)
            log_p[r] = law_of(data, &s, states[r]);
        check_parts(c, item, "log_p", log_p, count, 1);
    }
}

/* The chain of the targets: row s of its microbatch has their x_t = state s. Figures are of every
 * full state of the row. */
typedef struct target_chain {
    block_chain chain;
    subset roles;
    size_t steps, states, full; /* states: of the targets */
    const double *data;
    nqi_real *marks; /* [NQI_ROLES][columns][ld] */
    double *ratio;   /* [T][x_{t-1}][x_t] log p - log q, given the known state at hand */
    double *kl;      /* [full][T] E KL_t */
    double *bound, *log_p;
} target_chain;

static void target_chain_new(target_chain *out, golden_case *c)
{
    double law[COLUMNS_MOST][2] = {{0}};
    nqi_block_plan plans[COLUMNS_MOST];
    memset(out, 0, sizeof *out);
    out->roles = subset_read(c, golden_input(c, "roles"));
    const size_t columns = out->roles.columns;
    out->full = (size_t)1 << columns;
    out->states = (size_t)1 << out->roles.targets;
    out->data = golden_input_list(c, "data", out->full, NULL);
    for (size_t i = 0; i < columns; i++) {
        for (size_t x = 0; x < out->full; x++)
            law[i][(x >> i) & 1] += out->data[x];
        plans[i] = (nqi_block_plan){&nqi_family_categorical, 1, 2, law[i]};
    }
    block_chain_new(&out->chain, c, plans, columns, golden_input(c, "b"), out->states);
    const size_t ld = out->chain.batch.tape.ld;
    out->steps = out->chain.process.schedule.steps;
    out->marks = golden_new(c, NQI_ROLES * columns * ld, sizeof *out->marks);
    out->ratio = golden_new(c, out->steps * out->states * out->states, sizeof *out->ratio);
    out->kl = golden_new(c, out->full * out->steps, sizeof *out->kl);
    out->bound = golden_new(c, 2 * out->full, sizeof *out->bound);
    out->log_p = out->bound + out->full;
    for (size_t j = 0; j < NQI_ROLES * columns * ld; j++)
        out->marks[j] = j >= columns * ld;
    for (size_t j = 0; j < out->roles.targets * ld; j++)
        out->marks[columns * ld + out->roles.target[j / ld] * ld + j % ld] = 0;
    for (size_t j = 0; j < out->roles.known * ld; j++) {
        out->marks[out->roles.given[j / ld] * ld + j % ld] = 1;
        out->marks[columns * ld + out->roles.given[j / ld] * ld + j % ld] = 0;
    }
    out->chain.batch.roles = out->marks;
}

static size_t target_bit(const target_chain *t, size_t state, size_t column)
{
    for (size_t i = 0; i < t->roles.targets; i++)
        if (t->roles.target[i] == column)
            return (state >> i) & 1;
    return 0;
}

/* Rows of x_0 have the targets' state and the known one; x_t and outputs are of each row's own
 * state. belief: [states][targets] P(x_0 = 1). */
static void place(target_chain *t, size_t x_0, size_t known, size_t step, const double *belief)
{
    nqi_batch *batch = &t->chain.batch;
    const size_t ld = batch->tape.ld;
    for (size_t r = 0; r < ld; r++) {
        for (size_t i = 0; i < t->roles.columns; i++) {
            batch->x_0[i * ld + r] = (nqi_real)target_bit(t, x_0, i);
            *chain_x(&t->chain, i, r) = (nqi_real)target_bit(t, r % t->states, i);
        }
        for (size_t i = 0; i < t->roles.known; i++)
            batch->x_0[t->roles.given[i] * ld + r] = (nqi_real)((known >> i) & 1);
        for (size_t i = 0; i < t->roles.targets; i++) {
            const nqi_block *b = &t->chain.process.blocks[t->roles.target[i]];
            const double *pi = nqi_categorical_pi(b, 0);
            const double one = belief[(r % t->states) * t->roles.targets + i];
            const size_t now = ((r % t->states) >> i) & 1;
            for (size_t k = 0; k < 2; k++)
                *chain_output(&t->chain, b, k, r) =
                    (nqi_real)(log((k ? one : 1 - one) / pi[k]) -
                               log(nqi_level_law(b->schedule.alpha_bar[step - 1],
                                                 b->schedule.one_minus_alpha_bar[step - 1], pi, k,
                                                 now)));
        }
    }
    batch->tape.time[0] = (uint32_t)step;
    nqi_batch_place_roles(batch, t->roles.columns, 0);
}

/* q of the targets: of a step, or from x_0. */
static double forward_law(const target_chain *t, size_t step, size_t from, size_t to, int of_step)
{
    double product = 1;
    for (size_t i = 0; i < t->roles.targets; i++) {
        const nqi_block *b = &t->chain.process.blocks[t->roles.target[i]];
        const double forget =
            of_step ? b->schedule.beta[step - 1] : b->schedule.one_minus_alpha_bar[step - 1];
        const double keep = of_step ? 1 - forget : b->schedule.alpha_bar[step - 1];
        product *=
            nqi_level_law(keep, forget, nqi_categorical_pi(b, 0), (from >> i) & 1, (to >> i) & 1);
    }
    return product;
}

/* Divergences and ratios of a step, by the library's sums over targets. */
static void step_fill(target_chain *t, size_t known, size_t step, const double *belief,
                      double *kl)
{
    const size_t ld = t->chain.batch.tape.ld, columns = t->roles.columns;
    double before[COLUMNS_MOST * STATES_MOST], after[COLUMNS_MOST * STATES_MOST];
    for (size_t x_0 = 0; x_0 < t->states; x_0++) {
        double log_w[STATES_MOST] = {0};
        place(t, x_0, known, step, belief);
        nqi_batch_divergence(&t->chain.process, &t->chain.batch, 0, 1, 0);
        for (size_t s = 0; s < t->states && step >= t->chain.process.first_learned; s++)
            kl[x_0 * t->steps + step - 1] +=
                forward_law(t, step, x_0, s, 0) * (double)t->chain.batch.kl[s];
        for (size_t j = 0; j < columns * ld; j++) {
            before[j] = (double)t->chain.batch.x_0[j];
            after[j] = (double)*chain_x(&t->chain, j / ld, j % ld);
        }
        nqi_batch_log_ratio(&t->chain.process, &t->chain.batch, log_w, before, after);
        memcpy(t->ratio + ((step - 1) * t->states + x_0) * t->states, log_w,
               t->states * sizeof *log_w);
    }
}

/* E w over forward trajectories of the targets. */
static double weight_mean(const target_chain *t, size_t x_0)
{
    double now[STATES_MOST] = {0}, next[STATES_MOST], sum = 0;
    now[x_0] = 1;
    for (size_t step = 1; step <= t->steps; step++) {
        memset(next, 0, sizeof next);
        for (size_t j = 0; j < t->states * t->states; j++)
            next[j % t->states] += now[j / t->states] *
                                   forward_law(t, step, j / t->states, j % t->states, 1) *
                                   exp(t->ratio[(step - 1) * t->states * t->states + j]);
        memcpy(now, next, sizeof now);
    }
    for (size_t s = 0; s < t->states; s++) {
        double prior = 1;
        for (size_t i = 0; i < t->roles.targets; i++)
            prior *=
                nqi_categorical_pi(&t->chain.process.blocks[t->roles.target[i]], 0)[(s >> i) & 1];
        sum += now[s] * prior;
    }
    return sum;
}

/* A full state's number among those of some columns. */
static size_t state_in(size_t full, const size_t *column, size_t count)
{
    size_t state = 0;
    for (size_t i = 0; i < count; i++)
        state |= ((full >> column[i]) & 1) << i;
    return state;
}

/* All full states with one known state. */
static void known_fill(target_chain *t, golden_case *c, size_t known, const cJSON *list)
{
    const size_t width = t->states * t->roles.targets;
    const double *belief = golden_list(c, list, "rho_one", t->steps * width, NULL);
    double *kl = golden_new(c, t->states * t->steps, sizeof *kl), terms[NQI_BOUND_TERMS];
    for (size_t step = 1; step <= t->steps; step++)
        step_fill(t, known, step, belief + (step - 1) * width, kl);
    for (size_t x = 0; x < t->full; x++) {
        const size_t own = state_in(x, t->roles.target, t->roles.targets);
        if (state_in(x, t->roles.given, t->roles.known) != known)
            continue;
        place(t, own, known, 1, belief);
        nqi_bound_target_terms(&t->chain.process, &t->chain.batch, 0, terms);
        t->bound[x] = terms[0];
        for (size_t step = 0; step < t->steps; step++) {
            t->kl[x * t->steps + step] = kl[own * t->steps + step];
            t->bound[x] -= kl[own * t->steps + step];
        }
        t->log_p[x] = log(weight_mean(t, own));
        if (!(t->bound[x] <= t->log_p[x] + 1e-6))
            golden_check_at(c, "K is below log p", x, t->bound[x], t->log_p[x], 1);
    }
}

static double mean_of(const target_chain *t, const double *figure, size_t stride)
{
    double sum = 0;
    for (size_t x = 0; x < t->full; x++)
        sum += t->data[x] > 0 ? t->data[x] * figure[x * stride] : 0;
    return sum;
}

static void check_last(golden_case *c, target_chain *t, const char *output, int learned)
{
    const cJSON *want = golden_output(c, output), *item;
    size_t count;
    const size_t *states = states_read(c, t->roles.columns, &count);
    double *row = golden_new(c, 2 * count + t->steps, sizeof *row), *kl = row + 2 * count;
    nqi_process_learn_last(&t->chain.process, learned);
    cJSON_ArrayForEach(item, golden_input(c, "rho_one"))
        known_fill(t, c, (size_t)golden_value(c, item->child, "rho_one"), item->child->next);
    for (size_t r = 0; r < count; r++) {
        row[r] = t->bound[states[r]];
        row[count + r] = t->log_p[states[r]];
    }
    for (size_t step = 0; step < t->steps; step++)
        kl[step] = mean_of(t, t->kl + step, t->steps);
    check_part(c, want, "K", mean_of(t, t->bound, 1));
    check_part(c, want, "E_log_p", mean_of(t, t->log_p, 1));
    check_parts(c, want, "kl_t", kl, t->steps, small_scale());
    check_parts(c, want, "K_row", row, count, 1);
    check_parts(c, want, "log_p_row", row + count, count, 1);
}

void golden_check_subset_chain(golden_case *c)
{
    target_chain t;
    double mean = 0;
    size_t count;
    target_chain_new(&t, c);
    const size_t *states = states_read(c, t.roles.columns, &count);
    double *exact = golden_new(c, count, sizeof *exact);
    for (size_t x = 0; x < t.full; x++)
        mean += t.data[x] > 0 ? t.data[x] * law_of(t.data, &t.roles, x) : 0;
    for (size_t r = 0; r < count; r++)
        exact[r] = law_of(t.data, &t.roles, states[r]);
    golden_check_output(c, "neg_H_A_given_B", mean, 1);
    golden_check_list(c, "exact_row", exact, count, 1);
    check_last(c, &t, "fixed", 0);
    check_last(c, &t, "learned", 1);
    block_chain_free(&t.chain);
}
