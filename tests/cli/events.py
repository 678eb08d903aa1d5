# events.py - reads event files of TensorBoard, for the tests of logs.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""A file is a row of records: length (8 bytes), its checksum (4), a message, its checksum (4).
The messages are protocol buffers."""
import struct


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def checksum(data):
    """The four bytes that stand behind these."""
    crc = crc32c(data)
    return struct.pack('<I', ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff)


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        shift, at = shift + 7, at + 1
        if byte < 128:
            return value, at


def fields(data):
    """Values of a message by the numbers of its fields; messages in it and texts are bytes."""
    at, found = 0, {}
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        elif key & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        else:
            code, size = {1: ('<d', 8), 5: ('<f', 4)}[key & 7]
            value, at = struct.unpack(code, data[at:at + size])[0], at + size
        found[key >> 3] = value
    return found


def events(path, check=False):
    """The fields of each event that is whole; with `check` all are, and their checksums hold."""
    with open(path, 'rb') as file:
        data = file.read()
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at:at + 8], 'little')
        body, end = data[at + 12:at + 12 + size], at + 16 + size
        if check:
            assert data[at + 8:at + 12] == checksum(data[at:at + 8]), path
            assert data[end - 4:end] == checksum(body), path
        elif at + 12 > len(data) or len(body) < size:
            return
        yield fields(body)
        at = end
