#include "core/wire/hex.h"

void hex_format(struct wire_span span, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < span.size; i++) {
        text[2 * i] = digits[span.octets[i] >> 4];
        text[2 * i + 1] = digits[span.octets[i] & 15];
    }
    text[2 * span.size] = '\0';
}

bool hex_parse(const char *text, size_t text_size, uint8_t *octets)
{
    if (text_size % 2 != 0)
        return false;
    for (size_t i = 0; i < text_size; i += 2) {
        int high = hex_digit(text[i]);
        int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        octets[i / 2] = (uint8_t)(high << 4 | low);
    }
    return true;
}
