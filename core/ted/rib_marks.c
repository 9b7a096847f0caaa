/* What has changed since the network was last made: marks for those who follow it. */
#include "core/base/check.h"
#include "core/ted/rib_merge.h"

#include <string.h>

#define MARKS_ENTRIES_MAX 64 /* of one name that are looked through */

/* Prefixes that are no address of a router play no part in a network. */
static bool marks_matter(const struct rib_entry *entry)
{
    return entry->kind != RIB_KIND_PREFIX || entry->bits == 8 * ip_size(&entry->prefix);
}

static void marks_add(struct rib *rib, enum rib_mark_kind kind, const struct rib_entry *entry,
                      int step)
{
    const struct rib_mark mark = {.kind = kind,
                                  .from = entry->node,
                                  .to = entry->remote,
                                  .step = (int8_t)step,
                                  .is_complement = rib->sources[entry->source].is_complement};
    if (rib->is_whole_due)
        return;
    rib->is_base_torn = rib->is_base_torn || kind != RIB_MARK_LINK;
    if (rib->marks.count == RIB_MARKS_MAX || ted_array_reserve(&rib->marks, 1) != PCE_OK) {
        rib->is_whole_due = true;
        return;
    }
    (void)ted_array_append(&rib->marks, &mark, 1);
    rib_names_use(rib, mark.from);
    if (mark.to != TED_NONE)
        rib_names_use(rib, mark.to);
}

void rib_drop_marks(struct rib *rib)
{
    const struct rib_mark *marks = rib->marks.items;
    for (uint32_t i = 0; i < rib->marks.count; i++) {
        rib_names_leave(rib, marks[i].from);
        if (marks[i].to != TED_NONE)
            rib_names_leave(rib, marks[i].to);
    }
    rib->marks.count = 0;
    rib->is_base_torn = false;
}

/* ---- nodes ---- */

static struct rib_node marks_read(const struct rib_entry *entry)
{
    struct rib_node node;
    rib_record_unpack(&rib_node_layout, entry->record, &node);
    return node;
}

static bool marks_tells(const struct rib_node *node, const struct ip *router_id)
{
    return router_id->family == IP_NONE || ip_is_equal(&node->router_id_v4, router_id) ||
           ip_is_equal(&node->router_id_v6, router_id);
}

/* Whether the same names are one node with and without it: others say of its name what it says of
 * router ids, and that there is such a node. */
static bool marks_keeps_nodes(const struct rib *rib, const struct rib_entry *entry)
{
    const struct rib_node node = marks_read(entry);
    bool has_v4 = false, has_v6 = false;
    uint32_t looked = 0;
    LIST_FOR(link, &rib->named[entry->node]->entries[RIB_KIND_NODE])
    {
        const struct rib_entry *other = CONTAINER_OF(link, struct rib_entry, of_name);
        if (other == entry)
            continue;
        if (looked++ == MARKS_ENTRIES_MAX)
            return false;
        const struct rib_node told = marks_read(other);
        has_v4 = has_v4 || marks_tells(&told, &node.router_id_v4);
        has_v6 = has_v6 || marks_tells(&told, &node.router_id_v6);
    }
    return has_v4 && has_v6;
}

static bool marks_has_srlbs(const struct rib_node *a, const struct rib_node *b)
{
    return a->srlb_count == b->srlb_count &&
           (a->srlb_count == 0 ||
            memcmp(a->srlbs, b->srlbs, a->srlb_count * sizeof *a->srlbs) == 0);
}

/* Whether another entry of the name tells other local ranges: which of them are believed may depend on
 * all that either says. */
static bool marks_has_rival(const struct rib *rib, uint32_t name, const struct rib_node *said)
{
    uint32_t looked = 0;
    LIST_FOR(link, &rib->named[name]->entries[RIB_KIND_NODE])
    {
        const struct rib_node other = marks_read(CONTAINER_OF(link, struct rib_entry, of_name));
        if (looked++ == MARKS_ENTRIES_MAX ||
            ((other.present & RIB_NODE_SRLBS) != 0 && !marks_has_srlbs(&other, said)))
            return true;
    }
    return false;
}

/* The names of one node are those that the last network has made one of. */
static bool marks_has_rivals(const struct rib *rib, const struct rib_entry *entry)
{
    const struct rib_node said = marks_read(entry);
    const struct merge *base = rib->base;
    uint32_t node = base == NULL ? TED_NONE : merge_node_of(base, entry->node);
    if ((said.present & RIB_NODE_SRLBS) == 0)
        return false;
    if (node == TED_NONE)
        return true;
    for (uint32_t i = base->first_name[node]; i < base->first_name[node + 1]; i++)
        if (marks_has_rival(rib, base->names[i], &said))
            return true;
    return false;
}

/* Labels of links may be indexes of a node's local ranges. */
static bool marks_keeps_links(const struct rib *rib, const struct rib_entry *before,
                              const struct rib_entry *after)
{
    if (before == NULL || after == NULL || before->node != after->node ||
        before->part != after->part || rib_entry_is_stale(rib, before))
        return false;
    const struct rib_node a = marks_read(before), b = marks_read(after);
    return ((a.present ^ b.present) & RIB_NODE_SRLBS) == 0 && marks_has_srlbs(&a, &b) &&
           !marks_has_rivals(rib, after);
}

/* ---- all ---- */

void rib_note_change(struct rib *rib, const struct rib_entry *before, const struct rib_entry *after)
{
    const struct rib_entry *const both[] = {before, after == before ? NULL : after};
    enum rib_mark_kind kind = RIB_MARK_NODE;
    CHECK(before != NULL || after != NULL);
    const struct rib_entry *either = before != NULL ? before : after;
    if (either->kind == RIB_KIND_LINK)
        kind = RIB_MARK_LINK;
    else if (either->kind == RIB_KIND_NODE && !rib->is_whole_due &&
             !marks_keeps_links(rib, before, after))
        kind = RIB_MARK_TELLER;
    for (unsigned i = 0; i < 2; i++) {
        if (both[i] == NULL || !marks_matter(both[i]))
            continue;
        rib->generation++;
        if (either->kind == RIB_KIND_NODE && before != after && !rib->is_whole_due)
            rib->is_whole_due = !marks_keeps_nodes(rib, both[i]);
        marks_add(rib, kind, both[i], before == after ? 0 : i == 0 ? -1 : 1);
    }
}
