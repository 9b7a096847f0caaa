/* Messages: what decodes is encoded to the same octets, decodes again without a difference, gives
 * the same octets through JSON, and is printed, checked and parsed without harm. Nothing is
 * allocated in a run but by JSON, which only a part of the inputs goes through: fuzz_json is about
 * that. */
#include "core/base/check.h"
#include "core/pcep/frame.h"
#include "core/pcep/grammar.h"
#include "core/pcep/json.h"
#include "core/pcep/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

#define TEXT_ROOM (8U << 20)

static struct arena arena;
static struct arena json_arena;

static void check_octets(const struct pcep_message *message, const uint8_t *octets, size_t size)
{
    static uint8_t room[PCEP_MESSAGE_SIZE_MAX];
    struct wire_writer writer = wire_writer_init(room, size);
    CHECK(pcep_encode(message, &writer) == PCE_OK);
    CHECK(wire_written(&writer) == size && memcmp(room, octets, size) == 0);
}

static void check_json(const struct pcep_message *message, const struct pcep_fault *fault,
                       const uint8_t *octets, size_t size)
{
    struct pcep_message again;
    struct pcep_json_error error;
    json_t *json = pcep_to_json(message, fault);
    CHECK(json != NULL);
    CHECK(pcep_from_json(json, &json_arena, &again, &error) == PCE_OK);
    check_octets(&again, octets, size);
    arena_reset(&json_arena);
    json_decref(json);
}

static void check_print(const struct pcep_message *message, const struct pcep_fault *fault)
{
    static uint8_t text[TEXT_ROOM];
    struct wire_writer writer = wire_writer_init(text, sizeof text);
    pcep_print(&writer, message, fault, (struct pcep_print_options){.has_offsets = true});
    CHECK(!writer.failed);
}

/* Whatever the type says: the parsers must not care. */
static void check_grammar(const struct pcep_message *message)
{
    struct pcep_request_list requests;
    struct pcep_lsp_state_list states;
    struct pcep_response_list responses;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    if (pcep_parse_requests(message, &arena, &requests, &fault) == PCE_INVALID)
        CHECK(pcep_fault_is_set(&fault));
    fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (pcep_parse_lsp_states(message, &arena, &states, &fault) == PCE_INVALID)
        CHECK(pcep_fault_is_set(&fault));
    fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (pcep_parse_responses(message, &arena, &responses, &fault) == PCE_INVALID)
        CHECK(pcep_fault_is_set(&fault));
    CHECK(pcep_check_received(message, &arena, &fault) == PCE_OK);
    bool is_wrong = pcep_fault_is_set(&fault);
    CHECK(pcep_check_sending(message, &arena, &fault) == PCE_OK);
    CHECK(!is_wrong || pcep_fault_is_set(&fault)); /* nothing that is refused may be sent */
}

/* What the short way takes has nothing wrong in it, and says the same at length. */
static void check_plain(const struct pcep_message *message, const uint8_t *octets, size_t size)
{
    struct frame_message framed;
    struct pcep_message whole;
    struct pcep_lsp_state_list a, b;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    if (!message->is_plain)
        return;
    CHECK(frame_read_whole((struct wire_span){octets, size}, &framed, &fault));
    CHECK(pcep_decode_at_length(framed, &arena, &whole, &fault) == PCE_OK);
    CHECK(!pcep_fault_is_set(&fault));
    check_octets(&whole, octets, size);
    CHECK(pcep_parse_lsp_states(message, &arena, &a, &fault) == PCE_OK);
    CHECK(pcep_parse_lsp_states(&whole, &arena, &b, &fault) == PCE_OK);
    CHECK(a.state_count == 1 && b.state_count == 1 && b.states->fault_count == 0);
    CHECK(a.states->setup_type == b.states->setup_type);
    CHECK(a.states->metric_count == b.states->metric_count);
}

static bool is_for_json(const uint8_t *octets, size_t size)
{
    unsigned sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += octets[i];
    return sum % 16 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    /* The message stands at the end of the array: AddressSanitizer sees a read past it. */
    static uint8_t room[PCEP_MESSAGE_SIZE_MAX];
    struct pcep_message message;
    struct pcep_fault fault;
    if (size < PCEP_HEADER_SIZE || size > PCEP_MESSAGE_SIZE_MAX)
        return 0;
    if (arena.size_max == 0) {
        arena_init(&arena, 64U << 20);
        arena_init(&json_arena, 64U << 20);
    }
    arena_reset(&arena);
    /* The length is that of the input, so that the fuzzer need not find it. */
    uint8_t *copy = room + sizeof room - size;
    memcpy(copy, octets, size);
    copy[2] = (uint8_t)(size >> 8);
    copy[3] = (uint8_t)size;
    enum pce_status status = pcep_decode((struct wire_span){copy, size}, &arena, &message, &fault);
    if (status == PCE_INVALID)
        CHECK(fault.scope == PCEP_FAULT_SESSION && fault.offset < size + 1);
    check_print(&message, &fault);
    check_grammar(&message);
    check_plain(&message, copy, size);
    if (status != PCE_OK)
        return 0;
    check_octets(&message, copy, size);
    if (is_for_json(copy, size))
        check_json(&message, &fault, copy, size);
    return 0;
}
