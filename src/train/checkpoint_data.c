/* checkpoint_data.c - whose data a checkpoint continues: a run would go on in silence with any of
 * the right shape, so names, numbers of rows, and digests are compared before the first update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "io/text/sentence.h"
#include "table/digest.h"
#include "train/checkpoint.h"

/* Of the model's columns of hold-out rows, with their texts numbered as it has them; 0: it cannot
 * be told. */
static nq_status valid_row_sum(nq_trainer *trainer, const nq_dataset *valid)
{
    uint64_t *sum = &trainer->digest.valid_row_sum;
    const nq_model *model = trainer->model;
    nq_dataset *view;
    if (!model || nqi_dataset_crops(valid))
        return nqi_digest_rows(sum, trainer->context, valid);
    nq_status status = nq_dataset_for_model(&view, trainer->context, valid, model);
    if (status)
        return status == NQ_ERROR_MEMORY ? status : NQ_OK;
    status = nqi_digest_rows(sum, trainer->context, view);
    nq_dataset_free(view);
    return status;
}

nq_status nqi_trainer_digest(nq_trainer *trainer, const nq_dataset *data, const nq_dataset *valid)
{
    trainer->digest =
        (nqi_data_digest){.values = nqi_digest_values(data), .rows = nq_dataset_rows(data)};
    const nq_status status = nqi_digest_rows(&trainer->digest.row_sum, trainer->context, data);
    if (status || !valid)
        return status;
    trainer->digest.valid_rows = nq_dataset_rows(valid);
    trainer->digest.valid_values = nqi_digest_values(valid);
    trainer->digest.valid_names = nqi_digest_names(valid);
    return valid_row_sum(trainer, valid);
}

/* As text: JSON's numbers have 53 bits. */
static void add_digest(nqi_json *json, const char *name, uint64_t digest)
{
    char text[17];
    snprintf(text, sizeof text, "%016" PRIx64, digest);
    nqi_json_text(json, name, text);
}

void nqi_checkpoint_describe_data(nqi_json *json, const nq_trainer *trainer)
{
    nqi_json_count(json, "rows", (int64_t)trainer->digest.rows);
    nqi_json_count(json, "valid_rows", (int64_t)trainer->digest.valid_rows);
    add_digest(json, "digest", trainer->digest.values);
    add_digest(json, "valid_digest", trainer->digest.valid_values);
    add_digest(json, "valid_names", trainer->digest.valid_names);
}

/* Of the training set, whose model stands in the checkpoint: up to a few, for a sentence. */
static void list_names(char *out, size_t size, size_t columns,
                       const char *(*name)(const void *set, size_t column), const void *set)
{
    enum { SHOWN = 6 };
    snprintf(out, size, "%s", columns && name(set, 0) ? "" : "none");
    for (size_t i = 0; i < columns && i <= SHOWN && name(set, i); i++) {
        char shown[NQI_SHOWN];
        nqi_text_show(shown, name(set, i), strlen(name(set, i)));
        nqi_list_add(out, size, ",", i < SHOWN ? shown : "...");
    }
}

static const char *model_name(const void *set, size_t column)
{
    return nq_model_column_name(set, column);
}

static const char *data_name(const void *set, size_t column)
{
    return nq_dataset_column_name(set, column);
}

static int has_names(const nq_model *model, const nq_dataset *data)
{
    return nq_model_columns(model) == nq_dataset_dim(data) &&
           !nq_model_column_name(model, 0) == !nq_dataset_column_name(data, 0);
}

nq_status nqi_checkpoint_match_columns(nq_trainer *trainer, const char *path,
                                       const nq_dataset **data)
{
    const nq_model *model = trainer->model;
    char before[NQ_TEXT_SIZE], after[NQ_TEXT_SIZE];
    if (has_names(model, *data) && !nqi_trainer_match(trainer, data))
        return NQ_OK;
    list_names(before, sizeof before, nq_model_columns(model), model_name, model);
    list_names(after, sizeof after, nq_dataset_dim(*data), data_name, *data);
    return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                    "%s: the data have other columns than the run that it continues: %zu then, "
                    "%zu now, names %s became %s",
                    path, nq_model_columns(model), nq_dataset_dim(*data), before, after);
}

static int is_digest(const cJSON *root, const char *name, uint64_t digest)
{
    char text[17];
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(root, name);
    snprintf(text, sizeof text, "%016" PRIx64, digest);
    return cJSON_IsString(item) && !strcmp(item->valuestring, text);
}

/* Before the first update, for a run goes on in silence with any data of the right shape. */
static nq_status check_digest(nq_trainer *trainer, const char *path, const cJSON *root)
{
    const nqi_data_digest *digest = &trainer->digest;
    const char *which = !is_digest(root, "digest", digest->values) ? "training rows"
                        : !is_digest(root, "valid_digest", digest->valid_values) ||
                                !is_digest(root, "valid_names", digest->valid_names)
                            ? "hold-out rows"
                            : NULL;
    if (!which)
        return NQ_OK;
    if (!cJSON_GetObjectItemCaseSensitive(root, "digest"))
        return nqi_fail(
            trainer->context, NQ_ERROR_FORMAT,
            "%s: an older version wrote this checkpoint, without a digest of its data; "
            "begin anew (\036restart)",
            path);
    return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                    "%s: the %s have other values, or another order, than those of the run that "
                    "it continues",
                    path, which);
}

static nq_status check_rows(nq_trainer *trainer, const char *path, const cJSON *root)
{
    const double rows = (double)trainer->digest.rows;
    const double valid = (double)trainer->digest.valid_rows;
    if (fabs(nqi_json_number_of(root, "rows") - rows) < 0.5 &&
        fabs(nqi_json_number_of(root, "valid_rows") - valid) < 0.5)
        return NQ_OK;
    return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                    "%s: the run was on %.0f training and %.0f hold-out rows, but now there are "
                    "%.0f and %.0f",
                    path, nqi_json_number_of(root, "rows"),
                    nqi_json_number_of(root, "valid_rows"), rows, valid);
}

nq_status nqi_checkpoint_check_data(nq_trainer *trainer, const char *path, const cJSON *root)
{
    const nq_status status = check_rows(trainer, path, root);
    return status ? status : check_digest(trainer, path, root);
}
