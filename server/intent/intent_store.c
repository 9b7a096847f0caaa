/* Records on their way to the store. */
#include "server/intent/intent_part_impl.h"
#include "server/shard/shard.h"

#include <stdlib.h>
#include <string.h>

/* On the store's thread. The shard's mailbox lives until the store is closed. */
static bool store_deliver(void *context, uint64_t tag, const struct store_result *result)
{
    const struct shard *shard = context;
    struct mail mail = {.kind = SHARD_MAIL_STORED};
    mail.words[0] = tag;
    mail.words[1] = (uint64_t)result->status;
    mail.words[2] = (uint64_t)(int64_t)result->code;
    return mailbox_post(shard->mailbox, &mail, NULL) == PCE_OK;
}

enum pce_status intent_store_put(struct intents_part *part, const struct intent_kept *kept,
                                 struct failure *failure)
{
    char key[INTENT_KEY_SIZE];
    char *text = kept->record == NULL ? NULL : intent_record_write(kept->record);
    const struct store_reply reply = {
        .deliver = store_deliver, .context = part->shard, .tag = kept->tag};
    if (kept->record != NULL && text == NULL)
        return failure_set(failure, PCE_AGAIN, "memory is short");
    intent_key_format(kept->pcc, kept->name, key);
    const struct stored_change change = {
        .kind = RECORD_KIND_INTENT,
        .name = {(const uint8_t *)key, strlen(key)},
        .octets = {(const uint8_t *)text, text == NULL ? 0 : strlen(text)},
        .is_delete = kept->record == NULL,
    };
    const struct stored_order order = {.changes = &change, .count = 1};
    enum pce_status status = stored_commit(part->shard->shared->stored, &order, &reply, failure);
    free(text);
    return status;
}
