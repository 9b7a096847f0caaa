/* Steps: what a session does in the cells of its table (fsm.c). Each is one row of
 * docs/SESSION-FSM.md.
 *
 * Internal to core/session.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_SESSION_STEPS_H
#define PCED_CORE_SESSION_STEPS_H

#include "core/session/fsm.h"

session_step_fn session_step_ignore;
session_step_fn session_step_connect;
session_step_fn session_step_connect_expired;
session_step_fn session_step_start;
session_step_fn session_step_release;
session_step_fn session_step_accept_open;
session_step_fn session_step_propose;
session_step_fn session_step_refuse_open;
session_step_fn session_step_refuse_non_open;
session_step_fn session_step_refuse_version;
session_step_fn session_step_refuse_proposal;
session_step_fn session_step_refuse_tls;
session_step_fn session_step_refuse_late_tls;
session_step_fn session_step_open_wait_expired;
session_step_fn session_step_keep_wait_expired;
session_step_fn session_step_acknowledged;
session_step_fn session_step_adjust;
session_step_fn session_step_peer_refused;
session_step_fn session_step_peer_closed;
session_step_fn session_step_second_open;
session_step_fn session_step_deliver;
session_step_fn session_step_keepalive;
session_step_fn session_step_unknown_message;
session_step_fn session_step_close_malformed;
session_step_fn session_step_close_no_resources;
session_step_fn session_step_close_unknown_requests;
session_step_fn session_step_close_by_operator;
session_step_fn session_step_dead_expired;
session_step_fn session_step_send_hold_expired;
session_step_fn session_step_abandon;
session_step_fn session_step_give_up;

/* Begins a new minute of unknown messages and requests when the last one is over (RFC
 * 5440 6.9, 7.15): minutes that follow each other, not a sliding one, so that one stamp serves both
 * counts. */
void session_begin_minute(struct session *session, struct mono now);

#endif
