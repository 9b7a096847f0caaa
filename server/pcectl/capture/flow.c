#include "server/pcectl/capture/flow.h"

#include "core/base/check.h"
#include "server/pcectl/capture/connection.h"

static bool flow_is_equal(const struct map_node *node, const void *key)
{
    const struct connection *connection =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct connection, node);
    const struct connection_key *wanted = key;
    for (unsigned i = 0; i < 2; i++) {
        if (connection->ends[i].port != wanted->ends[i].port ||
            !ip_is_equal(&connection->ends[i].address, &wanted->ends[i].address))
            return false;
    }
    return true;
}

static uint64_t key_hash(const struct connection_key *key)
{
    uint8_t octets[2 * 18];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    for (unsigned i = 0; i < 2; i++) {
        wire_put_octets(&writer, key->ends[i].address.octets, 16);
        wire_put_u16(&writer, key->ends[i].port);
    }
    CHECK(!writer.failed); /* two ends are 36 octets */
    return map_hash(octets, sizeof octets);
}

/* Both directions have the same key; gives the index of the end that sent. */
static unsigned flow_make_key(const struct packet_ip *ip, const struct packet_tcp *tcp,
                              struct connection_key *key)
{
    struct capture_endpoint from = {ip->source, tcp->source_port};
    struct capture_endpoint to = {ip->destination, tcp->destination_port};
    int order = ip_compare(&from.address, &to.address);
    unsigned index = order > 0 || (order == 0 && from.port > to.port);
    key->ends[index] = from;
    key->ends[1 - index] = to;
    return index;
}

void flow_init(struct flow_table *table, const struct flow_options *options,
               const struct flow_sink *sink, void *context)
{
    *table = (struct flow_table){.options = *options, .sink = sink, .context = context};
    if (table->options.pcep.count == 0)
        table->options.pcep.ports[table->options.pcep.count++] = FLOW_PORT_PCEP;
    if (table->options.bgp.count == 0)
        table->options.bgp.ports[table->options.bgp.count++] = FLOW_PORT_BGP;
    if (table->options.connections_max == 0)
        table->options.connections_max = FLOW_CONNECTIONS_MAX;
    if (table->options.octets_max == 0)
        table->options.octets_max = FLOW_OCTETS_MAX;
    map_init(&table->map, flow_is_equal, table->options.connections_max);
    list_init(&table->recent);
}

static struct connection *flow_oldest(struct flow_table *table)
{
    CHECK(!list_is_empty(&table->recent));
    return CONTAINER_OF(table->recent.next, struct connection, link);
}

/* Takes the connection out of the table, its counters with it. */
static void flow_forget(struct flow_table *table, struct connection *connection)
{
    struct connection_key key = {{connection->ends[0], connection->ends[1]}};
    (void)map_remove(&table->map, connection->node.hash, &key);
    list_remove(&connection->link);
    for (unsigned i = 0; i < 2; i++) {
        table->counters.repeated_octets += connection->sides[i].stream.repeated_size;
        table->counters.late_segments += connection->sides[i].stream.late_count;
    }
    CHECK(table->octets >= connection_size(connection));
    table->octets -= connection_size(connection);
    connection_destroy(connection);
}

/* Closes with what waits let out, which may free or keep octets. */
static void close_now(struct flow_table *table, struct connection *connection, const char *how,
                      bool is_cut, const struct capture_stamp *stamp)
{
    size_t before = connection_size(connection);
    connection_close(connection, how, is_cut, stamp);
    table->octets = table->octets - before + connection_size(connection);
}

/* A limit: the connection that was quiet for longest goes. */
static void flow_evict(struct flow_table *table, const struct capture_stamp *stamp)
{
    struct connection *connection = flow_oldest(table);
    if (!connection->is_closed) {
        if (connection->claim == CONNECTION_OURS)
            table->counters.forgotten++;
        connection_say(
            connection, 0,
            (struct capture_event){.kind = CAPTURE_LIMIT,
                                   .stamp = *stamp,
                                   .text = "the connection was forgotten: too many at once"});
        close_now(table, connection, "forgotten", false, stamp);
    }
    flow_forget(table, connection);
}

void flow_flush(struct flow_table *table, const struct capture_stamp *stamp)
{
    while (!list_is_empty(&table->recent)) {
        struct connection *connection = flow_oldest(table);
        close_now(table, connection, "capture ended", false, stamp);
        flow_forget(table, connection);
    }
}

void flow_fini(struct flow_table *table)
{
    while (!list_is_empty(&table->recent))
        flow_forget(table, flow_oldest(table));
    map_fini(&table->map);
}

/* A connection begins with SYN, or with octets: an acknowledgement alone tells nothing. */
static bool is_beginning(const struct packet_tcp *tcp)
{
    return (tcp->flags & TCP_SYN) != 0 || (tcp->payload_size > 0 && (tcp->flags & TCP_RST) == 0);
}

static enum pce_status flow_begin(struct flow_table *table, const struct connection_key *key,
                                  uint64_t hash, const struct capture_stamp *stamp,
                                  struct connection **out)
{
    while (table->map.count >= table->options.connections_max)
        flow_evict(table, stamp);
    struct connection *connection = connection_create(table, key);
    if (connection == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = map_insert(&table->map, &connection->node, hash, key);
    if (status != PCE_OK) {
        connection_destroy(connection);
        return status;
    }
    *out = connection;
    return PCE_OK;
}

enum pce_status flow_put(struct flow_table *table, const struct packet_ip *ip,
                         const struct packet_tcp *tcp, const struct capture_stamp *stamp)
{
    if (!flow_is_wanted(&table->options, tcp->source_port, tcp->destination_port))
        return PCE_OK;
    struct connection_key key;
    unsigned from = flow_make_key(ip, tcp, &key);
    uint64_t hash = key_hash(&key);
    struct map_node *node = map_find(&table->map, hash, &key);
    struct connection *connection =
        node == NULL ? NULL : CONTAINER_OF(node, struct connection, node);
    table->counters.segments++;
    if (connection != NULL && connection_is_other(connection, from, tcp)) {
        close_now(table, connection, "replaced", true, stamp);
        flow_forget(table, connection);
        connection = NULL;
    }
    if (connection == NULL) {
        if (!is_beginning(tcp))
            return PCE_OK;
        enum pce_status status = flow_begin(table, &key, hash, stamp, &connection);
        if (status != PCE_OK)
            return status;
    }
    list_remove(&connection->link);
    list_push_back(&table->recent, &connection->link);
    size_t before = connection_size(connection);
    enum pce_status status = connection_put(connection, from, tcp, stamp);
    table->octets = table->octets - before + connection_size(connection);
    while (table->octets > table->options.octets_max && flow_oldest(table) != connection)
        flow_evict(table, stamp);
    return status;
}
