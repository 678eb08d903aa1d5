/* jobs.c - what the standard jobs are made of. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "jobs.h"

#include <math.h>
#include <string.h>

/* Plain Adam on the bound with a fixed schedule, without what the peers would have to copy:
 * hold-out rows, averages, clipping, shared readouts, dropout. A run has no end. */
static const job_setting every_job[] = {
    {"updates", "1000000000"}, {"fit_updates", "0"},    {"share", "1"},   {"average", "1"},
    {"clip", "1e30"},          {"valid_every", "1e12"}, {"dropout", "0"}, {"rate", "1e-3"},
    {"rate_last", "1"},        {"weighting", "bound"},
};

static const job jobs[] = {
    {.name = "a",
     .data = "swissroll",
     .preset = "swissroll",
     .data_rows = 10000,
     .model = {{"schedule", "log-snr"}},
     .train = {{"batch", "1024"}},
     .sample_rows = 10000,
     .bound_rows = 2048,
     .bound_terms = 78,
     .check_rows = 1024,
     .check_group = 32},
    {.name = "b",
     .data = "heartbeat",
     .preset = "heartbeat",
     .data_rows = 10000,
     .train = {{"batch", "1024"}},
     .sample_rows = 1000,
     .bound_rows = 1024,
     .bound_terms = 128,
     .check_rows = 1024,
     .check_group = 32},
    {.name = "c",
     .data = "gaussian",
     .data_rows = 1024,
     .data_dim = 784,
     .model = {{"kernel", "gaussian"},
               {"regressor", "image"},
               {"image", "1x28x28"},
               {"layers", "4"},
               {"scales", "1"},
               {"channels", "20"},
               {"hidden", "500,500,500"},
               {"features", "2"},
               {"pixel_hidden", "20,20"},
               {"readout", "bumps"},
               {"bumps", "10"},
               {"steps", "1000"},
               {"schedule", "log-snr"},
               {"activation", "softplus"},
               {"scale", "whole"},
               {"dequantize", "0"}},
     .train = {{"batch", "512"}},
     .sample_rows = 64,
     .sample_steps = 1,
     .bound_rows = 256,
     .bound_terms = 32,
     .check_rows = 512,
     .check_group = 16},
    {.name = NULL},
};

const job *jobs_all(void)
{
    return jobs;
}

const job *job_find(const char *name)
{
    for (const job *j = jobs; j->name; j++)
        if (!strcmp(j->name, name))
            return j;
    return NULL;
}

static nq_status settings_apply(nq_context *context, void *options, const nq_option *table,
                                size_t rows, const job_setting *settings, size_t count)
{
    for (size_t i = 0; i < count && settings[i].field; i++)
        for (size_t k = 0; k < rows; k++)
            if (!strcmp(table[k].field, settings[i].field)) {
                const nq_status status =
                    nq_option_set(options, context, &table[k], settings[i].value);
                if (status)
                    return status;
            }
    return NQ_OK;
}

nq_status job_options(nq_context *context, const job *j, const char *precision,
                      nq_model_options *model, nq_train_options *train)
{
    const job_setting exact[] = {{"precision", precision}};
    size_t model_rows, train_rows;
    const nq_option *model_table = nq_model_options_table(&model_rows);
    const nq_option *train_table = nq_train_options_table(&train_rows);
    nq_status status;
    nq_model_options_init(model, sizeof *model);
    nq_train_options_init(train, sizeof *train);
    if ((j->preset && (status = nq_preset_apply(model, train, context, j->preset))) ||
        (status =
             settings_apply(context, model, model_table, model_rows, j->model, JOB_SETTINGS)) ||
        (status = settings_apply(context, train, train_table, train_rows, every_job,
                                 sizeof every_job / sizeof *every_job)) ||
        (status =
             settings_apply(context, train, train_table, train_rows, j->train, JOB_SETTINGS)))
        return status;
    return settings_apply(context, train, train_table, train_rows, exact, 1);
}

nq_status job_data(nq_dataset **out, nq_context *context, const job *j)
{
    const nq_generate_options options = {.rows = j->data_rows, .dim = j->data_dim, .seed = 1};
    return nq_dataset_generate(out, context, j->data, &options);
}

double job_forward_cost(const nqi_graph *graph)
{
    return nqi_graph_cost(graph);
}

double job_train_cost(const nqi_graph *graph)
{
    double cost = 3 * nqi_graph_cost(graph);
    for (int i = 0; i < graph->node_count; i++) {
        const nqi_node *node = &graph->nodes[i];
        if (node->param_count && !nqi_node_source(graph, node, 0)->has_params)
            cost -= nqi_node_cost(graph, node);
    }
    return cost;
}
