/* html.h - text, numbers and figures of a page: whatever comes from outside is escaped here. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_PAGE_HTML_HTML_H
#define NQI_TASK_PAGE_HTML_HTML_H

#include <stdio.h>

#include "task/page/findings.h"

/* Text between tags or in an attribute. Control characters, and those that turn the direction of
 * text, become \xNN; what is no UTF-8 likewise. */
void nqi_html_text(FILE *file, const char *text);
/* At most so many characters of it, with an ellipsis. */
void nqi_html_short(FILE *file, const char *text, size_t most);
/* Name of a column, or "column 3", at most so many characters; alone, and isolated from the
 * direction of what is around it. */
void nqi_html_name(FILE *file, const nqi_findings *found, size_t column, size_t most);
void nqi_html_name_apart(FILE *file, const nqi_findings *found, size_t column, size_t most);
/* A minus sign, or nothing. */
const char *nqi_html_sign(double value);
/* A number of so many significant digits without an exponent where it is of everyday size. */
void nqi_html_number(FILE *file, double value, int digits);
/* Says that a section is left out, and why. */
void nqi_html_left_out(FILE *file, const char *why);

/* table.c: a table, and its end. headings: of columns, with | between them, ~ before those of text;
 * NULL: its rows are facts. */
void nqi_html_table(FILE *file, const char *headings);
void nqi_html_table_end(FILE *file);
/* A row begins with a name, of a column or of two, or any; and its end. */
void nqi_html_row(FILE *file, const char *name);
void nqi_html_row_column(FILE *file, const nqi_findings *found, size_t column, size_t most);
void nqi_html_row_pair(FILE *file, const nqi_findings *found, const nqi_pair *pair);
void nqi_html_row_end(FILE *file);
/* A cell: a number, or a dash where it is NaN; text. */
void nqi_html_cell(FILE *file, double value, int digits);
void nqi_html_cell_text(FILE *file, const char *text);
/* A whole row: a name and what it is. */
void nqi_html_fact(FILE *file, const char *name, const char *text);
void nqi_html_fact_print(FILE *file, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* style.c: what stands before the body's first heading; the title is escaped. */
void nqi_html_head(FILE *file, const char *title);
/* Two keys: data filled or a line, samples a line. */
void nqi_html_legend(FILE *file, const char *data, const char *samples, int is_filled);

/* svg.c: a place for a drawing of this size, with what it shows in words, and its end. */
void nqi_svg_begin(FILE *file, double width, double height, const char *about);
void nqi_svg_end(FILE *file);
/* Numbers between which a picture's points lie, to a tenth of a pixel. */
typedef struct nqi_svg_axis {
    double low, high; /* values, */
    double from, to;  /* and where they are */
    nq_axis_kind kind;
} nqi_svg_axis;
double nqi_svg_at(const nqi_svg_axis *axis, double value);
/* Ticks of an axis below, at y. What they say together stands under their labels, if anything:
 * `found`. */
void nqi_svg_ticks_choose(nq_ticks *found, const nqi_svg_axis *x);
void nqi_svg_ticks_below(FILE *file, const nq_ticks *found, const nqi_svg_axis *x, double y);
/* To the left of x, with lines up to `right`; what they say together stands inside. */
void nqi_svg_ticks_left(FILE *file, const nqi_svg_axis *y, double x, double right);
void nqi_svg_text(FILE *file, double x, double y, const char *anchor, const char *text);

/* charts.c */
void nqi_chart_column(FILE *file, const nqi_page_column *column);
void nqi_chart_distances(FILE *file, const nqi_nearest *nearest);
/* heat.c: a triangle of associations of columns pick[count]. */
void nqi_chart_heat(FILE *file, const nqi_findings *found, const size_t *pick, size_t count,
                    int side);
/* lines.c */
void nqi_chart_coverage(FILE *file, const nq_check *check);
void nqi_chart_curve(FILE *file, const nqi_curve *curve);

#endif
