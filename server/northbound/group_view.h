/* Group view: groups of LSPs whose paths depend on each other, as the shards that own them see them.
 *
 * Thread: the argument is that of an envelope. Owns: nothing; the views are the poster's memory.
 * Bound: VIEW_BATCH groups looked at for each envelope; GROUP_MEMBERS_MAX members of each. */
#ifndef PCED_SERVER_NORTHBOUND_GROUP_VIEW_H
#define PCED_SERVER_NORTHBOUND_GROUP_VIEW_H

#include "core/reopt/groups.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"

struct group_member_view {
    struct group_member_id id;
    struct ip pcc;
    uint8_t flags;  /* GROUP_SHORTEST: asked */
    uint8_t status; /* flags of DISJOINTNESS-STATUS */
    bool is_protection;
    bool is_reverse;
    bool is_movable;
    bool is_ordered;
    bool has_path; /* one that keeps to its own constraints */
    bool is_blocked;
    uint8_t name_size;
    char name[LSP_NAME_MAX];
};

/* One as it was when the shard looked. */
struct group_view {
    struct group_key key;
    struct group_want want;
    uint8_t state;    /* enum group_state */
    uint8_t achieved; /* GROUP_LINK | … */
    const char *why;  /* static text; NULL: nothing is to be said */
    uint64_t since_ns;
    uint32_t count;
    struct group_member_view members[GROUP_MEMBERS_MAX];
};

/* The argument of VIEW_GROUP_LIST. */
struct group_list {
    struct view_page page;    /* of struct group_view; place: a slot */
    struct address_range pcc; /* a member is of these */
    uint8_t state;            /* only this one; UINT8_MAX: all */
};

#endif
