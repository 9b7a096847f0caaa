#include "core/base/utf8.h"

/* The first octet says how many follow, and what the second one may be (RFC 3629 4). */
struct utf8_row {
    uint8_t first;
    uint8_t last;
    uint8_t size;
    uint8_t second_min;
    uint8_t second_max;
};

static const struct utf8_row rows[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct utf8_row *utf8_find_row(uint8_t first)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (first >= rows[i].first && first <= rows[i].last)
            return &rows[i];
    }
    return NULL;
}

size_t utf8_character_size(const uint8_t *octets, size_t size)
{
    const struct utf8_row *row = size == 0 ? NULL : utf8_find_row(octets[0]);
    if (row == NULL || row->size > size)
        return 0;
    if (row->size == 1)
        return 1;
    if (octets[1] < row->second_min || octets[1] > row->second_max)
        return 0;
    for (size_t i = 2; i < row->size; i++) {
        if (octets[i] < 0x80 || octets[i] > 0xbf)
            return 0;
    }
    return row->size;
}

size_t utf8_whole_size(const char *text, size_t size)
{
    size_t begin = size;
    while (begin > 0 && size - begin < 3 && ((uint8_t)text[begin - 1] & 0xc0) == 0x80)
        begin--;
    if (begin == 0 || (uint8_t)text[begin - 1] < 0xc0)
        return size;
    begin--;
    return utf8_character_size((const uint8_t *)text + begin, size - begin) == 0 ? begin : size;
}
