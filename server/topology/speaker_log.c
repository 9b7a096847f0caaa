#include "server/topology/speaker_log.h"

#include "core/bgp/feasible.h"
#include "server/log/log.h"

static bool speaker_log_begin(struct log_line *line, struct log_site *site,
                              const struct ip *address)
{
    if (!log_begin(line, site))
        return false;
    log_ip(line, "peer", address);
    return true;
}

static void speaker_log_up(const struct speaker_peer *peer, const struct bgp_connection *connection)
{
    static struct log_site site = LOG_SITE(INFO, "BGP-LS peer up");
    struct log_line line;
    if (!speaker_log_begin(&line, &site, &peer->config.address))
        return;
    log_ip(&line, "identifier", &connection->negotiated.identifier);
    log_number(&line, "hold_time_s", connection->negotiated.hold_time_s);
    log_end(&line);
}

static void speaker_log_down(const struct speaker_peer *peer, enum bgp_state from,
                             const struct bgp_verdict *verdict)
{
    static struct log_site up = LOG_SITE(WARNING, "BGP-LS peer down");
    static struct log_site never = LOG_SITE(INFO, "BGP-LS peer not reached");
    struct log_line line;
    if (!speaker_log_begin(&line, from == BGP_ESTABLISHED ? &up : &never, &peer->config.address))
        return;
    log_text(&line, "state", bgp_state_text(from));
    log_text(&line, "by", bgp_ender_text((enum bgp_ender)verdict->by));
    log_text(&line, "why", verdict->text == NULL ? "" : verdict->text);
    if (verdict->is_notified) {
        log_text(&line, "notification", bgp_error_code_text(verdict->code));
        log_text(&line, "detail", bgp_error_text(verdict->code, verdict->subcode));
    }
    if (verdict->is_notified && verdict->by == BGP_BY_PEER &&
        peer->bgp.notice_received.text[0] != '\0')
        log_text(&line, "communication", peer->bgp.notice_received.text);
    log_end(&line);
}

void speaker_log_state(const struct speaker_peer *peer, enum bgp_connection_id id,
                       enum bgp_state from, enum bgp_state to)
{
    const struct bgp_connection *connection = &peer->bgp.connections[id];
    if (to == BGP_ESTABLISHED)
        speaker_log_up(peer, connection);
    else if (from > BGP_ACTIVE && to != BGP_OPEN_CONFIRM && from != BGP_CLOSING)
        speaker_log_down(peer, from, &connection->verdict);
}

void speaker_log_table(const struct speaker_peer *peer, enum bgp_table_change change)
{
    static struct log_site sites[BGP_TABLE_CHANGE_COUNT] = {
        [BGP_TABLE_STALE] = LOG_SITE(INFO, "BGP-LS network is stale"),
        [BGP_TABLE_COMPLETE] = LOG_SITE(INFO, "BGP-LS network is told"),
        [BGP_TABLE_GONE] = LOG_SITE(INFO, "BGP-LS network is dropped"),
    };
    const struct rib_counts *counts = rib_source_counts(peer->feed.rib, peer->feed.source);
    struct log_line line;
    if (!speaker_log_begin(&line, &sites[change], &peer->config.address))
        return;
    log_number(&line, "nodes", counts->objects[RIB_KIND_NODE]);
    log_number(&line, "links", counts->objects[RIB_KIND_LINK]);
    log_number(&line, "prefixes", counts->objects[RIB_KIND_PREFIX]);
    log_end(&line);
}

void speaker_log_fault(const struct speaker_peer *peer, const struct bgp_fault *fault)
{
    static struct log_site site = LOG_SITE(WARNING, "BGP-LS UPDATE is wrong in part");
    struct log_line line;
    if (!speaker_log_begin(&line, &site, &peer->config.address))
        return;
    log_text(&line, "action", bgp_action_text(fault->action));
    log_text(&line, "why", fault->reason);
    log_number(&line, "offset", fault->offset);
    log_end(&line);
}

void speaker_log_unfeasible(const struct speaker_peer *peer, enum bgp_unfeasible why)
{
    static struct log_site site = LOG_SITE(WARNING, "BGP-LS routes are ignored");
    struct log_line line;
    if (!speaker_log_begin(&line, &site, &peer->config.address))
        return;
    log_text(&line, "why", bgp_unfeasible_text(why));
    log_end(&line);
}

void speaker_log_order(const struct speaker_peer *peer, const char *what)
{
    static struct log_site site = LOG_SITE(INFO, "BGP-LS order");
    struct log_line line;
    if (!speaker_log_begin(&line, &site, &peer->config.address))
        return;
    log_text(&line, "what", what);
    log_end(&line);
}

void speaker_log_failure(const struct speaker_peer *peer, const char *why)
{
    static struct log_site site = LOG_SITE(WARNING, "BGP-LS peer: cannot connect");
    struct log_line line;
    if (!speaker_log_begin(&line, &site, &peer->config.address))
        return;
    log_text(&line, "why", why);
    log_end(&line);
}

void speaker_log_stranger(const struct ip *address)
{
    static struct log_site site = LOG_SITE(INFO, "BGP connection turned away");
    struct log_line line;
    if (speaker_log_begin(&line, &site, address))
        log_end(&line);
}
