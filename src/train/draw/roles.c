/* roles.c - random roles for the cells of training rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/draw/roles.h"

#include <string.h>

#include "table/squares.h"

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

static void all_targets(nqi_real *roles, size_t dim, size_t ld)
{
    for (size_t i = 0; i < NQI_ROLES * dim; i++)
        roles[i * ld] = 0;
}

/* What a row is told of: no squares, those that are targets, or all. */
typedef enum telling { NONE, TARGETS, ALL } telling;

static telling telling_of(const nqi_stream *stream)
{
    enum { OFTEN = 4 };
    nqi_stream own = *stream;
    own.purpose = NQI_DRAW_TOLD;
    const size_t at = (size_t)nqi_stream_below(&own, 0, OFTEN);
    return at < ALL ? (telling)at : ALL;
}

/* Numbers of a picture are ld apart, and these of its first. */
typedef struct row_told {
    nqi_real *mean, *is_told;
    const nqi_real *x_0, *known, *absent;
} row_told;

/* Square k, if all its pixels are targets. */
static void tell_square(const row_told *row, size_t ld, const nq_picture *picture,
                        const nq_squares *s, size_t k)
{
    const size_t at = nqi_square_first(picture, s, k), each = s->side * s->side;
    double sum = 0;
    for (size_t i = 0; i < each; i++) {
        const size_t j = (at + nqi_square_pixel(picture, s, i)) * ld;
        if (row->known[j] > 0 || row->absent[j] > 0)
            return;
        sum += (double)row->x_0[j];
    }
    for (size_t i = 0; i < each; i++) {
        const size_t j = (at + nqi_square_pixel(picture, s, i)) * ld;
        row->mean[j] = (nqi_real)(sum / (double)each);
        row->is_told[j] = 1;
    }
}

static void tell_squares(const row_told *row, size_t ld, const nq_picture *picture, size_t side)
{
    const nq_squares all = {side, 0, 0, picture->height / side, picture->width / side};
    for (size_t k = 0; k < nqi_squares_count(picture, &all); k++)
        tell_square(row, ld, picture, &all, k);
}

static void row_draw(const nq_model *model, nqi_batch *batch, nqi_real *roles, nqi_real *told,
                     const nqi_stream *stream, size_t first, size_t r)
{
    const size_t dim = model->process.dim, ld = batch->tape.ld;
    nqi_real *known = roles + r, *absent = known + dim * ld;
    nqi_stream own = *stream;
    own.item = (uint32_t)(first + r);
    const telling how = told ? telling_of(&own) : NONE;
    if (how == ALL)
        all_targets(known, dim, ld);
    else if (model->regressor.type->of_pictures)
        nqi_roles_of_picture(known, absent, ld, &model->picture, &own);
    else
        nqi_model_draw_roles(model, known, absent, ld, stream, first + r);
    row_marks(batch->observed + r, known, absent, dim, ld);
    if (how == NONE)
        return;
    const row_told row = {told + r, told + dim * ld + r, batch->x_0 + r, known, absent};
    tell_squares(&row, ld, &model->picture, (size_t)model->options.squares);
}

void nqi_roles_draw(const nq_model *model, nqi_batch *batch, nqi_real *roles, nqi_real *told,
                    const nqi_stream *stream, size_t first)
{
    const size_t dim = model->process.dim, ld = batch->tape.ld;
    if (told)
        memset(told, 0, NQI_TOLD * dim * ld * sizeof *told);
    for (size_t r = 0; r < batch->tape.rows; r++)
        if (nqi_roles_is_joint(first + r))
            all_targets(roles + r, dim, ld);
        else
            row_draw(model, batch, roles, told, stream, first, r);
    batch->roles = roles;
    batch->told = told;
    nqi_model_settle_known(model, batch);
}
