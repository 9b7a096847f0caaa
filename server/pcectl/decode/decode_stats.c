#include "server/pcectl/decode/decode_stats.h"

#include "server/pcectl/decode/decode_text.h"

#include <stdio.h>

/* The counters of messages of one direction, with their names. */
struct type_counts {
    const uint64_t *pcep; /* PCEP_MESSAGE_TYPE_END of them */
    const uint64_t *bgp;  /* BGP_MESSAGE_TYPE_END of them */
};

#define TYPE_COUNT (PCEP_MESSAGE_TYPE_END + BGP_MESSAGE_TYPE_END)

static struct type_counts types_of(const struct session_stats *session, unsigned from)
{
    return (struct type_counts){session->messages[from], session->bgp_messages[from]};
}

/* Number i of all: first PCEP's, then BGP's. */
static uint64_t type_count(const struct type_counts *counts, unsigned i, const char **name)
{
    unsigned type = i < PCEP_MESSAGE_TYPE_END ? i : i - PCEP_MESSAGE_TYPE_END;
    bool is_bgp = i >= PCEP_MESSAGE_TYPE_END;
    *name = type == 0 ? (is_bgp ? "unknown BGP" : "unknown")
            : is_bgp  ? bgp_message_name((uint8_t)type)
                      : pcep_message_name(type);
    return is_bgp ? counts->bgp[type] : counts->pcep[type];
}

/* The counters of packets, by the names that both forms use. */
struct packet_row {
    const char *name;
    uint64_t count;
};

#define PACKET_ROWS 9

static void packet_rows(const struct capture *capture, struct packet_row rows[PACKET_ROWS])
{
    const struct capture_counters *counters = &capture->counters;
    const struct flow_counters *flows = &capture->flows.counters;
    const struct packet_row made[PACKET_ROWS] = {
        {"read", counters->packets},
        {"tcp_segments", flows->segments},
        {"fragments", counters->fragments},
        {"not_tcp", counters->others},
        {"cut_headers", counters->cut},
        {"bad_headers", counters->bad},
        {"unread_links", counters->unread_links},
        {"late_segments", flows->late_segments},
        {"repeated_octets", flows->repeated_octets},
    };
    memcpy(rows, made, sizeof made);
}

/* What both directions have together is in the first of the copy. */
static struct session_stats both_directions(const struct session_stats *session)
{
    struct session_stats both = *session;
    for (unsigned type = 0; type < PCEP_MESSAGE_TYPE_END; type++)
        both.messages[0][type] += both.messages[1][type];
    for (unsigned type = 0; type < BGP_MESSAGE_TYPE_END; type++)
        both.bgp_messages[0][type] += both.bgp_messages[1][type];
    return both;
}

/* ---- text ---- */

static void print_types(struct type_counts counts)
{
    const char *between = " ";
    for (unsigned i = 0; i < TYPE_COUNT; i++) {
        const char *name;
        uint64_t count = type_count(&counts, i, &name);
        if (count == 0)
            continue;
        printf("%s%s %llu", between, name, (unsigned long long)count);
        between = ", ";
    }
    printf("%s\n", between[0] == ' ' ? " none" : "");
}

static void print_faults(const struct session_stats *session)
{
    if (session->faulty > 0)
        printf("  ! faulty messages: %llu\n", (unsigned long long)session->faulty);
    for (unsigned kind = CAPTURE_GAP; kind < CAPTURE_KINDS; kind++) {
        bool is_fault = capture_event_is_fault((enum capture_event_kind)kind);
        if (session->events[kind] == 0)
            continue;
        printf("  %c %s: %llu", is_fault ? '!' : '*',
               decode_event_word((enum capture_event_kind)kind),
               (unsigned long long)session->events[kind]);
        if (kind == CAPTURE_GAP)
            printf(" (%llu octets)", (unsigned long long)session->missing);
        printf("\n");
    }
}

static void print_session(const struct session_stats *session)
{
    char from[DECODE_END_SIZE];
    char to[DECODE_END_SIZE];
    char first[DECODE_TIME_SIZE];
    char last[DECODE_TIME_SIZE];
    unsigned client = session->from_first == CAPTURE_TO_CLIENT;
    bool is_known = session->from_first != CAPTURE_DIRECTION_UNKNOWN;
    printf("session %u %s > %s: %s\n", session->session, decode_end(&session->ends[client], from),
           decode_end(&session->ends[1 - client], to),
           session->how != NULL ? session->how : "open");
    printf("  from %s to %s\n", decode_time(&session->first, first),
           decode_time(&session->last, last));
    printf("  %s %llu octets:", is_known ? "to-server" : "forward",
           (unsigned long long)session->octets[client]);
    print_types(types_of(session, client));
    printf("  %s %llu octets:", is_known ? "to-client" : "backward",
           (unsigned long long)session->octets[1 - client]);
    print_types(types_of(session, 1 - client));
    print_faults(session);
}

static bool stats_show_text(const struct stats *stats, const struct capture *capture)
{
    struct packet_row rows[PACKET_ROWS];
    packet_rows(capture, rows);
    const struct session_stats both = both_directions(&stats->total);
    printf("packets:");
    for (unsigned i = 0; i < PACKET_ROWS; i++)
        printf("%s %s %llu", i == 0 ? "" : ",", rows[i].name, (unsigned long long)rows[i].count);
    printf("\nsessions: %u, messages: %llu\n ", stats->session_count,
           (unsigned long long)stats_messages(&stats->total));
    print_types(types_of(&both, 0));
    print_faults(&stats->total);
    for (const struct session_stats *at = stats->first; at != NULL; at = at->next)
        print_session(at);
    if (stats->kept_count < stats->session_count)
        printf("and %u sessions more\n", stats->session_count - stats->kept_count);
    return ferror(stdout) == 0;
}

/* ---- JSON ---- */

static json_t *types_json(struct type_counts counts)
{
    json_t *json = json_object();
    for (unsigned i = 0; i < TYPE_COUNT; i++) {
        const char *name;
        uint64_t count = type_count(&counts, i, &name);
        if (count > 0)
            (void)json_object_set_new(json, name, json_integer((json_int_t)count));
    }
    return json;
}

/* Members that sessions and the total have. */
static json_t *counts_json(const struct session_stats *session)
{
    json_t *json = json_object();
    for (unsigned kind = CAPTURE_GAP; kind < CAPTURE_KINDS; kind++) {
        if (session->events[kind] > 0)
            (void)json_object_set_new(json, decode_event_word((enum capture_event_kind)kind),
                                      json_integer((json_int_t)session->events[kind]));
    }
    return json_pack("{s:I, s:I, s:o}", "faulty_messages", (json_int_t)session->faulty,
                     "missing_octets", (json_int_t)session->missing, "events", json);
}

static json_t *session_json(const struct session_stats *session)
{
    char from[DECODE_END_SIZE];
    char to[DECODE_END_SIZE];
    char first[DECODE_TIME_SIZE];
    char last[DECODE_TIME_SIZE];
    unsigned client = session->from_first == CAPTURE_TO_CLIENT;
    json_t *json = counts_json(session);
    json_t *more =
        json_pack("{s:I, s:s, s:s, s:b, s:s, s:s, s:s, s:o, s:o}", "session",
                  (json_int_t)session->session, "client", decode_end(&session->ends[client], from),
                  "server", decode_end(&session->ends[1 - client], to), "server_is_known",
                  session->from_first != CAPTURE_DIRECTION_UNKNOWN, "end",
                  session->how != NULL ? session->how : "open", "first",
                  decode_time(&session->first, first), "last", decode_time(&session->last, last),
                  "to_server", types_json(types_of(session, client)), "to_client",
                  types_json(types_of(session, 1 - client)));
    if (json != NULL && more != NULL)
        (void)json_object_update_missing(more, json);
    json_decref(json);
    return more;
}

static bool stats_show_json(const struct stats *stats, const struct capture *capture)
{
    struct packet_row rows[PACKET_ROWS];
    json_t *packets = json_object();
    json_t *sessions = json_array();
    packet_rows(capture, rows);
    for (unsigned i = 0; i < PACKET_ROWS; i++)
        (void)json_object_set_new(packets, rows[i].name, json_integer((json_int_t)rows[i].count));
    const struct session_stats both = both_directions(&stats->total);
    for (const struct session_stats *at = stats->first; at != NULL; at = at->next)
        (void)json_array_append_new(sessions, session_json(at));
    json_t *line =
        json_pack("{s:{s:o, s:I, s:o, s:o, s:o}}", "summary", "packets", packets, "session_count",
                  (json_int_t)stats->session_count, "messages", types_json(types_of(&both, 0)),
                  "total", counts_json(&stats->total), "sessions", sessions);
    if (line == NULL)
        return false;
    bool is_shown = json_dumpf(line, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(line);
    return is_shown;
}

bool decode_stats_show(const struct stats *stats, const struct capture *capture, bool is_json)
{
    return is_json ? stats_show_json(stats, capture) : stats_show_text(stats, capture);
}
