/* Orders to a PCC over a session: what its Open allows, what its reports and errors answer. */
#include "core/lsp/order_db.h"
#include "core/pcep/model.h"
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scene scene;

#define OPEN_FRR                                                                                   \
    "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010 0000 0001 0100 0000"              \
    "001a 0004 0000 000a"
#define OPEN_PASSIVE                                                                               \
    "2001 0028 0110 0024 201e 7800 0010 0004 0000 0000 0022 0010 0000 0002 0001 0000"              \
    "001a 0004 0000 000a"
#define OPEN_VERSION                                                                               \
    "2001 0020 0110 001c 201e 7800 0010 0004 0000 0005 0017 0008 0000 0000 0000 0001"

static void set_up(void)
{
    scene_init(&scene);
    scene.config.stateful_update = true;
    scene.config.stateful_initiate = true;
    scene_restart(&scene, PEER_OPEN);
}

static void tear_down(void)
{
    scene_fini(&scene);
}

TestSuite(lsp_orders, .init = set_up, .fini = tear_down, .timeout = 20);

#define END_MARK "200a 0010 2010 0008 0000 0000 0710 0004"
/* SRP-ID, then PLSP-ID and flags in one word; named PCC1. */
#define REPORT(srp, lsp)                                                                           \
    "200a 0034 2110 0014 0000 0000" srp "001c 0004 0000 0001 2010 0010" lsp "0011 0004 5043 4331"  \
    "0710 000c 2408 0009 03e8 a000"
#define DELEGATED "0000 1019"
#define KEPT      "0000 1018"
#define CREATED   "0000 1098" /* C, and not delegated */
#define NO_SRP    "0000 0000"

static struct lsp_lane *the_lane(void)
{
    return lsp_lane_find(&scene.orders, scene.handler.address_of(NULL));
}

static void turn(void)
{
    (void)wheel_turn(&scene.wheel, scene.context.now);
    while (lsp_orders_turn(&scene.orders, scene.context.now))
        ;
}

static void synchronise(void)
{
    scene_receive_hex(&scene, REPORT(NO_SRP, DELEGATED));
    scene_receive_hex(&scene, END_MARK);
    scene_clear(&scene);
}

/* The path of the report; the SRP-ID will be `srp_id`. */
static uint64_t order(enum lsp_order_kind kind, const char *name, uint32_t srp_id)
{
    static const uint8_t ero[] = {0x07, 0x10, 0, 12, 0x24, 8, 0, 9, 0x03, 0xe8, 0xa0, 0};
    bool has_path = kind == LSP_ORDER_UPDATE || kind == LSP_ORDER_INITIATE;
    const struct lsp_order_request request = {
        .wanted = {.kind = (uint8_t)kind,
                   .setup_type = PCEP_PST_SR,
                   .objects = {ero, has_path ? sizeof ero : 0}},
        .name = {(const uint8_t *)name, strlen(name)},
    };
    struct lsp_order_receipt receipt;
    struct lsp_lane *lane = the_lane();
    lane->first_srp_id = lane->next_srp_id = srp_id;
    enum pce_status status = lsp_order_submit(lane, &request, scene.context.now, &receipt);
    cr_assert_eq(status, PCE_OK, "%s", receipt.reason);
    turn();
    return receipt.id;
}

static enum lsp_order_state state_of(uint64_t id)
{
    return (enum lsp_order_state)lsp_order_find(&scene.orders, id)->state;
}

Test(lsp_orders, what_both_opens_say_is_what_can_be_asked)
{
    synchronise();
    const struct lsp_ability *ability = &the_lane()->ability;
    cr_assert_eq(ability->profile->id, LSP_PROFILE_STANDARD);
    cr_assert(ability->may_update && ability->may_initiate);
    cr_assert_eq(ability->psts, 3);
    cr_assert_eq(ability->sid_depth_max, 10);
    scene.config.stateful_initiate = false;
    scene_restart(&scene, OPEN_FRR);
    synchronise();
    cr_assert_eq(the_lane()->ability.profile->id, LSP_PROFILE_FRR);
    cr_assert_not(the_lane()->ability.may_initiate);
    cr_assert_eq(the_lane()->ability.psts, 2);
    scene_restart(&scene, OPEN_VERSION);
    synchronise();
    cr_assert_eq(the_lane()->ability.profile->id, LSP_PROFILE_ODL);
}

Test(lsp_orders, a_passive_pcc_has_no_lane)
{
    scene_restart(&scene, OPEN_PASSIVE);
    scene_receive_hex(&scene, REPORT(NO_SRP, KEPT));
    scene_receive_hex(&scene, END_MARK);
    cr_assert_null(the_lane());
}

Test(lsp_orders, the_configuration_names_the_profile)
{
    scene.lsp_policy.profile = lsp_profile_get(LSP_PROFILE_NOKIA);
    scene_restart(&scene, OPEN_FRR);
    synchronise();
    cr_assert_eq(the_lane()->ability.profile->id, LSP_PROFILE_NOKIA);
}

Test(lsp_orders, associations_in_reports_show_the_kind_of_router)
{
    synchronise();
    scene_receive_hex(&scene, "200a 0058 2110 0014 0000 0000 0000 0000 001c 0004 0000 0001"
                              "2010 0010 0000 1019 0011 0004 5043 4331"
                              "2810 0024 0000 0000 0014 0001 c000 0201" /* as Cisco has it */
                              "001f 0008 0000 0064 c000 0209 003b 0004 0000 0064"
                              "0710 000c 2408 0009 03e8 a000");
    cr_assert_eq(the_lane()->ability.profile->id, LSP_PROFILE_CISCO_XR);
}

Test(lsp_orders, an_update_goes_out_and_its_report_answers_it)
{
    synchronise();
    uint64_t id = order(LSP_ORDER_UPDATE, "PCC1", 7);
    cr_assert_eq(scene.message_count, 1);
    cr_assert(scene_message_is(&scene, 0,
                               "200b 002c 2110 0014 0000 0000 0000 0007 001c 0004 0000 0001"
                               "2010 0008 0000 1009 0710 000c 2408 0009 03e8 a000"));
    scene_receive_hex(&scene, REPORT("0000 0007", "0000 1009")); /* down */
    cr_assert_eq(state_of(id), LSP_ORDER_ACKNOWLEDGED);
    scene_receive_hex(&scene, REPORT("0000 0007", "0000 1029")); /* active */
    cr_assert_eq(state_of(id), LSP_ORDER_DONE);
    cr_assert_eq(scene.message_count, 1, "no report with an SRP-ID is an error");
}

Test(lsp_orders, unknown_srp_ids_in_reports_are_no_errors)
{
    synchronise();
    scene_receive_hex(&scene, REPORT("1234 5678", DELEGATED));
    cr_assert_eq(scene.message_count, 0);
    cr_assert_eq(scene.handled.reports_refused, 0);
}

Test(lsp_orders, nothing_goes_out_before_the_end_mark)
{
    scene_receive_hex(&scene, REPORT(NO_SRP, DELEGATED));
    uint64_t id = order(LSP_ORDER_UPDATE, "PCC1", 7);
    cr_assert_eq(scene.message_count, 0);
    scene_receive_hex(&scene, REPORT("0000 0007", "0000 102b")); /* of a former session */
    cr_assert_eq(state_of(id), LSP_ORDER_HELD);
    scene_receive_hex(&scene, END_MARK);
    turn();
    cr_assert_eq(scene.message_count, 1);
}

#define SRP_7   "2110 000c 0000 0000 0000 0007"
#define SRP_8   "2110 000c 0000 0000 0000 0008"
#define ERROR_A "0d10 0008 0000 1801" /* 24/1 */
#define ERROR_B "0d10 0008 0000 0a08" /* 10/8 */

struct error_case {
    const char *message;
    uint8_t types[2]; /* of the errors of orders 7 and 8; 0: unanswered */
};

static const struct error_case error_cases[] = {
    {"2006 0018" SRP_7 ERROR_A, {24, 0}},
    {"2006 0018" ERROR_A SRP_7, {24, 0}}, /* as FRR's pathd has it */
    {"2006 0024" SRP_7 SRP_8 ERROR_A, {24, 24}},
    {"2006 0024" ERROR_A SRP_7 SRP_8, {24, 24}},
    {"2006 002c" SRP_7 ERROR_A SRP_8 ERROR_B, {24, 10}},
    {"2006 0020" SRP_8 ERROR_A ERROR_B, {0, 24}}, /* the first one decides */
    {"2006 000c" ERROR_A, {0, 0}},
};

Test(lsp_orders, errors_find_their_orders_in_either_order_of_objects)
{
    for (size_t i = 0; i < sizeof error_cases / sizeof error_cases[0]; i++) {
        const struct error_case *at = &error_cases[i];
        tear_down();
        set_up();
        synchronise();
        uint64_t ids[] = {order(LSP_ORDER_INITIATE, "new", 7), 0};
        the_lane()->first_srp_id = 7;
        const uint32_t first = the_lane()->first_srp_id;
        ids[1] = order(LSP_ORDER_INITIATE, "newer", 8);
        the_lane()->first_srp_id = first;
        scene_receive_hex(&scene, at->message);
        for (int k = 0; k < 2; k++) {
            cr_expect_eq(state_of(ids[k]), at->types[k] == 0 ? LSP_ORDER_SENT : LSP_ORDER_REFUSED,
                         "%zu: %d", i, k);
            cr_expect_eq(lsp_order_find(&scene.orders, ids[k])->error_type, at->types[k]);
        }
        cr_expect_eq(scene.owner.session.state, SESSION_UP);
    }
}

#define LSP_PCC1  "2010 0008 0000 1009"                     /* its PLSP-ID in this session */
#define LSP_NAMED "2010 0010 0000 0000 0011 0003 6e65 7700" /* PLSP-ID 0, and the name "new" */
#define LSP_OTHER "2010 0008 0000 2009"
#define RP_1      "0210 000c 0000 0000 0000 0001"

struct bare_case {
    const char *message;
    uint8_t types[2]; /* as above: of an update of PCC1 and a creation of "new" */
};

static const struct bare_case bare_cases[] = {
    {"2006 000c" ERROR_A, {0, 0}}, /* it may be of either */
    {"2006 0014" ERROR_A LSP_PCC1, {24, 0}},
    {"2006 001c" ERROR_A LSP_NAMED, {0, 24}},
    {"2006 0014" ERROR_A LSP_OTHER, {0, 0}},
};

/* `count` of the two orders are in flight. */
static void expect_bare(const struct bare_case *at, int count)
{
    uint64_t ids[2] = {order(LSP_ORDER_UPDATE, "PCC1", 7), 0};
    if (count == 2)
        ids[1] = order(LSP_ORDER_INITIATE, "new", 8);
    scene_receive_hex(&scene, at->message);
    for (int k = 0; k < count; k++) {
        const struct lsp_order *one = lsp_order_find(&scene.orders, ids[k]);
        cr_expect_eq(one->error_type, at->types[k], "%s: %d", at->message, k);
        cr_expect_eq(one->state, at->types[k] == 0 ? LSP_ORDER_SENT : LSP_ORDER_REFUSED);
    }
    cr_expect_eq(scene.orders.counters.orders_guessed,
                 (uint64_t)(at->types[0] != 0) + (at->types[1] != 0));
}

Test(lsp_orders, an_error_that_names_no_order_is_that_of_the_lsp_that_it_names)
{
    for (size_t i = 0; i < sizeof bare_cases / sizeof bare_cases[0]; i++) {
        tear_down();
        set_up();
        synchronise();
        expect_bare(&bare_cases[i], 2);
    }
}

Test(lsp_orders, an_error_that_names_nothing_is_that_of_the_only_order)
{
    static const struct bare_case cases[] = {
        {"2006 000c" ERROR_A, {24}},
        {"2006 000c" ERROR_B, {10}},
        {"2006 0018" RP_1 ERROR_A, {0}}, /* of a request */
        {"2006 000c 0d10 0008 0000 0800", {0}},
        {"2006 000c 0d10 0008 0000 1405", {0}}, /* of a resynchronisation */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        tear_down();
        set_up();
        synchronise();
        expect_bare(&cases[i], 1);
    }
}

Test(lsp_orders, an_error_that_names_nothing_is_no_answer_once_the_order_has_one)
{
    synchronise();
    uint64_t id = order(LSP_ORDER_UPDATE, "PCC1", 7);
    scene_receive_hex(&scene, REPORT("0000 0007", "0000 1009")); /* down: acknowledged */
    scene_receive_hex(&scene, "2006 000c" ERROR_A);
    cr_assert_eq(state_of(id), LSP_ORDER_ACKNOWLEDGED);
    cr_assert_eq(scene.orders.counters.orders_guessed, 0);
}

Test(lsp_orders, a_deletion_ends_with_r_in_the_srp_alone_and_no_ero)
{
    synchronise();
    uint64_t id = order(LSP_ORDER_DELETE, "PCC1", 7);
    scene_receive_hex(&scene, "200a 0020 2110 000c 0000 0001 0000 0007"
                              "2010 0010 0000 1011 0011 0004 5043 4331");
    cr_assert_eq(state_of(id), LSP_ORDER_DONE);
    cr_assert_eq(scene.lsps.counters.lsps, 0);
}

Test(lsp_orders, what_the_purge_takes_away_ends_its_orders)
{
    synchronise();
    uint64_t id = order(LSP_ORDER_DELETE, "PCC1", 7);
    scene_restart(&scene, PEER_OPEN);
    cr_assert_eq(state_of(id), LSP_ORDER_HELD);
    scene_receive_hex(&scene, END_MARK);
    turn();
    while (lsp_db_turn(&scene.lsps, scene.context.now))
        ;
    cr_assert_eq(state_of(id), LSP_ORDER_DONE);
    cr_assert_eq(scene.message_count, 0);
}

Test(lsp_orders, a_delegation_that_is_refused_goes_back_at_the_end_mark)
{
    scene.lsp_policy.delegation.accepts = false;
    scene_receive_hex(&scene, REPORT(NO_SRP, DELEGATED));
    turn();
    cr_assert_eq(scene.message_count, 0);
    scene_receive_hex(&scene, END_MARK);
    turn();
    cr_assert_eq(scene.message_count, 1);
    const struct pcep_message update = scene_decoded(&scene, 0);
    cr_assert_eq(update.type, PCEP_MESSAGE_PCUPD);
    cr_assert_eq(((const struct pcep_lsp *)update.objects[1].body)->flags & PCEP_LSP_D, 0);
    cr_assert_eq(update.objects[2].subobject_count, 0);
    scene_receive_hex(&scene, REPORT(NO_SRP, DELEGATED));
    turn();
    cr_assert_eq(scene.message_count, 1);
}

Test(lsp_orders, a_pce_initiated_lsp_is_not_taken_back_from_its_pce)
{
    synchronise();
    scene_receive_hex(&scene, REPORT("0000 0009", CREATED));
    cr_assert_eq(scene.message_count, 1);
    cr_assert(
        scene_message_is(&scene, 0, "2006 0018 2110 000c 0000 0000 0000 0009 0d10 0008 0000 1307"));
    /* It is said once, and what another PCE holds is not ours to claim. */
    scene_receive_hex(&scene, REPORT("0000 0009", CREATED));
    cr_assert_eq(scene.message_count, 1);
    cr_assert_eq(scene.owner.session.state, SESSION_UP);
}

Test(lsp_orders, c_of_frr_is_not_believed)
{
    scene_restart(&scene, OPEN_FRR);
    synchronise();
    scene_receive_hex(&scene, REPORT("0000 0009", CREATED));
    cr_assert_eq(scene.message_count, 0);
}

Test(lsp_orders, a_session_that_ends_drops_what_was_asked_in_it)
{
    synchronise();
    uint64_t id = order(LSP_ORDER_UPDATE, "PCC1", 7);
    scene_restart(&scene, PEER_OPEN);
    cr_assert_eq(state_of(id), LSP_ORDER_DROPPED);
}

Test(lsp_orders, a_pcc_that_is_forgotten_takes_its_lane_along)
{
    scene_receive_hex(&scene, END_MARK);
    cr_assert_not_null(the_lane());
    handlers_on_down(&scene.handler, scene.handler.address_of(NULL), scene.context.now);
    cr_assert_null(the_lane());
    cr_assert_null(lsp_db_pcc(&scene.lsps, scene.handler.address_of(NULL)));
}

/* ---- the journal ---- */

Test(lsp_orders, the_journal_tells_what_became_of_an_order)
{
    synchronise();
    uint64_t cursor = scene.lsps.journal.next;
    uint64_t id = order(LSP_ORDER_UPDATE, "PCC1", 7);
    const struct lsp_order *asked = lsp_order_find(&scene.orders, id);
    const size_t size = offsetof(struct lsp_order, name) + asked->name_size;
    struct lsp_order *sent = calloc(1, size > sizeof *sent ? size : sizeof *sent);
    memcpy(sent, asked, size);
    lsp_orders_note(&scene.lsps, sent, scene.context.now);
    sent->state = LSP_ORDER_REFUSED;
    sent->error_type = 24;
    lsp_orders_note(&scene.lsps, sent, scene.context.now);
    free(sent);
    struct journal_record record;
    uint64_t missed;
    cr_assert_eq(journal_read(&scene.lsps.journal, &cursor, &record, &missed), PCE_OK);
    cr_assert_eq(record.change, LSP_ORDERED);
    cr_assert_eq(record.srp_id, 7);
    cr_assert_eq(record.by, LSP_BY_OPERATOR);
    cr_assert_neq(record.lsp.generation, 0);
    cr_assert_eq(journal_read(&scene.lsps.journal, &cursor, &record, &missed), PCE_OK);
    cr_assert_eq(record.change, LSP_ORDER_TURNED_DOWN);
    cr_assert_eq(record.error_type, 24);
}

/* ---- recorded messages of real PCCs ---- */

static bool receive_vector(const char *name)
{
    const char *shared = getenv("PCED_SHARED");
    char path[1024];
    char hex[4096] = "";
    (void)snprintf(path, sizeof path, "%s/vectors/%s",
                   shared != NULL ? shared : PCED_SOURCE_DIR "/../shared", name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    size_t size = fread(hex, 1, sizeof hex - 1, file);
    (void)fclose(file);
    hex[size] = '\0';
    scene_receive_hex(&scene, hex);
    return true;
}

Test(lsp_orders, what_pathd_answered_is_understood)
{
    scene_restart(&scene, OPEN_FRR);
    scene_receive_hex(&scene, END_MARK);
    uint64_t id = order(LSP_ORDER_INITIATE, "INIT1", 1);
    if (!receive_vector("frr-stateful/v8-initiate-1-PCRpt.hex")) {
        printf("SKIP: no recorded messages (PCED_SHARED)\n");
        return;
    }
    cr_assert_eq(state_of(id), LSP_ORDER_ACKNOWLEDGED);
    cr_assert(receive_vector("frr-stateful/v8-initiate-2-PCRpt.hex"));
    cr_assert_eq(state_of(id), LSP_ORDER_ACKNOWLEDGED);
    cr_assert(receive_vector("frr-stateful/v8-initiate-3-PCRpt.hex"));
    cr_assert_eq(state_of(id), LSP_ORDER_DONE);
    id = order(LSP_ORDER_INITIATE, "OTHER", 0xb);
    cr_assert(receive_vector("frr-stateful/v8-error-no-name-1-PCErr.hex"));
    cr_assert_eq(state_of(id), LSP_ORDER_REFUSED);
    cr_assert_eq(lsp_order_find(&scene.orders, id)->error_value, 8);
    id = order(LSP_ORDER_DELETE, "INIT1", 0xd);
    cr_assert(receive_vector("frr-stateful/v8-error-delete-local-1-PCErr.hex"));
    cr_assert_eq(state_of(id), LSP_ORDER_REFUSED);
}

Test(lsp_orders, what_pcc_mock_answered_is_understood)
{
    scene_restart(&scene, OPEN_VERSION);
    if (!receive_vector("pcc-mock/sync-1-PCRpt.hex")) {
        printf("SKIP: no recorded messages (PCED_SHARED)\n");
        return;
    }
    cr_assert(receive_vector("pcc-mock/sync-2-PCRpt.hex"));
    cr_assert(receive_vector("pcc-mock/sync-3-PCRpt.hex"));
    cr_assert(the_lane()->is_synchronised);
    cr_assert(receive_vector("pcc-mock/initiate-1-PCRpt.hex"));
    the_lane()->ability.psts |= 1U
                                << PCEP_PST_SR; /* what the recording was asked with matters not */
    uint64_t id = order(LSP_ORDER_DELETE, "INIT1", 6);
    cr_assert(receive_vector("pcc-mock/delete-1-PCRpt.hex"));
    cr_assert_eq(state_of(id), LSP_ORDER_DONE);
}
