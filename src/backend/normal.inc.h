/* normal.inc.h - Box-Muller on 32-bit words, in operations that round the same on every machine. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template, for files that are compiled without contraction. Defines normal_log and normal_pair.
 * Takes, for a scalar or for vectors of one width:
 *   F, I, U                    float, int32_t, uint32_t
 *   TO_FLOAT(i), TO_INT(u)     conversions of values, I to F and U to I (modulo 2^32)
 *   AS_FLOAT, AS_INT, AS_UINT  the same bits as another type
 *   SQUARE_ROOT(x)             correctly rounded
 * Only + - * square roots, conversions and integer operations are used, in a fixed order, so that
 * every backend draws the same numbers. The absolute error is below 1e-6, but for radii under
 * 0.05 (one pair in 800), where the uniform's 24 bits make it 3e-8 / radius. */
#ifndef NQI_BACKEND_NORMAL_H
#define NQI_BACKEND_NORMAL_H

/* log of a normal float32: x = 2^e m with m in [0.707, 1.414) and log m = f + f^2 p(f), f = m - 1,
 * with p a minimax fit (relative error of the sum 3e-8). */
static inline F normal_log(F x)
{
    const I exponent = (AS_INT(x) - 0x3f3504f3) >> 23;
    const F f = AS_FLOAT(AS_INT(x) - exponent * 0x800000) - 1.0f;
    F p = f * 0.087340957f - 0.14307208f;
    p = p * f + 0.14918096f;
    p = p * f - 0.16570556f;
    p = p * f + 0.19962065f;
    p = p * f - 0.25001753f;
    p = p * f + 0.33333950f;
    p = p * f - 0.49999992f;
    return TO_FLOAT(exponent) * 0.69314718f + (f + f * f * p);
}

/* Two independent normals. The radius comes from (a + 1) 2^-32 in (0, 1], made of halves because
 * not every processor converts unsigned numbers. The angle b 2^-32 of a turn is split into
 * quarters and a rest within an eighth of a turn, where sine and cosine are short polynomials. */
static inline void normal_pair(F *cosine, F *sine, U a, U b)
{
    const F high = TO_FLOAT(TO_INT(a >> 16)), low = TO_FLOAT(TO_INT(a & 0xffff) + 1);
    const F uniform = (high * 65536.0f + low) * 0x1p-32f;
    const F radius = SQUARE_ROOT(normal_log(uniform) * -2.0f);

    const U quarter = (b + 0x20000000u) >> 30;
    const F x = TO_FLOAT(TO_INT(b - (quarter << 30))) * 1.4629181e-9f; /* pi / 2 / 2^30 */
    const F u = x * x;
    const F s = x + x * u * ((u * -0.00019515281f + 0.0083321607f) * u - 0.16666655f);
    const F c =
        (1.0f - u * 0.5f) + u * u * ((u * 2.4438446e-5f - 0.0013887367f) * u + 0.041666647f);

    const U odd = 0 - (quarter & 1); /* all bits: sine and cosine change places */
    const U swap = (AS_UINT(s) ^ AS_UINT(c)) & odd;
    const U cosine_sign = ((quarter + 1) & 2) << 30, sine_sign = (quarter & 2) << 30;
    *cosine = radius * AS_FLOAT(AS_UINT(c) ^ swap ^ cosine_sign);
    *sine = radius * AS_FLOAT(AS_UINT(s) ^ swap ^ sine_sign);
}

#endif
