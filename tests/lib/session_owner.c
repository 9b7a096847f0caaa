#include "tests/lib/session_owner.h"

#include "core/base/check.h"
#include "core/base/hex_digit.h"

#include <stdlib.h>

static enum pce_status on_open_message(struct session *session, size_t size_max,
                                       struct wire_writer *writer)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(owner->open_octets == NULL); /* one message at a time */
    CHECK(size_max > 0 && size_max <= owner->message_max);
    CHECK(session->state != SESSION_CLOSING);
    if (owner->room == 0)
        return PCE_LIMIT;
    owner->open_octets = malloc(size_max); /* exact, so that AddressSanitizer sees one too many */
    CHECK(owner->open_octets != NULL);
    owner->open_size = size_max;
    *writer = wire_writer_init(owner->open_octets, size_max - owner->lacking);
    return PCE_OK;
}

static void on_abort_message(struct session *session, struct wire_writer *writer)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(owner->open_octets != NULL && writer->start == owner->open_octets);
    free(owner->open_octets);
    owner->open_octets = NULL;
}

static void on_commit_message(struct session *session, struct wire_writer *writer,
                              enum session_class message_class)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(!writer->failed);
    const struct session_sent sent = {
        {writer->start, wire_written(writer)}, owner->open_size, message_class};
    if (owner->hooks->on_sent != NULL)
        owner->hooks->on_sent(owner, &sent);
    owner->room--;
    on_abort_message(session, writer);
}

static void on_end_transport(struct session *session, enum session_end how)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(session->state == SESSION_CLOSING);
    if (owner->hooks->on_end != NULL)
        owner->hooks->on_end(owner, how);
}

static bool has_unread_input(struct session *session)
{
    return ((struct session_owner *)session)->has_unread;
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(session->state == to && from < SESSION_STATE_COUNT);
    if (to == SESSION_CLOSING || to == SESSION_IDLE)
        CHECK(session->verdict.text != NULL); /* an end says why */
    if (owner->hooks->on_state != NULL)
        owner->hooks->on_state(owner, from, to);
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(session->state == SESSION_UP);
    if (owner->hooks->on_message != NULL)
        owner->hooks->on_message(owner, message, fault);
}

static bool on_octets(struct session *session, struct wire_span objects)
{
    struct session_owner *owner = (struct session_owner *)session;
    CHECK(session->state == SESSION_UP);
    return owner->hooks->on_octets != NULL && owner->hooks->on_octets(owner, objects);
}

static const struct session_ops ops = {
    .open_message = on_open_message,
    .commit_message = on_commit_message,
    .abort_message = on_abort_message,
    .end_transport = on_end_transport,
    .has_unread_input = has_unread_input,
    .on_state = on_state,
    .on_octets = on_octets,
    .on_message = on_message,
};

void session_owner_init(struct session_owner *owner, const struct session_owner_hooks *hooks,
                        const struct session_config *config, enum session_role role)
{
    *owner = (struct session_owner){
        .hooks = hooks, .room = SESSION_OWNER_ROOM, .message_max = SESSION_OWNER_MESSAGE_MAX};
    session_init(&owner->session, &ops, config, role);
}

void session_owner_fini(struct session_owner *owner)
{
    session_fini(&owner->session);
    free(owner->open_octets);
    owner->open_octets = NULL;
}

size_t session_owner_parse_hex(const char *hex, uint8_t *octets, size_t room)
{
    size_t digits = 0;
    for (; *hex != '\0'; hex++) {
        int value = hex_digit(*hex);
        if (value < 0)
            continue;
        CHECK(digits / 2 < room);
        octets[digits / 2] = (uint8_t)(digits % 2 == 0 ? value << 4 : octets[digits / 2] | value);
        digits++;
    }
    CHECK(digits % 2 == 0);
    return digits / 2;
}
