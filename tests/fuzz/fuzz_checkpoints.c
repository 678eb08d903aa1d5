/* fuzz_checkpoints.c - checkpoints: a run goes on from one or it is refused. What goes on can be
 * stepped, and its own checkpoint is taken. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fuzz/container.h"
#include "fuzz/tiny.h"

enum { STEPS = 2, WORK_MOST = 1 << 20 }; /* numbers: rows of a batch times parameters */

static container bases[TINY_COUNT];
static nq_dataset *data[TINY_COUNT], *valid[TINY_COUNT];

/* Every second kind of run has hold-out rows. */
static void base_make(size_t number)
{
    nq_trainer *trainer;
    nq_model_options model;
    nq_train_options train;
    tiny_options(&model, &train, number);
    data[number] = tiny_data(number);
    if (number % 2 == 0)
        fuzz_works(nq_dataset_slice(&valid[number], fuzz_context(), data[number], 0, 8));
    fuzz_holds(
        !nq_trainer_new(&trainer, fuzz_context(), data[number], valid[number], &model, &train));
    for (int i = 0; i < STEPS; i++)
        fuzz_works(nq_trainer_step(trainer));
    const char *path = fuzz_path("base");
    fuzz_works(nq_trainer_checkpoint(path, trainer));
    bases[number] = container_open(path);
    nq_trainer_free(trainer);
}

static void check_state(const nq_trainer *trainer)
{
    nq_train_state state;
    nq_trainer_state(&state, trainer);
    fuzz_holds(state.update >= 0 && state.planned >= 0 && state.progress >= 0 &&
               state.progress <= 1 && state.stage);
}

static void go_on(nq_trainer *trainer, size_t number)
{
    const nq_model *model;
    nq_trainer *again;
    nq_status status = NQ_OK;
    for (int i = 0; i < STEPS && !status; i++) {
        status = nq_trainer_step(trainer);
        fuzz_check_status(status);
        check_state(trainer);
    }
    fuzz_check_status(nq_trainer_model(&model, trainer));
    const char *path = fuzz_path("written");
    if (status)
        return;
    fuzz_check_status(nq_trainer_checkpoint(path, trainer));
    fuzz_check(nq_trainer_resume(&again, fuzz_context(), data[number], valid[number], path),
               again);
    fuzz_holds(again != NULL);
    nq_trainer_free(again);
}

/* Whether a step costs little. */
static int is_small(nq_trainer *trainer)
{
    const nq_model *model;
    fuzz_check_status(nq_trainer_model(&model, trainer));
    const nq_count rows = nq_trainer_train_options(trainer)->batch;
    return rows < WORK_MOST / 64 && (size_t)rows * nq_model_parameters(model) < WORK_MOST;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    nq_trainer *trainer;
    for (size_t i = 0; i < TINY_COUNT && !data[i]; i++)
        base_make(i);
    if (size < 1)
        return FUZZ_SKIP;
    const size_t base = (size_t)(bytes[0] - '0'), number = base < TINY_COUNT ? base : 0;
    const char *path = container_file("checkpoint", bases, TINY_COUNT, bytes, size);
    fuzz_check(nq_trainer_resume(&trainer, fuzz_context(), data[number], valid[number], path),
               trainer);
    if (!trainer)
        return FUZZ_KEEP;
    check_state(trainer);
    if (is_small(trainer))
        go_on(trainer, number);
    nq_trainer_free(trainer);
    return FUZZ_KEEP;
}
