/* types.c - the list of all structs of options, with their tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include <noneq.h>

#include "core/option/options.h"

/* A row of the table of nq_NAME_options, from a row of its list of fields. */
#define ROW(name, kind, field, flag, fallback, least, most, help)                                \
    {#field,   flag,          NQ_OPTION_TYPE_##kind, offsetof(nq_##name##_options, field),       \
     fallback, (double)least, (double)most,          help},
#define NQ_OPTION_TYPE_text NQ_OPTION_TEXT
#define NQ_OPTION_TYPE_count NQ_OPTION_COUNT
#define NQ_OPTION_TYPE_number NQ_OPTION_NUMBER
#define NQ_OPTION_TYPE_size NQ_OPTION_SIZE
#define NQ_OPTION_TYPE_seed NQ_OPTION_SEED
#define NQ_OPTION_TYPE_int NQ_OPTION_INT
#define NQ_OPTION_TYPE_flag NQ_OPTION_FLAG
#define NQ_OPTION_TYPE_string NQ_OPTION_STRING
#define NQ_OPTION_TYPE_bytes NQ_OPTION_BYTES
#define NQ_OPTION_TYPE_area NQ_OPTION_AREA

/* A list of fields has no word for its struct. */
#define ROW_context(...) ROW(context, __VA_ARGS__)
#define ROW_read(...) ROW(read, __VA_ARGS__)
#define ROW_generate(...) ROW(generate, __VA_ARGS__)
#define ROW_crop(...) ROW(crop, __VA_ARGS__)
#define ROW_model(...) ROW(model, __VA_ARGS__)
#define ROW_train(...) ROW(train, __VA_ARGS__)
#define ROW_fit(...) ROW(fit, __VA_ARGS__)
#define ROW_sample(...) ROW(sample, __VA_ARGS__)
#define ROW_posterior(...) ROW(posterior, __VA_ARGS__)
#define ROW_inpaint(...) ROW(inpaint, __VA_ARGS__)
#define ROW_bound(...) ROW(bound, __VA_ARGS__)
#define ROW_ais(...) ROW(ais, __VA_ARGS__)
#define ROW_parzen(...) ROW(parzen, __VA_ARGS__)
#define ROW_check(...) ROW(check, __VA_ARGS__)
#define ROW_pool(...) ROW(pool, __VA_ARGS__)
#define ROW_score(...) ROW(score, __VA_ARGS__)
#define ROW_evaluate(...) ROW(evaluate, __VA_ARGS__)
#define ROW_compare(...) ROW(compare, __VA_ARGS__)
#define ROW_check_report(...) ROW(check_report, __VA_ARGS__)
#define ROW_describe(...) ROW(describe, __VA_ARGS__)
#define ROW_pool_tables(...) ROW(pool_tables, __VA_ARGS__)
#define ROW_benchmark(...) ROW(benchmark, __VA_ARGS__)
#define ROW_view(...) ROW(view, __VA_ARGS__)
#define ROW_fill(...) ROW(fill, __VA_ARGS__)
#define ROW_noise(...) ROW(noise, __VA_ARGS__)
#define ROW_draw(...) ROW(draw, __VA_ARGS__)
#define ROW_page(...) ROW(page, __VA_ARGS__)

/* X(name, list of fields, bytes of the struct in version 1.0). When a struct grows, the last says
 * where the new fields begin: offsetof(struct, the first new one). */
#define STRUCTS(X)                                                                               \
    X(context, NQ_CONTEXT_OPTIONS, sizeof(nq_context_options))                                   \
    X(read, NQ_READ_OPTIONS, sizeof(nq_read_options))                                            \
    X(generate, NQ_GENERATE_OPTIONS, sizeof(nq_generate_options))                                \
    X(crop, NQ_CROP_OPTIONS, sizeof(nq_crop_options))                                            \
    X(model, NQ_MODEL_OPTIONS, sizeof(nq_model_options))                                         \
    X(train, NQ_TRAIN_OPTIONS, sizeof(nq_train_options))                                         \
    X(fit, NQ_FIT_OPTIONS, sizeof(nq_fit_options))                                               \
    X(sample, NQ_SAMPLE_OPTIONS, sizeof(nq_sample_options))                                      \
    X(posterior, NQ_POSTERIOR_OPTIONS, sizeof(nq_posterior_options))                             \
    X(inpaint, NQ_INPAINT_OPTIONS, sizeof(nq_inpaint_options))                                   \
    X(bound, NQ_BOUND_OPTIONS, sizeof(nq_bound_options))                                         \
    X(ais, NQ_AIS_OPTIONS, sizeof(nq_ais_options))                                               \
    X(parzen, NQ_PARZEN_OPTIONS, sizeof(nq_parzen_options))                                      \
    X(check, NQ_CHECK_OPTIONS, sizeof(nq_check_options))                                         \
    X(pool, NQ_POOL_OPTIONS, sizeof(nq_pool_options))                                            \
    X(score, NQ_SCORE_OPTIONS, sizeof(nq_score_options))                                         \
    X(evaluate, NQ_EVALUATE_OPTIONS, sizeof(nq_evaluate_options))                                \
    X(compare, NQ_COMPARE_OPTIONS, sizeof(nq_compare_options))                                   \
    X(check_report, NQ_CHECK_REPORT_OPTIONS, sizeof(nq_check_report_options))                    \
    X(describe, NQ_DESCRIBE_OPTIONS, sizeof(nq_describe_options))                                \
    X(pool_tables, NQ_POOL_TABLES_OPTIONS, sizeof(nq_pool_tables_options))                       \
    X(benchmark, NQ_BENCHMARK_OPTIONS, sizeof(nq_benchmark_options))                             \
    X(view, NQ_VIEW_OPTIONS, sizeof(nq_view_options))                                            \
    X(fill, NQ_FILL_OPTIONS, sizeof(nq_fill_options))                                            \
    X(noise, NQ_NOISE_OPTIONS, sizeof(nq_noise_options))                                         \
    X(draw, NQ_DRAW_OPTIONS, sizeof(nq_draw_options))                                            \
    X(page, NQ_PAGE_OPTIONS, sizeof(nq_page_options))

#define DEFINE(name, LIST, first)                                                                \
    static const nq_option rows_##name[] = {LIST(ROW_##name)};                                   \
    _Static_assert(offsetof(nq_##name##_options, size) == 0, "size is the first field");         \
    const nq_options_type nqi_##name##_options = {"nq_" #name "_options",                        \
                                                  sizeof(nq_##name##_options), first,            \
                                                  rows_##name,                                   \
                                                  sizeof rows_##name / sizeof *rows_##name};     \
    void nq_##name##_options_init(nq_##name##_options *options, size_t size)                     \
    {                                                                                            \
        nq_options_init(options, size, &nqi_##name##_options);                                   \
    }
STRUCTS(DEFINE)

#define LISTED(name, LIST, first) &nqi_##name##_options,
static const nq_options_type *const types[] = {STRUCTS(LISTED)};

const nq_options_type *nq_options_type_get(size_t i)
{
    return i < sizeof types / sizeof *types ? types[i] : NULL;
}

const nq_options_type *nq_options_type_find(const char *name)
{
    size_t i = 0;
    while (nq_options_type_get(i) && strcmp(types[i]->name, name) != 0)
        i++;
    return nq_options_type_get(i);
}

static const nq_option *table_of(size_t *count, const nq_options_type *type)
{
    *count = type->count;
    return type->table;
}

const nq_option *nq_read_options_table(size_t *count)
{
    return table_of(count, &nqi_read_options);
}

const nq_option *nq_model_options_table(size_t *count)
{
    return table_of(count, &nqi_model_options);
}

const nq_option *nq_train_options_table(size_t *count)
{
    return table_of(count, &nqi_train_options);
}
