/* What is found wrong in an answer. The network is deploy/topologies/small.yaml: routers A to G are
 * 192.0.2.1 to .7, node SIDs 16001 to 16006, G's is 400007 where G itself reads it. */
#include "tests/unit/pceload/scene.h"

#include <criterion/criterion.h>
#include <string.h>

#define A "192.0.2.1"
#define C "192.0.2.3"
#define F "192.0.2.6"
#define G "192.0.2.7"

static struct scene scene;

static void begin_with(enum setup setup, uint32_t msd)
{
    const struct options options = {
        .sessions = 2, .depth = 3, .seed = 1, .setup = setup, .msd = msd};
    scene_init(&scene, &options);
    scene_at(&scene, 1000);
}

static void end(void)
{
    scene_fini(&scene);
}

TestSuite(verify, .fini = end);

/* A label without NAI. */
static size_t put_label(uint8_t *to, uint32_t label)
{
    const uint8_t octets[] = {
        36, 8, 0, 0x09, (uint8_t)(label >> 12), (uint8_t)(label >> 4), (uint8_t)(label << 4), 0};
    memcpy(to, octets, sizeof octets);
    return sizeof octets;
}

static size_t put_hop(uint8_t *to, const char *address)
{
    struct ip ip;
    cr_assert(ip_parse(address, &ip));
    const uint8_t octets[] = {1, 8, ip.octets[0], ip.octets[1], ip.octets[2], ip.octets[3], 32, 0};
    memcpy(to, octets, sizeof octets);
    return sizeof octets;
}

static enum tally_kind verify_labels(const char *from, const char *to, const uint32_t *labels,
                                     unsigned count)
{
    uint8_t ero[64];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++)
        size += put_label(ero + size, labels[i]);
    struct pair pair = {scene_end(&scene, from), scene_end(&scene, to)};
    return verify_ero(&scene.worker.load.verify, pair, ero, size);
}

static enum tally_kind verify_hops(const char *from, const char *to, const char *const *hops,
                                   unsigned count)
{
    uint8_t ero[64];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++)
        size += put_hop(ero + size, hops[i]);
    struct pair pair = {scene_end(&scene, from), scene_end(&scene, to)};
    return verify_ero(&scene.worker.load.verify, pair, ero, size);
}

Test(verify, label_stack_is_followed_to_the_destination)
{
    begin_with(SETUP_SR, 10);
    cr_assert_eq(verify_labels(A, F, (uint32_t[]){16006}, 1), TALLY_OK);
    cr_assert_eq(verify_labels(A, C, (uint32_t[]){24012, 24023}, 2), TALLY_OK);
    cr_assert_eq(verify_labels(A, C, (uint32_t[]){16004, 16003}, 2), TALLY_OK);
    cr_assert_eq(verify_labels(A, G, (uint32_t[]){16006, 24067}, 2), TALLY_OK);
}

Test(verify, srgb_of_the_reading_router_counts)
{
    begin_with(SETUP_SR, 10);
    cr_assert_eq(verify_labels(G, A, (uint32_t[]){400001}, 1), TALLY_OK);
    cr_assert_eq(verify_labels(G, A, (uint32_t[]){16001}, 1), TALLY_LABEL_UNKNOWN);
    cr_assert_eq(verify_labels(A, G, (uint32_t[]){400007}, 1), TALLY_LABEL_UNKNOWN);
}

Test(verify, label_stack_that_ends_elsewhere_is_wrong)
{
    begin_with(SETUP_SR, 10);
    cr_assert_eq(verify_labels(A, F, (uint32_t[]){16005}, 1), TALLY_ERO_LAST);
    cr_assert_eq(verify_labels(A, F, (uint32_t[]){16006, 16005}, 2), TALLY_ERO_LAST);
}

Test(verify, adjacency_of_another_router_is_unknown)
{
    begin_with(SETUP_SR, 10);
    cr_assert_eq(verify_labels(A, C, (uint32_t[]){24023, 16003}, 2), TALLY_LABEL_UNKNOWN);
    cr_assert_eq(verify_labels(A, C, (uint32_t[]){16999}, 1), TALLY_LABEL_UNKNOWN);
}

Test(verify, stack_at_the_msd_is_good_and_one_label_more_is_not)
{
    begin_with(SETUP_SR, 3);
    uint32_t labels[] = {16002, 16001, 16003, 16006};
    cr_assert_eq(verify_labels(A, C, labels, 3), TALLY_OK);
    cr_assert_eq(verify_labels(A, F, labels, 4), TALLY_LABEL_DEPTH);
}

Test(verify, segment_by_index_or_address_is_understood)
{
    begin_with(SETUP_SR, 10);
    const uint8_t by_index[] = {36, 8, 0, 0x08, 0, 0, 0, 6};     /* M clear */
    const uint8_t by_node[] = {36, 8, 0x10, 0x04, 192, 0, 2, 6}; /* S set: no SID */
    const uint8_t neither[] = {36, 4, 0x00, 0x0c};               /* S and F */
    struct pair pair = {scene_end(&scene, A), scene_end(&scene, F)};
    struct verify *verify = &scene.worker.load.verify;
    cr_assert_eq(verify_ero(verify, pair, by_index, sizeof by_index), TALLY_OK);
    cr_assert_eq(verify_ero(verify, pair, by_node, sizeof by_node), TALLY_OK);
    cr_assert_eq(verify_ero(verify, pair, neither, sizeof neither), TALLY_ERO_MALFORMED);
}

Test(verify, empty_other_or_torn_path_is_wrong)
{
    begin_with(SETUP_SR, 10);
    const uint8_t torn[] = {36, 12, 0, 0x09, 1, 0, 0, 0};
    const uint8_t none[] = {36, 0, 0, 0};
    struct pair pair = {scene_end(&scene, A), scene_end(&scene, F)};
    cr_assert_eq(verify_labels(A, F, NULL, 0), TALLY_ERO_EMPTY);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"192.0.2.2"}, 1), TALLY_ERO_KIND);
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, torn, sizeof torn),
                 TALLY_ERO_MALFORMED);
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, none, sizeof none),
                 TALLY_ERO_MALFORMED);
}

Test(verify, hops_are_followed_from_router_to_router)
{
    begin_with(SETUP_RSVP, 0);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.1", "198.51.100.3"}, 2), TALLY_OK);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"192.0.2.2", "192.0.2.3"}, 2), TALLY_OK);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"192.0.2.3"}, 1), TALLY_ERO_FIRST);
    cr_assert_eq(verify_hops(A, F, (const char *[]){"192.0.2.2", "192.0.2.6"}, 2),
                 TALLY_ERO_BROKEN);
    cr_assert_eq(verify_hops(A, F, (const char *[]){"192.0.2.2", "192.0.2.5"}, 2), TALLY_ERO_LAST);
    cr_assert_eq(verify_hops(A, F, (const char *[]){"203.0.113.1"}, 1), TALLY_ERO_FIRST);
    cr_assert_eq(verify_labels(A, F, (uint32_t[]){16006}, 1), TALLY_ERO_KIND);
}

/* All but the first kind are left to the search for an address. */
Test(verify, hops_may_be_named_by_any_address_in_any_order)
{
    begin_with(SETUP_RSVP, 0);
    const char *far_end = "198.51.100.1", *other_end = "198.51.100.2", *router = "192.0.2.2";
    cr_assert_eq(verify_hops(A, C, (const char *[]){other_end, "198.51.100.3"}, 2), TALLY_OK);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.0", far_end, C}, 3), TALLY_OK,
                 "the source names its own end first");
    cr_assert_eq(verify_hops(A, F, (const char *[]){far_end, C, "198.51.100.9"}, 3), TALLY_OK);
    cr_assert_eq(verify_hops(A, F, (const char *[]){router, "198.51.100.3", F}, 3), TALLY_OK);
    cr_assert_eq(verify_hops(A, "192.0.2.2", (const char *[]){far_end, router}, 2), TALLY_OK);
}

Test(verify, hop_over_a_link_of_another_router_is_wrong)
{
    begin_with(SETUP_RSVP, 0);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.3"}, 1), TALLY_ERO_FIRST);
    cr_assert_eq(verify_hops(A, F, (const char *[]){"198.51.100.1", "198.51.100.9"}, 2),
                 TALLY_ERO_BROKEN);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.3", "198.51.100.1"}, 2),
                 TALLY_ERO_FIRST, "in the wrong order");
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.1", "0.0.0.0"}, 2),
                 TALLY_ERO_BROKEN);
    cr_assert_eq(verify_hops(A, C, (const char *[]){"198.51.100.1"}, 1), TALLY_ERO_LAST);
    cr_assert_eq(verify_hops(A, "192.0.2.2", (const char *[]){"198.51.100.1", "198.51.100.3"}, 2),
                 TALLY_ERO_LAST, "past the destination");
}

Test(verify, hops_that_are_torn_or_of_another_kind_are_wrong)
{
    begin_with(SETUP_RSVP, 0);
    struct pair pair = {scene_end(&scene, A), scene_end(&scene, C)};
    uint8_t ero[32];
    size_t size = put_hop(ero, "198.51.100.1");
    size += put_hop(ero + size, "198.51.100.3");
    for (size_t cut = 1; cut < size; cut++) {
        enum tally_kind wanted = cut == 8 ? TALLY_ERO_LAST : TALLY_ERO_MALFORMED;
        cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, ero, cut), wanted, "%zu octets",
                     cut);
    }
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, ero, 0), TALLY_ERO_EMPTY);
    ero[9] = 6; /* the second hop's length */
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, ero, size), TALLY_ERO_MALFORMED);
    (void)put_label(ero + 8, 16003);
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, ero, size), TALLY_ERO_KIND);
}

Test(verify, loose_hop_may_be_any_router)
{
    begin_with(SETUP_RSVP, 0);
    struct pair pair = {scene_end(&scene, A), scene_end(&scene, F)};
    uint8_t ero[32];
    size_t size = put_hop(ero, "198.51.100.3");
    ero[0] |= 0x80;
    size += put_hop(ero + size, "198.51.100.9");
    cr_assert_eq(verify_ero(&scene.worker.load.verify, pair, ero, size), TALLY_OK,
                 "C, then its link");
}

/* ---- which request an answer is for ---- */

static void receive(uint32_t session, const struct reply *replies, unsigned count)
{
    uint8_t octets[512];
    size_t size = scene_reply(octets, replies, count);
    scene_receive(&scene, session, octets, size);
}

Test(verify, answer_is_matched_by_its_number_in_any_order)
{
    begin_with(SETUP_SR, 10);
    uint8_t ero[8];
    size_t size = put_label(ero, 16006);
    const struct load_request *first = scene_ask(&scene, 0, A, F),
                              *second = scene_ask(&scene, 0, C, F);
    uint32_t ids[] = {first->id, second->id};
    receive(0, &(struct reply){.id = ids[1], .ero = ero, .ero_size = size}, 1);
    receive(0, &(struct reply){.id = ids[0], .ero = ero, .ero_size = size}, 1);
    cr_assert_eq(counter_get(&scene.worker.counters.replied), 2u);
    cr_assert_eq(counter_get(&scene.worker.counters.outstanding), 0u);
    cr_assert_eq(tally_wrong(&scene.worker.results.tally), 0u);
    cr_assert_eq(scene.worker.results.paths, 2u);
}

Test(verify, answers_of_one_message_are_told_apart)
{
    begin_with(SETUP_SR, 10);
    uint8_t ero[8];
    size_t size = put_label(ero, 16006);
    uint32_t good = scene_ask(&scene, 0, A, F)->id, bad = scene_ask(&scene, 0, F, A)->id,
             none = scene_ask(&scene, 0, A, C)->id;
    const struct reply replies[] = {{.id = good, .ero = ero, .ero_size = size},
                                    {.id = none, .has_no_path = true},
                                    {.id = bad, .ero = ero, .ero_size = size}};
    receive(0, replies, 3);
    cr_assert_eq(counter_get(&scene.worker.counters.replied), 3u);
    cr_assert_eq(scene.worker.results.no_paths, 1u);
    cr_assert_eq(scene_tally(&scene, TALLY_ERO_LAST), 1u);
    cr_assert_eq(tally_wrong(&scene.worker.results.tally), 1u);
}

Test(verify, second_answer_to_one_request_is_wrong)
{
    begin_with(SETUP_SR, 10);
    uint32_t id = scene_ask(&scene, 0, A, F)->id;
    receive(0, &(struct reply){.id = id, .has_no_path = true}, 1);
    receive(0, &(struct reply){.id = id, .has_no_path = true}, 1);
    cr_assert_eq(scene_tally(&scene, TALLY_REPLY_AGAIN), 1u);
    cr_assert_eq(counter_get(&scene.worker.counters.replied), 1u);
}

Test(verify, answer_that_nobody_asked_for_is_wrong)
{
    begin_with(SETUP_SR, 10);
    uint32_t id = scene_ask(&scene, 0, A, F)->id;
    receive(0, &(struct reply){.id = id + 4000, .has_no_path = true}, 1);
    receive(0, &(struct reply){.id = 0, .has_no_path = true}, 1);
    receive(1, &(struct reply){.id = id, .has_no_path = true}, 1);
    cr_assert_eq(scene_tally(&scene, TALLY_REPLY_UNKNOWN), 3u, "the third is another session's");
    cr_assert_eq(counter_get(&scene.worker.counters.outstanding), 1u);
}

Test(verify, answer_without_path_and_without_no_path_is_wrong)
{
    begin_with(SETUP_SR, 10);
    receive(0, &(struct reply){.id = scene_ask(&scene, 0, A, F)->id}, 1);
    cr_assert_eq(scene_tally(&scene, TALLY_REPLY_NOTHING), 1u);
}

Test(verify, lengths_that_do_not_fit_are_wrong)
{
    begin_with(SETUP_SR, 10);
    uint8_t octets[64];
    const struct reply reply = {.id = scene_ask(&scene, 0, A, F)->id, .has_no_path = true};
    size_t size = scene_reply(octets, &reply, 1);
    for (uint32_t cut = 4; cut < size; cut++) {
        uint64_t before = scene_tally(&scene, TALLY_REPLY_MALFORMED);
        scene_receive(&scene, 0, octets, cut);
        bool is_whole_object = cut == 16; /* the RP alone: an answer without a path */
        cr_assert_eq(scene_tally(&scene, TALLY_REPLY_MALFORMED), before + !is_whole_object,
                     "%u octets", cut);
    }
    octets[7] = 0; /* an object of no length */
    scene_receive(&scene, 0, octets, size);
    cr_assert_eq(scene_tally(&scene, TALLY_REPLY_MALFORMED), size - 4);
}

Test(verify, refused_request_is_not_outstanding)
{
    begin_with(SETUP_SR, 10);
    uint32_t id = scene_ask(&scene, 0, A, F)->id;
    const uint8_t error[] = {0x20,
                             6,
                             0,
                             24,
                             2,
                             0x12,
                             0,
                             12,
                             0,
                             0,
                             0,
                             0,
                             (uint8_t)(id >> 24),
                             (uint8_t)(id >> 16),
                             (uint8_t)(id >> 8),
                             (uint8_t)id,
                             13,
                             0x10,
                             0,
                             8,
                             0,
                             0,
                             4,
                             4};
    scene_receive(&scene, 0, error, sizeof error);
    cr_assert_eq(counter_get(&scene.worker.counters.refused), 1u);
    cr_assert_eq(counter_get(&scene.worker.counters.outstanding), 0u);
    cr_assert_eq(scene.worker.results.tally.pcerr[4][4], 1u);
}

Test(verify, request_number_differs_each_time_a_slot_is_used)
{
    begin_with(SETUP_SR, 10);
    uint32_t last = 0;
    for (unsigned i = 0; i < 1000; i++) {
        uint32_t id = scene_ask(&scene, 0, A, F)->id;
        cr_assert_neq(id, last);
        cr_assert_neq(id, 0u);
        receive(0, &(struct reply){.id = id, .has_no_path = true}, 1);
        last = id;
    }
    scene.worker.table.pccs[0].window.serial = (UINT32_MAX >> scene.worker.load.window_bits);
    cr_assert_neq(scene_ask(&scene, 0, A, F)->id, 0u, "the number wraps");
    cr_assert_eq(tally_wrong(&scene.worker.results.tally), 0u);
}

static enum tally_kind verify_octets(const uint8_t *ero, size_t size)
{
    struct pair pair = {scene_end(&scene, A), scene_end(&scene, F)};
    return verify_ero(&scene.worker.load.verify, pair, ero, size);
}

Test(verify, a_path_of_srv6_has_sids_that_the_network_knows)
{
    uint8_t ero[24] = {40, 24, 0, 0x02, 0, 0, 0, 1, 0xfc, [15] = 9};
    begin_with(SETUP_SRV6, 0);
    cr_expect_eq(verify_octets(ero, sizeof ero), TALLY_LABEL_UNKNOWN);
    ero[3] = 0x01; /* no SID */
    cr_expect_eq(verify_octets(ero, sizeof ero), TALLY_LABEL_UNKNOWN);
    ero[3] = 0x02;
    ero[1] = 20;
    cr_expect_eq(verify_octets(ero, 20), TALLY_ERO_MALFORMED);
    cr_expect_eq(verify_octets(ero, put_label(ero, 16006)), TALLY_ERO_KIND);
}
