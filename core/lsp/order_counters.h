/* What is counted of orders, one row for each.
 *
 *   COUNTER(member, "help")    only grows
 *   GAUGE(member, "help")      goes up and down; the sum over all shards is shown
 *
 * A row is the member and its name everywhere: in the log, the API and the metrics.
 *
 * Thread: the owner of the orders; read by others relaxed (server/ copies them out). Owns: nothing.
 */
#ifndef PCED_CORE_LSP_ORDER_COUNTERS_H
#define PCED_CORE_LSP_ORDER_COUNTERS_H

#include <stdint.h>

#define ORDER_COUNTERS(COUNTER, GAUGE)                                                             \
    GAUGE(orders_waiting, "Orders that wait to be sent to their PCC.")                             \
    GAUGE(orders_in_flight, "Orders that were sent and have no answer yet.")                       \
    COUNTER(orders_taken, "Orders that were taken, to be sent to a PCC.")                          \
    COUNTER(orders_denied, "Orders refused before they were sent: the PCC cannot be asked so.")    \
    COUNTER(orders_over_limit, "Orders refused because too many wait already.")                    \
    COUNTER(orders_without_memory, "Orders refused because there was no memory.")                  \
    COUNTER(orders_replaced, "Orders that a newer one for the same LSP has replaced unsent.")      \
    COUNTER(orders_sent, "PCUpd and PCInitiate messages sent.")                                    \
    COUNTER(orders_unsent, "Times that an order had to wait because its session had no room.")     \
    COUNTER(orders_done, "Orders that their PCC has carried out.")                                 \
    COUNTER(orders_refused, "Orders that their PCC has refused.")                                  \
    COUNTER(orders_unconfirmed, "Orders that had no answer in time.")                              \
    COUNTER(orders_dropped, "Orders given up because their session or their LSP is gone.")         \
    COUNTER(orders_late, "Orders whose answer came after its time.")                               \
    COUNTER(orders_retried, "Deletions of LSPs that were tried again.")                            \
    COUNTER(orders_guessed,                                                                        \
            "Errors (PCErr) without an SRP, taken as the answer to the one order in flight.")      \
    COUNTER(orders_unknown_srp, "Errors (PCErr) for an SRP-ID that nothing is known of.")          \
    COUNTER(lsps_contested, "Times that an LSP was seen on a path that somebody else gave it.")    \
    COUNTER(delegations_refused, "Delegations of LSPs that the policy refuses.")                   \
    COUNTER(paths_wanted, "Delegations of LSPs without a path: requests for one.")

#define ORDER_COUNTER_MEMBER(member, help) uint64_t member;
struct lsp_order_counters {
    ORDER_COUNTERS(ORDER_COUNTER_MEMBER, ORDER_COUNTER_MEMBER)
};
#undef ORDER_COUNTER_MEMBER

#endif
