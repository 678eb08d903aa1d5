/* regressor.h - learned functions (x_t, t) -> outputs. Nothing here knows of a diffusion.
 *
 * A network is a graph, and is trained by its gradient. A regressor without one says what it thinks
 * of x_0, and is fitted by going through rows; it has a graph of numbers to keep and nothing to
 * compute. A network may stand on such a one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_REGRESSOR_H
#define NQI_REGRESSOR_REGRESSOR_H

#include <stdint.h>

#include <noneq/options.h>

#include "core/real.h"
#include "nn/graph/graph.h"

enum { NQI_CLOCKS = 2, NQI_HIDDEN_LAYERS = 16 };

/* A number of a row, for a regressor without a gradient. */
typedef struct nqi_variate {
    size_t levels; /* that it may have, 0..levels-1; 0: it is a real number */
    size_t law;    /* where its numbers begin among those that say laws: a mean (of a number), the
                      probability of a one (of two levels), or of each level */
} nqi_variate;

/* What a regressor is built for. */
typedef struct nqi_regressor_shape {
    size_t dim;          /* numbers in a row */
    size_t seen;         /* numbers that a network sees: a row, and what is said of it */
    size_t roles;        /* so many of these say which cells are known and absent; ... */
    size_t told;         /* ... then, last, so many which means of squares are known */
    size_t outputs;      /* outputs for all of them; of pictures, whole planes */
    size_t steps;        /* T */
    const double *clock; /* [T + 1][NQI_CLOCKS], each in 0..1: where in the process step t is */
    double dropout;
    size_t channels, height, width; /* of rows that are pictures; channels 0: they are not */
    size_t numbers;                 /* that one without a gradient was fitted by */
    const nqi_variate *cell;        /* [dim]; copied */
    /* A law that the outputs start from: [T + 1] what it must know of a step, borrowed, and where
     * its numbers and outputs are; NULL: there is none. */
    const nqi_normal_step *normal;
    nqi_law_place normal_place;
    const struct nqi_expansion *expansion; /* of rows of levels; NULL: all are numbers */
} nqi_regressor_shape;

/* A row is none of those that a regressor was fitted to. */
#define NQI_NO_ROW SIZE_MAX

/* Rows of a microbatch at step t, of which `keep` (0..1) of x_0 is left, and what each number alone
 * says of its x_0: of real numbers a value and the variance of its noise; of two levels the log of
 * P(x_t | 1) / P(x_t | 0); of more log P(x_t | level) but for a constant. */
typedef struct nqi_question {
    const nqi_ops *ops;
    size_t t;
    double keep;
    const nqi_real *x_t;                  /* [dim][ld] */
    const nqi_real *said, *said_variance; /* [laws][ld] */
    const size_t *self; /* [rows] which it is of the rows that are kept; NULL: none of them */
    nqi_real *scratch;  /* as many numbers as the type wants for `rows` */
    size_t rows, ld;
} nqi_question;

/* What is said of number i of a row that is known to be x_0 (absent: nothing is), into said and
 * variance at the row's place, with `ld` between laws. */
void nqi_variate_say(const nqi_variate *variate, nqi_real *said, nqi_real *variance, size_t ld,
                     nqi_real x_0, int known);

struct nqi_regressor;

/* Rows that a regressor without a gradient is fitted to. */
typedef struct nqi_rows_wanted {
    size_t most, numbers_most; /* rows, and numbers in them (0: any), at most */
    int are_kept;              /* by it: a row that is one of them should not see itself */
    int behind_noise;          /* it is fitted to all rows behind noise, as a network is */
} nqi_rows_wanted;

/* What predict wants made of the numbers of a fit, which may be of any file: so many bytes, zeroed,
 * at `opened`, which open fills and close empties, whatever open returned; and numbers of scratch
 * for so many rows. Zeroed: nothing. */
typedef struct nqi_opening {
    size_t size;
    nq_status (*open)(struct nqi_regressor *regressor, nq_context *context);
    void (*close)(struct nqi_regressor *regressor);
    size_t (*scratch)(const struct nqi_regressor *regressor, size_t rows);
} nqi_opening;

struct nqi_lesson; /* regressor/lesson.h: what one without a gradient is fitted to */

typedef struct nqi_regressor_type {
    const char *name;
    const char *options; /* fields of nq_model_options, between blanks, that not all look at */
    const char *hidden, *readout; /* where none is named; hidden NULL: by the data */
    const char *hidden_few;       /* below so many rows; 0: the same */
    size_t few_rows;
    int of_pictures; /* a network that convolves */
    int takes_roles; /* it can be told which cells are known or absent */
    nq_status (*build)(nqi_graph *graph, nq_context *context, const nqi_regressor_shape *shape,
                       const nq_model_options *options);
    /* Sets the parameters that nqi_regressor_init's rule does not suit; may be NULL. sample is
     * [count][dim], typical rows. */
    void (*init)(const nqi_graph *graph, nqi_real *params, const nqi_stream *stream,
                 const nqi_real *sample, size_t count);
    /* Without a gradient: mean and variance of x_0 given x_t, [laws][ld]. NULL: a network, whose
     * graph has the outputs. */
    void (*predict)(const struct nqi_regressor *regressor, const nqi_question *question,
                    nqi_real *mean, nqi_real *variance);
    /* Its fit to a lesson, of no more rows than it wants, as so many numbers, malloc'ed: those of
     * its only tensor, which is called so. */
    nq_status (*learn)(nqi_real **numbers, size_t *count, nq_context *context,
                       const struct nqi_regressor *regressor, struct nqi_lesson *lesson);
    nqi_rows_wanted rows;
    const char *tensor;
    nqi_opening opening;
    /* log P(what the question says) of each row by the law that it keeps; NULL: it keeps none. */
    void (*log_law)(const struct nqi_regressor *regressor, const nqi_question *question,
                    double *out);
    const char *fitted_by; /* how it is fitted, in a few words */
    /* What it is, in a few words. NULL: its name says it. */
    void (*describe)(char *out, size_t size, const struct nqi_regressor *regressor);
} nqi_regressor_type;

/* Whether it is fitted to rows behind noise. What it says of cells with levels is the log-odds by
 * which they differ from what x_t alone says (of two levels: of a one), in place of
 * probabilities. */
static inline int nqi_regressor_says_odds(const nqi_regressor_type *type)
{
    return type->rows.behind_noise;
}

/* A regressor with its numbers. */
typedef struct nqi_regressor {
    const nqi_regressor_type *type;
    nqi_graph graph;
    nqi_real *params; /* [nqi_graph_parameters] */
    /* What a network adds its outputs to; without a gradient; borrowed. NULL: nothing. */
    const struct nqi_regressor *offset;
    nqi_variate *cell; /* [cells] where it is without a gradient; owned */
    size_t cells;
    void *opened; /* the type's own */
} nqi_regressor;

/* Its graph, for the type; parameters are the caller's to make (nqi_regressor_fill). */
nq_status nqi_regressor_make(nqi_regressor *out, nq_context *context,
                             const nqi_regressor_type *type, const nqi_regressor_shape *shape,
                             const nq_model_options *options);
/* Zeroes for all parameters. */
nq_status nqi_regressor_fill(nqi_regressor *regressor, nq_context *context);
void nqi_regressor_free(nqi_regressor *regressor); /* copes with a zeroed struct */
/* When its numbers are there: what a type without a gradient makes of them. NQ_ERROR_FORMAT where
 * they are none. */
nq_status nqi_regressor_open(nqi_regressor *regressor, nq_context *context);
/* Floating-point operations of one row. */
double nqi_regressor_cost(const nqi_regressor *regressor);

/* The i-th of the list, or NULL. */
const nqi_regressor_type *nqi_regressor_at(size_t i);
/* Whether the one of that name is of pictures. */
int nqi_regressor_is_of_pictures(const char *name);
/* By options->regressor; NQ_ERROR_ARGUMENT names the known ones. */
nq_status nqi_regressor_find(const nqi_regressor_type **out, nq_context *context,
                             const char *name);
/* Initial parameters [nqi_graph_parameters]: weights normal with variance gain / inputs, biases
 * and readouts zero, so that an untrained regressor gives 0. */
void nqi_regressor_init(nqi_regressor *regressor, uint64_t seed, const nqi_real *sample,
                        size_t count);

/* "50,50,50" to widths and their number; field: the option that has them. */
nq_status nqi_widths_parse(size_t widths[NQI_HIDDEN_LAYERS], int *count, nq_context *context,
                           const char *field, const char *text);
/* NQ_ERROR_ARGUMENT unless all widths are equal. */
nq_status nqi_hidden_equal(nq_context *context, const size_t *widths, int layers);
nq_status nqi_activation_parse(nqi_activation *out, nq_context *context, const char *text);

/* Features of the time step for networks that have t as an input: cosines of both clocks.
 * [T + 1][*width], malloc'ed. */
nqi_real *nqi_time_features(const nqi_regressor_shape *shape, size_t *width);
/* The graph of a regressor without a gradient: what it was fitted by, as "<name>.numbers", and
 * outputs that it is given. */
void nqi_numbers_part(nqi_graph *graph, const nqi_regressor_shape *shape, const char *name);
/* The node of the roles of cells; -1: there are none. */
int nqi_roles_part(nqi_graph *graph, const nqi_regressor_shape *shape);
/* The node of what a normal law says, the first after the input; -1: there is none. */
nq_status nqi_base_part(int *out, nqi_graph *graph, nq_context *context,
                        const nqi_regressor_shape *shape);
/* The node of outputs, with those of the law. */
int nqi_base_add(nqi_graph *graph, int base, int outputs);
/* x, turned up and down by the roles of cells, or what is made of them, and by the step; x where
 * there are none. */
int nqi_roles_gate(nqi_graph *graph, const char *name, int x, int roles, int step);
/* Residual blocks of equal widths that have features of the step as an input. */
typedef struct nqi_residual_part {
    int seen;     /* node of what enters */
    int roles;    /* node of what gates their units, with the step; -1: nothing does */
    int features; /* node of the step's */
    int layers;
    size_t width;
    nqi_activation activation;
    double dropout;
    int gated; /* without roles too */
} nqi_residual_part;
/* x, turned up and down by roles and step, or by the step alone; x where neither is asked for. */
int nqi_residual_gate(nqi_graph *graph, const nqi_residual_part *of, const char *name, int x);
int nqi_residual_layers(nqi_graph *graph,
                        const nqi_residual_part *of); /* the last node, activated */
/* Convolutions that go down the sizes of a picture and up again. */
typedef struct nqi_unet_part {
    int seen;               /* node of what enters, a picture */
    int features;           /* node of the step's; -1: the step is not told */
    const size_t *channels; /* at sizes 1, 1/2, 1/4, ... */
    size_t scales, layers;  /* sizes; convolutions at each of them, each way */
    nqi_activation activation;
} nqi_unet_part;
int nqi_unet_layers(nqi_graph *graph, const nqi_unet_part *of); /* the last node, activated */
/* Shares of `bumps` readouts at each step ([SD15] eq. 70), centres evenly over the second clock:
 * [T + 1][bumps] malloc'ed, or NULL. */
nqi_real *nqi_time_bumps(const nqi_regressor_shape *shape, size_t bumps);

#endif
