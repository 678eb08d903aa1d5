/* check.c - section on calibration: the verdict, tests, coverage, and columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

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
    fprintf(file, "<tr><th scope=\"row\">%s</th><td class=\"t\">%s</td>", name, question);
    if (test->rows)
        fprintf(file, "<td>%zu</td>", test->rows);
    else
        fputs("<td>\xe2\x80\x93</td>", file);
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
    fputs(
        "<h3>The tests</h3>\n<p>p is the chance that a right model looks so wrong: below .05 "
        "there is a difference, but not necessarily one that matters.</p>\n"
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\" scope=\"col\">"
        "test</th><th class=\"t\" scope=\"col\">the question</th><th scope=\"col\">rows</th>"
        "<th scope=\"col\">p</th><th class=\"t\" scope=\"col\">found</th></tr></thead><tbody>\n",
        file);
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
    fputs("</tbody></table></div>\n", file);
}

static void parts_row(FILE *file, const char *name, const double *part, const double *se)
{
    fprintf(file, "<tr><th scope=\"row\">%s</th>", name);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "<td>%.1f \xc2\xb1 %.1f</td>", 100 * part[i], 100 * se[i]);
    fputs("</tr>\n", file);
}

static void coverage_put(FILE *file, const nq_check *check)
{
    fputs(
        "<h3>Coverage</h3>\n<p>An interval that holds 90 % of the model's law of a column should "
        "hold 90 % of the real values. Points below the dashed line: the model is too narrow, "
        "too sure; above: too wide.</p>\n",
        file);
    if (check->coverage[0].given_values)
        nqi_html_legend(file, "columns alone", "columns given all others", 0);
    fputs("<figure class=\"one\">\n", file);
    nqi_chart_coverage(file, check);
    fputs("</figure>\n<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\" "
          "scope=\"col\">% of real values</th>",
          file);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "<th scope=\"col\">in the middle %.0f %%</th>", 100 * nq_check_share(i));
    fputs("</tr></thead><tbody>\n", file);
    const size_t kinds = check->coverage_count > 2 ? check->coverage_count : 1;
    for (size_t k = 0; k < kinds; k++)
        parts_row(file, check->coverage[k].kind, check->coverage[k].part, check->coverage[k].se);
    for (size_t k = 0; k < kinds; k++) {
        char name[80];
        snprintf(name, sizeof name, "%s, given the others", check->coverage[k].kind);
        if (check->coverage[k].given_values)
            parts_row(file, name, check->coverage[k].given_part, check->coverage[k].given_se);
    }
    fputs("</tbody></table></div>\n", file);
}

static void flagged_put(FILE *file, const nqi_findings *found)
{
    const nq_check *check = &found->check;
    const nqi_check_report report = nqi_say_check_report(found);
    char words[NQI_CHECK_WORDS];
    size_t flagged = 0;
    for (size_t j = 0; j < check->column_count; j++)
        flagged += (size_t)nqi_check_is_flagged(check, &check->columns[j]);
    fprintf(file,
            "<h3>Columns that are not right</h3>\n<p>%zu of %zu, by p values that are "
            "adjusted so that a right model has any such column with a chance of %g.</p>\n",
            flagged, check->column_count, check->level);
    if (!flagged)
        return;
    fputs("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"t\" scope=\"col\">"
          "column</th><th scope=\"col\">p alone</th><th scope=\"col\">p given others</th>"
          "<th class=\"t\" scope=\"col\">what the samples are</th></tr></thead><tbody>\n",
          file);
    for (size_t j = 0; j < check->column_count; j++) {
        if (!nqi_check_is_flagged(check, &check->columns[j]))
            continue;
        fputs("<tr><th scope=\"row\">", file);
        nqi_html_name_apart(file, found, check->columns[j].column, 60);
        fputs("</th>", file);
        p_cell(file, check->columns[j].marginal.p_adjusted);
        p_cell(file, check->columns[j].given.p_adjusted);
        fputs("<td class=\"t\">", file);
        nqi_html_text(file, nqi_check_words(words, &report, j));
        fputs("</td></tr>\n", file);
    }
    fputs("</tbody></table></div>\n", file);
}

void nqi_say_check(FILE *file, const nqi_findings *found)
{
    nqi_html_begin(file, "calibration", "Calibration");
    if (*found->check_why) {
        nqi_html_left_out(file, found->check_why);
        nqi_html_end(file);
        return;
    }
    nqi_say_paragraphs(file, found->words.verdict);
    tests_put(file, &found->check);
    coverage_put(file, &found->check);
    flagged_put(file, found);
    nqi_html_end(file);
}
