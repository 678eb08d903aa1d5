/* differ.c - which columns and pairs of columns of samples differ most from those of rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "core/sort/sort.h"
#include "task/page/findings.h"

static int size_compare(const void *left, const void *right)
{
    const double a = ((const nqi_difference *)left)->size;
    const double b = ((const nqi_difference *)right)->size;
    return (a < b) - (a > b);
}

nq_status nqi_page_differ(nqi_findings *found)
{
    const nqi_pairs *pairs = &found->pairs;
    const size_t most = found->column_count + pairs->count;
    found->differences = calloc(most + 1, sizeof *found->differences);
    if (!found->differences)
        return nqi_fail_memory(found->context, "differences", most * sizeof *found->differences);
    for (size_t j = 0; j < found->column_count; j++)
        if (nqi_page_is_off(found, &found->columns[j]))
            found->differences[found->difference_count++] =
                (nqi_difference){.column = &found->columns[j],
                                 .size = found->columns[j].distance};
    for (size_t k = 0; k < pairs->count && pairs->order[k]->gap > pairs->chance; k++)
        found->differences[found->difference_count++] =
            (nqi_difference){.pair = pairs->order[k], .size = pairs->order[k]->gap};
    return nqi_sort(found->context, found->differences, found->difference_count,
                    sizeof *found->differences, size_compare);
}
