#include "core/reopt/group_away.h"

#include "core/requests/hops.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void away_drop(struct computation_task *task)
{
    struct group_away *away = group_away_of(task);
    for (uint32_t i = 0; i < away->group.count; i++)
        free(away->group.members[i].tell);
    group_bench_fini(&away->bench);
    arena_fini(&away->arena);
    free(away);
}

/* What names the links of a path of RSVP-TE goes with their snapshot. False: no memory. */
static bool away_keep_hops(struct group_away *away, uint32_t index)
{
    const struct path_request *request = &away->group.members[index].tell->request;
    const struct path_result *path = away->plan.of[index].path;
    struct late_path *found = &away->found[index];
    found->result = path;
    if (path == NULL || request->setup != PATH_SETUP_RSVP_TE)
        return true;
    struct ted_hop *hops = ARENA_ARRAY(&away->arena, struct ted_hop, path->link_count + 1);
    if (hops == NULL)
        return false;
    hops_of_links(away->scene.snapshot, request->family, path->links, path->link_count, hops);
    found->hops = hops;
    return true;
}

static void away_run(struct computation_task *task, struct path_engine *engine,
                     const struct ted_snapshot *snapshot)
{
    struct group_away *away = group_away_of(task);
    struct resolver resolver;
    const struct group_question question = {
        .group = &away->group, .work_max = UINT64_MAX, .is_late = away->is_late};
    resolver_init(&resolver, engine);
    away->scene.snapshot = snapshot;
    away->scene.resolver = &resolver;
    away->outcome = group_decide(&away->bench, &away->scene, &question, &away->plan);
    resolver_fini(&resolver);
    for (uint32_t i = 0; i < away->group.count && away->outcome == GROUP_DECIDED; i++)
        if (!away_keep_hops(away, i))
            away->outcome = GROUP_FAILED;
}

struct group_away *group_away_create(const struct group *group, const struct groups_scene *scene,
                                     bool is_late)
{
    struct group_away *away = calloc(1, sizeof *away);
    if (away == NULL)
        return NULL;
    away->task = (struct computation_task){.run = away_run, .drop = away_drop};
    away->scene = *scene;
    away->is_late = is_late;
    arena_init(&away->arena, GROUP_AWAY_OCTETS_MAX);
    away->scene.arena = &away->arena;
    away->group = *group;
    for (away->group.count = 0; away->group.count < group->count; away->group.count++) {
        struct group_tell *copy = group_tell_copy(group->members[away->group.count].tell);
        if (copy == NULL) {
            away_drop(&away->task);
            return NULL;
        }
        away->group.members[away->group.count].tell = copy;
    }
    return away;
}

static bool away_is_member(const struct group_tell *a, const struct group_tell *b)
{
    return a->head.member.shard == b->head.member.shard &&
           a->head.member.lsp.slot == b->head.member.lsp.slot &&
           a->head.member.lsp.generation == b->head.member.lsp.generation;
}

/* Where nothing but padding differs the group is computed once more. */
static bool away_octets_are_equal(const struct group_tell *a, const struct group_tell *b,
                                  size_t from, size_t size)
{
    return memcmp((const uint8_t *)a + from, (const uint8_t *)b + from, size) == 0;
}

/* What follows the head: the sequence grows with each word. */
static bool away_is_same(const struct group_tell *a, const struct group_tell *b)
{
    const size_t head = offsetof(struct group_tell, want);
    return away_is_member(a, b) && group_tell_size(a) == group_tell_size(b) &&
           away_octets_are_equal(a, b, head, group_tell_size(a) - head);
}

static bool away_asks_same(const struct group_tell *a, const struct group_tell *b)
{
    return away_is_member(a, b) && a->list == b->list &&
           memcmp(&a->want, &b->want, sizeof a->want) == 0 && ip_is_equal(&a->source, &b->source) &&
           ip_is_equal(&a->destination, &b->destination) &&
           away_octets_are_equal(a, b, offsetof(struct group_tell, request), sizeof a->request) &&
           a->is_computable == b->is_computable;
}

static bool away_is_alike(const struct group_away *away, const struct group *group,
                          bool (*is_alike)(const struct group_tell *, const struct group_tell *))
{
    if (away->group.count != group->count)
        return false;
    for (uint32_t i = 0; i < group->count; i++)
        if (!is_alike(away->group.members[i].tell, group->members[i].tell))
            return false;
    return true;
}

bool group_away_is_of(const struct group_away *away, const struct group *group)
{
    return away_is_alike(away, group, away_is_same);
}

bool group_away_asks(const struct group_away *away, const struct group *group)
{
    return away_is_alike(away, group, away_asks_same);
}
