/* main.c - noneq: one program, one verb per job. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/verbs.h"
#include "complete.h"
#include "interrupt.h"
#include "message.h"
#include "names.h"
#include "ranks.h"

static void overview_print(FILE *file)
{
    char summary[NAMES_TEXT];
    fputs("Usage: noneq VERB ...\n\n"
          "Diffusion probabilistic models: fit, sample, score.\n\n"
          "Verbs:\n",
          file);
    for (size_t i = 0; verb_get(i); i++)
        fprintf(file, "  %-8s %s\n", verb_get(i)->name,
                names_fill(summary, verb_get(i)->summary));
    fputs("\n'noneq help VERB' or 'noneq VERB --help' tells more.\n"
          "\nExample:\n"
          "  noneq data swissroll -n 10000 -o roll.npy\n"
          "  noneq train roll.npy -o roll.nq --preset swissroll\n"
          "  noneq sample roll.nq -n 1000 -o samples.csv\n",
          file);
}

static int verb_refuse(const char *name)
{
    enum { NAMES = 64 }; /* more than there are verbs */
    const char *names[NAMES] = {"help"};
    for (size_t i = 0; verb_get(i) && i < NAMES - 2; i++)
        names[i + 1] = verb_get(i)->name;
    const char *nearest = nq_name_nearest(name, names);
    if (nearest)
        message_print("there is no verb '%s'; the nearest is '%s'; see 'noneq --help'", name,
                      nearest);
    else
        message_print("there is no verb '%s'; see 'noneq --help'", name);
    return EXIT_USAGE;
}

static int is_help(const char *word)
{
    return !strcmp(word, "help") || !strcmp(word, "--help") || !strcmp(word, "-h");
}

static int help_run(int argc, char **argv)
{
    const verb *found;
    if (argc == 0 || (argc == 1 && is_help(argv[0]))) {
        overview_print(stdout);
        return output_finish();
    }
    if (!(found = verb_find(argv[0])))
        return verb_refuse(argv[0]);
    if (argc > 1 && !is_help(argv[1])) {
        message_print("'%s' is one word too many: expected 'noneq help VERB'", argv[1]);
        return EXIT_USAGE;
    }
    return options_help(found);
}

static int option_refuse(const char *word)
{
    message_print("'%s' comes before any verb; only --help and --version do; see "
                  "'noneq --help'",
                  word);
    return EXIT_USAGE;
}

/* A program started with a standard stream closed must not get a data file in its place: what is
 * opened here for the wrong direction makes every later use fail. */
static void streams_secure(void)
{
    int descriptor;
    do
        descriptor = open("/dev/null", O_RDONLY);
    while (descriptor >= 0 && descriptor <= 2);
}

static int words_run(int argc, char **argv)
{
    const verb *found;
    if (argc < 2) {
        overview_print(stderr);
        return EXIT_USAGE;
    }
    if (is_help(argv[1]))
        return help_run(argc - 2, argv + 2);
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
        return verb_version.run(&verb_version, argc - 2, argv + 2);
    if (!strcmp(argv[1], "--complete"))
        return complete_run(argc - 2, argv + 2);
    if (argv[1][0] == '-')
        return option_refuse(argv[1]);
    if (!(found = verb_find(argv[1])))
        return verb_refuse(argv[1]);
    return found->run(found, argc - 2, argv + 2);
}

int main(int argc, char **argv)
{
    streams_secure();
    /* A closed pipe and a file past its limit are then write errors like any other. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    interrupt_start();
    const int code = ranks_open();
    return code ? code : ranks_close(words_run(argc, argv));
}
