/* Changes that are followed, beside a whole merge of the same. */
#include "core/ted/patch.h"
#include "tests/lib/network_text.h"
#include "tests/model/rib/world.h"

#include <string.h>

#define EVENTS_PER_NETWORK 8
#define CHANGES_MAX        4 /* gathered for one event */
#define MEMORY_TRIES_MAX   60

/* What an event changes: all of its changes are of one kind. Of 100 that were drawn so many are to be
 * followed, or to be without effect, at least: the rest touches what contradicts itself. */
#define EVENT_KINDS(KIND)                                                                          \
    KIND(values, 70)    /* what a link is worth */                                                 \
    KIND(links, 70)     /* links that are known go and come */                                     \
    KIND(new_links, 70) /* links come that were never there */                                     \
    KIND(lans, 70)      /* what leads to a LAN, or from it */                                      \
    KIND(addresses, 95) /* prefixes of nodes */                                                    \
    KIND(sids, 95)      /* prefix SIDs */                                                          \
    KIND(srv6_sids, 95)                                                                            \
    KIND(nodes, 70)   /* names, MSDs, flags, label ranges, algorithms */                           \
    KIND(tellers, 40) /* whether a source tells of a node */                                       \
    KIND(sources, 0)

#define EVENT_MEMBER(name, part) EVENT_##name,
enum event_kind { EVENT_KINDS(EVENT_MEMBER) EVENT_COUNT };
#undef EVENT_MEMBER

static struct {
    uint64_t followed, unchanged, whole;
} counts[EVENT_COUNT];

/* ---- what changes ---- */

static void change_values(struct world *w, struct object *object)
{
    struct rib_link *link = &object->said_link;
    if (link->adj_sid_count > 0 && chance(w, 10))
        object->adj_sids[0].value = 16 + (uint32_t)below(w, 100);
    switch (below(w, 7)) {
    case 0:
        link->igp_metric = chance(w, 10) ? 16777215 : 1 + (uint32_t)below(w, 50);
        break;
    case 1:
        link->te_metric = (uint32_t)below(w, 50);
        break;
    case 2:
        link->delay_us = (uint32_t)below(w, 50);
        break;
    case 3:
        link->capacity = (float)below(w, 50);
        break;
    case 4:
        link->unreserved[below(w, TED_PRIORITIES)] = (float)below(w, 4);
        link->present |= chance(w, 10) ? RIB_LINK_UNRESERVED : 0U;
        break;
    case 5:
        object->srlg = 1 + (uint32_t)below(w, 5);
        link->present |= RIB_LINK_SRLGS;
        break;
    default:
        link->admin_group = (uint32_t)below(w, 4);
        break;
    }
}

static void change_prefix_sid(struct world *w, struct object *object)
{
    object->said_prefix.present ^= chance(w, 20) ? RIB_PREFIX_SIDS : 0U;
    object->sid.is_node = chance(w, 90);
    object->sid.is_label = chance(w, 20);
    object->sid.value = (object->sid.is_label != 0 ? 16000U : 0U) + 20 + (uint32_t)below(w, 200);
}

static void change_srv6_sid(struct world *w, struct object *object)
{
    object->said_sid.behavior = (uint16_t)(1 + below(w, 3));
    object->said_sid.sid.octets[14] = (uint8_t)below(w, 3);
    if (chance(w, 5)) /* it may be another node's, too */
        object->said_sid.sid.octets[15] = (uint8_t)below(w, NODES_MAX);
}

static void change_node(struct world *w, struct object *object)
{
    struct rib_node *node = &object->said_node;
    switch (below(w, 5)) {
    case 0:
        node->text_count =
            (uint32_t)snprintf(object->text, sizeof object->text, "x%u", (unsigned)below(w, 1000));
        node->present |= RIB_NODE_TEXT;
        break;
    case 1:
        node->msd = (uint8_t)below(w, 12);
        node->present |= RIB_NODE_MSD;
        break;
    case 2:
        node->flags ^= RIB_NODE_OVERLOADED;
        break;
    case 3:
        object->srgb.size = 1000 + (uint32_t)below(w, 3);
        break;
    default:
        object->algorithm = (uint8_t)below(w, 3);
        node->algorithm_count = 1;
        node->present |= RIB_NODE_ALGORITHMS;
        break;
    }
}

/* What a kind of event is about: false, another object is drawn. */
static bool is_about(enum event_kind kind, const struct object *object)
{
    static const enum rib_kind kinds[EVENT_COUNT] = {
        [EVENT_values] = RIB_KIND_LINK,        [EVENT_links] = RIB_KIND_LINK,
        [EVENT_addresses] = RIB_KIND_PREFIX,   [EVENT_sids] = RIB_KIND_PREFIX,
        [EVENT_srv6_sids] = RIB_KIND_SRV6_SID, [EVENT_nodes] = RIB_KIND_NODE,
        [EVENT_tellers] = RIB_KIND_NODE,       [EVENT_lans] = RIB_KIND_LINK,
    };
    bool is_of_lan = rib_name_is_lan(&object->node) || rib_name_is_lan(&object->remote);
    return object->kind == kinds[kind] && is_of_lan == (kind == EVENT_lans);
}

/* NULL: there is none. */
static struct object *draw_object(struct world *w, enum event_kind kind)
{
    for (unsigned tries = 0; tries < 200; tries++) {
        struct object *object = &w->objects[below(w, w->object_count)];
        if (is_about(kind, object))
            return object;
    }
    return NULL;
}

/* Mostly who is believed. */
static uint32_t draw_source(struct world *w, const struct object *object)
{
    return chance(w, 70) ? tell_authority(w, object->teller_group)
                         : (uint32_t)below(w, w->source_count);
}

static void change_told(struct twins *twins, const struct world *w, const struct telling *telling,
                        bool goes)
{
    uint32_t sources[SOURCES_MAX] = {0, 1, 2, 3};
    uint32_t key = telling->object + (telling->is_ghost ? OBJECTS_MAX : 0);
    const struct rib_key octets = {(const uint8_t *)&key, sizeof key};
    enum rib_kind kind = w->objects[telling->object].kind;
    if (goes) {
        enum pce_status a = rib_remove(twins->following, telling->source, kind, &octets);
        WANT(a == rib_remove(twins->whole, telling->source, kind, &octets));
        return;
    }
    tell_put(twins->following, sources, w, telling);
    tell_put(twins->whole, sources, w, telling);
}

static void change_source(struct world *w, struct twins *twins)
{
    uint32_t source = (uint32_t)below(w, w->source_count);
    if (chance(w, 50)) {
        rib_source_went(twins->following, source);
        rib_source_went(twins->whole, source);
    } else {
        rib_source_is_complete(twins->following, source);
        rib_source_is_complete(twins->whole, source);
    }
}

/* Between any two routers, told as it is. */
static void change_new_link(struct world *w, struct twins *twins)
{
    uint32_t first = w->object_count;
    if (w->object_count + 8 > OBJECTS_MAX)
        return;
    world_add_link(w);
    for (uint32_t o = first; o < w->object_count; o++) {
        const struct telling telling = {.object = o, .source = draw_source(w, &w->objects[o])};
        change_told(twins, w, &telling, false);
    }
}

typedef void change_fn(struct world *w, struct object *object);

static void change_something(struct world *w, struct twins *twins, enum event_kind kind)
{
    static change_fn *const changes[EVENT_COUNT] = {
        [EVENT_values] = change_values,
        [EVENT_sids] = change_prefix_sid,
        [EVENT_srv6_sids] = change_srv6_sid,
        [EVENT_nodes] = change_node,
    };
    static const unsigned goes[EVENT_COUNT] = {[EVENT_links] = 50,
                                               [EVENT_lans] = 50,
                                               [EVENT_addresses] = 50,
                                               [EVENT_srv6_sids] = 30,
                                               [EVENT_tellers] = 40};
    bool has_object = kind != EVENT_sources && kind != EVENT_new_links;
    struct object *object = has_object ? draw_object(w, kind) : NULL;
    if (kind == EVENT_sources)
        change_source(w, twins);
    if (kind == EVENT_new_links)
        change_new_link(w, twins);
    if (object == NULL)
        return;
    struct telling telling = {.object = (uint32_t)(object - w->objects),
                              .source = draw_source(w, object),
                              .is_lie = kind == EVENT_values && chance(w, 5)};
    telling.is_ghost = kind == EVENT_links && chance(w, 5) && tell_has_name(object);
    if (changes[kind] != NULL)
        changes[kind](w, object);
    change_told(twins, w, &telling, chance(w, goes[kind]));
}

/* ---- whether it is followed as it should be ---- */

/* The arrays of a snapshot that are read in the place of links say the same as they do. */
static void check_edges(const struct ted_snapshot *s)
{
    uint32_t count = 0;
    WANT(s->first_edge[s->node_count] == s->edge_count);
    WANT(s->reverse_first_edge[s->node_count] == s->edge_count);
    for (uint32_t i = 0; i < s->link_count; i++)
        count += !s->links[i].is_gone;
    WANT(count == s->edge_count);
    for (uint32_t node = 0; node < s->node_count; node++) {
        for (uint32_t i = s->first_edge[node]; i < s->first_edge[node + 1]; i++) {
            const struct ted_edge *edge = &s->edges[i];
            const struct ted_link *link = &s->links[edge->link];
            WANT(i == s->first_edge[node] || s->edges[i - 1].link < edge->link);
            WANT(!link->is_gone && link->from == node && link->to == edge->node);
            WANT(edge->igp_metric == link->igp_metric && edge->te_metric == link->te_metric &&
                 edge->is_one_way == !link->is_two_way);
        }
        for (uint32_t i = s->reverse_first_edge[node]; i < s->reverse_first_edge[node + 1]; i++) {
            const struct ted_edge *edge = &s->reverse_edges[i];
            const struct ted_link *link = &s->links[edge->link];
            WANT(i == s->reverse_first_edge[node] || s->reverse_edges[i - 1].link < edge->link);
            WANT(!link->is_gone && link->to == node && link->from == edge->node);
            WANT(edge->igp_metric == link->igp_metric && edge->te_metric == link->te_metric &&
                 edge->is_one_way == !link->is_two_way);
            WANT(s->reverse_columns.admin_group[i] == link->admin_group &&
                 s->reverse_columns.delay_us[i] == link->delay_us &&
                 s->reverse_columns.capacity[i] == link->capacity);
            for (unsigned p = 0; p < TED_PRIORITIES; p++)
                WANT(s->reverse_columns.unreserved[p][i] == link->unreserved[p]);
        }
    }
}

/* What is different says so, and nothing else does. */
static void check_delta(const struct ted_snapshot *before, const struct ted_snapshot *after)
{
    uint32_t at = 0;
    WANT(after->delta != NULL && after->delta->serial == before->serial);
    for (uint32_t i = 0; i < after->link_count; i++) {
        bool is_listed = at < after->delta->count && after->delta->links[at] == i;
        const struct ted_link *a = ted_link_before(before, i), *b = &after->links[i];
        bool is_same = a != NULL && a->is_gone == b->is_gone && a->reverse == b->reverse &&
                       a->is_two_way == b->is_two_way && a->has_sibling == b->has_sibling &&
                       a->igp_metric == b->igp_metric && a->te_metric == b->te_metric;
        WANT(is_listed || is_same);
        at += is_listed;
    }
    WANT(at == after->delta->count);
}

static void follow_without_memory(struct twins *twins)
{
    struct ted_snapshot *next;
    enum pce_status status = PCE_NO_MEMORY;
    for (uint64_t at = 1; status == PCE_NO_MEMORY && at < MEMORY_TRIES_MAX; at++) {
        memory_refuse_at = at;
        status = rib_merge_changes(twins->following, twins->followed, &next, &twins->findings);
        WANT(memory_refuse_at == 0 || status != PCE_NO_MEMORY);
        memory_refuse_at = 0;
        if (status == PCE_OK && next != NULL) {
            ted_snapshot_destroy(twins->followed);
            twins->followed = next;
        }
    }
}

static void follow(struct twins *twins, enum event_kind kind)
{
    struct ted_snapshot *next;
    enum pce_status status =
        rib_merge_changes(twins->following, twins->followed, &next, &twins->findings);
    if (status == PCE_UNSUPPORTED) {
        counts[kind].whole++;
        WANT(rib_merge(twins->following, "model", &next, &twins->findings) == PCE_OK);
    } else {
        WANT(status == PCE_OK);
        counts[kind].followed += next != NULL;
        counts[kind].unchanged += next == NULL;
        if (next != NULL)
            check_delta(twins->followed, next);
    }
    if (next == NULL)
        return;
    ted_snapshot_destroy(twins->followed);
    twins->followed = next;
}

static void compare_findings(uint64_t number, const struct twins *twins)
{
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++) {
        uint32_t got = twins->findings.counts[kind], wanted = twins->whole_findings.counts[kind];
        if (got == wanted)
            continue;
        printf("network %llu: %s: %u found, %u wanted\n", (unsigned long long)number,
               rib_finding_id((enum rib_finding_kind)kind), got, wanted);
        exit(1);
    }
}

static void compare_twins(uint64_t number, struct twins *twins, const struct ted_snapshot *whole)
{
    char *wanted = network_text(whole), *got = network_text(twins->followed);
    compare_findings(number, twins);
    if (strcmp(wanted, got) != 0) {
        printf("network %llu\nwhole:\n%sfollowed:\n%s", (unsigned long long)number, wanted, got);
        exit(1);
    }
    check_edges(twins->followed);
    free(wanted);
    free(got);
}

void events_run(struct world *w, uint64_t number, struct twins *twins, bool is_short)
{
    for (unsigned event = 0; event < EVENTS_PER_NETWORK; event++) {
        struct ted_snapshot *whole;
        enum event_kind kind = (enum event_kind)below(w, EVENT_COUNT);
        for (uint64_t i = 1 + below(w, CHANGES_MAX); i > 0; i--)
            change_something(w, twins, kind);
        if (is_short)
            follow_without_memory(twins);
        follow(twins, kind);
        WANT(rib_merge(twins->whole, "model", &whole, &twins->whole_findings) == PCE_OK);
        compare_twins(number, twins, whole);
        ted_snapshot_destroy(whole);
    }
}

void events_print(void)
{
#define EVENT_ROW(name, part) {#name, part},
    static const struct {
        const char *name;
        unsigned part;
    } rows[EVENT_COUNT] = {EVENT_KINDS(EVENT_ROW)};
#undef EVENT_ROW
    for (unsigned kind = 0; kind < EVENT_COUNT; kind++) {
        uint64_t small = counts[kind].followed + counts[kind].unchanged;
        printf("%10s: %llu followed, %llu without effect, %llu whole\n", rows[kind].name,
               (unsigned long long)counts[kind].followed,
               (unsigned long long)counts[kind].unchanged, (unsigned long long)counts[kind].whole);
        WANT(100 * small >= rows[kind].part * (small + counts[kind].whole));
    }
}
