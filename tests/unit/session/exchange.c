/* Scripted exchanges: the way to UP for both roles, negotiation, and what goes wrong on it. */
#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define OUR_OPEN                                                                                   \
    "2001 0040 0110 003c 201e 7807 0010 0004 0000 0005 0022 0018 0000 0003 0001 0300"              \
    "001a 0004 0000 0500 001b 0004 0000 0004 0023 000c 0001 0002 0004 0005 0006 0008"

static struct owner owner;

static void set_up(void)
{
    owner_init(&owner, SESSION_ACCEPTED);
}

static void tear_down(void)
{
    owner_fini(&owner);
}

TestSuite(exchange, .init = set_up, .fini = tear_down);

static void expect_messages(size_t count, const char *first)
{
    cr_assert_eq(owner.message_count, count, "%zu messages", owner.message_count);
    cr_assert_str_eq(owner_describe(&owner, 0), first);
}

static void expect_verdict(uint8_t error_type, uint8_t error_value, uint8_t close_reason)
{
    cr_expect_eq(owner.base.session.state, SESSION_CLOSING);
    cr_expect_eq(owner.base.session.verdict.error_type, error_type);
    cr_expect_eq(owner.base.session.verdict.error_value, error_value);
    cr_expect_eq(owner.base.session.verdict.close_reason, close_reason);
}

Test(exchange, our_open_goes_out_at_once_with_its_tlvs)
{
    session_start(&owner.base.session, 7, owner.now);
    cr_assert_eq(owner.message_count, 1);
    cr_assert(owner_message_is(&owner, 0, OUR_OPEN));
    cr_assert_eq(owner.messages[0].message_class, SESSION_CONTROL);
    cr_assert_eq(owner.base.session.state, SESSION_OPEN_WAIT);
}

Test(exchange, our_open_says_what_is_configured)
{
    owner.config.stateful = false;
    owner.config.srv6 = false;
    owner.config.rsvp_te = false;
    session_start(&owner.base.session, 255, owner.now);
    cr_assert(owner_message_is(&owner, 0,
                               "2001 0020 0110 001c 201e 78ff 0022 0010 0000 0001 0100 0000"
                               "001a 0004 0000 0500"));
}

Test(exchange, our_open_is_never_without_tlvs)
{
    owner.config.stateful = false;
    owner.config.srv6 = false;
    owner.config.sr_mpls = false;
    owner.config.rsvp_te = false;
    session_start(&owner.base.session, 0, owner.now);
    cr_assert(owner_message_is(&owner, 0, "2001 0014 0110 0010 201e 7800 0022 0004 0000 0000"));
}

Test(exchange, a_session_without_keepalives_advertises_no_dead_timer)
{
    owner.config.keepalive_s = 0;
    session_start(&owner.base.session, 7, owner.now);
    cr_assert_eq(owner.octets[9], 0);
    cr_assert_eq(owner.octets[10], 0);
}

Test(exchange, a_real_peers_open_and_keepalive_lead_to_up)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_OPEN);
    expect_messages(1, "Keepalive");
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    const struct session_peer_open *peer = &owner.base.session.peer;
    cr_expect_eq(peer->keepalive_s, 30);
    cr_expect_eq(peer->dead_timer_s, 120);
    cr_expect_eq(peer->stateful_flags, 5);
    cr_expect(peer->stateful && peer->has_pst_list && peer->sr && !peer->sr_unlimited_msd);
    cr_expect_eq(peer->psts, 2);
    cr_expect_eq(peer->sr_msd, 10);
    cr_expect_eq(owner.base.session.dead_timer_s, 120);
}

Test(exchange, a_session_that_we_open_goes_the_same_way)
{
    owner.base.session.role = SESSION_INITIATED;
    session_connect(&owner.base.session, owner.now);
    cr_assert_eq(owner.base.session.state, SESSION_TCP_PENDING);
    cr_assert_eq(owner.message_count, 0);
    session_start(&owner.base.session, 1, owner.now);
    owner_feed_hex(&owner, PEER_OPEN PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(owner.base.session.counters.messages_received, 2);
    cr_assert_eq(owner.base.session.counters.messages_sent, 2);
}

Test(exchange, octet_by_octet_is_the_same_as_at_once)
{
    uint8_t octets[128];
    size_t size =
        session_owner_parse_hex(PEER_OPEN PEER_KEEPALIVE PEER_PCNTF, octets, sizeof octets);
    session_start(&owner.base.session, 7, owner.now);
    for (size_t i = 0; i < size; i++)
        owner_feed(&owner, octets + i, 1);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(owner.delivered_count, 1);
    cr_assert_eq(owner.delivered_type, PCEP_MESSAGE_PCNTF);
    cr_assert_null(owner.base.session.frame.partial, "an idle session owns no buffer");
}

Test(exchange, coalesced_messages_are_taken_one_by_one)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN PEER_KEEPALIVE PEER_PCNTF PEER_PCNTF PEER_PCNTF "20");
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    cr_assert_eq(owner.delivered_count, 3);
    owner_feed_hex(&owner, "02 0004");
    cr_assert_eq(owner.base.session.counters.messages_received, 6);
}

Test(exchange, what_follows_a_close_is_not_read)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, PEER_CLOSE PEER_PCNTF "20");
    expect_verdict(0, 0, 1);
    cr_assert_eq(owner.base.session.verdict.by, SESSION_BY_PEER);
    cr_assert_eq(owner.delivered_count, 0);
    cr_assert_eq(owner.message_count, 0, "a Close is not answered");
    cr_assert_eq(owner.end_how, SESSION_END_QUIET);
    cr_assert_null(owner.base.session.frame.partial);
}

Test(exchange, a_transport_that_ends_within_the_call_is_fine)
{
    owner.ends_at_once = true;
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, PEER_CLOSE PEER_PCNTF);
    cr_assert_eq(owner.base.session.state, SESSION_IDLE);
    cr_assert_eq(owner.base.session.verdict.close_reason, 1);
}

Test(exchange, a_split_message_is_released_when_the_transport_ends)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, "2005 000c 0c10");
    cr_assert_not_null(owner.base.session.frame.partial);
    session_on_transport_end(&owner.base.session, PCE_CLOSED, owner.now);
    cr_assert_null(owner.base.session.frame.partial);
    cr_assert_eq(owner.base.session.verdict.by, SESSION_BY_PEER);
}

Test(exchange, how_the_transport_ends_says_who_ended_the_session)
{
    static const struct {
        enum pce_status status;
        enum session_ender by;
        const char *text;
    } ends[] = {
        {PCE_CLOSED, SESSION_BY_PEER, "peer"},    {PCE_RESET, SESSION_BY_PEER, "peer"},
        {PCE_TIMEOUT, SESSION_BY_TIMER, "timer"}, {PCE_UNREACHABLE, SESSION_BY_NETWORK, "network"},
        {PCE_LIMIT, SESSION_BY_US, "us"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        owner_fini(&owner);
        owner_init(&owner, SESSION_ACCEPTED);
        owner_reach(&owner, SESSION_UP);
        session_on_transport_end(&owner.base.session, ends[i].status, owner.now);
        cr_expect_eq(owner.base.session.verdict.by, ends[i].by, "%d", (int)ends[i].status);
        cr_expect_str_eq(session_ender_text(ends[i].by), ends[i].text);
    }
}

Test(exchange, a_split_message_is_released_when_the_session_is_closed)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, "2005 000c 0c10");
    session_close(&owner.base.session, 1, "test", owner.now);
    cr_assert_null(owner.base.session.frame.partial);
}

static void close_session(struct owner *one)
{
    session_close(&one->base.session, 1, "from within", one->now);
    cr_assert_eq(one->delivered->objects[0].octets[2], 2, "the message is readable still");
}

Test(exchange, a_handler_may_close_the_session_that_is_receiving)
{
    owner_reach(&owner, SESSION_UP);
    owner.ends_at_once = true;
    owner.on_delivered = close_session;
    for (size_t i = 0; i < 12; i++) { /* split, so that the message lies in the session's buffer */
        uint8_t octets[16];
        (void)session_owner_parse_hex(PEER_PCNTF, octets, sizeof octets);
        owner_feed(&owner, octets + i, 1);
    }
    cr_assert_eq(owner.delivered_count, 1);
    cr_assert_eq(owner.base.session.state, SESSION_IDLE);
    cr_assert_null(owner.base.session.frame.partial);
    expect_messages(1, "Close 1");
}

Test(exchange, a_session_can_be_used_again)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, PEER_CLOSE);
    session_on_transport_end(&owner.base.session, PCE_OK, owner.now);
    cr_assert_not_null(owner.base.session.verdict.text);
    owner_reach(&owner, SESSION_UP);
    cr_assert_null(owner.base.session.verdict.text);
}

/* ---- negotiation ---- */

Test(exchange, timers_out_of_range_are_answered_with_a_proposal)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_clear(&owner);
    owner_feed_hex(&owner, "2001 001c 0110 0018 2001 0401 0010 0004 0000 0001 0063 0002 abcd 0000");
    expect_messages(1, "PCErr 1/4");
    cr_assert(owner_message_is(&owner, 0,
                               "2006 0024 0d10 0008 0000 0104"
                               "0110 0018 2005 1401 0010 0004 0000 0001 0063 0002 abcd 0000"),
              "5 and 4 * 5 seconds, all else as it was");
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
}

Test(exchange, a_dead_timer_below_the_keepalive_is_negotiable)
{
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 000c 0110 0008 203c 3b01");
    expect_messages(1, "PCErr 1/4");
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 000c 0110 0008 203c 3c01");
    expect_messages(1, "Keepalive");
}

Test(exchange, a_proposal_to_an_open_without_tlvs_carries_ours)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_OPEN_FAST);
    expect_messages(1, "PCErr 1/4");
    cr_assert_gt(owner.messages[0].size, (size_t)24);
    cr_assert_eq(owner.octets[17], 5);
    cr_assert_eq(owner.octets[18], 20, "a dead timer below the keepalive is four keepalives");
}

Test(exchange, a_proposal_is_one_that_we_would_take)
{
    /* A Keepalive of 120 s is in range, and no DeadTimer in range is as long. */
    owner.config.dead_timer_max_s = 100;
    session_start(&owner.base.session, 7, owner.now);
    owner_clear(&owner);
    owner_feed_hex(&owner, "2001 000c 0110 0008 2078 ff01");
    expect_messages(1, "PCErr 1/4");
    cr_assert_eq(owner.octets[17], 100);
    cr_assert_eq(owner.octets[18], 100);
}

Test(exchange, timers_that_are_not_negotiable_end_the_session)
{
    owner.config.fixed_timers = true;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN_FAST);
    expect_messages(1, "PCErr 1/3");
    expect_verdict(1, 3, 0);
}

Test(exchange, fixed_timers_in_range_are_accepted)
{
    owner.config.fixed_timers = true;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN);
    expect_messages(1, "Keepalive");
}

Test(exchange, ranges_that_leave_nothing_to_propose_are_not_negotiable)
{
    owner.config.keepalive_min_s = 100;
    owner.config.dead_timer_max_s = 99;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN);
    expect_messages(1, "PCErr 1/3");
}

Test(exchange, a_peer_that_follows_the_proposal_gets_up)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN_FAST);
    owner_feed_hex(&owner, PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_OPEN_WAIT);
    cr_assert(owner.base.session.local_ok);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_OPEN);
    expect_messages(1, "Keepalive");
    cr_assert_eq(owner.base.session.state, SESSION_UP, "LocalOK: no second Keepalive is awaited");
}

Test(exchange, a_second_unacceptable_open_is_the_last)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN_FAST PEER_KEEPALIVE);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_OPEN_FAST);
    expect_messages(1, "PCErr 1/5");
    expect_verdict(1, 5, 0);
}

Test(exchange, an_acceptable_proposal_changes_our_timers)
{
    owner_reach(&owner, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_PROPOSAL);
    expect_messages(1, "Open");
    cr_assert_eq(owner.octets[9], 10);
    cr_assert_eq(owner.octets[10], 40);
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
    owner_clear(&owner);
    owner_run(&owner, 10);
    expect_messages(1, "Keepalive");
}

Test(exchange, both_sides_may_propose)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN_FAST);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_PROPOSAL);
    expect_messages(1, "Open");
    cr_assert_eq(owner.base.session.state, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN);
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_UP);
}

Test(exchange, unacceptable_or_missing_proposals_end_the_session)
{
    owner_reach(&owner, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_PROPOSAL_BAD);
    expect_messages(1, "PCErr 1/6");
    expect_verdict(1, 6, 0);
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_KEEP_WAIT);
    owner_feed_hex(&owner, PEER_PROPOSAL_EMPTY);
    expect_messages(1, "PCErr 1/6");
}

Test(exchange, proposals_are_taken_up_to_the_limit)
{
    owner_reach(&owner, SESSION_KEEP_WAIT);
    for (int i = 0; i < SESSION_PROPOSALS_MAX; i++) {
        owner_clear(&owner);
        owner_feed_hex(&owner, PEER_PROPOSAL);
        expect_messages(1, "Open");
        cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    }
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_PROPOSAL);
    expect_messages(1, "PCErr 1/6");
}

Test(exchange, keepalive_zero_is_a_matter_of_configuration)
{
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN_SILENT);
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner.config.allow_keepalive_zero = false;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN_SILENT);
    expect_messages(1, "PCErr 1/4");
}

/* ---- StartTLS ---- */

Test(exchange, starttls_is_answered_as_configured)
{
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_STARTTLS);
    expect_messages(1, "PCErr 25/4");
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner.config.starttls_refuse = true;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_STARTTLS);
    expect_messages(1, "PCErr 25/3");
    expect_verdict(25, 3, 0);
}

Test(exchange, starttls_in_openwait_after_other_messages_is_late)
{
    session_start(&owner.base.session, 7, owner.now);
    owner_feed_hex(&owner, PEER_OPEN_FAST PEER_KEEPALIVE);
    cr_assert_eq(owner.base.session.state, SESSION_OPEN_WAIT);
    owner_clear(&owner);
    owner_feed_hex(&owner, PEER_STARTTLS);
    expect_messages(1, "PCErr 25/1");
}

/* ---- capabilities ---- */

static void expect_open_refused(const char *open, const char *error)
{
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, open);
    cr_expect_eq(owner.message_count, 1, "%s", error);
    cr_expect_str_eq(owner_describe(&owner, 0), error);
    cr_expect_eq(owner.base.session.state, SESSION_CLOSING, "%s", error);
    cr_expect_eq(owner.end_how, SESSION_END_DRAIN);
}

Test(exchange, invalid_capabilities_get_the_error_of_their_rfc)
{
    expect_open_refused("2001 0018 0110 0014 201e 7801 0022 0008 0000 0001 0100 0000",
                        "PCErr 10/12");
    expect_open_refused("2001 0020 0110 001c 201e 7801 0022 0010 0000 0001 0100 0000"
                        "001a 0004 0000 0000",
                        "PCErr 10/21");
    expect_open_refused("2001 0018 0110 0014 201e 7801 0022 0008 0000 0001 0300 0000",
                        "PCErr 10/34");
    expect_open_refused("2001 0018 0110 0014 201e 7801 0022 0008 0000 0001 0200 0000",
                        "PCErr 21/2");
    expect_open_refused("2001 0014 0110 0010 201e 7801 0022 0001 0000 0000", "PCErr 10/11");
    expect_open_refused("2001 000c 0110 0008 401e 7801", "PCErr 1/8");
}

Test(exchange, a_limit_of_sid_depth_that_nobody_asked_about_is_no_fault)
{
    owner.config.sr_mpls = false;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0020 0110 001c 201e 7801 0022 0010 0000 0002 0001 0000"
                           "001a 0004 0000 0000");
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
}

Test(exchange, a_capability_that_only_we_lack_is_no_fault)
{
    owner.config.sr_mpls = false;
    owner.config.srv6 = false;
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0018 0110 0014 201e 7801 0022 0008 0000 0003 0001 0300");
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
}

/* An Open of setup types 0 and 3, and an SRv6-PCE-CAPABILITY with these MSD pairs. */
static void feed_srv6_open(const char *size_of_tlv, const char *pairs)
{
    char hex[256];
    snprintf(hex, sizeof hex,
             "2001 0028 0110 0024 201e 7801 0022 0018 0000 0002 0003 0000 001b %s 0000 0002 %s",
             size_of_tlv, pairs);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, hex);
}

Test(exchange, of_the_srv6_limits_that_of_encapsulation_is_the_depth)
{
    feed_srv6_open("000c", "2903 2c06 2a02 2d04");
    cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    cr_expect_eq(owner.base.session.peer.srv6_msd, 6);
    cr_expect(owner.base.session.peer.srv6);
}

Test(exchange, a_peer_that_adds_no_routing_header_takes_one_sid)
{
    feed_srv6_open("000c", "2903 2c00 0000 0000"); /* padding that the length counts */
    cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    cr_expect_eq(owner.base.session.peer.srv6_msd, 1);
}

Test(exchange, srv6_limits_without_encapsulation_name_no_depth)
{
    feed_srv6_open("000c", "2903 2a02 2d04 0000");
    cr_expect_eq(owner.base.session.peer.srv6_msd, 0);
}

Test(exchange, an_msd_type_that_is_none_of_srv6_refuses_the_open)
{
    feed_srv6_open("000c", "2903 010a 2c06 0000");
    expect_verdict(1, 1, 0);
    tear_down();
    set_up();
    owner.config.srv6 = false;
    feed_srv6_open("000c", "2903 010a 2c06 0000");
    cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT, "nothing to us who offer no SRv6");
}

Test(exchange, the_first_of_two_close_objects_counts)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, "2007 0014 0f10 0008 0000 0002 0f10 0008 0000 0003");
    cr_assert_eq(owner.base.session.verdict.close_reason, 2);
}

Test(exchange, errors_are_counted_both_ways)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, PEER_ERROR PEER_ERROR PEER_UNKNOWN);
    cr_assert_eq(owner.base.session.counters.errors_received, 2);
    cr_assert_eq(owner.base.session.counters.errors_sent, 1);
    cr_assert_eq(owner.base.session.counters.messages_received, 5);
    cr_assert_eq(owner.base.session.counters.messages_sent, 3);
}

Test(exchange, an_open_without_setup_types_means_rsvp_te)
{
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, PEER_OPEN_PLAIN);
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    cr_assert_eq(owner.base.session.peer.psts, 1);
    cr_assert_not(owner.base.session.peer.has_pst_list);
}

Test(exchange, the_older_sr_capability_counts_as_setup_type_1)
{
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0014 0110 0010 201e 7801 001a 0004 0000 0008");
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    cr_assert_eq(owner.base.session.peer.psts, 3);
    cr_assert_eq(owner.base.session.peer.sr_msd, 8);
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0014 0110 0010 201e 7801 001a 0004 0000 0000");
    cr_assert(owner.base.session.peer.sr_unlimited_msd);
}

static const struct session_peer_open *said_in(const char *open)
{
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, open);
    cr_assert_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    return &owner.base.session.peer;
}

Test(exchange, forms_of_sr_policies_are_read_of_the_association_types)
{
    cr_assert_eq(said_in(PEER_OPEN_PLAIN)->associations, 0);
    cr_assert_eq(said_in("2001 0014 0110 0010 201e 7801 0023 0002 0001 0000")->associations,
                 SESSION_LISTS_ASSOCIATIONS);
    cr_assert_eq(
        said_in("2001 0018 0110 0014 201e 7801 0023 0006 0006 0014 ffe1 0000")->associations,
        SESSION_LISTS_ASSOCIATIONS | SESSION_LISTS_SR_POLICY | SESSION_LISTS_POLICY_CISCO |
            SESSION_LISTS_POLICY_JUNIPER);
}

Test(exchange, a_database_version_is_noted_without_the_s_flag)
{
    cr_assert_not(said_in(PEER_OPEN_PLAIN)->has_db_version);
    cr_assert(
        said_in("2001 0018 0110 0014 201e 7801 0017 0008 0000 0000 0000 0001")->has_db_version);
}

/* ---- what is wrong ---- */

static void expect_refused(enum session_state state, const char *octets, const char *answer)
{
    owner_fini(&owner);
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, state);
    owner_feed_hex(&owner, octets);
    cr_expect_eq(owner.message_count, 1, "%s: %zu messages", octets, owner.message_count);
    cr_expect_str_eq(owner_describe(&owner, 0), answer);
    cr_expect_eq(owner.base.session.state, SESSION_CLOSING);
}

Test(exchange, malformed_messages_end_the_session_as_their_state_says)
{
    static const char *const malformed[] = {
        "2001 0003",                                         /* shorter than a header */
        "2001 0006 0000",                                    /* not a multiple of four */
        "2001 0004",                                         /* an Open without OPEN */
        "2001 0014 0110 0008 201e 7801 0110 0008 201e 7801", /* with two */
        "2001 000c 0110 0004 201e 7801",                     /* an object shorter than its body */
        "2001 000c 0110 0080 201e 7801",                     /* longer than the message */
        "2001 0008 0110 0000",                               /* length 0 */
        "2002 0008 0000 0000",                               /* a Keepalive with content */
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        expect_refused(SESSION_OPEN_WAIT, malformed[i], "PCErr 1/1");
        expect_refused(SESSION_KEEP_WAIT, malformed[i], "PCErr 1/1");
        expect_refused(SESSION_UP, malformed[i], "Close 3");
    }
    expect_refused(SESSION_OPEN_WAIT, PEER_BAD_VERSION, "PCErr 1/8");
    expect_refused(SESSION_UP, PEER_BAD_VERSION, "Close 3");
}

Test(exchange, a_message_above_the_limit_is_refused_by_its_header)
{
    owner.config.message_size_max = 64;
    session_init(&owner.base.session, owner.base.session.ops, &owner.config, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, "2005 0044");
    expect_messages(1, "Close 3");
    cr_assert_null(owner.base.session.frame.partial);
}

Test(exchange, no_room_for_our_open_ends_the_session_at_once)
{
    owner.base.room = 0;
    session_start(&owner.base.session, 7, owner.now);
    cr_assert_eq(owner.base.session.state, SESSION_CLOSING);
    cr_assert_eq(owner.end_how, SESSION_END_RESET);
}

Test(exchange, no_room_for_an_answer_on_the_way_to_up_ends_the_session_at_once)
{
    static const struct {
        enum session_state state;
        char octets[64];
    } cases[] = {
        {SESSION_OPEN_WAIT, PEER_OPEN_PLAIN}, /* our Keepalive */
        {SESSION_OPEN_WAIT, PEER_OPEN_FAST},  /* our proposal */
        {SESSION_KEEP_WAIT, PEER_PROPOSAL},   /* our new Open */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owner_fini(&owner);
        owner_init(&owner, SESSION_ACCEPTED);
        owner_reach(&owner, cases[i].state);
        owner.base.room = 0;
        owner_feed_hex(&owner, cases[i].octets);
        cr_expect_eq(owner.base.session.state, SESSION_CLOSING);
        cr_expect_eq(owner.end_how, SESSION_END_RESET);
        cr_expect_eq(owner.message_count, 0);
    }
}

Test(exchange, no_memory_for_a_message_ends_a_session_that_is_up_with_a_close)
{
    struct arena none;
    uint8_t octets[16];
    owner_reach(&owner, SESSION_UP);
    size_t size = session_owner_parse_hex(PEER_PCNTF, octets, sizeof octets);
    arena_init(&none, 0);
    cr_assert_not(
        session_receive(&owner.base.session, (struct wire_span){octets, size}, &none, owner.now));
    arena_fini(&none);
    expect_messages(1, "Close 1");
}

/* ---- sending in UP ---- */

Test(exchange, messages_can_be_sent_in_up_only)
{
    struct wire_writer writer;
    cr_assert_eq(session_open_message(&owner.base.session, 4, &writer), PCE_CLOSED);
    owner_reach(&owner, SESSION_UP);
    cr_assert_eq(session_open_message(&owner.base.session, 4, &writer), PCE_OK);
    wire_put_zeros(&writer, 4);
    cr_assert_eq(session_commit_message(&owner.base.session, &writer, SESSION_DATA, owner.now),
                 PCE_OK);
    cr_assert_eq(owner.messages[0].message_class, SESSION_DATA);
    owner.base.room = 0;
    cr_assert_eq(session_open_message(&owner.base.session, 4, &writer), PCE_LIMIT);
}

Test(exchange, a_message_that_did_not_fit_is_given_back)
{
    struct wire_writer writer;
    owner_reach(&owner, SESSION_UP);
    cr_assert_eq(session_open_message(&owner.base.session, 4, &writer), PCE_OK);
    wire_put_zeros(&writer, 5);
    cr_assert_eq(session_commit_message(&owner.base.session, &writer, SESSION_DATA, owner.now),
                 PCE_LIMIT);
    cr_assert_null(owner.base.open_octets);
    cr_assert_eq(owner.message_count, 0);
}

Test(exchange, a_fault_becomes_one_pcerr_with_what_it_is_about)
{
    struct pcep_fault fault = {.scope = PCEP_FAULT_REQUEST, .error_type = 6, .error_value = 3};
    owner_reach(&owner, SESSION_UP);
    session_send_error(&owner.base.session, &fault, owner.now);
    fault.id_kind = PCEP_ID_REQUEST;
    fault.id = 5;
    session_send_error(&owner.base.session, &fault, owner.now);
    fault.id_kind = PCEP_ID_SRP;
    session_send_error(&owner.base.session, &fault, owner.now);
    fault.error_type = 0;
    session_send_error(&owner.base.session, &fault, owner.now);
    cr_assert_eq(owner.message_count, 3);
    cr_expect(owner_message_is(&owner, 0, "2006 000c 0d10 0008 0000 0603"));
    cr_expect(
        owner_message_is(&owner, 1, "2006 0018 0210 000c 0000 0000 0000 0005 0d10 0008 0000 0603"));
    cr_expect(
        owner_message_is(&owner, 2, "2006 0018 2110 000c 0000 0000 0000 0005 0d10 0008 0000 0603"));
    cr_expect_eq(owner.base.session.counters.errors_sent, 3);
}

Test(exchange, the_fault_of_a_message_reaches_the_handler)
{
    owner_reach(&owner, SESSION_UP);
    owner_feed_hex(&owner, "2003 000c fe12 0008 0000 0000"); /* an unknown object with P set */
    cr_assert_eq(owner.delivered_count, 1);
    cr_assert_eq(owner.delivered_type, PCEP_MESSAGE_PCREQ);
}
