/* golden.c - checks the library against a JSON file of exact answers: golden FILE.json
 * Prints a line for each case; the status is 0 when none failed, 1 when some did, and 2 when the
 * file holds no cases. A case that is damaged, or that ends its process, has failed; each is a
 * process of its own, so that the others are checked all the same. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "golden/golden.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const golden_kind kinds[] = {
    {"schedule", golden_check_schedule, NULL},
    {"gauss_posterior", golden_check_gauss_posterior, NULL},
    {"gauss_kl", golden_check_gauss_kl, NULL},
    {"gauss_linear_chain", golden_check_linear_chain, NULL},
    {"gauss_linear_chain_2d", golden_check_linear_chain_2d, NULL},
    {"gauss_limit", golden_check_gauss_limit, NULL},
    {"gauss_schedule_gradient", golden_check_schedule_gradient, NULL},
    {"gauss_mixture_optimum", golden_check_mixture_optimum, NULL},
    {"gauss_entropy_bounds", golden_check_gauss_entropy, NULL},
    {"binomial_schedule", golden_check_binomial_schedule, NULL},
    {"binomial_posterior", golden_check_binomial_posterior, NULL},
    {"bernoulli_kl", golden_check_bernoulli_kl, NULL},
    {"binomial_exact", golden_check_binomial_exact, NULL},
    {"binomial_entropy_bounds", golden_check_binomial_entropy, NULL},
    {"heartbeat_optimum", golden_check_heartbeat, NULL},
    {"network", golden_check_network, NULL},
    {"gauss_ais", golden_check_gauss_ais, NULL},
    {"logmeanexp", golden_check_log_mean_exp, NULL},
    {"pareto_khat", golden_check_pareto_khat, NULL},
    {"gauss_denoise", golden_check_gauss_denoise, NULL},
    {"gauss_perturbed_kernel", golden_check_perturbed_kernel, NULL},
    {"binomial_perturbed", golden_check_binomial_perturbed, NULL},
    {"warp", golden_check_warp, NULL},
    {"grid_dequantised", golden_check_grid_dequantised, NULL},
    {"grid_warped", golden_check_grid_warped, NULL},
    {"grid_last_step", golden_check_grid_last_step, NULL},
    {"grid_chain", golden_check_grid_chain, NULL},
    {"spiked", golden_check_spiked, NULL},
    {"respaced_gauss_kernel", golden_check_respaced_belief, NULL},
    {"respaced_gauss_chain", golden_check_respaced_gauss_chain, NULL},
    {"respaced_cat_kernel", golden_check_respaced_levels, NULL},
    {"respaced_bits", golden_check_respaced_bits, NULL},
    {"categorical_posterior", golden_check_categorical_posterior, NULL},
    {"categorical_step", golden_check_categorical_step, NULL},
    {"categorical_binomial", golden_check_categorical_binomial, NULL},
    {"categorical_exact", golden_check_categorical_exact, NULL},
    {"mixed_exact", golden_check_mixed_exact, NULL},
    {"subset_gaussian", golden_check_subset_gaussian, NULL},
    {"subset_bits", golden_check_subset_bits, NULL},
    {"subset_chain", golden_check_subset_chain, NULL},
    {"twist_cat", golden_check_twist_cat, NULL},
    {"sbc_chi2", golden_check_sbc_chi2, NULL},
    {"rubin_pooling", golden_check_rubin_pooling, NULL},
    {"twist_enum", golden_check_twist_enum, NULL},
    {"twist_gauss", golden_check_twist_gauss, NULL},
    {"twist_chain", golden_check_twist_chain, NULL},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static _Noreturn void file_damaged(const char *path, const char *sentence)
{
    fprintf(stderr, "golden: %s: %s\n", path, sentence);
    exit(2);
}

/* The whole file as text, malloc'ed. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;
    char *text = NULL;
    if (!file)
        file_damaged(path, "the file cannot be opened");
    if (!fseek(file, 0, SEEK_END) && (size = ftell(file)) >= 0 && !fseek(file, 0, SEEK_SET) &&
        (text = malloc((size_t)size + 1)) && fread(text, 1, (size_t)size, file) == (size_t)size)
        text[size] = 0;
    else
        file_damaged(path, "the file cannot be read");
    fclose(file);
    return text;
}

static const char *text_field(const cJSON *item, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(item, name);
    return cJSON_IsString(field) ? field->valuestring : NULL;
}

static golden_case case_open(const cJSON *item, int number)
{
    const cJSON *tolerance = cJSON_GetObjectItemCaseSensitive(item, "rel_tol_f64");
    golden_case c = {
        .id = text_field(item, "id"),
        .kind = text_field(item, "kind"),
        .inputs = cJSON_GetObjectItemCaseSensitive(item, "inputs"),
        .outputs = cJSON_GetObjectItemCaseSensitive(item, "outputs"),
    };
    if (!c.id) {
        snprintf(c.name, sizeof c.name, "case-%d", number);
        c.id = c.name;
        golden_damaged(&c, "expected an id");
    }
    if (!c.kind || !cJSON_IsObject(c.inputs) || !cJSON_IsObject(c.outputs) || !c.outputs->child ||
        !cJSON_IsNumber(tolerance) || !(tolerance->valuedouble > 0))
        golden_damaged(&c, "expected kind, inputs, outputs and a positive rel_tol_f64");
    /* float32 has 6e-8, and sums and differences of it a few hundred times that. */
    c.tolerance = sizeof(nqi_real) == sizeof(double) ? tolerance->valuedouble
                                                     : fmax(tolerance->valuedouble, 2e-5);
    return c;
}

/* Says which outputs no check has looked at, so that silence is never taken for agreement. */
static void print_unlooked(const golden_case *c)
{
    int index = 0, some = 0;
    const cJSON *field;
    cJSON_ArrayForEach(field, c->outputs)
    {
        if (index >= GOLDEN_FIELDS || !c->looked[index])
            printf("%s %s", some++ ? "," : " # not compared:", field->string);
        index++;
    }
    printf("\n");
}

static int run_case(golden_case *c)
{
    const golden_kind *kind = NULL;
    for (int i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i].name, c->kind))
            kind = &kinds[i];
    if (!kind || !kind->check) {
        printf("skip %s: kind %s: %s\n", c->id, c->kind,
               kind ? kind->reason : "unknown to this program");
        return 0;
    }
    kind->check(c);
    if (c->skip)
        printf("skip %s: %s\n", c->id, c->skip);
    else if (!c->failures) {
        printf("ok %s", c->id);
        print_unlooked(c);
    }
    golden_release(c);
    return c->failures > 0;
}

/* What ended the process of a case that could not say so itself. */
static void print_end(const cJSON *item, int number, int status)
{
    const char *id = text_field(item, "id");
    printf("not ok %s (case %d): its process ended by %s %d\n", id ? id : "without an id", number,
           WIFSIGNALED(status) ? "signal" : "status",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* 1 when the case failed. */
static int run_apart(const cJSON *item, int number)
{
    int status = 0;
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        golden_case c = case_open(item, number);
        exit(run_case(&c));
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        printf("not ok case %d: no process could be started for it\n", number);
        return 1;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
        print_end(item, number, status);
    return status != 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: golden FILE.json\n");
        return 2;
    }
    char *text = read_text(argv[1]);
    cJSON *root = cJSON_Parse(text);
    free(text);
    if (!root)
        file_damaged(argv[1], "the file is not JSON");
    const cJSON *cases = cJSON_GetObjectItemCaseSensitive(root, "cases"), *item;
    if (!cJSON_IsArray(cases) || !cases->child)
        file_damaged(argv[1], "expected an object with a list of \"cases\"");
    int number = 0, failed = 0;
    cJSON_ArrayForEach(item, cases)
    {
        failed += run_apart(item, ++number);
    }
    cJSON_Delete(root);
    return failed > 0;
}
