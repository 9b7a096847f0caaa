#include "server/pcectl/capture/capture.h"

#define PROTOCOL_TCP 6

/* Whether a datagram in fragments may be of a connection that is looked at: its ports are in its
 * first part. */
static bool capture_is_wanted(const struct flow_options *options, const struct fragment_set *set)
{
    if (set->ip.protocol != PROTOCOL_TCP)
        return false;
    if ((set->units[0] & 1U) == 0 || options->is_any_port)
        return true;
    struct wire_reader reader = wire_reader_init(set->octets, 4);
    uint16_t from = wire_u16(&reader);
    uint16_t to = wire_u16(&reader);
    return flow_is_wanted(options, from, to);
}

static void on_lost(void *context, const struct fragment_set *set, const char *reason)
{
    struct capture *capture = context;
    if (!capture_is_wanted(&capture->flows.options, set))
        return;
    struct capture_event event = {.kind = CAPTURE_FRAGMENT,
                                  .stamp = {.time = set->time, .packet = set->number},
                                  .from = {set->ip.source, 0},
                                  .to = {set->ip.destination, 0},
                                  .text = reason};
    capture->sink.on_event(capture->context, &event);
}

enum pce_status capture_init(struct capture *capture, struct source *source,
                             const struct flow_options *options, const struct flow_sink *sink,
                             void *context)
{
    *capture = (struct capture){.sink = *sink, .context = context};
    enum pce_status status = capture_file_init(&capture->file, source);
    flow_init(&capture->flows, options, &capture->sink, context);
    fragment_init(&capture->fragments, on_lost, capture);
    return status;
}

void capture_fini(struct capture *capture)
{
    fragment_fini(&capture->fragments);
    flow_fini(&capture->flows);
    capture_file_fini(&capture->file);
}

static enum pce_status capture_count(struct capture *capture, enum packet_result result)
{
    struct capture_counters *counters = &capture->counters;
    if (result == PACKET_LINK)
        counters->unread_links++;
    else if (result == PACKET_CUT)
        counters->cut++;
    else if (result == PACKET_BAD)
        counters->bad++;
    else
        counters->others++;
    return PCE_OK;
}

static enum pce_status capture_take(struct capture *capture, const struct capture_packet *packet)
{
    struct packet_ip ip;
    struct packet_tcp tcp;
    enum packet_result result = packet_read_ip(packet->link_type, packet->octets, &ip);
    if (result != PACKET_OK)
        return capture_count(capture, result);
    if (ip.is_fragment) {
        capture->counters.fragments++;
        enum pce_status status = fragment_put(&capture->fragments, &ip, packet);
        if (status != PCE_OK)
            return status == PCE_NO_MEMORY ? status : PCE_OK;
    }
    result = packet_read_tcp(&ip, &tcp);
    if (result != PACKET_OK)
        return capture_count(capture, result);
    return flow_put(&capture->flows, &ip, &tcp, &capture->stamp);
}

enum pce_status capture_next(struct capture *capture)
{
    struct capture_packet packet;
    enum pce_status status = capture_file_next(&capture->file, &packet);
    if (status != PCE_OK)
        return status;
    capture->counters.packets++;
    capture->stamp = (struct capture_stamp){.time = packet.time, .packet = packet.number};
    return capture_take(capture, &packet);
}

void capture_end(struct capture *capture, enum pce_status status)
{
    fragment_flush(&capture->fragments);
    flow_flush(&capture->flows, &capture->stamp);
    if (status != PCE_LIMIT)
        return;
    struct capture_event event = {
        .kind = CAPTURE_DAMAGED, .stamp = capture->stamp, .text = capture->file.reason};
    capture->sink.on_event(capture->context, &event);
}
