/* Healthy peers: each asks for a path at fixed instants, whatever became of its last request, and
 * the time to each answer is kept. */
#include "bench/storm/storm.h"

#include "core/base/check.h"
#include "core/pcep/registry.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NET            10
#define EVENTS         256
#define TICK_NS        NS_PER_MS
#define CONNECTS_LIMIT 8 /* connections that are begun in a tick */

static void healthy_lose(struct healthy *healthy, struct healthy_peer *peer)
{
    if (peer->fd < 0)
        return;
    (void)close(peer->fd);
    peer->fd = -1;
    healthy->lost++;
}

/* Whole small messages into an empty buffer: a short write is a stall, and a loss. */
static void healthy_say(struct healthy *healthy, struct healthy_peer *peer, const uint8_t *octets,
                        size_t size)
{
    if (send(peer->fd, octets, size, MSG_NOSIGNAL) != (ssize_t)size)
        healthy_lose(healthy, peer);
}

static void healthy_ask(struct healthy *healthy, struct healthy_peer *peer, uint64_t due,
                        uint64_t now)
{
    struct octets request = healthy->script->request;
    uint32_t id = peer->next_id;
    peer->next_id = id == UINT32_MAX ? 1 : id + 1;
    if (peer->asked_ns[id % SLOTS] != 0) {
        healthy->not_asked++;
        return;
    }
    uint32_t wire_id = htonl(id);
    memcpy(request.data + healthy->script->id_offset, &wire_id, sizeof wire_id);
    peer->asked_ns[id % SLOTS] = now;
    healthy->asked++;
    durations_add(&healthy->lateness, now - due);
    healthy_say(healthy, peer, request.data, request.size);
}

static void healthy_settle(struct healthy *healthy, struct healthy_peer *peer, uint32_t id)
{
    uint64_t asked = peer->asked_ns[id % SLOTS];
    int phase = atomic_load_explicit(&healthy->phase, memory_order_relaxed);
    if (asked == 0)
        return;
    peer->asked_ns[id % SLOTS] = 0;
    healthy->answered++;
    uint64_t now = now_ns(), ns = now - asked;
    if (phase >= 0) {
        durations_on_time(&healthy->latency[phase], now);
        durations_add(&healthy->latency[phase], ns);
    }
    if (ns > atomic_load_explicit(&healthy->worst_ns, memory_order_relaxed))
        atomic_store_explicit(&healthy->worst_ns, ns, memory_order_relaxed);
}

static size_t object_length(const uint8_t *message, size_t size, size_t at)
{
    size_t length = size - at < 4 ? 0 : (size_t)(message[at + 2] << 8 | message[at + 3]);
    return length < 4 || length > size - at ? size - at : length;
}

static uint32_t request_id(const uint8_t *rp)
{
    uint32_t id;
    memcpy(&id, rp + 8, sizeof id); /* object header, flags */
    return ntohl(id);
}

/* One response or several: each begins with its RP. */
static void healthy_take_reply(struct healthy *healthy, struct healthy_peer *peer,
                               const uint8_t *message, size_t size)
{
    for (size_t at = 4, length; at < size; at += length) {
        length = object_length(message, size, at);
        if (message[at] == PCEP_CLASS_NO_PATH)
            healthy->without_path++;
        if (message[at] == PCEP_CLASS_RP && length >= 12)
            healthy_settle(healthy, peer, request_id(message + at));
    }
}

/* PCNtf 1/2 names requests that will not be served; one of congestion names none. */
static void healthy_take_notification(struct healthy *healthy, struct healthy_peer *peer,
                                      const uint8_t *message, size_t size)
{
    bool has_requests = false;
    for (size_t at = 4, length; at < size; at += length) {
        length = object_length(message, size, at);
        if (message[at] != PCEP_CLASS_RP || length < 12)
            continue;
        peer->asked_ns[request_id(message + at) % SLOTS] = 0;
        healthy->cancelled++;
        has_requests = true;
    }
    if (!has_requests)
        healthy->congestions++;
}

static void healthy_take_messages(struct healthy *healthy, struct healthy_peer *peer)
{
    size_t at = 0;
    while (peer->input_size - at >= 4) {
        const uint8_t *message = peer->input + at;
        size_t size = (size_t)(message[2] << 8 | message[3]);
        if (size < 4 || size > INPUT_SIZE) {
            healthy_lose(healthy, peer);
            return;
        }
        if (peer->input_size - at < size)
            break;
        if (message[1] == PCEP_MESSAGE_PCREP)
            healthy_take_reply(healthy, peer, message, size);
        else if (message[1] == PCEP_MESSAGE_PCNTF)
            healthy_take_notification(healthy, peer, message, size);
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
            healthy_lose(healthy, peer);
            return;
        }
        peer->input_size += (uint32_t)got;
        healthy_take_messages(healthy, peer);
    }
}

static void healthy_begin(struct healthy *healthy, int epoll, uint32_t index)
{
    struct healthy_peer *peer = &healthy->peers[index];
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = index};
    const struct peer_socket socket = {.net = NET, .index = index, .port = healthy->options->port};
    peer->fd = peer_connect(&socket);
    CHECK(peer->fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, peer->fd, &event) == 0);
    peer->next_id = 1;
}

/* Instants are spread over the interval, one for each peer, in their order. Gives the number of the
 * next one that is not yet due. */
static uint64_t ask_due(struct healthy *healthy, uint64_t next, uint64_t begun)
{
    uint64_t interval = healthy->options->interval_ms * NS_PER_MS;
    uint32_t count = healthy->options->count;
    for (;; next++) {
        uint64_t now = now_ns(), due = begun + next / count * interval;
        due += next % count * interval / count;
        if (due > now)
            return next;
        struct healthy_peer *peer = &healthy->peers[next % count];
        if (peer->fd >= 0 && peer->messages >= 2)
            healthy_ask(healthy, peer, due, now);
    }
}

static void on_event(struct healthy *healthy, const struct epoll_event *event)
{
    struct healthy_peer *peer = &healthy->peers[event->data.u32];
    const struct octets *opening = &healthy->script->opening;
    if (peer->fd < 0)
        return;
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0) {
        healthy_lose(healthy, peer);
        return;
    }
    if ((event->events & EPOLLOUT) != 0 && !peer->has_opened) {
        peer->has_opened = true;
        healthy_say(healthy, peer, opening->data, opening->size);
    }
    if ((event->events & EPOLLIN) != 0)
        on_input(healthy, peer);
}

static void healthy_run(void *context)
{
    struct healthy *healthy = context;
    struct epoll_event events[EVENTS];
    const struct timespec tick = {.tv_nsec = (long)TICK_NS};
    uint32_t count = healthy->options->count, connected = 0;
    uint64_t begun = now_ns(), next = 0;
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(epoll >= 0);
    while (!atomic_load(&healthy->is_over)) {
        for (unsigned i = 0; i < CONNECTS_LIMIT && connected < count; i++)
            healthy_begin(healthy, epoll, connected++);
        int found = epoll_pwait2(epoll, events, EVENTS, &tick, NULL);
        for (int i = 0; i < found; i++)
            on_event(healthy, &events[i]);
        next = ask_due(healthy, next, begun);
    }
}

struct healthy *healthy_start(const struct options *options, const struct script *script)
{
    struct healthy *healthy = shared_alloc(sizeof *healthy);
    healthy->options = options;
    healthy->script = script;
    healthy->peers = shared_alloc(options->count * sizeof *healthy->peers);
    for (uint32_t i = 0; i < options->count; i++)
        healthy->peers[i].fd = -1;
    for (unsigned i = 0; i < PHASE_COUNT; i++)
        durations_init(&healthy->latency[i]);
    durations_init(&healthy->lateness);
    atomic_store(&healthy->phase, -1);
    healthy->pid = worker_start(healthy_run, healthy, WORKER_HERE);
    return healthy;
}

void healthy_stop(struct healthy *healthy)
{
    atomic_store(&healthy->is_over, true);
    worker_wait(healthy->pid);
}
