/* Routers of a LAN become neighbours, and the LAN goes (RFC 9552 5.2.1.4): from a router to the LAN
 * costs what the router says, from the LAN to a router nothing. */
#include "core/base/check.h"
#include "core/ted/rib_merge.h"

#include <stdlib.h>

/* A router's link to a LAN. */
struct lans_port {
    uint32_t lan, router;
    uint32_t link; /* index of the link to the LAN */
};

static int lans_compare_ports(const void *left, const void *right)
{
    const struct lans_port *a = left, *b = right;
    int order = merge_compare_u32(a->lan, b->lan);
    if (order == 0)
        order = merge_compare_u32(a->router, b->router);
    return order != 0 ? order : merge_compare_u32(a->link, b->link);
}

/* The ports of all LANs, sorted: routers that the LAN knows, too. */
static uint32_t lans_take_ports(const struct merge *merge, struct lans_port *ports)
{
    const struct merged_link *links = merge->links.items;
    uint32_t count = 0;
    for (uint32_t i = 0; i < merge->links.count; i++) {
        if (!merge_node(merge, links[i].to)->is_lan || merge_node(merge, links[i].from)->is_lan)
            continue;
        if (merge_find_link(merge, links[i].to, links[i].from) != TED_NONE)
            ports[count++] =
                (struct lans_port){.lan = links[i].to, .router = links[i].from, .link = i};
    }
    qsort(ports, count, sizeof *ports, lans_compare_ports);
    return count;
}

static void lans_connect(struct merge *merge, const struct lans_port *from,
                         const struct lans_port *to)
{
    const struct merged_link *links = merge->links.items;
    const struct merged_link *a = &links[from->link], *b = &links[to->link];
    struct merged_link link = {
        .from = from->router,
        .to = to->router,
        .halves = a->halves,
        .local_v4 = a->local_v4,
        .remote_v4 = b->local_v4,
        .local_v6 = a->local_v6,
        .remote_v6 = b->local_v6,
        .lan = from->lan,
    };
    (void)ted_array_append(&merge->links, &link, 1);
}

/* All routers of one LAN, each with each. */
static enum pce_status lans_expand(struct merge *merge, const struct lans_port *ports,
                                   uint32_t count)
{
    char text[MERGE_TEXT_SIZE];
    if (count > RIB_LAN_ROUTERS_MAX) {
        merge_mark_delicate(merge, ports[0].lan, MERGE_DELICATE_ALL);
        rib_findings_add(merge->findings, RIB_LAN_TOO_LARGE, "%s: %u",
                         merge_node_text(merge, ports[0].lan, text), count);
        count = RIB_LAN_ROUTERS_MAX;
    }
    enum pce_status status = ted_array_reserve(&merge->links, count * count);
    for (uint32_t i = 0; status == PCE_OK && i < count; i++)
        for (uint32_t j = 0; j < count; j++)
            if (ports[i].router != ports[j].router)
                lans_connect(merge, &ports[i], &ports[j]);
    return status;
}

/* Links that end at a LAN have done their part. */
static void lans_remove_ends(struct merge *merge)
{
    struct merged_link *links = merge->links.items;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < merge->links.count; i++)
        if (!merge_node(merge, links[i].from)->is_lan && !merge_node(merge, links[i].to)->is_lan)
            links[kept++] = links[i];
    merge->links.count = kept;
}

static int lans_compare_links(const void *left, const void *right)
{
    const struct merged_link *a = left, *b = right;
    int order = merge_compare_u32(a->from, b->from);
    if (order == 0)
        order = merge_compare_u32(a->to, b->to);
    if (order == 0)
        order = ip_compare(&a->local_v4, &b->local_v4);
    if (order == 0)
        order = ip_compare(&a->local_v6, &b->local_v6);
    if (order == 0)
        order = merge_compare_u32(a->local_id, b->local_id);
    if (order == 0)
        order = merge_compare_u32(a->lan, b->lan);
    return order != 0 ? order : merge_compare_u32(a->halves.first, b->halves.first);
}

void merge_sort_links(struct merge *merge)
{
    if (merge->links.count > 0)
        qsort(merge->links.items, merge->links.count, sizeof(struct merged_link),
              lans_compare_links);
}

enum pce_status merge_lans(struct merge *merge)
{
    struct lans_port *ports = malloc((merge->links.count + (size_t)1) * sizeof *ports);
    enum pce_status status = PCE_OK;
    if (ports == NULL)
        return PCE_NO_MEMORY;
    uint32_t count = lans_take_ports(merge, ports);
    for (uint32_t first = 0, end; first < count && status == PCE_OK; first = end) {
        end = first + 1;
        while (end < count && ports[first].lan == ports[end].lan)
            end++;
        status = lans_expand(merge, ports + first, end - first);
    }
    free(ports);
    lans_remove_ends(merge);
    merge_sort_links(merge);
    return status;
}
