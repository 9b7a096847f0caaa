#include "core/ted/part.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

struct ted_part *ted_part_create(size_t size)
{
    size_t octets = sizeof(struct ted_part) +
                    (size + TED_PART_ALIGNMENT - 1) / TED_PART_ALIGNMENT * TED_PART_ALIGNMENT;
    struct ted_part *part = aligned_alloc(TED_PART_ALIGNMENT, octets);
    if (part != NULL)
        *part = (struct ted_part){.octets = octets, .made_octets = octets, .users = 1};
    return part;
}

struct ted_part *ted_part_copy(const struct ted_part *part, size_t more)
{
    struct ted_part *copy = ted_part_create(part->octets - sizeof *part + more);
    if (copy == NULL)
        return NULL;
    memcpy(copy + 1, part + 1, part->octets - sizeof *part);
    copy->made_octets = part->made_octets;
    return copy;
}

struct ted_part *ted_part_share(struct ted_part *part)
{
    if (part != NULL)
        part->users++;
    return part;
}

void ted_part_leave(struct ted_part *part)
{
    if (part == NULL)
        return;
    CHECK(part->users > 0);
    if (--part->users == 0)
        free(part);
}
