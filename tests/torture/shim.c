/* shim.c - preloaded, it makes the n-th call of some kinds fail: out of memory, disk full. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Environment (glibc on Linux):
 *   TORTURE_KINDS  letters of the kinds that count, below
 *   TORTURE_FAIL   which of their calls fails, from 1; 0: none, they are only counted
 *   TORTURE_ALL    set: that call and all after it
 *   TORTURE_OWN    set: of allocations and interrupted calls only the program's own, not libraries'
 *   TORTURE_COUNT  a file that gets the number of calls at the end
 * Kinds: m memory, o open, r rename, R read, w write (full disk), s short write, i interrupted
 * read or write, f fsync, t ftruncate, c close, M mmap of a file, T thread, l flock, u unlink. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

/* The allocator of glibc under the names that stay when ours stand before it. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static struct {
    char kinds[32];
    long fail;
    int all, own;
    uintptr_t begin, end; /* of the program's code */
    atomic_long calls;
} shim;

/* The first object is the program. */
static int program_find(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    shim.begin = UINTPTR_MAX;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        const uintptr_t at = object->dlpi_addr + part->p_vaddr;
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X))
            continue;
        shim.begin = at < shim.begin ? at : shim.begin;
        shim.end = at + part->p_memsz > shim.end ? at + part->p_memsz : shim.end;
    }
    return 1;
}

__attribute__((constructor)) static void start(void)
{
    const char *kinds = getenv("TORTURE_KINDS"), *fail = getenv("TORTURE_FAIL");
    shim.all = getenv("TORTURE_ALL") != NULL;
    shim.own = getenv("TORTURE_OWN") != NULL;
    shim.fail = fail ? atol(fail) : 0;
    dl_iterate_phdr(program_find, NULL);
    if (kinds)
        strncpy(shim.kinds, kinds, sizeof shim.kinds - 1);
}

/* Whether this call is to fail. Before start(), which is the loader's time, none counts. */
static int hit(char kind, const void *caller)
{
    const uintptr_t from = (uintptr_t)caller;
    if (!strchr(shim.kinds, kind) || !shim.kinds[0])
        return 0;
    if (shim.own && (kind == 'm' || kind == 'i') && (from < shim.begin || from >= shim.end))
        return 0;
    const long call = atomic_fetch_add(&shim.calls, 1) + 1;
    return shim.fail > 0 && (call == shim.fail || (shim.all && call > shim.fail));
}

#define FAILS(kind, error) (hit(kind, __builtin_return_address(0)) ? (errno = (error), 1) : 0)
/* The function that ours stands before, as a pointer of its type. */
#define NEXT(name)                                                                               \
    static __typeof__(&name) next;                                                               \
    if (!next) {                                                                                 \
        void *found = dlsym(RTLD_NEXT, #name);                                                   \
        memcpy(&next, &found, sizeof next);                                                      \
    }

__attribute__((destructor)) static void finish(void)
{
    const char *path = getenv("TORTURE_COUNT");
    const long calls = atomic_load(&shim.calls);
    shim.kinds[0] = '\0';
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

void *malloc(size_t size)
{
    return FAILS('m', ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return FAILS('m', ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return FAILS('m', ENOMEM) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return FAILS('m', ENOMEM) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (FAILS('m', ENOMEM))
        return ENOMEM;
    void *memory = __libc_memalign(alignment, size);
    if (memory)
        *out = memory;
    return memory ? 0 : ENOMEM;
}

int open(const char *path, int flags, ...)
{
    va_list list;
    NEXT(open)
    va_start(list, flags);
    const unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, unsigned) : 0;
    va_end(list);
    return FAILS('o', EMFILE) ? -1 : next(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list list;
    NEXT(openat)
    va_start(list, flags);
    const unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, unsigned) : 0;
    va_end(list);
    return FAILS('o', EMFILE) ? -1 : next(folder, path, flags, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    NEXT(fopen)
    return FAILS('o', EMFILE) ? NULL : next(path, mode);
}

DIR *opendir(const char *path)
{
    NEXT(opendir)
    return FAILS('o', EMFILE) ? NULL : next(path);
}

int rename(const char *from, const char *to)
{
    NEXT(rename)
    return FAILS('r', EACCES) ? -1 : next(from, to);
}

int unlink(const char *path)
{
    NEXT(unlink)
    return FAILS('u', EACCES) ? -1 : next(path);
}

ssize_t read(int file, void *bytes, size_t count)
{
    NEXT(read)
    return FAILS('R', EIO) || FAILS('i', EINTR) ? -1 : next(file, bytes, count);
}

ssize_t pread(int file, void *bytes, size_t count, off_t offset)
{
    NEXT(pread)
    return FAILS('R', EIO) || FAILS('i', EINTR) ? -1 : next(file, bytes, count, offset);
}

/* What is said on standard error is what the tests listen to. */
ssize_t write(int file, const void *bytes, size_t count)
{
    NEXT(write)
    if (file == STDERR_FILENO)
        return next(file, bytes, count);
    if (FAILS('w', ENOSPC) || FAILS('i', EINTR))
        return -1;
    return next(file, bytes, count > 1 && FAILS('s', 0) ? count / 2 : count);
}

/* stdio writes by ways of its own. */
int fflush(FILE *file)
{
    NEXT(fflush)
    const int result = next(file);
    return file && file != stderr && FAILS('w', ENOSPC) ? EOF : result;
}

int fclose(FILE *file)
{
    NEXT(fclose)
    const int result = next(file);
    return FAILS('c', EIO) ? EOF : result;
}

int fsync(int file)
{
    NEXT(fsync)
    return FAILS('f', EIO) ? -1 : next(file);
}

int fdatasync(int file)
{
    NEXT(fdatasync)
    return FAILS('f', EIO) ? -1 : next(file);
}

int ftruncate(int file, off_t length)
{
    NEXT(ftruncate)
    return FAILS('t', EIO) ? -1 : next(file, length);
}

int close(int file)
{
    NEXT(close)
    const int result = next(file);
    return FAILS('c', EIO) ? -1 : result;
}

int flock(int file, int operation)
{
    NEXT(flock)
    return FAILS('l', ENOLCK) ? -1 : next(file, operation);
}

void *mmap(void *at, size_t length, int protection, int flags, int file, off_t offset)
{
    NEXT(mmap)
    return file >= 0 && FAILS('M', ENOMEM) ? MAP_FAILED
                                           : next(at, length, protection, flags, file, offset);
}

int pthread_create(pthread_t *out, const pthread_attr_t *how, void *(*run)(void *),
                   void *argument)
{
    NEXT(pthread_create)
    return FAILS('T', EAGAIN) ? EAGAIN : next(out, how, run, argument);
}
