/* HTTP clients: who is connected to one socket of the API, and who has to go.
 *
 * A slow client must not take the API from others, whatever it does. So a connection has one
 * deadline for a whole request and one for a whole answer, however its octets drip; one address has
 * a part of the places; and where no place is left, the client that has owed its request for the
 * longest gives way, of the address with most of them first. Only what is being served is safe. A
 * few places more than that are kept for those who ask for /healthz.
 *
 * A client is ended by shutting its socket down: the library then closes it, and tells.
 *
 * Thread: the control thread. Owns: its table; the sockets are the library's.
 * Bound: HTTP_CLIENTS_MAX and HTTP_CLIENTS_SPARE places, HTTP_CLIENTS_PER_ADDRESS of them for one
 * address (of IPv6: one /64); HTTP_REQUEST_S, HTTP_IDLE_S and HTTP_ANSWER_S. */
#ifndef PCED_SERVER_CONTROL_HTTP_CLIENTS_H
#define PCED_SERVER_CONTROL_HTTP_CLIENTS_H

#include "core/base/ip.h"
#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

#define HTTP_CLIENTS_MAX         256
#define HTTP_CLIENTS_SPARE       8
#define HTTP_CLIENTS_PER_ADDRESS 16
#define HTTP_REQUEST_S           10 /* from the connection to the end of its first request */
#define HTTP_IDLE_S              30 /* from an answer to the end of the next request */
#define HTTP_ANSWER_S            30 /* from the first octet of an answer to its last */

/* Counters of the control API: one row for each, as in shard_counters.h. */
#define HTTP_COUNTERS(COUNTER, GAUGE)                                                              \
    COUNTER(http_requests, "Requests to the control API, refused ones included.")                  \
    COUNTER(http_refused, "Connections to the control API that found no place.")                   \
    COUNTER(http_large_refused, "Requests to the control API for whose bodies there was no room.") \
    COUNTER(http_gave_way, "Connections to the control API that gave way, with no whole request.") \
    COUNTER(http_slow_requests, "Connections to the control API whose request took too long.")     \
    COUNTER(http_slow_answers, "Connections to the control API that did not take their answer.")   \
    GAUGE(streams_open, "Answers of the control API that stay open: event streams.")               \
    COUNTER(streams_refused, "Event streams refused because too many were open.")                  \
    COUNTER(events_missed, "Events that streams have missed, each of which was told so.")

struct http_counters {
#define HTTP_COUNTER_MEMBER(member, help) uint64_t member;
    HTTP_COUNTERS(HTTP_COUNTER_MEMBER, HTTP_COUNTER_MEMBER)
#undef HTTP_COUNTER_MEMBER
};

enum http_client_phase {
    HTTP_CLIENT_NONE, /* the place is free */
    HTTP_CLIENT_OWES, /* a whole request is awaited */
    HTTP_CLIENT_ASKS, /* its answer is being made: that has a deadline of its own */
    HTTP_CLIENT_TAKES,
    HTTP_CLIENT_ENDS, /* the library has yet to close it */
};

struct http_client {
    enum http_client_phase phase;
    bool is_spare; /* it came when all other places were being served */
    bool has_asked;
    int descriptor;
    struct ip address; /* IP_NONE: of the UNIX socket */
    struct mono since; /* of OWES */
    struct mono deadline;
    void *request; /* of the caller: what is under way, or NULL; not looked at */
};

struct http_clients {
    struct http_counters *counters;
    struct http_client places[HTTP_CLIENTS_MAX + HTTP_CLIENTS_SPARE];
};

void http_clients_init(struct http_clients *clients, struct http_counters *counters);
/* Makes room for one more from this address; false: it is to be refused, which was counted. */
bool http_clients_make_room(struct http_clients *clients, const struct ip *address);
/* NULL: there is no free place, which was counted. The library should take no more connections than
 * there are places; whether it does is not ours. */
struct http_client *http_clients_add(struct http_clients *clients, int descriptor,
                                     const struct ip *address, struct mono now);
void http_clients_remove(struct http_client *client);
/* The steps of a client's request. A client that ends meanwhile stays at its end. */
void http_client_asks(struct http_client *client);
void http_client_takes(struct http_client *client, struct mono now);
void http_client_owes(struct http_client *client, struct mono now);
/* Ends those whose deadline has passed. */
void http_clients_on_time(struct http_clients *clients, struct mono now);

#endif
