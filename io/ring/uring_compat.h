/* What Debian's liburing 2.3 lacks of the kernel's io_uring interface (up to 6.12), in one place.
 * The numbers are the kernel's ABI.
 *
 * Thread: any. */
#ifndef PCED_IO_RING_URING_COMPAT_H
#define PCED_IO_RING_URING_COMPAT_H

#include "core/base/check.h"

#include <liburing.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

/* Commands of IORING_OP_URING_CMD on a socket (SIOCOUTQ: 6.6; socket options: 6.7). */
enum uring_socket_command {
    URING_SOCKET_SIOCINQ = 0,
    URING_SOCKET_SIOCOUTQ = 1,
    URING_SOCKET_GETSOCKOPT = 2,
    URING_SOCKET_SETSOCKOPT = 3,
};

/* Installs a direct descriptor as a plain one (6.8). */
#define URING_OP_FIXED_FD_INSTALL 54

/* Prepares a socket command that has no argument. */
static inline void uring_prep_socket_command(struct io_uring_sqe *sqe,
                                             enum uring_socket_command command, int file)
{
    CHECK(sqe != NULL);
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = IORING_OP_URING_CMD;
    sqe->fd = file;
    sqe->cmd_op = command;
}

static inline void uring_prep_install(struct io_uring_sqe *sqe, int file)
{
    CHECK(sqe != NULL);
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = URING_OP_FIXED_FD_INSTALL;
    sqe->fd = file;
}

/* Binds a socket; the address is read when the operation is submitted (6.11). */
#define URING_OP_BIND 56

static inline void uring_prep_bind(struct io_uring_sqe *sqe, int file,
                                   const struct sockaddr *address, socklen_t size)
{
    CHECK(sqe != NULL);
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = URING_OP_BIND;
    sqe->fd = file;
    sqe->addr = (uint64_t)(uintptr_t)address;
    sqe->addr2 = size;
}

/* A wait may ask for a minimum time before fewer completions than it names end it (6.12). */
#define URING_FEAT_MIN_TIMEOUT (1U << 15)

struct uring_wait {
    uint64_t sigmask;
    uint32_t sigmask_size;
    uint32_t wait_min_us;
    uint64_t timeout; /* the address of a struct __kernel_timespec */
};

/* An accept that takes what is there and ends with EAGAIN (6.10). */
#define URING_ACCEPT_DONTWAIT (1U << 1)

/* Only options of level SOL_SOCKET can be read this way; all can be set. */
struct uring_option {
    int level;
    int name;
    uint32_t size;
    uint64_t value; /* the address of what is set, or of where it goes */
};

/* The same with a socket option: level and name lie where addr is, the length where file_index is
 * and the value's address where addr3 is. */
static inline void uring_prep_socket_option(struct io_uring_sqe *sqe,
                                            enum uring_socket_command command, int file,
                                            struct uring_option option)
{
    uring_prep_socket_command(sqe, command, file);
    sqe->addr = ((uint64_t)(uint32_t)option.name << 32) | (uint32_t)option.level;
    sqe->file_index = option.size;
    sqe->addr3 = option.value;
}

#endif
