#include "bench/lsfeed/floor.h"

#include "bench/lsfeed/encode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FLOOR_BUFFER ((size_t)1 << 20)
#define FLOOR_HEADER 19
#define FLOOR_END    30 /* octets of the End-of-RIB that this program sends */
#define FLOOR_AS     65001
#define FLOOR_HOLD_S 90

struct floor_session {
    int socket;
    uint8_t *octets; /* FLOOR_BUFFER of them */
    size_t size;     /* the beginning of a message that has not come whole */
    uint64_t messages;
    uint64_t octets_read;
    double cpu_at_start;
};

static double floor_now(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void floor_tell(const struct floor_session *session)
{
    printf("end at=%.6f messages=%llu octets=%llu cpu=%.6f\n", floor_now(CLOCK_REALTIME),
           (unsigned long long)session->messages, (unsigned long long)session->octets_read,
           floor_now(CLOCK_PROCESS_CPUTIME_ID) - session->cpu_at_start);
    (void)fflush(stdout);
}

/* false: they are no messages. */
static bool floor_split(struct floor_session *session)
{
    const uint8_t *at = session->octets, *end = at + session->size;
    while (end - at >= FLOOR_HEADER) {
        size_t size = (size_t)at[16] << 8 | at[17];
        if (size < FLOOR_HEADER)
            return false;
        if ((size_t)(end - at) < size)
            break;
        at += size;
        session->messages++;
        if (size == FLOOR_END)
            floor_tell(session);
    }
    session->size = (size_t)(end - at);
    memmove(session->octets, at, session->size);
    return true;
}

static bool floor_greet(int socket)
{
    uint8_t octets[256];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    const struct encode_open open = {
        .as = FLOOR_AS, .hold_s = FLOOR_HOLD_S, .identifier = ip_from_u32(0xC00002FA)};
    encode_open(&writer, &open);
    encode_keepalive(&writer);
    return send(socket, octets, wire_written(&writer), MSG_NOSIGNAL) ==
           (ssize_t)wire_written(&writer);
}

static void floor_serve(struct floor_session *session)
{
    session->size = session->messages = session->octets_read = 0;
    session->cpu_at_start = floor_now(CLOCK_PROCESS_CPUTIME_ID);
    if (!floor_greet(session->socket))
        return;
    for (;;) {
        ssize_t got =
            recv(session->socket, session->octets + session->size, FLOOR_BUFFER - session->size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return;
        session->size += (size_t)got;
        session->octets_read += (uint64_t)got;
        if (!floor_split(session))
            return;
    }
}

int floor_run(const struct sockaddr_in *address)
{
    const int yes = 1;
    struct floor_session session = {.octets = malloc(FLOOR_BUFFER)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (session.octets == NULL || listener < 0 ||
        bind(listener, (const struct sockaddr *)address, sizeof *address) != 0 ||
        listen(listener, 5) != 0) {
        perror("lsfeed: listening");
        free(session.octets);
        return 1;
    }
    (void)puts("ready");
    (void)fflush(stdout);
    while ((session.socket = accept(listener, NULL, NULL)) >= 0) {
        floor_serve(&session);
        (void)close(session.socket);
    }
    perror("lsfeed: accepting");
    free(session.octets);
    return 1;
}
