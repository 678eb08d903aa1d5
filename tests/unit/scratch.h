/* scratch.h - a folder of its own for a test, removed afterwards; whole files at once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct scratch {
    char folder[200];
    char path[600]; /* of the last scratch_path */
} scratch;

static inline int scratch_new(scratch *s)
{
    const char *base = getenv("TMPDIR");
    int failed = -1;
    for (int i = 0; i < 100 && failed; i++) {
        snprintf(s->folder, sizeof s->folder, "%s/noneq-test-%ld-%d", base ? base : "/tmp",
                 (long)getpid(), i);
        failed = mkdir(s->folder, 0700);
    }
    return failed;
}

static inline const char *scratch_path(scratch *s, const char *name)
{
    snprintf(s->path, sizeof s->path, "%s/%s", s->folder, name);
    return s->path;
}

/* Entries of the folder, hidden ones too. */
static inline int scratch_count(const scratch *s)
{
    int count = 0;
    DIR *folder = opendir(s->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (folder)
        closedir(folder);
    return count;
}

static inline void scratch_free(scratch *s)
{
    DIR *folder = opendir(s->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char path[900];
        snprintf(path, sizeof path, "%s/%s", s->folder, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove(path);
    }
    if (folder)
        closedir(folder);
    rmdir(s->folder);
}

/* For cmocka, where the state is memory that begins with its scratch. */
static inline int scratch_tear_down(void **state)
{
    scratch_free(*state);
    free(*state);
    return 0;
}

/* 0 when all was written. */
static inline int scratch_put(const char *path, const void *bytes, size_t count)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return -1;
    const size_t written = count ? fwrite(bytes, 1, count, file) : 0;
    return fclose(file) || written != count ? -1 : 0;
}

/* Bytes read (at most `size`), or -1 when there is no such file. */
static inline long scratch_get(const char *path, void *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return -1;
    const long count = (long)fread(bytes, 1, size, file);
    fclose(file);
    return count;
}

#endif
