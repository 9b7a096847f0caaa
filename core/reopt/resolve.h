/* Resolve: the links of the network that a path takes, as an ERO or RRO describes it.
 *
 * A path is walked from its headend, hop by hop; each hop is understood as the router understands
 * it where the walk has come to:
 *
 *   SR-MPLS label  in the SRGB there: the node segment to the node that has the index; else an
 *                  adjacency SID of a link from there (RFC 8660 2.4). Where it is neither, or there
 *                  is no SID, the NAI says it (RFC 8664 4.3.2).
 *   SRv6 SID       End.X of a link from there; else the node that has it, by the IGP, which leads to
 *                  its locator, and over the link if it is an End.X; else the NAI (RFC 9603 4.3.1).
 *   address        the far or the near end of a link from there; else the node that has it
 *                  (RFC 3209 4.3.3). Loose: the IGP leads there.
 *   unnumbered     the link from there with that interface, or that comes in at it (RFC 3477 4).
 *
 * The IGP's ways are all its shortest ones: their links are branches where there are several. What
 * cannot be resolved is told with the reason and the place; nothing is guessed.
 *
 * Thread: the owning shard; the snapshot is shared. Owns: the table of SRv6 SIDs of one snapshot,
 * made when it is first needed. Bound: RESOLVE_LINKS_MAX links, RESOLVE_WORK_MAX steps. */
#ifndef PCED_CORE_REOPT_RESOLVE_H
#define PCED_CORE_REOPT_RESOLVE_H

#include "core/path/path.h"
#include "core/pcep/optional.h"
#include "core/ted/slots.h"

#define RESOLVE_LINKS_MAX 1024

_Static_assert(RESOLVE_LINKS_MAX >= PATH_HOPS_MAX, "a path that was computed can be resolved");

enum resolve_reason {
#define RESOLVE_REASON(id, text) RESOLVE_##id,
#include "core/reopt/resolve_reason.def"
#undef RESOLVE_REASON
    RESOLVE_REASON_COUNT,
};

const char *resolve_reason_text(enum resolve_reason reason);

/* Of one shard. */
struct resolver {
    struct path_engine *engine;
    uint64_t serial;        /* of the snapshot that the table is of; 0: of none */
    struct slots srv6_sids; /* by SID: indexes of srv6_owners */
    struct srv6_owner *srv6_owners;
};

/* For all hops of one path: a report cannot hold a shard up with a thousand of them. */
#define RESOLVE_WORK_MAX UINT64_C(200000) /* steps of the engine */

struct resolved_path {
    enum resolve_reason reason;
    uint32_t failed_at; /* subobject, from 0, where the walk ended; else how many there are */
    uint32_t end;       /* the node that the walk has come to; TED_NONE without a headend */
    uint32_t count;
    uint64_t work;    /* steps of the engine that it took */
    bool follows_igp; /* a hop of it goes where the IGP leads */
    /* Directed links, as walked. One may come twice. */
    uint32_t links[RESOLVE_LINKS_MAX];
    /* The traffic may take it or another one. */
    bool is_branch[RESOLVE_LINKS_MAX];
};

/* The engine is the shard's, and lent. */
void resolver_init(struct resolver *resolver, struct path_engine *engine);
void resolver_fini(struct resolver *resolver);

/* headend: a node of the snapshot, or TED_NONE. An empty path resolves to no links. */
void resolve_path(struct resolver *resolver, const struct ted_snapshot *snapshot, uint32_t headend,
                  struct pcep_subobjects hops, struct resolved_path *path);

/* The same of a path that was computed: its SID list, or its links. */
void resolve_sids(struct resolver *resolver, const struct ted_snapshot *snapshot, uint32_t headend,
                  const struct path_result *result, struct resolved_path *path);
void resolve_links(const struct ted_snapshot *snapshot, uint32_t headend, const uint32_t *links,
                   uint32_t count, struct resolved_path *path);

#endif
