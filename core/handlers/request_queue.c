#include "core/handlers/request_queue.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/frame.h"

#include <stdlib.h>
#include <string.h>

#define ROUND 4 /* while congested each so many'th turn goes round without priorities */
/* Each so many'th turn is for those that had one already, however many are fresh. */
#define FRESH_ROUND 64
/* What the allocator adds, about. */
#define BLOCK_OVERHEAD 16

/* ---- records ---- */

static bool is_peer(const struct map_node *node, const void *key)
{
    const struct request_peer *peer =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct request_peer, node);
    return peer->session == key;
}

static uint64_t hash_of(const struct session *session)
{
    return map_hash(&session, sizeof(const struct session *));
}

struct request_queue *request_queue_create(void)
{
    struct request_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    map_init(&queue->peers, is_peer, SIZE_MAX);
    for (unsigned i = 0; i <= REQUEST_PRIORITIES; i++) {
        list_init(&queue->turns[i]);
        list_init(&queue->fresh[i]);
    }
    for (unsigned i = 0; i < REQUEST_SIZE_CLASSES; i++)
        list_init(&queue->by_size[i]);
    list_init(&queue->by_age);
    list_init(&queue->told);
    return queue;
}

struct request_peer *request_queue_find(struct request_queue *queue, const struct session *session)
{
    struct map_node *node = map_find(&queue->peers, hash_of(session), session);
    return node == NULL ? NULL : CONTAINER_OF(node, struct request_peer, node);
}

struct request_peer *request_queue_get(struct request_queue *queue, struct session *session)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer != NULL)
        return peer;
    peer = calloc(1, sizeof *peer);
    if (peer == NULL)
        return NULL;
    peer->session = session;
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        list_init(&peer->waiting[i]);
        list_init(&peer->turns[i]);
    }
    list_init(&peer->turn);
    list_init(&peer->by_size);
    list_init(&peer->told);
    if (map_insert(&queue->peers, &peer->node, hash_of(session), session) != PCE_OK) {
        free(peer);
        return NULL;
    }
    return peer;
}

static void free_peer(struct request_queue *queue, struct request_peer *peer)
{
    CHECK(peer->count == 0);
    CHECK(map_remove(&queue->peers, hash_of(peer->session), peer->session) == &peer->node);
    list_remove(&peer->turn);
    list_remove(&peer->by_size);
    list_remove(&peer->told);
    free(peer);
}

static void free_when_idle(struct request_queue *queue, struct request_peer *peer)
{
    if (peer->count == 0 && !list_is_linked(&peer->told))
        free_peer(queue, peer);
}

void request_queue_set_told(struct request_queue *queue, struct request_peer *peer, bool is_told)
{
    list_remove(&peer->told);
    if (is_told)
        list_push_back(&queue->told, &peer->told);
    else
        free_when_idle(queue, peer);
}

/* ---- places in the lists ---- */

static unsigned size_class(size_t octets)
{
    unsigned index = 0;
    while (octets > 1 && index + 1 < REQUEST_SIZE_CLASSES) {
        octets /= 2;
        index++;
    }
    return index;
}

/* Behind a change of what the session has. */
static void place_peer(struct request_queue *queue, struct request_peer *peer)
{
    list_remove(&peer->by_size);
    if (peer->count > 0)
        list_push_back(&queue->by_size[size_class(peer->octets)], &peer->by_size);
    bool is_waiting = peer->count > 0 && !peer->is_parked;
    if (is_waiting && !list_is_linked(&peer->turn))
        list_push_back(&queue->fresh[REQUEST_ANY_PRIORITY], &peer->turn);
    else if (!is_waiting)
        list_remove(&peer->turn);
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        bool has_some = is_waiting && !list_is_empty(&peer->waiting[i]);
        if (has_some && !list_is_linked(&peer->turns[i]))
            list_push_back(&queue->fresh[i], &peer->turns[i]);
        else if (!has_some)
            list_remove(&peer->turns[i]);
    }
}

/* Of an entry; a session's record counts with the first one. */
static size_t cost_of(size_t size)
{
    return sizeof(struct request_entry) + size + BLOCK_OVERHEAD;
}

#define PEER_COST (sizeof(struct request_peer) + BLOCK_OVERHEAD)

/* The caller calls place_peer, when it has taken all that it takes. */
static void detach(struct request_queue *queue, struct request_entry *entry)
{
    struct request_peer *peer = entry->peer;
    list_remove(&entry->link);
    list_remove(&entry->by_age);
    peer->count--;
    peer->octets -= cost_of(entry->size);
    queue->count--;
    queue->parked -= peer->is_parked;
    queue->octets -= cost_of(entry->size) + (peer->count == 0 ? PEER_COST : 0);
    entry->peer = NULL;
}

static void settle(struct request_queue *queue, struct request_peer *peer)
{
    place_peer(queue, peer);
    free_when_idle(queue, peer);
}

/* ---- coming ---- */

bool request_queue_has_room(const struct request_queue *queue, const struct request_limits *limits,
                            size_t size)
{
    size_t more = cost_of(PCEP_HEADER_SIZE + size) + PEER_COST;
    return limits->octets_max == 0 || queue->octets + more <= limits->octets_max;
}

struct request_peer *request_queue_find_heavy(struct request_queue *queue,
                                              const struct session *session, size_t size)
{
    const struct request_peer *own = request_queue_find(queue, session);
    size_t octets = cost_of(PCEP_HEADER_SIZE + size) + (own == NULL ? 0 : own->octets);
    unsigned index = REQUEST_SIZE_CLASSES;
    while (index > 0 && list_is_empty(&queue->by_size[index - 1]))
        index--;
    if (index == 0)
        return NULL;
    struct request_peer *heavy =
        CONTAINER_OF(queue->by_size[index - 1].next, struct request_peer, by_size);
    return heavy->octets >= 2 * octets ? heavy : NULL;
}

static struct request_entry *make_entry(const struct request_octets *request, struct mono now)
{
    size_t size = PCEP_HEADER_SIZE + request->objects.size;
    CHECK(size <= UINT16_MAX && request->priority < REQUEST_PRIORITIES);
    struct request_entry *entry = malloc(sizeof *entry + size);
    if (entry == NULL)
        return NULL;
    entry->since = now;
    entry->request_id = request->request_id;
    entry->size = (uint16_t)size;
    entry->priority = request->priority;
    struct wire_writer writer = wire_writer_init(entry->octets, size);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    wire_put_octets(&writer, request->objects.octets, request->objects.size);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    return entry;
}

static void attach(struct request_queue *queue, struct request_peer *peer,
                   struct request_entry *entry)
{
    entry->peer = peer;
    entry->sequence = queue->sequence++;
    list_init(&entry->link);
    list_init(&entry->by_age);
    list_push_back(&peer->waiting[entry->priority], &entry->link);
    if (!peer->is_parked)
        list_push_back(&queue->by_age, &entry->by_age);
    queue->octets += cost_of(entry->size) + (peer->count == 0 ? PEER_COST : 0);
    peer->count++;
    peer->octets += cost_of(entry->size);
    queue->count++;
    queue->parked += peer->is_parked;
    place_peer(queue, peer);
}

enum pce_status request_queue_add(struct request_queue *queue, const struct request_limits *limits,
                                  struct session *session, const struct request_octets *request,
                                  struct mono now)
{
    const struct request_peer *known = request_queue_find(queue, session);
    if (limits->in_flight_max != 0 && known != NULL && known->count >= limits->in_flight_max)
        return PCE_LIMIT;
    if (!request_queue_has_room(queue, limits, request->objects.size))
        return PCE_NO_MEMORY;
    struct request_peer *peer = request_queue_get(queue, session);
    if (peer == NULL)
        return PCE_NO_MEMORY;
    struct request_entry *entry = make_entry(request, now);
    if (entry == NULL) {
        free_when_idle(queue, peer);
        return PCE_NO_MEMORY;
    }
    attach(queue, peer, entry);
    return PCE_OK;
}

/* ---- going ---- */

static bool has_turns(const struct request_queue *queue, unsigned priority)
{
    return !list_is_empty(&queue->turns[priority]) || !list_is_empty(&queue->fresh[priority]);
}

/* Those whose requests have just begun to wait go first, but for each FRESH_ROUND-th turn: a
 * session that asks now and then does not wait for a round of those that always have something. */
static struct request_peer *rotate(struct request_queue *queue, unsigned priority)
{
    if (!has_turns(queue, priority))
        return NULL;
    struct list_link *from = &queue->turns[priority];
    if (list_is_empty(from) || (!list_is_empty(&queue->fresh[priority]) &&
                                queue->fresh_turn++ % FRESH_ROUND != FRESH_ROUND - 1))
        from = &queue->fresh[priority];
    struct list_link *link = list_pop_front(from);
    list_push_back(&queue->turns[priority], link);
    if (priority == REQUEST_ANY_PRIORITY)
        return CONTAINER_OF(link, struct request_peer, turn);
    return CONTAINER_OF(link - priority, struct request_peer, turns);
}

struct request_peer *request_queue_next(struct request_queue *queue, unsigned *priority)
{
    *priority = REQUEST_ANY_PRIORITY;
    if (!queue->is_congested || queue->turn++ % ROUND == ROUND - 1)
        return rotate(queue, REQUEST_ANY_PRIORITY);
    for (*priority = REQUEST_PRIORITIES; *priority > 0;) {
        (*priority)--;
        if (has_turns(queue, *priority))
            return rotate(queue, *priority);
    }
    return NULL;
}

static struct request_entry *first_of(const struct request_peer *peer, unsigned priority)
{
    const struct list_link *head = &peer->waiting[priority];
    return list_is_empty(head) ? NULL : CONTAINER_OF(head->next, struct request_entry, link);
}

struct request_entry *request_queue_take(struct request_queue *queue, struct request_peer *peer,
                                         unsigned priority)
{
    struct request_entry *oldest = NULL;
    unsigned first = priority == REQUEST_ANY_PRIORITY ? 0 : priority;
    unsigned last = priority == REQUEST_ANY_PRIORITY ? REQUEST_PRIORITIES - 1 : priority;
    for (unsigned i = first; i <= last; i++) {
        struct request_entry *entry = first_of(peer, i);
        if (entry != NULL && (oldest == NULL || entry->sequence < oldest->sequence))
            oldest = entry;
    }
    if (oldest == NULL)
        return NULL;
    detach(queue, oldest);
    settle(queue, peer);
    return oldest;
}

struct request_entry *request_queue_take_last(struct request_queue *queue,
                                              struct request_peer *peer)
{
    unsigned priority = 0;
    while (priority + 1 < REQUEST_PRIORITIES && list_is_empty(&peer->waiting[priority]))
        priority++;
    if (list_is_empty(&peer->waiting[priority]))
        return NULL;
    struct request_entry *entry =
        CONTAINER_OF(peer->waiting[priority].prev, struct request_entry, link);
    detach(queue, entry);
    settle(queue, peer);
    return entry;
}

void request_entry_free(struct request_entry *entry)
{
    free(entry);
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Those with the IDs, or all where ids is NULL. */
static uint32_t free_entries(struct request_queue *queue, struct request_peer *peer,
                             const uint32_t *ids, uint32_t id_count)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        LIST_FOR_SAFE(link, following, &peer->waiting[i])
        {
            struct request_entry *entry = CONTAINER_OF(link, struct request_entry, link);
            if (ids != NULL &&
                bsearch(&entry->request_id, ids, id_count, sizeof *ids, compare_ids) == NULL)
                continue;
            detach(queue, entry);
            request_entry_free(entry);
            count++;
        }
    }
    return count;
}

uint32_t request_queue_cancel(struct request_queue *queue, const struct session *session,
                              const uint32_t *ids, uint32_t id_count)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer == NULL || id_count == 0)
        return 0;
    uint32_t count = free_entries(queue, peer, ids, id_count);
    settle(queue, peer);
    return count;
}

uint32_t request_queue_forget(struct request_queue *queue, const struct session *session)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer == NULL)
        return 0;
    uint32_t count = free_entries(queue, peer, NULL, 0);
    list_remove(&peer->told);
    settle(queue, peer);
    return count;
}

static void collect_peer(struct map_node *node, void *context)
{
    struct list_link *all = context;
    struct request_peer *peer = CONTAINER_OF(node, struct request_peer, node);
    list_remove(&peer->by_size);
    list_push_back(all, &peer->by_size);
}

void request_queue_destroy(struct request_queue *queue)
{
    struct list_link all;
    list_init(&all);
    map_for_each(&queue->peers, collect_peer, &all);
    for (struct list_link *link = list_pop_front(&all); link != NULL; link = list_pop_front(&all))
        (void)request_queue_forget(queue,
                                   CONTAINER_OF(link, struct request_peer, by_size)->session);
    map_fini(&queue->peers);
    free(queue);
}

/* ---- sessions that do not take their answers ---- */

void request_queue_park(struct request_queue *queue, struct request_peer *peer)
{
    if (peer->is_parked)
        return;
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        LIST_FOR(link, &peer->waiting[i])
        list_remove(&CONTAINER_OF(link, struct request_entry, link)->by_age);
    }
    peer->is_parked = true;
    queue->parked += peer->count;
    place_peer(queue, peer);
}

void request_queue_unpark(struct request_queue *queue, const struct session *session,
                          struct mono now)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer == NULL || !peer->is_parked)
        return;
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        LIST_FOR(link, &peer->waiting[i])
        {
            struct request_entry *entry = CONTAINER_OF(link, struct request_entry, link);
            entry->since = now;
            list_push_back(&queue->by_age, &entry->by_age);
        }
    }
    peer->is_parked = false;
    queue->parked -= peer->count;
    place_peer(queue, peer);
}

uint64_t request_queue_age_ns(const struct request_queue *queue, struct mono now)
{
    if (list_is_empty(&queue->by_age))
        return 0;
    const struct request_entry *oldest =
        CONTAINER_OF(queue->by_age.next, struct request_entry, by_age);
    return mono_since_ns(now, oldest->since);
}
