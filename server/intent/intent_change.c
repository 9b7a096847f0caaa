/* What an operator changes: judged, kept, applied, told. */
#include "server/intent/intent_part_impl.h"
#include "server/log/log.h"
#include "server/shard/shard.h"

#include <stdio.h>
#include <string.h>

/* ---- the end of a change ---- */

static void change_log(const struct intent_change *change)
{
    static struct log_site created = LOG_SITE(INFO, "intent created");
    static struct log_site replaced = LOG_SITE(INFO, "intent replaced");
    static struct log_site deleted = LOG_SITE(INFO, "intent deleted");
    static struct log_site refused = LOG_SITE(WARNING, "change of an intent refused");
    static struct log_site *const sites[] = {
        [INTENT_CREATED] = &created, [INTENT_REPLACED] = &replaced, [INTENT_DELETED] = &deleted};
    bool is_good = change->outcome <= INTENT_DELETED;
    struct log_line line;
    if (!log_begin(&line, is_good ? sites[change->outcome] : &refused))
        return;
    log_peer(&line, &change->pcc, 0);
    log_text(&line, "intent", change->name);
    if (!is_good)
        log_text(&line, "why", change->reason);
    log_end(&line);
}

static void change_end(struct intents_part *part, struct intent_change *change,
                       enum intent_outcome outcome)
{
    change->outcome = outcome;
    intent_record_fini(&change->record);
    change->intent = NULL;
    change_log(change);
    /* Who is told that one is gone, or was not kept, may put another one at once. */
    intents_settle_places(part);
    change->on_done(part->shard, change);
}

static void change_refuse(struct intents_part *part, struct intent_change *change,
                          enum intent_outcome outcome, const char *reason)
{
    (void)snprintf(change->reason, sizeof change->reason, "%s", reason);
    change_end(part, change, outcome);
}

/* ---- judging ---- */

bool intent_change_is_busy(const struct intents_part *part, const struct ip *pcc)
{
    LIST_FOR(link, &part->changes)
    {
        const struct intent_change *other = CONTAINER_OF(link, struct intent_change, link);
        if (ip_is_equal(&other->pcc, pcc))
            return true;
    }
    return false;
}

/* The place is taken before anything is done, so that no shard goes past the limit; change_end gives it
 * back where no entry comes of it. False: there is none left. */
static bool change_take_place(struct intents_part *part, struct intent_change *change)
{
    const struct shard *shard = part->shard;
    if (!gauge_take(&shard->shared->intents, shard->settings->config.limits.intents_max))
        return false;
    part->places++;
    change->has_place = true;
    return true;
}

/* The record is made: it owns the intent from here on. */
static enum pce_status change_compose(struct intents_part *part, struct intent_change *change)
{
    const struct intent_entry *entry = intents_find(&part->intents, &change->pcc, change->name);
    change->is_new = entry == NULL || entry->record.intent == NULL;
    if (change->is_forgotten)
        return PCE_OK;
    return intents_compose(&part->intents, &change->pcc, change->name, change->intent,
                           &change->record);
}

/* False: refused, which was told. */
static bool change_judge(struct intents_part *part, struct intent_change *change)
{
    struct intents *intents = &part->intents;
    const struct intent_entry *entry = intents_find(intents, &change->pcc, change->name);
    const char *clash = change->intent == NULL ? NULL : intents_clash(intents, change->intent);
    if (clash != NULL) {
        (void)snprintf(change->reason, sizeof change->reason,
                       "another intent of this PCC has the LSP %.100s", clash);
        change_end(part, change, INTENT_CLASH);
        return false;
    }
    clash = change->intent == NULL ? NULL : intents_policy_clash(intents, change->intent);
    if (clash != NULL) {
        (void)snprintf(change->reason, sizeof change->reason,
                       "the intent %.60s of this PCC has a path of this preference for this "
                       "colour and endpoint",
                       clash);
        change_end(part, change, INTENT_CLASH);
        return false;
    }
    if (change->intent == NULL && entry == NULL) {
        change_refuse(part, change, INTENT_ABSENT, "there is no such intent");
        return false;
    }
    if (intent_change_is_busy(part, &change->pcc)) {
        change_refuse(part, change, INTENT_BUSY, "another change for this PCC is under way");
        return false;
    }
    if (entry == NULL && !change_take_place(part, change)) {
        intents->counters.intents_over_limit++;
        change_refuse(part, change, INTENT_TOO_MANY, "there are limits.intents intents already");
        return false;
    }
    return true;
}

/* ---- keeping ---- */

static enum intent_outcome change_outcome_of(enum pce_status status)
{
    return status == PCE_LIMIT || status == PCE_AGAIN ? INTENT_BUSY : INTENT_NOT_KEPT;
}

static void change_keep(struct intents_part *part, struct intent_change *change)
{
    struct failure failure = {.text = ""};
    bool is_nothing = change->record.intent == NULL && change->record.removal_count == 0;
    change->tag = ++part->last_tag;
    const struct intent_kept kept = {.pcc = &change->pcc,
                                     .name = change->name,
                                     .record = is_nothing ? NULL : &change->record,
                                     .tag = change->tag};
    enum pce_status status = intent_store_put(part, &kept, &failure);
    if (status == PCE_OK) {
        list_push_back(&part->changes, &change->link);
        return;
    }
    part->intents.counters.intents_not_kept++;
    change_refuse(part, change, change_outcome_of(status), failure.text);
}

void intents_change(struct shard *shard, struct intent_change *change)
{
    struct intents_part *part = shard->intents;
    change->record = (struct intent_record){.intent = change->intent};
    list_init(&change->link);
    change->is_kept = change->has_place = false;
    if (!change_judge(part, change))
        return;
    enum pce_status status = change_compose(part, change);
    if (status == PCE_OK)
        change_keep(part, change);
    else if (status == PCE_LIMIT)
        change_refuse(part, change, INTENT_TOO_MANY,
                      "too many of its LSPs are still to be removed");
    else
        change_refuse(part, change, INTENT_BUSY, "memory is short");
}

/* ---- applying ---- */

/* False: there is no memory for it now. */
static bool change_apply(struct intents_part *part, struct intent_change *change)
{
    struct intents *intents = &part->intents;
    bool is_deletion = change->record.intent == NULL;
    if (intents_put(intents, &change->pcc, change->name, &change->record, part->shard->now) !=
        PCE_OK) {
        intents->counters.intents_no_memory++;
        return false;
    }
    intents->counters.intents_put += !is_deletion;
    intents->counters.intents_deleted += is_deletion;
    list_remove(&change->link);
    change_end(part, change,
               is_deletion      ? INTENT_DELETED
               : change->is_new ? INTENT_CREATED
                                : INTENT_REPLACED);
    return true;
}

static void change_lose(struct intents_part *part, struct intent_change *change,
                        const struct store_result *result)
{
    struct failure failure = {.text = ""};
    stored_explain(part->shard->shared->stored, result, &failure);
    part->intents.counters.intents_not_kept++;
    list_remove(&change->link);
    change_refuse(part, change, result->status == PCE_LIMIT ? INTENT_FULL : INTENT_NOT_KEPT,
                  failure.text);
}

bool intent_change_on_kept(struct intents_part *part, uint64_t tag,
                           const struct store_result *result)
{
    LIST_FOR(link, &part->changes)
    {
        struct intent_change *change = CONTAINER_OF(link, struct intent_change, link);
        if (change->tag != tag)
            continue;
        change->is_kept = result->status == PCE_OK;
        if (!change->is_kept)
            change_lose(part, change, result);
        else
            (void)change_apply(part, change);
        return true;
    }
    return false;
}

void intent_change_retry(struct intents_part *part)
{
    LIST_FOR_SAFE(link, following, &part->changes)
    {
        struct intent_change *change = CONTAINER_OF(link, struct intent_change, link);
        if (change->is_kept && !change_apply(part, change))
            return;
    }
}
