/* denormals.c - the floating-point mode in which all array work is done. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/thread/denormals.h"

#if defined(__x86_64__) || defined(__SSE2__)

/* MXCSR: all exceptions masked, flush to zero (bit 15), denormals are zero (bit 6). */
enum { MASKED = 0x1f80, FLUSH = 0x8000, ARE_ZERO = 0x0040 };

unsigned nqi_denormals_flush(void)
{
    const unsigned mode = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(MASKED | FLUSH | ARE_ZERO);
    return mode;
}

void nqi_denormals_restore(unsigned mode)
{
    __builtin_ia32_ldmxcsr(mode);
}

#elif defined(__aarch64__)

unsigned nqi_denormals_flush(void)
{
    const unsigned long long flush = 1ull << 24; /* FPCR.FZ; the rest zero: to nearest */
    unsigned long long mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    __asm__ volatile("msr fpcr, %0" : : "r"(flush));
    return (unsigned)mode;
}

void nqi_denormals_restore(unsigned mode)
{
    __asm__ volatile("msr fpcr, %0" : : "r"((unsigned long long)mode));
}

#else

unsigned nqi_denormals_flush(void)
{
    return 0;
}

void nqi_denormals_restore(unsigned mode)
{
    (void)mode;
}

#endif
