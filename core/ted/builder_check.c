#include "core/ted/builder_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SID_BITS_MAX 128

enum pce_status ted_fault_set(struct ted_fault *fault, enum pce_status status, const char *element,
                              const char *reason, ...)
{
    fault->line = 0;
    fault->column = 0;
    snprintf(fault->element, sizeof fault->element, "%s", element);
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(fault->reason, sizeof fault->reason, reason, arguments);
    va_end(arguments);
    return status;
}

static enum pce_status invalid_at(struct ted_fault *fault, const char *key, uint32_t index,
                                  const char *reason)
{
    char element[64];
    snprintf(element, sizeof element, "%s[%u]", key, index);
    return ted_fault_set(fault, PCE_INVALID, element, "%s", reason);
}

static enum pce_status check_count(struct ted_fault *fault, const char *key, uint32_t count,
                                   uint32_t count_max)
{
    if (count <= count_max)
        return PCE_OK;
    return ted_fault_set(fault, PCE_LIMIT, key, "%u entries, at most %u are possible", count,
                         count_max);
}

static enum pce_status check_name(const char *name, struct ted_fault *fault)
{
    size_t size = strlen(name);
    if (size == 0)
        return ted_fault_set(fault, PCE_INVALID, "name", "is empty");
    if (size > TED_NAME_SIZE_MAX)
        return ted_fault_set(fault, PCE_LIMIT, "name", "%zu octets, at most %d are possible", size,
                             TED_NAME_SIZE_MAX);
    for (const char *c = name; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return ted_fault_set(fault, PCE_INVALID, "name", "contains a control character");
    }
    return PCE_OK;
}

/* An address of this family, or of either when family is IP_NONE. */
static bool is_usable(const struct ip *address, enum ip_family family)
{
    if (address->family != IP_V4 && address->family != IP_V6)
        return false;
    return (family == IP_NONE || address->family == family) && !ip_is_unspecified(address);
}

/* The same, for a field that may be left out. */
static bool is_usable_or_none(const struct ip *address, enum ip_family family)
{
    return address->family == IP_NONE || is_usable(address, family);
}

static enum pce_status check_node_addresses(const struct ted_node_spec *spec,
                                            struct ted_fault *fault)
{
    if (spec->router_id_v4.family == IP_NONE && spec->router_id_v6.family == IP_NONE)
        return ted_fault_set(fault, PCE_INVALID, "router-id",
                             "a node needs a router-id or a router-id-v6");
    if (!is_usable_or_none(&spec->router_id_v4, IP_V4))
        return ted_fault_set(fault, PCE_INVALID, "router-id", "is no IPv4 address of a node");
    if (!is_usable_or_none(&spec->router_id_v6, IP_V6))
        return ted_fault_set(fault, PCE_INVALID, "router-id-v6", "is no IPv6 address of a node");
    for (uint32_t i = 0; i < spec->address_count; i++) {
        if (!is_usable(&spec->addresses[i], IP_NONE))
            return invalid_at(fault, "addresses", i, "is no address of a node");
    }
    return check_count(fault, "addresses", spec->address_count, TED_NODE_ADDRESSES_MAX);
}

/* The ranges of one node must be labels and must not overlap (RFC 8665 3.2, RFC 8667 3.1). */
static enum pce_status check_srgbs(const struct ted_node_spec *spec, struct ted_fault *fault)
{
    enum pce_status status = check_count(fault, "srgb", spec->srgb_count, TED_NODE_SRGBS_MAX);
    if (status != PCE_OK)
        return status;
    for (uint32_t i = 0; i < spec->srgb_count; i++) {
        struct ted_srgb a = spec->srgbs[i];
        if (a.size == 0)
            return invalid_at(fault, "srgb", i, "has no labels");
        if (a.base < TED_LABEL_MIN || a.base > TED_LABEL_MAX || a.size > TED_LABEL_MAX - a.base + 1)
            return invalid_at(fault, "srgb", i, "is not within the labels 16-1048575");
        for (uint32_t j = 0; j < i; j++) {
            struct ted_srgb b = spec->srgbs[j];
            if (a.base < b.base + b.size && b.base < a.base + a.size)
                return invalid_at(fault, "srgb", i, "overlaps an earlier range of this node");
        }
    }
    return PCE_OK;
}

static enum pce_status builder_check_prefix_sids(const struct ted_node_spec *spec,
                                                 struct ted_fault *fault)
{
    enum pce_status status =
        check_count(fault, "prefix-sids", spec->prefix_sid_count, TED_NODE_SIDS_MAX);
    if (status != PCE_OK)
        return status;
    for (uint32_t i = 0; i < spec->prefix_sid_count; i++) {
        const struct ted_prefix_sid *a = &spec->prefix_sids[i];
        if (a->index > TED_LABEL_MAX)
            return invalid_at(fault, "prefix-sids", i, "index is above every SRGB");
        if (a->family != IP_V4 && a->family != IP_V6)
            return invalid_at(fault, "prefix-sids", i, "has no address family");
        for (uint32_t j = 0; j < i; j++) {
            const struct ted_prefix_sid *b = &spec->prefix_sids[j];
            if (a->index == b->index)
                return invalid_at(fault, "prefix-sids", i, "has the index of an earlier one");
            if (a->algorithm == b->algorithm && a->family == b->family && !a->is_anycast &&
                !b->is_anycast)
                return invalid_at(fault, "prefix-sids", i,
                                  "is the second one for its algorithm and family");
        }
    }
    return PCE_OK;
}

static enum pce_status check_srv6_sids(const struct ted_srv6_sid *sids, uint32_t count,
                                       uint32_t count_max, struct ted_fault *fault)
{
    enum pce_status status = check_count(fault, "srv6-sids", count, count_max);
    if (status != PCE_OK)
        return status;
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_srv6_sid *sid = &sids[i];
        unsigned bits = (unsigned)sid->block_bits + sid->node_bits;
        bits += (unsigned)sid->function_bits + sid->argument_bits;
        if (!is_usable(&sid->sid, IP_V6))
            return invalid_at(fault, "srv6-sids", i, "is no IPv6 address");
        if (bits > SID_BITS_MAX)
            return invalid_at(fault, "srv6-sids", i, "structure has more than 128 bits");
    }
    return PCE_OK;
}

static enum pce_status builder_check_algorithms(const struct ted_node_spec *spec,
                                                struct ted_fault *fault)
{
    enum pce_status status =
        check_count(fault, "algorithms", spec->algorithm_count, TED_NODE_ALGORITHMS_MAX);
    for (uint32_t i = 1; i < spec->algorithm_count && status == PCE_OK; i++)
        if (spec->algorithms[i - 1] >= spec->algorithms[i])
            status = invalid_at(fault, "algorithms", i, "is not above the one before it");
    if (status == PCE_OK)
        status = check_count(fault, "flex-algorithms", spec->flex_count, TED_NODE_FLEXES_MAX);
    for (uint32_t i = 0; i < spec->flex_count && status == PCE_OK; i++) {
        const struct ted_flex_definition *flex = &spec->flexes[i];
        if (flex->algorithm < TED_FLEX_ALGORITHM_MIN || flex->srlg_count > TED_FLEX_SRLGS_MAX)
            status = invalid_at(fault, "flex-algorithms", i, "is no flexible algorithm");
        for (uint32_t j = 0; j < i && status == PCE_OK; j++)
            if (flex->algorithm == spec->flexes[j].algorithm)
                status = invalid_at(fault, "flex-algorithms", i, "is the second one of its number");
    }
    return status;
}

enum pce_status ted_check_node(const struct ted_node_spec *spec, struct ted_fault *fault)
{
    enum pce_status status = check_name(spec->name, fault);
    if (status == PCE_OK)
        status = check_node_addresses(spec, fault);
    if (status == PCE_OK)
        status = check_srgbs(spec, fault);
    if (status == PCE_OK)
        status = builder_check_prefix_sids(spec, fault);
    if (status == PCE_OK)
        status = check_srv6_sids(spec->srv6_sids, spec->srv6_sid_count, TED_NODE_SIDS_MAX, fault);
    if (status == PCE_OK)
        status = builder_check_algorithms(spec, fault);
    if (status != PCE_OK || !spec->has_position)
        return status;
    /* Written so that a NaN fails as well. */
    if (!(fabs(spec->latitude) <= 90.0) || !(fabs(spec->longitude) <= 180.0))
        return ted_fault_set(fault, PCE_INVALID, "position", "is not on the globe");
    return PCE_OK;
}

static bool is_bandwidth(float value)
{
    return isfinite(value) && value >= 0.0F;
}

static enum pce_status check_bandwidths(const struct ted_link_spec *spec, struct ted_fault *fault)
{
    if (!is_bandwidth(spec->capacity))
        return ted_fault_set(fault, PCE_INVALID, "capacity", "is no bandwidth");
    if (!is_bandwidth(spec->max_reservable))
        return ted_fault_set(fault, PCE_INVALID, "reservable", "is no bandwidth");
    for (uint32_t i = 0; i < TED_PRIORITIES; i++) {
        if (!is_bandwidth(spec->unreserved[i]))
            return invalid_at(fault, "unreserved", i, "is no bandwidth");
    }
    return PCE_OK;
}

static enum pce_status builder_check_adj_sids(const struct ted_link_spec *spec,
                                              struct ted_fault *fault)
{
    enum pce_status status = check_count(fault, "adj-sids", spec->adj_sid_count, TED_LINK_SIDS_MAX);
    if (status != PCE_OK)
        return status;
    for (uint32_t i = 0; i < spec->adj_sid_count; i++) {
        const struct ted_adj_sid *sid = &spec->adj_sids[i];
        if (sid->label < TED_LABEL_MIN || sid->label > TED_LABEL_MAX)
            return invalid_at(fault, "adj-sids", i, "is not within the labels 16-1048575");
        if (sid->family != IP_NONE && sid->family != IP_V4 && sid->family != IP_V6)
            return invalid_at(fault, "adj-sids", i, "has no such address family");
    }
    return PCE_OK;
}

static enum pce_status check_flex_link(const struct ted_flex_link_spec *flex,
                                       struct ted_fault *fault)
{
    enum pce_status status =
        check_count(fault, "flex-attributes.srlgs", flex->srlg_count, TED_LINK_SRLGS_MAX);
    return status == PCE_OK ? check_count(fault, "flex-attributes.admin-group", flex->group_count,
                                          TED_GROUP_WORDS_MAX)
                            : status;
}

enum pce_status ted_check_link(const struct ted_link_spec *spec, struct ted_fault *fault)
{
    if (spec->from == spec->to)
        return ted_fault_set(fault, PCE_INVALID, "to", "both ends are the same node");
    if (!is_usable_or_none(&spec->local_v4, IP_V4) || !is_usable_or_none(&spec->remote_v4, IP_V4))
        return ted_fault_set(fault, PCE_INVALID, "addresses", "is no IPv4 address of a node");
    if (!is_usable_or_none(&spec->local_v6, IP_V6) || !is_usable_or_none(&spec->remote_v6, IP_V6))
        return ted_fault_set(fault, PCE_INVALID, "addresses-v6", "is no IPv6 address of a node");
    if ((spec->local_id == 0) != (spec->remote_id == 0))
        return ted_fault_set(fault, PCE_INVALID, "interface-ids", "one end has none");
    enum pce_status status = check_bandwidths(spec, fault);
    if (status == PCE_OK)
        status = check_count(fault, "srlgs", spec->srlg_count, TED_LINK_SRLGS_MAX);
    if (status == PCE_OK)
        status = check_count(fault, "extended-admin-group", spec->group_count, TED_GROUP_WORDS_MAX);
    if (status == PCE_OK)
        status = check_flex_link(&spec->flex, fault);
    if (status == PCE_OK)
        status = builder_check_adj_sids(spec, fault);
    if (status == PCE_OK)
        status = check_srv6_sids(spec->srv6_sids, spec->srv6_sid_count, TED_LINK_SIDS_MAX, fault);
    return status;
}
