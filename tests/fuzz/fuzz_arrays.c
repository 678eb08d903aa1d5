/* fuzz_arrays.c - NumPy arrays, IDX and CIFAR-10 files, as they are or compressed. The first byte
 * of an input says how the rest becomes a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <zlib.h>

#include "fuzz/fuzz.h"

/* gzip, as fast as can be; *size becomes its own. */
static uint8_t *compressed(const uint8_t *bytes, size_t *size)
{
    z_stream stream = {0};
    const size_t most = *size + *size / 8 + 64;
    uint8_t *out = malloc(most);
    fuzz_holds(out &&
               deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)bytes;
    stream.avail_in = (uInt)*size;
    stream.next_out = out;
    stream.avail_out = (uInt)most;
    fuzz_holds(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    *size = most - stream.avail_out;
    deflateEnd(&stream);
    return out;
}

static const char *file_of(uint8_t kind, const uint8_t *bytes, size_t size)
{
    if (kind == 'z' || kind == 'Z') {
        uint8_t *file = compressed(bytes, &size);
        const char *path = fuzz_put(kind == 'z' ? "array.npy.gz" : "array.bin.gz", file, size);
        free(file);
        return path;
    }
    return fuzz_put(kind == 'n' ? "array.npy" : kind == 'b' ? "array.bin" : "array", bytes, size);
}

/* Parts and crops point into the rows of the whole. */
static void ask_parts(nq_dataset *data)
{
    nq_dataset *part = NULL, *rest = NULL;
    nq_picture picture;
    const size_t rows = nq_dataset_rows(data);
    fuzz_check(nq_dataset_slice(&part, fuzz_context(), data, rows / 2, rows - rows / 2), part);
    if (part)
        fuzz_ask_data(part, 0);
    nq_dataset_free(part);
    if (rows > 2 && rows < 1000 &&
        !nq_dataset_split(&part, &rest, fuzz_context(), data, 0.3, rows)) {
        fuzz_ask_data(part, 0);
        fuzz_ask_data(rest, 0);
        nq_dataset_free(part);
        nq_dataset_free(rest);
    }
    nq_dataset_picture(&picture, data);
    fuzz_holds(!picture.channels ||
               picture.channels * picture.height * picture.width == nq_dataset_dim(data));
    if (!picture.channels)
        return;
    const nq_crop_options options = {.height = (picture.height + 1) / 2,
                                     .width = (picture.width + 2) / 3,
                                     .stride = 1,
                                     .mirror = 1};
    fuzz_check(nq_dataset_crops(&part, fuzz_context(), data, &options), part);
    if (part)
        fuzz_ask_data(part, 1);
    nq_dataset_free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    nq_dataset *data;
    if (size < 1)
        return FUZZ_SKIP;
    const char *path = file_of(bytes[0], bytes + 1, size - 1);
    fuzz_check(nq_dataset_open(&data, fuzz_context(), path), data);
    if (!data)
        return FUZZ_KEEP;
    fuzz_ask_data(data, 0);
    if (nq_dataset_dim(data) < 100000)
        ask_parts(data);
    nq_dataset_free(data);
    return FUZZ_KEEP;
}
