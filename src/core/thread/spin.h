/* spin.h - one idle turn of a loop that waits for another thread. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_SPIN_H
#define NQI_CORE_THREAD_SPIN_H

/* Leaves the core to its other hyperthread for some tens of cycles. */
static inline void nqi_spin_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

#endif
