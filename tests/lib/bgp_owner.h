/* An owner of a BGP peer without a transport: it keeps what the peer sends, and ends TCP when it is
 * told to, or within the call. For unit tests and the fuzzer.
 *
 * Thread: one. Owns: the arena. Bound: BGP_OWNER_SENT_MAX messages are kept, later ones counted. */
#ifndef PCED_TESTS_LIB_BGP_OWNER_H
#define PCED_TESTS_LIB_BGP_OWNER_H

#include "core/bgp/peer.h"

#define BGP_OWNER_SENT_MAX 16
#define BGP_OWNER_ROOM     1024

struct bgp_sent {
    uint8_t connection;
    uint8_t type;
    uint16_t size;
    uint8_t octets[BGP_OWNER_ROOM];
};

struct bgp_owner {
    struct bgp_peer peer; /* first: ops find the owner by it */
    struct arena arena;
    struct mono now;
    struct bgp_sent sent[BGP_OWNER_SENT_MAX];
    unsigned sent_count;
    unsigned connects;
    unsigned ends[BGP_CONNECTION_COUNT]; /* how often TCP was to end */
    enum bgp_end last_end;
    unsigned states;
    unsigned updates;
    unsigned tables[BGP_TABLE_CHANGE_COUNT];
    enum bgp_action last_action; /* of the last UPDATE's fault */
    enum bgp_unfeasible last_unfeasible;
    bool takes_nothing; /* sends find no room */
    bool has_unread;
    bool ends_at_once; /* end_transport answers within the call */
};

void bgp_owner_init(struct bgp_owner *owner, const struct bgp_peer_config *config);
/* Ends what lives. */
void bgp_owner_fini(struct bgp_owner *owner);
/* False: the peer wants no more of this connection. */
bool bgp_owner_feed(struct bgp_owner *owner, enum bgp_connection_id id, const void *octets,
                    size_t size);
/* Time goes on, and what is due happens. */
void bgp_owner_wait(struct bgp_owner *owner, uint64_t ms);
/* The peer connects to us. False: there is no place. */
bool bgp_owner_accept(struct bgp_owner *owner);
void bgp_owner_end(struct bgp_owner *owner, enum bgp_connection_id id, enum pce_status status);

#endif
