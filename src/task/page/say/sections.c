/* sections.c - the frame of a page, and its first sections: what it is of, columns, pairs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/version.h>

#include "core/context.h"
#include "task/page/html/html.h"
#include "task/page/say/say.h"

enum { CHARTS_MOST = 100, HEAT_MOST = 36, PAIRS_LISTED = 12 };

const char *nqi_say_sentence(char out[NQI_WHY], const char *lines)
{
    size_t length = 0;
    if (!*lines)
        return NULL;
    while (*lines && !(lines[0] == '\n' && length && out[length - 1] == '.')) {
        if (length + 1 < NQI_WHY)
            out[length++] = *lines == '\n' ? ' ' : *lines;
        lines++;
    }
    if (length && out[length - 1] == ' ')
        length--;
    out[length] = '\0';
    return lines + (*lines == '\n');
}

void nqi_say_paragraphs(FILE *file, const char *lines)
{
    char line[NQI_WHY];
    while ((lines = nqi_say_sentence(line, lines))) {
        fputs("<p>", file);
        nqi_html_text(file, line);
        fputs("</p>\n", file);
    }
}

static void row_text(FILE *file, const char *heading, const char *text)
{
    fprintf(file, "<tr><th scope=\"row\">%s</th><td>", heading);
    nqi_html_text(file, text);
    fputs("</td></tr>\n", file);
}

/* "12,000 rows, of which 4,000 evenly spread are looked at": how many there are and are used. */
static void rows_fact(FILE *file, const nqi_findings *found)
{
    const nqi_page_rows *rows = &found->rows;
    const size_t all = nq_dataset_rows(rows->judge->rows);
    fputs("<tr><th scope=\"row\">judged by</th><td>", file);
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
    fputs("<tr><th scope=\"row\">training rows</th><td>", file);
    nqi_html_text(file, rows->data.name);
    fprintf(file, ": %zu rows%s.</td></tr>\n", nq_dataset_rows(rows->data.rows),
            rows->data_known == NQI_ROWS_STRANGE
                ? ", taken to be those of training, which the model's file does not confirm"
                : "");
}

static void kinds_fact(FILE *file, const nqi_findings *found)
{
    fprintf(file, "<tr><th scope=\"row\">columns</th><td>%zu", found->rows.columns);
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
    nqi_html_begin(file, "facts", "What this is");
    fputs("<div class=\"scroll\" tabindex=\"0\"><table class=\"facts\"><tbody>\n", file);
    row_text(file, "model", nqi_say_model_name(found));
    fputs("<tr><th scope=\"row\">of the kind</th><td>", file);
    nqi_html_print(file, "%s diffusion in %zu steps, %s network of %zu numbers",
                   nq_model_kernel(model), nq_model_steps(model), nq_model_regressor(model),
                   nq_model_parameters(model));
    fputs("</td></tr>\n", file);
    rows_fact(file, found);
    if (nqi_page_is_of_pictures(found))
        fprintf(file,
                "<tr><th scope=\"row\">pictures</th><td>%zu \xc3\x97 %zu pixels, %zu "
                "channels</td></tr>\n",
                model->picture.width, model->picture.height, model->picture.channels);
    else
        kinds_fact(file, found);
    if (!nqi_page_is_of_pictures(found))
        fprintf(file,
                "<tr><th scope=\"row\">samples</th><td>%zu rows drawn from the model, seed "
                "%llu</td></tr>\n",
                found->rows.sides.count[NQ_SIDE_SAMPLES],
                (unsigned long long)found->options->seed);
    fprintf(file, "<tr><th scope=\"row\">made by</th><td>noneq %s, kernels %s</td></tr>\n",
            nq_version(), nq_context_cpu(found->context));
    fputs("</tbody></table></div>\n", file);
    nqi_html_end(file);
}

void nqi_say_columns(FILE *file, const nqi_findings *found)
{
    const size_t shown = found->column_count < CHARTS_MOST ? found->column_count : CHARTS_MOST;
    nqi_html_begin(file, "columns", "Columns, real beside sampled");
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
    nqi_html_end(file);
}

static void pair_row(FILE *file, const nqi_findings *found, const nqi_pair *pair)
{
    fputs("<tr><th scope=\"row\">", file);
    nqi_html_name_apart(file, found, found->columns[pair->a].column, 40);
    fputs(" with ", file);
    nqi_html_name_apart(file, found, found->columns[pair->b].column, 40);
    fprintf(file, "</th><td class=\"t\">%s</td>", nqi_say_measure(pair->measure));
    nqi_html_cell(file, pair->of[NQ_SIDE_DATA], 2);
    nqi_html_cell(file, pair->of[NQ_SIDE_SAMPLES], 2);
    nqi_html_cell(file, pair->gap, 2);
    nqi_html_cell(file, pair->linear[NQ_SIDE_DATA], 2);
    nqi_html_cell(file, pair->linear[NQ_SIDE_SAMPLES], 2);
    fputs("</tr>\n", file);
}

/* Columns of the pairs that differ most, in their own order. */
static size_t heat_pick(size_t pick[HEAT_MOST], const nqi_findings *found)
{
    const nqi_pairs *pairs = &found->pairs;
    unsigned char *is_in = calloc(pairs->columns + 1, 1);
    size_t count = 0, picked = 0;
    if (!is_in)
        return 0;
    const int all = pairs->columns <= HEAT_MOST;
    for (size_t k = 0; k < pairs->count && picked + 1 < HEAT_MOST && !all; k++) {
        const nqi_pair *pair = pairs->order[k];
        picked += (size_t)!is_in[pair->a] + (size_t)!is_in[pair->b];
        is_in[pair->a] = is_in[pair->b] = 1;
    }
    for (size_t j = 0; j < pairs->columns && count < HEAT_MOST; j++)
        if (all || is_in[j])
            pick[count++] = j;
    free(is_in);
    return count;
}

static void heat_put(FILE *file, const nqi_findings *found)
{
    static const char *const captions[NQ_SIDES] = {"Real rows", "Samples of the model"};
    size_t pick[HEAT_MOST];
    const size_t count = heat_pick(pick, found);
    fputs("<div class=\"two\">\n", file);
    for (int side = 0; side < NQ_SIDES; side++) {
        fprintf(file,
                "<figure><figcaption><b>%s</b></figcaption><div class=\"scroll\" "
                "tabindex=\"0\"><div style=\"min-width:%zupx\">\n",
                captions[side], count > 12 ? 160 + 13 * count : 260);
        nqi_chart_heat(file, found, pick, count, side);
        fputs("</div></div></figure>\n", file);
    }
    fputs("</div>\n", file);
    if (count < found->pairs.columns)
        fprintf(file, "<p class=\"soft\">The %zu columns whose pairs differ most.</p>\n", count);
}

void nqi_say_pairs(FILE *file, const nqi_findings *found)
{
    const nqi_pairs *pairs = &found->pairs;
    nqi_html_begin(file, "pairs", "How columns go together");
    if (!pairs->count) {
        nqi_html_left_out(file, "only one column varies");
        nqi_html_end(file);
        return;
    }
    fputs("<p>Blue: where one is high the other is high, too, or their levels go together; "
          "orange: where one is high the other is low; pale: they have little to do with each "
          "other. The two pictures should look alike. Numbers are compared by Spearman's rank "
          "correlation (\xe2\x88\x92"
          "1 to 1), levels by Cram\xc3\xa9r's V and levels with "
          "numbers by the correlation ratio (0 to 1), both without their bias.</p>\n",
          file);
    heat_put(file, found);
    fprintf(file,
            "<h3>Pairs that differ most</h3>\n<p>A gap below %.2f may be chance, with %zu "
            "rows and %zu samples.%s</p>\n",
            pairs->chance, pairs->rows[0], pairs->rows[1],
            pairs->columns < found->column_count ? " Only the first 100 columns are compared."
                                                 : "");
    fputs("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\" scope=\"col\">"
          "pair</th><th class=\"t\" scope=\"col\">measure</th><th scope=\"col\">rows</th>"
          "<th scope=\"col\">samples</th><th scope=\"col\">gap</th><th scope=\"col\">Pearson, "
          "rows</th><th scope=\"col\">Pearson, samples</th></tr></thead><tbody>\n",
          file);
    for (size_t k = 0; k < pairs->count && k < PAIRS_LISTED; k++)
        pair_row(file, found, pairs->order[k]);
    fputs("</tbody></table></div>\n", file);
    nqi_html_end(file);
}
