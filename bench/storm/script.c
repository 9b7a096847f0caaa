/* What peers say, made by the codec; and the sockets that they say it on. */
#include "bench/storm/storm.h"

#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "io/net/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* An Open without timers: only the send hold may end such a session. */
static void put_open(struct wire_writer *writer)
{
    static const uint8_t psts[] = {PCEP_PST_RSVP_TE, PCEP_PST_SR};
    const struct pcep_open open = {.version = 1, .sid = 1};
    const struct pcep_path_setup_type_capability capability = {.psts = psts, .count = 2};
    const struct pcep_sr_pce_capability sr = {.flags = PCEP_SR_CAPABILITY_X};
    size_t message = pcep_message_open(writer, PCEP_MESSAGE_OPEN);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_OPEN, 0, &open);
    size_t tlv = pcep_tlv_open(writer, PCEP_TLV_PATH_SETUP_TYPE_CAPABILITY, &capability);
    pcep_tlv_put(writer, PCEP_TLV_SR_PCE_CAPABILITY, &sr);
    pcep_tlv_close(writer, tlv);
    pcep_object_close(writer, object);
    pcep_message_close(writer, message);
}

static void put_keepalive(struct wire_writer *writer)
{
    pcep_message_close(writer, pcep_message_open(writer, PCEP_MESSAGE_KEEPALIVE));
}

static void script_put_request(struct wire_writer *writer, const struct options *options)
{
    static const uint8_t metrics[] = {PCEP_METRIC_TYPE_IGP, PCEP_METRIC_TYPE_TE,
                                      PCEP_METRIC_TYPE_HOP_COUNT};
    const struct pcep_rp rp = {.flags = PCEP_RP_O, .request_id = 1};
    const struct pcep_path_setup_type setup = {.pst = PCEP_PST_SR};
    const struct pcep_end_points_v4 ends = {.source = options->from, .destination = options->to};
    size_t message = pcep_message_open(writer, PCEP_MESSAGE_PCREQ);
    size_t object = pcep_object_open(writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
    pcep_tlv_put(writer, PCEP_TLV_PATH_SETUP_TYPE, &setup);
    pcep_object_close(writer, object);
    pcep_object_put(writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &ends);
    for (size_t i = 0; i < sizeof metrics; i++) {
        const struct pcep_metric metric = {.flags = PCEP_METRIC_C, .type = metrics[i]};
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &metric);
    }
    pcep_message_close(writer, message);
}

void script_make(struct script *script, const struct options *options)
{
    struct wire_writer writer = wire_writer_init(script->opening.data, sizeof script->opening.data);
    put_open(&writer);
    put_keepalive(&writer);
    CHECK(!writer.failed);
    script->opening.size = wire_written(&writer);
    writer = wire_writer_init(script->request.data, sizeof script->request.data);
    script_put_request(&writer, options);
    CHECK(!writer.failed);
    script->request.size = wire_written(&writer);
    script->id_offset = 4 + 4 + 4; /* message header, object header, flags */
}

uint64_t now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

int peer_connect(const struct peer_socket *peer)
{
    const int yes = 1;
    struct ip own = ip_from_u32(127u << 24 | (uint32_t)peer->net << 16 | (peer->index / 250) << 8 |
                                (1 + peer->index % 250));
    struct ip loopback = ip_from_u32(INADDR_LOOPBACK);
    union address from, to;
    socklen_t from_size = address_from_ip(&from, &own, 0);
    socklen_t to_size = address_from_ip(&to, &loopback, peer->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (peer->receive_buffer > 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &peer->receive_buffer, sizeof(int));
    if (peer->send_buffer > 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &peer->send_buffer, sizeof(int));
    if (bind(fd, &from.any, from_size) == 0 &&
        (connect(fd, &to.any, to_size) == 0 || errno == EINPROGRESS))
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}
