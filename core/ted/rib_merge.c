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
    ted_array_init(&merge->anycasts, sizeof(struct ip));
    ted_array_init(&merge->claims, sizeof(struct merge_claim));
    memset(findings, 0, offsetof(struct rib_findings, items));
}

void merge_drop_scratch(struct merge *merge)
{
    for (unsigned kind = 0; kind < RIB_KIND_COUNT; kind++) {
        free(merge->entries[kind].at);
        merge->entries[kind] = (struct merge_entries){.count = 0};
    }
    ted_array_fini(&merge->halves);
    ted_array_fini(&merge->links);
    ted_array_fini(&merge->labels);
    ted_array_fini(&merge->addresses);
    ted_array_fini(&merge->prefix_sids);
    ted_array_fini(&merge->srv6_sids);
    slots_fini(&merge->label_index);
}

void merge_fini(struct merge *merge)
{
    merge_drop_scratch(merge);
    free(merge->node_of_name);
    ted_array_fini(&merge->nodes);
    ted_array_fini(&merge->owners);
    ted_array_fini(&merge->sid_owners);
    ted_array_fini(&merge->anycasts);
    ted_array_fini(&merge->claims);
    slots_fini(&merge->anycast_index);
    slots_fini(&merge->owner_index);
    free(merge->delicate);
    free(merge->names);
    free(merge->first_name);
}

static void merge_list_names(struct merge *merge)
{
    for (uint32_t i = 0; i < merge->name_count; i++)
        if (merge->node_of_name[i] != TED_NONE)
            merge->first_name[merge->node_of_name[i] + 2]++;
    for (uint32_t node = 0; node < merge->nodes.count; node++)
        merge->first_name[node + 1] += merge->first_name[node];
    /* first_name[node + 1] walks from the first name of the node to that of the next one. */
    for (uint32_t i = 0; i < merge->name_count; i++)
        if (merge->node_of_name[i] != TED_NONE)
            merge->names[merge->first_name[merge->node_of_name[i] + 1]++] = i;
}

/* What those need that follow changes, beside what the merge has anyway. */
static enum pce_status merge_begin_links(struct merge *merge)
{
    size_t node_count = merge->nodes.count;
    merge->name_count = merge->rib->named_count;
    merge->delicate = calloc(node_count + 1, 1);
    merge->first_name = calloc(node_count + 3, sizeof *merge->first_name);
    merge->names = malloc((merge->name_count + (size_t)1) * sizeof *merge->names);
    if (merge->delicate == NULL || merge->first_name == NULL || merge->names == NULL)
        return PCE_NO_MEMORY;
    merge_list_names(merge);
    return PCE_OK;
}

/* What those need that follow changes stays: nodes, and who has which address. */
static void merge_keep(struct merge *merge, const struct ted_snapshot *snapshot)
{
    struct rib *rib = merge->rib;
    merge_drop_scratch(merge);
    merge->findings = NULL;
    merge->owns_all_ends = false;
    rib->base = merge;
    merge->place_count = snapshot->link_count;
    rib->base_serial = snapshot->serial;
    rib->is_whole_due = false;
    rib_drop_marks(rib);
}

void rib_forget_base(struct rib *rib)
{
    if (rib->base != NULL)
        merge_fini(rib->base);
    free(rib->base);
    rib->base = NULL;
    rib->is_whole_due = true;
    rib_drop_marks(rib);
}

enum pce_status rib_merge(struct rib *rib, const char *network_name, struct ted_snapshot **snapshot,
                          struct rib_findings *findings)
{
    typedef enum pce_status merge_step(struct merge * merge);
    merge_step *const before[] = {merge_collect, merge_nodes, merge_begin_links, merge_links,
                                  merge_lans};
    merge_step *const after[] = {merge_prefixes, merge_srv6_sids, merge_claim_links};
    enum pce_status status = PCE_OK;
    struct merge *merge = malloc(sizeof *merge);
    *snapshot = NULL;
    rib_forget_base(rib);
    if (merge == NULL)
        return PCE_NO_MEMORY;
    merge_init(merge, rib, findings);
    for (size_t i = 0; i < sizeof before / sizeof *before && status == PCE_OK; i++)
        status = before[i](merge);
    if (status == PCE_OK)
        merge_ends(merge);
    for (size_t i = 0; i < sizeof after / sizeof *after && status == PCE_OK; i++)
        status = after[i](merge);
    if (status == PCE_OK)
        status = merge_build(merge, network_name, snapshot);
    if (status == PCE_OK) {
        merge_keep(merge, *snapshot);
        return PCE_OK;
    }
    merge_fini(merge);
    free(merge);
    return status;
}
