/* Every row of the grammar: messages with subsets of what the rows name go through a session that
 * is UP, and each is taken, or refused and counted. */
#include "core/pcep/frame.h"
#include "tests/lib/grammar_messages.h"
#include "tests/lib/scene.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Setup types RSVP-TE, SR and SRv6 with their capabilities, and all of stateful. */
#define CAPABLE_OPEN                                                                               \
    "2001 0030 0110 002c 201e 7800 0010 0004 0000 003f 0022 0018 0000 0003 0001 0300"              \
    "001a 0004 0000 000a 001b 0004 0000 0002"

static struct scene scene;
static struct grammar_messages golden;

struct outcomes {
    uint64_t taken;
    uint64_t refused;
    uint64_t ended; /* sessions, by the peer's Close or for what it must not send */
};

/* What a message has done, as the counters say. */
struct sums {
    uint64_t taken;
    uint64_t refused;
    uint64_t requests;
    uint64_t requests_done;
};

static struct sums sum_up(void)
{
    const struct request_counters *c = &scene.counters;
    const struct handler_counters *handled = &scene.handled;
    uint64_t replies = c->replies_path + c->replies_no_path;
    return (struct sums){
        .taken = replies + handled->reports + handled->end_marks + handled->notifications +
                 handled->errors,
        .refused = c->requests_refused + handled->reports_refused + handled->messages_refused +
                   c->replies_dropped + scene.owner.session.counters.errors_sent,
        .requests = c->requests,
        .requests_done = replies + c->requests_refused + c->replies_dropped,
    };
}

/* Each LSP of the golden messages is known: a later report need not name it. */
static void restart(void)
{
    scene_restart(&scene, CAPABLE_OPEN);
    for (uint32_t i = 0; i < golden.object_counts[PCEP_OBJECT_LSP]; i++) {
        const uint8_t *object = golden.objects[PCEP_OBJECT_LSP][i].octets;
        char hex[128];
        (void)snprintf(hex, sizeof hex,
                       "200a 0018 2010 0010 %02x%02x%02x 00 0011 0004 4c53%02x%02x"
                       "0710 0004",
                       object[4], object[5], object[6] & 0xf0, 'A' + object[5] % 26,
                       'A' + object[6] / 16);
        scene_receive_hex(&scene, hex);
    }
    scene_clear(&scene);
}

static void set_up(void)
{
    scene_init(&scene);
    scene.config.srv6 = true;
    scene.config.stateful_update = true;
    scene.config.stateful_initiate = true;
    scene.config.unknown_messages_per_minute_max = UINT16_MAX;
    scene.config.unknown_requests_per_minute_max = UINT16_MAX;
    grammar_messages_init(&golden, PCED_SOURCE_DIR "/tests/golden");
    restart();
}

static void tear_down(void)
{
    grammar_messages_fini(&golden);
    scene_fini(&scene);
}

TestSuite(grammar_rows, .init = set_up, .fini = tear_down);

static void print_octets(struct wire_span message)
{
    for (size_t i = 0; i < message.size; i++)
        printf("%02x", message.octets[i]);
    printf("\n");
}

/* All that reads a parsed form: the grammar as a whole, and the forms that pced itself never gets.
 */
static void read_alone(struct wire_span octets)
{
    struct pcep_message message;
    struct pcep_fault fault;
    struct pcep_response_list responses;
    struct pcep_lsp_state_list states;
    cr_assert_eq(pcep_decode(octets, &scene.kept, &message, &fault), PCE_OK);
    cr_assert_eq(pcep_check_received(&message, &scene.kept, &fault), PCE_OK);
    cr_assert_eq(pcep_check_sending(&message, &scene.kept, &fault), PCE_OK);
    if (message.type == PCEP_MESSAGE_PCREP)
        cr_assert_neq(pcep_parse_responses(&message, &scene.kept, &responses, &fault), PCE_LIMIT);
    if (message.type == PCEP_MESSAGE_PCUPD || message.type == PCEP_MESSAGE_PCINITIATE)
        cr_assert_neq(pcep_parse_lsp_states(&message, &scene.kept, &states, &fault), PCE_LIMIT);
    arena_reset(&scene.kept);
}

static void receive(void *context, struct wire_span message)
{
    struct outcomes *outcomes = context;
    struct sums before = sum_up();
    read_alone(message);
    scene_receive(&scene, message.octets, message.size);
    struct sums after = sum_up();
    bool is_over = scene.owner.session.state != SESSION_UP;
    bool is_taken = after.taken > before.taken;
    bool is_refused = after.refused > before.refused;
    if (!is_taken && !is_refused && !is_over)
        print_octets(message);
    cr_assert(is_taken || is_refused || is_over, "neither taken nor refused");
    cr_assert_eq(after.requests - before.requests, after.requests_done - before.requests_done,
                 "each request has its answer");
    outcomes->taken += is_taken;
    outcomes->refused += is_refused;
    outcomes->ended += is_over;
    scene_clear(&scene);
    if (is_over)
        restart();
}

static void drive(unsigned type)
{
    struct outcomes outcomes = {0};
    struct grammar_made made = grammar_messages_each(&golden, type, receive, &outcomes);
    printf("%s: %u slots, %s: %u messages, %llu taken, %llu refused, %llu ended the session\n",
           pcep_message_name(type), made.slots,
           made.is_whole ? "every subset" : "every three and all but every two", made.messages,
           (unsigned long long)outcomes.taken, (unsigned long long)outcomes.refused,
           (unsigned long long)outcomes.ended);
    cr_assert_gt(made.messages, 0U);
}

Test(grammar_rows, requests_are_answered_or_refused)
{
    drive(PCEP_MESSAGE_PCREQ);
    cr_assert_gt(scene.counters.replies_path + scene.counters.replies_no_path, (uint64_t)0);
    cr_assert_gt(scene.counters.requests_refused, (uint64_t)0);
}

Test(grammar_rows, reports_are_told_or_refused)
{
    drive(PCEP_MESSAGE_PCRPT);
    cr_assert_gt(scene.report_count, 0U);
    cr_assert_gt(scene.handled.reports_refused, (uint64_t)0);
}

/* Open, Close, Keepalive, and what a PCE does not expect. */
Test(grammar_rows, all_other_messages_are_taken_or_refused)
{
    for (unsigned type = 0; type < PCEP_MESSAGE_TYPE_END; type++) {
        if (pcep_message_find(type) != NULL && type != PCEP_MESSAGE_PCREQ &&
            type != PCEP_MESSAGE_PCRPT && type != PCEP_MESSAGE_KEEPALIVE)
            drive(type);
    }
}
