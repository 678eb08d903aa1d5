/* progress.c - updates that are done, and the smooth loss. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/progress.h"

#include <math.h>

void nqi_progress_smooth(nqi_progress *progress, double loss)
{
    const double keep = fmin(0.98, 1 - 1 / (1 + (double)progress->update));
    progress->smooth_loss = keep * progress->smooth_loss + (1 - keep) * loss;
}

double nqi_progress_bound(const nqi_progress *progress)
{
    return progress->constant - progress->smooth_loss;
}

void nqi_progress_fields(nqi_progress *progress, nqi_fields *fields)
{
    nqi_fields_number(fields, 1, "smooth_loss", &progress->smooth_loss);
    nqi_fields_number(fields, 5, "rate", &progress->rate);
    nqi_fields_number(fields, 7, "constant", &progress->constant);
    nqi_fields_number(fields, 8, "null", &progress->null);
    nqi_fields_count(fields, 17, "update", &progress->update);
}

const char *nqi_progress_wrong(const nqi_progress *progress)
{
    if (!isfinite(progress->smooth_loss))
        return "its progress";
    if (!(isfinite(progress->rate) && progress->rate >= 0 && isfinite(progress->constant) &&
          isfinite(progress->null)))
        return "rate, constant or null";
    return NULL;
}
