#include "core/requests/request_queue.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/frame.h"
#include "core/requests/computation.h"

#include <stdlib.h>
#include <string.h>

/* What the allocator adds, about. */
#define BLOCK_OVERHEAD 16
#define UNLIMITED_MARK 1024 /* where in_flight_max names no limit */

/* ---- records ---- */

static bool request_queue_is_peer(const struct map_node *node, const void *key)
{
    const struct request_peer *peer =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct request_peer, node);
    return peer->session == key;
}

static uint64_t request_queue_hash_of(const struct session *session)
{
    return map_hash(&session, sizeof(const struct session *));
}

struct request_queue *request_queue_create(void)
{
    struct request_queue *queue = calloc(1, sizeof *queue);
    if (queue == NULL)
        return NULL;
    map_init(&queue->peers, request_queue_is_peer, SIZE_MAX);
    for (unsigned i = 0; i < REQUEST_LINES; i++)
        request_line_init(&queue->lines[i]);
    for (unsigned i = 0; i < REQUEST_SIZE_CLASSES; i++)
        list_init(&queue->by_size[i]);
    list_init(&queue->by_age);
    list_init(&queue->told);
    list_init(&queue->idle);
    return queue;
}

struct request_peer *request_queue_find(struct request_queue *queue, const struct session *session)
{
    struct map_node *node = map_find(&queue->peers, request_queue_hash_of(session), session);
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
    for (unsigned i = 0; i < REQUEST_LINES; i++)
        request_place_init(&peer->places[i]);
    list_init(&peer->computing);
    list_init(&peer->by_size);
    list_init(&peer->told);
    if (map_insert(&queue->peers, &peer->node, request_queue_hash_of(session), session) != PCE_OK) {
        free(peer);
        return NULL;
    }
    return peer;
}

static void free_peer(struct request_queue *queue, struct request_peer *peer)
{
    CHECK(peer->count == 0);
    CHECK(map_remove(&queue->peers, request_queue_hash_of(peer->session), peer->session) ==
          &peer->node);
    for (unsigned i = 0; i < REQUEST_LINES; i++)
        request_line_leave(&peer->places[i]);
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

/* Behind a change of how much the session has. */
static void place_by_size(struct request_queue *queue, struct request_peer *peer)
{
    list_remove(&peer->by_size);
    if (peer->count > 0)
        list_push_back(&queue->by_size[size_class(peer->octets)], &peer->by_size);
}

static void place_in_line(struct request_queue *queue, struct request_peer *peer, unsigned line)
{
    request_line_place(&queue->lines[line], &peer->places[line], !peer->is_parked);
}

static void enter_line(struct request_queue *queue, struct request_entry *entry, unsigned line)
{
    CHECK(line < REQUEST_LINES && !list_is_linked(&entry->link));
    struct request_peer *peer = entry->peer;
    entry->wait = (uint8_t)line;
    entry->sequence = queue->sequence++;
    list_push_back(&peer->places[line].waiting[entry->priority], &entry->link);
    peer->places[line].count++;
    if (!peer->is_parked)
        queue->lines[line].count++;
    place_in_line(queue, peer, line);
}

/* Leaves what it waits for. */
static void request_queue_leave(struct request_queue *queue, struct request_entry *entry)
{
    struct request_peer *peer = entry->peer;
    list_remove(&entry->link);
    if (entry->wait == REQUEST_COMPUTING) {
        CHECK(queue->computing > 0);
        computation_leave(entry->computation, &entry->by_computation);
        entry->computation = NULL;
        queue->computing--;
        return;
    }
    CHECK(peer->places[entry->wait].count > 0);
    peer->places[entry->wait].count--;
    if (!peer->is_parked)
        queue->lines[entry->wait].count--;
    place_in_line(queue, peer, entry->wait);
}

static size_t request_queue_room_of(size_t size)
{
    return size < REQUEST_COMMON_SIZE ? REQUEST_COMMON_SIZE : size;
}

/* Of an entry; a session's record counts with the first one. */
static size_t cost_of(size_t size)
{
    return sizeof(struct request_entry) + request_queue_room_of(size) + BLOCK_OVERHEAD;
}

#define PEER_COST (sizeof(struct request_peer) + BLOCK_OVERHEAD)

/* The caller calls settle, when it has taken all that it takes. */
static void detach(struct request_queue *queue, struct request_entry *entry)
{
    struct request_peer *peer = entry->peer;
    CHECK(peer->count > 0 && peer->octets >= cost_of(entry->size));
    request_queue_leave(queue, entry);
    list_remove(&entry->by_age);
    peer->count--;
    peer->octets -= cost_of(entry->size);
    CHECK(queue->count > 0 && queue->octets >= cost_of(entry->size));
    queue->count--;
    queue->octets -= cost_of(entry->size) + (peer->count == 0 ? PEER_COST : 0);
    entry->peer = NULL;
}

static void request_queue_settle(struct request_queue *queue, struct request_peer *peer)
{
    place_by_size(queue, peer);
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

static struct request_entry *take_room(struct request_queue *queue, size_t size)
{
    if (size > REQUEST_COMMON_SIZE || queue->idle_count == 0)
        return malloc(sizeof(struct request_entry) + request_queue_room_of(size));
    queue->idle_count--;
    return CONTAINER_OF(list_pop_front(&queue->idle), struct request_entry, link);
}

static struct request_entry *make_entry(struct request_queue *queue,
                                        const struct request_octets *request)
{
    size_t size = PCEP_HEADER_SIZE + request->objects.size;
    CHECK(size <= UINT16_MAX && request->priority < REQUEST_PRIORITIES);
    struct request_entry *entry = take_room(queue, size);
    if (entry == NULL)
        return NULL;
    entry->since = request->since;
    entry->computation = NULL;
    entry->request_id = request->request_id;
    entry->size = (uint16_t)size;
    entry->priority = request->priority;
    /* With a header of its own, so that the entry is decoded as if its request had come alone. */
    struct wire_writer writer = wire_writer_init(entry->octets, size);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
    wire_put_octets(&writer, request->objects.octets, request->objects.size);
    pcep_message_close(&writer, message);
    CHECK(!writer.failed);
    return entry;
}

static void attach(struct request_queue *queue, struct request_peer *peer,
                   struct request_entry *entry, unsigned line)
{
    entry->peer = peer;
    list_init(&entry->link);
    list_init(&entry->by_age);
    list_init(&entry->by_computation);
    if (!peer->is_parked)
        list_push_back(&queue->by_age, &entry->by_age);
    queue->octets += cost_of(entry->size) + (peer->count == 0 ? PEER_COST : 0);
    peer->count++;
    peer->octets += cost_of(entry->size);
    queue->count++;
    enter_line(queue, entry, line);
    place_by_size(queue, peer);
}

enum pce_status request_queue_add(struct request_queue *queue, const struct request_limits *limits,
                                  struct session *session, const struct request_octets *request,
                                  struct request_entry **added)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (limits->in_flight_max != 0 && peer != NULL && peer->count >= limits->in_flight_max)
        return PCE_LIMIT;
    if (!request_queue_has_room(queue, limits, request->objects.size))
        return PCE_NO_MEMORY;
    if (peer == NULL)
        peer = request_queue_get(queue, session);
    if (peer == NULL)
        return PCE_NO_MEMORY;
    struct request_entry *entry = make_entry(queue, request);
    if (entry == NULL) {
        free_when_idle(queue, peer);
        return PCE_NO_MEMORY;
    }
    attach(queue, peer, entry, request->wait);
    if (added != NULL)
        *added = entry;
    return PCE_OK;
}

/* ---- going ---- */

struct request_peer *request_queue_next(struct request_queue *queue, enum request_wait line,
                                        unsigned *priority)
{
    struct request_place *place =
        request_line_next(&queue->lines[line], queue->is_congested, priority);
    return place == NULL ? NULL : CONTAINER_OF(place - line, struct request_peer, places);
}

static struct request_entry *first_of(const struct request_place *place, unsigned priority)
{
    const struct list_link *head = &place->waiting[priority];
    return list_is_empty(head) ? NULL : CONTAINER_OF(head->next, struct request_entry, link);
}

struct request_entry *request_queue_first(const struct request_peer *peer, enum request_wait line,
                                          unsigned priority)
{
    struct request_entry *oldest = NULL;
    unsigned first = priority == REQUEST_ANY_PRIORITY ? 0 : priority;
    unsigned last = priority == REQUEST_ANY_PRIORITY ? REQUEST_PRIORITIES - 1 : priority;
    for (unsigned i = first; i <= last; i++) {
        struct request_entry *entry = first_of(&peer->places[line], i);
        if (entry != NULL && (oldest == NULL || entry->sequence < oldest->sequence))
            oldest = entry;
    }
    return oldest;
}

void request_queue_remove(struct request_queue *queue, struct request_entry *entry)
{
    struct request_peer *peer = entry->peer;
    detach(queue, entry);
    request_queue_settle(queue, peer);
}

void request_queue_move(struct request_queue *queue, struct request_entry *entry,
                        enum request_wait line)
{
    request_queue_leave(queue, entry);
    if (entry->peer->is_parked)
        list_remove(&entry->by_age);
    enter_line(queue, entry, line);
}

void request_queue_join(struct request_queue *queue, struct request_entry *entry,
                        struct computation *computation)
{
    request_queue_leave(queue, entry);
    CHECK(!list_is_linked(&entry->by_computation) && entry->computation == NULL);
    entry->wait = REQUEST_COMPUTING;
    entry->computation = computation;
    list_push_back(&entry->peer->computing, &entry->link);
    computation_join(computation, &entry->by_computation);
    queue->computing++;
}

static struct request_entry *last_of(const struct request_peer *peer)
{
    for (unsigned i = 0; i < REQUEST_PRIORITIES; i++) {
        for (unsigned line = 0; line < REQUEST_LINES; line++) {
            const struct list_link *waiting = &peer->places[line].waiting[i];
            if (!list_is_empty(waiting))
                return CONTAINER_OF(waiting->prev, struct request_entry, link);
        }
    }
    return list_is_empty(&peer->computing)
               ? NULL
               : CONTAINER_OF(peer->computing.prev, struct request_entry, link);
}

struct request_entry *request_queue_take_last(struct request_queue *queue,
                                              struct request_peer *peer)
{
    struct request_entry *entry = last_of(peer);
    if (entry != NULL)
        request_queue_remove(queue, entry);
    return entry;
}

void request_entry_free(struct request_queue *queue, struct request_entry *entry)
{
    CHECK(entry->peer == NULL);
    if (entry->size > REQUEST_COMMON_SIZE || queue->idle_count == REQUEST_IDLE_MAX) {
        free(entry);
        return;
    }
    list_init(&entry->link);
    list_push_front(&queue->idle, &entry->link);
    queue->idle_count++;
}

int request_ids_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t free_from(struct request_queue *queue, struct list_link *list, const uint32_t *ids,
                          uint32_t id_count)
{
    uint32_t count = 0;
    LIST_FOR_SAFE(link, following, list)
    {
        struct request_entry *entry = CONTAINER_OF(link, struct request_entry, link);
        if (ids != NULL &&
            bsearch(&entry->request_id, ids, id_count, sizeof *ids, request_ids_compare) == NULL)
            continue;
        detach(queue, entry);
        request_entry_free(queue, entry);
        count++;
    }
    return count;
}

/* Those with the IDs, or all where ids is NULL. */
static uint32_t free_entries(struct request_queue *queue, struct request_peer *peer,
                             const uint32_t *ids, uint32_t id_count)
{
    uint32_t count = free_from(queue, &peer->computing, ids, id_count);
    for (unsigned line = 0; line < REQUEST_LINES; line++) {
        for (unsigned i = 0; i < REQUEST_PRIORITIES; i++)
            count += free_from(queue, &peer->places[line].waiting[i], ids, id_count);
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
    request_queue_settle(queue, peer);
    return count;
}

uint32_t request_queue_forget(struct request_queue *queue, const struct session *session)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer == NULL)
        return 0;
    uint32_t count = free_entries(queue, peer, NULL, 0);
    list_remove(&peer->told);
    request_queue_settle(queue, peer);
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
    CHECK(queue->count == 0 && queue->octets == 0 && queue->computing == 0);
    map_fini(&queue->peers);
    for (struct list_link *link = list_pop_front(&queue->idle); link != NULL;
         link = list_pop_front(&queue->idle))
        free(CONTAINER_OF(link, struct request_entry, link));
    free(queue);
}

/* ---- sessions that do not take their answers ---- */

/* Those that wait in a line begin to wait now, or (NULL) are not waited for; what is computed goes
 * on. */
static void set_age(struct request_queue *queue, struct request_peer *peer, const struct mono *now)
{
    for (unsigned i = 0; i < REQUEST_LINES * REQUEST_PRIORITIES; i++) {
        struct list_link *waiting =
            &peer->places[i / REQUEST_PRIORITIES].waiting[i % REQUEST_PRIORITIES];
        LIST_FOR(link, waiting)
        {
            struct request_entry *entry = CONTAINER_OF(link, struct request_entry, link);
            list_remove(&entry->by_age);
            if (now == NULL)
                continue;
            entry->since = *now;
            list_push_back(&queue->by_age, &entry->by_age);
        }
    }
}

static void set_parked(struct request_queue *queue, struct request_peer *peer, bool is_parked)
{
    peer->is_parked = is_parked;
    for (unsigned line = 0; line < REQUEST_LINES; line++) {
        if (is_parked)
            queue->lines[line].count -= peer->places[line].count;
        else
            queue->lines[line].count += peer->places[line].count;
        place_in_line(queue, peer, line);
    }
}

void request_queue_park(struct request_queue *queue, struct request_peer *peer)
{
    if (peer->is_parked)
        return;
    set_age(queue, peer, NULL);
    set_parked(queue, peer, true);
}

void request_queue_unpark(struct request_queue *queue, const struct session *session,
                          struct mono now)
{
    struct request_peer *peer = request_queue_find(queue, session);
    if (peer == NULL || !peer->is_parked)
        return;
    set_age(queue, peer, &now);
    set_parked(queue, peer, false);
}

uint32_t request_queue_mark(const struct request_queue *queue, uint32_t in_flight_max)
{
    uint32_t most = in_flight_max == 0 ? UNLIMITED_MARK : in_flight_max / 4;
    uint32_t mark_min = most < REQUEST_MARK_MIN ? most : REQUEST_MARK_MIN;
    uint64_t mark = most;
    if (queue->count > REQUEST_CROWD)
        mark = mark * REQUEST_CROWD / queue->count;
    if (mark < mark_min)
        mark = mark_min;
    return mark == 0 ? 1 : (uint32_t)mark;
}

uint64_t request_queue_age_ns(const struct request_queue *queue, struct mono now)
{
    if (list_is_empty(&queue->by_age))
        return 0;
    const struct request_entry *oldest =
        CONTAINER_OF(queue->by_age.next, struct request_entry, by_age);
    return mono_since_ns(now, oldest->since);
}
