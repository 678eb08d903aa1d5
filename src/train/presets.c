/* presets.c - configurations of [SD15] by name; docs/results.md has what they reach. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>

#include <string.h>

#include "core/context.h"

typedef struct setting {
    const char *field, *value;
} setting;

enum { SETTINGS = 20 };

typedef struct preset {
    const char *name, *help;
    setting model[SETTINGS], train[SETTINGS];
} preset;

static const preset presets[] = {
    {"swissroll",
     "16 radial basis functions, T = 40, learned schedule ([SD15] 3.1.1)",
     {{"kernel", "gaussian"},
      {"regressor", "rbf"},
      {"hidden", "16"},
      {"readout", "per-step"},
      {"steps", "40"},
      {"schedule", "learned"},
      {"beta_1", "1e-6"},
      {"scale", "column"}},
     {{"batch", "5120"},
      {"fit_updates", "8000"},
      {"updates", "8000"},
      {"rate", "0.03"},
      {"average", "1"},
      {"patience", "0"}}},
    {"heartbeat",
     "three layers of 50 sigmoid units, T = 2000, bits of mean 0.2 ([SD15] 3.1.2)",
     {{"kernel", "binomial"},
      {"regressor", "mlp"},
      {"hidden", "50,50,50"},
      {"activation", "sigmoid"},
      {"readout", "per-step"},
      {"steps", "2000"},
      {"schedule", "constant-fraction"},
      {"activity", "0.2"}},
     {{"batch", "1024"},
      {"updates", "60000"},
      {"rate", "1e-2"},
      {"share", "500"},
      {"average", "1"},
      {"patience", "0"}}},
    {"mnist",
     "dense pathway and layers within the pixel, T = 1000 ([SD15] D.2)",
     {{"kernel", "gaussian"},
      {"regressor", "image"},
      {"image", "1x28x28"},
      {"layers", "0"},
      {"hidden", "512,512,512,512"},
      {"features", "4"},
      {"pixel_hidden", "24,24"},
      {"readout", "embedding"},
      {"bumps", "10"},
      {"steps", "1000"},
      {"schedule", "log-snr"},
      {"beta_1", "1e-3"},
      {"alpha_bar_last", "2.5e-3"},
      {"scale", "whole"}},
     {{"batch", "512"},
      {"minutes", "45"},
      {"rate", "4e-3"},
      {"average", "0.9995"},
      {"weighting", "v"},
      {"patience", "0"}}},
    {"cifar10",
     "multi-scale convolutions and a dense pathway, T = 1000 ([SD15] D.2)",
     {{"kernel", "gaussian"},
      {"regressor", "image"},
      {"image", "3x32x32"},
      {"layers", "4"},
      {"scales", "3"},
      {"channels", "32"},
      {"hidden", "256,256"},
      {"features", "4"},
      {"pixel_hidden", "32,32"},
      {"readout", "embedding"},
      {"bumps", "10"},
      {"steps", "1000"},
      {"schedule", "log-snr"},
      {"beta_1", "1e-5"},
      {"scale", "whole"}},
     {{"batch", "128"},
      {"minutes", "20"},
      {"rate", "3e-3"},
      {"average", "0.998"},
      {"mirror", "1"},
      {"patience", "0"}}},
    {"deadleaves",
     "multi-scale convolutions alone, on crops, T = 1000 ([SD15] D.2)",
     {{"kernel", "gaussian"},
      {"regressor", "image"},
      {"image", "1x32x32"},
      {"layers", "5"},
      {"scales", "3"},
      {"channels", "32"},
      {"hidden", "none"},
      {"pixel_hidden", "32,32"},
      {"readout", "embedding"},
      {"bumps", "10"},
      {"steps", "1000"},
      {"schedule", "log-snr"},
      {"beta_1", "1e-5"},
      {"scale", "whole"}},
     {{"batch", "128"},
      {"minutes", "20"},
      {"rate", "3e-3"},
      {"average", "0.998"},
      {"mirror", "1"},
      {"patience", "0"}}},
    {"bark",
     "multi-scale convolutions alone, on crops, T = 500 ([SD15] D.2)",
     {{"kernel", "gaussian"},
      {"regressor", "image"},
      {"image", "1x32x32"},
      {"layers", "4"},
      {"scales", "4"},
      {"channels", "32"},
      {"hidden", "none"},
      {"pixel_hidden", "32,32"},
      {"readout", "embedding"},
      {"bumps", "10"},
      {"steps", "500"},
      {"schedule", "log-snr"},
      {"beta_1", "1e-4"},
      {"scale", "whole"}},
     {{"batch", "128"},
      {"minutes", "20"},
      {"rate", "3e-3"},
      {"average", "0.998"},
      {"mirror", "1"},
      {"patience", "0"}}},
};
enum { PRESETS = sizeof presets / sizeof presets[0] };

static const char *const preset_names[] = {"swissroll",  "heartbeat", "mnist", "cifar10",
                                           "deadleaves", "bark",      NULL};
static const char *const preset_help[] = {
    "16 radial basis functions, T = 40, learned schedule ([SD15] 3.1.1)",
    "three layers of 50 sigmoid units, T = 2000, bits of mean 0.2 ([SD15] 3.1.2)",
    "pictures of 28 x 28: dense pathway and layers within the pixel, T = 1000 ([SD15] D.2)",
    "pictures of 32 x 32 in colour: convolutions and dense pathway, T = 1000 ([SD15] D.2)",
    "grey pictures in crops of 32 x 32: convolutions alone, T = 1000 ([SD15] D.2)",
    "grey photographs in crops of 32 x 32: convolutions alone, T = 500 ([SD15] D.2)",
    NULL};

void nq_preset_list(const char *const **names, const char *const **help)
{
    if (names)
        *names = preset_names;
    if (help)
        *help = preset_help;
}

static nq_status apply(nq_context *context, void *options, const nq_option *table, size_t rows,
                       const setting *settings)
{
    for (int i = 0; i < SETTINGS && settings[i].field; i++)
        for (size_t k = 0; k < rows; k++)
            if (!strcmp(table[k].field, settings[i].field)) {
                const nq_status status =
                    nq_option_set(context, options, &table[k], settings[i].value);
                if (status)
                    return status;
            }
    return NQ_OK;
}

nq_status nq_preset_apply(nq_context *context, const char *name, nq_model_options *model,
                          nq_train_options *train)
{
    for (int i = 0; i < PRESETS; i++) {
        size_t model_rows, train_rows;
        const nq_option *model_table = nq_model_options_table(&model_rows);
        const nq_option *train_table = nq_train_options_table(&train_rows);
        if (strcmp(presets[i].name, name))
            continue;
        const nq_status status = apply(context, model, model_table, model_rows, presets[i].model);
        return status ? status : apply(context, train, train_table, train_rows, presets[i].train);
    }
    const char *near = nq_name_nearest(name, preset_names);
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "unknown preset \"%s\"%s%s%s: the presets are swissroll, heartbeat, mnist, "
                    "cifar10, deadleaves and bark",
                    name, near ? ", did you mean \"" : "", near ? near : "", near ? "\"" : "");
}
