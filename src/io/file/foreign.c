/* foreign.c - files that people try and that noneq does not read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/file/foreign.h"

#include <string.h>

/* What people try and what helps them. */
static const struct {
    const char *magic, *advice;
} foreign[] = {
    {"PK\x03\x04", "is a zip archive (.npz or .xlsx); save the array with numpy.save, or as CSV"},
    {"\xff\xd8\xff", "is a JPEG picture; save it as PNG, PGM or PPM"},
    {"GIF8", "is a GIF picture; save it as PNG, PGM or PPM"},
    {"II*", "is a TIFF picture; save it as PNG, PGM or PPM"},
    {"P1\n", "is a PBM bitmap; save it as PNG or PGM"},
    {"P4\n", "is a PBM bitmap; save it as PNG or PGM"},
    {"P7\n", "is a PAM picture; save it as PNG, PGM or PPM"},
    {"\x89HDF", "is an HDF5 file; save the array with numpy.save, or as CSV"},
    {"PAR1", "is a Parquet file; save the table as CSV"},
    {"BZh", "is compressed with bzip2; uncompress it, or use gzip"},
    {"\3757zXZ", "is compressed with xz; uncompress it, or use gzip"},
    {"\x28\xb5\x2f\xfd", "is compressed with zstd; uncompress it, or use gzip"},
    {"%PDF", "is a PDF document; save the table as CSV"},
};

/* 8 bytes that are the length of a header, of at most 256 MB. */
static int is_safetensors(const unsigned char *head, size_t size)
{
    return size >= 8 && (head[0] || head[1] || head[2]) && head[3] < 0x10 &&
           !memcmp(head + 4, "\0\0\0\0", 4);
}

const char *nqi_foreign_advice(const void *head, size_t size)
{
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        const size_t length = strlen(foreign[i].magic);
        if (size >= length && !memcmp(head, foreign[i].magic, length))
            return foreign[i].advice;
    }
    return is_safetensors(head, size)
               ? "begins as a model does (safetensors); data were expected in its place"
               : NULL;
}
