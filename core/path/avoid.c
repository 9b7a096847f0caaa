#include "core/path/avoid.h"

#include "core/base/check.h"
#include "core/path/engine.h"

#include <stdlib.h>

bool path_avoid_begin(struct path_avoid *avoid, const struct ted_snapshot *snapshot)
{
    path_avoid_clear(avoid);
    void *marks = avoid->marks, *touched = avoid->touched;
    bool is_enough =
        engine_grow(&marks, &avoid->marks_capacity, snapshot->link_count, sizeof *avoid->marks) &&
        engine_grow(&touched, &avoid->touched_capacity, snapshot->link_count,
                    sizeof *avoid->touched);
    avoid->marks = marks;
    avoid->touched = touched;
    avoid->snapshot = snapshot;
    return is_enough;
}

void path_avoid_fini(struct path_avoid *avoid)
{
    free(avoid->marks);
    free(avoid->touched);
    *avoid = (struct path_avoid){.snapshot = NULL};
}

void path_avoid_clear(struct path_avoid *avoid)
{
    for (uint32_t i = 0; i < avoid->touched_count; i++)
        avoid->marks[avoid->touched[i]] = 0;
    avoid->touched_count = 0;
}

size_t path_avoid_octets(const struct path_avoid *avoid)
{
    return avoid->marks_capacity * sizeof *avoid->marks +
           avoid->touched_capacity * sizeof *avoid->touched;
}

static void avoid_mark(struct path_avoid *avoid, uint32_t link, uint8_t mark)
{
    CHECK(link < avoid->snapshot->link_count);
    if (avoid->marks[link] == 0)
        avoid->touched[avoid->touched_count++] = link;
    avoid->marks[link] |= mark;
}

void path_avoid_link(struct path_avoid *avoid, uint32_t link)
{
    avoid_mark(avoid, link, PATH_AVOID_LINK);
}

void path_avoid_both_ways(struct path_avoid *avoid, uint32_t link)
{
    avoid_mark(avoid, link, PATH_AVOID_LINK);
    uint32_t reverse = avoid->snapshot->links[link].reverse;
    if (reverse != TED_NONE)
        avoid_mark(avoid, reverse, PATH_AVOID_LINK);
}

/* A path that enters no such node leaves none either. */
void path_avoid_node(struct path_avoid *avoid, uint32_t node)
{
    const struct ted_snapshot *snapshot = avoid->snapshot;
    CHECK(node < snapshot->node_count);
    for (uint32_t i = snapshot->reverse_first_edge[node];
         i < snapshot->reverse_first_edge[node + 1]; i++)
        avoid_mark(avoid, snapshot->reverse_edges[i].link, PATH_AVOID_NODE);
}

static bool avoid_is_of_srlg(const struct ted_snapshot *snapshot, const struct ted_link *link,
                             uint32_t srlg)
{
    for (uint32_t i = 0; i < link->srlgs.count; i++) {
        if (snapshot->srlgs[link->srlgs.first + i] == srlg)
            return true;
    }
    return false;
}

void path_avoid_srlg(struct path_avoid *avoid, uint32_t srlg)
{
    const struct ted_snapshot *snapshot = avoid->snapshot;
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        if (avoid_is_of_srlg(snapshot, &snapshot->links[i], srlg))
            avoid_mark(avoid, i, PATH_AVOID_LINK);
    }
}

void path_avoid_add(struct path_avoid *avoid, const struct path_avoid *other)
{
    CHECK(avoid->snapshot == other->snapshot);
    for (uint32_t i = 0; i < other->touched_count; i++)
        avoid_mark(avoid, other->touched[i], other->marks[other->touched[i]]);
}
