/* BGP messages: what decodes is encoded to the same octets and decodes again, is printed, and read as
 * link state without harm; what is wrong has an action that fits. JSON goes with a part of the
 * inputs, as it allocates. */
#include "core/base/check.h"
#include "core/bgp/json.h"
#include "core/bgp/ls.h"
#include "core/bgp/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

#define TEXT_ROOM (8U << 20)

static struct arena arena;

static void check_octets(const struct bgp_message *message, const uint8_t *octets, size_t size)
{
    static uint8_t room[BGP_MESSAGE_SIZE_EXTENDED];
    struct wire_writer writer = wire_writer_init(room, size);
    CHECK(bgp_encode(message, &writer) == PCE_OK);
    CHECK(wire_written(&writer) == size && memcmp(room, octets, size) == 0);
}

static void check_print(const struct bgp_message *message, const struct bgp_fault *fault)
{
    static uint8_t text[TEXT_ROOM];
    struct wire_writer writer = wire_writer_init(text, sizeof text);
    bgp_print(&writer, message, fault, (struct bgp_print_options){.has_offsets = true});
    CHECK(!writer.failed);
}

static void check_json(const struct bgp_message *message, const struct bgp_fault *fault)
{
    json_t *json = bgp_to_json(message, fault);
    CHECK(json != NULL);
    json_decref(json);
}

/* The key of what is announced is that of the same NLRI when it is withdrawn. */
static void check_nlri(const struct bgp_nlri *nlri, const struct bgp_attribute *attribute)
{
    struct bgp_ls_object object;
    struct bgp_ls_object withdrawn;
    enum pce_status status = bgp_ls_read(nlri, attribute, &arena, &object);
    CHECK(bgp_ls_identify(nlri, &arena, &withdrawn) != PCE_INVALID);
    if (status != PCE_OK && status != PCE_INVALID)
        return;
    CHECK(object.kind == withdrawn.kind && object.key.size == withdrawn.key.size);
    CHECK(memcmp(object.key.octets, withdrawn.key.octets, object.key.size) == 0);
    CHECK(status != PCE_OK || object.node.size > 0);
}

static void check_link_state(const struct bgp_update *update)
{
    const struct bgp_attribute *ls = bgp_find_attribute(update, BGP_ATTRIBUTE_BGP_LS);
    for (uint32_t i = 0; i < update->attribute_count; i++) {
        for (uint32_t k = 0; k < update->attributes[i].nlri_count; k++)
            check_nlri(&update->attributes[i].nlris[k], ls);
    }
}

static void check_message(const uint8_t *octets, size_t size, struct bgp_options options)
{
    struct bgp_message message;
    struct bgp_fault fault;
    arena_reset(&arena);
    enum pce_status status =
        bgp_decode((struct wire_span){octets, size}, options, &arena, &message, &fault);
    CHECK((status == PCE_INVALID) == (fault.action == BGP_ACTION_RESET));
    CHECK(!bgp_fault_is_set(&fault) || (fault.offset <= size && fault.reason != NULL));
    check_print(&message, &fault);
    if (status != PCE_OK)
        return;
    check_octets(&message, octets, size);
    if (message.type == BGP_MESSAGE_UPDATE)
        check_link_state(&message.update);
    if (octets[size - 1] % 16 == 0)
        check_json(&message, &fault);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    /* The message stands at the end of the array: AddressSanitizer sees a read past it. */
    static uint8_t room[BGP_MESSAGE_SIZE_EXTENDED];
    if (size < BGP_HEADER_SIZE || size > BGP_MESSAGE_SIZE_EXTENDED)
        return 0;
    if (arena.size_max == 0)
        arena_init(&arena, 64U << 20);
    /* Marker and length are the input's due, so that the fuzzer need not find them. */
    uint8_t *copy = room + sizeof room - size;
    memcpy(copy, octets, size);
    memset(copy, 0xFF, BGP_MARKER_SIZE);
    copy[BGP_MARKER_SIZE] = (uint8_t)(size >> 8);
    copy[BGP_MARKER_SIZE + 1] = (uint8_t)size;
    check_message(copy, size, (struct bgp_options){.has_as4 = true});
    check_message(copy, size, (struct bgp_options){.is_external = true});
    return 0;
}
