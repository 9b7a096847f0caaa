#include "core/path/sid.h"

struct path_sid sid_of_link(const struct problem *problem, uint32_t link)
{
    const struct ted_adj_sid *sid = ted_find_adj_sid(problem->snapshot, link, problem->family,
                                                     (enum ted_protection)problem->protection);
    return (struct path_sid){.kind = PATH_SID_ADJACENCY,
                             .label = sid == NULL ? TED_NONE : sid->label,
                             .node = problem->snapshot->links[link].to,
                             .link = link,
                             .is_protected = sid != NULL && sid->is_protected};
}

struct path_sid sid_of_node(uint32_t label, uint32_t node)
{
    return (struct path_sid){.kind = PATH_SID_NODE,
                             .label = label,
                             .node = node,
                             .link = TED_NONE,
                             .is_protected = true};
}

uint32_t sid_label_of_node(const struct problem *problem, uint32_t node)
{
    if (!problem->has_node_sids)
        return TED_NONE;
    const struct ted_prefix_sid *sid =
        ted_find_prefix_sid(problem->snapshot, node, problem->algorithm, problem->family);
    return sid == NULL ? TED_NONE : ted_label_of_index(problem->snapshot, node, sid->index);
}
