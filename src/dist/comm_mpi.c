/* comm_mpi.c - the ranks of MPI: the one file that names it, and a library of its own. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/mpi.h>

#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include <mpi.h>

enum {
    PIECE = 1 << 30, /* bytes of a message at most: MPI counts them in int */
    PATIENCE = 2     /* seconds that a rank which failed waits for the others */
};

typedef struct mpi_state {
    MPI_Comm work;     /* what bytes pass through */
    MPI_Comm farewell; /* what the last words pass through */
    int started;       /* MPI was started here, and ends here */
    int has_asked;     /* nq_mpi_failed_first has been called */
    int all_came;      /* every rank has said how it ended */
    int first[];       /* [2][size] counts and places of a gather, in int */
} mpi_state;

static nq_status answer(int error)
{
    return error == MPI_SUCCESS ? NQ_OK : NQ_ERROR_RANK;
}

static int piece_of(size_t left)
{
    return left < PIECE ? (int)left : PIECE;
}

static nq_status share(void *state, int root, void *bytes, size_t count)
{
    const mpi_state *mpi = state;
    nq_status status = NQ_OK;
    for (size_t at = 0; at < count && !status; at += PIECE)
        status = answer(
            MPI_Bcast((char *)bytes + at, piece_of(count - at), MPI_BYTE, root, mpi->work));
    return status;
}

static nq_status send(void *state, int to, const void *bytes, size_t count)
{
    const mpi_state *mpi = state;
    nq_status status = NQ_OK;
    for (size_t at = 0; at < count && !status; at += PIECE)
        status = answer(
            MPI_Send((const char *)bytes + at, piece_of(count - at), MPI_BYTE, to, 0, mpi->work));
    return status;
}

static nq_status receive(void *state, int from, void *bytes, size_t count)
{
    const mpi_state *mpi = state;
    nq_status status = NQ_OK;
    for (size_t at = 0; at < count && !status; at += PIECE)
        status = answer(MPI_Recv((char *)bytes + at, piece_of(count - at), MPI_BYTE, from, 0,
                                 mpi->work, MPI_STATUS_IGNORE));
    return status;
}

static nq_status gather(void *state, void *all, const size_t *first)
{
    mpi_state *mpi = state;
    int size;
    nq_status status = answer(MPI_Comm_size(mpi->work, &size));
    if (status)
        return status;
    if (first[size] > INT_MAX) {
        for (int r = 0; r < size && !status; r++)
            status = share(state, r, (char *)all + first[r], first[r + 1] - first[r]);
        return status;
    }
    int *count = mpi->first, *place = mpi->first + size;
    for (int r = 0; r < size; r++) {
        count[r] = (int)(first[r + 1] - first[r]);
        place[r] = (int)first[r];
    }
    return answer(MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, count, place, MPI_BYTE,
                                 mpi->work));
}

/* Communicators of our own, whose errors are ours to report. */
static nq_status communicators_make(mpi_state *mpi)
{
    const int bad = MPI_Comm_dup(MPI_COMM_WORLD, &mpi->work) ||
                    MPI_Comm_dup(MPI_COMM_WORLD, &mpi->farewell) ||
                    MPI_Comm_set_errhandler(mpi->work, MPI_ERRORS_RETURN) ||
                    MPI_Comm_set_errhandler(mpi->farewell, MPI_ERRORS_RETURN);
    return bad ? NQ_ERROR_RANK : NQ_OK;
}

static nq_status mpi_start(int *started)
{
    int is_running, provided;
    *started = 0;
    if (MPI_Initialized(&is_running))
        return NQ_ERROR_RANK;
    if (is_running)
        return NQ_OK;
    *started = 1;
    /* Worker threads compute; the thread of the context alone speaks. */
    return answer(MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided));
}

nq_status nq_mpi_open(nq_comm **out)
{
    int started, rank, size;
    *out = NULL;
    if (mpi_start(&started) || MPI_Comm_rank(MPI_COMM_WORLD, &rank) ||
        MPI_Comm_size(MPI_COMM_WORLD, &size))
        return NQ_ERROR_RANK;
    nq_comm *comm = calloc(1, sizeof *comm);
    mpi_state *mpi = calloc(1, sizeof *mpi + 2 * (size_t)size * sizeof(int));
    nq_status status = comm && mpi ? communicators_make(mpi) : NQ_ERROR_MEMORY;
    if (status) {
        free(comm);
        free(mpi);
        return status;
    }
    mpi->started = started;
    *comm = (nq_comm){rank, size, mpi, share, gather, send, receive};
    *out = comm;
    return NQ_OK;
}

static double clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* True when all ranks have joined in time. */
static int codes_gather(mpi_state *mpi, int code, int *codes)
{
    const struct timespec nap = {0, 1000000};
    const double end = clock_now() + PATIENCE;
    MPI_Request request;
    int is_done = 0;
    if (MPI_Iallgather(&code, 1, MPI_INT, codes, 1, MPI_INT, mpi->farewell, &request))
        return 0;
    while (!MPI_Test(&request, &is_done, MPI_STATUS_IGNORE) && !is_done) {
        if (code && clock_now() > end)
            return 0;
        nanosleep(&nap, NULL);
    }
    return is_done;
}

int nq_mpi_failed_first(nq_comm *comm, int code)
{
    mpi_state *mpi = comm->state;
    int *codes = mpi->first, is_first = code != 0;
    mpi->has_asked = 1;
    mpi->all_came = codes_gather(mpi, code, codes);
    for (int r = 0; mpi->all_came && r < comm->rank; r++)
        is_first = is_first && !codes[r];
    return is_first;
}

void nq_mpi_close(nq_comm *comm, int code)
{
    if (!comm)
        return;
    mpi_state *mpi = comm->state;
    if (!mpi->has_asked)
        nq_mpi_failed_first(comm, code);
    if (!mpi->all_came)
        MPI_Abort(mpi->work, code);
    MPI_Comm_free(&mpi->work);
    MPI_Comm_free(&mpi->farewell);
    if (mpi->started)
        MPI_Finalize();
    free(mpi);
    free(comm);
}
