/* bound.c - sections on how probable rows are: K by column, and the likelihood by trajectories. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "task/page/html/html.h"
#include "task/page/say/say.h"
#include "task/report/number.h"
#include "task/score/rounds.h"

nqi_evaluation_report nqi_say_evaluation_report(const nqi_findings *found)
{
    return (nqi_evaluation_report){
        .model_name = nqi_say_model_name(found),
        .data_name = found->rows.judge->name,
        .units = nqi_page_units(found),
        .model = found->model,
        .bound = &found->bound,
        .ais = *found->ais_why ? NULL : &found->ais,
        .shift = nqi_page_shift(found),
    };
}

static double bits(const nqi_findings *found, double nats)
{
    return (nats + nqi_page_shift(found)) * NQI_BITS_PER_NAT;
}

/* A figure per row, its error, and what it is for each column. */
static void line_put(FILE *file, const nqi_findings *found, const char *name, double value,
                     double se)
{
    const double parts =
        (double)(found->column_count ? found->column_count : found->rows.columns);
    nqi_html_row(file, name);
    nqi_html_cell(file, value, 5);
    nqi_html_cell(file, se, 2);
    nqi_html_cell(file, value / parts, 4);
    nqi_html_row_end(file);
}

static void table_begin(FILE *file, const nqi_findings *found)
{
    nqi_html_table(file, nqi_page_is_of_pictures(found)
                             ? "~bits per row|mean|standard error|per number"
                             : "~bits per row|mean|standard error|per column");
}

static void by_column(FILE *file, const nqi_findings *found)
{
    enum { MANY = 40 };
    const int is_long = found->column_count > MANY;
    if (!found->bound.column_bound)
        return;
    fputs("<h3>By column</h3>\n<p>What each column adds to K. Of levels and whole numbers these "
          "are "
          "bits of a probability, 0 at best; of real numbers those of a density, which may be "
          "above 0. Columns that others tell much about need few bits.</p>\n",
          file);
    if (is_long)
        fprintf(file, "<details><summary>%zu columns</summary>\n", found->column_count);
    nqi_html_table(file, "~column|~kind|bits|standard error");
    for (size_t j = 0; j < found->column_count; j++) {
        const nqi_page_column *column = &found->columns[j];
        nqi_html_row_column(file, found, column->column, 60);
        fprintf(file, "<td class=\"t\">%s%s</td>", nqi_say_kind(found, column),
                nq_model_column_is_density(found->model, column->column) ? ", a density" : "");
        nqi_html_cell(file, column->bits, 4);
        nqi_html_cell(file, column->bits_se, 2);
        nqi_html_row_end(file);
    }
    nqi_html_table_end(file);
    if (is_long)
        fputs("</details>\n", file);
}

void nqi_say_bound(FILE *file, const nqi_findings *found)
{
    const nq_bound *bound = &found->bound;
    if (*found->bound_why) {
        nqi_html_left_out(file, found->bound_why);
        return;
    }
    fputs("<p>K is a lower bound on the mean of log<sub>2</sub> p(row), in bits: each bit more "
          "makes real rows twice as probable to the model. L<sub>null</sub> is what noise alone "
          "would give, so that K \xe2\x88\x92 L<sub>null</sub> is what was learned.</p>\n",
          file);
    table_begin(file, found);
    line_put(file, found, "K", bits(found, bound->bound), bound->se_rows * NQI_BITS_PER_NAT);
    line_put(file, found, "L<sub>null</sub>", bits(found, bound->null), NAN);
    line_put(file, found, "K \xe2\x88\x92 L<sub>null</sub>", bound->gain * NQI_BITS_PER_NAT,
             bound->se_rows * NQI_BITS_PER_NAT);
    nqi_html_table_end(file);
    fprintf(file, "<p class=\"soft\">%zu rows, %zu terms each; %s.</p>\n", bound->rows,
            bound->terms,
            nq_model_is_recorded(found->model)  ? "of rows as they are recorded"
            : nq_model_is_density(found->model) ? "of a density in the units of the data"
                                                : "of a probability");
    if (bound->impossible) {
        char text[NQI_WHY];
        nq_row_fault_describe(text, sizeof text, found->model, &bound->faults[0]);
        fprintf(file,
                "<p>%zu more row%s impossible to the model, and left out: ", bound->impossible,
                bound->impossible > 1 ? "s are" : " is");
        nqi_html_text(file, text);
        fputs(bound->impossible > 1 ? ", and others.</p>\n" : ".</p>\n", file);
    }
    by_column(file, found);
}

static void trust_put(FILE *file, const nq_ais *ais)
{
    fputs("<p>Trust: k-hat is ", file);
    nqi_html_number(file, ais->khat, 2);
    fputs(
        ais->trust == NQ_TRUST_FULL ? ", below 0.5: the standard error holds."
        : ais->trust == NQ_TRUST_CARE
            ? ", between 0.5 and 0.7: the standard error is rough."
            : ", 0.7 or more: too few trajectories carry the sum. The figure is <b>at least</b> "
              "what the model gives, and may be more; more trajectories raise it.",
        file);
    fprintf(file, " Of %zu trajectories some %.0f count.</p>\n", ais->samples, ais->ess);
}

void nqi_say_ais(FILE *file, const nqi_findings *found)
{
    const nq_ais *ais = &found->ais;
    const int at_least = ais->trust == NQ_TRUST_AT_LEAST;
    if (*found->ais_why) {
        nqi_html_left_out(file, found->ais_why);
        return;
    }
    fprintf(file,
            "<p>K is a bound; the mean of log<sub>2</sub> p(row) itself is estimated from "
            "%zu trajectories through the noise for each of %zu rows (annealed importance "
            "sampling).</p>\n",
            ais->samples, ais->rows);
    table_begin(file, found);
    line_put(file, found, at_least ? "log<sub>2</sub> p, at least" : "log<sub>2</sub> p",
             bits(found, ais->likelihood), at_least ? NAN : ais->se_rows * NQI_BITS_PER_NAT);
    line_put(file, found, "K of the same rows", bits(found, ais->mean_log_weight), NAN);
    nqi_html_table_end(file);
    trust_put(file, ais);
}
