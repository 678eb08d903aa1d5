/* utf8.c - which bytes are text, and which of it a terminal may be shown. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "core/utf8.h"

#include <string.h>

/* Bytes of the character that begins at text, 0 when it is not valid: cut off, longer than
 * need be, a surrogate, or past U+10FFFF. */
static size_t character_length(const unsigned char *text, size_t length)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned first = text[0];
    const size_t count = first < 0x80   ? 1
                         : first < 0xc0 ? 0
                         : first < 0xe0 ? 2
                         : first < 0xf0 ? 3
                         : first < 0xf8 ? 4
                                        : 0;
    if (count < 2 || count > length)
        return count > length ? 0 : count;
    unsigned point = first & (0x7fu >> count);
    for (size_t i = 1; i < count; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3fu);
    }
    const int surrogate = point >= 0xd800 && point < 0xe000;
    return point < least[count] || point > 0x10ffff || surrogate ? 0 : count;
}

size_t nqi_text_utf8_prefix(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t used = 0, step = 1;
    while (used < length && (step = character_length(bytes + used, length - used)))
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

/* C0 and C1 control characters, of which some move the cursor or worse. */
static int is_control(const unsigned char *at)
{
    return at[0] < ' ' || at[0] == 0x7f || (at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0);
}

void nqi_text_print(char *text)
{
    nqi_text_utf8_repair(text);
    for (unsigned char *at = (unsigned char *)text; *at; at++)
        if (is_control(at)) {
            if (*at == 0xc2)
                at[1] = '?';
            *at = '?';
        }
}
