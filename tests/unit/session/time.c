/* Timers on a clock that the test turns. */
#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>

static struct owner owner;

static void set_up(void)
{
    owner_init(&owner, SESSION_ACCEPTED);
}

static void tear_down(void)
{
    owner_fini(&owner);
}

TestSuite(session_time, .init = set_up, .fini = tear_down);

static uint64_t seconds_to_deadline(void)
{
    return mono_since_ns(session_deadline(&owner.base.session), owner.now) / MONO_NS_PER_S;
}

Test(session_time, open_wait_ends_after_its_time_and_not_before)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_clear(&owner);
    cr_assert_eq(seconds_to_deadline(), 60);
    owner_turn(&owner, 59);
    cr_assert_eq(owner.base.session.state, SESSION_OPEN_WAIT);
    owner_turn(&owner, 1);
    cr_assert_str_eq(owner_describe(&owner, 0), "PCErr 1/2");
    cr_assert(mono_is_never(session_deadline(&owner.base.session)));
}

Test(session_time, octets_of_half_an_open_do_not_prolong_open_wait)
{
    session_start(&owner.base.session, 7, owner.now);
    for (int i = 0; i < 3; i++) {
        owner_turn(&owner, 19);
        owner_feed_hex(&owner, i == 0 ? "20" : "01");
    }
    owner_turn(&owner, 3);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
}

Test(session_time, keep_wait_ends_after_its_time_and_keeps_alive_meanwhile)
{
    owner_reach(&owner, SESSION_KEEP_WAIT);
    owner_run(&owner, 59);
    cr_assert_eq(owner.message_count, 1);
    cr_assert_str_eq(owner_describe(&owner, 0), "Keepalive");
    owner_clear(&owner);
    owner_run(&owner, 1);
    cr_assert_str_eq(owner_describe(&owner, 0), "PCErr 1/7");
}

Test(session_time, a_connection_may_take_a_minute)
{
    session_connect(&owner.base.session, owner.now);
    owner_turn(&owner, SESSION_CONNECT_S - 1);
    cr_assert_eq(owner.base.session.state, SESSION_TCP_PENDING);
    owner_turn(&owner, 1);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
    cr_assert_eq(owner.end_how, SESSION_END_RESET);
}

Test(session_time, keepalives_leave_at_their_instants)
{
    owner_reach(&owner, SESSION_UP);
    for (int i = 0; i < 100; i++) {
        owner_clear(&owner);
        owner_turn(&owner, 29);
        cr_assert_eq(owner.message_count, 0);
        owner_turn(&owner, 1);
        cr_assert_eq(owner.message_count, 1);
        cr_assert(owner_message_is(&owner, 0, "2002 0004"));
        owner_feed_hex(&owner, PEER_KEEPALIVE);
    }
}

Test(session_time, what_is_sent_puts_the_keepalive_off)
{
    struct wire_writer writer;
    owner_reach(&owner, SESSION_UP);
    owner_turn(&owner, 20);
    cr_assert_eq(session_open_message(&owner.base.session, 4, &writer), PCE_OK);
    wire_put_zeros(&writer, 4);
    cr_assert_eq(session_commit_message(&owner.base.session, &writer, SESSION_DATA, owner.now),
                 PCE_OK);
    owner_clear(&owner);
    owner_turn(&owner, 29);
    cr_assert_eq(owner.message_count, 0);
    owner_turn(&owner, 1);
    cr_assert_eq(owner.message_count, 1);
}

Test(session_time, keepalive_zero_sends_none)
{
    owner.config.keepalive_s = 0;
    owner_reach(&owner, SESSION_UP);
    cr_assert_eq(seconds_to_deadline(), 120, "only the dead timer runs");
    owner_run(&owner, 119);
    cr_assert_eq(owner.message_count, 0);
}

Test(session_time, a_peer_that_takes_nothing_does_not_stop_the_clock)
{
    owner_reach(&owner, SESSION_UP);
    owner.base.room = 0;
    owner_turn(&owner, 30);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(seconds_to_deadline(), 30);
    owner.base.room = SESSION_OWNER_ROOM;
    owner_turn(&owner, 30);
    cr_assert_eq(owner.message_count, 1);
}

Test(session_time, what_a_timer_ends_the_timer_has_ended)
{
    static const enum session_state states[] = {SESSION_TCP_PENDING, SESSION_OPEN_WAIT,
                                                SESSION_KEEP_WAIT, SESSION_UP};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        owner_fini(&owner);
        owner_init(&owner, states[i] == SESSION_TCP_PENDING ? SESSION_INITIATED : SESSION_ACCEPTED);
        owner_reach(&owner, states[i]);
        owner_run(&owner, 125);
        cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
        cr_expect_eq(owner.base.session.verdict.by, SESSION_BY_TIMER, "state %d", (int)states[i]);
    }
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_UP);
    session_on_send_hold(&owner.base.session, owner.now);
    cr_expect_eq(owner.base.session.verdict.by, SESSION_BY_TIMER);
}

Test(session_time, the_peers_dead_timer_runs_and_any_message_restarts_it)
{
    owner_reach(&owner, SESSION_UP);
    owner_run(&owner, 119);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    owner_feed_hex(&owner, PEER_PCNTF);
    owner_run(&owner, 119);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    owner_clear(&owner);
    owner_run(&owner, 1);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
    cr_assert(owner_message_is(&owner, 0, "2007 000c 0f10 0008 0000 0002"));
    cr_assert_eq(owner.base.session.verdict.close_reason, 2);
    cr_assert_eq(owner.base.session.verdict.by, SESSION_BY_TIMER);
}

Test(session_time, half_a_message_does_not_restart_the_dead_timer)
{
    owner_reach(&owner, SESSION_UP);
    owner_run(&owner, 100);
    owner_feed_hex(&owner, "2005 000c 0c10");
    owner_run(&owner, 20);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
}

Test(session_time, unread_input_gives_a_peer_ten_seconds_more)
{
    owner_reach(&owner, SESSION_UP);
    owner.base.has_unread = true;
    owner_run(&owner, 125);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(mono_since_ns(owner.base.session.wait_deadline, owner.now), 5 * MONO_NS_PER_S);
    owner.base.has_unread = false;
    owner_run(&owner, 5);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
    cr_assert_eq(owner.base.session.verdict.close_reason, 2);
}

Test(session_time, a_peer_without_keepalives_has_no_dead_timer)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN_SILENT PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(owner.base.session.dead_timer_s, 0);
    owner_run(&owner, 1000);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
}

Test(session_time, five_unknown_messages_within_a_minute_are_too_many)
{
    owner_reach(&owner, SESSION_UP);
    for (int i = 0; i < 4; i++)
        owner_feed_hex(&owner, PEER_UNKNOWN);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert(owner_message_is(&owner, 3, "2006 000c 0d10 0008 0000 0200"));
    owner_feed_hex(&owner, PEER_UNKNOWN PEER_UNKNOWN);
    cr_assert_eq(owner.message_count, 6);
    cr_assert_str_eq(owner_describe(&owner, 5), "Close 5");
    cr_assert_eq(owner.base.session.verdict.close_reason, 5);
}

Test(session_time, four_unknown_messages_a_minute_are_borne)
{
    owner_reach(&owner, SESSION_UP);
    for (int minute = 0; minute < 10; minute++) {
        for (int i = 0; i < 4; i++)
            owner_feed_hex(&owner, PEER_UNKNOWN);
        owner_turn(&owner, 60);
        owner_clear(&owner);
    }
    cr_assert_eq(owner.base.session.state, SESSION_UP);
}

Test(session_time, five_unknown_requests_within_a_minute_are_too_many)
{
    owner_reach(&owner, SESSION_UP);
    for (int i = 0; i < 4; i++)
        session_count_unknown_request(&owner.base.session, owner.now);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    owner_turn(&owner, 60);
    owner_clear(&owner);
    for (int i = 0; i < 5; i++)
        session_count_unknown_request(&owner.base.session, owner.now);
    cr_assert_eq(owner.message_count, 1);
    cr_assert_str_eq(owner_describe(&owner, 0), "Close 4");
}

Test(session_time, the_send_hold_reason_is_configured)
{
    owner.config.send_hold_reason = 200;
    owner_reach(&owner, SESSION_UP);
    session_on_send_hold(&owner.base.session, owner.now);
    cr_assert_str_eq(owner_describe(&owner, 0), "Close 200");
}

Test(session_time, looking_at_the_clock_too_early_does_nothing)
{
    owner_reach(&owner, SESSION_UP);
    struct session before = owner.base.session;
    session_on_time(&owner.base.session, owner.now);
    cr_assert_eq(owner.message_count, 0);
    cr_assert_eq(before.keepalive_deadline.ns, owner.base.session.keepalive_deadline.ns);
}
