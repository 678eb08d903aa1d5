/* facts.c - first sections of a page: what it is of, and its columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "task/page/html/html.h"
#include "task/page/say/say.h"

enum { CHARTS_MOST = 100 };

/* "12,000 rows, of which 4,000 evenly spread are looked at": how many there are and are used. */
static void rows_fact(FILE *file, const nqi_findings *found)
{
    const nqi_page_rows *rows = &found->rows;
    const size_t all = nq_dataset_rows(rows->judge->rows);
    nqi_html_row(file, "judged by");
    fputs("<td>", file);
    nqi_html_text(file, rows->judge->name);
    fprintf(file, ": %zu rows", all);
    if (rows->count < all)
        fprintf(file, ", of which %zu, evenly spread, are looked at", rows->count);
    if (rows->gaps)
        fprintf(file, "; %zu of these have gaps", rows->gaps);
    fputs(rows->judge_known == NQI_ROWS_LEARNED ? ". The model was trained on these rows, so "
                                                  "that it looks better here than it is"
          : rows->judge_known == NQI_ROWS_HELD  ? ". They were held out in training, and chose "
                                                  "the state that was kept"
                                                : ". They are not those of its training, as far "
                                                  "as its file tells",
          file);
    fputs(".</td></tr>\n", file);
    if (!rows->has_test)
        return;
    nqi_html_row(file, "training rows");
    fputs("<td>", file);
    nqi_html_text(file, rows->data.name);
    fprintf(file, ": %zu rows%s.</td></tr>\n", nq_dataset_rows(rows->data.rows),
            rows->data_known == NQI_ROWS_STRANGE
                ? ", taken to be those of training, which the model's file does not confirm"
                : "");
}

static void kinds_fact(FILE *file, const nqi_findings *found)
{
    nqi_html_row(file, "columns");
    fprintf(file, "<td>%zu", found->rows.columns);
    if (found->constant_count)
        fprintf(file, ", %zu of them constant", found->constant_count);
    for (size_t j = 0, any = 0; j < found->column_count; j++) {
        const char *kind = nqi_say_kind(found, &found->columns[j]);
        size_t count = 0, before = 0;
        for (size_t k = 0; k < found->column_count; k++) {
            const int same = !strcmp(nqi_say_kind(found, &found->columns[k]), kind);
            count += (size_t)same;
            before += (size_t)(same && k < j);
        }
        if (!before)
            fprintf(file, "%s%zu %s", any++ ? ", " : ": ", count, kind);
    }
    fputs("</td></tr>\n", file);
}

void nqi_say_facts(FILE *file, const nqi_findings *found)
{
    const nq_model *model = found->model;
    nqi_html_table(file, NULL);
    nqi_html_fact(file, "model", nqi_say_model_name(found));
    nqi_html_fact_print(file, "of the kind",
                        "%s diffusion in %zu steps, %s network of %zu numbers",
                        nq_model_kernel(model), nq_model_steps(model), nq_model_regressor(model),
                        nq_model_parameters(model));
    rows_fact(file, found);
    if (nqi_page_is_of_pictures(found))
        nqi_html_fact_print(file, "pictures", "%zu \xc3\x97 %zu pixels, %zu channels",
                            model->picture.width, model->picture.height, model->picture.channels);
    else
        kinds_fact(file, found);
    if (!nqi_page_is_of_pictures(found))
        nqi_html_fact_print(file, "samples", "%zu rows drawn from the model, seed %llu",
                            found->rows.sides.count[NQ_SIDE_SAMPLES],
                            (unsigned long long)found->options->seed);
    nqi_html_fact_print(file, "made by", "noneq %s, kernels %s", nq_version(),
                        nq_context_cpu(found->context));
    nqi_html_table_end(file);
}

void nqi_say_columns(FILE *file, const nqi_findings *found)
{
    const size_t shown = found->column_count < CHARTS_MOST ? found->column_count : CHARTS_MOST;
    fputs("<p>Where the two agree the model has learned the column. Of levels the numbers are "
          "percent of the rows, and of the samples; of numbers percent in each bin.</p>\n",
          file);
    nqi_html_legend(file, "real rows (upper bar)", "samples of the model (lower bar)", 1);
    fputs("<div class=\"many\">\n", file);
    for (size_t j = 0; j < shown; j++) {
        const nqi_page_column *column = &found->columns[j];
        fputs("<figure><figcaption><b>", file);
        nqi_html_name_apart(file, found, column->column, 40);
        fputs("</b> <span>", file);
        nqi_html_text(file, nqi_say_kind(found, column));
        fprintf(file, ", %.0f %% apart%s</span></figcaption>\n", 100 * column->distance,
                nqi_page_is_off(found, column) ? "" : " (may be chance)");
        nqi_chart_column(file, column);
        fputs("</figure>\n", file);
    }
    fputs("</div>\n", file);
    if (shown < found->column_count)
        fprintf(file,
                "<p class=\"soft\">And %zu more columns (" NQI_OPTION "json has them all).</p>\n",
                found->column_count - shown);
}
