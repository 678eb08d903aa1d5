/* watch.h - the program as the monitor of its library calls: progress and what they say. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_WATCH_H
#define NONEQ_CLI_WATCH_H

#include "options.h"

/* Shows on standard error what calls with this context say, as --quiet and --verbose have it, and
 * how far they are once one has taken a second. Of several ranks the first shows it. */
void watch_begin(nq_context *context, const common_values *common);

/* The line is that of training until it is done; `first`: a run begins or goes on. */
void watch_train(const nq_train_state *told, int first);
/* From now on the verb itself says on that line how far it is, until watch_clear: a text is shown
 * where one is due. */
void watch_own_lines(void);
int watch_is_due(void);
void watch_line(const char *text);

/* Takes the line of progress off the terminal before something else is printed. */
void watch_clear(void);

#endif
