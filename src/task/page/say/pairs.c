/* pairs.c - section on pairs of columns: how they go together in rows and in samples. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "task/page/html/html.h"
#include "task/page/say/say.h"

enum { HEAT_MOST = 36, PAIRS_LISTED = 12 };

static void pair_row(FILE *file, const nqi_findings *found, const nqi_pair *pair)
{
    nqi_html_row_pair(file, found, pair);
    nqi_html_cell_text(file, nqi_say_measure(pair->measure));
    nqi_html_cell(file, pair->of[NQ_SIDE_DATA], 2);
    nqi_html_cell(file, pair->of[NQ_SIDE_SAMPLES], 2);
    nqi_html_cell(file, pair->gap, 2);
    nqi_html_cell(file, pair->linear[NQ_SIDE_DATA], 2);
    nqi_html_cell(file, pair->linear[NQ_SIDE_SAMPLES], 2);
    nqi_html_row_end(file);
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
    if (!pairs->count) {
        nqi_html_left_out(file, "only one column varies");
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
    nqi_html_table(file, "~pair|~measure|rows|samples|gap|Pearson, rows|Pearson, samples");
    for (size_t k = 0; k < pairs->count && k < PAIRS_LISTED; k++)
        pair_row(file, found, pairs->order[k]);
    nqi_html_table_end(file);
}
