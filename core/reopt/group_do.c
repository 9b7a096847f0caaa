/* What groups say: their LSPs are moved, stay, or get no path. */
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/group_told.h"
#include "core/reopt/job_group.h"
#include "core/reopt/route.h"

#include <stdlib.h>

#define STATUS_TLV_SIZE 8

static const struct lsp_membership *side_membership(struct group_side *side, const struct lsp *lsp,
                                                    const struct group_key *key)
{
    struct group_key own;
    struct group_want want;
    for (const struct lsp_membership *m = lsp->memberships; m != NULL; m = m->next)
        if (group_read(m, side->reopt->arena, &own, &want) && group_keys_are_equal(&own, key))
            return m;
    return NULL;
}

/* The ASSOCIATION as its PCC reports it, with a DISJOINTNESS-STATUS; empty where there is none to be told. */
static struct wire_span side_status(struct group_side *side, const struct lsp *lsp,
                                    const struct group_verdict *verdict)
{
    const struct lsp_membership *membership = side_membership(side, lsp, &verdict->head.key);
    const struct wire_span none = {NULL, 0};
    /* Who reports a type knows it, whatever its Open has listed. */
    if (!verdict->has_status || membership == NULL)
        return none;
    size_t size = (size_t)membership->size + STATUS_TLV_SIZE;
    uint8_t *octets = size > UINT16_MAX ? NULL : arena_alloc(side->reopt->arena, size);
    if (octets == NULL)
        return none;
    struct wire_writer writer = wire_writer_init(octets, size);
    /* RFC 8800 5.2: T is never set. */
    const struct pcep_flag_word status = {.flags = verdict->achieved};
    wire_put_octets(&writer, membership->octets, membership->size);
    pcep_tlv_put(&writer, PCEP_TLV_DISJOINTNESS_STATUS, &status);
    wire_patch_u16(&writer, 2, (uint16_t)size);
    return writer.failed ? none : (struct wire_span){octets, size};
}

static void side_tell_error(struct group_side *side, const struct lsp *lsp,
                            const struct group_verdict *verdict, struct told_group *group)
{
    if (group->error == verdict->error)
        return;
    group->error = verdict->error;
    if (verdict->error != PCEP_ERROR_NONE && side->ops->on_refused != NULL)
        side->ops->on_refused(side->owner, lsp, verdict);
}

/* No group takes it: it is computed alone, as one that is in none. */
static void side_refuse(struct group_side *side, struct lsp *lsp, struct group_told *told,
                        struct told_group *group)
{
    struct reopt *reopt = side->reopt;
    if (group->is_refused)
        return;
    group->is_refused = true;
    bool is_alone = told_mover(told) == NULL;
    if (!is_alone)
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, lsp->slot);
    else
        reopt->counters.reopt_no_memory +=
            !slot_set_add(&reopt->lone, lsp->slot) || !slot_set_add(&reopt->waiting, lsp->slot);
}

static void side_note_order(struct group_side *side, const struct ted_snapshot *snapshot,
                            struct group_told *told)
{
    const struct resolved_path *next = &side->reopt->next;
    uint32_t *numbers = malloc((next->count + 1) * sizeof *numbers);
    told_forget_order(told);
    if (numbers == NULL)
        return; /* all that its route holds stands for it */
    told->ordered = numbers;
    told->ordered_count = route_numbers_of(snapshot, next->links, next->count, numbers);
}

static void side_move(struct group_side *side, struct reopt_scene *scene, struct lsp *lsp,
                      const struct group_verdict *verdict, struct group_told *told)
{
    struct reopt *reopt = side->reopt;
    struct told_group *group = told_find_group(told, &verdict->head.key);
    struct wire_span objects = side_status(side, lsp, verdict);
    switch (job_group_move(reopt, scene, lsp, verdict, objects)) {
    case JOB_GROUP_KEPT:
        return;
    case JOB_GROUP_ORDERED:
        side_note_order(side, scene->snapshot, told);
        group->status = verdict->achieved;
        group->has_status = true;
        break;
    default:
        break;
    }
    reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, lsp->slot);
}

static void side_do(struct group_side *side, struct reopt_scene *scene, struct lsp *lsp,
                    const struct group_verdict *verdict, struct group_told *told)
{
    struct reopt *reopt = side->reopt;
    struct told_group *group = told_find_group(told, &verdict->head.key);
    if (verdict->decision == GROUP_VERDICT_REFUSE) {
        side_tell_error(side, lsp, verdict, group);
        side_refuse(side, lsp, told, group);
        return;
    }
    if (group->is_refused) {
        group->is_refused = false;
        slot_set_remove(&reopt->lone, lsp->slot);
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, lsp->slot);
    }
    side_tell_error(side, lsp, verdict, group);
    if (group != told_mover(told))
        return;
    if (verdict->decision == GROUP_VERDICT_MOVE) {
        side_move(side, scene, lsp, verdict, told);
        return;
    }
    struct wire_span objects = side_status(side, lsp, verdict);
    if (verdict->decision == GROUP_VERDICT_BLOCK) {
        job_group_block(reopt, scene, lsp, verdict, objects);
        return;
    }
    if (group->has_status && group->status == verdict->achieved)
        objects.size = 0;
    if (job_group_stay(reopt, scene, lsp, objects)) {
        group->status = verdict->achieved;
        group->has_status = true;
    }
}

static void side_look(struct group_side *side, struct reopt_scene *scene,
                      const struct group_verdict *verdict)
{
    struct lsp *lsp = lsp_db_get(side->reopt->db, verdict->head.member.lsp);
    struct group_told *told = lsp == NULL ? NULL : told_find(side, lsp->slot);
    bool is_current = told != NULL && told->lsp.generation == lsp->generation &&
                      told->sequence == verdict->head.sequence &&
                      told_find_group(told, &verdict->head.key) != NULL;
    if (is_current)
        side_do(side, scene, lsp, verdict, told);
    else
        side->outdated++;
    arena_reset(side->reopt->arena);
}

void group_side_take(struct group_side *side, struct group_verdict *verdict)
{
    struct reopt *reopt = side->reopt;
    const struct lsp *lsp = lsp_db_get(reopt->db, verdict->head.member.lsp);
    list_init(&verdict->head.link);
    if (side->verdict_count < GROUP_VERDICTS_MAX) {
        list_push_back(&side->verdicts, &verdict->head.link);
        side->verdict_count++;
        return;
    }
    side->outdated++;
    if (lsp != NULL)
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, lsp->slot);
    free(verdict);
}

bool group_side_do(struct group_side *side, struct reopt_scene *scene)
{
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    while (side->verdict_count > 0 && scene->work_left > 0) {
        struct list_link *link = list_pop_front(&side->verdicts);
        struct group_verdict *verdict = CONTAINER_OF(link, struct group_verdict, head.link);
        side->verdict_count--;
        reopt_spend(scene, REOPT_WORK_OF_MARK);
        side_look(side, scene, verdict);
        free(verdict);
    }
    return side->verdict_count > 0;
}
