#include "capture_maker.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define ISN_CLIENT 1000U
#define ISN_SERVER 5000U

/* A conversation between 192.0.2.1 (the client) and 192.0.2.2, as packets of a file. */
struct talk {
    struct maker maker;
    uint16_t port; /* of the client */
    uint16_t server_port;
    uint32_t sent[2]; /* next sequence number of client and server */
};

static struct talk talk_create(void)
{
    struct talk talk = {.maker = maker_create(true),
                        .port = 40000,
                        .server_port = 4189,
                        .sent = {ISN_CLIENT, ISN_SERVER}};
    maker_pcap(&talk.maker, LINK_RAW, false);
    return talk;
}

/* side 0: the client. */
static void send_raw(struct talk *talk, unsigned side, uint32_t sequence, uint8_t flags,
                     const char *hex)
{
    struct made_tcp tcp = {.from = side == 0 ? talk->port : talk->server_port,
                           .to = side == 0 ? talk->server_port : talk->port,
                           .sequence = sequence,
                           .acknowledged = talk->sent[1 - side],
                           .flags = flags};
    maker_packet(&talk->maker, make_ipv4(1 + side, 2 - side, make_tcp(&tcp, make_text(hex))));
}

static void say(struct talk *talk, unsigned side, const char *hex)
{
    send_raw(talk, side, talk->sent[side], TCP_ACK, hex);
    talk->sent[side] += (uint32_t)strlen(hex) / 2;
}

/* Sent, and not captured. */
static void lose(struct talk *talk, unsigned side, const char *hex)
{
    talk->sent[side] += (uint32_t)strlen(hex) / 2;
}

static void shake(struct talk *talk)
{
    send_raw(talk, 0, talk->sent[0]++, TCP_SYN, "");
    send_raw(talk, 1, talk->sent[1]++, TCP_SYN | TCP_ACK, "");
    send_raw(talk, 0, talk->sent[0], TCP_ACK, "");
}

static void fin(struct talk *talk, unsigned side)
{
    send_raw(talk, side, talk->sent[side]++, TCP_FIN | TCP_ACK, "");
}

static struct record *finish(struct talk *talk, const struct flow_options *options,
                             const char *text)
{
    struct record *record = maker_run(&talk->maker, options);
    cr_expect_str_eq(record_text(record), text);
    cr_expect_eq(record->status, PCE_CLOSED);
    maker_destroy(&talk->maker);
    return record;
}

static void expect(struct talk *talk, const char *text, const char *how)
{
    struct record *record = finish(talk, NULL, text);
    cr_expect_str_eq(record->how == NULL ? "none" : record->how, how);
    cr_expect_eq(record->begin_count, record->end_count);
    free(record);
}

Test(capture_flow, both_directions_of_a_session)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    say(&talk, 1, OPEN_HEX KEEPALIVE_HEX);
    say(&talk, 0, KEEPALIVE_HEX PCREQ_HEX CLOSE_HEX);
    fin(&talk, 0);
    fin(&talk, 1);
    struct record *record = finish(&talk, NULL, "Open> Open< Keepalive< Keepalive> PCReq> Close>");
    cr_expect_str_eq(record->how, "closed");
    cr_expect_eq(record->begin_count, 1);
    const struct recorded *last = &record->events[5];
    char text[IP_TEXT_SIZE];
    cr_expect_str_eq(ip_format(&last->from.address, text), "192.0.2.1");
    cr_expect_str_eq(ip_format(&last->to.address, text), "192.0.2.2");
    cr_expect_eq(last->from.port, 40000);
    cr_expect_eq(last->to.port, 4189);
    cr_expect_eq(last->stamp.packet, 6);
    cr_expect_eq(last->stamp.time.s, 1005);
    cr_expect_eq(last->session, 1);
    free(record);
}

Test(capture_flow, several_sessions_at_once_are_kept_apart)
{
    struct talk talk = talk_create();
    uint32_t sent[3][2];
    for (unsigned i = 0; i < 3; i++) {
        talk.port = (uint16_t)(40000 + i);
        talk.sent[0] = 100 * i;
        talk.sent[1] = 200 * i;
        shake(&talk);
        memcpy(sent[i], talk.sent, sizeof sent[i]);
    }
    struct wire_span open = make_text(OPEN_HEX);
    for (size_t at = 0; at < open.size; at += 3) { /* three octets of each in turn */
        static const char parts[4][7] = {"200100", "0c0110", "000820", "1e7801"};
        for (unsigned i = 0; i < 3; i++) {
            talk.port = (uint16_t)(40000 + i);
            memcpy(talk.sent, sent[i], sizeof sent[i]);
            say(&talk, i == 1, parts[at / 3]);
            memcpy(sent[i], talk.sent, sizeof sent[i]);
        }
    }
    struct record *record = finish(&talk, NULL, "Open> Open< Open>");
    for (uint32_t i = 0; i < 3; i++)
        cr_expect_eq(record->events[i].session, i + 1);
    free(record);
}

Test(capture_flow, sequence_wraps_within_a_session)
{
    struct talk talk = talk_create();
    talk.sent[0] = 0xFFFFFFF5U;
    talk.sent[1] = 0xFFFFFFFFU;
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    say(&talk, 1, OPEN_HEX);
    uint32_t late = talk.sent[0];
    lose(&talk, 0, KEEPALIVE_HEX);
    say(&talk, 0, CLOSE_HEX);
    send_raw(&talk, 0, late, TCP_ACK, KEEPALIVE_HEX);
    expect(&talk, "Open> Open< Keepalive> Close>", "capture ended");
}

Test(capture_flow, retransmissions_are_not_shown_twice)
{
    struct talk talk = talk_create();
    shake(&talk);
    uint32_t first = talk.sent[0];
    say(&talk, 0, OPEN_HEX);
    send_raw(&talk, 0, first, TCP_ACK, OPEN_HEX);
    send_raw(&talk, 0, first, TCP_ACK, OPEN_HEX KEEPALIVE_HEX);
    lose(&talk, 0, KEEPALIVE_HEX);
    say(&talk, 0, CLOSE_HEX);
    expect(&talk, "Open> Keepalive> Close>", "capture ended");
}

Test(capture_flow, session_under_way_is_joined_at_a_message)
{
    struct talk talk = talk_create();
    say(&talk, 0, "c0000209" KEEPALIVE_HEX CLOSE_HEX); /* the end of something first */
    say(&talk, 1, KEEPALIVE_HEX);
    expect(&talk, "skipped(4) Keepalive> Close> Keepalive<", "capture ended");
}

Test(capture_flow, acknowledgement_alone_begins_nothing)
{
    struct talk talk = talk_create();
    send_raw(&talk, 0, 77, TCP_ACK, "");
    send_raw(&talk, 1, 99, TCP_ACK | TCP_RST, "");
    struct record *record = finish(&talk, NULL, "");
    cr_expect_eq(record->begin_count, 0);
    free(record);
}

Test(capture_flow, direction_without_syn_is_known_by_the_port)
{
    struct talk talk = talk_create();
    say(&talk, 1, KEEPALIVE_HEX);
    expect(&talk, "Keepalive<", "capture ended");
    talk = talk_create();
    talk.port = 4189; /* both ends have it */
    say(&talk, 1, KEEPALIVE_HEX);
    expect(&talk, "Keepalive?", "capture ended");
    talk = talk_create();
    talk.port = 4189;
    shake(&talk);
    say(&talk, 1, KEEPALIVE_HEX);
    expect(&talk, "Keepalive<", "capture ended");
}

Test(capture_flow, other_ports_are_looked_at_when_they_are_named)
{
    struct flow_options options = {.pcep = {{1790, 4190}, 2}};
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    free(finish(&talk, &options, ""));
    talk = talk_create();
    talk.server_port = 4190;
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    free(finish(&talk, &options, "Open>"));
}

/* ---- BGP ---- */

#define MARKER_HEX    "ffffffffffffffffffffffffffffffff"
#define BGP_ALIVE_HEX MARKER_HEX "001304"
#define BGP_EMPTY_HEX                                                                              \
    MARKER_HEX "0017020000"                                                                        \
               "0000"

static struct talk bgp_talk(void)
{
    struct talk talk = talk_create();
    talk.server_port = FLOW_PORT_BGP;
    return talk;
}

Test(capture_flow, bgp_is_read_on_its_port)
{
    struct talk talk = bgp_talk();
    shake(&talk);
    say(&talk, 0, BGP_ALIVE_HEX BGP_EMPTY_HEX);
    say(&talk, 1, BGP_ALIVE_HEX);
    expect(&talk, "KEEPALIVE> UPDATE> KEEPALIVE<", "capture ended");
}

Test(capture_flow, bgp_that_was_under_way_is_found_by_its_marker_at_any_octet)
{
    struct talk talk = bgp_talk();
    say(&talk, 0, "0102ffff03" BGP_ALIVE_HEX BGP_EMPTY_HEX);
    expect(&talk, "skipped(5) KEEPALIVE> UPDATE>", "capture ended");
}

Test(capture_flow, a_port_that_is_both_is_of_pcep)
{
    struct flow_options options = {.pcep = {{FLOW_PORT_BGP}, 1}};
    struct talk talk = bgp_talk();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    free(finish(&talk, &options, "Open>"));
}

/* ---- gaps ---- */

Test(capture_flow, missing_segment_is_said_when_the_receiver_has_it)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    lose(&talk, 0, KEEPALIVE_HEX PCREQ_HEX);
    say(&talk, 0, CLOSE_HEX);
    for (unsigned i = 0; i < 2; i++) {
        talk.maker.s = 1010 + i; /* more than STREAM_PATIENCE_S later */
        say(&talk, 1, KEEPALIVE_HEX);
    }
    say(&talk, 0, KEEPALIVE_HEX);
    struct record *record =
        finish(&talk, NULL, "Open> Keepalive< Keepalive< gap(36) Close> Keepalive>");
    cr_expect_eq(record->events[3].stamp.packet, 7, "when it was known");
    cr_expect_eq(record->events[4].stamp.packet, 5, "when it was captured");
    free(record);
}

Test(capture_flow, gap_in_a_message_names_the_message)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, "200300200212000c");
    lose(&talk, 0, "0000000000000001");
    say(&talk, 0, "0412000cc0000201c000020905100004");
    fin(&talk, 0);
    fin(&talk, 1);
    struct record *record = finish(&talk, NULL, "gap(8)");
    cr_expect_eq(record->events[0].whole, 32);
    free(record);
}

Test(capture_flow, what_is_missing_before_fin_is_a_gap)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    lose(&talk, 0, CLOSE_HEX);
    fin(&talk, 0);
    fin(&talk, 1);
    expect(&talk, "Open> gap(12)", "closed");
}

Test(capture_flow, what_is_missing_before_a_reset_is_a_gap)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    lose(&talk, 0, CLOSE_HEX);
    send_raw(&talk, 0, talk.sent[0], TCP_RST, "");
    expect(&talk, "Open> gap(12)", "reset");

    talk = talk_create(); /* the other side resets, and has what the capture missed */
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    lose(&talk, 0, CLOSE_HEX);
    send_raw(&talk, 1, talk.sent[1], TCP_RST | TCP_ACK, "");
    expect(&talk, "Open> gap(12)", "reset");
}

Test(capture_flow, octets_in_a_syn_are_the_first_ones)
{
    struct talk talk = talk_create();
    send_raw(&talk, 0, talk.sent[0]++, TCP_SYN, OPEN_HEX);
    lose(&talk, 0, OPEN_HEX);
    say(&talk, 0, KEEPALIVE_HEX);
    expect(&talk, "Open> Keepalive>", "capture ended");
}

Test(capture_flow, segments_that_were_cut_leave_a_gap)
{
    struct talk talk = talk_create();
    shake(&talk);
    struct made_tcp tcp = {40000, 4189, talk.sent[0], talk.sent[1], TCP_ACK};
    struct wire_span packet = make_ipv4(1, 2, make_tcp(&tcp, make_text(OPEN_HEX)));
    maker_cut_packet(&talk.maker, packet, packet.size - 3);
    lose(&talk, 0, OPEN_HEX);
    say(&talk, 0, KEEPALIVE_HEX);
    struct record *record = finish(&talk, NULL, "gap(3) Keepalive>");
    cr_expect_eq(record->events[0].whole, 12);
    free(record);
}

/* ---- ends ---- */

Test(capture_flow, connection_that_ends_within_a_message_is_cut)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX "20030020");
    fin(&talk, 0);
    fin(&talk, 1);
    struct record *record = finish(&talk, NULL, "Open> cut(4)");
    cr_expect_eq(record->events[1].whole, 32);
    free(record);

    talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX "20030020");
    send_raw(&talk, 1, talk.sent[1], TCP_RST, "");
    expect(&talk, "Open> cut(4)", "reset");

    talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX "20030020");
    expect(&talk, "Open> unfinished(4)", "capture ended");
}

/* A FIN has a sequence number, which the reset after it counts. */
Test(capture_flow, a_reset_after_a_fin_leaves_no_gap)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    send_raw(&talk, 0, talk.sent[0], TCP_FIN | TCP_ACK, "");
    send_raw(&talk, 0, talk.sent[0] + 1, TCP_RST | TCP_ACK, "");
    expect(&talk, "Open>", "reset");
}

Test(capture_flow, reset_that_the_receiver_would_not_take_is_none)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    send_raw(&talk, 0, talk.sent[0] - 5000, TCP_RST, "");
    send_raw(&talk, 0, talk.sent[0] + 2 * STREAM_HELD_MAX, TCP_RST, "");
    say(&talk, 0, KEEPALIVE_HEX);
    expect(&talk, "Open> Keepalive>", "capture ended");
}

Test(capture_flow, refused_connection_is_no_fault)
{
    struct talk talk = talk_create();
    send_raw(&talk, 0, talk.sent[0]++, TCP_SYN, "");
    send_raw(&talk, 1, 0, TCP_RST | TCP_ACK, "");
    expect(&talk, "", "reset");
}

Test(capture_flow, new_syn_between_the_same_ports_begins_a_new_session)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX "2003");
    talk.sent[0] = 900000;
    talk.sent[1] = 77;
    shake(&talk);
    say(&talk, 1, OPEN_HEX);
    struct record *record = finish(&talk, NULL, "Open> cut(2) Open<");
    cr_expect_eq(record->events[2].session, 2);
    cr_expect_eq(record->begin_count, 2);
    free(record);
}

Test(capture_flow, syn_that_comes_again_is_the_same_session)
{
    struct talk talk = talk_create();
    send_raw(&talk, 0, talk.sent[0], TCP_SYN, "");
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    struct record *record = finish(&talk, NULL, "Open>");
    cr_expect_eq(record->begin_count, 1);
    free(record);
}

Test(capture_flow, octets_after_the_end_are_of_a_new_session)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, OPEN_HEX);
    uint32_t old = talk.sent[0];
    fin(&talk, 0);
    fin(&talk, 1);
    send_raw(&talk, 0, old - 12, TCP_ACK, OPEN_HEX); /* old ones again */
    talk.sent[0] += 70000;
    say(&talk, 0, KEEPALIVE_HEX);
    struct record *record = finish(&talk, NULL, "Open> Keepalive>");
    cr_expect_eq(record->begin_count, 2);
    free(record);
}

Test(capture_flow, tls_is_said_and_left_alone)
{
    struct talk talk = talk_create();
    shake(&talk);
    say(&talk, 0, STARTTLS_HEX);
    say(&talk, 1, STARTTLS_HEX);
    say(&talk, 0, "160301000411223344");
    lose(&talk, 0, "1122334455");
    say(&talk, 1, "160301000411223344");
    say(&talk, 0, "170301000411223344");
    fin(&talk, 0);
    fin(&talk, 1);
    expect(&talk, "StartTLS> StartTLS< encrypted encrypted", "closed");
}

/* ---- limits ---- */

Test(capture_flow, connections_have_a_limit)
{
    for (unsigned more = 0; more < 2; more++) {
        struct flow_options options = {.connections_max = 3};
        struct talk talk = talk_create();
        for (unsigned i = 0; i < 3 + more; i++) {
            talk.port = (uint16_t)(40000 + i);
            shake(&talk);
        }
        struct record *record = finish(&talk, &options, more == 0 ? "" : "limit");
        cr_expect_eq(record->flow_counters.forgotten, more);
        cr_expect_eq(record->connections_most, 3);
        if (more > 0)
            cr_expect(record->events[0].from.port == 40000 || record->events[0].to.port == 40000);
        free(record);
    }
}

Test(capture_flow, connections_that_have_ended_go_without_a_word)
{
    struct flow_options options = {.connections_max = 2};
    struct talk talk = talk_create();
    for (unsigned i = 0; i < 5; i++) {
        talk.port = (uint16_t)(40000 + i);
        shake(&talk);
        say(&talk, 0, CLOSE_HEX);
        send_raw(&talk, 0, talk.sent[0], TCP_RST, "");
    }
    struct record *record = finish(&talk, &options, "Close> Close> Close> Close> Close>");
    cr_expect_eq(record->flow_counters.forgotten, 0);
    free(record);
}

Test(capture_flow, octets_of_all_connections_have_a_limit)
{
    struct flow_options options = {.octets_max = 4000};
    struct talk talk = talk_create();
    for (unsigned i = 0; i < 20; i++) {
        talk.port = (uint16_t)(40000 + i);
        shake(&talk);
        lose(&talk, 0, KEEPALIVE_HEX);
        static char hex[1001];
        memset(hex, 'a', sizeof hex - 1);
        say(&talk, 0, hex);
    }
    struct record *record = maker_run(&talk.maker, &options);
    cr_expect_leq(record->octets_most, 4000);
    cr_expect_gt(record->octets_most, 3000);
    cr_expect_eq(record->flow_counters.forgotten, 12, "%llu",
                 (unsigned long long)record->flow_counters.forgotten);
    free(record);
    maker_destroy(&talk.maker);
}

/* ---- which connections are PCEP ---- */

Test(capture_flow, any_port_is_seen_from_the_first_message)
{
    struct flow_options options = {.is_any_port = true};
    struct talk talk = talk_create();
    talk.server_port = 9999;
    shake(&talk);
    say(&talk, 0, "2001000c0110");
    say(&talk, 0, "0008201e7801");
    say(&talk, 1, OPEN_HEX);
    struct record *record = finish(&talk, &options, "Open> Open<");
    cr_expect_eq(record->begin_count, 1);
    free(record);

    talk = talk_create(); /* HTTP */
    talk.server_port = 80;
    shake(&talk);
    say(&talk, 0, "474554202f20485454502f312e310d0a");
    say(&talk, 0, OPEN_HEX);
    say(&talk, 1, OPEN_HEX);
    fin(&talk, 0);
    record = finish(&talk, &options, "");
    cr_expect_eq(record->begin_count, 0);
    free(record);

    talk = talk_create(); /* begins like PCEP, and is not */
    talk.server_port = 80;
    shake(&talk);
    say(&talk, 0, "20010010011000");
    say(&talk, 0, "ffffffffffffffffffffffffffffffff");
    say(&talk, 0, "ffffffffffffffff");
    record = maker_run(&talk.maker, &options);
    cr_expect_leq(record->begin_count, 1);
    free(record);
    maker_destroy(&talk.maker);
}

Test(capture_flow, any_port_under_way_is_seen_at_the_beginning_of_a_segment)
{
    struct flow_options options = {.is_any_port = true};
    for (unsigned more = 0; more < 2; more++) {
        struct talk talk = talk_create();
        talk.server_port = 9999;
        for (unsigned i = 0; i < FLOW_TRIES - 1 + more; i++)
            say(&talk, 0, "0000" CLOSE_HEX);
        say(&talk, 0, KEEPALIVE_HEX);
        say(&talk, 1, KEEPALIVE_HEX);
        free(finish(&talk, &options, more == 0 ? "Keepalive? Keepalive?" : ""));
    }
}
