#include "server/peer/peer_log.h"

#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/requests/metric.h"
#include "server/log/log.h"
#include "server/log/log_tally.h"
#include "server/peer/peer_send.h"

#include <stdio.h>
#include <string.h>

static bool peer_log_begin(struct log_line *line, struct log_site *site, const struct peer *peer)
{
    if (!log_begin(line, site))
        return false;
    log_peer(line, peer_address(peer), conn_peer_port(peer->conn));
    return true;
}

void peer_log_connected(const struct peer *peer)
{
    static struct log_site site = LOG_SITE(DEBUG, "peer connected");
    struct log_line line;
    if (!peer_log_begin(&line, &site, peer))
        return;
    log_number(&line, "shard", peer->shard->index);
    log_end(&line);
}

void peer_log_up(const struct peer *peer)
{
    static struct log_site site = LOG_SITE(INFO, "session up");
    const struct session *session = &peer->session;
    struct log_line line;
    if (!peer_log_begin(&line, &site, peer))
        return;
    log_number(&line, "keepalive_s", session->keepalive_s);
    log_number(&line, "dead_timer_s", session->dead_timer_s);
    log_text(&line, "stateful", session->peer.stateful ? "yes" : "no");
    log_text(&line, "sr", session->peer.sr ? "yes" : "no");
    log_number(&line, "msd", session->peer.sr_msd);
    if (session->peer.open_tlvs_skipped != 0)
        log_number(&line, "open_tlvs_skipped", session->peer.open_tlvs_skipped);
    log_number(&line, "shard", peer->shard->index);
    log_end(&line);
}

void peer_log_end(const struct peer *peer, enum session_state from)
{
    static struct log_tally tally_ended;
    static struct log_tally tally_failed;
    static struct log_site ended = LOG_SITE_WITH_TALLY(INFO, "session ended", &tally_ended);
    static struct log_site failed =
        LOG_SITE_WITH_TALLY(INFO, "session not established", &tally_failed);
    const struct session_verdict *verdict = &peer->session.verdict;
    const char *why = verdict->text == NULL ? "" : verdict->text;
    struct log_line line;
    if (!log_begin_for(&line, from == SESSION_UP ? &ended : &failed, why))
        return;
    log_peer(&line, peer_address(peer), conn_peer_port(peer->conn));
    log_text(&line, "why", why);
    log_text(&line, "by", session_ender_text((enum session_ender)verdict->by));
    log_text(&line, "state", session_state_text(from));
    if (verdict->close_reason != 0)
        log_number(&line, "close_reason", verdict->close_reason);
    if (verdict->error_type != 0) {
        log_number(&line, "error_type", verdict->error_type);
        log_number(&line, "error_value", verdict->error_value);
    }
    log_number(&line, "messages_received", peer->session.counters.messages_received);
    log_number(&line, "messages_sent", peer->session.counters.messages_sent);
    log_end(&line);
}

void peer_log_paused(const struct peer *peer)
{
    static struct log_site site =
        LOG_SITE(INFO, "peer does not take its answers: reading is paused");
    struct log_line line;
    if (!peer_log_begin(&line, &site, peer))
        return;
    log_number(&line, "queued_octets", conn_queued_octets(peer->conn));
    log_end(&line);
}

const char *peer_stall_text(enum peer_stall why)
{
    static const char *const texts[PEER_STALL_COUNT] = {
        [PEER_STALL_HOLD] = "SendHoldTimer expired",
        [PEER_STALL_PENDING] = "more octets wait for it than pending-hard",
        [PEER_STALL_TOTAL] = "limits.pending-total is reached, and it holds most of it",
        [PEER_STALL_ROOM] = "no memory for a message to it",
    };
    CHECK(why < PEER_STALL_COUNT);
    return texts[why];
}

void peer_log_stalled(const struct peer *peer, const struct send_dropped *dropped)
{
    static struct log_site site = LOG_SITE(WARNING, "peer is stalled: session closed");
    struct log_line line;
    if (!peer_log_begin(&line, &site, peer))
        return;
    log_text(&line, "why", peer_stall_text((enum peer_stall)peer->stall));
    log_number(&line, "pending_octets", peer->stalled_octets);
    log_number(&line, "without_progress_s", peer->stalled_s);
    log_number(&line, "dropped_messages", dropped->messages);
    log_number(&line, "dropped_octets", dropped->octets);
    log_end(&line);
}

/* A counter and its name, which is one word. */
struct refusal_row {
    size_t offset;
    const char *name;
};

#define REFUSAL_ROW(counter)                                                                       \
    {                                                                                              \
        offsetof(struct shard_counters, counter), #counter                                         \
    }

static const struct refusal_row refusal_rows[PEER_REFUSAL_COUNT] = {
    [PEER_REFUSED_SECOND] = REFUSAL_ROW(refused_second),
    [PEER_REFUSED_ACCESS] = REFUSAL_ROW(refused_access),
    [PEER_REFUSED_LIMIT] = REFUSAL_ROW(refused_limit),
};

void peer_note_refusal(struct shard *shard, const struct conn *conn, enum peer_refusal refusal,
                       const char *why)
{
    /* A site for each: a flood of one kind leaves the lines of the others. */
    static const char event[] = "connection refused";
    static struct log_tally tallies[PEER_REFUSAL_COUNT];
    static struct log_site sites[PEER_REFUSAL_COUNT] = {
        LOG_SITE_WITH_TALLY(WARNING, event, &tallies[0]),
        LOG_SITE_WITH_TALLY(WARNING, event, &tallies[1]),
        LOG_SITE_WITH_TALLY(WARNING, event, &tallies[2]),
    };
    _Static_assert(PEER_REFUSAL_COUNT == 3, "each refusal has its site");
    CHECK(refusal < PEER_REFUSAL_COUNT);
    const struct refusal_row *row = &refusal_rows[refusal];
    char *counters = (char *)&shard->counters;
    counter_add((struct counter *)(void *)(counters + row->offset), 1);
    struct ip address = conn_peer(conn);
    struct log_line line;
    if (!log_begin_for(&line, &sites[refusal], why))
        return;
    log_peer(&line, &address, conn_peer_port(conn));
    log_text(&line, "counter", row->name);
    log_text(&line, "why", why);
    log_end(&line);
}

/* ---- what the handlers tell ---- */

static const char *peer_log_outcome_text(enum path_outcome outcome)
{
    switch (outcome) {
    case PATH_FOUND:
        return "path";
    case PATH_NONE:
        return "no path";
    case PATH_WORK_EXCEEDED:
        return "too much work";
    case PATH_NO_MEMORY:
        return "no memory";
    }
    return "?";
}

/* An end that no node has (TED_NONE) is left out. */
static void log_end_point(struct log_line *line, const char *name,
                          const struct ted_snapshot *snapshot, uint32_t node)
{
    if (snapshot != NULL && node < snapshot->node_count)
        log_text(line, name, snapshot->nodes[node].name);
}

struct answer_told {
    uint32_t request_id;
    uint64_t work;
    struct reply_note note;
    double bounds[PATH_METRIC_COUNT]; /* those that the note names */
};

/* "unmet", and for each bound that it names one field: bound_te=19. */
static void log_unmet(struct log_line *line, const struct answer_told *told)
{
    const char *names[UNMET_COUNT];
    uint32_t count = 0;
    for (unsigned i = 0; i < UNMET_COUNT; i++) {
        if ((told->note.unmet & UNMET_BIT(i)) != 0)
            names[count++] = unmet_name(i);
    }
    if (count == 0)
        return;
    log_list(line, "unmet", names, count);
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        char field[32];
        (void)snprintf(field, sizeof field, "bound_%s", metric_word((enum path_metric)i));
        for (char *dash = field; (dash = strchr(dash, '-')) != NULL;)
            *dash = '_'; /* no character of a field's name */
        if ((told->note.unmet & UNMET_BIT(UNMET_BOUND + i)) != 0)
            log_real(line, field, told->bounds[i]);
    }
    if ((told->note.unmet & UNMET_BIT(UNMET_SID_DEPTH)) != 0 && told->note.sids_max != 0)
        log_number(line, "msd", told->note.sids_max);
    if (count > 1)
        log_text(line, "enough", told->note.blame == PATH_BLAME_EACH ? "each" : "together");
}

static void log_answer(struct request_context *context, struct session *session,
                       const struct answer_told *told)
{
    static struct log_site site = LOG_SITE(DEBUG, "request answered");
    const struct reply_note *note = &told->note;
    struct log_line line;
    if (!peer_log_begin(&line, &site, peer_of(session)))
        return;
    log_number(&line, "request", told->request_id);
    log_end_point(&line, "from", context->snapshot, note->source);
    log_end_point(&line, "to", context->snapshot, note->destination);
    log_text(&line, "answer", peer_log_outcome_text((enum path_outcome)note->outcome));
    log_unmet(&line, told);
    log_number(&line, "hops", note->link_count);
    log_number(&line, "sids", note->sid_count);
    log_number(&line, "work", told->work);
    log_end(&line);
}

void peer_log_reply(struct request_context *context, struct session *session,
                    const struct request_reply *reply)
{
    if (!log_is_on(CONFIG_LOG_LEVEL_DEBUG))
        return;
    struct answer_told told = {.request_id = reply->request_id,
                               .work = reply->result->work,
                               .note = reply_note_of(reply->request, reply->result)};
    memcpy(told.bounds, reply->request->bounds, sizeof told.bounds);
    log_answer(context, session, &told);
}

void peer_log_cached_reply(struct request_context *context, struct session *session,
                           uint32_t request_id, const struct reply_entry *known)
{
    if (!log_is_on(CONFIG_LOG_LEVEL_DEBUG))
        return;
    float bounds[PATH_METRIC_COUNT] = {0};
    struct answer_told told = {.request_id = request_id, .note = known->note};
    if ((known->note.unmet & UNMET_BOUNDS) != 0)
        unmet_read_bounds(reply_entry_response(known), bounds);
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++)
        told.bounds[i] = (double)bounds[i];
    log_answer(context, session, &told);
}

void peer_log_report(struct handler_context *context, struct session *session,
                     const struct pcep_lsp_state *report)
{
    static struct log_site site = LOG_SITE(DEBUG, "LSP reported");
    const struct pcep_object *lsp;
    struct log_line line;
    (void)context;
    if (!pcep_get(report->lsp, &lsp) || !peer_log_begin(&line, &site, peer_of(session)))
        return;
    struct pcep_subobjects hops = pcep_subobjects_of(report->ero);
    const struct pcep_lsp *body = lsp->body;
    const struct pcep_symbolic_path_name *name = pcep_find_tlv(lsp, PCEP_TLV_SYMBOLIC_PATH_NAME);
    log_number(&line, "plsp_id", body->plsp_id);
    if (name != NULL) {
        char text[128];
        size_t size = name->name.size < sizeof text ? name->name.size : sizeof text - 1;
        memcpy(text, name->name.octets, size);
        text[size] = '\0';
        log_text(&line, "name", text);
    }
    log_number(&line, "operational", (body->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT);
    log_text(&line, "delegated", (body->flags & PCEP_LSP_D) != 0 ? "yes" : "no");
    log_text(&line, "removed", (body->flags & PCEP_LSP_R) != 0 ? "yes" : "no");
    if (hops.is_present)
        log_number(&line, "hops", hops.count);
    log_end(&line);
}

void peer_log_refused(struct request_context *context, struct session *session,
                      const struct pcep_fault *fault)
{
    static struct log_site site = LOG_SITE(WARNING, "message of a peer refused");
    struct log_line line;
    (void)context;
    if (!peer_log_begin(&line, &site, peer_of(session)))
        return;
    log_number(&line, "error_type", fault->error_type);
    log_number(&line, "error_value", fault->error_value);
    if (fault->id_kind != PCEP_ID_NONE)
        log_number(&line, fault->id_kind == PCEP_ID_SRP ? "srp" : "request", fault->id);
    log_number(&line, "offset", fault->offset);
    log_text(&line, "why", fault->reason == NULL ? "" : fault->reason);
    log_end(&line);
}

void peer_log_error(struct handler_context *context, struct session *session, uint8_t error_type,
                    uint8_t error_value)
{
    static struct log_site site = LOG_SITE(WARNING, "PCErr received");
    struct log_line line;
    (void)context;
    if (!peer_log_begin(&line, &site, peer_of(session)))
        return;
    log_number(&line, "error_type", error_type);
    log_number(&line, "error_value", error_value);
    log_text(&line, "meaning", pcep_error_meaning(error_type, error_value));
    log_end(&line);
}

void peer_log_notification(struct handler_context *context, struct session *session, uint8_t type,
                           uint8_t value)
{
    static struct log_site site = LOG_SITE(INFO, "PCNtf received");
    struct log_line line;
    (void)context;
    if (!peer_log_begin(&line, &site, peer_of(session)))
        return;
    log_number(&line, "type", type);
    log_number(&line, "value", value);
    log_text(&line, "meaning", pcep_notification_text(type, value));
    log_end(&line);
}
