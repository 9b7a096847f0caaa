#include "core/intent/intents.h"

#include "core/base/check.h"
#include "core/intent/intents_impl.h"

#include <stdlib.h>
#include <string.h>

/* ---- PCCs ---- */

static void intents_on_time(struct wheel_timer *timer, struct mono now)
{
    const struct intents_pcc *pcc = CONTAINER_OF(timer, struct intents_pcc, timer);
    (void)now;
    intents_touch_pcc(pcc->intents, &pcc->address);
}

static struct intents_pcc *intents_take_pcc(struct intents *intents, const struct ip *address)
{
    struct intents_pcc *pcc = intents_find_pcc(intents, address);
    if (pcc != NULL)
        return pcc;
    pcc = calloc(1, sizeof *pcc);
    if (pcc == NULL)
        return NULL;
    pcc->intents = intents;
    pcc->address = *address;
    list_init(&pcc->entries);
    wheel_timer_init(&pcc->timer, intents_on_time);
    if (map_insert(&intents->pccs, &pcc->by_address, intents_hash_address(address), address) !=
        PCE_OK) {
        free(pcc);
        return NULL;
    }
    return pcc;
}

static void intents_tidy_pcc(struct intents_pcc *pcc)
{
    struct intents *intents = pcc->intents;
    if (!list_is_empty(&pcc->entries))
        return;
    wheel_stop(intents->wheel, &pcc->timer);
    (void)map_remove(&intents->pccs, intents_hash_address(&pcc->address), &pcc->address);
    free(pcc);
}

/* ---- slots ---- */

/* The lowest one that is free is good enough: entries come far less often than they are read. */
static bool intents_take_slot(struct intents *intents, struct intent_entry *entry)
{
    uint32_t slot = intents->slot_hint;
    while (slot < intents->slot_count && intents->slots[slot] != NULL)
        slot++;
    if (slot == intents->slots_max) {
        uint32_t max = intents->slots_max == 0 ? 64 : 2 * intents->slots_max;
        struct intent_entry **slots = realloc(intents->slots, max * sizeof(struct intent_entry *));
        if (slots == NULL)
            return false;
        intents->slots = slots;
        intents->slots_max = max;
    }
    if (slot == intents->slot_count)
        intents->slot_count++;
    intents->slots[slot] = entry;
    intents->slot_hint = slot + 1;
    entry->slot = slot;
    return true;
}

static void intents_free_slot(struct intents *intents, uint32_t slot)
{
    CHECK(slot < intents->slot_count);
    intents->slots[slot] = NULL;
    if (slot < intents->slot_hint)
        intents->slot_hint = slot;
}

/* ---- entries ---- */

static struct intent_entry *intents_create(struct intents *intents, const struct ip *address,
                                           const char *name)
{
    struct intents_pcc *pcc = intents_take_pcc(intents, address);
    struct intent_entry *entry = pcc == NULL ? NULL : calloc(1, sizeof *entry);
    if (entry == NULL) {
        if (pcc != NULL)
            intents_tidy_pcc(pcc);
        return NULL;
    }
    const struct intents_name key = {&pcc->address, {(const uint8_t *)entry->name, strlen(name)}};
    CHECK(key.name.size <= INTENT_NAME_MAX);
    memcpy(entry->name, name, key.name.size);
    entry->pcc = pcc;
    list_init(&entry->lsps);
    list_init(&entry->stale);
    list_push_back(&pcc->entries, &entry->of_pcc);
    bool has_slot = intents_take_slot(intents, entry);
    if (has_slot &&
        map_insert(&intents->by_key, &entry->by_key, intents_hash_name(&key), &key) == PCE_OK) {
        intents->counters.intents++;
        return entry;
    }
    if (has_slot)
        intents_free_slot(intents, entry->slot);
    list_remove(&entry->of_pcc);
    intents_tidy_pcc(pcc);
    free(entry);
    return NULL;
}

struct intent_entry *intents_take(struct intents *intents, const struct ip *pcc, const char *name)
{
    struct intent_entry *entry = intents_find(intents, pcc, name);
    return entry != NULL ? entry : intents_create(intents, pcc, name);
}

void intents_drop(struct intents *intents, struct intent_entry *entry)
{
    struct intents_pcc *pcc = entry->pcc;
    const struct intents_name key = {&pcc->address,
                                     {(const uint8_t *)entry->name, strlen(entry->name)}};
    LIST_FOR_SAFE(link, following, &entry->lsps)
    intents_free_lsp(intents, CONTAINER_OF(link, struct intent_lsp, of_entry));
    (void)map_remove(&intents->by_key, intents_hash_name(&key), &key);
    intents_free_slot(intents, entry->slot);
    list_remove(&entry->of_pcc);
    list_remove(&entry->stale);
    intent_record_fini(&entry->record);
    intents->counters.intents--;
    if (entry->unreadable != NULL)
        intents->counters.intents_unreadable--;
    free(entry);
    intents_tidy_pcc(pcc);
}

bool intents_is_empty(const struct intent_entry *entry)
{
    return entry->record.intent == NULL && entry->record.removal_count == 0 &&
           entry->unreadable == NULL;
}

enum pce_status intents_put_unreadable(struct intents *intents, const struct ip *pcc,
                                       const char *name, const char *reason)
{
    struct intent_entry *entry = intents_take(intents, pcc, name);
    if (entry == NULL)
        return PCE_NO_MEMORY;
    if (entry->unreadable == NULL)
        intents->counters.intents_unreadable++;
    entry->unreadable = reason;
    return PCE_OK;
}

/* ---- what is to be looked at ---- */

void intents_touch(struct intents *intents, struct intent_lsp *lsp)
{
    if (!list_is_linked(&lsp->due))
        list_push_back(&intents->due, &lsp->due);
}

void intents_touch_entry(struct intents *intents, struct intent_entry *entry)
{
    LIST_FOR(link, &entry->lsps)
    intents_touch(intents, CONTAINER_OF(link, struct intent_lsp, of_entry));
}

void intents_touch_pcc(struct intents *intents, const struct ip *address)
{
    struct intents_pcc *pcc = intents_find_pcc(intents, address);
    if (pcc == NULL)
        return;
    LIST_FOR(link, &pcc->entries)
    intents_touch_entry(intents, CONTAINER_OF(link, struct intent_entry, of_pcc));
}

void intents_touch_all(struct intents *intents)
{
    intents->walk = 0;
}

/* ---- the table ---- */

void intents_init(struct intents *intents, struct wheel *wheel)
{
    *intents = (struct intents){.wheel = wheel};
    map_init(&intents->by_key, intents_entry_is, SIZE_MAX);
    map_init(&intents->by_lsp, intents_lsp_is, SIZE_MAX);
    map_init(&intents->pccs, intents_pcc_is, SIZE_MAX);
    list_init(&intents->due);
    list_init(&intents->heavy);
    list_init(&intents->stale);
}

void intents_fini(struct intents *intents)
{
    for (uint32_t i = 0; i < intents->slot_count; i++)
        if (intents->slots[i] != NULL)
            intents_drop(intents, intents->slots[i]);
    map_fini(&intents->by_key);
    map_fini(&intents->by_lsp);
    map_fini(&intents->pccs);
    free(intents->slots);
    *intents = (struct intents){.wheel = NULL};
}
