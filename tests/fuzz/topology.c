/* Fuzzer of the topology file: whatever the octets are, there is a snapshot that holds together, or
 * a fault that says something. */
#include "core/base/check.h"
#include "core/ted/topology_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

/* Walks all that a search would: the sanitizers see what lies outside. */
static void check_snapshot(const struct ted_snapshot *s)
{
    CHECK(s->node_count > 0);
    CHECK(s->first_edge[s->node_count] == s->link_count);
    CHECK(s->reverse_first_edge[s->node_count] == s->link_count);
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        CHECK(link->from < s->node_count && link->to < s->node_count && link->from != link->to);
        CHECK(link->reverse == TED_NONE || s->links[link->reverse].reverse == i);
        CHECK(s->edges[i].node < s->node_count && s->reverse_edges[i].node < s->node_count);
        CHECK(s->links[s->edges[i].link].to == s->edges[i].node);
        CHECK(s->links[s->reverse_edges[i].link].from == s->reverse_edges[i].node);
        for (uint32_t k = 1; k < link->srlgs.count; k++)
            CHECK(s->srlgs[link->srlgs.first + k - 1] < s->srlgs[link->srlgs.first + k]);
        (void)ted_find_adj_sid(s, i, IP_V4, TED_PROTECTED_PREFERRED);
    }
    for (uint32_t i = 0; i < s->node_count; i++) {
        CHECK(ted_find_node_by_name(s, s->nodes[i].name) == i);
        const struct ip *id = s->nodes[i].router_id_v4.family != IP_NONE
                                  ? &s->nodes[i].router_id_v4
                                  : &s->nodes[i].router_id_v6;
        uint32_t owner = ted_find_node_by_address(s, id);
        CHECK(owner == i || owner == TED_NONE); /* none: an IPv6 link-local router id */
        (void)ted_label_of_index(s, i, 0);
        (void)ted_find_prefix_sid(s, i, 0, IP_V4);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    enum pce_status status = topology_file_read((const char *)octets, size, &snapshot, &fault);
    if (status == PCE_OK) {
        check_snapshot(snapshot);
        ted_snapshot_destroy(snapshot);
    } else {
        CHECK(fault.reason[0] != '\0');
        CHECK(fault.line > 0);
    }
    return 0;
}
