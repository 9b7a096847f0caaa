#include "core/requests/synced_set.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <stdlib.h>

_Static_assert((int)PATH_DIVERSE_LINK == (int)PCEP_SVEC_L &&
                   (int)PATH_DIVERSE_NODE == (int)PCEP_SVEC_N &&
                   (int)PATH_DIVERSE_SRLG == (int)PCEP_SVEC_S,
               "the flags of a SVEC are bits of a diversity");

static bool synced_must_process(const struct pcep_object *object)
{
    return (object->header_flags & PCEP_OBJECT_FLAG_P) != 0;
}

static bool synced_is(const struct pcep_object *object, enum pcep_object_id id)
{
    return object->row != NULL && object->row->id == id;
}

/* ---- which requests ---- */

/* Requests by their ID, and the set that each is in: the first request of it, by union and find. */
struct synced_ties {
    struct synced_tie {
        uint32_t id;
        uint32_t plan;
    } * by_id;
    uint32_t *parents; /* by plan */
    uint32_t *places;  /* by plan: its set in synced_sets */
    uint32_t count;
};

static int synced_tie_compare(const void *a, const void *b)
{
    return request_ids_compare(&((const struct synced_tie *)a)->id,
                               &((const struct synced_tie *)b)->id);
}

/* TED_NONE: no sound request of this ID is tied. */
static uint32_t synced_find(const struct synced_ties *ties, uint32_t id)
{
    const struct synced_tie key = {.id = id};
    const struct synced_tie *found =
        bsearch(&key, ties->by_id, ties->count, sizeof *ties->by_id, synced_tie_compare);
    return found == NULL ? TED_NONE : found->plan;
}

static uint32_t synced_root(struct synced_ties *ties, uint32_t plan)
{
    while (ties->parents[plan] != plan) {
        ties->parents[plan] = ties->parents[ties->parents[plan]];
        plan = ties->parents[plan];
    }
    return plan;
}

static void synced_tie_all(struct synced_ties *ties, const struct pcep_svec *svec)
{
    uint32_t first = TED_NONE;
    for (uint32_t i = 0; i < svec->count; i++) {
        uint32_t plan = synced_find(ties, svec->request_ids[i]);
        if (plan == TED_NONE)
            continue;
        if (first == TED_NONE)
            first = synced_root(ties, plan);
        ties->parents[synced_root(ties, plan)] = first;
    }
}

static enum pce_status synced_ties_init(struct synced_ties *ties, const struct request_plan *plans,
                                        uint32_t count, struct arena *arena)
{
    ties->count = count;
    ties->by_id = ARENA_ARRAY(arena, struct synced_tie, count);
    ties->parents = ARENA_ARRAY(arena, uint32_t, count);
    ties->places = ARENA_ARRAY(arena, uint32_t, count);
    if (ties->by_id == NULL || ties->parents == NULL || ties->places == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < count; i++) {
        ties->by_id[i] = (struct synced_tie){request_id_of(plans[i].request), i};
        ties->parents[i] = i;
    }
    qsort(ties->by_id, count, sizeof *ties->by_id, synced_tie_compare);
    return PCE_OK;
}

/* ---- what is asked of a set ---- */

static void synced_refuse(struct synced_set *set, const struct pcep_object *object,
                          enum pcep_error_code error, const char *reason)
{
    pcep_fault_set(&set->fault, PCEP_FAULT_REQUEST, error, object->offset, reason);
}

static uint32_t synced_place_in(const struct synced_set *set, const struct request_plan *plan)
{
    uint32_t place = 0;
    while (place < set->count && set->plans[place] != plan)
        place++;
    return place;
}

/* Each two requests of the SVEC are as diverse as it says. */
static void synced_set_part(struct synced_set *set, const struct synced_ties *ties,
                            struct request_plan *plans, const struct pcep_svec *svec)
{
    uint32_t members = 0;
    for (uint32_t i = 0; i < svec->count; i++) {
        uint32_t plan = synced_find(ties, svec->request_ids[i]);
        uint32_t place = plan == TED_NONE ? set->count : synced_place_in(set, &plans[plan]);
        members |= place < set->count ? UINT32_C(1) << place : 0;
    }
    uint8_t diversity = (uint8_t)(svec->flags & REQUEST_SVEC_DIVERSITY);
    for (uint32_t a = 0; a < set->count; a++) {
        for (uint32_t b = 0; b < set->count; b++) {
            if (a != b && (members >> a & 1) != 0 && (members >> b & 1) != 0)
                set->between[a * PATH_SET_MAX + b] |= diversity;
        }
    }
    set->diversity |= diversity;
}

/* RFC 5440 7.13.3: what is missing, or was refused, cancels the whole set. */
static void synced_set_take(struct synced_set *set, const struct synced_ties *ties,
                            struct request_plan *plans, const struct pcep_object *object)
{
    const struct pcep_svec *svec = object->body;
    set->svec = set->svec_count++ == 0 ? object : NULL;
    if ((svec->flags & REQUEST_SVEC_P2MP) != 0)
        synced_refuse(set, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                      "diversity of P2MP trees is not supported");
    for (uint32_t i = 0; i < svec->count; i++) {
        if (synced_find(ties, svec->request_ids[i]) == TED_NONE)
            synced_refuse(set, object, PCEP_ERROR_SYNCHRONIZED_REQUEST_MISSING,
                          "synchronized request missing");
    }
    if (set->count <= PATH_SET_MAX)
        synced_set_part(set, ties, plans, svec);
    else
        synced_refuse(set, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                      "too many requests that depend on each other");
}

/* ---- objectives and metrics ---- */

/* No two paths may have a link in common, so that each link has one load. */
static bool synced_set_is_apart(const struct synced_set *set)
{
    for (uint32_t a = 0; a < set->count; a++) {
        for (uint32_t b = 0; b < set->count; b++) {
            if (a != b && set->between[a * PATH_SET_MAX + b] == 0)
                return false;
        }
    }
    return true;
}

static void synced_set_read_of(struct synced_set *set, const struct pcep_object *object)
{
    uint16_t code = ((const struct pcep_of *)object->body)->code;
    bool is_known = code == PCEP_OF_MCC || code == PCEP_OF_MBC ||
                    (code == PCEP_OF_MLL && synced_set_is_apart(set));
    if (is_known) {
        set->of_code = code;
        set->tells_of = true;
    } else if (synced_must_process(object)) {
        synced_refuse(set, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                      "objective function of a set not supported");
    }
}

/* Whether what is minimised is the sum of this metric, so that a bound on it is kept if it can be. */
static bool synced_set_minimises(const struct synced_set *set, uint8_t type)
{
    enum path_metric metric =
        type == PCEP_METRIC_TYPE_CUMULATIVE_IGP ? PATH_METRIC_IGP : PATH_METRIC_TE;
    bool is_sum = set->of_code == PCEP_OF_MCC && (type == PCEP_METRIC_TYPE_CUMULATIVE_IGP ||
                                                  type == PCEP_METRIC_TYPE_CUMULATIVE_TE);
    for (uint32_t m = 0; m < set->count; m++) {
        const struct path_request *path = &set->plans[m]->path;
        is_sum = is_sum && path->objective == PATH_MIN_METRIC && path->metric == metric;
    }
    return is_sum;
}

static void synced_set_read_metric(struct synced_set *set, const struct pcep_object *object)
{
    const struct pcep_metric *metric = object->body;
    bool is_bound = (metric->flags & PCEP_METRIC_B) != 0;
    bool is_known = metric->type >= PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION &&
                    metric->type <= PCEP_METRIC_TYPE_CUMULATIVE_TE &&
                    (!is_bound || synced_set_minimises(set, metric->type));
    if (is_known && is_bound && !set->has_bound) {
        set->has_bound = true;
        set->bound = metric->value;
    }
    if (is_known && (metric->flags & PCEP_METRIC_C) != 0)
        set->told_mask |= (uint8_t)(1U << (metric->type - PCEP_METRIC_TYPE_BANDWIDTH_CONSUMPTION));
    if (!is_known && synced_must_process(object))
        synced_refuse(set, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                      "metric of a set not supported");
}

/* What stands behind a SVEC, up to the next one or the first request. */
static void synced_set_read_attributes(struct synced_set *set, const struct pcep_object *svec,
                                       const struct pcep_object *end)
{
    if (pcep_fault_is_set(&set->fault))
        return;
    for (const struct pcep_object *object = svec + 1; object < end; object++) {
        if (synced_is(object, PCEP_OBJECT_SVEC) || synced_is(object, PCEP_OBJECT_RP))
            return;
        bool is_of = synced_is(object, PCEP_OBJECT_OF);
        bool is_metric = synced_is(object, PCEP_OBJECT_METRIC);
        if (!is_of && !is_metric)
            continue;
        if (set->svec == NULL && synced_must_process(object))
            synced_refuse(set, object, PCEP_ERROR_PARAMETER_NOT_SUPPORTED,
                          "objective of sets that overlap not supported");
        else if (set->svec != NULL && is_of)
            synced_set_read_of(set, object);
        else if (set->svec != NULL)
            synced_set_read_metric(set, object);
    }
}

/* ---- all of them ---- */

/* Numbers the sets, and says of each request which one it is in. */
static uint32_t synced_number(struct synced_ties *ties)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < ties->count; i++) {
        if (ties->parents[i] == i)
            ties->places[i] = count++;
    }
    for (uint32_t i = 0; i < ties->count; i++)
        ties->places[i] = ties->places[synced_root(ties, i)];
    return count;
}

static enum pce_status synced_sets_make(struct synced_sets *sets, struct synced_ties *ties,
                                        struct request_plan *plans, struct arena *arena)
{
    sets->count = synced_number(ties);
    sets->all = ARENA_ARRAY(arena, struct synced_set, sets->count);
    struct request_plan **room = ARENA_ARRAY(arena, struct request_plan *, ties->count);
    if (sets->all == NULL || room == NULL)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < sets->count; i++)
        sets->all[i] = (struct synced_set){.of_code = PCEP_OF_MCC};
    for (uint32_t i = 0; i < ties->count; i++)
        sets->all[ties->places[i]].count++;
    for (uint32_t i = 0; i < sets->count; i++) {
        sets->all[i].plans = room;
        room += sets->all[i].count;
        sets->all[i].count = 0;
    }
    for (uint32_t i = 0; i < ties->count; i++) {
        struct synced_set *set = &sets->all[ties->places[i]];
        set->plans[set->count++] = &plans[i];
    }
    return PCE_OK;
}

/* The set of a SVEC; NULL: none of its requests is there. */
static struct synced_set *synced_set_of(struct synced_sets *sets, const struct synced_ties *ties,
                                        const struct pcep_svec *svec)
{
    for (uint32_t i = 0; i < svec->count; i++) {
        uint32_t plan = synced_find(ties, svec->request_ids[i]);
        if (plan != TED_NONE)
            return &sets->all[ties->places[plan]];
    }
    return NULL;
}

enum pce_status synced_sets_read(const struct pcep_request_list *list, struct request_plan *plans,
                                 uint32_t count, struct arena *arena, struct synced_sets *sets)
{
    struct synced_ties ties;
    *sets = (struct synced_sets){.count = 0};
    if (synced_ties_init(&ties, plans, count, arena) != PCE_OK)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < list->svec_count; i++) {
        if (request_is_tie(list->svecs[i]))
            synced_tie_all(&ties, list->svecs[i]->body);
    }
    if (synced_sets_make(sets, &ties, plans, arena) != PCE_OK)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < list->svec_count; i++) {
        struct synced_set *set = synced_set_of(sets, &ties, list->svecs[i]->body);
        if (set != NULL && request_is_tie(list->svecs[i]))
            synced_set_take(set, &ties, plans, list->svecs[i]);
    }
    const struct pcep_object *end = list->requests[0].rp; /* the first one */
    for (uint32_t i = 0; i < list->svec_count; i++) {
        struct synced_set *set = synced_set_of(sets, &ties, list->svecs[i]->body);
        if (set != NULL && request_is_tie(list->svecs[i]))
            synced_set_read_attributes(set, list->svecs[i], end);
    }
    return PCE_OK;
}
