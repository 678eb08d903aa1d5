/* random.h - the slots in files of their own, which are compiled without contraction. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_RANDOM_H
#define NQI_BACKEND_CPU_RANDOM_H

#include "backend/ops.h"

#define NQI_RANDOM_SLOTS(isa)                                                                    \
    void nqi_##isa##_random_bits(uint32_t *out, const nqi_stream *stream, uint64_t first,        \
                                 size_t n);                                                      \
    void nqi_##isa##_random_uniform(float *out, const nqi_stream *stream, uint64_t first,        \
                                    size_t n);                                                   \
    void nqi_##isa##_random_normal(float *out, const nqi_stream *stream, uint64_t first,         \
                                   size_t n);                                                    \
    void nqi_##isa##_random_bits_rows(uint32_t *out, size_t ld, const nqi_stream *stream,        \
                                      size_t rows, size_t dim);                                  \
    void nqi_##isa##_random_uniform_rows(float *out, size_t ld, const nqi_stream *stream,        \
                                         size_t rows, size_t dim);                               \
    void nqi_##isa##_random_normal_rows(float *out, size_t ld, const nqi_stream *stream,         \
                                        size_t rows, size_t dim);                                \
    void nqi_##isa##_random_permute(uint64_t *out, const nqi_stream *stream, uint64_t first,     \
                                    size_t n, uint64_t count);

NQI_RANDOM_SLOTS(avx512)
NQI_RANDOM_SLOTS(avx2)
NQI_RANDOM_SLOTS(generic)

#endif
