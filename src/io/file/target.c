/* target.c - where written bytes go: a hidden file that replaces another, or straight. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/file/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <noneq/file.h>

#include "core/context.h"

enum { NAME_TRIES = 100, LINKS_MOST = 40, PORTION = 1 << 23 };

nq_status nqi_target_fail(const nqi_target *target, const char *reason)
{
    const char *name = strcmp(target->name, "-") == 0 ? "standard output" : target->name;
    return nqi_fail(target->context, NQ_ERROR_FILE, "cannot write %s: %s", name, reason);
}

/* Length of the folder part of a path, with its final '/': 0 for the present folder. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The number of a descriptor that the path means, or -1. Opening it anew would lose its place. */
static int path_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *number = path + strlen(folders[i]);
        if (strncmp(path, folders[i], strlen(folders[i])) != 0 || !*number ||
            strlen(number) > 6 || strspn(number, "0123456789") != strlen(number))
            continue;
        return atoi(number);
    }
    return strcmp(path, "-") == 0 ? STDOUT_FILENO : -1;
}

/* What the link says, from where the link is. NULL without memory. */
static char *link_resolve(const char *link, const char *text)
{
    const size_t folder = *text == '/' ? 0 : folder_length(link),
                 size = folder + strlen(text) + 1;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%.*s%s", (int)folder, link, text);
    return path;
}

char *nq_file_target(const char *path)
{
    char text[PATH_MAX];
    char *at = strdup(path);
    for (int i = 0; at && i < LINKS_MOST; i++) {
        const ssize_t length = path_descriptor(at) < 0 ? readlink(at, text, sizeof text - 1) : -1;
        if (length <= 0)
            return at; /* no link, or nothing there */
        text[length] = '\0';
        char *next = link_resolve(at, text);
        free(at);
        at = next;
    }
    free(at);
    return NULL;
}

int nqi_path_is_stream(const char *path)
{
    struct stat about;
    if (strcmp(path, "-") == 0)
        return 1;
    char *target = nq_file_target(path);
    const int is_stream =
        target &&
        (path_descriptor(target) >= 0 ||
         (stat(target, &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode)));
    free(target);
    return is_stream;
}

/* A context remembers what a signal handler is to remove (nq_context_drop_files). */
static int slot_take(nq_context *context, const char *temporary)
{
    for (int i = 0; i < NQI_TEMPORARIES; i++) {
        if (!atomic_load(&context->temporaries[i])) {
            atomic_store(&context->temporaries[i], temporary);
            return i;
        }
    }
    return -1; /* the next process that writes here removes it */
}

static void temporary_forget(nqi_target *target)
{
    if (target->slot >= 0)
        atomic_store(&target->context->temporaries[target->slot], NULL);
    target->slot = -1;
    free(target->temporary);
    target->temporary = NULL;
}

void nq_context_drop_files(nq_context *context)
{
    for (int i = 0; context && i < NQI_TEMPORARIES; i++) {
        const char *temporary = atomic_load(&context->temporaries[i]);
        if (temporary)
            (void)unlink(temporary);
    }
}

/* Without a source of randomness, the clock; O_EXCL guards the rest. */
static unsigned long long random_number(void)
{
    unsigned long long number;
    struct timespec now;
    if (getrandom(&number, sizeof number, GRND_NONBLOCK) == (ssize_t)sizeof number)
        return number;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000007u ^ (unsigned long long)now.tv_nsec << 20;
}

/* Locks a new file, so that nobody takes it for a dead process's. Returns 0 when somebody was
 * faster and has removed it. A file system without locks has no sweepers either. */
static int temporary_lock(int file)
{
    struct stat about;
    if (flock(file, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return 0;
    return fstat(file, &about) != 0 || about.st_nlink > 0;
}

/* A hidden name in the target's folder. It does not contain the target's own name, which may be
 * as long as a name can be. O_EXCL: never through a link that someone else has put there. */
static nq_status temporary_open(nqi_target *target, mode_t mode)
{
    const size_t length = folder_length(target->path), size = length + 80;
    int error = EEXIST;
    if (!(target->temporary = malloc(size)))
        return nqi_fail_memory(target->context, "a file name", size);
    target->slot = slot_take(target->context, target->temporary);
    for (int i = 0; i < NAME_TRIES && target->file < 0 && error == EEXIST; i++) {
        snprintf(target->temporary, size, "%.*s.noneq-%08x-%ld-%016llx", (int)length,
                 target->path, nqi_target_host(), (long)getpid(), random_number());
        target->file =
            open(target->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        error = errno;
        if (target->file >= 0 && !temporary_lock(target->file)) {
            close(target->file);
            target->file = -1;
            error = EEXIST;
        }
    }
    if (target->file >= 0)
        return NQ_OK;
    temporary_forget(target);
    return nqi_target_fail(target, error == ENOENT    ? "its folder does not exist"
                                   : error == ENOTDIR ? "part of its path is a file, not a folder"
                                                      : strerror(error));
}

/* Owner, group and permissions of the file that is replaced. Where the group cannot stay, the new
 * one gets no more than others had. */
static nq_status identity_copy(nqi_target *target, const struct stat *old)
{
    struct stat now;
    mode_t mode = old->st_mode & 07777;
    if (fstat(target->file, &now))
        return nqi_target_fail(target, strerror(errno));
    if (now.st_uid != old->st_uid || now.st_gid != old->st_gid) {
        const int all = fchown(target->file, old->st_uid, old->st_gid) == 0;
        if (!all && now.st_gid != old->st_gid && fchown(target->file, (uid_t)-1, old->st_gid))
            mode = (mode & ~(mode_t)070) | (mode & (mode & 07) << 3);
        if (!all)
            mode &= 0777;
    }
    return fchmod(target->file, mode) ? nqi_target_fail(target, strerror(errno)) : NQ_OK;
}

static nq_status straight_open(nqi_target *target, int file)
{
    target->file = file;
    return file < 0 ? nqi_target_fail(target, strerror(errno)) : NQ_OK;
}

/* A run writes many files into few folders and sweeps each once. */
static void folder_sweep(nq_context *context, const char *path)
{
    struct stat about;
    const size_t length = folder_length(path);
    char *folder = length ? strndup(path, length) : strdup("./");
    if (folder && stat(folder, &about) == 0 &&
        (about.st_dev != context->swept_device || about.st_ino != context->swept_folder)) {
        context->swept_device = about.st_dev;
        context->swept_folder = about.st_ino;
        nqi_target_sweep(folder);
    }
    free(folder);
}

static nq_status beside_open(nqi_target *target, const struct stat *old)
{
    folder_sweep(target->context, target->path);
    nq_status status = temporary_open(target, old ? (old->st_mode & 0600) | 0200 : 0666);
    return status || !old ? status : identity_copy(target, old);
}

nq_status nqi_target_open(nqi_target *out, nq_context *context, const char *name)
{
    struct stat about;
    const size_t length = strlen(name);
    *out = (nqi_target){.context = context, .name = name, .slot = -1, .file = -1};
    if (nq_context_rank(context) > 0) /* rank 0 writes the same */
        return straight_open(out, open("/dev/null", O_WRONLY | O_CLOEXEC));
    if (length == 0)
        return nqi_target_fail(out, "its name is empty");
    errno = ELOOP;
    if (!(out->path = nq_file_target(name)))
        return errno == ENOMEM ? nqi_fail_memory(context, "a file name", length)
                               : nqi_target_fail(out, strerror(ELOOP));
    if (path_descriptor(out->path) >= 0)
        return straight_open(out, fcntl(path_descriptor(out->path), F_DUPFD_CLOEXEC, 3));
    const int exists = stat(out->path, &about) == 0;
    if ((exists && S_ISDIR(about.st_mode)) || name[length - 1] == '/')
        return nqi_target_fail(out, "it is a folder, the name of a file was expected");
    /* Said now rather than by rename, after hours of work. */
    if (!exists && errno != ENOENT && errno != ENOTDIR)
        return nqi_target_fail(out, strerror(errno));
    if (exists && !S_ISREG(about.st_mode))
        return straight_open(out, open(out->path, O_WRONLY | O_CLOEXEC | O_NOCTTY));
    return beside_open(out, exists ? &about : NULL);
}

/* Some file systems, and no device or pipe, know fsync; what matters is that a disk's failure
 * is heard. */
static int disk_sync(int file, int sync(int file))
{
    int result;
    do
        result = sync(file);
    while (result && errno == EINTR);
    return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

nq_status nqi_target_push(nqi_target *target, size_t bytes)
{
    target->unsent += bytes;
    if (!target->temporary || target->unsent < PORTION)
        return NQ_OK;
    target->unsent = 0;
    return disk_sync(target->file, fdatasync) ? NQ_OK : nqi_target_fail(target, strerror(errno));
}

/* Makes the new name itself last. A folder that cannot be opened for reading is let be. */
static void folder_sync(const char *path)
{
    const size_t length = folder_length(path);
    char *name = length ? strndup(path, length) : strdup("./");
    const int folder = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(name);
    if (folder < 0)
        return;
    (void)fsync(folder); /* the file is whole under either name */
    close(folder);
}

nq_status nqi_target_keep(nqi_target *target)
{
    if (!disk_sync(target->file, fsync))
        return nqi_target_fail(target, strerror(errno));
    if (!target->temporary) {
        const int file = target->file;
        target->file = -1;
        return close(file) ? nqi_target_fail(target, strerror(errno)) : NQ_OK;
    }
    if (rename(target->temporary, target->path))
        return nqi_target_fail(target, strerror(errno));
    temporary_forget(target);
    folder_sync(target->path);
    return NQ_OK;
}

/* The lock goes with the descriptor, so the file goes first. What was synced needs no close to
 * tell of failures. */
void nqi_target_drop(nqi_target *target)
{
    if (target->temporary) {
        (void)unlink(target->temporary);
        temporary_forget(target);
    }
    if (target->file >= 0)
        close(target->file);
    target->file = -1;
    free(target->path);
    target->path = NULL;
}
