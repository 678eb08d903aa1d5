/* presets.c - configurations of [SD15] by name; docs/results.md has what they reach. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/options.h>

#include <string.h>

#include "core/context.h"
#include "core/text/sentence.h"

typedef struct setting {
    const char *field, *value;
} setting;

enum { SETTINGS = 20 };

typedef struct preset {
    setting model[SETTINGS], train[SETTINGS];
    const struct preset *over; /* what it adds to; NULL: it stands alone */
} preset;

/* X(name, help) */
#define PRESETS(X)                                                                               \
    X(swissroll, "16 radial basis functions, T = 40, learned schedule ([SD15] 3.1.1)")           \
    X(heartbeat, "three layers of 50 sigmoid units, T = 2000, bits of mean 0.2 ([SD15] 3.1.2)")  \
    X(mnist,                                                                                     \
      "pictures of 28 x 28: dense pathway and layers within the pixel, T = 1000 ([SD15] D.2)")   \
    X(cifar10,                                                                                   \
      "pictures of 32 x 32 in colour: convolutions and dense pathway, T = 1000 ([SD15] D.2)")    \
    X(deadleaves,                                                                                \
      "grey pictures in crops of 32 x 32: convolutions alone, T = 1000 ([SD15] D.2)")            \
    X(bark, "grey photographs in crops of 32 x 32: convolutions alone, T = 500 ([SD15] D.2)")    \
    X(texture,                                                                                   \
      "a grey photograph of one texture, to fill holes in it: crops of 48 x 48, a U-net with "   \
      "roles, T = 250")                                                                          \
    X(shapes, "grey pictures of shapes with sharp edges: crops of 32 x 32, a U-net, T = 250")

/* The pictures as the paper and its code had them: bumps over time, rates that are learned, means
 * by the variance, and K as what is climbed. */
#define PRESETS_2015(X)                                                                          \
    X(mnist, "the paper's own: dense layers of tanh, 10 bumps over t, learned schedule")         \
    X(cifar10, "the paper's own: convolutions and dense layers, 10 bumps, learned schedule")     \
    X(deadleaves, "the paper's own: convolutions alone, 10 bumps over t, learned schedule")      \
    X(bark, "the paper's own: convolutions alone, 10 bumps over t, learned schedule, T = 500")

#define ENTRY(name, help) name,
#define ENTRY_2015(name, help) name##_2015,
enum { PRESETS(ENTRY) PRESETS_2015(ENTRY_2015) COUNT };
#define NAME(name, help) #name,
#define NAME_2015(name, help) #name "-2015",
static const char *const names[] = {PRESETS(NAME) PRESETS_2015(NAME_2015) NULL};
#define HELP(name, help) help,
static const char *const helps[] = {PRESETS(HELP) PRESETS_2015(HELP) NULL};

/* What the four of 2015 have alike. */
static const preset of_2015 = {{{"kernel", "gaussian"},
                                {"regressor", "image"},
                                {"channels", "20"},
                                {"features", "2"},
                                {"pixel_hidden", "20,20"},
                                {"activation", "softplus"},
                                {"readout", "bumps"},
                                {"bumps", "10"},
                                {"schedule", "learned"},
                                {"mean_form", "paper"},
                                {"scale", "whole"}},
                               {{"weighting", "bound"},
                                {"optimizer", "rmsprop"},
                                {"rate", "1e-3"},
                                {"average", "1"},
                                {"patience", "0"}},
                               NULL};

/* What those have alike that are for two models: of means of squares, and of pixels. */
static const preset of_two_sizes = {{{"kernel", "gaussian"},
                                     {"regressor", "image"},
                                     {"layers", "1"},
                                     {"hidden", "none"},
                                     {"pixel_hidden", "32,32"},
                                     {"readout", "embedding"},
                                     {"bumps", "10"},
                                     {"steps", "250"},
                                     {"schedule", "cosine"},
                                     {"beta_1", "1e-4"},
                                     {"scale", "whole"}},
                                    {{"rate", "2e-3"},
                                     {"average", "0.9995"},
                                     {"weighting", "v"},
                                     {"mirror", "1"},
                                     {"patience", "0"}},
                                    NULL};

static const preset presets[] = {
    [swissroll] = {{{"kernel", "gaussian"},
                    {"regressor", "rbf"},
                    {"hidden", "16"},
                    {"readout", "per-step"},
                    {"steps", "40"},
                    {"schedule", "learned"},
                    {"beta_1", "1e-6"},
                    {"scale", "column"}},
                   {{"batch", "5120"},
                    {"fit_updates", "12000"},
                    {"updates", "12000"},
                    {"rate", "0.03"},
                    {"starts", "4"},
                    {"average", "1"},
                    {"patience", "0"}},
                   NULL},
    [heartbeat] = {{{"kernel", "binomial"},
                    {"regressor", "mlp"},
                    {"hidden", "50,50,50"},
                    {"activation", "sigmoid"},
                    {"readout", "per-step"},
                    {"steps", "2000"},
                    {"schedule", "constant-fraction"},
                    {"activity", "0.2"},
                    {"learn_last", "0"}},
                   {{"batch", "1024"},
                    {"updates", "60000"},
                    {"rate", "1e-2"},
                    {"share", "500"},
                    {"average", "1"},
                    {"patience", "0"}},
                   NULL},
    [mnist] = {{{"kernel", "gaussian"},
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
                {"updates", "24000"},
                {"rate", "4e-3"},
                {"average", "0.9995"},
                {"weighting", "v"},
                {"patience", "0"}},
               NULL},
    [cifar10] = {{{"kernel", "gaussian"},
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
                  {"updates", "5500"},
                  {"rate", "3e-3"},
                  {"average", "0.998"},
                  {"mirror", "1"},
                  {"patience", "0"}},
                 NULL},
    [deadleaves] = {{{"kernel", "gaussian"},
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
                     {"updates", "5000"},
                     {"rate", "3e-3"},
                     {"average", "0.998"},
                     {"mirror", "1"},
                     {"patience", "0"}},
                    NULL},
    [bark] = {{{"kernel", "gaussian"},
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
               {"updates", "7000"},
               {"rate", "3e-3"},
               {"average", "0.998"},
               {"mirror", "1"},
               {"patience", "0"}},
              NULL},
    [texture] = {{{"image", "1x48x48"}, {"unet", "24,64,96,96"}, {"roles", "1"}},
                 {{"batch", "16"}, {"updates", "8000"}},
                 &of_two_sizes},
    [shapes] = {{{"image", "1x32x32"}, {"unet", "32,64,96"}},
                {{"batch", "32"}, {"updates", "16000"}},
                &of_two_sizes},
    [mnist_2015] = {{{"image", "1x28x28"},
                     {"layers", "0"},
                     {"hidden", "500,500,500,500"},
                     {"steps", "1000"},
                     {"beta_1", "1e-3"}},
                    {{"batch", "512"}, {"updates", "22000"}},
                    &of_2015},
    [cifar10_2015] = {{{"image", "3x32x32"},
                       {"layers", "4"},
                       {"scales", "3"},
                       {"hidden", "500,500"},
                       {"steps", "1000"},
                       {"beta_1", "1e-5"}},
                      {{"batch", "128"}, {"updates", "8000"}},
                      &of_2015},
    [deadleaves_2015] = {{{"image", "1x32x32"},
                          {"layers", "4"},
                          {"scales", "3"},
                          {"hidden", "none"},
                          {"steps", "1000"},
                          {"beta_1", "1e-5"}},
                         {{"batch", "128"}, {"updates", "14000"}},
                         &of_2015},
    [bark_2015] = {{{"image", "1x32x32"},
                    {"layers", "4"},
                    {"scales", "4"},
                    {"hidden", "none"},
                    {"steps", "500"},
                    {"beta_1", "1e-4"}},
                   {{"batch", "128"}, {"updates", "13500"}},
                   &of_2015},
};

void nq_preset_list(const char *const **name_list, const char *const **help_list)
{
    if (name_list)
        *name_list = names;
    if (help_list)
        *help_list = helps;
}

static nq_status apply(nq_context *context, void *options, const nq_option *table, size_t rows,
                       const setting *settings)
{
    for (int i = 0; i < SETTINGS && settings[i].field; i++)
        for (size_t k = 0; k < rows; k++)
            if (!strcmp(table[k].field, settings[i].field)) {
                const nq_status status =
                    nq_option_set(options, context, &table[k], settings[i].value);
                if (status)
                    return status;
            }
    return NQ_OK;
}

static nq_status apply_both(nq_model_options *model, nq_train_options *train, nq_context *context,
                            const preset *of)
{
    size_t model_rows, train_rows;
    const nq_option *model_table = nq_model_options_table(&model_rows);
    const nq_option *train_table = nq_train_options_table(&train_rows);
    const nq_status status = apply(context, model, model_table, model_rows, of->model);
    return status ? status : apply(context, train, train_table, train_rows, of->train);
}

static nq_status refuse(nq_context *context, const char *name)
{
    char known[256] = "";
    for (int i = 0; i < COUNT; i++)
        nqi_list_add(known, sizeof known, i + 1 < COUNT ? ", " : " and ", names[i]);
    const char *near = nq_name_nearest(name, names);
    return nqi_fail(context, NQ_ERROR_ARGUMENT, "unknown preset \"%s\"%s%s%s: the presets are %s",
                    name, near ? ", did you mean \"" : "", near ? near : "", near ? "\"" : "",
                    known);
}

nq_status nq_preset_apply(nq_model_options *model, nq_train_options *train, nq_context *context,
                          const char *name)
{
    int i = 0;
    while (i < COUNT && strcmp(names[i], name) != 0)
        i++;
    if (i == COUNT)
        return refuse(context, name);
    const preset *chosen = &presets[i];
    nq_status status = chosen->over ? apply_both(model, train, context, chosen->over) : NQ_OK;
    return status ? status : apply_both(model, train, context, chosen);
}
