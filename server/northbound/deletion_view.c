#include "server/northbound/deletion_view.h"

#include "core/base/check.h"
#include "server/shard/shard.h"

#include <string.h>

static void deletion_copy(const struct shard *shard, const struct deletion *deletion,
                          struct deletion_view *view)
{
    *view = (struct deletion_view){
        .shard = shard->index,
        .id = deletion->id,
        .pcc = deletion->pcc,
        .state = deletion->state,
        .setup_type = deletion->setup_type,
        .error_type = deletion->error_type,
        .error_value = deletion->error_value,
        .reason = deletion->reason,
        .order_id = deletion->order_id,
        .since_ns = mono_since_ns(shard->now, deletion->since),
        .name_size = deletion->name_size,
    };
    memcpy(view->name, deletion->name, deletion->name_size);
}

void view_deletion_list(struct shard *shard, void *argument)
{
    struct deletion_list *list = argument;
    struct view_batch *batch = &list->batch;
    CHECK(batch->room > 0);
    batch->count = 0;
    batch->is_over = false;
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        const struct deletion *deletion = deletions_next(shard, list->after);
        batch->is_over = deletion == NULL;
        if (deletion == NULL)
            return;
        list->after = deletion->id;
        if (list->pcc.family == IP_NONE || ip_is_equal(&list->pcc, &deletion->pcc))
            deletion_copy(shard, deletion, &list->views[batch->count++]);
    }
}
