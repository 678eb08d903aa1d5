/* watch.h - the program as the monitor of its library calls: progress and what they say. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_WATCH_H
#define NONEQ_CLI_WATCH_H

#include "options.h"

/* Shows on standard error what calls with this context say, as --quiet and --verbose have it, and
 * how far they are once one has taken a second. Of several ranks the first shows it. */
void watch_begin(nq_context *context, const common_values *common);

/* Takes the line of progress off the terminal before something else is printed. */
void watch_clear(void);

#endif
