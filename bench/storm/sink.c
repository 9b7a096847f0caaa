/* Sinks: what hostile peers cost the machine when nobody minds them. One process for each kind
 * takes connections, says Open and Keepalive, and reads whatever comes. No protocol, no limits. */
#include "bench/storm/storm.h"

#include "core/base/check.h"
#include "io/net/address.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS  256
#define BACKLOG 4096

struct sink {
    const struct script *script;
    int listener;
    int epoll;
};

static void take_connections(const struct sink *sink)
{
    int fd;
    while ((fd = accept4(sink->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        const struct octets *opening = &sink->script->opening;
        if (send(fd, opening->data, opening->size, MSG_NOSIGNAL) != (ssize_t)opening->size ||
            epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
            (void)close(fd);
    }
}

static void sink_run(void *context)
{
    static uint8_t octets[65536];
    const struct sink *sink = context;
    struct epoll_event events[EVENTS];
    for (;;) {
        int found = epoll_wait(sink->epoll, events, EVENTS, -1);
        for (int i = 0; i < found; i++) {
            if (events[i].data.fd == sink->listener)
                take_connections(sink);
            else if (recv(events[i].data.fd, octets, sizeof octets, 0) <= 0)
                (void)close(events[i].data.fd);
        }
    }
}

/* On a port that the kernel chooses: one of ours may have been taken by any other connection. */
static struct sink *listen_anywhere(const struct script *script, uint16_t *port)
{
    struct ip loopback = ip_from_u32(INADDR_LOOPBACK);
    union address address;
    socklen_t size = address_from_ip(&address, &loopback, 0);
    struct sink *sink = shared_alloc(sizeof *sink);
    struct epoll_event event = {.events = EPOLLIN};
    sink->script = script;
    sink->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sink->epoll = epoll_create1(EPOLL_CLOEXEC);
    event.data.fd = sink->listener;
    CHECK(bind(sink->listener, &address.any, size) == 0);
    CHECK(listen(sink->listener, BACKLOG) == 0);
    CHECK(getsockname(sink->listener, &address.any, &size) == 0);
    *port = address_port(&address);
    CHECK(epoll_ctl(sink->epoll, EPOLL_CTL_ADD, sink->listener, &event) == 0);
    return sink;
}

void sinks_start(struct sinks *sinks, const struct script *script)
{
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        struct sink *sink = listen_anywhere(script, &sinks->ports[i]);
        sinks->pids[i] = worker_start(sink_run, sink, WORKER_HERE);
        (void)close(sink->listener);
        (void)close(sink->epoll);
    }
}

void sinks_stop(struct sinks *sinks)
{
    for (unsigned i = 0; i < KIND_COUNT; i++) {
        (void)kill(sinks->pids[i], SIGKILL);
        (void)waitpid(sinks->pids[i], NULL, 0);
    }
}
