/* Group: LSPs whose paths depend on each other, as their associations say it (RFC 8697).
 *
 *   disjoint            RFC 8800, association type 2: no link, node or SRLG in common
 *   path protection     RFC 8745, type 1: working and protection LSPs that no one failure should
 *                       take both; links, nodes and SRLGs are kept apart as far as the network
 *                       allows, unless a disjoint group of the same LSPs says more
 *   bidirectional       RFC 9059, types 4 and 5, and type 8 for segment routing: with the C flag
 *                       the LSPs of the two directions take the same links
 *
 * Other types tie no paths to each other, and bidirectional groups that are not co-routed do not either
 * (group_ties).
 *
 * A group is named as RFC 8697 6.1.3 says: type, id, source, Global Association Source, Extended
 * Association ID. Its members may be LSPs of PCCs of several shards; one shard, by a hash of the name, is
 * its owner (groups.h), and each member's shard speaks for it (group_side.h).
 *
 * Thread: any; values. Owns: nothing. Bound: GROUP_EXTENDED_MAX octets of a name: a group with a
 * longer one is not computed. */
#ifndef PCED_CORE_REOPT_GROUP_H
#define PCED_CORE_REOPT_GROUP_H

#include "core/base/arena.h"
#include "core/lsp/lsp_association.h"

#define GROUP_EXTENDED_MAX 64 /* octets of an Extended Association ID */
#define GROUP_TYPES_MAX    9  /* association types that are computed are below */

/* KIND(name, "text") */
#define GROUP_KINDS(KIND)                                                                          \
    KIND(DISJOINT, "disjoint")                                                                     \
    KIND(BIDIRECTIONAL, "co-routed")                                                               \
    KIND(PROTECTION, "path protection")
#define GROUP_KIND_MEMBER(name, text) GROUP_##name,
/* Where an LSP is in several groups, the first of these kinds moves it. */
enum group_kind { GROUP_KINDS(GROUP_KIND_MEMBER) GROUP_KIND_COUNT };
#undef GROUP_KIND_MEMBER

/* Flags of DISJOINTNESS-CONFIGURATION and DISJOINTNESS-STATUS (RFC 8800 5.2). */
#define GROUP_LINK     UINT8_C(0x01)
#define GROUP_NODE     UINT8_C(0x02)
#define GROUP_SRLG     UINT8_C(0x04)
#define GROUP_SHORTEST UINT8_C(0x08) /* P: computed as if the others were not there */
#define GROUP_STRICT   UINT8_C(0x10) /* T */
#define GROUP_DIVERSE  (GROUP_LINK | GROUP_NODE | GROUP_SRLG)

/* Objective functions of disjoint paths (RFC 8800 5.3). */
enum group_objective {
    GROUP_ANY_OBJECTIVE = 0,
    GROUP_MIN_SHARED_LINKS = 15,
    GROUP_MIN_SHARED_SRLGS = 16,
    GROUP_MIN_SHARED_NODES = 17,
};

/* No octet of it is padding, and what lies past the sizes is 0: compared and hashed as a whole. */
struct group_key {
    struct ip source;
    uint8_t unused;
    uint16_t type;
    uint16_t id;
    uint16_t extended_size;
    uint32_t global_source; /* 0: none */
    uint8_t extended[GROUP_EXTENDED_MAX];
};
_Static_assert(sizeof(struct group_key) == sizeof(struct ip) + 11 + GROUP_EXTENDED_MAX,
               "a key has no padding");

/* What one member says of itself and of its group. */
struct group_want {
    uint8_t kind;            /* enum group_kind */
    uint8_t flags;           /* GROUP_…: of protection those of its diversity */
    uint8_t objective;       /* enum group_objective */
    uint8_t protection_type; /* of protection (RFC 8745 3.2) */
    bool is_protection;      /* … P: else a working LSP */
    bool is_reverse;         /* of bidirectional: R */
    bool is_co_routed;       /* … C */
};

/* Whether the paths of such a group depend on each other; else it is only looked at for what its
 * members say. */
static inline bool group_ties(const struct group_want *want)
{
    return want->kind != GROUP_BIDIRECTIONAL || want->is_co_routed;
}

/* A member across threads. */
struct group_member_id {
    uint32_t shard;
    struct lsp_handle lsp;
};

/* What a membership says. False: its group is none of these, or its name is too long, or memory ran
 * out. */
bool group_read(const struct lsp_membership *membership, struct arena *arena, struct group_key *key,
                struct group_want *want);
uint64_t group_hash(const struct group_key *key);
bool group_keys_are_equal(const struct group_key *a, const struct group_key *b);
/* The shard of these that owns it. */
uint32_t group_owner(const struct group_key *key, uint32_t shard_count);

const char *group_kind_text(enum group_kind kind);

#endif
