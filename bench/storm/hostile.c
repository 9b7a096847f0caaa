/* Hostile peers. Stalled: a session, more requests than its answers have room for, and then not an
 * octet is read. Dripping: one octet a second, half of them from the first octet of the Open on,
 * the others inside a session. Silent: connected, and no word. Reconnecting: session, end, again,
 * every other time by a reset. Whoever is ended by the server comes again, but for the stalled. */
#include "bench/storm/storm.h"

#include "core/base/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define NET             20 /* 127.20 and on, one for each kind */
#define EVENTS          256
#define TICK_MS         5
#define CONNECTS_LIMIT  24 /* connections that are begun in a tick */
#define LINES_SHOWN_MAX 20
#define RECEIVE_BUFFER  4096
#define STALL_LINE      "peer is stalled"

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

static void want(struct hostile *hostile, struct hostile_peer *peer, uint32_t what)
{
    struct epoll_event event = {.events = what, .data.ptr = peer};
    (void)epoll_ctl(hostile->epoll, EPOLL_CTL_MOD, peer->fd, &event);
}

static void leave(struct hostile_peer *peer, uint64_t again_ms)
{
    (void)close(peer->fd);
    peer->fd = -1;
    peer->state = STATE_AWAY;
    peer->due_ns = in_ms(again_ms);
}

/* The server, or the kernel for it, has ended the connection. */
static void on_ended(struct hostile *hostile, struct hostile_peer *peer)
{
    hostile->ended_by_server[peer->kind]++;
    bool is_stalled = peer->state == STATE_STOPPED;
    leave(peer, 1000);
    if (!is_stalled)
        return;
    peer->state = STATE_GONE;
    peer->ended_ns = now_ns();
    atomic_fetch_add(&hostile->ended, 1);
}

static void begin(struct hostile *hostile, struct hostile_peer *peer)
{
    int room = peer->kind == KIND_STALLED ? RECEIVE_BUFFER : 0;
    peer->fd = peer_connect((uint8_t)(NET + peer->kind), peer->index, hostile->options->port, room);
    if (peer->fd < 0) {
        hostile->failed++;
        peer->due_ns = in_ms(1000);
        return;
    }
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = peer};
    CHECK(epoll_ctl(hostile->epoll, EPOLL_CTL_ADD, peer->fd, &event) == 0);
    peer->state = STATE_CONNECTING;
    peer->messages = 0;
    peer->sent = 0;
}

static bool say(struct hostile *hostile, struct hostile_peer *peer, const uint8_t *octets,
                size_t size)
{
    if (send(peer->fd, octets, size, MSG_NOSIGNAL) == (ssize_t)size)
        return true;
    on_ended(hostile, peer);
    return false;
}

/* ---- what each of them does ---- */

static bool drips_from_the_start(const struct hostile_peer *peer)
{
    return peer->kind == KIND_DRIPPING && peer->index % 2 == 0;
}

static void on_connected(struct hostile *hostile, struct hostile_peer *peer)
{
    const struct octets *opening = &hostile->script->opening;
    hostile->connected[peer->kind]++;
    peer->state = STATE_OPENING;
    want(hostile, peer, EPOLLIN);
    if (peer->kind == KIND_SILENT)
        return;
    if (drips_from_the_start(peer))
        peer->due_ns = in_ms(peer->index % 1000);
    else
        (void)say(hostile, peer, opening->data, opening->size);
}

/* As many requests as go in; it never reads again. */
static void go_on_asking(struct hostile *hostile, struct hostile_peer *peer)
{
    while (peer->sent < hostile->requests_size) {
        ssize_t put = send(peer->fd, hostile->requests + peer->sent,
                           hostile->requests_size - peer->sent, MSG_NOSIGNAL);
        if (put < 0 && errno == EAGAIN)
            break;
        if (put <= 0) {
            on_ended(hostile, peer);
            return;
        }
        peer->sent += (uint32_t)put;
    }
    if (peer->state == STATE_ASKING) {
        peer->state = STATE_STOPPED;
        peer->stopped_ns = now_ns();
        atomic_fetch_add(&hostile->stopped, 1);
    }
    want(hostile, peer, peer->sent < hostile->requests_size ? EPOLLOUT : 0);
}

static void on_up(struct hostile *hostile, struct hostile_peer *peer)
{
    static const struct linger now = {.l_onoff = 1};
    peer->state = STATE_UP;
    if (peer->kind == KIND_STALLED) {
        peer->state = STATE_ASKING;
        go_on_asking(hostile, peer);
    } else if (peer->kind == KIND_DRIPPING) {
        peer->sent = (uint32_t)hostile->script->opening.size;
        peer->due_ns = in_ms(peer->index % 1000);
    } else if (peer->kind == KIND_RECONNECTING) {
        if (peer->index % 2 != 0)
            (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        leave(peer, hostile->options->reconnect_ms);
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

static void on_input(struct hostile *hostile, struct hostile_peer *peer)
{
    uint8_t octets[8192];
    ssize_t got = recv(peer->fd, octets, sizeof octets, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        on_ended(hostile, peer);
        return;
    }
    count_messages(peer, octets, (size_t)got);
    if (peer->state == STATE_OPENING && peer->messages == 2 && !drips_from_the_start(peer))
        on_up(hostile, peer);
}

static void drip(struct hostile *hostile, struct hostile_peer *peer)
{
    const struct octets *opening = &hostile->script->opening, *request = &hostile->script->request;
    size_t at = peer->sent;
    const uint8_t *octet = at < opening->size
                               ? &opening->data[at]
                               : &request->data[(at - opening->size) % request->size];
    peer->sent++;
    peer->due_ns += NS_PER_S;
    (void)say(hostile, peer, octet, 1);
}

static void act(struct hostile *hostile, struct hostile_peer *peer, unsigned *begun)
{
    bool drips =
        peer->kind == KIND_DRIPPING &&
        (peer->state == STATE_UP || (peer->state == STATE_OPENING && drips_from_the_start(peer)));
    if (peer->state == STATE_AWAY && *begun < CONNECTS_LIMIT) {
        ++*begun;
        begin(hostile, peer);
    } else if (drips) {
        drip(hostile, peer);
    }
}

static void on_event(struct hostile *hostile, const struct epoll_event *event)
{
    struct hostile_peer *peer = event->data.ptr;
    if (peer == NULL || peer->fd < 0)
        return; /* the log; or another event has ended it */
    if ((event->events & (EPOLLERR | EPOLLHUP)) != 0) {
        on_ended(hostile, peer);
        return;
    }
    if (peer->state == STATE_CONNECTING && (event->events & EPOLLOUT) != 0)
        on_connected(hostile, peer);
    else if (peer->state == STATE_STOPPED)
        go_on_asking(hostile, peer);
    else if ((event->events & EPOLLIN) != 0)
        on_input(hostile, peer);
}

/* ---- what pced says ---- */

static uint64_t number_behind(const char *line, const char *name)
{
    const char *found = strstr(line, name);
    return found == NULL ? 0 : strtoull(found + strlen(name), NULL, 10);
}

/* The three octets behind "127." in a line; false when there are none. */
static bool find_source(const char *line, unsigned long octets[3])
{
    const char *at = strstr(line, "127.");
    if (at == NULL)
        return false;
    at += 4;
    for (unsigned i = 0; i < 3; i++) {
        char *end;
        octets[i] = strtoul(at, &end, 10);
        if (end == at || octets[i] > 255)
            return false;
        at = end + 1;
    }
    return true;
}

static void on_line(void *context, const char *line)
{
    struct hostile *hostile = context;
    unsigned long source[3];
    if (strstr(line, STALL_LINE) == NULL) {
        if (strstr(line, "turned away") == NULL && strstr(line, "second session") == NULL &&
            hostile->lines_shown++ < LINES_SHOWN_MAX)
            (void)fprintf(stderr, "pced: %s\n", line);
        return;
    }
    if (!find_source(line, source))
        return;
    uint32_t index = (uint32_t)(source[1] * 250 + source[2] - 1);
    if (source[0] != NET + KIND_STALLED || index >= hostile->options->count) {
        (void)fprintf(stderr, "pced: %s\n", line);
        return;
    }
    uint64_t stalled_s = number_behind(line, "without_progress_s=");
    if (hostile->closed == 0 || stalled_s < hostile->least_stalled_s)
        hostile->least_stalled_s = stalled_s;
    if (stalled_s > hostile->most_stalled_s)
        hostile->most_stalled_s = stalled_s;
    hostile->pending_octets += number_behind(line, "pending_octets=");
    hostile->dropped_octets += number_behind(line, "dropped_octets=");
    hostile->peers[index].closed_ns = now_ns();
    atomic_fetch_add(&hostile->closed, 1);
}

/* ---- the thread ---- */

static void *run(void *context)
{
    struct hostile *hostile = context;
    struct epoll_event events[EVENTS];
    uint32_t count = KIND_COUNT * hostile->options->count;
    uint64_t next_turn = 0;
    while (!atomic_load(&hostile->is_over)) {
        int found = epoll_wait(hostile->epoll, events, EVENTS, TICK_MS);
        for (int i = 0; i < found; i++)
            on_event(hostile, &events[i]);
        if (!hostile->log_ended)
            hostile->log_ended = !server_read_log(hostile->server, on_line, hostile);
        uint64_t now = now_ns();
        if (now < next_turn)
            continue;
        next_turn = now + TICK_MS * NS_PER_MS;
        unsigned begun = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (now >= hostile->peers[i].due_ns)
                act(hostile, &hostile->peers[i], &begun);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (hostile->peers[i].fd >= 0)
            (void)close(hostile->peers[i].fd);
    }
    return NULL;
}

static void make_requests(struct hostile *hostile)
{
    const struct octets *request = &hostile->script->request;
    uint32_t count = hostile->options->stalled_requests;
    hostile->requests_size = count * request->size;
    hostile->requests = malloc(hostile->requests_size);
    CHECK(hostile->requests != NULL);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = htonl(i + 1);
        uint8_t *at = hostile->requests + i * request->size;
        memcpy(at, request->data, request->size);
        memcpy(at + hostile->script->id_offset, &id, sizeof id);
    }
}

void hostile_start(struct hostile *hostile)
{
    uint32_t count = hostile->options->count;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    hostile->peers = calloc((size_t)KIND_COUNT * count, sizeof *hostile->peers);
    hostile->epoll = epoll_create1(EPOLL_CLOEXEC);
    CHECK(hostile->peers != NULL && hostile->epoll >= 0);
    CHECK(epoll_ctl(hostile->epoll, EPOLL_CTL_ADD, hostile->server->log, &event) == 0);
    make_requests(hostile);
    for (uint32_t i = 0; i < KIND_COUNT * count; i++)
        hostile->peers[i] =
            (struct hostile_peer){.fd = -1, .kind = (uint8_t)(i / count), .index = i % count};
    CHECK(pthread_create(&hostile->thread, NULL, run, hostile) == 0);
}

void hostile_stop(struct hostile *hostile)
{
    atomic_store(&hostile->is_over, true);
    (void)pthread_join(hostile->thread, NULL);
    (void)close(hostile->epoll);
    free(hostile->requests);
}
