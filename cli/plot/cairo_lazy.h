/* cairo_lazy.h - cairo's functions, found only when a figure is drawn. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_CAIRO_LAZY_H
#define NONEQ_CLI_CAIRO_LAZY_H

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

/* cairo brings some twenty libraries, which take longer to load than the rest of the program, and
 * some of which end the process where memory is short. Only `noneq plot` pays for that. */
/* clang-format off */
#define CAIRO_FUNCTIONS(X) \
    X(cairo_arc) X(cairo_clip) X(cairo_close_path) X(cairo_create) X(cairo_destroy) \
    X(cairo_fill) X(cairo_get_source) X(cairo_image_surface_create) \
    X(cairo_image_surface_create_for_data) X(cairo_line_to) X(cairo_move_to) \
    X(cairo_new_sub_path) X(cairo_paint) X(cairo_pattern_set_filter) \
    X(cairo_pdf_surface_create_for_stream) X(cairo_pdf_surface_set_metadata) X(cairo_rectangle) \
    X(cairo_rel_line_to) X(cairo_restore) X(cairo_rotate) X(cairo_save) X(cairo_scale) \
    X(cairo_select_font_face) X(cairo_set_dash) X(cairo_set_font_size) X(cairo_set_line_cap) \
    X(cairo_set_line_join) X(cairo_set_line_width) X(cairo_set_source_rgb) \
    X(cairo_set_source_rgba) X(cairo_set_source_surface) X(cairo_show_text) X(cairo_status) \
    X(cairo_status_to_string) X(cairo_stroke) X(cairo_surface_destroy) X(cairo_surface_finish) \
    X(cairo_surface_status) X(cairo_surface_write_to_png_stream) \
    X(cairo_svg_surface_create_for_stream) X(cairo_text_extents) X(cairo_translate)

struct cairo_functions {
#define CAIRO_FIELD(name) __typeof__(name) *name;
    CAIRO_FUNCTIONS(CAIRO_FIELD)
#undef CAIRO_FIELD
};

extern struct cairo_functions cairo_found;

/* Fills a struct of pointers to functions with those of a library that have these names, one behind
 * the other with an empty one at the end. 0: there is no such library, or not all of them. */
int functions_find(void *out, const char *library_path, const char *wanted);

/* Finds all of them; before any is called. Returns an exit status and has printed why not. */
int cairo_load(void);

#ifndef CAIRO_LAZY_PLAIN
#define cairo_arc cairo_found.cairo_arc
#define cairo_clip cairo_found.cairo_clip
#define cairo_close_path cairo_found.cairo_close_path
#define cairo_create cairo_found.cairo_create
#define cairo_destroy cairo_found.cairo_destroy
#define cairo_fill cairo_found.cairo_fill
#define cairo_get_source cairo_found.cairo_get_source
#define cairo_image_surface_create cairo_found.cairo_image_surface_create
#define cairo_image_surface_create_for_data cairo_found.cairo_image_surface_create_for_data
#define cairo_line_to cairo_found.cairo_line_to
#define cairo_move_to cairo_found.cairo_move_to
#define cairo_new_sub_path cairo_found.cairo_new_sub_path
#define cairo_paint cairo_found.cairo_paint
#define cairo_pattern_set_filter cairo_found.cairo_pattern_set_filter
#define cairo_pdf_surface_create_for_stream cairo_found.cairo_pdf_surface_create_for_stream
#define cairo_pdf_surface_set_metadata cairo_found.cairo_pdf_surface_set_metadata
#define cairo_rectangle cairo_found.cairo_rectangle
#define cairo_rel_line_to cairo_found.cairo_rel_line_to
#define cairo_restore cairo_found.cairo_restore
#define cairo_rotate cairo_found.cairo_rotate
#define cairo_save cairo_found.cairo_save
#define cairo_scale cairo_found.cairo_scale
#define cairo_select_font_face cairo_found.cairo_select_font_face
#define cairo_set_dash cairo_found.cairo_set_dash
#define cairo_set_font_size cairo_found.cairo_set_font_size
#define cairo_set_line_cap cairo_found.cairo_set_line_cap
#define cairo_set_line_join cairo_found.cairo_set_line_join
#define cairo_set_line_width cairo_found.cairo_set_line_width
#define cairo_set_source_rgb cairo_found.cairo_set_source_rgb
#define cairo_set_source_rgba cairo_found.cairo_set_source_rgba
#define cairo_set_source_surface cairo_found.cairo_set_source_surface
#define cairo_show_text cairo_found.cairo_show_text
#define cairo_status cairo_found.cairo_status
#define cairo_status_to_string cairo_found.cairo_status_to_string
#define cairo_stroke cairo_found.cairo_stroke
#define cairo_surface_destroy cairo_found.cairo_surface_destroy
#define cairo_surface_finish cairo_found.cairo_surface_finish
#define cairo_surface_status cairo_found.cairo_surface_status
#define cairo_surface_write_to_png_stream cairo_found.cairo_surface_write_to_png_stream
#define cairo_svg_surface_create_for_stream cairo_found.cairo_svg_surface_create_for_stream
#define cairo_text_extents cairo_found.cairo_text_extents
#define cairo_translate cairo_found.cairo_translate
#endif
/* clang-format on */

#endif
