/* options.h - one table per options struct: field, default, command-line flag, help. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_OPTIONS_H
#define NONEQ_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { NQ_TEXT_SIZE = 256 };

/* The three types of an option: text is copied into the struct, so option structs are plain
 * values; "" means: chosen from the data. */
typedef char nq_text[NQ_TEXT_SIZE];
typedef int64_t nq_count;
typedef double nq_number;

typedef enum nq_option_type { NQ_OPTION_TEXT, NQ_OPTION_COUNT, NQ_OPTION_NUMBER } nq_option_type;

/* One row of a table. `fallback` is the default as text ("" or "0": chosen from the data). */
typedef struct nq_option {
    const char *field;
    const char *flag; /* long option without the dashes, or NULL: not on the command line */
    nq_option_type type;
    size_t offset; /* of the field in its struct */
    const char *fallback;
    const char *help;
} nq_option;

/* X(type, field, flag, default, help) */
#define NQ_MODEL_OPTIONS(X)                                                                      \
    X(text, kernel, "kernel", "", "gaussian or binomial (default: by the data)")                 \
    X(text, regressor, "regressor", "",                                                          \
      "rbf, mlp or image (default: image for pictures, else mlp)")                               \
    X(count, steps, "steps", "0", "diffusion steps T (default: by the kernel)")                  \
    X(text, schedule, "schedule", "",                                                            \
      "constant-fraction, learned, log-snr, linear, cosine or a file of numbers")                \
    X(number, beta_1, "beta-1", "0", "first diffusion rate (default: by the kernel)")            \
    X(number, alpha_bar_last, "alpha-bar-last", "0.005",                                         \
      "signal left after T steps (log-snr and learned schedules)")                               \
    X(text, hidden, "hidden", "",                                                                \
      "widths of the hidden layers, such as 50,50,50; none (image): no dense pathway")           \
    X(text, activation, "activation", "",                                                        \
      "sigmoid, tanh, silu or softplus (image: of convolutions, with tanh elsewhere)")           \
    X(text, readout, "readout", "",                                                              \
      "per-step (own weights for each t), bumps (image: blended by t), both as in the paper, "   \
      "or "                                                                                      \
      "embedding (t is an input)")                                                               \
    X(text, image, "image", "",                                                                  \
      "size of a picture, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH (default: the data's); larger "  \
      "pictures are cut into crops of it")                                                       \
    X(count, scales, "scales", "0",                                                              \
      "sizes at which an image network convolves: 1, 1/2, 1/4, ... (default: by the picture)")   \
    X(count, layers, "layers", "-1", "its layers of 3x3 convolutions; 0: none")                  \
    X(count, channels, "channels", "0", "its numbers at each pixel of a convolution")            \
    X(count, features, "features", "0", "its numbers at each pixel from the --hidden layers")    \
    X(text, pixel_hidden, "pixel-hidden", "", "widths of its layers within a pixel, as 24,24")   \
    X(count, bumps, "bumps", "0", "its readouts, blended by time")                               \
    X(text, mean_form, "mean-form", "x0",                                                        \
      "what the mean output predicts: x0, or forward (the reference code's form)")               \
    X(number, activity, "activity", "0",                                                         \
      "equilibrium mean of every bit (binomial); 0: each column's mean")                         \
    X(text, scale, "scale", "", "none, column or whole (default: column for real numbers)")      \
    X(number, dequantize, "dequantize", "-1",                                                    \
      "width of the uniform noise added to data of whole numbers, in the data's units; -1: one " \
      "grey level for pictures, else none")                                                      \
    X(count, learn_last, "learn-last", "0",                                                      \
      "1: learn p(x_0|x_1) too, which the paper fixes to the forward kernel")                    \
    X(count, model_seed, NULL, "1", "seed of the initial weights")

#define NQ_TRAIN_OPTIONS(X)                                                                      \
    X(count, updates, "updates", "0", "updates of the weights (default: by data and network)")   \
    X(number, epochs, "epochs", "0", "the same in passes over the data")                         \
    X(number, minutes, "minutes", "0", "stop after this time instead")                           \
    X(count, batch, "batch", "0", "rows per update (default: by the data)")                      \
    X(text, weighting, "weighting", "bound",                                                     \
      "how steps count: bound (as in K) or v (coarse structure more, for better pictures)")      \
    X(text, precision, "precision", "float32",                                                   \
      "float32, or bf16: factors of dense products rounded to bfloat16 in training")             \
    X(count, mirror, "mirror", "0", "1: pictures also mirrored left to right")                   \
    X(number, rate, "rate", "0", "highest step size of the optimiser (default: by the network)") \
    X(number, rate_last, "rate-last", "0.01", "step size at the end, as a part of the highest")  \
    X(text, optimizer, "optimizer", "adam", "adam or rmsprop")                                   \
    X(number, clip, "clip", "0", "largest norm of a gradient (default: by the network)")         \
    X(number, average, "average", "0",                                                           \
      "what a running average of the weights keeps per update; 1: none (default: by the "        \
      "network)")                                                                                \
    X(number, weight_decay, "weight-decay", "0", "decoupled weight decay")                       \
    X(number, dropout, "dropout", "-1",                                                          \
      "part of the hidden units dropped in training (default: by the data)")                     \
    X(count, fit_updates, "fit-updates", "-1",                                                   \
      "first updates in which linear readouts are solved exactly (Gaussian, per-step)")          \
    X(count, share, "share", "-1",                                                               \
      "steps that share a readout at first (per-step readouts); 1: none, -1: chosen")            \
    X(number, valid_every, "valid-every", "0", "updates between hold-out evaluations")           \
    X(count, seed, "seed", "1", "seed of every random number")

#define NQ_FIELD(type, field, flag, fallback, help) nq_##type field;
typedef struct nq_model_options {
    NQ_MODEL_OPTIONS(NQ_FIELD)
} nq_model_options;
typedef struct nq_train_options {
    NQ_TRAIN_OPTIONS(NQ_FIELD)
} nq_train_options;
#undef NQ_FIELD

/* The tables, with their number of rows. */
const nq_option *nq_model_options_table(size_t *count);
const nq_option *nq_train_options_table(size_t *count);
/* Every field to its default. */
void nq_model_options_init(nq_model_options *options);
void nq_train_options_init(nq_train_options *options);

/* Sets one field of `options` (a struct described by table[count]) from text.
 * NQ_ERROR_ARGUMENT: not a number, or too long, with a sentence that names the flag. */
nq_status nq_option_set(nq_context *context, void *options, const nq_option *option,
                        const char *text);
/* Writes a field as text; returns the length. */
int nq_option_get(char *out, size_t size, const void *options, const nq_option *option);

/* The entry of `names` (NULL-terminated) that is fewest insertions, deletions, replacements and
 * swaps of neighbours away from `word`, where case does not count and '-' is '_'; else one that
 * begins with `word`; NULL when nothing is near. Borrowed from `names`. */
const char *nq_name_nearest(const char *word, const char *const *names);

/* A named configuration of the paper; nq_preset_list has them all. Sets fields of both structs.
 * NQ_ERROR_ARGUMENT names the known presets. */
nq_status nq_preset_apply(nq_context *context, const char *name, nq_model_options *model,
                          nq_train_options *train);
/* NULL-terminated lists of equal length. */
void nq_preset_list(const char *const **names, const char *const **help);

#ifdef __cplusplus
}
#endif
#endif
