/* golden.h - what the checks of golden cases share: fields, schedules, comparisons. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_GOLDEN_H
#define NQI_TESTS_GOLDEN_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include <noneq/schedule.h>

#include "diffusion/batch.h"

enum { GOLDEN_FIELDS = 64, GOLDEN_PIECES = 4096 };

/* One case of the file while it is checked. */
typedef struct golden_case {
    const char *id, *kind;
    char name[32]; /* instead of an id that is missing */
    const cJSON *inputs, *outputs;
    double tolerance;                    /* relative */
    unsigned char looked[GOLDEN_FIELDS]; /* outputs that a check has looked at */
    void *pieces[GOLDEN_PIECES];         /* memory that lives as long as the case */
    int piece_count;
    int failures;
    const char *skip; /* set by a check: why it cannot say anything */
} golden_case;

/* How the cases of one kind are checked; without a check the reason says why not. */
typedef struct golden_kind {
    const char *name;
    void (*check)(golden_case *c);
    const char *reason;
} golden_kind;

/* A field is missing or is not what the schema promises: the case has failed, with one sentence;
 * ends its process. */
_Noreturn void golden_damaged(const golden_case *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Zeroed memory that is freed with the case. */
void *golden_new(golden_case *c, size_t count, size_t size);
void golden_release(golden_case *c);

/* Fields; NULL or 0 where an optional one is missing. */
const cJSON *golden_input(const golden_case *c, const char *name);
const cJSON *golden_input_optional(const golden_case *c, const char *name);
const cJSON *golden_output(golden_case *c, const char *name);
int golden_offers(const golden_case *c, const char *output);
/* A number; "inf", "-inf" and "nan" stand for themselves. */
double golden_value(const golden_case *c, const cJSON *value, const char *name);
double golden_number(const golden_case *c, const char *input);
/* A whole number of least..most. */
size_t golden_count(const golden_case *c, const char *input, size_t least, size_t most);
/* All numbers of a list, or of nested lists of equal lengths, in their order. `expected` 0: any
 * number. */
double *golden_list(golden_case *c, const cJSON *list, const char *name, size_t expected,
                    size_t *count);
double *golden_input_list(golden_case *c, const char *name, size_t expected, size_t *count);
/* A list of lists of `width` numbers or truth values each. */
double *golden_rows(golden_case *c, const char *output, size_t width, size_t *rows);
double *golden_input_rows(golden_case *c, const char *input, size_t width, size_t *rows);

/* The schedule that the inputs name: "b" as numbers, as ranges of steps or as log-SNR; without
 * "b", log-SNR where "b1" is given, and else constant-fraction of T steps. */
void golden_schedule(nq_schedule *out, golden_case *c);
void golden_log_snr(nq_schedule *out, const golden_case *c, size_t steps, double beta_1,
                    double alpha_bar_last);
/* A process with a copy of the schedule. activity: equilibrium mean of all bits; negative:
 * Gaussian. */
void golden_process(nqi_process *out, const golden_case *c, const nq_schedule *schedule,
                    size_t dim, double activity, int forward_form);

/* |got - expected| <= tolerance max(|expected|, scale); the first that fails is printed. */
void golden_check(golden_case *c, const char *what, double got, double expected, double scale);
void golden_check_at(golden_case *c, const char *what, size_t index, double got, double expected,
                     double scale);
void golden_check_output(golden_case *c, const char *output, double got, double scale);
/* The same, where the case has that output. */
void golden_check_offered(golden_case *c, const char *output, double got, double scale);
void golden_check_list(golden_case *c, const char *output, const double *got, size_t count,
                       double scale);
/* Times of a chain of fewer steps, 0 first: [steps + 1]. */
uint32_t *golden_times(golden_case *c, const cJSON *tau, size_t *steps);
/* In float32 a number is only as good as its inputs: scale there, 0 in float64. */
double golden_float_scale(double scale);

/* The kinds, by the file that checks them. */
void golden_check_schedule(golden_case *c);
void golden_check_binomial_schedule(golden_case *c);
void golden_check_gauss_posterior(golden_case *c);
void golden_check_gauss_kl(golden_case *c);
void golden_check_binomial_posterior(golden_case *c);
void golden_check_bernoulli_kl(golden_case *c);
void golden_check_linear_chain(golden_case *c);
void golden_check_linear_chain_2d(golden_case *c);
void golden_check_gauss_limit(golden_case *c);
void golden_check_schedule_gradient(golden_case *c);
void golden_check_mixture_optimum(golden_case *c);
void golden_check_gauss_entropy(golden_case *c);
void golden_check_binomial_entropy(golden_case *c);
void golden_check_binomial_exact(golden_case *c);
void golden_check_heartbeat(golden_case *c);
void golden_check_network(golden_case *c);
void golden_check_gauss_ais(golden_case *c);
void golden_check_log_mean_exp(golden_case *c);
void golden_check_pareto_khat(golden_case *c);
void golden_check_perturbed_kernel(golden_case *c);
void golden_check_gauss_denoise(golden_case *c);
void golden_check_binomial_perturbed(golden_case *c);
void golden_check_warp(golden_case *c);
void golden_check_grid_dequantised(golden_case *c);
void golden_check_grid_warped(golden_case *c);
void golden_check_grid_last_step(golden_case *c);
void golden_check_grid_chain(golden_case *c);
void golden_check_spiked(golden_case *c);
void golden_check_respaced_belief(golden_case *c);
void golden_check_respaced_gauss_chain(golden_case *c);
void golden_check_respaced_levels(golden_case *c);
void golden_check_respaced_bits(golden_case *c);
void golden_check_categorical_posterior(golden_case *c);
void golden_check_categorical_step(golden_case *c);
void golden_check_categorical_binomial(golden_case *c);
void golden_check_categorical_exact(golden_case *c);
void golden_check_mixed_exact(golden_case *c);
void golden_check_twist_cat(golden_case *c);
void golden_check_subset_gaussian(golden_case *c);
void golden_check_subset_bits(golden_case *c);
void golden_check_subset_chain(golden_case *c);
void golden_check_sbc_chi2(golden_case *c);
void golden_check_rubin_pooling(golden_case *c);
void golden_check_twist_enum(golden_case *c);
void golden_check_twist_gauss(golden_case *c);
void golden_check_twist_chain(golden_case *c);

#endif
