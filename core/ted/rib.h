/* RIB: link state by source, and the one network that all sources make together.
 *
 * A source (a topology file, a BGP-LS peer) puts and removes objects, each under a key of its own;
 * what two sources say of the same router meets only when a network is made (rib_merge):
 *
 *   nodes     one node is what has the same name in its routing domain, or the same router id in
 *             another domain; two names of one domain are never one node
 *   who tells link state is by originator: of the sources that have a node of this name (and level
 *             or area), the fresh one of the best rank tells which links, prefixes and SIDs it has;
 *             the others complete what that one does not say of them
 *   links     both directions are told apart; of one direction, what has the same addresses or
 *             interface ids is one link, whatever family or topology it was told for
 *   LANs      a pseudonode is no hop: each two routers of the LAN that it knows, and that know it,
 *             are neighbours
 *
 * What contradicts itself is left out, alone, and named (struct rib_findings).
 *
 * Changes of links between routers that nothing contradicts are followed, without looking at the
 * rest (rib_merge_changes); the result is the same.
 *
 * Thread: one. Owns: copies of all that it is given.
 * Bound: struct rib_limits; RIB_SOURCES_MAX sources; RIB_LAN_ROUTERS_MAX routers of one LAN.
 * Source: RFC 9552 5.1, 5.2.1.4, 5.2.2, 8.2.2. */
#ifndef PCED_CORE_TED_RIB_H
#define PCED_CORE_TED_RIB_H

#include "core/base/status.h"
#include "core/ted/rib_findings.h"
#include "core/ted/rib_name.h"
#include "core/ted/rib_object.h"

#define RIB_SOURCES_MAX     64
#define RIB_LAN_ROUTERS_MAX 64
#define RIB_KEY_SIZE_MAX    4096

enum rib_kind { RIB_KIND_NODE, RIB_KIND_LINK, RIB_KIND_PREFIX, RIB_KIND_SRV6_SID, RIB_KIND_COUNT };

struct rib_limits {
    uint32_t objects_max; /* of all sources */
    size_t octets_max;    /* of what is kept of them */
};

struct rib_source_spec {
    const char *name; /* for people */
    uint32_t rank;    /* the lower one is believed */
    /* It only names, places and completes what others bring: nothing is there because of it. */
    bool is_complement;
};

/* What an object is found by, within its source: whatever octets the source likes. */
struct rib_key {
    const uint8_t *octets;
    size_t size; /* up to RIB_KEY_SIZE_MAX (CHECKed) */
};

struct rib_counts {
    uint32_t objects[RIB_KIND_COUNT];
    size_t octets;
};

struct rib;

struct rib_change;
/* Is told of each change, before it is done with (rib_change.h). */
typedef void rib_watch_fn(void *context, const struct rib_change *change);

/* NULL when memory ran out. */
struct rib *rib_create(const struct rib_limits *limits);
void rib_destroy(struct rib *rib);
/* From now on; NULL: nobody is told. */
void rib_watch(struct rib *rib, rib_watch_fn *watch, void *context);
/* All sources together. */
const struct rib_counts *rib_counts(const struct rib *rib);
/* Grows with every change that another network may come of; what is told again as it was is none. */
uint64_t rib_generation(const struct rib *rib);
/* The network of one snapshot has come out as another one in which nothing is different. */
void rib_note_renewed(struct rib *rib, uint64_t serial, uint64_t renewed);
/* The next network is made as a whole, and what the last one is remembered by is given up. */
void rib_forget_base(struct rib *rib);

/* PCE_LIMIT: there are RIB_SOURCES_MAX. */
PCE_MUST_CHECK enum pce_status rib_add_source(struct rib *rib, const struct rib_source_spec *spec,
                                              uint32_t *source);
/* Forgets the source and all that it has told. */
void rib_remove_source(struct rib *rib, uint32_t source);
/* The same, but that the source is still there. */
void rib_clear_source(struct rib *rib, uint32_t source);
/* Its session is gone, and may come back (RFC 4724 4.2): what it told so far is believed only where
 * no fresh source knows the node. */
void rib_source_went(struct rib *rib, uint32_t source);
/* It has told everything anew: what it has not told again since rib_source_went is forgotten, and
 * the rest is fresh. */
void rib_source_is_complete(struct rib *rib, uint32_t source);
const struct rib_counts *rib_source_counts(const struct rib *rib, uint32_t source);

/* ---- objects: put makes or replaces ----
 *
 * part: level or area, of a node that is in several. PCE_OK; PCE_LIMIT, PCE_NO_MEMORY: what was
 * there under the key before is kept. */
struct rib_put {
    uint32_t source;
    uint32_t part;
    struct rib_key key;
    struct rib_name node; /* whose it is */
};

PCE_MUST_CHECK enum pce_status rib_put_node(struct rib *rib, const struct rib_put *put,
                                            const struct rib_node *node);
/* remote: where it ends. */
PCE_MUST_CHECK enum pce_status rib_put_link(struct rib *rib, const struct rib_put *put,
                                            const struct rib_name *remote,
                                            const struct rib_link *link);
/* address: of the prefix, whose bits behind its length are zero. */
PCE_MUST_CHECK enum pce_status rib_put_prefix(struct rib *rib, const struct rib_put *put,
                                              const struct ip *address, uint8_t bits,
                                              const struct rib_prefix *prefix);
PCE_MUST_CHECK enum pce_status rib_put_srv6_sid(struct rib *rib, const struct rib_put *put,
                                                const struct ted_srv6_sid *sid);
/* PCE_NOT_FOUND: there is none under this key. */
PCE_MUST_CHECK enum pce_status rib_remove(struct rib *rib, uint32_t source, enum rib_kind kind,
                                          const struct rib_key *key);

/* It was told again, and not what is known of it: as fresh as if it had been put as it is.
 * PCE_NOT_FOUND: there is none under this key. */
PCE_MUST_CHECK enum pce_status rib_keep(struct rib *rib, uint32_t source, enum rib_kind kind,
                                        const struct rib_key *key);

/* All of a snapshot, as a source tells it that has read it from a file. */
PCE_MUST_CHECK enum pce_status rib_put_snapshot(struct rib *rib, uint32_t source,
                                                const struct ted_snapshot *snapshot);

/* ---- the network ---- */

/* The caller owns the snapshot. findings are those of this network alone. PCE_NO_MEMORY,
 * PCE_LIMIT (ted.h): there is none. */
PCE_MUST_CHECK enum pce_status rib_merge(struct rib *rib, const char *network_name,
                                         struct ted_snapshot **snapshot,
                                         struct rib_findings *findings);
/* The same where little has changed since `before` was made of this RIB, which is the last network
 * that was: it shares with that what did not change. *snapshot: NULL when all is as it was; findings:
 * those of the network before, which are brought up to date. PCE_UNSUPPORTED: more has changed than
 * can be followed, and nothing was done; the caller merges. */
PCE_MUST_CHECK enum pce_status rib_merge_changes(struct rib *rib, const struct ted_snapshot *before,
                                                 struct ted_snapshot **snapshot,
                                                 struct rib_findings *findings);

#endif
