/* Shards whose LSPs are in groups across them, a network under all of them, and routers that do what
 * they are asked, for the tests of groups. Mail between the shards waits until it is delivered.
 *
 * Thread: one. Owns: all of it. */
#ifndef PCED_TESTS_UNIT_REOPT_GROUP_RIG_H
#define PCED_TESTS_UNIT_REOPT_GROUP_RIG_H

#include "core/reopt/group_side.h"
#include "core/reopt/groups.h"
#include "tests/unit/path/net.h"

#define GROUP_RIG_SHARDS   3
#define GROUP_RIG_LSPS_MAX 32
#define GROUP_RIG_HOPS_MAX 64
#define GROUP_RIG_MAIL_MAX 4096
#define GROUP_RIG_ROOM     2 /* groups of a shard that others compute at a time */

struct group_rig_membership {
    uint16_t type, id;  /* type 0: none */
    uint32_t source;    /* IPv4 */
    uint32_t flags;     /* of the type's TLV */
    uint16_t objective; /* 0: no OF-List */
    bool lacks_tlv;
};

struct group_rig_lsp {
    bool is_there;
    uint32_t shard;
    bool is_delegated;
    uint8_t setup_type;
    uint32_t source, destination; /* nodes */
    float bandwidth;
    uint16_t tunnel;
    struct group_rig_membership groups[2];
    /* Labels of adjacency SIDs, or of RSVP-TE the indexes of links. */
    uint32_t hops[GROUP_RIG_HOPS_MAX];
    uint32_t hop_count;
    uint32_t second[GROUP_RIG_HOPS_MAX]; /* of a second segment list of the same weight, if any */
    uint32_t second_count;
    bool is_asked;
    uint32_t asked[GROUP_RIG_HOPS_MAX];
    uint32_t asked_count;
    uint32_t asked_second[GROUP_RIG_HOPS_MAX];
    uint32_t asked_second_count;
    int status;     /* flags of the DISJOINTNESS-STATUS that it was told last; -1: none */
    int error;      /* of the last refusal: type << 8 | value; 0: none */
    uint32_t moves; /* that it was asked for, with another path than it has */
    uint32_t withdrawals;
    bool refuses; /* the router does nothing of what it is asked */
};

extern struct net group_net;
extern bool group_down[NET_LINKS_MAX]; /* links of the net that are not in the network */
extern struct ted_snapshot *group_snapshot;
extern struct group_rig_lsp group_lsps[GROUP_RIG_LSPS_MAX];
extern struct mono group_now;
extern unsigned group_mail_room; /* letters that wait at most; GROUP_RIG_MAIL_MAX at first */
extern struct reopt_settings group_settings;
extern bool group_is_synchronised;
extern bool group_is_restless; /* a network comes between what others compute and its way back */

/* group_net is set before, with two nodes at its end that no link leads to. */
void group_rig_init(void);
void group_rig_fini(void);
void group_rig_publish(void);
/* Both directions of a link go, or come back. */
void group_rig_set_down(uint32_t link, bool down);
void group_rig_report(uint32_t lsp);
void group_rig_remove(uint32_t lsp);
struct groups *group_rig_groups(uint32_t shard);
struct group_side *group_rig_side(uint32_t shard);
struct reopt *group_rig_reopt(uint32_t shard);
struct lsp *group_rig_find(uint32_t lsp);
/* Whether an LSP goes over this link. */
bool group_rig_takes(uint32_t lsp, uint32_t link);
/* The group of an LSP's membership, wherever it is; NULL: nobody has it. */
const struct group *group_rig_group(uint32_t lsp, unsigned membership);
/* Others compute what takes a shard more than so many steps: what is given to them in one turn is
 * computed in the next, on the network of then. */
void group_rig_offload(uint64_t work_inline);
/* Each shard has one turn, and the mail that waited before is delivered. Each LSP that is asked
 * does what it is asked where `answers` is set. */
void group_rig_turn(bool answers);
/* Turns until there is nothing more to do. */
void group_rig_settle(void);
/* The links of the path that the LSP has reported, all that its traffic may take, by their indexes of
 * group_net; how many. */
uint32_t group_rig_links(uint32_t lsp, uint32_t *links);
/* The router answers what it was asked. */
void group_rig_answer(uint32_t lsp);

#endif
