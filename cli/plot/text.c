/* text.c - text on a page: cairo's own for letters that any font has, Pango's for other scripts,
 * which need their own fonts, an order and joined letters. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "message.h"
#include "plot/canvas.h"

static const char family[] = "sans-serif", dots[] = "\xe2\x80\xa6";
static const double UNITS = 1024, TURN_LEFT = -1.5707963267948966; /* Pango's units of a point */

/* Pango's functions are declared here, since its objects are pointers alone. */
#define PANGO_FUNCTIONS(X)                                                                       \
    X(void *, pango_cairo_create_layout, (cairo_t *))                                            \
    X(void, pango_cairo_show_layout, (cairo_t *, void *))                                        \
    X(void *, pango_font_description_from_string, (const char *))                                \
    X(void, pango_font_description_set_absolute_size, (void *, double))                          \
    X(void, pango_font_description_free, (void *))                                               \
    X(void, pango_layout_set_font_description, (void *, const void *))                           \
    X(void, pango_layout_set_text, (void *, const char *, int))                                  \
    X(void, pango_layout_get_size, (void *, int *, int *))                                       \
    X(int, pango_layout_get_baseline, (void *))                                                  \
    X(int, pango_layout_get_unknown_glyphs_count, (void *))                                      \
    X(void, g_object_unref, (void *))

struct pango_functions {
#define PANGO_FIELD(result, name, arguments) result(*name) arguments;
    PANGO_FUNCTIONS(PANGO_FIELD)
#undef PANGO_FIELD
};

#define PANGO_NAME(result, name, arguments) #name "\0"
static const char pango_names[] = PANGO_FUNCTIONS(PANGO_NAME);
#undef PANGO_NAME

/* Beyond Latin, Greek and Cyrillic, and signs of mathematics. */
static int is_foreign(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if ((*c >= 0xd6 && *c < 0xe1) || *c >= 0xe3 || (*c == 0xe1 && c[1] < 0xb8) ||
            (*c == 0xe2 && c[1] >= 0xb0))
            return 1;
    return 0;
}

static void missing_remember(canvas *page, const char *text)
{
    if (!page->missing[0])
        strncpy(page->missing, text, sizeof page->missing - 1);
}

/* The layout of a text in a script of its own; NULL: it has none, or Pango is not here. */
static void *layout_new(struct pango_functions *pango, canvas *page, double size,
                        const char *text)
{
    if (!is_foreign(text))
        return NULL;
    if (!functions_find(pango, "libpangocairo-1.0.so.0", pango_names)) {
        page->has_no_pango = 1;
        missing_remember(page, text);
        return NULL;
    }
    void *layout = pango->pango_cairo_create_layout(page->cairo);
    void *font = pango->pango_font_description_from_string(family);
    pango->pango_font_description_set_absolute_size(font, size * UNITS);
    pango->pango_layout_set_font_description(layout, font);
    pango->pango_font_description_free(font);
    pango->pango_layout_set_text(layout, text, -1);
    if (pango->pango_layout_get_unknown_glyphs_count(layout) > 0)
        missing_remember(page, text);
    return layout;
}

void canvas_missing_tell(const canvas *page)
{
    if (!page->missing[0] || page->is_quiet)
        return;
    message_note(page->has_no_pango
                     ? "'%s' is drawn right where Pango is (Debian: libpangocairo-1.0-0)"
                     : "no font has all letters of '%s', which are boxes (Debian: fonts-noto, "
                       "fonts-noto-cjk)",
                 shown(page->missing).text);
}

static void font_set(canvas *page, double size, cairo_font_weight_t weight)
{
    cairo_select_font_face(page->cairo, family, CAIRO_FONT_SLANT_NORMAL, weight);
    cairo_set_font_size(page->cairo, size);
}

/* Draws, if `pen` is down, and returns the width; (x, y) is on the base line. */
static double text_put(canvas *page, double x, double y, double size, double align,
                       const char *text, int pen)
{
    struct pango_functions pango;
    cairo_text_extents_t extents;
    void *layout = layout_new(&pango, page, size, text);
    if (!layout) {
        cairo_text_extents(page->cairo, text, &extents);
        if (pen) {
            cairo_move_to(page->cairo, x - extents.x_advance * align, y);
            cairo_show_text(page->cairo, text);
        }
        return extents.x_advance;
    }
    int width, height;
    pango.pango_layout_get_size(layout, &width, &height);
    if (pen) {
        cairo_move_to(page->cairo, x - width / UNITS * align,
                      y - pango.pango_layout_get_baseline(layout) / UNITS);
        pango.pango_cairo_show_layout(page->cairo, layout);
    }
    pango.g_object_unref(layout);
    return width / UNITS;
}

void canvas_text(canvas *page, double x, double y, double size, text_align align, ink colour,
                 const char *text)
{
    canvas_ink(page, colour, 1);
    font_set(page, size, CAIRO_FONT_WEIGHT_NORMAL);
    text_put(page, x, y, size, 0.5 * (double)align, shown(text).text, 1);
}

double canvas_text_width(canvas *page, double size, const char *text)
{
    font_set(page, size, CAIRO_FONT_WEIGHT_NORMAL);
    return text_put(page, 0, 0, size, 0, shown(text).text, 0);
}

static int is_inside_letter(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The text with its middle left out, `kept` bytes or a little less of it; both ends tell names
 * apart. */
static void middle_cut(char *out, const char *text, size_t length, size_t kept)
{
    size_t head = kept - kept / 3, tail = length - kept / 3;
    while (head && is_inside_letter(text[head]))
        head--;
    while (head && text[head - 1] == ' ')
        head--;
    while (tail < length && (is_inside_letter(text[tail]) || text[tail] == ' ' ||
                             (unsigned char)text[tail] == 0xcc)) /* an accent of what is gone */
        tail++;
    memcpy(out, text, head);
    strcpy(out + head, dots);
    memcpy(out + head + sizeof dots - 1, text + tail, length - tail + 1);
}

/* `weight`: of the font. Returns the width that was drawn. */
static double fitted_put(canvas *page, double x, double y, double size, double align,
                         const char *text, double width, cairo_font_weight_t weight)
{
    const shown_text whole = shown(text);
    const size_t length = strlen(whole.text);
    char part[sizeof whole.text + sizeof dots];
    size_t low = 0, high = length;
    font_set(page, size, weight);
    memcpy(part, whole.text, length + 1);
    if (text_put(page, 0, 0, size, 0, part, 0) > width) {
        while (high - low > 1) { /* `low` bytes fit, `high` do not */
            const size_t middle = (low + high) / 2;
            middle_cut(part, whole.text, length, middle);
            if (text_put(page, 0, 0, size, 0, part, 0) > width)
                high = middle;
            else
                low = middle;
        }
        middle_cut(part, whole.text, length, low);
    }
    return text_put(page, x, y, size, align, part, 1);
}

double canvas_text_within(canvas *page, double x, double y, double size, text_align align,
                          ink colour, const char *text, double width)
{
    canvas_ink(page, colour, 1);
    return fitted_put(page, x, y, size, 0.5 * (double)align, text, width,
                      CAIRO_FONT_WEIGHT_NORMAL);
}

void canvas_title(canvas *page, double x, double y, double size, const char *text, double width)
{
    canvas_ink(page, INK_BLACK, 1);
    fitted_put(page, x, y, size, 0, text, width, CAIRO_FONT_WEIGHT_BOLD);
}

void canvas_text_up(canvas *page, double x, double y, double size, ink colour, const char *text,
                    double width)
{
    cairo_save(page->cairo);
    cairo_translate(page->cairo, x, y);
    cairo_rotate(page->cairo, TURN_LEFT);
    canvas_text_within(page, 0, 0, size, ALIGN_CENTRE, colour, text, width);
    cairo_restore(page->cairo);
}
