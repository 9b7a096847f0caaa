#include "tests/unit/pcep/support.h"

#include "core/pcep/print.h"
#include "core/wire/hex.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

void decoded_init(struct decoded *decoded, const struct octets *octets)
{
    arena_init(&decoded->arena, 64U << 20);
    decoded->status = pcep_decode((struct wire_span){octets->at, octets->size}, &decoded->arena,
                                  &decoded->message, &decoded->fault);
}

void decoded_fini(struct decoded *decoded)
{
    arena_fini(&decoded->arena);
}

bool encodes_to(const struct pcep_message *message, const struct octets *octets)
{
    uint8_t *room = malloc(octets->size + 1);
    cr_assert(room != NULL);
    struct wire_writer writer = wire_writer_init(room, octets->size);
    bool is_same = pcep_encode(message, &writer) == PCE_OK &&
                   wire_written(&writer) == octets->size &&
                   memcmp(room, octets->at, octets->size) == 0;
    free(room);
    return is_same;
}

char *print_text(const struct pcep_message *message, const struct pcep_fault *fault)
{
    for (size_t room = 1U << 16; room <= 1U << 26; room *= 2) {
        char *text = malloc(room + 1);
        cr_assert(text != NULL);
        struct wire_writer writer = wire_writer_init(text, room);
        pcep_print(&writer, message, fault, (struct pcep_print_options){.has_offsets = false});
        text[wire_written(&writer)] = '\0';
        if (!writer.failed)
            return text;
        free(text);
    }
    cr_assert(false, "the printed text has no end");
    return NULL;
}

struct pcep_json_error json_refusal(const char *text)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_json_error error;
    json_t *json = json_loads(text, 0, NULL);
    arena_init(&arena, 1U << 20);
    cr_assert(json != NULL, "%s", text);
    cr_expect(pcep_from_json(json, &arena, &message, &error) == PCE_INVALID, "%s", text);
    arena_fini(&arena);
    json_decref(json);
    return error;
}
