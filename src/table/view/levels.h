/* levels.h - columns of text with their levels in the order that a model has them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_VIEW_LEVELS_H
#define NQI_TABLE_VIEW_LEVELS_H

#include "table/dataset.h"

/* Whether a column's numbers mean what they mean in the other: the same texts in the same order, or
 * none in both, and dates in both or in none. */
int nqi_levels_same(const nqi_column *a, const nqi_column *b);

/* Makes the columns of a view of all rows of a set mean what wanted[dim of the view] mean: texts
 * are numbered as there, in new arrays that the view owns; numbers and dates are matched by their
 * text where a text is wanted. What the wanted column does not know becomes -1 - k, k its number in
 * the set (of a column of numbers: its row in the file). NQ_ERROR_FORMAT: text where numbers are
 * wanted, or what is no date where dates are. */
nq_status nqi_levels_match(nq_dataset *view, nq_context *context, const nqi_column *wanted);
/* A column of a view without a single value does not show how it is written: its form of dates and
 * its decimals become those of wanted[dim of the view]; NULL is fine. */
void nqi_forms_match(nq_dataset *view, const nqi_column *wanted);

#endif
