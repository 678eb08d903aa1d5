/* progress.c - one line on a terminal that is redrawn, or plain lines every few seconds. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "log/progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "session.h"

enum { LINE_SIZE = 256, BAR_WIDTH = 20 };

static const double TERMINAL_PERIOD = 0.1, PLAIN_PERIOD = 5; /* seconds */

void progress_init(progress *line, int quiet)
{
    const double now = seconds_now();
    *line = (progress){.quiet = quiet,
                       .terminal = isatty(STDERR_FILENO),
                       .started = now,
                       .shown = now,
                       .progress_then = -1};
}

static size_t terminal_width(void)
{
    struct winsize window;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 10)
        return window.ws_col;
    return 80;
}

/* Redraws in place; a line longer than the terminal would scroll, so it is cut. */
static void line_draw(progress *line, const char *text)
{
    fprintf(stderr, "\r%.*s\033[K", (int)terminal_width() - 1, text);
    fflush(stderr);
    line->drawn = 1;
}

void progress_clear(progress *line)
{
    if (line->drawn)
        fputs("\r\033[K", stderr);
    line->drawn = 0;
}

static int is_due(progress *line, double period)
{
    const double now = seconds_now();
    if (now - line->shown < period)
        return 0;
    line->shown = now;
    return 1;
}

static void bar_format(char out[BAR_WIDTH + 3], double part)
{
    const int full = (int)(BAR_WIDTH * (part < 0 ? 0 : part > 1 ? 1 : part));
    out[0] = '[';
    for (int i = 0; i < BAR_WIDTH; i++)
        out[i + 1] = i < full ? '=' : i == full ? '>' : ' ';
    out[BAR_WIDTH + 1] = ']';
    out[BAR_WIDTH + 2] = '\0';
}

/* "  K -2.53  hold-out -2.61 bits", leaving out what is not known yet. */
static void bounds_format(char *out, size_t size, const nq_train_state *state)
{
    char now[40] = "", valid[60] = "";
    if (isfinite(state->bound))
        snprintf(now, sizeof now, "  K %.3f", state->bound * BITS_PER_NAT);
    if (isfinite(state->valid_bound))
        snprintf(valid, sizeof valid, "  hold-out %.3f", state->valid_bound * BITS_PER_NAT);
    snprintf(out, size, "%s%s%s", now, valid, *now || *valid ? " bits" : "");
}

static void train_format(char *out, size_t size, const progress *line,
                         const nq_train_state *state)
{
    char bar[BAR_WIDTH + 3] = "", bounds[120], left[40] = "", clock[24], planned[32] = "";
    const double seconds = seconds_now() - line->started;
    const double gone = state->progress - line->progress_then;
    const double speed = (double)(state->update - line->update_then) / fmax(seconds, 1e-9);
    if (line->terminal)
        bar_format(bar, state->progress);
    if (gone > 0 && !state->done) {
        nq_text_duration(clock, sizeof clock, seconds * (1 - state->progress) / gone);
        snprintf(left, sizeof left, "  %s left", clock);
    }
    if (state->planned >= state->update) /* a resumed run may be past its plan */
        snprintf(planned, sizeof planned, "/%lld", (long long)state->planned);
    bounds_format(bounds, sizeof bounds, state);
    if (state->start)
        snprintf(out, size, "%s%s%3.0f%%  start %lld/%lld%s%s", bar, *bar ? " " : "",
                 100 * state->progress, (long long)state->start, (long long)state->starts, bounds,
                 left);
    else
        snprintf(out, size, "%s%s%3.0f%%  update %lld%s  %.0f/s%s%s", bar, *bar ? " " : "",
                 100 * state->progress, (long long)state->update, planned, speed, bounds, left);
}

int progress_is_due(const progress *line)
{
    return !line->quiet &&
           seconds_now() - line->shown >= (line->terminal ? TERMINAL_PERIOD : PLAIN_PERIOD);
}

/* Whether a line is to be shown now. */
static int is_line_due(progress *line, int last)
{
    return !line->quiet &&
           (is_due(line, line->terminal ? TERMINAL_PERIOD : PLAIN_PERIOD) || last);
}

void progress_text(progress *line, const char *text, int last)
{
    if (!is_line_due(line, last))
        return;
    if (line->terminal)
        line_draw(line, text);
    else
        fprintf(stderr, "%s\n", text);
}

void progress_train(progress *line, const nq_train_state *state, int last)
{
    char text[LINE_SIZE];
    if (line->progress_then < 0) {
        line->progress_then = state->progress;
        line->update_then = state->update;
    }
    if (!is_line_due(line, last))
        return;
    train_format(text, sizeof text, line, state);
    if (line->terminal)
        line_draw(line, text);
    else
        fprintf(stderr, "%s\n", text);
}
