/* Envelopes that are answered, on their way back. */
#include "core/base/check.h"
#include "server/northbound/northbound.h"
#include "server/shard/shard.h"

/* False: its mailbox has no room. Else it is the poster's, and not looked at any more. */
static bool post_back(struct shard *shard, struct envelope *envelope)
{
    struct mail mail = {.kind = envelope->reply_to.kind, .from = shard->index};
    mail.pointers[0] = envelope;
    return mailbox_post(envelope->reply_to.mailbox, &mail, shard->ring) == PCE_OK;
}

/* Posts what waits, oldest first. A poster whose mailbox is full holds up nobody else. */
void northbound_give_back(struct shard *shard)
{
    struct envelope **at = &shard->answered;
    while (*at != NULL) {
        struct envelope *envelope = *at;
        struct envelope *next = envelope->next;
        if (post_back(shard, envelope))
            *at = next;
        else
            at = &envelope->next;
    }
}

void northbound_answer(struct shard *shard, struct envelope *envelope)
{
    struct envelope **at = &shard->answered;
    CHECK(envelope->shard == shard->index);
    while (*at != NULL)
        at = &(*at)->next;
    envelope->next = NULL;
    *at = envelope;
    northbound_give_back(shard);
}
