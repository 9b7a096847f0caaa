#include "core/reopt/group_side.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/job_group.h"
#include "core/reopt/lay.h"

#include <stdlib.h>
#include <string.h>

#define STATUS_TLV_SIZE 8

/* What one group was told of an LSP, and has said. */
struct told_group {
    struct group_key key;
    struct group_want want;
    uint8_t status; /* flags of DISJOINTNESS-STATUS that its PCC has been told */
    bool has_status;
    bool is_refused;
    enum pcep_error_code error; /* that its PCC has been told */
};

struct group_told {
    struct map_node node;
    struct lsp_handle lsp;
    uint64_t sequence; /* of the last tell */
    uint32_t *ordered; /* numbers of the links that a group has ordered it onto; NULL */
    uint32_t ordered_count;
    uint32_t count;
    struct told_group groups[GROUPS_OF_LSP_MAX];
};

static bool told_is_equal(const struct map_node *node, const void *key)
{
    const struct group_told *told =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct group_told, node);
    return told->lsp.slot == *(const uint32_t *)key;
}

static uint64_t told_hash(uint32_t slot)
{
    return map_hash(&slot, sizeof slot);
}

void group_side_init(struct group_side *side, const struct group_side_ops *ops, void *owner,
                     struct reopt *reopt)
{
    *side = (struct group_side){.ops = ops, .owner = owner, .reopt = reopt, .shard_count = 1};
    map_init(&side->told, told_is_equal, LSP_SLOTS_MAX);
}

static void told_free(struct map_node *node, void *context)
{
    struct group_told *told = CONTAINER_OF(node, struct group_told, node);
    (void)context;
    free(told->ordered);
    free(told);
}

/* The walk has read what follows a node before it is freed. */
void group_side_fini(struct group_side *side)
{
    map_for_each(&side->told, told_free, NULL);
    map_fini(&side->told);
}

static struct group_told *told_find(struct group_side *side, uint32_t slot)
{
    struct map_node *node = map_find(&side->told, told_hash(slot), &slot);
    return node == NULL ? NULL : CONTAINER_OF(node, struct group_told, node);
}

static struct group_told *told_make(struct group_side *side, const struct lsp *lsp)
{
    struct group_told *told = calloc(1, sizeof *told);
    if (told == NULL)
        return NULL;
    told->lsp = lsp_handle_of(lsp);
    if (map_insert(&side->told, &told->node, told_hash(lsp->slot), &lsp->slot) == PCE_OK)
        return told;
    free(told);
    return NULL;
}

static void told_drop(struct group_side *side, struct group_told *told)
{
    CHECK(map_remove(&side->told, told_hash(told->lsp.slot), &told->lsp.slot) == &told->node);
    told_free(&told->node, NULL);
}

static struct told_group *told_find_group(struct group_told *told, const struct group_key *key)
{
    for (uint32_t i = 0; i < told->count; i++)
        if (group_keys_are_equal(&told->groups[i].key, key))
            return &told->groups[i];
    return NULL;
}

static void told_forget_order(struct group_told *told)
{
    free(told->ordered);
    told->ordered = NULL;
    told->ordered_count = 0;
}

/* ---- leaving ---- */

static bool side_post(struct group_side *side, struct group_letter *letter)
{
    if (letter == NULL) {
        side->reopt->counters.reopt_no_memory++;
        return false;
    }
    if (side->ops->post(side->owner, group_owner(&letter->key, side->shard_count), letter))
        return true;
    side->unposted++;
    free(letter);
    return false;
}

static bool side_leave(struct group_side *side, struct group_told *told, uint32_t index)
{
    struct group_letter *letter = calloc(1, sizeof *letter);
    if (letter != NULL) {
        letter->kind = GROUP_LETTER_LEAVE;
        letter->key = told->groups[index].key;
        letter->member = (struct group_member_id){side->shard, told->lsp};
    }
    if (!side_post(side, letter))
        return false;
    told->groups[index] = told->groups[--told->count];
    return true;
}

static bool side_leave_all(struct group_side *side, struct group_told *told)
{
    while (told->count > 0)
        if (!side_leave(side, told, told->count - 1))
            return false;
    told_drop(side, told);
    return true;
}

/* ---- the groups of an LSP ---- */

/* What the LSP says of its groups now. */
struct side_groups {
    uint32_t count;
    struct group_key keys[GROUPS_OF_LSP_MAX];
    struct group_want wants[GROUPS_OF_LSP_MAX];
};

static void side_read_groups(struct group_side *side, const struct lsp *lsp,
                             struct side_groups *groups)
{
    groups->count = 0;
    for (const struct lsp_membership *m = lsp->memberships; m != NULL; m = m->next) {
        if (groups->count == GROUPS_OF_LSP_MAX) {
            side->reopt->counters.reopt_unsupported++;
            return;
        }
        if (group_read(m, side->reopt->arena, &groups->keys[groups->count],
                       &groups->wants[groups->count]))
            groups->count++;
    }
}

static bool side_has_group(const struct side_groups *groups, const struct group_key *key)
{
    for (uint32_t i = 0; i < groups->count; i++)
        if (group_keys_are_equal(&groups->keys[i], key))
            return true;
    return false;
}

/* Groups that the LSP is not in any more are told, and new ones are noted. False: no room now. */
static bool side_sort_groups(struct group_side *side, struct group_told *told,
                             const struct side_groups *groups)
{
    for (uint32_t i = told->count; i-- > 0;)
        if (!side_has_group(groups, &told->groups[i].key) && !side_leave(side, told, i))
            return false;
    for (uint32_t i = 0; i < groups->count; i++) {
        struct told_group *known = told_find_group(told, &groups->keys[i]);
        if (known == NULL) {
            known = &told->groups[told->count++];
            *known = (struct told_group){.key = groups->keys[i]};
        }
        known->want = groups->wants[i];
    }
    return true;
}

/* The one that moves the LSP; NULL: none takes it. */
static const struct told_group *told_mover(const struct group_told *told)
{
    const struct told_group *mover = NULL;
    for (uint32_t i = 0; i < told->count; i++) {
        const struct told_group *at = &told->groups[i];
        if (at->is_refused)
            continue;
        if (mover == NULL || at->want.kind < mover->want.kind ||
            (at->want.kind == mover->want.kind &&
             memcmp(&at->key, &mover->key, sizeof at->key) < 0))
            mover = at;
    }
    return mover;
}

/* ---- telling ---- */

static struct group_tell *side_copy(const struct group_tell *tell)
{
    size_t size = sizeof *tell +
                  ((size_t)tell->current_count + tell->ordered_count) * sizeof tell->numbers[0];
    struct group_tell *copy = malloc(size);
    if (copy != NULL)
        memcpy(copy, tell, size);
    return copy;
}

static bool side_tell_group(struct group_side *side, const struct group_told *told,
                            const struct told_group *group, const struct group_tell *tell)
{
    struct group_tell *copy = side_copy(tell);
    if (copy != NULL) {
        copy->head.key = group->key;
        copy->head.member = (struct group_member_id){side->shard, told->lsp};
        copy->head.sequence = told->sequence;
        copy->want = group->want;
        copy->is_movable = tell->is_movable && (group->is_refused || group == told_mover(told));
        copy->is_refused = group->is_refused;
        copy->has_status = group->has_status;
        copy->status = group->status;
    }
    return side_post(side, copy == NULL ? NULL : &copy->head);
}

static bool side_tell_all(struct group_side *side, struct reopt_scene *scene, struct lsp *lsp,
                          struct group_told *told)
{
    const struct job_ordered ordered = {told->ordered, told->ordered_count};
    struct group_tell *tell = job_group_tell(side->reopt, scene, lsp, &ordered);
    bool is_told = tell != NULL;
    if (is_told && !tell->is_ordered)
        told_forget_order(told);
    told->sequence = ++side->sequence;
    for (uint32_t i = 0; i < told->count && is_told; i++)
        is_told = side_tell_group(side, told, &told->groups[i], tell);
    free(tell);
    return is_told;
}

/* False: something could not be told, and the slot is to be taken again. */
static bool side_speak(struct group_side *side, struct reopt_scene *scene, uint32_t slot)
{
    struct side_groups groups;
    struct lsp *lsp = lsp_slots_at(&side->reopt->db->slots, slot);
    struct group_told *told = told_find(side, slot);
    if (told != NULL && (lsp == NULL || lsp->generation != told->lsp.generation)) {
        if (!side_leave_all(side, told))
            return false;
        told = NULL;
    }
    if (lsp == NULL || (lsp->memberships == NULL && told == NULL))
        return true;
    side_read_groups(side, lsp, &groups);
    if (told == NULL && groups.count > 0) {
        told = told_make(side, lsp);
        side->reopt->counters.reopt_no_memory += told == NULL;
    }
    if (told == NULL)
        return groups.count == 0;
    if (!side_sort_groups(side, told, &groups))
        return false;
    if (told->count > 0)
        return side_tell_all(side, scene, lsp, told);
    told_drop(side, told);
    return true;
}

bool group_side_turn(struct group_side *side, struct reopt_scene *scene)
{
    struct reopt *reopt = side->reopt;
    uint32_t slot, left = reopt->grouped.count;
    if (scene->snapshot == NULL || scene->snapshot->link_numbers == NULL)
        return false;
    for (; left > 0 && scene->work_left > 0 && slot_set_take(&reopt->grouped, &slot); left--) {
        bool is_told = side_speak(side, scene, slot);
        arena_reset(reopt->arena);
        if (is_told)
            continue;
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, slot);
        return false; /* who has no room now is not asked again at once */
    }
    return reopt->grouped.count > 0;
}

/* ---- what is said ---- */

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

void group_side_take(struct group_side *side, struct reopt_scene *scene,
                     struct group_verdict *verdict)
{
    struct lsp *lsp = lsp_db_get(side->reopt->db, verdict->head.member.lsp);
    struct group_told *told = lsp == NULL ? NULL : told_find(side, lsp->slot);
    bool is_current = told != NULL && told->lsp.generation == lsp->generation &&
                      told->sequence == verdict->head.sequence && scene->snapshot != NULL &&
                      scene->snapshot->link_numbers != NULL &&
                      told_find_group(told, &verdict->head.key) != NULL;
    if (is_current)
        side_do(side, scene, lsp, verdict, told);
    else
        side->outdated++;
    arena_reset(side->reopt->arena);
    free(verdict);
}
