/* Steps: what a connection does in the cells of its table (conn_fsm.c). Each is one row of
 * docs/CONNECTION-FSM.md.
 *
 * Internal to io/net.
 *
 * Thread: the pool's shard. Owns: nothing. */
#ifndef PCED_IO_NET_CONN_STEPS_H
#define PCED_IO_NET_CONN_STEPS_H

#include "io/net/conn_fsm.h"

conn_step_fn conn_step_ignore;
conn_step_fn conn_step_ask_name;
conn_step_fn conn_step_keep;
conn_step_fn conn_step_dial;
conn_step_fn conn_step_connect;
conn_step_fn conn_step_connected;
conn_step_fn conn_step_connect_failed;
conn_step_fn conn_step_start;
conn_step_fn conn_step_take_over;
conn_step_fn conn_step_take_over_ended;
conn_step_fn conn_step_take_over_broken;
conn_step_fn conn_step_detach;
conn_step_fn conn_step_install;
conn_step_fn conn_step_close_slot;
conn_step_fn conn_step_give_away;
conn_step_fn conn_step_stall;
conn_step_fn conn_step_finish;
conn_step_fn conn_step_finish_last;
conn_step_fn conn_step_send_fin;
conn_step_fn conn_step_close;
conn_step_fn conn_step_close_broken;
conn_step_fn conn_step_abort;
conn_step_fn conn_step_peer_fin;
conn_step_fn conn_step_fail;
conn_step_fn conn_step_fail_untold;
conn_step_fn conn_step_tell_broken;
conn_step_fn conn_step_reset;
conn_step_fn conn_step_harden;
conn_step_fn conn_step_drop;
conn_step_fn conn_step_disown;
conn_step_fn conn_step_close_socket;
conn_step_fn conn_step_reset_socket;
conn_step_fn conn_step_release;

#endif
