/* test_loss_gradient_f64.c - the gradient of a whole microbatch's loss against differences. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/by_hand.h"
#include "math/kinds_table.h"

#include "nn/op/layers.h"

enum { LD = 48, GROUP = 16, GROUPS = LD / GROUP, VALID = 41 };

/* A model and one microbatch of it, with noise and dropout that stay as they are. */
typedef struct problem {
    nq_context *context;
    nq_model *model;
    nqi_batch batch;
    nqi_stream noise, dropout;
    double *gradient;  /* [parameters], with the banks of the groups added up */
    double *bank_grad; /* [GROUPS][bank_size] */
    uint32_t bank_of[STEPS_MOST + 1];
    int with_dropout, with_input;
} problem;

static void randomise(problem *p)
{
    const nqi_stream stream = {3, NQI_DRAW_TEST, 0, 0};
    const size_t count = nq_model_parameters(p->model);
    for (size_t i = 0; i < count; i++)
        p->model->regressor.params[i] += 0.4 * nqi_stream_normal(&stream, i);
}

/* Rows, with padding after VALID that the gradient must not see, and times that repeat. */
static void fill_batch(problem *p)
{
    const nqi_stream stream = {4, NQI_DRAW_TEST, 0, 1};
    const uint32_t first = (uint32_t)p->model->process.first_learned; /* in every update, if 1 */
    const uint32_t times[GROUPS] = {first, 5, 5};
    const nqi_process *process = &p->model->process;
    for (size_t i = 0; i < process->dim * LD; i++) {
        const nqi_block *block = nqi_process_block(process, i / LD);
        const double x = nqi_stream_normal(&stream, i);
        const size_t level = block->levels ? (size_t)fabs(100 * x) % block->levels : 0;
        p->batch.x_0[i] = block->levels ? (double)level : block->family->holds ? x > 0.5 : x;
    }
    memcpy(p->batch.tape.time, times, sizeof times);
    p->batch.valid_rows = VALID;
    p->batch.tape.params = p->model->regressor.params;
    p->batch.tape.dropout = p->with_dropout ? &p->dropout : NULL;
}

/* The data are freed. */
static void problem_open_data(problem *p, const setting *settings, double dropout,
                              nq_context *context, nq_dataset *data)
{
    memset(p, 0, sizeof *p);
    p->context = context;
    const nq_model_options options = model_options(settings);
    assert_ok(nqi_model_build(&p->model, p->context, data, &options, dropout), p->context);
    nq_dataset_free(data);
    assert_ok(nqi_batch_new(&p->batch, p->context, &p->model->process, &p->model->regressor.graph,
                            p->context->ops, LD, GROUP, 2),
              p->context);
    p->noise = (nqi_stream){5, NQI_DRAW_TEST, 1, 2};
    p->dropout = (nqi_stream){6, NQI_DRAW_DROPOUT, 1, 2};
    p->with_dropout = dropout > 0;
    p->gradient = nqi_aligned_new(nq_model_parameters(p->model), sizeof *p->gradient);
    p->bank_grad =
        nqi_aligned_new(GROUPS * p->model->regressor.graph.bank_size + 1, sizeof *p->bank_grad);
    assert_non_null(p->gradient);
    assert_non_null(p->bank_grad);
    randomise(p);
    fill_batch(p);
}

static void problem_open_rows(problem *p, const setting *settings, double dropout,
                              const nqi_real *rows, size_t count, size_t dim)
{
    nq_context *context = context_open(1);
    problem_open_data(p, settings, dropout, context, dataset_of(context, rows, count, dim));
}

static void problem_open(problem *p, const setting *settings, double dropout)
{
    const double rows[12] = {0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 0};
    problem_open_rows(p, settings, dropout, rows, 4, 3);
}

static void problem_close(problem *p)
{
    nqi_aligned_free(p->gradient);
    nqi_aligned_free(p->bank_grad);
    nqi_batch_free(&p->batch);
    nq_model_free(p->model);
    nq_context_free(p->context);
}

static const double weight = 0.37;

static double loss(problem *p)
{
    double sum = 0;
    nqi_batch_score(&p->model->process, &p->batch, &p->noise, weight, 0);
    for (size_t r = 0; r < VALID; r++)
        sum += weight * p->batch.kl[r];
    return sum;
}

static void differentiate(problem *p)
{
    const nqi_graph *graph = &p->model->regressor.graph;
    p->batch.tape.dense_grad = p->gradient;
    p->batch.tape.bank_grad = p->bank_grad;
    nqi_batch_score(&p->model->process, &p->batch, &p->noise, weight, 1);
    for (size_t g = 0; g < GROUPS && graph->banks; g++) {
        double *bank = p->gradient + graph->dense_count +
                       nqi_tape_bank(&p->batch.tape, g) * graph->bank_size;
        for (size_t i = 0; i < graph->bank_size; i++)
            bank[i] += p->bank_grad[g * graph->bank_size + i];
    }
}

static void check_one(const char *what, size_t i, double got, double above, double below,
                      double h, double largest)
{
    const double expected = (above - below) / (2 * h);
    if (!(fabs(got - expected) <= 1e-6 * fabs(expected) + 2e-8 * largest))
        fail_msg("%s %zu: gradient %.12g, differences %.12g", what, i, got, expected);
}

static void check_parameters(problem *p)
{
    const size_t count = nq_model_parameters(p->model);
    const double h = 2e-5;
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fmax(largest, fabs(p->gradient[i]));
    assert_true(largest > 1e-3);
    for (size_t i = 0; i < count; i++) {
        double *at = &p->model->regressor.params[i], kept = *at;
        *at = kept + h;
        const double above = loss(p);
        *at = kept - h;
        const double below = loss(p);
        *at = kept;
        check_one("parameter", i, p->gradient[i], above, below, h, largest);
    }
}

/* The network's part of the loss as a function of x_t, whose gradient the schedule needs. */
static double loss_at(problem *p)
{
    double sum = 0;
    nqi_tape_forward(&p->batch.tape);
    for (size_t g = 0; g < GROUPS; g++)
        nqi_batch_divergence(&p->model->process, &p->batch, g, weight, 0);
    for (size_t r = 0; r < VALID; r++)
        sum += weight * p->batch.kl[r];
    return sum;
}

static void check_input(problem *p)
{
    const double h = 2e-5;
    const double *gradient = p->batch.tape.grad[p->model->regressor.graph.input];
    double *x_t = nqi_batch_x_t(&p->batch), largest = 0;
    for (size_t i = 0; i < p->model->process.dim * LD; i++)
        largest = fmax(largest, fabs(gradient[i]));
    assert_true(largest > 1e-3);
    for (size_t i = 0; i < p->model->process.dim * LD; i++) {
        const double kept = x_t[i];
        x_t[i] = kept + h;
        const double above = loss_at(p);
        x_t[i] = kept - h;
        const double below = loss_at(p);
        x_t[i] = kept;
        check_one("input", i, gradient[i], above, below, h, largest);
    }
}

static void check_settings(const setting *settings, int has_input, double dropout)
{
    problem p;
    problem_open(&p, settings, dropout);
    differentiate(&p);
    check_parameters(&p);
    if (has_input) {
        memset(p.gradient, 0, nq_model_parameters(p.model) * sizeof *p.gradient);
        differentiate(&p);
        check_input(&p);
    }
    problem_close(&p);
}

static void check_model(const char *regressor, const char *readout, const char *activation,
                        const char *hidden, const char *kernel, const char *mean_form,
                        double dropout)
{
    const setting settings[] = {{"kernel", kernel},   {"regressor", regressor},
                                {"readout", readout}, {"activation", activation},
                                {"hidden", hidden},   {"mean_form", mean_form},
                                {"steps", "8"},       {"beta_1", "0.01"},
                                {"wide", "0"},        {NULL, NULL}};
    /* the paper's mean has x_t beside the network (gradients by rates see to that) */
    check_settings(settings, !strcmp(kernel, "gaussian") && strcmp(mean_form, "paper") != 0,
                   dropout);
}

static void check_wide(const char *kernel, const char *activation, const char *roles,
                       double dropout)
{
    const setting settings[] = {{"kernel", kernel},       {"regressor", "mlp"},
                                {"hidden", "4,4"},        {"wide", "6"},
                                {"readout", "embedding"}, {"activation", activation},
                                {"steps", "8"},           {"beta_1", "0.01"},
                                {"roles", roles},         {NULL, NULL}};
    check_settings(settings, 0, dropout);
}

static const char *const kernels[] = {"gaussian", "binomial", NULL};
static const char *const activations[] = {"sigmoid", "tanh", "silu", "softplus", NULL};

static void per_step_mlp_gradient_is_exact(void **state)
{
    (void)state;
    for (int k = 0; kernels[k]; k++)
        for (int a = 0; activations[a]; a++)
            check_model("mlp", "per-step", activations[a], "5,4", kernels[k], "x0", 0);
}

static void embedding_mlp_gradient_is_exact(void **state)
{
    (void)state;
    for (int k = 0; kernels[k]; k++)
        for (int a = 0; activations[a]; a++)
            check_model("mlp", "embedding", activations[a], "4,4,4", kernels[k], "x0", 0);
}

static void wide_layer_gradient_is_exact(void **state)
{
    (void)state;
    for (int k = 0; kernels[k]; k++) {
        check_wide(kernels[k], "silu", "0", 0);
        check_wide(kernels[k], "tanh", "0", 0.3);
    }
}

static void rbf_gradient_is_exact(void **state)
{
    (void)state;
    for (int k = 0; kernels[k]; k++)
        check_model("rbf", "per-step", "sigmoid", "5", kernels[k], "x0", 0);
}

static void forward_form_gradient_is_exact(void **state)
{
    (void)state;
    check_model("rbf", "per-step", "sigmoid", "5", "gaussian", "forward", 0);
    check_model("mlp", "embedding", "tanh", "4,4", "gaussian", "forward", 0);
}

static void paper_form_gradient_is_exact(void **state)
{
    (void)state;
    check_model("rbf", "per-step", "sigmoid", "5", "gaussian", "paper", 0);
    check_model("mlp", "embedding", "tanh", "4,4", "gaussian", "paper", 0);
}

static void gradient_with_dropout_is_exact(void **state)
{
    (void)state;
    for (int k = 0; kernels[k]; k++) {
        check_model("mlp", "per-step", "sigmoid", "6,5", kernels[k], "x0", 0.3);
        check_model("mlp", "embedding", "silu", "5,5", kernels[k], "x0", 0.3);
    }
}

/* Levels, bits and numbers together, with t = 1; levels have no slope. */
/* Some cells of some rows are known or absent, and lose their part of the loss. */
static void give_roles(problem *p)
{
    static double roles[NQI_ROLES * 32 * LD];
    const size_t numbers = p->model->process.dim * LD;
    const nqi_stream stream = {7, NQI_DRAW_TEST, 0, 0};
    assert_true(NQI_ROLES * numbers <= sizeof roles / sizeof *roles);
    p->batch.observed = nqi_aligned_new(numbers, sizeof *p->batch.observed);
    for (size_t j = 0; j < numbers; j++) {
        const double u = nqi_stream_uniform(&stream, j);
        roles[j] = u < 0.25;
        roles[numbers + j] = u > 0.7;
        p->batch.observed[j] = u >= 0.25 && u <= 0.7;
    }
    p->batch.roles = roles;
}

static void check_kinds(const char *variance_form, const char *learn_last, const char *roles,
                        double dropout)
{
    const setting settings[] = {{"kernel", "mixed"},
                                {"hidden", "5,5"},
                                {"activation", "silu"},
                                {"variance_form", variance_form},
                                {"learn_last", learn_last},
                                {"steps", "8"},
                                {"beta_1", "0.01"},
                                {"roles", roles},
                                {NULL, NULL}};
    problem p;
    nq_context *context = context_open(1);
    problem_open_data(&p, settings, dropout, context, table_rows(context, 60, 1));
    if (roles[0] == '1')
        give_roles(&p);
    assert_int_equal(p.model->process.block_count, 3);
    assert_int_equal(p.model->process.first_learned, learn_last[0] == '1' ? 1 : 2);
    for (size_t i = 0; i < nq_model_parameters(p.model); i++)
        p.model->regressor.params[i] *= 0.5; /* no belief beyond its limit, where it is held */
    differentiate(&p);
    check_parameters(&p);
    problem_close(&p);
}

static void gradient_of_columns_of_kinds_is_exact(void **state)
{
    (void)state;
    check_kinds("belief", "1", "0", 0);
    check_kinds("belief", "1", "0", 0.3);
    check_kinds("free", "1", "0", 0);
    check_kinds("belief", "0", "0", 0);
}

static void gradient_of_known_and_absent_cells_is_exact(void **state)
{
    (void)state;
    check_kinds("belief", "1", "1", 0);
    check_kinds("free", "1", "1", 0.3);
}

/* Several steps served by one bank: its gradient is the sum of theirs. */
static void gradient_of_shared_banks_is_exact(void **state)
{
    (void)state;
    const setting settings[] = {{"kernel", "gaussian"},
                                {"regressor", "mlp"},
                                {"readout", "per-step"},
                                {"activation", "tanh"},
                                {"hidden", "5"},
                                {"steps", "8"},
                                {NULL, NULL}};
    problem p;
    problem_open(&p, settings, 0);
    for (uint32_t t = 1; t <= 8; t++)
        p.bank_of[t] = (t - 1) / 5 * 5;
    p.batch.tape.map.bank_of = p.bank_of;
    differentiate(&p);
    check_parameters(&p);
    problem_close(&p);
}

typedef struct network {
    const char *hidden, *layers, *scales, *unet, *readout, *pixel_hidden, *activation;
} network;

/* Planes of roles as x_t has them, for all that looks at what stands there alone. */
static void give_planes(problem *p)
{
    const size_t numbers = p->model->process.dim * LD;
    double *planes = nqi_batch_x_t(&p->batch) + numbers;
    memcpy(planes, p->batch.roles, NQI_ROLES * numbers * sizeof *planes);
    p->batch.roles = NULL;
    nqi_aligned_free(p->batch.observed);
    p->batch.observed = NULL;
}

/* Every operation on pictures, at sizes that no window divides: 2 channels of 3 x 5 pixels. */
static void check_network(const network *n, const char *kernel, const char *roles, double dropout)
{
    enum { PIXELS = 2 * 3 * 5 };
    const int is_told =
        roles[0] == '1' && !strcmp(n->hidden, "none") && !strcmp(kernel, "gaussian");
    nqi_real told[NQI_TOLD * PIXELS * LD];
    const setting settings[] = {{"kernel", kernel},
                                {"regressor", "image"},
                                {"image", "2x3x5"},
                                {"readout", n->readout},
                                {"activation", n->activation},
                                {"hidden", n->hidden},
                                {"layers", n->layers},
                                {"scales", n->scales},
                                {"channels", "3"},
                                {"features", "2"},
                                {"pixel_hidden", n->pixel_hidden},
                                {"unet", n->unet},
                                {"bumps", "3"},
                                {"roles", roles},
                                {"squares", is_told ? "2" : "0"},
                                {"scale", !strcmp(kernel, "gaussian") ? "whole" : "none"},
                                {"steps", "8"},
                                {"beta_1", "0.01"},
                                {NULL, NULL}};
    double rows[4 * PIXELS];
    for (size_t i = 0; i < 4 * PIXELS; i++)
        rows[i] = (double)(i * i % 7 < 3);
    problem p;
    problem_open_rows(&p, settings, dropout, rows, 4, PIXELS);
    if (roles[0] == '1')
        give_roles(&p);
    for (size_t j = 0; is_told && j < NQI_TOLD * PIXELS * LD; j++)
        told[j] = (nqi_real)(j % 5) / 4;
    p.batch.told = is_told ? told : NULL;
    differentiate(&p);
    check_parameters(&p);
    if (roles[0] == '1')
        give_planes(&p);
    if (!strcmp(kernel, "gaussian") && !(dropout > 0)) {
        memset(p.gradient, 0, nq_model_parameters(p.model) * sizeof *p.gradient);
        differentiate(&p);
        check_input(&p);
    }
    problem_close(&p);
}

static void image_network_gradient_is_exact(void **state)
{
    (void)state;
    const network networks[] = {
        {"none", "2", "2", "", "bumps", "3", "softplus"},
        {"4,3", "0", "1", "", "bumps", "3", "tanh"},
        {"3", "1", "3", "", "bumps", "none", "softplus"},
        {"none", "2", "2", "", "embedding", "3", "silu"},
        {"3,3", "1", "2", "", "embedding", "4", "softplus"},
        {"none", "1", "0", "2,3,3", "embedding", "3", "silu"},
        {"none", "2", "0", "2,1", "bumps", "none", "softplus"},
        {"3", "0", "0", "2,3", "embedding", "3", "tanh"},
    };
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        for (int k = 0; kernels[k]; k++)
            check_network(&networks[i], kernels[k], "0", 0);
    check_network(&networks[1], "gaussian", "0", 0.3);
}

static void gradient_of_known_and_absent_pixels_is_exact(void **state)
{
    (void)state;
    const network networks[] = {
        {"none", "2", "2", "", "embedding", "3", "silu"},
        {"3,3", "1", "2", "", "embedding", "4", "softplus"},
        {"4,4", "0", "1", "", "embedding", "none", "tanh"},
        {"none", "1", "0", "2,3", "embedding", "3", "silu"},
    };
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        for (int k = 0; kernels[k]; k++)
            check_network(&networks[i], kernels[k], "1", 0);
}

/* What is dropped is made up for by what stays. */
static void dropout_keeps_the_mean(void **state)
{
    (void)state;
    enum { WIDTH = 64, LANES = 64 };
    nqi_graph graph = {0};
    nqi_tape tape;
    const nqi_stream stream = {6, NQI_DRAW_DROPOUT, 1, 2};
    graph.output = nqi_graph_dropout(&graph, nqi_graph_input(&graph, WIDTH), 0.3);
    assert_int_equal(nqi_tape_new(&tape, &graph, nqi_ops_ref(), LANES, LANES, 0), NQ_OK);
    double sum = 0, dropped = 0;
    const double count = WIDTH * LANES;
    for (size_t i = 0; i < WIDTH * LANES; i++)
        tape.value[graph.input][i] = 1;
    tape.dropout = &stream;
    nqi_tape_forward(&tape);
    for (size_t i = 0; i < WIDTH * LANES; i++) {
        sum += tape.value[graph.output][i];
        dropped += tape.value[graph.output][i] == 0;
    }
    assert_close("dropped", dropped / count, 0.3, 4 * sqrt(0.21 / count));
    assert_close("mean", sum / count, 1, 4 * sqrt(0.3 / 0.7 / count));
    tape.dropout = NULL;
    nqi_tape_forward(&tape);
    for (size_t i = 0; i < WIDTH * LANES; i++)
        assert_true(tape.value[graph.output][i] == 1);
    nqi_tape_free(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(per_step_mlp_gradient_is_exact),
        cmocka_unit_test(embedding_mlp_gradient_is_exact),
        cmocka_unit_test(wide_layer_gradient_is_exact),
        cmocka_unit_test(rbf_gradient_is_exact),
        cmocka_unit_test(forward_form_gradient_is_exact),
        cmocka_unit_test(paper_form_gradient_is_exact),
        cmocka_unit_test(gradient_with_dropout_is_exact),
        cmocka_unit_test(image_network_gradient_is_exact),
        cmocka_unit_test(dropout_keeps_the_mean),
        cmocka_unit_test(gradient_of_columns_of_kinds_is_exact),
        cmocka_unit_test(gradient_of_known_and_absent_cells_is_exact),
        cmocka_unit_test(gradient_of_known_and_absent_pixels_is_exact),
        cmocka_unit_test(gradient_of_shared_banks_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
