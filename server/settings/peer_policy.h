/* Peer policy: all that the configuration says for one peer, as one value.
 *
 * It is made whole from the rows of the keys when a configuration is published, and never changes.
 * The configuration's table of peers and each session under it share one, counted: what a session
 * was negotiated with stays as long as the session, whatever a reload brings.
 *
 * Thread: any. Owns: itself, until the last user gives it back. Bound: for each configuration that
 * still has sessions, one for each different set of values. */
#ifndef PCED_SERVER_SETTINGS_PEER_POLICY_H
#define PCED_SERVER_SETTINGS_PEER_POLICY_H

#include "core/session/session.h"
#include "server/config/config.h"

#include <stdatomic.h>

/* Sections and members of struct config that are taken over as they are. send_hold_s is seconds,
 * PEER_SEND_HOLD_OFF or PEER_SEND_HOLD_AUTO; send_hold_grace_s is how long a stalled peer may still
 * drain; pending_soft and pending_hard are octets. */
#define PEER_POLICY_VALUES(VALUE)                                                                  \
    VALUE(session, send_hold_s)                                                                    \
    VALUE(session, send_hold_sample_s)                                                             \
    VALUE(session, send_hold_grace_s)                                                              \
    VALUE(limits, pending_soft)                                                                    \
    VALUE(limits, pending_hard)                                                                    \
    VALUE(limits, requests_in_flight_max)                                                          \
    VALUE(lsp, profile)                                                                            \
    VALUE(lsp, delegation)

#define PEER_SEND_HOLD_OFF  CONFIG_HOLD_OFF
#define PEER_SEND_HOLD_AUTO CONFIG_HOLD_AUTO

struct peer_policy {
    uint64_t generation; /* of the settings that it was made for */
    _Atomic uint32_t users;
#define PEER_POLICY_MEMBER(section, member) uint32_t member;
    PEER_POLICY_VALUES(PEER_POLICY_MEMBER)
#undef PEER_POLICY_MEMBER
    struct session_config session;
};

/* With one user; NULL when memory ran out. */
struct peer_policy *peer_policy_create(const struct config *config, uint64_t generation);
/* One user more: whoever calls has one itself, or is inside the snapshot section of the settings.
 */
struct peer_policy *peer_policy_borrow(struct peer_policy *policy);
/* The last user frees it. */
void peer_policy_release(struct peer_policy *policy);

#endif
