#include "server/http.h"

#include "core/base/check.h"
#include "core/base/list.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 64

struct http {
    struct http_options options;
    uint32_t daemon_count;
    struct MHD_Daemon *daemons[HTTP_SOCKETS_MAX];
    char path[sizeof((struct sockaddr_un *)NULL)->sun_path]; /* of the UNIX socket, "" for none */
    dev_t device;                                            /* … and which file that is */
    ino_t inode;
};

enum phase {
    PHASE_READING, /* the body is still coming */
    PHASE_ASKED,   /* the handler has it */
    PHASE_ANSWERED,
};

struct exchange {
    struct http_request request;
    struct http *http;
    struct MHD_Connection *connection;
    enum phase phase;
    bool is_suspended;
    bool is_too_large;
    unsigned status;
    struct MHD_Response *response;
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

static enum MHD_Result begin(struct http *http, struct MHD_Connection *connection, const char *url,
                             const char *method, void **context)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return MHD_NO;
    exchange->http = http;
    exchange->connection = connection;
    exchange->request.method = method_of(method);
    exchange->request.path = url;
    exchange->request.is_of_page =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ORIGIN) != NULL;
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_argument,
                                    &exchange->request);
    *context = exchange;
    return MHD_YES;
}

static void take_body(struct exchange *exchange, const char *octets, size_t *size)
{
    struct http_request *request = &exchange->request;
    if (*size > HTTP_BODY_MAX - request->body_size) {
        exchange->is_too_large = true;
    } else {
        memcpy(request->body + request->body_size, octets, *size);
        request->body_size += *size;
    }
    *size = 0;
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    if (exchange->response == NULL)
        return MHD_NO; /* no memory for one: the connection ends */
    return MHD_queue_response(exchange->connection, exchange->status, exchange->response);
}

/* Its arguments are the library's.
 * NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result on_access(void *context, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *octets,
                                 size_t *size, void **of_request)
{
    struct http *http = context;
    struct exchange *exchange = *of_request;
    (void)version;
    if (exchange == NULL)
        return begin(http, connection, url, method, of_request);
    if (*size > 0) {
        take_body(exchange, octets, size);
        return MHD_YES;
    }
    if (exchange->phase == PHASE_READING) {
        exchange->phase = PHASE_ASKED;
        if (exchange->is_too_large)
            http_answer(&exchange->request, MHD_HTTP_CONTENT_TOO_LARGE, "text/plain",
                        strdup("the body is too large\n"));
        else
            http->options.on_request(http->options.context, &exchange->request);
    }
    if (exchange->phase == PHASE_ANSWERED)
        return send_answer(exchange);
    exchange->is_suspended = true;
    MHD_suspend_connection(connection);
    return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *connection, void **of_request,
                         enum MHD_RequestTerminationCode code)
{
    struct http *http = context;
    struct exchange *exchange = *of_request;
    (void)connection;
    (void)code;
    if (exchange == NULL)
        return;
    if (exchange->phase == PHASE_ASKED)
        http->options.on_gone(http->options.context, &exchange->request);
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    free(exchange);
    *of_request = NULL;
}

void http_answer(struct http_request *request, unsigned status, const char *type, char *body)
{
    struct exchange *exchange = exchange_of(request);
    CHECK(exchange->phase == PHASE_ASKED);
    exchange->phase = PHASE_ANSWERED;
    exchange->status = status;
    if (body != NULL)
        exchange->response =
            MHD_create_response_from_buffer(strlen(body), body, MHD_RESPMEM_MUST_FREE);
    if (exchange->response != NULL &&
        MHD_add_response_header(exchange->response, MHD_HTTP_HEADER_CONTENT_TYPE, type) !=
            MHD_YES) {
        MHD_destroy_response(exchange->response);
        exchange->response = NULL;
    }
    if (exchange->is_suspended) {
        exchange->is_suspended = false;
        MHD_resume_connection(exchange->connection);
    }
}

/* ---- sockets ---- */

static enum pce_status start_daemon(struct http *http, int descriptor, struct failure *failure)
{
    CHECK(http->daemon_count < HTTP_SOCKETS_MAX);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_access, http,
        MHD_OPTION_LISTEN_SOCKET, descriptor, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)HTTP_IDLE_S, MHD_OPTION_END);
    /* The library may have closed the socket: a number that is closed twice may be another one's.
     */
    if (daemon == NULL)
        return failure_set(failure, PCE_IO, "cannot start the HTTP server of the API");
    http->daemons[http->daemon_count++] = daemon;
    return PCE_OK;
}

/* Whether somebody serves the socket. */
static bool is_served(const struct sockaddr_un *address)
{
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return true;
    bool is_refused = connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0 &&
                      (errno == ECONNREFUSED || errno == ENOENT);
    (void)close(descriptor);
    return !is_refused;
}

static enum pce_status bind_unix(struct http *http, int descriptor, mode_t mode,
                                 struct failure *failure)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat file;
    memcpy(address.sun_path, http->path, sizeof address.sun_path);
    if (lstat(http->path, &file) == 0) {
        if (!S_ISSOCK(file.st_mode) || is_served(&address))
            return failure_set(failure, PCE_EXISTS, "%s: %s", http->path,
                               S_ISSOCK(file.st_mode) ? "another process serves this socket"
                                                      : "there is a file that is no socket");
        (void)unlink(http->path);
    }
    /* Bound with no rights for others, so that nobody slips in before the mode is set. */
    mode_t before = umask(0177);
    int result = bind(descriptor, (const struct sockaddr *)&address, sizeof address);
    int error = errno;
    (void)umask(before);
    if (result != 0)
        return failure_set_errno(failure, error, "cannot open the socket %s", http->path);
    if (chmod(http->path, mode) != 0 || listen(descriptor, BACKLOG) != 0 ||
        lstat(http->path, &file) != 0)
        return failure_set_errno(failure, errno, "cannot open the socket %s", http->path);
    http->device = file.st_dev;
    http->inode = file.st_ino;
    return PCE_OK;
}

enum pce_status http_listen_unix(struct http *http, const char *path, mode_t mode,
                                 struct failure *failure)
{
    CHECK(strlen(path) < sizeof http->path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return failure_set_errno(failure, errno, "cannot make a UNIX socket");
    (void)snprintf(http->path, sizeof http->path, "%s", path);
    enum pce_status status = bind_unix(http, descriptor, mode, failure);
    if (status == PCE_OK)
        return start_daemon(http, descriptor, failure);
    http->path[0] = '\0';
    (void)close(descriptor);
    return status;
}

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t put_address(union socket_address *to, const struct ip *address, uint16_t port)
{
    memset(to, 0, sizeof *to);
    if (address->family == IP_V6) {
        to->v6.sin6_family = AF_INET6;
        to->v6.sin6_port = htons(port);
        memcpy(&to->v6.sin6_addr, address->octets, 16);
        return sizeof to->v6;
    }
    to->v4.sin_family = AF_INET;
    to->v4.sin_port = htons(port);
    memcpy(&to->v4.sin_addr, address->octets, 4);
    return sizeof to->v4;
}

enum pce_status http_listen_tcp(struct http *http, const struct ip *address, uint16_t port,
                                struct failure *failure)
{
    union socket_address to;
    char text[IP_TEXT_SIZE];
    int on = 1;
    socklen_t size = put_address(&to, address, port);
    int descriptor = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0)
        return failure_set_errno(failure, errno, "cannot make a TCP socket for the API");
    (void)setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(descriptor, &to.any, size) == 0 && listen(descriptor, BACKLOG) == 0)
        return start_daemon(http, descriptor, failure);
    enum pce_status status = failure_set_errno(failure, errno, "cannot serve the API on %s port %u",
                                               ip_format(address, text), port);
    (void)close(descriptor);
    return status;
}

/* Another process may have put a socket of its own there. */
static void remove_socket(const struct http *http)
{
    struct stat file;
    if (http->path[0] != '\0' && lstat(http->path, &file) == 0 && file.st_dev == http->device &&
        file.st_ino == http->inode)
        (void)unlink(http->path);
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
    remove_socket(http);
    for (uint32_t i = 0; i < http->daemon_count; i++)
        MHD_stop_daemon(http->daemons[i]);
    free(http);
}

uint32_t http_descriptors(const struct http *http, int descriptors[HTTP_SOCKETS_MAX])
{
    for (uint32_t i = 0; i < http->daemon_count; i++) {
        const union MHD_DaemonInfo *info =
            MHD_get_daemon_info(http->daemons[i], MHD_DAEMON_INFO_EPOLL_FD);
        CHECK(info != NULL);
        descriptors[i] = info->epoll_fd;
    }
    return http->daemon_count;
}

int http_wait_ms(struct http *http)
{
    MHD_UNSIGNED_LONG_LONG least = 1000;
    for (uint32_t i = 0; i < http->daemon_count; i++) {
        MHD_UNSIGNED_LONG_LONG wait;
        if (MHD_get_timeout(http->daemons[i], &wait) == MHD_YES && wait < least)
            least = wait;
    }
    return (int)least;
}

void http_run(struct http *http)
{
    for (uint32_t i = 0; i < http->daemon_count; i++)
        (void)MHD_run(http->daemons[i]);
}
