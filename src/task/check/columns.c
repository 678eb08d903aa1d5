/* columns.c - what a check says of single columns: which are not right, and how. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "task/check/report.h"
#include "task/report/shown.h"

/* Columns that are listed whatever is found; of more only those that are flagged. */
enum { LISTED_MOST = 30, SENTENCE = NQI_CHECK_WORDS };

const char *nqi_check_name(char out[NQI_CHECK_NAME], const nqi_check_report *report, size_t j)
{
    const size_t c = report->found->columns[j].column;
    const char *name = nq_model_column_name(report->model, c);
    if (name)
        snprintf(out, NQI_CHECK_NAME, "%.60s", nqi_shown(name).text);
    else
        snprintf(out, NQI_CHECK_NAME, "column %zu", c + 1);
    return out;
}

const char *nqi_check_kind(const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    const char *kind = nq_model_column_kind(report->model, column->column);
    return kind ? kind : column->is_level ? "bit" : "real";
}

const char *nqi_check_p(char out[NQI_CHECK_P], double p)
{
    if (isnan(p))
        snprintf(out, NQI_CHECK_P, "-");
    else if (p < 1e-10)
        snprintf(out, NQI_CHECK_P, "<1e-10");
    else if (p < 1e-3)
        snprintf(out, NQI_CHECK_P, "%.0e", p);
    else
        snprintf(out, NQI_CHECK_P, "%.3f", p);
    return out;
}

static void add(char out[SENTENCE], const char *text)
{
    const size_t used = strlen(out);
    snprintf(out + used, SENTENCE - used, "%s%s", used ? "; " : "", text);
}

/* A normal number that is telling on its own. */
static int tells(double z)
{
    return fabs(z) > 3;
}

static void level_tell(char out[SENTENCE], const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    char text[SENTENCE / 2], cell[NQ_TEXT_SIZE] = "a gap";
    if (isnan(column->level))
        return;
    if (isfinite(column->level))
        nq_model_cell_text(cell, sizeof cell, report->model, column->column, column->level);
    snprintf(text, sizeof text, "%.60s: %.3g %% of the rows, %.3g %% of the draws",
             nqi_shown(cell).text, 100 * column->level_rows, 100 * column->level_draws);
    add(out, text);
}

/* A shift moves values to one end, too: then the width itself must agree. */
static int is_spread(const nq_check_column *column)
{
    const nq_rank_test *test = &column->marginal;
    return tells(test->spread) &&
           (!tells(test->shift) || (column->width_ratio < 1) == (test->spread > 0));
}

/* What draws are beside the rows. */
static void marginal_tell(char out[SENTENCE], const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    const nq_rank_test *test = &column->marginal;
    char text[SENTENCE / 2];
    if (!column->is_level && is_spread(column)) {
        snprintf(text, sizeof text, "too %s: draws are %.2f times as wide as rows",
                 test->spread > 0 ? "narrow" : "wide", column->width_ratio);
        add(out,
            isnan(column->width_ratio) ? (test->spread > 0 ? "too narrow" : "too wide") : text);
    }
    if (!column->is_level && tells(test->shift)) {
        snprintf(text, sizeof text, "too %s: by %.2g deviations in the middle",
                 test->shift > 0 ? "low" : "high", fabs(column->shift_size));
        add(out, isnan(column->shift_size) || column->shift_size == 0
                     ? (test->shift > 0 ? "too low" : "too high")
                     : text);
    }
    if (column->is_level || test->p_shape < 0.001)
        level_tell(out, report, j);
    if (!*out) {
        snprintf(text, sizeof text, "another shape: up to %.2g of the rows are elsewhere",
                 column->distance);
        add(out, text);
    }
}

/* What draws given the rest of a row are beside its value. */
static void given_tell(char out[SENTENCE], const nq_check_column *column)
{
    const nq_rank_test *test = &column->given;
    if (column->is_level && test->shift > 2)
        add(out, "given the others too sure: the likeliest are right too seldom");
    else if (column->is_level && test->shift < -2)
        add(out, "given the others not sure enough: the likeliest are right more often");
    if (!column->is_level && fabs(test->spread) > 2)
        add(out, test->spread > 0 ? "given the others too narrow" : "given the others too wide");
    if (!column->is_level && fabs(test->shift) > 2)
        add(out, test->shift > 0 ? "given the others too low" : "given the others too high");
    if (!*out)
        add(out, "given the others of another shape");
}

const char *nqi_check_words(char out[NQI_CHECK_WORDS], const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    char more[SENTENCE] = "";
    *out = '\0';
    if (column->marginal.p_adjusted < report->found->level)
        marginal_tell(out, report, j);
    if (column->given.p_adjusted < report->found->level)
        given_tell(more, column);
    if (*more)
        add(out, more);
    return out;
}

static void column_text(FILE *file, const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    char name[NQI_CHECK_NAME], alone[NQI_CHECK_P], given[NQI_CHECK_P], text[SENTENCE];
    nqi_check_words(text, report, j);
    fprintf(file, "  %-24s %-10s %8s", nqi_check_name(name, report, j), nqi_check_kind(report, j),
            nqi_check_p(alone, column->marginal.p_adjusted));
    if (report->found->given.rows)
        fprintf(file, " %8s", nqi_check_p(given, column->given.p_adjusted));
    fprintf(file, "%s%s\n", *text ? "  " : "", text);
}

void nqi_check_columns_text(FILE *file, const nqi_check_report *report)
{
    const nq_check *found = report->found;
    const int all = found->column_count <= LISTED_MOST;
    const size_t flagged = nqi_check_flagged(found);
    size_t shown_now = 0;
    fprintf(
        file,
        "\nBy column: p values adjusted so that a right model has one below %g in any of them "
        "with that\nchance (Holm)%s\n",
        found->level, all || flagged ? ":" : "; none of them is.");
    if (all || flagged)
        fprintf(file, "  %-24s %-10s %8s%s  what the model's draws are\n", "column", "kind",
                "alone", found->given.rows ? "    given" : "");
    for (size_t j = 0; j < found->column_count && shown_now < LISTED_MOST; j++)
        if (all || nqi_check_is_flagged(found, &found->columns[j])) {
            column_text(file, report, j);
            shown_now++;
        }
    if (!all && flagged > shown_now)
        fprintf(file, "  and %zu more\n", flagged - shown_now);
    if (!all && flagged)
        fprintf(file, "  %zu others have p values above that\n", found->column_count - flagged);
}
