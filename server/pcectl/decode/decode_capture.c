#include "server/pcectl/decode/decode_capture.h"

#include "server/pcectl/capture/capture.h"
#include "server/pcectl/capture/stats.h"
#include "server/pcectl/command.h"
#include "server/pcectl/decode/decode_bgp.h"
#include "server/pcectl/decode/decode_stats.h"
#include "server/pcectl/decode/decode_text.h"

#include <stdio.h>

struct run {
    struct decode_show *show;
    const struct decode_capture_options *options;
    struct stats stats;
    bool is_failed; /* stdout, or memory */
};

/* ---- one event ---- */

/* What is to be known of an event that is no message. */
static void event_text(const struct capture_event *event, char *text, size_t size)
{
    unsigned long long octets = event->size;
    switch (event->kind) {
    case CAPTURE_GAP:
        if (event->whole > 0)
            (void)snprintf(text, size,
                           "%llu octets are missing, from within a message of %u octets", octets,
                           event->whole);
        else
            (void)snprintf(text, size, "%llu octets are missing", octets);
        break;
    case CAPTURE_BAD_HEADER:
        (void)snprintf(text, size, "%s (%s): looking for the next message", event->text,
                       event->is_bgp ? framer_bgp.reference : framer_pcep.reference);
        break;
    case CAPTURE_CUT:
        (void)snprintf(text, size, "the connection ended after %llu octets of a message of %u",
                       octets, event->whole);
        break;
    case CAPTURE_UNFINISHED:
        (void)snprintf(text, size, "the capture ended after %llu octets of a message of %u", octets,
                       event->whole);
        break;
    case CAPTURE_SKIPPED:
        (void)snprintf(text, size, "%llu octets are of no message that begins in the capture",
                       octets);
        break;
    case CAPTURE_ENCRYPTED:
        (void)snprintf(text, size, "TLS from here on (RFC 8253)");
        break;
    default:
        (void)snprintf(text, size, "%s", event->text);
        break;
    }
}

static bool show_json_event(const struct capture_event *event, json_t *capture)
{
    char text[DECODE_LINE_SIZE];
    event_text(event, text, sizeof text);
    json_t *line = json_pack("{s:O, s:s, s:s, s:b}", "capture", capture, "event",
                             decode_event_word(event->kind), "text", text, "fault",
                             capture_event_is_fault(event->kind));
    if (line == NULL)
        return false;
    if (event->size > 0)
        (void)json_object_set_new(line, "octets", json_integer((json_int_t)event->size));
    bool is_shown = json_dumpf(line, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(line);
    return is_shown;
}

static bool show_event(struct run *run, const struct capture_event *event,
                       const struct decode_head *head)
{
    if (run->show->is_silent)
        return true;
    if (run->show->is_json)
        return show_json_event(event, head->json);
    char text[DECODE_LINE_SIZE];
    event_text(event, text, sizeof text);
    return printf("%s\n%c %s: %s\n", head->text, capture_event_is_fault(event->kind) ? '!' : '*',
                  decode_event_word(event->kind), text) >= 0;
}

static bool show_capture_message(struct run *run, const struct capture_event *event,
                                 const struct decode_head *head, bool *is_faulty)
{
    if (event->is_bgp)
        return decode_bgp_message(run->show, event->octets, head, event->has_as2, is_faulty);
    return decode_show_message(run->show, event->octets, head, is_faulty);
}

static bool capture_is_event_wanted(const struct run *run, const struct capture_event *event)
{
    const struct filter *filter = &run->options->filter;
    if (event->kind == CAPTURE_DAMAGED)
        return true;
    if (!filter_has_peer(filter, &event->from, &event->to))
        return false;
    return event->kind != CAPTURE_MESSAGE || filter_has_type(filter, event->is_bgp, event->type);
}

static void on_event(void *context, const struct capture_event *event)
{
    struct run *run = context;
    if (run->is_failed || !capture_is_event_wanted(run, event))
        return;
    char line[DECODE_LINE_SIZE];
    struct decode_head head = {.text = line};
    bool is_faulty = false;
    if (run->show->is_json && !run->show->is_silent) {
        head.json = decode_head_json(event);
        run->is_failed = head.json == NULL;
    } else if (!run->show->is_silent) {
        decode_head_text(event, line);
    }
    if (!run->is_failed && event->kind == CAPTURE_MESSAGE)
        run->is_failed = !show_capture_message(run, event, &head, &is_faulty);
    else if (!run->is_failed)
        run->is_failed = !show_event(run, event, &head);
    json_decref(head.json);
    stats_count(&run->stats, event, is_faulty);
}

static struct session_stats *on_begin(void *context, uint32_t session,
                                      const struct capture_endpoint ends[2])
{
    struct run *run = context;
    if (!filter_has_peer(&run->options->filter, &ends[0], &ends[1]))
        return NULL;
    return stats_begin(&run->stats, session, ends);
}

static void on_end(void *context, struct session_stats *stats, const char *how)
{
    (void)context;
    if (stats != NULL)
        stats->how = how;
}

/* ---- the run ---- */

static bool capture_fail(const char *name, const char *reason)
{
    (void)fprintf(stderr, "pcectl decode: %s: %s\n", name, reason);
    return false;
}

/* Whether the end is one that a capture may have; else it is said why not. */
static bool is_end(const struct capture *capture, const char *name, enum pce_status status)
{
    switch (status) {
    case PCE_CLOSED:
    case PCE_CANCELLED:
    case PCE_LIMIT: /* said among the messages */
        return true;
    case PCE_INVALID:
    case PCE_UNSUPPORTED:
        (void)fprintf(stderr, "pcectl decode: %s: at octet %llu: %s\n", name,
                      (unsigned long long)capture->file.reason_offset, capture->file.reason);
        return false;
    case PCE_NO_MEMORY:
        return capture_fail(name, "memory is short");
    default:
        return capture_fail(name, "cannot be read");
    }
}

static void idle(void *context)
{
    struct run *run = context;
    run->is_failed |= fflush(stdout) != 0;
}

int decode_capture(struct source *source, const char *name, struct decode_show *show,
                   const struct decode_capture_options *options)
{
    static const struct flow_sink sink = {on_event, on_begin, on_end};
    struct run run = {.show = show, .options = options};
    struct capture capture;
    show->is_silent = options->has_stats;
    stats_init(&run.stats);
    source_set_idle(source, idle, &run);
    enum pce_status status = capture_init(&capture, source, &options->flow, &sink, &run);
    while (status == PCE_OK && !run.is_failed)
        status = capture_next(&capture);
    capture_end(&capture, status);
    bool is_good = run.is_failed || is_end(&capture, name, status);
    if (!run.is_failed && options->has_stats)
        run.is_failed = !decode_stats_show(&run.stats, &capture, show->is_json);
    if (run.is_failed || fflush(stdout) != 0)
        is_good = capture_fail(name, "the output cannot be written");
    bool has_faults = stats_has_faults(&run.stats);
    capture_fini(&capture);
    stats_fini(&run.stats);
    return !is_good ? COMMAND_USAGE : has_faults ? COMMAND_NO : COMMAND_OK;
}
