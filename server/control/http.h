/* HTTP: requests from a UNIX socket and, where configured, a TCP address, in one poll loop.
 *
 * A thin layer over libmicrohttpd: it hands each whole request to one function, which answers at
 * once, or keeps the request and answers later, or answers with a stream that stays open; meanwhile
 * others are served. A request that may be
 * read in two ways is refused before that (http_check.h).
 *
 * Thread: the control thread, but for http_create, http_listen_… and http_destroy (before and after
 * it). Owns: its sockets and the requests, until they are answered and sent.
 * Bound: on each socket the places and times of http_clients.h; HTTP_BODY_MAX octets of a request's
 * body, or what its handler takes, for which memory is taken as it comes; HTTP_LARGE_OCTETS_MAX of all. */
#ifndef PCED_SERVER_CONTROL_HTTP_H
#define PCED_SERVER_CONTROL_HTTP_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "io/os/failure.h"
#include "server/control/http_clients.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define HTTP_BODY_MAX 65536
/* Of requests whose handler takes more (body_max): all together, past HTTP_BODY_MAX of each. */
#define HTTP_LARGE_OCTETS_MAX ((size_t)16 << 20)
#define HTTP_SOCKETS_MAX      2
#define HTTP_ARGUMENTS_MAX    16

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OTHER };

struct http_argument {
    const char *name;
    const char *value; /* "" where there is none */
};

struct http;

/* Who has a request that is not answered yet, or whose stream is open. */
struct http_keeper {
    /* Its connection or its stream has ended: the request goes, and nothing may be done with it any
     * more. */
    void (*on_gone)(struct http_keeper *keeper);
};

#define HTTP_STREAM_END (-1)

/* What a stream says. */
struct http_source {
    /* Puts at most `room` octets (> 0) there and returns how many; 0: nothing for now, until
     * http_wake; HTTP_STREAM_END: never again. */
    ssize_t (*read)(struct http_source *source, char *octets, size_t room);
};

/* The texts live as long as the request. */
struct http_request {
    enum http_method method;
    const char *path;          /* unescaped */
    bool is_of_page;           /* a browser sends it for some page: it has an Origin */
    bool is_remote;            /* it came over TCP */
    bool is_spare;             /* it has one of the places that are kept for /healthz */
    const char *host;          /* whom it is for; NULL: it does not say */
    const char *last_event_id; /* where a stream goes on; NULL: it begins */
    char allow[48];            /* the handler's: the methods that its 405 names; "" for none */
    uint32_t argument_count;
    struct http_argument arguments[HTTP_ARGUMENTS_MAX];
    size_t body_size;
    const char *body;           /* with a NUL behind it; "" where there is none */
    struct http_keeper *keeper; /* set by a handler that answers later, or opens a stream */
};

/* Every request ends in one http_answer, here or later; or in its keeper's on_gone, when it is a
 * stream or its connection ends first. */
typedef void http_request_fn(void *context, struct http_request *request);

/* How many octets the body of a request may have, whose target and method are known. */
typedef size_t http_body_max_fn(void *context, const struct http_request *request);

struct http_options {
    http_request_fn *on_request;
    http_body_max_fn *body_max; /* NULL: HTTP_BODY_MAX of each */
    void *context;
};

PCE_MUST_CHECK enum pce_status http_create(const struct http_options *options, struct http **http);
/* A UNIX socket with this mode. One that is left over from a process that has ended is replaced;
 * one that is served is PCE_EXISTS. */
PCE_MUST_CHECK enum pce_status http_listen_unix(struct http *http, const char *path, mode_t mode,
                                                struct failure *failure);
PCE_MUST_CHECK enum pce_status http_listen_tcp(struct http *http, const struct ip *address,
                                               uint16_t port, struct failure *failure);
/* Ends all connections (on_gone for what is not answered), removes the UNIX socket. */
void http_destroy(struct http *http);

/* For the poll loop: readable when there is something to do. Returns how many. */
uint32_t http_descriptors(const struct http *http, int descriptors[HTTP_SOCKETS_MAX]);
/* How long the loop may wait at most. */
int http_wait_ms(struct http *http);
/* Does what there is to do, without waiting. */
void http_run(struct http *http, struct mono now);

const struct http_counters *http_counters(const struct http *http);

/* Takes the body (malloc); NULL: memory ran out, which the client is told. */
void http_answer(struct http_request *request, unsigned status, const char *type, char *body);
/* In its place: an answer with status 200 that stays open. The source is read when its client has
 * taken what came before; a client that does not within HTTP_ANSWER_S is ended. A client
 * that has gone is noticed within half a second. The source stays the caller's, until on_gone. */
void http_open_stream(struct http_request *request, const char *type, struct http_source *source);
/* What is counted of the API, for the part above. */
struct http_counters *http_counters_of(struct http_request *request);
/* The source of an open stream may have something to say; harmless when it has not. */
void http_wake(struct http_request *request);

#endif
