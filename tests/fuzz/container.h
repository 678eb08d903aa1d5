/* container.h - safetensors files that a fuzz input stands for. No luck finds a header whose
 * offsets fit, so that an input may be a list of changes to a file that is right. Its first byte:
 * 'r': the rest is the file; 'h': the rest up to a line end is the header, what follows is data;
 * a digit: that file of the harness, and a change in each line (container_change). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_FUZZ_CONTAINER_H
#define NQI_TESTS_FUZZ_CONTAINER_H

#include <cjson/cJSON.h>

#include "fuzz/fuzz.h"

enum { PREFIX = 8, PATH_MOST = 256, DATA_MOST = 1 << 17 };

/* A file taken apart. */
typedef struct container {
    cJSON *head;  /* its header, without ... */
    cJSON *noneq; /* ... the texts of its metadata that are JSON themselves, or NULL */
    cJSON *train;
    uint8_t *data; /* the tensors, DATA_MOST bytes of room */
    size_t size;
} container;

static inline cJSON *container_inner(cJSON *head, const char *key)
{
    const cJSON *table = cJSON_GetObjectItemCaseSensitive(head, "__metadata__");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(table, key);
    return cJSON_IsString(item) ? cJSON_Parse(item->valuestring) : NULL;
}

static inline container container_open(const char *path)
{
    static uint8_t file[DATA_MOST];
    const size_t size = (size_t)scratch_get(path, file, sizeof file);
    uint64_t length = 0;
    container out = {.data = calloc(DATA_MOST, 1)};
    fuzz_holds(out.data && size > PREFIX && size < sizeof file);
    memcpy(&length, file, PREFIX);
    fuzz_holds(length < size - PREFIX);
    out.head = cJSON_ParseWithLength((const char *)file + PREFIX, length);
    out.noneq = container_inner(out.head, "noneq");
    out.train = container_inner(out.head, "train");
    out.size = size - PREFIX - length;
    memcpy(out.data, file + PREFIX + length, out.size);
    fuzz_holds(out.head && out.noneq);
    return out;
}

static inline void container_free(container *c)
{
    cJSON_Delete(c->head);
    cJSON_Delete(c->noneq);
    cJSON_Delete(c->train);
    free(c->data);
}

static inline container container_copy(const container *c)
{
    container out = {cJSON_Duplicate(c->head, 1), cJSON_Duplicate(c->noneq, 1),
                     cJSON_Duplicate(c->train, 1), calloc(DATA_MOST, 1), c->size};
    fuzz_holds(out.data != NULL);
    memcpy(out.data, c->data, c->size);
    return out;
}

/* The member of an object or array that is called so, or NULL. */
static inline cJSON *container_member(cJSON *of, const char *key)
{
    return cJSON_IsArray(of) ? cJSON_GetArrayItem(of, atoi(key))
                             : cJSON_GetObjectItemCaseSensitive(of, key);
}

/* Where the path leads; the last key is left in *key, its holder is returned (or NULL). */
static inline cJSON *container_find(cJSON *from, char *path, char **key)
{
    *key = path;
    for (char *slash; (slash = strchr(*key, '/')) && from; *key = slash + 1) {
        *slash = '\0';
        from = container_member(from, *key);
    }
    return from;
}

/* Replaces, adds or (an empty value) removes; a value that is no JSON is a text. */
static inline void container_set(cJSON *from, char *path, const char *value)
{
    char *key;
    cJSON *holder = container_find(from, path, &key);
    if (!cJSON_IsObject(holder) && !cJSON_IsArray(holder))
        return;
    cJSON *old = container_member(holder, key), *item = NULL;
    if (*value && !(item = cJSON_Parse(value)))
        item = cJSON_CreateString(value);
    if (old && item)
        cJSON_ReplaceItemViaPointer(holder, old, item);
    else if (old)
        cJSON_Delete(cJSON_DetachItemViaPointer(holder, old));
    else if (item && cJSON_IsArray(holder))
        cJSON_AddItemToArray(holder, item);
    else if (item)
        cJSON_AddItemToObject(holder, key, item);
}

/* Sets an element of a tensor, "NAME/INDEX", by its element type. */
static inline void container_set_element(container *c, char *path, const char *value)
{
    char *key;
    const cJSON *tensor = container_find(c->head, path, &key);
    const cJSON *offsets = cJSON_GetObjectItemCaseSensitive(tensor, "data_offsets");
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(tensor, "dtype");
    if (!cJSON_IsString(type) || !cJSON_IsArray(offsets) || !offsets->child)
        return;
    const char *name = type->valuestring;
    const size_t width = !strcmp(name, "U8") ? 1 : !strcmp(name, "F32") ? 4 : 8;
    const double begin = offsets->child->valuedouble + (double)width * atoi(key);
    if (!(begin >= 0 && begin + (double)width <= (double)c->size))
        return;
    const double number = strtod(value, NULL);
    const float single = (float)(fabs(number) < 3e38 || !isfinite(number) ? number : 3e38);
    const uint64_t whole = strtoull(value, NULL, 10);
    const void *from = !strcmp(name, "F32")   ? (const void *)&single
                       : !strcmp(name, "F64") ? (const void *)&number
                                              : (const void *)&whole;
    memcpy(c->data + (size_t)begin, from, width);
}

/* Gives a tensor, "NAME", that many elements in a row, and all tensors their places anew. */
static inline void container_resize(container *c, const char *name, const char *value)
{
    cJSON *item = NULL;
    size_t at = 0;
    cJSON_ArrayForEach(item, c->head)
    {
        cJSON *offsets = cJSON_GetObjectItemCaseSensitive(item, "data_offsets");
        const cJSON *type = cJSON_GetObjectItemCaseSensitive(item, "dtype");
        if (!cJSON_IsString(type) || cJSON_GetArraySize(offsets) != 2)
            continue;
        const size_t width = !strcmp(type->valuestring, "U8")    ? 1
                             : !strcmp(type->valuestring, "F32") ? 4
                                                                 : 8;
        const double old = offsets->child->next->valuedouble - offsets->child->valuedouble;
        size_t bytes = old > 0 && old < DATA_MOST ? (size_t)old : 0;
        if (!strcmp(item->string, name)) {
            const int count = abs(atoi(value) % 4096);
            bytes = (size_t)count * width;
            cJSON_ReplaceItemInObjectCaseSensitive(item, "shape",
                                                   cJSON_CreateIntArray(&count, 1));
        }
        cJSON_SetNumberValue(offsets->child, (double)at);
        at += bytes;
        cJSON_SetNumberValue(offsets->child->next, (double)at);
    }
    c->size = at < DATA_MOST ? at : DATA_MOST;
}

/* A line "WHERE/PATH=VALUE": head/ (the header as it stands), noneq/ and train/ (inside of these
 * texts), data/NAME/INDEX, size/NAME. */
static inline void container_change(container *c, char *line)
{
    char *value = strchr(line, '='), *path = strchr(line, '/');
    if (!value || !path || path > value)
        return;
    *value++ = '\0';
    *path++ = '\0';
    if (!strcmp(line, "head"))
        container_set(c->head, path, value);
    else if (!strcmp(line, "noneq"))
        container_set(c->noneq, path, value);
    else if (!strcmp(line, "train"))
        container_set(c->train, path, value);
    else if (!strcmp(line, "data"))
        container_set_element(c, path, value);
    else if (!strcmp(line, "size"))
        container_resize(c, path, value);
}

static inline void container_inner_put(cJSON *head, const char *key, const cJSON *value)
{
    cJSON *table = cJSON_GetObjectItemCaseSensitive(head, "__metadata__");
    char *text = value ? cJSON_PrintUnformatted(value) : NULL;
    if (text && cJSON_GetObjectItemCaseSensitive(table, key))
        cJSON_ReplaceItemInObjectCaseSensitive(table, key, cJSON_CreateString(text));
    cJSON_free(text);
}

/* The file of a header text and data. */
static inline const char *container_put(const char *name, const char *head, size_t length,
                                        const uint8_t *data, size_t size)
{
    const uint64_t prefix = length;
    uint8_t *file = malloc(PREFIX + length + size);
    fuzz_holds(file != NULL);
    memcpy(file, &prefix, PREFIX);
    memcpy(file + PREFIX, head, length);
    if (size)
        memcpy(file + PREFIX + length, data, size);
    const char *path = fuzz_put(name, file, PREFIX + length + size);
    free(file);
    return path;
}

static inline const char *container_changed(const char *name, const container *base,
                                            const char *lines, size_t size)
{
    container c = container_copy(base);
    char *text = strndup(lines, size), *rest = text;
    fuzz_holds(text != NULL);
    for (char *line; (line = strsep(&rest, "\n"));)
        container_change(&c, line);
    container_inner_put(c.head, "noneq", c.noneq);
    container_inner_put(c.head, "train", c.train);
    char *head = cJSON_PrintUnformatted(c.head);
    fuzz_holds(head != NULL);
    const char *path = container_put(name, head, strlen(head), c.data, c.size);
    cJSON_free(head);
    free(text);
    container_free(&c);
    return path;
}

/* The file that an input stands for; bases[count] are the harness's own. */
static inline const char *container_file(const char *name, const container *bases, size_t count,
                                         const uint8_t *bytes, size_t size)
{
    const char *rest = (const char *)bytes + 1;
    const size_t base = (size_t)(bytes[0] - '0');
    if (base < count)
        return container_changed(name, &bases[base], rest, size - 1);
    if (bytes[0] != 'h')
        return fuzz_put(name, rest, size - 1);
    const char *end = memchr(rest, '\n', size - 1);
    const size_t length = end ? (size_t)(end - rest) : size - 1;
    return container_put(name, rest, length, (const uint8_t *)rest + length + (end != NULL),
                         size - 1 - length - (end != NULL));
}

#endif
