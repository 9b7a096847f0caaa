#include "core/ted/rib_match.h"

#include "core/base/check.h"
#include "core/ted/builder_impl.h"

#include <stdlib.h>

/* A half, and of the first half of a set what all of the set say. */
struct match_half {
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t local_id, remote_id;
    uint32_t set;    /* index of an earlier half of it, or its own */
    uint32_t source; /* who tells it */
    bool has_v4_topology, has_v6_topology;
};

struct match {
    struct match_half *halves;
    uint32_t count;
};

/* What two halves are compared by, and the half. */
struct match_key {
    struct ip a, b;
    uint32_t id, other_id;
    uint32_t half;
};

static bool match_is_bare(const struct match_half *half)
{
    return half->local_v4.family == IP_NONE && half->remote_v4.family == IP_NONE &&
           half->local_v6.family == IP_NONE && half->remote_v6.family == IP_NONE &&
           half->local_id == 0 && half->remote_id == 0;
}

static uint32_t match_set(struct match *match, uint32_t half)
{
    while (match->halves[half].set != half) {
        uint32_t next = match->halves[half].set;
        match->halves[half].set = match->halves[next].set;
        half = next;
    }
    return half;
}

/* ---- whether two may be one, and the joining ---- */

static bool match_agrees(const struct ip *a, const struct ip *b)
{
    return a->family == IP_NONE || b->family == IP_NONE || ip_is_equal(a, b);
}

static bool match_agrees_id(uint32_t a, uint32_t b)
{
    return a == 0 || b == 0 || a == b;
}

static bool match_may_join(const struct match_half *a, const struct match_half *b)
{
    return match_agrees(&a->local_v4, &b->local_v4) && match_agrees(&a->remote_v4, &b->remote_v4) &&
           match_agrees(&a->local_v6, &b->local_v6) && match_agrees(&a->remote_v6, &b->remote_v6) &&
           match_agrees_id(a->local_id, b->local_id) && match_agrees_id(a->remote_id, b->remote_id);
}

static void match_take_address(struct ip *to, const struct ip *from)
{
    if (to->family == IP_NONE)
        *to = *from;
}

static bool match_join(struct match *match, uint32_t one, uint32_t other)
{
    uint32_t x = match_set(match, one), y = match_set(match, other);
    struct match_half *a = &match->halves[x < y ? x : y];
    struct match_half *b = &match->halves[x < y ? y : x];
    if (x == y || !match_may_join(a, b))
        return x == y;
    match_take_address(&a->local_v4, &b->local_v4);
    match_take_address(&a->remote_v4, &b->remote_v4);
    match_take_address(&a->local_v6, &b->local_v6);
    match_take_address(&a->remote_v6, &b->remote_v6);
    a->local_id = a->local_id != 0 ? a->local_id : b->local_id;
    a->remote_id = a->remote_id != 0 ? a->remote_id : b->remote_id;
    a->has_v4_topology = a->has_v4_topology || b->has_v4_topology;
    a->has_v6_topology = a->has_v6_topology || b->has_v6_topology;
    b->set = (uint32_t)(a - match->halves);
    return true;
}

/* ---- keys ---- */

static int match_compare_keys(const void *left, const void *right)
{
    const struct match_key *x = left, *y = right;
    int order = ip_compare(&x->a, &y->a);
    if (order == 0)
        order = merge_compare_u32(x->id, y->id);
    if (order == 0)
        order = ip_compare(&x->b, &y->b);
    if (order == 0)
        order = merge_compare_u32(x->other_id, y->other_id);
    return order != 0 ? order : merge_compare_u32(x->half, y->half);
}

static bool match_key_v4(const struct match_half *half, struct match_key *key)
{
    *key =
        (struct match_key){.a = half->local_v4, .b = half->remote_v4, .other_id = half->local_id};
    return half->local_v4.family != IP_NONE;
}

/* Interfaces of one router may have the same link-local address. */
static bool match_key_v6(const struct match_half *half, struct match_key *key)
{
    *key =
        (struct match_key){.a = half->local_v6, .b = half->remote_v6, .other_id = half->local_id};
    return ted_is_node_address(&half->local_v6);
}

static bool match_key_id(const struct match_half *half, struct match_key *key)
{
    *key = (struct match_key){.id = half->local_id, .other_id = half->remote_id};
    return half->local_id != 0;
}

static bool match_key_remote_v4(const struct match_half *half, struct match_key *key)
{
    *key =
        (struct match_key){.a = half->remote_v4, .b = half->local_v4, .other_id = half->local_id};
    return half->remote_v4.family != IP_NONE;
}

typedef bool match_key_fn(const struct match_half *half, struct match_key *key);

static bool match_is_same_key(const struct match_key *x, const struct match_key *y)
{
    return ip_is_equal(&x->a, &y->a) && x->id == y->id;
}

/* Joins what has the same key: each with the one before it, and with the first of all. */
static void match_by(struct match *match, match_key_fn *key_of, struct match_key *keys)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < match->count; i++) {
        if (!key_of(&match->halves[i], &keys[count]))
            continue;
        keys[count++].half = i;
    }
    qsort(keys, count, sizeof *keys, match_compare_keys);
    for (uint32_t i = 1, first = 0; i < count; i++) {
        if (!match_is_same_key(&keys[first], &keys[i])) {
            first = i;
            continue;
        }
        if (!match_join(match, keys[i - 1].half, keys[i].half))
            (void)match_join(match, keys[first].half, keys[i].half);
    }
}

/* ---- what nothing tells ---- */

/* Sets that have addresses of one family, told for the topology of that family alone. */
static bool match_is_v4_alone(const struct match_half *half)
{
    return half->local_v4.family != IP_NONE && half->local_v6.family == IP_NONE &&
           half->has_v4_topology && !half->has_v6_topology;
}

static bool match_is_v6_alone(const struct match_half *half)
{
    return half->local_v6.family != IP_NONE && half->local_v4.family == IP_NONE &&
           half->has_v6_topology && !half->has_v4_topology;
}

static uint32_t match_take_alone(struct match *match, bool (*is_alone)(const struct match_half *),
                                 bool is_v6, struct match_key *keys)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < match->count; i++) {
        const struct match_half *half = &match->halves[i];
        if (half->set == i && is_alone(half))
            keys[count++] =
                (struct match_key){.a = is_v6 ? half->local_v6 : half->local_v4, .half = i};
    }
    qsort(keys, count, sizeof *keys, match_compare_keys);
    return count;
}

/* Some routers tell the two families of a link apart, and nothing that they have in common: the
 * links of both are paired by their addresses' order, which is certain where there is one. */
static bool match_families(struct match *match, struct match_key *keys)
{
    uint32_t v4_count = match_take_alone(match, match_is_v4_alone, false, keys);
    uint32_t v6_count = match_take_alone(match, match_is_v6_alone, true, keys + v4_count);
    uint32_t count = v4_count < v6_count ? v4_count : v6_count;
    for (uint32_t i = 0; i < count; i++)
        (void)match_join(match, keys[i].half, keys[v4_count + i].half);
    return count > 0 && (v4_count > 1 || v6_count > 1);
}

static int match_compare_bare(const void *left, const void *right)
{
    const struct match_key *x = left, *y = right;
    int order = merge_compare_u32(x->id, y->id);
    return order != 0 ? order : merge_compare_u32(x->half, y->half);
}

/* The first link of one source without any name is the first one of another, and so on. */
static void match_bare(struct match *match, struct match_key *keys)
{
    uint32_t count = 0, first_run = 0;
    for (uint32_t i = 0; i < match->count; i++)
        if (match_is_bare(&match->halves[i]) && match->halves[i].set == i)
            keys[count++] = (struct match_key){.id = match->halves[i].source, .half = i};
    qsort(keys, count, sizeof *keys, match_compare_bare);
    while (first_run < count && keys[first_run].id == keys[0].id)
        first_run++;
    for (uint32_t i = first_run, place = 0; i < count; i++) {
        place = keys[i].id == keys[i - 1].id ? place + 1 : 0;
        if (place < first_run)
            (void)match_join(match, keys[place].half, keys[i].half);
    }
}

/* Where there is one link with a name and one without, they are the same. */
static void match_only(struct match *match)
{
    uint32_t named = TED_NONE, bare = TED_NONE, sets = 0;
    for (uint32_t i = 0; i < match->count; i++) {
        if (match->halves[i].set != i)
            continue;
        sets++;
        if (match_is_bare(&match->halves[i]))
            bare = i;
        else
            named = i;
    }
    if (sets == 2 && named != TED_NONE && bare != TED_NONE &&
        match->halves[named].source != match->halves[bare].source)
        (void)match_join(match, named, bare);
}

/* ---- all of it ---- */

static void match_read(const struct merge_half *from, uint32_t index, struct match_half *to)
{
    struct rib_link link;
    rib_record_unpack(&rib_link_layout, from->entry->record, &link);
    *to = (struct match_half){
        .local_v4 = link.local_v4,
        .remote_v4 = link.remote_v4,
        .local_v6 = link.local_v6,
        .remote_v6 = link.remote_v6,
        .local_id = link.local_id,
        .remote_id = link.remote_id,
        .set = index,
        .source = from->entry->source,
        .has_v4_topology = (link.present & RIB_LINK_IGP_METRIC) != 0,
        .has_v6_topology = (link.present & RIB_LINK_IGP_METRIC_MT2) != 0,
    };
}

static void match_all(struct match *match, struct match_key *keys, bool *is_ambiguous)
{
    match_key_fn *const key_fns[] = {match_key_id, match_key_v4, match_key_v6, match_key_remote_v4};
    for (size_t i = 0; i < sizeof key_fns / sizeof *key_fns; i++)
        match_by(match, key_fns[i], keys);
    *is_ambiguous = match_families(match, keys);
    match_bare(match, keys);
    match_only(match);
}

enum pce_status rib_match(struct merge_half *halves, uint32_t count, bool *is_ambiguous)
{
    CHECK(count > 0);
    halves[0].set = 0;
    if (count == 1)
        return PCE_OK;
    struct match match = {.halves = malloc(count * sizeof *match.halves), .count = count};
    struct match_key *keys = malloc(count * sizeof *keys);
    bool has_memory = match.halves != NULL && keys != NULL;
    for (uint32_t i = 0; has_memory && i < count; i++)
        match_read(&halves[i], i, &match.halves[i]);
    if (has_memory)
        match_all(&match, keys, is_ambiguous);
    for (uint32_t i = 0; has_memory && i < count; i++)
        halves[i].set = match_set(&match, i);
    free(keys);
    free(match.halves);
    return has_memory ? PCE_OK : PCE_NO_MEMORY;
}
