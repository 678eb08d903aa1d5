/* differ.c - where samples differ most: columns and pairs of columns, and what differs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "task/page/html/html.h"
#include "task/page/say/say.h"

enum { LISTED_MOST = 20 };

const char *nqi_say_measure(nqi_measure measure)
{
    static const char *const names[] = {
        [NQI_RANKS] = "rank correlation (Spearman)",
        [NQI_LEVELS] = "Cram\xc3\xa9r's V",
        [NQI_GROUPS] = "correlation ratio",
    };
    return names[measure];
}

const char *nqi_say_difference(char out[NQI_SAY_WORDS], const nqi_findings *found,
                               const nqi_difference *difference)
{
    const nqi_page_column *column = difference->column;
    const nqi_pair *pair = difference->pair;
    const nqi_check_report report = nqi_say_check_report(found);
    if (column && column->check)
        return nqi_check_words(out, &report, (size_t)(column->check - found->check.columns));
    if (column) {
        snprintf(out, NQI_SAY_WORDS, "%.0f %% of the rows would have to move",
                 100 * column->distance);
        return out;
    }
    const double real = pair->of[NQ_SIDE_DATA], drawn = pair->of[NQ_SIDE_SAMPLES];
    snprintf(out, NQI_SAY_WORDS, "they go together %s: %s %.2f in rows, %.2f in samples",
             real * drawn < 0           ? "the other way"
             : fabs(drawn) < fabs(real) ? "too little"
                                        : "too much",
             nqi_say_measure(pair->measure), real, drawn);
    return out;
}

nqi_check_report nqi_say_check_report(const nqi_findings *found)
{
    return (nqi_check_report){.model_name = nqi_say_model_name(found),
                              .data_name = found->rows.judge->name,
                              .model = found->model,
                              .found = &found->check};
}

static void difference_put(FILE *file, const nqi_findings *found,
                           const nqi_difference *difference)
{
    char words[NQI_SAY_WORDS];
    if (difference->column)
        nqi_html_row_column(file, found, difference->column->column, 60);
    else
        nqi_html_row_pair(file, found, difference->pair);
    nqi_html_cell(file, difference->size, 2);
    nqi_html_cell_text(file, nqi_say_difference(words, found, difference));
    nqi_html_row_end(file);
}

void nqi_say_differences(FILE *file, const nqi_findings *found)
{
    const size_t count = found->difference_count;
    size_t columns = 0;
    for (size_t i = 0; i < count; i++)
        columns += found->differences[i].column != NULL;
    if (!count) {
        fputs("<p>No column and no pair of columns differs beyond chance.</p>\n", file);
        return;
    }
    fprintf(file,
            "<p>%zu of %zu columns, and %zu of %zu pairs of columns, differ by more than chance "
            "explains; the largest stand first. The size of a column's difference is the part of "
            "the rows that would have to move, that of a pair's the gap between the two measures "
            "of how they go together. With many rows small differences show, too, and matter "
            "little.</p>\n",
            columns, found->column_count, count - columns, found->pairs.count);
    nqi_html_table(file, "~column or pair|size|~what the samples are");
    for (size_t i = 0; i < count && i < LISTED_MOST; i++)
        difference_put(file, found, &found->differences[i]);
    nqi_html_table_end(file);
    if (count > LISTED_MOST)
        fprintf(file, "<p class=\"soft\">And %zu more (" NQI_OPTION "json lists all).</p>\n",
                count - LISTED_MOST);
}
