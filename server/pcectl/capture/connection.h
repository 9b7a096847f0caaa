/* Connection: both directions of one TCP connection, and what is known of it.
 *
 * connection.c is its life: what SYN, octets, FIN and RST do, and what is said of it. flow.c finds
 * it and bounds how many there are.
 *
 * Thread: the only one. Owns: streams and framers of both sides.
 * Bound: those of stream.h and framer.h, twice. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_CONNECTION_H
#define PCED_SERVER_PCECTL_CAPTURE_CONNECTION_H

#include "server/pcectl/capture/flow.h"

enum connection_claim {
    CONNECTION_UNSURE, /* is it PCEP? */
    CONNECTION_OURS,   /* PCEP, or BGP on its port */
    CONNECTION_OTHER,
};

/* What one end sends. */
struct connection_side {
    struct connection *connection;
    struct stream stream;
    struct framer framer;
    uint32_t first; /* sequence number of its SYN */
    uint32_t last;  /* the number after its last octet, when it has ended */
    uint8_t tries;  /* pieces of its stream that were looked at while it is unsure */
    bool has_syn;
    bool has_fin;
    bool is_done;    /* all up to FIN came out */
    uint32_t broken; /* length of the message that the last gap has cut into */
};

struct connection {
    struct map_node node;
    struct list_link link; /* flow_table.recent */
    struct flow_table *table;
    struct capture_endpoint ends[2]; /* the lesser first */
    struct connection_side sides[2]; /* sides[i]: what ends[i] sends */
    struct session_stats *stats;
    uint32_t session;
    int8_t server;  /* index of the end that was connected to; -1: not known */
    uint8_t claim;  /* enum connection_claim */
    bool is_bgp;    /* by its port */
    bool has_as2;   /* see struct capture_event */
    bool is_closed; /* nothing more is awaited */
};

/* The key of the table. */
struct connection_key {
    struct capture_endpoint ends[2];
};

/* NULL: no memory. */
struct connection *connection_create(struct flow_table *table, const struct connection_key *key);
/* Without a word. */
void connection_destroy(struct connection *connection);

/* A packet that ends[from] sent. */
PCE_MUST_CHECK enum pce_status connection_put(struct connection *connection, unsigned from,
                                              const struct packet_tcp *tcp,
                                              const struct capture_stamp *stamp);
/* Whether this packet begins another connection between the same ends. */
bool connection_is_other(const struct connection *connection, unsigned from,
                         const struct packet_tcp *tcp);
/* Lets out what waits, and closes. how: "reset", "capture ended" …; is_cut: an end within a message
 * is a fault. */
void connection_close(struct connection *connection, const char *how, bool is_cut,
                      const struct capture_stamp *stamp);
/* Octets that it holds. */
size_t connection_size(const struct connection *connection);
/* Says something of the connection: kind, size, whole, octets, text and stamp are set. */
void connection_say(struct connection *connection, unsigned from, struct capture_event event);

#endif
