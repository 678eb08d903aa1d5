/* ref.h - the slots of the reference table, one group per file; see ops.h for what each does. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_REF_H
#define NQI_BACKEND_REF_H

#include "backend/ops.h"
#include "core/real.h"

void nqi_ref_dense_forward(nqi_matrix y, nqi_const_matrix w, const nqi_real *b,
                           nqi_const_matrix x, nqi_dense_size size, int accumulate);
void nqi_ref_dense_backward_input(nqi_matrix dx, nqi_const_matrix w, nqi_const_matrix dy,
                                  nqi_dense_size size, int accumulate);
void nqi_ref_dense_backward_weight(nqi_matrix dw, nqi_real *db, nqi_const_matrix dy,
                                   nqi_const_matrix x, nqi_dense_size size, int accumulate,
                                   nqi_real *scratch);

void nqi_ref_conv_forward(nqi_matrix y, const nqi_real *w, const nqi_real *b, nqi_const_matrix x,
                          nqi_conv_size size, nqi_activation act, int accumulate,
                          nqi_real *scratch);
void nqi_ref_conv_backward_input(nqi_matrix dx, const nqi_real *w, nqi_const_matrix dy,
                                 nqi_conv_size size, int accumulate, nqi_real *scratch);
void nqi_ref_conv_backward_weight(nqi_real *dw, nqi_real *db, nqi_const_matrix dy,
                                  nqi_const_matrix x, nqi_conv_size size, nqi_real *scratch);
size_t nqi_ref_conv_scratch(nqi_conv_size size);
void nqi_ref_pool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                  int accumulate);
void nqi_ref_unpool(nqi_matrix y, nqi_const_matrix x, nqi_window_size size, int mean,
                    int accumulate);

void nqi_ref_activate(nqi_activation kind, nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_activate_backward(nqi_activation kind, nqi_real *dx, const nqi_real *dy,
                               const nqi_real *x, const nqi_real *y, size_t n, int accumulate);
void nqi_ref_vexp(nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_vlog(nqi_real *y, const nqi_real *x, size_t n);
void nqi_ref_vadd(nqi_real *y, const nqi_real *x, size_t n);

void nqi_ref_rbf_forward(nqi_matrix h, nqi_const_matrix x, nqi_rbf_basis basis, size_t rows);
void nqi_ref_rbf_backward(nqi_matrix dx, nqi_rbf_gradient sums, nqi_const_matrix dh,
                          nqi_const_matrix h, nqi_const_matrix x, nqi_rbf_basis basis,
                          size_t rows, int accumulate);

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
                              const nqi_gaussian_step *step, nqi_extent size);
void nqi_ref_gaussian_divergence(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                                 const nqi_real *x_0, const nqi_real *noise,
                                 const nqi_gaussian_step *step, nqi_extent size);
void nqi_ref_gaussian_reverse(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                              const nqi_real *noise, const nqi_gaussian_step *step,
                              nqi_extent size);
void nqi_ref_belief_divergence(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                               const nqi_real *x_0, const nqi_real *noise,
                               const nqi_gaussian_step *step, nqi_extent size);
void nqi_ref_belief_reverse(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                            const nqi_real *noise, const nqi_gaussian_step *step,
                            nqi_extent size);

void nqi_ref_binomial_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                              nqi_binomial_steps steps, nqi_extent size);
void nqi_ref_binomial_divergence(nqi_real *kl, nqi_slope slope, const nqi_real *z,
                                 const nqi_real *x_0, const nqi_real *x_t,
                                 nqi_binomial_steps steps, nqi_extent size);
void nqi_ref_binomial_reverse(nqi_real *out, const nqi_real *x_t, const nqi_real *z,
                              const uint32_t *bits, nqi_binomial_steps steps, nqi_extent size);

void nqi_ref_levels_corrupt(nqi_real *x_t, const nqi_real *x_0, const uint32_t *bits,
                            const nqi_levels *levels, nqi_extent size);
void nqi_ref_levels_divergence(nqi_real *kl, nqi_slope slope, nqi_const_matrix z,
                               const nqi_real *x_0, const nqi_real *x_t, const nqi_levels *levels,
                               nqi_extent size);
void nqi_ref_levels_reverse(nqi_real *out, const nqi_real *x_t, nqi_const_matrix z,
                            const uint32_t *bits, const nqi_levels *levels, nqi_extent size);

void nqi_ref_law_mix(nqi_real *y, const nqi_real *w, const nqi_real *x, nqi_dense_size size,
                     int transposed);
void nqi_ref_law_multiply(nqi_real *y, const nqi_real *x, nqi_real *sum, size_t count,
                          size_t rows);
void nqi_ref_law_divide(nqi_real *y, const nqi_real *x, size_t count, size_t rows);

void nqi_ref_adam(nqi_real *w, nqi_real *m, nqi_real *v, const nqi_real *gradient, size_t n,
                  const nqi_adam *adam);
void nqi_ref_rmsprop(nqi_real *w, nqi_real *v, const nqi_real *gradient, size_t n, double rate,
                     double decay, double epsilon);
void nqi_ref_average(nqi_real *average, const nqi_real *w, size_t n, double keep);
void nqi_ref_adam_average(nqi_real *w, nqi_real *m, nqi_real *v, nqi_real *average,
                          const nqi_real *gradient, size_t n, const nqi_adam *adam, double keep);
double nqi_ref_sum_squares(const nqi_real *x, size_t n);

#endif
