/* One link after the other: its direction back, its values, the others between its nodes. */
#include "core/ted/distance.h"
#include "server/pcectl/topology/network_checks.h"

#include <math.h>
#include <stdio.h>

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

/* Links of one node towards one other: the edges of a node that lie side by side or not. Told from
 * the lower node, as long as one end has links there. */
static void links_check_siblings(const struct ted_snapshot *snapshot, uint32_t index,
                                 struct findings *findings)
{
    const struct ted_link *link = &snapshot->links[index];
    if (!link->has_sibling || (link->from > link->to && link->reverse != TED_NONE))
        return;
    uint32_t count = 0, indistinct = 0;
    for (uint32_t e = snapshot->first_edge[link->from]; e < snapshot->first_edge[link->from + 1];
         e++) {
        const struct ted_link *other = &snapshot->links[snapshot->edges[e].link];
        if (other->to != link->to)
            continue;
        if (snapshot->edges[e].link < index)
            return; /* it was told there */
        count++;
        indistinct += !links_has_end(other);
    }
    const char *from = snapshot->nodes[link->from].name, *to = snapshot->nodes[link->to].name;
    findings_add(findings, FINDING_PARALLEL_LINKS, "%s > %s: %u links", from, to, count);
    if (indistinct > 1)
        findings_add(findings, FINDING_INDISTINCT_LINKS, "%s > %s: %u links", from, to, indistinct);
}

enum pce_status network_check_links(const struct ted_snapshot *snapshot, struct findings *findings)
{
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        links_check_ways(snapshot, i, findings);
        links_check_values(snapshot, i, findings);
        links_check_delay(snapshot, i, findings);
        links_check_symmetry(snapshot, i, findings);
        links_check_siblings(snapshot, i, findings);
    }
    return PCE_OK;
}
