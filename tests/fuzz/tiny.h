/* tiny.h - small data sets, and options of small models of every kind for them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_FUZZ_TINY_H
#define NQI_TESTS_FUZZ_TINY_H

#include "fuzz/fuzz.h"

enum { TINY_COUNT = 7, TINY_ROWS = 24, TINY_SETTINGS = 8 };

typedef struct tiny_setting {
    const char *field, *value;
} tiny_setting;

/* What the numbers of a data set are. */
typedef enum tiny_kind { TINY_REALS, TINY_GAPS, TINY_BITS, TINY_PICTURES, TINY_KINDS } tiny_kind;

static const struct {
    tiny_kind kind;
    tiny_setting settings[TINY_SETTINGS];
} tiny_models[TINY_COUNT] = {
    {TINY_REALS, {{"regressor", "mlp"}, {"hidden", "4"}, {"steps", "4"}, {"average", "0.9"}}},
    {TINY_REALS,
     {{"regressor", "rbf"},
      {"hidden", "4"},
      {"steps", "6"},
      {"readout", "per-step"},
      {"schedule", "learned"},
      {"fit_updates", "2"},
      {"share", "2"}}},
    {TINY_BITS, {{"hidden", "4,3"}, {"steps", "4"}, {"readout", "per-step"}, {"share", "2"}}},
    {TINY_PICTURES,
     {{"regressor", "image"},
      {"hidden", "4"},
      {"steps", "4"},
      {"channels", "2"},
      {"layers", "1"},
      {"bumps", "2"}}},
    {TINY_GAPS, {{"hidden", "4"}, {"steps", "4"}, {"optimizer", "rmsprop"}, {"dropout", "0.2"}}},
    {TINY_BITS, {{"hidden", "4"}, {"steps", "3"}, {"learn_last", "1"}, {"schedule", "linear"}}},
    {TINY_KINDS, {{"kernel", "mixed"}, {"hidden", "4,4"}, {"steps", "4"}}},
};

/* Sets a field of either struct; 0: there is none of that name, or it is refused. */
static inline int tiny_set(nq_model_options *model, nq_train_options *train, const char *field,
                           const char *value)
{
    for (int i = 0; i < 2; i++) {
        size_t count;
        const nq_option *table =
            i ? nq_train_options_table(&count) : nq_model_options_table(&count);
        for (size_t k = 0; k < count; k++)
            if (!strcmp(table[k].field, field)) {
                const nq_status status = nq_option_set(i ? (void *)train : (void *)model,
                                                       fuzz_context(), &table[k], value);
                fuzz_check_status(status);
                return !status;
            }
    }
    return 0;
}

static inline void tiny_options(nq_model_options *model, nq_train_options *train, size_t number)
{
    nq_model_options_init(model, sizeof *model);
    nq_train_options_init(train, sizeof *train);
    train->updates = 4;
    train->batch = 8;
    for (size_t i = 0; i < TINY_SETTINGS && tiny_models[number].settings[i].field; i++) {
        const tiny_setting *setting = &tiny_models[number].settings[i];
        fuzz_holds(tiny_set(model, train, setting->field, setting->value));
    }
}

/* Rows that the number of the cell alone decides; the last of three columns is constant. */
static inline nq_dataset *tiny_table(tiny_kind kind)
{
    static const char *const names[] = {"a", "b", "c"};
    enum { COLUMNS = 3 };
    double rows[TINY_ROWS * COLUMNS];
    nq_dataset *data;
    for (size_t i = 0; i < TINY_ROWS * COLUMNS; i++) {
        const double wave = sin(1.7 * (double)i * (double)(i % COLUMNS + 1));
        rows[i] = (double)(kind == TINY_BITS ? wave > 0 : wave);
        if (kind == TINY_GAPS && i % 7 == 0)
            rows[i] = NAN;
        if (kind == TINY_REALS && i % COLUMNS == 2)
            rows[i] = 3;
    }
    fuzz_works(nq_dataset_from_array(&data, fuzz_context(), rows, TINY_ROWS, COLUMNS, names));
    return data;
}

static inline nq_dataset *tiny_pictures(void)
{
    enum { SIDE = 4 };
    double rows[TINY_ROWS * SIDE * SIDE];
    nq_dataset *data;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        rows[i] = (double)(i * i % 97);
    fuzz_works(nq_dataset_from_array(&data, fuzz_context(), rows, TINY_ROWS, SIDE * SIDE, NULL));
    fuzz_works(nq_dataset_set_picture(data, fuzz_context(), &(nq_picture){1, SIDE, SIDE}));
    return data;
}

/* A column of each kind, some with gaps: text, a function of it, a bit, a grid, spikes, a real. */
static inline nq_dataset *tiny_kinds(void)
{
    static const char *const towns[] = {"Bern", "Rome", "NA", "Oslo"};
    static const char *const codes[] = {"3", "1", "NA", "2"};
    char text[4096] = "town,code,flag,n,gain,x,day,one\n";
    size_t used = strlen(text);
    nq_dataset *data;
    nq_read_options options;
    nq_read_options_init(&options, sizeof options);
    options.types =
        "town=category,code=category,flag=bit,n=whole,gain=spiked,x=real,one=constant";
    for (size_t r = 0; r < TINY_ROWS; r++)
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 "%s,%s,%s,%zu,%.2f,%.4f,2024-03-%02zu,7\n", towns[r % 4],
                                 codes[r % 4], r % 3 ? "yes" : "no", r * r % 17,
                                 r % 2 ? 0 : (double)r / 4, sin((double)r), r + 1);
    fuzz_works(
        nq_dataset_open_with(&data, fuzz_context(), fuzz_put("kinds.csv", text, used), &options));
    return data;
}

static inline nq_dataset *tiny_data(size_t number)
{
    const tiny_kind kind = tiny_models[number].kind;
    return kind == TINY_PICTURES ? tiny_pictures()
           : kind == TINY_KINDS  ? tiny_kinds()
                                 : tiny_table(kind);
}

#endif
