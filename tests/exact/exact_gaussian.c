/* exact_gaussian.c - a model whose reverse steps are linear, N(A_t x_t, C_t): the ones that are
 * best for rows of a normal law, so that the law of the model is normal too and all that noneq says
 * about it has a closed form.
 *     exact_gaussian write       normal.nq, rows.csv, gaps.csv, in this folder
 *     exact_gaussian WHAT FILE   compares FILE with it: bound, likelihood (JSON of eval), rows,
 *                                bounds (of score), sample, impute, denoise */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "exact/exact.h"
#include "inside.h"

enum { D = 3, STEPS = 40, TRAINING = 4000, ROWS = 300, TARGETS = 3 };
typedef struct matrix {
    double v[D][D];
} matrix;

static const matrix mix = {{{2, 0, 0}, {1.5, 0.7, 0}, {-0.5, 0.8, 0.4}}};
static const double centre[D] = {10, -3, 0.2};
static const double sigma = 0.5; /* of denoise */
/* Rows with a gap each, in deviations from the mean; the gap is column k of row k. */
static const double known[TARGETS][D] = {{0, 1, -0.5}, {0.7, 0, 1.5}, {-1, -1.2, 0}};

struct chain {
    nq_model *model;
    const nq_schedule *schedule;
    double mean[D], deviation[D];
    matrix correlation; /* of the law that the steps are best for, scaled */
    matrix a[STEPS + 1];
    double c[STEPS + 1][D];
    matrix law; /* covariance of x_0 under the model, scaled */
};

static void multiply(matrix *out, const matrix *x, const matrix *y)
{
    matrix product = {0};
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            for (int k = 0; k < D; k++)
                product.v[i][j] += x->v[i][k] * y->v[k][j];
    *out = product;
}

static void transpose(matrix *out, const matrix *x)
{
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            out->v[j][i] = x->v[i][j];
}

/* Inverse of a positive definite matrix and the logarithm of its determinant (Gauss and Jordan). */
static double invert(matrix *out, const matrix *x)
{
    matrix rest = *x;
    double log_determinant = 0;

    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            out->v[i][j] = i == j;
    for (int k = 0; k < D; k++) {
        const double pivot = rest.v[k][k];
        log_determinant += log(pivot);
        for (int j = 0; j < D; j++) {
            rest.v[k][j] /= pivot;
            out->v[k][j] /= pivot;
        }
        for (int i = 0; i < D; i++) {
            const double factor = rest.v[i][k];
            for (int j = 0; j < D && i != k; j++) {
                rest.v[i][j] -= factor * rest.v[k][j];
                out->v[i][j] -= factor * out->v[k][j];
            }
        }
    }
    return log_determinant;
}

/* Covariance of x_t for data of the correlation. */
static void marginal(matrix *out, const chain *c, size_t t)
{
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++) {
            const double kept = t ? c->schedule->alpha_bar[t - 1] : 1;
            const double noise = t ? c->schedule->one_minus_alpha_bar[t - 1] : 0;
            out->v[i][j] = kept * c->correlation.v[i][j] + (i == j) * noise;
        }
}

/* A_t = sqrt(1 - beta) V_{t-1} V_t^-1 and the diagonal of V_{t-1} - A V_t A', and what comes of a
 * unit normal law by all of them. The last step is the forward kernel ([SD15] B.2). */
static void chain_solve(chain *c)
{
    const nq_schedule *s = c->schedule;
    matrix before, after, inverse, turned, product;
    c->law = (matrix){0};
    for (int i = 0; i < D; i++)
        c->law.v[i][i] = 1;
    for (size_t t = STEPS; t > 1; t--) {
        marginal(&before, c, t - 1);
        marginal(&after, c, t);
        invert(&inverse, &after);
        multiply(&c->a[t], &before, &inverse);
        for (int i = 0; i < D * D; i++)
            c->a[t].v[i / D][i % D] *= sqrt(1 - s->beta[t - 1]);
        transpose(&turned, &c->a[t]);
        multiply(&product, &c->a[t], &after);
        multiply(&product, &product, &turned);
        multiply(&c->law, &c->a[t], &c->law);
        multiply(&c->law, &c->law, &turned);
        for (int i = 0; i < D; i++) {
            c->c[t][i] = before.v[i][i] - product.v[i][i];
            c->law.v[i][i] += c->c[t][i];
        }
    }
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            c->law.v[i][j] = (1 - s->beta[0]) * c->law.v[i][j] + (i == j) * s->beta[0];
}

/* The network's mean is sqrt(1 - beta) x_t + gain z and its variance sigmoid(z + logit beta), where
 * z is a readout of one basis function (left out) and x_t. */
static void chain_set(chain *c)
{
    for (size_t t = 2; t <= STEPS; t++) {
        const double beta = c->schedule->beta[t - 1];
        const nqi_gaussian_step *step = gaussian_step(&c->model->process, t);
        const double gain = (double)step->cs * (double)step->gain;
        nqi_real *weight = exact_param(c->model, "readout.weight", t);
        nqi_real *bias = exact_param(c->model, "readout.bias", t);
        memset(weight, 0, 2 * D * (D + 1) * sizeof *weight);
        for (int i = 0; i < D; i++) {
            const double v = c->c[t][i];
            for (int j = 0; j < D; j++)
                weight[i * (D + 1) + 1 + j] =
                    (nqi_real)((c->a[t].v[i][j] - (i == j) * sqrt(1 - beta)) / gain);
            bias[i] = 0;
            bias[D + i] = (nqi_real)(log(v) - log1p(-v) - log(beta) + log1p(-beta));
        }
    }
}

static void rows_write(const char *path, size_t rows, unsigned long seed)
{
    FILE *file = fopen(path, "w");
    if (!file)
        exact_fail(path);
    fprintf(file, "a,b,c\n");
    for (size_t r = 0; r < rows; r++) {
        double normal[D];
        for (int i = 0; i < D; i++)
            normal[i] = exact_normal(&seed);
        for (int i = 0; i < D; i++) {
            double x = centre[i];
            for (int k = 0; k < D; k++)
                x += mix.v[i][k] * normal[k];
            fprintf(file, "%.9g%c", x, i + 1 < D ? ',' : '\n');
        }
    }
    fclose(file);
}

static void gaps_write(const char *path, const chain *c)
{
    FILE *file = fopen(path, "w");
    if (!file)
        exact_fail(path);
    fprintf(file, "a,b,c\n");
    for (int r = 0; r < TARGETS; r++)
        for (int i = 0; i < D; i++) {
            if (i != r)
                fprintf(file, "%.9g", c->mean[i] + c->deviation[i] * known[r][i]);
            fputc(i + 1 < D ? ',' : '\n', file);
        }
    fclose(file);
}

static chain *chain_open(nq_context *context, nq_model *model)
{
    (void)context;
    chain *c = exact_memory(1, sizeof *c);
    matrix turned, covariance;
    c->model = model;
    c->schedule = nq_model_schedule(model);
    transpose(&turned, &mix);
    multiply(&covariance, &mix, &turned);
    for (int i = 0; i < D; i++)
        nq_model_column_scaling(&c->mean[i], &c->deviation[i], model, (size_t)i);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            c->correlation.v[i][j] =
                covariance.v[i][j] / sqrt(covariance.v[i][i] * covariance.v[j][j]);
    chain_solve(c);
    return c;
}

static void chain_close(chain *c)
{
    free(c);
}

static void write_all(nq_context *context)
{
    static const char *const settings[][2] = {
        {"regressor", "rbf"},    {"hidden", "1"},        {"steps", "40"}, {"schedule", "log-snr"},
        {"readout", "per-step"}, {"kernel", "gaussian"}, {NULL, NULL}};
    rows_write("training.csv", TRAINING, 1);
    rows_write("rows.csv", ROWS, 2);
    nq_model *model = exact_model(context, "training.csv", settings);
    chain *c = chain_open(context, model);
    chain_set(c);
    gaps_write("gaps.csv", c);
    exact_ok(nq_model_save("normal.nq", context, model), context);
    chain_close(c);
    nq_model_free(model);
}

/* Row r of rows.csv, scaled. */
static void row_scaled(double z[D], const chain *c, const exact_table *rows, size_t r)
{
    for (int i = 0; i < D; i++)
        z[i] = (rows->cells[r * D + (size_t)i] - c->mean[i]) / c->deviation[i];
}

static double log_density(const chain *c, const double z[D])
{
    matrix inverse;
    double sum = invert(&inverse, &c->law) + D * log(2 * 3.14159265358979323846);
    for (int i = 0; i < D; i++)
        for (int j = 0; j < D; j++)
            sum += z[i] * inverse.v[i][j] * z[j];
    return -0.5 * sum;
}

/* K of a row: E over q(x_t | x_0) of each step's divergence between normal laws, and what the
 * entropies leave (mathematics.md sections 2 and 3). */
static double row_bound(const chain *c, const double z[D])
{
    const nq_schedule *s = c->schedule;
    double bound = 0.5 * D * (log(s->one_minus_alpha_bar[STEPS - 1]) - log(s->beta[0]));
    double square = 0;
    for (size_t t = 2; t <= STEPS; t++) {
        const double beta = s->beta[t - 1], kept = s->alpha_bar[t - 1],
                     noise = s->one_minus_alpha_bar[t - 1], less = s->one_minus_alpha_bar[t - 2];
        const double v = beta * less / noise;
        const double from_0 = sqrt(s->alpha_bar[t - 2]) * beta / noise,
                     from_t = sqrt(1 - beta) * less / noise;
        for (int i = 0; i < D; i++) {
            double shift = from_0 * z[i], spread = 0;
            for (int j = 0; j < D; j++) {
                const double m = (i == j) * from_t - c->a[t].v[i][j];
                shift += sqrt(kept) * m * z[j];
                spread += noise * m * m;
            }
            bound -= 0.5 * (log(c->c[t][i] / v) + (v + shift * shift + spread) / c->c[t][i] - 1);
        }
    }
    for (int i = 0; i < D; i++)
        square += z[i] * z[i];
    bound -= 0.5 * D * log(2 * 3.14159265358979323846 * exp(1));
    return bound - 0.5 * (s->beta[0] + s->alpha_bar[STEPS - 1]) * (square - D);
}

typedef double row_law(const chain *c, const double z[D]);

static double mean_of(const chain *c, row_law *law)
{
    const exact_table rows = exact_read("rows.csv");
    double sum = 0, z[D];
    for (size_t r = 0; r < rows.rows; r++) {
        row_scaled(z, c, &rows, r);
        sum += law(c, z) / (double)rows.rows;
    }
    return sum;
}

static void compare_bound(const chain *c, const char *path)
{
    const double se = exact_number(path, "bound.se");
    exact_compare("K, bits", exact_number(path, "bound.bits"), mean_of(c, row_bound) / EXACT_LN2,
                  4 * se);
    exact_between("its error", se, 1e-6, 0.1);
}

static void compare_likelihood(const chain *c, const char *path)
{
    const double se = exact_number(path, "ais.se"), bits = exact_number(path, "ais.bits");
    exact_compare("log p, bits", bits, mean_of(c, log_density) / EXACT_LN2, 4 * se + 0.002);
    exact_between("its error", se, 1e-6, 0.05);
    exact_between("K, bits", exact_number(path, "bound.bits"), -100,
                  bits + 4 * exact_number(path, "bound.se"));
}

/* Scores of rows against a law: mean error, and how errors compare with those that are given. */
static void compare_rows(const chain *c, const char *path, row_law *law, const char *name,
                         const char *error)
{
    const exact_table rows = exact_read("rows.csv"), scores = exact_read(path);
    const size_t value = exact_column(&scores, name);
    double sum = 0, square = 0, given = 0, z[D];
    if (scores.rows != rows.rows)
        exact_fail("not as many scores as rows");
    for (size_t r = 0; r < rows.rows; r++) {
        const double *cells = scores.cells + r * scores.columns;
        row_scaled(z, c, &rows, r);
        const double miss = cells[value] - law(c, z);
        sum += miss;
        square += miss * miss;
        if (error)
            given += pow(EXACT_LN2 * cells[exact_column(&scores, error)], 2);
    }
    const double n = (double)rows.rows;
    exact_compare("mean error of rows, nats", sum / n, 0, 4 * sqrt(square / n / n) + 0.001);
    exact_between("deviation of errors, nats", sqrt(square / n), 0, error ? 0.2 : 1);
    if (error)
        exact_between("deviation of errors / given", sqrt(square / given), 0.75, 1.33);
}

static void compare_sample(const chain *c, const char *path)
{
    const exact_table rows = exact_read(path);
    const double n = (double)rows.rows;
    double mean[D] = {0}, z[D];
    matrix square = {0};
    for (size_t r = 0; r < rows.rows; r++) {
        row_scaled(z, c, &rows, r);
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++)
                square.v[i][j] += z[i] * z[j] / n;
        for (int i = 0; i < D; i++)
            mean[i] += z[i] / n;
    }
    exact_between("samples", n, 1000, 1e9);
    for (int i = 0; i < D; i++)
        exact_compare("mean", mean[i], 0, 4.5 * sqrt(c->law.v[i][i] / n));
    for (int i = 0; i < D; i++)
        for (int j = 0; j <= i; j++)
            exact_compare("covariance", square.v[i][j], c->law.v[i][j],
                          4.5 * sqrt((c->law.v[i][i] * c->law.v[j][j] +
                                      c->law.v[i][j] * c->law.v[i][j]) /
                                     n));
}

/* Mean and variance of column k of the draws of a target, scaled. Columns: row, draw, a, b, c. */
static double draws_of(double *mean, double *variance, const chain *c, const exact_table *draws,
                       int target, int k)
{
    double n = 0, square = 0;
    *mean = 0;
    for (size_t r = 0; r < draws->rows; r++) {
        const double *cells = draws->cells + r * draws->columns;
        if ((int)cells[0] != target)
            continue;
        const double z = (cells[2 + k] - c->mean[k]) / c->deviation[k];
        n++;
        *mean += z;
        square += z * z;
    }
    *mean /= n;
    *variance = square / n - *mean * *mean;
    return n;
}

/* Draws of one filter are not independent; the figures are means of several. */
static void compare_draws(const chain *c, const exact_table *draws, int target, int k,
                          double mean, double variance)
{
    double got, spread;
    const double n = draws_of(&got, &spread, c, draws, target, k);
    exact_between("draws", n, 500, 1e9);
    exact_compare("posterior mean", got, mean, 0.1 * sqrt(variance));
    exact_between("posterior variance / exact", spread / variance, 0.8, 1.25);
}

/* z_k given the others: from the inverse of the covariance. */
static void compare_impute(const chain *c, const char *path)
{
    const exact_table draws = exact_read(path);
    matrix inverse;
    invert(&inverse, &c->law);
    for (int k = 0; k < TARGETS; k++) {
        double mean = 0;
        for (int j = 0; j < D; j++)
            mean -= j == k ? 0 : inverse.v[k][j] / inverse.v[k][k] * known[k][j];
        compare_draws(c, &draws, k, k, mean, 1 / inverse.v[k][k]);
    }
}

/* x given x + noise: precisions add. */
static void compare_denoise(const chain *c, const char *path)
{
    const exact_table draws = exact_read(path), rows = exact_read("rows.csv");
    matrix precision, covariance;
    invert(&precision, &c->law);
    double noise[D], z[D];
    for (int i = 0; i < D; i++) {
        noise[i] = pow(sigma / c->deviation[i], 2);
        precision.v[i][i] += 1 / noise[i];
    }
    invert(&covariance, &precision);
    for (int r = 0; r < TARGETS; r++) {
        row_scaled(z, c, &rows, (size_t)r);
        for (int k = 0; k < D; k++) {
            double mean = 0;
            for (int j = 0; j < D; j++)
                mean += covariance.v[k][j] * z[j] / noise[j];
            compare_draws(c, &draws, r, k, mean, covariance.v[k][k]);
        }
    }
}

static void compare_scores(const chain *c, const char *path)
{
    compare_rows(c, path, log_density, "log_likelihood_nats", "se_bits");
}

static void compare_bounds(const chain *c, const char *path)
{
    compare_rows(c, path, row_bound, "bound_nats", NULL);
}

static const exact_comparison comparisons[] = {
    {"bound", compare_bound},     {"likelihood", compare_likelihood},
    {"rows", compare_scores},     {"bounds", compare_bounds},
    {"sample", compare_sample},   {"impute", compare_impute},
    {"denoise", compare_denoise}, {NULL, NULL}};

int main(int argc, char **argv)
{
    const exact_program program = {"normal.nq", write_all, chain_open, chain_close, comparisons};
    return exact_main(&program, argc, argv);
}
