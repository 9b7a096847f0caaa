/* PCRpt, PCNtf, PCErr, and what a PCE does not expect. */
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

static void set_up(void)
{
    scene_init(&scene);
}

static void tear_down(void)
{
    scene_fini(&scene);
}

TestSuite(other, .init = set_up, .fini = tear_down);

#define END_MARK "200a 0010 2010 0008 0000 0000 0710 0004"
#define REPORT                                                                                     \
    "2112 0014 0000 0000 0000 0000 001c 0004 0000 0001" /* SRP, setup type 1 */                    \
    "2012 0014 0000 1042 0011 0006 5031 2d43 5031 0000" /* LSP: PLSP-ID 1, SYNC */                 \
    "0712 000c 2408 0009 03e8 a000"

Test(other, a_report_is_told)
{
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert_eq(scene.message_count, 0);
    cr_assert_eq(scene.handled.reports, 1);
    cr_assert_eq(scene.report_count, 1);
    cr_assert_eq(scene.last_plsp_id, 1);
}

static struct lsp_pcc *pcc(void)
{
    const struct ip peer = {.family = IP_V4, .octets = {10, 0, 0, 1}};
    return lsp_db_pcc(&scene.lsps, &peer);
}

Test(other, the_end_of_synchronisation_is_recognised)
{
    cr_assert_null(pcc(), "who has said nothing of LSPs costs nothing");
    scene_receive_hex(&scene, "200a 0010 2010 0008 0000 0000 0712 0004");
    cr_assert_eq(scene.handled.end_marks, 1);
    cr_assert_eq(scene.handled.reports, 0);
    cr_assert_eq(pcc()->sync, LSP_SYNC_DONE);
    cr_assert_eq(scene.message_count, 0);
    /* SYNC or R set is a report, and PLSP-ID 0 has none. */
    scene_receive_hex(&scene, "200a 0010 2010 0008 0000 0002 0712 0004");
    scene_receive_hex(&scene, "200a 0010 2010 0008 0000 0004 0712 0004");
    cr_assert_eq(scene.handled.end_marks, 1);
    cr_assert_eq(scene.handled.reports_refused, 2);
    cr_assert_eq(scene.message_count, 2);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0a0b"));
    /* So is another PLSP-ID. */
    scene_receive_hex(&scene, "200a 0018 2010 0010 0000 1000 0011 0004 5031 5031 0712 0004");
    cr_assert_eq(scene.handled.reports, 1);
}

/* pcc-mock: D, A and O set; FRR: identifiers that are all zero. */
Test(other, the_end_mark_may_have_flags_and_identifiers)
{
    scene_receive_hex(&scene, "200a 0010 2010 0008 0000 0019 0710 0004");
    cr_assert_eq(pcc()->sync, LSP_SYNC_DONE);
    scene_restart(&scene, PEER_OPEN);
    cr_assert_null(pcc());
    scene_receive_hex(&scene, "200a 0024 2012 001c 0000 0000 0012 0010 0000 0000 0000 0000"
                              "0000 0000 0000 0000 0712 0004");
    cr_assert_eq(pcc()->sync, LSP_SYNC_DONE);
    cr_assert_eq(scene.message_count, 0);
}

Test(other, a_removal_needs_no_path)
{
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert_eq(scene.lsps.counters.lsps, 1);
    /* R in the SRP alone. */
    scene_receive_hex(&scene, "200a 0018 2112 000c 0000 0001 0000 0006 2012 0008 0000 1000");
    cr_assert_eq(scene.lsps.counters.lsps, 0);
    scene_receive_hex(&scene, "200a 0038" REPORT);
    scene_receive_hex(&scene, "200a 000c 2012 0008 0000 1004");
    cr_assert_eq(scene.lsps.counters.lsps, 0);
    cr_assert_eq(scene.lsps.counters.lsps_removed, 2);
    cr_assert_eq(scene.message_count, 0);
}

/* RFC 8231 5.4: we have not said that we update LSPs. */
Test(other, a_delegation_without_the_capability_is_refused_and_the_state_is_not)
{
    scene_receive_hex(&scene, "200a 0024 2112 000c 0000 0000 0000 0009 2010 0010 0000 1001"
                              "0011 0004 5031 5031 0712 0004");
    cr_assert_eq(scene.message_count, 1);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 1301"));
    cr_assert_eq(scene.handled.reports, 1);
    cr_assert_eq(scene.handled.reports_undelegated, 1);
    cr_assert_eq(scene.lsps.counters.lsps, 1);
    cr_assert_eq(scene.lsps.counters.lsps_delegated, 0);
}

/* RFC 8231 6.1 */
Test(other, a_report_past_the_limit_ends_the_session_with_a_notification)
{
    scene.lsps.limits.lsps_per_pcc_max = 1;
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert_eq(scene.message_count, 0);
    scene_receive_hex(&scene, "200a 0018 2010 0010 0000 2000 0011 0004 5031 5031 0712 0004");
    cr_assert_eq(scene.message_count, 2);
    cr_expect(scene_message_is(&scene, 0, "2005 000c 0c10 0008 0000 0401"));
    cr_expect(scene_message_is(&scene, 1, "2007 000c 0f10 0008 0000 0001"));
    cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
    cr_expect_eq(scene.lsps.counters.lsps, 1);
}

/* RFC 8231 5.6, where the configuration wants it. */
Test(other, a_bad_report_ends_a_synchronisation_where_configured)
{
    scene.config.wrong_report_closes = true;
    scene_restart(&scene, PEER_OPEN);
    scene_receive_hex(&scene, "200a 0038" REPORT);
    scene_receive_hex(&scene, "200a 0018 2112 000c 0000 0000 0000 0009 2012 0008 0000 1002");
    cr_assert_eq(scene.message_count, 2);
    cr_expect(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 1401"));
    cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
}

Test(other, a_bad_report_harms_neither_the_others_nor_the_session)
{
    scene_receive_hex(&scene, "200a 007c" REPORT "2112 000c 0000 0000 0000 0009" /* without LSP */
                              "0712 0004" REPORT);
    cr_assert_eq(scene.handled.reports, 2);
    cr_assert_eq(scene.handled.reports_refused, 1);
    cr_assert_eq(scene.message_count, 1);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 0608"));
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(other, a_report_without_ero_is_refused)
{
    scene_receive_hex(&scene, "200a 0018 2112 000c 0000 0000 0000 0009 2012 0008 0000 1000");
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 0609"));
}

Test(other, an_empty_report_is_refused)
{
    scene_receive_hex(&scene, "200a 0004");
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0608"));
    cr_assert_eq(scene.handled.messages_refused, 1);
}

/* RFC 8231 6.1: a SERO is no ERO, but of a P2MP LSP; and that needs the capability (RFC 8623 9). */
Test(other, a_sero_does_not_stand_for_an_ero)
{
    static const char *const reports[] = {
        "200a001820100008000010001d10000c0108c00002342000",
        "200a0018 20100008 00010000 1d10000c 0108c000 02342000",
    };
    for (unsigned i = 0; i < 2; i++) {
        scene_receive_hex(&scene, reports[i]);
        cr_assert_eq(scene.message_count, i + 1);
        cr_expect(scene_message_is(&scene, i, "2006 000c 0d10 0008 0000 0609"));
        cr_expect_eq(scene.handled.reports_refused, i + 1);
    }
    cr_assert_eq(scene.handled.reports, 0);
    cr_assert_eq(scene.report_count, 0);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
    /* What comes behind is taken as if nothing had been. */
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert_eq(scene.handled.reports, 1);
}

#define TREE                                                                                       \
    "2010 0020 0001 0100 0020 0010 c000 0201 0000 0001 c000 0201 0000 0001 0000 0000"              \
    "0430 0010 0000 0004 c000 0201 c000 0209 2910 0008 0000 0000 1d10 000c 0108 c000 0234 2000"

Test(other, a_report_of_a_tree_needs_the_capability)
{
    scene_receive_hex(&scene, "200a 0054 2110 000c 0000 0000 0000 0009" TREE);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 130b"));
    cr_assert_eq(scene.handled.reports_refused, 1);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

/* RFC 8231 7.3.1: hops of RSVP-TE, and no LSP-IDENTIFIERS. */
#define SIGNALED "200a 0018 2010 0008 0001 0000 0710 000c 0108 c000 0201 2000"

Test(other, a_report_without_lsp_identifiers_leaves_the_session)
{
    scene_receive_hex(&scene, SIGNALED);
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 060b"));
    cr_assert_eq(scene.handled.reports_refused, 1);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(other, a_report_without_lsp_identifiers_closes_the_session_where_configured)
{
    static const char *const reports[] = {SIGNALED, "200a 0048" TREE};
    static const char *const errors[] = {"2006 000c 0d10 0008 0000 060b",
                                         "2006 000c 0d10 0008 0000 130b"};
    scene.config.wrong_report_closes = true;
    for (size_t i = 0; i < 2; i++) {
        scene_restart(&scene, PEER_OPEN);
        scene_receive_hex(&scene, END_MARK);
        scene_receive_hex(&scene, reports[i]);
        cr_assert_eq(scene.message_count, 2);
        cr_expect(scene_message_is(&scene, 0, errors[i]));
        cr_expect(scene_message_is(&scene, 1, "2007 000c 0f10 0008 0000 0001"));
        cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
    }
    /* Other faults leave the session. */
    scene_restart(&scene, PEER_OPEN);
    scene_receive_hex(&scene, END_MARK);
    scene_receive_hex(&scene, "200a 000c 2010 0008 0001 0000");
    cr_expect_eq(scene.owner.session.state, SESSION_UP);
}

/* RFC 9050 5.4, RFC 9757 4.1 */
Test(other, instructions_without_the_capability_end_the_session)
{
    static const char *const reports[] = {
        "200a001c20100008000010002c100010000000010000000000010000",
        "200a001c 20100008 00010000 2c100010 00000001 00000000 00010000",
    };
    for (size_t i = 0; i < 2; i++) {
        scene_restart(&scene, PEER_OPEN);
        scene_receive_hex(&scene, END_MARK);
        scene_receive_hex(&scene, reports[i]);
        cr_assert_eq(scene.message_count, 2);
        cr_expect(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 1310"));
        cr_expect(scene_message_is(&scene, 1, "2007 000c 0f10 0008 0000 0001"));
        cr_expect_eq(scene.owner.session.state, SESSION_CLOSING);
    }
    cr_assert_eq(scene.handled.messages_refused, 2);
    cr_assert_eq(scene.report_count, 0);
}

Test(other, what_lacks_its_one_object_is_refused_and_counted)
{
    scene_receive_hex(&scene, "2005 0004"); /* PCNtf: the RFCs have no error for it */
    scene_receive_hex(&scene, "2006 0004"); /* PCErr */
    cr_assert_eq(scene.message_count, 0);
    scene_receive_hex(&scene, "2004 0004"); /* PCRep */
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0601"));
    cr_assert_eq(scene.handled.messages_refused, 3);
    cr_assert_eq(scene.refused_count, 3);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(other, a_segment_routed_lsp_needs_srp)
{
    scene_receive_hex(&scene, "200a 0018 2012 0008 0000 1000 0712 000c 2408 0009 03e8 a000");
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 060a"));
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(other, reports_without_the_stateful_capability_end_the_session)
{
    scene_restart(&scene, "2001 0020 0110 001c 201e 7800 0022 0010 0000 0001 0100 0000"
                          "001a 0004 0000 000a");
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert_eq(scene.message_count, 2);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 1305"));
    cr_assert_eq(scene.owner.session.state, SESSION_CLOSING);
    cr_assert_eq(scene.report_count, 0);
}

Test(other, reports_are_refused_when_we_are_not_stateful)
{
    scene.config.stateful = false;
    scene_receive_hex(&scene, "200a 0038" REPORT);
    cr_assert(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 1305"));
}

Test(other, notifications_are_told)
{
    scene_receive_hex(&scene, "2005 0020 0c10 0008 0000 0101 0210 0014 0000 0080 0000 0001"
                              "001c 0004 0000 0001");
    cr_assert_eq(scene.handled.notifications, 1);
    cr_assert_eq(scene.notification_count, 1);
    cr_assert_eq(scene.last_type, 1);
    cr_assert_eq(scene.last_value, 1);
    cr_assert_eq(scene.message_count, 0);
}

Test(other, errors_are_told_and_never_answered)
{
    scene_receive_hex(&scene, "2006 0014 0d10 0008 0000 0a05 0d10 0008 0000 0602");
    cr_assert_eq(scene.handled.errors, 1);
    cr_assert_eq(scene.peer_error_count, 2);
    cr_assert_eq(scene.last_type, 6);
    cr_assert_eq(scene.message_count, 0);
}

/* An object that is shorter than its fields: the decoder says so, and that is what is told. */
Test(other, what_the_decoder_found_is_told_where_a_message_has_no_grammar)
{
    scene_receive_hex(&scene, "2005 0008 0c10 0004");
    cr_expect(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0a0b"));
    cr_expect_eq(scene.last_fault.offset, 4U);
    scene_receive_hex(&scene, "2004 0008 0212 0004");
    cr_expect(scene_message_is(&scene, 1, "2006 000c 0d10 0008 0000 0a0b"));
    scene_receive_hex(&scene, "2006 000c 0d10 0004 0d10 0004");
    cr_expect_eq(scene.message_count, 2U, "a PCErr is never answered");
    cr_expect_str_eq(scene.last_fault.reason, "too short for its fields");
    cr_expect_eq(scene.refused_count, 3U);
    cr_expect_eq(scene.handled.messages_refused, 3U);
}

Test(other, a_notification_is_told_and_what_is_wrong_beside_it_refused)
{
    scene_receive_hex(&scene, "2005 0010 0212 0004 0c10 0008 0000 0101");
    cr_expect_eq(scene.notification_count, 1U);
    cr_expect(scene_message_is(&scene, 0, "2006 000c 0d10 0008 0000 0a0b"));
    cr_expect_eq(scene.refused_count, 1U);
}

Test(other, an_answer_to_no_request_is_an_unknown_request)
{
    for (int i = 0; i < 5; i++)
        scene_receive_hex(&scene, "2004 0018 0212 000c 0000 0000 0000 0005 0310 0008 0000 0000");
    cr_assert_eq(scene.message_count, 6);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 0210 000c 0000 0000 0000 0005 0d10 0008 0000 0800"));
    cr_assert(scene_message_is(&scene, 5, "2007 000c 0f10 0008 0000 0004"));
}

Test(other, what_a_pce_does_not_do_counts_as_unknown)
{
    static const char *const messages[] = {"2008 0004", "2009 0004", "200b 0004", "200c 0004"};
    for (int i = 0; i < 4; i++)
        scene_receive_hex(&scene, messages[i]);
    cr_assert_eq(scene.message_count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_expect(scene_message_is(&scene, i, "2006 000c 0d10 0008 0000 0200"));
    scene_receive_hex(&scene, "200b 0004");
    cr_assert(scene_message_is(&scene, 5, "2007 000c 0f10 0008 0000 0005"));
}

Test(other, events_may_be_absent)
{
    static const struct request_events no_request_events;
    static const struct handler_events no_handler_events;
    scene.context.events = &no_request_events;
    scene.handler.events = &no_handler_events;
    scene_receive_hex(&scene, "200a 0038" REPORT);
    scene_receive_hex(&scene, "200a 0010 2010 0008 0000 0000 0712 0004");
    scene_receive_hex(&scene, "200a 0004");
    scene_receive_hex(&scene, "2005 000c 0c10 0008 0000 0101");
    scene_receive_hex(&scene, "2006 000c 0d10 0008 0000 0a05");
    scene_receive_hex(&scene, "2003 0024 0212 0014 0000 0000 0000 0005 001c 0004 0000 0001"
                              "0412 000c 0a00 0001 0a00 0004");
    scene_receive_hex(&scene, "2003 0010 0212 000c 0000 0000 0000 0005");
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

/* ---- recorded messages of a real peer ---- */

static size_t read_vector(const char *name, uint8_t *octets, size_t room)
{
    const char *shared = getenv("PCED_SHARED");
    char path[1024];
    snprintf(path, sizeof path, "%s/vectors/frr-live/%s",
             shared != NULL ? shared : PCED_SOURCE_DIR "/../shared", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t size = fread(octets, 1, room, file);
    (void)fclose(file);
    return size;
}

Test(other, what_pathd_sent_after_its_open_is_understood)
{
    char manifest[8192];
    uint8_t octets[4096];
    size_t size = read_vector("manifest.tsv", (uint8_t *)manifest, sizeof manifest - 1);
    if (size == 0) {
        printf("SKIP: no recorded messages (PCED_SHARED)\n");
        return;
    }
    manifest[size] = '\0';
    char *rest = NULL;
    unsigned count = 0;
    for (char *line = strtok_r(manifest, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        line[strcspn(line, "\t")] = '\0';
        if (strncmp(line, "init-full", 9) != 0 || strstr(line, "Open") != NULL)
            continue;
        size_t octet_count = read_vector(line, octets, sizeof octets);
        cr_assert_gt(octet_count, (size_t)0, "%s", line);
        scene_receive(&scene, octets, octet_count);
        cr_expect_eq(scene.owner.session.state, SESSION_UP, "%s", line);
        count++;
    }
    cr_expect_geq(count, 40U);
    cr_expect_gt(scene.handled.reports, 10U);
    cr_expect_geq(scene.handled.end_marks, 1U);
    cr_expect_eq(scene.handled.reports_refused, 0U);
    /* Its configuration asks for a SID depth of 16 on a session whose MSD is 10. */
    cr_expect_eq(scene.counters.requests_refused, scene.refused_count);
    cr_expect_eq(scene.last_fault.error_type, 10);
    cr_expect_eq(scene.last_fault.error_value, 9);
    printf("%u messages: %llu reports, %llu requests, %llu refused\n", count,
           (unsigned long long)scene.handled.reports, (unsigned long long)scene.counters.requests,
           (unsigned long long)scene.counters.requests_refused);
}
