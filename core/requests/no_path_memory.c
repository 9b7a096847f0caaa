#include "core/requests/no_path_memory.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/registry.h"
#include "core/requests/reply_cache.h"

#include <stdlib.h>
#include <string.h>

#define NO_SLOT       UINT32_MAX
#define SLOT_ROOM_MIN 64
#define ID_END        (REPLY_ID_OFFSET + REPLY_ID_SIZE)

static const char *const cause_texts[NO_PATH_CAUSE_COUNT] = {
#define CAUSE_TEXT(id, text) [NO_PATH_##id] = (text),
    NO_PATH_CAUSES(CAUSE_TEXT)
#undef CAUSE_TEXT
};

const char *no_path_cause_text(unsigned cause)
{
    CHECK(cause < NO_PATH_CAUSE_COUNT);
    return cause_texts[cause];
}

/* ---- keys ---- */

struct no_path_key {
    const struct no_path_peer *peer;
    struct wire_span objects;
};

static struct wire_span no_path_objects(const struct no_path *record)
{
    return (struct wire_span){record->octets + PCEP_HEADER_SIZE,
                              (size_t)record->size - PCEP_HEADER_SIZE};
}

/* The request-ID does not count. */
static bool no_path_is_equal(const struct map_node *node, const void *key)
{
    const struct no_path *record = CONTAINER_OF((uintptr_t)node, struct no_path, node);
    const struct no_path_key *wanted = key;
    const struct wire_span own = no_path_objects(record);
    return record->peer == wanted->peer && own.size == wanted->objects.size &&
           memcmp(own.octets, wanted->objects.octets, REPLY_ID_OFFSET) == 0 &&
           memcmp(own.octets + ID_END, wanted->objects.octets + ID_END, own.size - ID_END) == 0;
}

static uint64_t no_path_hash(const struct no_path_key *key)
{
    return map_hash_with(key->objects.octets + ID_END, key->objects.size - ID_END,
                         (uint64_t)(uintptr_t)key->peer);
}

static struct no_path *no_path_find(struct no_path_memory *memory, const struct no_path_key *key)
{
    struct map_node *node = map_find(&memory->records, no_path_hash(key), key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct no_path, node);
}

/* Of its place: a session does not move. */
static uint64_t no_path_session_hash(const struct session *session)
{
    const uintptr_t place = (uintptr_t)session;
    return map_hash(&place, sizeof place);
}

static bool no_path_peer_is_equal(const struct map_node *node, const void *key)
{
    return CONTAINER_OF((uintptr_t)node, struct no_path_peer, node)->session == key;
}

static struct no_path_peer *no_path_peer_find(struct no_path_memory *memory,
                                              const struct session *session)
{
    struct map_node *node = map_find(&memory->peers, no_path_session_hash(session), session);
    return node == NULL ? NULL : CONTAINER_OF(node, struct no_path_peer, node);
}

/* ---- slots ---- */

/* Gives false when memory ran out. */
static bool no_path_make_slot(struct no_path_memory *memory)
{
    if (memory->free_slot != NO_SLOT || memory->slot_count < memory->slot_room)
        return true;
    uint32_t room = memory->slot_room == 0 ? SLOT_ROOM_MIN : 2 * memory->slot_room;
    if (room > memory->limits.room_max)
        room = memory->limits.room_max;
    struct no_path_slot *slots = realloc(memory->slots, room * sizeof *slots);
    if (slots == NULL)
        return false;
    memory->slots = slots;
    memory->slot_room = room;
    return true;
}

/* There is one. */
static void no_path_take_slot(struct no_path_memory *memory, struct no_path *record)
{
    record->slot = memory->free_slot;
    if (record->slot == NO_SLOT)
        record->slot = memory->slot_count++;
    else
        memory->free_slot = memory->slots[record->slot].next_free;
    memory->slots[record->slot] = (struct no_path_slot){record, NO_SLOT};
}

struct no_path *no_path_memory_next(const struct no_path_memory *memory, uint32_t *slot,
                                    uint32_t *looks)
{
    while (*slot<memory->slot_count && * looks> 0) {
        struct no_path *record = memory->slots[(*slot)++].record;
        (*looks)--;
        if (record != NULL)
            return record;
    }
    return NULL;
}

/* ---- records ---- */

static void no_path_release_peer(struct no_path_memory *memory, struct no_path_peer *peer)
{
    if (peer->count > 0)
        return;
    CHECK(list_is_empty(&peer->records));
    CHECK(map_remove(&memory->peers, no_path_session_hash(peer->session), peer->session) ==
          &peer->node);
    free(peer);
}

/* Its peer stays. */
static void no_path_unlink(struct no_path_memory *memory, struct no_path *record)
{
    const struct no_path_key key = {record->peer, no_path_objects(record)};
    no_path_memory_set_cured(memory, record, false, record->asked);
    CHECK(map_remove(&memory->records, record->node.hash, &key) == &record->node);
    list_remove(&record->link);
    list_remove(&record->by_age);
    CHECK(memory->slots[record->slot].record == record);
    memory->slots[record->slot] = (struct no_path_slot){NULL, memory->free_slot};
    memory->free_slot = record->slot;
    record->peer->count--;
    memory->count--;
    memory->counters.no_paths--;
    memory->has_news = true;
    free(record);
}

static void no_path_drop(struct no_path_memory *memory, struct no_path *record)
{
    struct no_path_peer *peer = record->peer;
    no_path_unlink(memory, record);
    no_path_release_peer(memory, peer);
}

static void no_path_drop_oldest(struct no_path_memory *memory, const struct no_path_peer *peer)
{
    struct no_path *oldest = NULL;
    if (peer != NULL && peer->count >= memory->limits.session_max)
        oldest = CONTAINER_OF(peer->records.next, struct no_path, link);
    else if (memory->count >= memory->limits.room_max)
        oldest = CONTAINER_OF(memory->by_age.next, struct no_path, by_age);
    if (oldest == NULL)
        return;
    memory->counters.no_paths_displaced++;
    no_path_drop(memory, oldest);
}

/* NULL: memory ran out. */
static struct no_path_peer *no_path_peer_get(struct no_path_memory *memory,
                                             const struct no_path_note *note)
{
    struct no_path_peer *peer = no_path_peer_find(memory, note->session);
    if (peer != NULL)
        return peer;
    peer = malloc(sizeof *peer);
    if (peer == NULL)
        return NULL;
    *peer =
        (struct no_path_peer){.session = note->session,
                              .address = *memory->events->address_of(memory->owner, note->session)};
    list_init(&peer->records);
    if (map_insert(&memory->peers, &peer->node, no_path_session_hash(note->session),
                   note->session) == PCE_OK)
        return peer;
    free(peer);
    return NULL;
}

/* What is asked: a PCReq of its own. NULL: memory ran out. */
static struct no_path *no_path_create(struct no_path_peer *peer, struct wire_span objects)
{
    const size_t size = objects.size + PCEP_HEADER_SIZE;
    struct no_path *record = calloc(1, sizeof *record + size);
    if (record == NULL)
        return NULL;
    record->peer = peer;
    record->size = (uint16_t)size;
    struct wire_writer writer = wire_writer_init(record->octets, size);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    wire_put_octets(&writer, objects.octets, objects.size);
    pcep_message_close(&writer, at);
    return record;
}

/* A new one of this peer; NULL: memory ran out. */
static struct no_path *no_path_insert(struct no_path_memory *memory, struct no_path_peer *peer,
                                      struct wire_span objects)
{
    const struct no_path_key key = {peer, objects};
    struct no_path *record = no_path_make_slot(memory) ? no_path_create(peer, objects) : NULL;
    if (record == NULL)
        return NULL;
    if (map_insert(&memory->records, &record->node, no_path_hash(&key), &key) != PCE_OK) {
        free(record);
        return NULL;
    }
    no_path_take_slot(memory, record);
    list_push_back(&peer->records, &record->link);
    list_push_back(&memory->by_age, &record->by_age);
    peer->count++;
    memory->count++;
    memory->counters.no_paths++;
    CHECK(memory->count <= memory->limits.room_max);
    return record;
}

/* It was asked, again or for the first time. */
static void no_path_set(struct no_path_memory *memory, struct no_path *record,
                        const struct no_path_note *note)
{
    struct wire_writer id =
        wire_writer_init(record->octets + PCEP_HEADER_SIZE + REPLY_ID_OFFSET, REPLY_ID_SIZE);
    wire_put_u32(&id, note->request_id);
    no_path_memory_set_cured(memory, record, false, note->now);
    record->request_id = note->request_id;
    record->asked = note->now;
    record->serial = note->serial;
    record->why = note->why;
    record->why_now = note->why;
    record->times++;
    if (note->serial == 0)
        memory->serial = 0; /* all are looked at again: those of this topology cost nothing */
}

/* It is the newest again. */
static void no_path_renew(struct no_path_memory *memory, struct no_path *record)
{
    list_remove(&record->link);
    list_remove(&record->by_age);
    list_push_back(&record->peer->records, &record->link);
    list_push_back(&memory->by_age, &record->by_age);
}

void no_path_memory_add(struct no_path_memory *memory, const struct no_path_note *note)
{
    const size_t size = note->objects.size;
    memory->has_news = true;
    if (memory->limits.room_max == 0)
        return;
    if (size < ID_END || size > NO_PATH_SIZE_MAX - PCEP_HEADER_SIZE) {
        memory->counters.no_paths_unkept++;
        return;
    }
    struct no_path_peer *peer = no_path_peer_find(memory, note->session);
    const struct no_path_key key = {peer, note->objects};
    struct no_path *record = peer == NULL ? NULL : no_path_find(memory, &key);
    if (record != NULL) {
        no_path_renew(memory, record);
        no_path_set(memory, record, note);
        return;
    }
    no_path_drop_oldest(memory, peer);
    peer = no_path_peer_get(memory, note);
    record = peer == NULL ? NULL : no_path_insert(memory, peer, note->objects);
    if (record != NULL)
        no_path_set(memory, record, note);
    else
        memory->counters.no_paths_unkept++;
    if (record == NULL && peer != NULL)
        no_path_release_peer(memory, peer);
}

void no_path_memory_remove(struct no_path_memory *memory, const struct session *session,
                           struct wire_span objects)
{
    const struct no_path_key key = {no_path_peer_find(memory, session), objects};
    if (key.peer == NULL || objects.size < ID_END)
        return;
    struct no_path *record = no_path_find(memory, &key);
    if (record != NULL)
        no_path_drop(memory, record);
}

bool no_path_memory_has(struct no_path_memory *memory, const struct session *session)
{
    return memory->count > 0 && no_path_peer_find(memory, session) != NULL;
}

void no_path_memory_forget(struct no_path_memory *memory, const struct session *session)
{
    struct no_path_peer *peer = memory->count == 0 ? NULL : no_path_peer_find(memory, session);
    if (peer == NULL)
        return;
    LIST_FOR_SAFE(link, following, &peer->records)
    no_path_unlink(memory, CONTAINER_OF(link, struct no_path, link));
    no_path_release_peer(memory, peer);
}

void no_path_memory_set_cured(struct no_path_memory *memory, struct no_path *record, bool is_cured,
                              struct mono now)
{
    if (record->is_cured == is_cured)
        return;
    record->is_cured = is_cured;
    record->cured = now;
    memory->has_news = true;
    if (is_cured) {
        memory->counters.no_paths_cured++;
        memory->counters.no_path_cures++;
    } else {
        memory->counters.no_paths_cured--;
    }
}

/* ---- all of it ---- */

void no_path_memory_init(struct no_path_memory *memory, const struct no_path_limits *limits,
                         const struct no_path_events *events, void *owner)
{
    *memory = (struct no_path_memory){
        .limits = *limits, .events = events, .owner = owner, .free_slot = NO_SLOT};
    CHECK(limits->session_max > 0);
    list_init(&memory->by_age);
    map_init(&memory->peers, no_path_peer_is_equal, limits->room_max);
    map_init(&memory->records, no_path_is_equal, limits->room_max);
}

void no_path_memory_fini(struct no_path_memory *memory)
{
    if (memory->events == NULL) /* it was never made */
        return;
    while (!list_is_empty(&memory->by_age))
        no_path_drop(memory, CONTAINER_OF(memory->by_age.next, struct no_path, by_age));
    map_fini(&memory->peers);
    map_fini(&memory->records);
    free(memory->slots);
}
