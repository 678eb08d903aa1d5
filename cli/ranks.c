/* ranks.c - the program as one of several processes that mpirun has started. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ranks.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "message.h"
#include "options.h"

/* Found by the run path of the program: beside it in a build, else where it was installed. */
static const char library_name[] = NONEQ_MPI_LIBRARY;

/* A process has one rank, as it has one standard output. */
static struct {
    nq_comm *comm;
    int (*failed_first)(nq_comm *comm, int code);
    void (*close)(nq_comm *comm, int code);
    int speech; /* where stderr led before this rank fell silent; -1: it speaks */
    char phrase[64];
} ranks = {.speech = -1};

static int number_of(const char *name)
{
    const char *text = getenv(name);
    return text ? atoi(text) : 0;
}

/* How many processes were started together, as Open MPI or another starter says it. */
static int launched_count(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (number_of(names[i]) > 0)
            return number_of(names[i]);
    /* Slurm and others that start processes by PMIx say how many only to MPI. */
    return getenv("PMIX_RANK") ? 2 : 1;
}

static int launched_first(void)
{
    return !number_of("OMPI_COMM_WORLD_RANK") && !number_of("PMI_RANK") &&
           !number_of("PMIX_RANK");
}

/* One of many that cannot join the others says nothing: the first says it for all. */
static int ranks_refuse(const char *reason)
{
    if (launched_first())
        message_print("mpirun has started several processes, but they cannot be joined: %s",
                      reason);
    return EXIT_FAILED;
}

/* A pointer to a function cannot be cast from one to an object in ISO C, but copied. */
static int symbol_find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* Standard output goes nowhere; what is said on stderr is kept, in case it is the reason for a
 * failure of this rank alone. */
static int fall_silent(void)
{
    const int nowhere = open("/dev/null", O_WRONLY), kept = memfd_create("noneq", MFD_CLOEXEC);
    fflush(NULL);
    ranks.speech = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    const int bad = nowhere < 0 || kept < 0 || ranks.speech < 0 ||
                    dup2(nowhere, STDOUT_FILENO) < 0 || dup2(kept, STDERR_FILENO) < 0;
    if (nowhere > STDERR_FILENO)
        close(nowhere);
    if (kept > STDERR_FILENO)
        close(kept);
    return bad ? message_fail("a rank could not be silenced") : EXIT_DONE;
}

int ranks_open(void)
{
    nq_status (*open_ranks)(nq_comm * *comm);
    const int count = launched_count();
    if (count < 2)
        return EXIT_DONE;
    /* Open MPI's own parts look for its symbols among the global ones. */
    void *library = dlopen(library_name, RTLD_NOW | RTLD_GLOBAL);
    if (!library)
        return ranks_refuse(dlerror());
    if (!symbol_find(library, "nq_mpi_open", &open_ranks) ||
        !symbol_find(library, "nq_mpi_failed_first", &ranks.failed_first) ||
        !symbol_find(library, "nq_mpi_close", &ranks.close))
        return ranks_refuse(dlerror());
    if (open_ranks(&ranks.comm))
        return ranks_refuse("MPI does not start");
    if (ranks.comm->size == 1 && number_of("PMI_SIZE") > 1) {
        ranks.close(ranks.comm, EXIT_DONE);
        ranks.comm = NULL;
        return ranks_refuse("this mpirun is not that of Open MPI");
    }
    return ranks.comm->rank > 0 ? fall_silent() : EXIT_DONE;
}

/* The last sentence of the program in what it said in silence. */
static void reason_tell(void)
{
    static const char start[] = "noneq: ";
    char line[4096], last[4096] = "";
    FILE *said = fdopen(STDERR_FILENO, "r");
    if (!said)
        return;
    rewind(said);
    while (fgets(line, sizeof line, said))
        if (strncmp(line, start, sizeof start - 1) == 0)
            memcpy(last, line, sizeof last);
    dprintf(ranks.speech, "%s", last);
}

int ranks_close(int code)
{
    if (!ranks.comm)
        return code;
    if (ranks.failed_first(ranks.comm, code) && ranks_is_silent())
        reason_tell();
    ranks.close(ranks.comm, code);
    ranks.comm = NULL;
    return code;
}

const nq_comm *ranks_comm(void)
{
    return ranks.comm;
}

int ranks_is_silent(void)
{
    return ranks.speech >= 0;
}

const char *ranks_phrase(const nq_context *context)
{
    if (nq_context_ranks(context) > 1)
        snprintf(ranks.phrase, sizeof ranks.phrase, ", %d ranks", nq_context_ranks(context));
    return ranks.phrase;
}
