/* Records whose LSPs that were to be removed are gone: the store is told, without anybody waiting
 * for it. */
#include "server/intent/intent_part_impl.h"
#include "server/log/log.h"
#include "server/shard/shard.h"

#include <string.h>

#define CLEAN_AGAIN_S 1

static struct intent_clean *clean_find(struct intents_part *part, uint64_t tag)
{
    for (unsigned i = 0; i < INTENT_CLEANS_MAX; i++)
        if (part->cleans[i].tag == tag)
            return &part->cleans[i];
    return NULL;
}

static void clean_wait(struct intents_part *part)
{
    if (!wheel_is_running(&part->timer))
        wheel_start(&part->shard->wheel, &part->timer, mono_add_s(part->shard->now, CLEAN_AGAIN_S));
}

/* False: not now. */
static bool clean_begin(struct intents_part *part, struct intent_entry *entry)
{
    struct intent_clean *clean = clean_find(part, 0);
    struct failure failure = {.text = ""};
    /* A change that is under way has a record of its own, which this one must not follow. */
    if (clean == NULL || intent_change_is_busy(part, &entry->pcc->address))
        return false;
    *clean = (struct intent_clean){
        .tag = ++part->last_tag, .pcc = entry->pcc->address, .version = entry->version};
    memcpy(clean->name, entry->name, sizeof clean->name);
    const struct intent_kept kept = {.pcc = &clean->pcc,
                                     .name = clean->name,
                                     .record = intents_is_empty(entry) ? NULL : &entry->record,
                                     .tag = clean->tag};
    if (intent_store_put(part, &kept, &failure) == PCE_OK) {
        list_remove(&entry->stale);
        return true;
    }
    clean->tag = 0;
    return false;
}

void intent_clean_turn(struct intents_part *part)
{
    LIST_FOR_SAFE(link, following, &part->intents.stale)
    {
        if (!clean_begin(part, CONTAINER_OF(link, struct intent_entry, stale))) {
            clean_wait(part);
            return;
        }
    }
}

static void clean_log(const struct intent_entry *entry)
{
    static struct log_site site = LOG_SITE(INFO, "intent removed: its LSPs are gone");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &entry->pcc->address, 0);
    log_text(&line, "intent", entry->name);
    log_end(&line);
}

void intent_clean_on_kept(struct intents_part *part, uint64_t tag,
                          const struct store_result *result)
{
    struct intent_clean *clean = clean_find(part, tag);
    if (clean == NULL)
        return;
    clean->tag = 0;
    struct intents *intents = &part->intents;
    struct intent_entry *entry = intents_find(intents, &clean->pcc, clean->name);
    if (entry == NULL || entry->version != clean->version)
        return; /* it was changed meanwhile: another record follows, or has followed */
    if (result->status != PCE_OK) {
        list_push_back(&intents->stale, &entry->stale);
        clean_wait(part);
    } else if (intents_is_empty(entry)) {
        clean_log(entry);
        intents_drop(intents, entry);
    }
}
