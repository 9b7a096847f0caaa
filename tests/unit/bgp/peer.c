/* A peer over its life: OPENs, two connections, timers, and what becomes of what it has told. */
#include "core/bgp/peer.h"

#include "tests/unit/bgp/peers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* ---- OPEN ---- */

Test(bgp_peer, our_open_offers_link_state_and_what_helps_a_consumer)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    cr_assert(owner.sent_count == 1 && owner.sent[0].type == BGP_MESSAGE_OPEN);
    struct bgp_message message;
    struct bgp_fault fault;
    cr_assert(bgp_decode((struct wire_span){owner.sent[0].octets, owner.sent[0].size},
                         (struct bgp_options){0}, &owner.arena, &message, &fault) == PCE_OK);
    const struct bgp_open_message *open = &message.open;
    cr_expect(open->body.version == 4 && open->body.my_as == 65000 &&
              open->body.hold_time_s == 180);
    const struct bgp_multiprotocol *family =
        bgp_find_capability(open, BGP_CAPABILITY_MULTIPROTOCOL);
    const struct bgp_four_octet_as *as4 = bgp_find_capability(open, BGP_CAPABILITY_FOUR_OCTET_AS);
    const struct bgp_graceful_restart *restart =
        bgp_find_capability(open, BGP_CAPABILITY_GRACEFUL_RESTART);
    cr_assert(family != NULL && as4 != NULL && restart != NULL);
    cr_expect(family->afi == BGP_AFI_LS && family->safi == BGP_SAFI_LS);
    cr_expect_eq(as4->as_number, 65000);
    cr_expect(restart->families.count == 0 && restart->flags == BGP_RESTART_N,
              "a helper keeps nothing of its own");
    cr_expect_not_null(bgp_find_capability(open, BGP_CAPABILITY_ROUTE_REFRESH));
    cr_expect_not_null(bgp_find_capability(open, BGP_CAPABILITY_ENHANCED_ROUTE_REFRESH));
    cr_expect_not_null(bgp_find_capability(open, BGP_CAPABILITY_EXTENDED_MESSAGE));
    bgp_owner_fini(&owner);
}

static unsigned answer_to_open(const char *open)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    (void)peers_feed(&owner, BGP_OUTGOING, open);
    unsigned answer = peers_notified(&owner);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), answer == 0 ? BGP_OPEN_CONFIRM : BGP_CLOSING);
    bgp_owner_fini(&owner);
    return answer;
}

#define LS_ONLY "08 0206 0104 40040047"

Test(bgp_peer, each_mistake_of_an_open_has_its_answer)
{
    cr_expect_eq(answer_to_open(PEER_OPEN), 0);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000209", LS_ONLY)), 0);
    cr_expect_eq(answer_to_open(MARKER "0000 01 05 fde8 005a c0000209 " LS_ONLY),
                 BGP_ERROR_UNSUPPORTED_VERSION);
    cr_expect_eq(answer_to_open(PEER_OPEN_BAD), BGP_ERROR_BAD_PEER_AS);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("5ba0", "005a", "c0000209",
                                             "0e 020c 0104 40040047 4104 0000fde9")),
                 BGP_ERROR_BAD_PEER_AS);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "00000000", LS_ONLY)),
                 BGP_ERROR_BAD_IDENTIFIER);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000201", LS_ONLY)),
                 BGP_ERROR_BAD_IDENTIFIER);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "0001", "c0000209", LS_ONLY)),
                 BGP_ERROR_BAD_HOLD_TIME);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "0002", "c0000209", LS_ONLY)),
                 BGP_ERROR_BAD_HOLD_TIME);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "0003", "c0000209", LS_ONLY)), 0);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "0000", "c0000209", LS_ONLY)), 0);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000209", "03 0101 00")),
                 BGP_ERROR_UNSUPPORTED_PARAMETER);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000209", "00")),
                 BGP_ERROR_UNSUPPORTED_CAPABILITY);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000209", "08 0206 0104 00010001")),
                 BGP_ERROR_UNSUPPORTED_CAPABILITY);
    cr_expect_eq(answer_to_open(PEER_OPEN_OF("fde8", "005a", "c0000209", "05 0206 010440")),
                 BGP_ERROR_OPEN_UNSPECIFIC);
}

Test(bgp_peer, what_both_say_holds)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    const struct bgp_connection *connection = bgp_peer_established(&owner.peer);
    cr_assert_not_null(connection);
    const struct bgp_negotiated *negotiated = &connection->negotiated;
    cr_expect_eq(negotiated->hold_time_s, 90, "the smaller one");
    cr_expect(negotiated->has_as4 && negotiated->has_extended && negotiated->has_refresh &&
              negotiated->has_enhanced_refresh && negotiated->has_restart);
    cr_expect(negotiated->restart_time_s == 120 && !negotiated->has_restart_notified);
    cr_expect(connection->frame.is_extended);
    cr_expect_eq(bgp_peer_foremost(&owner.peer), connection);
    bgp_owner_fini(&owner);
}

/* ---- timers ---- */

Test(bgp_peer, keepalives_go_out_each_third_of_the_hold_time)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    unsigned before = owner.sent_count;
    bgp_owner_wait(&owner, 29999);
    cr_expect_eq(owner.sent_count, before);
    bgp_owner_wait(&owner, 1);
    cr_expect(owner.sent_count == before + 1 && owner.sent[before].type == BGP_MESSAGE_KEEPALIVE);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, silence_ends_at_the_hold_time_and_every_message_restarts_it)
{
    static const char *const messages[] = {PEER_KEEPALIVE, PEER_END_OF_RIB, PEER_REFRESH};
    for (unsigned i = 0; i < 3; i++) {
        struct bgp_owner owner;
        bgp_owner_init(&owner, &peers_config);
        peers_reach(&owner, BGP_ESTABLISHED);
        bgp_owner_wait(&owner, 89999);
        cr_expect(peers_feed(&owner, BGP_OUTGOING, messages[i]));
        bgp_owner_wait(&owner, 89999);
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_ESTABLISHED);
        bgp_owner_wait(&owner, 1);
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CLOSING);
        cr_expect_eq(peers_notified(&owner), BGP_ERROR_HOLD_TIMER);
        cr_expect_eq(owner.peer.connections[BGP_OUTGOING].verdict.by, BGP_BY_TIMER);
        bgp_owner_fini(&owner);
    }
}

Test(bgp_peer, unread_input_spares_a_peer_for_a_while)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    owner.has_unread = true;
    bgp_owner_wait(&owner, 90000);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_ESTABLISHED);
    owner.has_unread = false;
    bgp_owner_wait(&owner, 10000);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CLOSING);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_hold_time_of_zero_has_no_timers)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_OPEN_OF("fde8", "0000", "c0000209", LS_ONLY)));
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
    bgp_peer_on_progress(&owner.peer, BGP_OUTGOING, false, owner.now);
    cr_expect(mono_is_never(bgp_peer_deadline(&owner.peer)));
    bgp_owner_fini(&owner);
}

Test(bgp_peer, an_open_is_awaited_for_four_minutes)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    bgp_owner_wait(&owner, 239999);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_OPEN_SENT);
    bgp_owner_wait(&owner, 1);
    cr_expect_eq(peers_notified(&owner), BGP_ERROR_HOLD_TIMER);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_peer_that_takes_nothing_is_ended_without_a_word)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    bgp_peer_on_progress(&owner.peer, BGP_OUTGOING, true, owner.now);
    for (unsigned i = 0; i < 8; i++) {
        bgp_owner_wait(&owner, i < 7 ? 60000 : 59999);
        (void)peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE);
        if (i == 3) /* progress, and what comes after it waits anew */
            bgp_peer_on_progress(&owner.peer, BGP_OUTGOING, true, owner.now);
    }
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_ESTABLISHED);
    for (unsigned i = 0; i < 4; i++) {
        bgp_owner_wait(&owner, 60000);
        (void)peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE);
    }
    bgp_owner_wait(&owner, 1);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CLOSING);
    cr_expect(owner.last_end == BGP_END_RESET && peers_notified(&owner) == 0);
    cr_expect_eq(owner.peer.connections[BGP_OUTGOING].verdict.code, 8);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, the_send_hold_time_is_eight_minutes_or_twice_the_hold_time)
{
    cr_expect_eq(bgp_send_hold_default_s(0), 480);
    cr_expect_eq(bgp_send_hold_default_s(180), 480);
    cr_expect_eq(bgp_send_hold_default_s(241), 482);
}

Test(bgp_peer, attempts_are_repeated_and_pauses_grow)
{
    static const unsigned pauses[] = {5, 10, 20, 40, 60, 60};
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    owner.ends_at_once = true;
    bgp_peer_start(&owner.peer, owner.now);
    for (unsigned i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        bgp_peer_on_transport_up(&owner.peer, owner.now);
        cr_expect_not(peers_feed(&owner, BGP_OUTGOING, PEER_NOTIFICATION));
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_IDLE);
        bgp_owner_wait(&owner, pauses[i] * 1000 - 1);
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_IDLE, "pause %u", i);
        bgp_owner_wait(&owner, 1);
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CONNECT, "pause %u", i);
    }
    cr_expect_eq(owner.connects, 1 + sizeof pauses / sizeof pauses[0]);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_connection_that_fails_is_tried_again_after_connect_retry)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ACTIVE);
    cr_expect_eq(owner.peer.connections[BGP_OUTGOING].verdict.by, BGP_BY_NETWORK);
    bgp_owner_wait(&owner, 120000);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CONNECT);
    cr_expect_eq(owner.connects, 2);
    bgp_owner_wait(&owner, 120000);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CLOSING, "no answer");
    bgp_owner_fini(&owner);
}

/* ---- two connections ---- */

Test(bgp_peer, a_passive_peer_is_waited_for)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_passive);
    cr_expect_not(bgp_owner_accept(&owner), "not before it is started");
    bgp_peer_start(&owner.peer, owner.now);
    cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_ACTIVE);
    cr_expect(mono_is_never(bgp_peer_deadline(&owner.peer)));
    cr_assert(bgp_owner_accept(&owner));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_OPEN));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_KEEPALIVE));
    bgp_owner_end(&owner, BGP_INCOMING, PCE_CLOSED);
    cr_expect_eq(owner.connects, 0);
    cr_expect(bgp_owner_accept(&owner), "it may come back at once");
    bgp_owner_fini(&owner);
}

/* Both have opened a connection; which one stays. */
static void collide(const char *open, enum bgp_connection_id first, enum bgp_connection_id stays)
{
    enum bgp_connection_id second = first == BGP_OUTGOING ? BGP_INCOMING : BGP_OUTGOING;
    enum bgp_connection_id goes = stays == BGP_OUTGOING ? BGP_INCOMING : BGP_OUTGOING;
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    cr_assert(bgp_owner_accept(&owner));
    cr_assert(peers_feed(&owner, first, open));
    (void)peers_feed(&owner, second, open);
    cr_expect_eq(peers_state(&owner, stays), BGP_OPEN_CONFIRM);
    cr_expect_eq(peers_state(&owner, goes), BGP_CLOSING);
    cr_expect_eq(owner.peer.counters.collisions, 1);
    cr_expect_eq(owner.peer.connections[goes].verdict.subcode, BGP_ERROR_COLLISION & 0xFF);
    cr_assert(peers_feed(&owner, stays, PEER_KEEPALIVE));
    cr_expect_not_null(bgp_peer_established(&owner.peer));
    bgp_owner_fini(&owner);
}

Test(bgp_peer, of_two_connections_that_of_the_higher_identifier_stays)
{
    collide(PEER_OPEN, BGP_OUTGOING, BGP_INCOMING);
    collide(PEER_OPEN, BGP_INCOMING, BGP_INCOMING);
    collide(PEER_OPEN_LOWER, BGP_OUTGOING, BGP_OUTGOING);
    collide(PEER_OPEN_LOWER, BGP_INCOMING, BGP_OUTGOING);
}

Test(bgp_peer, an_attempt_of_ours_gives_way_to_one_that_is_established)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    owner.ends_at_once = true;
    peers_reach(&owner, BGP_CONNECT);
    cr_assert(bgp_owner_accept(&owner));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_OPEN));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_KEEPALIVE));
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_IDLE);
    bgp_owner_wait(&owner, 6000);
    cr_expect_eq(owner.connects, 1, "not while the other one lives");
    bgp_owner_end(&owner, BGP_INCOMING, PCE_RESET);
    bgp_owner_wait(&owner, 120000);
    cr_expect_eq(owner.connects, 2);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, an_established_connection_stays_and_the_second_goes)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_SENT);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_OPEN_OF("fde8", "005a", "c0000209", LS_ONLY)));
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
    cr_assert(bgp_owner_accept(&owner), "it is heard");
    cr_expect_not(peers_feed(&owner, BGP_INCOMING, PEER_OPEN));
    cr_expect_eq(peers_notified(&owner), BGP_ERROR_COLLISION);
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_ESTABLISHED);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_peer_that_restarts_gracefully_replaces_its_old_connection)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    cr_assert(bgp_owner_accept(&owner));
    cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_CLOSING);
    cr_expect_eq(owner.tables[BGP_TABLE_STALE], 1);
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_OPEN));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_KEEPALIVE));
    cr_assert(peers_feed(&owner, BGP_INCOMING, PEER_END_OF_RIB));
    cr_expect(owner.tables[BGP_TABLE_COMPLETE] == 1 && owner.tables[BGP_TABLE_GONE] == 0);
    bgp_owner_fini(&owner);
}

/* A peer that has lost its connection without a word opens the next. */
Test(bgp_peer, a_second_connection_of_the_peer_is_usable_while_the_first_waits)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_passive);
    bgp_peer_start(&owner.peer, owner.now);
    cr_assert(bgp_owner_accept(&owner));
    bgp_owner_wait(&owner, 1000);
    cr_assert(bgp_owner_accept(&owner));
    cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_OPEN_SENT, "either may be the one");
    cr_assert(peers_feed(&owner, BGP_INCOMING_2, PEER_OPEN));
    cr_assert(peers_feed(&owner, BGP_INCOMING_2, PEER_KEEPALIVE));
    cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_CLOSING);
    cr_expect_eq(bgp_peer_established(&owner.peer), &owner.peer.connections[BGP_INCOMING_2]);
    cr_expect_eq(bgp_peer_foremost(&owner.peer), &owner.peer.connections[BGP_INCOMING_2]);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, of_two_that_the_peer_opened_the_newer_one_stays)
{
    for (unsigned older_first = 0; older_first < 2; older_first++) {
        struct bgp_owner owner;
        enum bgp_connection_id first = older_first != 0 ? BGP_INCOMING : BGP_INCOMING_2;
        enum bgp_connection_id second = older_first != 0 ? BGP_INCOMING_2 : BGP_INCOMING;
        bgp_owner_init(&owner, &peers_passive);
        bgp_peer_start(&owner.peer, owner.now);
        cr_assert(bgp_owner_accept(&owner));
        bgp_owner_wait(&owner, 1000);
        cr_assert(bgp_owner_accept(&owner));
        cr_assert(peers_feed(&owner, first, PEER_OPEN));
        bgp_owner_wait(&owner, older_first != 0 ? 0 : 1000);
        (void)peers_feed(&owner, second, PEER_OPEN);
        cr_expect_eq(owner.peer.counters.collisions, 1);
        cr_expect_eq(peers_state(&owner, BGP_INCOMING_2), BGP_OPEN_CONFIRM);
        cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_CLOSING);
        bgp_owner_fini(&owner);
    }
}

Test(bgp_peer, the_last_place_ends_the_oldest_that_waits_and_then_there_is_none)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_passive);
    bgp_peer_start(&owner.peer, owner.now);
    for (unsigned i = 0; i < 3; i++) {
        bgp_owner_wait(&owner, 1000);
        cr_assert(bgp_owner_accept(&owner));
    }
    cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_CLOSING);
    cr_expect_eq(peers_notified(&owner), BGP_ERROR_COLLISION);
    cr_expect_eq(owner.peer.counters.superseded, 1);
    cr_expect_not(bgp_owner_accept(&owner), "the end of the oldest takes its time");
    bgp_owner_end(&owner, BGP_INCOMING, PCE_OK);
    bgp_owner_wait(&owner, 1000);
    cr_assert(bgp_owner_accept(&owner));
    cr_expect_eq(peers_state(&owner, BGP_INCOMING), BGP_OPEN_SENT, "not the newest, in place 1");
    cr_expect_eq(peers_state(&owner, BGP_INCOMING_2), BGP_CLOSING);
    cr_expect_eq(owner.peer.counters.superseded, 2);
    bgp_owner_fini(&owner);
}

/* ---- what becomes of what the peer has told ---- */

static void expect_tables(const struct bgp_owner *owner, unsigned stale, unsigned complete,
                          unsigned gone)
{
    cr_expect(owner->tables[BGP_TABLE_STALE] == stale &&
                  owner->tables[BGP_TABLE_COMPLETE] == complete &&
                  owner->tables[BGP_TABLE_GONE] == gone,
              "stale %u, complete %u, gone %u", owner->tables[BGP_TABLE_STALE],
              owner->tables[BGP_TABLE_COMPLETE], owner->tables[BGP_TABLE_GONE]);
}

Test(bgp_peer, the_network_of_a_peer_that_does_not_come_back_goes_after_its_restart_time)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    bgp_owner_end(&owner, BGP_OUTGOING, PCE_RESET);
    expect_tables(&owner, 1, 0, 0);
    bgp_owner_wait(&owner, 119999);
    expect_tables(&owner, 1, 0, 0);
    bgp_owner_wait(&owner, 1);
    expect_tables(&owner, 1, 0, 1);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, the_network_of_one_that_comes_back_is_swept_at_end_of_rib_or_in_time)
{
    for (unsigned i = 0; i < 2; i++) {
        struct bgp_owner owner;
        bgp_owner_init(&owner, &peers_config);
        peers_reach(&owner, BGP_ESTABLISHED);
        bgp_owner_end(&owner, BGP_OUTGOING, PCE_RESET);
        bgp_owner_wait(&owner, 5000);
        bgp_peer_on_transport_up(&owner.peer, owner.now);
        cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_OPEN));
        cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
        expect_tables(&owner, 1, 0, 0);
        if (i == 0)
            cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_END_OF_RIB));
        for (unsigned k = 0; i == 1 && k < 5; k++) {
            bgp_owner_wait(&owner, 60000);
            cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
        }
        expect_tables(&owner, 1, 1, 0);
        cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_END_OF_RIB));
        expect_tables(&owner, 1, 1, 0);
        bgp_owner_fini(&owner);
    }
}

Test(bgp_peer, a_second_end_while_it_is_told_anew_makes_all_stale_again)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    bgp_owner_end(&owner, BGP_OUTGOING, PCE_RESET);
    bgp_owner_wait(&owner, 5000);
    bgp_peer_on_transport_up(&owner.peer, owner.now);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_OPEN));
    cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
    bgp_owner_end(&owner, BGP_OUTGOING, PCE_RESET);
    expect_tables(&owner, 2, 0, 0);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_notification_keeps_the_network_only_where_the_peer_said_so)
{
    static const struct {
        const char *capabilities;
        const char *message;
        bool is_kept;
    } cases[] = {
        {"10 020e 0104 40040047 4006 8078 40044700", PEER_NOTIFICATION, false},
        {"10 020e 0104 40040047 4006 c078 40044700", PEER_NOTIFICATION, true},
        {"10 020e 0104 40040047 4006 c078 40044700", PEER_HARD_RESET, false},
        {"10 020e 0104 40040047 4006 c078 00010180", PEER_NOTIFICATION, false},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char open[512];
        struct bgp_owner owner;
        (void)snprintf(open, sizeof open, MARKER "0000 01 04 fde8 005a c0000209 %s",
                       cases[i].capabilities);
        bgp_owner_init(&owner, &peers_config);
        peers_reach(&owner, BGP_OPEN_SENT);
        cr_assert(peers_feed(&owner, BGP_OUTGOING, open));
        cr_assert(peers_feed(&owner, BGP_OUTGOING, PEER_KEEPALIVE));
        cr_expect_not(peers_feed(&owner, BGP_OUTGOING, cases[i].message));
        cr_expect_eq(owner.tables[BGP_TABLE_STALE], cases[i].is_kept ? 1U : 0U, "case %u", i);
        cr_expect_eq(owner.tables[BGP_TABLE_GONE], cases[i].is_kept ? 0U : 1U, "case %u", i);
        bgp_owner_fini(&owner);
    }
}

Test(bgp_peer, a_configured_time_keeps_the_network_after_any_end)
{
    struct bgp_peer_config config = peers_config;
    struct bgp_owner owner;
    config.restart.keep_s = 600;
    bgp_owner_init(&owner, &config);
    peers_reach(&owner, BGP_ESTABLISHED);
    cr_expect_not(peers_feed(&owner, BGP_OUTGOING, PEER_HARD_RESET));
    expect_tables(&owner, 1, 0, 0);
    bgp_peer_stop(&owner.peer, BGP_ERROR_SHUTDOWN, NULL, owner.now);
    bgp_owner_wait(&owner, 600000);
    expect_tables(&owner, 1, 0, 1);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, a_peer_that_never_was_there_leaves_nothing_to_keep)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_OPEN_CONFIRM);
    bgp_owner_end(&owner, BGP_OUTGOING, PCE_RESET);
    bgp_peer_forget(&owner.peer);
    expect_tables(&owner, 0, 0, 0);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, an_enhanced_refresh_sweeps_what_was_not_told_again)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    cr_expect(bgp_peer_refresh(&owner.peer, owner.now));
    cr_expect_eq(owner.sent[owner.sent_count - 1].type, BGP_MESSAGE_ROUTE_REFRESH);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, MARKER "0000 05 4004 01 47"));
    expect_tables(&owner, 1, 0, 0);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, MARKER "0000 05 0001 02 01"));
    expect_tables(&owner, 1, 0, 0);
    cr_assert(peers_feed(&owner, BGP_OUTGOING, MARKER "0000 05 4004 02 47"));
    expect_tables(&owner, 1, 1, 0);
    bgp_owner_fini(&owner);
}

/* ---- messages and ends ---- */

Test(bgp_peer, updates_are_handed_over_with_what_is_wrong_in_them)
{
    struct bgp_owner owner;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    struct octets octets =
        read_hex_file(source_path("tests/golden/bgp/malformed-ls-attribute.hex"));
    cr_expect(bgp_owner_feed(&owner, BGP_OUTGOING, octets.at, octets.size));
    cr_expect(owner.updates == 1 && owner.last_action == BGP_ACTION_DISCARD);
    cr_expect_eq(owner.peer.counters.faults[BGP_ACTION_DISCARD], 1);
    octets_free(&octets);
    bgp_owner_fini(&owner);
}

Test(bgp_peer, an_operators_text_goes_out_whole_or_to_its_last_whole_character)
{
    char text[300];
    struct bgp_owner owner;
    memset(text, 'x', sizeof text);
    memcpy(text + 254, "\xc3\xa9", 2); /* a character across the limit */
    text[299] = '\0';
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    bgp_peer_stop(&owner.peer, BGP_ERROR_SHUTDOWN, text, owner.now);
    const struct bgp_sent *last = &owner.sent[owner.sent_count - 1];
    cr_expect_eq(peers_notified(&owner), BGP_ERROR_SHUTDOWN);
    cr_expect(last->octets[21] == 254 && last->size == 22 + 254);
    cr_expect_eq(owner.peer.notice_sent.code, 6);
    cr_expect_eq(strlen(owner.peer.notice_sent.text), 254);
    bgp_owner_fini(&owner);
}

/* Cease, administrative shutdown, with this much behind it. */
#define PEER_SHUTDOWN(text) MARKER "0000 03 0602 " text

static const char *text_received(struct bgp_owner *owner, const char *hex)
{
    bgp_owner_init(owner, &peers_config);
    peers_reach(owner, BGP_ESTABLISHED);
    (void)peers_feed(owner, BGP_OUTGOING, hex);
    cr_assert_not(mono_is_never(owner->peer.notice_received.at));
    bgp_owner_fini(owner);
    return owner->peer.notice_received.text;
}

Test(bgp_peer, the_peers_text_is_kept_as_far_as_it_may_be_shown)
{
    struct bgp_owner owner;
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("03 616263")), "abc");
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("00")), "");
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("")), "");
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("04 616263")), "", "not all is there");
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("04 611b5b62")), "a [b", "an escape");
    cr_expect_str_eq(text_received(&owner, PEER_SHUTDOWN("03 61c361")), "a", "half a character");
    cr_expect_str_eq(text_received(&owner, MARKER "0000 03 0603 03 616263"), "", "of no text");
}

Test(bgp_peer, messages_in_pieces_and_in_one_piece_are_the_same)
{
    struct octets open = bgp_octets(PEER_OPEN);
    struct octets keepalive = bgp_octets(PEER_KEEPALIVE);
    uint8_t stream[256];
    size_t size = open.size + keepalive.size;
    memcpy(stream, open.at, open.size);
    memcpy(stream + open.size, keepalive.at, keepalive.size);
    for (size_t piece = 1; piece <= size; piece++) {
        struct bgp_owner owner;
        bgp_owner_init(&owner, &peers_config);
        peers_reach(&owner, BGP_OPEN_SENT);
        for (size_t at = 0; at < size; at += piece)
            cr_assert(bgp_owner_feed(&owner, BGP_OUTGOING, stream + at,
                                     size - at < piece ? size - at : piece));
        cr_expect_eq(peers_state(&owner, BGP_OUTGOING), BGP_ESTABLISHED, "pieces of %zu", piece);
        bgp_owner_fini(&owner);
    }
    octets_free(&open);
    octets_free(&keepalive);
}

Test(bgp_peer, a_full_arena_ends_the_session_and_says_so)
{
    struct bgp_owner owner;
    struct arena none;
    bgp_owner_init(&owner, &peers_config);
    peers_reach(&owner, BGP_ESTABLISHED);
    arena_init(&none, 0);
    struct octets octets = bgp_octets(PEER_END_OF_RIB);
    cr_expect_not(bgp_peer_receive(&owner.peer, BGP_OUTGOING,
                                   (struct wire_span){octets.at, octets.size}, &none, owner.now));
    cr_expect_eq(peers_notified(&owner), BGP_ERROR_OUT_OF_RESOURCES);
    octets_free(&octets);
    arena_fini(&none);
    bgp_owner_fini(&owner);
}
