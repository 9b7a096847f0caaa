/* The listening sockets: one for each shard, and a classic BPF program that picks by the source
 * address, as pced has it: a client comes to the same shard each time. */
#include "bench/pcefloor/floor.h"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define BACKLOG_DEFAULT 4096
#define SOURCE_V4       12 /* the source address in an IPv4 header */
#define SOURCE_V6       20 /* the last four octets of the source address in an IPv6 header */

static int backlog(void)
{
    int value = BACKLOG_DEFAULT;
    FILE *file = fopen("/proc/sys/net/core/somaxconn", "re");
    if (file == NULL)
        return value;
    char line[16] = "";
    if (fgets(line, sizeof line, file) != NULL)
        value = (int)strtol(line, NULL, 10);
    (void)fclose(file);
    return value > 0 ? value : BACKLOG_DEFAULT;
}

static int steer(int descriptor, int family, unsigned shard_count)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                 (uint32_t)(SKF_NET_OFF + (family == AF_INET ? SOURCE_V4 : SOURCE_V6))),
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, shard_count),
        BPF_STMT(BPF_RET | BPF_A, 0),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program);
}

static int floor_bind(const struct floor_options *options, int *descriptor)
{
    int one = 1, family = options->address.ss_family;
    *descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (*descriptor < 0)
        return errno;
    if (setsockopt(*descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        setsockopt(*descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0 ||
        setsockopt(*descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) != 0 ||
        bind(*descriptor, (const struct sockaddr *)&options->address, options->address_size) != 0)
        return errno;
    return 0;
}

int floor_listen(const struct floor_options *options, int *descriptors)
{
    int error = 0;
    for (unsigned i = 0; i < options->shard_count && error == 0; i++)
        error = floor_bind(options, &descriptors[i]);
    if (error != 0)
        return error;
    if (steer(descriptors[0], options->address.ss_family, options->shard_count) != 0)
        return errno;
    for (unsigned i = 0; i < options->shard_count; i++) {
        if (listen(descriptors[i], backlog()) != 0)
            return errno;
    }
    return 0;
}
