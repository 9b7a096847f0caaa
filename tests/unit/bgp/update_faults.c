/* What is wrong with an UPDATE, and what it asks for (RFC 7606, RFC 9552 8.2.2). */
#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define UPDATE  MARKER "0000 02 0000 0000 "
#define ORIGIN  "400101 00 "
#define AS_PATH "400200 "
#define LOCAL   "400504 00000064 "
#define NODE    "0001 0017 02 0000000000000000 0100 000a 0203 0006 192168001001 "
/* MP_REACH of one node: 36 octets. */
#define REACH "800e24 4004 47 04 c0000201 00 " NODE
#define NAME  "801d06 0402 0002 7231 "

struct outcome {
    enum bgp_action action;
    unsigned error;
    bool is_withdraw;
    bool has_ls; /* the attribute may be used */
};

/* attributes: their octets; the total length in front is filled in. */
static struct outcome outcome_as(const char *attributes, struct bgp_options options)
{
    char hex[4096];
    (void)snprintf(hex, sizeof hex, UPDATE "%s", attributes);
    struct octets octets = bgp_octets(hex);
    size_t total = octets.size - 23;
    octets.at[21] = (uint8_t)(total >> 8);
    octets.at[22] = (uint8_t)total;
    struct bgp_decoded decoded;
    bgp_decoded_init_as(&decoded, &octets, options);
    struct outcome outcome = {
        decoded.fault.action, (unsigned)decoded.fault.error, decoded.message.update.is_withdraw,
        bgp_find_attribute(&decoded.message.update, BGP_ATTRIBUTE_BGP_LS) != NULL};
    cr_expect((decoded.status == PCE_INVALID) == (outcome.action == BGP_ACTION_RESET));
    cr_expect(decoded.status != PCE_OK || bgp_encodes_to(&decoded.message, &octets));
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
    return outcome;
}

static struct outcome outcome_of(const char *attributes)
{
    return outcome_as(attributes, (struct bgp_options){.has_as4 = true});
}

static void expect(const char *attributes, enum bgp_action action, unsigned error)
{
    struct outcome outcome = outcome_of(attributes);
    cr_expect(outcome.action == action && outcome.error == error, "%s: %s, %u/%u", attributes,
              bgp_action_text(outcome.action), outcome.error >> 8, outcome.error & 0xFF);
    cr_expect_eq(outcome.is_withdraw, action == BGP_ACTION_WITHDRAW, "%s", attributes);
}

Test(update_faults, nothing_is_wrong_in_whatever_order_attributes_stand)
{
    expect(REACH ORIGIN AS_PATH LOCAL NAME, BGP_ACTION_NONE, 0);
    expect(NAME LOCAL AS_PATH ORIGIN REACH, BGP_ACTION_NONE, 0);
    cr_expect(outcome_of(NAME LOCAL AS_PATH ORIGIN REACH).has_ls);
}

Test(update_faults, an_announcement_without_the_attribute_is_good)
{
    struct outcome outcome = outcome_of(REACH ORIGIN AS_PATH LOCAL);
    cr_expect(outcome.action == BGP_ACTION_NONE && !outcome.is_withdraw && !outcome.has_ls);
}

Test(update_faults, malformed_attributes_ask_for_what_their_rows_say)
{
    expect(REACH "400102 0000 " AS_PATH, BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH "400100 " AS_PATH, BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH "400101 03 " AS_PATH, BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_ORIGIN);
    expect(REACH ORIGIN "400206 0202 0000fde9 ", BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_AS_PATH);
    expect(REACH ORIGIN "400202 0200 ", BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_AS_PATH);
    expect(REACH ORIGIN "400206 0901 0000fde9 ", BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_AS_PATH);
    expect(REACH ORIGIN AS_PATH "400503 000064 ", BGP_ACTION_WITHDRAW,
           BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH ORIGIN AS_PATH "400601 00 ", BGP_ACTION_DISCARD, BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH ORIGIN AS_PATH "c00706 fde9 c0000201 ", BGP_ACTION_DISCARD,
           BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH ORIGIN AS_PATH "c00803 000000 ", BGP_ACTION_WITHDRAW,
           BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
    expect(REACH ORIGIN AS_PATH "c01005 0000000000 ", BGP_ACTION_WITHDRAW,
           BGP_ERROR_BAD_ATTRIBUTE_LENGTH);
}

Test(update_faults, the_strongest_mistake_counts)
{
    struct outcome outcome = outcome_of(REACH "400101 03 " AS_PATH "801d05 0402 0003 72 "
                                              "400601 00 ");
    cr_expect(outcome.action == BGP_ACTION_WITHDRAW && outcome.error == BGP_ERROR_BAD_ORIGIN);
    cr_expect_not(outcome.has_ls);
}

Test(update_faults, other_flags_than_the_attributes_own)
{
    expect(REACH "c00101 00 " AS_PATH, BGP_ACTION_WITHDRAW, BGP_ERROR_BAD_ATTRIBUTE_FLAGS);
    expect(REACH ORIGIN AS_PATH "c01d06 0402 0002 7231 ", BGP_ACTION_WITHDRAW,
           BGP_ERROR_BAD_ATTRIBUTE_FLAGS);
    /* MP_REACH with other flags hides its NLRIs (RFC 7606 5.3). */
    expect("c00e24 4004 47 04 c0000201 00 " NODE ORIGIN AS_PATH, BGP_ACTION_RESET,
           BGP_ERROR_BAD_ATTRIBUTE_FLAGS);
}

Test(update_faults, what_is_missing_and_what_comes_twice)
{
    expect(REACH AS_PATH, BGP_ACTION_WITHDRAW, BGP_ERROR_MISSING_ATTRIBUTE);
    expect(REACH ORIGIN, BGP_ACTION_WITHDRAW, BGP_ERROR_MISSING_ATTRIBUTE);
    expect(REACH ORIGIN ORIGIN AS_PATH, BGP_ACTION_DISCARD, BGP_ERROR_MALFORMED_ATTRIBUTES);
    expect(REACH REACH ORIGIN AS_PATH, BGP_ACTION_RESET, BGP_ERROR_MALFORMED_ATTRIBUTES);
    cr_expect(outcome_of(REACH ORIGIN AS_PATH NAME NAME).has_ls, "the first one counts");
}

Test(update_faults, unknown_attributes_are_kept_unless_they_say_that_they_are_well_known)
{
    expect(REACH ORIGIN AS_PATH "80c803 010203 ", BGP_ACTION_NONE, 0);
    expect(REACH ORIGIN AS_PATH "40c803 010203 ", BGP_ACTION_RESET, BGP_ERROR_UNKNOWN_WELL_KNOWN);
}

Test(update_faults, attributes_of_an_internal_peer_are_discarded_from_an_external_one)
{
    const struct bgp_options external = {.has_as4 = true, .is_external = true};
    struct outcome outcome = outcome_as(REACH ORIGIN AS_PATH LOCAL, external);
    cr_expect(outcome.action == BGP_ACTION_DISCARD && !outcome.is_withdraw);
    outcome = outcome_as(REACH ORIGIN AS_PATH "800904 c0000201 ", external);
    cr_expect(outcome.action == BGP_ACTION_DISCARD && !outcome.is_withdraw);
    outcome = outcome_as(REACH ORIGIN AS_PATH "800a04 c0000201 ", external);
    cr_expect(outcome.action == BGP_ACTION_DISCARD && !outcome.is_withdraw);
}

Test(update_faults, an_as_has_the_octets_that_were_settled)
{
    struct outcome outcome = outcome_as(REACH ORIGIN "400204 0201 fde9 ", (struct bgp_options){0});
    cr_expect_eq(outcome.action, BGP_ACTION_NONE);
    outcome = outcome_as(REACH ORIGIN "400206 0201 0000fde9 ", (struct bgp_options){0});
    cr_expect_eq(outcome.error, BGP_ERROR_BAD_AS_PATH);
}

Test(update_faults, lengths_of_nlris_that_do_not_fit_reset_the_session)
{
    /* the NLRI is longer than the attribute */
    expect("800e24 4004 47 04 c0000201 00 0001 0018 02 0000000000000000 0100 000a 0203 0006 "
           "192168001001 " ORIGIN AS_PATH,
           BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
    /* its TLV is longer than the NLRI */
    expect("800e24 4004 47 04 c0000201 00 0001 0017 02 0000000000000000 0100 000b 0203 0006 "
           "192168001001 " ORIGIN AS_PATH,
           BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
    /* its sub-TLV is longer than its TLV */
    expect("800e24 4004 47 04 c0000201 00 0001 0017 02 0000000000000000 0100 000a 0203 0007 "
           "192168001001 " ORIGIN AS_PATH,
           BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
    /* there is no room for protocol and identifier */
    expect("800e0d 4004 47 04 c0000201 00 0001 0000 " ORIGIN AS_PATH, BGP_ACTION_RESET,
           BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
    /* a next hop that is no address */
    expect("800e25 4004 47 05 c000020100 00 " NODE ORIGIN AS_PATH, BGP_ACTION_RESET,
           BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
    expect("800f02 4004 ", BGP_ACTION_RESET, BGP_ERROR_BAD_OPTIONAL_ATTRIBUTE);
}

Test(update_faults, lengths_inside_the_attribute_discard_it_and_contents_do_not)
{
    struct outcome outcome = outcome_of(REACH ORIGIN AS_PATH LOCAL "801d06 0402 0003 7231 ");
    cr_expect(outcome.action == BGP_ACTION_DISCARD && !outcome.has_ls && !outcome.is_withdraw);
    /* a sub-TLV of a TLV that is known */
    outcome = outcome_of(REACH ORIGIN AS_PATH LOCAL "801d0c 040f 0008 80010064 0410 0004 ");
    cr_expect(outcome.action == BGP_ACTION_DISCARD && !outcome.has_ls);
    /* the value of another length than its own, and an empty attribute */
    outcome = outcome_of(REACH ORIGIN AS_PATH LOCAL "801d06 0440 0002 0001 ");
    cr_expect(outcome.action == BGP_ACTION_NONE && outcome.has_ls);
    cr_expect(outcome_of(REACH ORIGIN AS_PATH LOCAL "801d00 ").has_ls);
}

Test(update_faults, the_last_attribute_may_hide_nothing_when_it_does_not_fit)
{
    expect(REACH ORIGIN AS_PATH "4005 05 00000064 ", BGP_ACTION_WITHDRAW,
           BGP_ERROR_MALFORMED_ATTRIBUTES);
    expect(REACH ORIGIN AS_PATH "40 ", BGP_ACTION_WITHDRAW, BGP_ERROR_MALFORMED_ATTRIBUTES);
    /* Where nothing is announced it may have hidden the announcement (RFC 7606 5.2). */
    expect(ORIGIN AS_PATH "4005 05 00000064 ", BGP_ACTION_RESET, BGP_ERROR_MALFORMED_ATTRIBUTES);
}

Test(update_faults, lengths_in_front_that_exceed_the_message)
{
    struct octets octets = bgp_octets(MARKER "0000 02 0000 0001 ");
    struct bgp_decoded decoded;
    bgp_decoded_init(&decoded, &octets);
    cr_expect(decoded.status == PCE_INVALID &&
              decoded.fault.error == BGP_ERROR_MALFORMED_ATTRIBUTES);
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
}

Test(update_faults, end_of_rib_is_an_unreach_without_nlris)
{
    static const struct {
        const char *hex;
        bool is_end;
    } updates[] = {
        {MARKER "0000 02 0000 0006 800f03 4004 47 ", true},
        {MARKER "0000 02 0000 0006 800f03 0002 01 ", false},
        {MARKER "0000 02 0000 0000 ", false}, /* of IPv4 unicast */
    };
    for (unsigned i = 0; i < sizeof updates / sizeof updates[0]; i++) {
        struct octets octets = bgp_octets(updates[i].hex);
        struct bgp_decoded decoded;
        bgp_decoded_init(&decoded, &octets);
        cr_expect(decoded.status == PCE_OK);
        cr_expect_eq(bgp_update_is_end_of_rib(&decoded.message.update), updates[i].is_end, "%u", i);
        bgp_decoded_fini(&decoded);
        octets_free(&octets);
    }
}

/* TLVs inside each other: as deep as the decoder goes, and one deeper. */
static uint32_t depth_reached(unsigned depth)
{
    char hex[4096];
    unsigned total = 8 * depth;
    int at = snprintf(hex, sizeof hex, UPDATE REACH ORIGIN AS_PATH "901d %04x ", total);
    for (unsigned i = 0; i < depth; i++)
        at += snprintf(hex + at, sizeof hex - (size_t)at, "0494 %04x 0000000c ", total - 8 * i - 4);
    struct octets octets = bgp_octets(hex);
    octets.at[21] = (uint8_t)((octets.size - 23) >> 8);
    octets.at[22] = (uint8_t)(octets.size - 23);
    struct bgp_decoded decoded;
    bgp_decoded_init(&decoded, &octets);
    cr_assert(decoded.status == PCE_OK);
    cr_expect(bgp_encodes_to(&decoded.message, &octets));
    const struct bgp_attribute *ls =
        bgp_find_attribute(&decoded.message.update, BGP_ATTRIBUTE_BGP_LS);
    uint32_t reached = 0;
    for (const struct bgp_tlv_list *list = &ls->tlvs; list->count > 0; list = &list->tlvs[0].subs)
        reached++;
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
    return reached;
}

Test(update_faults, tlvs_inside_each_other_are_read_to_a_bound)
{
    cr_expect_eq(depth_reached(BGP_TLV_DEPTH_MAX), BGP_TLV_DEPTH_MAX);
    cr_expect_eq(depth_reached(BGP_TLV_DEPTH_MAX + 5), BGP_TLV_DEPTH_MAX);
}

Test(update_faults, a_full_arena_is_a_limit_and_no_fault)
{
    struct octets octets = read_hex_file(source_path("tests/golden/bgp/update-link.hex"));
    bool was_whole = false;
    for (size_t room = 0; !was_whole && room < 1U << 20; room += 512) {
        struct arena arena;
        struct bgp_message message;
        struct bgp_fault fault;
        arena_init(&arena, room);
        enum pce_status status =
            bgp_decode((struct wire_span){octets.at, octets.size},
                       (struct bgp_options){.has_as4 = true}, &arena, &message, &fault);
        was_whole = status == PCE_OK;
        cr_expect(was_whole || status == PCE_LIMIT, "room of %zu: %d", room, (int)status);
        cr_expect_not(bgp_fault_is_set(&fault));
        arena_fini(&arena);
    }
    cr_expect(was_whole);
    octets_free(&octets);
}
