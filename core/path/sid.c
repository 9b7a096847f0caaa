#include "core/path/sid.h"

static struct path_sid sid_over_link(const struct problem *problem, uint32_t link,
                                     bool is_protected)
{
    return (struct path_sid){.kind = PATH_SID_ADJACENCY,
                             .label = TED_NONE,
                             .node = problem->snapshot->links[link].to,
                             .link = link,
                             .is_protected = is_protected};
}

static bool sid_end_x_of_link(const struct problem *problem, uint32_t link, struct path_sid *sid)
{
    const struct ted_srv6_sid *found = ted_find_end_x_sid(
        problem->snapshot, link, problem->algorithm, (enum ted_protection)problem->protection);
    if (found == NULL || sid == NULL)
        return found != NULL;
    *sid = sid_over_link(problem, link, found->is_protected);
    sid->srv6 = *found;
    return true;
}

bool sid_of_link(const struct problem *problem, uint32_t link, struct path_sid *sid)
{
    if (problem->is_srv6)
        return sid_end_x_of_link(problem, link, sid);
    const struct ted_adj_sid *found = ted_find_adj_sid(problem->snapshot, link, problem->family,
                                                       (enum ted_protection)problem->protection);
    if (found == NULL || sid == NULL)
        return found != NULL;
    *sid = sid_over_link(problem, link, found->is_protected);
    sid->label = found->label;
    return true;
}

static struct path_sid sid_to_node(uint32_t node, uint32_t label)
{
    return (struct path_sid){.kind = PATH_SID_NODE,
                             .label = label,
                             .node = node,
                             .link = TED_NONE,
                             .is_protected = true};
}

static bool sid_end_of_node(const struct problem *problem, uint32_t node, struct path_sid *sid)
{
    const struct ted_srv6_sid *found =
        ted_find_end_sid(problem->snapshot, node, problem->algorithm);
    if (found == NULL || sid == NULL)
        return found != NULL;
    *sid = sid_to_node(node, TED_NONE);
    sid->srv6 = *found;
    return true;
}

bool sid_of_node(const struct problem *problem, uint32_t from, uint32_t node, uint32_t index_end,
                 struct path_sid *sid)
{
    if (!problem->has_node_sids)
        return false;
    if (problem->is_srv6)
        return sid_end_of_node(problem, node, sid);
    const struct ted_prefix_sid *found =
        ted_find_prefix_sid(problem->snapshot, node, problem->algorithm, problem->family);
    if (found == NULL || found->index >= index_end)
        return false;
    uint32_t label = ted_label_of_index(problem->snapshot, from, found->index);
    if (label != TED_NONE && sid != NULL)
        *sid = sid_to_node(node, label);
    return label != TED_NONE;
}

bool sid_is_of_node(const struct problem *problem, uint32_t node, uint32_t *index_end_min)
{
    *index_end_min = 0;
    if (!problem->has_node_sids)
        return false;
    if (problem->is_srv6)
        return sid_end_of_node(problem, node, NULL);
    const struct ted_prefix_sid *found =
        ted_find_prefix_sid(problem->snapshot, node, problem->algorithm, problem->family);
    if (found != NULL)
        *index_end_min = found->index + 1;
    return found != NULL;
}

bool path_sids_of_links(const struct ted_snapshot *snapshot, const struct path_request *request,
                        const uint32_t *links, uint32_t count, struct path_sid *sids)
{
    struct problem problem = problem_of_request(snapshot, request);
    for (uint32_t i = 0; i < count; i++)
        if (!sid_of_link(&problem, links[i], &sids[i]))
            return false;
    return true;
}
