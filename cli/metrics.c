/* metrics.c - figures of a run as JSON lines and TensorBoard events in one folder. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "metrics.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "message.h"
#include "options.h"
#include "ranks.h"
#include "session.h"
#include "tensorboard.h"

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

int metrics_open(metrics *out, const char *folder)
{
    char path[4096];

    *out = (metrics){.folder = folder};
    if (!folder || ranks_is_silent())
        return EXIT_DONE;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return log_refuse(folder);
    snprintf(path, sizeof path, "%s/metrics.jsonl", folder);
    if (!(out->lines = fopen(path, "a")))
        return log_refuse(path);
    /* TensorBoard finds event files by "tfevents" in their name; time and process make it new. */
    snprintf(path, sizeof path, "%s/events.out.tfevents.%.0f.noneq.%ld", folder, wall_time(),
             (long)getpid());
    if (!(out->events = fopen(path, "wb"))) {
        log_refuse(path);
        fclose(out->lines);
        out->lines = NULL;
        return EXIT_FAILED;
    }
    tensorboard_start(out->events, wall_time());
    return EXIT_DONE;
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
        putc(',', log->lines);
        json_field(log->lines, figures[i].name, figures[i].value);
        tensorboard_scalar(log->events, wall_time(), step, figures[i].name,
                           (float)figures[i].value);
    }
    if (stage) {
        putc(',', log->lines);
        json_field_text(log->lines, "stage", stage);
    }
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
