#include "server/peer/history.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define NEVER_UP_PART 4 /* of the room that those may have which never came up */

struct history_entry {
    struct list_link in_all; /* or in free_entries */
    struct list_link in_never_up;
    struct list_link in_peer;
    struct history_peer *peer;
    struct history_record record;
};

/* An address that has records. */
struct history_peer {
    struct map_node node;
    struct list_link link;         /* in free_peers */
    struct list_link entries;      /* the oldest first */
    struct history_entry *refused; /* of those, the one of refused connections; or NULL */
    uint32_t count;
    struct ip address;
};

static bool history_has_address(const struct map_node *node, const void *key)
{
    const char *peer = (const char *)node - offsetof(struct history_peer, node);
    return ip_is_equal(&((const struct history_peer *)(const void *)peer)->address, key);
}

static uint64_t history_hash_of(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

void history_init(struct history *history, uint32_t room_max, uint32_t peer_max)
{
    *history = (struct history){.room_max = room_max, .peer_max = peer_max};
    list_init(&history->free_entries);
    list_init(&history->free_peers);
    list_init(&history->all);
    list_init(&history->never_up);
    map_init(&history->by_address, history_has_address, room_max);
}

void history_fini(struct history *history)
{
    map_fini(&history->by_address);
    free(history->entries);
    free(history->peers);
    history_init(history, 0, 0);
}

size_t history_record_cost(void)
{
    return sizeof(struct history_entry) + sizeof(struct history_peer) + sizeof(void *);
}

/* All memory at once, so that no end fails later; pages that no record has used yet are not there.
 */
static bool take_memory(struct history *history)
{
    if (history->entries != NULL)
        return true;
    struct history_entry *entries = calloc(history->room_max, sizeof *entries);
    struct history_peer *peers = calloc(history->room_max, sizeof *peers);
    if (entries == NULL || peers == NULL) {
        free(entries);
        free(peers);
        return false;
    }
    history->entries = entries;
    history->peers = peers;
    return true;
}

static struct history_peer *find_peer(struct history *history, const struct ip *address)
{
    struct map_node *node = map_find(&history->by_address, history_hash_of(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct history_peer, node);
}

static bool is_never_up(const struct history_record *record)
{
    return record->state != SESSION_UP;
}

static void drop_peer(struct history *history, struct history_peer *peer)
{
    CHECK(map_remove(&history->by_address, history_hash_of(&peer->address), &peer->address) !=
          NULL);
    list_push_back(&history->free_peers, &peer->link);
}

static void history_drop(struct history *history, struct history_entry *entry)
{
    struct history_peer *peer = entry->peer;
    list_remove(&entry->in_all);
    list_remove(&entry->in_never_up);
    list_remove(&entry->in_peer);
    history->never_up_count -= is_never_up(&entry->record);
    entry->record.serial = 0; /* no walk stands on it any more */
    CHECK(history->count > 0 && peer->count > 0);
    history->count--;
    if (peer->refused == entry)
        peer->refused = NULL;
    peer->count--;
    if (peer->count == 0)
        drop_peer(history, peer);
    list_push_back(&history->free_entries, &entry->in_all);
}

static void drop_oldest(struct history *history)
{
    CHECK(history->count > 0);
    bool has_many = history->never_up_count > history->room_max / NEVER_UP_PART;
    CHECK(!has_many || !list_is_empty(&history->never_up));
    struct history_entry *entry =
        has_many ? CONTAINER_OF(history->never_up.next, struct history_entry, in_never_up)
                 : CONTAINER_OF(history->all.next, struct history_entry, in_all);
    history_drop(history, entry);
}

/* Those that were never used follow each other in the array: no list of them is made beforehand. */
static struct history_entry *take_entry(struct history *history)
{
    struct list_link *link = list_pop_front(&history->free_entries);
    CHECK(link != NULL || history->count < history->room_max);
    return link == NULL ? &history->entries[history->count]
                        : CONTAINER_OF(link, struct history_entry, in_all);
}

static struct history_peer *take_peer(struct history *history, const struct ip *address)
{
    struct history_peer *peer = find_peer(history, address);
    if (peer != NULL)
        return peer;
    struct list_link *link = list_pop_front(&history->free_peers);
    CHECK(link != NULL || history->by_address.count < history->room_max); /* each has a record */
    peer = link == NULL ? &history->peers[history->by_address.count]
                        : CONTAINER_OF(link, struct history_peer, link);
    *peer = (struct history_peer){.address = *address};
    list_init(&peer->link);
    list_init(&peer->entries);
    if (map_insert(&history->by_address, &peer->node, history_hash_of(address), &peer->address) ==
        PCE_OK)
        return peer;
    list_push_back(&history->free_peers, &peer->link);
    return NULL;
}

/* The newest end of a session; NULL: there is none. */
static struct history_entry *find_newest_end(const struct history_peer *peer)
{
    const struct list_link *link = peer->entries.prev;
    if (peer->refused != NULL && link == &peer->refused->in_peer)
        link = link->prev;
    return link == &peer->entries
               ? NULL
               : CONTAINER_OF((struct list_link *)(uintptr_t)link, struct history_entry, in_peer);
}

static bool is_repeated(const struct history_record *before, const struct history_record *record)
{
    return is_never_up(record) && before->state == record->state && before->by == record->by &&
           before->close_reason == record->close_reason &&
           before->error_type == record->error_type && before->error_value == record->error_value &&
           strcmp(before->why, record->why) == 0;
}

static void put_last(struct history *history, struct history_entry *entry)
{
    list_push_back(&history->all, &entry->in_all);
    if (is_never_up(&entry->record))
        list_push_back(&history->never_up, &entry->in_never_up);
    list_push_back(&entry->peer->entries, &entry->in_peer);
}

/* The record that counts this end as well; NULL: it gets one of its own. */
static struct history_entry *find_repeated(const struct history_peer *peer,
                                           const struct history_record *record)
{
    if (peer == NULL)
        return NULL;
    if (record->is_refused)
        return peer->refused;
    struct history_entry *newest = find_newest_end(peer);
    return newest != NULL && is_repeated(&newest->record, record) ? newest : NULL;
}

static bool repeat(struct history *history, const struct history_record *record)
{
    struct history_entry *entry = find_repeated(find_peer(history, &record->address), record);
    if (entry == NULL)
        return false;
    uint32_t times = entry->record.times;
    entry->record = *record;
    entry->record.times = times == UINT32_MAX ? times : times + 1;
    entry->record.serial = ++history->serial;
    list_remove(&entry->in_all);
    list_remove(&entry->in_never_up);
    list_remove(&entry->in_peer);
    put_last(history, entry);
    return true;
}

static void history_make_room(struct history *history, const struct ip *address)
{
    const struct history_peer *peer = find_peer(history, address);
    if (peer != NULL && peer->count >= history->peer_max)
        history_drop(history, CONTAINER_OF(peer->entries.next, struct history_entry, in_peer));
    if (history->count == history->room_max)
        drop_oldest(history);
}

void history_note(struct history *history, const struct history_record *record)
{
    if (history->room_max == 0)
        return;
    if (!take_memory(history)) {
        history->unkept++;
        return;
    }
    if (repeat(history, record))
        return;
    history_make_room(history, &record->address);
    struct history_peer *peer = take_peer(history, &record->address);
    if (peer == NULL) {
        history->unkept++;
        return;
    }
    CHECK(history->count < history->room_max);
    struct history_entry *entry = take_entry(history);
    *entry = (struct history_entry){.peer = peer, .record = *record};
    list_init(&entry->in_never_up);
    entry->record.times = 1;
    entry->record.serial = ++history->serial;
    put_last(history, entry);
    history->count++;
    history->never_up_count += is_never_up(record);
    peer->count++;
    if (record->is_refused)
        peer->refused = entry;
}

const struct history_record *history_find_refused(struct history *history, const struct ip *address)
{
    const struct history_peer *peer = find_peer(history, address);
    return peer == NULL || peer->refused == NULL ? NULL : &peer->refused->record;
}

/* ---- the walk ---- */

/* The entry that the walk stands on; the newest end where that has gone. */
static struct list_link *history_find_place(struct history *history,
                                            const struct history_cursor *cursor)
{
    if (cursor->serial == 0 || history->entries == NULL || cursor->index >= history->room_max)
        return &history->all;
    struct history_entry *entry = &history->entries[cursor->index];
    return entry->record.serial == cursor->serial ? &entry->in_all : &history->all;
}

const struct history_record *history_next(struct history *history, struct history_cursor *cursor,
                                          uint32_t *looks, bool *is_over)
{
    struct list_link *link = history_find_place(history, cursor)->prev;
    *is_over = false;
    for (; link != &history->all; link = link->prev) {
        const struct history_entry *entry = CONTAINER_OF(link, struct history_entry, in_all);
        if (*looks == 0)
            return NULL;
        --*looks;
        cursor->serial = entry->record.serial;
        cursor->index = (uint32_t)(entry - history->entries);
        if (cursor->before != 0 && entry->record.serial >= cursor->before)
            continue;
        cursor->before = entry->record.serial;
        return &entry->record;
    }
    *is_over = true;
    return NULL;
}

const struct history_record *history_next_of(struct history *history, const struct ip *address,
                                             struct history_cursor *cursor)
{
    const struct history_peer *peer = find_peer(history, address);
    if (peer == NULL)
        return NULL;
    for (struct list_link *link = peer->entries.prev; link != &peer->entries; link = link->prev) {
        const struct history_entry *entry = CONTAINER_OF(link, struct history_entry, in_peer);
        if (cursor->before != 0 && entry->record.serial >= cursor->before)
            continue;
        cursor->before = entry->record.serial;
        return &entry->record;
    }
    return NULL;
}
