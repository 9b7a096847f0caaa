#include "core/handlers/hops.h"

void hops_of_links(const struct ted_snapshot *snapshot, uint8_t family, const uint32_t *links,
                   uint32_t link_count, struct ip *hops)
{
    const struct ip *ends = family == IP_V6 ? snapshot->link_ends.v6 : snapshot->link_ends.v4;
    for (uint32_t i = 0; i < link_count; i++)
        hops[i] = ends[links[i]];
}
