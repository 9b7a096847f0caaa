/* A BGP peer driven by a script: each octet of the input is a step (octets of the peer, time, the ends
 * of TCP, a full queue …), and after each step what must always hold is checked. What the peer sends
 * is decoded again. */
#include "core/base/check.h"
#include "tests/lib/bgp_owner.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

enum step {
    STEP_OCTETS, /* connection, count, then so many octets of the peer */
    STEP_CANNED, /* connection, number of a message that a peer sends */
    STEP_TIME,   /* seconds */
    STEP_DUE,    /* on to the next deadline */
    STEP_START,
    STEP_STOP,
    STEP_ACCEPT,
    STEP_UP,
    STEP_END, /* connection */
    STEP_PROGRESS,
    STEP_REFRESH,
    STEP_FORGET,
    STEP_ROOM,
    STEP_UNREAD,
    STEP_SYNC,
    STEP_COUNT,
};

static const struct bgp_peer_config configs[] = {
    {.open = {.local_as = 65000,
              .peer_as = 65000,
              .identifier = {IP_V4, {192, 0, 2, 1}},
              .hold_time_s = 180},
     .restart = {.keep_s = 30, .retell_s = 60},
     .connect_retry_s = 20,
     .open_hold_s = 240,
     .send_hold_s = 480,
     .idle_hold_min_s = 1,
     .idle_hold_max_s = 60},
    {.open = {.local_as = 65000,
              .peer_as = 65001,
              .identifier = {IP_V4, {192, 0, 2, 1}},
              .hold_time_s = 0},
     .restart = {.keep_s = 0, .retell_s = 60},
     .is_passive = true,
     .connect_retry_s = 20,
     .open_hold_s = 240,
     .send_hold_s = 0,
     .idle_hold_min_s = 1,
     .idle_hold_max_s = 60},
};

static void feed(struct bgp_owner *owner, enum bgp_connection_id id, const uint8_t *octets,
                 size_t size)
{
    bool goes_on = bgp_owner_feed(owner, id, octets, size);
    unsigned state = owner->peer.connections[id].state;
    CHECK(goes_on ==
          (state == BGP_OPEN_SENT || state == BGP_OPEN_CONFIRM || state == BGP_ESTABLISHED));
}

/* Type and body; marker and length are put in front. */
static void feed_canned(struct bgp_owner *owner, enum bgp_connection_id id, uint8_t number)
{
    static const struct {
        uint8_t size;
        uint8_t octets[48];
    } bodies[] = {
        {39,
         {1, 4,  0xFD, 0xE8, 0, 90, 192, 0, 2, 9,    28,   2,  26, 1,    4,   0x40, 4, 0,  71, 2,
          0, 70, 0,    6,    0, 65, 4,   0, 0, 0xFD, 0xE8, 64, 6,  0xC0, 120, 0x40, 4, 71, 0}},
        {39, {1, 4,  0xFD, 0xE9, 0, 3,  192, 0, 2, 0,    28,   2,  26, 1,    4, 0x40, 4, 0,  71, 2,
              0, 70, 0,    6,    0, 65, 4,   0, 0, 0xFD, 0xE9, 64, 6,  0x80, 1, 0x40, 4, 71, 0}},
        {1, {4}},
        {11, {2, 0, 0, 0, 6, 0x80, 15, 3, 0x40, 4, 71}},
        {5, {5, 0x40, 4, 0, 71}},
        {5, {5, 0x40, 4, 1, 71}},
        {5, {5, 0x40, 4, 2, 71}},
        {3, {3, 6, 4}},
        {3, {3, 6, 9}},
        {5, {2, 0, 0, 0, 9}},
        {1, {9}},
    };
    uint8_t message[80];
    const uint8_t *body = bodies[number % (sizeof bodies / sizeof *bodies)].octets;
    uint8_t size = bodies[number % (sizeof bodies / sizeof *bodies)].size;
    memset(message, 0xFF, BGP_MARKER_SIZE);
    message[BGP_MARKER_SIZE] = 0;
    message[BGP_MARKER_SIZE + 1] = (uint8_t)(BGP_MARKER_SIZE + 2 + size);
    memcpy(message + BGP_MARKER_SIZE + 2, body, size);
    feed(owner, id, message, (size_t)BGP_MARKER_SIZE + 2 + size);
}

static bool has_transport(unsigned state)
{
    return state != BGP_IDLE && state != BGP_ACTIVE;
}

static void check_connection(const struct bgp_owner *owner, const struct bgp_connection *connection)
{
    bool waits = connection->state == BGP_CONNECT || connection->state == BGP_OPEN_SENT ||
                 connection->state == BGP_OPEN_CONFIRM;
    CHECK(connection->state < BGP_STATE_COUNT);
    CHECK(!waits || !mono_is_never(connection->deadline));
    CHECK(mono_is_never(connection->deadline) ||
          connection->deadline.ns <= mono_add_s(owner->now, 255).ns);
    if (connection->state == BGP_CLOSING)
        CHECK(mono_is_never(connection->deadline) && connection->verdict.text != NULL);
    if (connection->state == BGP_IDLE || connection->state == BGP_CLOSING)
        CHECK(mono_is_never(connection->keepalive) && mono_is_never(connection->send_hold) &&
              connection->frame.partial == NULL);
    if (connection->state == BGP_ESTABLISHED && connection->negotiated.hold_time_s > 0)
        CHECK(!mono_is_never(connection->keepalive) && !mono_is_never(connection->deadline));
}

static void check_owner(const struct bgp_owner *owner)
{
    const struct bgp_peer *peer = &owner->peer;
    unsigned engaged = 0;
    unsigned established = 0;
    for (unsigned i = 0; i < BGP_CONNECTION_COUNT; i++) {
        const struct bgp_connection *connection = &peer->connections[i];
        check_connection(owner, connection);
        engaged += connection->state != BGP_IDLE;
        established += connection->state == BGP_ESTABLISHED;
    }
    CHECK(established <= 1);
    CHECK(!peer->config->is_passive || peer->connections[BGP_OUTGOING].state == BGP_IDLE);
    CHECK((peer->restart.phase == BGP_RESTART_FRESH) == mono_is_never(peer->restart.deadline));
    CHECK(peer->restart.phase == BGP_RESTART_FRESH || peer->restart.has_told);
    /* A peer that is started goes on by itself: something lives, waits, or listens. */
    CHECK(!peer->is_started || engaged > 0 || !mono_is_never(bgp_peer_deadline(peer)));
}

static void turn(struct bgp_owner *owner, uint64_t ms)
{
    bgp_owner_wait(owner, ms);
    CHECK(mono_is_before(owner->now, bgp_peer_deadline(&owner->peer)));
}

static void end(struct bgp_owner *owner, enum bgp_connection_id id)
{
    if (has_transport(owner->peer.connections[id].state))
        bgp_owner_end(owner, id, PCE_CLOSED);
}

static void take_step(struct bgp_owner *owner, enum step step, struct wire_reader *script)
{
    struct mono deadline = bgp_peer_deadline(&owner->peer);
    enum bgp_connection_id id = BGP_OUTGOING;
    struct wire_reader octets;
    if (step == STEP_OCTETS || step == STEP_CANNED || step == STEP_END || step == STEP_PROGRESS)
        id = (enum bgp_connection_id)(wire_u8(script) % BGP_CONNECTION_COUNT);
    switch (step) {
    case STEP_OCTETS:
        octets = wire_sub(script, wire_u8(script));
        feed(owner, id, octets.at, wire_left(&octets));
        break;
    case STEP_CANNED:
        feed_canned(owner, id, wire_u8(script));
        break;
    case STEP_TIME:
        turn(owner, UINT64_C(1000) * wire_u8(script));
        break;
    case STEP_DUE:
        if (!mono_is_never(deadline) && mono_is_before(owner->now, deadline))
            turn(owner, (deadline.ns - owner->now.ns + MONO_NS_PER_MS - 1) / MONO_NS_PER_MS);
        break;
    case STEP_START:
        bgp_peer_start(&owner->peer, owner->now);
        break;
    case STEP_STOP:
        bgp_peer_stop(&owner->peer, BGP_ERROR_SHUTDOWN, "text", owner->now);
        break;
    case STEP_ACCEPT:
        (void)bgp_owner_accept(owner);
        break;
    case STEP_UP:
        bgp_peer_on_transport_up(&owner->peer, owner->now);
        break;
    case STEP_END:
        end(owner, id);
        break;
    case STEP_PROGRESS:
        bgp_peer_on_progress(&owner->peer, id, wire_u8(script) % 2 != 0, owner->now);
        break;
    case STEP_REFRESH:
        (void)bgp_peer_refresh(&owner->peer, owner->now);
        break;
    case STEP_FORGET:
        bgp_peer_forget(&owner->peer);
        break;
    case STEP_ROOM:
        owner->takes_nothing = !owner->takes_nothing;
        break;
    case STEP_UNREAD:
        owner->has_unread = !owner->has_unread;
        break;
    default:
        owner->ends_at_once = !owner->ends_at_once;
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    static struct bgp_owner owner;
    struct wire_reader script = wire_reader_init(octets, size);
    bgp_owner_init(&owner, &configs[wire_u8(&script) % 2]);
    while (wire_left(&script) > 0) {
        take_step(&owner, (enum step)(wire_u8(&script) % STEP_COUNT), &script);
        check_owner(&owner);
    }
    bgp_owner_fini(&owner);
    return 0;
}
