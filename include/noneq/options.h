/* options.h - what can be chosen of a model and of its training, and named choices of both. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_OPTIONS_H
#define NONEQ_OPTIONS_H

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(type, field, flag, default, least, most, help) */
#define NQ_MODEL_OPTIONS(X)                                                                      \
    X(text, kernel, "kernel", "", 0, 0,                                                          \
      "gaussian, binomial, or mixed: of columns of several kinds (default: by the data)")        \
    X(text, regressor, "regressor", "", 0, 0,                                                    \
      "rbf, mlp, image, table, tree, kernel or forest (default: image for pictures, table for "  \
      "mixed columns, else mlp)")                                                                \
    X(count, steps, "steps", "0", 1, NQ_STEPS_MOST,                                              \
      "diffusion steps T (default: by the kernel, or a schedule file)")                          \
    X(text, schedule, "schedule", "", 0, 0,                                                      \
      "constant-fraction, learned, log-snr, linear, cosine or a file of numbers")                \
    X(number, beta_1, "beta-1", "0", 1e-12, 0.999,                                               \
      "first diffusion rate (default: by the kernel)")                                           \
    X(number, alpha_bar_last, "alpha-bar-last", "0.005", 1e-12, 0.999,                           \
      "signal left after T steps (log-snr and learned schedules)")                               \
    X(text, hidden, "hidden", "", 0, 0,                                                          \
      "widths of the hidden layers, such as 50,50,50; none (image): no dense pathway")           \
    X(count, wide, "wide", "-1", 0, 65536,                                                       \
      "units of one wide layer beside the hidden layers (mlp with t as an input), with which t " \
      "turns all units up and down; 0: none, -1: chosen (more than 32 bits, without --hidden: "  \
      "768)")                                                                                    \
    X(text, activation, "activation", "", 0, 0,                                                  \
      "sigmoid, tanh, silu or softplus (image: of convolutions, with tanh elsewhere)")           \
    X(text, readout, "readout", "", 0, 0,                                                        \
      "per-step (own weights for each t), bumps (image: blended by t), both as in the paper, "   \
      "or "                                                                                      \
      "embedding (t is an input)")                                                               \
    X(text, image, "image", "", 0, 0,                                                            \
      "size of a picture, HEIGHTxWIDTH or CHANNELSxHEIGHTxWIDTH (default: the data's); larger "  \
      "pictures are cut into crops of it")                                                       \
    X(count, scales, "scales", "0", 1, 12,                                                       \
      "sizes at which an image network convolves: 1, 1/2, 1/4, ... (default: by the picture)")   \
    X(count, layers, "layers", "-1", 0, 16, "its layers of 3x3 convolutions; 0: none")           \
    X(count, channels, "channels", "0", 1, 4096, "its numbers at each pixel of a convolution")   \
    X(text, unet, "unet", "", 0, 0,                                                              \
      "its numbers at each pixel of sizes 1, 1/2, 1/4, ..., as 16,32,64: convolutions go down "  \
      "these sizes and up again, layers of them at each (U-net), in place of scales and "        \
      "channels; none: no U-net")                                                                \
    X(count, features, "features", "0", 1, 4096,                                                 \
      "its numbers at each pixel from the hidden layers")                                        \
    X(text, pixel_hidden, "pixel-hidden", "", 0, 0,                                              \
      "widths of its layers within a pixel, as 24,24")                                           \
    X(count, bumps, "bumps", "0", 1, 1000, "its readouts, blended by time")                      \
    X(text, base, "base", "", 0, 0,                                                              \
      "normal: outputs are added to what the normal law of the training rows says, or none "     \
      "(default: normal for real numbers with roles 1)")                                         \
    X(text, offset, "offset", "", 0, 0,                                                          \
      "tree or kernel: outputs of a network are added to what the tree of the training rows "    \
      "says, or the training rows themselves; none (default: none, but for bits a tree and "     \
      "none are begun, and the better on hold-out rows goes on)")                                \
    X(text, mean_form, "mean-form", "x0", 0, 0,                                                  \
      "what the mean output predicts: x0, forward (the reference code's form) or paper "         \
      "(appendix D's)")                                                                          \
    X(text, variance_form, "variance-form", "", 0, 0,                                            \
      "what the variance output is of: free (the reverse step), or belief (x_0 given x_t; "      \
      "default for mixed columns)")                                                              \
    X(number, activity, "activity", "0", 1e-9, 0.999999999,                                      \
      "equilibrium mean of every bit (binomial); 0: each column's mean")                         \
    X(text, scale, "scale", "", 0, 0,                                                            \
      "none, column or whole (default: column for real numbers)")                                \
    X(number, dequantize, "dequantize", "-1", 0, 1e30,                                           \
      "width of the uniform noise added to data of whole numbers, in the data's units; -1: one " \
      "grey level for pictures, else none")                                                      \
    X(count, learn_last, "learn-last", "-1", 0, 1,                                               \
      "1: learn p(x_0|x_1) too, 0: fix it to the forward kernel, as in the paper; -1: chosen "   \
      "(bits, mixed columns and T = 1: 1, else 0)")                                              \
    X(count, roles, "roles", "-1", 0, 1,                                                         \
      "1: learn every p(some columns or pixels | some others) beside the joint law; -1: "        \
      "chosen (mixed columns: 1, else 0)")                                                       \
    X(count, squares, "squares", "0", 0, 1024,                                                   \
      "pictures, with roles 1: the network is told of the means of squares of N x N pixels, as " \
      "a coarse model draws them; 0: of none")                                                   \
    X(count, model_seed, NULL, "1", 0, NQ_COUNT_MOST, "seed of the initial weights")

#define NQ_TRAIN_OPTIONS(X)                                                                      \
    X(count, updates, "updates", "0", 1, 1e15,                                                   \
      "updates of the weights (default: by data and network)")                                   \
    X(number, epochs, "epochs", "0", 1e-9, 1e12, "the same in passes over the data")             \
    X(number, minutes, "minutes", "0", 1e-6, 1e7, "stop after this time instead")                \
    X(count, batch, "batch", "0", 1, 16777216, "rows per update (default: by the data)")         \
    X(text, weighting, "weighting", "bound", 0, 0,                                               \
      "how steps count: bound (as in K) or v (coarse structure more, for better pictures)")      \
    X(text, precision, "precision", "float32", 0, 0,                                             \
      "float32, or bf16: factors of dense products rounded to bfloat16 in training")             \
    X(text, missing_as, "missing-as", "", 0, 0,                                                  \
      "what a missing cell is: level, of its column (mixed models), or fill, one to complete "   \
      "while the model is trained (others); default: by the kernel")                             \
    X(count, mirror, "mirror", "0", 0, 1, "1: pictures also mirrored left to right")             \
    X(number, rate, "rate", "0", 1e-15, 1e30,                                                    \
      "highest step size of the optimiser (default: by the network)")                            \
    X(number, rate_last, "rate-last", "0.01", 0, 1,                                              \
      "step size at the end, as a part of the highest")                                          \
    X(text, optimizer, "optimizer", "adam", 0, 0, "adam or rmsprop")                             \
    X(number, clip, "clip", "0", 1e-15, 1e30,                                                    \
      "largest norm of a gradient (default: by the network)")                                    \
    X(number, average, "average", "0", 1e-15, 1,                                                 \
      "what a running average of the weights keeps per update; 1: none (default: by the "        \
      "network)")                                                                                \
    X(number, weight_decay, "weight-decay", "-1", 0, 1000,                                       \
      "decoupled weight decay; -1: by the data")                                                 \
    X(number, dropout, "dropout", "-1", 0, 0.99,                                                 \
      "part of the hidden units dropped in training (default: by the data)")                     \
    X(count, fit_updates, "fit-updates", "-1", 0, 1e15,                                          \
      "first updates in which linear readouts are solved exactly (Gaussian, per-step)")          \
    X(count, starts, "starts", "1", 1, 1000,                                                     \
      "first states, each trained for three eighths of the updates; that of the best K goes on") \
    X(count, share, "share", "-1", 1, NQ_STEPS_MOST,                                             \
      "steps that share a readout at first (per-step readouts); 1: none, -1: chosen")            \
    X(count, valid_every, "valid-every", "0", 1, 1e15, "updates between hold-out evaluations")   \
    X(count, patience, "patience", "-1", 0, 1e9,                                                 \
      "hold-out evaluations without a rise of K beyond its error, after which the rate falls "   \
      "from the best state and training ends; 0: never (default: 10, with presets 0)")           \
    X(count, seed, "seed", "1", 0, NQ_COUNT_MOST, "seed of every random number")

typedef struct nq_model_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_MODEL_OPTIONS(NQ_FIELD)
} nq_model_options;
typedef struct nq_train_options {
    size_t size;
    NQ_TRAIN_OPTIONS(NQ_FIELD)
} nq_train_options;

/* The tables, with their number of rows. */
const nq_option *nq_model_options_table(size_t *count);
const nq_option *nq_train_options_table(size_t *count);
void nq_model_options_init(nq_model_options *options, size_t size);
void nq_train_options_init(nq_train_options *options, size_t size);

/* A named configuration of the paper; nq_preset_list has them all. Sets fields of both structs.
 * NQ_ERROR_ARGUMENT names the known presets. */
nq_status nq_preset_apply(nq_model_options *model, nq_train_options *train, nq_context *context,
                          const char *name);
/* NULL-terminated list of their names; help[i] describes names[i]. Either may be NULL. */
void nq_preset_list(const char *const **names, const char *const **help);

#ifdef __cplusplus
}
#endif
#endif
