/* What one direction of a link does not say of its far end, the other direction knows: addresses and
 * interface ids of its own end. */
#include "core/ted/rib_merge.h"

/* Comparisons between the links of two nodes; where there are more they are left as they are. */
#define ENDS_PAIRS_MAX 4096

struct ends_run {
    struct merged_link *links;
    uint32_t count;
};

static bool ends_is_equal(const struct ip *a, const struct ip *b)
{
    return a->family != IP_NONE && ip_is_equal(a, b);
}

static bool ends_differ(const struct ip *a, const struct ip *b)
{
    return a->family != IP_NONE && b->family != IP_NONE && !ip_is_equal(a, b);
}

static bool ends_contradict(const struct merged_link *a, const struct merged_link *b)
{
    return ends_differ(&a->local_v4, &b->remote_v4) || ends_differ(&a->remote_v4, &b->local_v4) ||
           ends_differ(&a->local_v6, &b->remote_v6) || ends_differ(&a->remote_v6, &b->local_v6) ||
           (a->local_id != 0 && b->remote_id != 0 && a->local_id != b->remote_id) ||
           (a->remote_id != 0 && b->local_id != 0 && a->remote_id != b->local_id);
}

static bool ends_have_in_common(const struct merged_link *a, const struct merged_link *b)
{
    return ends_is_equal(&a->local_v4, &b->remote_v4) ||
           ends_is_equal(&a->remote_v4, &b->local_v4) ||
           ends_is_equal(&a->local_v6, &b->remote_v6) ||
           ends_is_equal(&a->remote_v6, &b->local_v6) ||
           (a->local_id != 0 && a->local_id == b->remote_id) ||
           (a->remote_id != 0 && a->remote_id == b->local_id);
}

/* Whether a link says nothing of its far end: then the only link back is its other direction. */
static bool ends_is_open(const struct merged_link *link)
{
    return link->remote_v4.family == IP_NONE && link->remote_v6.family == IP_NONE &&
           link->remote_id == 0;
}

/* The one link of the other direction that this one may be; NULL: none, or several. */
static struct merged_link *ends_find(const struct merged_link *link, const struct ends_run *back,
                                     bool is_only)
{
    struct merged_link *found = NULL;
    for (uint32_t i = 0; i < back->count; i++) {
        struct merged_link *other = &back->links[i];
        bool is_it = is_only && (ends_is_open(link) || ends_is_open(other));
        if (ends_contradict(link, other) || !(is_it || ends_have_in_common(link, other)))
            continue;
        if (found != NULL)
            return NULL;
        found = other;
    }
    return found;
}

static void ends_take(struct ip *to, const struct ip *from)
{
    if (to->family == IP_NONE)
        *to = *from;
}

static void ends_complete(struct merged_link *a, struct merged_link *b)
{
    ends_take(&a->remote_v4, &b->local_v4);
    ends_take(&b->remote_v4, &a->local_v4);
    ends_take(&a->remote_v6, &b->local_v6);
    ends_take(&b->remote_v6, &a->local_v6);
    a->remote_id = a->remote_id != 0 ? a->remote_id : b->local_id;
    b->remote_id = b->remote_id != 0 ? b->remote_id : a->local_id;
}

static struct ends_run ends_run_at(const struct merge *merge, uint32_t first)
{
    struct merged_link *links = (struct merged_link *)merge->links.items + first;
    struct ends_run run = {.links = links};
    while (first + run.count < merge->links.count && links[run.count].from == links->from &&
           links[run.count].to == links->to)
        run.count++;
    return run;
}

static struct ends_run ends_run_back(const struct merge *merge, const struct ends_run *run)
{
    uint32_t first = merge_find_link(merge, run->links->to, run->links->from);
    return first == TED_NONE ? (struct ends_run){.links = NULL} : ends_run_at(merge, first);
}

static void ends_find_half(struct merge *merge, const struct merged_link *link)
{
    char from[MERGE_TEXT_SIZE], to[MERGE_TEXT_SIZE];
    rib_findings_add(merge->findings, RIB_HALF_LINK, "%s to %s",
                     merge_node_text(merge, link->from, from),
                     merge_node_text(merge, link->to, to));
}

void merge_ends(struct merge *merge)
{
    for (uint32_t first = 0; first < merge->links.count;) {
        struct ends_run run = ends_run_at(merge, first);
        struct ends_run back = ends_run_back(merge, &run);
        bool is_only = run.count == 1 && back.count == 1;
        first += run.count;
        if (back.count == 0)
            ends_find_half(merge, run.links);
        if (run.links->from > run.links->to || (uint64_t)run.count * back.count > ENDS_PAIRS_MAX)
            continue;
        for (uint32_t i = 0; i < run.count; i++) {
            struct merged_link *other = ends_find(&run.links[i], &back, is_only);
            if (other != NULL)
                ends_complete(&run.links[i], other);
        }
    }
}
