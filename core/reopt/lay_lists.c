#include "core/reopt/lay_lists.h"

#include "core/pcep/model.h"
#include "core/reopt/lay.h"

/* One list that carries traffic. */
struct laid_list {
    const struct pcep_object *ero;
    double weight;
};

/* Multipath draft 4.1, 4.3, 4.4: the way back and pure backups carry nothing; a weight that is not
 * said is 1. False: so does this one. */
static bool lists_read(const struct lsp_reading *reading, uint32_t index, struct laid_list *list)
{
    const struct pcep_object *ero = &reading->message.objects[index];
    const struct pcep_object *before = index == 0 ? NULL : ero - 1;
    if (ero->row == NULL || ero->row->id != PCEP_OBJECT_ERO)
        return false;
    *list = (struct laid_list){.ero = ero, .weight = 1};
    if (before == NULL || before->row == NULL || before->row->id != PCEP_OBJECT_PATH_ATTRIB)
        return true;
    const struct pcep_path_attrib *body = before->body;
    const struct pcep_multipath_backup *backup = pcep_find_tlv(before, PCEP_TLV_MULTIPATH_BACKUP);
    const struct pcep_multipath_weight *weight = pcep_find_tlv(before, PCEP_TLV_MULTIPATH_WEIGHT);
    if (weight != NULL)
        list->weight = weight->weight;
    return (body->flags & PCEP_PATH_ATTRIB_R) == 0 &&
           (backup == NULL || (backup->flags & PCEP_MULTIPATH_BACKUP_B) == 0);
}

uint32_t lay_lists_count(const struct lsp_reading *reading)
{
    struct laid_list list;
    uint32_t count = 0;
    for (uint32_t i = 0; i < reading->message.object_count; i++)
        count += lists_read(reading, i, &list);
    return count;
}

/* Links with what each carries, ascending by number. */
struct laid_links {
    uint32_t *numbers;
    double weights[REOPT_ROUTE_LINKS_MAX];
    uint32_t count;
};

static bool lists_add_link(struct laid_links *links, uint32_t number, double weight)
{
    uint32_t at = links->count;
    while (at > 0 && links->numbers[at - 1] >= number)
        at--;
    if (at < links->count && links->numbers[at] == number) {
        links->weights[at] += weight;
        return true;
    }
    if (links->count == REOPT_ROUTE_LINKS_MAX)
        return false;
    for (uint32_t i = links->count; i > at; i--) {
        links->numbers[i] = links->numbers[i - 1];
        links->weights[i] = links->weights[i - 1];
    }
    links->numbers[at] = number;
    links->weights[at] = weight;
    links->count++;
    return true;
}

/* reopt->next is scratch here: nothing is computed while a report is laid. */
static void lists_lay_one(struct reopt *reopt, const struct ted_snapshot *snapshot,
                          const struct lsp_reading *reading, const struct laid_list *list,
                          struct laid_links *links)
{
    const struct pcep_subobjects hops = {
        .is_present = true, .at = list->ero->subobjects, .count = list->ero->subobject_count};
    struct resolved_path *path = &reopt->next;
    resolve_path(&reopt->resolver, snapshot, lsp_reading_headend(reading, snapshot), hops, path);
    uint32_t count = route_numbers_of(snapshot, path->links, path->count, reopt->numbers[1]);
    for (uint32_t i = 0; i < count; i++)
        reopt->counters.reopt_route_limit +=
            !lists_add_link(links, reopt->numbers[1][i], list->weight);
    reopt->current.work += path->work;
    reopt->current.follows_igp |= path->follows_igp;
    reopt->current.end = path->end;
    if (reopt->current.reason == RESOLVE_RESOLVED)
        reopt->current.reason = path->reason;
}

uint32_t lay_lists(struct reopt *reopt, const struct ted_snapshot *snapshot,
                   const struct lsp_reading *reading, uint32_t *numbers, double *share)
{
    struct laid_links links = {.numbers = numbers};
    struct laid_list list;
    double sum = 0, largest = 0;
    uint32_t laid = 0;
    reopt->current.reason = RESOLVE_RESOLVED;
    reopt->current.count = 0;
    reopt->current.work = 0;
    reopt->current.follows_igp = false;
    for (uint32_t i = 0; i < reading->message.object_count; i++) {
        if (!lists_read(reading, i, &list))
            continue;
        sum += list.weight;
        if (laid++ < LAY_LISTS_MAX)
            lists_lay_one(reopt, snapshot, reading, &list, &links);
        else
            reopt->counters.reopt_route_limit++;
    }
    for (uint32_t i = 0; i < links.count; i++)
        largest = links.weights[i] > largest ? links.weights[i] : largest;
    *share = sum > 0 ? largest / sum : 1;
    return links.count;
}
