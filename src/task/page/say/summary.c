/* summary.c - the first sentences of a page: is the model good, and where does it fail? */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "check/check.h"
#include "core/context.h"
#include "task/page/say/say.h"
#include "task/report/number.h"
#include "task/report/shown.h"

enum { NAMED_MOST = 3, NAME_SIZE = 80 };

/* Name for a sentence: "age" or column 3. */
static const char *name_of(char out[NAME_SIZE], const nqi_findings *found, size_t column)
{
    const char *name = nq_model_column_name(found->model, column);
    if (name && *name)
        snprintf(out, NAME_SIZE, "\"%.60s\"", nqi_shown(name).text);
    else
        snprintf(out, NAME_SIZE, "column %zu", column + 1);
    return out;
}

const char *nqi_say_model_name(const nqi_findings *found)
{
    return found->options->model_path ? found->options->model_path : "the model";
}

const char *nqi_say_kind(const nqi_findings *found, const nqi_page_column *column)
{
    const char *kind = nq_model_column_kind(found->model, column->column);
    nq_column_facts facts;
    if (nq_model_column_facts(&facts, found->model, column->column) && facts.is_date)
        return "date";
    return kind ? kind : column->is_level ? "bit" : "real";
}

static void likeness_say(FILE *file, const nqi_findings *found)
{
    static const char *const words[] = {
        [NQI_ALIKE] = "Nearly right: a classifier can hardly tell what the model draws from real "
                      "rows",
        [NQI_UNLIKE] = "Fair: a classifier tells what the model draws from real rows more often "
                       "than chance would",
        [NQI_APART] = "Poor: a classifier tells what the model draws from real rows with ease",
    };
    const nq_check *check = &found->check;
    const nqi_check_likeness likeness = nqi_check_likeness_of(check);
    if (*found->check_why || likeness == NQI_LIKENESS_UNKNOWN) {
        fprintf(file, "Whether its rows can be told from real ones was not tried: %s.\n",
                *found->check_why ? found->check_why : check->classifier.why);
        return;
    }
    if (check->is_calibrated)
        fputs("Good: on these rows no test tells what the model draws from real rows", file);
    else
        fputs(words[likeness], file);
    if (check->auc > 0.5)
        fprintf(file, " (it puts them in the right order %.0f times in 100; guessing does 50).\n",
                100 * check->auc);
    else
        fputs(" (it does no better than guessing).\n", file);
}

static void differences_say(FILE *file, const nqi_findings *found)
{
    char name[NAME_SIZE], other[NAME_SIZE];
    if (!found->difference_count) {
        fputs("No column, and no pair of columns, differs beyond chance.\n", file);
        return;
    }
    fputs("It fails most at ", file);
    for (size_t i = 0; i < found->difference_count && i < NAMED_MOST; i++) {
        const nqi_difference *at = &found->differences[i];
        fputs(!i                                                        ? ""
              : i + 1 == found->difference_count || i + 1 == NAMED_MOST ? " and "
                                                                        : ", ",
              file);
        if (at->column)
            fprintf(file, "%s", name_of(name, found, at->column->column));
        else
            fprintf(file, "how %s goes with %s",
                    name_of(name, found, found->columns[at->pair->a].column),
                    name_of(other, found, found->columns[at->pair->b].column));
    }
    fprintf(file, "%s.\n",
            found->difference_count > NAMED_MOST ? "; others are listed below" : "");
}

static void coverage_say(FILE *file, const nqi_findings *found)
{
    const nq_check *check = &found->check;
    if (*found->check_why || !check->coverage_count)
        return;
    const int width = nqi_check_width(check);
    fprintf(file, "Of real values %.0f %% lie where 90 %% of its own do: %s.\n",
            100 * check->coverage[0].part[2],
            width < 0   ? "its columns are too narrow on the whole"
            : width > 0 ? "its columns are too wide on the whole"
                        : "its columns are as wide as they should be");
}

static void copies_say(FILE *file, const nqi_findings *found)
{
    const nqi_nearest *nearest = &found->nearest;
    if (*nearest->why || nqi_page_is_of_pictures(found))
        return;
    if (nearest->near_z > 3)
        fprintf(file,
                "It may copy: %.0f %% of its rows are nearer to a training row than all but 5 %% "
                "of real rows are.\n",
                100 * nearest->near);
    else
        fputs("No sign that it copies: its rows are not nearer to training rows than real rows "
              "are that it did not see.\n",
              file);
}

static void gain_say(FILE *file, const nqi_findings *found)
{
    const nq_bound *bound = &found->bound;
    if (*found->bound_why)
        return;
    fprintf(file, "It explains a row %.4g bits better than noise would (K less L_null).\n",
            bound->gain * NQI_BITS_PER_NAT);
}

static void rows_say(FILE *file, const nqi_findings *found)
{
    if (found->rows.judge_known == NQI_ROWS_STRANGE)
        return;
    fprintf(file, "Mind that these rows %s the model: new ones would judge it less kindly%s.\n",
            found->rows.judge_known == NQI_ROWS_HELD ? "chose the state of" : "trained",
            found->rows.has_test ? "" : " (" NQI_OPTION "test takes others)");
}

void nqi_say_summary(FILE *file, const void *result)
{
    const nqi_findings *found = result;
    if (!nqi_page_is_of_pictures(found)) {
        likeness_say(file, found);
        differences_say(file, found);
        coverage_say(file, found);
        copies_say(file, found);
    } else {
        fputs("Pictures are judged by eye here, beside the training pictures nearest to them.\n",
              file);
    }
    gain_say(file, found);
    rows_say(file, found);
}

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
