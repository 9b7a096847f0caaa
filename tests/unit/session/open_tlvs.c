/* TLVs of an Open that are malformed: every row of the registry, in sizes that it does not take. */
#include "core/pcep/model.h"
#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SIZE_MAX_TRIED 40

static struct owner owner;

/* An Open with one TLV of these octets, or with that TLV as a sub-TLV beside setup types 0 to 3. */
static size_t make_open(uint8_t *to, uint16_t type, uint8_t size, uint8_t filling, bool is_sub)
{
    static const uint8_t open[] = {0x20, 30, 120, 1};
    static const uint8_t psts[] = {0, 0, 0, 1, 0, 0, 0, 0}; /* RSVP-TE alone */
    struct wire_writer writer = wire_writer_init(to, 256);
    size_t padded = (size_t)(size + 3) / 4 * 4;
    size_t outer = is_sub ? 4 + sizeof psts : 0;
    wire_put_u8(&writer, PCEP_VERSION << 5);
    wire_put_u8(&writer, PCEP_MESSAGE_OPEN);
    wire_put_u16(&writer, (uint16_t)(4 + 8 + outer + 4 + padded));
    wire_put_u16(&writer, 0x0110);
    wire_put_u16(&writer, (uint16_t)(8 + outer + 4 + padded));
    wire_put_octets(&writer, open, sizeof open);
    if (is_sub) {
        wire_put_u16(&writer, pcep_tlv_get(PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY)->type);
        wire_put_u16(&writer, (uint16_t)(sizeof psts + 4 + padded));
        wire_put_octets(&writer, psts, sizeof psts);
    }
    wire_put_u16(&writer, type);
    wire_put_u16(&writer, size);
    for (size_t i = 0; i < padded; i++)
        wire_put_u8(&writer, i < size ? filling : 0);
    cr_assert_not(writer.failed);
    return wire_written(&writer);
}

/* Whether the codec takes the TLV, the only one or the only sub-TLV. */
static bool is_well_formed(const uint8_t *octets, size_t size, bool is_sub)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault;
    arena_init(&arena, (size_t)1 << 20);
    cr_assert_eq(pcep_decode((struct wire_span){octets, size}, &arena, &message, &fault), PCE_OK);
    const struct pcep_tlv *tlv = &message.objects[0].tlvs[0];
    if (is_sub)
        tlv = &tlv->subs[0];
    bool is_good = tlv->row != NULL && tlv->rest.size == 0;
    arena_fini(&arena);
    return is_good;
}

static void receive(const uint8_t *octets, size_t size)
{
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed(&owner, octets, size);
}

static bool decides(enum pcep_tlv_id id)
{
    return id == PCEP_TLV_STATEFUL_PCE_CAPABILITY || id == PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY ||
           id == PCEP_TLV_SR_PCE_CAPABILITY;
}

static unsigned try_size(enum pcep_tlv_id id, uint8_t size, uint8_t filling, bool is_sub)
{
    uint8_t octets[256];
    const struct pcep_tlv_row *row = pcep_tlv_get(id);
    size_t total = make_open(octets, row->type, size, filling, is_sub);
    if (is_well_formed(octets, total, is_sub))
        return 0;
    receive(octets, total);
    if (!is_sub && decides(id)) {
        cr_expect_str_eq(owner_describe(&owner, 0), "PCErr 10/11", "%s of %u", row->name, size);
        cr_expect_eq(owner.base.session.state, SESSION_CLOSING);
    } else {
        cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT, "%s of %u", row->name, size);
        cr_expect_eq(owner.base.session.peer.open_tlvs_skipped, 1, "%s of %u", row->name, size);
    }
    owner_fini(&owner);
    return 1;
}

static unsigned try_all(enum pcep_tlv_space space, bool is_sub)
{
    unsigned malformed = 0;
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++) {
        const struct pcep_tlv_row *row = pcep_tlv_get((enum pcep_tlv_id)id);
        if (pcep_tlv_find(space, row->type) != row)
            continue;
        for (uint8_t size = 0; size <= SIZE_MAX_TRIED; size++) {
            malformed += try_size((enum pcep_tlv_id)id, size, 0, is_sub);
            malformed += try_size((enum pcep_tlv_id)id, size, 0xFF, is_sub);
        }
    }
    return malformed;
}

Test(open_tlvs, what_is_not_acted_on_never_refuses_a_session)
{
    unsigned tlvs = try_all(PCEP_TLV_SPACE_OBJECT, false);
    unsigned subs = try_all(pcep_tlv_get(PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY)->subs, true);
    printf("malformed in an Open: %u TLVs, %u sub-TLVs\n", tlvs, subs);
    cr_assert_gt(tlvs, 100U);
    cr_assert_gt(subs, 10U);
}

/* RFC 8685 3.2.2 has no domain of type 0; without an identifier it is malformed besides. */
Test(open_tlvs, a_domain_of_type_0_does_not_refuse_a_session)
{
    static const char *const opens[] = {
        "2001 0018 0110 0014 201e 7801 000e 0008 0000 0000 0000 0001",
        "2001 0014 0110 0010 201e 7801 000e 0004 0000 0000",
    };
    for (unsigned i = 0; i < 2; i++) {
        owner_init(&owner, SESSION_ACCEPTED);
        owner_reach(&owner, SESSION_OPEN_WAIT);
        owner_feed_hex(&owner, opens[i]);
        cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT);
        cr_expect_eq(owner.base.session.peer.open_tlvs_skipped, i);
        owner_fini(&owner);
    }
}

/* RFC 8232 3.3.2: it is not taken; the session does not depend on it. */
Test(open_tlvs, an_empty_speaker_entity_id_is_malformed)
{
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0010 0110 000c 201e 7801 0018 0000");
    cr_expect_eq(owner.base.session.state, SESSION_KEEP_WAIT);
    cr_expect_eq(owner.base.session.peer.open_tlvs_skipped, 1);
    owner_fini(&owner);
}

Test(open_tlvs, a_capability_that_both_serve_has_to_be_sound)
{
    static const char *const opens[] = {
        "2001 001c 0110 0018 201e 7801 0022 000c 0000 0001 0100 0000 001a 0000",
        "2001 001c 0110 0018 201e 7801 0022 000c 0000 0001 0300 0000 001b 0000",
    };
    for (size_t i = 0; i < sizeof opens / sizeof opens[0]; i++) {
        owner_init(&owner, SESSION_ACCEPTED);
        owner_reach(&owner, SESSION_OPEN_WAIT);
        owner_feed_hex(&owner, opens[i]);
        cr_expect_str_eq(owner_describe(&owner, 0), "PCErr 10/11");
        owner_fini(&owner);
    }
}

Test(open_tlvs, a_tlv_that_does_not_fit_refuses_the_session)
{
    owner_init(&owner, SESSION_ACCEPTED);
    owner_reach(&owner, SESSION_OPEN_WAIT);
    owner_feed_hex(&owner, "2001 0010 0110 000c 201e 7801 0018 0020");
    cr_expect_str_eq(owner_describe(&owner, 0), "PCErr 10/11");
    owner_fini(&owner);
}
