/* IP address of either family, as a value.
 *
 * Thread: any. */
#ifndef PCED_CORE_BASE_IP_H
#define PCED_CORE_BASE_IP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the longest text and its NUL ("ffff:…:255.255.255.255"). */
#define IP_TEXT_SIZE 46

enum ip_family {
    IP_NONE = 0, /* no address: the zero value */
    IP_V4 = 4,
    IP_V6 = 6,
};

struct ip {
    uint8_t family;     /* enum ip_family */
    uint8_t octets[16]; /* network order; an IPv4 address uses the first four, the rest are zero */
};

/* Octets of an address of this family: 4, 16 or 0. */
size_t ip_size(const struct ip *ip);
struct ip ip_from_v4(const uint8_t octets[4]);
struct ip ip_from_v6(const uint8_t octets[16]);
struct ip ip_from_u32(uint32_t host_order);
/* Less than, equal or greater than 0: by family, then by octets. */
int ip_compare(const struct ip *a, const struct ip *b);
bool ip_is_equal(const struct ip *a, const struct ip *b);
/* Family present and every octet zero. */
bool ip_is_unspecified(const struct ip *ip);
/* Accepts the usual texts of both families; false when it is neither. No system call. */
bool ip_parse(const char *text, struct ip *out);
/* "192.0.2.0/24", or an address alone, which is all its bits. Bits behind the length are kept as
 * they are written: see ip_has_bits_behind. False: *reason says why, a text that lasts. */
bool ip_parse_prefix(const char *text, struct ip *prefix, uint8_t *bits, const char **reason);
/* Whether a bit behind the first ones (at most 32 or 128) is not 0. */
bool ip_has_bits_behind(const struct ip *prefix, unsigned bits);
/* Writes the RFC 5952 text; "-" for no address. Returns text. */
const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE]);
/* Whether the first bits of a are those of prefix (bits <= 32 or 128, families equal). */
bool ip_is_within(const struct ip *a, const struct ip *prefix, unsigned bits);

#endif
