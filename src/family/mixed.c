/* mixed.c - the name of processes whose columns have families of their own, and their defaults.
 * No block is of it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "family/family.h"

/* The variance of a reverse step is what the network believes of x_0: findings of a prototype, in
 * docs/tables.md. */
static void mixed_choose(nq_model_options *options, const nqi_facts *facts)
{
    (void)facts;
    options->dequantize = 0; /* codes of columns do that */
    if (!options->variance_form[0])
        snprintf(options->variance_form, sizeof options->variance_form, "belief");
}

const nqi_family nqi_family_mixed = {
    .name = "mixed",
    .is_mixed = 1,
    .outputs = 1,
    .rate_most = 0.999,
    .constant_fraction = "constant-fraction-gaussian",
    .options = " mean_form variance_form base ",
    .defaults = {.schedule = "cosine",
                 .scale = "column",
                 .regressor = "table",
                 .steps = 100,
                 .learn_last = 1,
                 .roles = 1,
                 .batch = 256,
                 .updates_least = 5000,
                 .rate = 1e-3,
                 .average = 0.998,
                 .work = 1.3e12,
                 .passes = 250,
                 .updates_most = 16000,
                 .bears = 0.05,
                 .choose = mixed_choose,
                 .brief = {"cosine", 50, 1}},
    .expected = "a value that training rows had",
};
