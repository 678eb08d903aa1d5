/* measure.c - K, the likelihood by trajectories and the check, each a part of a page that may be
 * lost alone. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check/check.h"
#include "core/context.h"
#include "core/rng.h"
#include "task/page/findings.h"

enum { AIS_LEAST = 20, AIS_MOST = 400 };
enum { CHECK_ROWS = 20 }; /* that a check needs */
/* Floating-point operations: some ten seconds of a processor at most. */
static const double ais_work = 3e11, bound_work = 2e11;

nq_status nqi_page_part(nqi_why why, const nqi_findings *found, nq_status status)
{
    if (!status || status == NQ_ERROR_MEMORY || status == NQ_ERROR_STOPPED ||
        status == NQ_ERROR_THREAD)
        return status;
    snprintf(why, NQI_WHY, "%s", nq_context_message(found->context));
    return NQ_OK;
}

int nqi_page_is_of_pictures(const nqi_findings *found)
{
    return found->model->picture.channels > 0;
}

double nqi_page_shift(const nqi_findings *found)
{
    return nq_model_is_recorded(found->model) || !nq_model_is_density(found->model)
               ? 0
               : nq_model_log_jacobian(found->model);
}

const char *nqi_page_units(const nqi_findings *found)
{
    return nq_model_is_recorded(found->model)  ? "recorded"
           : nq_model_is_density(found->model) ? "data"
                                               : "scaled";
}

static const char *const no_rows =
    "every row has a gap, which only a model with roles takes (train --roles 1)";

/* Of K for each row: the rows' own spread is the larger part of its error. */
static size_t terms_of(const nqi_findings *found)
{
    enum { LEAST = 8, MOST = 200 };
    const double rows = (double)(found->rows.count ? found->rows.count : 1);
    const double terms = bound_work / (nqi_regressor_cost(&found->model->regressor) * rows);
    return (size_t)fmin(fmax(terms, LEAST), MOST);
}

nq_status nqi_page_bound(nqi_findings *found)
{
    const nq_bound_options options = {
        .terms = terms_of(found),
        .seed = nqi_seed_child(found->options->seed, NQI_PAGE_BOUND),
        .by_column = !nqi_page_is_of_pictures(found),
    };
    if (!found->rows.whole) {
        snprintf(found->bound_why, NQI_WHY, "%s", no_rows);
        return NQ_OK;
    }
    const nq_status status = nq_bound_estimate(&found->bound, found->context, found->model,
                                               found->rows.whole, &options);
    if (status || found->bound.rows)
        return nqi_page_part(found->bound_why, found, status);
    char first[NQI_WHY];
    nq_row_fault_describe(first, sizeof first, found->model, found->bound.faults);
    return nqi_fail(found->context, NQ_ERROR_SHAPE,
                    "every row is impossible to the model: there is nothing to judge by (%s)",
                    first);
}

nq_status nqi_page_ais(nqi_findings *found)
{
    const size_t samples = found->options->ais;
    const double rows =
        nqi_check_affordable(found->model, ais_work) / (double)(samples ? samples : 1);
    const nq_ais_options options = {
        .samples = samples,
        .seed = nqi_seed_child(found->options->seed, NQI_PAGE_AIS),
        .max_rows = (size_t)fmin(rows, AIS_MOST),
    };
    if (samples && rows < AIS_LEAST)
        nqi_options_named(
            found->ais_why, NQI_WHY, found->context,
            "trajectories of this network take too long for a page (noneq eval has " NQI_OPTION
            "ais)");
    else if (!samples)
        nqi_options_named(found->ais_why, NQI_WHY, found->context,
                          "it was not asked for (" NQI_OPTION "ais 0)");
    else if (!found->rows.whole)
        snprintf(found->ais_why, NQI_WHY, "%s", no_rows);
    else
        return nqi_page_part(found->ais_why, found,
                             nq_ais_estimate(&found->ais, found->context, found->model,
                                             found->rows.whole, &options));
    return NQ_OK;
}

/* Rows of the model's own of which half is hidden. Without roles particles draw them, which are
 * dear, and a page takes fewer; 0: as the check chooses. */
static size_t self_rows(const nqi_findings *found)
{
    enum { PARTICLES = 1024, MOST = 150, LEAST = 20, USEFUL = 50 };
    const double work = 1e11, cell = 500, row = 2e4; /* a particle costs so much by itself */
    const double network = nqi_check_affordable(found->model, work) / PARTICLES;
    const double cost = row + cell * (double)found->rows.columns;
    const double rows = work / (cost * PARTICLES * (double)nq_model_steps(found->model));
    if (found->model->options.roles > 0 || network < USEFUL)
        return 0;
    return (size_t)fmax(fmin(fmin(rows, network), MOST), LEAST);
}

nq_status nqi_page_check(nqi_findings *found)
{
    const nqi_page_rows *rows = &found->rows;
    const nq_check_options options = {
        .seed = nqi_seed_child(found->options->seed, NQI_PAGE_CHECK),
        .permutations = found->options->permutations,
        .self_rows = self_rows(found),
    };
    if (rows->count < CHECK_ROWS) {
        snprintf(found->check_why, NQI_WHY, "%zu rows are too few: a check needs at least %d",
                 rows->count, CHECK_ROWS);
        return NQ_OK;
    }
    return nqi_page_part(found->check_why, found,
                         nq_check_estimate(&found->check, found->context, found->model,
                                           rows->rows, &options));
}
