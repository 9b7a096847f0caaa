/* Group letter: what the shard of a member and the owner of its group tell each other.
 *
 *   tell      member's shard -> owner     what the member wants, where it is, whether it can be moved
 *   leave     member's shard -> owner     it is in the group no more
 *   verdict   owner -> member's shard     what it is to do, and what is so of the group
 *
 * A tell is the whole state of one member, and a verdict names the tell that it answers: one that
 * comes late is dropped, since a newer tell is under way. So nobody waits for a letter, and a letter
 * that there was no room for is made anew from what is so by then.
 *
 * Thread: the holder's; it changes hands with the mail. Owns: itself, one block of memory.
 * Bound: four times GROUP_NUMBERS_MAX links and LSP_NAME_MAX octets in a tell; a path of PATH_HOPS_MAX links and
 * PATH_SIDS_MAX segments in a verdict. */
#ifndef PCED_CORE_REOPT_GROUP_LETTER_H
#define PCED_CORE_REOPT_GROUP_LETTER_H

#include "core/pcep/error.h"
#include "core/reopt/group.h"
#include "core/reopt/reopt.h"

#define GROUP_NUMBERS_MAX REOPT_ROUTE_LINKS_MAX

enum group_letter_kind { GROUP_LETTER_TELL, GROUP_LETTER_LEAVE, GROUP_LETTER_VERDICT };

/* The head of each letter. */
struct group_letter {
    struct list_link link; /* where it waits, with whoever has it */
    uint8_t kind;          /* enum group_letter_kind */
    struct group_key key;
    struct group_member_id member;
    uint64_t sequence; /* of the member's shard, growing; of a verdict: the tell that it answers */
};

struct group_tell {
    struct group_letter head;
    struct group_want want;
    struct ip pcc;
    struct ip source,
        destination;    /* router ids of its ends; IP_NONE: the network has no such node */
    uint16_t tunnel_id; /* of its LSP-IDENTIFIERS */
    bool has_tunnel;
    uint8_t setup_type;          /* PATH-SETUP-TYPE */
    uint32_t turn;               /* of the network that it was laid on (core/ted/link_numbers.h) */
    struct path_request request; /* without its ends, and without reservations */
    struct ted_claim own;        /* what it holds of its links, both paths */
    double cost;                 /* of the path that it has */
    bool is_computable;          /* the request is what we compute */
    bool is_movable;             /* ours to move now, and no other group's */
    bool is_ordered;             /* an order to move is out */
    bool is_paused;              /* asked in vain: not again yet */
    bool is_held_down;           /* moved just now: nothing but a need moves it again */
    bool follows_igp;            /* its path goes where the IGP leads */
    bool is_empty;               /* it has no path */
    bool keeps;                  /* its path leads where it should, and breaks no constraint */
    bool is_blocked;             /* it knows that there is no path for it */
    bool is_refused;             /* … that it cannot be in the group */
    bool has_status;             /* its PCC has been told a status, or cannot be told any */
    uint8_t status;              /* … which */
    uint8_t name_size;
    char name[LSP_NAME_MAX];
    uint32_t current_count; /* numbers of the links of its path */
    uint32_t ordered_count; /* … and after them, of the path that it is ordered onto */
    /* Of several segment lists, which are all in the above, one is told to be moved, and request, own, cost
     * are its. 0: there is one list alone. */
    uint8_t list;         /* which, from 1 */
    uint32_t fixed_count; /* after them, numbers of the links of the other lists … */
    uint32_t list_count;  /* … and of those of that list */
    uint32_t numbers[];
};

enum group_verdict_kind {
    GROUP_VERDICT_STAY,   /* where it is; what is so of the group is told its PCC if that is news */
    GROUP_VERDICT_MOVE,   /* onto the path */
    GROUP_VERDICT_BLOCK,  /* there is no path for it that the group allows */
    GROUP_VERDICT_REFUSE, /* it cannot be in the group: it is computed alone */
};

struct group_verdict {
    struct group_letter head;
    uint8_t decision;           /* enum group_verdict_kind */
    uint8_t achieved;           /* flags of DISJOINTNESS-STATUS */
    uint8_t list;               /* that goes onto the path; 0: there is one alone */
    bool has_status;            /* … which the group has */
    bool is_strict;             /* who has no path that the group allows has none at all */
    enum pcep_error_code error; /* of a refusal, or of strict disjointness that cannot be had */
    const char *why;            /* static text; NULL: nothing is to be said */
    uint64_t serial;            /* of the snapshot that the path is of */
    uint32_t link_count;
    uint32_t sid_count;
    const uint32_t *links; /* in the same block: indexes of the snapshot */
    const struct path_sid *sids;
};

/* NULL: no memory. Freed with free(). */
struct group_tell *group_tell_create(uint32_t number_count);
struct group_tell *group_tell_copy(const struct group_tell *tell);
uint32_t group_tell_count(const struct group_tell *tell);
/* Octets, its numbers included. */
size_t group_tell_size(const struct group_tell *tell);
struct group_verdict *group_verdict_create(const struct path_result *path);

#endif
