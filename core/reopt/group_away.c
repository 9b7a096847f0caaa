#include "core/reopt/group_away.h"

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

/* What follows the head: the sequence grows with each word. */
static bool away_is_same(const struct group_tell *a, const struct group_tell *b)
{
    const size_t head = offsetof(struct group_tell, want);
    return a->head.member.shard == b->head.member.shard &&
           a->head.member.lsp.slot == b->head.member.lsp.slot &&
           a->head.member.lsp.generation == b->head.member.lsp.generation &&
           group_tell_size(a) == group_tell_size(b) &&
           memcmp((const uint8_t *)a + head, (const uint8_t *)b + head,
                  group_tell_size(a) - head) == 0;
}

bool group_away_is_of(const struct group_away *away, const struct group *group)
{
    if (away->group.count != group->count)
        return false;
    for (uint32_t i = 0; i < group->count; i++)
        if (!away_is_same(away->group.members[i].tell, group->members[i].tell))
            return false;
    return true;
}
