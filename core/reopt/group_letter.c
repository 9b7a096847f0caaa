#include "core/reopt/group_letter.h"

#include <stdlib.h>
#include <string.h>

struct group_tell *group_tell_create(uint32_t number_count)
{
    struct group_tell *tell =
        calloc(1, sizeof *tell + (size_t)number_count * sizeof tell->numbers[0]);
    if (tell != NULL)
        tell->head.kind = GROUP_LETTER_TELL;
    return tell;
}

uint32_t group_tell_count(const struct group_tell *tell)
{
    return tell->current_count + tell->ordered_count + tell->fixed_count + tell->list_count;
}

size_t group_tell_size(const struct group_tell *tell)
{
    return sizeof *tell + (size_t)group_tell_count(tell) * sizeof tell->numbers[0];
}

struct group_tell *group_tell_copy(const struct group_tell *tell)
{
    struct group_tell *copy = malloc(group_tell_size(tell));
    if (copy != NULL)
        memcpy(copy, tell, group_tell_size(tell));
    return copy;
}

struct group_verdict *group_verdict_create(const struct path_result *path)
{
    size_t sids_size = path == NULL ? 0 : path->sid_count * sizeof *path->sids;
    size_t links_size = path == NULL ? 0 : path->link_count * sizeof *path->links;
    struct group_verdict *verdict = calloc(1, sizeof *verdict + sids_size + links_size);
    if (verdict == NULL)
        return NULL;
    struct path_sid *sids = (struct path_sid *)(void *)(verdict + 1);
    uint32_t *links = (uint32_t *)(void *)((uint8_t *)(verdict + 1) + sids_size);
    verdict->head.kind = GROUP_LETTER_VERDICT;
    verdict->sids = sids;
    verdict->links = links;
    if (sids_size > 0)
        memcpy(sids, path->sids, sids_size);
    if (links_size > 0)
        memcpy(links, path->links, links_size);
    verdict->sid_count = path == NULL ? 0 : path->sid_count;
    verdict->link_count = path == NULL ? 0 : path->link_count;
    return verdict;
}
