#include "server/control/http.h"

#include "core/base/check.h"
#include "core/base/list.h"
#include "io/net/address.h"
#include "io/os/clock.h"
#include "server/control/http_check.h"
#include "server/control/http_socket.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* One socket that is served. */
struct service {
    struct http *http;
    struct MHD_Daemon *daemon;
    int descriptor; /* readable when the library wants to run */
    struct http_clients clients;
    bool is_remote;
};

struct http {
    struct http_options options;
    struct http_counters counters;
    uint32_t service_count;
    struct service services[HTTP_SOCKETS_MAX];
    size_t large_octets;       /* memory of bodies past HTTP_BODY_MAX */
    bool has_news;             /* a client has gone: the library waits to be run once more */
    struct mono look_due;      /* for clients of streams that have gone */
    struct http_socket socket; /* of the UNIX socket; its path is "" for none */
};

enum phase {
    PHASE_BEGUN,   /* the target is known */
    PHASE_READING, /* the body is still coming */
    PHASE_ASKED,   /* the handler has it */
    PHASE_ANSWERED,
    PHASE_STREAMS, /* answered, with a source that is read for as long as it is open */
};

#define HEADER_LAST_EVENT_ID "Last-Event-ID"

#define BODY_ROOM_MIN  512
#define STREAM_LOOK_MS 500
#define STREAM_BLOCK   32768 /* octets of a stream that are asked for at once */

struct exchange {
    struct http_request request;
    struct http *http;
    struct MHD_Connection *connection;
    struct http_client *client;
    enum phase phase;
    struct http_fault fault; /* of the target */
    bool is_suspended;
    bool is_gone; /* the client of a stream: it has closed its end */
    bool is_last; /* what follows on this connection is not believed */
    bool is_too_large;
    bool is_short_of_memory;
    char *body; /* as much as has come; NULL: nothing */
    size_t body_room;
    size_t body_max;
    unsigned status;
    struct MHD_Response *response;
    struct http_source *source; /* of a stream */
};

static struct exchange *exchange_of(struct http_request *request)
{
    return CONTAINER_OF(request, struct exchange, request);
}

static enum http_method method_of(const char *method)
{
    /* Of HEAD the library leaves out the body. */
    if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
        return HTTP_GET;
    if (strcmp(method, MHD_HTTP_METHOD_POST) == 0)
        return HTTP_POST;
    if (strcmp(method, MHD_HTTP_METHOD_PUT) == 0)
        return HTTP_PUT;
    if (strcmp(method, MHD_HTTP_METHOD_PATCH) == 0)
        return HTTP_PATCH;
    return strcmp(method, MHD_HTTP_METHOD_DELETE) == 0 ? HTTP_DELETE : HTTP_OTHER;
}

/* More arguments than there is room for are refused by whoever counts them: none has as many. */
static enum MHD_Result take_argument(void *context, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct http_request *request = context;
    (void)kind;
    if (request->argument_count == HTTP_ARGUMENTS_MAX)
        return MHD_NO;
    struct http_argument *argument = &request->arguments[request->argument_count++];
    argument->name = name;
    argument->value = value == NULL ? "" : value;
    return MHD_YES;
}

/* The body of an error, as the API's own are. */
static void http_refuse(struct exchange *exchange, unsigned status, const char *field,
                        const char *message)
{
    char text[256];
    int size = snprintf(text, sizeof text,
                        "{\"error\":{\"status\":%u,\"field\":\"%s\",\"message\":\"%s\"}}", status,
                        field, message);
    CHECK(size > 0 && (size_t)size < sizeof text);
    exchange->phase = PHASE_ASKED;
    exchange->is_last = true;
    http_answer(&exchange->request, status, "application/json", strdup(text));
}

/* NULL: there was no place for it. */
static struct http_client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

/* The first that is known of a request: its target before the library has unescaped it. What is
 * returned becomes the context of the request. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    const struct service *service = context;
    struct http_client *client = client_of(connection);
    struct exchange *exchange = client == NULL ? NULL : calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return NULL;
    exchange->http = service->http;
    exchange->connection = connection;
    exchange->client = client;
    exchange->fault = http_check_target(target);
    exchange->request.is_remote = service->is_remote;
    exchange->request.body = "";
    exchange->request.is_spare = exchange->client->is_spare;
    exchange->http->counters.http_requests++;
    client->request = exchange;
    return exchange;
}

static enum MHD_Result take_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    struct http_head *head = context;
    (void)kind;
    head->has_bad_name |= !http_is_name(name);
    if (strcasecmp(name, MHD_HTTP_HEADER_HOST) == 0) {
        head->host_count++;
        head->host = value == NULL ? "" : value;
    } else if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        head->length_count++;
    } else if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        head->coding_count++;
        head->coding = value == NULL ? "" : value;
    }
    return MHD_YES;
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    CHECK(exchange->phase == PHASE_ANSWERED || exchange->phase == PHASE_STREAMS);
    if (exchange->response == NULL)
        return MHD_NO; /* no memory for one: the connection ends */
    http_client_takes(exchange->client, clock_now());
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

/* The header is there. What is wrong with it is answered before any of the body is read: after
 * such a request nobody knows where the next one begins. */
static enum MHD_Result http_begin(struct exchange *exchange, const char *url, const char *method,
                                  const char *version)
{
    struct http_request *request = &exchange->request;
    struct MHD_Connection *connection = exchange->connection;
    struct http_head head = {.version = version};
    exchange->phase = PHASE_READING;
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, take_header, &head);
    if (exchange->fault.status == 0)
        exchange->fault = http_check_head(&head);
    if (exchange->fault.status != 0) {
        http_refuse(exchange, exchange->fault.status, exchange->fault.field,
                    exchange->fault.message);
        return send_answer(exchange);
    }
    request->method = method_of(method);
    request->path = url;
    request->host = head.host;
    request->last_event_id =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, HEADER_LAST_EVENT_ID);
    request->is_of_page =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN) != NULL;
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument, request);
    const struct http_options *options = &exchange->http->options;
    exchange->body_max =
        options->body_max == NULL ? HTTP_BODY_MAX : options->body_max(options->context, request);
    return MHD_YES;
}

static size_t large_part(size_t room)
{
    return room > 2 * HTTP_BODY_MAX ? room : 0;
}

/* Room for so many octets and a NUL. */
static bool grow_body(struct exchange *exchange, size_t size)
{
    struct http *http = exchange->http;
    size_t room = exchange->body_room == 0 ? BODY_ROOM_MIN : exchange->body_room;
    while (room < size + 1)
        room *= 2;
    if (room == exchange->body_room)
        return true;
    size_t large = http->large_octets - large_part(exchange->body_room) + large_part(room);
    if (large > HTTP_LARGE_OCTETS_MAX) {
        http->counters.http_large_refused++;
        return false;
    }
    char *body = realloc(exchange->body, room);
    if (body == NULL)
        return false;
    http->large_octets = large;
    exchange->body = body;
    exchange->body_room = room;
    return true;
}

static void take_body(struct exchange *exchange, const char *octets, size_t *size)
{
    struct http_request *request = &exchange->request;
    CHECK(request->body_size <= exchange->body_max);
    if (exchange->is_too_large || *size > exchange->body_max - request->body_size) {
        exchange->is_too_large = true;
    } else if (exchange->is_short_of_memory) {
        /* what follows would not follow what was taken */
    } else if (!grow_body(exchange, request->body_size + *size)) {
        exchange->is_short_of_memory = true;
    } else {
        memcpy(exchange->body + request->body_size, octets, *size);
        request->body_size += *size;
        exchange->body[request->body_size] = '\0';
        request->body = exchange->body;
    }
    *size = 0;
}

/* The request is there as a whole. */
static void http_ask(struct exchange *exchange, const struct http_options *options)
{
    exchange->phase = PHASE_ASKED;
    http_client_asks(exchange->client);
    if (exchange->is_too_large)
        http_refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE, "body", "it is too large");
    else if (exchange->is_short_of_memory)
        http_refuse(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, "body", "memory is short");
    else
        options->on_request(options->context, &exchange->request);
}

/* Its arguments are the library's.
 * NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *octets,
                                 size_t *size, void **of_request)
{
    const struct service *service = context;
    const struct http_options *options = &service->http->options;
    struct exchange *exchange = *of_request;
    if (exchange == NULL)
        return MHD_NO; /* there was no memory for it, or no place: the connection ends */
    if (exchange->phase == PHASE_BEGUN)
        return http_begin(exchange, url, method, version);
    if (*size > 0) {
        take_body(exchange, octets, size);
        return MHD_YES;
    }
    if (exchange->phase == PHASE_READING)
        http_ask(exchange, options);
    if (exchange->phase == PHASE_ANSWERED || exchange->phase == PHASE_STREAMS)
        return send_answer(exchange);
    exchange->is_suspended = true;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void end_exchange(struct exchange *exchange)
{
    if (exchange->phase == PHASE_ASKED || exchange->phase == PHASE_STREAMS) {
        CHECK(exchange->request.keeper != NULL);
        exchange->request.keeper->on_gone(exchange->request.keeper);
    }
    if (exchange->phase == PHASE_STREAMS)
        exchange->http->counters.streams_open--;
    http_client_owes(exchange->client, clock_now());
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    exchange->client->request = NULL;
    exchange->http->large_octets -= large_part(exchange->body_room);
    free(exchange->body);
    free(exchange);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **of_request,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    if (*of_request != NULL)
        end_exchange(*of_request);
    *of_request = NULL;
}

static bool add_header(struct MHD_Response *response, const char *name, const char *value)
{
    return value[0] == '\0' || MHD_add_response_header(response, name, value) == MHD_YES;
}

static bool add_headers(const struct exchange *exchange, const char *type)
{
    struct MHD_Response *response = exchange->response;
    return add_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type) &&
           add_header(response, MHD_HTTP_HEADER_ALLOW, exchange->request.allow) &&
           add_header(response, MHD_HTTP_HEADER_CONNECTION, exchange->is_last ? "close" : "");
}

static void http_resume(struct exchange *exchange)
{
    if (!exchange->is_suspended)
        return;
    exchange->is_suspended = false;
    MHD_resume_connection(exchange->connection);
}

/* The response is there, or NULL: then the connection ends. */
static void respond(struct exchange *exchange, unsigned status, const char *type)
{
    exchange->status = status;
    exchange->is_last |= exchange->request.is_spare;
    if (exchange->response != NULL && !add_headers(exchange, type)) {
        MHD_destroy_response(exchange->response);
        exchange->response = NULL;
    }
    http_resume(exchange);
}

void http_answer(struct http_request *request, unsigned status, const char *type, char *body)
{
    struct exchange *exchange = exchange_of(request);
    CHECK(exchange->phase == PHASE_ASKED);
    exchange->phase = PHASE_ANSWERED;
    if (body != NULL)
        exchange->response =
            MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE);
    if (exchange->response == NULL)
        free(body);
    respond(exchange, status, type);
}

/* ---- streams ---- */

/* The library asks again when its client has taken what it has. A stream that has nothing to say
 * has no deadline and is not looked at. */
static ssize_t on_read(void *context, uint64_t position, char *octets, size_t room)
{
    struct exchange *exchange = context;
    (void)position;
    if (exchange->is_gone)
        return MHD_CONTENT_READER_END_OF_STREAM;
    ssize_t size = exchange->source->read(exchange->source, octets, room);
    CHECK(size == HTTP_STREAM_END || (size >= 0 && (size_t)size <= room));
    if (size != 0) {
        http_client_takes(exchange->client, clock_now());
        return size == HTTP_STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : size;
    }
    http_client_asks(exchange->client);
    exchange->is_suspended = true;
    MHD_suspend_connection(exchange->connection);
    return 0;
}

void http_open_stream(struct http_request *request, const char *type, struct http_source *source)
{
    struct exchange *exchange = exchange_of(request);
    CHECK(exchange->phase == PHASE_ASKED && request->keeper != NULL);
    exchange->phase = PHASE_STREAMS;
    exchange->http->counters.streams_open++;
    exchange->source = source;
    exchange->response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_read, exchange, NULL);
    respond(exchange, MHD_HTTP_OK, type);
}

/* The library does not look at what is suspended: a client that has gone would keep its place until
 * something is said. One that has closed its sending half alone counts as gone. */
static void stream_look(struct http_client *client)
{
    struct exchange *exchange = client->request;
    struct pollfd file = {.fd = client->descriptor, .events = POLLRDHUP};
    if (exchange == NULL || exchange->phase != PHASE_STREAMS || !exchange->is_suspended)
        return;
    if (poll(&file, 1, 0) <= 0)
        return;
    exchange->is_gone = true;
    http_resume(exchange);
}

static void streams_look(struct http *http, struct mono now)
{
    if (http->counters.streams_open == 0 || mono_is_before(now, http->look_due))
        return;
    http->look_due = mono_add_ms(now, STREAM_LOOK_MS);
    for (uint32_t i = 0; i < http->service_count; i++) {
        struct http_client *places = http->services[i].clients.places;
        for (size_t place = 0; place < HTTP_CLIENTS_MAX + HTTP_CLIENTS_SPARE; place++)
            stream_look(&places[place]);
    }
}

struct http_counters *http_counters_of(struct http_request *request)
{
    return &exchange_of(request)->http->counters;
}

void http_wake(struct http_request *request)
{
    struct exchange *exchange = exchange_of(request);
    CHECK(exchange->phase == PHASE_STREAMS);
    http_resume(exchange);
}

/* ---- sockets ---- */

static enum MHD_Result on_connect(void *context, const struct sockaddr *address, socklen_t size)
{
    struct service *service = context;
    struct ip host = address_host(address);
    (void)size;
    return http_clients_make_room(&service->clients, &host) ? MHD_YES : MHD_NO;
}

/* *of_connection stays NULL when the connection has no place: it ends, and a request that is there
 * already is not read. */
static void add_client(struct service *service, struct MHD_Connection *connection,
                       void **of_connection)
{
    const union MHD_ConnectionInfo *address =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const union MHD_ConnectionInfo *descriptor =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *of_connection = NULL;
    if (address != NULL && address->client_addr != NULL && descriptor != NULL) {
        struct ip host = address_host(address->client_addr);
        *of_connection =
            http_clients_add(&service->clients, descriptor->connect_fd, &host, clock_now());
    } else {
        service->http->counters.http_refused++;
    }
    if (*of_connection == NULL && descriptor != NULL)
        (void)shutdown(descriptor->connect_fd, SHUT_RDWR);
}

static void on_connection(void *context, struct MHD_Connection *connection, void **of_connection,
                          enum MHD_ConnectionNotificationCode code)
{
    struct service *service = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        add_client(service, connection, of_connection);
        return;
    }
    service->http->has_news = true;
    struct http_client *client = *of_connection;
    /* Where there was no memory for its own answer to a bad request, the library ends the connection
     * without a word about the request. */
    if (client != NULL && client->request != NULL)
        end_exchange(client->request);
    if (client != NULL)
        http_clients_remove(client);
    *of_connection = NULL;
}

/* The library knows no deadline that a drip of octets would not move: those are ours, and its own
 * is off. It takes as many connections as there are places. */
static enum pce_status start_daemon(struct http *http, int descriptor, bool is_remote,
                                    struct failure *failure)
{
    CHECK(http->service_count < HTTP_SOCKETS_MAX);
    struct service *service = &http->services[http->service_count];
    *service = (struct service){.http = http, .is_remote = is_remote};
    http_clients_init(&service->clients, &http->counters);
    errno = 0;
    service->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, on_connect, service, on_access, service,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_NOTIFY_COMPLETED, on_completed, service,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, service, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, service, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(HTTP_CLIENTS_MAX + HTTP_CLIENTS_SPARE), MHD_OPTION_CONNECTION_TIMEOUT, 0U,
        MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        service->daemon == NULL ? NULL
                                : MHD_get_daemon_info(service->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    /* The library may have closed the socket: a number that is closed twice may be another one's.
     * It says no reason: that of the system is what is left of it. */
    if (info == NULL) {
        int error = errno != 0 ? errno : EIO;
        if (service->daemon != NULL)
            MHD_stop_daemon(service->daemon);
        return failure_set_errno(failure, error, "cannot start the HTTP server of the API");
    }
    service->descriptor = info->epoll_fd;
    http->service_count++;
    return PCE_OK;
}

enum pce_status http_listen_unix(struct http *http, const char *path, mode_t mode,
                                 struct failure *failure)
{
    enum pce_status status = http_socket_open_unix(&http->socket, path, mode, failure);
    return status == PCE_OK ? start_daemon(http, http->socket.descriptor, false, failure) : status;
}

enum pce_status http_listen_tcp(struct http *http, const struct ip *address, uint16_t port,
                                struct failure *failure)
{
    int descriptor;
    enum pce_status status = http_socket_open_tcp(address, port, &descriptor, failure);
    return status == PCE_OK ? start_daemon(http, descriptor, true, failure) : status;
}

enum pce_status http_create(const struct http_options *options, struct http **http)
{
    struct http *made = calloc(1, sizeof *made);
    if (made == NULL)
        return PCE_NO_MEMORY;
    made->options = *options;
    *http = made;
    return PCE_OK;
}

void http_destroy(struct http *http)
{
    http_socket_remove(&http->socket);
    for (uint32_t i = 0; i < http->service_count; i++)
        MHD_stop_daemon(http->services[i].daemon);
    free(http);
}

uint32_t http_descriptors(const struct http *http, int descriptors[HTTP_SOCKETS_MAX])
{
    for (uint32_t i = 0; i < http->service_count; i++)
        descriptors[i] = http->services[i].descriptor;
    return http->service_count;
}

int http_wait_ms(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_min = http->has_news ? 0 : 1000;
    for (uint32_t i = 0; i < http->service_count; i++) {
        MHD_UNSIGNED_LONG_LONG wait;
        if (MHD_get_timeout(http->services[i].daemon, &wait) == MHD_YES && wait < wait_min)
            wait_min = wait;
    }
    return (int)wait_min;
}

void http_run(struct http *http, struct mono now)
{
    http->has_news = false;
    streams_look(http, now);
    for (uint32_t i = 0; i < http->service_count; i++) {
        http_clients_on_time(&http->services[i].clients, now);
        (void)MHD_run(http->services[i].daemon);
    }
}

const struct http_counters *http_counters(const struct http *http)
{
    return &http->counters;
}
