/* Steps: what a peer does in the cells of its table (peer_fsm.c). Each is one row of
 * docs/PEER-FSM.md. Those of a peer that does not read are in peer_stall.c.
 *
 * Internal to server/peer.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_STEPS_H
#define PCED_SERVER_PEER_PEER_STEPS_H

#include "server/peer/peer_fsm.h"

peer_step_fn peer_step_ignore;
peer_step_fn peer_step_connect;
peer_step_fn peer_step_list;
peer_step_fn peer_step_hold_open;
peer_step_fn peer_step_release_open;
peer_step_fn peer_step_release_open_and_serve;
peer_step_fn peer_step_serve;
peer_step_fn peer_step_end;
peer_step_fn peer_step_drain;
peer_step_fn peer_step_reset;
peer_step_fn peer_step_leave;

peer_step_fn peer_step_mark;
peer_step_fn peer_step_stall;
peer_step_fn peer_step_lose;
peer_step_fn peer_step_cut;
peer_step_fn peer_step_finish;
peer_step_fn peer_step_reset_uncut;
peer_step_fn peer_step_leave_uncut;

#endif
