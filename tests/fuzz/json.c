/* JSON to octets: any text is refused with a reason or becomes a message that is encoded; what is
 * then decoded without a fault of framing is encoded to the same octets, and so is its JSON. */
#include "core/pcep/json.h"
#include "core/base/check.h"
#include "core/pcep/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static struct arena arena;
static uint8_t room[PCEP_MESSAGE_SIZE_MAX];
static uint8_t again_room[PCEP_MESSAGE_SIZE_MAX];

static bool encode(const struct pcep_message *message, uint8_t *to, size_t *size)
{
    struct wire_writer writer = wire_writer_init(to, PCEP_MESSAGE_SIZE_MAX);
    bool is_whole = pcep_encode(message, &writer) == PCE_OK;
    *size = wire_written(&writer);
    return is_whole;
}

static bool read_json(const json_t *json, struct pcep_message *message)
{
    struct pcep_json_error error;
    enum pce_status status = pcep_from_json(json, &arena, message, &error);
    CHECK((status == PCE_OK) == (error.text[0] == '\0'));
    return status == PCE_OK;
}

static void check_same(const struct pcep_message *message, size_t size)
{
    size_t again_size = 0;
    CHECK(encode(message, again_room, &again_size));
    CHECK(again_size == size && memcmp(room, again_room, size) == 0);
}

static void check_message(size_t size)
{
    struct pcep_message message;
    struct pcep_message again;
    struct pcep_fault fault;
    enum pce_status status = pcep_decode((struct wire_span){room, size}, &arena, &message, &fault);
    if (status != PCE_OK)
        return;
    check_same(&message, size);
    json_t *json = pcep_to_json(&message, &fault);
    CHECK(json != NULL);
    CHECK(read_json(json, &again));
    check_same(&again, size);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    struct pcep_message message;
    size_t made = 0;
    if (arena.size_max == 0)
        arena_init(&arena, 64U << 20);
    arena_reset(&arena);
    json_t *json = json_loadb((const char *)octets, size, JSON_ALLOW_NUL, NULL);
    if (json == NULL)
        return 0;
    if (read_json(json, &message) && encode(&message, room, &made))
        check_message(made);
    json_decref(json);
    return 0;
}
