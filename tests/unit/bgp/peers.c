#include "tests/unit/bgp/peers.h"

#include <criterion/criterion.h>

#define CONFIG                                                                                     \
    .open = {.local_as = 65000,                                                                    \
             .peer_as = 65000,                                                                     \
             .identifier = {IP_V4, {192, 0, 2, 1}},                                                \
             .hold_time_s = 180},                                                                  \
    .restart = {.keep_s = 0, .retell_s = 300}, .connect_retry_s = 120, .open_hold_s = 240,         \
    .send_hold_s = 480, .idle_hold_min_s = 5, .idle_hold_max_s = 60

const struct bgp_peer_config peers_config = {CONFIG};
const struct bgp_peer_config peers_passive = {CONFIG, .is_passive = true};

bool peers_feed(struct bgp_owner *owner, enum bgp_connection_id id, const char *hex)
{
    struct octets octets = bgp_octets(hex);
    bool goes_on = bgp_owner_feed(owner, id, octets.at, octets.size);
    octets_free(&octets);
    return goes_on;
}

enum bgp_state peers_state(const struct bgp_owner *owner, enum bgp_connection_id id)
{
    return (enum bgp_state)owner->peer.connections[id].state;
}

void peers_reach(struct bgp_owner *owner, enum bgp_state state)
{
    if (state == BGP_IDLE)
        return;
    bgp_peer_start(&owner->peer, owner->now);
    if (state == BGP_ACTIVE)
        bgp_owner_end(owner, BGP_OUTGOING, PCE_RESET);
    if (state >= BGP_OPEN_SENT)
        bgp_peer_on_transport_up(&owner->peer, owner->now);
    if (state == BGP_OPEN_CONFIRM || state == BGP_ESTABLISHED)
        cr_assert(peers_feed(owner, BGP_OUTGOING, PEER_OPEN));
    if (state == BGP_ESTABLISHED)
        cr_assert(peers_feed(owner, BGP_OUTGOING, PEER_KEEPALIVE));
    if (state == BGP_CLOSING)
        cr_assert_not(peers_feed(owner, BGP_OUTGOING, PEER_NOTIFICATION));
    cr_assert_eq(peers_state(owner, BGP_OUTGOING), state);
}

unsigned peers_notified(const struct bgp_owner *owner)
{
    cr_assert(owner->sent_count > 0 && owner->sent_count <= BGP_OWNER_SENT_MAX);
    const struct bgp_sent *last = &owner->sent[owner->sent_count - 1];
    if (last->type != BGP_MESSAGE_NOTIFICATION)
        return 0;
    return (unsigned)last->octets[BGP_HEADER_SIZE] << 8 | last->octets[BGP_HEADER_SIZE + 1];
}
