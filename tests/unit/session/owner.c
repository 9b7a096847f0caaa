#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static enum pce_status on_open_message(struct session *session, size_t size_max,
                                       struct wire_writer *writer)
{
    struct owner *owner = (struct owner *)session;
    cr_assert_eq(owner->open_writers, 0, "one message at a time");
    if (owner->has_no_room)
        return PCE_LIMIT;
    cr_assert_leq(owner->octet_count + size_max, sizeof owner->octets);
    *writer = wire_writer_init(owner->octets + owner->octet_count, size_max);
    owner->open_writers++;
    return PCE_OK;
}

static void on_commit_message(struct session *session, struct wire_writer *writer,
                              enum session_class message_class)
{
    struct owner *owner = (struct owner *)session;
    cr_assert_eq(owner->open_writers, 1);
    cr_assert_not(writer->failed);
    cr_assert_lt(owner->message_count, (size_t)OWNER_MESSAGES_MAX);
    owner->messages[owner->message_count++] =
        (struct owner_message){owner->octet_count, wire_written(writer), message_class};
    owner->octet_count += wire_written(writer);
    owner->open_writers--;
}

static void on_abort_message(struct session *session, struct wire_writer *writer)
{
    (void)writer;
    ((struct owner *)session)->open_writers--;
}

static void on_end_transport(struct session *session, enum session_end how)
{
    struct owner *owner = (struct owner *)session;
    owner->end_count++;
    owner->end_how = how;
    if (owner->ends_at_once)
        session_on_transport_end(session, PCE_OK, owner->now);
}

static bool has_unread_input(struct session *session)
{
    return ((struct owner *)session)->has_unread;
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    struct owner *owner = (struct owner *)session;
    cr_assert_eq(session->state, to);
    cr_assert_lt(from, SESSION_STATE_COUNT);
    if (to == SESSION_CLOSING || to == SESSION_IDLE)
        cr_assert_not_null(session->verdict.text, "an end says why");
    owner->state_count++;
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct owner *owner = (struct owner *)session;
    cr_assert_eq(session->state, SESSION_UP);
    owner->delivered_count++;
    owner->delivered_type = message->type;
    owner->delivered_fault = *fault;
    owner->delivered = message;
    if (owner->on_delivered != NULL)
        owner->on_delivered(owner);
}

static const struct session_ops ops = {
    .open_message = on_open_message,
    .commit_message = on_commit_message,
    .abort_message = on_abort_message,
    .end_transport = on_end_transport,
    .has_unread_input = has_unread_input,
    .on_state = on_state,
    .on_message = on_message,
};

void owner_init(struct owner *owner, enum session_role role)
{
    memset(owner, 0, sizeof *owner);
    owner->config = (struct session_config){
        .keepalive_s = 30,
        .dead_timer_s = 120,
        .keepalive_min_s = 5,
        .keepalive_max_s = 120,
        .dead_timer_min_s = 10,
        .dead_timer_max_s = 240,
        .allow_keepalive_zero = true,
        .open_wait_s = 60,
        .keep_wait_s = 60,
        .unknown_messages_per_minute_max = 5,
        .unknown_requests_per_minute_max = 5,
        .message_size_max = 65535,
        .stateful = true,
        .stateful_update = true,
        .stateful_initiate = true,
        .sr_mpls = true,
        .srv6 = true,
        .rsvp_te = true,
    };
    arena_init(&owner->arena, (size_t)1 << 24);
    owner->now = (struct mono){1000 * MONO_NS_PER_S};
    session_init(&owner->session, &ops, &owner->config, role);
}

void owner_fini(struct owner *owner)
{
    session_fini(&owner->session);
    arena_fini(&owner->arena);
}

void owner_feed(struct owner *owner, const void *octets, size_t size)
{
    (void)session_receive(&owner->session, (struct wire_span){octets, size}, &owner->arena,
                          owner->now);
    arena_reset(&owner->arena);
    cr_assert_eq(owner->open_writers, 0);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

size_t owner_parse_hex(const char *hex, uint8_t *octets, size_t room)
{
    size_t digits = 0;
    for (; *hex != '\0'; hex++) {
        int value = hex_value(*hex);
        if (value < 0)
            continue;
        cr_assert_lt(digits / 2, room);
        if (digits % 2 == 0)
            octets[digits / 2] = (uint8_t)(value << 4);
        else
            octets[digits / 2] |= (uint8_t)value;
        digits++;
    }
    cr_assert_eq(digits % 2, 0);
    return digits / 2;
}

void owner_feed_hex(struct owner *owner, const char *hex)
{
    uint8_t octets[4096];
    owner_feed(owner, octets, owner_parse_hex(hex, octets, sizeof octets));
}

void owner_turn(struct owner *owner, uint64_t seconds)
{
    owner->now = mono_add_s(owner->now, seconds);
    session_on_time(&owner->session, owner->now);
}

void owner_run(struct owner *owner, uint64_t seconds)
{
    struct mono end = mono_add_s(owner->now, seconds);
    for (int i = 0; i < 10000; i++) {
        struct mono deadline = session_deadline(&owner->session);
        if (mono_is_before(end, deadline))
            break;
        cr_assert(!mono_is_before(deadline, owner->now), "a deadline that was served is past");
        owner->now = deadline;
        session_on_time(&owner->session, owner->now);
        cr_assert(mono_is_before(owner->now, session_deadline(&owner->session)),
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
    size_t size = owner_parse_hex(hex, octets, sizeof octets);
    cr_assert_lt(index, owner->message_count);
    const struct owner_message *message = &owner->messages[index];
    return message->size == size && memcmp(owner->octets + message->offset, octets, size) == 0;
}

void owner_reach(struct owner *owner, enum session_state state)
{
    if (state == SESSION_TCP_PENDING)
        session_connect(&owner->session, owner->now);
    if (state >= SESSION_OPEN_WAIT)
        session_start(&owner->session, 7, owner->now);
    if (state >= SESSION_KEEP_WAIT)
        owner_feed_hex(owner, PEER_OPEN);
    if (state >= SESSION_UP)
        owner_feed_hex(owner, PEER_KEEPALIVE);
    if (state == SESSION_CLOSING)
        session_close(&owner->session, 1, "test", owner->now);
    cr_assert_eq(owner->session.state, state);
    owner_clear(owner);
    owner->state_count = 0;
    owner->end_count = 0;
}
