/* ref_belief.c - divergence and reverse step of real numbers whose variance is a belief's. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"
#include "backend/ref/ref_math.h"

/* z within the limit; not a number stays so. */
static nqi_real held(nqi_real z)
{
    return z > NQI_BELIEF_LIMIT    ? NQI_BELIEF_LIMIT
           : z < -NQI_BELIEF_LIMIT ? -NQI_BELIEF_LIMIT
                                   : z;
}

/* A slope that does not lead further out where z is beyond the limit. */
static nqi_real slope_back(nqi_real slope, nqi_real z)
{
    if ((z > NQI_BELIEF_LIMIT && slope < 0) || (z < -NQI_BELIEF_LIMIT && slope > 0))
        return 0;
    return slope;
}

/* In units of cs^2 the model's variance is e^z + v / cs^2. */
void nqi_ref_belief_divergence(nqi_real *kl, nqi_gaussian_slopes slopes, nqi_gaussian_z outputs,
                               const nqi_real *x_0, const nqi_real *noise,
                               const nqi_gaussian_step *step, nqi_extent size)
{
    const nqi_real *z = outputs.z, *z_var = outputs.z_var;
    for (size_t r = 0; r < size.rows; r++)
        kl[r] = 0;
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t r = 0; r < size.rows; r++) {
            const size_t at = i * size.ld + r;
            const nqi_real u = step->spread * x_0[at] - step->signal * noise[at];
            const nqi_real own = exp(held(z_var[at]));
            const nqi_real inverse = 1 / (own + step->rest), share = own * inverse;
            const nqi_real error = u - step->gain * z[at], square = error * error * inverse;
            kl[r] += (log1p(own * step->odds) - share + square) / 2;
            if (slopes.dz) {
                slopes.dz[at] = -slopes.weight * step->gain * error * inverse;
                slopes.dz_var[at] =
                    slopes.weight * slope_back(share * (share - square) / 2, z_var[at]);
            }
        }
    }
}

void nqi_ref_belief_reverse(nqi_real *out, const nqi_real *x_t, nqi_gaussian_z outputs,
                            const nqi_real *noise, const nqi_gaussian_step *step, nqi_extent size)
{
    const nqi_real *z = outputs.z, *z_var = outputs.z_var;
    const nqi_real gain = step->cs * step->gain, v = exp(step->log_v);
    for (size_t i = 0; i < size.dim; i++) {
        for (size_t at = i * size.ld; at < i * size.ld + size.rows; at++) {
            const nqi_real deviation = sqrt(v + step->cs * step->cs * exp(held(z_var[at])));
            out[at] = step->root_alpha * x_t[at] + gain * z[at] + deviation * noise[at];
        }
    }
}
