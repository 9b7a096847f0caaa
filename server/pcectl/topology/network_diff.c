#include "server/pcectl/topology/network_diff.h"

#include "core/ted/topology_write.h"
#include "server/pcectl/topology/link_text.h"

#include <stdlib.h>
#include <string.h>

enum { OLDER, NEWER, SIDES };

/* One side's directed link, under numbers of nodes that both sides have in common. */
struct diff_link {
    uint32_t from, to;
    const struct ted_link *link;
    bool is_matched;
};

struct diff {
    const struct ted_snapshot *sides[SIDES];
    struct topo_writer writers[SIDES];
    struct topo_text values[SIDES]; /* key NUL value NUL … */
    uint32_t *numbers[SIDES];       /* of each node */
    struct diff_link *links[SIDES];
    network_diff_fn *tell;
    void *context;
};

/* ---- values ---- */

static void diff_add_value(void *context, const char *key, const char *value)
{
    struct topo_text *values = context;
    topo_text_add(values, key, strlen(key) + 1);
    topo_text_add(values, value, strlen(value) + 1);
}

/* NULL: it is not there. */
static const char *diff_find_value(const struct topo_text *values, const char *key)
{
    for (size_t at = 0; at < values->size;) {
        const char *name = values->octets + at;
        const char *value = name + strlen(name) + 1;
        if (strcmp(name, key) == 0)
            return value;
        at = (size_t)(value - values->octets) + strlen(value) + 1;
    }
    return NULL;
}

/* The values of this side that the other one does not have. A key that both have is told once: with
 * the older side. */
static void diff_tell_values(const struct diff *diff, unsigned side, const char *kind,
                             const char *name)
{
    const struct topo_text *values = &diff->values[side];
    for (size_t at = 0; at < values->size;) {
        const char *key = values->octets + at;
        const char *value = key + strlen(key) + 1;
        const char *other = diff_find_value(&diff->values[1 - side], key);
        at = (size_t)(value - values->octets) + strlen(value) + 1;
        if (other != NULL && (side == NEWER || strcmp(other, value) == 0))
            continue;
        const struct network_difference difference = {"changed",
                                                      kind,
                                                      name,
                                                      key,
                                                      side == OLDER ? value : other,
                                                      side == OLDER ? other : value};
        diff->tell(diff->context, &difference);
    }
}

typedef void diff_visit_fn(struct topo_writer *writer, uint32_t index, topo_visit_fn *visit,
                           void *context);

static void diff_compare(struct diff *diff, diff_visit_fn *visit, const uint32_t indexes[SIDES],
                         const char *kind, const char *name)
{
    for (unsigned side = 0; side < SIDES; side++) {
        topo_text_clear(&diff->values[side]);
        visit(&diff->writers[side], indexes[side], diff_add_value, &diff->values[side]);
    }
    diff_tell_values(diff, OLDER, kind, name);
    diff_tell_values(diff, NEWER, kind, name);
}

static void diff_tell_one(const struct diff *diff, const char *what, const char *kind,
                          const char *name)
{
    diff->tell(diff->context,
               &(struct network_difference){.what = what, .kind = kind, .name = name});
}

/* ---- nodes ---- */

/* A node has the number that it has on the older side; the others come behind. */
static void diff_number_nodes(struct diff *diff)
{
    const struct ted_snapshot *older = diff->sides[OLDER], *newer = diff->sides[NEWER];
    for (uint32_t i = 0; i < older->node_count; i++)
        diff->numbers[OLDER][i] = i;
    for (uint32_t i = 0; i < newer->node_count; i++) {
        uint32_t same = ted_find_node_by_name(older, newer->nodes[i].name);
        diff->numbers[NEWER][i] = same != TED_NONE ? same : older->node_count + i;
    }
}

static void diff_nodes(struct diff *diff)
{
    const struct ted_snapshot *older = diff->sides[OLDER], *newer = diff->sides[NEWER];
    for (uint32_t i = 0; i < older->node_count; i++) {
        const char *name = older->nodes[i].name;
        const uint32_t indexes[SIDES] = {i, ted_find_node_by_name(newer, name)};
        if (indexes[NEWER] == TED_NONE)
            diff_tell_one(diff, "removed", "node", name);
        else
            diff_compare(diff, topo_visit_node, indexes, "node", name);
    }
    for (uint32_t i = 0; i < newer->node_count; i++) {
        if (diff->numbers[NEWER][i] >= older->node_count)
            diff_tell_one(diff, "added", "node", newer->nodes[i].name);
    }
}

/* ---- links ---- */

static int diff_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int diff_compare_places(const struct diff_link *a, const struct diff_link *b)
{
    int order = diff_compare_u32(a->from, b->from);
    return order != 0 ? order : diff_compare_u32(a->to, b->to);
}

static int diff_compare_ends(const struct ted_link *a, const struct ted_link *b)
{
    int order = ip_compare(&a->local_v4, &b->local_v4);
    if (order == 0)
        order = ip_compare(&a->remote_v4, &b->remote_v4);
    if (order == 0)
        order = ip_compare(&a->local_v6, &b->local_v6);
    if (order == 0)
        order = ip_compare(&a->remote_v6, &b->remote_v6);
    if (order == 0)
        order = diff_compare_u32(a->local_id, b->local_id);
    return order != 0 ? order : diff_compare_u32(a->remote_id, b->remote_id);
}

static int diff_compare_links(const void *left, const void *right)
{
    const struct diff_link *a = left;
    const struct diff_link *b = right;
    int order = diff_compare_places(a, b);
    if (order == 0)
        order = diff_compare_ends(a->link, b->link);
    return order != 0 ? order : (a->link > b->link) - (a->link < b->link);
}

static void diff_sort_links(struct diff *diff, unsigned side)
{
    const struct ted_snapshot *s = diff->sides[side];
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        diff->links[side][i] = (struct diff_link){.from = diff->numbers[side][link->from],
                                                  .to = diff->numbers[side][link->to],
                                                  .link = link};
    }
    qsort(diff->links[side], s->link_count, sizeof *diff->links[side], diff_compare_links);
}

static uint32_t diff_link_index(const struct diff *diff, unsigned side, const struct diff_link *at)
{
    return (uint32_t)(at->link - diff->sides[side]->links);
}

static void diff_tell_link(const struct diff *diff, unsigned side, const struct diff_link *at)
{
    char text[NETWORK_LINK_TEXT_SIZE];
    diff_tell_one(diff, side == OLDER ? "removed" : "added", "link",
                  network_link_text(diff->sides[side], diff_link_index(diff, side, at), text));
}

static void diff_match(struct diff *diff, struct diff_link *older, struct diff_link *newer)
{
    char text[NETWORK_LINK_TEXT_SIZE];
    const uint32_t indexes[SIDES] = {diff_link_index(diff, OLDER, older),
                                     diff_link_index(diff, NEWER, newer)};
    older->is_matched = newer->is_matched = true;
    diff_compare(diff, topo_visit_link, indexes, "link",
                 network_link_text(diff->sides[OLDER], indexes[OLDER], text));
}

/* Links of both sides between the same nodes. */
struct diff_run {
    struct diff_link *links[SIDES];
    uint32_t counts[SIDES];
};

static void diff_match_ends(struct diff *diff, const struct diff_run *run)
{
    for (uint32_t a = 0, b = 0; a < run->counts[OLDER] && b < run->counts[NEWER];) {
        struct diff_link *older = &run->links[OLDER][a], *newer = &run->links[NEWER][b];
        int order = diff_compare_ends(older->link, newer->link);
        if (order == 0)
            diff_match(diff, older, newer);
        a += order <= 0;
        b += order >= 0;
    }
}

static void diff_match_rest(struct diff *diff, const struct diff_run *run)
{
    uint32_t a = 0, b = 0;
    for (;;) {
        while (a < run->counts[OLDER] && run->links[OLDER][a].is_matched)
            a++;
        while (b < run->counts[NEWER] && run->links[NEWER][b].is_matched)
            b++;
        bool has_older = a < run->counts[OLDER], has_newer = b < run->counts[NEWER];
        if (!has_older && !has_newer)
            return;
        if (has_older && has_newer)
            diff_match(diff, &run->links[OLDER][a], &run->links[NEWER][b]);
        else
            diff_tell_link(diff, has_older ? OLDER : NEWER,
                           has_older ? &run->links[OLDER][a] : &run->links[NEWER][b]);
        a += has_older;
        b += has_newer;
    }
}

/* The links of this side that lie between the same nodes as the first one, from `at` on. */
static uint32_t diff_run_of(const struct diff *diff, unsigned side, uint32_t at,
                            const struct diff_link *first)
{
    uint32_t count = 0;
    while (at + count < diff->sides[side]->link_count &&
           diff_compare_places(&diff->links[side][at + count], first) == 0)
        count++;
    return count;
}

static void diff_links(struct diff *diff)
{
    const uint32_t ends[SIDES] = {diff->sides[OLDER]->link_count, diff->sides[NEWER]->link_count};
    uint32_t at[SIDES] = {0, 0};
    diff_sort_links(diff, OLDER);
    diff_sort_links(diff, NEWER);
    while (at[OLDER] < ends[OLDER] || at[NEWER] < ends[NEWER]) {
        bool is_newer =
            at[OLDER] == ends[OLDER] ||
            (at[NEWER] < ends[NEWER] && diff_compare_places(&diff->links[NEWER][at[NEWER]],
                                                            &diff->links[OLDER][at[OLDER]]) < 0);
        unsigned side = is_newer ? NEWER : OLDER;
        const struct diff_link first = diff->links[side][at[side]];
        struct diff_run run;
        for (unsigned i = 0; i < SIDES; i++) {
            run.links[i] = diff->links[i] + at[i];
            run.counts[i] = diff_run_of(diff, i, at[i], &first);
            at[i] += run.counts[i];
        }
        diff_match_ends(diff, &run);
        diff_match_rest(diff, &run);
    }
}

/* ---- the whole ---- */

static bool diff_init(struct diff *diff)
{
    bool is_good = true;
    for (unsigned side = 0; side < SIDES; side++) {
        const struct ted_snapshot *s = diff->sides[side];
        topo_text_init(&diff->values[side], TOPOLOGY_YAML);
        is_good = topo_writer_init(&diff->writers[side], s, TOPOLOGY_YAML) == PCE_OK && is_good;
        diff->numbers[side] = calloc(s->node_count + (size_t)1, sizeof *diff->numbers[side]);
        diff->links[side] = calloc(s->link_count + (size_t)1, sizeof *diff->links[side]);
        is_good = is_good && diff->numbers[side] != NULL && diff->links[side] != NULL;
    }
    return is_good;
}

/* Whether all values were compared. */
static bool diff_fini(struct diff *diff)
{
    bool is_whole = true;
    for (unsigned side = 0; side < SIDES; side++) {
        is_whole =
            is_whole && !diff->values[side].has_failed && !diff->writers[side].text.has_failed;
        topo_text_fini(&diff->values[side]);
        topo_writer_fini(&diff->writers[side]);
        free(diff->numbers[side]);
        free(diff->links[side]);
    }
    return is_whole;
}

enum pce_status network_diff(const struct ted_snapshot *older, const struct ted_snapshot *newer,
                             network_diff_fn *tell, void *context)
{
    struct diff diff = {.sides = {older, newer}, .tell = tell, .context = context};
    bool is_good = diff_init(&diff);
    if (is_good) {
        if (strcmp(older->name, newer->name) != 0)
            tell(context, &(struct network_difference){"changed", "network", "", "name",
                                                       older->name, newer->name});
        diff_number_nodes(&diff);
        diff_nodes(&diff);
        diff_links(&diff);
    }
    bool is_whole = diff_fini(&diff);
    return is_good && is_whole ? PCE_OK : PCE_NO_MEMORY;
}
