#include "server/control/session_json.h"

#include "core/base/number.h"

#include <stdio.h>
#include <string.h>

void session_id_format(const struct conn_handle *id, char text[SESSION_ID_SIZE])
{
    (void)snprintf(text, SESSION_ID_SIZE, "%u-%u-%u", id->shard, id->index, id->generation);
}

/* A number up to `end`; NULL when there is none. */
static const char *parse_part(const char *text, char end, uint32_t *value)
{
    uint64_t number;
    bool is_part = number_take(&text, UINT32_MAX, &number) && *text == end;
    *value = (uint32_t)number;
    return is_part ? text + 1 : NULL;
}

bool session_id_parse(const char *text, struct conn_handle *id)
{
    const char *at = parse_part(text, '-', &id->shard);
    if (at != NULL)
        at = parse_part(at, '-', &id->index);
    if (at != NULL)
        at = parse_part(at, '\0', &id->generation);
    return at != NULL;
}

static double session_seconds(uint64_t ns)
{
    uint64_t ms = ns / MONO_NS_PER_MS;
    return (double)ms / 1000;
}

/* null where it does not run. */
static json_t *remaining(uint64_t ns)
{
    return ns == UINT64_MAX ? json_null() : json_real(session_seconds(ns));
}

static const char *role_text(const struct session_view *view)
{
    return view->role == SESSION_ACCEPTED ? "accepted" : "initiated";
}

static json_t *session_integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *progress_age(const struct session_view *view)
{
    return view->is_outstanding ? json_real(session_seconds(view->progress_age_ns)) : json_null();
}

json_t *session_json_row(const struct session_view *view)
{
    char id[SESSION_ID_SIZE];
    char address[IP_TEXT_SIZE];
    session_id_format(&view->id, id);
    return json_pack("{s:s,s:s,s:i,s:s,s:s,s:f,s:o,s:o,s:b,s:o,s:o}", "id", id, "address",
                     ip_format(&view->address, address), "port", (int)view->port, "state",
                     session_state_text(view->state), "role", role_text(view), "state_age_s",
                     session_seconds(view->age_ns), "pending_octets",
                     session_integer(view->pending_octets), "progress_age_s", progress_age(view),
                     "paused", (int)view->is_paused, "messages_received",
                     session_integer(view->counters.messages_received), "messages_sent",
                     session_integer(view->counters.messages_sent));
}

/* null: the system has chosen it, and the ring does not tell. */
static json_t *ends_json(const struct session_view *view)
{
    char text[IP_TEXT_SIZE];
    const struct ip *local = &view->local_address;
    bool is_known = local->family != IP_NONE && !ip_is_unspecified(local);
    json_t *address = is_known ? json_string(ip_format(local, text)) : json_null();
    json_t *port = view->local_port != 0 ? json_integer(view->local_port) : json_null();
    return json_pack("{s:o,s:o}", "address", address, "port", port);
}

static json_t *timers_json(const struct session_view *view)
{
    return json_pack("{s:o,s:o,s:o}", "wait_s", remaining(view->wait_ns), "keepalive_s",
                     remaining(view->keepalive_ns), "dead_timer_s", remaining(view->dead_ns));
}

static json_t *negotiated_json(const struct session_view *view)
{
    json_t *hold = view->send_hold_s == 0 ? json_null() : json_integer(view->send_hold_s);
    return json_pack("{s:i,s:i,s:i,s:i,s:b,s:b,s:o}", "keepalive_s", (int)view->keepalive_s,
                     "dead_timer_s", (int)view->own_dead_timer_s, "peer_dead_timer_s",
                     (int)view->dead_timer_s, "session_id", (int)view->local_sid, "local_ok",
                     (int)view->local_ok, "remote_ok", (int)view->remote_ok, "send_hold_s", hold);
}

static json_t *setup_types_json(const struct session_view *view)
{
    json_t *types = json_array();
    uint64_t set = view->peer.has_pst_list ? view->peer.psts : 1;
    for (unsigned i = 0; i < 64 && types != NULL; i++) {
        if ((set >> i & 1) != 0)
            (void)json_array_append_new(types, json_integer((json_int_t)i));
    }
    return types;
}

/* null before its OPEN has come. */
static json_t *open_json(const struct session_view *view)
{
    const struct session_peer_open *open = &view->peer;
    if (!view->remote_ok && view->state != SESSION_UP)
        return json_null();
    return json_pack("{s:i,s:i,s:i,s:b,s:o,s:b,s:i,s:b,s:b,s:i,s:o}", "keepalive_s",
                     (int)open->keepalive_s, "dead_timer_s", (int)open->dead_timer_s, "session_id",
                     (int)open->sid, "stateful", (int)open->stateful, "stateful_flags",
                     session_integer(open->stateful_flags), "sr", (int)open->sr, "sr_msd",
                     (int)open->sr_msd, "sr_unlimited_msd", (int)open->sr_unlimited_msd, "srv6",
                     (int)open->srv6, "srv6_msd", (int)open->srv6_msd, "path_setup_types",
                     setup_types_json(view));
}

static json_t *pending_json(const struct session_view *view)
{
    return json_pack("{s:o,s:o,s:i,s:i,s:b,s:o,s:b}", "octets",
                     session_integer(view->pending_octets), "queued_octets",
                     session_integer(view->queued_octets), "soft_limit", (int)view->pending_soft,
                     "hard_limit", (int)view->pending_hard, "paused", (int)view->is_paused,
                     "progress_age_s", progress_age(view), "unread_input",
                     (int)view->may_have_input);
}

static json_t *session_counters_json(const struct session_view *view)
{
    const struct session_counters *counters = &view->counters;
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "messages_received",
                     session_integer(counters->messages_received), "messages_sent",
                     session_integer(counters->messages_sent), "errors_received",
                     session_integer(counters->errors_received), "errors_sent",
                     session_integer(counters->errors_sent), "octets_received",
                     session_integer(view->received_octets), "octets_sent",
                     session_integer(view->sent_octets));
}

/* The last PCErr of this session, or why it has ended; null when there was none. */
static json_t *session_error_json(const struct session_view *view)
{
    const struct session_verdict *verdict = &view->verdict;
    if (view->error_type != 0)
        return json_pack("{s:s,s:i,s:i}", "by", view->is_error_ours ? "us" : "peer", "error_type",
                         (int)view->error_type, "error_value", (int)view->error_value);
    if (verdict->text == NULL)
        return json_null();
    return json_pack("{s:s,s:s,s:i,s:i,s:i}", "by",
                     session_ender_text((enum session_ender)verdict->by), "text", verdict->text,
                     "close_reason", (int)verdict->close_reason, "error_type",
                     (int)verdict->error_type, "error_value", (int)verdict->error_value);
}

/* Second connections of this peer that were refused; the last one null where it is forgotten. */
static json_t *refused_json(const struct session_view *view)
{
    bool has_last = view->refused_why != NULL;
    json_t *age = has_last ? json_real(session_seconds(view->refused_age_ns)) : json_null();
    json_t *port = has_last ? json_integer(view->refused_port) : json_null();
    json_t *why = has_last ? json_string(view->refused_why) : json_null();
    return json_pack("{s:o,s:o,s:o,s:o}", "count", session_integer(view->refused_count),
                     "last_ago_s", age, "last_port", port, "last_why", why);
}

json_t *session_json_detail(const struct session_view *view)
{
    json_t *json = session_json_row(view);
    json_t *more = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "local", ends_json(view),
                             "timers", timers_json(view), "negotiated", negotiated_json(view),
                             "peer_open", open_json(view), "pending", pending_json(view),
                             "counters", session_counters_json(view), "last_error",
                             session_error_json(view), "refused", refused_json(view));
    if (json != NULL && more != NULL && json_object_update(json, more) == 0) {
        json_decref(more);
        return json;
    }
    json_decref(json);
    json_decref(more);
    return NULL;
}
