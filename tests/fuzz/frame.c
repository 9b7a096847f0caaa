/* Framing: the same messages come out, and the same end, however the stream is cut. The first octet
 * of the input is the seed of the cuts. */
#include "core/pcep/frame.h"
#include "core/base/check.h"

#define INPUT_MAX (1U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

struct outcome {
    uint64_t hash; /* of all messages with their sizes */
    uint32_t count;
    enum pce_status status;
};

static void note(struct outcome *outcome, struct frame_message message)
{
    outcome->count++;
    outcome->hash = (outcome->hash ^ message.size) * UINT64_C(0x100000001B3);
    for (size_t i = 0; i < message.size; i++)
        outcome->hash = (outcome->hash ^ message.octets[i]) * UINT64_C(0x100000001B3);
}

/* Gives a chunk at the end of an array, so that a read past it is seen. */
static enum pce_status feed(struct frame *frame, const uint8_t *octets, size_t size,
                            struct outcome *outcome)
{
    static uint8_t room[INPUT_MAX];
    uint8_t *chunk = room + sizeof room - size;
    memcpy(chunk, octets, size);
    struct wire_span left = {chunk, size};
    struct frame_message message;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    enum pce_status status;
    while ((status = frame_next(frame, &left, &message, &fault)) == PCE_OK)
        note(outcome, message);
    CHECK(status == PCE_AGAIN ? left.size == 0 : pcep_fault_is_set(&fault));
    CHECK(frame->partial_room <= PCEP_MESSAGE_SIZE_MAX);
    return status;
}

static struct outcome run(const uint8_t *octets, size_t size, uint32_t seed)
{
    struct outcome outcome = {.status = PCE_AGAIN};
    struct frame frame;
    frame_init(&frame, PCEP_MESSAGE_SIZE_MAX);
    for (size_t at = 0; at < size && outcome.status == PCE_AGAIN;) {
        size_t chunk = size - at;
        if (seed != 0) {
            seed = seed * 1664525U + 1013904223U;
            size_t cut = 1 + (seed >> 16) % 64;
            chunk = cut < chunk ? cut : chunk;
        }
        outcome.status = feed(&frame, octets + at, chunk, &outcome);
        at += chunk;
    }
    frame_fini(&frame);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    if (size == 0 || size > INPUT_MAX)
        return 0;
    struct outcome whole = run(octets + 1, size - 1, 0);
    struct outcome cut = run(octets + 1, size - 1, 1U + octets[0]);
    CHECK(whole.count == cut.count && whole.hash == cut.hash && whole.status == cut.status);
    return 0;
}
