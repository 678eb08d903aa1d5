/* ref.h - the slots of the reference table, one group per file; see ops.h for what each does. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_REF_H
#define NQI_BACKEND_REF_H

#include "backend/ops.h"

void nqi_ref_dense_forward(nq_real *y, size_t ldy, const nq_real *w, size_t ldw, const nq_real *b,
                           const nq_real *x, size_t ldx, size_t out, size_t in, size_t rows,
                           int accumulate);
void nqi_ref_dense_backward_input(nq_real *dx, size_t lddx, const nq_real *w, size_t ldw,
                                  const nq_real *dy, size_t lddy, size_t out, size_t in,
                                  size_t rows, int accumulate);
void nqi_ref_dense_backward_weight(nq_real *dw, size_t lddw, nq_real *db, const nq_real *dy,
                                   size_t lddy, const nq_real *x, size_t ldx, size_t out,
                                   size_t in, size_t rows, int accumulate, nq_real *scratch);

void nqi_ref_conv_forward(nq_real *y, size_t ldy, const nq_real *w, const nq_real *b,
                          const nq_real *x, size_t ldx, size_t out, size_t in, size_t height,
                          size_t width, size_t rows, nqi_activation act, int accumulate,
                          nq_real *scratch);
void nqi_ref_conv_backward_input(nq_real *dx, size_t lddx, const nq_real *w, const nq_real *dy,
                                 size_t lddy, size_t out, size_t in, size_t height, size_t width,
                                 size_t rows, int accumulate, nq_real *scratch);
void nqi_ref_conv_backward_weight(nq_real *dw, nq_real *db, const nq_real *dy, size_t lddy,
                                  const nq_real *x, size_t ldx, size_t out, size_t in,
                                  size_t height, size_t width, size_t rows, nq_real *scratch);
size_t nqi_ref_conv_scratch(size_t out, size_t in, size_t height, size_t width, size_t rows);
void nqi_ref_pool(nq_real *y, size_t ldy, const nq_real *x, size_t ldx, size_t planes,
                  size_t height, size_t width, size_t factor, size_t rows, int mean,
                  int accumulate);
void nqi_ref_unpool(nq_real *y, size_t ldy, const nq_real *x, size_t ldx, size_t planes,
                    size_t height, size_t width, size_t factor, size_t rows, int mean,
                    int accumulate);

void nqi_ref_activate(nqi_activation kind, nq_real *y, const nq_real *x, size_t n);
void nqi_ref_activate_backward(nqi_activation kind, nq_real *dx, const nq_real *dy,
                               const nq_real *x, const nq_real *y, size_t n, int accumulate);
void nqi_ref_vexp(nq_real *y, const nq_real *x, size_t n);
void nqi_ref_vlog(nq_real *y, const nq_real *x, size_t n);
void nqi_ref_vadd(nq_real *y, const nq_real *x, size_t n);

void nqi_ref_rbf_forward(nq_real *h, size_t ldh, const nq_real *x, size_t ldx,
                         const nq_real *centres, const nq_real *log_width, size_t units,
                         size_t dim, size_t rows);
void nqi_ref_rbf_backward(nq_real *dx, size_t lddx, nq_real *dcentres, nq_real *dlog_width,
                          const nq_real *dh, size_t lddh, const nq_real *h, size_t ldh,
                          const nq_real *x, size_t ldx, const nq_real *centres,
                          const nq_real *log_width, size_t units, size_t dim, size_t rows,
                          int accumulate);

void nqi_ref_random_bits(uint32_t *out, const nqi_stream *stream, uint64_t first, size_t n);
void nqi_ref_random_uniform(nq_real *out, const nqi_stream *stream, uint64_t first, size_t n);
void nqi_ref_random_normal(nq_real *out, const nqi_stream *stream, uint64_t first, size_t n);

void nqi_ref_gaussian_corrupt(nq_real *x_t, const nq_real *x_0, const nq_real *noise, size_t ld,
                              const nqi_gaussian_step *step, size_t dim, size_t rows);
void nqi_ref_gaussian_divergence(nq_real *kl, nq_real *dz, nq_real *dz_var, const nq_real *z,
                                 const nq_real *z_var, const nq_real *x_0, const nq_real *noise,
                                 size_t ld, const nqi_gaussian_step *step, nq_real weight,
                                 size_t dim, size_t rows);
void nqi_ref_gaussian_reverse(nq_real *out, const nq_real *x_t, const nq_real *z,
                              const nq_real *z_var, const nq_real *noise, size_t ld,
                              const nqi_gaussian_step *step, size_t dim, size_t rows);

void nqi_ref_binomial_corrupt(nq_real *x_t, const nq_real *x_0, const uint32_t *bits, size_t ld,
                              const nqi_binomial_step *steps, size_t step_stride, size_t dim,
                              size_t rows);
void nqi_ref_binomial_divergence(nq_real *kl, nq_real *dz, const nq_real *z, const nq_real *x_0,
                                 const nq_real *x_t, size_t ld, const nqi_binomial_step *steps,
                                 size_t step_stride, nq_real weight, size_t dim, size_t rows);
void nqi_ref_binomial_reverse(nq_real *out, const nq_real *x_t, const nq_real *z,
                              const uint32_t *bits, size_t ld, const nqi_binomial_step *steps,
                              size_t step_stride, size_t dim, size_t rows);

void nqi_ref_adam(nq_real *w, nq_real *m, nq_real *v, const nq_real *gradient, size_t n,
                  const nqi_adam *adam);
void nqi_ref_rmsprop(nq_real *w, nq_real *v, const nq_real *gradient, size_t n, double rate,
                     double decay, double epsilon);
void nqi_ref_average(nq_real *average, const nq_real *w, size_t n, double keep);
void nqi_ref_adam_average(nq_real *w, nq_real *m, nq_real *v, nq_real *average,
                          const nq_real *gradient, size_t n, const nqi_adam *adam, double keep);
double nqi_ref_sum_squares(const nq_real *x, size_t n);

#endif
