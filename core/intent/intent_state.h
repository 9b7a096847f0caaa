/* State of an LSP that an intent wants, or that is to be removed; and what to do about it: a
 * decision that looks at nothing but what is seen.
 *
 *     WAITING      its PCC cannot be asked: no session, not synchronised, not settled
 *     NO_PATH      there is nothing to ask for: no path, or a segment that the network has not
 *     ORDERED      an order is under way
 *     UP           it is there as wanted, and carries traffic or could
 *     DOWN         it is there as wanted, and its PCC says that it is down
 *     REFUSED      the PCC, or we for it, have refused; not asked again before the intent, the
 *                  network or the session changes
 *     UNCONFIRMED  the order had no answer; likewise
 *     CONFLICT     its name is one of an LSP that is not ours to steer
 *     REMOVING     it is to be removed, and was not asked yet
 *
 * Thread: any. Owns: nothing; reasons are static texts. */
#ifndef PCED_CORE_INTENT_INTENT_STATE_H
#define PCED_CORE_INTENT_INTENT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#define INTENT_STATES(STATE)                                                                       \
    STATE(WAITING, "waiting")                                                                      \
    STATE(NO_PATH, "no path")                                                                      \
    STATE(ORDERED, "ordered")                                                                      \
    STATE(UP, "up")                                                                                \
    STATE(DOWN, "down")                                                                            \
    STATE(REFUSED, "refused")                                                                      \
    STATE(UNCONFIRMED, "unconfirmed")                                                              \
    STATE(CONFLICT, "conflict")                                                                    \
    STATE(REMOVING, "removing")

#define INTENT_STATE_MEMBER(id, text) INTENT_##id,
enum intent_state { INTENT_STATES(INTENT_STATE_MEMBER) INTENT_STATE_COUNT };
#undef INTENT_STATE_MEMBER

enum intent_action {
    INTENT_DO_NOTHING,
    INTENT_DO_INITIATE,
    INTENT_DO_UPDATE,
    INTENT_DO_ADOPT,
    INTENT_DO_DELETE,
    INTENT_DO_FORGET, /* it was to be removed, and is gone */
};

/* What is seen of an LSP at one moment. */
struct intent_seen {
    bool is_wanted; /* as it is there; else that is to be removed */
    bool is_there;  /* its PCC has reported it in this session */
    bool is_ours;   /* a PCE has initiated it, as far as its PCC can say */
    bool is_delegated;
    bool has_path; /* the way is the wanted one */
    bool has_attributes;
    bool is_down;
    bool is_blocked; /* it was refused, or had no answer, and nothing has changed since */
};

/* What has become of it. */
struct intent_sight {
    uint8_t state;      /* enum intent_state */
    uint8_t error_type; /* of the PCErr; 0: none */
    uint8_t error_value;
    bool is_blocked;
    uint16_t unmet;     /* of NO_PATH: UNMET_BIT of core/requests/unmet.h */
    const char *reason; /* static text; NULL: nothing is to be said */
};

/* state: what it is in when nothing is done. */
enum intent_action intent_decide(const struct intent_seen *seen, enum intent_state *state);

/* "waiting", "no path" … */
const char *intent_state_text(enum intent_state state);

#endif
