/* Shared risk link groups: of both directions, and over the whole network. */
#include "server/pcectl/topology/network_checks.h"

#include <stdlib.h>
#include <string.h>

static bool srlgs_are_equal(const struct ted_snapshot *snapshot, struct ted_range a,
                            struct ted_range b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(&snapshot->srlgs[a.first], &snapshot->srlgs[b.first],
                                   a.count * sizeof snapshot->srlgs[0]) == 0);
}

/* A link counts once: by the direction of the lower index. */
static bool srlgs_is_second(const struct ted_link *link, uint32_t index)
{
    return link->reverse != TED_NONE && link->reverse < index;
}

static int srlgs_compare(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

static void srlgs_tell_groups(const uint32_t *groups, uint32_t count, uint32_t links,
                              struct findings *findings)
{
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && groups[end] == groups[first])
            end++;
        uint32_t members = end - first;
        if (members == 1)
            findings_add(findings, FINDING_SRLG_SINGLE, "group %u", groups[first]);
        else if (members > links / 2)
            findings_add(findings, FINDING_SRLG_WIDE, "group %u: %u of %u links", groups[first],
                         members, links);
    }
}

enum pce_status network_check_srlgs(const struct ted_snapshot *snapshot, struct findings *findings)
{
    char text[NETWORK_LINK_TEXT_SIZE];
    size_t count = 0, room = 0;
    uint32_t links = 0;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        const struct ted_link *link = &snapshot->links[i];
        if (srlgs_is_second(link, i))
            continue;
        links++;
        room += link->srlgs.count;
        if (link->reverse != TED_NONE &&
            !srlgs_are_equal(snapshot, link->srlgs, snapshot->links[link->reverse].srlgs))
            findings_add(findings, FINDING_SRLG_ASYMMETRIC, "%s",
                         network_link_text(snapshot, i, text));
    }
    uint32_t *groups = room == 0 ? NULL : calloc(room, sizeof *groups);
    if (groups == NULL)
        return room == 0 ? PCE_OK : PCE_NO_MEMORY;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        const struct ted_link *link = &snapshot->links[i];
        if (srlgs_is_second(link, i) || link->srlgs.count == 0)
            continue;
        memcpy(&groups[count], &snapshot->srlgs[link->srlgs.first],
               link->srlgs.count * sizeof *groups);
        count += link->srlgs.count;
    }
    qsort(groups, count, sizeof *groups, srlgs_compare);
    srlgs_tell_groups(groups, (uint32_t)count, links, findings);
    free(groups);
    return PCE_OK;
}
