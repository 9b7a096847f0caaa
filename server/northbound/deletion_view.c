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
    struct deletion_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        const struct deletion *deletion = deletions_next(shard, list->page.place);
        batch->is_over = deletion == NULL;
        if (deletion == NULL)
            return;
        list->page.place = deletion->id;
        if (list->pcc.family == IP_NONE || ip_is_equal(&list->pcc, &deletion->pcc))
            deletion_copy(shard, deletion, &views[batch->count++]);
    }
}
