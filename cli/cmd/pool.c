/* pool.c - noneq pool: one answer, with an honest error, from several completed tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "cmd/verbs.h"
#include "json.h"
#include "message.h"
#include "pool.h"
#include "session.h"

typedef struct pool_values {
    const char *means, *proportions, *quantiles, *formula;
    double level;
} pool_values;

static const option_row rows[] = {
    {"mean", 0, OPTION_TEXT, offsetof(pool_values, means), "COLUMN,...", NULL, 0,
     "means of these columns"},
    {"proportion", 0, OPTION_TEXT, offsetof(pool_values, proportions), "COLUMN=LEVEL,...", NULL,
     0, "parts of the rows that have this level"},
    {"quantile", 0, OPTION_TEXT, offsetof(pool_values, quantiles), "COLUMN:PART,...", NULL, 0,
     "quantiles, such as income:0.5"},
    {"regress", 0, OPTION_TEXT, offsetof(pool_values, formula), "FORMULA", NULL, 0,
     "coefficients of least squares with an intercept: \"y ~ a + b\"; levels of text, and of "
     "factor(COLUMN), count as 0 and 1 against the first"},
    {"level", 0, OPTION_NUMBER, offsetof(pool_values, level), "P", "0.95", 0,
     "probability of the intervals"},
};

static int values_check(const verb *self, const pool_values *values)
{
    if (!values->means && !values->proportions && !values->quantiles && !values->formula)
        return options_refuse(self, "what is to be pooled: --mean, --proportion, --quantile or "
                                    "--regress");
    if (!(values->level > 0 && values->level < 1))
        return options_refuse(self, "--level is between 0 and 1, not %g", values->level);
    return EXIT_DONE;
}

static int answers_make(pool_answers *out, const pool_tables *tables, const pool_values *values)
{
    int code = EXIT_DONE;

    if (values->means)
        code = pool_means(out, tables, values->means);
    if (!code && values->proportions)
        code = pool_proportions(out, tables, values->proportions);
    if (!code && values->quantiles)
        code = pool_quantiles(out, tables, values->quantiles);
    if (!code && values->formula)
        code = pool_regress(out, tables, values->formula);
    return code;
}

static void line_print(const char *name, const nq_pooled *p)
{
    printf("%-28s %12.6g %11.4g %12.6g %12.6g %9.4g %8.3f\n", shown(name).text, p->mean, p->se,
           p->low, p->high, p->df, p->lambda);
}

static void json_print(const char *name, const nq_pooled *p)
{
    static const char *const keys[] = {"mean",  "se",     "low",         "high",
                                       "df",    "lambda", "within",      "between",
                                       "total", "df_old", "df_observed", "within_models"};
    const double values[] = {p->mean,  p->se,     p->low,         p->high,
                             p->df,    p->lambda, p->within,      p->between,
                             p->total, p->df_old, p->df_observed, p->within_models};

    putchar('{');
    json_field_text(stdout, "name", name);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        printf(",\"%s\":", keys[i]);
        json_number_any(stdout, values[i]);
    }
    putchar('}');
}

static void head_print(const pool_tables *tables, double level, int json)
{
    char interval[32];

    if (json) {
        printf("{\"tables\":%zu,\"rows\":%zu,\"models\":%zu,\"level\":%.10g,\"answers\":[",
               tables->count, tables->rows, tables->models, level);
        return;
    }
    printf("of %zu completed tables of %zu rows", tables->count, tables->rows);
    if (tables->models)
        printf(", %zu of each of %zu models", tables->count / tables->models, tables->models);
    snprintf(interval, sizeof interval, "%g %% interval", 100 * level);
    printf("\n%-28s %12s %11s %25s %9s %8s\n", "", "answer", "error", interval, "freedom",
           "by gaps");
}

static int answers_print(const pool_tables *tables, const pool_answers *answers, double level,
                         int json)
{
    head_print(tables, level, json);
    for (size_t k = 0; k < answers->count; k++) {
        const nq_pool_options options = {.df = answers->df[k],
                                         .level = level,
                                         .models = tables->models};
        nq_pooled pooled;
        const nq_status status =
            nq_pool(&pooled, tables->context, answers->q + k * answers->tables,
                    answers->u + k * answers->tables, answers->tables, &options);

        if (status)
            return session_fail(tables->context, status);
        if (json && k)
            putchar(',');
        if (json)
            json_print(answers->names[k], &pooled);
        else
            line_print(answers->names[k], &pooled);
    }
    if (json)
        puts("]}");
    return output_finish();
}

static int pool_run(const verb *self, int argc, char **argv)
{
    pool_values values;
    arguments words;
    nq_context *context;
    pool_tables tables = {0};
    pool_answers answers = {0};
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((code = values_check(self, &values)) || (code = session_open(&context, &words.common)))
        return code;
    if (!(code = pool_tables_open(&tables, context, &words)) &&
        !(code = answers_make(&answers, &tables, &values)))
        code = answers_print(&tables, &answers, values.level, words.common.json);
    pool_answers_free(&answers);
    pool_tables_close(&tables);
    session_close(context);
    return code;
}

const verb verb_pool = {
    .name = "pool",
    .operands = "DRAWS... --mean COLUMN,... [options]",
    .summary = "one answer from several completed tables, by Rubin's rules",
    .details =
        "Computes means, proportions, quantiles or a regression of every completed table and "
        "pools them: their mean, and an error that holds both what rows leave open and what the "
        "gaps do (Rubin 1987; degrees of freedom of Barnard and Rubin 1999). DRAWS is what "
        "impute --draws M writes, 20 draws or more; or several completed tables, a file each. "
        "Draws of several models (a column model) are pooled as such: a model errs for all its "
        "draws at once (Shen 2000). Rows are taken as drawn independently; \"by gaps\" is the "
        "part of the error's square that is due to the gaps.",
    .example = "noneq pool draws.csv --mean age --regress \"income ~ age + sex\"",
    .operands_least = 1,
    .operands_most = OPERANDS_MOST,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_THREADS | COMMON_JSON | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ,
    .run = pool_run,
};
