#include "core/ted/topology_scalar.h"

#include "core/base/hex_digit.h"
#include "core/ted/topology_text.h"

#include <stdio.h>
#include <string.h>

#define LOSS_UNIT      0.000003 /* percent (RFC 8570 4.4) */
#define BEHAVIOR_END   1
#define BEHAVIOR_END_X 5

#define EXPONENT_MAX 22 /* 10^22 is the last power of ten that is exact in a double */

/* A number as it was written: digits * 10^-scale, and what follows it. */
struct decimal {
    bool is_negative;
    uint64_t digits;
    int scale; /* within EXPONENT_MAX */
    const char *suffix;
};

static bool scalar_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Own code and not strtoul or strtod: those take signs and spaces, and the locale's decimal point.
 */
static bool parse_whole(const char *text, uint64_t *value)
{
    uint64_t base = 10;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    } else if (text[0] == '0' && text[1] != '\0') {
        return false; /* octal to some, decimal to others */
    }
    if (*text == '\0')
        return false;
    *value = 0;
    for (; *text != '\0'; text++) {
        int digit = hex_digit(*text);
        if (digit < 0 || (uint64_t)digit >= base || *value > (UINT64_MAX - 15) / base)
            return false;
        *value = *value * base + (uint64_t)digit;
    }
    return true;
}

/* "e-05" behind the digits, as JSON has it; without a digit behind it the letter is no exponent. */
static bool parse_exponent(struct decimal *out)
{
    const char *text = out->suffix;
    if (*text != 'e' && *text != 'E')
        return true;
    bool is_negative = text[1] == '-';
    text += text[1] == '-' || text[1] == '+' ? 2 : 1;
    if (!scalar_is_digit(*text))
        return true;
    int exponent = 0;
    for (; scalar_is_digit(*text); text++) {
        exponent = exponent * 10 + (*text - '0');
        if (exponent > EXPONENT_MAX)
            return false;
    }
    out->scale += is_negative ? exponent : -exponent;
    out->suffix = text;
    return out->scale <= EXPONENT_MAX;
}

static bool parse_decimal(const char *text, struct decimal *out)
{
    unsigned digit_count = 0;
    *out = (struct decimal){.is_negative = *text == '-'};
    if (out->is_negative)
        text++;
    if (!scalar_is_digit(*text))
        return false;
    bool has_point = false;
    for (; scalar_is_digit(*text) || (*text == '.' && !has_point); text++) {
        if (*text == '.') {
            has_point = true;
            continue;
        }
        if (++digit_count > TOPO_DIGITS_MAX)
            return false;
        out->digits = out->digits * 10 + (uint64_t)(*text - '0');
        out->scale += has_point ? 1 : 0;
    }
    out->suffix = text;
    return text[-1] != '.' && parse_exponent(out);
}

static double power_of_ten(int exponent)
{
    double power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Both operands are exact, so the quotient is the nearest double. */
static double decimal_value(const struct decimal *decimal)
{
    double digits = (double)decimal->digits;
    double value = decimal->scale < 0 ? digits * power_of_ten(-decimal->scale)
                                      : digits / power_of_ten(decimal->scale);
    return decimal->is_negative ? -value : value;
}

static bool read_whole(struct topo_reader *r, const struct topo_row *row, uint64_t *value)
{
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    if (!parse_whole(text, value))
        return topo_fail(r, "'%s' is no whole number", topo_quote(r));
    if (*value < row->min || *value > row->max)
        return topo_fail(r, "%s is outside %llu-%llu", topo_quote(r), (unsigned long long)row->min,
                         (unsigned long long)row->max);
    return true;
}

bool topo_read_u32(struct topo_reader *r, const struct topo_row *row, void *field)
{
    uint64_t value;
    if (!read_whole(r, row, &value))
        return false;
    *(uint32_t *)field = (uint32_t)value;
    return true;
}

bool topo_read_u8(struct topo_reader *r, const struct topo_row *row, void *field)
{
    uint64_t value;
    if (!read_whole(r, row, &value))
        return false;
    *(uint8_t *)field = (uint8_t)value;
    return true;
}

bool topo_read_bool(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0)
        return topo_fail(r, "'%s' is neither true nor false", topo_quote(r));
    *(bool *)field = is_true;
    return true;
}

bool topo_read_name(struct topo_reader *r, const struct topo_row *row, void *field)
{
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    size_t size = strlen(text);
    if (size < row->min)
        return topo_fail(r, "is empty");
    if (size > TED_NAME_SIZE_MAX)
        return topo_fail(r, "has %zu octets, at most %d are possible", size, TED_NAME_SIZE_MAX);
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return topo_fail(r, "'%s' contains a control character", topo_quote(r));
    }
    memcpy(field, text, size + 1);
    return true;
}

static bool scalar_read_address(struct topo_reader *r, enum ip_family family, void *field)
{
    struct ip address;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    const char *kind = family == IP_V4 ? "IPv4" : family == IP_V6 ? "IPv6" : "IP";
    if (!ip_parse(text, &address) || (family != IP_NONE && address.family != family))
        return topo_fail(r, "'%s' is no %s address", topo_quote(r), kind);
    if (ip_is_unspecified(&address))
        return topo_fail(r, "%s is the address of nobody", topo_quote(r));
    memcpy(field, &address, sizeof address);
    return true;
}

bool topo_read_ip(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    return scalar_read_address(r, IP_NONE, field);
}

bool topo_read_v4(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    return scalar_read_address(r, IP_V4, field);
}

bool topo_read_v6(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    return scalar_read_address(r, IP_V6, field);
}

bool topo_read_bandwidth(struct topo_reader *r, const struct topo_row *row, void *field)
{
    static const struct {
        const char *suffix;
        double factor;
    } units[] = {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}};
    struct decimal decimal;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    double bits = -1;
    if (parse_decimal(text, &decimal) && !decimal.is_negative) {
        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            if (strcmp(decimal.suffix, units[i].suffix) == 0)
                bits = decimal_value(&decimal) * units[i].factor;
        }
    }
    if (bits < 0)
        return topo_fail(r, "'%s' is no bandwidth: bits per second, as 10G or 622.08M",
                         topo_quote(r));
    if (bits > (double)row->max)
        return topo_fail(r, "%s is above %lluT", topo_quote(r),
                         (unsigned long long)(row->max / 1000000000000));
    *(float *)field = (float)(bits / 8);
    return true;
}

bool topo_read_delay(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct decimal decimal;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    double microseconds = -1;
    if (parse_decimal(text, &decimal) && !decimal.is_negative) {
        if (decimal.suffix[0] == '\0' || strcmp(decimal.suffix, "us") == 0)
            microseconds = decimal_value(&decimal);
        else if (strcmp(decimal.suffix, "ms") == 0)
            microseconds = decimal_value(&decimal) * 1000;
    }
    if (microseconds < 0)
        return topo_fail(r, "'%s' is no delay: microseconds, or as 250us or 1.25ms", topo_quote(r));
    if (microseconds > (double)row->max)
        return topo_fail(r, "%s is above %llu microseconds", topo_quote(r),
                         (unsigned long long)row->max);
    *(uint32_t *)field = (uint32_t)(microseconds + 0.5);
    return true;
}

bool topo_read_loss(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct decimal decimal;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    if (!parse_decimal(text, &decimal) || decimal.is_negative || decimal.suffix[0] != '\0')
        return topo_fail(r, "'%s' is no loss: a number of percent", topo_quote(r));
    double units = decimal_value(&decimal) / LOSS_UNIT;
    if (units > (double)row->max + 0.5)
        return topo_fail(r, "%s is above %.6f percent", topo_quote(r),
                         (double)row->max * LOSS_UNIT);
    *(uint32_t *)field = (uint32_t)(units + 0.5);
    return true;
}

bool topo_read_degrees(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct decimal decimal;
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    if (!parse_decimal(text, &decimal) || decimal.suffix[0] != '\0')
        return topo_fail(r, "'%s' is no number of degrees", topo_quote(r));
    double value = decimal_value(&decimal);
    if (value > (double)row->max || value < -(double)row->max)
        return topo_fail(r, "%s is outside -%llu-%llu", topo_quote(r), (unsigned long long)row->max,
                         (unsigned long long)row->max);
    *(double *)field = value;
    return true;
}

bool topo_read_algorithm(struct topo_reader *r, const struct topo_row *row, void *field)
{
    uint8_t value;
    if (!topo_read_u8(r, row, &value))
        return false;
    if (value > 1 && value < 128)
        return topo_fail(r, "%u is no algorithm: 0, 1 or 128-255", value);
    *(uint8_t *)field = value;
    return true;
}

bool topo_read_family(struct topo_reader *r, const struct topo_row *row, void *field)
{
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    uint8_t *family = field;
    if (strcmp(text, "ipv4") == 0)
        *family = IP_V4;
    else if (strcmp(text, "ipv6") == 0)
        *family = IP_V6;
    else if (row->min == IP_NONE && strcmp(text, "both") == 0)
        *family = IP_NONE;
    else
        return topo_fail(r, "'%s' is not ipv4 or ipv6%s", topo_quote(r),
                         row->min == IP_NONE ? " or both" : "");
    return true;
}

bool topo_read_behavior(struct topo_reader *r, const struct topo_row *row, void *field)
{
    const char *text = topo_scalar(r);
    if (text == NULL)
        return false;
    uint16_t *behavior = field;
    uint64_t value;
    if (strcmp(text, "End") == 0)
        value = BEHAVIOR_END;
    else if (strcmp(text, "End.X") == 0)
        value = BEHAVIOR_END_X;
    else if (!parse_whole(text, &value) || value < row->min || value > row->max)
        return topo_fail(r, "'%s' is no behaviour: End, End.X or a number %llu-%llu", topo_quote(r),
                         (unsigned long long)row->min, (unsigned long long)row->max);
    *behavior = (uint16_t)value;
    return true;
}
