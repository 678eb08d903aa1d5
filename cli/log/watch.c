/* watch.c - the program as the monitor of its library calls: progress and what they say. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "log/watch.h"

#include <stdio.h>
#include <string.h>

#include "interrupt.h"
#include "log/progress.h"
#include "message.h"
#include "ranks.h"
#include "session.h"

static const double QUIET_SECONDS = 1; /* work that takes less needs no words */

/* The program has one context at a time. */
static struct {
    progress line;
    const char *what;
    double begun; /* part when `what` began */
    double part;  /* that was told last */
    int quiet;
    int trains; /* the line is that of training */
    int is_own; /* the verb has lines of its own */
} state;

static void line_begin(const nq_progress *told)
{
    progress_init(&state.line, state.quiet);
    state.what = told->what;
    state.begun = told->part;
}

static int progress_tell(void *user, const nq_progress *told)
{
    char text[160], clock[24];
    (void)user;
    if (state.trains)
        return interrupt_signal() ? NQ_FINISH : NQ_GO_ON;
    if (!state.what || told->what != state.what || told->part < state.part)
        line_begin(told);
    state.part = told->part;
    const double seconds = seconds_now() - state.line.started;
    if (!interrupt_signal() && !state.quiet && !state.is_own && seconds >= QUIET_SECONDS &&
        told->part > state.begun && told->part < 1) {
        nq_text_duration(clock, sizeof clock,
                         seconds * (1 - told->part) / (told->part - state.begun));
        snprintf(text, sizeof text, "%s: %.0f%%, about %s left", told->what, 100 * told->part,
                 clock);
        progress_text(&state.line, text, !state.line.shown_any);
        state.line.shown_any = 1;
    }
    return interrupt_signal() ? NQ_FINISH : NQ_GO_ON;
}

static void log_print(void *user, nq_log_level level, const char *text)
{
    (void)user;
    if (ranks_is_silent())
        return;
    watch_clear();
    if (level == NQ_LOG_WARNING)
        message_print("%s", text);
    else if (level == NQ_LOG_NOTE || level == NQ_LOG_CAUTION)
        message_note("%s", text);
    else
        fprintf(stderr, "%s\n", text);
}

void watch_begin(nq_context *context, const common_values *common)
{
    const nq_monitor monitor = {.progress = progress_tell,
                                .log = log_print,
                                .least = common->quiet     ? NQ_LOG_CAUTION
                                         : common->verbose ? NQ_LOG_DETAIL
                                                           : NQ_LOG_INFO};
    state.quiet = common->quiet || ranks_is_silent();
    state.what = NULL;
    state.trains = 0;
    (void)nq_context_watch(context, &monitor);
}

void watch_own_lines(void)
{
    watch_clear();
    progress_init(&state.line, state.quiet);
    state.is_own = 1;
}

int watch_is_due(void)
{
    return progress_is_due(&state.line);
}

void watch_line(const char *text)
{
    progress_text(&state.line, text, 0);
}

void watch_clear(void)
{
    state.is_own = 0;
    progress_clear(&state.line);
}

void watch_train(const nq_train_state *told, int first)
{
    if (first)
        progress_init(&state.line, state.quiet);
    state.trains = !told->done;
    progress_train(&state.line, told, told->done);
}
