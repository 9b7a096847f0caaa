/* Send hold: whether a peer still takes what is sent to it (draft-lin-pcep-sendholdtimer; RFC 9687
 * has the same for BGP).
 *
 * The clock runs while something is outstanding: sent by the session and not acknowledged by the
 * peer's TCP. Progress is an acknowledgement that passes the end of a message, or leaves nothing
 * outstanding; octets that finish no message are none, nor is what our own kernel has taken. After
 * the send-hold time without progress the peer is taken as stalled.
 *
 * The owner tells where each message ends when it is queued, and asks the socket how far the peer
 * has acknowledged when this module wants to know:
 *
 *     session is UP                  send_hold_start
 *     a message is queued            send_hold_on_message
 *     its timer is filed at          send_hold_deadline
 *     the timer comes up             send_hold_take_sample; if true, ask for SIOCOUTQ
 *     the answer is there            send_hold_on_sample: SEND_HOLD_EXPIRED ends the session
 *     the session is over            send_hold_stop
 *
 * When it samples: never while nothing is outstanding. A single short message (a Keepalive) that
 * found nothing outstanding is looked at only when the send-hold time is over, or one period after
 * a second message follows: what a later sample says of it is as exact as what an early one would
 * have said. Everything else is looked at once a period, whatever the number of messages. So a
 * stalled peer is found at the send-hold time or at most one period later; never earlier, but for
 * what send_marks.h says of a backlog of more than a thousand messages.
 *
 * Thread: the owning shard. Owns: send marks, while three or more messages are outstanding and
 * until nothing is for the second time.
 * Bound: 48 octets, and SEND_MARKS_MAX marks. */
#ifndef PCED_CORE_SESSION_SEND_HOLD_H
#define PCED_CORE_SESSION_SEND_HOLD_H

#include "core/base/mono.h"
#include "core/session/send_marks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEND_HOLD_OFF        0          /* as a configured time: it never expires */
#define SEND_HOLD_AUTO       UINT32_MAX /* as a configured time: see send_hold_effective_s */
#define SEND_HOLD_DEFAULT_S  480        /* RFC 9687: eight minutes */
#define SEND_HOLD_SHORT_SIZE 64         /* octets of a message that need not be looked at soon */

/* All zero: not running. */
struct send_hold {
    uint64_t next_end;        /* where the message ends that is waited for; 0: none outstanding */
    uint64_t end;             /* behind the last message */
    struct mono since;        /* the last progress, or when something became outstanding */
    struct mono sample_at;    /* MONO_NEVER: no sample is wanted */
    struct send_marks *marks; /* the ends between next_end and end */
    uint32_t hold_s;          /* 0: never expires */
    uint16_t sample_s;        /* 0: not running */
    bool is_backlog;          /* a sample has shown what is outstanding; else it is only sent */
};

enum send_hold_verdict {
    SEND_HOLD_CLEAR,    /* nothing is outstanding */
    SEND_HOLD_PROGRESS, /* a message was taken since the last sample; others wait */
    SEND_HOLD_WAITING,  /* no message was taken, and the time is not over */
    SEND_HOLD_EXPIRED,  /* the time is over */
};

/* The send-hold time of a session: what is configured, or for SEND_HOLD_AUTO the larger of 480 s
 * and twice the larger one of the two dead timers. */
uint32_t send_hold_effective_s(uint32_t configured_s, uint8_t dead_timer_s,
                               uint8_t own_dead_timer_s);
/* Whether a configured time is not larger than a dead timer of the session, which draws a warning:
 * the peer's silence would be noticed as soon (RFC 9687 asks for more than the hold time). */
bool send_hold_is_short(uint32_t configured_s, uint8_t dead_timer_s, uint8_t own_dead_timer_s);

/* The session is UP, and queued octets were sent on it or wait; sample_s > 0. */
void send_hold_start(struct send_hold *hold, uint32_t hold_s, uint16_t sample_s, uint64_t queued,
                     struct mono now);
/* Other times from now on; the clock goes on where it stands. Nothing when it is not running. */
void send_hold_set(struct send_hold *hold, uint32_t hold_s, uint16_t sample_s, struct mono now);
/* Gives back what it holds; all zero afterwards. Harmless when it is not running. */
void send_hold_stop(struct send_hold *hold);

/* A message was queued that ends here, in octets since the connection began. Nothing when it is not
 * running. */
void send_hold_on_message(struct send_hold *hold, uint64_t end, struct mono now);
/* When the next sample is wanted; MONO_NEVER when none is. */
struct mono send_hold_deadline(const struct send_hold *hold);
/* Whether a sample is wanted now. If so the next one is not before a period has gone, whether or
 * not this one has an answer. */
bool send_hold_take_sample(struct send_hold *hold, struct mono now);
/* The peer's TCP has acknowledged up to this position: octets that the kernel has accepted, without
 * those of SIOCOUTQ. One that is too small is safe. A sample may also come unasked. */
enum send_hold_verdict send_hold_on_sample(struct send_hold *hold, uint64_t acknowledged,
                                           struct mono now);

/* For the operator: nanoseconds without progress, of a backlog that a sample has shown; else 0. */
uint64_t send_hold_stalled_ns(const struct send_hold *hold, struct mono now);
/* Octets of memory beside the struct. */
size_t send_hold_octets(const struct send_hold *hold);

#endif
