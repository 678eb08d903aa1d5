/* folder.c - the pictures of a folder as the rows of one table. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/context.h"
#include "core/grow.h"
#include "core/monitor.h"
#include "io/format/format.h"

typedef struct name_list {
    char **names; /* paths, by malloc */
    size_t count, room;
} name_list;

static int folder_is(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static void names_free(name_list *list)
{
    nqi_names_free(list->names, list->count);
}

/* Hidden files are left out. */
static int is_picture(const char *name)
{
    return name[0] != '.' && nqi_format_of_name(name, NQI_FORMAT_PICTURE, NULL);
}

static int name_add(name_list *list, const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    if (!nqi_grow(&list->names, &list->room, list->count + 1, sizeof *list->names))
        return 0;
    char *path = malloc(size);
    if (!path)
        return 0;
    snprintf(path, size, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    list->names[list->count++] = path;
    return 1;
}

/* By bytes, whatever the locale. */
static int name_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static nq_status names_list(name_list *list, nq_context *context, const char *path)
{
    DIR *folder = opendir(path);
    nq_status status = NQ_OK;
    char known[NQI_FORMAT_LIST];
    if (!folder)
        return nqi_fail(context, NQ_ERROR_FILE, "cannot read the folder %s: %s", path,
                        strerror(errno));
    for (struct dirent *entry; !status && (entry = readdir(folder));)
        if (is_picture(entry->d_name) && !name_add(list, path, entry->d_name))
            status = nqi_fail_memory(context, "the names of a folder's files", list->count);
    closedir(folder);
    if (!status && list->count == 0)
        status = nqi_fail(context, NQ_ERROR_FILE,
                          "cannot read %s: it is a folder without pictures; expected files that "
                          "end in %s, perhaps with .gz",
                          path, nqi_format_list(known, NQI_FORMAT_PICTURE, 0));
    if (!status)
        qsort(list->names, list->count, sizeof *list->names, name_compare);
    return status;
}

static nq_status picture_read(nqi_table *out, nq_context *context, const char *path)
{
    nqi_input input;
    char known[NQI_FORMAT_LIST];
    nq_status status = nqi_input_open(&input, context, path);
    *out = (nqi_table){0};
    if (status)
        return status;
    const nqi_format *format = nqi_format_of_picture(&input);
    status = format ? format->read(out, &input, NULL)
                    : nqi_fail(context, NQ_ERROR_FORMAT, "%s: its content is no %s picture", path,
                               nqi_format_list(known, NQI_FORMAT_PICTURE, 1));
    nqi_input_close(&input);
    return status;
}

/* Appends the picture to a table with room for `rows` of them. */
static nq_status picture_append(nqi_table *all, nq_context *context, const nqi_table *one,
                                const char *const *names)
{
    const char *name = names[all->rows];
    const size_t row = one->dim * nqi_element_size(one->element);
    if (one->channels != all->channels || one->height != all->height ||
        one->width != all->width || one->element != all->element)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the pictures of a folder must be alike: %s has %zu x %zu x %zu "
                        "(channels x height x width) numbers of %zu bits, %s has %zu x %zu x %zu "
                        "of %zu",
                        names[0], all->channels, all->height, all->width,
                        8 * nqi_element_size(all->element), name, one->channels, one->height,
                        one->width, 8 * nqi_element_size(one->element));
    memcpy((unsigned char *)all->buffer + all->rows * row, one->values, row);
    all->rows++;
    return NQ_OK;
}

/* A table with the first picture's shape, no rows yet, and room for `rows`. */
static nq_status table_start(nqi_table *all, nq_context *context, const nqi_table *first,
                             size_t rows, const char *path)
{
    const size_t bytes = nqi_table_bytes(rows, first->dim, first->element);
    *all = (nqi_table){.dim = first->dim,
                       .element = first->element,
                       .channels = first->channels,
                       .height = first->height,
                       .width = first->width};
    all->buffer = bytes ? malloc(bytes) : NULL;
    all->values = all->buffer;
    return all->buffer ? NQ_OK : nqi_fail_memory(context, path, bytes);
}

/* The pictures in the order of their names: a row for each. NQ_ERROR_SHAPE names two that differ in
 * size, channels or depth; NQ_ERROR_FILE: there are none. */
static nq_status folder_read(nqi_table *out, nq_context *context, const char *path)
{
    name_list list = {0};
    *out = (nqi_table){0};
    nq_status status = names_list(&list, context, path);
    for (size_t i = 0; i < list.count && !status; i++) {
        nqi_table one;
        const double count = (double)list.count;
        const nqi_portion portion =
            nqi_portion_enter(context, (double)i / count, (double)(i + 1) / count);
        status = picture_read(&one, context, list.names[i]);
        nqi_portion_leave(context, portion);
        if (!status && i == 0)
            status = table_start(out, context, &one, list.count, path);
        if (!status)
            status = picture_append(out, context, &one, (const char *const *)list.names);
        nqi_table_free(&one);
    }
    names_free(&list);
    if (status)
        nqi_table_free(out);
    return status;
}

const nqi_format nqi_format_folder = {.is_place = folder_is, .read_place = folder_read};
