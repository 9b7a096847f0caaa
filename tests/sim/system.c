/* The system's calls for sockets, eventfd and time. What is not of the simulation goes through. */
#include "tests/sim/kernel_impl.h"

#include "core/base/check.h"
#include "tests/sim/memory.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <time.h>

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __real_socket(int domain, int type, int protocol);
int __real_bind(int descriptor, const struct sockaddr *address, socklen_t size);
int __real_listen(int descriptor, int backlog);
int __real_close(int descriptor);
int __real_getpeername(int descriptor, struct sockaddr *address, socklen_t *size);
int __real_getsockname(int descriptor, struct sockaddr *address, socklen_t *size);
int __real_getsockopt(int descriptor, int level, int name, void *value, socklen_t *size);
int __real_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size);
int __real_ioctl(int descriptor, unsigned long request, void *argument);
int __real_fcntl(int descriptor, int command, long argument);
int __real_eventfd(unsigned count, int flags);
ssize_t __real_read(int descriptor, void *octets, size_t size);
ssize_t __real_write(int descriptor, const void *octets, size_t size);
int __real_getrlimit(__rlimit_resource_t resource, struct rlimit *limit);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_bind(int descriptor, const struct sockaddr *address, socklen_t size);
int __wrap_listen(int descriptor, int backlog);
int __wrap_close(int descriptor);
int __wrap_getpeername(int descriptor, struct sockaddr *address, socklen_t *size);
int __wrap_getsockname(int descriptor, struct sockaddr *address, socklen_t *size);
int __wrap_getsockopt(int descriptor, int level, int name, void *value, socklen_t *size);
int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size);
int __wrap_ioctl(int descriptor, unsigned long request, ...);
int __wrap_fcntl(int descriptor, int command, ...);
int __wrap_eventfd(unsigned count, int flags);
ssize_t __wrap_read(int descriptor, void *octets, size_t size);
ssize_t __wrap_write(int descriptor, const void *octets, size_t size);
int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit);

#define FILES_LIMIT 2048 /* what RLIMIT_NOFILE says: tables stay small */

/* A negative result becomes errno. */
static int answer(int result)
{
    if (result >= 0)
        return result;
    errno = -result;
    return -1;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
    if (!sim_is_active() || clock != CLOCK_MONOTONIC)
        return __real_clock_gettime(clock, now);
    now->tv_sec = (time_t)(sim.now.ns / MONO_NS_PER_S);
    now->tv_nsec = (long)(sim.now.ns % MONO_NS_PER_S);
    return 0;
}

int __wrap_socket(int domain, int type, int protocol)
{
    if (!sim_is_active())
        return __real_socket(domain, type, protocol);
    struct sim_file *file = sim_file_make(SIM_SOCKET);
    file->socket = sim_socket_make();
    file->socket->local.any.sa_family = (sa_family_t)domain;
    int descriptor = sim_install(file);
    if (descriptor < 0) {
        sim_socket_closed(file->socket);
        sim_release(file);
    }
    return answer(descriptor);
}

int __wrap_bind(int descriptor, const struct sockaddr *address, socklen_t size)
{
    struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_bind(descriptor, address, size);
    CHECK(file->kind == SIM_SOCKET && size <= sizeof file->socket->local);
    memcpy(&file->socket->local, address, size);
    return 0;
}

int __wrap_listen(int descriptor, int backlog)
{
    struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_listen(descriptor, backlog);
    CHECK(file->kind == SIM_SOCKET && file->references == 1);
    struct sim_listener *listener = sim_allocate(sizeof *listener);
    list_init(&listener->backlog);
    list_init(&listener->active);
    listener->local = file->socket->local;
    sim_socket_closed(file->socket);
    sim.connection_files--;
    file->kind = SIM_LISTENER;
    file->listener = listener;
    return 0;
}

int __wrap_close(int descriptor)
{
    return sim_file_of(descriptor) == NULL ? __real_close(descriptor) : sim_close(descriptor);
}

static int give_address(struct sockaddr *address, socklen_t *size, const union address *from)
{
    socklen_t whole = from->any.sa_family == AF_INET6 ? sizeof from->v6 : sizeof from->v4;
    memcpy(address, from, whole < *size ? whole : *size);
    *size = whole;
    return 0;
}

int __wrap_getpeername(int descriptor, struct sockaddr *address, socklen_t *size)
{
    const struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_getpeername(descriptor, address, size);
    if (file->kind != SIM_SOCKET || file->socket->state != SIM_OPEN)
        return answer(-ENOTCONN);
    return give_address(address, size, &file->socket->peer);
}

int __wrap_getsockname(int descriptor, struct sockaddr *address, socklen_t *size)
{
    const struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_getsockname(descriptor, address, size);
    return give_address(address, size,
                        file->kind == SIM_LISTENER ? &file->listener->local : &file->socket->local);
}

int __wrap_getsockopt(int descriptor, int level, int name, void *value, socklen_t *size)
{
    const struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_getsockopt(descriptor, level, name, value, size);
    if (file->kind != SIM_SOCKET)
        return answer(-ENOTSOCK);
    return answer(sim_socket_get_option(file->socket, level, name, value, size));
}

int __wrap_setsockopt(int descriptor, int level, int name, const void *value, socklen_t size)
{
    const struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_setsockopt(descriptor, level, name, value, size);
    if (file->kind != SIM_SOCKET)
        return 0;
    return answer(sim_socket_set_option(file->socket, level, name, value));
}

int __wrap_ioctl(int descriptor, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    const struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_ioctl(descriptor, request, argument);
    CHECK(file->kind == SIM_SOCKET && (request == SIOCINQ || request == SIOCOUTQ));
    *(int *)argument =
        request == SIOCINQ ? (int)file->socket->in.size : (int)sim_socket_unacked(file->socket);
    return 0;
}

int __wrap_fcntl(int descriptor, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    long argument = va_arg(arguments, long);
    va_end(arguments);
    return sim_file_of(descriptor) == NULL ? __real_fcntl(descriptor, command, argument) : 0;
}

int __wrap_eventfd(unsigned count, int flags)
{
    if (!sim_is_active())
        return __real_eventfd(count, flags);
    struct sim_file *file = sim_file_make(SIM_EVENT);
    file->count = count;
    return answer(sim_install(file));
}

ssize_t __wrap_read(int descriptor, void *octets, size_t size)
{
    struct sim_file *file = sim_file_of(descriptor);
    if (file == NULL)
        return __real_read(descriptor, octets, size);
    CHECK(file->kind == SIM_EVENT && size == sizeof file->count);
    if (file->count == 0)
        return answer(-EAGAIN);
    memcpy(octets, &file->count, size);
    file->count = 0;
    return (ssize_t)size;
}

ssize_t __wrap_write(int descriptor, const void *octets, size_t size)
{
    struct sim_file *file = sim_file_of(descriptor);
    uint64_t count;
    if (file == NULL)
        return __real_write(descriptor, octets, size);
    CHECK(file->kind == SIM_EVENT && size == sizeof count);
    memcpy(&count, octets, size);
    file->count += count;
    sim_pump_event(file);
    return (ssize_t)size;
}

int __wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
    if (!sim_is_active() || resource != RLIMIT_NOFILE)
        return __real_getrlimit(resource, limit);
    *limit = (struct rlimit){FILES_LIMIT, FILES_LIMIT};
    return 0;
}
