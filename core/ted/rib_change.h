/* RIB change: what a source tells that is other than before, for people.
 *
 * Thread: the RIB's. Owns: nothing; what it points to holds while the watcher is called.
 * Bound: texts are cut where their room ends. */
#ifndef PCED_CORE_TED_RIB_CHANGE_H
#define PCED_CORE_TED_RIB_CHANGE_H

#include "core/ted/rib.h"

#define RIB_CHANGE_NODE_SIZE 80

#define RIB_CHANGES(CHANGE)                                                                        \
    CHANGE(RIB_CHANGE_CAME, "came")                                                                \
    CHANGE(RIB_CHANGE_WENT, "went")                                                                \
    CHANGE(RIB_CHANGE_CHANGED, "changed")                                                          \
    CHANGE(RIB_CHANGE_STALE, "stale")       /* a source: its session is gone */                    \
    CHANGE(RIB_CHANGE_COMPLETE, "complete") /* a source: it has told all anew */                   \
    CHANGE(RIB_CHANGE_CLEARED, "cleared")   /* a source: all that it told is forgotten */

#define RIB_CHANGE_MEMBER(name, id) name,
enum rib_change_what { RIB_CHANGES(RIB_CHANGE_MEMBER) RIB_CHANGE_WHAT_COUNT };
#undef RIB_CHANGE_MEMBER

struct rib_entry;

struct rib_change {
    const struct rib *rib;
    const char *source;
    enum rib_change_what what;
    const struct rib_entry *before, *after; /* NULL: none; both: of the source as a whole */
    uint32_t count;                         /* of a source: objects that it has then */
};

const char *rib_change_id(enum rib_change_what what);
/* "node", "link", "prefix", "srv6_sid", "source". */
const char *rib_change_kind(const struct rib_change *change);
/* Whose it is, and of a link where it leads to, else "". */
void rib_change_nodes(const struct rib_change *change, char node[RIB_CHANGE_NODE_SIZE],
                      char remote[RIB_CHANGE_NODE_SIZE]);
/* "igp_metric 10 -> 20, srlgs changed", "192.0.2.1/32", "12 objects". Returns text. */
const char *rib_change_text(const struct rib_change *change, char *text, size_t size);

#endif
