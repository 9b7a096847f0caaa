#include "server/northbound/no_path_view.h"

#include "core/base/check.h"
#include "server/shard/shard.h"

static void no_path_view_copy(const struct no_path *record, struct mono now,
                              struct no_path_view *view)
{
    *view = (struct no_path_view){
        .peer = record->peer->address,
        .request_id = record->request_id,
        .times = record->times,
        .why = record->why,
        .why_now = record->why_now,
        .is_cured = record->is_cured,
        .asked_ns = mono_since_ns(now, record->asked),
        .cured_ns = record->is_cured ? mono_since_ns(now, record->cured) : 0,
        .size = record->size,
    };
    memcpy(view->octets, record->octets, record->size);
}

void view_no_path_list(struct shard *shard, void *argument)
{
    struct no_path_list *list = argument;
    struct no_path_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    uint32_t looks = VIEW_BATCH;
    uint32_t slot = (uint32_t)list->page.place;
    while (batch->count < batch->room) {
        const struct no_path *record = no_path_memory_next(&shard->no_paths, &slot, &looks);
        list->page.place = slot;
        batch->is_over = record == NULL && looks > 0;
        if (record == NULL)
            return;
        if (address_range_has(&list->range, &record->peer->address) &&
            (list->cured == UINT8_MAX || list->cured == record->is_cured))
            no_path_view_copy(record, shard->now, &views[batch->count++]);
    }
}
