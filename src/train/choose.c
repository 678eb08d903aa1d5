/* choose.c - what training gets when its user names nothing but the data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "train/trainer.h"

/* Floating-point operations that a run may take by default: about two minutes on two cores of 2024.
 * A budget in operations, not in seconds, so that a run is the same wherever it is made. */
static const double default_work = 1.2e13;
/* Small sets are learned, and then overfitted, in this many passes. */
static const double default_epochs = 4000;
static const double updates_most = 1e15;

/* Fewer rows overfit; of a wide one also somewhat more. */
static const size_t dropout_rows = 5000, dropout_rows_wide = 50000;

static size_t enough_rows(const nqi_network_defaults *own, const nq_dataset *data)
{
    return nq_dataset_dim(data) > own->narrow ? dropout_rows_wide : dropout_rows;
}

double nqi_trainer_dropout(const nq_train_options *options, const nqi_family *family,
                           const nq_model_options *model, const nq_dataset *data)
{
    const nqi_network_defaults *own = &family->defaults.network;
    if (options->dropout >= 0)
        return options->dropout;
    const size_t rows = nq_dataset_rows(data);
    if (own->dropout > 0 && nqi_model_is_usual(model, data))
        return rows < dropout_rows             ? own->dropout_few
               : rows < enough_rows(own, data) ? own->dropout
                                               : 0;
    return rows < dropout_rows ? family->defaults.dropout : 0;
}

static nq_count choose_updates(const nq_trainer *trainer)
{
    const nq_train_options *options = &trainer->options;
    const nqi_defaults *own = nqi_model_defaults(trainer->model);
    const double batch = (double)options->batch;
    const double rows = (double)nq_dataset_rows(trainer->sets.data);
    if (options->epochs > 0)
        return (nq_count)fmin(fmax(ceil(options->epochs * rows / batch), 1), updates_most);
    const double cost = 3 * nqi_regressor_cost(&trainer->model->regressor) * batch;
    /* densities of numbers take longer to learn than levels (hold-out K of california) */
    const int is_narrow = nq_dataset_dim(trainer->sets.data) <= own->network.narrow;
    const double usual =
        is_narrow && own->network.narrow_work > 0 ? own->network.narrow_work : own->work;
    const double work =
        usual > 0 ? usual * (1 + (double)trainer->model->process.spread / 2) : default_work;
    const double updates = fmin(work / cost, default_epochs * rows / batch);
    /* rules between levels alone are learned late (hold-out K of chess; adult gains nothing) */
    const double passes =
        trainer->model->process.spread ? 0 : fmin(own->passes * rows / batch, own->updates_most);
    const double least = own->updates_least ? own->updates_least : 2000;
    return (nq_count)fmin(fmax(fmax(updates, passes), least), 60000);
}

/* What a regressor that is fitted at once looks at, too; all else is about updates. */
static const char fitted_options[] = " missing_as mirror seed ";

nq_status nqi_trainer_check_fitted(const nq_trainer *trainer, const char *regressor)
{
    const nqi_regressor_type *type;
    nq_train_options usual;
    if (nqi_regressor_find(&type, NULL, regressor) || !type->predict)
        return NQ_OK;
    nq_train_options_init(&usual, sizeof usual);
    for (size_t i = 0; i < nqi_train_options.count; i++) {
        const nq_option *row = &nqi_train_options.table[i];
        if (nqi_option_differs(&trainer->options, &usual, row) &&
            !nqi_has_field(fitted_options, row->field))
            return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                            "\036%s does nothing for \036regressor %s, which is fitted at once",
                            row->field, regressor);
    }
    return NQ_OK;
}

static nq_status check_options(const nq_trainer *trainer)
{
    const nq_train_options *o = &trainer->options;
    const char *wrong = NULL;
    if (strcmp(o->optimizer, "adam") && strcmp(o->optimizer, "rmsprop"))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "optimizer \"%s\": expected adam or rmsprop", o->optimizer);
    if (o->share > 1 && !trainer->model->regressor.graph.banks)
        wrong =
            "\036share needs \036readout per-step: no other readout has steps that can share one";
    return wrong ? nqi_fail(trainer->context, NQ_ERROR_ARGUMENT, "%s", wrong) : NQ_OK;
}

/* Evaluations; a run has fifty of them by default (docs/results.md says why so many). */
static const nq_count default_patience = 10;

/* The stages of an exact fit have lengths of their own. */
static nq_status choose_patience(nq_trainer *trainer)
{
    nq_train_options *o = &trainer->options;
    const char *wrong = NULL;
    if (o->patience > 0 && !trainer->sets.valid)
        wrong = "\036patience: there are no hold-out rows whose K could stop rising";
    else if (o->patience > 0 && o->fit_updates > 0)
        wrong = "\036patience: the stages of \036fit_updates have fixed lengths";
    else if (o->patience < 0)
        o->patience = trainer->sets.valid && !o->fit_updates ? default_patience : 0;
    return wrong ? nqi_fail(trainer->context, NQ_ERROR_ARGUMENT, "%s", wrong) : NQ_OK;
}

nq_status nqi_trainer_choose(nq_trainer *trainer)
{
    nq_train_options *o = &trainer->options;
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const size_t rows = nq_dataset_rows(trainer->sets.data);
    const nq_status status = check_options(trainer);
    if (status)
        return status;
    if (nqi_trainer_is_fitted(trainer))
        o->updates = 1; /* it is fitted when it is made */
    const nqi_defaults *own = nqi_model_defaults(trainer->model);
    if (!o->batch && own->batch)
        o->batch = own->batch;
    if (!(o->rate > 0) && own->rate > 0)
        o->rate = own->rate;
    if (!(o->average > 0) && own->average > 0)
        o->average = own->average;
    if (!o->batch)
        o->batch = graph->banks ? 1024 : rows < 2500 ? 256 : 512;
    if (!o->updates && !(o->minutes > 0))
        o->updates = choose_updates(trainer);
    if (!(o->rate > 0))
        o->rate = graph->banks ? 5e-3 : 2e-3;
    if (o->weight_decay < 0)
        o->weight_decay = rows < enough_rows(&own->network, trainer->sets.data) &&
                                  nqi_model_is_usual(&trainer->model->options, trainer->sets.data)
                              ? own->network.decay
                              : 0;
    if (!(o->clip > 0))
        o->clip = graph->banks ? 1e30 : 1.0;
    if (!(o->average > 0))
        o->average = graph->banks ? 1 : 0.999;
    if (o->fit_updates < 0)
        o->fit_updates = 0;
    if (o->fit_updates > 0 && !o->updates)
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "\036minutes: the stages of \036fit_updates have fixed lengths; expected "
                        "\036updates");
    /* a shorter run has all stages, each shorter */
    if (o->fit_updates > o->updates)
        o->fit_updates = o->updates;
    if (o->fit_updates > 0 && trainer->model->offset.type)
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036fit_updates: readouts on an \036offset are not solved; expected 0");
    if (o->fit_updates > 0 && !strcmp(trainer->model->options.mean_form, "paper"))
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036fit_updates: means in \036mean_form paper are not solved; expected "
                        "\036mean_form x0 or \036fit_updates 0");
    if (o->fit_updates > 0 && !(nqi_readout_fit_serves(&trainer->model->process) && graph->banks))
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036fit_updates: only the per-step readout of a Gaussian model can be "
                        "solved exactly");
    if (o->share < 0)
        o->share = graph->banks && !o->fit_updates ? (nq_count)(graph->banks + 3) / 4 : 1;
    if (!o->valid_every)
        o->valid_every = o->updates ? (nq_count)fmax(ceil((double)o->updates / 50), 50) : 500;
    if (o->starts > 1 && !o->updates)
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "\036starts needs to know how many updates there are: expected "
                        "\036updates beside \036minutes, or \036starts 1");
    if (o->starts > 1 && trainer->gaps.rows.count)
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036starts: expected rows without missing cells, found %zu with some; "
                        "expected \036starts 1",
                        trainer->gaps.rows.count);
    return choose_patience(trainer);
}
