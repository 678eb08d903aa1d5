/* pnm.c - PGM and PPM: "P5 width height largest", and the numbers as bytes or as text. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "io/format/format.h"
#include "io/picture/picture.h"

enum { LARGEST_NUMBER = 65535, LARGEST_EXTENT = 100000000 };

typedef struct header {
    int is_text;
    size_t channels, width, height;
    size_t largest; /* number: "maxval" */
    size_t size;    /* bytes of a number in the table */
} header;

/* "P2 P3" may also be the names of a table's columns: numbers follow only in a picture. */
static int pnm_begins(const nqi_input *input)
{
    const unsigned char *head = input->head;
    size_t i = 2;
    if (input->head_size < 3 || head[0] != 'P' || !head[1] || !strchr("2356", head[1]))
        return 0;
    while (i < input->head_size && isspace(head[i]))
        i++;
    return head[2] == '#' ||
           (i > 2 && (i == input->head_size || isdigit(head[i]) || head[i] == '#'));
}

static nq_status refuse(const nqi_input *input, const char *what)
{
    return nqi_fail(input->context, NQ_ERROR_FORMAT, "%s is a damaged PGM or PPM picture: %s",
                    input->path, what);
}

/* The next byte of text, or -1 at the end. A comment reads as the end of its line. */
static nq_status text_get(int *out, nqi_input *input)
{
    int in_comment = 0;
    do {
        unsigned char byte = 0;
        size_t got;
        const nq_status status = nqi_input_get(input, &byte, 1, &got);
        *out = got ? byte : -1;
        if (status)
            return status;
        in_comment |= byte == '#';
    } while (in_comment && *out != '\n' && *out != -1);
    return NQ_OK;
}

static nq_status number_refuse(const nqi_input *input, size_t most, const char *what)
{
    return nqi_fail(input->context, NQ_ERROR_FORMAT,
                    "%s is a damaged PGM or PPM picture: expected %s, a whole number up to %zu",
                    input->path, what, most);
}

/* Reads a number of at most `most`, after blanks, and the byte behind it. `what` it is completes a
 * sentence. */
static nq_status number_get(size_t *out, nqi_input *input, size_t most, const char *what)
{
    int byte;
    nq_status status;
    *out = 0;
    do {
        if ((status = text_get(&byte, input)))
            return status;
    } while (byte != -1 && isspace(byte));
    if (byte == -1)
        return nqi_fail(input->context, NQ_ERROR_FORMAT,
                        "%s is truncated: it ends before %s of its PGM or PPM picture",
                        input->path, what);
    if (!isdigit(byte))
        return number_refuse(input, most, what);
    while (byte != -1 && isdigit(byte)) {
        *out = *out * 10 + (size_t)(byte - '0');
        if (*out > most)
            return number_refuse(input, most, what);
        if ((status = text_get(&byte, input)))
            return status;
    }
    return byte == -1 || isspace(byte) ? NQ_OK : number_refuse(input, most, what);
}

static nq_status header_read(header *out, nqi_input *input)
{
    unsigned char magic[2] = {0};
    size_t got;
    nq_status status;
    if ((status = nqi_input_get(input, magic, 2, &got)))
        return status;
    *out = (header){.is_text = magic[1] <= '3',
                    .channels = magic[1] == '2' || magic[1] == '5' ? 1 : 3};
    if ((status = number_get(&out->width, input, LARGEST_EXTENT, "the width")) ||
        (status = number_get(&out->height, input, LARGEST_EXTENT, "the height")) ||
        (status = number_get(&out->largest, input, LARGEST_NUMBER, "the largest number")))
        return status;
    out->size = out->largest > UINT8_MAX ? 2 : 1;
    if (!out->width || !out->height || !out->largest)
        return refuse(input, "expected a width, a height and a largest number above 0");
    return NQ_OK;
}

/* Stores number i of the picture in native byte order. */
static void number_put(unsigned char *numbers, size_t i, size_t size, size_t number)
{
    const uint16_t wide = (uint16_t)number;
    if (size == 2)
        memcpy(numbers + 2 * i, &wide, 2);
    else
        numbers[i] = (unsigned char)number;
}

/* Memory grows with the text that is there, not with what the header promises. */
static nq_status text_read(void **out, nqi_input *input, const header *h, size_t count)
{
    enum { FIRST = 1 << 16 };
    size_t room = 0;
    unsigned char *numbers = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t number;
        if (i == room) {
            room = room ? 2 * room : FIRST;
            room = room < count ? room : count;
            unsigned char *grown = realloc(numbers, room * h->size);
            if (!grown) {
                free(numbers);
                return nqi_fail_memory(input->context, input->path, room * h->size);
            }
            numbers = grown;
        }
        const nq_status status = number_get(&number, input, h->largest, "a pixel");
        if (status) {
            free(numbers);
            return status;
        }
        number_put(numbers, i, h->size, number);
    }
    *out = numbers;
    return NQ_OK;
}

static nq_status bytes_read(void **out, nqi_input *input, const header *h, size_t count)
{
    char promise[96];
    snprintf(promise, sizeof promise, "a picture of %zu x %zu pixels", h->width, h->height);
    const nq_status status = nqi_input_rest(input, out, count * h->size, promise);
    if (status)
        return status;
    unsigned char *numbers = *out;
    for (size_t i = 0; i < count; i++) {
        const size_t number =
            h->size == 1 ? numbers[i] : (size_t)numbers[2 * i] << 8 | numbers[2 * i + 1];
        if (number > h->largest) {
            free(numbers);
            *out = NULL;
            return refuse(input, "a pixel is above the largest number that its header names");
        }
        number_put(numbers, i, h->size, number);
    }
    return NQ_OK;
}

/* P2, P3, P5 and P6, with comments. */
static nq_status pnm_read(nqi_table *out, nqi_input *input, const nq_read_options *options)
{
    (void)options;
    header h;
    *out = (nqi_table){0};
    nq_status status = header_read(&h, input);
    if (status)
        return status;
    const size_t pixels = h.width * h.height; /* at most 1e16 */
    *out = (nqi_table){.rows = 1,
                       .dim = pixels * h.channels,
                       .element = h.size == 2 ? NQI_U16 : NQI_U8,
                       .channels = h.channels,
                       .height = h.height,
                       .width = h.width};
    status = h.is_text ? text_read(&out->buffer, input, &h, out->dim)
                       : bytes_read(&out->buffer, input, &h, out->dim);
    out->values = out->buffer;
    if (status)
        nqi_table_free(out);
    else if (h.channels > 1)
        status = nqi_table_separate(out, input->context);
    return status;
}

static nq_status pnm_write(nqi_writer *writer, nq_context *context, const char *path,
                           const nqi_pixels *pixels)
{
    (void)context;
    (void)path;
    char text[80];
    const int length =
        snprintf(text, sizeof text, "P%c\n%zu %zu\n%u\n", pixels->channels == 1 ? '5' : '6',
                 pixels->width, pixels->height, pixels->depth == 8 ? 255u : 65535u);
    const nq_status status = nqi_writer_put(writer, text, (size_t)length);
    return status ? status
                  : nqi_writer_put(writer, pixels->bytes,
                                   pixels->channels * pixels->height * pixels->width *
                                       (size_t)pixels->depth / 8);
}

const nqi_format nqi_format_pnm = {
    .extensions = {{.tail = ".pgm", .name = "PGM", .channels = 1, .is_packed_here = 1},
                   {.tail = ".ppm", .name = "PPM", .channels = 3, .is_packed_here = 1}},
    .begins = pnm_begins,
    .read = pnm_read,
    .is_picture = 1,
    .picture_write = pnm_write};
