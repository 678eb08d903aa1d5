/* target_sweep.c - hidden files that killed processes have left behind are removed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/file/target.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { HOST_DIGITS = 8, RANDOM_DIGITS = 16, ONE_DAY = 86400 };

unsigned nqi_target_host(void)
{
    char name[256] = "";
    unsigned hash = 2166136261u; /* FNV-1a */
    (void)gethostname(name, sizeof name - 1);
    for (const char *at = name; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    return hash;
}

static size_t hex_digits(const char *text)
{
    return strspn(text, "0123456789abcdef");
}

/* .noneq-HOST-PROCESS-RANDOM, and nothing else. */
static int is_temporary(const char *name)
{
    static const char start[] = ".noneq-";
    if (strncmp(name, start, sizeof start - 1) != 0)
        return 0;
    const char *host = name + sizeof start - 1;
    if (hex_digits(host) != HOST_DIGITS || host[HOST_DIGITS] != '-')
        return 0;
    const char *process = host + HOST_DIGITS + 1;
    const size_t digits = strspn(process, "0123456789");
    if (digits == 0 || process[digits] != '-')
        return 0;
    const char *random = process + digits + 1;
    return hex_digits(random) == RANDOM_DIGITS && random[RANDOM_DIGITS] == '\0';
}

/* Whoever writes a file holds a lock on it until it has its final name, and the system lets go of
 * it when he dies, so that no process number is ever taken for another's. A network's file system
 * may keep locks to itself, so files of other hosts must be a day old too. */
static int is_dead(int file, const char *name, unsigned host)
{
    struct stat about;
    if (fstat(file, &about) || !S_ISREG(about.st_mode))
        return 0;
    unsigned theirs = 0;
    for (const char *at = strchr(name, '-') + 1; *at != '-'; at++)
        theirs =
            16 * theirs + (unsigned)(isdigit((unsigned char)*at) ? *at - '0' : *at - 'a' + 10);
    if (theirs != host && time(NULL) - about.st_mtime < ONE_DAY)
        return 0;
    return flock(file, LOCK_EX | LOCK_NB) == 0;
}

void nqi_target_sweep(const char *folder)
{
    const unsigned host = nqi_target_host();
    DIR *list = opendir(*folder ? folder : ".");
    const struct dirent *entry;
    while (list && (entry = readdir(list))) {
        if (!is_temporary(entry->d_name))
            continue;
        const int file = openat(dirfd(list), entry->d_name,
                                O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (file < 0)
            continue;
        if (is_dead(file, entry->d_name, host))
            (void)unlinkat(dirfd(list), entry->d_name, 0);
        close(file);
    }
    if (list)
        closedir(list);
}
