/* fuzz_models.c - model files: read or refused; what was read is asked everything, drawn from,
 * and written again as a file that reads the same. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fuzz/container.h"
#include "fuzz/tiny.h"

enum { ROWS = 2, WORK_MOST = 1 << 17 }; /* parameters times steps */

static container bases[TINY_COUNT];

static void base_make(size_t number)
{
    nq_dataset *data = tiny_data(number);
    nq_trainer *trainer;
    const nq_model *model;
    nq_model_options options;
    nq_train_options train;
    tiny_options(&options, &train, number);
    fuzz_works(nq_trainer_new(&trainer, fuzz_context(), data, NULL, &options, &train));
    fuzz_works(nq_trainer_step(trainer));
    fuzz_works(nq_trainer_model(&model, trainer));
    const char *path = fuzz_path("base");
    fuzz_works(nq_model_save(path, fuzz_context(), model));
    bases[number] = container_open(path);
    nq_trainer_free(trainer);
    nq_dataset_free(data);
}

static void ask(const nq_model *model)
{
    size_t count;
    char text[2 * NQ_TEXT_SIZE], *description = NULL;
    const nq_option *table = nq_model_options_table(&count);
    const nq_schedule *schedule = nq_model_schedule(model);
    nq_picture picture;
    for (size_t i = 0; i < count; i++)
        fuzz_holds(nq_option_get(text, sizeof text, nq_model_get_options(model), &table[i]) >= 0);
    fuzz_check(nq_model_describe(&description, fuzz_context(), model), description);
    free(description);
    const size_t each = nq_model_is_recorded(model) ? 2 : 1; /* a level and a score */
    fuzz_holds(nq_model_dim(model) > 0 && nq_model_dim(model) <= each * nq_model_columns(model));
    for (size_t i = 0; i < nq_model_columns(model); i++) {
        double mean, deviation;
        nq_model_column_scaling(&mean, &deviation, model, i);
        fuzz_holds(isfinite(mean) && deviation >= 0 && isfinite(deviation));
        for (size_t k = 0; k < nq_model_levels(model, i); k++) {
            const char *level = nq_model_level_text(model, i, k);
            fuzz_holds(!level || nqi_text_utf8_prefix(level, strlen(level)) == strlen(level));
        }
        const char *name = nq_model_column_name(model, i);
        fuzz_holds(!name || nqi_text_utf8_prefix(name, strlen(name)) == strlen(name));
    }
    fuzz_holds(isfinite(nq_model_log_jacobian(model)) &&
               schedule->steps == nq_model_steps(model));
    for (size_t t = 0; t < schedule->steps; t++)
        fuzz_holds(schedule->beta[t] > 0 && schedule->beta[t] <= 1);
    nq_model_picture(&picture, model);
    (void)nq_model_record(model, "updates");
}

static void draw(const nq_model *model)
{
    nq_context *context = fuzz_context();
    const size_t columns = nq_model_columns(model);
    double *rows = calloc(3 * ROWS * columns, sizeof *rows), *mean = rows + ROWS * columns;
    fuzz_holds(rows != NULL);
    const nq_sample_options options = {.rows = ROWS, .seed = 1};
    fuzz_check_status(nq_sample(rows, context, model, &options));
    float *states = calloc(3 * ROWS * columns, sizeof *states);
    fuzz_holds(states != NULL);
    fuzz_check_status(nq_model_reverse(states + ROWS * columns, states + 2 * ROWS * columns,
                                       context, model, states, ROWS, nq_model_steps(model)));
    free(states);
    fuzz_check_status(nq_model_diffuse(mean, context, model, rows, ROWS, 1, 1));
    nq_dataset *data;
    fuzz_check(nq_dataset_from_array(&data, context, rows, ROWS, columns, NULL), data);
    if (data) {
        nq_bound bound = {0};
        fuzz_check_status(nq_bound_estimate(&bound, context, model, data,
                                            &(nq_bound_options){.terms = 2, .seed = 1}));
        nq_bound_free(&bound);
        nq_ais ais = {0};
        fuzz_check_status(nq_ais_estimate(&ais, context, model, data,
                                          &(nq_ais_options){.samples = 2, .seed = 1}));
        nq_ais_free(&ais);
        nq_dataset_free(data);
    }
    rows[0] = NAN;
    nq_evidence *evidence;
    fuzz_check(nq_evidence_clamp(&evidence, context, model, rows, ROWS), evidence);
    if (evidence) {
        nq_posterior_options filter;
        nq_posterior_options_init(&filter, sizeof filter);
        filter.particles = 4;
        nq_posterior out = {0};
        fuzz_check_status(nq_posterior_sample(&out, context, model, evidence, &filter));
        nq_posterior_free(&out);
        nq_evidence_free(evidence);
    }
    free(rows);
}

static char *describe(const nq_model *model)
{
    char *text = NULL;
    fuzz_works(nq_model_describe(&text, fuzz_context(), model));
    return text;
}

/* All of a file, which has a size of its own, so that a sanitizer sees a step beyond. */
static uint8_t *file_get(size_t *size, const char *path)
{
    struct stat about;
    fuzz_holds(!stat(path, &about));
    *size = (size_t)about.st_size;
    uint8_t *out = malloc(*size ? *size : 1);
    fuzz_holds(out && scratch_get(path, out, *size) == (long)*size);
    return out;
}

static void check_same(const nq_model *model, nq_model *again)
{
    fuzz_holds(again != NULL);
    char *before = describe(model), *after = describe(again);
    fuzz_holds(!strcmp(before, after));
    free(before);
    free(after);
    nq_model_free(again);
}

/* Through a file, and through memory: the same bytes. */
static void check_round(const nq_model *model)
{
    nq_model *again;
    void *bytes;
    size_t size, file_size;
    const char *path = fuzz_path("written");
    fuzz_check_status(nq_model_save(path, fuzz_context(), model));
    fuzz_check(nq_model_load(&again, fuzz_context(), path), again);
    check_same(model, again);
    fuzz_check(nq_model_to_bytes(&bytes, &size, fuzz_context(), model), bytes);
    uint8_t *file = file_get(&file_size, path);
    fuzz_holds(size == file_size && !memcmp(file, bytes, size));
    free(file);
    fuzz_check(nq_model_from_bytes(&again, fuzz_context(), bytes, size), again);
    check_same(model, again);
    nq_bytes_free(bytes);
}

/* From memory, as from the file. */
static nq_model *model_read(const char *path)
{
    nq_model *of_file, *of_bytes;
    size_t size;
    uint8_t *bytes = file_get(&size, path);
    const nq_status status = nq_model_load(&of_file, fuzz_context(), path);
    fuzz_check(status, of_file);
    const nq_status again = nq_model_from_bytes(&of_bytes, fuzz_context(), bytes, size);
    fuzz_check(again, of_bytes);
    fuzz_holds(again == status);
    free(bytes);
    nq_model_free(of_file);
    return of_bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < TINY_COUNT && !bases[i].head; i++)
        base_make(i);
    if (size < 1)
        return FUZZ_SKIP;
    nq_model *model = model_read(container_file("model", bases, TINY_COUNT, bytes, size));
    if (!model)
        return FUZZ_KEEP;
    ask(model);
    if (nq_model_parameters(model) * nq_model_steps(model) < WORK_MOST &&
        nq_model_columns(model) < WORK_MOST / 64) {
        check_round(model);
        draw(model);
    }
    nq_model_free(model);
    return FUZZ_KEEP;
}
