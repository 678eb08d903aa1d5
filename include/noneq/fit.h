/* fit.h - fitting a model as the program does: from a file or from memory, with hold-out rows,
 * checkpoints, several models. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_FIT_H
#define NONEQ_FIT_H

#include <noneq/source.h>
#include <noneq/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/* X(type, field, flag, default, least, most, help) */
#define NQ_FIT_OPTIONS(X)                                                                        \
    X(string, output, "output", NULL, 0, 0,                                                      \
      "the model file to write; MODEL.checkpoint stands beside it while training")               \
    X(string, preset, "preset", NULL, 0, 0,                                                      \
      "a configuration of the paper: {presets}; other options win over it")                      \
    X(string, valid, "valid", NULL, 0, 0,                                                        \
      "hold-out rows: a file, or the fraction of DATA to set aside; 0: none. The default is "    \
      "0.1, at most 5000 rows, but none with a preset or fewer than 200 rows. Where pictures "   \
      "are cut, the fraction is of pictures if there are ten, else the right part of each")      \
    X(area, area, "area", NULL, 0, 0,                                                            \
      "use only this rectangle of each picture, in pixels; width or height 0: to the edge")      \
    X(string, init, "init", NULL, 0, 0,                                                          \
      "start from this model: its weights, shape, schedule and scaling; the data's columns "     \
      "must be its own")                                                                         \
    X(flag, bootstrap, "bootstrap", "0", 0, 1,                                                   \
      "train on as many rows drawn from DATA with replacement; rows that were not drawn are "    \
      "the hold-out rows, unless --valid takes a file, or 0")                                    \
    X(count, models, "models", "0", 0, 1000,                                                     \
      "train this many models one after another, each with --bootstrap and a seed of its own "   \
      "(S, S+1, ... from --seed S): -o m.nq writes m.1.nq, m.2.nq, ..., --log DIR writes "       \
      "DIR.1, ...; "                                                                             \
      "how they differ is what the rows leave open (impute takes all of them)")                  \
    X(number, checkpoint_every, "checkpoint-every", "60", 0, 1e9, "seconds between checkpoints") \
    X(flag, resume, "resume", "0", 0, 1,                                                         \
      "go on from MODEL.checkpoint, with the same data and options; but --updates, --epochs, "   \
      "--minutes (in all) and --patience may be others")                                         \
    X(flag, restart, "restart", "0", 0, 1,                                                       \
      "begin anew though there is a MODEL.checkpoint, which is lost")

/* A field of nq_model_options or nq_train_options by name, and its value as text. */
typedef struct nq_setting {
    const char *field; /* "beta_1" */
    const char *text;  /* as for nq_option_set */
} nq_setting;

enum { NQ_FIT_PATH = 4096 }; /* bytes of a path */

/* How far a model is, and what came of it. */
typedef struct nq_fit_result {
    nq_train_state state;
    int finished;  /* 0: NQ_FINISH ended it before its time, or it failed; its checkpoint stays */
    int has_model; /* 1: a model was handed out, or is in the file `output` */
    int64_t number; /* of the model, from 1, where several are trained (models); else 0 */
    char output[NQ_FIT_PATH]; /* its file ("": none); OUTPUT.checkpoint is the checkpoint */
} nq_fit_result;

typedef struct nq_fit_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_FIT_OPTIONS(NQ_FIELD)
    /* What is asked of the model and of its training: a field that is not at its default wins over
     * the preset, and a setting over both, the last of a field over others. NULL: defaults. A
     * length that is said (updates, epochs, minutes) takes the place of the preset's. model_seed is
     * the seed of training where it is not said. */
    const nq_model_options *model;
    const nq_train_options *train;
    const nq_setting *settings;
    size_t setting_count;
    const nq_dataset *valid_data; /* hold-out rows in memory, in the place of `valid` */
    /* Called with the state of the model before its first update (of a resumed run: of those to
     * come), and after every one, by the calling thread; it must not use the context. Returns an
     * nq_answer, as the monitor does. Of several ranks the first one's is what counts. */
    int (*updated)(void *user, const nq_fit_result *now);
    void *user;
    /* Folder that `updated` writes metrics.jsonl into, of several models LOG.1, LOG.2, ...; it is
     * only seen to that none of the other files is it. NULL: none. */
    const char *log;
} nq_fit_options;
void nq_fit_options_init(nq_fit_options *options, size_t size);

/* What `noneq train` does: reads the rows, sets hold-out rows aside, cuts pictures into crops,
 * chooses what is not said, and trains to the end; the model is the one best on the hold-out rows,
 * or the last. Rows of memory give the model that the same rows of a file give where they have the
 * same kinds of columns.
 *
 * With `output` the model is written there, and a checkpoint beside it at the times of
 * checkpoint_every, which goes when the model is done; OUTPUT.lock keeps a second run out. Without,
 * nothing is written, and resume, restart and checkpoints are not to be had. models (may be NULL):
 * options.models of them, at least one, become the caller's (nq_model_free), NULL where there is
 * none; of models that a resumed run had finished before, those of the files. Either is needed.
 * result (may be NULL): of the last model that was trained.
 *
 * The monitor's log is told what is chosen before (NQ_LOG_INFO, NOTE), what is odd (WARNING), the
 * figures at the end (INFO). Progress is asked after every update. NQ_FINISH: what there is is the
 * result: with `output` a checkpoint, and if there was an update the best model so far, as a file
 * or handed out; NQ_OK, and result->finished is 0. NQ_STOP: NQ_ERROR_STOPPED, and no file is
 * changed but that a resumed run's checkpoint may be a later one. NQ_ERROR_DIVERGED: the last good
 * model is kept as that of a run that is done (has_model). Otherwise what the parts return:
 * NQ_ERROR_ARGUMENT: options without sense or without use, or that are not those of the checkpoint
 * or of the model to start from; NQ_ERROR_FILE: files that cannot be written, are inputs too, or
 * are held by another run; NQ_ERROR_SHAPE; NQ_ERROR_FORMAT; NQ_ERROR_MEMORY.
 *
 * One thread at a time, as its context; with ranks all of them call it. */
nq_status nq_fit(nq_model **models, nq_fit_result *result, nq_context *context,
                 const nq_source *rows, const nq_fit_options *options);

#ifdef __cplusplus
}
#endif
#endif
