/* Hostile peers. Stalled: a session, more requests than its answers have room for, and then not an
 * octet is read. Dripping: one octet a second, half of them from the first octet of the Open on,
 * the others inside a session. Silent: connected, and no word. Reconnecting: session, end, again,
 * every other time by a reset. Whoever is ended by the server comes again, but for the stalled. */
#include "bench/storm/storm.h"

#include "core/base/check.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NET            20 /* 127.20 and on, one for each kind */
#define EVENTS         256
#define TICK_MS        5
#define CONNECTS_LIMIT 6 /* connections that are begun in a tick, for each kind */
#define RECEIVE_BUFFER 4096
#define SEND_BUFFER    16384 /* of a stalled peer: what is not read is not to fill the kernel */

const char *const hostile_names[KIND_COUNT] = {"stalled", "dripping", "silent", "reconnecting"};

enum state {
    STATE_AWAY,
    STATE_CONNECTING,
    STATE_OPENING, /* our Open is said, or is being said */
    STATE_ASKING,  /* the requests of a stalled peer */
    STATE_STOPPED,
    STATE_UP,
    STATE_GONE, /* for good */
};

static uint64_t in_ms(uint64_t ms)
{
    return now_ns() + ms * NS_PER_MS;
}

static void want(struct hostile_kind *kind, struct hostile_peer *peer, uint32_t what)
{
    struct epoll_event event = {.events = what, .data.ptr = peer};
    (void)epoll_ctl(kind->epoll, EPOLL_CTL_MOD, peer->fd, &event);
}

static void hostile_leave(struct hostile_peer *peer, uint64_t again_ms)
{
    CHECK(peer->fd >= 0 && peer->state != STATE_AWAY && peer->state != STATE_GONE);
    (void)close(peer->fd);
    peer->fd = -1;
    peer->state = STATE_AWAY;
    peer->due_ns = in_ms(again_ms);
}

/* The server, or the kernel for it, has ended the connection. */
static void on_ended(struct hostile_kind *kind, struct hostile_peer *peer)
{
    kind->ended_by_server++;
    bool is_stalled = peer->state == STATE_STOPPED;
    hostile_leave(peer, 1000);
    if (!is_stalled)
        return;
    peer->state = STATE_GONE;
    peer->ended_ns = now_ns();
    atomic_fetch_add(&kind->hostile->ended, 1);
}

static void hostile_begin(struct hostile_kind *kind, struct hostile_peer *peer)
{
    CHECK(peer->fd < 0 && peer->state == STATE_AWAY);
    const struct peer_socket socket = {
        .net = (uint8_t)(NET + peer->kind),
        .index = peer->index,
        .port = kind->port,
        .receive_buffer = peer->kind == KIND_STALLED ? RECEIVE_BUFFER : 0,
        .send_buffer = peer->kind == KIND_STALLED ? SEND_BUFFER : 0,
    };
    peer->fd = peer_connect(&socket);
    if (peer->fd < 0) {
        kind->failed++;
        peer->due_ns = in_ms(1000);
        return;
    }
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = peer};
    CHECK(epoll_ctl(kind->epoll, EPOLL_CTL_ADD, peer->fd, &event) == 0);
    peer->state = STATE_CONNECTING;
    peer->messages = 0;
    peer->sent = 0;
}

static bool hostile_say(struct hostile_kind *kind, struct hostile_peer *peer, const uint8_t *octets,
                        size_t size)
{
    if (send(peer->fd, octets, size, MSG_NOSIGNAL) == (ssize_t)size) {
        kind->octets += size;
        kind->sends++;
        return true;
    }
    on_ended(kind, peer);
    return false;
}

/* ---- what each of them does ---- */

static bool drips_from_the_start(const struct hostile_peer *peer)
{
    return peer->kind == KIND_DRIPPING && peer->index % 2 == 0;
}

static void on_connected(struct hostile_kind *kind, struct hostile_peer *peer)
{
    const struct octets *opening = &kind->hostile->script->opening;
    kind->connected++;
    peer->state = STATE_OPENING;
    want(kind, peer, EPOLLIN);
    if (peer->kind == KIND_SILENT)
        return;
    if (drips_from_the_start(peer))
        peer->due_ns = in_ms(peer->index % 1000);
    else
        (void)hostile_say(kind, peer, opening->data, opening->size);
}

/* As many requests as go in; it never reads again. */
static void go_on_asking(struct hostile_kind *kind, struct hostile_peer *peer)
{
    CHECK(peer->kind == KIND_STALLED);
    while (peer->sent < kind->hostile->requests_size) {
        ssize_t put = send(peer->fd, kind->hostile->requests + peer->sent,
                           kind->hostile->requests_size - peer->sent, MSG_NOSIGNAL);
        if (put < 0 && errno == EAGAIN)
            break;
        if (put <= 0) {
            on_ended(kind, peer);
            return;
        }
        peer->sent += (uint32_t)put;
        kind->octets += (uint64_t)put;
        kind->sends++;
    }
    if (peer->state == STATE_ASKING) {
        peer->state = STATE_STOPPED;
        peer->stopped_ns = now_ns();
        atomic_fetch_add(&kind->hostile->stopped, 1);
    }
    want(kind, peer, peer->sent < kind->hostile->requests_size ? EPOLLOUT : 0);
}

static void on_up(struct hostile_kind *kind, struct hostile_peer *peer)
{
    static const struct linger now = {.l_onoff = 1};
    peer->state = STATE_UP;
    if (peer->kind == KIND_STALLED) {
        peer->state = STATE_ASKING;
        go_on_asking(kind, peer);
    } else if (peer->kind == KIND_DRIPPING) {
        peer->sent = (uint32_t)kind->hostile->script->opening.size;
        peer->due_ns = in_ms(peer->index % 1000);
    } else if (peer->kind == KIND_RECONNECTING) {
        if (peer->index % 2 != 0)
            (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        hostile_leave(peer, kind->hostile->options->reconnect_ms);
    }
}

/* Of what comes only the first two messages matter: Open and Keepalive. They come in one piece or
 * two, and before they have come nothing else does. */
static void count_messages(struct hostile_peer *peer, const uint8_t *octets, size_t size)
{
    for (size_t at = 0; size - at >= 4 && peer->messages < 2;) {
        size_t length = (size_t)(octets[at + 2] << 8 | octets[at + 3]);
        if (length < 4 || length > size - at)
            return;
        at += length;
        peer->messages++;
    }
}

static void on_input(struct hostile_kind *kind, struct hostile_peer *peer)
{
    uint8_t octets[8192];
    ssize_t got = recv(peer->fd, octets, sizeof octets, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        on_ended(kind, peer);
        return;
    }
    count_messages(peer, octets, (size_t)got);
    if (peer->state == STATE_OPENING && peer->messages == 2 && !drips_from_the_start(peer))
        on_up(kind, peer);
}

static void drip(struct hostile_kind *kind, struct hostile_peer *peer)
{
    const struct octets *opening = &kind->hostile->script->opening,
                        *request = &kind->hostile->script->request;
    size_t at = peer->sent;
    const uint8_t *octet = at < opening->size
                               ? &opening->data[at]
                               : &request->data[(at - opening->size) % request->size];
    peer->sent++;
    peer->due_ns += NS_PER_S;
    (void)hostile_say(kind, peer, octet, 1);
}

static void act(struct hostile_kind *kind, struct hostile_peer *peer, unsigned *to_begin)
{
    bool drips =
        peer->kind == KIND_DRIPPING &&
        (peer->state == STATE_UP || (peer->state == STATE_OPENING && drips_from_the_start(peer)));
    if (peer->state == STATE_AWAY && *to_begin > 0) {
        --*to_begin;
        hostile_begin(kind, peer);
    } else if (drips) {
        drip(kind, peer);
    }
}

static void on_event(struct hostile_kind *kind, const struct epoll_event *event)
{
    struct hostile_peer *peer = event->data.ptr;
    if (peer->fd < 0)
        return; /* another event has ended it */
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0) {
        on_ended(kind, peer);
        return;
    }
    if (peer->state == STATE_CONNECTING && (event->events & EPOLLOUT) != 0)
        on_connected(kind, peer);
    else if (peer->state == STATE_STOPPED)
        go_on_asking(kind, peer);
    else if ((event->events & EPOLLIN) != 0)
        on_input(kind, peer);
}

/* ---- the process ---- */

/* Ticks lie on a grid, so that one that is late does not make all later ones late as well. */
static bool take_tick(uint64_t *next, uint64_t now)
{
    const uint64_t tick_ns = TICK_MS * NS_PER_MS;
    if (now < *next)
        return false;
    *next += (1 + (now - *next) / tick_ns) * tick_ns;
    return true;
}

static void hostile_run(void *context)
{
    struct hostile_kind *kind = context;
    struct epoll_event events[EVENTS];
    uint32_t count = kind->hostile->options->count;
    uint64_t next_tick = now_ns();
    kind->epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(kind->epoll >= 0);
    while (!atomic_load(&kind->hostile->is_over)) {
        int found = epoll_wait(kind->epoll, events, EVENTS, TICK_MS);
        for (int i = 0; i < found; i++)
            on_event(kind, &events[i]);
        uint64_t now = now_ns();
        unsigned to_begin = CONNECTS_LIMIT;
        if (!take_tick(&next_tick, now))
            continue;
        for (uint32_t i = 0; i < count; i++) {
            if (now >= kind->peers[i].due_ns)
                act(kind, &kind->peers[i], &to_begin);
        }
    }
}

static void make_requests(struct hostile *hostile)
{
    const struct octets *request = &hostile->script->request;
    uint32_t count = hostile->options->stalled_requests;
    hostile->requests_size = count * request->size;
    hostile->requests = shared_alloc(hostile->requests_size);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = htonl(i + 1);
        uint8_t *at = hostile->requests + i * request->size;
        memcpy(at, request->data, request->size);
        memcpy(at + hostile->script->id_offset, &id, sizeof id);
    }
}

static void make_peers(struct hostile_kind *kind, uint32_t count)
{
    kind->peers = shared_alloc(count * sizeof *kind->peers);
    for (uint32_t i = 0; i < count; i++)
        kind->peers[i] = (struct hostile_peer){.fd = -1, .kind = (uint8_t)kind->kind, .index = i};
}

struct hostile *hostile_start(const struct options *options, const struct script *script,
                              const uint16_t *ports)
{
    struct hostile *hostile = shared_alloc(sizeof *hostile);
    hostile->options = options;
    hostile->script = script;
    make_requests(hostile);
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        struct hostile_kind *kind = &hostile->kinds[i];
        kind->hostile = hostile;
        kind->kind = (enum kind)i;
        kind->port = ports != NULL ? ports[i] : options->port;
        make_peers(kind, options->count);
    }
    for (unsigned i = 0; i < KIND_COUNT; i++)
        hostile->kinds[i].pid = worker_start(hostile_run, &hostile->kinds[i], WORKER_ELSEWHERE);
    return hostile;
}

void hostile_stop(struct hostile *hostile)
{
    atomic_store(&hostile->is_over, true);
    for (unsigned i = 0; i < KIND_COUNT; i++)
        worker_wait(hostile->kinds[i].pid);
}

void hostile_loads(const struct hostile *hostile, struct load loads[KIND_COUNT])
{
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        loads[i] = (struct load){0};
        if (hostile == NULL)
            continue;
        const struct hostile_kind *kind = &hostile->kinds[i];
        loads[i] = (struct load){kind->connected, kind->octets, kind->sends, kind->ended_by_server};
    }
}
