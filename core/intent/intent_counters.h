/* What is counted of intents, one row for each; the forms of rows are those of order_counters.h.
 *
 * Thread: the owner of the intents; read by others relaxed (server/ copies them out). Owns: nothing.
 */
#ifndef PCED_CORE_INTENT_INTENT_COUNTERS_H
#define PCED_CORE_INTENT_INTENT_COUNTERS_H

#include <stdint.h>

#define INTENT_COUNTERS(COUNTER, GAUGE)                                                            \
    GAUGE(intents, "Intents that are kept, those whose LSPs are being removed included.")          \
    GAUGE(intents_unreadable, "Intents in the store that cannot be read.")                         \
    COUNTER(intents_put, "Intents that were created or replaced.")                                 \
    COUNTER(intents_deleted, "Intents that were deleted.")                                         \
    COUNTER(intents_over_limit, "Intents that were refused because there are too many.")           \
    COUNTER(intents_not_kept, "Changes of intents that were refused because the store did.")       \
    COUNTER(intents_no_memory, "Changes of intents that had to wait for memory.")                  \
    COUNTER(intents_initiated, "Orders to initiate an LSP of an intent.")                          \
    COUNTER(intents_updated, "Orders to update an LSP of an intent.")                              \
    COUNTER(intents_removed, "Orders to remove an LSP that no intent wants any more.")             \
    COUNTER(intents_adopted, "Orders to adopt an LSP of an intent.")                               \
    COUNTER(intents_refused, "Orders for LSPs of intents that were refused.")                      \
    GAUGE(intents_computing, "LSPs of intents whose path is computed by the compute threads.")     \
    COUNTER(intents_offloaded, "Paths of intents that were given to the compute threads.")         \
    COUNTER(intents_raced, "Paths of intents whose bandwidth others had taken meanwhile.")         \
    COUNTER(intents_no_path, "Times that there was no path for an LSP of an intent.")

#define INTENT_COUNTER_MEMBER(member, help) uint64_t member;
struct intent_counters {
    INTENT_COUNTERS(INTENT_COUNTER_MEMBER, INTENT_COUNTER_MEMBER)
};
#undef INTENT_COUNTER_MEMBER

#endif
