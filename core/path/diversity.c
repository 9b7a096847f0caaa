#include "core/path/diversity.h"

void path_diversity_avoid(struct path_avoid *avoid, uint32_t what, const uint32_t *links,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_link *link = &avoid->snapshot->links[links[i]];
        if ((what & PATH_DIVERSE_LINK) != 0)
            path_avoid_both_ways(avoid, links[i]);
        if ((what & PATH_DIVERSE_NODE) != 0) {
            path_avoid_node(avoid, link->from);
            path_avoid_node(avoid, link->to);
        }
        for (uint32_t s = 0; s < link->srlgs.count && (what & PATH_DIVERSE_SRLG) != 0; s++)
            path_avoid_srlg(avoid, avoid->snapshot->srlgs[link->srlgs.first + s]);
    }
}
