/* What a PCC does as it is told: PCUpd (RFC 8231 5.8), PCInitiate (RFC 8281 5). */
#include "bench/pceload/lsps/lsps.h"
#include "core/pcep/model.h"

#include <string.h>

struct taken {
    struct lsps *lsps;
    struct lsps_session *session;
    uint32_t number;
    struct order order;
};

/* Why an order is refused; type 0: it is not. */
struct refusal {
    uint8_t type, value;
};

static const struct refusal none = {0};
static const struct refusal no_lsp = {6, 8}, no_ero = {6, 9}, no_ends = {6, 3};
static const struct refusal no_name = {10, 8}, bad_object = {10, 1}, name_in_use = {23, 1};
static const struct refusal not_delegated = {19, 1}, unknown_plsp_id = {19, 3};
static const struct refusal too_many = {19, 6}, not_initiated = {19, 9};

/* ---- answers ---- */

static void orders_count_unanswered(struct taken *taken)
{
    taken->lsps->given->results->orders_unanswered++;
}

static void orders_answer_refusal(struct taken *taken, struct refusal refusal)
{
    uint8_t octets[64];
    size_t size =
        report_put_error(taken->order.srp_id, refusal.type, refusal.value, octets, sizeof octets);
    uint8_t *to = lsps_reserve_answer(taken->session, (uint32_t)size);
    counter_add(&taken->lsps->given->counters->orders_refused, 1);
    if (to == NULL)
        orders_count_unanswered(taken);
    else
        memcpy(to, octets, size);
}

static void orders_answer_report(struct taken *taken, const struct known_lsp *lsp, bool is_removed)
{
    uint8_t octets[REPORT_HEAD_SIZE + KNOWN_NAME_SIZE_MAX + ORDER_PATH_MAX];
    struct report report = known_report(lsp);
    report.srp_id = taken->order.srp_id;
    report.is_removed = is_removed;
    if (is_removed) /* RFC 8231 7.3; it is down by then */
        report.flags = (uint16_t)((report.flags & ~PCEP_LSP_O) | PCEP_LSP_R);
    size_t size = report_put(&report, octets, sizeof octets);
    uint8_t *to = lsps_reserve_answer(taken->session, (uint32_t)size);
    if (to == NULL)
        orders_count_unanswered(taken);
    else
        memcpy(to, octets, size);
}

/* ---- LSPs ---- */

/* The record of an LSP; of an own one that nobody has touched it is made. NULL: there is none. */
static struct known_lsp *orders_get_lsp(struct taken *taken, uint32_t plsp_id)
{
    const struct load_given *given = taken->lsps->given;
    struct known *known = &taken->session->known;
    struct known_lsp *lsp = known_find(known, plsp_id);
    if (lsp != NULL || plsp_id == 0 || plsp_id > known->own)
        return lsp;
    uint8_t octets[REPORT_FORM_SIZE], name[REPORT_NAME_SIZE];
    const struct report_forms *forms = &given->templates->reports;
    uint32_t index = lsps_index(taken->lsps, taken->number);
    struct report_values values = own_lsp(given->network, given->options, index, plsp_id);
    (void)report_put_own(forms, &values, octets);
    report_put_name(index, plsp_id, name);
    const struct report report = {
        .plsp_id = plsp_id,
        .flags = values.flags,
        .setup_type = given->options->setup == SETUP_SR ? PCEP_PST_SR : PCEP_PST_RSVP_TE,
        .source = values.source,
        .destination = values.destination,
        .name = {name, sizeof name},
        .path = report_path_of(forms, &values, octets)};
    return known_put(known, &report);
}

/* The report of the LSP with the path of the order in its place. */
static struct refusal orders_put_path(struct taken *taken, struct report report)
{
    uint8_t path[ORDER_PATH_MAX];
    size_t size = order_put_path(&taken->order, path);
    if (size == SIZE_MAX)
        return bad_object;
    report.path = (struct wire_span){path, size};
    orders_answer_report(taken, known_put(&taken->session->known, &report), false);
    return none;
}

/* ---- PCUpd ---- */

static struct refusal orders_take_update(struct taken *taken)
{
    const struct order *order = &taken->order;
    if (!order->has_lsp)
        return no_lsp;
    struct known_lsp *lsp = orders_get_lsp(taken, order->plsp_id);
    if (lsp == NULL)
        return unknown_plsp_id;
    if (!lsp->is_delegated)
        return not_delegated;
    if ((order->flags & PCEP_LSP_D) == 0) { /* RFC 8231 5.7.4: the delegation is given back */
        lsp->is_delegated = false;
        orders_answer_report(taken, lsp, false);
        return none;
    }
    if (!order->has_ero)
        return no_ero;
    struct report report = known_report(lsp);
    uint8_t name[KNOWN_NAME_SIZE_MAX]; /* the record that it is in goes */
    memcpy(name, report.name.octets, report.name.size);
    report.name.octets = name;
    return orders_put_path(taken, report);
}

/* ---- PCInitiate ---- */

static struct refusal orders_remove_lsp(struct taken *taken, struct known_lsp *lsp)
{
    if (lsp == NULL)
        return unknown_plsp_id;
    if (!lsp->is_initiated)
        return not_initiated;
    if (!lsp->is_delegated)
        return not_delegated;
    orders_answer_report(taken, lsp, true);
    known_remove(&taken->session->known, lsp->plsp_id);
    return none;
}

/* RFC 8281 5.4: PLSP-ID 0 stands for all that PCEs have made and that are delegated. */
static struct refusal orders_take_removal(struct taken *taken)
{
    const struct known *known = &taken->session->known;
    counter_add(&taken->lsps->given->counters->removals, 1);
    if (taken->order.plsp_id != 0)
        return orders_remove_lsp(taken, orders_get_lsp(taken, taken->order.plsp_id));
    for (uint32_t plsp_id = known->own + 1; plsp_id <= known->count; plsp_id++)
        (void)orders_remove_lsp(taken, known_find(known, plsp_id));
    return none;
}

/* RFC 8281 6: an orphan is delegated again. */
static struct refusal orders_take_adoption(struct taken *taken)
{
    struct known_lsp *lsp = orders_get_lsp(taken, taken->order.plsp_id);
    if (lsp == NULL)
        return unknown_plsp_id;
    if (!lsp->is_initiated)
        return not_initiated;
    lsp->is_delegated = true;
    orders_answer_report(taken, lsp, false);
    return none;
}

static struct refusal orders_make_lsp(struct taken *taken)
{
    const struct order *order = &taken->order;
    const struct known *known = &taken->session->known;
    if (order->name.octets == NULL)
        return no_name;
    if (order->name.size > KNOWN_NAME_SIZE_MAX)
        return bad_object;
    if (order->source.family == IP_NONE)
        return no_ends;
    if (!order->has_ero)
        return no_ero;
    uint32_t number = report_number_of(order->name, lsps_index(taken->lsps, taken->number));
    if ((number >= 1 && number <= known->own) || known_find_name(known, order->name) != NULL)
        return name_in_use;
    const struct report report = {.plsp_id = known_next(known),
                                  .flags = PCEP_LSP_D | PCEP_LSP_C,
                                  .setup_type = order->setup_type,
                                  .source = order->source,
                                  .destination = order->destination,
                                  .name = order->name};
    return report.plsp_id == 0 ? too_many : orders_put_path(taken, report);
}

static struct refusal orders_take_initiation(struct taken *taken)
{
    counter_add(&taken->lsps->given->counters->initiations, !taken->order.is_removal);
    if (!taken->order.has_lsp)
        return no_lsp;
    if (taken->order.is_removal)
        return orders_take_removal(taken);
    return taken->order.plsp_id != 0 ? orders_take_adoption(taken) : orders_make_lsp(taken);
}

/* ---- messages ---- */

static void orders_note_time(const struct load_given *given)
{
    struct live_counters *counters = given->counters;
    uint64_t now_ns = given->now->ns;
    if (given->options->order_times != NULL)
        instants_note(&given->results->orders, now_ns);
    if (counter_get(&counters->first_order_ns) == 0)
        counter_set(&counters->first_order_ns, now_ns);
    counter_set(&counters->last_order_ns, now_ns);
}

static bool orders_take_all(struct lsps *lsps, uint32_t number, struct order_reader reader,
                            struct refusal (*take)(struct taken *taken))
{
    struct taken taken = {.lsps = lsps, .session = &lsps->sessions[number], .number = number};
    while (order_next(&reader, &taken.order)) {
        orders_note_time(lsps->given);
        struct refusal refusal = take(&taken);
        if (refusal.type != 0)
            orders_answer_refusal(&taken, refusal);
    }
    return !reader.failed;
}

static struct refusal orders_count_update(struct taken *taken)
{
    counter_add(&taken->lsps->given->counters->updates, 1);
    return orders_take_update(taken);
}

bool lsps_on_update(struct lsps *lsps, uint32_t number, const uint8_t *octets, uint32_t size)
{
    return lsps->sessions == NULL ||
           orders_take_all(lsps, number, order_reader_init(octets, size), orders_count_update);
}

bool lsps_on_initiate(struct lsps *lsps, uint32_t number, const uint8_t *octets, uint32_t size)
{
    return lsps->sessions == NULL ||
           orders_take_all(lsps, number, order_reader_init(octets, size), orders_take_initiation);
}
