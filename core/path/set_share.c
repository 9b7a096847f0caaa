#include "core/path/set_share.h"

#include "core/base/check.h"

/* Links are compared one after the other, much faster than edges are. */
#define SHARE_LINKS_A_STEP 8

bool set_share_reserve(struct path_set *set)
{
    void *links = set->link_marks, *nodes = set->node_marks;
    bool is_enough = engine_grow(&links, &set->link_mark_capacity, set->snapshot->link_count,
                                 sizeof *set->link_marks) &&
                     engine_grow(&nodes, &set->node_mark_capacity, set->snapshot->node_count,
                                 sizeof *set->node_marks);
    set->link_marks = links;
    set->node_marks = nodes;
    return is_enough;
}

static void set_share_next_stamp(struct path_set *set)
{
    if (!engine_stamp_wraps(&set->stamp))
        return;
    for (uint32_t i = 0; i < set->link_mark_capacity; i++)
        set->link_marks[i] = 0;
    for (uint32_t i = 0; i < set->node_mark_capacity; i++)
        set->node_marks[i] = 0;
}

static void set_share_mark(struct path_set *set, const struct set_path *path)
{
    set_share_next_stamp(set);
    for (uint32_t i = 0; i < path->count; i++) {
        uint32_t index = set->pool[path->first + i];
        set->link_marks[index] = set->stamp;
        set->node_marks[set->snapshot->links[index].from] = set->stamp;
        set->node_marks[set->snapshot->links[index].to] = set->stamp;
    }
}

/* In whichever direction. */
static bool set_share_is_link_marked(const struct path_set *set, uint32_t link)
{
    uint32_t reverse = set->snapshot->links[link].reverse;
    return set->link_marks[link] == set->stamp ||
           (reverse != TED_NONE && set->link_marks[reverse] == set->stamp);
}

static bool set_share_is_end(const struct path_set *set, uint32_t member, uint32_t node)
{
    const struct path_request *request = &set->members[member].request;
    return request->source == node || request->destination == node;
}

/* Common ends cannot be helped. */
static bool set_share_is_node_marked(const struct path_set *set, uint32_t a, uint32_t b,
                                     uint32_t node)
{
    return set->node_marks[node] == set->stamp &&
           !(set_share_is_end(set, a, node) && set_share_is_end(set, b, node));
}

static bool set_share_has_srlg(const struct ted_snapshot *snapshot, const struct ted_link *link,
                               uint32_t srlg)
{
    for (uint32_t i = 0; i < link->srlgs.count; i++) {
        if (snapshot->srlgs[link->srlgs.first + i] == srlg)
            return true;
    }
    return false;
}

/* Whether a path uses a link of the SRLG. */
static bool set_share_uses_srlg(struct path_set *set, const struct set_path *path, uint32_t srlg)
{
    (void)set_pay(set, path->count / SHARE_LINKS_A_STEP + 1);
    for (uint32_t i = 0; i < path->count; i++) {
        if (set_share_has_srlg(set->snapshot, &set->snapshot->links[set->pool[path->first + i]],
                               srlg))
            return true;
    }
    return false;
}

/* The first SRLG of a link that a path uses, too; 0 with *found unset: there is none. */
static uint32_t set_share_first_srlg(struct path_set *set, const struct set_path *path,
                                     uint32_t link, bool *found)
{
    struct ted_range srlgs = set->snapshot->links[link].srlgs;
    *found = false;
    for (uint32_t i = 0; i < srlgs.count; i++) {
        uint32_t srlg = set->snapshot->srlgs[srlgs.first + i];
        *found = set_share_uses_srlg(set, path, srlg);
        if (*found)
            return srlg;
    }
    return 0;
}

/* The link by the one name that both of its directions have. */
static uint32_t set_share_link_name(const struct ted_snapshot *snapshot, uint32_t link)
{
    uint32_t reverse = snapshot->links[link].reverse;
    return reverse < link ? reverse : link;
}

/* What the marked member a and b have in common at a link of b's: first what rules most out. */
static struct set_conflict set_share_at_link(struct path_set *set, const struct set_path *paths,
                                             uint32_t a, uint32_t b, uint32_t index)
{
    const struct ted_link *link = &set->snapshot->links[index];
    struct set_conflict conflict = {.kind = SET_NOTHING, .members = {a, b}};
    uint32_t diversity = set_diversity_between(set, a, b);
    bool has_srlg = false;
    if ((diversity & PATH_DIVERSE_NODE) != 0 && (set_share_is_node_marked(set, a, b, link->from) ||
                                                 set_share_is_node_marked(set, a, b, link->to))) {
        conflict.kind = SET_NODE;
        conflict.id = set_share_is_node_marked(set, a, b, link->from) ? link->from : link->to;
        return conflict;
    }
    if ((diversity & PATH_DIVERSE_SRLG) != 0)
        conflict.id = set_share_first_srlg(set, &paths[a], index, &has_srlg);
    if (has_srlg)
        conflict.kind = SET_SRLG;
    else if (set_share_is_link_marked(set, index)) {
        conflict.kind = SET_LINK;
        conflict.id = set_share_link_name(set->snapshot, index);
    }
    return conflict;
}

bool set_share_takes(const struct path_set *set, const struct set_path *path, uint32_t link)
{
    for (uint32_t i = 0; i < path->count; i++) {
        if (set->pool[path->first + i] == link)
            return true;
    }
    return false;
}

/* What a member takes of a link beyond what it holds there already, as its fellow at a priority sees
 * it. */
static double set_share_more(const struct path_request *request, uint32_t link, uint8_t priority)
{
    double more = (double)request->bandwidth - residual_own(request->reservations, link, priority);
    return request->bandwidth > 0 && more > 0 ? more : 0;
}

bool set_share_fits(const struct path_set *set, const bool *takes, uint32_t link)
{
    for (uint32_t m = 0; m < set->count; m++) {
        const struct path_request *request = &set->members[m].request;
        double needed = 0;
        for (uint32_t other = 0; other < set->count; other++)
            needed += takes[other]
                          ? set_share_more(&set->members[other].request, link, request->priority)
                          : 0;
        if (takes[m] && request->bandwidth > 0 &&
            needed > residual_of_all(set->snapshot, request->reservations, link, request->priority))
            return false;
    }
    return true;
}

bool set_share_has_room(struct path_set *set, const struct set_path *paths, const bool *in_use,
                        uint32_t link, uint32_t more)
{
    bool takes[PATH_SET_MAX];
    for (uint32_t m = 0; m < set->count; m++) {
        takes[m] = m == more || (in_use[m] && set_share_takes(set, &paths[m], link));
        (void)set_pay(set, in_use[m] ? paths[m].count / SHARE_LINKS_A_STEP : 0);
    }
    return set_share_fits(set, takes, link);
}

/* The first link of the marked member and b, in the same direction, that has no room for all. */
static struct set_conflict set_share_find_room(struct path_set *set, const struct set_path *paths,
                                               const bool *in_use, uint32_t a, uint32_t b)
{
    struct set_conflict conflict = {.kind = SET_NOTHING, .members = {a, b}};
    if (!(set->members[a].request.bandwidth > 0) || !(set->members[b].request.bandwidth > 0))
        return conflict;
    for (uint32_t i = 0; i < paths[b].count; i++) {
        uint32_t link = set->pool[paths[b].first + i];
        if (set->link_marks[link] != set->stamp ||
            set_share_has_room(set, paths, in_use, link, TED_NONE))
            continue;
        conflict.kind = SET_ROOM;
        conflict.id = link;
        return conflict;
    }
    return conflict;
}

/* What one question is about. */
struct set_share_question {
    const struct set_path *paths;
    const bool *in_use;
    set_may_share_fn *may_share;
    const void *owner;
};

/* a is marked. */
static struct set_conflict set_share_find_between(struct path_set *set,
                                                  const struct set_share_question *question,
                                                  uint32_t a, uint32_t b)
{
    const struct set_path *paths = question->paths;
    struct set_conflict conflict = set_share_find_room(set, paths, question->in_use, a, b);
    (void)set_pay(set, paths[b].count / SHARE_LINKS_A_STEP + 1);
    if (conflict.kind != SET_NOTHING || set_diversity_between(set, a, b) == 0)
        return conflict;
    for (uint32_t i = 0; i < paths[b].count; i++) {
        conflict = set_share_at_link(set, paths, a, b, set->pool[paths[b].first + i]);
        bool is_settled =
            conflict.kind == SET_NOTHING ||
            (question->may_share != NULL && question->may_share(question->owner, &conflict));
        if (!is_settled)
            return conflict;
    }
    conflict.kind = SET_NOTHING;
    return conflict;
}

struct set_conflict set_share_find(struct path_set *set, const struct set_path *paths,
                                   const bool *in_use, set_may_share_fn *may_share,
                                   const void *owner)
{
    const struct set_share_question question = {paths, in_use, may_share, owner};
    struct set_conflict conflict = {.kind = SET_NOTHING};
    for (uint32_t a = 0; a < set->count && conflict.kind == SET_NOTHING; a++) {
        if (!in_use[a])
            continue;
        set_share_mark(set, &paths[a]);
        for (uint32_t b = a + 1; b < set->count && conflict.kind == SET_NOTHING; b++) {
            if (in_use[b])
                conflict = set_share_find_between(set, &question, a, b);
        }
    }
    return conflict;
}

/* Links of b that the marked member uses, in whichever direction; each is unmarked, and so counts
 * once. */
static uint32_t set_share_count_links(struct path_set *set, const struct set_path *b)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        uint32_t link = set->pool[b->first + i], reverse = set->snapshot->links[link].reverse;
        count += set_share_is_link_marked(set, link);
        set->link_marks[link] = 0;
        if (reverse != TED_NONE)
            set->link_marks[reverse] = 0;
    }
    return count;
}

uint64_t set_share_links(struct path_set *set, const struct set_path *paths, const bool *in_use)
{
    uint64_t count = 0;
    for (uint32_t a = 0; a < set->count; a++) {
        for (uint32_t b = a + 1; b < set->count; b++) {
            if (!in_use[a] || !in_use[b] || set_diversity_between(set, a, b) == 0)
                continue;
            set_share_mark(set, &paths[a]);
            count += set_share_count_links(set, &paths[b]);
        }
    }
    return count;
}

static uint32_t set_share_count_nodes(struct path_set *set, const struct set_path *b,
                                      uint32_t a_member, uint32_t b_member)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        const struct ted_link *link = &set->snapshot->links[set->pool[b->first + i]];
        const uint32_t ends[] = {link->from, link->to};
        for (uint32_t e = 0; e < 2; e++) {
            count += set_share_is_node_marked(set, a_member, b_member, ends[e]);
            set->node_marks[ends[e]] = 0;
        }
    }
    return count;
}

/* Each SRLG once: at the first link of b that belongs to it. */
static uint32_t set_share_count_srlgs(struct path_set *set, const struct set_path *a,
                                      const struct set_path *b)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        struct ted_range srlgs = set->snapshot->links[set->pool[b->first + i]].srlgs;
        const struct set_path before = {.first = b->first, .count = i};
        for (uint32_t s = 0; s < srlgs.count; s++) {
            uint32_t srlg = set->snapshot->srlgs[srlgs.first + s];
            count += !set_share_uses_srlg(set, &before, srlg) && set_share_uses_srlg(set, a, srlg);
        }
    }
    return count;
}

void set_share_report(struct path_set *set, const struct set_path *paths, const bool *in_use,
                      struct path_set_result *result)
{
    for (uint32_t a = 0; a < set->count; a++) {
        for (uint32_t b = a + 1; b < set->count; b++) {
            if (!in_use[a] || !in_use[b] || set_diversity_between(set, a, b) == 0)
                continue;
            set_share_mark(set, &paths[a]);
            result->shared_nodes += set_share_count_nodes(set, &paths[b], a, b);
            result->shared_links += set_share_count_links(set, &paths[b]);
            result->shared_srlgs += set_share_count_srlgs(set, &paths[a], &paths[b]);
        }
    }
    if (result->shared_links > 0)
        return;
    result->diversity = PATH_DIVERSE_LINK;
    if (result->shared_nodes == 0)
        result->diversity |= PATH_DIVERSE_NODE;
    if (result->shared_srlgs == 0)
        result->diversity |= PATH_DIVERSE_SRLG;
}
