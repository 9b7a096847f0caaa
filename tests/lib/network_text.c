#include "tests/lib/network_text.h"

#include "core/ted/flex.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SIZE 8192

struct lines {
    char **at;
    size_t count;
};

struct line {
    char text[LINE_SIZE];
    size_t size;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line->text + line->size, LINE_SIZE - line->size, format, arguments);
    va_end(arguments);
    line->size += size < 0 ? 0 : (size_t)size;
    if (line->size >= LINE_SIZE)
        abort();
}

static void put_ip(struct line *line, const struct ip *ip)
{
    char text[IP_TEXT_SIZE];
    put(line, " %s", ip_format(ip, text));
}

static int compare_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void put_sorted(struct line *line, char items[][96], uint32_t count)
{
    char *pointers[TED_NODE_ADDRESSES_MAX + TED_LINK_SIDS_MAX];
    for (uint32_t i = 0; i < count; i++)
        pointers[i] = items[i];
    qsort(pointers, count, sizeof *pointers, compare_text);
    for (uint32_t i = 0; i < count; i++)
        put(line, " %s", pointers[i]);
}

static void put_srv6(struct line *line, const struct ted_snapshot *s, struct ted_range range)
{
    char items[TED_LINK_SIDS_MAX][96], text[IP_TEXT_SIZE];
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_srv6_sid *sid = &s->srv6_sids[range.first + i];
        snprintf(items[i], sizeof *items, "%s/%u/%u%s%s", ip_format(&sid->sid, text), sid->behavior,
                 sid->algorithm, sid->is_protected ? "/protected" : "",
                 sid->is_shared ? "/shared" : "");
    }
    put(line, " srv6");
    put_sorted(line, items, range.count);
}

static void put_words(struct line *line, const char *name, const uint32_t *words, uint32_t count)
{
    put(line, " %s", name);
    for (uint32_t i = 0; i < count; i++)
        put(line, " %x", words[i]);
}

static void put_algorithms(struct line *line, const struct ted_snapshot *s,
                           const struct ted_node *node)
{
    put(line, " algorithms");
    for (uint32_t i = 0; i < node->algorithms.count; i++)
        put(line, " %u", s->algorithms[node->algorithms.first + i]);
    for (uint32_t i = 0; i < node->flexes.count; i++)
        put_words(line, "flex", (const uint32_t *)(const void *)&s->flexes[node->flexes.first + i],
                  sizeof *s->flexes / sizeof(uint32_t));
}

static void put_measures(struct line *line, const struct ted_snapshot *s,
                         const struct ted_link *link)
{
    struct ted_flex_seen seen;
    put(line, " msd %u measured %u: %u %u %u %u", link->msd, link->measured, link->delay_min_us,
        link->delay_max_us, link->delay_variation_us, link->loss);
    put_words(line, "groups", s->group_words + link->groups.first, link->groups.count);
    ted_flex_see(s, link, &seen);
    put(line, " flex %x %x", seen.te_metric, seen.delay_min_us);
    put_words(line, "groups", seen.groups, TED_GROUP_WORDS_MAX);
    put_words(line, "srlgs", seen.srlgs, seen.srlg_count);
}

static void put_node(struct line *line, const struct ted_snapshot *s, const struct ted_node *node)
{
    char items[TED_NODE_ADDRESSES_MAX + TED_NODE_SIDS_MAX][96], text[IP_TEXT_SIZE];
    put(line, "node %s", node->name);
    put_ip(line, &node->router_id_v4);
    put_ip(line, &node->router_id_v6);
    put(line, " msd %u %u overload %d at %d %.3f %.3f addresses", node->msd, node->srv6_msd,
        node->is_overloaded, node->has_position, node->latitude, node->longitude);
    for (uint32_t i = 0; i < node->addresses.count; i++)
        snprintf(items[i], sizeof *items, "%s",
                 ip_format(&s->addresses[node->addresses.first + i], text));
    put_sorted(line, items, node->addresses.count);
    put(line, " srgb");
    for (uint32_t i = 0; i < node->srgbs.count; i++)
        put(line, " %u+%u", s->srgbs[node->srgbs.first + i].base,
            s->srgbs[node->srgbs.first + i].size);
    put(line, " sids");
    for (uint32_t i = 0; i < node->prefix_sids.count; i++) {
        const struct ted_prefix_sid *sid = &s->prefix_sids[node->prefix_sids.first + i];
        snprintf(items[i], sizeof *items, "%u/%u/%u/%d", sid->index, sid->algorithm, sid->family,
                 sid->is_anycast);
    }
    put_sorted(line, items, node->prefix_sids.count);
    put_srv6(line, s, node->srv6_sids);
    put_algorithms(line, s, node);
}

static void put_hop(struct line *line, const struct ted_hops *hops, uint32_t link)
{
    static const struct ted_hop none = {.kind = TED_HOP_NONE};
    const struct ted_hop *hop = hops->of_links == NULL ? &none : &hops->of_links[link];
    put(line, " hop %u", hop->kind);
    put_ip(line, &hop->address);
    put(line, "/%u", hop->interface_id);
}

static void put_owner(struct line *line, const struct ted_snapshot *s, const struct ip *address)
{
    uint32_t node = ted_find_node_by_address(s, address);
    put(line, " of %s", node == TED_NONE ? "nobody" : s->nodes[node].name);
}

static void put_all(struct line *line, const struct ted_snapshot *s)
{
    put(line, "all: delay to %u igp %u to %u te to %u told %d %d", s->delay_us_max,
        s->igp_metric_min, s->igp_metric_max, s->te_metric_max,
        s->edge_count > 0 && s->link_ends.v4.tell_links,
        s->edge_count > 0 && s->link_ends.v6.tell_links);
}

static void put_link(struct line *line, const struct ted_snapshot *s, const struct ted_link *link)
{
    char items[TED_LINK_SIDS_MAX][96];
    put(line, "link %s %s", s->nodes[link->from].name, s->nodes[link->to].name);
    put_ip(line, &link->local_v4);
    put_ip(line, &link->remote_v4);
    put_ip(line, &link->local_v6);
    put_ip(line, &link->remote_v6);
    put(line, " ids %u %u igp %u te %u delay %u group %x", link->local_id, link->remote_id,
        link->igp_metric, link->te_metric, link->delay_us, link->admin_group);
    put(line, " capacity %g reservable %g unreserved", (double)link->capacity,
        (double)link->max_reservable);
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        put(line, " %g", (double)link->unreserved[i]);
    put(line, " two-way %d paired %d siblings %d unused %d srlgs", link->is_two_way,
        link->reverse != TED_NONE, link->has_sibling, link->is_igp_unused);
    for (uint32_t i = 0; i < link->srlgs.count; i++)
        put(line, " %u", s->srlgs[link->srlgs.first + i]);
    put(line, " adj");
    for (uint32_t i = 0; i < link->adj_sids.count; i++) {
        const struct ted_adj_sid *sid = &s->adj_sids[link->adj_sids.first + i];
        snprintf(items[i], sizeof *items, "%u/%u/%d", sid->label, sid->family, sid->is_protected);
    }
    put_sorted(line, items, link->adj_sids.count);
    put_srv6(line, s, link->srv6_sids);
    put_hop(line, &s->link_ends.v4, (uint32_t)(link - s->links));
    put_hop(line, &s->link_ends.v6, (uint32_t)(link - s->links));
    put_owner(line, s, &link->local_v4);
    put_owner(line, s, &link->remote_v6);
    put_measures(line, s, link);
}

static char *join(struct lines *lines)
{
    size_t size = 1;
    for (size_t i = 0; i < lines->count; i++)
        size += strlen(lines->at[i]) + 1;
    char *text = malloc(size), *at = text;
    for (size_t i = 0; i < lines->count; i++) {
        if (text != NULL)
            at += sprintf(at, "%s\n", lines->at[i]);
        free(lines->at[i]);
    }
    if (text != NULL)
        *at = '\0';
    free(lines->at);
    return text;
}

char *network_text(const struct ted_snapshot *s)
{
    struct lines lines = {
        .at = malloc((s->node_count + (size_t)s->link_count + 2) * sizeof *lines.at)};
    if (lines.at == NULL)
        return NULL;
    for (uint32_t i = 0; i <= s->node_count + s->link_count; i++) {
        struct line line = {.size = 0};
        if (i < s->node_count)
            put_node(&line, s, &s->nodes[i]);
        else if (i == s->node_count + s->link_count)
            put_all(&line, s);
        else if (s->links[i - s->node_count].is_gone)
            continue;
        else
            put_link(&line, s, &s->links[i - s->node_count]);
        lines.at[lines.count] = strdup(line.text);
        if (lines.at[lines.count++] == NULL)
            abort();
    }
    qsort(lines.at, lines.count, sizeof *lines.at, compare_text);
    return join(&lines);
}
