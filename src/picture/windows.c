/* windows.c - holes of a picture, and the windows that they are drawn in. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "core/grow.h"
#include "picture/windows.h"

/* A side of a box and what is seen of it: cut into `parts`, with `margin` around each. */
typedef struct side {
    size_t parts, margin;
    size_t grid; /* cuts lie at its multiples */
} side;

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_of(size_t a, size_t b)
{
    return a > b ? a : b;
}

static nqi_box box_grow(nqi_box box, size_t across, size_t down, const nq_picture *picture)
{
    return (nqi_box){box.left - least_of(box.left, across), box.top - least_of(box.top, down),
                     least_of(box.right + across, picture->width),
                     least_of(box.bottom + down, picture->height)};
}

static int boxes_overlap(nqi_box a, nqi_box b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static nqi_box box_union(nqi_box a, nqi_box b)
{
    return (nqi_box){least_of(a.left, b.left), least_of(a.top, b.top), most_of(a.right, b.right),
                     most_of(a.bottom, b.bottom)};
}

/* A side as long as the whole picture needs no margin. Where half the margin is enough to draw a
 * box at once, it is drawn at once: a cut costs more than far pixels give. */
static side side_plan(size_t length, size_t whole, const nqi_window_rules *rules)
{
    const size_t narrow = least_of(rules->margin, rules->most / 4);
    const size_t most = rules->most - 2 * narrow;
    const size_t grid = rules->grid && 2 * rules->grid <= most ? rules->grid : 1;
    const size_t room = most - (grid - 1); /* a cut may lie so much beside equal parts */
    if (whole <= rules->most)
        return (side){1, rules->margin, 1};
    if (length + rules->margin <= rules->most)
        return (side){1, least_of(rules->margin, (rules->most - length) / 2), 1};
    return (side){(length + room - 1) / room, narrow, grid};
}

/* Rounds a stretch up to a multiple and moves it back inside 0..whole. */
static void stretch_round(size_t *first, size_t *last, size_t whole, size_t multiple)
{
    const size_t wanted = (*last - *first + multiple - 1) / multiple * multiple;
    const size_t length = least_of(wanted, whole);
    *first = least_of(*first, whole - length);
    *last = *first + length;
}

/* Moves a stretch back to a multiple of the grid, unless it would end before what is filled. */
static void stretch_align(size_t *first, size_t *last, size_t filled, size_t grid)
{
    const size_t beside = grid ? *first % grid : 0;
    if (*last - beside < filled)
        return;
    *first -= beside;
    *last -= beside;
}

static nq_status window_add(nqi_window_list *list, nq_context *context, nqi_window window)
{
    if (!nqi_grow(&list->items, &list->room, list->count + 1, sizeof *list->items))
        return nqi_fail_memory(context, "windows of a picture",
                               (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = window;
    return NQ_OK;
}

static int box_has_unknown(const unsigned char *unknown, const nq_picture *picture, nqi_box box)
{
    for (size_t y = box.top; y < box.bottom; y++)
        for (size_t x = box.left; x < box.right; x++)
            if (unknown[y * picture->width + x])
                return 1;
    return 0;
}

/* Where part i of a stretch begins. */
static size_t cut_at(size_t first, size_t last, size_t i, const side *of)
{
    const size_t at = first + (last - first) * i / of->parts;
    return i == of->parts ? last : most_of(at / of->grid * of->grid, first);
}

/* The windows of one box; unknown NULL: all of it is to be filled. */
static nq_status box_cut(nqi_window_list *out, nq_context *context, nqi_box box,
                         const unsigned char *unknown, const nq_picture *picture,
                         const nqi_window_rules *rules)
{
    const size_t width = box.right - box.left, height = box.bottom - box.top;
    const side across = side_plan(width, picture->width, rules);
    const side down = side_plan(height, picture->height, rules);
    nq_status status = NQ_OK;
    for (size_t p = 0; p < across.parts * down.parts && !status; p++) {
        const size_t i = p % across.parts, j = p / across.parts;
        const nqi_box part = {cut_at(box.left, box.right, i, &across),
                              cut_at(box.top, box.bottom, j, &down),
                              cut_at(box.left, box.right, i + 1, &across),
                              cut_at(box.top, box.bottom, j + 1, &down)};
        nqi_window window = {box_grow(part, across.margin, down.margin, picture), part};
        if (part.left == part.right || part.top == part.bottom)
            continue;
        if (unknown && !box_has_unknown(unknown, picture, part))
            continue;
        stretch_round(&window.seen.left, &window.seen.right, picture->width, rules->multiple);
        stretch_round(&window.seen.top, &window.seen.bottom, picture->height, rules->multiple);
        stretch_align(&window.seen.left, &window.seen.right, part.right, rules->grid);
        stretch_align(&window.seen.top, &window.seen.bottom, part.bottom, rules->grid);
        status = window_add(out, context, window);
    }
    return status;
}

/* Adds a hole to disjoint windows: whatever it now overlaps becomes one with it. */
static nq_status hole_add(nqi_window_list *holes, nq_context *context, nqi_box box,
                          const nq_picture *picture, size_t margin)
{
    nqi_window hole = {box_grow(box, margin, margin, picture), box};
    for (size_t i = 0; i < holes->count;) {
        if (!boxes_overlap(holes->items[i].seen, hole.seen)) {
            i++;
            continue;
        }
        hole.filled = box_union(hole.filled, holes->items[i].filled);
        hole.seen = box_grow(hole.filled, margin, margin, picture);
        holes->items[i] = holes->items[--holes->count];
        i = 0;
    }
    return window_add(holes, context, hole);
}

/* Bounding box of the pixels connected to `start` by their sides; marks them with 2. stack has room
 * for all unknown pixels: each is put there once. */
static nqi_box hole_trace(unsigned char *mark, const nq_picture *picture, size_t start,
                          size_t *stack)
{
    const size_t width = picture->width, height = picture->height;
    nqi_box box = {start % width, start / width, start % width + 1, start / width + 1};
    size_t depth = 0;
    stack[depth++] = start;
    mark[start] = 2;
    while (depth) {
        const size_t at = stack[--depth], x = at % width, y = at / width;
        const size_t next[4] = {x ? at - 1 : at, x + 1 < width ? at + 1 : at, y ? at - width : at,
                                y + 1 < height ? at + width : at};
        box = box_union(box, (nqi_box){x, y, x + 1, y + 1});
        for (int k = 0; k < 4; k++)
            if (mark[next[k]] == 1) {
                mark[next[k]] = 2;
                stack[depth++] = next[k];
            }
    }
    return box;
}

static nq_status holes_find(nqi_window_list *holes, nq_context *context, unsigned char *mark,
                            const nq_picture *picture, size_t margin)
{
    const size_t pixels = picture->width * picture->height;
    size_t unknown = 0;
    for (size_t i = 0; i < pixels; i++)
        unknown += mark[i] != 0;
    size_t *stack = malloc((unknown + 1) * sizeof *stack);
    nq_status status = stack ? NQ_OK : nqi_fail_memory(context, "holes", unknown * sizeof *stack);
    for (size_t i = 0; i < pixels && !status; i++)
        if (mark[i] == 1)
            status =
                hole_add(holes, context, hole_trace(mark, picture, i, stack), picture, margin);
    free(stack);
    return status;
}

static int by_place(const void *a, const void *b)
{
    const nqi_box *x = &((const nqi_window *)a)->filled, *y = &((const nqi_window *)b)->filled;
    if (x->top != y->top)
        return x->top < y->top ? -1 : 1;
    return (x->left > y->left) - (x->left < y->left);
}

nq_status nqi_windows_over_holes(nqi_window_list *out, nq_context *context,
                                 const unsigned char *unknown, const nq_picture *picture,
                                 const nqi_window_rules *rules)
{
    const size_t pixels = picture->width * picture->height;
    nqi_window_list holes = {0};
    unsigned char *mark = malloc(pixels + 1);
    *out = (nqi_window_list){0};
    nq_status status = mark ? NQ_OK : nqi_fail_memory(context, "holes of a picture", pixels);
    for (size_t i = 0; mark && i < pixels; i++)
        mark[i] = unknown[i] != 0;
    if (!status)
        status = holes_find(&holes, context, mark, picture, rules->margin);
    if (holes.count)
        qsort(holes.items, holes.count, sizeof *holes.items, by_place);
    for (size_t i = 0; i < holes.count && !status; i++)
        status = box_cut(out, context, holes.items[i].filled, unknown, picture, rules);
    free(mark);
    nqi_windows_free(&holes);
    if (status)
        nqi_windows_free(out);
    return status;
}

nq_status nqi_windows_over_all(nqi_window_list *out, nq_context *context,
                               const nq_picture *picture, const nqi_window_rules *rules)
{
    const nqi_box all = {0, 0, picture->width, picture->height};
    *out = (nqi_window_list){0};
    const nq_status status = box_cut(out, context, all, NULL, picture, rules);
    if (status)
        nqi_windows_free(out);
    return status;
}

void nqi_windows_free(nqi_window_list *list)
{
    free(list->items);
    *list = (nqi_window_list){0};
}
