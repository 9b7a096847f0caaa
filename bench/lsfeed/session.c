#include "bench/lsfeed/session.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SESSION_TRIES    300
#define SESSION_TRY_MS   50
#define SESSION_WAIT_S   20
#define SESSION_HEADER   19
#define SESSION_EXTENDED 6 /* capability */

static void session_drop(struct session *session)
{
    (void)close(session->socket);
    session->socket = -1;
}

/* ---- the peer's messages ---- */

static bool session_take(int socket, uint8_t *octets, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t got = recv(socket, octets + at, size - at, 0);
        if (got <= 0 && !(got < 0 && errno == EINTR))
            return false;
        at += got > 0 ? (size_t)got : 0;
    }
    return true;
}

/* The type of the next message, whose body is octets then; 0: none came. */
static uint8_t session_next(int socket, uint8_t octets[ENCODE_MESSAGE_MAX], size_t *size)
{
    if (!session_take(socket, octets, SESSION_HEADER))
        return 0;
    uint8_t type = octets[18];
    *size = (size_t)octets[16] << 8 | octets[17];
    if (*size < SESSION_HEADER || *size > ENCODE_MESSAGE_MAX)
        return 0;
    *size -= SESSION_HEADER;
    return session_take(socket, octets, *size) ? type : 0;
}

/* Whether a list of parameters, or of capabilities inside one, has extended messages. */
static bool session_has_extended(struct wire_reader reader)
{
    bool found = false;
    while (wire_left(&reader) > 0 && !reader.failed) {
        uint8_t type = wire_u8(&reader);
        struct wire_reader inner = wire_sub(&reader, wire_u8(&reader));
        if (type != 2) /* no list of capabilities (RFC 5492 4) */
            continue;
        while (wire_left(&inner) > 0 && !inner.failed) {
            found = found || *inner.at == SESSION_EXTENDED;
            wire_skip(&inner, 1);
            wire_skip(&inner, wire_u8(&inner));
        }
    }
    return found;
}

/* ---- opening ---- */

static int session_connect(const struct session_options *options)
{
    const int yes = 1;
    const struct timeval wait = {.tv_sec = SESSION_WAIT_S};
    for (int i = 0; i < SESSION_TRIES; i++) {
        int found = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (found < 0)
            return -1;
        (void)setsockopt(found, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        (void)setsockopt(found, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        (void)setsockopt(found, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        if (bind(found, (const struct sockaddr *)&options->source, sizeof options->source) == 0 &&
            connect(found, (const struct sockaddr *)&options->peer, sizeof options->peer) == 0)
            return found;
        (void)close(found);
        (void)poll(NULL, 0, SESSION_TRY_MS);
    }
    return -1;
}

static const char *session_handshake(struct session *session)
{
    uint8_t octets[ENCODE_MESSAGE_MAX];
    size_t size = 0;
    struct encode_open open = session->options->open;
    open.is_restarted = session->was_up;
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    encode_open(&writer, &open);
    const char *wrong = session_send(session, octets, wire_written(&writer));
    if (wrong != NULL)
        return wrong;
    if (session_next(session->socket, octets, &size) != ENCODE_OPEN || size < 10)
        return "the peer sent no OPEN";
    session->is_extended = session_has_extended(wire_reader_init(octets + 10, size - 10));
    session_send_keepalive(session);
    if (session->socket < 0 || session_next(session->socket, octets, &size) != ENCODE_KEEPALIVE)
        return "the peer sent no KEEPALIVE";
    session->was_up = true;
    return NULL;
}

const char *session_open(struct session *session)
{
    session->socket = session_connect(session->options);
    if (session->socket < 0)
        return "cannot connect";
    const char *wrong = session_handshake(session);
    if (wrong != NULL && session->socket >= 0)
        session_drop(session);
    return wrong;
}

/* ---- up ---- */

const char *session_send(struct session *session, const uint8_t *octets, size_t size)
{
    if (session->socket < 0)
        return "there is no session";
    for (size_t at = 0; at < size;) {
        ssize_t sent = send(session->socket, octets + at, size - at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            session_drop(session);
            return "the session was lost";
        }
        at += sent > 0 ? (size_t)sent : 0;
    }
    return NULL;
}

bool session_read(struct session *session)
{
    uint8_t octets[ENCODE_MESSAGE_MAX];
    ssize_t got = recv(session->socket, octets, sizeof octets, MSG_DONTWAIT);
    if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
        return true;
    session_drop(session);
    return false;
}

void session_send_keepalive(struct session *session)
{
    uint8_t octets[SESSION_HEADER];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    encode_keepalive(&writer);
    (void)session_send(session, octets, wire_written(&writer));
}

void session_close(struct session *session, bool says_so)
{
    uint8_t octets[SESSION_HEADER + 2];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    encode_notification(&writer, 6, 2); /* Administrative Shutdown (RFC 4486) */
    if (says_so)
        (void)session_send(session, octets, wire_written(&writer));
    if (session->socket >= 0)
        session_drop(session);
}
