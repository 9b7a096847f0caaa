#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void on_sent(struct session_owner *base, const struct session_sent *sent)
{
    struct owner *owner = (struct owner *)base;
    cr_assert_leq(owner->octet_count + sent->room_asked, sizeof owner->octets);
    cr_assert_lt(owner->message_count, (size_t)OWNER_MESSAGES_MAX);
    owner->messages[owner->message_count++] =
        (struct owner_message){owner->octet_count, sent->octets.size, sent->message_class};
    memcpy(owner->octets + owner->octet_count, sent->octets.octets, sent->octets.size);
    owner->octet_count += sent->octets.size;
}

static void on_end(struct session_owner *base, enum session_end how)
{
    struct owner *owner = (struct owner *)base;
    owner->end_count++;
    owner->end_how = how;
    if (owner->ends_at_once)
        session_on_transport_end(&base->session, PCE_OK, owner->now);
}

static void on_state(struct session_owner *base, enum session_state from, enum session_state to)
{
    (void)from;
    (void)to;
    ((struct owner *)base)->state_count++;
}

static void on_message(struct session_owner *base, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct owner *owner = (struct owner *)base;
    owner->delivered_count++;
    owner->delivered_type = message->type;
    owner->delivered_fault = *fault;
    owner->delivered = message;
    if (owner->on_delivered != NULL)
        owner->on_delivered(owner);
}

static const struct session_owner_hooks hooks = {
    .on_sent = on_sent, .on_end = on_end, .on_state = on_state, .on_message = on_message};

void owner_init(struct owner *owner, enum session_role role)
{
    memset(owner, 0, sizeof *owner);
    owner->config = (struct session_config){
        .keepalive_min_s = 5,
        .keepalive_max_s = 120,
        .dead_timer_min_s = 10,
        .dead_timer_max_s = 240,
        SESSION_OWNER_LIMITS,
        .stateful = true,
        .stateful_update = true,
        .stateful_initiate = true,
        .sr_mpls = true,
        .srv6 = true,
        .rsvp_te = true,
    };
    arena_init(&owner->arena, (size_t)1 << 24);
    owner->now = (struct mono){1000 * MONO_NS_PER_S};
    session_owner_init(&owner->base, &hooks, &owner->config, role);
}

void owner_fini(struct owner *owner)
{
    session_owner_fini(&owner->base);
    arena_fini(&owner->arena);
}

void owner_feed(struct owner *owner, const void *octets, size_t size)
{
    (void)session_receive(&owner->base.session, (struct wire_span){octets, size}, &owner->arena,
                          owner->now);
    arena_reset(&owner->arena);
    cr_assert_null(owner->base.open_octets);
}

void owner_feed_hex(struct owner *owner, const char *hex)
{
    uint8_t octets[4096];
    owner_feed(owner, octets, session_owner_parse_hex(hex, octets, sizeof octets));
}

void owner_turn(struct owner *owner, uint64_t seconds)
{
    owner->now = mono_add_s(owner->now, seconds);
    session_on_time(&owner->base.session, owner->now);
}

void owner_run(struct owner *owner, uint64_t seconds)
{
    struct mono end = mono_add_s(owner->now, seconds);
    for (int i = 0; i < 10000; i++) {
        struct mono deadline = session_deadline(&owner->base.session);
        if (mono_is_before(end, deadline))
            break;
        cr_assert(!mono_is_before(deadline, owner->now), "a deadline that was served is past");
        owner->now = deadline;
        session_on_time(&owner->base.session, owner->now);
        cr_assert(mono_is_before(owner->now, session_deadline(&owner->base.session)),
                  "a served deadline moves on");
    }
    owner->now = end;
}

void owner_clear(struct owner *owner)
{
    owner->message_count = 0;
    owner->octet_count = 0;
}

const char *owner_describe(const struct owner *owner, size_t index)
{
    static char text[64];
    cr_assert_lt(index, owner->message_count);
    const uint8_t *octets = owner->octets + owner->messages[index].offset;
    size_t size = owner->messages[index].size;
    const char *name = pcep_message_name(octets[1]);
    if (octets[1] == PCEP_MESSAGE_PCERR)
        snprintf(text, sizeof text, "%s %u/%u", name, octets[10], octets[11]);
    else if (octets[1] == PCEP_MESSAGE_CLOSE)
        snprintf(text, sizeof text, "%s %u", name, octets[size - 1]);
    else
        snprintf(text, sizeof text, "%s", name);
    return text;
}

bool owner_message_is(const struct owner *owner, size_t index, const char *hex)
{
    uint8_t octets[4096];
    size_t size = session_owner_parse_hex(hex, octets, sizeof octets);
    cr_assert_lt(index, owner->message_count);
    const struct owner_message *message = &owner->messages[index];
    return message->size == size && memcmp(owner->octets + message->offset, octets, size) == 0;
}

void owner_reach(struct owner *owner, enum session_state state)
{
    if (state == SESSION_TCP_PENDING)
        session_connect(&owner->base.session, owner->now);
    if (state >= SESSION_OPEN_WAIT)
        session_start(&owner->base.session, 7, owner->now);
    if (state >= SESSION_KEEP_WAIT)
        owner_feed_hex(owner, PEER_OPEN);
    if (state >= SESSION_UP)
        owner_feed_hex(owner, PEER_KEEPALIVE);
    if (state == SESSION_CLOSING)
        session_close(&owner->base.session, 1, "test", owner->now);
    cr_assert_eq(owner->base.session.state, state);
    owner_clear(owner);
    owner->state_count = 0;
    owner->end_count = 0;
}
