#include "tests/lib/bgp_owner.h"

#include "core/base/check.h"

#include <string.h>

static struct bgp_owner *owner_of(struct bgp_peer *peer)
{
    return (struct bgp_owner *)peer;
}

static void owner_connect(struct bgp_peer *peer)
{
    owner_of(peer)->connects++;
}

static enum pce_status owner_send(struct bgp_peer *peer, enum bgp_connection_id id,
                                  struct wire_span message)
{
    struct bgp_owner *owner = owner_of(peer);
    uint32_t size;
    struct bgp_fault fault = {.action = BGP_ACTION_NONE};
    CHECK(bgp_frame_check_header(message.octets, false, &size, &fault) && size == message.size);
    if (owner->takes_nothing)
        return PCE_LIMIT;
    if (owner->sent_count < BGP_OWNER_SENT_MAX) {
        struct bgp_sent *sent = &owner->sent[owner->sent_count];
        CHECK(size <= sizeof sent->octets);
        sent->connection = (uint8_t)id;
        sent->type = message.octets[BGP_HEADER_SIZE - 1];
        sent->size = (uint16_t)size;
        memcpy(sent->octets, message.octets, size);
    }
    owner->sent_count++;
    return PCE_OK;
}

static void owner_end_transport(struct bgp_peer *peer, enum bgp_connection_id id, enum bgp_end how)
{
    struct bgp_owner *owner = owner_of(peer);
    owner->ends[id]++;
    owner->last_end = how;
    if (owner->ends_at_once)
        bgp_peer_on_transport_end(peer, id, PCE_OK, owner->now);
}

static bool owner_has_unread(struct bgp_peer *peer, enum bgp_connection_id id)
{
    (void)id;
    return owner_of(peer)->has_unread;
}

static void owner_on_state(struct bgp_peer *peer, enum bgp_connection_id id, enum bgp_state from,
                           enum bgp_state to)
{
    (void)from;
    CHECK(peer->connections[id].state == to);
    owner_of(peer)->states++;
}

static void owner_on_update(struct bgp_peer *peer, const struct bgp_update *update,
                            const struct bgp_fault *fault)
{
    CHECK(fault->action != BGP_ACTION_RESET);
    CHECK(update->is_withdraw == (fault->action == BGP_ACTION_WITHDRAW));
    owner_of(peer)->updates++;
    owner_of(peer)->last_action = fault->action;
    owner_of(peer)->last_unfeasible = update->unfeasible;
}

static void owner_on_table(struct bgp_peer *peer, enum bgp_table_change change)
{
    owner_of(peer)->tables[change]++;
}

void bgp_owner_init(struct bgp_owner *owner, const struct bgp_peer_config *config)
{
    static const struct bgp_peer_ops ops = {
        .connect = owner_connect,
        .send = owner_send,
        .end_transport = owner_end_transport,
        .has_unread = owner_has_unread,
        .on_state = owner_on_state,
        .on_update = owner_on_update,
        .on_table = owner_on_table,
    };
    *owner = (struct bgp_owner){.now = {MONO_NS_PER_S}};
    arena_init(&owner->arena, 4U << 20);
    bgp_peer_init(&owner->peer, &ops, config);
}

void bgp_owner_fini(struct bgp_owner *owner)
{
    owner->ends_at_once = true;
    bgp_peer_stop(&owner->peer, BGP_ERROR_SHUTDOWN, NULL, owner->now);
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++)
        bgp_owner_end(owner, (enum bgp_connection_id)i, PCE_OK);
    bgp_peer_fini(&owner->peer);
    arena_fini(&owner->arena);
}

bool bgp_owner_feed(struct bgp_owner *owner, enum bgp_connection_id id, const void *octets,
                    size_t size)
{
    bool goes_on = bgp_peer_receive(&owner->peer, id, (struct wire_span){octets, size},
                                    &owner->arena, owner->now);
    arena_reset(&owner->arena);
    return goes_on;
}

void bgp_owner_wait(struct bgp_owner *owner, uint64_t ms)
{
    owner->now = mono_add_ms(owner->now, ms);
    bgp_peer_on_time(&owner->peer, owner->now);
}

void bgp_owner_end(struct bgp_owner *owner, enum bgp_connection_id id, enum pce_status status)
{
    bgp_peer_on_transport_end(&owner->peer, id, status, owner->now);
}

bool bgp_owner_accept(struct bgp_owner *owner)
{
    enum bgp_connection_id id;
    if (!bgp_peer_find_place(&owner->peer, &id))
        return false;
    bgp_peer_accept(&owner->peer, id, owner->now);
    return true;
}
