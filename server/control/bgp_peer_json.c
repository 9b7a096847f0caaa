#include "server/control/bgp_peer_json.h"

#include "core/bgp/feasible.h"
#include "core/bgp/names.h"
#include "core/bgp/registry.h"

#include <stdio.h>

static json_t *shown_seconds(uint64_t ns)
{
    uint64_t ms = ns / MONO_NS_PER_MS;
    return ns == TOPOLOGY_NO_TIME ? json_null() : json_real((double)ms / 1000);
}

static json_t *shown_integer(uint64_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *shown_address(const struct ip *ip)
{
    char text[IP_TEXT_SIZE];
    return ip->family == IP_NONE ? json_null() : json_string(ip_format(ip, text));
}

/* ---- the row ---- */

static json_t *shown_routes(const struct rib_counts *counts)
{
    return json_pack("{s:o,s:o,s:o,s:o}", "nodes", shown_integer(counts->objects[RIB_KIND_NODE]),
                     "links", shown_integer(counts->objects[RIB_KIND_LINK]), "prefixes",
                     shown_integer(counts->objects[RIB_KIND_PREFIX]), "srv6_sids",
                     shown_integer(counts->objects[RIB_KIND_SRV6_SID]));
}

json_t *bgp_peer_json_row(const struct topology_peer_view *view)
{
    const struct ip *identifier = &view->negotiated.identifier;
    const struct ip none = {.family = IP_NONE};
    return json_pack("{s:o,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "address",
                     shown_address(&view->address), "as", shown_integer(view->as), "state",
                     bgp_state_text(view->state), "state_age_s", shown_seconds(view->age_ns),
                     "identifier", shown_address(view->has_negotiated ? identifier : &none), "rank",
                     shown_integer(view->rank), "established",
                     shown_integer(view->counters.established), "stale_age_s",
                     shown_seconds(view->stale_age_ns), "routes", shown_routes(&view->routes));
}

/* ---- one in detail ---- */

/* Those that have no name here are shown as numbers. */
static json_t *shown_capabilities(const struct bgp_offer *offer)
{
    json_t *list = json_array();
    for (unsigned code = 0; list != NULL && code <= UINT8_MAX; code++) {
        char number[8];
        if (!bgp_offer_has(offer, (uint8_t)code))
            continue;
        const struct bgp_capability_row *row = bgp_capability_find((uint8_t)code);
        (void)snprintf(number, sizeof number, "%u", code);
        (void)json_array_append_new(list, json_string(row == NULL ? number : row->name));
    }
    return list;
}

static json_t *shown_negotiated(const struct topology_peer_view *view)
{
    const struct bgp_negotiated *negotiated = &view->negotiated;
    if (!view->has_negotiated)
        return json_null();
    return json_pack(
        "{s:i,s:b,s:b,s:b,s:b,s:b,s:b,s:i}", "hold_time_s", (int)negotiated->hold_time_s,
        "four_octet_as", (int)negotiated->has_as4, "extended_message",
        (int)negotiated->has_extended, "route_refresh", (int)negotiated->has_refresh,
        "enhanced_route_refresh", (int)negotiated->has_enhanced_refresh, "graceful_restart",
        (int)negotiated->has_restart, "graceful_restart_notification",
        (int)negotiated->has_restart_notified, "restart_time_s", (int)negotiated->restart_time_s);
}

static json_t *shown_messages(const uint64_t counts[BGP_MESSAGE_TYPE_END])
{
    json_t *json = json_object();
    for (unsigned type = 1; json != NULL && type < BGP_MESSAGE_TYPE_END; type++)
        (void)json_object_set_new(json, bgp_message_name((uint8_t)type),
                                  shown_integer(counts[type]));
    return json;
}

static json_t *shown_errors(const struct bgp_counters *counters)
{
    json_t *json =
        json_pack("{s:o,s:o,s:o}", "discarded", shown_integer(counters->faults[BGP_ACTION_DISCARD]),
                  "treated_as_withdraw", shown_integer(counters->faults[BGP_ACTION_WITHDRAW]),
                  "session_reset", shown_integer(counters->faults[BGP_ACTION_RESET]));
    for (unsigned why = BGP_FEASIBLE + 1; json != NULL && why < BGP_UNFEASIBLE_COUNT; why++)
        (void)json_object_set_new(json, bgp_unfeasible_word((enum bgp_unfeasible)why),
                                  shown_integer(counters->unfeasible[why]));
    return json;
}

static json_t *shown_notification(const struct topology_notice_view *view)
{
    const struct bgp_notice *notice = &view->notice;
    if (view->age_ns == TOPOLOGY_NO_TIME)
        return json_null();
    return json_pack("{s:i,s:i,s:s,s:s,s:s,s:o}", "code", (int)notice->code, "subcode",
                     (int)notice->subcode, "error", bgp_error_code_text(notice->code), "detail",
                     bgp_error_text(notice->code, notice->subcode), "communication", notice->text,
                     "age_s", shown_seconds(view->age_ns));
}

static json_t *shown_last_end(const struct bgp_verdict *verdict)
{
    if (verdict->text == NULL)
        return json_null();
    return json_pack("{s:s,s:s}", "by", bgp_ender_text((enum bgp_ender)verdict->by), "why",
                     verdict->text);
}

static json_t *shown_nlris(const struct feed_counters *feed)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "announced", shown_integer(feed->announced),
                     "withdrawn", shown_integer(feed->withdrawn), "ignored",
                     shown_integer(feed->ignored), "without_attribute",
                     shown_integer(feed->without_attribute), "refused",
                     shown_integer(feed->refused));
}

/* What was configured, and which timers run. */
static json_t *shown_session(const struct topology_peer_view *view)
{
    return json_pack(
        "{s:o,s:o,s:i,s:b,s:i,s:i,s:s,s:i,s:s,s:i,s:o,s:o,s:o}", "local_as",
        shown_integer(view->local_as), "local_address", shown_address(&view->local_address), "port",
        (int)view->port, "passive", (int)view->is_passive, "ttl_security", (int)view->ttl_security,
        "ttl", (int)view->ttl, "authentication", view->authentication, "hold_time_offered_s",
        (int)view->hold_time_s, "connection", view->is_incoming ? "incoming" : "outgoing",
        "connections", (int)view->connection_count, "deadline_left_s",
        shown_seconds(view->deadline_left_ns), "keepalive_left_s",
        shown_seconds(view->keepalive_left_ns), "send_hold_left_s",
        shown_seconds(view->send_hold_left_ns));
}

static const char *shown_table_text(enum bgp_restart_phase phase)
{
    switch (phase) {
    case BGP_RESTART_AWAY:
        return "stale";
    case BGP_RESTART_RETELLING:
        return "retelling";
    default:
        return "fresh";
    }
}

/* What is more than the row has. */
static json_t *shown_details(const struct topology_peer_view *view)
{
    const struct bgp_counters *counters = &view->counters;
    json_t *theirs =
        view->has_negotiated ? shown_capabilities(&view->negotiated.offer) : json_null();
    return json_pack(
        "{s:o,s:{s:o,s:o},s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:o}", "session",
        shown_session(view), "capabilities", "ours", shown_capabilities(&view->ours), "peers",
        theirs, "negotiated", shown_negotiated(view), "messages_received",
        shown_messages(counters->messages_received), "messages_sent",
        shown_messages(counters->messages_sent), "errors", shown_errors(counters), "nlris",
        shown_nlris(&view->feed), "collisions", shown_integer(counters->collisions), "superseded",
        shown_integer(counters->superseded), "notification_sent", shown_notification(&view->sent),
        "notification_received", shown_notification(&view->received), "last_end",
        shown_last_end(&view->verdict), "table", shown_table_text(view->phase), "end_of_rib_age_s",
        shown_seconds(view->end_of_rib_age_ns), "stale_left_s", shown_seconds(view->stale_left_ns));
}

json_t *bgp_peer_json(const struct topology_peer_view *view)
{
    json_t *json = bgp_peer_json_row(view);
    json_t *more = shown_details(view);
    bool is_whole = json != NULL && more != NULL && json_object_update(json, more) == 0;
    json_decref(more);
    if (is_whole)
        return json;
    json_decref(json);
    return NULL;
}
