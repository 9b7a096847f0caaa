/* Lay lists: the segment lists of one candidate path onto links, each with its share of the traffic
 * (draft-ietf-pce-multipath 4.3).
 *
 * A link holds the sum of the shares of the lists over it; backups stand on their links and hold
 * nothing of them. Ways back (4.5) are the other direction's, and not laid.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. Bound: LAY_LISTS_MAX lists, REOPT_ROUTE_LINKS_MAX links, and
 * RESOLVE_WORK_MAX for all lists together, overrun by one list; what is beyond is not laid, and counted. */
#ifndef PCED_CORE_REOPT_LAY_LISTS_H
#define PCED_CORE_REOPT_LAY_LISTS_H

#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

#define LAY_LISTS_MAX 16

struct lay_list {
    const struct pcep_object *ero;
    double share; /* of the LSP's bandwidth; of a backup 0 */
    bool is_backup;
};

/* Whether that object is one of the intended path: a list, or its attributes. Those of RROs say what is,
 * and not what is asked for. */
bool lay_list_has(const struct pcep_message *message, uint32_t at);
/* Segment lists of the report, whatever they are for; of one there are no shares. */
uint32_t lay_lists_count(const struct lsp_reading *reading);
/* Those that lead forward; how many. */
uint32_t lay_lists_read(const struct lsp_reading *reading, struct lay_list lists[LAY_LISTS_MAX]);
/* The path of one of them. */
void lay_list_resolve(struct reopt *reopt, const struct ted_snapshot *snapshot,
                      const struct lsp_reading *reading, const struct lay_list *list,
                      struct resolved_path *path);

/* Lays them all: reopt->current says whether all could be. Writes numbers and shares of the links into
 * reopt->numbers[0] and shares[0], ascending, each once; how many. */
uint32_t lay_lists(struct reopt *reopt, const struct ted_snapshot *snapshot,
                   const struct lsp_reading *reading);
/* Lists that get another path: the links that its traffic may take. */
struct lay_moves {
    uint32_t count;
    struct lay_move {
        const struct pcep_object *ero;
        const uint32_t *links;
        uint32_t count;
    } of[LAY_LISTS_MAX];
};

/* The one of this list; NULL: it stays. */
const struct lay_move *lay_move_of(const struct lay_moves *moves, const struct pcep_object *ero);
/* The same as lay_lists when these have moved, into numbers[1] and shares[1]; 0: no memory. */
uint32_t lay_lists_next(struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct lsp_reading *reading, const struct lay_moves *moves);

#endif
