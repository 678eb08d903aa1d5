/* roles_picture.c - random roles for the pixels of training pictures: what people ask for. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/draw/roles.h"

/* Lines top..bottom-1, and in them pixels left..right-1. */
typedef struct area {
    size_t top, bottom, left, right;
} area;

/* How pixels come to be targets. */
typedef enum shape { HALF, HOLES, FRAME, REST, PIXELS, SHAPES } shape;

/* Of so many pictures as many have that shape. */
static const unsigned often[SHAPES] = {
    [HALF] = 4, [HOLES] = 4, [FRAME] = 4, [REST] = 2, [PIXELS] = 2};
enum { OFTEN = 16, HOLES_MOST = 4, ABSENT_EVERY = 8 };

/* Numbers of a picture's stream, one after another. */
typedef struct draws {
    nqi_stream stream;
    uint64_t next;
} draws;

static size_t below(draws *d, size_t bound)
{
    return (size_t)nqi_stream_below(&d->stream, d->next++, bound);
}

/* A stretch of at least one of `side` pixels. */
static void stretch(draws *d, size_t side, size_t *first, size_t *last)
{
    const size_t length = 1 + below(d, side);
    *first = below(d, side - length + 1);
    *last = *first + length;
}

static area box(draws *d, const nq_picture *picture)
{
    area a;
    stretch(d, picture->height, &a.top, &a.bottom);
    stretch(d, picture->width, &a.left, &a.right);
    return a;
}

/* One side of a cut. */
static void cut(draws *d, size_t side, size_t *first, size_t *last)
{
    const size_t at = 1 + below(d, side > 1 ? side - 1 : 1);
    *(below(d, 2) && side > 1 ? first : last) = at;
}

static area half(draws *d, const nq_picture *picture)
{
    area a = {0, picture->height, 0, picture->width};
    if (below(d, 2))
        cut(d, picture->width, &a.left, &a.right);
    else
        cut(d, picture->height, &a.top, &a.bottom);
    return a;
}

/* Known pixels along some of the sides, as parts of a picture near the edges of a large hole
 * have. */
static area inside(draws *d, const nq_picture *picture)
{
    size_t margin[4];
    for (size_t k = 0; k < 4; k++) {
        const size_t side = k < 2 ? picture->height : picture->width;
        margin[k] = below(d, 2) ? below(d, (side + 1) / 2) : 0;
    }
    return (area){margin[0], picture->height - margin[1], margin[2], picture->width - margin[3]};
}

/* Every channel's mark of the pixels of an area becomes `value`. */
static void paint(nqi_real *mark, size_t ld, const nq_picture *picture, area a, nqi_real value)
{
    const size_t width = picture->width, pixels = width * picture->height;
    for (size_t c = 0; c < picture->channels; c++)
        for (size_t y = a.top; y < a.bottom; y++)
            for (size_t x = a.left; x < a.right; x++)
                mark[(c * pixels + y * width + x) * ld] = value;
}

/* Each pixel for itself, but one is a target in any case. */
static void paint_pixels(draws *d, nqi_real *mark, size_t ld, const nq_picture *picture)
{
    const size_t width = picture->width, pixels = width * picture->height;
    const size_t target = below(d, pixels);
    const double share = nqi_stream_uniform(&d->stream, d->next++) * 4294967296.0;
    for (size_t at = 0; at < pixels; at++)
        if (at == target || (double)nqi_stream_bits(&d->stream, 2 * d->next + at) >= share)
            paint(mark, ld, picture,
                  (area){at / width, at / width + 1, at % width, at % width + 1}, 0);
    d->next += (pixels + 1) / 2;
}

/* An area is known, unless it is all there is. */
static void paint_box(draws *d, nqi_real *mark, size_t ld, const nq_picture *picture)
{
    const area a = box(d, picture);
    if (a.bottom - a.top < picture->height || a.right - a.left < picture->width)
        paint(mark, ld, picture, a, 1);
}

static shape shape_of(draws *d)
{
    size_t at = below(d, OFTEN), s = 0;
    while (at >= often[s])
        at -= often[s++];
    return (shape)s;
}

/* mark: 0 of targets, 1 of the others. */
static void mark_draw(draws *d, nqi_real *mark, size_t ld, const nq_picture *picture)
{
    const area all = {0, picture->height, 0, picture->width};
    const shape s = shape_of(d);
    paint(mark, ld, picture, all, s != REST);
    switch (s) {
    case HALF:
        paint(mark, ld, picture, half(d, picture), 0);
        break;
    case HOLES:
        for (size_t left = 1 + below(d, HOLES_MOST); left > 0; left--)
            paint(mark, ld, picture, box(d, picture), 0);
        break;
    case FRAME:
        paint(mark, ld, picture, inside(d, picture), 0);
        break;
    case REST:
        paint_box(d, mark, ld, picture);
        break;
    default:
        paint_pixels(d, mark, ld, picture);
    }
}

void nqi_roles_of_picture(nqi_real *known, nqi_real *absent, size_t ld, const nq_picture *picture,
                          const nqi_stream *stream)
{
    draws d = {*stream, 0};
    const size_t numbers = picture->channels * picture->height * picture->width;
    const int has_absent = !below(&d, ABSENT_EVERY), has_known = below(&d, 2) > 0;
    mark_draw(&d, known, ld, picture);
    for (size_t i = 0; i < numbers; i++)
        absent[i * ld] = 0;
    if (!has_absent)
        return;
    if (has_known)
        mark_draw(&d, absent, ld, picture);
    for (size_t i = 0; i < numbers; i++) {
        absent[i * ld] = known[i * ld] * (has_known ? absent[i * ld] : 1);
        known[i * ld] -= absent[i * ld];
    }
}
