#include "bench/pceload/results/instants.h"

#include "core/base/check.h"

#include <inttypes.h>
#include <stdlib.h>

#define ROOM_MIN  1024u
#define NS_PER_S  UINT64_C(1000000000)
#define NS_PER_US UINT64_C(1000)

void instants_fini(struct instants *instants)
{
    free(instants->at);
    *instants = (struct instants){0};
}

static bool instants_grow(struct instants *instants)
{
    CHECK(instants->count == instants->room);
    uint32_t room = instants->room == 0 ? ROOM_MIN : 2 * instants->room;
    uint64_t *at = room > INSTANTS_MAX ? NULL : realloc(instants->at, room * sizeof *at);
    if (at == NULL)
        return false;
    instants->at = at;
    instants->room = room;
    return true;
}

void instants_note(struct instants *instants, uint64_t ns)
{
    if (instants->count < instants->room || instants_grow(instants))
        instants->at[instants->count++] = ns;
    else
        instants->missed++;
}

bool instants_print(const struct instants *instants, FILE *file)
{
    for (uint32_t i = 0; i < instants->count; i++) {
        uint64_t ns = instants->at[i];
        (void)fprintf(file, "%" PRIu64 ".%06" PRIu64 "\n", ns / NS_PER_S,
                      ns % NS_PER_S / NS_PER_US);
    }
    return instants->missed == 0;
}
