/* Deletions and the store: kept, and taken off it. */
#include "server/deletion/deletion_seeds.h"
#include "server/deletion/deletions_impl.h"

/* On the store's thread. The shard's mailbox lives until the store is closed, and a deletion that an
 * answer comes for until it has come. */
static bool deletion_deliver(void *context, uint64_t tag, const struct store_result *result)
{
    const struct shard *shard = context;
    struct mail mail = {.kind = SHARD_MAIL_DELETION};
    mail.words[0] = tag;
    mail.words[1] = (uint64_t)result->status;
    mail.words[2] = (uint64_t)(int64_t)result->code;
    return mailbox_post(shard->mailbox, &mail, NULL) == PCE_OK;
}

static enum pce_status deletion_commit(struct deletions *deletions, struct deletion *deletion,
                                       bool is_there, struct failure *failure)
{
    uint8_t key[DELETION_KEY_MAX];
    const struct stored_change change = {
        .kind = RECORD_KIND_DELETION,
        .name = {key, deletion_key_format(&deletion->pcc, deletion_name(deletion), key)},
        .octets = {&deletion->setup_type, 1},
        .is_delete = !is_there,
    };
    const struct stored_order order = {.changes = &change, .count = 1};
    const struct store_reply reply = {.deliver = deletion_deliver,
                                      .context = deletions->shard,
                                      .tag = (uint64_t)(uintptr_t)deletion};
    enum pce_status status =
        stored_commit(deletions->shard->shared->stored, &order, &reply, failure);
    deletion->is_at_store = status == PCE_OK;
    return status;
}

enum pce_status deletion_keep(struct deletions *deletions, struct deletion *deletion,
                              struct failure *failure)
{
    deletion->state = DELETION_KEEPING;
    return deletion_commit(deletions, deletion, true, failure);
}

void deletion_clean_later(struct deletions *deletions, struct deletion *deletion)
{
    struct shard *shard = deletions->shard;
    deletion_touch(deletions, deletion);
    if (!wheel_is_running(&deletions->again))
        wheel_start(&shard->wheel, &deletions->again, mono_add_s(shard->now, DELETION_AGAIN_S));
}

void deletion_clean(struct deletions *deletions, struct deletion *deletion)
{
    struct failure failure = {.text = ""};
    if (deletion_commit(deletions, deletion, false, &failure) != PCE_OK)
        deletion_clean_later(deletions, deletion);
}

void deletion_end(struct deletions *deletions, struct deletion *deletion, const char *why)
{
    deletion_log(deletion, true, why);
    deletion->state = DELETION_CLEANING;
    deletion_clean(deletions, deletion);
}
