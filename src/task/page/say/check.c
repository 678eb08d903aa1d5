/* check.c - section on calibration: the verdict, tests, coverage, and columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "check/check.h"
#include "task/page/html/html.h"
#include "task/page/say/say.h"
#include "task/report/number.h"

void nqi_say_verdict(FILE *file, const void *result)
{
    const nqi_findings *found = result;
    const nqi_check_report report = nqi_say_check_report(found);
    if (found->check.coverage_count) /* of pictures, and where why says so, there is no check */
        nqi_check_verdict_text(file, &report);
}

static void p_cell(FILE *file, double p)
{
    char text[NQI_CHECK_P];
    fputs("<td>", file);
    nqi_html_text(file, nqi_check_p(text, p));
    fputs("</td>", file);
}

static void test_row(FILE *file, const char *name, const char *question,
                     const nq_check_test *test, const char *found)
{
    nqi_html_row(file, name);
    nqi_html_cell_text(file, question);
    nqi_html_cell(file, test->rows ? (double)test->rows : NAN, 1);
    p_cell(file, test->p);
    fputs("<td class=\"t\">", file);
    if (test->why)
        fputs("not made: ", file);
    nqi_html_text(file, test->why ? test->why : found);
    fputs("</td></tr>\n", file);
}

static void tests_put(FILE *file, const nq_check *check)
{
    char text[200];
    fputs("<h3>The tests</h3>\n<p>p is the chance that a right model looks so wrong: below .05 "
          "there is a difference, but not necessarily one that matters.</p>\n",
          file);
    nqi_html_table(file, "~test|~the question|rows|p|~found");
    test_row(file, "ranks of columns", "is each value where the column's samples have it?",
             &check->marginal, "");
    test_row(file, "ranks given the others", "the same, among draws given the rest of the row",
             &check->given, "");
    snprintf(text, sizeof text, "area under the ROC curve %.3f \xc2\xb1 %.3f (0.5: alike)",
             check->auc, check->auc_se);
    test_row(file, "classifier", "can rows be told from samples?", &check->classifier, text);
    snprintf(text, sizeof text, "K of rows %s%.2f bits, of samples %s%.2f",
             nqi_html_sign(check->bound_rows), fabs(check->bound_rows) * NQI_BITS_PER_NAT,
             nqi_html_sign(check->bound_draws), fabs(check->bound_draws) * NQI_BITS_PER_NAT);
    test_row(file, "densities", "are rows as probable as samples?", &check->density, text);
    test_row(file, "the model with itself",
             "do its draws of hidden cells agree with its joint law?", &check->self, "");
    nqi_html_table_end(file);
}

static void parts_row(FILE *file, const char *name, const double *part, const double *se)
{
    nqi_html_row(file, name);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "<td>%.1f \xc2\xb1 %.1f</td>", 100 * part[i], 100 * se[i]);
    nqi_html_row_end(file);
}

static void coverage_put(FILE *file, const nq_check *check)
{
    char headings[40 + 40 * NQ_CHECK_SHARES] = "~% of real values";
    int length = (int)strlen(headings);
    fputs(
        "<h3>Coverage</h3>\n<p>An interval that holds 90 % of the model's law of a column should "
        "hold 90 % of the real values. Points below the dashed line: the model is too narrow, "
        "too sure; above: too wide.</p>\n",
        file);
    if (check->coverage[0].given_values)
        nqi_html_legend(file, "columns alone", "columns given all others", 0);
    fputs("<figure class=\"one\">\n", file);
    nqi_chart_coverage(file, check);
    fputs("</figure>\n", file);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        length += snprintf(headings + length, sizeof headings - (size_t)length,
                           "|in the middle %.0f %%", 100 * nq_check_share(i));
    nqi_html_table(file, headings);
    const size_t kinds = nqi_check_kinds(check);
    for (size_t k = 0; k < kinds; k++)
        parts_row(file, check->coverage[k].kind, check->coverage[k].part, check->coverage[k].se);
    for (size_t k = 0; k < kinds; k++) {
        char name[80];
        snprintf(name, sizeof name, "%s, given the others", check->coverage[k].kind);
        if (check->coverage[k].given_values)
            parts_row(file, name, check->coverage[k].given_part, check->coverage[k].given_se);
    }
    nqi_html_table_end(file);
}

static void flagged_put(FILE *file, const nqi_findings *found)
{
    const nq_check *check = &found->check;
    const nqi_check_report report = nqi_say_check_report(found);
    char words[NQI_CHECK_WORDS];
    const size_t flagged = nqi_check_flagged(check);
    fprintf(file,
            "<h3>Columns that are not right</h3>\n<p>%zu of %zu, by p values that are "
            "adjusted so that a right model has any such column with a chance of %g.</p>\n",
            flagged, check->column_count, check->level);
    if (!flagged)
        return;
    nqi_html_table(file, "~column|p alone|p given others|~what the samples are");
    for (size_t j = 0; j < check->column_count; j++) {
        if (!nqi_check_is_flagged(check, &check->columns[j]))
            continue;
        nqi_html_row_column(file, found, check->columns[j].column, 60);
        p_cell(file, check->columns[j].marginal.p_adjusted);
        p_cell(file, check->columns[j].given.p_adjusted);
        nqi_html_cell_text(file, nqi_check_words(words, &report, j));
        nqi_html_row_end(file);
    }
    nqi_html_table_end(file);
}

void nqi_say_check(FILE *file, const nqi_findings *found)
{
    if (*found->check_why) {
        nqi_html_left_out(file, found->check_why);
        return;
    }
    nqi_say_paragraphs(file, found->words.verdict);
    tests_put(file, &found->check);
    coverage_put(file, &found->check);
    flagged_put(file, found);
}
