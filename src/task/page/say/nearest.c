/* nearest.c - sections on the nearest training rows, and on pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "task/page/html/html.h"
#include "task/page/say/say.h"
#include "task/report/faults.h"

enum { EXAMPLE_COLUMNS = 30 };

static void cell_put(FILE *file, const nqi_findings *found, size_t column, double value)
{
    char text[NQ_TEXT_SIZE] = "";
    fputs("<td class=\"t\">", file);
    if (isnan(value)) {
        fputs("<i>no value</i></td>", file);
        return;
    }
    nq_model_cell_text(text, sizeof text, found->model, column,
                       nq_model_column_round(found->model, column, value));
    nqi_html_short(file, text, 40);
    fputs("</td>", file);
}

/* Pairs side by side: a column of the page for each row. */
static void examples_put(FILE *file, const nqi_findings *found)
{
    const nqi_nearest *nearest = &found->nearest;
    const size_t size = found->rows.columns;
    const size_t shown =
        found->column_count < EXAMPLE_COLUMNS ? found->column_count : EXAMPLE_COLUMNS;
    char headings[NQI_CLOSEST * 80] = "";
    int length = 0;
    fprintf(file, "<h3>The %zu samples that are nearest to a training row</h3>\n",
            nearest->examples);
    for (size_t k = 0; k < nearest->examples; k++)
        length += snprintf(headings + length, sizeof headings - (size_t)length,
                           "|~sample %zu|~training row, %.2g apart", k + 1, nearest->apart[k]);
    nqi_html_table(file, headings);
    for (size_t j = 0; j < shown; j++) {
        const size_t column = found->columns[j].column;
        nqi_html_row_column(file, found, column, 40);
        for (size_t k = 0; k < 2 * nearest->examples; k++)
            cell_put(file, found, column, nearest->example[k * size + column]);
        nqi_html_row_end(file);
    }
    nqi_html_table_end(file);
    if (shown < found->column_count)
        fprintf(file, "<p class=\"soft\">And %zu more columns.</p>\n",
                found->column_count - shown);
}

static void sides_put(FILE *file, const nqi_nearest *nearest)
{
    const char *others =
        nearest->leaves_out ? "training rows (among the others)" : "rows to judge by";
    nqi_html_table(file, "~distance to the nearest training row|rows|median|exact copies");
    for (int side = 0; side < NQ_SIDES; side++) {
        nqi_html_row(file, side == NQ_SIDE_SAMPLES ? "samples" : others);
        fprintf(file, "<td>%zu</td>", nearest->count[side]);
        nqi_html_cell(file, nearest->median[side], 3);
        fprintf(file, "<td>%.1f %%</td></tr>\n", 100 * nearest->copies[side]);
    }
    nqi_html_table_end(file);
}

void nqi_say_nearest(FILE *file, const nqi_findings *found)
{
    const nqi_nearest *nearest = &found->nearest;
    if (*nearest->why) {
        nqi_html_left_out(file, nearest->why);
        return;
    }
    fprintf(file,
            "<p>A model that copies gives samples nearer to its training rows than real rows "
            "are that it did not see. %s%.1f %% of the samples are nearer than all but 5 %% "
            "of the real rows; by chance alone it would be 5.</p>\n",
            nearest->near_z > 3 ? "<b>This one may copy.</b> "
                                : "There is no sign of that here. ",
            100 * nearest->near);
    nqi_html_legend(file,
                    nearest->leaves_out ? "training rows, each among the others"
                                        : "rows to judge by",
                    "samples of the model", 1);
    fputs(
        "<figure class=\"half\"><figcaption>Distance to the nearest training row: percent of the "
        "rows in each bin</figcaption>\n",
        file);
    nqi_chart_distances(file, nearest);
    fputs("</figure>\n", file);
    sides_put(file, nearest);
    fprintf(file,
            "<p class=\"soft\">The distance of two rows is the mean over columns: of numbers "
            "the part of the training rows between the two values, of levels 1 where they "
            "differ. %zu training rows were looked at.</p>\n",
            nearest->trained);
    examples_put(file, found);
}

static void base64_put(FILE *file, const unsigned char *bytes, size_t count)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < count; i += 3) {
        const size_t left = count - i;
        const unsigned three = (unsigned)bytes[i] << 16 |
                               (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                               (left > 2 ? bytes[i + 2] : 0);
        putc(letters[three >> 18], file);
        putc(letters[three >> 12 & 63], file);
        putc(left > 1 ? letters[three >> 6 & 63] : '=', file);
        putc(left > 2 ? letters[three & 63] : '=', file);
    }
}

static void sheet_put(FILE *file, const nqi_page_sheet *sheet, const char *caption,
                      const char *about)
{
    const size_t larger =
        sheet->width < 300 ? 2 : 1; /* pixels of the page for one of the sheet */
    if (!sheet->png)
        return;
    fprintf(file,
            "<figure><figcaption><b>%s</b></figcaption><img alt=\"%s\" width=\"%zu\" "
            "height=\"%zu\" src=\"data:image/png;base64,",
            caption, about, larger * sheet->width, larger * sheet->height);
    base64_put(file, sheet->png, sheet->size);
    fputs("\"></figure>\n", file);
}

void nqi_say_sheets(FILE *file, const nqi_findings *found)
{
    const nqi_page_sheet *sheets = found->sheets;
    if (*found->nearest.why) {
        nqi_html_left_out(file, found->nearest.why);
        return;
    }
    fputs("<div class=\"two\">\n", file);
    sheet_put(file, &sheets[NQI_SHEET_ROWS], "Real pictures", "a sheet of real pictures");
    sheet_put(file, &sheets[NQI_SHEET_SAMPLES], "Samples of the model",
              "a sheet of pictures that the model drew");
    fputs("</div>\n<p class=\"soft\">Columns, pairs of columns and calibration are looked at in "
          "tables; of pictures these sections are left out.</p>\n",
          file);
}

void nqi_say_nearest_sheet(FILE *file, const nqi_findings *found)
{
    const nqi_page_sheet *sheet = &found->sheets[NQI_SHEET_NEAREST];
    if (*found->nearest.why || !sheet->png) {
        nqi_html_left_out(file, *found->nearest.why ? found->nearest.why
                                                    : "the training pictures are not at hand");
        return;
    }
    fprintf(file,
            "<p>Samples above, and below each the nearest of %zu training pictures, by the "
            "squares of the differences of pixels. A model that copies has pairs that are the "
            "same picture.</p>\n",
            found->nearest.trained);
    sheet_put(file, sheet, "Samples, and training pictures below",
              "samples above the training pictures that are nearest to them");
}
