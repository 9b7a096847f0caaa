#include "core/base/check.h"
#include "core/base/validate.h"
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_history.h"
#include "core/lsp/lsp_instance.h"
#include "core/pcep/model.h"

#ifdef PCED_VALIDATE

/* What is counted of the LSPs that a walk has seen. */
struct lsp_seen {
    struct lsp_counters counters;
    uint64_t group_octets; /* of its lsp_octets */
    uint64_t steps;
};

static void validate_instances(const struct lsp *lsp, struct lsp_seen *seen)
{
    unsigned count = 0;
    CHECK(lsp->instances != NULL);
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next, count++) {
        CHECK(at->epoch <= lsp->pcc->epoch && at->size >= 8);
        CHECK((size_t)at->summary.path_at + at->summary.path_size <= at->size);
        for (const struct lsp_instance *other = at->next; other != NULL; other = other->next)
            CHECK(other->lsp_id != at->lsp_id);
        seen->counters.lsp_octets += lsp_instance_size(at->size);
    }
    CHECK(count <= LSP_INSTANCES_MAX);
    seen->counters.lsp_instances += count;
    seen->steps += count;
}

static void validate_memberships(const struct lsp *lsp, struct lsp_seen *seen)
{
    unsigned count = 0;
    for (const struct lsp_membership *at = lsp->memberships; at != NULL; at = at->next, count++) {
        CHECK(at->lsp == lsp && at->epoch <= lsp->pcc->epoch);
        CHECK(list_is_linked(&at->link) && at->group->member_count > 0);
        for (const struct lsp_membership *other = at->next; other != NULL; other = other->next)
            CHECK(other->group != at->group);
        seen->counters.lsp_octets += offsetof(struct lsp_membership, octets) + at->size;
        /* The group is counted with its first member. */
        if (at->group->members.next == &at->link) {
            seen->counters.lsp_groups++;
            const uint64_t octets =
                offsetof(struct lsp_association, extended) + at->group->extended_size;
            seen->counters.lsp_octets += octets;
            seen->group_octets += octets;
        }
    }
    CHECK(count <= LSP_ASSOCIATIONS_MAX);
    seen->steps += count;
}

static void validate_auto_bandwidth(struct lsp_db *db, const struct lsp *lsp, struct lsp_seen *seen)
{
    const struct lsp_auto_bandwidth *entry = lsp_auto_bandwidth_find(db, lsp);
    if (entry == NULL)
        return;
    CHECK(auto_bandwidth_is_sound(&entry->attributes));
    seen->counters.lsp_auto_bandwidths++;
    seen->counters.lsp_octets += sizeof *entry;
}

static void validate_lsp(struct lsp_db *db, const struct lsp *lsp, struct lsp_seen *seen)
{
    struct lsp_pcc *pcc = lsp->pcc;
    CHECK(lsp_db_get(db, lsp_handle_of(lsp)) == lsp);
    CHECK(lsp_pcc_find_hashed(pcc, lsp_name(lsp), lsp->by_name.hash) == lsp);
    CHECK(lsp->said_size > 0 && lsp->said_size <= lsp->name_size);
    CHECK(lsp->name_size > 0 && lsp->epoch <= pcc->epoch && lsp->created_in <= pcc->number);
    if (lsp_is_bound(lsp))
        CHECK(lsp_pcc_find_plsp_id(pcc, lsp->plsp_id) == lsp);
    validate_instances(lsp, seen);
    validate_memberships(lsp, seen);
    validate_auto_bandwidth(db, lsp, seen);
    seen->counters.lsps++;
    seen->counters.lsps_stale += lsp_is_stale(lsp);
    seen->counters.lsps_delegated += lsp->delegation == LSP_IS_DELEGATED;
    seen->counters.lsps_down += lsp_operational(lsp) == PCEP_LSP_DOWN;
    seen->counters.lsps_up +=
        lsp_operational(lsp) == PCEP_LSP_UP || lsp_operational(lsp) == PCEP_LSP_ACTIVE;
    seen->counters.lsp_octets += offsetof(struct lsp, name) + lsp->name_size +
                                 (lsp->history == NULL ? 0 : sizeof *lsp->history);
    seen->steps++;
}

static void validate_pcc(struct lsp_db *db, const struct lsp_pcc *pcc, struct lsp_seen *seen)
{
    uint32_t count = 0;
    uint32_t stale = 0;
    uint32_t bound = 0;
    uint32_t epoch = 0;
    const uint64_t before = seen->counters.lsp_octets;
    const uint64_t groups_before = seen->group_octets;
    LIST_FOR(link, &pcc->lsps)
    {
        const struct lsp *lsp = CONTAINER_OF(link, struct lsp, link);
        CHECK(lsp->pcc == pcc && lsp->epoch >= epoch);
        epoch = lsp->epoch;
        validate_lsp(db, lsp, seen);
        count++;
        stale += lsp_is_stale(lsp);
        bound += lsp_is_bound(lsp);
    }
    CHECK(count == pcc->count && stale == pcc->stale_count);
    CHECK(pcc->octets == seen->counters.lsp_octets - before - seen->group_octets + groups_before);
    CHECK(pcc->is_up == !list_is_linked(&pcc->gone));
    if (!pcc->is_up) {
        seen->counters.lsps_gone += count;
        seen->counters.lsp_octets_gone += pcc->octets;
    }
    CHECK(count == pcc->names.count && bound == pcc->plsp_ids.count);
    CHECK(pcc->is_up == (pcc->sync != LSP_SYNC_NONE));
    CHECK(list_is_linked(&pcc->pending) == (pcc->sync == LSP_SYNC_PENDING));
    CHECK(!pcc->is_asked || pcc->sync == LSP_SYNC_RUNNING);
    CHECK(pcc->fresh_from <= pcc->epoch && (!pcc->is_resync || pcc->sync == LSP_SYNC_RUNNING));
    CHECK(pcc->is_up || pcc->count > 0 || list_is_linked(&pcc->job));
    CHECK(pcc->is_up || wheel_is_running(&pcc->timer) || list_is_linked(&pcc->job));
    seen->counters.lsp_pccs++;
}

uint64_t lsp_db_validate(struct lsp_db *db)
{
    struct lsp_seen seen = {.steps = 1};
    LIST_FOR(link, &db->pcc_list)
    {
        validate_pcc(db, CONTAINER_OF(link, struct lsp_pcc, link), &seen);
    }
    const struct lsp_counters *counters = &db->counters;
    CHECK(seen.counters.lsps == counters->lsps && seen.counters.lsps_stale == counters->lsps_stale);
    CHECK(seen.counters.lsps_delegated == counters->lsps_delegated);
    CHECK(seen.counters.lsps_down == counters->lsps_down);
    CHECK(seen.counters.lsps_up == counters->lsps_up);
    CHECK(counters->lsps == counters->lsps_down + counters->lsps_up + counters->lsps_changing);
    CHECK(seen.counters.lsp_instances == counters->lsp_instances);
    CHECK(seen.counters.lsp_groups == counters->lsp_groups);
    CHECK(seen.counters.lsp_groups == db->groups.count);
    CHECK(seen.counters.lsp_auto_bandwidths == counters->lsp_auto_bandwidths);
    CHECK(seen.counters.lsp_auto_bandwidths == db->auto_bandwidths.count);
    CHECK(seen.counters.lsp_pccs == counters->lsp_pccs);
    CHECK(seen.counters.lsp_octets == counters->lsp_octets);
    CHECK(seen.counters.lsps_gone == counters->lsps_gone);
    CHECK(seen.counters.lsp_octets_gone == counters->lsp_octets_gone);
    return seen.steps;
}

#endif
