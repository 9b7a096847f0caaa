/* What has changed since the network was last made: marks for those who follow it. */
#include "core/ted/rib_impl.h"

#define MARKS_MAX 8192 /* more are no little change */

/* Prefixes that are no address of a router play no part in a network. */
static bool marks_matter(const struct rib_entry *entry)
{
    return entry->kind != RIB_KIND_PREFIX || entry->bits == 8 * ip_size(&entry->prefix);
}

void rib_note_change(struct rib *rib, const struct rib_entry *entry)
{
    const struct rib_mark mark = {.from = entry->node, .to = entry->remote};
    if (!marks_matter(entry))
        return;
    rib->generation++;
    if (entry->kind != RIB_KIND_LINK || rib->marks.count == MARKS_MAX ||
        ted_array_reserve(&rib->marks, 1) != PCE_OK)
        rib->is_whole_due = true;
    if (!rib->is_whole_due)
        (void)ted_array_append(&rib->marks, &mark, 1);
}
