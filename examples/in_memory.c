/* in_memory.c - records of a program's own are trained on where they lie; the model becomes bytes,
 * and what it draws an Arrow array for others. No file is read or written. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 2000, DRAWN = 5, COLUMNS = 3 };

typedef struct person {
    double height; /* in cm, to the millimetre */
    int32_t age;
    uint8_t town;
} person;

static const char *const towns[] = {"Bern", "Oslo", "Rome"};

static void people_make(person *people)
{
    for (int i = 0; i < ROWS; i++) {
        const int town = i * 7 % 3, age = 20 + i * i % 41;
        people[i].town = (uint8_t)town;
        people[i].age = age;
        people[i].height = nearbyint(10 * (165 + 5 * town + 8 * sin(i))) / 10;
    }
}

/* The numbers stay where they are: people must outlive the set. */
static nq_status people_describe(nq_dataset **out, nq_context *context, const person *people)
{
    const nq_column columns[COLUMNS] = {
        {.size = sizeof(nq_column),
         .name = "height",
         .element = NQ_FLOAT64,
         .start = &people->height,
         .stride = sizeof *people,
         .unit = "cm"},
        {.size = sizeof(nq_column),
         .name = "age",
         .element = NQ_INT32,
         .start = &people->age,
         .stride = sizeof *people},
        {.size = sizeof(nq_column),
         .name = "town",
         .element = NQ_UINT8,
         .start = &people->town,
         .stride = sizeof *people,
         .levels = towns,
         .level_count = 3},
    };
    return nq_dataset_from_columns(out, context, columns, COLUMNS, ROWS);
}

static nq_status train(void **bytes, size_t *size, nq_context *context, const nq_dataset *data)
{
    nq_trainer *trainer = NULL;
    const nq_model *model;
    nq_model_options options;
    nq_train_options plan;
    nq_train_state state = {0};
    nq_status status;
    nq_model_options_init(&options, sizeof options);
    nq_train_options_init(&plan, sizeof plan);
    plan.updates = 300;
    if ((status = nq_trainer_new(&trainer, context, data, NULL, &options, &plan)))
        return status;
    while (!state.done && !(status = nq_trainer_step(trainer)))
        nq_trainer_state(&state, trainer);
    if (!status && !(status = nq_trainer_model(&model, trainer)))
        status = nq_model_to_bytes(bytes, size, context, model);
    nq_trainer_free(trainer);
    return status;
}

static nq_status draw(nq_dataset **out, nq_context *context, const void *bytes, size_t size)
{
    double values[DRAWN * COLUMNS];
    nq_model *model;
    nq_status status = nq_model_from_bytes(&model, context, bytes, size);
    if (status)
        return status;
    const nq_sample_options options = {.rows = DRAWN, .seed = 1};
    if (!(status = nq_sample(values, context, model, &options)))
        status = nq_model_rows_to_dataset(out, context, model, values, DRAWN);
    nq_model_free(model);
    return status;
}

/* As pyarrow, polars or DuckDB would take it. */
static nq_status hand_over(nq_context *context, const nq_dataset *drawn)
{
    struct ArrowArray array;
    struct ArrowSchema schema;
    const nq_status status = nq_dataset_to_arrow(&array, &schema, context, drawn);
    if (status)
        return status;
    for (int64_t c = 0; c < array.n_children; c++)
        printf("%s: %s\n", schema.children[c]->name, schema.children[c]->format);
    const double *heights = array.children[0]->buffers[1];
    const int64_t *ages = array.children[1]->buffers[1];
    const int32_t *codes =
        array.children[2]->buffers[1]; /* places in the model's list of towns */
    const int32_t *ends = array.children[2]->dictionary->buffers[1];
    const char *texts = array.children[2]->dictionary->buffers[2];
    for (int64_t r = 0; r < array.length; r++)
        printf("%.1f cm, %lld years, %.*s\n", heights[r], (long long)ages[r],
               (int)(ends[codes[r] + 1] - ends[codes[r]]), texts + ends[codes[r]]);
    array.release(&array);
    schema.release(&schema);
    return NQ_OK;
}

int main(void)
{
    static person people[ROWS];
    nq_context *context = NULL;
    nq_dataset *data = NULL, *drawn = NULL;
    void *bytes = NULL;
    size_t size;
    nq_status status;
    people_make(people);
    if (!(status = nq_context_new(&context, NULL)) &&
        !(status = people_describe(&data, context, people)) &&
        !(status = train(&bytes, &size, context, data)) &&
        !(status = draw(&drawn, context, bytes, size)))
        status = hand_over(context, drawn);
    if (status)
        fprintf(stderr, "%s: %s\n", nq_status_name(status),
                context ? nq_context_message(context) : "");
    nq_bytes_free(bytes);
    nq_dataset_free(drawn);
    nq_dataset_free(data);
    nq_context_free(context);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
