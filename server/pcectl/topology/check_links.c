/* One link after the other: its direction back, its values, the others between its nodes. */
#include "core/ted/distance.h"
#include "server/pcectl/topology/network_checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Positions of cities are rough, and delays are measured: only a delay far below the light's is odd.
 */
#define DELAY_SHARE_MIN  0.8
#define DELAY_ODD_MIN_KM 10.0

static void links_check_ways(const struct ted_snapshot *snapshot, uint32_t index,
                             struct findings *findings)
{
    const struct ted_link *link = &snapshot->links[index];
    char text[NETWORK_LINK_TEXT_SIZE];
    if (link->reverse != TED_NONE)
        return;
    findings_add(findings, link->is_two_way ? FINDING_UNPAIRED_LINK : FINDING_HALF_LINK, "%s",
                 network_link_text(snapshot, index, text));
}

static void links_check_values(const struct ted_snapshot *snapshot, uint32_t index,
                               struct findings *findings)
{
    const struct ted_link *link = &snapshot->links[index];
    char text[NETWORK_LINK_TEXT_SIZE];
    (void)network_link_text(snapshot, index, text);
    if (link->capacity <= 0)
        findings_add(findings, FINDING_ZERO_CAPACITY, "%s", text);
    if (link->igp_metric == 0)
        findings_add(findings, FINDING_ZERO_METRIC, "%s", text);
    for (unsigned i = 0; i < TED_PRIORITIES; i++) {
        if (link->unreserved[i] <= link->max_reservable)
            continue;
        findings_add(findings, FINDING_UNRESERVED_EXCESS, "%s: priority %u", text, i);
        return;
    }
}

static void links_check_delay(const struct ted_snapshot *snapshot, uint32_t index,
                              struct findings *findings)
{
    const struct ted_link *link = &snapshot->links[index];
    const struct ted_node *a = &snapshot->nodes[link->from], *b = &snapshot->nodes[link->to];
    char text[NETWORK_LINK_TEXT_SIZE];
    if (link->delay_us == 0 || !a->has_position || !b->has_position)
        return;
    double km = ted_distance_km(a->latitude, a->longitude, b->latitude, b->longitude);
    double light_us = km / TED_FIBRE_KM_PER_MS * 1000;
    if (km >= DELAY_ODD_MIN_KM && link->delay_us < light_us * DELAY_SHARE_MIN)
        findings_add(findings, FINDING_SHORT_DELAY, "%s: %u us for %.0f km",
                     network_link_text(snapshot, index, text), link->delay_us, km);
}

/* Both directions, told once: from the lower link. */
static void links_check_symmetry(const struct ted_snapshot *snapshot, uint32_t index,
                                 struct findings *findings)
{
    const struct ted_link *link = &snapshot->links[index];
    char text[NETWORK_LINK_TEXT_SIZE];
    if (link->reverse == TED_NONE || link->reverse < index)
        return;
    const struct ted_link *back = &snapshot->links[link->reverse];
    (void)network_link_text(snapshot, index, text);
    const struct {
        const char *what;
        double there, back;
    } values[] = {{"igp-metric", link->igp_metric, back->igp_metric},
                  {"te-metric", link->te_metric, back->te_metric},
                  {"delay", link->delay_us, back->delay_us},
                  {"capacity", (double)link->capacity * 8, (double)back->capacity * 8}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (values[i].there < values[i].back || values[i].there > values[i].back)
            findings_add(findings, FINDING_ASYMMETRIC_LINK, "%s: %s %.0f, back %.0f", text,
                         values[i].what, values[i].there, values[i].back);
    }
}

static bool links_has_end(const struct ted_link *link)
{
    return link->local_v4.family != IP_NONE || link->local_v6.family != IP_NONE ||
           link->local_id != 0;
}

/* ---- links between the same nodes ---- */

struct links_ends {
    uint32_t from, to;
    const struct ted_link *link;
};

static int links_compare_ends(const void *left, const void *right)
{
    const struct links_ends *a = left, *b = right;
    if (a->from != b->from)
        return a->from > b->from ? 1 : -1;
    return (a->to > b->to) - (a->to < b->to);
}

/* Links of one node towards one other; of the greater node only where one of them has no other direction. */
static void links_check_beside(const struct ted_snapshot *snapshot, const struct links_ends *links,
                               uint32_t count, struct findings *findings)
{
    const char *from = snapshot->nodes[links->from].name;
    const char *to = snapshot->nodes[links->to].name;
    uint32_t indistinct = 0, one_way = 0;
    for (uint32_t i = 0; i < count; i++) {
        indistinct += !links_has_end(links[i].link);
        one_way += links[i].link->reverse == TED_NONE;
    }
    if (count < 2 || (links->from > links->to && one_way == 0))
        return;
    findings_add(findings, FINDING_PARALLEL_LINKS, "%s > %s: %u links", from, to, count);
    if (indistinct > 1)
        findings_add(findings, FINDING_INDISTINCT_LINKS, "%s > %s: %u links", from, to, indistinct);
}

static enum pce_status links_check_siblings(const struct ted_snapshot *snapshot,
                                            struct findings *findings)
{
    struct links_ends *links = calloc((size_t)snapshot->link_count + 1, sizeof *links);
    uint32_t count = 0;
    if (links == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        const struct ted_link *link = &snapshot->links[i];
        if (link->has_sibling)
            links[count++] = (struct links_ends){link->from, link->to, link};
    }
    qsort(links, count, sizeof *links, links_compare_ends);
    for (uint32_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && links_compare_ends(&links[first], &links[end]) == 0;)
            end++;
        links_check_beside(snapshot, links + first, end - first, findings);
    }
    free(links);
    return PCE_OK;
}

enum pce_status network_check_links(const struct ted_snapshot *snapshot, struct findings *findings)
{
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        links_check_ways(snapshot, i, findings);
        links_check_values(snapshot, i, findings);
        links_check_delay(snapshot, i, findings);
        links_check_symmetry(snapshot, i, findings);
    }
    return links_check_siblings(snapshot, findings);
}
