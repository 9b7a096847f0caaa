#include "core/lsp/lsp_auto_bandwidth.h"

#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/pcep/model.h"

bool lsp_auto_bandwidth_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp_auto_bandwidth *entry =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_auto_bandwidth, node);
    return entry->slot == *(const uint32_t *)key;
}

static uint64_t hash_of_slot(uint32_t slot)
{
    return map_hash(&slot, sizeof slot);
}

struct lsp_auto_bandwidth *lsp_auto_bandwidth_find(struct lsp_db *db, const struct lsp *lsp)
{
    if (db->auto_bandwidths.count == 0)
        return NULL;
    struct map_node *node = map_find(&db->auto_bandwidths, hash_of_slot(lsp->slot), &lsp->slot);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_auto_bandwidth, node);
}

void lsp_auto_bandwidth_drop(struct lsp_db *db, const struct lsp *lsp)
{
    struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(db, lsp);
    if (entry == NULL)
        return;
    (void)map_remove(&db->auto_bandwidths, hash_of_slot(lsp->slot), &lsp->slot);
    lsp_db_free(db, lsp->pcc, entry, sizeof *entry);
    db->counters.lsp_auto_bandwidths--;
}

/* NULL: no memory, or as many as may be. */
static struct lsp_auto_bandwidth *auto_bandwidth_make(struct lsp_db *db, const struct lsp *lsp)
{
    struct lsp_auto_bandwidth *entry =
        db->counters.lsp_auto_bandwidths < db->limits.auto_bandwidths_max
            ? lsp_db_alloc(db, lsp->pcc, sizeof *entry)
            : NULL;
    if (entry != NULL) {
        *entry = (struct lsp_auto_bandwidth){.slot = lsp->slot, .asked = -1};
        if (map_insert(&db->auto_bandwidths, &entry->node, hash_of_slot(lsp->slot), &lsp->slot) ==
            PCE_OK) {
            db->counters.lsp_auto_bandwidths++;
            return entry;
        }
        lsp_db_free(db, lsp->pcc, entry, sizeof *entry);
    }
    db->counters.lsp_limit_auto_bandwidths++;
    return NULL;
}

/* ---- reports ---- */

static bool read_bandwidth_of(const struct pcep_optional *optional, float *bandwidth)
{
    const struct pcep_object *object;
    if (!pcep_get(optional, &object))
        return false;
    const struct pcep_bandwidth *body = object->body;
    if (!(body->bandwidth >= 0) || !(body->bandwidth <= 3.4e38f)) /* no amount */
        return false;
    *bandwidth = body->bandwidth;
    return true;
}

/* What it has before we have given it anything: as it says itself (type 2), else what it asks for,
 * which was the last thing that it was given. */
static void auto_bandwidth_begin(struct lsp_auto_bandwidth *entry,
                                 const struct pcep_lsp_state *state)
{
    if (!read_bandwidth_of(state->actual_bandwidth, &entry->granted))
        (void)read_bandwidth_of(state->bandwidth, &entry->granted);
}

bool lsp_auto_bandwidth_take(struct lsp_db *db, const struct lsp *lsp,
                             const struct lsp_report *report)
{
    const struct pcep_lsp_state *state = report->state;
    const struct pcep_object *lspa;
    const struct pcep_tlv *tlv = NULL;
    if (lsp->pcc->session.may_auto_bandwidth && pcep_get(state->lspa, &lspa))
        tlv = pcep_find_tlv_entry(lspa, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES);
    if (tlv == NULL) { /* RFC 8733 5.2: it is turned off */
        lsp_auto_bandwidth_drop(db, lsp);
        return false;
    }
    struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(db, lsp);
    bool is_new = entry == NULL;
    if (is_new && (entry = auto_bandwidth_make(db, lsp)) == NULL)
        return false;
    if (is_new)
        auto_bandwidth_begin(entry, state);
    if (lsp->bound_in != lsp->pcc->number) /* the first one of a session has the defaults */
        entry->attributes = (struct auto_bandwidth){0};
    db->counters.lsp_auto_bandwidth_ignored += auto_bandwidth_read(tlv, &entry->attributes);
    const float before = entry->requested;
    const bool has_before = entry->has_requested;
    entry->has_requested = read_bandwidth_of(state->bandwidth, &entry->requested);
    return has_before && entry->has_requested &&
           (entry->requested > before || entry->requested < before);
}

/* ---- what is to be done ---- */

float lsp_auto_bandwidth_wanted(const struct lsp_auto_bandwidth *entry, bool is_held)
{
    const struct auto_bandwidth *attributes = &entry->attributes;
    if (is_held || !entry->has_requested)
        return entry->granted;
    float wanted = auto_bandwidth_within(attributes, entry->requested);
    return auto_bandwidth_judge(attributes, entry->granted, wanted) == AUTO_BANDWIDTH_STAYS
               ? entry->granted
               : wanted;
}

void lsp_auto_bandwidth_on_done(struct lsp_db *db, const struct lsp *lsp, float bandwidth)
{
    struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(db, lsp);
    if (entry != NULL)
        entry->granted = bandwidth;
}
