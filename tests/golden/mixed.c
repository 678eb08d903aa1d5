/* mixed.c - a row of a real number and a category: their bounds and weights, by quadrature. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/levels.h"
#include "inside.h"

/* Logistic functions of a normal number: the trapezoid rule errs by e^-28 with this spacing. */
enum { NODES = 77, LEVELS_MOST = 3, GRID = 1000 };
static const double spacing = 0.22, grid_end = 10;

typedef struct mixed {
    block_chain chain;
    size_t levels, steps;
    double s2;
    const double *p, *m;             /* [levels] law of c, mean of x given c */
    const double *a, *b, *s, *u, *w; /* the reverse process, [T] and [T][levels] */
} mixed;

/* One row of the microbatch at step t, where `noise` makes x_t of x_0. */
static void place(const mixed *x, size_t row, size_t t, double x_0, double noise, double now,
                  size_t c_0, size_t c_t)
{
    const block_chain *chain = &x->chain;
    const nqi_block *number = &chain->process.blocks[0], *level = number + 1;
    const nqi_gaussian_step *step = gaussian_step(&chain->process, t);
    const double beta = number->schedule.beta[t - 1], s = x->s[t - 1];
    const double mean = x->a[t - 1] * now + x->b[(t - 1) * x->levels + c_t];
    const size_t ld = chain->batch.tape.ld;
    chain->batch.x_0[row] = (nqi_real)x_0;
    chain->batch.noise[row] = (nqi_real)noise;
    *chain_x(chain, 0, row) = (nqi_real)now;
    chain->batch.x_0[ld + row] = (nqi_real)c_0;
    *chain_x(chain, 1, row) = (nqi_real)c_t;
    *chain_output(chain, number, 0, row) =
        (nqi_real)((mean - sqrt(1 - beta) * now) / ((double)step->cs * (double)step->gain));
    *chain_output(chain, number, 1, row) =
        (nqi_real)(log(s) - log1p(-s) - log(beta) + log1p(-beta));
    for (size_t k = 0; k < x->levels; k++)
        *chain_output(chain, level, k, row) =
            (nqi_real)(x->u[(t - 1) * x->levels + k] + x->w[(t - 1) * x->levels + k] * now);
}

static double normal_density(double x, double mean, double variance)
{
    return exp(-(x - mean) * (x - mean) / (2 * variance)) / sqrt(2 * acos(-1) * variance);
}

static double level_law(const mixed *x, size_t t, size_t from, size_t to)
{
    const nqi_block *b = &x->chain.process.blocks[1];
    return nqi_level_law(b->schedule.alpha_bar[t - 1], b->schedule.one_minus_alpha_bar[t - 1],
                         x->p, from, to);
}

static double node_at(size_t n)
{
    return spacing * ((double)n - (NODES - 1) / 2);
}

/* What a divergence at t = 1 lacks to be the cross-entropy of x_0. */
static double rest_of_first(const nqi_block *block, size_t t)
{
    const nqi_real any = 0;
    return t == 1 ? nqi_block_entropy_first(block, &any, 1) : 0;
}

/* E KL_t of the category, where x_t is normal. */
static void add_level_kl(mixed *x, double *sum, size_t t, size_t c_0, double mean, double spread)
{
    const nqi_block *level = &x->chain.process.blocks[1];
    for (size_t n = 0; n < NODES; n++)
        for (size_t c = 0; c < x->levels; c++)
            place(x, n * x->levels + c, t, 0, 0, mean + spread * node_at(n), c_0, c);
    chain_block_kl(&x->chain, level, t);
    for (size_t n = 0; n < NODES; n++)
        for (size_t c = 0; c < x->levels; c++)
            *sum += spacing * normal_density(node_at(n), 0, 1) * level_law(x, t, c_0, c) *
                    (double)x->chain.kl[n * x->levels + c];
    *sum += rest_of_first(level, t);
}

/* The number's divergence is quadratic in (x_0, noise): +-sqrt(2) along both have its moments. */
static void add_number_kl(mixed *x, double *sum, size_t t, size_t c_0, double mean, double spread)
{
    const nqi_block *number = &x->chain.process.blocks[0];
    const double signal = sqrt(number->schedule.alpha_bar[t - 1]);
    const double noise = sqrt(number->schedule.one_minus_alpha_bar[t - 1]);
    for (size_t c = 0; c < x->levels; c++)
        for (size_t n = 0; n < 4; n++) {
            const double by = n % 2 ? sqrt(2) : -sqrt(2), x_0 = mean + (n < 2 ? by * spread : 0);
            const double drawn = n < 2 ? 0 : by;
            place(x, 4 * c + n, t, x_0, drawn, signal * x_0 + noise * drawn, c_0, c);
        }
    chain_block_kl(&x->chain, number, t);
    for (size_t c = 0; c < x->levels; c++)
        for (size_t n = 0; n < 4; n++)
            *sum += 0.25 * level_law(x, t, c_0, c) * (double)x->chain.kl[4 * c + n];
    *sum += rest_of_first(number, t);
}

/* kl[column][t] and K of both columns for c_0 and x_0 ~ N(mean, spread^2). */
static void bounds_of(mixed *x, double *kl, double *bound, size_t c_0, double mean, double spread)
{
    const nqi_process *process = &x->chain.process;
    const nqi_block *number = &process->blocks[0], *level = number + 1;
    memset(kl, 0, 2 * x->steps * sizeof *kl);
    for (size_t t = process->first_learned; t <= x->steps; t++) {
        const double keep = number->schedule.alpha_bar[t - 1];
        const double variance =
            keep * spread * spread + number->schedule.one_minus_alpha_bar[t - 1];
        add_number_kl(x, &kl[t - 1], t, c_0, mean, spread);
        add_level_kl(x, &kl[x->steps + t - 1], t, c_0, sqrt(keep) * mean, sqrt(variance));
    }
    for (size_t k = 0; k < 2; k++) {
        const nqi_block *b = k ? level : number;
        const nqi_account *account = b->family->account;
        bound[k] = -account->entropy_prior(b);
        for (int side = 0; side < 2; side++) { /* the edge is quadratic in x_0 */
            const nqi_real x_0 = (nqi_real)(k ? (double)c_0 : mean + (side ? spread : -spread));
            bound[k] += 0.5 * (account->entropy_given_data(b, &x_0, 1, x->steps) +
                               nqi_block_edge(b, &x_0, 1));
            if (process->first_learned > 1)
                bound[k] -= 0.5 * nqi_block_entropy_first(b, &x_0, 1);
        }
        for (size_t t = 1; t <= x->steps; t++)
            bound[k] -= kl[k * x->steps + t - 1];
    }
}

/* p(x_t, c_t) on a grid of x, for t = T, T-1 .. 1, over `law`; then log p(x_0, c_0) by it. */
typedef struct density {
    double *law, *next; /* [levels][GRID] */
    double *level;      /* [GRID][c_t][c_{t-1}] */
    nqi_real *out;      /* [levels][ld] */
} density;

static double grid_at(size_t g)
{
    return grid_end * (2 * (double)g / (GRID - 1) - 1);
}

static void fill_levels(const mixed *x, const density *d, size_t t)
{
    const size_t ld = x->chain.batch.tape.ld, each = x->levels;
    for (size_t first = 0; first < GRID * each; first += ld) {
        const size_t some = GRID * each - first < ld ? GRID * each - first : ld;
        for (size_t r = 0; r < some; r++)
            place(x, r, t, 0, 0, grid_at((first + r) / each), 0, (first + r) % each);
        chain_block_law(&x->chain, &x->chain.process.blocks[1], t, d->out);
        for (size_t r = 0; r < some; r++)
            for (size_t k = 0; k < each; k++)
                d->level[(first + r) * each + k] = (double)d->out[k * ld + r];
    }
}

/* Integral of p(x_t, c_t) p(to, level | x_t, c_t). */
static double step_down(const mixed *x, const density *d, size_t t, double to, size_t level)
{
    const int fixed = t < x->chain.process.first_learned;
    const double beta = x->chain.process.blocks[0].schedule.beta[t - 1];
    double sum = 0;
    for (size_t c = 0; c < x->levels; c++)
        for (size_t g = 0; g < GRID; g++) {
            const double mean = fixed ? sqrt(1 - beta) * grid_at(g)
                                      : x->a[t - 1] * grid_at(g) + x->b[(t - 1) * x->levels + c];
            const double off = (to - mean) * (to - mean), v = fixed ? beta : x->s[t - 1];
            if (off < 80 * v)
                sum += d->law[c * GRID + g] * d->level[(g * x->levels + c) * x->levels + level] *
                       normal_density(to, mean, v);
        }
    return sum * 2 * grid_end / (GRID - 1);
}

static void density_fill(density *d, golden_case *c, const mixed *x)
{
    if (!d->law) {
        d->law = golden_new(c, 2 * LEVELS_MOST * GRID, sizeof *d->law);
        d->next = d->law + LEVELS_MOST * GRID;
        d->level = golden_new(c, LEVELS_MOST * LEVELS_MOST * GRID, sizeof *d->level);
        d->out = golden_new(c, LEVELS_MOST * STATES_MOST, sizeof *d->out);
    }
    for (size_t k = 0; k < x->levels; k++)
        for (size_t g = 0; g < GRID; g++)
            d->law[k * GRID + g] = x->p[k] * normal_density(grid_at(g), 0, 1);
    for (size_t t = x->steps; t > 1; t--) {
        fill_levels(x, d, t);
        for (size_t k = 0; k < x->levels; k++)
            for (size_t g = 0; g < GRID; g++)
                d->next[k * GRID + g] = step_down(x, d, t, grid_at(g), k);
        memcpy(d->law, d->next, x->levels * GRID * sizeof *d->law);
    }
    fill_levels(x, d, 1);
}

static const double *part(golden_case *c, const char *output, const char *name, size_t count)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(golden_output(c, output), name);
    if (!list)
        golden_damaged(c, "output \"%s\" has no \"%s\"", output, name);
    if (!cJSON_IsArray(list)) {
        double *out = golden_new(c, 1, sizeof *out);
        *out = golden_value(c, list, name);
        return out;
    }
    return golden_list(c, list, name, count, NULL);
}

static void check_rows(golden_case *c, mixed *x, const char *output, const density *d)
{
    size_t count;
    const double *rows = golden_input_rows(c, "rows", 2, &count);
    const double *want = part(c, output, "K_row", count);
    const double *each = part(c, output, "K_row_column", 2 * count);
    const double *law = part(c, output, "log_p_row", count);
    double *kl = golden_new(c, 2 * x->steps, sizeof *kl), bound[2];
    for (size_t r = 0; r < count; r++) {
        const size_t level = (size_t)rows[2 * r + 1];
        if (level >= x->levels)
            golden_damaged(c, "there is no level %zu", level);
        bounds_of(x, kl, bound, level, rows[2 * r], 0);
        golden_check_at(c, "K_row", r, bound[0] + bound[1], want[r], 1);
        golden_check_at(c, "K_row_column", 2 * r, bound[0], each[2 * r], 1);
        golden_check_at(c, "K_row_column", 2 * r + 1, bound[1], each[2 * r + 1], 1);
        const double log_p = log(step_down(x, d, 1, rows[2 * r], level));
        golden_check_at(c, "log_p_row", r, log_p, law[r], 1);
    }
}

static void check_means(golden_case *c, mixed *x, const char *output, const density *d)
{
    const double *columns = part(c, output, "K_column", 2);
    const double *divergences = part(c, output, "kl_t_column", 2 * x->steps);
    double *kl = golden_new(c, 4 * x->steps, sizeof *kl), *mean = kl + 2 * x->steps;
    double bound[2], sum[2] = {0}, log_p = 0;
    for (size_t k = 0; k < x->levels; k++) {
        bounds_of(x, kl, bound, k, x->m[k], sqrt(x->s2));
        for (size_t j = 0; j < 2 * x->steps; j++)
            mean[j] += x->p[k] * kl[j];
        for (size_t j = 0; j < 2; j++)
            sum[j] += x->p[k] * bound[j];
        for (size_t n = 0; n < NODES; n++) /* beyond 7 deviations is nothing */
            log_p += fabs(node_at(n)) > 7
                         ? 0
                         : x->p[k] * spacing * normal_density(node_at(n), 0, 1) *
                               log(step_down(x, d, 1, x->m[k] + sqrt(x->s2) * node_at(n), k));
    }
    for (size_t j = 0; j < 2 * x->steps; j++)
        golden_check_at(c, "kl_t_column", j, mean[j], divergences[j], small_scale());
    for (size_t j = 0; j < 2; j++)
        golden_check_at(c, "K_column", j, sum[j], columns[j], 1);
    golden_check(c, "K", sum[0] + sum[1], *part(c, output, "K", 1), 1);
    golden_check(c, "E_log_p", log_p, *part(c, output, "E_log_p", 1), 1);
}

static const double *path_of(golden_case *c, int row, const char *name, size_t count)
{
    const cJSON *path = cJSON_GetArrayItem(golden_input(c, "trajectories"), row);
    return golden_list(c, cJSON_GetObjectItemCaseSensitive(path, name), name, count, NULL);
}

static void check_weights(golden_case *c, mixed *x, const char *output)
{
    const int count = cJSON_GetArraySize(golden_input(c, "trajectories"));
    const double *want = part(c, output, "log_w", (size_t)count);
    const double *each = part(c, output, "log_w_column", 2 * (size_t)count);
    for (int r = 0; r < count; r++) {
        const double *path[2] = {path_of(c, r, "x", x->steps + 1),
                                 path_of(c, r, "c", x->steps + 1)};
        double sum[2];
        for (size_t k = 0; k < 2; k++) {
            const nqi_block *b = &x->chain.process.blocks[k];
            double log_w[STATES_MOST] = {0}, before[STATES_MOST] = {0}, after[STATES_MOST] = {0};
            for (size_t t = 1; t <= x->steps; t++) {
                place(x, 0, t, 0, 0, path[0][t], 0, (size_t)path[1][t]);
                before[0] = path[k][t - 1];
                after[0] = path[k][t];
                x->chain.batch.tape.time[0] = (uint32_t)t;
                const nqi_rows rows = nqi_batch_rows(&x->chain.batch, b, 0, 0);
                b->family->paths->log_ratio(b, &rows, 0, b->count, log_w, before, after);
            }
            const nqi_real last = (nqi_real)path[k][x->steps];
            sum[k] = log_w[0] + b->family->account->log_prior(b, &last, 1);
            golden_check_at(c, "log_w_column", 2 * (size_t)r + k, sum[k], each[2 * r + (int)k],
                            1);
        }
        golden_check_at(c, "log_w", (size_t)r, sum[0] + sum[1], want[r], 1);
    }
}

static void mixed_new(mixed *out, golden_case *c)
{
    cJSON *rates = cJSON_CreateArray();
    memset(out, 0, sizeof *out);
    out->p = golden_input_list(c, "p_c", 0, &out->levels);
    if (out->levels < 2 || out->levels > LEVELS_MOST)
        golden_damaged(c, "%zu levels: expected 2 to %d", out->levels, LEVELS_MOST);
    const nqi_block_plan plans[2] = {{.family = &nqi_family_gaussian, .count = 1},
                                     {&nqi_family_categorical, 1, out->levels, out->p}};
    cJSON_AddItemToArray(rates, cJSON_Duplicate(golden_input(c, "b_real"), 1));
    cJSON_AddItemToArray(rates, cJSON_Duplicate(golden_input(c, "b_cat"), 1));
    block_chain_new(&out->chain, c, plans, 2, rates, NODES * out->levels);
    cJSON_Delete(rates);
    out->steps = out->chain.process.schedule.steps;
    out->m = golden_input_list(c, "m_c", out->levels, NULL);
    out->s2 = golden_number(c, "s2");
    out->a = golden_input_list(c, "A", out->steps, NULL);
    out->b = golden_input_list(c, "B", out->steps * out->levels, NULL);
    out->s = golden_input_list(c, "S", out->steps, NULL);
    out->u = golden_input_list(c, "U", out->steps * out->levels, NULL);
    out->w = golden_input_list(c, "W", out->steps * out->levels, NULL);
}

static double null_of(const mixed *x)
{
    double sum = 0;
    for (size_t k = 0; k < x->levels; k++)
        for (int side = 0; side < 2; side++) {
            const nqi_real row[2] = {(nqi_real)(x->m[k] + (side ? 1 : -1) * sqrt(x->s2)),
                                     (nqi_real)k};
            sum += 0.5 * x->p[k] * nqi_process_log_prior(&x->chain.process, row, 1);
        }
    return sum;
}

void golden_check_mixed_exact(golden_case *c)
{
    mixed x;
    density d = {0};
    mixed_new(&x, c);
    golden_check_output(c, "L_null", null_of(&x), 1);
    for (int learned = 0; learned < 2; learned++) {
        const char *output = learned ? "learned" : "fixed";
        nqi_process_learn_last(&x.chain.process, learned);
        density_fill(&d, c, &x);
        check_rows(c, &x, output, &d);
        check_means(c, &x, output, &d);
        check_weights(c, &x, output);
    }
    block_chain_free(&x.chain);
}
