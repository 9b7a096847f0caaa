#include "server/northbound/history_view.h"

#include "core/base/check.h"
#include "server/peer/peers.h"

/* One PCC's records are found by its address. */
static void list_one(struct history *history, struct history_list *list)
{
    struct view_batch *batch = &list->batch;
    while (batch->count < batch->room && !batch->is_over) {
        const struct history_record *record =
            history_next_of(history, &list->range.ip, &list->place);
        batch->is_over = record == NULL;
        if (record != NULL)
            list->records[batch->count++] = *record;
    }
}

static void list_all(struct history *history, struct history_list *list)
{
    struct view_batch *batch = &list->batch;
    const struct history_record *record;
    uint32_t looks = VIEW_BATCH;
    do {
        record = history_next(history, &list->place, &looks, &batch->is_over);
        if (record != NULL && address_range_has(&list->range, &record->address))
            list->records[batch->count++] = *record;
    } while (record != NULL && batch->count < batch->room);
}

void view_history(struct shard *shard, void *argument)
{
    struct history_list *list = argument;
    CHECK(list->batch.room > 0);
    list->batch.count = 0;
    list->batch.is_over = false;
    if (address_range_is_one(&list->range))
        list_one(&shard->peers->history, list);
    else
        list_all(&shard->peers->history, list);
}
