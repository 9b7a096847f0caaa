#include "server/northbound/intent_view.h"

#include "core/base/check.h"
#include "core/intent/intent_json.h"
#include "core/wire/json_text.h"
#include "server/intent/intent_part.h"
#include "server/shard/shard.h"

#include <string.h>

/* ---- one intent ---- */

/* What asks for most of an operator's eye comes first. */
static const uint8_t view_ranks[INTENT_STATE_COUNT] = {
    [INTENT_UP] = 0,       [INTENT_DOWN] = 3,    [INTENT_ORDERED] = 1,
    [INTENT_REMOVING] = 2, [INTENT_WAITING] = 4, [INTENT_NO_PATH] = 6,
    [INTENT_CONFLICT] = 7, [INTENT_REFUSED] = 8, [INTENT_UNCONFIRMED] = 5,
};

static void view_count_lsps(const struct intent_entry *entry, struct intent_view *view)
{
    bool is_first = true;
    LIST_FOR(link, (struct list_link *)(uintptr_t)&entry->lsps)
    {
        const struct intent_lsp *lsp = CONTAINER_OF(link, struct intent_lsp, of_entry);
        uint8_t state = lsp->sight.state;
        CHECK(state < INTENT_STATE_COUNT);
        view->states[state]++;
        if (!is_first && view_ranks[state] <= view_ranks[view->state])
            continue;
        is_first = false;
        view->state = state;
        view->reason = lsp->sight.reason;
        view->error_type = lsp->sight.error_type;
        view->error_value = lsp->sight.error_value;
    }
}

static void intent_view_copy(const struct intent_entry *entry, struct intent_view *view)
{
    const struct intent *intent = entry->record.intent;
    *view = (struct intent_view){.pcc = entry->pcc->address,
                                 .state = INTENT_REMOVING,
                                 .is_deleted = intent == NULL && entry->unreadable == NULL,
                                 .unreadable = entry->unreadable};
    memcpy(view->name, entry->name, sizeof view->name);
    if (intent != NULL) {
        view->endpoint = intent->endpoint;
        view->has_color = intent->has_color;
        view->color = intent->color;
        view->setup_type = intent->setup_type;
        view->path_count = intent->path_count;
    }
    view_count_lsps(entry, view);
}

static struct lsp_binding view_reported_binding(struct shard *shard, const struct intent_lsp *lsp)
{
    const struct wire_span name = {(const uint8_t *)lsp->name, lsp->name_size};
    struct lsp_pcc *pcc = lsp_db_pcc(&shard->lsps, &lsp->entry->pcc->address);
    const struct lsp *reported = pcc == NULL ? NULL : lsp_pcc_find_name(pcc, name);
    return reported == NULL ? (struct lsp_binding){.what = LSP_BINDING_NONE}
                            : lsp_binding_reported(lsp_first_instance(reported));
}

static void view_copy_lsps(struct shard *shard, struct intent_entry *entry,
                           struct intent_detail *detail)
{
    LIST_FOR(link, &entry->lsps)
    {
        const struct intent_lsp *lsp = CONTAINER_OF(link, struct intent_lsp, of_entry);
        CHECK(detail->lsp_count < INTENT_LSPS_MAX);
        struct intent_lsp_view *view = &detail->lsps[detail->lsp_count++];
        *view = (struct intent_lsp_view){
            .is_wanted = lsp->path != NULL,
            .preference = lsp->path == NULL ? 0 : lsp->path->preference,
            .sight = lsp->sight,
            .order_id = lsp->order_id,
            .since_ns = mono_since_ns(shard->now, lsp->since),
            .reported = view_reported_binding(shard, lsp),
        };
        if (lsp->path != NULL)
            view->asked = lsp->path->binding;
        memcpy(view->name, lsp->name, sizeof view->name);
    }
}

void view_intent(struct shard *shard, void *argument)
{
    struct intent_detail *detail = argument;
    struct intent_entry *entry = intents_find(intents_of_shard(shard), &detail->pcc, detail->name);
    detail->is_found = entry != NULL;
    if (entry == NULL)
        return;
    intent_view_copy(entry, &detail->view);
    view_copy_lsps(shard, entry, detail);
    json_t *json = entry->record.intent == NULL ? NULL : intent_write(entry->record.intent);
    detail->text = wire_json_text(json, JSON_COMPACT);
    json_decref(json);
}

/* ---- lists ---- */

static bool intent_view_matches(const struct intent_filter *filter,
                                const struct intent_entry *entry)
{
    static const struct ip nowhere = {.family = IP_NONE};
    const struct intent *intent = entry->record.intent;
    if (!address_range_has(&filter->pcc, &entry->pcc->address) ||
        !address_range_has(&filter->endpoint, intent == NULL ? &nowhere : &intent->endpoint))
        return false;
    if (filter->has_color &&
        (intent == NULL || !intent->has_color || intent->color != filter->color))
        return false;
    if (filter->state == UINT8_MAX)
        return true;
    LIST_FOR(link, (struct list_link *)(uintptr_t)&entry->lsps)
    {
        if (CONTAINER_OF(link, struct intent_lsp, of_entry)->sight.state == filter->state)
            return true;
    }
    return false;
}

void view_intent_list(struct shard *shard, void *argument)
{
    struct intent_list *list = argument;
    struct intent_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    uint32_t slot = (uint32_t)list->page.place;
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        const struct intent_entry *entry = intents_next(intents_of_shard(shard), &slot);
        batch->is_over = entry == NULL;
        if (entry == NULL)
            return;
        list->page.place = ++slot;
        if (intent_view_matches(&list->filter, entry))
            intent_view_copy(entry, &views[batch->count++]);
    }
}
