/* PCUpd and PCInitiate, octet by octet, and what a peer is not told. */
#include "core/lsp/compose.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/model.h"
#include "tests/unit/lsp/order_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct arena arena;
static uint8_t octets[65536];
static struct lsp_composition composition;

static void set_up(void)
{
    arena_init(&arena, 4U << 20);
}

static void tear_down(void)
{
    arena_fini(&arena);
}

TestSuite(compose, .init = set_up, .fini = tear_down, .timeout = 10);

#define END_POINTS "0410 000c c000 0201 c000 0209"
#define END_POINTS_V6                                                                              \
    "0420 0024 2001 0db8 0000 0000 0000 0000 0000 0001 2001 0db8 0000 0000 0000 0000 0000 0009"
#define ERO_LABELS    "0710 0014 2408 0009 03e8 9000 2408 0009 03e8 a000"
#define ERO_NAI       "0710 0010 240c 1001 03e8 9000 c000 0209"
#define ERO_EMPTY     "0710 0004"
#define ERO_INDEX     "0710 000c 2408 0008 0000 0005"
#define ERO_NO_SID    "0710 000c 2408 1004 c000 0209"
#define ERO_IPV4      "0710 000c 0108 c000 0209 2000"
#define LSPA          "0910 0014 0000 0000 0000 0000 0000 0000 0707 0000"
#define BANDWIDTH     "0510 0008 47f4 2400"
#define METRIC        "0610 000c 0000 0101 4120 0000"
#define POLICY_OBJECT "2810 0010 0000 0000 0003 0001 c000 0201"

static struct lsp_wanted wanted_of(enum lsp_order_kind kind, uint8_t setup, const char *hex)
{
    return (struct lsp_wanted){
        .kind = (uint8_t)kind, .setup_type = setup, .objects = hex_octets(hex)};
}

static struct wire_span objects_of(const struct lsp_ability *ability,
                                   const struct lsp_wanted *wanted)
{
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    enum pce_status status = lsp_compose_objects(ability, wanted, &arena, &writer, &composition);
    cr_assert_eq(status, PCE_OK, "%s", composition.reason);
    cr_assert_null(composition.reason);
    return (struct wire_span){octets, wire_written(&writer)};
}

static enum pce_status refusal_of(const struct lsp_ability *ability,
                                  const struct lsp_wanted *wanted)
{
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    enum pce_status status = lsp_compose_objects(ability, wanted, &arena, &writer, &composition);
    cr_assert_neq(status, PCE_OK);
    cr_assert_not_null(composition.reason);
    return status;
}

#define assert_refused(ability, wanted, want_status, want_reason)                                  \
    do {                                                                                           \
        cr_assert_eq(refusal_of(ability, wanted), want_status);                                    \
        cr_assert_not_null(strstr(composition.reason, want_reason), "%s", composition.reason);     \
    } while (0)

/* The whole message with SRP-ID 7. */
static struct wire_span compose_all(const struct lsp_ability *ability,
                                    const struct lsp_wanted *wanted, uint32_t plsp_id,
                                    const char *name)
{
    static uint8_t message[65536];
    struct wire_span objects = objects_of(ability, wanted);
    const struct lsp_head head = {.kind = wanted->kind,
                                  .setup_type = wanted->setup_type,
                                  .is_up = true,
                                  .srp_id = 7,
                                  .plsp_id = plsp_id,
                                  .name = text_span(name),
                                  .has_color = wanted->has_color,
                                  .color = wanted->color};
    size_t size = lsp_compose_size(&head, objects.size);
    struct wire_writer writer = wire_writer_init(message, size);
    lsp_compose_message(ability->profile, &head, objects, &writer);
    cr_assert_not(writer.failed);
    cr_assert_eq(wire_written(&writer), size);
    return (struct wire_span){message, size};
}

Test(compose, an_update_has_its_objects_in_the_order_of_the_grammar)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted =
        wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, METRIC BANDWIDTH LSPA ERO_LABELS POLICY_OBJECT);
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200b 006c 2110 0014 0000 0000 0000 0007 001c 0004 0000 0001"
                         "2010 0008 0000 5009" POLICY_OBJECT ERO_LABELS LSPA BANDWIDTH METRIC));
}

Test(compose, the_setup_type_zero_is_not_written)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_RSVP_TE, ERO_IPV4);
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200b 0024 2110 000c 0000 0000 0000 0007 2010 0008 0000 5009" ERO_IPV4));
}

Test(compose, an_initiation_has_a_name_and_no_plsp_id)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted =
        wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, ERO_LABELS LSPA END_POINTS POLICY_OBJECT);
    cr_assert(is_message(compose_all(&ability, &wanted, 0, "PE1-a"),
                         "200c 0070 2110 0014 0000 0000 0000 0007 001c 0004 0000 0001"
                         "2010 0014 0000 0009 0011 0005 5045 312d 6100 0000" END_POINTS ERO_LABELS
                             POLICY_OBJECT LSPA));
}

Test(compose, a_colour_without_a_policy_stands_behind_the_name)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_RSVP_TE, END_POINTS ERO_IPV4);
    wanted.has_color = true;
    wanted.color = 0x01020304;
    ability.may_color = true;
    cr_assert(is_message(compose_all(&ability, &wanted, 0, "PE1-a"),
                         "200c 0044 2110 000c 0000 0000 0000 0007"
                         "2010 001c 0000 0009 0011 0005 5045 312d 6100 0000"
                         "0043 0004 0102 0304" END_POINTS ERO_IPV4));
}

/* RFC 9863 2 */
Test(compose, a_colour_goes_only_where_both_ends_have_it_and_no_policy_tells_it)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_RSVP_TE, END_POINTS ERO_IPV4);
    wanted.has_color = true;
    assert_refused(&ability, &wanted, PCE_DENIED, "C flag");
    ability.may_color = true;
    (void)objects_of(&ability, &wanted);
    wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, END_POINTS ERO_LABELS);
    wanted.has_color = true;
    assert_refused(&ability, &wanted, PCE_DENIED, "SR policy");
    ability.associations = 0;
    (void)objects_of(&ability, &wanted);
    wanted.kind = LSP_ORDER_UPDATE;
    wanted.objects = hex_octets(ERO_LABELS);
    assert_refused(&ability, &wanted, PCE_DENIED, "initiation");
}

/* Multipath draft 4.1 to 4.4: path 1 of weight 2, path 2 a backup. */
#define PATH_1  "2d10 0014 0000 0000 0000 0001 003d 0004 0000 0002"
#define PATH_2  "2d10 0014 0000 0000 0000 0002 003e 0004 0000 0001"
#define ERO_TWO "0710 000c 2408 0009 03e8 a000"

Test(compose, segment_lists_stand_behind_their_attributes_in_the_order_in_which_they_are_given)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR,
                                         LSPA PATH_1 ERO_LABELS PATH_2 ERO_TWO END_POINTS);
    ability.paths_max = 2;
    ability.multipath_flags = PCEP_MULTIPATH_W | PCEP_MULTIPATH_B;
    cr_assert(is_message(compose_all(&ability, &wanted, 0, "PE1-a"),
                         "200c 0094 2110 0014 0000 0000 0000 0007 001c 0004 0000 0001"
                         "2010 0014 0000 0009 0011 0005 5045 312d 6100 0000" END_POINTS PATH_1
                             ERO_LABELS PATH_2 ERO_TWO LSPA));
}

Test(compose, segment_lists_go_only_where_the_peer_takes_so_many)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted one = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, PATH_1 ERO_LABELS);
    struct lsp_wanted two =
        wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, PATH_1 ERO_LABELS PATH_2 ERO_TWO);
    struct lsp_wanted bare = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_LABELS ERO_TWO);
    ability.multipath_flags = PCEP_MULTIPATH_W | PCEP_MULTIPATH_B;
    assert_refused(&ability, &one, PCE_DENIED, "MULTIPATH-CAP");
    ability.paths_max = 2;
    (void)objects_of(&ability, &one);
    (void)objects_of(&ability, &two);
    assert_refused(&ability, &bare, PCE_INVALID, "more than one path");
    ability.multipath_flags = PCEP_MULTIPATH_B;
    assert_refused(&ability, &two, PCE_DENIED, "weights");
    ability.multipath_flags = PCEP_MULTIPATH_W;
    assert_refused(&ability, &two, PCE_DENIED, "backups");
}

Test(compose, the_number_of_segment_lists_is_exact)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    const char *plain = "2d10 000c 0000 0000 0000 0000";
    char hex[2048] = "";
    ability.paths_max = 3;
    for (unsigned i = 1; i <= 4; i++) {
        size_t used = strlen(hex);
        (void)snprintf(hex + used, sizeof hex - used, "%s%s", plain, ERO_TWO);
        struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, hex);
        if (i <= 3)
            (void)objects_of(&ability, &wanted);
        else
            assert_refused(&ability, &wanted, PCE_DENIED, "more segment lists");
    }
}

Test(compose, each_segment_list_keeps_to_the_depth)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted two =
        wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, PATH_1 ERO_TWO PATH_2 ERO_LABELS);
    ability.paths_max = 2;
    ability.multipath_flags = PCEP_MULTIPATH_W | PCEP_MULTIPATH_B;
    ability.sid_depth_max = 1;
    assert_refused(&ability, &two, PCE_DENIED, "MSD");
}

static struct lsp_policy policy_of(void)
{
    return (struct lsp_policy){
        .color = 100,
        .preference = 50,
        .discriminator = 3,
        .headend = {.family = IP_V4, .octets = {192, 0, 2, 1}},
        .endpoint = {.family = IP_V4, .octets = {192, 0, 2, 9}},
        .originator = {.family = IP_V4, .octets = {198, 51, 100, 1}},
    };
}

#define POLICY_TLVS(extended, path, preference)                                                    \
    extended                                                                                       \
        "0008 0000 0064 c000 0209" path                                                            \
        "001c 0a00 0000 0000 0000 0000 0000 0000 0000 0000 0000 c633 6401 0000 0003" preference    \
        "0004 0000 0032"

static struct wire_span policy_objects(enum lsp_profile_id profile)
{
    struct lsp_ability ability = able(profile);
    struct lsp_policy policy = policy_of();
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, ERO_LABELS);
    wanted.policy = &policy;
    return objects_of(&ability, &wanted);
}

static bool are(struct wire_span objects, const char *hex)
{
    struct wire_span want = hex_octets(hex);
    return objects.size == want.size && memcmp(objects.octets, want.octets, want.size) == 0;
}

Test(compose, a_policy_is_told_in_the_form_of_the_profile)
{
    cr_assert(are(policy_objects(LSP_PROFILE_STANDARD), ERO_LABELS
                  "2810 0044 0000 0000 0006 0001 c000 0201" POLICY_TLVS("001f", "0039", "003b")));
    cr_assert(are(policy_objects(LSP_PROFILE_CISCO_XR), ERO_LABELS
                  "2810 0044 0000 0000 0014 0001 c000 0201" POLICY_TLVS("001f", "0039", "003b")));
    cr_assert(are(policy_objects(LSP_PROFILE_JUNIPER), ERO_LABELS
                  "2810 0044 0000 0000 ffe1 0001 c000 0201" POLICY_TLVS("ffe3", "ffe4", "ffe5")));
    cr_assert(
        are(policy_objects(LSP_PROFILE_FRR), ERO_LABELS "2210 0010 0000 0009 0001 0004 0000 0064"));
}

Test(compose, a_policy_is_refused_to_a_peer_that_cannot_be_told_its_color)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_policy policy = policy_of();
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, ERO_LABELS);
    wanted.policy = &policy;
    ability.associations = LSP_SAID_ASSOCIATIONS;
    assert_refused(&ability, &wanted, PCE_DENIED, "lists no SR policy association");
    ability = able(LSP_PROFILE_ODL);
    assert_refused(&ability, &wanted, PCE_DENIED, "cannot be told a colour");
    ability = able(LSP_PROFILE_STANDARD);
    wanted.kind = LSP_ORDER_UPDATE;
    assert_refused(&ability, &wanted, PCE_DENIED, "only an initiation");
}

Test(compose, a_deletion_is_srp_and_lsp_alone_and_frr_wants_d)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_DELETE, PCEP_PST_SR, "");
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200c 0020 2110 0014 0000 0001 0000 0007 001c 0004 0000 0001"
                         "2010 0008 0000 5000"));
    ability = able(LSP_PROFILE_FRR);
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200c 0020 2110 0014 0000 0001 0000 0007 001c 0004 0000 0001"
                         "2010 0008 0000 5001"));
    ability = able(LSP_PROFILE_STANDARD);
    wanted.kind = LSP_ORDER_DELETE_ALL;
    cr_assert(is_message(compose_all(&ability, &wanted, 0, ""),
                         "200c 0020 2110 0014 0000 0001 0000 0007 001c 0004 0000 0001"
                         "2010 0008 0000 0000"));
}

Test(compose, an_orphan_is_adopted_by_srp_and_lsp_alone)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_ADOPT, PCEP_PST_RSVP_TE, "");
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200c 0018 2110 000c 0000 0000 0000 0007 2010 0008 0000 5000"));
}

Test(compose, a_return_has_d_clear_and_an_empty_path)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_RETURN, PCEP_PST_RSVP_TE, "");
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200b 001c 2110 000c 0000 0000 0000 0007 2010 0008 0000 5008" ERO_EMPTY));
    ability = able(LSP_PROFILE_FRR);
    assert_refused(&ability, &wanted, PCE_DENIED, "does not take a delegation back");
}

Test(compose, a_resynchronisation_has_s_and_needs_the_capability)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_RESYNC, PCEP_PST_RSVP_TE, "");
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200b 001c 2110 000c 0000 0000 0000 0007 2010 0008 0000 5002" ERO_EMPTY));
    ability.may_resync = false;
    assert_refused(&ability, &wanted, PCE_DENIED, "T flag");
}

Test(compose, control_is_asked_for_without_d)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_CONTROL, PCEP_PST_RSVP_TE, "");
    cr_assert(is_message(compose_all(&ability, &wanted, 5, ""),
                         "200b 001c 2110 000c 0000 0002 0000 0007 2010 0008 0000 5000" ERO_EMPTY));
}

Test(compose, what_both_ends_did_not_agree_is_refused)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted update = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_LABELS);
    struct lsp_wanted initiate = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, ERO_LABELS);
    struct lsp_wanted delete = wanted_of(LSP_ORDER_DELETE, PCEP_PST_SR, "");
    ability.may_update = false;
    assert_refused(&ability, &update, PCE_DENIED, "U flag");
    (void)objects_of(&ability, &initiate);
    ability.may_update = true;
    ability.may_initiate = false;
    assert_refused(&ability, &initiate, PCE_DENIED, "I flag");
    assert_refused(&ability, &delete, PCE_DENIED, "I flag");
    ability.psts = 1U << PCEP_PST_RSVP_TE;
    assert_refused(&ability, &update, PCE_DENIED, "setup type");
    update.setup_type = 64;
    assert_refused(&ability, &update, PCE_DENIED, "setup type");
}

Test(compose, a_path_is_as_deep_as_the_peers_msd_and_no_deeper)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_LABELS);
    ability.sid_depth_max = 2;
    (void)objects_of(&ability, &wanted);
    ability.sid_depth_max = 1;
    assert_refused(&ability, &wanted, PCE_DENIED, "MSD");
}

Test(compose, frr_gets_labels_without_nai_and_nothing_else)
{
    struct lsp_ability ability = able(LSP_PROFILE_FRR);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_NAI);
    cr_assert(are(objects_of(&ability, &wanted), "0710 000c 2408 0009 03e8 9000"));
    wanted.objects = hex_octets("0710 000c 2408 000b 03e8 91ff"); /* C: traffic class and TTL */
    cr_assert(are(objects_of(&ability, &wanted), "0710 000c 2408 0009 03e8 9000"));
    wanted.objects = hex_octets(ERO_NO_SID);
    assert_refused(&ability, &wanted, PCE_DENIED, "labels alone");
    wanted.objects = hex_octets(ERO_INDEX);
    assert_refused(&ability, &wanted, PCE_DENIED, "labels alone");
    wanted.objects = hex_octets(ERO_EMPTY);
    assert_refused(&ability, &wanted, PCE_DENIED, "does not answer an empty path");
    ability = able(LSP_PROFILE_STANDARD);
    cr_assert(are(objects_of(&ability, &wanted), ERO_EMPTY));
    wanted.objects = hex_octets(ERO_NO_SID);
    cr_assert(are(objects_of(&ability, &wanted), ERO_NO_SID));
}

Test(compose, an_empty_path_initiates_nothing)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_INITIATE, PCEP_PST_SR, ERO_EMPTY);
    assert_refused(&ability, &wanted, PCE_INVALID, "empty path");
    wanted.objects = hex_octets(END_POINTS);
    assert_refused(&ability, &wanted, PCE_INVALID, "no path");
}

Test(compose, hops_are_of_the_setup_type)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_IPV4);
    assert_refused(&ability, &wanted, PCE_INVALID, "not of the setup type");
    wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_RSVP_TE, ERO_LABELS);
    assert_refused(&ability, &wanted, PCE_INVALID, "not of the setup type");
    wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SRV6, ERO_LABELS);
    assert_refused(&ability, &wanted, PCE_INVALID, "not of the setup type");
}

Test(compose, objects_that_are_wrong_or_out_of_place_are_refused)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_LABELS END_POINTS);
    assert_refused(&ability, &wanted, PCE_INVALID, "cannot carry");
    wanted.objects = hex_octets(ERO_LABELS ERO_LABELS);
    assert_refused(&ability, &wanted, PCE_INVALID, "more than one path");
    wanted.objects = hex_octets("0710 00ff 2408 0009");
    assert_refused(&ability, &wanted, PCE_INVALID, "");
    wanted.objects = hex_octets("0710 000c 2408 0009 0000 3000"); /* label 3 */
    assert_refused(&ability, &wanted, PCE_INVALID, "implicit null");
    wanted = wanted_of(LSP_ORDER_DELETE, PCEP_PST_SR, ERO_LABELS);
    assert_refused(&ability, &wanted, PCE_INVALID, "cannot carry");
}

Test(compose, the_simulator_has_no_ends_of_ipv6)
{
    struct lsp_ability ability = able(LSP_PROFILE_ODL);
    struct lsp_wanted wanted =
        wanted_of(LSP_ORDER_INITIATE, PCEP_PST_RSVP_TE, END_POINTS_V6 ERO_IPV4);
    assert_refused(&ability, &wanted, PCE_DENIED, "IPv6");
    wanted.objects = hex_octets(END_POINTS ERO_IPV4);
    (void)objects_of(&ability, &wanted);
}

Test(compose, a_writer_that_is_full_is_said)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ERO_LABELS);
    struct wire_writer exact = wire_writer_init(octets, 20);
    struct wire_writer small = wire_writer_init(octets, 19);
    cr_assert_eq(lsp_compose_objects(&ability, &wanted, &arena, &exact, &composition), PCE_OK);
    cr_assert_eq(lsp_compose_objects(&ability, &wanted, &arena, &small, &composition), PCE_LIMIT);
    cr_assert_not_null(composition.reason);
}

static uint64_t digest_of(const char *ero)
{
    struct lsp_ability ability = able(LSP_PROFILE_STANDARD);
    struct lsp_wanted wanted = wanted_of(LSP_ORDER_UPDATE, PCEP_PST_SR, ero);
    (void)objects_of(&ability, &wanted);
    return composition.path_digest;
}

Test(compose, the_same_way_in_another_form_has_the_same_digest)
{
    uint64_t bare = digest_of("0710 000c 2408 0009 03e8 9000");
    cr_assert_eq(digest_of(ERO_NAI), bare);
    cr_assert_eq(digest_of("0710 000c 2408 000b 03e8 91ff"), bare);
    cr_assert_neq(digest_of("0710 000c 2408 0009 03e8 a000"), bare);
    cr_assert_neq(digest_of(ERO_LABELS), bare);
    cr_assert_neq(digest_of("0710 0014 2408 0009 03e8 a000 2408 0009 03e8 9000"),
                  digest_of(ERO_LABELS));
    cr_assert_eq(digest_of(ERO_EMPTY), LSP_PATH_EMPTY);
    cr_assert_neq(bare, LSP_PATH_EMPTY);
}
