/* ref.h - the slots of the reference table, one group per file; see ops.h for what each does. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_REF_H
#define NQI_BACKEND_REF_H

#include "backend/ops.h"
#include "core/real.h"

void nqi_ref_dense_forward(nqi_real *y, size_t ldy, const nqi_real *w, size_t ldw,
                           const nqi_real *b, const nqi_real *x, size_t ldx, size_t out,
                           size_t in, size_t rows, int accumulate);
void nqi_ref_dense_backward_input(nqi_real *dx, size_t lddx, const nqi_real *w, size_t ldw,
                                  const nqi_real *dy, size_t lddy, size_t out, size_t in,
                                  size_t rows, int accumulate);
void nqi_ref_dense_backward_weight(nqi_real *dw, size_t lddw, nqi_real *db, const nqi_real *dy,
                                   size_t lddy, const nqi_real *x, size_t ldx, size_t out,
                                   size_t in, size_t rows, int accumulate, nqi_real *scratch);

void nqi_ref_conv_forward(nqi_real *y, size_t ldy, const nqi_real *w, const nqi_real *b,
                          const nqi_real *x, size_t ldx, size_t out, size_t in, size_t height,
                          size_t width, size_t rows, nqi_activation act, int accumulate,
                          nqi_real *scratch);
void nqi_ref_conv_backward_input(nqi_real *dx, size_t lddx, const nqi_real *w, const nqi_real *dy,
                                 size_t lddy, size_t out, size_t in, size_t height, size_t width,
                                 size_t rows, int accumulate, nqi_real *scratch);
void nqi_ref_conv_backward_weight(nqi_real *dw, nqi_real *db, const nqi_real *dy, size_t lddy,
                                  const nqi_real *x, size_t ldx, size_t out, size_t in,
                                  size_t height, size_t width, size_t rows, nqi_real *scratch);
size_t nqi_ref_conv_scratch(size_t out, size_t in, size_t height, size_t width, size_t rows);
void nqi_ref_pool(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                  size_t height, size_t width, size_t factor, size_t rows, int mean,
                  int accumulate);
void nqi_ref_unpool(nqi_real *y, size_t ldy, const nqi_real *x, size_t ldx, size_t planes,
                    size_t height, size_t width, size_t factor, size_t rows, int mean,
                    int accumulate);

void nqi_ref_activate(nqi_activation kind, nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_activate_backward(nqi_activation kind, nqi_real *dx, const nqi_real *dy,
                               const nqi_real *x, const nqi_real *y, size_t n, int accumulate);
void nqi_ref_vexp(nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_vlog(nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_vadd(nqi_real *y, const nqi_real *x, size_t n);

void nqi_ref_rbf_forward(nqi_real *h, size_t ldh, const nqi_real *x, size_t ldx,
                         const nqi_real *centres, const nqi_real *log_width, size_t units,
                         size_t dim, size_t rows);
void nqi_ref_rbf_backward(nqi_real *dx, size_t lddx, nqi_real *dcentres, nqi_real *dlog_width,
                          const nqi_real *dh, size_t lddh, const nqi_real *h, size_t ldh,
                          const nqi_real *x, size_t ldx, const nqi_real *centres,
                          const nqi_real *log_width, size_t units, size_t dim, size_t rows,
                          int accumulate);

void nqi_ref_random_bits(uint32_t *out, const nqi_stream *stream, uint64_t first, size_t n);
void nqi_ref_random_uniform(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n);
void nqi_ref_random_normal(nqi_real *out, const nqi_stream *stream, uint64_t first, size_t n);
void nqi_ref_random_bits_rows(uint32_t *out, size_t ld, const nqi_stream *stream, size_t rows,
                              size_t dim);
void nqi_ref_random_uniform_rows(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                                 size_t dim);
void nqi_ref_random_normal_rows(nqi_real *out, size_t ld, const nqi_stream *stream, size_t rows,
                                size_t dim);

void nqi_ref_gaussian_corrupt(nqi_real *x_t, const nqi_real *x_0, const nqi_real *noise,
                              size_t ld, const nqi_gaussian_step *step, size_t dim, size_t rows);
void nqi_ref_gaussian_divergence(nqi_real *kl, nqi_real *dz, nqi_real *dz_var, const nqi_real *z,
                                 const nqi_real *z_var, const nqi_real *x_0,
                                 const nqi_real *noise, size_t ld, const nqi_gaussian_step *step,
                                 nqi_real weight, size_t dim, size_t rows);
void nqi_ref_gaussian_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                              const nqi_real *z_var, const nqi_real *noise, size_t ld,
                              const nqi_gaussian_step *step, size_t dim, size_t rows);
void nqi_ref_belief_divergence(nqi_real *kl, nqi_real *dz, nqi_real *dz_var, const nqi_real *z,
                               const nqi_real *z_var, const nqi_real *x_0, const nqi_real *noise,
                               size_t ld, const nqi_gaussian_step *step, nqi_real weight,
                               size_t dim, size_t rows);
void nqi_ref_belief_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                            const nqi_real *z_var, const nqi_real *noise, size_t ld,
                            const nqi_gaussian_step *step, size_t dim, size_t rows);

void nqi_ref_binomial_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits, size_t ld,
                              const nqi_binomial_step *steps, size_t step_stride, size_t dim,
                              size_t rows);
void nqi_ref_binomial_divergence(nqi_real *kl, nqi_real *dz, const nqi_real *z,
                                 const nqi_real *x_0, const nqi_real *x_t, size_t ld,
                                 const nqi_binomial_step *steps, size_t step_stride,
                                 nqi_real weight, size_t dim, size_t rows);
void nqi_ref_binomial_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                              const uint32_t *bits, size_t ld, const nqi_binomial_step *steps,
                              size_t step_stride, size_t dim, size_t rows);

void nqi_ref_levels_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits, size_t ld,
                            const nqi_levels *levels, const nqi_levels_step *step, size_t dim,
                            size_t rows);
void nqi_ref_levels_divergence(nqi_real *kl, nqi_real *dz, const nqi_real *z, size_t level_stride,
                               const nqi_real *x_0, const nqi_real *x_t, size_t ld,
                               const nqi_levels *levels, const nqi_levels_step *step,
                               nqi_real weight, size_t dim, size_t rows);
void nqi_ref_levels_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                            size_t level_stride, const uint32_t *bits, size_t ld,
                            const nqi_levels *levels, const nqi_levels_step *step, size_t dim,
                            size_t rows);

void nqi_ref_adam(nqi_real *w, nqi_real *m, nqi_real *v, const nqi_real *gradient, size_t n,
                  const nqi_adam *adam);
void nqi_ref_rmsprop(nqi_real *w, nqi_real *v, const nqi_real *gradient, size_t n, double rate,
                     double decay, double epsilon);
void nqi_ref_average(nqi_real *average, const nqi_real *w, size_t n, double keep);
void nqi_ref_adam_average(nqi_real *w, nqi_real *m, nqi_real *v, nqi_real *average,
                          const nqi_real *gradient, size_t n, const nqi_adam *adam, double keep);
double nqi_ref_sum_squares(const nqi_real *x, size_t n);

#endif
