#include "core/ted/part.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

static size_t part_octets(size_t size)
{
    return sizeof(struct ted_part) +
           (size + TED_PART_ALIGNMENT - 1) / TED_PART_ALIGNMENT * TED_PART_ALIGNMENT;
}

struct ted_part *ted_part_create(size_t size)
{
    size_t octets = part_octets(size);
    struct ted_part *part = aligned_alloc(TED_PART_ALIGNMENT, octets);
    if (part != NULL)
        *part = (struct ted_part){.octets = octets, .made_octets = octets, .users = 1};
    return part;
}

/* The line of the block; NULL: memory ran out. */
static struct ted_spare *part_line(struct ted_part *part)
{
    if (part->spare != NULL)
        return part->spare;
    part->spare = malloc(sizeof *part->spare);
    if (part->spare != NULL)
        *part->spare = (struct ted_spare){.users = 1};
    return part->spare;
}

/* A block of the size out of the line, or a new one. */
static struct ted_part *part_take(struct ted_spare *spare, size_t size)
{
    struct ted_part *kept = spare->part;
    spare->part = NULL;
    if (kept != NULL && kept->octets == part_octets(size))
        return kept;
    free(kept);
    return ted_part_create(size);
}

struct ted_part *ted_part_copy(struct ted_part *part, size_t more)
{
    struct ted_spare *spare = part_line(part);
    struct ted_part *copy =
        spare == NULL ? NULL : part_take(spare, part->octets - sizeof *part + more);
    if (copy == NULL)
        return NULL;
    memcpy(copy + 1, part + 1, part->octets - sizeof *part);
    copy->made_octets = part->made_octets;
    copy->spare = spare;
    copy->users = 1;
    spare->users++;
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
    if (--part->users > 0)
        return;
    struct ted_spare *spare = part->spare;
    if (spare != NULL && --spare->users > 0 && spare->part == NULL) {
        spare->part = part;
        return;
    }
    free(part);
    if (spare == NULL || spare->users > 0)
        return;
    free(spare->part);
    free(spare);
}
