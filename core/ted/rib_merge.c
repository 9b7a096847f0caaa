#include "core/ted/rib_merge.h"

#include <stdlib.h>
#include <string.h>

static void merge_init(struct merge *merge, struct rib *rib, struct rib_findings *findings)
{
    *merge = (struct merge){.rib = rib, .findings = findings};
    ted_array_init(&merge->nodes, sizeof(struct merged_node));
    ted_array_init(&merge->halves, sizeof(struct merge_half));
    ted_array_init(&merge->links, sizeof(struct merged_link));
    ted_array_init(&merge->owners, sizeof(struct ted_address));
    ted_array_init(&merge->labels, sizeof(uint64_t));
    ted_array_init(&merge->addresses, sizeof(struct ip));
    ted_array_init(&merge->prefix_sids, sizeof(struct ted_prefix_sid));
    ted_array_init(&merge->srv6_sids, sizeof(struct ted_srv6_sid));
    ted_array_init(&merge->sid_owners, sizeof(uint32_t));
    memset(findings, 0, offsetof(struct rib_findings, items));
}

static void merge_fini(struct merge *merge)
{
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++)
        free(merge->entries[kind].at);
    free(merge->node_of_name);
    ted_array_fini(&merge->nodes);
    ted_array_fini(&merge->halves);
    ted_array_fini(&merge->links);
    ted_array_fini(&merge->owners);
    ted_array_fini(&merge->labels);
    ted_array_fini(&merge->addresses);
    ted_array_fini(&merge->prefix_sids);
    ted_array_fini(&merge->srv6_sids);
    ted_array_fini(&merge->sid_owners);
    slots_fini(&merge->owner_index);
    slots_fini(&merge->label_index);
}

enum pce_status rib_merge(struct rib *rib, const char *network_name, struct ted_snapshot **snapshot,
                          struct rib_findings *findings)
{
    typedef enum pce_status merge_step(struct merge * merge);
    merge_step *const before[] = {merge_collect, merge_nodes, merge_links, merge_lans};
    merge_step *const after[] = {merge_prefixes, merge_srv6_sids, merge_claim_links};
    enum pce_status status = PCE_OK;
    struct merge merge;
    *snapshot = NULL;
    merge_init(&merge, rib, findings);
    for (size_t i = 0; i < sizeof before / sizeof *before && status == PCE_OK; i++)
        status = before[i](&merge);
    if (status == PCE_OK)
        merge_ends(&merge);
    for (size_t i = 0; i < sizeof after / sizeof *after && status == PCE_OK; i++)
        status = after[i](&merge);
    if (status == PCE_OK)
        status = merge_build(&merge, network_name, snapshot);
    merge_fini(&merge);
    return status;
}
