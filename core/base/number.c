#include "core/base/number.h"

static bool number_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool number_take(const char **at, uint64_t max, uint64_t *value)
{
    const char *c = *at;
    uint64_t number = 0;
    *value = 0;
    if (!number_is_digit(c[0]) || (c[0] == '0' && number_is_digit(c[1])))
        return false;
    for (; number_is_digit(*c); c++) {
        uint64_t digit = (uint64_t)(*c - '0');
        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (number > max)
        return false;
    *at = c;
    *value = number;
    return true;
}

bool number_parse(const char *text, uint64_t max, uint64_t *value)
{
    if (number_take(&text, max, value) && *text == '\0')
        return true;
    *value = 0;
    return false;
}
