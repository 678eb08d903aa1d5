/* interrupt.c - Ctrl-C and its like: a job that can stop is asked to, all else ends cleanly. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* A signal handler can reach nothing but variables of static lifetime. */
static struct {
    volatile sig_atomic_t is_caught; /* the next one only leaves a note */
    volatile sig_atomic_t number;    /* that was noted */
    _Atomic(nq_context *) context;
    _Atomic(const char *) line; /* that is said at the end */
} state;

/* A progress line that stands on a terminal goes first. */
static void line_say(void)
{
    static const char clear[] = "\r\033[K";
    const char *line = atomic_load(&state.line);
    if (!line)
        return;
    ssize_t written = isatty(STDERR_FILENO) ? write(STDERR_FILENO, clear, sizeof clear - 1) : 0;
    if (written >= 0)
        written = write(STDERR_FILENO, line, strlen(line));
    (void)written; /* nobody is left to be told */
}

/* Only functions that a handler may call. */
static void handle(int number)
{
    if (state.is_caught && !state.number) {
        state.number = number;
        return;
    }
    nq_context_drop_files(atomic_load(&state.context));
    line_say();
    _exit(128 + number);
}

void interrupt_start(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART}, before;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaddset(&action.sa_mask, numbers[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
}

void interrupt_says(const char *line)
{
    atomic_store(&state.line, line);
}

void interrupt_context(nq_context *context)
{
    atomic_store(&state.context, context);
}

void interrupt_catch(void)
{
    if (state.is_caught)
        return;
    state.number = 0;
    state.is_caught = 1;
    interrupt_says(NULL);
}

int interrupt_signal(void)
{
    return state.number;
}
