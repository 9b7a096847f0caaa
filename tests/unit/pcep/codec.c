#include "core/pcep/codec.h"

#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Decodes a text of hex. */
static void decode_text(struct decoded *decoded, struct octets *octets, const char *text)
{
    *octets = parse_hex_text(text);
    decoded_init(decoded, octets);
}

static void finish(struct decoded *decoded, struct octets *octets)
{
    decoded_fini(decoded);
    octets_free(octets);
}

/* Expects this fault, whatever else, and that nothing is lost where the message can be followed. */
static void expect_fault(const char *text, unsigned scope, unsigned type, unsigned value,
                         unsigned offset)
{
    struct octets octets;
    struct decoded d;
    decode_text(&d, &octets, text);
    cr_expect(d.fault.scope == scope && d.fault.error_type == type &&
                  d.fault.error_value == value && d.fault.offset == offset,
              "%s: scope %u, %u/%u at %u: %s", text, d.fault.scope, d.fault.error_type,
              d.fault.error_value, d.fault.offset, d.fault.reason);
    cr_expect(d.status == (scope == PCEP_FAULT_SESSION ? PCE_INVALID : PCE_OK));
    cr_expect(d.status != PCE_OK || encodes_to(&d.message, &octets), "%s", text);
    finish(&d, &octets);
}

Test(codec, message_shorter_than_its_header_is_refused)
{
    expect_fault("", PCEP_FAULT_SESSION, 0, 0, 0);
    expect_fault("20 02 00", PCEP_FAULT_SESSION, 0, 0, 0);
}

Test(codec, version_that_is_not_1_is_1_8)
{
    expect_fault("40 02 00 04", PCEP_FAULT_SESSION, 1, 8, 0);
}

Test(codec, message_length_must_be_that_of_its_octets)
{
    expect_fault("20 02 00 08", PCEP_FAULT_SESSION, 0, 0, 2);
    expect_fault("20 02 00 04 00 00 00 00", PCEP_FAULT_SESSION, 0, 0, 2);
}

Test(codec, object_length_below_4_ends_the_session)
{
    expect_fault("20 01 00 08 01 10 00 00", PCEP_FAULT_SESSION, 10, 11, 4);
    expect_fault("20 01 00 08 01 10 00 03", PCEP_FAULT_SESSION, 10, 11, 4);
}

Test(codec, object_length_that_is_no_multiple_of_4_ends_the_session)
{
    expect_fault("20 01 00 0c 01 10 00 06 20 1e 78 00", PCEP_FAULT_SESSION, 10, 11, 4);
}

Test(codec, object_past_the_message_ends_the_session_and_what_came_before_is_there)
{
    struct octets octets;
    struct decoded d;
    decode_text(&d, &octets, "20 07 00 10 0f 10 00 08 00 00 00 02 0f 10 00 08");
    cr_expect(d.status == PCE_INVALID && d.fault.offset == 12);
    cr_expect(d.message.object_count == 1 && d.message.objects[0].row != NULL);
    finish(&d, &octets);
}

Test(codec, body_that_is_too_short_is_10_11_and_kept)
{
    expect_fault("20 01 00 08 01 10 00 04", PCEP_FAULT_MESSAGE, 10, 11, 4);
    expect_fault("20 03 00 0c 02 12 00 08 00 00 00 01", PCEP_FAULT_MESSAGE, 10, 11, 4);
}

Test(codec, body_that_is_too_long_is_10_11_and_kept)
{
    expect_fault("20 03 00 10 05 10 00 0c 00 00 00 00 00 00 00 00", PCEP_FAULT_MESSAGE, 10, 11, 12);
}

Test(codec, tlv_past_its_object_is_10_11_and_kept)
{
    expect_fault("20 01 00 10 01 10 00 0c 20 1e 78 00 00 10 00 04", PCEP_FAULT_MESSAGE, 10, 11, 12);
    expect_fault("20 01 00 14 01 10 00 10 20 1e 78 00 00 10 00 05 00 00 00 00", PCEP_FAULT_MESSAGE,
                 10, 11, 12);
}

Test(codec, tlv_of_a_wrong_length_is_10_11_and_kept)
{
    expect_fault("20 01 00 14 01 10 00 10 20 1e 78 00 00 10 00 02 00 05 00 00", PCEP_FAULT_MESSAGE,
                 10, 11, 12);
    expect_fault("20 01 00 18 01 10 00 14 20 1e 78 00 00 10 00 08 00 00 00 05 00 00 00 00",
                 PCEP_FAULT_MESSAGE, 10, 11, 12);
}

Test(codec, list_of_setup_types_must_be_there_and_whole)
{
    /* RFC 8408 3: none; more than there are octets; without its padding */
    expect_fault("20 01 00 14 01 10 00 10 20 1e 78 00 00 22 00 04 00 00 00 00", PCEP_FAULT_MESSAGE,
                 10, 11, 12);
    expect_fault("20 01 00 18 01 10 00 14 20 1e 78 00 00 22 00 08 00 00 00 09 00 01 02 03",
                 PCEP_FAULT_MESSAGE, 10, 11, 12);
    expect_fault("20 01 00 18 01 10 00 14 20 1e 78 00 00 22 00 05 00 00 00 01 01 00 00 00",
                 PCEP_FAULT_MESSAGE, 10, 11, 12);
}

Test(codec, malformed_sub_tlv_is_10_11_and_kept)
{
    expect_fault("20 01 00 20 01 10 00 1c 20 1e 78 00 00 22 00 10 00 00 00 01 01 00 00 00 "
                 "00 1a 00 40 00 00 00 0a",
                 PCEP_FAULT_MESSAGE, 10, 11, 24);
    expect_fault("20 01 00 20 01 10 00 1c 20 1e 78 00 00 22 00 10 00 00 00 01 01 00 00 00 "
                 "00 1a 00 02 00 00 00 00",
                 PCEP_FAULT_MESSAGE, 10, 11, 24);
}

Test(codec, subobject_length_below_2_is_10_11_and_kept)
{
    expect_fault("20 0a 00 0c 07 10 00 08 01 00 00 00", PCEP_FAULT_MESSAGE, 10, 11, 8);
    expect_fault("20 0a 00 0c 07 10 00 08 01 01 00 00", PCEP_FAULT_MESSAGE, 10, 11, 8);
}

Test(codec, subobject_past_its_object_is_10_11_and_kept)
{
    expect_fault("20 0a 00 0c 07 10 00 08 01 08 c0 00", PCEP_FAULT_MESSAGE, 10, 11, 8);
}

Test(codec, subobject_length_that_is_no_multiple_of_4_is_10_11_and_kept)
{
    expect_fault("20 0a 00 10 07 10 00 0c 63 03 01 63 05 02 03 04", PCEP_FAULT_MESSAGE, 10, 11, 8);
}

Test(codec, sr_subobject_without_sid_and_nai_is_10_6_in_an_ero_and_10_7_in_an_rro)
{
    expect_fault("20 0a 00 0c 07 10 00 08 24 04 00 0c", PCEP_FAULT_MESSAGE, 10, 6, 8);
    expect_fault("20 0a 00 0c 08 10 00 08 24 04 00 0c", PCEP_FAULT_MESSAGE, 10, 7, 8);
}

Test(codec, sr_nai_type_that_is_unassigned_is_10_13)
{
    for (unsigned nt = 7; nt < 16; nt++) {
        char text[128];
        (void)snprintf(text, sizeof text, "20 0a 00 10 07 10 00 0c 24 08 %x0 00 00 00 00 01", nt);
        expect_fault(text, PCEP_FAULT_MESSAGE, 10, 13, 8);
    }
}

/* RFC 9933 4.2 and 4.2.1: the extension block has four octets for the algorithm, none without it,
 * and any multiple of four when a flag that is not assigned may ask for more. */
Test(codec, sr_extension_block_has_the_length_that_its_flags_allow)
{
    static const struct {
        unsigned flags;
        bool allowed[4]; /* blocks of 0, 4, 8 and 12 octets */
    } cases[] = {
        {PCEP_SR_F, {true, false, false, false}},
        {PCEP_SR_F | PCEP_SR_A, {false, true, false, false}},
        {PCEP_SR_F | 0x100, {true, true, true, true}},
        {PCEP_SR_F | PCEP_SR_A | 0x020, {false, true, true, true}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned block = 0; block < 4; block++) {
            unsigned size = 8 + 4 * block;
            uint8_t octets[40] = {0x20, 10,           0, (uint8_t)(size + 8),
                                  7,    0x10,         0, (uint8_t)(size + 4),
                                  36,   (uint8_t)size};
            octets[10] = (uint8_t)(cases[i].flags >> 8);
            octets[11] = (uint8_t)cases[i].flags;
            octets[19] = 130;
            struct octets span = {octets, size + 8};
            struct decoded d;
            decoded_init(&d, &span);
            cr_expect(pcep_fault_is_set(&d.fault) != cases[i].allowed[block], "flags %x, %u octets",
                      cases[i].flags, size);
            cr_expect(cases[i].allowed[block] ||
                      (d.fault.error_type == 10 && d.fault.error_value == 11));
            const struct pcep_sub_sr *sr = d.message.objects[0].subobjects[0].body;
            if (cases[i].allowed[block])
                cr_expect(sr->algorithm == ((cases[i].flags & PCEP_SR_A) != 0 ? 130 : 0));
            cr_expect(encodes_to(&d.message, &span), "flags %x, %u octets", cases[i].flags, size);
            decoded_fini(&d);
        }
    }
}

/* RFC 8780 5.2 */
Test(codec, wavelengths_that_cannot_be_read_are_27_3)
{
    static const char *const restrictions[] = {
        "0008 00010000 04000000",                   /* unknown type of link */
        "0008 00010000 01000000",                   /* the address does not fit */
        "0008 00000000 00010004",                   /* no label */
        "0008 00000000 00010010",                   /* longer than the TLV */
        "0010 00000000 00010006 28000001 00000000", /* no multiple of 4 */
    };
    for (size_t i = 0; i < sizeof restrictions / sizeof restrictions[0]; i++) {
        char text[128];
        unsigned size = i == 4 ? 20 : 12;
        (void)snprintf(text, sizeof text, "20 03 00 %02x 2a 10 00 %02x 00000000 0009 %s", size + 12,
                       size + 8, restrictions[i]);
        expect_fault(text, PCEP_FAULT_MESSAGE, 27, 3, 12);
    }
}

/* RFC 9757 7.4: as many prefixes as are counted. */
Test(codec, ppa_with_fewer_prefixes_than_it_counts_is_malformed)
{
    expect_fault("20 0c 00 18 30 10 00 14 c0000209 02000000 cb007100 18000000", PCEP_FAULT_MESSAGE,
                 10, 11, 4);
}

/* RFC 8664 5.2.1: for each NAI type the one length that is right, with the SID and without. */
Test(codec, sr_subobject_lengths_are_those_of_rfc_8664_alone)
{
    static const unsigned sizes[7][2] = {{8, 0},   {12, 8},  {24, 20}, {16, 12},
                                         {40, 36}, {24, 20}, {48, 44}};
    for (unsigned nt = 0; nt < 7; nt++) {
        for (unsigned size = 4; size <= 60; size += 4) {
            for (unsigned flags = 0; flags <= 0xC; flags += 4) {
                uint8_t octets[80] = {0x20, 10,           0, (uint8_t)(size + 8),
                                      7,    0x10,         0, (uint8_t)(size + 4),
                                      36,   (uint8_t)size};
                octets[10] = (uint8_t)(nt << 4);
                octets[11] = (uint8_t)flags;
                struct octets span = {octets, size + 8};
                struct decoded d;
                decoded_init(&d, &span);
                bool has_sid = (flags & PCEP_SR_S) == 0;
                bool has_nai = (flags & PCEP_SR_F) == 0;
                /* M and C are zero here, so that S is free. */
                bool is_right = (has_sid || has_nai) && has_nai == (nt != 0) &&
                                size == sizes[nt][has_sid ? 0 : 1];
                cr_expect(pcep_fault_is_set(&d.fault) != is_right, "NT %u size %u flags %x", nt,
                          size, flags);
                cr_expect(d.fault.error_value == (is_right ? 0 : has_sid || has_nai ? 11 : 6));
                cr_expect(encodes_to(&d.message, &span));
                decoded_fini(&d);
            }
        }
    }
}

Test(codec, sr_flags_that_contradict_each_other_are_10_11)
{
    /* RFC 8664 5.2.1: M or C without a SID, C without M */
    expect_fault("20 0a 00 10 07 10 00 0c 24 08 10 05 c0 00 02 01", PCEP_FAULT_MESSAGE, 10, 11, 8);
    expect_fault("20 0a 00 10 07 10 00 0c 24 08 10 06 c0 00 02 01", PCEP_FAULT_MESSAGE, 10, 11, 8);
    expect_fault("20 0a 00 10 07 10 00 0c 24 08 00 0a 00 00 00 07", PCEP_FAULT_MESSAGE, 10, 11, 8);
}

Test(codec, sr_label_3_is_10_2_and_index_3_is_good)
{
    expect_fault("20 0a 00 10 07 10 00 0c 24 08 00 09 00 00 30 00", PCEP_FAULT_MESSAGE, 10, 2, 8);
    expect_fault("20 0a 00 10 07 10 00 0c 24 08 00 08 00 00 30 00", PCEP_FAULT_NONE, 0, 0, 0);
}

#define LABEL_16010 "24 08 00 09 03 e8 a0 00"
#define INDEX_10    "24 08 00 08 00 00 00 0a"
#define NODE_ONLY   "24 08 10 04 c0 00 02 01"
#define PREFIX      "01 08 c0 00 02 01 20 00"
#define SRV6_NODE   "28 18 20 01 00 00 00 01 20010db8000000000000000000000001"

Test(codec, segments_mixed_with_other_subobjects_have_the_error_of_their_object)
{
    expect_fault("20 0a 00 18 07 10 00 14" LABEL_16010 PREFIX, PCEP_FAULT_MESSAGE, 10, 5, 16);
    expect_fault("20 0a 00 18 07 10 00 14" PREFIX LABEL_16010, PCEP_FAULT_MESSAGE, 10, 5, 16);
    expect_fault("20 0a 00 18 08 10 00 14" LABEL_16010 PREFIX, PCEP_FAULT_MESSAGE, 10, 10, 16);
    expect_fault("20 0a 00 28 07 10 00 24" PREFIX SRV6_NODE, PCEP_FAULT_MESSAGE, 10, 43, 16);
    expect_fault("20 0a 00 28 08 10 00 24" PREFIX SRV6_NODE, PCEP_FAULT_MESSAGE, 10, 36, 16);
    expect_fault("20 0a 00 18 07 10 00 14" LABEL_16010 LABEL_16010, PCEP_FAULT_NONE, 0, 0, 0);
    expect_fault("20 0a 00 18 07 10 00 14" PREFIX PREFIX, PCEP_FAULT_NONE, 0, 0, 0);
}

Test(codec, labels_indexes_and_absent_sids_do_not_mix)
{
    expect_fault("20 0a 00 18 07 10 00 14" LABEL_16010 INDEX_10, PCEP_FAULT_MESSAGE, 10, 20, 16);
    expect_fault("20 0a 00 18 07 10 00 14" INDEX_10 NODE_ONLY, PCEP_FAULT_MESSAGE, 10, 20, 16);
    expect_fault("20 0a 00 18 08 10 00 14" NODE_ONLY LABEL_16010, PCEP_FAULT_MESSAGE, 10, 20, 16);
}

Test(codec, srv6_subobject_faults_have_their_own_values)
{
    /* neither SID nor NAI: 10/42 in an ERO, 10/35 in an RRO (RFC 9603 as registered) */
    expect_fault("20 0a 00 10 07 10 00 0c 28 08 00 03 00 00 00 01", PCEP_FAULT_MESSAGE, 10, 42, 8);
    expect_fault("20 0a 00 10 08 10 00 0c 28 08 00 03 00 00 00 01", PCEP_FAULT_MESSAGE, 10, 35, 8);
    /* NAI type 1 is of SR-MPLS alone */
    expect_fault("20 0a 00 10 07 10 00 0c 28 08 10 01 00 00 00 01", PCEP_FAULT_MESSAGE, 10, 41, 8);
    /* length */
    expect_fault("20 0a 00 10 07 10 00 0c 28 08 00 02 00 00 00 01", PCEP_FAULT_MESSAGE, 10, 11, 8);
    /* a structure of more than 128 bits, and one without its SID */
    expect_fault("20 0a 00 28 07 10 00 24 28 20 00 06 00 00 00 01 "
                 "20010db8000000000000000000000001 40 30 10 01 00000000",
                 PCEP_FAULT_MESSAGE, 10, 37, 8);
    expect_fault("20 0a 00 28 07 10 00 24 28 20 20 05 00 00 00 01 "
                 "20010db8000000000000000000000001 20 10 10 00 00000000",
                 PCEP_FAULT_MESSAGE, 10, 37, 8);
}

Test(codec, fault_is_kept_at_its_object_and_the_first_is_that_of_the_message)
{
    struct octets octets;
    struct decoded d;
    decode_text(&d, &octets, "20 0a 00 14 07 10 00 08 24 04 00 0c 08 10 00 08 24 04 00 0c");
    cr_assert(d.message.object_count == 2);
    cr_expect(d.message.objects[0].fault->error_value == 6);
    cr_expect(d.message.objects[1].fault->error_value == 7);
    cr_expect(d.fault.error_value == 6);
    finish(&d, &octets);
}

Test(codec, unknown_message_type_is_decoded_with_its_objects)
{
    struct octets octets;
    struct decoded d;
    decode_text(&d, &octets, "20 63 00 0c 0f 10 00 08 00 00 00 02");
    cr_expect(d.status == PCE_OK && d.message.row == NULL && d.message.type == 99);
    cr_expect(d.message.object_count == 1 && encodes_to(&d.message, &octets));
    finish(&d, &octets);
}

Test(codec, deprecated_sr_capability_of_the_object_is_found_by_the_same_id)
{
    struct octets octets = read_hex_file(source_path("tests/golden/open-early-sr.hex"));
    struct decoded d;
    decoded_init(&d, &octets);
    const struct pcep_sr_pce_capability *sr =
        pcep_find_tlv(&d.message.objects[0], PCEP_TLV_SR_PCE_CAPABILITY);
    cr_assert(sr != NULL);
    cr_expect(sr->msd == 10);
    finish(&d, &octets);
}

Test(codec, sub_tlvs_are_found_in_their_tlv)
{
    struct octets octets = read_hex_file(source_path("tests/golden/open.hex"));
    struct decoded d;
    decoded_init(&d, &octets);
    const struct pcep_tlv *tlv =
        pcep_find_tlv_entry(&d.message.objects[0], PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY);
    cr_assert(tlv != NULL);
    const struct pcep_path_setup_type_capability *capability = tlv->body;
    const struct pcep_sr_pce_capability *sr = pcep_find_sub_tlv(tlv, PCEP_TLV_SR_PCE_CAPABILITY);
    cr_expect(capability->count == 2 && capability->psts[1] == PCEP_PST_SR);
    cr_assert(sr != NULL);
    cr_expect(sr->flags == PCEP_SR_CAPABILITY_X);
    cr_expect(pcep_find_tlv(&d.message.objects[0], PCEP_TLV_SR_PCE_CAPABILITY) == NULL);
    finish(&d, &octets);
}

/* 65,532 octets full of the smallest things: as many as fit are decoded, and nothing is lost. */
static void check_full(const uint8_t head[], size_t head_size, const uint8_t unit[],
                       size_t unit_size)
{
    struct octets octets = {calloc(1, 65532), 65532};
    cr_assert(octets.at != NULL);
    memcpy(octets.at, head, head_size);
    for (size_t at = head_size; at + unit_size <= octets.size; at += unit_size)
        memcpy(octets.at + at, unit, unit_size);
    struct decoded d;
    decoded_init(&d, &octets);
    cr_expect(d.status == PCE_OK);
    cr_expect(encodes_to(&d.message, &octets));
    char *text = print_text(&d.message, &d.fault);
    cr_expect(strlen(text) > 65532);
    free(text);
    decoded_fini(&d);
    octets_free(&octets);
}

Test(codec, full_message_of_empty_tlvs_is_decoded)
{
    static const uint8_t head[] = {0x20, 1, 0xFF, 0xFC, 1, 0x10, 0xFF, 0xF8, 0x20, 30, 120, 1};
    static const uint8_t unit[] = {0xFF, 0x00, 0, 0};
    check_full(head, sizeof head, unit, sizeof unit);
}

Test(codec, full_message_of_the_smallest_subobjects_is_decoded)
{
    static const uint8_t head[] = {0x20, 10, 0xFF, 0xFC, 7, 0x10, 0xFF, 0xF8};
    static const uint8_t unknown[] = {99, 2};
    static const uint8_t as[] = {32, 4, 0, 1};
    check_full(head, sizeof head, unknown, sizeof unknown);
    check_full(head, sizeof head, as, sizeof as);
}

Test(codec, full_message_of_empty_objects_is_decoded)
{
    static const uint8_t head[] = {0x20, 3, 0xFF, 0xFC};
    static const uint8_t ero[] = {7, 0x10, 0, 4};
    static const uint8_t unknown[] = {250, 0x12, 0, 4};
    check_full(head, sizeof head, ero, sizeof ero);
    check_full(head, sizeof head, unknown, sizeof unknown);
}

Test(codec, full_arena_is_a_limit_and_no_fault)
{
    struct octets octets = read_hex_file(source_path("tests/golden/pcrep-sr.hex"));
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault;
    arena_init(&arena, 1);
    cr_expect(pcep_decode((struct wire_span){octets.at, octets.size}, &arena, &message, &fault) ==
              PCE_LIMIT);
    cr_expect(!pcep_fault_is_set(&fault));
    arena_fini(&arena);
    octets_free(&octets);
}

Test(codec, straight_line_writing_gives_the_golden_octets)
{
    struct octets golden = read_hex_file(source_path("tests/golden/pcupd.hex"));
    uint8_t room[256];
    struct wire_writer w = wire_writer_init(room, sizeof room);
    struct pcep_path_setup_type pst = {.pst = PCEP_PST_SR};
    struct pcep_srp srp = {.srp_id = 6};
    struct pcep_lsp lsp = {.plsp_id = 17, .flags = PCEP_LSP_D | PCEP_LSP_A};
    struct pcep_sub_sr node = {.nt = PCEP_NAI_IPV4_NODE, .flags = PCEP_SR_M, .sid = 16003U << 12};
    struct pcep_sub_sr link = {
        .nt = PCEP_NAI_IPV4_ADJACENCY, .flags = PCEP_SR_M, .sid = 24034U << 12};
    struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 7};
    struct pcep_bandwidth bandwidth = {.bandwidth = 1000.0F};
    node.local = ip_from_u32(0xC0000203);
    link.local = ip_from_u32(0xC6336401);
    link.remote = ip_from_u32(0xC6336402);

    size_t message = pcep_message_open(&w, PCEP_MESSAGE_PCUPD);
    size_t object = pcep_object_open(&w, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
    pcep_tlv_put(&w, PCEP_TLV_PATH_SETUP_TYPE, &pst);
    pcep_object_close(&w, object);
    pcep_object_put(&w, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    object = pcep_object_open(&w, PCEP_OBJECT_ERO, PCEP_OBJECT_FLAG_P, NULL);
    pcep_subobject_put(&w, PCEP_SUBOBJECT_SR, false, &node);
    pcep_subobject_put(&w, PCEP_SUBOBJECT_SR, false, &link);
    pcep_object_close(&w, object);
    pcep_object_put(&w, PCEP_OBJECT_LSPA, 0, &lspa);
    pcep_object_put(&w, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    pcep_message_close(&w, message);

    cr_expect(!w.failed && wire_written(&w) == golden.size);
    cr_expect(memcmp(room, golden.at, golden.size) == 0);
    octets_free(&golden);
}

Test(codec, writing_with_sub_tlvs_pads_values_and_counts_them_without_padding)
{
    static const uint8_t expected[] = {0x00, 0x22, 0x00, 0x10, 0,    0,    0,    1,    1,    0,
                                       0,    0,    0x00, 0x1a, 0x00, 0x04, 0x00, 0x00, 0x01, 0x00,
                                       0x00, 0x11, 0x00, 0x03, 'a',  'b',  'c',  0x00};
    static const uint8_t psts[] = {PCEP_PST_SR};
    uint8_t room[64];
    struct wire_writer w = wire_writer_init(room, sizeof room);
    struct pcep_path_setup_type_capability capability = {.psts = psts, .count = 1};
    struct pcep_sr_pce_capability sr = {.flags = PCEP_SR_CAPABILITY_X};
    struct pcep_symbolic_path_name name = {.name = {(const uint8_t *)"abc", 3}};
    size_t tlv = pcep_tlv_open(&w, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY, &capability);
    pcep_tlv_put(&w, PCEP_TLV_SR_PCE_CAPABILITY, &sr);
    pcep_tlv_close(&w, tlv);
    pcep_tlv_put(&w, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
    cr_expect(!w.failed && wire_written(&w) == sizeof expected);
    cr_expect(memcmp(room, expected, sizeof expected) == 0);
}

Test(codec, encoding_that_does_not_fit_is_a_limit_at_every_size)
{
    struct octets octets = read_hex_file(source_path("tests/golden/open.hex"));
    struct decoded d;
    decoded_init(&d, &octets);
    for (size_t size = 0; size < octets.size; size++) {
        uint8_t *room = malloc(size + (size == 0));
        struct wire_writer w = wire_writer_init(room, size);
        cr_expect(pcep_encode(&d.message, &w) == PCE_LIMIT, "size %zu", size);
        free(room);
    }
    finish(&d, &octets);
}

Test(codec, message_above_65535_octets_is_not_written)
{
    static uint8_t room[70000];
    struct wire_writer w = wire_writer_init(room, sizeof room);
    struct pcep_metric metric = {.type = 1};
    size_t message = pcep_message_open(&w, PCEP_MESSAGE_PCREQ);
    for (unsigned i = 0; i < 5462; i++)
        pcep_object_put(&w, PCEP_OBJECT_METRIC, 0, &metric);
    pcep_message_close(&w, message);
    cr_expect(w.failed);
}

Test(codec, subobject_above_255_octets_is_not_written)
{
    static const uint32_t labels[64];
    uint8_t room[512];
    struct wire_writer w = wire_writer_init(room, sizeof room);
    struct pcep_sub_label label = {.c_type = 1, .labels = labels, .count = 62};
    pcep_subobject_put(&w, PCEP_SUBOBJECT_LABEL, false, &label);
    cr_expect(!w.failed);
    label.count = 63;
    pcep_subobject_put(&w, PCEP_SUBOBJECT_LABEL, false, &label);
    cr_expect(w.failed);
}
