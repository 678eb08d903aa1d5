/* replay.c - the main of a harness without libFuzzer: runs it on files, or on all files of a
 * folder. Where one of them crashes, its name is the last line. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { SECONDS_MOST = 120 }; /* of one input, on a slow machine under a sanitizer */

/* 1 when the file was run. */
static int replay_file(const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &about)) {
        printf("not ok - cannot read %s\n", path);
        exit(1);
    }
    const size_t size = (size_t)about.st_size;
    uint8_t *bytes = malloc(size + 1); /* of its very size where there is a sanitizer to see it */
    uint8_t *exact = malloc(size ? size : 1);
    if (!bytes || !exact || fread(bytes, 1, size + 1, file) != size) {
        printf("not ok - cannot read %s\n", path);
        exit(1);
    }
    memcpy(exact, bytes, size);
    free(bytes);
    fclose(file);
    printf("# %s\n", path);
    fflush(stdout);
    alarm(SECONDS_MOST);
    LLVMFuzzerTestOneInput(exact, size);
    alarm(0);
    free(exact);
    return 1;
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int replay_folder(const char *folder)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_shown, alphasort);
    int done = 0;
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        done += replay_file(path);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return done;
}

/* A small input has no right to more: a harness takes "out of memory" for a fault. Sanitizers need
 * terabytes of addresses. */
static void memory_limit(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const struct rlimit limit = {1 << 29, 1 << 29};
    setrlimit(RLIMIT_AS, &limit);
#endif
}

int main(int argc, char **argv)
{
    int done = 0;
    memory_limit();
    printf("1..1\n");
    for (int i = 1; i < argc; i++) {
        struct stat about;
        const int is_folder = !stat(argv[i], &about) && S_ISDIR(about.st_mode);
        done += is_folder ? replay_folder(argv[i]) : replay_file(argv[i]);
    }
    printf("%sok 1 - %d_inputs_are_read_or_refused\n", done ? "" : "not ", done);
    return !done;
}
