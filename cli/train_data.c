/* train_data.c - the data of a training run: the file, and the rows set aside from it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "session.h"
#include "train.h"

/* Fewer rows than this are too precious to set some aside unasked. */
enum { SPLIT_LEAST_ROWS = 200, SPLIT_MOST_ROWS = 5000 };

static const double SPLIT_FRACTION = 0.1;

/* 0: no hold-out. */
static double fraction_default(const train_job *job, size_t rows)
{
    if (job->values->preset || rows < SPLIT_LEAST_ROWS)
        return 0;
    if (SPLIT_FRACTION * (double)rows > SPLIT_MOST_ROWS)
        return SPLIT_MOST_ROWS / (double)rows;
    return SPLIT_FRACTION;
}

static int data_split(train_job *job, double fraction)
{
    const nq_status status = nq_dataset_split(&job->valid, &job->data, job->context, job->whole,
                                              fraction, (uint64_t)job->train_options.seed);

    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int valid_open(train_job *job)
{
    const nq_status status = nq_dataset_open(&job->valid, job->context, job->values->valid);

    if (status)
        return session_fail(job->context, status);
    if (nq_dataset_dim(job->valid) != nq_dataset_dim(job->whole))
        return message_fail("'%s' has %zu columns, but '%s' has %zu", job->values->valid,
                            nq_dataset_dim(job->valid), job->words->operands[0],
                            nq_dataset_dim(job->whole));
    return EXIT_DONE;
}

int train_data_open(train_job *job)
{
    const char *valid = job->values->valid;
    double fraction;
    const nq_status status = nq_dataset_open(&job->whole, job->context, job->words->operands[0]);

    if (status)
        return session_fail(job->context, status);
    job->data = job->whole;
    if (!valid)
        fraction = fraction_default(job, nq_dataset_rows(job->whole));
    else if (!number_parse(&fraction, valid))
        return valid_open(job);
    else if (fraction < 0 || fraction >= 1)
        return options_refuse(job->self,
                              "--valid takes a file or a fraction from 0 to less than "
                              "1, not '%s'",
                              valid);
    return fraction > 0 ? data_split(job, fraction) : EXIT_DONE;
}

void train_data_close(train_job *job)
{
    nq_dataset_free(job->valid);
    if (job->data != job->whole)
        nq_dataset_free(job->data);
    nq_dataset_free(job->whole);
}
