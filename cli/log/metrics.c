/* metrics.c - figures of a run as JSON lines and TensorBoard events in one folder. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "log/metrics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log/tensorboard.h"
#include "message.h"
#include "options.h"
#include "ranks.h"
#include "session.h"

static double wall_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int log_refuse(const char *path)
{
    return message_fail("the log '%s' cannot be written: %s", path, strerror(errno));
}

/* Begins the file anew; a former one that holds something, which is told, gets the first free
 * number. */
static int lines_put_aside(int *found, const char *folder, const char *path)
{
    char aside[4096];
    struct stat state;
    *found = stat(path, &state) == 0 && state.st_size > 0;
    if (!*found)
        return EXIT_DONE;
    for (int n = 1; n > 0; n++) {
        snprintf(aside, sizeof aside, "%s/metrics.%d.jsonl", folder, n);
        if (lstat(aside, &state) != 0)
            break;
    }
    return rename(path, aside) == 0 ? EXIT_DONE : log_refuse(path);
}

/* Whether a line was written whole, and not after `update`. */
static int line_stays(const char *line, size_t length, int64_t update)
{
    static const char start[] = "{\"update\":";
    if (length == 0 || line[length - 1] != '\n')
        return 0;
    return strncmp(line, start, sizeof start - 1) != 0 ||
           strtoll(line + sizeof start - 1, NULL, 10) <= update;
}

/* Updates rise from line to line, so the first that is later is where the run was lost. */
static int lines_cut(const char *path, int64_t update)
{
    FILE *file = fopen(path, "r+");
    char *line = NULL;
    size_t room = 0;
    off_t kept = 0;
    ssize_t length;
    if (!file)
        return errno == ENOENT ? EXIT_DONE : log_refuse(path);
    while ((length = getline(&line, &room, file)) > 0 && line_stays(line, (size_t)length, update))
        kept += (off_t)length;
    const int bad = ferror(file) || ftruncate(fileno(file), kept) != 0;
    const int code = bad ? log_refuse(path) : EXIT_DONE;
    free(line);
    fclose(file);
    return code;
}

static int folder_open(char *path, size_t size, const char *folder)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return log_refuse(folder);
    snprintf(path, size, "%s/metrics.jsonl", folder);
    return EXIT_DONE;
}

/* TensorBoard forgets what earlier files say of steps from `start` on; -1: nothing. */
static int files_open(metrics *out, const char *folder, int64_t start)
{
    char path[4096];
    if (folder_open(path, sizeof path, folder))
        return EXIT_FAILED;
    if (!(out->lines = fopen(path, "a")))
        return log_refuse(path);
    /* TensorBoard finds event files by "tfevents" in their name, and reads them in the order of
     * their names: runs may begin in one second, and numbers of processes start again. */
    snprintf(path, sizeof path, "%s/events.out.tfevents.%.6f.noneq.%ld", folder, wall_time(),
             (long)getpid());
    if (!(out->events = fopen(path, "wb"))) {
        log_refuse(path);
        fclose(out->lines);
        out->lines = NULL;
        return EXIT_FAILED;
    }
    tensorboard_start(out->events, wall_time());
    if (start >= 0)
        tensorboard_session(out->events, wall_time(), start);
    return EXIT_DONE;
}

int metrics_open(metrics *out, const char *folder)
{
    *out = (metrics){.folder = folder};
    return !folder || ranks_is_silent() ? EXIT_DONE : files_open(out, folder, -1);
}

int metrics_open_run(metrics *out, const char *folder, int64_t update)
{
    char path[4096];
    int code, found = 1;
    *out = (metrics){.folder = folder};
    if (!folder || ranks_is_silent())
        return EXIT_DONE;
    if ((code = folder_open(path, sizeof path, folder)) ||
        (code = update > 0 ? lines_cut(path, update) : lines_put_aside(&found, folder, path)))
        return code;
    return files_open(out, folder, !found ? -1 : update > 0 ? update + 1 : 0);
}

void metrics_write(metrics *log, int64_t step, const char *stage, const metric *figures,
                   size_t count)
{
    if (!log->lines)
        return;
    fprintf(log->lines, "{\"update\":%lld", (long long)step);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(figures[i].value))
            continue;
        fprintf(log->lines, ",\"%s\":%.10g", figures[i].name, figures[i].value);
        tensorboard_scalar(log->events, wall_time(), step, figures[i].name,
                           (float)figures[i].value);
    }
    if (stage)
        fprintf(log->lines, ",\"stage\":\"%s\"", stage);
    fputs("}\n", log->lines);
    fflush(log->lines);
    fflush(log->events);
}

void metrics_train(metrics *log, const nq_train_state *state)
{
    const metric figures[] = {
        {"bits", state->bound * BITS_PER_NAT},
        {"gain_bits", (state->bound - state->null) * BITS_PER_NAT},
        {"valid_bits", state->valid_bound * BITS_PER_NAT},
        {"valid_se_bits", state->valid_se * BITS_PER_NAT},
        {"best_bits", state->best_bound * BITS_PER_NAT},
        {"kept_bits", state->check_bound * BITS_PER_NAT},
        {"kept_se_bits", state->check_se * BITS_PER_NAT},
        {"rate", state->rate},
        {"seconds", state->seconds},
    };
    metrics_write(log, state->update, state->stage, figures, sizeof figures / sizeof *figures);
}

int metrics_close(metrics *log)
{
    int bad;
    if (!log->lines)
        return EXIT_DONE;
    bad = ferror(log->lines) || ferror(log->events);
    bad |= fclose(log->lines) != 0;
    bad |= fclose(log->events) != 0;
    *log = (metrics){.folder = log->folder};
    if (bad)
        return message_fail("the log in '%s' could not be written whole", log->folder);
    return EXIT_DONE;
}
