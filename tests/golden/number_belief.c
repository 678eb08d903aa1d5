/* number_belief.c - a reverse step's variance as a belief about x_0: V of Sigma, and Sigma of V. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/golden.h"
#include "inside.h"

/* Of a kernel to fewer steps: what concerns the trained step t itself. */
void golden_check_respaced_belief(golden_case *c)
{
    nq_schedule s;
    nqi_process process;
    golden_schedule(&s, c);
    golden_process(&process, c, &s, 1, -1, 0);
    const nqi_block *block = &process.blocks[0];
    const size_t t = golden_count(c, "t", 2, s.steps);
    const nqi_gaussian_step *step = gaussian_step(&process, t);
    const double complement = s.one_minus_alpha_bar[t - 1],
                 variance = golden_number(c, "Sigma_t");
    const double v = exp((double)step->log_v), slope = (double)step->cs / (double)step->spread;
    const double belief =
        golden_value(c, golden_output(c, "V"), "V"); /* of Sigma below v it is 0 */
    golden_check_output(c, "c_t", slope, 0);
    golden_check_output(c, "v_t", v, 0);
    const double z = nqi_gaussian_belief_output(belief / complement);
    if (belief > 0)
        golden_check(c, "Sigma_t", nqi_gaussian_belief_variance(block, t, z), variance, 0);
    nqi_process_free(&process);
    nq_schedule_free(&s);
}
