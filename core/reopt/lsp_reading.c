#include "core/reopt/lsp_reading.h"

#include "core/lsp/lsp_pcc.h"
#include "core/lsp/sr_policy.h"
#include "core/pcep/frame.h"
#include "core/reopt/group.h"

#include <string.h>

/* The octets as a message, which the codec wants. */
static struct wire_span reading_message(const struct lsp_instance *instance, struct arena *arena)
{
    size_t size = PCEP_HEADER_SIZE + (size_t)instance->size;
    uint8_t *octets = size > PCEP_MESSAGE_SIZE_MAX ? NULL : arena_alloc(arena, size);
    if (octets == NULL)
        return (struct wire_span){NULL, 0};
    struct wire_writer writer = wire_writer_init(octets, size);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, instance->octets, instance->size);
    pcep_message_close(&writer, message);
    return (struct wire_span){octets, size};
}

/* What is unspecified names no end. */
static void reading_set_ends(struct lsp_reading *reading)
{
    const struct lsp_ends ends = lsp_ends_of(reading->lsp);
    if (!ip_is_unspecified(&ends.source))
        reading->sender = ends.source;
    if (!ip_is_unspecified(&ends.destination))
        reading->endpoint = ends.destination;
}

bool lsp_reading_of(const struct lsp *lsp, struct arena *arena, struct lsp_reading *reading)
{
    struct pcep_fault fault = {0};
    struct pcep_lsp_state_list list;
    *reading = (struct lsp_reading){.lsp = lsp, .instance = lsp_first_instance(lsp)};
    struct wire_span octets = reading_message(reading->instance, arena);
    if (octets.octets == NULL || pcep_decode(octets, arena, &reading->message, &fault) != PCE_OK ||
        pcep_parse_lsp_states(&reading->message, arena, &list, &fault) != PCE_OK ||
        list.state_count == 0)
        return false;
    reading->state = &list.states[0];
    reading_set_ends(reading);
    return true;
}

uint32_t lsp_reading_headend(const struct lsp_reading *reading, const struct ted_snapshot *snapshot)
{
    uint32_t node = TED_NONE;
    if (reading->sender.family != IP_NONE)
        node = ted_find_node_by_address(snapshot, &reading->sender);
    return node != TED_NONE ? node
                            : ted_find_node_by_address(snapshot, &reading->lsp->pcc->address);
}

bool lsp_reading_is_empty(const struct lsp_reading *reading)
{
    return pcep_subobjects_of(reading->state->ero).count == 0;
}

bool lsp_reading_is_grouped(const struct lsp_reading *reading, struct arena *arena)
{
    struct group_key key;
    struct group_want want;
    for (const struct lsp_membership *m = reading->lsp->memberships; m != NULL; m = m->next)
        if (group_read(m, arena, &key, &want) && group_ties(&want))
            return true;
    return false;
}
