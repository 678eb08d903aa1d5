/* bits.h - nats as bits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_BITS_H
#define NQI_MEASURE_BITS_H

#define NQI_BITS_PER_NAT 1.4426950408889634 /* 1 / log 2 */

#endif
