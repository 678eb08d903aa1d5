/* roles.c - random roles for the cells of training rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/draw/roles.h"

/* Numbers of a row are ld apart. */
static void row_marks(nqi_real *marks, const nqi_real *known, const nqi_real *absent, size_t dim,
                      size_t ld)
{
    int given = 1; /* all that was observed */
    for (size_t i = 0; i < dim; i++)
        given &= !(marks[i * ld] > 0) || known[i * ld] > 0;
    for (size_t i = 0; i < dim; i++) {
        nqi_real *mark = marks + i * ld;
        if (known[i * ld] > 0 || absent[i * ld] > 0)
            *mark = 0;
        else if (*mark < 0)
            *mark = given ? 0 : 1;
    }
}

static void row_draw(const nq_model *model, nqi_batch *batch, nqi_real *roles,
                     const nqi_stream *stream, size_t first, size_t r)
{
    const size_t dim = model->process.dim, ld = batch->tape.ld;
    nqi_real *known = roles + r, *absent = known + dim * ld;
    nqi_stream own = *stream;
    own.item = (uint32_t)(first + r);
    if (model->regressor.type->of_pictures)
        nqi_roles_of_picture(known, absent, ld, &model->picture, &own);
    else
        nqi_model_draw_roles(model, known, absent, ld, stream, first + r);
    row_marks(batch->observed + r, known, absent, dim, ld);
}

void nqi_roles_draw(const nq_model *model, nqi_batch *batch, nqi_real *roles,
                    const nqi_stream *stream, size_t first)
{
    const size_t dim = model->process.dim, ld = batch->tape.ld;
    for (size_t r = 0; r < batch->tape.rows; r++)
        if (!nqi_roles_is_joint(first + r)) {
            row_draw(model, batch, roles, stream, first, r);
        } else {
            for (size_t i = 0; i < NQI_ROLES * dim; i++)
                roles[i * ld + r] = 0;
        }
    batch->roles = roles;
    nqi_model_settle_known(model, batch);
}
