/* report.c - what a check says: a verdict in words, the tests, coverage, columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/check/report.h"

#include <math.h>
#include <string.h>

#include "check/check.h"
#include "task/report/json.h"
#include "task/report/number.h"
#include "task/report/shown.h"

/* "name", "name" and 3 more: columns that a test flags. */
static void flagged_text(FILE *file, const nqi_check_report *report)
{
    enum { NAMED = 6 };
    const nq_check *found = report->found;
    char name[NQI_CHECK_NAME];
    size_t flagged = 0;
    for (size_t j = 0; j < found->column_count; j++) {
        if (!nqi_check_is_flagged(found, &found->columns[j]))
            continue;
        if (flagged < NAMED)
            fprintf(file, "%s%s", flagged ? ", " : "Columns that are not right: ",
                    nqi_check_name(name, report, j));
        flagged++;
    }
    if (flagged > NAMED)
        fprintf(file, " and %zu more", flagged - NAMED);
    fputs(flagged ? " (below).\n"
          : found->classifier.p < found->level
              ? "No single column stands out: it is how they go together that differs.\n"
              : "No single column stands out.\n",
          file);
}

nqi_check_likeness nqi_check_likeness_of(const nq_check *found)
{
    const double area = found->auc;
    return isnan(area)    ? NQI_LIKENESS_UNKNOWN
           : area <= 0.55 ? NQI_ALIKE
           : area <= 0.7  ? NQI_UNLIKE
                          : NQI_APART;
}

static const char *how_much(const nq_check *found)
{
    static const char *const words[] = {[NQI_LIKENESS_UNKNOWN] = "",
                                        [NQI_ALIKE] = ", but nearly so",
                                        [NQI_UNLIKE] = "",
                                        [NQI_APART] = ", by far"};
    return words[nqi_check_likeness_of(found)];
}

/* The direction of all columns together, as densities and coverage show it. */
static void direction_text(FILE *file, const nq_check *found)
{
    const int width = nqi_check_width(found);
    const double z = found->bound_test.shift;
    if (width)
        fprintf(file,
                "Its draws are too %s on the whole: 90 %% intervals hold %.1f %% of the rows' "
                "values.\n",
                width < 0 ? "narrow" : "wide", 100 * found->coverage[0].part[2]);
    if (fabs(z) > 3)
        fprintf(file,
                "To the model rows are %s probable than its own draws, by %.2f bits a row: it "
                "is\n%s.\n",
                z < 0 ? "less" : "more",
                fabs(found->bound_rows - found->bound_draws) * NQI_BITS_PER_NAT,
                z < 0 ? "too narrow, or misses a part of them"
                      : "too wide, or puts draws where no rows are");
}

void nqi_check_verdict_text(FILE *file, const nqi_check_report *report)
{
    const nq_check *found = report->found;
    char p[NQI_CHECK_P];
    if (found->is_calibrated)
        fprintf(file, "Calibrated, as far as these rows tell (p = %s of all tests together).\n",
                nqi_check_p(p, found->p));
    else
        fprintf(file, "Not calibrated%s: a right model has such rows with p %s%s.\n",
                how_much(found), found->p < 1e-10 ? "" : "= ", nqi_check_p(p, found->p));
    if (!found->is_calibrated) {
        flagged_text(file, report);
        direction_text(file, found);
    }
    if (found->self.rows)
        fprintf(file,
                found->is_consistent
                    ? "Its draws of hidden cells agree with its own joint law (p = %s).\n"
                    : "Its draws of hidden cells do not agree with its own joint law (p = %s): "
                      "what impute draws is not\nwhat sample draws.\n",
                nqi_check_p(p, found->self.p));
    if (found->of_training)
        fputs("These rows trained the model, or chose it: new ones would judge it less kindly.\n",
              file);
}

static void test_text(FILE *file, const char *name, const nq_check_test *test)
{
    char p[NQI_CHECK_P];
    if (!test->rows)
        fprintf(file, "  %-34s not made: %s", name, test->why);
    else
        fprintf(file, "  %-34s %6zu %7zu %8s", name, test->rows, test->draws,
                nqi_check_p(p, test->p));
}

static void tests_text(FILE *file, const nq_check *found)
{
    fprintf(file, "\n  %-34s %6s %7s %8s\n", "test", "rows", "draws", "p");
    test_text(file, "columns alone (PIT)", &found->marginal);
    putc('\n', file);
    test_text(file, "columns given all others (PIT)", &found->given);
    putc('\n', file);
    test_text(file, "rows against draws (C2ST)", &found->classifier);
    if (found->classifier.rows)
        fprintf(file, "  area %.3f +- %.3f; %.1f %% told right", found->auc, found->auc_se,
                100 * found->accuracy);
    putc('\n', file);
    test_text(file, "densities (K)", &found->density);
    if (found->density.rows)
        fprintf(file, "  rows %.2f +- %.2f bits, draws %.2f +- %.2f",
                found->bound_rows * NQI_BITS_PER_NAT, found->bound_rows_se * NQI_BITS_PER_NAT,
                found->bound_draws * NQI_BITS_PER_NAT, found->bound_draws_se * NQI_BITS_PER_NAT);
    putc('\n', file);
    test_text(file, "the model with itself (SBC)", &found->self);
    if (found->self.rows)
        fprintf(file, "  rows of its own, by %s", found->self_method);
    putc('\n', file);
}

static void parts_text(FILE *file, const char *name, const double *part, const double *se)
{
    fprintf(file, "  %-22s", name);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "   %5.1f +- %.1f", 100 * part[i], 100 * se[i]);
    putc('\n', file);
}

size_t nqi_check_kinds(const nq_check *found)
{
    return found->coverage_count > 2 ? found->coverage_count : 1;
}

static void coverage_text(FILE *file, const nq_check *found)
{
    char name[64];
    fputs(
        "\nExpected coverage: % of the rows' values in the middle part of the draws (of levels: "
        "among the\nlikeliest)\n",
        file);
    fprintf(file, "  %-22s", "nominal");
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++)
        fprintf(file, "   %5.0f       ", 100 * nq_check_share(i));
    putc('\n', file);
    const size_t kinds = nqi_check_kinds(found);
    for (size_t k = 0; k < kinds; k++)
        parts_text(file, found->coverage[k].kind, found->coverage[k].part, found->coverage[k].se);
    for (size_t k = 0; k < kinds; k++)
        if (found->coverage[k].given_values) {
            snprintf(name, sizeof name, "%s, given others", found->coverage[k].kind);
            parts_text(file, name, found->coverage[k].given_part, found->coverage[k].given_se);
        }
}

void nqi_check_text(FILE *file, const void *result)
{
    const nqi_check_report *report = result;
    const nq_check *found = report->found;
    fprintf(file, "%s on %s: %zu rows", nqi_shown(report->model_name).text,
            nqi_shown(report->data_name).text, found->rows);
    if (found->full < found->rows)
        fprintf(file, " (%zu with gaps)", found->rows - found->full);
    fprintf(file, " of %zu columns, beside %zu draws of the model\n\n", found->column_count,
            found->marginal.draws);
    nqi_check_verdict_text(file, report);
    tests_text(file, found);
    coverage_text(file, found);
    nqi_check_columns_text(file, report);
}

static void test_json(FILE *file, const char *key, const nq_check_test *test)
{
    fprintf(file, "\"%s\":{\"rows\":%zu,\"draws\":%zu,", key, test->rows, test->draws);
    nqi_json_field(file, "p", test->p);
    if (test->why) {
        putc(',', file);
        nqi_json_field_text(file, "why", test->why);
    }
}

static void tests_json(FILE *file, const nq_check *found)
{
    fputs(",\"tests\":{", file);
    test_json(file, "marginal", &found->marginal);
    fputs("},", file);
    test_json(file, "given", &found->given);
    fputs("},", file);
    test_json(file, "classifier", &found->classifier);
    putc(',', file);
    nqi_json_field(file, "auc", found->auc);
    putc(',', file);
    nqi_json_field(file, "auc_se", found->auc_se);
    putc(',', file);
    nqi_json_field(file, "accuracy", found->accuracy);
    fprintf(file, ",\"permutations\":%zu},", found->permutations);
    test_json(file, "density", &found->density);
    putc(',', file);
    nqi_json_field(file, "rows_bits", found->bound_rows * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "rows_se", found->bound_rows_se * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "draws_bits", found->bound_draws * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "draws_se", found->bound_draws_se * NQI_BITS_PER_NAT);
    putc(',', file);
    nqi_json_field(file, "shift", found->bound_test.shift);
    putc(',', file);
    nqi_json_field(file, "spread", found->bound_test.spread);
    fputs("},", file);
    test_json(file, "self", &found->self);
    if (found->self_method) {
        putc(',', file);
        nqi_json_field_text(file, "method", found->self_method);
    }
    fputs("}}", file);
}

static void parts_json(FILE *file, const char *key, const double *numbers)
{
    fprintf(file, ",\"%s\":[", key);
    for (size_t i = 0; i < NQ_CHECK_SHARES; i++) {
        if (i)
            putc(',', file);
        nqi_json_value(file, numbers ? numbers[i] : nq_check_share(i));
    }
    putc(']', file);
}

static void coverage_json(FILE *file, const nq_check *found)
{
    fputs(",\"coverage\":[", file);
    for (size_t k = 0; k < found->coverage_count; k++) {
        const nq_check_coverage *of = &found->coverage[k];
        fputs(k ? ",{" : "{", file);
        nqi_json_field_text(file, "kind", of->kind);
        fprintf(file, ",\"columns\":%zu,\"values\":%zu", of->columns, of->values);
        parts_json(file, "nominal", NULL);
        parts_json(file, "part", of->part);
        parts_json(file, "se", of->se);
        fprintf(file, ",\"given_values\":%zu", of->given_values);
        if (of->given_values) {
            parts_json(file, "given_part", of->given_part);
            parts_json(file, "given_se", of->given_se);
        }
        putc('}', file);
    }
    putc(']', file);
}

static void ranks_json(FILE *file, const char *key, const nq_rank_test *test)
{
    if (!test->rows)
        return;
    fprintf(file, ",\"%s\":{\"rows\":%zu,", key, test->rows);
    nqi_json_field(file, "p", test->p);
    putc(',', file);
    nqi_json_field(file, "p_adjusted", test->p_adjusted);
    putc(',', file);
    nqi_json_field(file, "shift", test->shift);
    putc(',', file);
    nqi_json_field(file, "spread", test->spread);
    putc(',', file);
    nqi_json_field(file, "chi2", test->chi2);
    fprintf(file, ",\"df\":%zu,", test->df);
    nqi_json_field(file, "p_shape", test->p_shape);
    putc('}', file);
}

/* What is not a number is left out of the level, and null elsewhere. */
static void column_json(FILE *file, const nqi_check_report *report, size_t j)
{
    const nq_check_column *column = &report->found->columns[j];
    const char *name = nq_model_column_name(report->model, column->column);
    char cell[NQ_TEXT_SIZE] = "";
    putc('{', file);
    if (name) {
        nqi_json_field_text(file, "name", name);
        putc(',', file);
    }
    fprintf(file, "\"column\":%zu,", column->column + 1);
    nqi_json_field_text(file, "kind", nqi_check_kind(report, j));
    ranks_json(file, "marginal", &column->marginal);
    ranks_json(file, "given", &column->given);
    ranks_json(file, "self", &column->self);
    putc(',', file);
    nqi_json_field(file, "shift_size", column->shift_size);
    putc(',', file);
    nqi_json_field(file, "width_ratio", column->width_ratio);
    putc(',', file);
    nqi_json_field(file, "distance", column->distance);
    if (!isnan(column->level)) {
        if (isfinite(column->level))
            nq_model_cell_text(cell, sizeof cell, report->model, column->column, column->level);
        fputs(",\"level\":{", file);
        nqi_json_field_text(file, "text", cell);
        putc(',', file);
        nqi_json_field(file, "rows", column->level_rows);
        putc(',', file);
        nqi_json_field(file, "draws", column->level_draws);
        putc('}', file);
    }
    putc('}', file);
}

void nqi_check_json(FILE *file, const void *result)
{
    const nqi_check_report *report = result;
    const nq_check *found = report->found;
    fprintf(file, "{\"rows\":%zu,\"full\":%zu,\"impossible\":%zu,\"of_training\":%s,",
            found->rows, found->full, found->impossible, found->of_training ? "true" : "false");
    nqi_json_field(file, "level", found->level);
    putc(',', file);
    nqi_json_field(file, "p", found->p);
    fprintf(file, ",\"calibrated\":%s,\"consistent\":%s", found->is_calibrated ? "true" : "false",
            !found->self.rows      ? "null"
            : found->is_consistent ? "true"
                                   : "false");
    tests_json(file, found);
    coverage_json(file, found);
    fputs(",\"columns\":[", file);
    for (size_t j = 0; j < found->column_count; j++) {
        if (j)
            putc(',', file);
        column_json(file, report, j);
    }
    fputs("]}\n", file);
}
