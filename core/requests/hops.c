#include "core/requests/hops.h"

#include "core/base/check.h"

void hops_of_links(const struct ted_snapshot *snapshot, uint8_t family, const uint32_t *links,
                   uint32_t link_count, struct ted_hop *hops)
{
    const struct ted_hop *ends = ted_hops_of_family(&snapshot->link_ends, family)->of_links;
    CHECK(ends != NULL || link_count == 0);
    for (uint32_t i = 0; i < link_count; i++)
        hops[i] = ends[links[i]];
}
