#include "core/ted/topology_forms_scalar.h"

#include "core/ted/topology_scalar.h"

void topo_write_u32(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_print(text, "%u", *(const uint32_t *)field);
}

bool topo_has_u32(const void *field)
{
    return *(const uint32_t *)field != 0;
}

void topo_write_u8(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_print(text, "%u", *(const uint8_t *)field);
}

bool topo_has_u8(const void *field)
{
    return *(const uint8_t *)field != 0;
}

void topo_write_bool(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_put(text, *(const bool *)field ? "true" : "false");
}

bool topo_has_bool(const void *field)
{
    return *(const bool *)field;
}

void topo_write_name(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_string(text, field);
}

bool topo_has_name(const void *field)
{
    return *(const char *)field != '\0';
}

void topo_write_ip(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_ip(text, field);
}

bool topo_has_ip(const void *field)
{
    return ((const struct ip *)field)->family != IP_NONE;
}

void topo_write_bandwidth(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_bandwidth(text, *(const float *)field);
}

bool topo_has_bandwidth(const void *field)
{
    return *(const float *)field > 0;
}

void topo_write_degrees(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_decimal(text, *(const double *)field, 0);
}

void topo_write_family(struct topo_text *text, const struct topo_row *row, const void *field)
{
    uint8_t family = *(const uint8_t *)field;
    (void)row;
    topo_text_string(text, family == IP_V4 ? "ipv4" : family == IP_V6 ? "ipv6" : "both");
}

void topo_write_behavior(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    topo_text_print(text, "%u", *(const uint16_t *)field);
}

bool topo_has_behavior(const void *field)
{
    return *(const uint16_t *)field != 0;
}
