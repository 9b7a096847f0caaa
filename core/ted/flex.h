/* Flexible algorithms (RFC 9350): which definition of one holds, and the network as it sees it.
 *
 * What an algorithm sees is a view: a snapshot of the same nodes and links, whose edges have the
 * algorithm's metric in the place of the IGP's, and where a link that it does not use is one that no
 * IGP uses. So a search knows of algorithms no more than which snapshot it is given. A view has no
 * landmarks and keeps no near trees.
 *
 * Thread: who has the snapshot alone makes the views, before it is shared; then any number of readers.
 * Owns: the views are the snapshot's, and go with it. Bound: TED_FLEX_VIEWS_MAX of a snapshot, of the
 * lowest numbers; 36 octets of each for a link. */
#ifndef PCED_CORE_TED_FLEX_H
#define PCED_CORE_TED_FLEX_H

#include "core/base/status.h"
#include "core/ted/ted.h"

#define TED_FLEX_VIEWS_MAX 8

struct ted_flex_view {
    uint8_t algorithm;
    enum ted_flex_metric metric;
    struct ted_snapshot *snapshot;
};

struct ted_flex_views {
    uint32_t count;
    uint32_t left_out; /* algorithms past the limit */
    struct ted_flex_view items[TED_FLEX_VIEWS_MAX];
};

/* By algorithm: the definition that counts (RFC 9350 5.3), NULL where there is none, and who gave it. */
struct ted_flex_winners {
    const struct ted_flex_definition *of[UINT8_MAX + 1];
    uint32_t nodes[UINT8_MAX + 1];
};
void ted_flex_find_winners(const struct ted_snapshot *snapshot, struct ted_flex_winners *winners);
/* Whether a definition can be computed by. */
bool ted_flex_is_known(const struct ted_flex_definition *definition);
bool ted_node_takes_part(const struct ted_snapshot *snapshot, uint32_t node, uint8_t algorithm);

/* What flexible algorithms see of a link. */
struct ted_flex_seen {
    uint32_t te_metric, delay_min_us; /* TED_NONE: none */
    uint32_t groups[TED_GROUP_WORDS_MAX];
    const uint32_t *srlgs; /* ascending */
    uint32_t srlg_count;
};
void ted_flex_see(const struct ted_snapshot *snapshot, const struct ted_link *link,
                  struct ted_flex_seen *seen);

/* Makes the views of all algorithms that some node takes part in and whose definition is known.
 * PCE_NO_MEMORY: the snapshot is as it was. */
PCE_MUST_CHECK enum pce_status ted_flex_views_make(struct ted_snapshot *snapshot);
void ted_flex_views_destroy(struct ted_flex_views *views);

/* The view of an algorithm; NULL: there is none. Algorithm 0 has none. */
const struct ted_flex_view *ted_flex_view_of(const struct ted_snapshot *snapshot,
                                             uint8_t algorithm);

#endif
