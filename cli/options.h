/* options.h - one command-line parser for all verbs, driven by tables. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_OPTIONS_H
#define NONEQ_CLI_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include <noneq.h>

/* What the program returns to the shell. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* The options that many verbs share. */
enum {
    COMMON_SEED = 1,
    COMMON_THREADS = 2,
    COMMON_QUIET = 4,
    COMMON_LOG = 8,
    COMMON_VERBOSE = 16,
    COMMON_READ = 32,   /* how text tables are read */
    COMMON_COLUMNS = 64 /* and which of their columns */
};

typedef struct common_values {
    size_t size;
    nq_count seed;
    nq_int threads;
    nq_flag quiet, verbose;
    nq_string log;
    nq_read_options read;
} common_values;

/* A struct of options as a part of a verb's struct of values: one of the library, or one of the
 * verb's own, which begins with a size_t as those do. */
typedef struct option_struct {
    const char *type;    /* such as "nq_fill_options"; "own": the verb's own; NULL: none */
    size_t offset;       /* in the struct of values */
    const char *letters; /* short names, such as "o=output n=draws"; or NULL */
} option_struct;

enum { OPERANDS_MOST = 256, SETTINGS_MOST = 64 };

typedef struct verb verb;
struct verb {
    const char *name;
    const char *operands; /* as the usage line shows them */
    const char *summary;  /* one line for the list of verbs */
    const char *details;  /* a paragraph for the verb's own help */
    const char *example;
    int operands_least, operands_most;
    const option_struct *structs; /* up to one without a type */
    const nq_options_type *own;   /* a struct of the verb's own; or NULL */
    unsigned common;              /* COMMON_... bits */
    int library;                  /* offers the library's model and training options too */
    int (*run)(const verb *self, int argc, char **argv);
};

/* An option of the library's tables, to be applied with nq_option_set when its turn comes (after
 * a preset, whatever the order on the command line). */
typedef struct option_setting {
    const nq_option *option;
    int of_model; /* else of training */
    const char *text;
} option_setting;

typedef struct arguments {
    common_values common;
    const char *operands[OPERANDS_MOST];
    int operand_count;
    option_setting settings[SETTINGS_MOST];
    int setting_count;
    int finished; /* help was printed, or the usage was wrong: return `status` */
    int status;
} arguments;

/* Parses argv[0..argc-1] (what follows the verb) into `values`, a struct that verb->structs
 * describe, and `out`. Later duplicates win. Returns 0 when the verb is to stop at once with
 * out->status. */
int options_parse(arguments *out, void *values, const verb *self, int argc, char **argv);

/* Help of a verb, generated from its tables, to standard output; returns an exit status. */
int options_help(const verb *self);

/* One sentence on what is wrong with the command line; returns EXIT_USAGE. */
int options_refuse(const verb *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Reads all of `text` as a number; returns 0 when it is none. */
int number_parse(double *out, const char *text);
#endif
