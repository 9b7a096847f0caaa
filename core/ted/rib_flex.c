/* Which definitions of flexible algorithms contradict the one that counts (RFC 9350 5.3). */
#include "core/ted/flex.h"
#include "core/ted/rib_merge.h"

#include <string.h>

/* Definitions of other priorities may say the same. */
static bool flex_says_same(const struct ted_flex_definition *a, const struct ted_flex_definition *b)
{
    struct ted_flex_definition of_a = *a;
    of_a.priority = b->priority;
    return memcmp(&of_a, b, sizeof of_a) == 0;
}

static void flex_find_conflicts(struct merge *merge, const struct ted_snapshot *snapshot,
                                const struct ted_flex_winners *winners, uint32_t node)
{
    struct ted_range range = snapshot->nodes[node].flexes;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_flex_definition *flex = &snapshot->flexes[range.first + i];
        uint32_t winner = winners->nodes[flex->algorithm];
        if (!flex_says_same(flex, winners->of[flex->algorithm]))
            rib_findings_add(merge->findings, RIB_FLEX_CONFLICT, "%u of %s, %s counts",
                             flex->algorithm, snapshot->nodes[node].name,
                             snapshot->nodes[winner].name);
    }
}

void merge_find_flexes(struct merge *merge, const struct ted_snapshot *snapshot)
{
    struct ted_flex_winners winners;
    ted_flex_find_winners(snapshot, &winners);
    for (uint32_t i = 0; i <= UINT8_MAX; i++)
        if (winners.of[i] != NULL && !ted_flex_is_known(winners.of[i]))
            rib_findings_add(merge->findings, RIB_FLEX_UNKNOWN, "%u of %s", i,
                             snapshot->nodes[winners.nodes[i]].name);
    for (uint32_t node = 0; node < snapshot->node_count; node++)
        flex_find_conflicts(merge, snapshot, &winners, node);
}
