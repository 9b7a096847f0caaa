#include "core/requests/ero.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

#define OBJECT_HEADER_SIZE 4
#define SR_SIZE            8 /* subobject without NAI */
#define SRV6_SIZE          24
#define SRV6_STRUCTURE     8 /* octets more where the SID's structure is known */
#define IPV4_HOP_SIZE      8
#define IPV6_HOP_SIZE      20
#define UNNUMBERED_SIZE    12
#define SHIFT_LABEL        12 /* RFC 8664 4.3.1: the label is the high 20 bits */

_Static_assert(OBJECT_HEADER_SIZE + PATH_HOPS_MAX * IPV6_HOP_SIZE <= UINT16_MAX,
               "the longest path fits an object");

/* A label without NAI (F = 1), as FRR's pathd itself sends them; the one place to say more about a
 * segment to peers that want it. */
static void ero_write_sid(const struct path_sid *sid, struct wire_writer *writer)
{
    CHECK(sid->label <= TED_LABEL_MAX);
    const struct pcep_sub_sr body = {
        .nt = PCEP_NAI_NONE, .flags = PCEP_SR_F | PCEP_SR_M, .sid = sid->label << SHIFT_LABEL};
    pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, false, &body);
}

static bool ero_has_structure(const struct ted_srv6_sid *sid)
{
    return sid->block_bits + sid->node_bits + sid->function_bits + sid->argument_bits > 0;
}

/* RFC 9603 4.3.1 recommends the behaviour. The algorithm is left out, which only peers of RFC 9933
 * know: without it nothing is said of it. */
struct pcep_sub_srv6 ero_srv6_of(const struct ted_srv6_sid *sid)
{
    return (struct pcep_sub_srv6){
        .nt = PCEP_NAI_NONE,
        .flags = PCEP_SRV6_F | (ero_has_structure(sid) ? PCEP_SRV6_T : 0),
        .behavior = sid->behavior,
        .sid = sid->sid,
        .locator_block_bits = sid->block_bits,
        .locator_node_bits = sid->node_bits,
        .function_bits = sid->function_bits,
        .argument_bits = sid->argument_bits,
    };
}

static void ero_put_srv6(const struct ted_srv6_sid *sid, struct wire_writer *writer)
{
    CHECK(sid->sid.family == IP_V6);
    const struct pcep_sub_srv6 body = ero_srv6_of(sid);
    pcep_subobject_put(writer, PCEP_SUBOBJECT_SRV6, false, &body);
}

static void ero_write_segment(enum path_setup setup, const struct path_sid *sid,
                              struct wire_writer *writer)
{
    if (setup == PATH_SETUP_SRV6)
        ero_put_srv6(&sid->srv6, writer);
    else
        ero_write_sid(sid, writer);
}

static void ero_write_unnumbered(const struct ted_hop *hop, struct wire_writer *writer)
{
    const struct pcep_sub_unnumbered body = {.router_id = hop->address,
                                             .interface_id = hop->interface_id};
    pcep_subobject_put(writer, PCEP_SUBOBJECT_UNNUMBERED, false, &body);
}

static void ero_write_hop(const struct ted_hop *hop, struct wire_writer *writer)
{
    const struct ip *address = &hop->address;
    bool is_v6 = address->family == IP_V6;
    const struct pcep_sub_prefix body = {.prefix = *address,
                                         .bits = (uint8_t)(8 * ip_size(address))};
    if (hop->interface_id != 0) {
        ero_write_unnumbered(hop, writer);
        return;
    }
    pcep_subobject_put(writer, is_v6 ? PCEP_SUBOBJECT_IPV6_PREFIX : PCEP_SUBOBJECT_IPV4_PREFIX,
                       false, &body);
}

void ero_write(enum path_setup setup, const struct path_result *result, const struct ted_hop *hops,
               struct wire_writer *writer)
{
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, NULL);
    if (path_setup_is_sr(setup)) {
        for (uint32_t i = 0; i < result->sid_count; i++)
            ero_write_segment(setup, &result->sids[i], writer);
    } else {
        for (uint32_t i = 0; i < result->link_count; i++)
            ero_write_hop(&hops[i], writer);
    }
    pcep_object_close(writer, object);
}

static size_t ero_hop_size(const struct ted_hop *hop)
{
    if (hop->interface_id != 0)
        return UNNUMBERED_SIZE;
    return hop->address.family == IP_V6 ? IPV6_HOP_SIZE : IPV4_HOP_SIZE;
}

size_t ero_size(enum path_setup setup, const struct path_result *result, const struct ted_hop *hops)
{
    size_t size = OBJECT_HEADER_SIZE;
    if (setup == PATH_SETUP_SR_MPLS)
        return size + (size_t)result->sid_count * SR_SIZE;
    for (uint32_t i = 0; i < result->sid_count; i++)
        size += SRV6_SIZE + (ero_has_structure(&result->sids[i].srv6) ? SRV6_STRUCTURE : 0U);
    if (setup == PATH_SETUP_SRV6)
        return size;
    for (uint32_t i = 0; i < result->link_count; i++)
        size += ero_hop_size(&hops[i]);
    return size;
}
