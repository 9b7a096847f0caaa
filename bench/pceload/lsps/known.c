#include "bench/pceload/lsps/known.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 16u

void known_init(struct known *known, uint32_t own)
{
    *known = (struct known){.own = own, .count = own};
}

void known_fini(struct known *known)
{
    for (uint32_t i = 0; known->at != NULL && i < known->count; i++)
        free(known->at[i]);
    free(known->at);
    known->at = NULL;
}

struct known_lsp *known_find(const struct known *known, uint32_t plsp_id)
{
    bool is_there = known->at != NULL && plsp_id >= 1 && plsp_id <= known->count;
    return is_there ? known->at[plsp_id - 1] : NULL;
}

struct known_lsp *known_find_name(const struct known *known, struct wire_span name)
{
    for (uint32_t i = known->own; known->at != NULL && i < known->count; i++) {
        struct known_lsp *lsp = known->at[i];
        if (lsp != NULL && lsp->name_size == name.size &&
            memcmp(lsp->octets, name.octets, name.size) == 0)
            return lsp;
    }
    return NULL;
}

uint32_t known_next(const struct known *known)
{
    return known->count - known->own < KNOWN_INITIATED_MAX ? known->count + 1 : 0;
}

static void known_make_room(struct known *known, uint32_t wanted)
{
    if (known->at != NULL && wanted <= known->room)
        return;
    uint32_t room = known->room == 0 ? known->own + ROOM_MIN : known->room;
    while (room < wanted)
        room *= 2;
    known->at = realloc(known->at, room * sizeof(struct known_lsp *));
    CHECK(known->at != NULL);
    memset(known->at + known->room, 0, (room - known->room) * sizeof(struct known_lsp *));
    known->room = room;
}

struct known_lsp *known_put(struct known *known, const struct report *report)
{
    size_t name_size = report->name.size, path_size = report->path.size;
    struct known_lsp *lsp = malloc(sizeof *lsp + name_size + path_size);
    CHECK(lsp != NULL);
    *lsp = (struct known_lsp){.plsp_id = report->plsp_id,
                              .is_initiated = (report->flags & PCEP_LSP_C) != 0,
                              .is_delegated = (report->flags & PCEP_LSP_D) != 0,
                              .setup_type = report->setup_type,
                              .source = report->source,
                              .destination = report->destination,
                              .name_size = (uint16_t)name_size,
                              .path_size = (uint16_t)path_size};
    memcpy(lsp->octets, report->name.octets, name_size);
    if (path_size > 0)
        memcpy(lsp->octets + name_size, report->path.octets, path_size);
    known_make_room(known, report->plsp_id);
    free(known->at[report->plsp_id - 1]);
    known->at[report->plsp_id - 1] = lsp;
    if (report->plsp_id > known->count)
        known->count = report->plsp_id;
    return lsp;
}

void known_remove(struct known *known, uint32_t plsp_id)
{
    free(known->at[plsp_id - 1]);
    known->at[plsp_id - 1] = NULL;
}

struct report known_report(const struct known_lsp *lsp)
{
    uint16_t flags = PCEP_LSP_A | (PCEP_LSP_UP << PCEP_LSP_O_SHIFT);
    flags |= lsp->is_delegated ? PCEP_LSP_D : 0;
    flags |= lsp->is_initiated ? PCEP_LSP_C : 0;
    return (struct report){.plsp_id = lsp->plsp_id,
                           .flags = flags,
                           .setup_type = lsp->setup_type,
                           .source = lsp->source,
                           .destination = lsp->destination,
                           .name = {lsp->octets, lsp->name_size},
                           .path = {lsp->octets + lsp->name_size, lsp->path_size}};
}
