/* data.c - whose data a checkpoint continues: a run would go on in silence with any of the right
 * shape, so names, numbers of rows, and digests are compared before the first update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/text/sentence.h"
#include "train/checkpoint/checkpoint.h"

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

/* NULL, or the rows that are others. */
static const char *other_rows(const nqi_data_digest *then, const nqi_data_digest *now)
{
    if (then->values != now->values)
        return "training rows";
    return then->valid_values != now->valid_values || then->valid_names != now->valid_names
               ? "hold-out rows"
               : NULL;
}

nq_status nqi_checkpoint_check_data(nq_trainer *trainer, const char *path, const cJSON *root)
{
    const nqi_data_digest *now = &trainer->sets.digest;
    nqi_data_digest then = *now;
    nqi_fields fields = {.count = 0};
    nqi_digest_fields(&then, &fields);
    const char *wrong = nqi_fields_read(&fields, root);
    if (!cJSON_GetObjectItemCaseSensitive(root, "digest"))
        return nqi_fail(
            trainer->context, NQ_ERROR_FORMAT,
            "%s: an older version wrote this checkpoint, without a digest of its data; "
            "begin anew (\036restart)",
            path);
    if (wrong)
        return nqi_fail(trainer->context, NQ_ERROR_FORMAT, "%s: not a usable checkpoint: %s",
                        path, wrong);
    if (then.rows != now->rows || then.valid_rows != now->valid_rows)
        return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                        "%s: the run was on %lld training and %lld hold-out rows, but now there "
                        "are %lld and %lld",
                        path, (long long)then.rows, (long long)then.valid_rows,
                        (long long)now->rows, (long long)now->valid_rows);
    const char *which = other_rows(&then, now);
    if (!which)
        return NQ_OK;
    return nqi_fail(trainer->context, NQ_ERROR_SHAPE,
                    "%s: the %s have other values, or another order, than those of the run that "
                    "it continues",
                    path, which);
}
