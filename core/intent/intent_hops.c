/* The segments and hops of paths, as JSON in both directions. */
#include "core/intent/intent_reader.h"

#include <stdio.h>

#define LABEL_MIN 16 /* RFC 3032 2.1: those below are reserved */
#define LABEL_MAX 0xFFFFF

/* ---- reading ---- */

static bool hops_take_label(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_integer(value) || json_integer_value(value) < LABEL_MIN ||
        json_integer_value(value) > LABEL_MAX)
        return intent_refuse(reader, name, "must be a label from 16 to 1048575");
    reader->hop->label = (uint32_t)json_integer_value(value);
    return true;
}

static bool hops_take_sid(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!intent_take_address(reader, name, value, &reader->hop->sid))
        return false;
    return reader->hop->sid.family == IP_V6 ||
           intent_refuse(reader, name, "must be a SID of SRv6, which is an IPv6 address");
}

static bool hops_take_address(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_address(reader, name, value, &reader->hop->address);
}

static bool hops_take_local(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_address(reader, name, value, &reader->hop->local);
}

static bool hops_take_remote(struct intent_reader *reader, const char *name, const json_t *value)
{
    return intent_take_address(reader, name, value, &reader->hop->remote);
}

static bool hops_take_loose(struct intent_reader *reader, const char *name, const json_t *value)
{
    if (!json_is_boolean(value))
        return intent_refuse(reader, name, "must be true or false");
    reader->hop->is_loose = json_is_true(value);
    return true;
}

static const struct intent_member segment_members[] = {
    {"label", hops_take_label, false},
    {"node", hops_take_address, false},
    {"local", hops_take_local, false},
    {"remote", hops_take_remote, false},
    {NULL, NULL, false},
};

static const struct intent_member srv6_members[] = {
    {"sid", hops_take_sid, false},
    {"node", hops_take_address, false},
    {"local", hops_take_local, false},
    {"remote", hops_take_remote, false},
    {NULL, NULL, false},
};

static const struct intent_member hop_members[] = {
    {"address", hops_take_address, true},
    {"loose", hops_take_loose, false},
    {NULL, NULL, false},
};

/* Of a segment: a SID, a node, an adjacency, or a SID with one of these. */
static bool hops_check_segment(struct intent_reader *reader, size_t index)
{
    const struct intent_hop *hop = reader->hop;
    bool has_node = hop->address.family != IP_NONE;
    bool has_link = hop->local.family != IP_NONE;
    char field[INTENT_FIELD_SIZE];
    (void)snprintf(field, sizeof field, "segments[%zu]", index);
    if (hop->local.family != hop->remote.family)
        return intent_refuse(reader, field, "an adjacency has both ends, of one family");
    if (has_node && has_link)
        return intent_refuse(reader, field, "is a node or an adjacency, not both");
    bool has_sid = hop->label != INTENT_NO_LABEL || hop->sid.family != IP_NONE;
    if (!has_node && !has_link && !has_sid)
        return intent_refuse(reader, field,
                             reader->intent->setup_type == PCEP_PST_SRV6
                                 ? "needs a SID, a node or an adjacency"
                                 : "needs a label, a node or an adjacency");
    return true;
}

static bool hops_read_one(struct intent_reader *reader, const char *name, size_t index,
                          const json_t *list, const struct intent_member *members)
{
    reader->hop->label = INTENT_NO_LABEL;
    return intent_read_item(reader, name, index, json_array_get(list, index), members);
}

bool intent_read_segments(struct intent_reader *reader, const char *name, const json_t *list,
                          struct intent_hop *hops)
{
    bool is_srv6 = reader->intent->setup_type == PCEP_PST_SRV6;
    if (is_srv6 && json_array_size(list) > PATH_SRV6_SIDS_MAX)
        return intent_refuse(reader, name, "a header of SRv6 has room for 127 SIDs");
    for (size_t i = 0; i < json_array_size(list); i++) {
        reader->hop = &hops[i];
        if (!hops_read_one(reader, name, i, list, is_srv6 ? srv6_members : segment_members) ||
            !hops_check_segment(reader, i))
            return false;
    }
    return true;
}

bool intent_read_hops(struct intent_reader *reader, const char *name, const json_t *list,
                      struct intent_hop *hops)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        reader->hop = &hops[i];
        if (!hops_read_one(reader, name, i, list, hop_members))
            return false;
    }
    return true;
}

/* ---- writing ---- */

static json_t *hops_write_ip(const struct ip *address)
{
    char text[IP_TEXT_SIZE];
    return json_string(ip_format(address, text));
}

/* Adds one member; false: memory ran out, for which json_object_set_new looks at NULL. */
static bool hops_add(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

static bool hops_write_segment(json_t *json, const struct intent_hop *hop)
{
    bool is_good = true;
    if (hop->label != INTENT_NO_LABEL)
        is_good = hops_add(json, "label", json_integer(hop->label));
    if (hop->sid.family != IP_NONE)
        is_good = is_good && hops_add(json, "sid", hops_write_ip(&hop->sid));
    if (hop->address.family != IP_NONE)
        is_good = is_good && hops_add(json, "node", hops_write_ip(&hop->address));
    if (hop->local.family != IP_NONE)
        is_good = is_good && hops_add(json, "local", hops_write_ip(&hop->local)) &&
                  hops_add(json, "remote", hops_write_ip(&hop->remote));
    return is_good;
}

static json_t *hops_write_one(const struct intent_hop *hop, bool is_sr)
{
    json_t *json = json_object();
    bool is_good = is_sr ? hops_write_segment(json, hop)
                         : hops_add(json, "address", hops_write_ip(&hop->address)) &&
                               hops_add(json, "loose", json_boolean(hop->is_loose));
    if (is_good)
        return json;
    json_decref(json);
    return NULL;
}

json_t *intent_write_hops(const struct intent_hop *hops, uint32_t count, bool is_sr)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < count; i++) {
        if (json_array_append_new(list, hops_write_one(&hops[i], is_sr)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

json_t *intent_write_segments(const struct intent_hop *hops, uint32_t count)
{
    return intent_write_hops(hops, count, true);
}
