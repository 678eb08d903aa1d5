/* tensorboard.c - a TensorBoard event file of scalars: TFRecord framing, hand-made protobuf.
 * A record is {u64 length, u32 crc(length), bytes, u32 crc(bytes)}, little-endian, with the
 * masked CRC-32C of TFRecord; the bytes are a tensorflow.Event message. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "log/tensorboard.h"

#include <string.h>

enum { RECORD_SIZE = 256, TAG_LENGTH = 64 };

/* Protobuf keys: field number * 8 + wire type (0 varint, 1 fixed64, 2 length-delimited,
 * 5 fixed32). */
enum {
    EVENT_WALL_TIME = 1 * 8 + 1,
    EVENT_STEP = 2 * 8 + 0,
    EVENT_FILE_VERSION = 3 * 8 + 2,
    EVENT_SUMMARY = 5 * 8 + 2,
    EVENT_SESSION = 7 * 8 + 2,
    SESSION_STATUS = 1 * 8 + 0,
    SUMMARY_VALUE = 1 * 8 + 2,
    VALUE_TAG = 1 * 8 + 2,
    VALUE_SIMPLE = 2 * 8 + 5
};

typedef struct record {
    unsigned char bytes[RECORD_SIZE];
    size_t size;
} record;

/* CRC-32C (Castagnoli), bit by bit: event files are small. */
static uint32_t crc32c(const unsigned char *bytes, size_t size)
{
    uint32_t crc = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
    }
    return ~crc;
}

static uint32_t crc_masked(const unsigned char *bytes, size_t size)
{
    const uint32_t crc = crc32c(bytes, size);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

static void put_fixed(record *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out->bytes[out->size++] = (unsigned char)(value >> (8 * i));
}

static void put_varint(record *out, uint64_t value)
{
    for (; value > 127; value >>= 7)
        out->bytes[out->size++] = (unsigned char)(value | 128);
    out->bytes[out->size++] = (unsigned char)value;
}

static void put_bytes(record *out, int key, const void *bytes, size_t size)
{
    put_varint(out, (uint64_t)key);
    put_varint(out, size);
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void put_wall_time(record *out, double wall_time)
{
    uint64_t bits;
    memcpy(&bits, &wall_time, sizeof bits);
    put_varint(out, EVENT_WALL_TIME);
    put_fixed(out, bits, 8);
}

static void record_write(FILE *file, const record *event)
{
    record head = {.size = 0}, tail = {.size = 0};
    put_fixed(&head, event->size, 8);
    put_fixed(&head, crc_masked(head.bytes, 8), 4);
    put_fixed(&tail, crc_masked(event->bytes, event->size), 4);
    fwrite(head.bytes, 1, head.size, file);
    fwrite(event->bytes, 1, event->size, file);
    fwrite(tail.bytes, 1, tail.size, file);
}

void tensorboard_start(FILE *file, double wall_time)
{
    static const char version[] = "brain.Event:2";
    record event = {.size = 0};
    put_wall_time(&event, wall_time);
    put_bytes(&event, EVENT_FILE_VERSION, version, sizeof version - 1);
    record_write(file, &event);
}

void tensorboard_session(FILE *file, double wall_time, int64_t step)
{
    enum { STATUS_START = 1 };
    record event = {.size = 0}, session = {.size = 0};
    put_varint(&session, SESSION_STATUS);
    put_varint(&session, STATUS_START);
    put_wall_time(&event, wall_time);
    put_varint(&event, EVENT_STEP);
    put_varint(&event, (uint64_t)step);
    put_bytes(&event, EVENT_SESSION, session.bytes, session.size);
    record_write(file, &event);
}

void tensorboard_scalar(FILE *file, double wall_time, int64_t step, const char *tag, float value)
{
    const size_t length = strlen(tag) < TAG_LENGTH ? strlen(tag) : TAG_LENGTH;
    record event = {.size = 0}, summary = {.size = 0}, scalar = {.size = 0};
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_bytes(&scalar, VALUE_TAG, tag, length);
    put_varint(&scalar, VALUE_SIMPLE);
    put_fixed(&scalar, bits, 4);
    put_bytes(&summary, SUMMARY_VALUE, scalar.bytes, scalar.size);
    put_wall_time(&event, wall_time);
    put_varint(&event, EVENT_STEP);
    put_varint(&event, (uint64_t)step);
    put_bytes(&event, EVENT_SUMMARY, summary.bytes, summary.size);
    record_write(file, &event);
}
