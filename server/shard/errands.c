#include "server/shard/errands.h"

#include "server/shard/compute.h"
#include "server/shard/part.h"

static bool errands_give(void *owner, struct computation *computation)
{
    const struct shard *shard = owner;
    return compute_offload(shard->shared->compute, computation) == PCE_OK;
}

enum pce_status shard_errands_init(struct shard *shard, struct errands *errands,
                                   enum computation_asker asker)
{
    struct computation_table *table = compute_table(shard->shared->compute, shard->index, asker);
    enum pce_status status = errands_init(errands, table);
    errands->give = errands_give;
    errands->owner = shard;
    return status;
}

bool shard_post_computed(struct shard *shard, struct computation *computation)
{
    static const enum shard_mail kinds[] = {
        [COMPUTATION_OF_REQUESTS] = SHARD_MAIL_COMPUTED,
        [COMPUTATION_OF_REOPT] = SHARD_MAIL_COMPUTED_LSP,
        [COMPUTATION_OF_INTENTS] = SHARD_MAIL_COMPUTED_INTENT,
        [COMPUTATION_OF_GROUPS] = SHARD_MAIL_COMPUTED_GROUP,
        [COMPUTATION_OF_OPERATORS] = SHARD_MAIL_COMPUTED_ASKING,
    };
    struct mail mail = {.kind = kinds[computation->asker], .pointers = {computation}};
    return mailbox_post(shard->mailbox, &mail, NULL) == PCE_OK;
}
