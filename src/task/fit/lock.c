/* lock.c - one run at a time trains into a model file, or into the files of several models. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/fit/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <noneq/file.h>

#include "core/context.h"

enum { TRIES = 50 };

/* What one look at the lock file found. */
typedef enum look { LOOK_TAKEN, LOOK_HELD, LOOK_AGAIN, LOOK_FAILED } look;

static void pause_shortly(void)
{
    const struct timespec time = {0, 20000000};
    nanosleep(&time, NULL);
}

/* 0: the text is no lock of ours, -1: it is not written yet. */
static long holder_read(int file)
{
    char text[64] = "";
    long process = 0;
    const ssize_t length = pread(file, text, sizeof text - 1, 0);
    if (length == 0)
        return -1;
    return sscanf(text, "noneq process %ld", &process) == 1 && process > 0 ? process : 0;
}

static nq_status path_fail(const nqi_lock *lock, const char *reason)
{
    return nqi_fail(lock->context, NQ_ERROR_FILE,
                    "'%s' cannot be made, which keeps a second run from the same output: %s",
                    lock->path, reason);
}

/* A file that nobody else has: O_EXCL never follows a link that was laid there. */
static look lock_make(nqi_lock *lock)
{
    struct stat state;
    lock->file = open(lock->path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (lock->file < 0)
        return errno == EEXIST ? LOOK_AGAIN : LOOK_FAILED;
    /* Where there are no locks at all, the file alone says who is at work. */
    const int is_held = flock(lock->file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!is_held && fstat(lock->file, &state) == 0 && state.st_nlink > 0) {
        dprintf(lock->file, "noneq process %ld\n", (long)getpid());
        return LOOK_TAKEN;
    }
    close(lock->file);
    lock->file = -1;
    return LOOK_AGAIN;
}

/* Removes the lock file of a dead process, or says who is alive. */
static look lock_inspect(const nqi_lock *lock, long *holder)
{
    const int file = open(lock->path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    look found = LOOK_AGAIN;
    if (file < 0)
        return errno == ENOENT ? LOOK_AGAIN : LOOK_FAILED;
    struct stat state;
    const int is_locked = flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    *holder = holder_read(file);
    if (*holder == 0 && !is_locked)
        found = LOOK_HELD; /* by a file that is not ours to remove */
    else if (!is_locked && fstat(file, &state) == 0 && state.st_nlink > 0)
        unlink(
            lock->path); /* whoever holds the lock of a file may, and the name is still its own */
    else if (is_locked && *holder > 0 && (kill((pid_t)*holder, 0) == 0 || errno == EPERM))
        found = LOOK_HELD;
    close(file);
    return found;
}

/* So that a signal handler can remove it. */
static void slot_take(nqi_lock *lock)
{
    for (int i = 0; i < NQI_TEMPORARIES && lock->slot < 0; i++)
        if (!atomic_load(&lock->context->temporaries[i])) {
            atomic_store(&lock->context->temporaries[i], lock->path);
            lock->slot = i;
        }
}

static nq_status lock_take_here(nqi_lock *lock, const char *path)
{
    long holder = -1;
    look found = LOOK_AGAIN;
    char *target = nq_file_target(path);
    const int length = snprintf(lock->path, sizeof lock->path, "%s.lock", target ? target : path);
    free(target);
    if (length >= (int)sizeof lock->path)
        return nqi_fail(lock->context, NQ_ERROR_FILE, "the name of the model file is too long");
    for (int i = 0; i < TRIES && found == LOOK_AGAIN; i++) {
        found = lock_make(lock);
        if (found == LOOK_AGAIN && (found = lock_inspect(lock, &holder)) == LOOK_AGAIN && i > 1)
            pause_shortly();
    }
    if (found == LOOK_FAILED)
        return path_fail(lock, strerror(errno));
    if (found == LOOK_HELD && holder == 0)
        return path_fail(lock, "a file of that name is there already");
    if (found != LOOK_TAKEN)
        return nqi_fail(lock->context, NQ_ERROR_FILE,
                        "'%s' is being trained by process %ld ('%s'): wait for it, or give "
                        "another name to " NQI_OPTION "output",
                        path, holder, lock->path);
    slot_take(lock);
    return NQ_OK;
}

nq_status nqi_lock_take(nqi_lock *lock, nq_context *context, const char *path)
{
    *lock = (nqi_lock){.context = context, .file = -1, .slot = -1};
    nq_status found = nq_context_rank(context) == 0 ? lock_take_here(lock, path) : NQ_OK;
    const nq_status status = nq_context_share(context, &found, sizeof found);
    return status ? status : found;
}

void nqi_lock_release(nqi_lock *lock)
{
    if (lock->file < 0)
        return;
    unlink(lock->path);
    if (lock->slot >= 0)
        atomic_store(&lock->context->temporaries[lock->slot], NULL);
    close(lock->file);
    lock->file = lock->slot = -1;
}
