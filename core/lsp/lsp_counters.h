/* What is counted of LSPs, one row for each.
 *
 *   COUNTER(member, "help")    only grows
 *   GAUGE(member, "help")      goes up and down; the sum over all shards is shown
 *
 * A row is the member and its name everywhere: in the log, the API and the metrics.
 *
 * Thread: the owner of the database; read by others relaxed (server/ copies them out). Owns:
 * nothing. */
#ifndef PCED_CORE_LSP_LSP_COUNTERS_H
#define PCED_CORE_LSP_LSP_COUNTERS_H

#include <stdint.h>

#define LSP_COUNTERS(COUNTER, GAUGE)                                                               \
    GAUGE(lsps, "LSPs that are known.")                                                            \
    GAUGE(lsps_down, "LSPs whose operational state is down.")                                      \
    GAUGE(lsps_up, "LSPs whose operational state is up or active.")                                \
    GAUGE(lsps_changing, "LSPs that go up or down, or whose state has no name.")                   \
    GAUGE(lsps_delegated, "LSPs that are delegated to us.")                                        \
    GAUGE(lsps_stale, "LSPs whose PCC has no session, or has not reported them in this one.")      \
    GAUGE(lsps_gone, "Stale LSPs whose PCC has no session: they give way at a limit of all.")      \
    GAUGE(lsp_instances, "Instances of LSPs: more than LSPs while paths are replaced.")            \
    GAUGE(lsp_pccs, "PCCs that have reported LSPs.")                                               \
    GAUGE(lsp_groups, "Association groups that LSPs are in.")                                      \
    GAUGE(lsp_syncs_pending, "PCCs that wait to be asked for their LSPs (RFC 8232).")              \
    GAUGE(lsp_auto_bandwidths, "LSPs whose bandwidth follows their traffic (RFC 8733).")           \
    GAUGE(lsp_octets, "Memory of what is known of LSPs.")                                          \
    GAUGE(lsp_octets_gone, "Memory of LSPs whose PCC has no session.")                             \
    COUNTER(reports_changed, "LSP states reported that were news.")                                \
    COUNTER(reports_unchanged, "LSP states reported that were known already.")                     \
    COUNTER(lsps_created, "LSPs that were reported for the first time.")                           \
    COUNTER(lsps_removed, "LSPs that their PCC has removed.")                                      \
    COUNTER(lsps_purged, "LSPs removed because a synchronisation or its time did not renew them.") \
    COUNTER(lsps_gave_way, "Stale LSPs removed to make place for new ones of their PCC.")          \
    COUNTER(lsps_gone_gave_way,                                                                    \
            "LSPs of PCCs without a session removed to make place for others.")                    \
    COUNTER(lsp_syncs, "Synchronisations that have reached their end mark.")                       \
    COUNTER(lsp_syncs_skipped, "Sessions that began without a synchronisation (RFC 8232).")        \
    COUNTER(lsp_syncs_triggered, "First synchronisations that we have asked for (RFC 8232).")      \
    COUNTER(lsp_syncs_broken, "Synchronisations whose session ended before the end mark.")         \
    COUNTER(lsp_limit_lsps, "Sessions ended because of limits.lsps (PCNtf 4/1).")                  \
    COUNTER(lsp_limit_per_pcc, "Sessions ended because of limits.lsps-per-pcc (PCNtf 4/1).")       \
    COUNTER(lsp_limit_memory, "Sessions ended because of limits.lsp-memory (PCNtf 4/1).")          \
    COUNTER(lsp_limit_instances, "Reports refused because their LSP has as many instances as may " \
                                 "be.")                                                            \
    COUNTER(lsp_limit_auto_bandwidths,                                                             \
            "Reports of LSPs whose bandwidth is left as it is, because "                           \
            "of limits.auto-bandwidth-lsps or for want of memory.")                                \
    COUNTER(lsp_auto_bandwidth_ignored, "Attributes of auto-bandwidth whose values are invalid.")  \
    COUNTER(lsp_colors_refused, "Reports refused because LSPs that protect each other have "       \
                                "another colour (PCErr 19/32).")                                   \
    COUNTER(lsp_limit_associations,                                                                \
            "Reports refused because their LSP would be in more groups than may be.")              \
    COUNTER(lsp_limit_bindings, "Reports that left more bindings as they were than are kept.")     \
    COUNTER(lsp_history_unkept, "Changes of LSPs that there was no memory to remember.")

#define LSP_COUNTER_MEMBER(member, help) uint64_t member;
struct lsp_counters {
    LSP_COUNTERS(LSP_COUNTER_MEMBER, LSP_COUNTER_MEMBER)
};
#undef LSP_COUNTER_MEMBER

#endif
