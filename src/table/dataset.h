/* dataset.h - inside of nq_dataset: its columns, where a row lies, and whose rows it shows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_DATASET_H
#define NQI_TABLE_DATASET_H

#include <noneq/data.h>

#include "core/real.h"
#include "table/column.h"

/* How the rows of a view are found among its parent's. */
typedef enum nqi_view_kind {
    NQI_VIEW_NONE,  /* no view: it has numbers of its own */
    NQI_VIEW_SLICE, /* row r is first + r */
    NQI_VIEW_PICK,  /* row r is list[r] */
    NQI_VIEW_OMIT,  /* the rows that are not in list, in their order */
    NQI_VIEW_DRAWN, /* row r is list[r], where rows may repeat; columns are what they are in the
                       parent's rows */
    NQI_VIEW_CROPS  /* row r is a rectangle of one of the parent's pictures */
} nqi_view_kind;

/* Crop (i, j) of a picture has its top left at (top + i step_y, left + j step_x). */
typedef struct nqi_crops {
    size_t top, left, step_x, step_y;
    size_t down, across; /* crops of a picture in each direction */
    int mirror;          /* each is followed by its mirror image */
} nqi_crops;

typedef struct nqi_view {
    nqi_view_kind kind;
    const nq_dataset *parent; /* borrowed */
    size_t first;
    uint64_t *list; /* [list_count] rows of the parent, ascending; owned */
    size_t list_count;
    nqi_crops crops;
} nqi_view;

/* How the numbers of a row lie where all are of one type and in one piece of memory. */
typedef struct nqi_row_layout {
    int is_apart; /* they do not: each column is where it says, and the rest is zeroed */
    nqi_element element;
    const unsigned char *values; /* row 0, and row r is r * row bytes on; NULL in a view */
    size_t row;
    /* Where they are not one after the other: number c of a row is offsets[is_mirrored][c] after
     * its first pixel; [dim]. */
    const size_t *offsets[2];
    size_t line,
        plane; /* numbers from one line, and from one plane, of its picture to the next */
} nqi_row_layout;

/* Released with the set: by free, `map` by munmap, and what others lent by `give_back`. */
typedef struct nqi_owned {
    void *values, *offsets;
    void *map;
    size_t map_size;
    void *lent;
    void (*give_back)(void *lent); /* NULL: nothing is lent */
} nqi_owned;

/* What the numbers have shown, on first use, to the thread that comes first; the others wait. */
typedef struct nqi_found {
    _Atomic int state; /* 0: nobody looked, 1: somebody is at it, 2: done */
    int is_binary;     /* all columns are bits */
    size_t missing, missing_row, missing_column;
    /* [dim] what the columns are as those of a table (table/kind/kind.h), or NULL; owned */
    struct nqi_column_kind *_Atomic kinds;
    struct nqi_function *_Atomic functions; /* the same: which are functions of others */
} nqi_found;

struct nq_dataset {
    size_t rows, dim;
    nqi_column *columns;  /* [dim], owned; NULL: pixels, all alike and without names */
    nq_picture picture;   /* channels 0: rows are no pictures */
    size_t reduced;       /* side of the squares that its pixels are means of; 0: of none */
    double squared_level; /* one grey level of the pixels in those squares; 0: no grey levels */
    nqi_row_layout layout;
    nqi_view view;
    nqi_owned owned;
    nqi_origin *origin; /* owned: where the numbers of a text file stand; NULL in a view */
    nqi_notes notes;
    nqi_found found;
};

/* Where a row lies. Of a crop, `start` is the pixel at its top left in memory, mirrored or not. */
typedef struct nqi_place {
    const unsigned char *start;
    int is_mirrored;
} nqi_place;

/* Of a set whose columns do not lie apart. */
nqi_place nqi_dataset_locate(const nq_dataset *dataset, uint64_t row);
/* places[k] of rows[k], k < count. */
void nqi_dataset_locate_rows(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                             nqi_place *places);

/* The row of the set that has the numbers; of crops there is none. */
uint64_t nqi_dataset_root_row(const nq_dataset *dataset, uint64_t row);
/* A column, or a pixel as one; its texts are the set's. Of crops it has no place of its own. */
nqi_column nqi_dataset_column_of(const nq_dataset *dataset, size_t column);
/* A column's kind, found out where nobody has yet. */
nqi_kind nqi_dataset_kind(const nq_dataset *dataset, size_t column);

/* The parent's row that row `row` of a slice, pick, drawing or omission is. */
uint64_t nqi_dataset_parent_row(const nq_dataset *dataset, uint64_t row);

/* A picture of means of squares, and the picture that it makes of one; out[its numbers]. */
nq_picture nqi_picture_reduced(const nq_picture *picture, size_t side);
void nqi_picture_reduce(double *out, const double *pixels, const nq_picture *picture,
                        size_t side);

/* Numbers of 0..1, clipped, as the bytes of a PNG picture of 8 bits, (*out)[*size], for free(); as
 * nq_picture_write. *out is NULL after a failure. */
nq_status nqi_picture_to_png(void **out, size_t *size, nq_context *context, const double *pixels,
                             const nq_picture *picture);

/* Where a cell is, for a sentence: `x.csv:7: column 3 ("alcohol")`, or `row 7, column 3
 * ("alcohol")` of a set that was not read from text. name: the column's, where the set has none;
 * or NULL. */
enum { NQI_PLACE = 512 };
const char *nqi_dataset_cell(char out[NQI_PLACE], const nq_dataset *dataset, size_t row,
                             size_t column, const char *name);
/* `x.csv: column 3 ("alcohol")` */
const char *nqi_dataset_column(char out[NQI_PLACE], const nq_dataset *dataset, size_t column);
/* The set that has the numbers, and where its row and column are that `dataset` shows so. */
const nq_dataset *nqi_dataset_root(const nq_dataset *dataset, size_t *row, size_t *column);

/* A view with the columns columns[count] of the parent, in this order. */
nq_status nqi_dataset_pick_columns(nq_dataset **out, nq_context *context,
                                   const nq_dataset *parent, const size_t *columns, size_t count);
/* The columns that a model of these `count` columns asks for (NULL: nothing is known of them), as a
 * view of all rows: by name where both have names, else by place. Refuses columns that are not
 * there by name, all in one sentence, and text where the model has numbers; texts are numbered as
 * the model has them (table/view/levels.h). A note tells the columns that are not asked for. */
nq_status nqi_dataset_match(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                            const nqi_column *wanted, size_t count);
/* Whether it would be all columns as they are. */
int nqi_dataset_matches(const nq_dataset *dataset, const nqi_column *wanted, size_t count);

/* Gathers rows[0..count-1] into feature-major out[dim][stride] (count <= stride), each number as
 * (x - shift[d]) * scale[d]; shift and scale may be NULL (0 and 1). */
void nqi_dataset_gather(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                        const double *shift, const double *scale, nqi_real *out, size_t stride);

/* The same for some columns: out[i] holds column columns[i], and shift and divisor are indexed by
 * the data's column. Each number becomes (x - shift) * (1 / divisor). */
void nqi_dataset_gather_columns(const nq_dataset *dataset, const uint64_t *rows, size_t count,
                                const size_t *columns, size_t column_count, const double *shift,
                                const double *divisor, nqi_real *out, size_t stride);

/* Fills in what the data hold: missing cells, and whether they are bits. A crop set is asked by the
 * pixels of its pictures, each once: its rows may be too many. */
void nqi_dataset_scan(nq_dataset *dataset);

/* An empty set with the rows and dim of a table, whose contents it takes over. */
nq_status nqi_dataset_from_table(nq_dataset **out, nq_context *context, nqi_table *table);
/* values[rows][dim] as rows of these columns (NULL: nothing is known of them). */
nq_status nqi_dataset_from_array_as(nq_dataset **out, nq_context *context, const double *values,
                                    size_t rows, const nqi_column *as, size_t dim);
/* The same of the columns that another set has. */
nq_status nqi_dataset_from_array_like(nq_dataset **out, nq_context *context, const double *values,
                                      size_t rows, const nq_dataset *like);
/* A view of `rows` rows with the parent's columns (crops: none) and picture. The caller says which
 * rows. */
nq_status nqi_dataset_view(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t rows, nqi_view_kind kind);

/* Takes rows out of the part of a split (marks[rows], *count of them 1) as long as a column of a
 * table of numbers would else have no value or only one in the rest, though it has others here. */
nq_status nqi_split_keep_varied(unsigned char *marks, size_t *count, nq_context *context,
                                const nq_dataset *data);
/* The parent without the rows list[count], which ascend; not all of them. */
nq_status nqi_dataset_omit(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           const uint64_t *list, size_t count);

/* The crop set of which this one shows rows (perhaps all), or NULL. */
const nq_dataset *nqi_dataset_crops(const nq_dataset *dataset);
/* The pixels that a crop set shows, each once, as runs of numbers that lie side by side. */
typedef struct nqi_run {
    const unsigned char *start; /* of the set's element type */
    size_t count;
    size_t picture, channel, y,
        x; /* of its first number; a run of a mirrored picture goes left */
} nqi_run;

uint64_t nqi_crops_runs(const nq_dataset *crops);
nqi_run nqi_crops_run(const nq_dataset *crops, uint64_t run);
/* Numbers of the longest run. */
size_t nqi_crops_run_most(const nq_dataset *crops);
/* Its numbers in float64, out[run->count]. */
void nqi_crops_read(const nq_dataset *crops, const nqi_run *run, double *out);

#endif
