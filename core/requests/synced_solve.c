#include "core/requests/synced_solve.h"

#include "core/base/check.h"
#include "core/path/residual.h"
#include "core/path/set_load.h"
#include "core/pcep/model.h"

#include <string.h>

#define SYNCED_WEIGHTS 1048576.0 /* of the greatest bandwidth of a set */
#define SVEC_SIZE_MAX  (8 + 4 * PATH_SET_MAX)
#define OF_SIZE        8
#define METRIC_SIZE    12
/* Of synced_set.told_mask: what is of the whole network. */
#define SYNCED_TOLD_OF_NETWORK                                                                     \
    (1U | 1U << (PCEP_METRIC_TYPE_MOST_LOADED_LINK - PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION))
#define PRIORITY_LAST 7 /* at which a link has left what nobody holds */

struct solving {
    struct request_context *context;
    struct session *session;
    struct synced_scratch *scratch;
    struct synced_set *set;
    struct path_result results[PATH_SET_MAX]; /* by place in the set */
    bool is_whole;                            /* all of them have paths */
    const struct path_reservations
        *plain; /* what those see that hold nothing; NULL: not shown yet */
};

/* ---- what members see ---- */

static bool solving_keep_own(struct arena *arena, const struct path_reservations *shown,
                             struct path_reservations *kept)
{
    uint32_t *links = ARENA_ARRAY(arena, uint32_t, shown->own_count);
    if (links == NULL)
        return false;
    memcpy(links, shown->own_links, shown->own_count * sizeof *links);
    kept->own_links = links;
    kept->own_count = shown->own_count;
    kept->own = shown->own;
    return true;
}

/* What the account showed last is the next one's place: kept in the arena. Those that hold nothing see the
 * same, by which they are known to be alike (set_pair.h). */
static enum pce_status solving_keep_account(struct solving *solving, struct path_request *path)
{
    struct arena *arena = solving->context->arena;
    if (path->reservations == NULL)
        return PCE_OK;
    bool holds = path->reservations->own_count > 0 && path->reservations->own.octets_per_s > 0;
    if (!holds && solving->plain != NULL) {
        path->reservations = solving->plain;
        return PCE_OK;
    }
    struct path_reservations *kept = ARENA_NEW(arena, struct path_reservations);
    if (kept == NULL)
        return PCE_LIMIT;
    *kept = (struct path_reservations){.table = path->reservations->table};
    if (!holds)
        solving->plain = kept;
    else if (!solving_keep_own(arena, path->reservations, kept))
        return PCE_LIMIT;
    path->reservations = kept;
    return PCE_OK;
}

static enum pce_status solving_show(struct solving *solving)
{
    struct synced_set *set = solving->set;
    for (uint32_t m = 0; m < set->count; m++) {
        /* Of one it is MLP; and bandwidth that is held counts, whether any is asked or not. */
        if (set->of_code == PCEP_OF_MLL)
            set->plans[m]->path.objective = PATH_MIN_MAX_LOAD;
        account_show(solving->context, solving->session, set->plans[m]);
        if (solving_keep_account(solving, &set->plans[m]->path) != PCE_OK)
            return PCE_LIMIT;
    }
    return PCE_OK;
}

/* ---- the paths ---- */

/* Members whose ends are known; the others are answered without a path. */
struct solving_ask {
    struct path_member members[PATH_SET_MAX];
    uint32_t places[PATH_SET_MAX]; /* in the set */
    uint8_t between[PATH_SET_MAX * PATH_SET_MAX];
    uint32_t count;
};

/* MBC: each link that a path takes costs its bandwidth. */
static void solving_weigh(struct solving_ask *ask)
{
    float most = 0;
    for (uint32_t m = 0; m < ask->count; m++)
        most = ask->members[m].request.bandwidth > most ? ask->members[m].request.bandwidth : most;
    for (uint32_t m = 0; m < ask->count; m++) {
        struct path_request *request = &ask->members[m].request;
        request->objective = PATH_MIN_METRIC;
        request->metric = PATH_METRIC_HOPS;
        if (most > 0)
            ask->members[m].weight =
                1 + (uint32_t)((double)request->bandwidth / (double)most * SYNCED_WEIGHTS);
    }
}

static void solving_fill(const struct synced_set *set, struct solving_ask *ask)
{
    ask->count = 0;
    for (uint32_t m = 0; m < set->count; m++) {
        if (set->plans[m]->no_path_vector != 0)
            continue;
        ask->members[ask->count] = (struct path_member){.request = set->plans[m]->path};
        ask->places[ask->count++] = m;
    }
    for (uint32_t a = 0; a < ask->count; a++) {
        for (uint32_t b = 0; b < ask->count; b++)
            ask->between[a * ask->count + b] =
                set->between[ask->places[a] * PATH_SET_MAX + ask->places[b]];
    }
    if (set->of_code == PCEP_OF_MBC)
        solving_weigh(ask);
}

/* Why a set that costs more than it may has no paths: there may be one that costs less. */
static enum path_outcome solving_beyond(const struct synced_set *set,
                                        const struct path_set_result *found)
{
    bool is_sure = found->is_optimal || !(found->cost_min <= (double)set->bound);
    return is_sure ? PATH_NONE : PATH_WORK_EXCEEDED;
}

static void solving_compute(struct solving *solving)
{
    struct request_context *context = solving->context;
    const struct synced_set *set = solving->set;
    struct solving_ask ask;
    struct path_set_result found = {.outcome = PATH_NONE};
    uint64_t work_max = requests_may_offload(context) ? SYNCED_WORK_MAX : 0;
    solving_fill(set, &ask);
    const struct path_set_request request = {.members = ask.members,
                                             .count = ask.count,
                                             .diversity = set->diversity | PATH_DIVERSE_LINK,
                                             .between = ask.between,
                                             .is_strict = true,
                                             .work_max = work_max};
    if (ask.count == 1) {
        path_compute_within(context->engine, context->snapshot, &ask.members[0].request,
                            work_max == 0 ? UINT64_MAX : work_max, &found.members[0]);
        found.outcome = found.members[0].outcome;
        found.is_optimal = true;
        found.work = found.members[0].work;
        found.cost = found.members[0].metrics[ask.members[0].request.metric];
    } else if (ask.count > 1 && set->of_code == PCEP_OF_MLL) {
        path_set_compute_load(solving->scratch->paths, context->engine, context->snapshot, &request,
                              &found);
    } else if (ask.count > 1) {
        path_set_compute(solving->scratch->paths, context->engine, context->snapshot, &request,
                         &found);
    }
    requests_spend(context, found.work);
    solving->is_whole = found.outcome == PATH_FOUND && ask.count == set->count;
    bool is_beyond = set->has_bound && solving->is_whole && !(found.cost <= (double)set->bound);
    for (uint32_t m = 0; m < set->count; m++)
        solving->results[m] =
            (struct path_result){.outcome = is_beyond ? solving_beyond(set, &found) : PATH_NONE};
    solving->is_whole = solving->is_whole && !is_beyond;
    for (uint32_t i = 0; i < ask.count && !is_beyond; i++)
        solving->results[ask.places[i]] = found.members[i];
}

/* ---- what is told of the set ---- */

/* Of all links of the network, with the paths of the set on them. */
struct solving_network {
    double taken; /* octets per second */
    double worst; /* taken / capacity */
};

/* By link, what the set has added; zero between two sets. NULL: the arena is full. */
static double *solving_added(const struct solving *solving)
{
    struct request_context *context = solving->context;
    uint32_t count = context->snapshot->link_count;
    if (solving->scratch->added == NULL) {
        solving->scratch->added = ARENA_ARRAY(context->arena, double, count);
        if (solving->scratch->added != NULL)
            memset(solving->scratch->added, 0, count * sizeof(double));
    }
    return solving->scratch->added;
}

static enum pce_status solving_look(const struct solving *solving, struct solving_network *network)
{
    const struct ted_snapshot *snapshot = solving->context->snapshot;
    const struct ted_reservations *table =
        solving->context->account == NULL ? NULL : solving->context->account->table;
    const struct path_reservations all = {.table = table};
    double *added = solving_added(solving);
    if (added == NULL)
        return PCE_LIMIT;
    requests_spend(solving->context, snapshot->link_count);
    for (uint32_t m = 0; m < solving->set->count; m++) {
        const struct path_request *path = &solving->set->plans[m]->path;
        const struct path_reservations *own = path->reservations;
        for (uint32_t i = 0; i < solving->results[m].link_count; i++)
            added[solving->results[m].links[i]] += (double)path->bandwidth;
        for (uint32_t i = 0; own != NULL && i < own->own_count; i++)
            added[own->own_links[i]] -= residual_own(own, own->own_links[i], PRIORITY_LAST);
    }
    *network = (struct solving_network){0};
    for (uint32_t link = 0; link < snapshot->link_count; link++) {
        double capacity = (double)snapshot->links[link].capacity;
        double taken =
            capacity + added[link] - residual_of_all(snapshot, &all, link, PRIORITY_LAST);
        added[link] = 0;
        if (!(capacity > 0) || snapshot->links[link].is_gone)
            continue;
        network->taken += taken;
        network->worst = taken / capacity > network->worst ? taken / capacity : network->worst;
    }
    return PCE_OK;
}

static double solving_sum(const struct solving *solving, enum path_metric metric)
{
    double sum = 0;
    for (uint32_t m = 0; m < solving->set->count; m++)
        sum += solving->results[m].metrics[metric];
    return sum;
}

static void solving_write_head(const struct solving *solving, const struct solving_network *network,
                               uint32_t told_mask, struct wire_writer *writer)
{
    const struct synced_set *set = solving->set;
    const double values[SYNCED_METRICS] = {network->taken, network->worst,
                                           solving_sum(solving, PATH_METRIC_IGP),
                                           solving_sum(solving, PATH_METRIC_TE)};
    uint32_t ids[PATH_SET_MAX];
    for (uint32_t m = 0; m < set->count; m++)
        ids[m] = request_id_of(set->plans[m]->request);
    const struct pcep_svec svec = {
        .flags = set->diversity, .request_ids = ids, .count = set->count};
    pcep_object_put(writer, PCEP_OBJECT_SVEC, 0, &svec);
    if (set->tells_of) {
        const struct pcep_of of = {.code = set->of_code};
        pcep_object_put(writer, PCEP_OBJECT_OF, 0, &of);
    }
    for (uint32_t i = 0; i < SYNCED_METRICS; i++) {
        const struct pcep_metric metric = {
            .type = (uint8_t)(PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION + i),
            .value = (float)values[i]};
        if ((told_mask >> i & 1) != 0)
            pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &metric);
    }
}

/* In front of the responses, in the PCRep of the first ones. What is of the network is left out where there
 * is no room to find it. */
static enum pce_status solving_tell_set(struct solving *solving, struct answer *answer)
{
    const struct synced_set *set = solving->set;
    struct solving_network network = {0};
    uint32_t told_mask = set->told_mask;
    if (!solving->is_whole)
        return PCE_OK;
    if ((told_mask & SYNCED_TOLD_OF_NETWORK) != 0 && solving_look(solving, &network) != PCE_OK)
        told_mask &= ~SYNCED_TOLD_OF_NETWORK;
    if (!set->tells_of && told_mask == 0)
        return PCE_OK;
    if (!answer_begin(answer, SVEC_SIZE_MAX + OF_SIZE + METRIC_SIZE * SYNCED_METRICS))
        return PCE_LIMIT;
    solving_write_head(solving, &network, told_mask, &answer->writer);
    return PCE_OK;
}

/* ---- the answer ---- */

static void solving_refuse(struct solving *solving)
{
    const struct synced_set *set = solving->set;
    for (uint32_t m = 0; m < set->count; m++) {
        struct pcep_fault fault = set->fault;
        fault.id_kind = PCEP_ID_REQUEST;
        fault.id = request_id_of(set->plans[m]->request);
        answer_refuse(solving->context, solving->session, &fault, 1);
    }
}

/* How many of the members have their answers. */
static uint32_t solving_write(struct solving *solving, struct answer *answer)
{
    const struct synced_set *set = solving->set;
    uint32_t written = 0;
    if (solving_tell_set(solving, answer) != PCE_OK)
        return 0;
    for (; written < set->count; written++) {
        struct request_plan *plan = set->plans[written];
        const struct path_result *result = &solving->results[written];
        if (result->outcome == PATH_NONE && result->unsatisfied == PATH_CONSTRAINT_EXCLUSION &&
            plan->path.excluded == NULL)
            plan->no_path_vector = PCEP_NO_PATH_VECTOR_NO_DISJOINT_PATH;
        if (!answer_write_own(answer, plan, result, written + 1 == set->count))
            break;
    }
    return written;
}

enum pce_status synced_answer(struct request_context *context, struct session *session,
                              struct synced_scratch *scratch, struct synced_set *set)
{
    struct solving solving = {
        .context = context, .session = session, .scratch = scratch, .set = set};
    struct answer answer = {.context = context, .session = session};
    uint32_t written = 0;
    if (pcep_fault_is_set(&set->fault)) {
        solving_refuse(&solving);
        return PCE_OK;
    }
    enum pce_status status = solving_show(&solving);
    if (status == PCE_OK) {
        solving_compute(&solving);
        written = solving_write(&solving, &answer);
        answer_finish(&answer);
    }
    context->counters->replies_dropped += set->count - written;
    return written == set->count ? PCE_OK : PCE_LIMIT;
}
