/* training.c - last sections of a page: how the model was trained, options, versions. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <string.h>

#include <noneq/version.h>

#include "core/text.h"
#include "task/page/html/html.h"
#include "task/page/say/say.h"

static int has_valid(const nqi_curve *curve)
{
    for (size_t i = 0; i < curve->count; i++)
        if (curve->point[i].valid == curve->point[i].valid)
            return 1;
    return 0;
}

static void record_put(FILE *file, const nqi_findings *found)
{
    static const char *const kept[][2] = {
        {"updates", "updates until the state that was kept"},
        {"rows", "training rows"},
        {"batch", "rows per update"},
        {"rate", "rate"},
        {"optimizer", "optimizer"},
        {"seed", "seed"},
        {"train_bits", "K of training batches, bits"},
        {"valid_bits", "K of hold-out rows, bits"},
        {"valid_se_bits", "its Monte Carlo error, bits"},
    };
    nqi_html_table(file, NULL);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = nq_model_record(found->model, kept[i][0]);
        if (!value)
            continue;
        double number;
        if (strchr(value, '.') && nqi_text_read_double(&number, value)) {
            nqi_html_row(file, kept[i][1]);
            nqi_html_cell(file, number, 5);
            nqi_html_row_end(file);
        } else {
            nqi_html_fact(file, kept[i][1], value);
        }
    }
    nqi_html_table_end(file);
}

void nqi_say_training(FILE *file, const nqi_findings *found)
{
    const nqi_curve *curve = &found->curve;
    if (curve->count > 1) {
        fputs(
            "<p>K rises while the network learns. Where that of rows that it does not learn from "
            "falls behind, it learns rows by heart. Where the curves still rise at the end, more "
            "training helps.</p>\n",
            file);
        nqi_html_legend(file, "training batches",
                        has_valid(curve) ? "hold-out rows" : "hold-out rows (there were none)",
                        0);
        fputs("<figure class=\"one\"><figcaption>K in bits per row, in the model's units, by "
              "update</figcaption>\n",
              file);
        nqi_chart_curve(file, curve);
        fputs("</figure>\n", file);
    } else if (curve->count) {
        fprintf(file, "<p>It was judged once, after update %lld: there is no curve.</p>\n",
                (long long)curve->point[0].update);
    } else {
        fputs("<p>The model's file holds no training curve, as those of older versions do "
              "not.</p>\n",
              file);
    }
    record_put(file, found);
}

static void model_options_put(FILE *file, const nqi_findings *found)
{
    char text[NQ_TEXT_SIZE];
    size_t count;
    const nq_option *table = nq_model_options_table(&count);
    fputs("<details><summary>Options of the model</summary>\n", file);
    nqi_html_table(file, NULL);
    for (size_t i = 0; i < count; i++) {
        nq_option_get(text, sizeof text, nq_model_get_options(found->model), &table[i]);
        if (*text)
            nqi_html_fact(file, table[i].field, text);
    }
    nqi_html_table_end(file);
    fputs("</details>\n", file);
}

void nqi_say_options(FILE *file, const nqi_findings *found)
{
    const nq_page_options *options = found->options;
    const nq_schedule *schedule = nq_model_schedule(found->model);
    const size_t last = schedule->steps - 1;
    fputs(
        "<p>The same files, options and seed give this page again, byte for byte, with the same "
        "version and kernels.</p>\n",
        file);
    nqi_html_table(file, NULL);
    nqi_html_fact_print(
        file, "page",
        "seed %llu, at most %zu rows, %zu samples, %zu trajectories, %zu permutations",
        (unsigned long long)options->seed, options->max_rows, options->samples, options->ais,
        options->permutations);
    nqi_html_fact_print(file, "schedule",
                        "%.60s, T = %zu, beta_1 = %.4g, beta_T = %.4g, alpha_bar_T = %.4g; "
                        "samples in %zu steps",
                        nq_model_get_options(found->model)->schedule, schedule->steps,
                        schedule->beta[0], schedule->beta[last], schedule->alpha_bar[last],
                        nq_model_usual_steps(found->model));
    nqi_html_fact_print(file, "program", "noneq %s, kernels %s", nq_version(),
                        nq_context_cpu(found->context));
    nqi_html_table_end(file);
    model_options_put(file, found);
}
