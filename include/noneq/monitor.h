/* monitor.h - who watches a context: progress of long calls, their end before time, and what is
 * said on the way. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_MONITOR_H
#define NONEQ_MONITOR_H

#include <noneq/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How far the call is that the user made. */
typedef struct nq_progress {
    const char *what; /* is done now, such as "rows drawn"; constant text */
    double part;      /* of the whole call, 0..1 */
    /* The same counted in what `what` says, where that can be counted; else total is 0. */
    double done, total;
} nq_progress;

/* What a progress function answers. */
typedef enum nq_answer {
    NQ_GO_ON = 0,
    NQ_STOP = 1,  /* leave nothing behind: the call returns NQ_ERROR_STOPPED */
    NQ_FINISH = 2 /* end with what there is, where a call can: nq_fit keeps its best model. Others
                     stop */
} nq_answer;

typedef enum nq_log_level {
    NQ_LOG_DETAIL,  /* what is done and how, for those who ask for more */
    NQ_LOG_INFO,    /* what was chosen and found; lines of a table of words and figures */
    NQ_LOG_NOTE,    /* a sentence that whoever reads the result should know */
    NQ_LOG_CAUTION, /* the same, where the result is not of all rows that were asked about */
    NQ_LOG_WARNING  /* something went wrong, and the work goes on */
} nq_log_level;

/* A call that was stopped leaves its outputs as after any error, no file half written, and what was
 * lent to it as it was; the same call again gives the same as ever. What was changed on its way (a
 * trainer, a sampler, a run of AIS) says at its declaration what may be done with it.
 *
 * Functions may be NULL. They are called by the thread that made the call, never by two at once,
 * and must not use the context, but nq_context_message. */
typedef struct nq_monitor {
    size_t size; /* noneq/option.h has the rules of such structs */
    /* Told ten times a second at least, twenty times at most, while a call works that takes longer
     * than that. Returns an nq_answer; what is not 0 ends the work within .2 seconds. With ranks
     * (noneq/comm.h) the answer is looked at in training alone, and must be the same on all. */
    int (*progress)(void *user, const nq_progress *progress);
    /* One sentence or line without its end; valid during the call. */
    void (*log)(void *user, nq_log_level level, const char *text);
    void *user;
    nq_log_level least; /* lower levels are not told, nor computed; NQ_LOG_DETAIL: all are */
} nq_monitor;

/* Has the monitor watch all calls with this context from now on; it is copied. NULL: nobody does.
 * NQ_ERROR_ARGUMENT: its size is neither 0 nor that of a struct. */
nq_status nq_context_watch(nq_context *context, const nq_monitor *monitor);

#ifdef __cplusplus
}
#endif
#endif
