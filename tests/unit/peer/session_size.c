/* What an idle session costs in user memory: a million of them count. */
#include "io/net/conn.h"
#include "server/peer/peer.h"

#include <criterion/criterion.h>

#define MAP_OCTETS_MAX 16 /* of the map's array, just before it grows: map.h */
#define SESSION_BOUND  512

Test(session_size, records_and_map_stay_below_512_octets)
{
    size_t octets = sizeof(struct peer) + conn_record_size() + MAP_OCTETS_MAX;
    cr_expect_leq(sizeof(struct peer), 320, "a peer takes %zu", sizeof(struct peer));
    cr_expect_leq(sizeof(struct session), 136, "a session takes %zu", sizeof(struct session));
    cr_expect_leq(conn_record_size(), 128, "a connection takes %zu", conn_record_size());
    /* A sixteenth is left for pages that are partly used. */
    cr_expect_leq(octets, SESSION_BOUND - SESSION_BOUND / 16, "a session takes %zu", octets);
}
