/* A record that comes into the table: which LSPs are its own from then on. */
#include "core/base/check.h"
#include "core/intent/intents_impl.h"

#include <string.h>

/* ---- what a record is to be ---- */

const char *intents_clash(struct intents *intents, const struct intent *intent)
{
    for (uint32_t i = 0; i < intent->path_count; i++) {
        const struct intent_lsp *lsp =
            intents_find_lsp(intents, &intent->pcc, intent_path_name(&intent->paths[i]));
        if (lsp != NULL && strcmp(lsp->entry->name, intent->name) != 0)
            return intent->paths[i].name;
    }
    return NULL;
}

static bool put_shares_preference(const struct intent *a, const struct intent *b)
{
    for (uint32_t i = 0; i < a->path_count; i++)
        for (uint32_t k = 0; k < b->path_count; k++)
            if (a->paths[i].preference == b->paths[k].preference)
                return true;
    return false;
}

const char *intents_policy_clash(struct intents *intents, const struct intent *intent)
{
    const struct intents_pcc *pcc = intents_find_pcc(intents, &intent->pcc);
    if (pcc == NULL || !intent_is_policy(intent))
        return NULL;
    LIST_FOR(link, &pcc->entries)
    {
        const struct intent_entry *entry = CONTAINER_OF(link, struct intent_entry, of_pcc);
        const struct intent *other = entry->record.intent;
        if (other != NULL && intent_is_policy(other) && other->color == intent->color &&
            ip_is_equal(&other->endpoint, &intent->endpoint) &&
            strcmp(entry->name, intent->name) != 0 && put_shares_preference(other, intent))
            return entry->name;
    }
    return NULL;
}

static const struct intent_path *put_find_path(const struct intent *intent, const char *name)
{
    for (uint32_t i = 0; intent != NULL && i < intent->path_count; i++)
        if (strcmp(intent->paths[i].name, name) == 0)
            return &intent->paths[i];
    return NULL;
}

/* An update cannot change these of an LSP: it is removed, and initiated anew. */
static bool put_is_same_lsp(const struct intent *a, const struct intent *b)
{
    return a != NULL && b != NULL && a->setup_type == b->setup_type &&
           a->has_color == b->has_color && a->color == b->color && a->group.id == b->group.id &&
           a->group.flags == b->group.flags && ip_is_equal(&a->source, &b->source) &&
           ip_is_equal(&a->endpoint, &b->endpoint);
}

/* Only an initiation tells the preference of a candidate path. */
static bool put_is_same_candidate(const struct intent *intent, const struct intent_path *old,
                                  const struct intent_path *path)
{
    return path != NULL && (!intent_is_policy(intent) || old->preference == path->preference);
}

enum pce_status intents_compose(struct intents *intents, const struct ip *pcc, const char *name,
                                struct intent *intent, struct intent_record *record)
{
    struct intent_entry *entry = intents_find(intents, pcc, name);
    *record = (struct intent_record){.intent = intent};
    if (entry == NULL)
        return PCE_OK;
    LIST_FOR(link, &entry->lsps)
    {
        const struct intent_lsp *lsp = CONTAINER_OF(link, struct intent_lsp, of_entry);
        if (lsp->path != NULL && !lsp->must_go && put_is_same_lsp(entry->record.intent, intent) &&
            put_is_same_candidate(intent, lsp->path, put_find_path(intent, lsp->name)))
            continue;
        enum pce_status status = intent_record_remove(record, lsp->name);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

/* ---- putting ---- */

/* All LSPs of the record are there, and no others' are touched; new ones are listed behind those
 * that were there. */
static enum pce_status put_make_lsp(struct intents *intents, struct intent_entry *entry,
                                    struct wire_span name)
{
    struct intent_lsp *lsp = intents_find_lsp(intents, &entry->pcc->address, name);
    if (lsp == NULL)
        return intents_create_lsp(intents, entry, name) == NULL ? PCE_NO_MEMORY : PCE_OK;
    return lsp->entry == entry ? PCE_OK : PCE_EXISTS;
}

static enum pce_status put_make_lsps(struct intents *intents, struct intent_entry *entry,
                                     const struct intent_record *record)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; record->intent != NULL && i < record->intent->path_count; i++) {
        status = put_make_lsp(intents, entry, intent_path_name(&record->intent->paths[i]));
        if (status != PCE_OK)
            return status;
    }
    for (uint32_t i = 0; i < record->removal_count && status == PCE_OK; i++) {
        const struct intent_removal *removal = &record->removals[i];
        const struct wire_span name = {(const uint8_t *)removal->name, removal->name_size};
        status = put_make_lsp(intents, entry, name);
    }
    return status;
}

static void put_bind(struct intents *intents, struct intent_entry *entry,
                     const struct wire_span *name, const struct intent_path *path, struct mono now)
{
    struct intent_lsp *lsp = intents_find_lsp(intents, &entry->pcc->address, *name);
    CHECK(lsp != NULL && lsp->entry == entry);
    lsp->path = path;
    lsp->must_go = path == NULL;
    lsp->binding++;
    /* What was refused is asked again: the operator has said it anew. */
    lsp->sight = (struct intent_sight){.state = path == NULL ? INTENT_REMOVING : INTENT_WAITING};
    lsp->plan_serial = 0;
    lsp->tries = 0;
    lsp->is_settled = lsp->is_heavy = false;
    lsp->failure.serial = 0;
    lsp->lost = (struct intent_lost){.reason = NULL};
    lsp->waits_for_path = false;
    lsp->not_before = (struct mono){0};
    lsp->since = now;
    /* In the order of the record. */
    list_remove(&lsp->of_entry);
    list_push_back(&entry->lsps, &lsp->of_entry);
    intents_touch(intents, lsp);
}

/* A name that is wanted, too, is removed first. */
static void put_bind_removal(struct intents *intents, struct intent_entry *entry,
                             const struct intent_removal *removal, struct mono now)
{
    const struct wire_span name = {(const uint8_t *)removal->name, removal->name_size};
    struct intent_lsp *lsp = intents_find_lsp(intents, &entry->pcc->address, name);
    CHECK(lsp != NULL && lsp->entry == entry);
    if (mono_is_never(lsp->since))
        put_bind(intents, entry, &name, NULL, now);
    lsp->must_go = true;
}

static void put_bind_all(struct intents *intents, struct intent_entry *entry, struct mono now)
{
    const struct intent_record *record = &entry->record;
    LIST_FOR(link, &entry->lsps)
    CONTAINER_OF(link, struct intent_lsp, of_entry)->since = MONO_NEVER;
    for (uint32_t i = 0; record->intent != NULL && i < record->intent->path_count; i++) {
        const struct wire_span name = intent_path_name(&record->intent->paths[i]);
        put_bind(intents, entry, &name, &record->intent->paths[i], now);
    }
    for (uint32_t i = 0; i < record->removal_count; i++)
        put_bind_removal(intents, entry, &record->removals[i], now);
    LIST_FOR_SAFE(link, following, &entry->lsps)
    {
        struct intent_lsp *lsp = CONTAINER_OF(link, struct intent_lsp, of_entry);
        if (mono_is_never(lsp->since)) /* neither wanted nor to be removed any more */
            intents_free_lsp(intents, lsp);
    }
}

static void put_take_over(struct intents *intents, struct intent_entry *entry,
                          struct intent_record *record)
{
    intent_record_fini(&entry->record);
    entry->record = *record;
    *record = (struct intent_record){.intent = NULL};
    entry->version++;
    list_remove(&entry->stale);
    if (entry->unreadable != NULL)
        intents->counters.intents_unreadable--;
    entry->unreadable = NULL;
}

/* Those that were made for a record that does not come. */
static void put_unmake_lsps(struct intents *intents, struct intent_entry *entry)
{
    LIST_FOR_SAFE(link, following, &entry->lsps)
    {
        struct intent_lsp *lsp = CONTAINER_OF(link, struct intent_lsp, of_entry);
        if (lsp->binding == 0)
            intents_free_lsp(intents, lsp);
    }
    if (entry->version == 0 && entry->unreadable == NULL)
        intents_drop(intents, entry);
}

enum pce_status intents_put(struct intents *intents, const struct ip *pcc, const char *name,
                            struct intent_record *record, struct mono now)
{
    struct intent_entry *entry = intents_take(intents, pcc, name);
    if (entry == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = put_make_lsps(intents, entry, record);
    if (status != PCE_OK) {
        put_unmake_lsps(intents, entry);
        return status;
    }
    put_take_over(intents, entry, record);
    put_bind_all(intents, entry, now);
    if (intents_is_empty(entry))
        intents_drop(intents, entry);
    return PCE_OK;
}

/* The record in the store names what is gone. */
static void put_forget(struct intent_lsp *lsp)
{
    struct intent_entry *entry = lsp->entry;
    intent_record_forget(&entry->record,
                         (struct wire_span){(const uint8_t *)lsp->name, lsp->name_size});
    entry->version++;
    if (!list_is_linked(&entry->stale))
        list_push_back(&entry->pcc->intents->stale, &entry->stale);
}

void intents_drop_lsp(struct intent_lsp *lsp)
{
    put_forget(lsp);
    intents_free_lsp(lsp->entry->pcc->intents, lsp);
}

void intents_cleared(struct intent_lsp *lsp)
{
    put_forget(lsp);
    lsp->must_go = false;
    lsp->has_asked = lsp->has_claim = lsp->is_settled = false;
}
