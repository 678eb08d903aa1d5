/* page.h - one page on a model and rows, for people: what it is, whether it is good, where it
 * fails. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_PAGE_H
#define NONEQ_PAGE_H

#include <noneq/source.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NQ_PAGE_OPTIONS(X)                                                                       \
    X(string, output, "output", NULL, 0, 0,                                                      \
      "file for the page, such as report.html; - is standard output")                            \
    X(string, title, "title", NULL, 0, 0, "heading of the page (default: names the model)")      \
    X(size, max_rows, "max-rows", "4000", 20, 1e12,                                              \
      "judge by at most so many rows, evenly spread")                                            \
    X(size, samples, "samples", "4000", 20, 1e9, "rows drawn beside them")                       \
    X(size, ais, "ais", "32", 0, 1e9,                                                            \
      "trajectories per row for the likelihood itself, of as many rows as some ten seconds "     \
      "allow; 0: none")                                                                          \
    X(size, permutations, "permutations", "199", 1, 1e6,                                         \
      "of the labels of rows and draws, behind the classifier's p value")                        \
    X(seed, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")                  \
    X(flag, json, "json", "0", 0, 1, "give the numbers of the page as JSON instead")             \
    X(string, model_path, NULL, NULL, 0, 0,                                                      \
      "file of the model, for the page; it is never an output")

typedef struct nq_page_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_PAGE_OPTIONS(NQ_FIELD)
} nq_page_options;
void nq_page_options_init(nq_page_options *options, size_t size);

/* A page of HTML that needs nothing beside it, below two megabytes: columns and pairs of columns of
 * rows beside those of samples, where they differ most, K by column, the likelihood by
 * trajectories, calibration, the nearest training rows, the training curve, options and versions;
 * of pictures sheets of them instead of what is of tables. data: the rows of training, where there
 * are others to judge by, and else the rows to judge by. test: rows to judge by, or NULL. The same
 * input and seed give the same bytes. report (may be NULL): the page, for free(); statuses, threads
 * and monitor are as noneq/score.h says. NQ_ERROR_SHAPE, too: every row is impossible. */
nq_status nq_report_page(char **report, nq_context *context, const nq_model *model,
                         const nq_source *data, const nq_source *test,
                         const nq_page_options *options);

#ifdef __cplusplus
}
#endif
#endif
