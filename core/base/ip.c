#include "core/base/ip.h"

#include "core/base/hex_digit.h"
#include "core/base/number.h"

#include <string.h>

#define IP_GROUPS 8 /* 16-bit groups of an IPv6 address */

_Static_assert(sizeof "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255" <= IP_TEXT_SIZE,
               "the longest text and its NUL");

size_t ip_size(const struct ip *ip)
{
    if (ip->family == IP_V4)
        return 4;
    return ip->family == IP_V6 ? 16 : 0;
}

struct ip ip_from_v4(const uint8_t octets[4])
{
    struct ip ip = {.family = IP_V4};
    memcpy(ip.octets, octets, 4);
    return ip;
}

struct ip ip_from_v6(const uint8_t octets[16])
{
    struct ip ip = {.family = IP_V6};
    memcpy(ip.octets, octets, 16);
    return ip;
}

struct ip ip_from_u32(uint32_t host_order)
{
    const uint8_t octets[4] = {(uint8_t)(host_order >> 24), (uint8_t)(host_order >> 16),
                               (uint8_t)(host_order >> 8), (uint8_t)host_order};
    return ip_from_v4(octets);
}

int ip_compare(const struct ip *a, const struct ip *b)
{
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    return memcmp(a->octets, b->octets, ip_size(a));
}

bool ip_is_equal(const struct ip *a, const struct ip *b)
{
    return ip_compare(a, b) == 0;
}

bool ip_is_unspecified(const struct ip *ip)
{
    static const uint8_t zeros[16];
    return ip->family != IP_NONE && memcmp(ip->octets, zeros, ip_size(ip)) == 0;
}

bool ip_is_within(const struct ip *a, const struct ip *prefix, unsigned bits)
{
    if (a->family != prefix->family || a->family == IP_NONE || bits > ip_size(a) * 8)
        return false;
    size_t whole = bits / 8;
    if (memcmp(a->octets, prefix->octets, whole) != 0)
        return false;
    unsigned rest = bits % 8;
    if (rest == 0)
        return true;
    unsigned mask = 0xff00U >> rest;
    return ((a->octets[whole] ^ prefix->octets[whole]) & mask & 0xffU) == 0;
}

static bool parse_decimal_octet(const char **at, uint8_t *out)
{
    uint64_t value;
    bool is_octet = number_take(at, UINT8_MAX, &value);
    *out = (uint8_t)value;
    return is_octet;
}

static bool parse_v4(const char *text, uint8_t octets[4])
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0 && *text++ != '.')
            return false;
        if (!parse_decimal_octet(&text, &octets[i]))
            return false;
    }
    return *text == '\0';
}

/* One to four hexadecimal digits. Moves *at past them. */
static bool parse_group(const char **at, uint8_t octets[2])
{
    const char *p = *at;
    unsigned value = 0;
    for (int digit = hex_digit(*p); digit >= 0; digit = hex_digit(*p)) {
        if (p - *at == 4)
            return false;
        value = value << 4 | (unsigned)digit;
        p++;
    }
    if (p == *at)
        return false;
    *at = p;
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
    return true;
}

/* Groups up to the end of the text, into at most octets_max octets; the last four octets may be
 * written as an IPv4 address (RFC 4291 2.2). A "::" is left of the text or right of it, never
 * inside. Moves *at to where it stopped; returns the octets written, or -1. */
static int parse_groups(const char **at, uint8_t octets[16], int octets_max)
{
    int size = 0;
    for (;;) {
        const char *group = *at;
        if (size + 2 > octets_max || !parse_group(at, octets + size))
            return -1;
        if (**at == '.') {
            if (size + 4 > octets_max || !parse_v4(group, octets + size))
                return -1;
            *at += strlen(*at);
            return size + 4;
        }
        size += 2;
        if (**at != ':' || (*at)[1] == ':')
            return size;
        (*at)++;
    }
}

static bool parse_v6(const char *text, uint8_t octets[16])
{
    uint8_t tail[16];
    int head_size = 0;
    int tail_size = 0;
    memset(octets, 0, 16);
    if (strncmp(text, "::", 2) != 0) {
        head_size = parse_groups(&text, octets, 16);
        if (head_size < 0)
            return false;
        if (*text == '\0')
            return head_size == 16;
    }
    if (strncmp(text, "::", 2) != 0)
        return false;
    text += 2;
    /* "::" stands for one group at least (RFC 4291 2.2). */
    if (head_size > 14)
        return false;
    if (*text != '\0') {
        tail_size = parse_groups(&text, tail, 14 - head_size);
        if (tail_size < 0 || *text != '\0')
            return false;
        memcpy(octets + 16 - tail_size, tail, (size_t)tail_size);
    }
    return true;
}

bool ip_parse(const char *text, struct ip *out)
{
    uint8_t octets[16];
    if (parse_v4(text, octets)) {
        *out = ip_from_v4(octets);
        return true;
    }
    if (parse_v6(text, octets)) {
        *out = ip_from_v6(octets);
        return true;
    }
    return false;
}

static bool ip_parse_bits(const char *text, unsigned bits_max, uint8_t *bits)
{
    uint64_t value;
    bool is_length = number_parse(text, bits_max, &value);
    *bits = (uint8_t)value;
    return is_length;
}

bool ip_parse_prefix(const char *text, struct ip *prefix, uint8_t *bits, const char **reason)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    size_t size = slash == NULL ? strlen(text) : (size_t)(slash - text);
    *reason = "is no IPv4 or IPv6 prefix";
    if (size >= sizeof address)
        return false;
    memcpy(address, text, size);
    address[size] = '\0';
    if (!ip_parse(address, prefix))
        return false;
    unsigned bits_max = 8 * (unsigned)ip_size(prefix);
    *bits = (uint8_t)bits_max;
    *reason = "its length is no number, or greater than the address";
    return slash == NULL || ip_parse_bits(slash + 1, bits_max, bits);
}

bool ip_has_bits_behind(const struct ip *prefix, unsigned bits)
{
    size_t size = ip_size(prefix);
    for (size_t i = 0; i < size; i++) {
        unsigned kept = bits > 8 * i ? bits - 8 * (unsigned)i : 0;
        if (kept < 8 && (prefix->octets[i] & (0xffU >> kept)) != 0)
            return true;
    }
    return false;
}

static char *format_decimal_octet(char *at, uint8_t value)
{
    if (value >= 100)
        *at++ = (char)('0' + value / 100);
    if (value >= 10)
        *at++ = (char)('0' + value / 10 % 10);
    *at++ = (char)('0' + value % 10);
    return at;
}

static char *format_v4(char *at, const uint8_t octets[4])
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            *at++ = '.';
        at = format_decimal_octet(at, octets[i]);
    }
    return at;
}

/* Lower case, no leading zeros (RFC 5952 4.1, 4.3). */
static char *format_group(char *at, unsigned value)
{
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned digit = value >> shift & 0xfU;
        started = started || digit != 0 || shift == 0;
        if (started)
            *at++ = "0123456789abcdef"[digit];
    }
    return at;
}

struct zero_run {
    size_t first;
    size_t count;
};

/* The longest run of two or more zero groups, the first one of equals (RFC 5952 4.2). */
static struct zero_run find_zero_run(const uint8_t octets[16])
{
    struct zero_run best = {.first = IP_GROUPS, .count = 1};
    struct zero_run run = {0};
    for (size_t i = 0; i < IP_GROUPS; i++) {
        if (octets[2 * i] != 0 || octets[2 * i + 1] != 0) {
            run = (struct zero_run){.first = i + 1};
            continue;
        }
        run.count++;
        if (run.count > best.count)
            best = run;
    }
    return best;
}

static char *format_v6(char *at, const uint8_t octets[16])
{
    /* An IPv4-mapped address shows the IPv4 address (RFC 5952 5). */
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const char mapped_text[7] = {':', ':', 'f', 'f', 'f', 'f', ':'};
    if (memcmp(octets, mapped, sizeof mapped) == 0) {
        memcpy(at, mapped_text, sizeof mapped_text);
        return format_v4(at + sizeof mapped_text, octets + 12);
    }
    const struct zero_run run = find_zero_run(octets);
    for (size_t i = 0; i < IP_GROUPS; i++) {
        if (i == run.first) {
            *at++ = ':';
            *at++ = ':';
            i += run.count - 1;
            continue;
        }
        if (i > 0 && i != run.first + run.count)
            *at++ = ':';
        at = format_group(at, (unsigned)octets[2 * i] << 8 | octets[2 * i + 1]);
    }
    return at;
}

const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE])
{
    char *at = text;
    if (ip->family == IP_V4)
        at = format_v4(at, ip->octets);
    else if (ip->family == IP_V6)
        at = format_v6(at, ip->octets);
    else
        *at++ = '-';
    *at = '\0';
    return text;
}
