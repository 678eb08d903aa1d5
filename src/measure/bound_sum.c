/* bound_sum.c - from the estimates of chunks to K, its errors, and the divergence of each step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "measure/bound_job.h"

/* What one replicate makes of row `lane` of a chunk: K, and the other two terms. */
static double replicate_of(double terms[NQI_BOUND_TERMS], const nqi_bound_job *job, size_t local,
                           size_t replicate, size_t lane)
{
    const size_t before = local * job->replicates; /* the chunk's */
    const size_t at = (before + replicate) * NQI_BOUND_ROWS + lane;
    const double *row =
        job->found.row_terms +
        ((before + nqi_bound_terms_of(job, replicate)) * NQI_BOUND_ROWS + lane) * NQI_BOUND_TERMS;
    for (int k = 0; k < NQI_BOUND_TERMS; k++)
        terms[k] = row[k];
    terms[0] -= job->found.estimates[at];
    terms[1] -= job->found.estimates[at];
    return terms[0];
}

/* Squared error of a mean of n numbers. */
static double mean_variance(double sum, double squares, double n)
{
    return fmax(squares - sum * sum / n, 0) / (n * (n - 1));
}

static void add_row(const nqi_bound_job *job, size_t local, size_t lane, size_t row,
                    nqi_bound_totals *sum, nq_bound *out)
{
    const double n = (double)job->replicates;
    double first = 0, shifted = 0, squares = 0, mean[NQI_BOUND_TERMS] = {0};
    for (size_t replicate = 0; replicate < job->replicates; replicate++) {
        double terms[NQI_BOUND_TERMS];
        const double bound = replicate_of(terms, job, local, replicate, lane);
        if (!replicate)
            first = bound;
        shifted += bound - first;
        squares += (bound - first) * (bound - first);
        for (int k = 0; k < NQI_BOUND_TERMS; k++)
            mean[k] += terms[k] / n;
    }
    const double variance = mean_variance(shifted, squares, n);
    out->row_bound[row] = first + shifted / n;
    out->row_se[row] = sqrt(variance);
    sum->bound += out->row_bound[row];
    sum->paper += mean[1];
    sum->null += mean[2];
    sum->variances += variance;
}

/* Columns of one row, a mean over replicates; a column may have several numbers. */
static void add_row_columns(const nqi_bound_job *job, size_t local, size_t lane, size_t row,
                            nq_bound *out)
{
    const nqi_scaling *scaling = &job->model->scaling;
    double *columns = out->row_column_bound + row * out->columns;
    for (size_t replicate = 0; replicate < job->replicates; replicate++) {
        const size_t item = local * job->replicates + replicate;
        const double *numbers = job->found.columns + (item * NQI_BOUND_ROWS + lane) * out->dim;
        for (size_t i = 0; i < out->dim; i++)
            columns[scaling->active_index[i]] += numbers[i] / (double)job->replicates;
    }
    for (size_t c = 0; c < out->columns; c++)
        out->column_bound[c] += columns[c] / (double)job->rows;
}

/* Rows of a group share their times, so that their errors go together. */
static double group_variance(const nqi_bound_job *job, size_t local, size_t first, size_t count)
{
    double origin = 0, sum = 0, squares = 0, terms[NQI_BOUND_TERMS];
    for (size_t replicate = 0; replicate < job->replicates; replicate++) {
        double whole = 0;
        for (size_t r = first; r < first + count; r++)
            whole += replicate_of(terms, job, local, replicate, r);
        if (!replicate)
            origin = whole;
        sum += whole - origin;
        squares += (whole - origin) * (whole - origin);
    }
    return mean_variance(sum, squares, (double)job->replicates);
}

static void add_chunk(const nqi_bound_job *job, size_t local, nqi_bound_totals *sum,
                      nq_bound *out)
{
    const size_t size = nqi_bound_chunk_rows(job), row = (job->first_chunk + local) * size;
    const size_t count = job->rows - row < size ? job->rows - row : size;
    for (size_t first = 0; first < count; first += NQI_BOUND_GROUP_ROWS) {
        const size_t left = count - first;
        sum->within += group_variance(job, local, first,
                                      left < NQI_BOUND_GROUP_ROWS ? left : NQI_BOUND_GROUP_ROWS);
    }
    for (size_t r = 0; r < count; r++) {
        add_row(job, local, r, row + r, sum, out);
        if (job->found.columns)
            add_row_columns(job, local, r, row + r, out);
    }
}

void nqi_bound_add_wave(const nqi_bound_job *job, size_t chunks, nqi_bound_totals *sum,
                        nq_bound *out)
{
    const size_t count = job->replicates * job->strata * NQI_BOUND_GROUPS;
    for (size_t local = 0; local < chunks; local++) {
        add_chunk(job, local, sum, out);
        for (size_t i = 0; i < count; i++) {
            const nqi_bound_record *record = &job->found.records[local * count + i];
            sum->kl[record->t - 1] += record->sum;
            sum->kl_squares[record->t - 1] += record->sum_squares;
            sum->kl_rows[record->t - 1] += record->rows;
        }
    }
}

void nqi_bound_finish(const nqi_bound_job *job, const nqi_bound_totals *sum, nq_bound *out)
{
    const double rows = (double)job->rows;
    const nqi_process *process = &job->model->process;
    out->bound = sum->bound / rows;
    out->bound_paper = sum->paper / rows;
    out->null = sum->null / rows;
    out->gain = out->bound - out->null;
    out->se = sqrt(sum->within) / rows;
    double spread = 0;
    for (size_t r = 0; r < job->rows; r++) {
        const double gap = out->row_bound[r] - out->bound;
        spread += gap * gap;
    }
    /* the rows' own spread, without what their errors add to it */
    const double own = rows > 1 ? fmax(spread / (rows - 1) - sum->variances / rows, 0) : INFINITY;
    out->se_rows = sqrt(own / rows + out->se * out->se);
    out->entropy_prior = nqi_process_entropy_prior(process);
    for (size_t i = 0; i < out->steps; i++) {
        const double n = sum->kl_rows[i];
        out->kl[i] = n > 0 ? sum->kl[i] / n : 0;
        out->kl_se[i] =
            n > 1 ? sqrt(fmax(sum->kl_squares[i] / n - out->kl[i] * out->kl[i], 0) / n) : 0;
    }
}
