/* Orders through random events: whatever comes, in whatever order, the books are right. */
#include "core/lsp/order_impl.h"
#include "core/lsp/path_digest.h"
#include "tests/lib/random.h"
#include "tests/unit/lsp/order_rig.h"

#include <criterion/criterion.h>
#include <stdlib.h>

TestSuite(order_walk, .timeout = 120);

#define STEPS 200000
#define NAMES 6

static const char *const names[NAMES] = {"a", "b", "c", "d", "e", "f"};

/* ---- what must hold ---- */

struct books {
    uint32_t waiting;
    uint32_t sent;
    uint32_t known; /* by SRP-ID */
    uint32_t live;
};

static void count_orders(const struct list_link *list, struct books *books)
{
    LIST_FOR(link, list)
    {
        const struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
        cr_assert_not(lsp_order_has_ended(order));
        cr_assert_not_null(order->objects);
        books->live++;
        books->waiting += order->state <= LSP_ORDER_QUEUED;
        books->sent += order->state == LSP_ORDER_SENT;
        books->known += order->state == LSP_ORDER_SENT || order->state == LSP_ORDER_ACKNOWLEDGED;
        cr_assert(rig.lane->is_up || order->state == LSP_ORDER_HELD);
        /* RFC 8232 5.2: what the PCC waits for goes out before its end mark. */
        cr_assert(rig.lane->is_synchronised || order->state <= LSP_ORDER_QUEUED ||
                  order->who == LSP_ORDER_BY_SYNCHRONISATION);
    }
}

static void check_books(void)
{
    const struct lsp_order_counters *counters = &rig.orders.counters;
    struct books books = {0};
    LIST_FOR(link, &rig.lane->controls)
    count_orders(&CONTAINER_OF(link, struct lsp_control, link)->orders, &books);
    count_orders(&rig.lane->whole, &books);
    cr_assert_eq(books.live, rig.lane->live_count);
    cr_assert_eq(books.live, rig.orders.live_count);
    cr_assert_eq(books.waiting, counters->orders_waiting);
    cr_assert_eq(books.sent, counters->orders_in_flight);
    cr_assert_eq(books.sent, rig.lane->sent_count);
    cr_assert_leq(books.sent, rig.orders.settings.in_flight_max);
    LIST_FOR(link, &rig.lane->unconfirmed)
    books.known++;
    cr_assert_eq(books.known, rig.orders.by_srp.count);
    cr_assert_eq(rig.orders.by_id.count, rig.orders.live_count + rig.orders.ended_count);
    cr_assert_leq(rig.orders.ended_count, (uint32_t)LSP_ORDERS_ENDED_MAX);
    cr_assert_eq(counters->orders_taken,
                 books.live + counters->orders_done + counters->orders_refused +
                     counters->orders_unconfirmed + counters->orders_dropped +
                     counters->orders_replaced - counters->orders_late);
}

/* ---- what comes ---- */

static void submit_any(struct random *random)
{
    static const char ero[] = RIG_ERO;
    uint8_t kind = (uint8_t)random_below(random, LSP_ORDER_KIND_COUNT);
    bool has_path = kind == LSP_ORDER_UPDATE || kind == LSP_ORDER_INITIATE;
    bool is_whole = kind == LSP_ORDER_DELETE_ALL || random_below(random, 20) == 0;
    const struct lsp_order_request request = {
        .wanted = {.kind = kind,
                   .setup_type = PCEP_PST_SR,
                   .objects = hex_octets(has_path ? ero : "")},
        .name = text_span(is_whole ? "" : names[random_below(random, NAMES)]),
        .who = (uint8_t)random_below(random, LSP_ORDER_WHO_COUNT),
        .is_down = random_below(random, 10) == 0,
    };
    struct lsp_order_receipt receipt;
    enum pce_status status = lsp_order_submit(rig.lane, &request, rig.now, &receipt);
    cr_assert_eq(status == PCE_OK, receipt.reason == NULL);
    cr_assert_eq(status == PCE_OK, receipt.id != 0);
}

/* Of one of the last orders mostly. */
static uint32_t any_srp_id(struct random *random)
{
    return random_below(random, 4) == 0 ? 0 : rig.lane->next_srp_id - random_below(random, 6);
}

static void report_any(struct random *random)
{
    const uint64_t digests[] = {LSP_PATH_EMPTY, rig_digest(RIG_ERO), 1};
    const char *name = names[random_below(random, NAMES)];
    uint16_t flags = (uint16_t)(random_below(random, 16) << PCEP_LSP_O_SHIFT & PCEP_LSP_O);
    if (random_below(random, 4) > 0)
        flags |= PCEP_LSP_D;
    const struct lsp_delegation_policy policy = {NULL, 0, random_below(random, 3) > 0};
    const struct lsp_seen seen = {
        .name = text_span(name),
        .srp_id = any_srp_id(random),
        .flags = flags,
        .path_digest = digests[random_below(random, 3)],
        .is_gone = random_below(random, 12) == 0,
        .is_newest = random_below(random, 5) > 0,
    };
    const struct lsp_delegation_report report = {&seen, &policy, PCEP_PST_SR};
    if (!rig.lane->is_up)
        return;
    rig_set_flags(name, (uint16_t)(flags | PCEP_LSP_C));
    (void)lsp_delegation_is_broken(rig.lane, &seen, true);
    lsp_lane_on_report(rig.lane, &seen, rig.now);
    if (!seen.is_gone)
        lsp_delegation_on_report(rig.lane, &report, rig.now);
}

static void change_session(struct random *random)
{
    if (!rig.lane->is_up)
        rig_up(random_below(random, 2) == 0 ? LSP_PROFILE_FRR : LSP_PROFILE_STANDARD);
    else if (!rig.lane->is_synchronised)
        lsp_lane_on_synchronised(rig.lane, rig.now);
    else if (random_below(random, 40) == 0)
        lsp_lane_on_down(rig.lane, rig.now);
}

static void step_any(struct random *random)
{
    static const uint32_t pauses_ms[] = {0, 1, 100, 1000, 5000, 30000};
    switch (random_below(random, 8)) {
    case 0:
    case 1:
        submit_any(random);
        break;
    case 2:
    case 3:
        report_any(random);
        break;
    case 4:
        lsp_lane_on_error(rig.lane, any_srp_id(random), (uint8_t)(random_below(random, 2) + 19),
                          (uint8_t)random_below(random, 11), rig.now);
        break;
    case 5:
        rig_pass(pauses_ms[random_below(random, 6)]);
        break;
    case 6:
        rig.room = random_below(random, 4) == 0 ? 0 : UINT32_MAX;
        break;
    default:
        change_session(random);
        break;
    }
}

static void walk(struct random *random, uint32_t steps)
{
    for (uint32_t i = 0; i < steps; i++) {
        rig.message_count = 0;
        step_any(random);
        check_books();
    }
}

Test(order_walk, the_books_are_right_whatever_comes)
{
    struct random random = test_random_init("order_walk", 2026);
    rig_init(LSP_PROFILE_STANDARD);
    rig.orders.settings.in_flight_max = 3;
    rig.orders.settings.waiting_per_pcc_max = 12;
    rig.orders.settings.controls_max = NAMES;
    for (uint32_t i = 0; i < NAMES; i++)
        rig_add_lsp(names[i], i + 1);
    rig_synchronise();
    walk(&random, STEPS);
    /* Nothing was too rare to happen. */
    const struct lsp_order_counters *counters = &rig.orders.counters;
    cr_expect_gt(counters->orders_done, 0);
    cr_expect_gt(counters->orders_refused, 0);
    cr_expect_gt(counters->orders_unconfirmed, 0);
    cr_expect_gt(counters->orders_dropped, 0);
    cr_expect_gt(counters->orders_replaced, 0);
    cr_expect_gt(counters->orders_late, 0);
    cr_expect_gt(counters->orders_retried, 0);
    cr_expect_gt(counters->orders_unsent, 0);
    cr_expect_gt(counters->lsps_contested, 0);
    cr_expect_gt(counters->delegations_refused, 0);
    cr_expect_gt(counters->orders_over_limit, 0);
    rig_fini();
}
