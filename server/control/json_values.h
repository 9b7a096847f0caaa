/* Values as the API's JSON has them everywhere.
 *
 * Thread: any. Owns: json_t by jansson's counting; NULL: memory ran out. */
#ifndef PCED_SERVER_CONTROL_JSON_VALUES_H
#define PCED_SERVER_CONTROL_JSON_VALUES_H

#include "core/base/ip.h"
#include "core/base/mono.h"

#include <jansson.h>

/* To the millisecond, with no digits behind it. */
static inline double json_seconds(uint64_t ns)
{
    const uint64_t ms = ns / MONO_NS_PER_MS;
    return (double)ms / 1000;
}

/* Of since 1970, as much. */
static inline double json_wall_seconds(double seconds)
{
    const uint64_t ms = (uint64_t)(1000 * seconds);
    return (double)ms / 1000;
}

/* null: there is none. */
static inline json_t *json_address(const struct ip *address)
{
    char text[IP_TEXT_SIZE];
    return address->family == IP_NONE ? json_null() : json_string(ip_format(address, text));
}

/* null: 0. */
static inline json_t *json_id(uint32_t id)
{
    return id == 0 ? json_null() : json_integer(id);
}

/* The Error-Type and Error-value of a PCErr; null: there was none. */
static inline json_t *json_error(uint8_t type, uint8_t value)
{
    return type == 0 ? json_null()
                     : json_pack("{s:i,s:i}", "error_type", type, "error_value", value);
}

#endif
