/* Plain reports are read as any message is: random ones, and what a few other octets make of them.
 * Each is decoded by the short way and at length, and both must say the same. */
#include "core/pcep/plain.h"
#include "core/pcep/model.h"
#include "tests/lib/random.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 40000 };

static struct random dice;

static bool roll(unsigned sides)
{
    return test_random_below(&dice, sides) == 0;
}

static void put_lsp(struct wire_writer *writer)
{
    const struct ip ends[2] = {ip_from_u32(0xC0000201), ip_from_u32(0xC0000202)};
    const char name[] = "a name of an LSP";
    const struct pcep_symbolic_path_name path_name = {
        .name = {(const uint8_t *)name, test_random_below(&dice, sizeof name)}};
    const struct pcep_ipv4_lsp_identifiers ids = {
        .sender = ends[0], .lsp_id = 7, .extended_tunnel_id = ends[0], .endpoint = ends[1]};
    const struct pcep_lsp lsp = {.plsp_id = (uint32_t)test_random_below(&dice, 1 << 20),
                                 .flags = (uint16_t)test_random_below(&dice, 1 << 12)};
    const bool is_name_first = roll(2);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
    if (is_name_first)
        pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &path_name);
    if (!roll(5))
        pcep_tlv_put(writer, PCEP_TLV_IPV4_LSP_IDENTIFIERS, &ids);
    if (!is_name_first && !roll(5))
        pcep_tlv_put(writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &path_name);
    pcep_object_close(writer, object);
}

static void put_ero(struct wire_writer *writer)
{
    static const uint8_t nothing;
    size_t object = pcep_object_open(writer, PCEP_OBJECT_ERO, 0, &nothing);
    for (uint64_t i = test_random_below(&dice, 12); i > 0; i--) {
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_M | PCEP_SR_F,
                                       .sid = (uint32_t)test_random_below(&dice, 99999) << 12};
        pcep_subobject_put(writer, PCEP_SUBOBJECT_SR, roll(9), &sr);
    }
    pcep_object_close(writer, object);
}

static void put_attribute(struct wire_writer *writer)
{
    const struct pcep_lspa lspa = {.setup_priority = 7, .holding_priority = 3};
    const struct pcep_bandwidth bandwidth = {.bandwidth = 1.0F};
    const struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_TE, .value = 30.0F};
    switch (test_random_below(&dice, 3)) {
    case 0:
        pcep_object_put(writer, PCEP_OBJECT_LSPA, 0, &lspa);
        break;
    case 1:
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
        break;
    default:
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &metric);
        break;
    }
}

/* A report of the shape, and now and then of one next to it. */
static size_t put_report(uint8_t *octets, size_t room)
{
    const struct pcep_srp srp = {.srp_id = 5, .flags = roll(20) ? PCEP_SRP_R : 0};
    const struct pcep_path_setup_type setup = {.pst = (uint8_t)test_random_below(&dice, 4)};
    struct wire_writer writer = wire_writer_init(octets, room);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    for (unsigned i = roll(20) ? 2 : 1; i > 0; i--) {
        size_t object = pcep_object_open(&writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
        if (!roll(20))
            pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
        pcep_object_close(&writer, object);
        put_lsp(&writer);
        put_ero(&writer);
        for (uint64_t k = test_random_below(&dice, 7); k > 0; k--)
            put_attribute(&writer);
    }
    pcep_message_close(&writer, message);
    cr_assert(!writer.failed);
    return wire_written(&writer);
}

static uint32_t place_of(const struct pcep_message *message, const void *object)
{
    return object == NULL ? UINT32_MAX
                          : (uint32_t)((const struct pcep_object *)object - message->objects);
}

static void compare_objects(const struct pcep_object *a, const struct pcep_object *b)
{
    cr_assert(a->row == b->row && a->class_ == b->class_ && a->type == b->type);
    cr_assert(a->header_flags == b->header_flags && a->size == b->size);
    cr_assert(a->offset == b->offset && a->octets == b->octets);
    cr_assert(a->tlv_count == b->tlv_count && a->subobject_count == b->subobject_count);
    cr_assert((a->body == NULL) == (b->body == NULL) && (a->fault == NULL) == (b->fault == NULL));
    cr_assert(a->rest.octets == b->rest.octets && a->rest.size == b->rest.size);
    for (uint32_t i = 0; i < a->tlv_count; i++) {
        const struct pcep_tlv *x = &a->tlvs[i], *y = &b->tlvs[i];
        cr_assert(x->row == y->row && x->type == y->type && x->size == y->size);
        cr_assert(x->offset == y->offset && x->octets == y->octets && x->sub_count == y->sub_count);
        cr_assert(x->rest.octets == y->rest.octets && x->rest.size == y->rest.size);
    }
    for (uint32_t i = 0; i < a->subobject_count; i++) {
        const struct pcep_subobject *x = &a->subobjects[i], *y = &b->subobjects[i];
        cr_assert(x->row == y->row && x->type == y->type && x->size == y->size);
        cr_assert(x->offset == y->offset && x->octets == y->octets && x->is_loose == y->is_loose);
    }
}

static void compare_states(const struct pcep_message *short_, const struct pcep_message *whole,
                           struct arena *arena)
{
    struct pcep_lsp_state_list a, b;
    struct pcep_fault fault_a = {0}, fault_b = {0};
    const enum pce_status status = pcep_parse_lsp_states(short_, arena, &a, &fault_a);
    cr_assert_eq(pcep_parse_lsp_states(whole, arena, &b, &fault_b), status);
    cr_assert_eq(a.state_count, b.state_count);
    cr_assert(fault_a.scope == fault_b.scope && fault_a.error_type == fault_b.error_type);
    for (uint32_t i = 0; i < a.state_count; i++) {
        const struct pcep_lsp_state *x = &a.states[i], *y = &b.states[i];
#define SAME(member) cr_assert_eq(place_of(short_, x->member), place_of(whole, y->member))
        SAME(srp);
        SAME(lsp);
        SAME(end_points);
        SAME(ero);
        SAME(cci);
        SAME(rro);
        SAME(bandwidth);
        SAME(lspa);
        SAME(actual_bandwidth);
        SAME(end);
        cr_assert(x->setup_type == y->setup_type && x->fault_count == y->fault_count);
        cr_assert(x->fault.scope == y->fault.scope && x->fault.id == y->fault.id);
        cr_assert_eq(x->association_count, y->association_count);
        cr_assert(x->metric_count == y->metric_count &&
                  x->actual_metric_count == y->actual_metric_count);
        for (uint32_t k = 0; k < x->metric_count; k++)
            SAME(metrics[k]);
#undef SAME
    }
}

/* Whether the short way was taken. */
static bool compare(const uint8_t *octets, size_t size, struct arena *arena)
{
    struct frame_message framed;
    struct pcep_message short_, whole;
    struct pcep_fault fault_a = {0}, fault_b = {0};
    arena_reset(arena);
    if (!frame_read_whole((struct wire_span){octets, size}, &framed, &fault_a))
        return false;
    const enum pce_status status = pcep_decode_framed(framed, arena, &short_, &fault_a);
    cr_assert_eq(pcep_decode_at_length(framed, arena, &whole, &fault_b), status);
    cr_assert(fault_a.scope == fault_b.scope && fault_a.error_type == fault_b.error_type &&
              fault_a.error_value == fault_b.error_value && fault_a.offset == fault_b.offset);
    cr_assert_not(whole.is_plain);
    cr_assert(short_.row == whole.row && short_.version == whole.version);
    cr_assert(short_.flags == whole.flags && short_.size == whole.size);
    cr_assert_eq(short_.object_count, whole.object_count);
    for (uint32_t i = 0; i < whole.object_count; i++)
        compare_objects(&short_.objects[i], &whole.objects[i]);
    if (status == PCE_OK)
        compare_states(&short_, &whole, arena);
    return short_.is_plain;
}

/* All fields, as people see them. */
static void compare_texts(const uint8_t *octets, size_t size, struct arena *arena)
{
    struct frame_message framed;
    struct pcep_message short_, whole;
    struct pcep_fault fault = {0};
    struct octets copy = {(uint8_t *)(uintptr_t)octets, size};
    arena_reset(arena);
    cr_assert(frame_read_whole((struct wire_span){octets, size}, &framed, &fault));
    cr_assert_eq(pcep_decode_framed(framed, arena, &short_, &fault), PCE_OK);
    cr_assert_eq(pcep_decode_at_length(framed, arena, &whole, &fault), PCE_OK);
    char *a = print_text(&short_, &fault), *b = print_text(&whole, &fault);
    cr_assert_str_eq(a, b);
    cr_assert(encodes_to(&short_, &copy));
    free(a);
    free(b);
}

Test(plain, reports_are_read_as_they_are_at_length, .timeout = 120)
{
    struct arena arena;
    unsigned plain = 0, changed = 0;
    dice = test_random_init("plain", 1);
    arena_init(&arena, 1 << 22);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t octets[1024];
        const size_t size = put_report(octets, sizeof octets);
        if (compare(octets, size, &arena)) {
            plain++;
            if (i % 64 == 0)
                compare_texts(octets, size, &arena);
        }
        for (unsigned k = 0; k < 8; k++) {
            uint8_t *wrong = malloc(size); /* of its own size: a read past it is seen */
            memcpy(wrong, octets, size);
            for (uint64_t n = 1 + test_random_below(&dice, 3); n > 0; n--)
                wrong[4 + test_random_below(&dice, size - 4)] =
                    (uint8_t)(roll(2) ? test_random_below(&dice, 256)
                                      : test_random_below(&dice, 48));
            changed += compare(wrong, size, &arena);
            free(wrong);
        }
    }
    arena_fini(&arena);
    cr_expect_gt(plain, ROUNDS / 4);
    cr_expect_gt(changed, ROUNDS / 4, "what is still of the shape");
    cr_expect_lt(changed, 7 * ROUNDS, "what is not");
}

/* One more object than the short way has room for. */
Test(plain, more_objects_are_read_at_length)
{
    for (unsigned more = 0; more < 2; more++) {
        struct arena arena;
        uint8_t octets[512];
        static const uint8_t nothing;
        const struct pcep_srp srp = {.srp_id = 5};
        const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
        const struct pcep_symbolic_path_name name = {.name = {(const uint8_t *)"name", 4}};
        const struct pcep_lsp lsp = {.plsp_id = 1};
        const struct pcep_sub_sr sr = {.flags = PCEP_SR_M | PCEP_SR_F, .sid = 16001 << 12};
        const struct pcep_metric metric = {.type = PCEP_METRIC_TYPE_TE, .value = 30.0F};
        struct wire_writer writer = wire_writer_init(octets, sizeof octets);
        size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
        size_t object = pcep_object_open(&writer, PCEP_OBJECT_SRP, PCEP_OBJECT_FLAG_P, &srp);
        pcep_tlv_put(&writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
        pcep_object_close(&writer, object);
        object = pcep_object_open(&writer, PCEP_OBJECT_LSP, PCEP_OBJECT_FLAG_P, &lsp);
        pcep_tlv_put(&writer, PCEP_TLV_SYMBOLIC_PATH_NAME, &name);
        pcep_object_close(&writer, object);
        object = pcep_object_open(&writer, PCEP_OBJECT_ERO, 0, &nothing);
        pcep_subobject_put(&writer, PCEP_SUBOBJECT_SR, false, &sr);
        pcep_object_close(&writer, object);
        for (unsigned i = 0; i < PLAIN_OBJECTS_MAX - 3 + more; i++)
            pcep_object_put(&writer, PCEP_OBJECT_METRIC, 0, &metric);
        pcep_message_close(&writer, message);
        arena_init(&arena, 1 << 20);
        cr_expect_eq(compare(octets, wire_written(&writer), &arena), more == 0);
        arena_fini(&arena);
    }
}
