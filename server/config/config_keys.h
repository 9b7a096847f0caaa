/* Configuration keys: every key of the configuration file, declared once.
 *
 * Each section of the file is one list of rows. A row expands to the member of struct config, to
 * the reader's schema, to the default, to the range check, to what a reload does with it, and to
 * the table in docs/CONFIGURATION.md. A new key is one row here and the code that uses it.
 *
 * The rows, by kind (S: the section, handed through; the default is in the unit):
 *   UINT(S, member, "key", default, min, max, "unit", APPLY, "text")
 *   HOLD(…)                                                    as UINT, or "off" or "auto"
 *   BOOL(S, member, "key", default, APPLY, "text")
 *   ENUM(S, member, "key", default, NAMES, APPLY, "text")      NAMES: one of the lists below
 *   TEXT(S, member, "key", "default", APPLY, "text")           at most CONFIG_TEXT_SIZE - 1 octets
 *   ADDRESSES(S, member, "key", "default …", APPLY, "text")    at most CONFIG_ADDRESSES_MAX
 *   PREFIXES(S, member, "key", "", APPLY, "text")              kept in struct config_lists
 * APPLY says when a changed value holds after SIGHUP: NOW, SESSIONS (for sessions that begin
 * afterwards), RESTART.
 *
 * What one peer or a group of peers may have of its own is listed in CONFIG_PEER_KEYS: the same
 * rows again, under the same names.
 *
 * Thread: any; constant. Owns: nothing. */
#ifndef PCED_SERVER_CONFIG_CONFIG_KEYS_H
#define PCED_SERVER_CONFIG_CONFIG_KEYS_H

#include "server/config/socket_place.h"

/* NAME(C suffix, "word in the file") */
#define CONFIG_NAMES_LOG_LEVEL(NAME)                                                               \
    NAME(DEBUG, "debug")                                                                           \
    NAME(INFO, "info")                                                                             \
    NAME(WARNING, "warning")                                                                       \
    NAME(ERROR, "error")

#define CONFIG_NAMES_LOG_FORMAT(NAME)                                                              \
    NAME(TEXT, "text")                                                                             \
    NAME(JSON, "json")

#define CONFIG_NAMES_LOG_DESTINATION(NAME)                                                         \
    NAME(STDERR, "stderr")                                                                         \
    NAME(FILE, "file")

#define CONFIG_NAMES_STARTTLS(NAME)                                                                \
    NAME(CLEAR_OK, "refuse-clear-ok")                                                              \
    NAME(REFUSE, "refuse")

#define CONFIG_NAMES_ACCESS_POLICY(NAME)                                                           \
    NAME(PERMIT, "permit")                                                                         \
    NAME(DENY, "deny")

#define CONFIG_NAMES_DELEGATION(NAME)                                                              \
    NAME(ACCEPT, "accept")                                                                         \
    NAME(REFUSE, "refuse")

/* "auto", and the rows of core/lsp/profile.def in their order. */
#define CONFIG_NAMES_PROFILE(NAME)                                                                 \
    NAME(AUTO, "auto")                                                                             \
    NAME(STANDARD, "standard")                                                                     \
    NAME(CISCO_XR, "cisco-xr")                                                                     \
    NAME(JUNIPER, "juniper")                                                                       \
    NAME(NOKIA, "nokia")                                                                           \
    NAME(FRR, "frr")                                                                               \
    NAME(ODL, "odl")

#define CONFIG_NAMES_SOCKET_MODE(NAME)                                                             \
    NAME(OWNER, "0600")                                                                            \
    NAME(GROUP, "0660")                                                                            \
    NAME(ALL, "0666")

#define CONFIG_KEYS_LISTEN(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                   \
    ADDRESSES(S, addresses, "addresses", "127.0.0.1 ::1", RESTART,                                 \
              "Local addresses on which PCCs are awaited. The default is loopback only: name the " \
              "addresses where communication is expected.")                                        \
    UINT(S, port, "port", 4189, 1, 65535, "", RESTART,                                             \
         "TCP port of all listeners. 4189 is the port assigned to PCEP. One that is in use is "    \
         "waited for at the start, two seconds at most.")

#define CONFIG_KEYS_ACCESS(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                   \
    ENUM(S, policy, "policy", CONFIG_ACCESS_POLICY_PERMIT, CONFIG_NAMES_ACCESS_POLICY, NOW,        \
         "What holds for an address that no prefix of permit or deny contains.")                   \
    PREFIXES(S, permit, "permit", "", NOW,                                                         \
             "Prefixes that may have a session. The longest prefix around an address decides.")    \
    PREFIXES(S, deny, "deny", "", NOW,                                                             \
             "Prefixes that may not: their connections are reset before anything is read.")

#define CONFIG_KEYS_SERVER(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                   \
    UINT(                                                                                          \
        S, shards, "shards", 0, 0, 256, "", RESTART,                                               \
        "Threads that hold sessions. 0: one for each core, or more where the limit of open files " \
        "asks for it.")                                                                            \
    UINT(S, compute_threads, "compute-threads", 0, 0, 256, "", RESTART,                            \
         "Threads that compute what takes more than limits.path-work-inline. 0: one for each "     \
         "core, 256 at most.")                                                                     \
    UINT(S, shutdown_grace_s, "shutdown-grace", 5, 0, 600, "s", NOW,                               \
         "How long a shutdown waits for peers to take their Close; then they are reset.")          \
    UINT(S, gather_ms, "gather", 10, 0, 100, "ms", NOW,                                            \
         "How long a thread with very many idle sessions lets Keepalives gather before it works "  \
         "on them. The first request after a calm second may wait so long. 0: each one wakes it.")

#define CONFIG_KEYS_TOPOLOGY(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                 \
    TEXT(S, file, "file", "", NOW,                                                                 \
         "Topology file (YAML). A relative path begins at the folder of the configuration file. "  \
         "Without one, and without bgp-ls, every request is answered with NO-PATH.")               \
    BOOL(S, file_completes, "file-completes", true, NOW,                                           \
         "Where there are peers of bgp-ls: the file only names, places and completes what others " \
         "tell. false: it is a network of its own, joined with theirs.")                           \
    UINT(S, file_rank, "file-rank", 50, 0, 65535, "", NOW,                                         \
         "How much the file is believed beside peers of bgp-ls and networks told through the "     \
         "API: the lower rank is.")                                                                \
    UINT(S, gather_ms, "gather", 20, 0, 200, "ms", NOW,                                            \
         "How long changes that peers of bgp-ls tell are gathered for one new topology. While "    \
         "they go on, up to four times what the last topology took to make, 2 s at most.")         \
    UINT(S, table_wait_s, "table-wait", 10, 0, 3600, "s", NOW,                                     \
         "How long the first table of a peer of bgp-ls is waited for, while there is no other "    \
         "one's: the topology is published when it is told (End-of-RIB), when the peer has "       \
         "paused for 0.5 s, or then. 0: as it comes.")

#define CONFIG_KEYS_SESSION(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                  \
    UINT(                                                                                          \
        S, keepalive_s, "keepalive", 30, 0, 255, "s", SESSIONS,                                    \
        "Keepalive that our OPEN names: how often we send at least one message. 0: none is sent.") \
    UINT(S, dead_timer_s, "dead-timer", 120, 0, 255, "s", SESSIONS,                                \
         "DeadTimer that our OPEN names: how long a peer waits for us. 0 exactly when keepalive "  \
         "is 0.")                                                                                  \
    UINT(S, keepalive_min_s, "keepalive-min", 1, 0, 255, "s", SESSIONS,                            \
         "Shortest Keepalive that is accepted from a peer.")                                       \
    UINT(S, keepalive_max_s, "keepalive-max", 255, 0, 255, "s", SESSIONS,                          \
         "Longest Keepalive that is accepted from a peer.")                                        \
    UINT(S, dead_timer_min_s, "dead-timer-min", 1, 0, 255, "s", SESSIONS,                          \
         "Shortest DeadTimer that is accepted from a peer.")                                       \
    UINT(S, dead_timer_max_s, "dead-timer-max", 255, 0, 255, "s", SESSIONS,                        \
         "Longest DeadTimer that is accepted from a peer.")                                        \
    BOOL(S, allow_keepalive_zero, "allow-keepalive-zero", true, SESSIONS,                          \
         "Whether a peer may send no Keepalives at all.")                                          \
    BOOL(S, negotiate, "negotiate", true, SESSIONS,                                                \
         "Whether other timers are proposed to a peer whose own are not accepted; without that "   \
         "it is refused (PCErr 1/3).")                                                             \
    UINT(S, open_wait_s, "open-wait", 60, 1, 3600, "s", SESSIONS,                                  \
         "How long the Open of a peer is awaited.")                                                \
    UINT(S, keep_wait_s, "keep-wait", 60, 1, 3600, "s", SESSIONS,                                  \
         "How long the answer to our Open is awaited.")                                            \
    UINT(S, unknown_messages_per_minute_max, "unknown-messages-max", 5, 1, 65535, "per minute",    \
         SESSIONS, "At this many unknown messages within a minute the session is closed.")         \
    UINT(S, unknown_requests_per_minute_max, "unknown-requests-max", 5, 1, 65535, "per minute",    \
         SESSIONS, "At this many unknown requests within a minute the session is closed.")         \
    BOOL(S, lsp_db_version, "lsp-db-version", false, SESSIONS,                                     \
         "Whether our OPEN offers to skip or shorten the synchronisation of LSPs (S and D flags "  \
         "of RFC 8232), and names the version that is known. Off: FRR's pathd refuses an OPEN "    \
         "with LSP-DB-VERSION.")                                                                   \
    BOOL(S, triggered_resync, "triggered-resync", false, SESSIONS,                                 \
         "Whether our OPEN offers that we trigger resynchronisations of LSPs (T flag of RFC "      \
         "8232).")                                                                                 \
    BOOL(S, triggered_sync, "triggered-sync", false, SESSIONS,                                     \
         "Whether our OPEN offers that a PCC reports its LSPs when we ask it to (F flag of RFC "   \
         "8232): lsp.syncs-at-once of them at a time.")                                            \
    TEXT(S, speaker_entity_id, "speaker-entity-id", "", SESSIONS,                                  \
         "SPEAKER-ENTITY-ID of our OPEN (RFC 8232), at most 64 octets. Empty: none.")              \
    BOOL(S, speaker_check, "speaker-check", true, SESSIONS,                                        \
         "Whether a session whose OPEN has the SPEAKER-ENTITY-ID of another session that is UP "   \
         "is refused (PCErr 20/7), as RFC 8232 has it.")                                           \
    BOOL(S, auto_bandwidth, "auto-bandwidth", false, SESSIONS,                                     \
         "Whether our OPEN offers that the bandwidth of LSPs follows their traffic (RFC 8733): "   \
         "a peer that offers it too reports what an LSP needs, and is told a path for that.")      \
    UINT(S, multipaths, "multipaths", 0, 0, 16, "", SESSIONS,                                      \
         "How many segment lists of one candidate path our OPEN offers (MULTIPATH-CAP of "         \
         "draft-ietf-pce-multipath). 0: it does not offer several.")                               \
    BOOL(S, lsp_color, "lsp-color", false, SESSIONS,                                               \
         "Whether our OPEN offers that LSPs outside of SR policies have a colour (C flag of RFC "  \
         "9863).")                                                                                 \
    BOOL(S, wrong_report_closes, "wrong-report-closes", false, SESSIONS,                           \
         "Whether an LSP state report without LSP-IDENTIFIERS (PCErr 6/11), of a P2MP LSP "        \
         "(19/11), or in a synchronisation one that is refused for whatever reason (20/1), "       \
         "closes the session, as RFC 8231 and RFC 8623 have it; without that it is refused and "   \
         "the session stays.")                                                                     \
    HOLD(S, send_hold_s, "send-hold", CONFIG_HOLD_AUTO, 1, 86400, "s", NOW,                        \
         "SendHoldTime: a session whose peer takes no whole message for so long is closed. auto: " \
         "the larger of 480 s and twice the negotiated dead timer. off: never.")                   \
    UINT(S, send_hold_reason, "send-hold-reason", 6, 1, 255, "", SESSIONS,                         \
         "Reason of the Close at SendHoldTime. IANA has assigned no value for it; 6 is the first " \
         "free one.")                                                                              \
    UINT(S, send_hold_grace_s, "send-hold-grace", 10, 0, 600, "s", NOW,                            \
         "How long a stalled peer may still take what is under way and its Close; then it is "     \
         "reset.")                                                                                 \
    UINT(S, send_hold_sample_s, "send-hold-sample", 5, 1, 60, "s", NOW,                            \
         "How often the progress of a session with a backlog is looked at: SendHoldTime is exact " \
         "to this.")                                                                               \
    ENUM(S, starttls, "starttls", CONFIG_STARTTLS_CLEAR_OK, CONFIG_NAMES_STARTTLS, SESSIONS,       \
         "Answer to a StartTLS while TLS is not configured. refuse-clear-ok: PCErr 25/4, the "     \
         "peer may go on without TLS; refuse: PCErr 25/3.")

#define CONFIG_KEYS_CAPABILITIES(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)             \
    BOOL(S, stateful, "stateful", true, SESSIONS,                                                  \
         "Offer the stateful extensions: LSP state reports.")                                      \
    BOOL(S, stateful_update, "stateful-update", true, SESSIONS,                                    \
         "Offer to update LSPs that a peer delegates. Needs stateful.")                            \
    BOOL(S, stateful_initiate, "stateful-initiate", true, SESSIONS,                                \
         "Offer to set up LSPs on a peer. Needs stateful.")                                        \
    BOOL(S, rsvp_te, "rsvp-te", true, SESSIONS, "Offer paths for RSVP-TE: strict hops.")           \
    BOOL(S, sr_mpls, "sr-mpls", true, SESSIONS, "Offer paths for SR-MPLS: SID lists.")             \
    BOOL(S, srv6, "srv6", false, SESSIONS, "Offer paths for SRv6: lists of SRv6 SIDs.")

#define CONFIG_KEYS_LSP(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                      \
    UINT(S, stale_time_s, "stale-time", 600, 0, 86400, "s", NOW,                                   \
         "How long the LSPs of a PCC are kept after its session has ended; until then a session "  \
         "that reports them again finds them.")                                                    \
    ENUM(S, profile, "profile", CONFIG_PROFILE_AUTO, CONFIG_NAMES_PROFILE, SESSIONS,               \
         "How a router wants to be spoken to, beyond what its Open says. auto: as its Open and "   \
         "its reports show.")                                                                      \
    ENUM(S, delegation, "delegation", CONFIG_DELEGATION_ACCEPT, CONFIG_NAMES_DELEGATION, NOW,      \
         "Whether LSPs that a PCC delegates are accepted, where no entry of delegation-rules "     \
         "fits. refuse: they are given back at once.")                                             \
    UINT(S, updates_in_flight_max, "updates-in-flight", 16, 1, 65535, "", NOW,                     \
         "Updates and creations of LSPs that one PCC may have unanswered; the next one waits.")    \
    UINT(S, settle_time_s, "settle-time", 5, 0, 3600, "s", NOW,                                    \
         "How long a PCC is left alone after its synchronisation, but for what an operator asks: " \
         "some report late.")                                                                      \
    UINT(S, syncs_at_once_max, "syncs-at-once", 64, 1, 1000000, "PCCs", NOW,                       \
         "So many synchronisations that we trigger (session.triggered-sync) are under way at a "   \
         "time, and one for each shard at the least; the other PCCs wait in the order of coming.") \
    UINT(S, late_s, "reports-late", 5, 0, 3600, "s", NOW,                                          \
         "How long a shard may be behind with what its PCCs report, before those who report are "  \
         "told of it (PCNtf 2/1). 0: it is never taken as late.")                                  \
    UINT(S, late_close_s, "reports-late-close", 60, 0, 3600, "s", NOW,                             \
         "How long, before the session of the PCC that reports most is closed, and another one "   \
         "each second until the shard keeps up. 0: none is closed.")                               \
    UINT(S, fill_close, "fill-close", 95, 50, 100, "%", NOW,                                       \
         "Part of limits.lsps or limits.lsp-memory from which on the session is closed that "      \
         "brings most new LSPs in its synchronisation. 100: at the limit itself that of whoever "  \
         "reports one more.")                                                                      \
    UINT(S, readmit_s, "readmit-after", 30, 0, 3600, "s", NOW,                                     \
         "How long a PCC whose session was closed for one of these is not accepted again; twice "  \
         "as long each time that it happens within an hour, up to sixteen times.")                 \
    UINT(S, initiate_delay_s, "initiate-delay", 0, 0, 60, "s", NOW,                                \
         "How much longer creations of LSPs wait: for a backup, so that the other one comes "      \
         "first.")                                                                                 \
    UINT(S, originator_asn, "originator-asn", 0, 0, UINT32_MAX, "", NOW,                           \
         "Autonomous system of the originator that candidate paths of SR policies have, when "     \
         "pced initiates them (RFC 9862 4.5.2). 0: none.")                                         \
    TEXT(S, originator_address, "originator-address", "", NOW,                                     \
         "Its address: one of ours, which all PCEs that steer the same routers have of their own " \
         "and keep. Empty: the address that the router's session has at our end.")

#define CONFIG_KEYS_REOPT(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                    \
    UINT(S, interval_s, "interval", 300, 0, 86400, "s", NOW,                                       \
         "How often better paths are looked for, for LSPs that are delegated and keep to their "   \
         "constraints. 0: never; those whose path breaks are moved all the same.")                 \
    UINT(S, gain_min, "gain-min", 10, 0, 100, "%", NOW,                                            \
         "How much less the better path has to cost.")                                             \
    UINT(S, hold_down_s, "hold-down", 60, 0, 86400, "s", NOW,                                      \
         "How long an LSP that was moved is not moved again for a better path.")                   \
    UINT(S, flood_s, "flood-time", 30, 0, 3600, "s", NOW,                                          \
         "How long the bandwidth of an RSVP-TE LSP that was ordered onto other links is held of "  \
         "them when the IGP does not show it. 0: it is not held.")

#define CONFIG_KEYS_LIMITS(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                   \
    UINT(S, sessions_max, "sessions", 20000, 1, 4000000, "", NOW,                                  \
         "Peers that are connected at the same time; one more is not accepted. At the start it "   \
         "says how many shards are needed (server.shards).")                                       \
    UINT(S, half_open_max, "half-open", 4096, 1, 4000000, "", NOW,                                 \
         "Connections that have not reached state UP; as many again of peers that are known. One " \
         "more takes the place of one without an Open, or is not accepted.")                       \
    UINT(S, half_open_per_prefix_max, "half-open-per-prefix", 0, 0, 4000000, "", NOW,              \
         "The same for the connections from one source prefix, of peers that are not known. 0: a " \
         "sixteenth of half-open, but no less than 16.")                                           \
    UINT(S, half_open_prefix_v4, "half-open-prefix-v4", 24, 8, 32, "bits", NOW,                    \
         "How long a source prefix is, IPv4.")                                                     \
    UINT(S, half_open_prefix_v6, "half-open-prefix-v6", 56, 16, 128, "bits", NOW,                  \
         "How long a source prefix is, IPv6.")                                                     \
    UINT(S, message_size_max, "message-size", 65535, 64, 65535, "octets", SESSIONS,                \
         "Longest message that is accepted from a peer; a longer one closes its session.")         \
    UINT(                                                                                          \
        S, reply_size_max, "reply-size", 2048, 256, 65535, "octets", NOW,                          \
        "Longest PCRep that is sent; more answers are split over several. Some PCCs take no more " \
        "than 2048.")                                                                              \
    UINT(S, pending_soft, "pending-soft", 131072, 4096, 1073741824, "octets", NOW,                 \
         "Octets that wait for one peer; above it nothing is read from that peer until half of "   \
         "them are gone.")                                                                         \
    UINT(S, pending_hard, "pending-hard", 1048576, 8192, 1073741824, "octets", NOW,                \
         "Octets that wait for one peer; above it the peer is taken as stalled and closed.")       \
    UINT(S, pending_total_mib, "pending-total", 1024, 1, 1048576, "MiB", NOW,                      \
         "The same for all peers together; above it the peer for which most waits is closed, and " \
         "so on.")                                                                                 \
    UINT(                                                                                          \
        S, requests_in_flight_max, "requests-in-flight", 4096, 1, 1000000, "", NOW,                \
        "Requests of one peer that wait for their computation; one more is cancelled by a PCNtf.") \
    UINT(S, request_queue_kib, "request-queue", 65536, 64, 4194304, "KiB", NOW,                    \
         "Memory of one shard for requests that wait for their computation.")                      \
    UINT(S, reply_cache_mib, "reply-cache", 64, 0, 1048576, "MiB", RESTART,                        \
         "Memory of all shards together for answers that the same request gets again while the "   \
         "topology stays as it is; each shard has its share. 0: every answer is computed.")        \
    UINT(S, path_work_max, "path-work", 0, 0, 4000000000, "steps", RESTART,                        \
         "Work for one request (links looked at); a request that needs more is refused. 0: the "   \
         "default of the path engine.")                                                            \
    UINT(S, path_work_inline, "path-work-inline", 40000, 0, 4000000000, "steps", NOW,              \
         "The same, for what a shard computes itself, about a millisecond; a request that needs "  \
         "more is given to server.compute-threads. 0: a shard computes everything itself.")        \
    UINT(S, session_history, "session-history", 16384, 0, 1048576, "", RESTART,                    \
         "Ended sessions that are remembered, of all PCCs together. 0: none.")                     \
    UINT(S, session_history_per_peer, "session-history-per-peer", 8, 1, 64, "", RESTART,           \
         "The same of one PCC.")                                                                   \
    UINT(                                                                                          \
        S, no_paths, "no-paths", 16384, 0, 1048576, "", RESTART,                                   \
        "Path requests answered with NO-PATH that are remembered, of all sessions together; each " \
        "shard has its share. 0: none.")                                                           \
    UINT(S, no_paths_per_session, "no-paths-per-session", 64, 1, 4096, "", RESTART,                \
         "The same of one session.")                                                               \
    UINT(S, lsps_max, "lsps", 2000000, 1, 16000000, "", NOW,                                       \
         "LSPs of all PCCs that are kept. A report of one more ends its session (PCNtf 4/1).")     \
    UINT(S, lsps_per_pcc_max, "lsps-per-pcc", 100000, 1, 1048574, "", NOW, "The same of one PCC.") \
    UINT(S, lsp_memory_mib, "lsp-memory", 4096, 1, 1048576, "MiB", NOW,                            \
         "The same in memory: what all LSPs take, with their paths and attributes.")               \
    UINT(S, auto_bandwidths_max, "auto-bandwidth-lsps", 100000, 1, 16000000, "", NOW,              \
         "LSPs whose bandwidth follows their traffic; each shard has its share. That of one more " \
         "stays as it is.")                                                                        \
    UINT(S, adjustments_max, "auto-bandwidth-rate", 6000, 1, 1000000, "per minute", NOW,           \
         "Bandwidths that one PCC may report anew; at one more it is told to pause (PCNtf 5/1), "  \
         "and none of its bandwidths is changed for a minute.")                                    \
    UINT(S, orders_max, "orders", 262144, 1, 16000000, "", NOW,                                    \
         "Updates, creations and deletions of LSPs that are under way; one more is refused.")      \
    UINT(S, orders_per_pcc_max, "orders-per-pcc", 65536, 1, 1048574, "", NOW,                      \
         "The same of one PCC.")                                                                   \
    UINT(S, intents_max, "intents", 100000, 0, 1000000, "", NOW,                                   \
         "Intents of all PCCs together; one more is refused.")                                     \
    UINT(S, intent_paths_max, "intent-paths", 8, 1, 32, "", NOW, "Candidate paths of one intent.") \
    UINT(S, intent_segments_max, "intent-segments", 64, 1, 255, "", NOW,                           \
         "Segments or hops of one candidate path of an intent.")                                   \
    UINT(S, lsp_journal, "lsp-journal", 16384, 16, 16777216, "", RESTART,                          \
         "Changes of LSPs that each shard keeps for those who read them later.")                   \
    UINT(S, session_journal, "session-journal", 4096, 16, 16777216, "", RESTART,                   \
         "Sessions that came up or ended, which each shard keeps for those who read them later.")  \
    UINT(S, arena_max, "turn-memory", 67108864, 1048576, 1073741824, "octets", RESTART,            \
         "Memory of one shard for the messages that it works on at a time.")

#define CONFIG_KEYS_CONTROL(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                  \
    TEXT(S, socket, "socket", SOCKET_PLACE_DEFAULT, RESTART,                                       \
         "UNIX socket of the API. Empty: none. Where the default cannot be opened the server "     \
         "takes $XDG_RUNTIME_DIR/pced/pced.sock or /tmp/pced-UID/pced.sock, where pcectl looks "   \
         "for it, or runs without one.")                                                           \
    ENUM(S, socket_mode, "socket-mode", CONFIG_SOCKET_MODE_GROUP, CONFIG_NAMES_SOCKET_MODE,        \
         RESTART, "Who may use the socket: its owner, the group too, all.")                        \
    TEXT(S, listen, "listen", "", RESTART,                                                         \
         "TCP address of the API: ADDRESS:PORT, [ADDRESS]:PORT, or PORT alone for 127.0.0.1. It "  \
         "asks for no password: keep it on loopback or behind something that does.")               \
    TEXT(S, hosts, "hosts", "", NOW,                                                               \
         "Names under which the TCP address may be asked, separated by spaces. Addresses and "     \
         "localhost always may; a request for any other host is refused (DNS rebinding).")

#define CONFIG_KEYS_STORE(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                    \
    TEXT(S, path, "path", "", RESTART,                                                             \
         "Folder of the store; it must exist, and belongs to one pced. A relative path begins at " \
         "the folder of the configuration file. Without one, orders that must be kept are "        \
         "refused.")                                                                               \
    UINT(S, size_max_mib, "size-max", 1024, 1, 1048576, "MiB", RESTART,                            \
         "How large the store's file may become; what does not fit is refused.")

#define CONFIG_KEYS_LOG(S, UINT, BOOL, ENUM, TEXT, ADDRESSES, HOLD, PREFIXES)                      \
    ENUM(S, level, "level", CONFIG_LOG_LEVEL_INFO, CONFIG_NAMES_LOG_LEVEL, NOW,                    \
         "Least important line that is written.")                                                  \
    ENUM(S, format, "format", CONFIG_LOG_FORMAT_TEXT, CONFIG_NAMES_LOG_FORMAT, NOW,                \
         "Lines for people, or one JSON object a line.")                                           \
    ENUM(S, destination, "destination", CONFIG_LOG_DESTINATION_STDERR,                             \
         CONFIG_NAMES_LOG_DESTINATION, RESTART, "Where the lines go.")                             \
    TEXT(                                                                                          \
        S, file, "file", "", RESTART,                                                              \
        "The file when destination is file; lines are appended, and it is opened anew at SIGHUP.") \
    UINT(S, rate_max, "rate", 20, 1, 1000000, "per second", NOW,                                   \
         "Lines of one kind in a second; the rest is counted and the count is written.")

/* SECTION(section, SUFFIX of its list, "text"); the section's name is also its key in the file. */
#define CONFIG_SECTIONS(SECTION)                                                                   \
    SECTION(listen, LISTEN, "Where PCCs are awaited.")                                             \
    SECTION(access, ACCESS, "Who may have a session.")                                             \
    SECTION(server, SERVER, "The process.")                                                        \
    SECTION(topology, TOPOLOGY, "The network that paths are computed on.")                         \
    SECTION(session, SESSION, "Timers and tolerance of a session.")                                \
    SECTION(capabilities, CAPABILITIES, "What our OPEN offers.")                                   \
    SECTION(lsp, LSP, "What is kept of LSPs, and for how long.")                                   \
    SECTION(reopt, REOPT, "When LSPs that are delegated to us are moved to better paths.")         \
    SECTION(limits, LIMITS, "What one peer, or all of them, may take.")                            \
    SECTION(store, STORE, "What is kept over a restart.")                                          \
    SECTION(control, CONTROL, "The API for operators: HTTP.")                                      \
    SECTION(log, LOG, "What is written about all this.")

/* What one peer or a group may have of its own: KEY(section, "key"), a row of above each. */
#define CONFIG_PEER_KEYS(KEY)                                                                      \
    KEY(session, "keepalive")                                                                      \
    KEY(session, "dead-timer")                                                                     \
    KEY(session, "keepalive-min")                                                                  \
    KEY(session, "keepalive-max")                                                                  \
    KEY(session, "dead-timer-min")                                                                 \
    KEY(session, "dead-timer-max")                                                                 \
    KEY(session, "allow-keepalive-zero")                                                           \
    KEY(session, "lsp-db-version")                                                                 \
    KEY(session, "triggered-resync")                                                               \
    KEY(session, "triggered-sync")                                                                 \
    KEY(session, "speaker-check")                                                                  \
    KEY(session, "auto-bandwidth")                                                                 \
    KEY(session, "multipaths")                                                                     \
    KEY(session, "lsp-color")                                                                      \
    KEY(lsp, "profile")                                                                            \
    KEY(lsp, "delegation")                                                                         \
    KEY(session, "send-hold")                                                                      \
    KEY(session, "send-hold-grace")                                                                \
    KEY(limits, "pending-soft")                                                                    \
    KEY(limits, "pending-hard")                                                                    \
    KEY(limits, "requests-in-flight")

#endif
