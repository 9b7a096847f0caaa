#include "server/northbound/deletion_view.h"

void order_deletion_forget(struct shard *shard, void *argument)
{
    struct deletion_forgetting *forgetting = argument;
    const struct wire_span name = {(const uint8_t *)forgetting->name, forgetting->name_size};
    forgetting->status = deletions_forget(shard, &forgetting->pcc, name);
}
