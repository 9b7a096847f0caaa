#include "core/requests/computation.h"
#include "core/base/check.h"
#include "core/base/map.h"
#include "core/requests/hops.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is the same request ---- */

/* Serial number of the topology, state of the account, ends, affinities, priorities and kinds,
 * bandwidth; then the bounds that hold. */
#define KEY_HEAD 7

_Static_assert(PATH_METRIC_COUNT <= 32, "bound_mask has a bit for each metric");

struct request_key {
    uint64_t words[KEY_HEAD + PATH_METRIC_COUNT];
};

static uint64_t pair(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

static void computation_make_key(struct request_key *key, const struct path_request *request,
                                 uint64_t serial, uint64_t account)
{
    uint32_t bandwidth;
    memcpy(&bandwidth, &request->bandwidth, sizeof bandwidth);
    *key = (struct request_key){{
        serial,
        account,
        pair(request->source, request->destination),
        pair(request->exclude_any, request->include_any),
        pair(request->include_all, bandwidth),
        pair(request->bound_mask, (uint32_t)request->setup << 16 |
                                      (uint32_t)request->objective << 8 |
                                      (uint32_t)request->metric),
        pair((uint32_t)request->is_algorithm_strict << 16 | (uint32_t)request->priority << 8 |
                 request->sids_max,
             (uint32_t)request->protection << 16 | (uint32_t)request->algorithm << 8 |
                 request->family),
    }};
    for (unsigned m = 0; m < PATH_METRIC_COUNT; m++) {
        if ((request->bound_mask & (1U << m)) != 0)
            memcpy(&key->words[KEY_HEAD + m], &request->bounds[m], sizeof request->bounds[m]);
    }
}

static bool computation_has_own(const struct path_request *request)
{
    return request->reservations != NULL && request->reservations->own.octets_per_s > 0;
}

/* Nobody else asks the same then. */
static bool computation_is_special(const struct path_request *request, uint32_t undesired)
{
    return computation_has_own(request) || request->undesired != NULL || undesired > 0;
}

static bool is_same(const struct computation *computation, const struct request_key *key)
{
    struct request_key own;
    computation_make_key(&own, &computation->request, computation->serial, computation->account);
    return memcmp(&own, key, sizeof own) == 0;
}

bool computation_is_of(const struct computation *computation, const struct path_request *request,
                       uint64_t serial)
{
    struct request_key key;
    computation_make_key(&key, request, serial, computation->account);
    return is_same(computation, &key);
}

bool computation_asks(const struct computation *computation, const struct path_request *request)
{
    struct path_request placed = *request;
    placed.source = computation->request.source;
    placed.destination = computation->request.destination;
    return computation_is_of(computation, &placed, computation->serial);
}

static struct computation *find_in(const struct list_link *list, const struct request_key *key,
                                   uint64_t hash)
{
    LIST_FOR(link, list)
    {
        struct computation *computation = CONTAINER_OF(link, struct computation, link);
        if (computation->hash == hash && computation->task == NULL &&
            !computation_is_special(&computation->request, computation->undesired_count) &&
            is_same(computation, key))
            return computation;
    }
    return NULL;
}

struct computation *computation_find(const struct computation_table *table,
                                     const struct path_request *request, uint64_t serial,
                                     uint64_t account)
{
    struct request_key key;
    if (table->busy_count == 0 || computation_is_special(request, 0))
        return NULL;
    computation_make_key(&key, request, serial, account);
    uint64_t hash = map_hash(&key, sizeof key);
    struct computation *found = find_in(&table->done, &key, hash);
    if (found != NULL && !found->is_stale)
        return found;
    return find_in(&table->running, &key, hash);
}

/* ---- the shard's side ---- */

struct computation_table *computation_table_create(uint32_t capacity, uint32_t lane,
                                                   enum computation_asker asker)
{
    struct computation_table *table = calloc(1, sizeof *table);
    if (table == NULL)
        return NULL;
    list_init(&table->idle);
    list_init(&table->running);
    list_init(&table->done);
    table->capacity = capacity;
    /* Large and mostly never touched. */
    table->all = calloc(capacity, sizeof *table->all);
    if (table->all == NULL) {
        free(table);
        return NULL;
    }
    for (uint32_t i = 0; i < capacity; i++) {
        table->all[i].lane = lane;
        table->all[i].asker = asker;
        list_init(&table->all[i].entries);
        list_push_back(&table->idle, &table->all[i].link);
    }
    return table;
}

static void computation_drop_task(struct computation *computation)
{
    if (computation->task != NULL)
        computation->task->drop(computation->task);
    computation->task = NULL;
}

void computation_table_destroy(struct computation_table *table)
{
    if (table == NULL)
        return;
    for (uint32_t i = 0; i < table->capacity; i++)
        computation_drop_task(&table->all[i]);
    free(table->all);
    free(table);
}

/* Both point at what the shard will show the next request. */
static void computation_keep_reservations(struct computation *computation)
{
    struct path_reservations *reservations = &computation->reservations;
    if (computation->request.reservations == NULL)
        return;
    *reservations = *computation->request.reservations;
    computation->request.reservations = reservations;
    CHECK(reservations->own_count <= REQUEST_OWN_LINKS_MAX);
    if (reservations->own_count > 0)
        memcpy(computation->own_links, reservations->own_links,
               reservations->own_count * sizeof reservations->own_links[0]);
    reservations->own_links = computation->own_links;
}

/* The set is the shard's, and so is the snapshot that it names links of: numbers hold on any. */
static void computation_keep_undesired(struct computation *computation)
{
    const struct path_avoid *avoid = computation->request.undesired;
    computation->undesired_count = 0;
    computation->request.undesired = NULL;
    if (avoid == NULL || avoid->snapshot->link_numbers == NULL)
        return;
    for (uint32_t i = 0; i < avoid->touched_count; i++) {
        const uint32_t number = avoid->snapshot->link_numbers->of_links[avoid->touched[i]];
        if (number != TED_NONE && computation->undesired_count < REQUEST_UNDESIRED_MAX)
            computation->undesired[computation->undesired_count++] = number;
    }
}

static struct computation *computation_take(struct computation_table *table, uint64_t serial,
                                            uint64_t account)
{
    struct list_link *link = list_pop_front(&table->idle);
    /* The shard alone moves computations between the lists, and asks computation_has_room just
     * before: how many compute threads have or bring back changes nothing in between. */
    CHECK(link != NULL);
    struct computation *computation = CONTAINER_OF(link, struct computation, link);
    CHECK(list_is_empty(&computation->entries));
    computation->serial = serial;
    computation->account = account;
    computation->is_stale = false;
    computation->is_patient = false;
    atomic_store_explicit(&computation->is_unwanted, false, memory_order_relaxed);
    list_push_back(&table->running, link);
    table->busy_count++;
    return computation;
}

struct computation *computation_begin(struct computation_table *table,
                                      const struct path_request *request, uint64_t serial,
                                      uint64_t account)
{
    struct request_key key;
    struct computation *computation = computation_take(table, serial, account);
    computation_make_key(&key, request, serial, account);
    computation->hash = map_hash(&key, sizeof key);
    computation->request = *request;
    computation_keep_reservations(computation);
    computation_keep_undesired(computation);
    return computation;
}

struct computation *computation_begin_task(struct computation_table *table,
                                           struct computation_task *task, uint64_t serial)
{
    struct computation *computation = computation_take(table, serial, 0);
    computation->task = task;
    return computation;
}

static struct ip computation_end_of(const struct ted_node *node)
{
    return node->router_id_v4.family != IP_NONE ? node->router_id_v4 : node->router_id_v6;
}

/* Indexes are of one snapshot, numbers of all. */
static void computation_note_own(struct computation *computation,
                                 const struct ted_snapshot *snapshot)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    const struct path_reservations *own = computation->request.reservations;
    for (uint32_t i = 0; own != NULL && i < own->own_count; i++)
        computation->own_numbers[i] =
            numbers == NULL ? TED_NONE : numbers->of_links[own->own_links[i]];
}

void computation_be_patient(struct computation *computation, const struct ted_snapshot *snapshot)
{
    CHECK(snapshot->serial == computation->serial);
    computation->is_patient = true;
    computation->ends[0] = computation_end_of(&snapshot->nodes[computation->request.source]);
    computation->ends[1] = computation_end_of(&snapshot->nodes[computation->request.destination]);
    computation_note_own(computation, snapshot);
}

void computation_join(struct computation *computation, struct list_link *entry)
{
    list_push_back(&computation->entries, entry);
    atomic_store_explicit(&computation->is_unwanted, false, memory_order_relaxed);
}

void computation_leave(struct computation *computation, struct list_link *entry)
{
    list_remove(entry);
    /* Relaxed: a thread that sees it too late computes for nobody, which costs time alone. */
    if (list_is_empty(&computation->entries))
        atomic_store_explicit(&computation->is_unwanted, true, memory_order_relaxed);
}

void computation_finish(struct computation_table *table, struct computation *computation)
{
    CHECK(list_is_linked(&computation->link));
    list_remove(&computation->link);
    list_push_back(&table->done, &computation->link);
}

struct computation *computation_first_done(const struct computation_table *table)
{
    return list_is_empty(&table->done) ? NULL
                                       : CONTAINER_OF(table->done.next, struct computation, link);
}

void computation_end(struct computation_table *table, struct computation *computation)
{
    CHECK(table->busy_count > 0);
    CHECK(list_is_empty(&computation->entries));
    computation_drop_task(computation);
    list_remove(&computation->link);
    list_push_front(&table->idle, &computation->link);
    table->busy_count--;
}

/* ---- the other thread's side ---- */

static int run_compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* What is free to it, by the links of this snapshot. */
static void run_place_own(struct computation *computation, const struct ted_snapshot *snapshot,
                          struct path_reservations *reservations)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    uint32_t count = 0;
    for (uint32_t i = 0; i < computation->reservations.own_count && numbers != NULL; i++) {
        uint32_t number = computation->own_numbers[i];
        if (number < numbers->count && numbers->links[number] != TED_NONE)
            computation->ran_own[count++] = numbers->links[number];
    }
    qsort(computation->ran_own, count, sizeof computation->ran_own[0], run_compare);
    *reservations = computation->reservations;
    reservations->own_links = computation->ran_own;
    reservations->own_count = count;
}

/* The request as it is on this snapshot. The shard compares the one that the computation has, so
 * that that one stays as it is. False: it makes no sense there. */
static bool run_place(struct computation *computation, const struct ted_snapshot *snapshot,
                      struct path_request *request, struct path_reservations *reservations)
{
    *request = computation->request;
    if (snapshot->serial == computation->serial)
        return true;
    if (!computation->is_patient || computation->task != NULL)
        return computation->is_patient;
    request->source = ted_find_node_by_address(snapshot, &computation->ends[0]);
    request->destination = ted_find_node_by_address(snapshot, &computation->ends[1]);
    if (request->reservations != NULL) {
        run_place_own(computation, snapshot, reservations);
        request->reservations = reservations;
    }
    return request->source != TED_NONE && request->destination != TED_NONE;
}

/* A wish: without memory for it the path may be one of theirs. */
static bool run_fill_undesired(const struct computation *computation,
                               const struct ted_snapshot *snapshot, struct path_avoid *avoid)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    if (computation->undesired_count == 0 || numbers == NULL || !path_avoid_begin(avoid, snapshot))
        return false;
    for (uint32_t i = 0; i < computation->undesired_count; i++) {
        const uint32_t number = computation->undesired[i];
        if (number < numbers->count && numbers->links[number] != TED_NONE)
            path_avoid_link(avoid, numbers->links[number]);
    }
    return true;
}

void computation_run(struct computation *computation, struct path_engine *engine,
                     const struct ted_snapshot *snapshot)
{
    struct path_result *result = &computation->result;
    struct path_reservations reservations;
    struct path_request request;
    computation->is_stale = snapshot == NULL ||
                            !run_place(computation, snapshot, &request, &reservations) ||
                            atomic_load_explicit(&computation->is_unwanted, memory_order_relaxed);
    *result = (struct path_result){.outcome = PATH_NONE};
    if (computation->is_stale)
        return;
    computation->ran_serial = snapshot->serial;
    computation->ran_turn = snapshot->link_numbers == NULL ? 0 : snapshot->link_numbers->turn;
    if (computation->task != NULL) {
        computation->task->run(computation->task, engine, snapshot);
        return;
    }
    computation->ran_ends[0] = request.source;
    computation->ran_ends[1] = request.destination;
    struct path_avoid undesired = {0};
    if (run_fill_undesired(computation, snapshot, &undesired))
        request.undesired = &undesired;
    path_compute(engine, snapshot, &request, result);
    path_avoid_fini(&undesired);
    if (result->outcome != PATH_FOUND)
        return;
    CHECK(result->sid_count <= PATH_SIDS_MAX && result->link_count <= PATH_HOPS_MAX);
    if (result->sid_count > 0)
        memcpy(computation->sids, result->sids, result->sid_count * sizeof *result->sids);
    if (result->link_count > 0)
        memcpy(computation->links, result->links, result->link_count * sizeof *result->links);
    /* Those of the engine are gone when the shard looks at them. */
    result->sids = computation->sids;
    result->links = computation->links;
    if (computation->request.setup == PATH_SETUP_RSVP_TE)
        hops_of_links(snapshot, computation->request.family, result->links, result->link_count,
                      computation->hops);
}
