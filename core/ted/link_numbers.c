#include "core/ted/link_numbers.h"

#include "core/base/check.h"
#include "core/ted/array.h"
#include "core/ted/link_change.h"
#include "core/ted/node_key.h"
#include "core/ted/patch.h"
#include "core/ted/slots.h"

#include <stdlib.h>
#include <string.h>

/* A key is two hashes of what a link is known by: two links of the same one are not met. */
struct link_key {
    uint64_t words[2];
};

/* What a link is known by, laid out without padding. */
struct link_identity {
    struct ip from, to, local, remote;
    uint8_t filling[4 - (4 * sizeof(struct ip)) % 4];
    uint32_t local_id, remote_id;
    uint32_t order; /* among links that are the same in all else */
};

_Static_assert(sizeof(struct link_identity) % 4 == 0, "a key has no octets that are not set");

struct record {
    struct link_key key;
    uint32_t link;       /* index in the snapshot that was numbered last; TED_NONE: not there */
    uint32_t taken_turn; /* in which `taken` counts */
    uint32_t taken;      /* links of this identity so far; of the first of them */
    struct ted_link_history history;
};

struct ted_link_registry {
    struct ted_array records; /* struct record, by number */
    struct slots slots;       /* by key */
    uint32_t numbers_max;
    uint32_t turn;
    uint32_t labels_turn;
    uint64_t numbered_serial; /* of the snapshot that was numbered last; 0: none */
    uint64_t refused;
};

struct ted_link_registry *ted_link_registry_create(uint32_t numbers_max)
{
    struct ted_link_registry *registry = calloc(1, sizeof *registry);
    if (registry == NULL)
        return NULL;
    ted_array_init(&registry->records, sizeof(struct record));
    registry->numbers_max = numbers_max < TED_LINK_NUMBERS_MAX ? numbers_max : TED_LINK_NUMBERS_MAX;
    return registry;
}

void ted_link_registry_destroy(struct ted_link_registry *registry)
{
    if (registry == NULL)
        return;
    ted_array_fini(&registry->records);
    slots_fini(&registry->slots);
    free(registry);
}

uint32_t ted_link_registry_count(const struct ted_link_registry *registry)
{
    return registry->records.count;
}

uint64_t ted_link_registry_refused(const struct ted_link_registry *registry)
{
    return registry->refused;
}

static struct record *numbers_record_of(const struct ted_link_registry *registry, uint32_t number)
{
    CHECK(number < registry->records.count);
    return (struct record *)registry->records.items + number;
}

/* ---- keys ---- */

static struct link_identity numbers_identity_of(const struct ted_snapshot *snapshot, uint32_t index)
{
    const struct ted_link *link = &snapshot->links[index];
    bool has_v4 = link->local_v4.family != IP_NONE || link->remote_v4.family != IP_NONE;
    struct link_identity identity;
    memset(&identity, 0, sizeof identity);
    identity.from = *ted_node_key(&snapshot->nodes[link->from]);
    identity.to = *ted_node_key(&snapshot->nodes[link->to]);
    identity.local = has_v4 ? link->local_v4 : link->local_v6;
    identity.remote = has_v4 ? link->remote_v4 : link->remote_v6;
    identity.local_id = link->local_id;
    identity.remote_id = link->remote_id;
    return identity;
}

static struct link_key numbers_key_of(const struct link_identity *identity)
{
    return (struct link_key){{map_hash(identity, sizeof *identity),
                              map_hash_with(identity, sizeof *identity, UINT64_MAX)}};
}

static bool numbers_has_key(const void *context, uint32_t value, const void *key)
{
    return memcmp(&numbers_record_of(context, value)->key, key, sizeof(struct link_key)) == 0;
}

static uint32_t numbers_find(const struct ted_link_registry *registry, const struct link_key *key)
{
    return slots_find(slots_view(&registry->slots), key->words[0], numbers_has_key, registry, key);
}

static bool numbers_has_room(struct ted_link_registry *registry)
{
    return registry->records.count < registry->numbers_max &&
           ted_array_reserve(&registry->records, 1) == PCE_OK &&
           slots_reserve(&registry->slots, 1) == PCE_OK;
}

/* TED_NONE: there are no more. */
static uint32_t numbers_find_or_add(struct ted_link_registry *registry, const struct link_key *key)
{
    uint32_t number = numbers_find(registry, key);
    if (number != TED_NONE)
        return number;
    if (!numbers_has_room(registry)) {
        registry->refused++;
        return TED_NONE;
    }
    const struct record record = {.key = *key, .link = TED_NONE};
    number = ted_array_append(&registry->records, &record, 1);
    slots_insert(&registry->slots, key->words[0], number);
    return number;
}

/* The number of a link. The first of those that are the same in all counts how many came, so that
 * each is found at once by its order. */
static uint32_t numbers_number_of(struct ted_link_registry *registry,
                                  const struct ted_snapshot *snapshot, uint32_t index)
{
    struct link_identity identity = numbers_identity_of(snapshot, index);
    struct link_key key = numbers_key_of(&identity);
    uint32_t number = numbers_find_or_add(registry, &key);
    if (number == TED_NONE)
        return TED_NONE;
    struct record *first = numbers_record_of(registry, number);
    if (first->taken_turn != registry->turn) {
        first->taken_turn = registry->turn;
        first->taken = 1;
        return number;
    }
    identity.order = first->taken++;
    key = numbers_key_of(&identity);
    return numbers_find_or_add(registry, &key);
}

/* ---- what has happened ---- */

static void numbers_note_change(struct record *record, unsigned bits, uint32_t turn)
{
    if ((bits & TED_LINK_WORSE) != 0)
        record->history.worse = turn;
    if ((bits & TED_LINK_BETTER) != 0)
        record->history.better = turn;
    if ((bits & TED_LINK_RELABELLED) != 0)
        record->history.relabelled = turn;
}

/* The link is there: compared with what it was before. */
static void numbers_note_link(struct ted_link_registry *registry, const struct ted_snapshot *before,
                              const struct ted_snapshot *snapshot, uint32_t number, uint32_t link)
{
    struct record *record = numbers_record_of(registry, number);
    unsigned bits = TED_LINK_WORSE | TED_LINK_BETTER | TED_LINK_RELABELLED;
    if (record->link == TED_NONE)
        bits = TED_LINK_BETTER;
    else if (before != NULL)
        bits = ted_link_change(before, record->link, snapshot, link);
    numbers_note_change(record, bits, registry->turn);
    record->link = link;
}

/* The links of the snapshot before that have no successor. */
static void numbers_note_gone(struct ted_link_registry *registry, const uint32_t *links)
{
    for (uint32_t number = 0; number < registry->records.count; number++) {
        struct record *record = numbers_record_of(registry, number);
        if (record->link == TED_NONE || links[number] != TED_NONE)
            continue;
        record->history.gone = registry->turn;
        record->link = TED_NONE;
    }
}

/* ---- the numbers of a snapshot ---- */

/* Which link has which number. */
static void numbers_fill_of_links(struct ted_link_registry *registry,
                                  const struct ted_snapshot *snapshot, uint32_t *of_links)
{
    for (uint32_t link = 0; link < snapshot->link_count; link++)
        of_links[link] =
            snapshot->links[link].is_gone ? TED_NONE : numbers_number_of(registry, snapshot, link);
}

static void numbers_fill_links(struct ted_link_registry *registry,
                               const struct ted_snapshot *before,
                               const struct ted_snapshot *snapshot, const uint32_t *of_links,
                               uint32_t *links)
{
    for (uint32_t number = 0; number < registry->records.count; number++)
        links[number] = TED_NONE;
    for (uint32_t link = 0; link < snapshot->link_count; link++)
        if (of_links[link] != TED_NONE)
            links[of_links[link]] = link;
    numbers_note_gone(registry, links);
    for (uint32_t number = 0; number < registry->records.count; number++)
        if (links[number] != TED_NONE)
            numbers_note_link(registry, before, snapshot, number, links[number]);
}

/* One block: the head, what is by number, what is by link; not filled. NULL: memory ran out. */
static struct ted_link_numbers *numbers_create_block(const struct ted_link_registry *registry,
                                                     size_t link_count)
{
    struct ted_link_numbers *numbers;
    const size_t count = registry->records.count;
    struct ted_part *part =
        ted_part_create(sizeof *numbers - sizeof *part +
                        count * (sizeof(struct ted_link_history) + sizeof(uint32_t)) +
                        link_count * sizeof(uint32_t));
    if (part == NULL)
        return NULL;
    numbers = (struct ted_link_numbers *)(void *)part;
    const struct ted_link_history *history = (const struct ted_link_history *)(numbers + 1);
    const uint32_t *links = (const uint32_t *)(history + count);
    *numbers = (struct ted_link_numbers){.part = *part,
                                         .turn = registry->turn,
                                         .labels_turn = registry->labels_turn,
                                         .count = registry->records.count,
                                         .of_links = links + count,
                                         .links = links,
                                         .history = history};
    return numbers;
}

static struct ted_link_numbers *numbers_make_block(struct ted_link_registry *registry,
                                                   const struct ted_snapshot *before,
                                                   const struct ted_snapshot *snapshot,
                                                   const uint32_t *of_links)
{
    struct ted_link_numbers *numbers = numbers_create_block(registry, snapshot->link_count);
    if (numbers == NULL)
        return NULL;
    numbers_fill_links(registry, before, snapshot, of_links, (uint32_t *)(uintptr_t)numbers->links);
    for (uint32_t number = 0; number < numbers->count; number++)
        ((struct ted_link_history *)(uintptr_t)numbers->history)[number] =
            numbers_record_of(registry, number)->history;
    if (snapshot->link_count > 0)
        memcpy((uint32_t *)(uintptr_t)numbers->of_links, of_links,
               snapshot->link_count * sizeof *of_links);
    return numbers;
}

enum pce_status ted_link_registry_number(struct ted_link_registry *registry,
                                         const struct ted_snapshot *before,
                                         struct ted_snapshot *snapshot)
{
    CHECK(snapshot->link_numbers == NULL); /* numbered once, before it is published */
    uint32_t *of_links = malloc((size_t)snapshot->link_count * sizeof *of_links + 1);
    if (of_links == NULL)
        return PCE_NO_MEMORY;
    if (before != NULL && before->serial != registry->numbered_serial)
        before = NULL;
    registry->turn++;
    if (before == NULL || ted_labels_differ(before, snapshot))
        registry->labels_turn = registry->turn;
    numbers_fill_of_links(registry, snapshot, of_links);
    snapshot->link_numbers = numbers_make_block(registry, before, snapshot, of_links);
    registry->numbered_serial = snapshot->link_numbers == NULL ? 0 : snapshot->serial;
    free(of_links);
    return snapshot->link_numbers == NULL ? PCE_NO_MEMORY : PCE_OK;
}

/* ---- one that was patched ---- */

/* Whether the number is another link's than this one. */
static bool numbers_is_taken(const struct ted_link_registry *registry,
                             const struct ted_snapshot *snapshot, uint32_t number, uint32_t link)
{
    uint32_t owner = numbers_record_of(registry, number)->link;
    return owner != TED_NONE && owner != link && !snapshot->links[owner].is_gone;
}

static bool numbers_can_follow(const struct ted_link_registry *registry,
                               const struct ted_snapshot *before,
                               const struct ted_snapshot *snapshot)
{
    const struct ted_delta *delta = snapshot->delta;
    if (before == NULL || delta == NULL || delta->serial != before->serial ||
        before->serial != registry->numbered_serial ||
        before->link_numbers->count != registry->records.count)
        return false;
    for (uint32_t i = 0; i < delta->count; i++) {
        uint32_t link = delta->links[i];
        if (link >= before->link_count)
            continue;
        uint32_t number = before->link_numbers->of_links[link];
        if (number == TED_NONE ||
            (!snapshot->links[link].is_gone && numbers_is_taken(registry, snapshot, number, link)))
            return false;
    }
    return true;
}

/* The number of a link that is new: the first of those that are the same in all that is not another
 * one's. */
static uint32_t numbers_number_new(struct ted_link_registry *registry,
                                   const struct ted_snapshot *snapshot, uint32_t link)
{
    struct link_identity identity = numbers_identity_of(snapshot, link);
    for (uint32_t order = 0; order <= snapshot->link_count; order++) {
        identity.order = order;
        const struct link_key key = numbers_key_of(&identity);
        uint32_t number = numbers_find_or_add(registry, &key);
        if (number == TED_NONE || !numbers_is_taken(registry, snapshot, number, link))
            return number;
    }
    return TED_NONE;
}

/* The block before, with a place for each number and link that has come since. */
static struct ted_link_numbers *numbers_grow(const struct ted_link_registry *registry,
                                             const struct ted_snapshot *before,
                                             const struct ted_snapshot *snapshot)
{
    const struct ted_link_numbers *old = before->link_numbers;
    struct ted_link_numbers *numbers = numbers_create_block(registry, snapshot->link_count);
    if (numbers == NULL)
        return NULL;
    uint32_t *links = (uint32_t *)(uintptr_t)numbers->links;
    uint32_t *of_links = (uint32_t *)(uintptr_t)numbers->of_links;
    memcpy((struct ted_link_history *)(uintptr_t)numbers->history, old->history,
           old->count * sizeof *old->history);
    memcpy(links, old->links, old->count * sizeof *links);
    memcpy(of_links, old->of_links, before->link_count * sizeof *of_links);
    memset(links + old->count, 0xff, (numbers->count - old->count) * sizeof *links);
    memset(of_links + before->link_count, 0xff,
           (snapshot->link_count - before->link_count) * sizeof *of_links);
    return numbers;
}

/* The same where none has come. NULL: memory ran out. */
static struct ted_link_numbers *numbers_copy(const struct ted_link_registry *registry,
                                             struct ted_link_numbers *old)
{
    struct ted_part *part = ted_part_copy(&old->part, 0);
    struct ted_link_numbers *numbers = (struct ted_link_numbers *)(void *)part;
    if (part == NULL)
        return NULL;
    const struct ted_link_history *history = (const struct ted_link_history *)(numbers + 1);
    numbers->turn = registry->turn;
    numbers->labels_turn = registry->labels_turn;
    numbers->history = history;
    numbers->links = (const uint32_t *)(history + old->count);
    numbers->of_links = numbers->links + old->count;
    return numbers;
}

/* The numbers of the links that are new, which are `fresh`. */
static enum pce_status numbers_number_all_new(struct ted_link_registry *registry,
                                              const struct ted_snapshot *before,
                                              const struct ted_snapshot *snapshot, uint32_t *fresh)
{
    for (uint32_t link = before->link_count; link < snapshot->link_count; link++) {
        uint32_t number = numbers_number_new(registry, snapshot, link);
        if (number == TED_NONE)
            return PCE_UNSUPPORTED;
        numbers_note_link(registry, before, snapshot, number, link);
        fresh[link - before->link_count] = number;
    }
    return PCE_OK;
}

/* A link that is gone may have given its number to one that is new. */
static void numbers_follow_link(struct ted_link_registry *registry,
                                const struct ted_snapshot *before,
                                const struct ted_snapshot *snapshot, uint32_t number, uint32_t link)
{
    struct record *record = numbers_record_of(registry, number);
    if (!snapshot->links[link].is_gone) {
        numbers_note_link(registry, before, snapshot, number, link);
    } else if (record->link == link) {
        record->history.gone = registry->turn;
        record->link = TED_NONE;
    }
}

static void numbers_write(const struct ted_link_registry *registry,
                          const struct ted_link_numbers *numbers, uint32_t number)
{
    const struct record *record = numbers_record_of(registry, number);
    ((struct ted_link_history *)(uintptr_t)numbers->history)[number] = record->history;
    ((uint32_t *)(uintptr_t)numbers->links)[number] = record->link;
}

/* The block of the snapshot; fresh: numbers of the links that are new. NULL: memory ran out. */
static struct ted_link_numbers *numbers_follow(struct ted_link_registry *registry,
                                               const struct ted_snapshot *before,
                                               const struct ted_snapshot *snapshot,
                                               const uint32_t *fresh)
{
    const struct ted_delta *delta = snapshot->delta;
    bool has_grown = snapshot->link_count > before->link_count;
    struct ted_link_numbers *numbers = has_grown ? numbers_grow(registry, before, snapshot)
                                                 : numbers_copy(registry, before->link_numbers);
    for (uint32_t i = 0; i < delta->count && numbers != NULL; i++) {
        uint32_t link = delta->links[i];
        if (link >= before->link_count)
            continue;
        numbers_follow_link(registry, before, snapshot, numbers->of_links[link], link);
        numbers_write(registry, numbers, numbers->of_links[link]);
    }
    for (uint32_t link = before->link_count; link < snapshot->link_count && numbers != NULL;
         link++) {
        uint32_t number = fresh[link - before->link_count];
        ((uint32_t *)(uintptr_t)numbers->of_links)[link] = number;
        numbers_write(registry, numbers, number);
    }
    return numbers;
}

enum pce_status ted_link_registry_follow(struct ted_link_registry *registry,
                                         const struct ted_snapshot *before,
                                         struct ted_snapshot *snapshot)
{
    CHECK(snapshot->link_numbers == NULL); /* numbered once, before it is published */
    if (!numbers_can_follow(registry, before, snapshot))
        return PCE_UNSUPPORTED;
    size_t fresh_count = snapshot->link_count - before->link_count;
    uint32_t *fresh = malloc(fresh_count * sizeof *fresh + 1);
    if (fresh == NULL)
        return PCE_NO_MEMORY;
    registry->turn++;
    if (snapshot->delta->is_relabelled)
        registry->labels_turn = registry->turn;
    enum pce_status status = numbers_number_all_new(registry, before, snapshot, fresh);
    if (status == PCE_OK)
        snapshot->link_numbers = numbers_follow(registry, before, snapshot, fresh);
    if (status == PCE_OK && snapshot->link_numbers == NULL)
        status = PCE_NO_MEMORY;
    registry->numbered_serial = status == PCE_OK ? snapshot->serial : 0;
    free(fresh);
    return status;
}
