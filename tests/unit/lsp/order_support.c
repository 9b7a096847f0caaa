#include "tests/unit/lsp/order_support.h"

#include "core/pcep/grammar.h"
#include "core/pcep/model.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define BUFFERS     4
#define BUFFER_SIZE 70000

static unsigned digit_of(char c)
{
    return (unsigned)(isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10);
}

struct wire_span hex_octets(const char *text)
{
    static uint8_t buffers[BUFFERS][BUFFER_SIZE];
    static unsigned next;
    uint8_t *octets = buffers[next++ % BUFFERS];
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        if (!isxdigit((unsigned char)*text))
            continue;
        unsigned digit = digit_of(*text);
        octets[digits / 2] =
            (uint8_t)(digits % 2 == 0 ? digit << 4 : octets[digits / 2] | (digit & 0xF));
        digits++;
    }
    return (struct wire_span){octets, digits / 2};
}

struct wire_span text_span(const char *text)
{
    return (struct wire_span){(const uint8_t *)text, strlen(text)};
}

struct lsp_ability able(enum lsp_profile_id profile)
{
    return (struct lsp_ability){
        .profile = lsp_profile_get(profile),
        .psts = 1U << PCEP_PST_RSVP_TE | 1U << PCEP_PST_SR | 1U << PCEP_PST_SRV6,
        .associations = LSP_SAID_ASSOCIATIONS | LSP_SAID_SR_POLICY,
        .may_update = true,
        .may_initiate = true,
        .may_resync = true,
    };
}

static bool may_be_sent(struct wire_span octets)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    arena_init(&arena, 1U << 20);
    bool may = pcep_decode(octets, &arena, &message, &fault) == PCE_OK &&
               !pcep_fault_is_set(&fault) &&
               pcep_check_sending(&message, &arena, &fault) == PCE_OK && !pcep_fault_is_set(&fault);
    if (!may)
        (void)fprintf(stderr, "may not be sent: %s\n", fault.reason == NULL ? "" : fault.reason);
    arena_fini(&arena);
    return may;
}

bool is_message(struct wire_span octets, const char *hex)
{
    struct wire_span want = hex_octets(hex);
    bool is_equal = octets.size == want.size && memcmp(octets.octets, want.octets, want.size) == 0;
    for (size_t i = 0; !is_equal && i < octets.size; i++)
        (void)fprintf(stderr, "%02x%s", octets.octets[i], i % 4 == 3 ? " " : "");
    return is_equal && may_be_sent(octets);
}
