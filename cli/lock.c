/* lock.c - one run at a time trains into a model file, or into the files of several models. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "message.h"
#include "options.h"
#include "session.h"

enum { TRIES = 50 };

typedef struct lock_file {
    char path[4096];
    int file; /* holds the lock as long as it is open */
} lock_file;

/* A process trains one model at a time. */
static lock_file locks[LOCK_KINDS] = {{.file = -1}, {.file = -1}};

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

static int path_fail(const lock_file *lock, const char *reason)
{
    return message_fail("'%s' cannot be made, which keeps a second run from the same output: %s",
                        lock->path, reason);
}

/* A file that nobody else has: O_EXCL never follows a link that was laid there. */
static look lock_make(lock_file *lock)
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
static look lock_inspect(const lock_file *lock, long *holder)
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

static int lock_take_here(lock_kind kind, const char *path)
{
    lock_file *lock = &locks[kind];
    long holder = -1;
    look found = LOOK_AGAIN;
    char *target = nq_file_target(path);
    const int length = snprintf(lock->path, sizeof lock->path, "%s.lock", target ? target : path);

    free(target);
    if (length >= (int)sizeof lock->path)
        return message_fail("the name of the model file is too long");
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
        return message_fail("'%s' is being trained by process %ld ('%s'): wait for it, or give "
                            "another name to -o",
                            path, holder, lock->path);
    interrupt_remove((int)kind, lock->path);
    return EXIT_DONE;
}

int lock_take(lock_kind kind, nq_context *context, const char *path)
{
    int code = nq_context_rank(context) == 0 ? lock_take_here(kind, path) : EXIT_DONE;
    const nq_status status = nq_context_share(context, &code, sizeof code);

    return status ? session_fail(context, status) : code;
}

void lock_release(lock_kind kind)
{
    lock_file *lock = &locks[kind];

    if (lock->file < 0)
        return;
    unlink(lock->path);
    interrupt_remove((int)kind, NULL);
    close(lock->file);
    lock->file = -1;
}
