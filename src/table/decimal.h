/* decimal.h - numbers rounded to so many decimals, so that they are written in few digits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_DECIMAL_H
#define NQI_TABLE_DECIMAL_H

/* The nearest multiple of 10^power, as the double that its decimal reads as; never -0. x itself
 * where that would not be exact: |power| above 22, or multiples from 2^53 on. */
double nqi_decimal_round(double x, int power);
/* x with so many significant digits. */
double nqi_decimal_digits(double x, int digits);

#endif
