/* The owner of a connection: hand-over in any state, none at all, and its end. */
#include "tests/lib/io_support.h"

#include <errno.h>
#include <signal.h>

static struct side *open_one(struct rig *rig, struct client *peer)
{
    *peer = peer_connect(rig);
    UNTIL(rig, rig->side_count == 1);
    return &rig->sides[0];
}

/* It is told nothing more; for rig_close it is done. */
static void leave_out(struct rig *rig, struct side *side)
{
    side->conn = NULL;
    side->releases = 1;
    rig->released++;
}

Test(conn_owner, one_that_is_turned_away_is_reset_and_tells_nobody)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *side = open_one(&rig, &peer);
    struct conn *conn = side->conn;
    cr_assert_eq(conn_send(conn, "unsent", 6, SEND_CONTROL), PCE_OK);
    conn_turn_away(conn);
    conn_check_left(conn, side);
    cr_assert_null(conn_ops_of(conn));
    leave_out(&rig, side);
    uint8_t octets[8];
    size_t size = 0;
    int error = 0;
    UNTIL(&rig, !peer_read(&peer, octets, sizeof octets, &size, &error));
    cr_assert_eq(error, ECONNRESET);
    UNTIL(&rig, conn_pool_count(rig.pool) == 0);
    cr_assert_eq(side->ends, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_owner, one_that_is_closing_already_may_be_turned_away)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *side = open_one(&rig, &peer);
    conn_reset(side->conn);
    rig_turn(&rig);
    if (side->conn != NULL) {
        conn_turn_away(side->conn);
        leave_out(&rig, side);
    }
    UNTIL(&rig, conn_pool_count(rig.pool) == 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_owner, a_new_one_hears_of_an_end_that_was_before_it)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *first = open_one(&rig, &peer);
    client_close(&peer);
    UNTIL(&rig, first->ends == 1);
    struct side *second = rig_hand_over(&rig, first);
    second->ends = 0;
    UNTIL(&rig, second->ends == 1);
    cr_assert_eq(second->end_status, PCE_CLOSED);
    for (int i = 0; i < 5; i++)
        rig_turn(&rig);
    cr_assert_eq(second->ends, 1);
    cr_assert_eq(first->ends, 1);
    rig_close(&rig);
}

Test(conn_owner, a_new_one_of_a_broken_connection_hears_of_it)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *first = open_one(&rig, &peer);
    client_reset(&peer);
    UNTIL(&rig, first->ends == 1);
    struct side *second = rig_hand_over(&rig, first);
    second->ends = 0;
    UNTIL(&rig, second->ends == 1);
    cr_assert_eq(second->end_status, PCE_RESET);
    rig_close(&rig);
}

Test(conn_owner, a_new_one_of_a_closing_connection_is_told_its_release_alone)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *first = open_one(&rig, &peer);
    conn_reset(first->conn);
    struct side *second = rig_hand_over(&rig, first);
    conn_check_left(second->conn, first);
    UNTIL(&rig, second->releases == 1);
    cr_assert_eq(second->release_status, PCE_CANCELLED);
    cr_assert_eq(second->ends, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_owner, a_new_one_of_a_finishing_connection_is_told_its_release_alone)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *first = open_one(&rig, &peer);
    conn_finish(first->conn);
    rig_turn(&rig);
    struct side *second = rig_hand_over(&rig, first);
    client_close(&peer);
    UNTIL(&rig, second->releases == 1);
    cr_assert_eq(second->ends, 0);
    rig_close(&rig);
}

Test(conn_owner, one_that_a_connection_names_may_not_go, .signal = SIGABRT)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer;
    struct side *side = open_one(&rig, &peer);
    conn_reset(side->conn); /* on_released is still to come */
    conn_check_left(side->conn, side);
}
