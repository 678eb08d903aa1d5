/* utf8.c - which bytes are text, and which of it a terminal may be shown: names and texts from
 * files may hold anything, terminal commands too. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/text/utf8.h"

#include <string.h>

enum { LONGEST_ESCAPE = 4 }; /* \xNN */

/* The character's number, of a length that its first byte says; 0 when the rest does not fit. */
static unsigned point_read(const unsigned char *bytes, size_t count)
{
    unsigned point = count == 1 ? bytes[0] : bytes[0] & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (bytes[i] & 0x3fu);
    }
    return point;
}

size_t nqi_utf8_length(const char *text, size_t length)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    const unsigned first = bytes[0];
    const size_t count = first < 0x80   ? 1
                         : first < 0xc0 ? 0
                         : first < 0xe0 ? 2
                         : first < 0xf0 ? 3
                         : first < 0xf8 ? 4
                                        : 0;
    if (count < 2 || count > length)
        return count > length ? 0 : count;
    const unsigned point = point_read(bytes, count);
    const int surrogate = point >= 0xd800 && point < 0xe000;
    return point < least[count] || point > 0x10ffff || surrogate ? 0 : count;
}

size_t nqi_text_utf8_prefix(const char *text, size_t length)
{
    size_t used = 0, step = 1;
    while (used < length && (step = nqi_utf8_length(text + used, length - used)))
        used += step;
    return used;
}

void nqi_text_utf8_repair(char *text)
{
    size_t length = strlen(text);
    for (;;) {
        const size_t valid = nqi_text_utf8_prefix(text, length);
        if (valid == length)
            return;
        text[valid] = '?';
        text += valid;
        length -= valid;
    }
}

/* Control characters of ASCII and of Latin-1 (which terminals obey as well), line and paragraph
 * separators, and those that turn the direction of what follows. */
static int is_control(unsigned point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x200e || point == 0x200f;
}

static size_t byte_escape(char *out, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[LONGEST_ESCAPE] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    memcpy(out, escape, LONGEST_ESCAPE);
    return LONGEST_ESCAPE;
}

size_t nq_text_printable(char *out, size_t size, const char *text)
{
    size_t length = strlen(text), used = 0;
    while (length > 0) {
        const size_t valid = nqi_utf8_length(text, length);
        const size_t step = valid ? valid : 1;
        const int is_plain = valid && !is_control(point_read((const unsigned char *)text, valid));
        if (used + (is_plain ? step : LONGEST_ESCAPE * step) >= size)
            break;
        if (is_plain) {
            memcpy(out + used, text, step);
            used += step;
        }
        for (size_t i = 0; !is_plain && i < step; i++)
            used += byte_escape(out + used, (unsigned char)text[i]);
        text += step;
        length -= step;
    }
    if (size)
        out[used] = '\0';
    return used;
}

size_t nqi_utf8_characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}
