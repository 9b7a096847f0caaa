/* Connections, as the server's kernel and the far end see them. */
#include "tests/sim/kernel_impl.h"

#include "core/base/check.h"
#include "tests/sim/memory.h"

#include <errno.h>
#include <linux/tcp.h>
#include <string.h>

#define PROBES_MAX 2 /* unanswered, and the connection is over */

#define STATE_ESTABLISHED 1 /* of the kernel's TCP */
#define STATE_CLOSE       7
#define STATE_CLOSE_WAIT  8

void sim_stream_put(struct sim_stream *stream, const void *octets, size_t size)
{
    if (stream->at + stream->size + size > stream->room) {
        if (stream->size > 0)
            memmove(stream->octets, stream->octets + stream->at, stream->size);
        stream->at = 0;
    }
    if (stream->size + size > stream->room) {
        stream->room = 2 * (stream->size + size);
        stream->octets = sim_resize(stream->octets, stream->room);
    }
    memcpy(stream->octets + stream->at + stream->size, octets, size);
    stream->size += size;
}

const uint8_t *sim_stream_take(struct sim_stream *stream, size_t size)
{
    const uint8_t *octets = stream->octets + stream->at;
    CHECK(size <= stream->size);
    stream->at += size;
    stream->size -= size;
    return octets;
}

struct sim_socket *sim_socket_make(void)
{
    struct sim_socket *socket = sim_allocate(sizeof *socket);
    list_init(&socket->link);
    list_init(&socket->active);
    list_init(&socket->probe);
    socket->budget = SIZE_MAX;
    socket->last_ack = sim.now;
    return socket;
}

static void free_if_unused(struct sim_socket *socket)
{
    if (socket->is_held || socket->is_served || list_is_linked(&socket->link))
        return;
    list_remove(&socket->active);
    list_remove(&socket->probe);
    sim_release(socket->in.octets);
    sim_release(socket->out.octets);
    sim_release(socket);
}

void sim_touch(struct sim_socket *socket)
{
    if (!list_is_linked(&socket->active))
        list_push_back(&sim.active, &socket->active);
}

void sim_touch_listener(struct sim_listener *listener)
{
    if (!list_is_linked(&listener->active))
        list_push_back(&sim.listeners, &listener->active);
}

static void break_socket(struct sim_socket *socket, int error)
{
    socket->state = SIM_BROKEN;
    socket->error = error;
    socket->in.size = 0;
    socket->unacked_at_end = (uint32_t)socket->out.size;
    socket->out.size = 0;
    list_remove(&socket->probe);
    sim_touch(socket);
}

uint32_t sim_socket_unacked(const struct sim_socket *socket)
{
    return socket->state == SIM_BROKEN ? socket->unacked_at_end : (uint32_t)socket->out.size;
}

/* What was sent goes on to the far end; a RST where it asked for one, or did not read all. */
void sim_socket_closed(struct sim_socket *socket)
{
    CHECK(socket->receive == NULL && socket->send == NULL && socket->connect == NULL);
    socket->is_served = false;
    list_remove(&socket->probe);
    if (socket->state == SIM_OPEN && (socket->is_resetting || socket->in.size > 0))
        break_socket(socket, ECONNRESET);
    socket->fin_sent = true;
    sim_touch(socket);
    free_if_unused(socket);
}

/* ---- the far end ---- */

struct sim_socket *sim_connect(const struct sim_target *target)
{
    struct sim_file *file = sim_file_of(target->listener);
    if (file == NULL || file->kind != SIM_LISTENER)
        return NULL;
    struct sim_socket *socket = sim_socket_make();
    (void)address_from_ip(&socket->peer, &target->from, target->port);
    socket->local = file->listener->local;
    socket->state = SIM_OPEN;
    socket->is_held = true;
    socket->ends = target->ends;
    socket->context = target->context;
    list_push_back(&file->listener->backlog, &socket->link);
    sim_touch_listener(file->listener);
    return socket;
}

/* Those that nobody accepted. */
void sim_drop_backlog(struct sim_listener *listener)
{
    for (struct list_link *link; (link = list_pop_front(&listener->backlog)) != NULL;) {
        struct sim_socket *socket = CONTAINER_OF(link, struct sim_socket, link);
        break_socket(socket, ECONNRESET);
        free_if_unused(socket);
    }
}

void sim_set_dial(sim_dial_fn *on_dial, void *context)
{
    sim.on_dial = on_dial;
    sim.dial_context = context;
}

void sim_dial_accept(struct sim_socket *socket, const struct sim_ends *ends, void *context)
{
    if (socket->state != SIM_DIALING)
        return;
    socket->state = SIM_OPEN;
    socket->last_ack = sim.now;
    socket->ends = ends;
    socket->context = context;
    sim_touch(socket);
}

void sim_dial_refuse(struct sim_socket *socket, int error)
{
    if (socket->state == SIM_DIALING)
        break_socket(socket, error);
}

void sim_send(struct sim_socket *socket, const void *octets, size_t size)
{
    if (socket->state != SIM_OPEN || socket->in_fin || size == 0)
        return;
    if (socket->fin_sent && !socket->is_served) { /* the server has closed */
        break_socket(socket, ECONNRESET);
        return;
    }
    sim_stream_put(&socket->in, octets, size);
    socket->last_ack = sim.now;
    sim_touch(socket);
}

void sim_fin(struct sim_socket *socket)
{
    if (socket->state != SIM_OPEN)
        return;
    socket->in_fin = true;
    sim_touch(socket);
}

void sim_reset(struct sim_socket *socket, int error)
{
    if (socket->state == SIM_OPEN)
        break_socket(socket, error);
    socket->reset_told = true; /* it knows */
}

void sim_set_reading(struct sim_socket *socket, size_t octets)
{
    socket->budget = octets;
    sim_touch(socket);
}

void sim_vanish(struct sim_socket *socket)
{
    socket->is_vanished = true;
    socket->since_unacked = sim.now;
}

void sim_forget(struct sim_socket *socket)
{
    socket->ends = NULL;
    socket->context = NULL;
    if (socket->state == SIM_OPEN && !socket->is_vanished)
        break_socket(socket, ECONNRESET);
    if (socket->state == SIM_DIALING)
        break_socket(socket, ETIMEDOUT);
    socket->is_held = false;
    free_if_unused(socket);
}

bool sim_is_open(const struct sim_socket *socket)
{
    return socket->state == SIM_OPEN && (socket->is_served || list_is_linked(&socket->link));
}

struct ip sim_peer(const struct sim_socket *socket)
{
    return address_ip(&socket->peer);
}

size_t sim_unread(const struct sim_socket *socket)
{
    return socket->in.size;
}

/* Gives the far end what it takes; it may send within the call. */
static void deliver(struct sim_socket *socket)
{
    const struct sim_ends *ends = socket->ends;
    if (socket->is_vanished)
        return;
    if (socket->state == SIM_BROKEN) {
        bool is_news = !socket->reset_told && ends != NULL && ends->on_reset != NULL;
        socket->reset_told = true;
        if (is_news)
            ends->on_reset(socket->context);
        return;
    }
    size_t size = socket->out.size < socket->budget ? socket->out.size : socket->budget;
    if (size > 0) {
        uint8_t *octets = sim_allocate(size);
        memcpy(octets, sim_stream_take(&socket->out, size), size);
        socket->budget -= socket->budget == SIZE_MAX ? 0 : size;
        socket->last_ack = sim.now;
        sim_touch(socket); /* there is room to send again */
        if (ends != NULL && ends->on_octets != NULL)
            ends->on_octets(socket->context, octets, size);
        sim_release(octets);
        return;
    }
    if (socket->fin_sent && socket->out.size == 0 && !socket->fin_told &&
        (socket->state == SIM_OPEN)) {
        socket->fin_told = true;
        if (ends != NULL && ends->on_fin != NULL)
            ends->on_fin(socket->context);
    }
}

void sim_pump(void)
{
    for (struct list_link *link; (link = list_pop_front(&sim.listeners)) != NULL;)
        sim_pump_listener(CONTAINER_OF(link, struct sim_listener, active));
    for (struct list_link *link; (link = list_pop_front(&sim.active)) != NULL;) {
        struct sim_socket *socket = CONTAINER_OF(link, struct sim_socket, active);
        sim_pump_socket_operations(socket);
        if (socket->is_held) {
            unsigned depth = sim_memory_suspend();
            deliver(socket);
            sim_memory_resume(depth);
        }
    }
}

/* ---- what the server asks of a socket ---- */

int sim_socket_connect(struct sim_socket *socket, const union address *to)
{
    if (socket->state != SIM_IDLE)
        return -EISCONN;
    socket->peer = *to;
    socket->state = SIM_DIALING;
    socket->is_held = true; /* by whoever answers */
    if (sim.on_dial == NULL) {
        break_socket(socket, ECONNREFUSED);
        return 0;
    }
    unsigned depth = sim_memory_suspend();
    sim.on_dial(sim.dial_context, socket);
    sim_memory_resume(depth);
    return 0;
}

int sim_socket_shutdown(struct sim_socket *socket)
{
    if (socket->state != SIM_OPEN)
        return -ENOTCONN;
    socket->fin_sent = true;
    sim_touch(socket);
    return 0;
}

static void set_probing(struct sim_socket *socket, bool is_on)
{
    list_remove(&socket->probe);
    socket->probes_lost = 0;
    if (!is_on || socket->state != SIM_OPEN)
        return;
    socket->probe_at = mono_add_s(sim.now, 1);
    list_push_back(&sim.probing, &socket->probe);
}

/* Nothing is asked while something is outstanding. */
void sim_socket_probe(struct sim_socket *socket)
{
    socket->probe_at = mono_add_s(sim.now, 1);
    if (socket->out.size > 0)
        return;
    if (!socket->is_vanished)
        socket->last_ack = sim.now;
    else if (++socket->probes_lost > PROBES_MAX)
        break_socket(socket, ETIMEDOUT);
}

int sim_socket_set_option(struct sim_socket *socket, int level, int name, const void *value)
{
    if (level == SOL_SOCKET && name == SO_LINGER) {
        const struct linger *linger = value;
        socket->is_resetting = linger->l_onoff != 0 && linger->l_linger == 0;
    } else if (level == SOL_SOCKET && name == SO_KEEPALIVE) {
        int is_on;
        memcpy(&is_on, value, sizeof is_on);
        set_probing(socket, is_on != 0);
    }
    return 0;
}

static void get_info(const struct sim_socket *socket, struct tcp_info *info)
{
    uint64_t silent_ms = mono_since_ns(sim.now, socket->last_ack) / MONO_NS_PER_MS;
    memset(info, 0, sizeof *info);
    info->tcpi_state = STATE_CLOSE;
    if (socket->state == SIM_OPEN)
        info->tcpi_state = socket->in_fin ? STATE_CLOSE_WAIT : STATE_ESTABLISHED;
    info->tcpi_last_ack_recv = (uint32_t)silent_ms;
    info->tcpi_snd_wnd = socket->budget > UINT32_MAX ? 65535 : (uint32_t)socket->budget;
    if (socket->is_vanished && socket->out.size > 0) {
        info->tcpi_unacked = 1;
        info->tcpi_retransmits = silent_ms > 3000 ? 4 : (uint8_t)(silent_ms / 800);
    }
}

static socklen_t put_address(void *value, socklen_t room, const union address *address)
{
    socklen_t size = address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
    memcpy(value, address, size < room ? size : room);
    return size;
}

int sim_socket_get_option(struct sim_socket *socket, int level, int name, void *value,
                          socklen_t *size)
{
    if (level == SOL_SOCKET && name == SO_PEERNAME) {
        if (socket->state != SIM_OPEN)
            return -ENOTCONN;
        *size = put_address(value, *size, &socket->peer);
    } else if (level == IPPROTO_TCP && name == TCP_INFO) {
        struct tcp_info info;
        get_info(socket, &info);
        *size = *size < sizeof info ? *size : (socklen_t)sizeof info;
        memcpy(value, &info, *size);
    } else if (*size >= sizeof(int)) {
        memset(value, 0, *size);
    }
    return 0;
}
