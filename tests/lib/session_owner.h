/* The owner of a session in a test: gives room for its messages, hands over each one that was
 * written, and says whether input waits. A test puts it first in a structure of its own and hears
 * through the hooks what the session does.
 *
 * Thread: one caller. Owns: the message that is open. Bound: one message at a time, message_max
 * octets. */
#ifndef PCED_TESTS_LIB_SESSION_OWNER_H
#define PCED_TESTS_LIB_SESSION_OWNER_H

#include "core/session/session.h"

#define SESSION_OWNER_ROOM        SIZE_MAX
#define SESSION_OWNER_MESSAGE_MAX ((size_t)1 << 17)

/* Of a session_config: what no test has for itself. Ranges and capabilities are each one's own. */
#define SESSION_OWNER_LIMITS                                                                       \
    .keepalive_s = 30, .dead_timer_s = 120, .allow_keepalive_zero = true, .open_wait_s = 60,       \
    .keep_wait_s = 60, .unknown_messages_per_minute_max = 5, .unknown_requests_per_minute_max = 5, \
    .message_size_max = 65535

struct session_owner;

/* A message that the session committed. */
struct session_sent {
    struct wire_span octets; /* until the hook returns */
    size_t room_asked;       /* of open_message */
    enum session_class message_class;
};

/* Each may be NULL. */
struct session_owner_hooks {
    void (*on_sent)(struct session_owner *owner, const struct session_sent *sent);
    void (*on_end)(struct session_owner *owner, enum session_end how);
    void (*on_state)(struct session_owner *owner, enum session_state from, enum session_state to);
    bool (*on_octets)(struct session_owner *owner, struct wire_span objects); /* NULL: says no */
    void (*on_message)(struct session_owner *owner, const struct pcep_message *message,
                       const struct pcep_fault *fault);
};

struct session_owner {
    struct session session; /* first: the callbacks find the owner by it */
    const struct session_owner_hooks *hooks;
    size_t room;          /* messages that still fit; open_message gives PCE_LIMIT when it is 0 */
    size_t message_max;   /* octets that open_message may ask for */
    size_t lacking;       /* octets that open_message gives less than it was asked for */
    bool has_unread;      /* octets wait unread */
    uint8_t *open_octets; /* between open_message and its commit or abort */
    size_t open_size;
};

/* Room without end, nothing unread. The hooks and the configuration must outlive the session. */
void session_owner_init(struct session_owner *owner, const struct session_owner_hooks *hooks,
                        const struct session_config *config, enum session_role role);
void session_owner_fini(struct session_owner *owner);

/* The octets that the hex digits say; what is not a digit is skipped. */
size_t session_owner_parse_hex(const char *hex, uint8_t *octets, size_t room);

#endif
