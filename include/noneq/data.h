/* data.h - data sets: read from files, made by built-in generators, written back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_DATA_H
#define NONEQ_DATA_H

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of numbers, [rows, dim], of the file's own type and perhaps memory-mapped (text: float64):
 * they are asked for as double. float32 begins where a model has scaled them. Immutable once
 * made: any number of threads may use it at once, each with a context of its own; setting the
 * picture's shape and freeing need it alone. */
typedef struct nq_dataset nq_dataset;

/* How text tables are read. */
#define NQ_READ_OPTIONS(X)                                                                       \
    X(text, header, "header", "", 0, 0,                                                          \
      "yes or no: whether the first line of a text table holds names (default: found out)")      \
    X(text, missing, "missing", "", 0, 0,                                                        \
      "further words or numbers for a missing cell, TOKEN,... beside an empty cell, NA, N/A, "   \
      "NaN, None, null, <NA>, #N/A, NaT and ?")                                                  \
    X(text, decimal, "decimal", "", 0, 0, "decimal point of text tables: . or , (default: .)")   \
    X(text, separator, "separator", "", 0, 0,                                                    \
      "what stands between cells of text: a character, tab or blank (default: found out)")       \
    X(text, comment, "comment", "", 0, 0,                                                        \
      "character that begins a line of comment, or none (default: #)")                           \
    X(count, for_model, NULL, "0", 0, 1,                                                         \
      "1: for a model that exists: columns of text are set aside until nq_dataset_for_model "    \
      "asks for them, and an unnamed index stays")                                               \
    X(count, keep_text, NULL, "0", 0, 1,                                                         \
      "1: keep the text of all cells, so that nq_dataset_write_like gives it back")              \
    X(string, columns, "columns", NULL, 0, 0,                                                    \
      "use only these columns of a text table, by name or number (3, 4-9), with commas between " \
      "them; a name with a comma in double quotes")                                              \
    X(string, drop, "drop", NULL, 0, 0, "leave these columns of a text table out")               \
    X(string, types, "types", NULL, 0, 0,                                                        \
      "what columns are where they are not what would be found, NAME=KIND,...: real, whole, "    \
      "category, bit, spiked, date, constant or left-out")                                       \
    X(count, reduce, "reduce", "0", 0, 1048576,                                                  \
      "of pictures: the means of squares of N x N pixels in place of pixels; what is left over " \
      "at the right and at the bottom is left out; 0: as the model's training, but pictures of " \
      "the model's size as they are; 1: pixels")

typedef struct nq_read_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_READ_OPTIONS(NQ_FIELD)
} nq_read_options;

const nq_option *nq_read_options_table(size_t *count);
void nq_read_options_init(nq_read_options *options, size_t size);

/* Reads a data file by extension or content: .csv .tsv .txt and text in general (commas, tabs,
 * semicolons, bars or white space; header or not; quotes), .npy (float16/32/64, integers, bool;
 * either byte order, C or Fortran order; memory-mapped where nothing has to be converted), IDX,
 * CIFAR-10 binary, PNG, PGM and PPM pictures, .gz of any, or a folder of pictures of one size (rows
 * in the order of their names). options NULL: defaults; they are of no account where a file is no
 * text, but for reduce, and for columns, drop and types, which are refused there. Text: a first
 * line of words is a header, one of numbers a row (unless it counts 0,1,2,... and the rows do not),
 * one of both is refused; cells of a column of text are the numbers 0,1,2,... of its texts in the
 * order in which they first stand, dates are days or seconds since 1970-01-01; a first column
 * without a name that numbers the rows is left out, and text that hardly repeats; what was decided
 * so is told in notes.
 * NQ_ERROR_FILE, NQ_ERROR_FORMAT (with line and column), NQ_ERROR_UNSUPPORTED (says how to convert
 * the file), NQ_ERROR_ARGUMENT (options), NQ_ERROR_MEMORY. */
nq_status nq_dataset_open_with(nq_dataset **out, nq_context *context, const char *path,
                               const nq_read_options *options);
/* The same with all defaults. */
nq_status nq_dataset_open(nq_dataset **out, nq_context *context, const char *path);

/* Sentences about what was decided when the data were read or matched, to be shown once. */
size_t nq_dataset_note_count(const nq_dataset *dataset);
const char *nq_dataset_note(const nq_dataset *dataset,
                            size_t i); /* borrowed; NULL past the last */

/* Copies values[rows*dim] (row by row). names: dim strings, or NULL. */
nq_status nq_dataset_from_array(nq_dataset **out, nq_context *context, const double *values,
                                size_t rows, size_t dim, const char *const *names);

#define NQ_GENERATE_OPTIONS(X)                                                                   \
    X(size, rows, "rows", "0", 1, NQ_SIZE_MOST, "rows to make (default: 1000)")                  \
    X(size, dim, "dim", "0", 0, NQ_SIZE_MOST,                                                    \
      "numbers in a row (default: swissroll 2, heartbeat 20, gaussian 2, mixture 1)")            \
    X(number, noise, "noise", "-2", -1, NQ_NUMBER_MOST,                                          \
      "-2: the set's own; swissroll: standard deviation of the noise in raw units (the roll "    \
      "has radius 4.7 to "                                                                       \
      "14.1; default 0); heartbeat: probability of a flipped bit (default 0); mixture: "         \
      "deviation of a component (default 0.3); gaussian: correlation of neighbouring columns "   \
      "(default 0)")                                                                             \
    X(seed, seed, NULL, "0", 0, NQ_SIZE_MOST, "seed of every random number")                     \
    X(size, side, "size", "0", 0, NQ_SIZE_MOST,                                                  \
      "deadleaves: side of a picture in pixels (default: 32)")                                   \
    X(number, radius_least, "radius-least", "0", 0.1, 1e6,                                       \
      "deadleaves: smallest radius of a disc in pixels (default: 1)")                            \
    X(number, radius_most, "radius-most", "0", 0.1, 1e6,                                         \
      "deadleaves: largest radius of a disc in pixels (default: 200)")

typedef struct nq_generate_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_GENERATE_OPTIONS(NQ_FIELD)
} nq_generate_options;
void nq_generate_options_init(nq_generate_options *options, size_t size);

/* name: "swissroll" (each dimension scaled to unit variance with exact constants, mean 0),
 * "heartbeat" (period 5, random phase, bits), "gaussian" (unit variance, AR(1) correlation),
 * "mixture" (+-m with m = sqrt(1 - s^2), unit variance, independent columns), "deadleaves" (grey
 * pictures of 8 bits: discs that hide each other, their radii from a power law r^-3; Lee, Mumford
 * and Huang 2001).
 * Row i of a set depends on seed and i alone. NQ_ERROR_ARGUMENT names the known sets. */
nq_status nq_dataset_generate(nq_dataset **out, nq_context *context, const char *name,
                              const nq_generate_options *options);
/* Streams a generated set to a file, by extension as nq_values_write does, in small memory however
 * many rows there are. Pictures in .npy are bytes of shape (rows, size, size); a set of one picture
 * may go to .png or .pgm. NQ_ERROR_SHAPE: it is no picture, or more than one. */
nq_status nq_dataset_generate_to(const char *path, nq_context *context, const char *name,
                                 const nq_generate_options *options);
/* Before long work: whether a table of rows or a picture can be written to `path`. NQ_ERROR_FILE,
 * with a sentence: its ending says no format, or its folder is not there or takes no files. */
nq_status nq_output_check(nq_context *context, const char *path);
/* NULL-terminated list of the names above; help[i] describes names[i]. Either may be NULL. */
void nq_dataset_generators(const char *const **names, const char *const **help);

void nq_dataset_free(nq_dataset *dataset);

size_t nq_dataset_rows(const nq_dataset *dataset);
size_t nq_dataset_dim(const nq_dataset *dataset);
/* Writes where a cell stands, for a sentence: `x.csv:7: column 3 ("alcohol")`, by the file's own
 * line and column, or `row 7, column 3` of a set that was not read from text. Returns the length,
 * as snprintf does. */
int nq_dataset_cell_place(char *out, size_t size, const nq_dataset *dataset, size_t row,
                          size_t column);
/* Columns of the file that a set was read from, with those that it does not show; and which of
 * them, from 0, is a column of the set. Of a set that was not read from text: its own. */
size_t nq_dataset_file_columns(const nq_dataset *dataset);
size_t nq_dataset_file_column(const nq_dataset *dataset, size_t column);
/* Column name, or NULL when the file has no header. */
const char *nq_dataset_column_name(const nq_dataset *dataset, size_t column);
/* Copies row `row` to out[dim]; missing cells are NaN. */
void nq_dataset_row(double *out, const nq_dataset *dataset, size_t row);
/* True when every column holds only 0 and 1 (missing cells aside). Scans once, then remembers. */
int nq_dataset_is_binary(const nq_dataset *dataset);
/* Number of missing cells, and the first of them (0-based). Either may be NULL. */
size_t nq_dataset_missing(size_t *row, size_t *column, const nq_dataset *dataset);

/* What a column is, as found in the rows or told by the option types. Texts are borrowed. */
typedef struct nq_column_facts {
    const char *name; /* or NULL */
    const char *kind; /* real, whole, category, bit, spiked, constant or left-out */
    const char *why;  /* why it is left out, or what makes one doubt the kind; or NULL */
    int is_told, is_text, is_date;
    size_t rows, missing;
    double least, most;  /* of its numbers; 0 of text */
    double step, offset; /* of the grid offset + k step that they lie on; step 0: none */
    int decimals;        /* that they are written with at most */
    size_t levels;       /* of categories, bits and constants all; of spiked ones the spikes */
    size_t source;       /* the column of which it is an exact function; SIZE_MAX: none */
} nq_column_facts;

/* Scans once, then remembers. Columns of arrays are real, or bits. NQ_ERROR_ARGUMENT: no such
 * column. NQ_ERROR_FORMAT: a column cannot be what the option types says; the sentence has the
 * cell. */
nq_status nq_dataset_column_facts(nq_column_facts *out, nq_context *context,
                                  const nq_dataset *dataset, size_t column);
/* Level i of a column, the most frequent first, as the number that its cells have, and its rows
 * (may be NULL). 0 where there is none. */
double nq_dataset_level(size_t *rows, nq_context *context, const nq_dataset *dataset,
                        size_t column, size_t i);
/* A number of a column as the file would write it: a text, a date, so many decimals. Returns the
 * length, as snprintf does; size is at least 64. */
size_t nq_dataset_cell_text(char *out, size_t size, const nq_dataset *dataset, size_t column,
                            double value);
/* The i-th column of the file that is neither in the set nor dropped: why; NULL past the last.
 * *file_column: its place from 0; *name: its name or NULL. */
const char *nq_dataset_left_out(size_t *file_column, const char **name, const nq_dataset *dataset,
                                size_t i);

/* A number that is far from the others of its column. */
typedef struct nq_outlier {
    size_t row, column; /* 0-based */
    double value;
    double deviations; /* from the mean of the others, in deviations of the others */
} nq_outlier;

/* Of each column the most extreme number, where it lies more than `limit` deviations off; the
 * farthest first. *count: how many, of which at most `most` are stored in out. Missing cells and
 * columns of two values are passed over. Two walks over the rows at most. NQ_ERROR_MEMORY. */
nq_status nq_dataset_outliers(nq_outlier *out, size_t *count, nq_context *context,
                              const nq_dataset *dataset, double limit, size_t most);

/* A part of the rows as a data set of its own, without copying when rows are contiguous: rows
 * first..first+count-1. The parent must outlive it. */
nq_status nq_dataset_slice(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           size_t first, size_t count);
/* A random fraction (keyed by seed) of the rows, and the others, in their order. Of a table of
 * numbers, a row that alone makes a column vary goes to the rest, so that a model of the rest knows
 * every column that varies. The parent must outlive both. Each keeps 8 bytes for every row of the
 * smaller side. */
nq_status nq_dataset_split(nq_dataset **part, nq_dataset **rest, nq_context *context,
                           const nq_dataset *parent, double fraction, uint64_t seed);

/* As many rows as the parent has, drawn from it with replacement (keyed by seed), and those that
 * were not drawn, about .37 of them, in their order (NULL: there are none): a model of the first
 * may be judged by the others, for no row is in both. What columns are, and which levels they have,
 * is as in the parent, and each that varies there varies here: of a table of numbers rows take the
 * place of copies where that is needed. Models of several such drawings differ as much as chance
 * makes models differ (B. Efron, Annals of Statistics 7 (1979) 1). The parent must outlive both.
 * NQ_ERROR_ARGUMENT: it has one row. */
nq_status nq_dataset_bootstrap(nq_dataset **drawn, nq_dataset **left, nq_context *context,
                               const nq_dataset *parent, uint64_t seed);

/* Pictures. A row of channels * height * width numbers, plane after plane, each from its top left:
 * number (c * height + y) * width + x. channels is 0 where rows are no pictures. */
typedef struct nq_picture {
    size_t channels, height, width;
} nq_picture;

/* Reads "28x28" (channels 0: it says none) or "3x32x32", with x or X between whole numbers from 1
 * to 2^20. 0: the text is no shape, and *out is as it was. */
int nq_picture_parse(nq_picture *out, const char *text);
/* The shape that the file gives: IDX and .npy of rank 3 (grey) or 4 (planes first), CIFAR-10
 * binary, PNG, PGM, PPM, and folders of these. */
void nq_dataset_picture(nq_picture *out, const nq_dataset *dataset);
/* Width of one grey level in the data's units: 1 for whole numbers of 8 or 16 bits; 0: real
 * numbers, or other whole ones. */
double nq_dataset_grey_level(const nq_dataset *dataset);
/* States the shape of rows that a file has flat. The numbers must fit (NQ_ERROR_SHAPE). */
nq_status nq_dataset_set_picture(nq_dataset *dataset, nq_context *context,
                                 const nq_picture *picture);

/* The pictures made smaller: the mean of each square of side x side pixels of each plane (a NaN in
 * it makes it NaN) as real numbers; what is left over at the right and at the bottom is left out. A
 * copy. NQ_ERROR_SHAPE: rows are no pictures, or smaller than a square; NQ_ERROR_ARGUMENT (side 0),
 * NQ_ERROR_MEMORY. */
nq_status nq_dataset_reduce(nq_dataset **out, nq_context *context, const nq_dataset *pictures,
                            size_t side);
/* The side of the squares that its pixels are means of, 1: they are none. */
size_t nq_dataset_reduced(const nq_dataset *dataset);

#define NQ_CROP_OPTIONS(X)                                                                       \
    X(size, height, NULL, "0", 0, NQ_SIZE_MOST, "of a crop in pixels")                           \
    X(size, width, NULL, "0", 0, NQ_SIZE_MOST, "of a crop in pixels")                            \
    X(size, stride, NULL, "0", 0, NQ_SIZE_MOST,                                                  \
      "pixels from one crop to the next, in both directions; 1: every place; 0: side by side")   \
    X(flag, mirror, NULL, "0", 0, 1, "each crop also mirrored left to right")                    \
    X(area, area, "area", NULL, 0, 0,                                                            \
      "use only this rectangle of each picture, LEFT,TOP,WIDTH,HEIGHT in pixels; width or "      \
      "height 0: to the edge")

typedef struct nq_crop_options {
    size_t size; /* noneq/option.h has the rules of such structs */
    NQ_CROP_OPTIONS(NQ_FIELD)
} nq_crop_options;
void nq_crop_options_init(nq_crop_options *options, size_t size);

/* The crops of every picture as a data set of its own, without copying: rows by picture, then from
 * top to bottom, then from left to right, then as it is and mirrored. The parent must outlive it.
 * There may be millions: questions about a crop set (bits, missing cells, its scale) are answered
 * from the pixels that its crops show, each once.
 * NQ_ERROR_SHAPE: rows are no pictures, or no crop fits into the area. */
nq_status nq_dataset_crops(nq_dataset **out, nq_context *context, const nq_dataset *parent,
                           const nq_crop_options *options);

/* Numbers between 0 and `white` (clipped) as a picture file, by extension: .png (grey or colour, of
 * 8 or 16 bits), .pgm, .ppm. pixels: one row as above, channels 1 or 3. depth: 8 or 16. The
 * file appears whole or not at all. */
nq_status nq_picture_write(const char *path, nq_context *context, const double *pixels,
                           const nq_picture *picture, double white, int depth);

/* Writes [rows, dim] values by extension: .npy (float64), .csv, .tsv, and .gz of them. names: dim
 * strings for a header row of text, or NULL. Numbers in text have the fewest digits that read back
 * the same; whole ones below 2^64 stand in full, without an exponent. The file appears whole or not
 * at all. path "-" writes CSV to standard output. */
nq_status nq_values_write(const char *path, nq_context *context, const double *values,
                          size_t rows, size_t dim, const char *const *names);
/* The same for numbers that need no more than a float32, such as pixels: .npy is of that type, and
 * text has its digits. */
nq_status nq_values_write_float(const char *path, nq_context *context, const double *values,
                                size_t rows, size_t dim, const char *const *names);

/* The i-th ending of a name that nq_values_write knows, such as .npy; NULL past the last.
 * *holds_text: 0 where such a file holds nothing but numbers; may be NULL. */
const char *nq_values_ending(int *holds_text, size_t i);

/* What stands beside a table that nq_dataset_write_like writes; by default nothing. */
typedef struct nq_beside {
    const size_t *rows; /* [count] the row that each was made from; NULL: row i */
    /* Columns of numbers in front of those of the file, and behind them: [count][before] and
     * [count][after], with their names. */
    size_t before, after;
    const double *before_values, *after_values;
    const char *const *before_names, *const *after_names;
    int carried_only; /* 1: of the file only columns that the set does not show; values may be
                         NULL */
} nq_beside;

/* Whether the text of its cells was kept (keep_text of nq_read_options, and a text file). */
int nq_dataset_has_text(const nq_dataset *dataset);
/* Writes rows that were made from those of a data set, such as filled ones, the way its file has
 * them. `like` was opened with keep_text, or is what nq_dataset_for_model makes of such a set;
 * values[count][dim of like]. The file has the columns, the order, the header, the separator (but
 * .tsv has tabs, and .csv has none) and the decimal sign of the input. Columns that `like` does not
 * show come with their text, and so do cells whose value is still that of the file; others are the
 * texts of their levels, dates, numbers with the decimals of their column, or where that does not
 * give the same number the fewest digits that do. path: as for nq_values_write; .npy holds the
 * same columns as numbers (NQ_ERROR_UNSUPPORTED: one is text). The file appears whole or not at
 * all. */
nq_status nq_dataset_write_like(const char *path, nq_context *context, const nq_dataset *like,
                                const double *values, size_t count, const nq_beside *beside);

#ifdef __cplusplus
}
#endif
#endif
