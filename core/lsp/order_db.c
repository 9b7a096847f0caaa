#include "core/lsp/order_db.h"

#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/lsp/lsp_color.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_instance.h"
#include "core/pcep/model.h"
#include "core/wire/field.h"

#define MULTIPATH_CAP_SIZE 4

static struct lsp *orders_find_lsp(struct lsp_db *db, const struct ip *address,
                                   struct wire_span name)
{
    struct lsp_pcc *pcc = lsp_db_pcc(db, address);
    return pcc == NULL ? NULL : lsp_pcc_find_name(pcc, name);
}

/* Multipath draft 5.1.1 */
static void orders_read_multipath(const struct lsp *lsp, struct lsp_target *target)
{
    const uint8_t *value =
        lsp_instance_tlv(lsp_first_instance(lsp), PCEP_TLV_MULTIPATH_CAP, MULTIPATH_CAP_SIZE);
    target->paths_max = value == NULL ? 0 : field_load_u16(value);
    target->multipath_flags = value == NULL ? 0 : field_load_u16(value + sizeof(uint16_t));
}

bool lsp_orders_find_target(struct lsp_db *db, const struct lsp_lane *lane, struct wire_span name,
                            struct lsp_target *target)
{
    const struct lsp *lsp = orders_find_lsp(db, &lane->address, name);
    if (lsp == NULL || !lsp_is_bound(lsp))
        return false;
    uint16_t flags = lsp_first_instance(lsp)->summary.flags;
    bool is_delegated = lsp->delegation == LSP_IS_DELEGATED;
    target->plsp_id = lsp->plsp_id;
    target->flags = (uint16_t)((flags & ~PCEP_LSP_D) | (is_delegated ? PCEP_LSP_D : 0));
    target->has_color = lsp_color_of_tlv(lsp, &target->color);
    orders_read_multipath(lsp, target);
    return true;
}

void lsp_orders_on_change(struct lsp_orders *orders, const struct lsp_pcc *pcc,
                          const struct lsp *lsp, const struct journal_record *record)
{
    struct lsp_lane *lane;
    if (record->change != LSP_REMOVED && record->change != PCC_FORGOTTEN)
        return;
    lane = lsp_lane_find(orders, &pcc->address);
    if (lane == NULL)
        return;
    if (record->change == LSP_REMOVED)
        lsp_lane_on_removed(lane, lsp_name(lsp), record->when);
    else if (!lane->is_up)
        lsp_lane_destroy(lane, record->when);
}

/* Of an LSP that is not known, or not any more, the record keeps the name. */
static void note_name(struct lsp_db *db, const struct ip *address, struct wire_span name,
                      enum lsp_change change, const struct lsp_cause *cause)
{
    const struct journal_record record = {
        .when = cause->now,
        .srp_id = cause->srp_id,
        .change = (uint8_t)change,
        .by = cause->by,
        .error_type = cause->error_type,
        .error_value = cause->error_value,
        .pcc = *address,
    };
    (void)journal_append(&db->journal, &record, name);
}

static void note_lsp(struct lsp_db *db, const struct ip *address, struct wire_span name,
                     enum lsp_change change, const struct lsp_cause *cause)
{
    struct lsp *lsp = orders_find_lsp(db, address, name);
    if (lsp != NULL)
        lsp_db_note(db, lsp->pcc, lsp, change, cause);
    else
        note_name(db, address, name, change, cause);
}

/* LSP_CHANGE_COUNT: nothing that a reader wants to know. */
static enum lsp_change change_of(const struct lsp_order *order)
{
    switch (order->state) {
    case LSP_ORDER_SENT:
        return LSP_ORDERED;
    case LSP_ORDER_DONE:
        return LSP_ORDER_CARRIED_OUT;
    case LSP_ORDER_REFUSED:
        return LSP_ORDER_TURNED_DOWN;
    case LSP_ORDER_UNCONFIRMED:
        return LSP_ORDER_UNANSWERED;
    default:
        return LSP_CHANGE_COUNT;
    }
}

/* RFC 8232 6.2: all of them are stale until they come. */
static void orders_begin_resync(struct lsp_db *db, const struct ip *address)
{
    struct lsp_pcc *pcc = lsp_db_pcc(db, address);
    if (pcc != NULL)
        (void)lsp_db_on_resync(db, pcc);
}

/* A PCC that says no, or nothing, holds up no other. */
static void orders_note_trigger(struct lsp_db *db, const struct lsp_order *order)
{
    const bool is_over = lsp_order_has_ended(order) && order->state != LSP_ORDER_DONE;
    if (order->who != LSP_ORDER_BY_SYNCHRONISATION || !is_over)
        return;
    struct lsp_pcc *pcc = lsp_db_pcc(db, &order->pcc);
    if (pcc != NULL)
        lsp_db_on_ask_refused(db, pcc);
}

static void orders_note_bandwidth(struct lsp_db *db, const struct lsp_order *order,
                                  struct wire_span name)
{
    const struct lsp *lsp = orders_find_lsp(db, &order->pcc, name);
    if (lsp != NULL)
        lsp_auto_bandwidth_on_done(db, lsp, order->bandwidth);
}

void lsp_orders_note(struct lsp_db *db, const struct lsp_order *order, struct mono now)
{
    enum lsp_change change = change_of(order);
    const struct lsp_cause cause = {
        .now = now,
        .srp_id = order->srp_id,
        .by = order->who == LSP_ORDER_BY_OPERATOR ? LSP_BY_OPERATOR : LSP_BY_US,
        .error_type = order->error_type,
        .error_value = order->error_value,
    };
    const struct wire_span name = {(const uint8_t *)order->name, order->name_size};
    if (order->state == LSP_ORDER_DONE && order->bandwidth >= 0)
        orders_note_bandwidth(db, order, name);
    if (order->kind == LSP_ORDER_RESYNC && order->name_size == 0 && order->state == LSP_ORDER_SENT)
        orders_begin_resync(db, &order->pcc);
    orders_note_trigger(db, order);
    if (change == LSP_CHANGE_COUNT)
        return;
    /* A deletion is carried out while its LSP is leaving the database: nobody may take that for a
     * change of an LSP that is there. */
    if (order->kind == LSP_ORDER_DELETE && order->state == LSP_ORDER_DONE)
        note_name(db, &order->pcc, name, change, &cause);
    else
        note_lsp(db, &order->pcc, name, change, &cause);
}

void lsp_orders_note_contest(struct lsp_db *db, const struct lsp_lane *lane, struct wire_span name,
                             struct mono now)
{
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_PCC};
    note_lsp(db, &lane->address, name, LSP_CONTESTED, &cause);
}

/* ---- first synchronisations that we trigger ---- */

static bool orders_ask_for_all(struct lsp_orders *orders, const struct lsp_pcc *pcc,
                               struct mono now)
{
    const struct lsp_order_request request = {
        .wanted = {.kind = LSP_ORDER_RESYNC, .is_first = true},
        .who = LSP_ORDER_BY_SYNCHRONISATION,
    };
    struct lsp_lane *lane = lsp_lane_find(orders, &pcc->address);
    struct lsp_order_receipt receipt;
    return lane != NULL && lsp_order_submit(lane, &request, now, &receipt) == PCE_OK;
}

void lsp_orders_trigger(struct lsp_orders *orders, struct lsp_db *db, uint32_t at_once_max,
                        struct mono now)
{
    struct lsp_pcc *pcc;
    while ((pcc = lsp_db_next_pending(db, at_once_max)) != NULL) {
        if (!orders_ask_for_all(orders, pcc, now)) {
            lsp_db_on_not_asked(db, pcc, now);
            return;
        }
        lsp_db_on_asked(db, pcc);
    }
}
