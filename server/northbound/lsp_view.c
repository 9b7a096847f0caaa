#include "server/northbound/lsp_view.h"

#include "core/base/check.h"
#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/lsp/lsp_color.h"
#include "core/lsp/lsp_identifiers.h"
#include "core/lsp/lsp_octets.h"
#include "core/lsp/sr_policy.h"
#include "core/pcep/model.h"
#include "server/shard/shard.h"

#include <string.h>

/* ---- one LSP ---- */

/* A longer name is cut, as a list shows it. */
static uint8_t lsp_view_copy_name(struct wire_span name, char to[LSP_NAME_MAX])
{
    const size_t size = name.size < LSP_NAME_MAX ? name.size : LSP_NAME_MAX;
    if (size > 0)
        memcpy(to, name.octets, size);
    return (uint8_t)size;
}

static void lsp_view_copy_policy(const struct lsp *lsp, struct lsp_policy_view *view)
{
    view->is_there = sr_policy_of(lsp, &view->policy);
    view->policy_name_size = lsp_view_copy_name(view->policy.policy_name, view->policy_name);
    view->path_name_size = lsp_view_copy_name(view->policy.path_name, view->path_name);
    view->policy.policy_name.octets = NULL; /* they may go with the next report */
    view->policy.path_name.octets = NULL;
}

static void lsp_view_copy(const struct shard *shard, const struct lsp *lsp, struct lsp_view *view)
{
    const struct lsp_instance *instance = lsp_first_instance(lsp);
    const struct lsp_identifiers identifiers = lsp_identifiers_of(instance);
    const struct lsp_ends ends = lsp_ends_of(lsp);
    *view = (struct lsp_view){
        .shard = shard->index,
        .id = lsp_handle_of(lsp),
        .pcc = lsp->pcc->address,
        .source = ends.source,
        .destination = ends.destination,
        .tunnel_id = identifiers.tunnel_id,
        .lsp_id = instance->lsp_id,
        .plsp_id = lsp->pcc->is_up && lsp_is_bound(lsp) ? lsp->plsp_id : 0,
        .srp_id = lsp->srp_id,
        .operational = (uint8_t)lsp_operational(lsp),
        .is_delegated = lsp->delegation == LSP_IS_DELEGATED,
        .is_stale = lsp_is_stale(lsp),
        .summary = instance->summary,
        .age_ns = mono_since_ns(shard->now, lsp->created),
        .changed_ns = mono_since_ns(shard->now, lsp_changed(lsp)),
        .name_size = lsp->name_size,
    };
    view->has_color = lsp_color_of(lsp, &view->color);
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next)
        view->instance_count++;
    memcpy(view->name, lsp->name, lsp->name_size);
    lsp_view_copy_policy(lsp, &view->policy);
}

/* False: there is no room. */
static bool lsp_detail_add(struct lsp_detail *detail, const uint8_t *octets, uint32_t size,
                           struct lsp_objects *objects)
{
    if (size > sizeof detail->octets - detail->octets_size) {
        detail->is_cut = true;
        return false;
    }
    objects->offset = (uint32_t)detail->octets_size;
    objects->size = size;
    memcpy(detail->octets + detail->octets_size, octets, size);
    detail->octets_size += size;
    return true;
}

static bool lsp_detail_add_instance(struct lsp_detail *detail, const struct lsp *lsp,
                                    const struct lsp_instance *instance,
                                    struct lsp_objects *objects)
{
    const size_t room = sizeof detail->octets - detail->octets_size;
    if ((size_t)instance->size + LSP_OCTETS_RESTORED_MAX > room) {
        detail->is_cut = true;
        return false;
    }
    objects->offset = (uint32_t)detail->octets_size;
    objects->size =
        (uint32_t)lsp_octets_restore(lsp, instance, detail->octets + detail->octets_size);
    detail->octets_size += objects->size;
    return true;
}

static void lsp_detail_copy_objects(struct lsp_detail *detail, const struct lsp *lsp)
{
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next) {
        CHECK(detail->instance_count < LSP_INSTANCES_MAX);
        struct lsp_objects *objects = &detail->instances[detail->instance_count];
        objects->lsp_id = at->lsp_id;
        detail->instance_count += lsp_detail_add_instance(detail, lsp, at, objects);
    }
    for (const struct lsp_membership *at = lsp->memberships; at != NULL; at = at->next) {
        CHECK(detail->association_count < LSP_ASSOCIATIONS_MAX);
        struct lsp_objects *objects = &detail->associations[detail->association_count];
        detail->association_count += lsp_detail_add(detail, at->octets, at->size, objects);
    }
}

static void lsp_detail_copy_auto_bandwidth(struct shard *shard, struct lsp_detail *detail,
                                           const struct lsp *lsp)
{
    const struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(&shard->lsps, lsp);
    detail->has_auto_bandwidth = entry != NULL;
    if (entry == NULL)
        return;
    detail->auto_bandwidth = entry->attributes;
    detail->requested = entry->has_requested ? entry->requested : -1;
    detail->granted = entry->granted;
}

static void lsp_detail_copy_history(struct lsp_detail *detail, const struct lsp *lsp,
                                    struct mono now)
{
    const struct lsp_history_entry *entry;
    while (lsp->history != NULL && detail->history_count < LSP_HISTORY_MAX &&
           (entry = lsp_history_at(lsp->history, detail->history_count)) != NULL) {
        detail->history[detail->history_count] = *entry;
        detail->history_ago_ns[detail->history_count++] = mono_since_ns(now, entry->when);
    }
}

void view_lsp(struct shard *shard, void *argument)
{
    struct lsp_detail *detail = argument;
    const struct lsp *lsp = lsp_named(&shard->lsps, &detail->name);
    detail->is_found = lsp != NULL;
    if (lsp == NULL)
        return;
    lsp_view_copy(shard, lsp, &detail->view);
    lsp_detail_copy_objects(detail, lsp);
    lsp_detail_copy_auto_bandwidth(shard, detail, lsp);
    lsp_detail_copy_history(detail, lsp, shard->now);
}

/* ---- lists ---- */

static bool lsp_view_is_either(uint8_t wanted, bool value)
{
    return wanted == UINT8_MAX || (wanted != 0) == value;
}

/* Addresses that it lacks are in no range but that of all addresses. */
static bool lsp_view_ends_match(const struct lsp_filter *filter, const struct lsp *lsp)
{
    if (filter->source.ip.family == IP_NONE && filter->destination.ip.family == IP_NONE)
        return true;
    struct lsp_ends ends = lsp_ends_of(lsp);
    return address_range_has(&filter->source, &ends.source) &&
           address_range_has(&filter->destination, &ends.destination);
}

static bool lsp_view_matches(const struct lsp_filter *filter, const struct lsp *lsp)
{
    if (filter->name_size != 0 && (filter->name_size != lsp->name_size ||
                                   memcmp(filter->name, lsp->name, lsp->name_size) != 0))
        return false;
    if (filter->operational != UINT8_MAX && filter->operational != lsp_operational(lsp))
        return false;
    return lsp_view_is_either(filter->delegated, lsp->delegation == LSP_IS_DELEGATED) &&
           lsp_view_is_either(filter->stale, lsp_is_stale(lsp)) &&
           (filter->setup_type == UINT8_MAX ||
            filter->setup_type == lsp_first_instance(lsp)->summary.setup_type) &&
           address_range_has(&filter->pcc, &lsp->pcc->address) && lsp_view_ends_match(filter, lsp);
}

/* The one LSP that a PCC and a name are of, without a walk. */
static void lsp_list_one(struct shard *shard, struct lsp_list *list)
{
    struct lsp_view *views = list->page.views;
    struct view_batch *batch = &list->page.batch;
    struct lsp_pcc *pcc = lsp_db_pcc(&shard->lsps, &list->filter.pcc.ip);
    struct wire_span name = {(const uint8_t *)list->filter.name, list->filter.name_size};
    const struct lsp *lsp = pcc == NULL ? NULL : lsp_pcc_find_name(pcc, name);
    if (lsp != NULL && lsp_view_matches(&list->filter, lsp))
        lsp_view_copy(shard, lsp, &views[batch->count++]);
    batch->is_over = true;
}

static void lsp_list_walk(struct shard *shard, struct lsp_list *list)
{
    struct lsp_view *views = list->page.views;
    struct view_batch *batch = &list->page.batch;
    uint32_t slot = (uint32_t)list->page.place;
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        const struct lsp *lsp = lsp_db_next(&shard->lsps, &slot);
        list->page.place = slot;
        batch->is_over = lsp == NULL;
        if (lsp == NULL)
            return;
        if (lsp_view_matches(&list->filter, lsp))
            lsp_view_copy(shard, lsp, &views[batch->count++]);
    }
}

void view_lsp_list(struct shard *shard, void *argument)
{
    struct lsp_list *list = argument;
    (void)view_page_begin(&list->page);
    if (address_range_is_one(&list->filter.pcc) && list->filter.name_size != 0)
        lsp_list_one(shard, list);
    else
        lsp_list_walk(shard, list);
}
