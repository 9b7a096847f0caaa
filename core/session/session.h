/* Session: one PCEP session with one peer, as the finite state machine of RFC 5440 Appendix A.
 *
 * A session knows the protocol and no socket: its owner feeds it octets, time and the end of the
 * transport, and gives it operations to send and to close. All of it runs in a test on a clock that
 * the test turns. The machine is a table, state × event → step (fsm.c); one function writes the
 * state.
 *
 * Thread: the owning shard.
 * Owns: its gathering buffer while a message is split; nothing else.
 * Bound: one message being gathered; the limits of struct session_config. */
#ifndef PCED_CORE_SESSION_SESSION_H
#define PCED_CORE_SESSION_SESSION_H

#include "core/base/arena.h"
#include "core/base/ip.h"
#include "core/base/mono.h"
#include "core/pcep/codec.h"
#include "core/pcep/frame.h"

#include <stdbool.h>
#include <stdint.h>

/* RFC 5440 Appendix A; TCP_PENDING is for sessions that we open. */
enum session_state {
    SESSION_IDLE,
    SESSION_TCP_PENDING,
    SESSION_OPEN_WAIT,
    SESSION_KEEP_WAIT,
    SESSION_UP,
    SESSION_CLOSING, /* a Close or PCErr is on its way out, nothing is listened to any more */
    SESSION_STATE_COUNT,
};

enum session_role { SESSION_ACCEPTED, SESSION_INITIATED };

/* Which messages may be overtaken and dropped when a peer stalls: data; control never is. */
enum session_class { SESSION_CONTROL, SESSION_DATA };

/* How the transport is to end. */
enum session_end {
    SESSION_END_DRAIN, /* after what is queued has gone, bounded by the owner's grace */
    SESSION_END_QUIET, /* orderly, but no message that has not begun is sent any more */
    SESSION_END_RESET, /* at once */
};

#define SESSION_SPEAKER_MAX 64 /* octets of our SPEAKER-ENTITY-ID */

/* What was agreed or would be acceptable; shared by many sessions and immutable while any uses it.
 */
struct session_config {
    uint8_t keepalive_s;     /* that we advertise; 0 = we send none */
    uint8_t dead_timer_s;    /* that we advertise; RFC 5440 7.3: 0 when keepalive_s is 0 */
    uint8_t keepalive_min_s; /* acceptable from the peer; 0 in the OPEN is judged by allow_zero */
    uint8_t keepalive_max_s;
    uint8_t dead_timer_min_s;
    uint8_t dead_timer_max_s;
    bool allow_keepalive_zero;
    bool fixed_timers;        /* other timers are refused (PCErr 1/3), not negotiated (1/4) */
    bool starttls_refuse;     /* StartTLS gets PCErr 25/3, not without TLS; else 25/4 */
    uint16_t open_wait_s;     /* 60 */
    uint16_t keep_wait_s;     /* 60 */
    uint8_t send_hold_reason; /* of the Close at send-hold expiry: not assigned by IANA; 0 = 6 */
    uint16_t unknown_messages_per_minute_max; /* 5: at the fifth within a minute, Close reason 5 */
    uint16_t unknown_requests_per_minute_max; /* 5: Close reason 4 */
    uint32_t message_size_max;                /* longest message accepted: 65,535 */
    bool stateful; /* advertise STATEFUL-PCE-CAPABILITY (RFC 8231 7.1.1) */
    bool stateful_update;
    bool stateful_initiate;
    bool db_version;     /* offer to skip or shorten synchronisations (RFC 8232 3, 4) */
    bool resync;         /* offer to trigger resynchronisations (RFC 8232 6) */
    bool speaker_check;  /* two sessions with one SPEAKER-ENTITY-ID are one too many */
    bool triggered_sync; /* offer to trigger the first synchronisation (RFC 8232 5) */
    uint8_t multipaths;  /* segment lists of one candidate path that we offer; 0: not several */
    bool auto_bandwidth; /* advertise AUTO-BANDWIDTH-CAPABILITY (RFC 8733 5.1) */
    bool color;          /* offer colours of LSPs that are in no SR policy (RFC 9863 3.1) */
    bool sr_mpls;        /* advertise PATH-SETUP-TYPE 1 (RFC 8664 4.1) */
    bool srv6;           /* advertise PATH-SETUP-TYPE 3 (RFC 9603 4.1) */
    bool rsvp_te;        /* advertise PATH-SETUP-TYPE 0 (RFC 8408 3) */
    char speaker_id[SESSION_SPEAKER_MAX + 1]; /* our SPEAKER-ENTITY-ID; empty: none is told */
    bool wrong_report_closes; /* where the RFCs want it (RFC 8231 7.3.1, RFC 8623 9) */
};

/* What the ASSOC-Type-List of an OPEN has (RFC 8697 4.1): that there is one, and which forms of SR
 * policies the peer knows. */
#define SESSION_LISTS_ASSOCIATIONS   UINT8_C(0x01)
#define SESSION_LISTS_SR_POLICY      UINT8_C(0x02) /* type 6 (RFC 9862 4.1) */
#define SESSION_LISTS_POLICY_CISCO   UINT8_C(0x04) /* type 0x14 of early IOS XR */
#define SESSION_LISTS_POLICY_JUNIPER UINT8_C(0x08) /* type 0xFFE1 of early Junos */
#define SESSION_LISTS_DISJOINT       UINT8_C(0x10) /* type 2 (RFC 8800 5.1) */

#define SESSION_MULTIPATHS_MAX 16 /* segment lists of one LSP */

/* What the peer's OPEN said. */
struct session_peer_open {
    uint64_t psts;           /* bit n: PATH-SETUP-TYPE n < 64 is supported */
    uint32_t stateful_flags; /* of its STATEFUL-PCE-CAPABILITY */
    uint8_t keepalive_s;
    uint8_t dead_timer_s;
    uint8_t sid;
    uint8_t sr_msd;            /* labels it can push; of the older TLV 0 is "no limit named" */
    uint8_t srv6_msd;          /* SRv6 SIDs that it can put on; 0: it named no limit */
    uint8_t associations;      /* SESSION_LISTS_… */
    uint8_t open_tlvs_skipped; /* malformed ones that we do not act on; 255: or more */
    bool stateful : 1;
    bool has_pst_list : 1; /* without it only PST 0 (RFC 8408 3) */
    bool sr : 1;           /* has an SR-PCE-CAPABILITY, as sub-TLV or as the older top-level TLV */
    bool sr_unlimited_msd : 1; /* its X flag */
    bool srv6 : 1;
    bool sr_algorithms : 1; /* the S flags of both capabilities (RFC 9933 4.1) */
    bool srv6_algorithms : 1;
    bool auto_bandwidth : 1;    /* an AUTO-BANDWIDTH-CAPABILITY */
    bool has_db_version : 1;    /* an LSP-DB-VERSION, whatever its S flag says */
    bool multipath_weights : 1; /* of its MULTIPATH-CAP (multipath draft 5.1.1) */
    bool multipath_backups : 1;
    uint8_t multipaths : 5; /* paths of one LSP, as many as we may ask for; 0: it has no such TLV */
};

/* Who ended a session. */
enum session_ender {
    SESSION_BY_US,      /* the operator, a limit, a fault that we found */
    SESSION_BY_PEER,    /* a Close, a PCErr, or the end of its connection */
    SESSION_BY_TIMER,   /* one of ours, or of our TCP: the peer had said nothing in time */
    SESSION_BY_NETWORK, /* no way to the peer */
    SESSION_ENDER_COUNT,
};

/* Why the session ended, for logs, counters and the operator. */
struct session_verdict {
    uint8_t by;           /* enum session_ender */
    uint8_t close_reason; /* of the Close that was sent or received; 0 when there was none */
    uint8_t error_type;   /* of the PCErr that ended it; 0 when there was none */
    uint8_t error_value;
    const char *text; /* static, never NULL once the session has ended */
};

struct session_counters {
    uint32_t messages_received;
    uint32_t messages_sent;
    uint32_t errors_received; /* PCErr */
    uint32_t errors_sent;
};

#define SESSION_CONNECT_S     60 /* RFC 5440 Appendix A: Connect */
#define SESSION_PROPOSALS_MAX 5  /* OPENs of ours that a peer may turn down in one session */
#define SESSION_UNREAD_S      10 /* what the dead timer gives a peer whose input waits unread */

struct session;

/* What a session asks of its owner. None may destroy the session before it has returned. */
struct session_ops {
    /* Room for one message of at most size_max octets. PCE_LIMIT or PCE_NO_MEMORY: none is had. */
    enum pce_status (*open_message)(struct session *session, size_t size_max,
                                    struct wire_writer *writer);
    /* Hands over what was written since open_message; a failed writer must not come here. */
    void (*commit_message)(struct session *session, struct wire_writer *writer,
                           enum session_class message_class);
    /* Gives back the room of open_message unused. */
    void (*abort_message)(struct session *session, struct wire_writer *writer);
    /* Ends the transport. session_on_transport_end follows, now or later. */
    void (*end_transport)(struct session *session, enum session_end how);
    /* Whether octets from the peer wait unread in the transport (RFC 5440: the dead timer spares a
     * peer whose input is only waiting for us). */
    bool (*has_unread_input)(struct session *session);
    /* LSP-DB version that our OPEN names to this peer (RFC 8232 3.2); 0: none. Asked for each OPEN
     * where session_config.db_version is set. May be NULL. */
    uint64_t (*get_db_version)(struct session *session);
    /* The peer's OPEN was accepted: what the owner wants of it beyond session->peer. May be NULL. */
    void (*on_open)(struct session *session, const struct pcep_object *open);
    /* session->since is still that of `from`. */
    void (*on_state)(struct session *session, enum session_state from, enum session_state to);
    /* The buffers for split messages that the owner's sessions share. May be NULL. */
    struct frame_spares *(*get_spares)(struct session *session);
    /* The objects of a whole PCReq as they came, in state UP, before they are decoded: true when
     * the owner has dealt with it. May be NULL. */
    bool (*on_octets)(struct session *session, struct wire_span objects);
    /* A message that is not the session's own business, in state UP; fault as pcep_decode gave it.
     */
    void (*on_message)(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault);
};

struct session {
    const struct session_ops *ops;
    const struct session_config *config;
    uint8_t state; /* enum session_state: written by one function */
    uint8_t role;  /* enum session_role */
    uint8_t local_sid;
    uint8_t keepalive_s;       /* in force for what we send */
    uint8_t dead_timer_s;      /* the peer's: in force for what we await; 0 = none */
    uint8_t open_retry;        /* RFC 5440: OpenRetry */
    bool local_ok;             /* RFC 5440: LocalOK */
    bool remote_ok;            /* RFC 5440: RemoteOK */
    uint8_t own_dead_timer_s;  /* that our last OPEN carried */
    uint8_t proposals;         /* of the peer that were taken up: at most SESSION_PROPOSALS_MAX */
    bool is_receiving;         /* within session_receive: the message at hand must stay readable */
    uint16_t unknown_messages; /* within the minute that began at unknown_since */
    uint16_t unknown_requests;
    struct mono unknown_since;
    struct mono wait_deadline;      /* Connect, OpenWait, KeepWait, DeadTimer: each state has one */
    struct mono keepalive_deadline; /* when we must have sent something */
    struct mono since;              /* when the state was entered */
    struct frame frame;
    struct session_peer_open peer;
    struct session_verdict verdict;
    struct session_counters counters;
};

/* A million of them count. */
_Static_assert(sizeof(struct session) <= 136, "struct session grew");

void session_init(struct session *session, const struct session_ops *ops,
                  const struct session_config *config, enum session_role role);
void session_fini(struct session *session);

/* For a session that we open: the owner has begun to connect. TCPPending, for at most
 * SESSION_CONNECT_S; retries are the owner's (RFC 5440 Appendix A: Connect, ConnectMaxRetry). */
void session_connect(struct session *session, struct mono now);
/* The transport is there: sends Open with this session id and waits for the peer's. */
void session_start(struct session *session, uint8_t sid, struct mono now);
/* Octets from the transport, in any chunks. Decoded messages live in the arena, which the session
 * does not reset. Returns false when nothing more is to be read from this peer. */
bool session_receive(struct session *session, struct wire_span octets, struct arena *arena,
                     struct mono now);
/* session_deadline has come; harmless when it has not. */
void session_on_time(struct session *session, struct mono now);
/* The transport ended: released by us, closed by the peer, or failed (status). → IDLE. */
void session_on_transport_end(struct session *session, enum pce_status status, struct mono now);
/* Ends the session in whatever state it is, with Close where that is due: by the operator or at
 * shutdown. */
void session_close(struct session *session, uint8_t close_reason, const char *text,
                   struct mono now);

/* The owner saw no progress in sending for the send-hold time of this peer: ends the session with
 * the configured Close reason (draft-lin-pcep-sendholdtimer). */
void session_on_send_hold(struct session *session, struct mono now);

/* The earliest instant at which session_on_time has something to do; MONO_NEVER when there is none.
 */
struct mono session_deadline(const struct session *session);

/* Sending in UP, for handlers. open_message gives a writer; the caller writes one whole PCEP
 * message and commits it with its class. Restarts the Keepalive timer. */
PCE_MUST_CHECK enum pce_status session_open_message(struct session *session, size_t size_max,
                                                    struct wire_writer *writer);
PCE_MUST_CHECK enum pce_status session_commit_message(struct session *session,
                                                      struct wire_writer *writer,
                                                      enum session_class message_class,
                                                      struct mono now);
/* One PCErr for a fault; with the RP or SRP that it names. In state UP; nothing in others. A fault
 * without an error type is not sent. */
void session_send_error(struct session *session, const struct pcep_fault *fault, struct mono now);
/* The same for several faults of one request or LSP (RFC 5440 6.4, type 6): one PCErr with what the
 * first one names and a PCEP-ERROR for each, two equal ones in a row once. */
void session_send_errors(struct session *session, const struct pcep_fault *faults, uint32_t count,
                         struct mono now);
/* A message of a type that is known but not for us: PCErr 2, and it counts as an unknown one (RFC
 * 5440 6.9): closes with reason 5 at the limit. */
void session_refuse_message_type(struct session *session, struct mono now);
/* Counts an unknown request (RFC 5440 7.15, PCErr 8); closes with reason 4 at the limit. */
void session_count_unknown_request(struct session *session, struct mono now);

const char *session_state_text(enum session_state state);
/* "us", "peer", "timer", "network". */
const char *session_ender_text(enum session_ender ender);

#endif
