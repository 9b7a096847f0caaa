#include "core/reopt/lay_lists.h"

#include "core/pcep/model.h"
#include "core/reopt/lay.h"
#include "core/reopt/route.h"

#include <math.h>

/* ---- what is reported ---- */

static bool lists_is_ero(const struct pcep_object *object)
{
    return object->row != NULL && object->row->id == PCEP_OBJECT_ERO;
}

bool lay_list_has(const struct pcep_message *message, uint32_t at)
{
    const struct pcep_object *object = &message->objects[at];
    bool is_attributes = object->row != NULL && object->row->id == PCEP_OBJECT_PATH_ATTRIB;
    if (is_attributes && at + 1 < message->object_count)
        object++;
    return lists_is_ero(object);
}

uint32_t lay_lists_count(const struct lsp_reading *reading)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < reading->message.object_count; i++)
        count += lists_is_ero(&reading->message.objects[i]);
    return count;
}

/* Multipath draft 4.1, 4.3, 4.4: a weight that is not said is 1, and pure backups carry nothing. The
 * list's share is its weight here. False: it is a way back. */
static bool lists_read_one(const struct pcep_object *ero, const struct pcep_object *before,
                           struct lay_list *list)
{
    *list = (struct lay_list){.ero = ero, .share = 1};
    if (before == NULL || before->row == NULL || before->row->id != PCEP_OBJECT_PATH_ATTRIB)
        return true;
    const struct pcep_path_attrib *body = before->body;
    const struct pcep_multipath_backup *backup = pcep_find_tlv(before, PCEP_TLV_MULTIPATH_BACKUP);
    const struct pcep_multipath_weight *weight = pcep_find_tlv(before, PCEP_TLV_MULTIPATH_WEIGHT);
    list->is_backup = backup != NULL && (backup->flags & PCEP_MULTIPATH_BACKUP_B) != 0;
    if (list->is_backup)
        list->share = 0;
    else if (weight != NULL)
        list->share = weight->weight;
    return (body->flags & PCEP_PATH_ATTRIB_R) == 0;
}

uint32_t lay_lists_read(const struct lsp_reading *reading, struct lay_list lists[LAY_LISTS_MAX])
{
    const struct pcep_object *objects = reading->message.objects;
    double sum = 0;
    uint32_t count = 0, carrying = 0;
    for (uint32_t i = 0; i < reading->message.object_count && count < LAY_LISTS_MAX; i++)
        if (lists_is_ero(&objects[i]) &&
            lists_read_one(&objects[i], i == 0 ? NULL : &objects[i - 1], &lists[count])) {
            carrying += !lists[count].is_backup;
            sum += lists[count++].share;
        }
    /* Weights that make no sum say nothing. */
    for (uint32_t i = 0; i < count; i++)
        if (!lists[i].is_backup)
            lists[i].share = sum > 0 ? lists[i].share / sum : 1.0 / carrying;
    return count;
}

/* ---- onto links ---- */

/* Links with what each carries, ascending by number. */
struct laid_links {
    uint32_t *numbers;
    double shares[REOPT_ROUTE_LINKS_MAX];
    uint32_t count;
};

static bool lists_add_link(struct laid_links *links, uint32_t number, double share)
{
    uint32_t at = links->count;
    while (at > 0 && links->numbers[at - 1] >= number)
        at--;
    if (at < links->count && links->numbers[at] == number) {
        links->shares[at] += share;
        return true;
    }
    if (links->count == REOPT_ROUTE_LINKS_MAX)
        return false;
    for (uint32_t i = links->count; i > at; i--) {
        links->numbers[i] = links->numbers[i - 1];
        links->shares[i] = links->shares[i - 1];
    }
    links->numbers[at] = number;
    links->shares[at] = share;
    links->count++;
    return true;
}

static void lists_add_path(struct reopt *reopt, const struct ted_snapshot *snapshot,
                           const struct lay_move *path, double share, struct laid_links *links)
{
    uint32_t numbers[RESOLVE_LINKS_MAX];
    uint32_t count = route_numbers_of(snapshot, path->links, path->count, numbers);
    for (uint32_t i = 0; i < count; i++)
        reopt->counters.reopt_route_limit += !lists_add_link(links, numbers[i], share);
}

static struct lay_move lists_as_it_is(const struct lay_list *list, const struct resolved_path *path)
{
    return (struct lay_move){list->ero, path->links, path->count};
}

static uint32_t lists_write_shares(const struct laid_links *links, uint16_t *shares)
{
    for (uint32_t i = 0; i < links->count; i++) {
        double share = ceil(links->shares[i] * ROUTE_SHARE_WHOLE - 1e-6);
        shares[i] = share < ROUTE_SHARE_WHOLE ? (uint16_t)share : ROUTE_SHARE_WHOLE;
    }
    return links->count;
}

void lay_list_resolve(struct reopt *reopt, const struct ted_snapshot *snapshot,
                      const struct lsp_reading *reading, const struct lay_list *list,
                      struct resolved_path *path)
{
    const struct pcep_subobjects hops = {
        .is_present = true, .at = list->ero->subobjects, .count = list->ero->subobject_count};
    resolve_path(&reopt->resolver, snapshot, lsp_reading_headend(reading, snapshot), hops, path);
}

/* What the paths of all lists together are: reopt->next is scratch, nothing is computed meanwhile. */
static void lists_sum_up(struct resolved_path *sum, const struct resolved_path *path)
{
    sum->work += path->work;
    sum->follows_igp = sum->follows_igp || path->follows_igp;
    sum->end = path->end;
    if (sum->reason == RESOLVE_RESOLVED)
        sum->reason = path->reason;
}

uint32_t lay_lists(struct reopt *reopt, const struct ted_snapshot *snapshot,
                   const struct lsp_reading *reading)
{
    struct laid_links links = {.numbers = reopt->numbers[0]};
    struct lay_list lists[LAY_LISTS_MAX];
    struct resolved_path *sum = &reopt->current;
    uint32_t count = lay_lists_read(reading, lists), all = lay_lists_count(reading);
    sum->reason = RESOLVE_RESOLVED;
    sum->count = 0;
    sum->work = 0;
    sum->follows_igp = false;
    reopt->counters.reopt_route_limit += all > LAY_LISTS_MAX && count == LAY_LISTS_MAX;
    for (uint32_t i = 0; i < count && sum->work < RESOLVE_WORK_MAX; i++) {
        lay_list_resolve(reopt, snapshot, reading, &lists[i], &reopt->next);
        const struct lay_move path = lists_as_it_is(&lists[i], &reopt->next);
        lists_add_path(reopt, snapshot, &path, lists[i].share, &links);
        lists_sum_up(sum, &reopt->next);
    }
    if (sum->work >= RESOLVE_WORK_MAX)
        sum->reason = RESOLVE_TOO_LONG;
    return lists_write_shares(&links, reopt->shares[0]);
}

const struct lay_move *lay_move_of(const struct lay_moves *moves, const struct pcep_object *ero)
{
    for (uint32_t i = 0; i < moves->count; i++)
        if (moves->of[i].ero == ero)
            return &moves->of[i];
    return NULL;
}

uint32_t lay_lists_next(struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct lsp_reading *reading, const struct lay_moves *moves)
{
    struct laid_links links = {.numbers = reopt->numbers[1]};
    struct lay_list lists[LAY_LISTS_MAX];
    struct resolved_path *stays = ARENA_NEW(reopt->arena, struct resolved_path);
    uint32_t count = stays == NULL ? 0 : lay_lists_read(reading, lists);
    reopt->counters.reopt_no_memory += stays == NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct lay_move *moved = lay_move_of(moves, lists[i].ero);
        struct lay_move path;
        if (moved == NULL)
            lay_list_resolve(reopt, snapshot, reading, &lists[i], stays);
        path = moved != NULL ? *moved : lists_as_it_is(&lists[i], stays);
        lists_add_path(reopt, snapshot, &path, lists[i].share, &links);
    }
    return lists_write_shares(&links, reopt->shares[1]);
}
