#include "server/pcectl/capture/connection.h"

#include "core/base/check.h"
#include "core/pcep/registry.h"

#include <stdlib.h>

static unsigned side_index(const struct connection_side *side)
{
    return (unsigned)(side - side->connection->sides);
}

/* ---- what is said ---- */

void connection_say(struct connection *connection, unsigned from, struct capture_event event)
{
    CHECK(from < 2);
    if (connection->claim != CONNECTION_OURS)
        return;
    event.session = connection->session;
    event.from = connection->ends[from];
    event.to = connection->ends[1 - from];
    event.stats = connection->stats;
    event.is_bgp = connection->is_bgp;
    event.has_as2 = &connection->has_as2;
    event.direction = connection->server < 0                 ? CAPTURE_DIRECTION_UNKNOWN
                      : (unsigned)connection->server != from ? CAPTURE_TO_SERVER
                                                             : CAPTURE_TO_CLIENT;
    connection->table->sink->on_event(connection->table->context, &event);
}

/* It is one of ours: from now on it has a number, and is told of. */
static void claim(struct connection *connection)
{
    struct flow_table *table = connection->table;
    if (connection->claim == CONNECTION_OURS)
        return;
    connection->claim = CONNECTION_OURS;
    connection->session = ++table->session_count;
    if (table->sink->on_begin != NULL)
        connection->stats =
            table->sink->on_begin(table->context, connection->session, connection->ends);
}

/* ---- from the framer ---- */

static void on_news(void *context, const struct framer_news *news)
{
    struct connection_side *side = context;
    struct capture_event event = {.stamp = *news->stamp, .size = news->size};
    switch (news->event) {
    case FRAMER_MESSAGE:
        claim(side->connection);
        event.kind = CAPTURE_MESSAGE;
        event.octets = news->octets;
        event.type = news->octets.octets[side->framer.protocol->type_at];
        break;
    case FRAMER_BROKEN:
        side->broken = (uint32_t)news->size;
        return;
    case FRAMER_BAD:
        event.kind = CAPTURE_BAD_HEADER;
        event.text = news->reason;
        break;
    case FRAMER_FOUND:
        if (news->size == 0)
            return;
        event.kind = CAPTURE_SKIPPED;
        break;
    case FRAMER_TLS:
        event.kind = CAPTURE_ENCRYPTED;
        break;
    default:
        event.kind = CAPTURE_LIMIT;
        event.text = "no memory for a message that is not whole";
        break;
    }
    connection_say(side->connection, side_index(side), event);
}

/* ---- is it PCEP? ---- */

/* Gives the connection up: nothing of it is kept. */
static void disclaim(struct connection *connection)
{
    connection->claim = CONNECTION_OTHER;
    connection->is_closed = true;
}

/* Looks at octets of a connection of which it is not known. A message that begins may go on in the
 * next piece: what came so far is in the framer. True when the framer may have them. */
static bool is_plausible(struct connection_side *side, struct wire_span octets)
{
    uint32_t whole;
    if (framer_pending(&side->framer, &whole) > 0)
        return true;
    if (side->framer.mode == FRAMER_IN_STEP && side->tries > 0)
        return true; /* its beginning was plausible */
    enum framer_verdict verdict = side->framer.protocol->judge(octets);
    side->tries++;
    if (verdict != FRAMER_NO)
        return true;
    if (side->has_syn || side->tries >= FLOW_TRIES)
        disclaim(side->connection);
    return false;
}

/* ---- from the stream ---- */

static void on_octets(void *context, struct wire_span octets, const struct capture_stamp *stamp)
{
    struct connection_side *side = context;
    struct connection *connection = side->connection;
    if (connection->claim == CONNECTION_OTHER)
        return;
    if (connection->claim == CONNECTION_UNSURE && !is_plausible(side, octets))
        return;
    framer_put(&side->framer, octets, stamp);
    bool is_wrong = connection->claim == CONNECTION_UNSURE && side->has_syn &&
                    side->framer.mode == FRAMER_SEARCHING;
    if (is_wrong)
        disclaim(connection);
}

static void on_gap(void *context, uint32_t size, const struct capture_stamp *stamp)
{
    struct connection_side *side = context;
    side->broken = 0;
    if (side->framer.mode == FRAMER_ENCRYPTED)
        return; /* nothing is missed by it */
    framer_gap(&side->framer, size, stamp);
    connection_say(side->connection, side_index(side),
                   (struct capture_event){
                       .kind = CAPTURE_GAP, .stamp = *stamp, .size = size, .whole = side->broken});
}

/* ---- life ---- */

struct connection *connection_create(struct flow_table *table, const struct connection_key *key)
{
    static const struct stream_sink sink = {on_octets, on_gap};
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    connection->table = table;
    connection->server = -1;
    connection->is_bgp = flow_is_bgp(&table->options, key->ends[0].port, key->ends[1].port);
    list_init(&connection->link);
    for (unsigned i = 0; i < 2; i++) {
        struct connection_side *side = &connection->sides[i];
        connection->ends[i] = key->ends[i];
        side->connection = connection;
        stream_init(&side->stream, &sink, side);
        framer_init(&side->framer, connection->is_bgp ? &framer_bgp : &framer_pcep, on_news, side,
                    false);
    }
    if (connection->is_bgp || !table->options.is_any_port)
        claim(connection);
    return connection;
}

static void connection_release(struct connection *connection)
{
    for (unsigned i = 0; i < 2; i++) {
        stream_fini(&connection->sides[i].stream);
        framer_fini(&connection->sides[i].framer);
    }
}

void connection_destroy(struct connection *connection)
{
    connection_release(connection);
    free(connection);
}

size_t connection_size(const struct connection *connection)
{
    size_t size = 0;
    for (unsigned i = 0; i < 2; i++)
        size += connection->sides[i].stream.held_size + connection->sides[i].framer.partial_room;
    return size;
}

/* Which end was connected to: SYN says it, else the port. */
static void find_server(struct connection *connection, unsigned from, uint8_t flags)
{
    if ((flags & TCP_SYN) != 0) {
        connection->server = (int8_t)((flags & TCP_ACK) != 0 ? from : 1 - from);
        return;
    }
    if (connection->server >= 0)
        return;
    const struct flow_options *options = &connection->table->options;
    const struct flow_ports *ports = connection->is_bgp ? &options->bgp : &options->pcep;
    bool is_port[2] = {flow_has_port(ports, connection->ends[0].port),
                       flow_has_port(ports, connection->ends[1].port)};
    if (is_port[0] != is_port[1])
        connection->server = is_port[1] ? 1 : 0;
}

bool connection_is_other(const struct connection *connection, unsigned from,
                         const struct packet_tcp *tcp)
{
    CHECK(from < 2);
    const struct connection_side *side = &connection->sides[from];
    if ((tcp->flags & TCP_SYN) != 0) {
        if (side->has_syn)
            return side->first != tcp->sequence;
        /* The first SYN of this side: of a new connection when octets of it came before. */
        return side->stream.is_started;
    }
    /* Octets after the end: a connection whose SYN was not captured. */
    return connection->is_closed && connection->claim == CONNECTION_OURS &&
           (tcp->flags & TCP_RST) == 0 && tcp->payload_size > 0 &&
           (int32_t)(tcp->sequence - side->stream.next) >= 0;
}

/* What is left of a message at the end. */
static void end_framer(struct connection_side *side, bool is_cut, const struct capture_stamp *stamp)
{
    uint32_t whole;
    uint32_t pending = framer_pending(&side->framer, &whole);
    is_cut |= side->has_fin;
    if (pending > 0 && side->framer.mode == FRAMER_IN_STEP)
        connection_say(side->connection, side_index(side),
                       (struct capture_event){.kind = is_cut ? CAPTURE_CUT : CAPTURE_UNFINISHED,
                                              .stamp = *stamp,
                                              .size = pending,
                                              .whole = whole});
    uint64_t skipped = side->framer.skipped + pending;
    if (side->framer.mode == FRAMER_SEARCHING && skipped > 0)
        connection_say(
            side->connection, side_index(side),
            (struct capture_event){.kind = CAPTURE_SKIPPED, .stamp = *stamp, .size = skipped});
    framer_fini(&side->framer);
}

static void end_side(struct connection_side *side, bool is_cut, const struct capture_stamp *stamp)
{
    if (side->is_done)
        return;
    side->is_done = true;
    if (side->has_fin)
        stream_flush_to(&side->stream, side->last, stamp);
    else
        stream_flush(&side->stream, stamp);
    end_framer(side, is_cut, stamp);
}

void connection_close(struct connection *connection, const char *how, bool is_cut,
                      const struct capture_stamp *stamp)
{
    struct flow_table *table = connection->table;
    if (connection->is_closed)
        return;
    for (unsigned i = 0; i < 2; i++)
        end_side(&connection->sides[i], is_cut, stamp);
    connection->is_closed = true;
    if (connection->sides[0].has_fin && connection->sides[1].has_fin)
        how = "closed"; /* holes were open for longer */
    if (connection->claim == CONNECTION_OURS && table->sink->on_end != NULL)
        table->sink->on_end(table->context, connection->stats, how);
}

/* RFC 9293 3.10.7: a reset counts where the receiver would take it. A capture may miss octets that
 * came before it. */
static bool is_reset(const struct connection_side *side, const struct packet_tcp *tcp)
{
    if ((tcp->flags & TCP_RST) == 0)
        return false;
    int32_t ahead = (int32_t)(tcp->sequence - side->stream.next);
    return !side->stream.is_started || (ahead >= -1 && ahead <= (int32_t)STREAM_HELD_MAX);
}

/* RFC 9293 3.4: FIN takes a sequence number, the one after the last octet's. */
static void check_fin(struct connection_side *side, const struct packet_tcp *tcp, uint32_t begin)
{
    if ((tcp->flags & TCP_FIN) == 0 || side->has_fin)
        return;
    side->has_fin = true;
    side->last = begin + tcp->payload_size;
    if (!side->stream.is_started)
        stream_start(&side->stream, side->last);
}

/* A side ends when all before its FIN came out. */
static void check_end(struct connection *connection, const struct capture_stamp *stamp)
{
    for (unsigned i = 0; i < 2; i++) {
        struct connection_side *side = &connection->sides[i];
        if (side->has_fin && (int32_t)(side->stream.next - side->last) >= 0)
            end_side(side, true, stamp);
    }
    if (connection->sides[0].is_done && connection->sides[1].is_done)
        connection_close(connection, "closed", true, stamp);
}

static void begin_side(struct connection_side *side, uint32_t sequence)
{
    if (side->has_syn)
        return;
    side->has_syn = true;
    side->first = sequence;
    stream_start(&side->stream, sequence + 1);
    framer_fini(&side->framer);
    framer_init(&side->framer, side->framer.protocol, on_news, side, true);
}

enum pce_status connection_put(struct connection *connection, unsigned from,
                               const struct packet_tcp *tcp, const struct capture_stamp *stamp)
{
    CHECK(from < 2);
    struct connection_side *side = &connection->sides[from];
    struct connection_side *other = &connection->sides[1 - from];
    if (connection->is_closed)
        return PCE_OK;
    CHECK(!connection_is_other(connection, from, tcp));
    find_server(connection, from, tcp->flags);
    uint32_t begin = tcp->sequence;
    if ((tcp->flags & TCP_SYN) != 0)
        begin_side(side, begin++);
    enum pce_status status = PCE_OK;
    if ((tcp->flags & TCP_ACK) != 0)
        stream_acknowledge(&other->stream, tcp->acknowledged);
    if (!side->is_done)
        status = stream_put(&side->stream, begin, tcp->payload, stamp);
    if (!connection->is_closed && is_reset(side, tcp)) {
        /* Its sender had sent all before it; a FIN before it has a number, and is no octet. */
        if (!side->is_done)
            stream_flush_to(&side->stream, side->has_fin ? side->last : begin, stamp);
        connection_close(connection, "reset", true, stamp);
    } else if (!connection->is_closed) {
        check_fin(side, tcp, begin);
        stream_tick(&side->stream, stamp);
        stream_tick(&other->stream, stamp);
        check_end(connection, stamp);
    }
    if (connection->is_closed)
        connection_release(connection);
    return status;
}
