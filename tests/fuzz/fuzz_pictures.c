/* fuzz_pictures.c - PNG, PGM and PPM. The first byte of an input says how the rest becomes a file:
 * 'r' as it is; 'c' a PNG whose checksums are made right, since no luck finds one; 'p' a PNG whose
 * parts are given, the pixels before compression. What was read as whole numbers is read again
 * from what is written. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <zlib.h>

#include "fuzz/fuzz.h"

enum { SIGNATURE = 8, FRAME = 12, HEAD = 13, FILE_MOST = 1 << 20 };

static void number_put(uint8_t out[4], size_t number)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(number >> (24 - 8 * i));
}

static size_t number_get(const uint8_t at[4])
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

static void checksums_repair(uint8_t *file, size_t size)
{
    for (size_t at = SIGNATURE; at + FRAME <= size;) {
        const size_t length = number_get(file + at);
        if (length > size - at - FRAME)
            return;
        number_put(file + at + 8 + length, crc32(0, file + at + 4, (uInt)length + 4));
        at += FRAME + length;
    }
}

static size_t chunk_put(uint8_t *out, const char *name, const uint8_t *bytes, size_t size)
{
    number_put(out, size);
    memcpy(out + 4, name, 4);
    if (size)
        memcpy(out + 8, bytes, size);
    number_put(out + 8 + size, crc32(0, out + 4, (uInt)size + 4));
    return FRAME + size;
}

/* HEAD bytes of IHDR, the lengths of PLTE and tRNS, these, and pixels. */
static size_t png_make(uint8_t *file, const uint8_t *bytes, size_t size)
{
    static const uint8_t signature[SIGNATURE] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    size_t length = SIGNATURE;
    if (size < HEAD + 2)
        return 0;
    const uint8_t *at = bytes + HEAD + 2;
    size_t rest = size - HEAD - 2;
    memcpy(file, signature, SIGNATURE);
    length += chunk_put(file + length, "IHDR", bytes, HEAD);
    for (int i = 0; i < 2; i++) {
        const size_t wanted = bytes[HEAD + i] * (i ? 1u : 3u),
                     part = wanted < rest ? wanted : rest;
        if (part)
            length += chunk_put(file + length, i ? "tRNS" : "PLTE", at, part);
        at += part;
        rest -= part;
    }
    uint8_t *pixels = malloc(compressBound(rest));
    uLongf packed = compressBound(rest);
    fuzz_holds(pixels && compress2(pixels, &packed, at, rest, 1) == Z_OK);
    length += chunk_put(file + length, "IDAT", pixels, packed);
    free(pixels);
    return length + chunk_put(file + length, "IEND", NULL, 0);
}

static void check_round(const nq_dataset *data, const nq_picture *picture)
{
    const size_t dim = nq_dataset_dim(data);
    double *pixels = malloc(2 * dim * sizeof *pixels), *got = pixels + dim;
    nq_dataset *again;
    fuzz_holds(pixels != NULL);
    nq_dataset_row(pixels, data, 0);
    const char *path = fuzz_path(picture->channels == 1 ? "written.pgm" : "written.png");
    fuzz_works(nq_picture_write(path, fuzz_context(), pixels, picture, 65535, 16));
    fuzz_check(nq_dataset_open(&again, fuzz_context(), path), again);
    fuzz_holds(again && nq_dataset_dim(again) == dim);
    nq_dataset_row(got, again, 0);
    fuzz_holds(!memcmp(pixels, got, dim * sizeof *pixels));
    nq_dataset_free(again);
    free(pixels);
}

static const char *file_of(const uint8_t *bytes, size_t size)
{
    static uint8_t file[FILE_MOST];
    const uint8_t kind = bytes[0];
    const size_t room = FILE_MOST / 2;
    size_t length = size - 1 < room ? size - 1 : room;
    memcpy(file, bytes + 1, length);
    if (kind == 'c')
        checksums_repair(file, length);
    else if (kind == 'p')
        length = png_make(file, bytes + 1, length);
    return fuzz_put("picture", file, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    nq_dataset *data;
    nq_picture picture;
    if (size < 1)
        return FUZZ_SKIP;
    fuzz_check(nq_dataset_open(&data, fuzz_context(), file_of(bytes, size)), data);
    if (!data)
        return FUZZ_KEEP;
    fuzz_ask_data(data, 0);
    nq_dataset_picture(&picture, data);
    if (picture.channels && nq_dataset_grey_level(data) > 0 && nq_dataset_rows(data) == 1 &&
        nq_dataset_dim(data) < 100000)
        check_round(data, &picture);
    nq_dataset_free(data);
    return FUZZ_KEEP;
}
