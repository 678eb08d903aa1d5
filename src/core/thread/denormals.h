/* denormals.h - the floating-point mode in which all array work is done. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_THREAD_DENORMALS_H
#define NQI_CORE_THREAD_DENORMALS_H

/* Sets this thread to rounding to nearest, no traps, and numbers below the smallest normal one
 * taken as zero (they make arithmetic many times slower and Adam's averages are full of them).
 * Returns the mode before, for nqi_denormals_restore. Every thread that takes part in a region
 * does so, that a result never depends on who computes it. Does nothing on processors that it
 * does not know. */
unsigned nqi_denormals_flush(void);
void nqi_denormals_restore(unsigned mode);

#endif
