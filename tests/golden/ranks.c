/* ranks.c - rank tests of simulation-based calibration: counts, chi square and its p value. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "check/ranks.h"
#include "golden/golden.h"

void golden_check_sbc_chi2(golden_case *c)
{
    enum { MOST = 1 << 20 };
    size_t count;
    double p;
    const double *given = golden_input_list(c, "ranks", 0, &count);
    const size_t draws = golden_count(c, "L", 1, MOST);
    const size_t bins = golden_count(c, "bins", 1, draws + 1);
    size_t *ranks = golden_new(c, count, sizeof *ranks);
    double *counts = golden_new(c, bins, sizeof *counts);
    if ((draws + 1) % bins)
        golden_damaged(c, "input \"bins\": expected one that divides L + 1");
    for (size_t i = 0; i < count; i++) {
        if (!(given[i] >= 0 && given[i] <= (double)draws))
            golden_damaged(c, "input \"ranks\": expected numbers from 0 to L");
        ranks[i] = (size_t)given[i];
    }
    const double chi2 = nqi_rank_chi2(counts, &p, ranks, count, draws, bins);
    golden_check_list(c, "counts", counts, bins, 0);
    golden_check_output(c, "chi2", chi2, 0);
    golden_check_output(c, "df", (double)bins - 1, 0);
    golden_check_output(c, "p_value", p, 0);
}
