/* fuzz_options.c - options by name and value: set, or refused; a trainer made of them, or refused;
 * an update. Lines "name=value"; "preset=NAME" applies one, "data=N" chooses a data set, and what
 * follows an empty line is a file of rates, which `schedule` names by a slash or a point. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "fuzz/tiny.h"

enum { SMALL = 64, LARGE = 1 << 30, LINES = 64 };

typedef struct choice {
    nq_model_options model;
    nq_train_options train;
    size_t data;
} choice;

/* Numbers that are lawful and ask for long work or much memory are nothing to try here; numbers
 * beyond all reason are. */
static int is_moderate(double number)
{
    return number <= SMALL || number >= LARGE;
}

static int widths_are_moderate(const char *text)
{
    double product = 1;
    for (char *end; *text; text = end + (*end != '\0')) {
        const double width = strtod(text, &end);
        if (!is_moderate(width))
            return 0;
        product *= width > 1 && width <= SMALL ? width : 1;
    }
    return product < 1e5;
}

/* What is multiplied; seeds, updates and the like cost nothing. */
static int is_cheap(const choice *c)
{
    const nq_model_options *m = &c->model;
    const nq_train_options *t = &c->train;
    const nq_count counts[] = {m->steps,    m->scales,   m->layers,
                               m->channels, m->features, m->bumps};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (!is_moderate((double)counts[i]))
            return 0;
    return widths_are_moderate(m->hidden) && widths_are_moderate(m->pixel_hidden) &&
           widths_are_moderate(m->unet) && is_moderate((double)t->batch / 16);
}

static void line_apply(choice *c, char *line)
{
    char *value = strchr(line, '=');
    if (!value)
        return;
    *value++ = '\0';
    if (!strcmp(line, "data"))
        c->data = (size_t)(unsigned char)*value % TINY_COUNT;
    else if (!strcmp(line, "preset")) {
        const nq_status status = nq_preset_apply(&c->model, &c->train, fuzz_context(), value);
        fuzz_check_status(status);
    } else if (!strcmp(line, "schedule") && strpbrk(value, "./"))
        tiny_set(&c->model, &c->train, line, fuzz_path("rates.txt"));
    else
        tiny_set(&c->model, &c->train, line, value);
}

static void apply(choice *c, char *text)
{
    char *rates = strstr(text, "\n\n");
    if (rates) {
        *rates = '\0';
        fuzz_put("rates.txt", rates + 2, strlen(rates + 2));
    } else
        fuzz_put("rates.txt", "", 0);
    for (char *line; (line = strsep(&text, "\n"));)
        line_apply(c, line);
}

/* Each field as text and back. */
static void check_round(const choice *c)
{
    choice again = {0};
    for (int i = 0; i < 2; i++) {
        size_t count;
        char text[2 * NQ_TEXT_SIZE], more[2 * NQ_TEXT_SIZE];
        const nq_option *table =
            i ? nq_train_options_table(&count) : nq_model_options_table(&count);
        const void *from = i ? (const void *)&c->train : (const void *)&c->model;
        void *to = i ? (void *)&again.train : (void *)&again.model;
        for (size_t k = 0; k < count; k++) {
            nq_option_get(text, sizeof text, from, &table[k]);
            fuzz_works(nq_option_set(to, fuzz_context(), &table[k], text));
            nq_option_get(more, sizeof more, to, &table[k]);
            fuzz_holds(!strcmp(text, more));
        }
    }
}

static void train(const choice *c)
{
    nq_dataset *data = tiny_data(c->data), *valid = NULL;
    nq_trainer *trainer;
    nq_train_state state;
    fuzz_works(nq_dataset_slice(&valid, fuzz_context(), data, 0, 8));
    fuzz_check(nq_trainer_new(&trainer, fuzz_context(), data, valid, &c->model, &c->train),
               trainer);
    if (trainer) {
        const nq_status status = nq_trainer_step(trainer);
        fuzz_check_status(status);
        nq_trainer_state(&state, trainer);
        fuzz_holds(state.update >= 0 && state.progress >= 0 && state.progress <= 1);
        nq_trainer_free(trainer);
    }
    nq_dataset_free(valid);
    nq_dataset_free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    choice c = {0};
    char *text = strndup((const char *)bytes, size);
    fuzz_holds(text != NULL);
    nq_model_options_init(&c.model, sizeof c.model);
    nq_train_options_init(&c.train, sizeof c.train);
    c.model.steps = 4;
    c.train.batch = 8;
    c.train.updates = 4;
    strcpy(c.model.hidden, "4");
    apply(&c, text);
    free(text);
    check_round(&c);
    if (!is_cheap(&c))
        return FUZZ_SKIP;
    train(&c);
    return FUZZ_KEEP;
}
