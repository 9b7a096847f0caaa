/* Tally: what went wrong, by kind, with a name for each.
 *
 * Thread: one writer for each struct; summed up when the threads have ended. */
#ifndef PCED_BENCH_PCELOAD_RESULTS_TALLY_H
#define PCED_BENCH_PCELOAD_RESULTS_TALLY_H

#include <stdint.h>

/* Complaints about an answer: the rows up to TALLY_WRONG_COUNT say that a PCE is wrong. */
#define TALLY_ROWS(X)                                                                              \
    X(REPLY_MALFORMED, "reply-malformed")     /* lengths that do not fit */                        \
    X(REPLY_UNKNOWN, "reply-unknown-request") /* never asked */                                    \
    X(REPLY_AGAIN, "reply-again")             /* asked, and answered before */                     \
    X(REPLY_NOTHING, "reply-without-path")    /* neither ERO nor NO-PATH */                        \
    X(ERO_MALFORMED, "ero-malformed")         /* subobjects that do not fit */                     \
    X(ERO_EMPTY, "ero-empty")                                                                      \
    X(ERO_KIND, "ero-other-setup-type") /* or hops of the other family */                          \
    X(ERO_FIRST, "ero-first-hop-not-reachable")                                                    \
    X(ERO_BROKEN, "ero-hop-not-reachable")                                                         \
    X(ERO_LAST, "ero-ends-elsewhere")                                                              \
    X(LABEL_UNKNOWN, "label-unknown") /* means nothing at the node that reads it */                \
    X(LABEL_DEPTH, "label-stack-above-msd")                                                        \
    X(MESSAGE_MALFORMED, "message-malformed")   /* the stream cannot be read on */                 \
    X(MESSAGE_UNEXPECTED, "message-unexpected") /* of a type, or at a time, that it should not */  \
    X(CONNECT_FAILED, "connect-failed")                                                            \
    X(OPEN_TIMEOUT, "open-timeout")               /* connected, and not UP in time */              \
    X(OPEN_ENDED, "open-ended")                   /* by the server, before it was UP */            \
    X(LOST_DEAD_TIMER, "session-lost-dead-timer") /* the PCE was silent */                         \
    X(LOST_END, "session-lost-end-of-stream")                                                      \
    X(LOST_RESET, "session-lost-reset")                                                            \
    X(REQUEST_CANCELLED, "request-cancelled") /* by PCNtf */                                       \
    X(NO_BUFFERS, "receive-buffers-short")    /* pceload's own: --buffers */

enum tally_kind {
#define TALLY_ENUM(id, name) TALLY_##id,
    TALLY_ROWS(TALLY_ENUM)
#undef TALLY_ENUM
        TALLY_KINDS
};

#define TALLY_WRONG_COUNT (TALLY_MESSAGE_UNEXPECTED + 1)
#define TALLY_OK          TALLY_KINDS

#define TALLY_TYPES  32
#define TALLY_VALUES 64
#define TALLY_ERRNOS 134

struct tally {
    uint64_t kinds[TALLY_KINDS];
    uint64_t errnos[TALLY_ERRNOS];             /* of system calls */
    uint64_t pcerr[TALLY_TYPES][TALLY_VALUES]; /* what lies above counts in the last one */
    uint64_t pcntf[TALLY_TYPES][TALLY_VALUES];
    uint64_t close[TALLY_VALUES]; /* by reason */
};

void tally_errno(struct tally *tally, int error);
void tally_pair(uint64_t table[TALLY_TYPES][TALLY_VALUES], uint8_t type, uint8_t value);
void tally_close(struct tally *tally, uint8_t reason);
void tally_merge(struct tally *tally, const struct tally *from);
/* Of all kinds that say that an answer is wrong. */
uint64_t tally_wrong(const struct tally *tally);
/* Calls on_row for each kind that was counted, with its name. */
void tally_list(const struct tally *tally,
                void (*on_row)(void *context, const char *name, uint64_t count), void *context);

#endif
