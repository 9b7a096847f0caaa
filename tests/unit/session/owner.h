/* A session's owner for tests: keeps each message that the session writes, and lets the test turn
 * the clock and end the transport. */
#ifndef PCED_TESTS_UNIT_SESSION_OWNER_H
#define PCED_TESTS_UNIT_SESSION_OWNER_H

#include "core/session/fsm.h"
#include "tests/lib/session_owner.h"

#define OWNER_MESSAGES_MAX 64
#define OWNER_OCTETS_MAX   16384

struct owner_message {
    size_t offset;
    size_t size;
    enum session_class message_class;
};

struct owner {
    struct session_owner base; /* first */
    struct session_config config;
    struct arena arena;
    struct mono now;
    uint8_t octets[OWNER_OCTETS_MAX];
    struct owner_message messages[OWNER_MESSAGES_MAX];
    size_t message_count;
    size_t octet_count;
    bool ends_at_once;        /* end_transport calls session_on_transport_end itself */
    int end_count;            /* calls of end_transport */
    enum session_end end_how; /* of the last one */
    unsigned delivered_count; /* on_message */
    uint8_t delivered_type;   /* of the last one */
    struct pcep_fault delivered_fault;
    const struct pcep_message *delivered; /* while on_delivered runs */
    void (*on_delivered)(struct owner *owner);
    unsigned state_count; /* on_state */
};

/* A configuration as the server's defaults are: keepalive 30, dead timer 120, all capabilities. */
void owner_init(struct owner *owner, enum session_role role);
void owner_fini(struct owner *owner);
void owner_feed(struct owner *owner, const void *octets, size_t size);
void owner_feed_hex(struct owner *owner, const char *hex);
/* Moves the clock and lets the session see it. */
void owner_turn(struct owner *owner, uint64_t seconds);
/* Moves the clock from deadline to deadline, as a wheel would. */
void owner_run(struct owner *owner, uint64_t seconds);
/* Forgets the messages that were written. */
void owner_clear(struct owner *owner);
/* "Open", "Keepalive", "PCErr 1/4", "Close 3" … of a message; static storage. */
const char *owner_describe(const struct owner *owner, size_t index);
/* Whether exactly these octets were the message. */
bool owner_message_is(const struct owner *owner, size_t index, const char *hex);

/* Idle → the state, by real messages. */
void owner_reach(struct owner *owner, enum session_state state);

/* Messages of a peer, as hex. */
#define PEER_OPEN           "2001002801100024201e78000010000400000005002200100000000101000000001a00040000000a"
#define PEER_OPEN_PLAIN     "2001 000c 0110 0008 201e 7801"
#define PEER_OPEN_FAST      "2001 000c 0110 0008 2001 0401" /* keepalive 1, dead timer 4 */
#define PEER_OPEN_SILENT    "2001 000c 0110 0008 2000 2801" /* keepalive 0 */
#define PEER_KEEPALIVE      "2002 0004"
#define PEER_CLOSE          "2007 000c 0f10 0008 0000 0001"
#define PEER_STARTTLS       "200d 0004"
#define PEER_UNKNOWN        "20c8 0008 ffff ffff"
#define PEER_PCNTF          "2005 000c 0c10 0008 0000 0201"
#define PEER_MALFORMED      "2003 0008 0212 0040" /* an object longer than its message */
#define PEER_BAD_VERSION    "4002 0004"
#define PEER_ERROR          "2006 000c 0d10 0008 0000 0201"
#define PEER_PROPOSAL       "2006 0014 0d10 0008 0000 0104 0110 0008 200a 2801" /* 10 and 40 s */
#define PEER_PROPOSAL_BAD   "2006 0014 0d10 0008 0000 0104 0110 0008 20ff ff01"
#define PEER_PROPOSAL_EMPTY "2006 000c 0d10 0008 0000 0104"

#endif
