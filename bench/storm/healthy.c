/* Healthy peers: each asks for a path at fixed instants, whatever became of its last request, and
 * the time to each answer is kept. */
#include "bench/storm/storm.h"

#include "core/base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NET            10
#define EVENTS         256
#define TICK_NS        NS_PER_MS
#define MESSAGE_OPEN   1
#define MESSAGE_PCREP  4
#define CLASS_NO_PATH  3
#define CONNECTS_LIMIT 64 /* connections that are begun in a tick */

static void lose(struct healthy *healthy, struct healthy_peer *peer)
{
    if (peer->fd < 0)
        return;
    (void)close(peer->fd);
    peer->fd = -1;
    healthy->lost++;
}

/* Whole small messages into an empty buffer: a short write is a stall, and a loss. */
static void say(struct healthy *healthy, struct healthy_peer *peer, const uint8_t *octets,
                size_t size)
{
    if (send(peer->fd, octets, size, MSG_NOSIGNAL) != (ssize_t)size)
        lose(healthy, peer);
}

static void ask(struct healthy *healthy, struct healthy_peer *peer, uint64_t now)
{
    struct octets request = healthy->script->request;
    uint32_t id = peer->next_id;
    if (peer->asked_ns[id % SLOTS] != 0) {
        healthy->not_asked++;
        return;
    }
    uint32_t wire_id = htonl(id);
    memcpy(request.data + healthy->script->id_offset, &wire_id, sizeof wire_id);
    peer->next_id = id == UINT32_MAX ? 1 : id + 1;
    peer->asked_ns[id % SLOTS] = now;
    healthy->asked++;
    durations_add(&healthy->lateness, now - peer->due_ns);
    say(healthy, peer, request.data, request.size);
}

/* RP stands first in each PCRep of one response; what follows says whether there is a path. */
static void take_reply(struct healthy *healthy, struct healthy_peer *peer, const uint8_t *message,
                       size_t size)
{
    size_t next = 4 + (size_t)(message[6] << 8 | message[7]);
    uint32_t id;
    memcpy(&id, message + healthy->script->id_offset, sizeof id);
    id = ntohl(id);
    uint64_t asked = peer->asked_ns[id % SLOTS];
    if (asked == 0)
        return;
    peer->asked_ns[id % SLOTS] = 0;
    healthy->answered++;
    if (next >= size || message[next] == CLASS_NO_PATH)
        healthy->without_path++;
    int phase = atomic_load_explicit(&healthy->phase, memory_order_relaxed);
    if (phase >= 0)
        durations_add(&healthy->latency[phase], now_ns() - asked);
}

static void take_messages(struct healthy *healthy, struct healthy_peer *peer)
{
    size_t at = 0;
    while (peer->input_size - at >= 4) {
        const uint8_t *message = peer->input + at;
        size_t size = (size_t)(message[2] << 8 | message[3]);
        if (size < 4 || size > INPUT_SIZE) {
            lose(healthy, peer);
            return;
        }
        if (peer->input_size - at < size)
            break;
        if (message[1] == MESSAGE_PCREP && size >= 16)
            take_reply(healthy, peer, message, size);
        at += size;
        peer->messages++;
        if (peer->messages == 2) /* Open and Keepalive: the session is UP */
            atomic_fetch_add(&healthy->up, 1);
    }
    peer->input_size -= (uint32_t)at;
    memmove(peer->input, peer->input + at, peer->input_size);
}

static void on_input(struct healthy *healthy, struct healthy_peer *peer)
{
    while (peer->fd >= 0) {
        ssize_t got =
            recv(peer->fd, peer->input + peer->input_size, INPUT_SIZE - peer->input_size, 0);
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            lose(healthy, peer);
            return;
        }
        peer->input_size += (uint32_t)got;
        take_messages(healthy, peer);
    }
}

static void begin(struct healthy *healthy, int epoll, uint32_t index)
{
    struct healthy_peer *peer = &healthy->peers[index];
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = index};
    peer->fd = peer_connect(NET, index, healthy->options->port, 0);
    CHECK(peer->fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, peer->fd, &event) == 0);
    peer->next_id = 1;
    peer->due_ns = 0;
}

/* Instants are spread over the interval, one for each peer. */
static void act(struct healthy *healthy, uint32_t index, uint64_t begun, uint64_t now)
{
    struct healthy_peer *peer = &healthy->peers[index];
    uint64_t interval = healthy->options->interval_ms * NS_PER_MS;
    if (peer->fd < 0 || peer->messages < 2)
        return;
    if (peer->due_ns == 0) {
        uint64_t first = begun + interval * index / healthy->options->count;
        peer->due_ns = first + (now > first ? (now - first) / interval + 1 : 0) * interval;
    }
    if (now < peer->due_ns)
        return;
    ask(healthy, peer, now);
    peer->due_ns += interval;
}

static void on_event(struct healthy *healthy, const struct epoll_event *event)
{
    struct healthy_peer *peer = &healthy->peers[event->data.u32];
    const struct octets *opening = &healthy->script->opening;
    if (peer->fd < 0)
        return;
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0) {
        lose(healthy, peer);
        return;
    }
    if ((event->events & EPOLLOUT) != 0 && !peer->has_opened) {
        peer->has_opened = true;
        say(healthy, peer, opening->data, opening->size);
    }
    if ((event->events & EPOLLIN) != 0)
        on_input(healthy, peer);
}

static void *run(void *context)
{
    struct healthy *healthy = context;
    struct epoll_event events[EVENTS];
    const struct timespec tick = {.tv_nsec = (long)TICK_NS};
    uint32_t count = healthy->options->count, connected = 0;
    uint64_t begun = now_ns();
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(epoll >= 0);
    while (!atomic_load(&healthy->is_over)) {
        for (unsigned i = 0; i < CONNECTS_LIMIT && connected < count; i++)
            begin(healthy, epoll, connected++);
        int found = epoll_pwait2(epoll, events, EVENTS, &tick, NULL);
        for (int i = 0; i < found; i++)
            on_event(healthy, &events[i]);
        uint64_t now = now_ns();
        for (uint32_t i = 0; i < connected; i++)
            act(healthy, i, begun, now);
    }
    for (uint32_t i = 0; i < connected; i++) {
        if (healthy->peers[i].fd >= 0)
            (void)close(healthy->peers[i].fd);
    }
    (void)close(epoll);
    return NULL;
}

void healthy_start(struct healthy *healthy)
{
    healthy->peers = calloc(healthy->options->count, sizeof *healthy->peers);
    CHECK(healthy->peers != NULL);
    for (uint32_t i = 0; i < healthy->options->count; i++)
        healthy->peers[i].fd = -1;
    atomic_store(&healthy->phase, -1);
    CHECK(pthread_create(&healthy->thread, NULL, run, healthy) == 0);
}

void healthy_stop(struct healthy *healthy)
{
    atomic_store(&healthy->is_over, true);
    (void)pthread_join(healthy->thread, NULL);
    free(healthy->peers);
}
