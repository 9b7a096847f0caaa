#include "server/pcectl/decode/decode_text.h"

#include <stdio.h>
#include <time.h>

/* Years 1 to 9999: what RFC 3339 can write. */
#define TIME_MIN INT64_C(-62135596800)
#define TIME_MAX INT64_C(253402300799)

const char *decode_time(const struct capture_time *time, char text[DECODE_TIME_SIZE])
{
    if (!time->is_known) {
        (void)snprintf(text, DECODE_TIME_SIZE, "-");
        return text;
    }
    time_t s = (time_t)time->s;
    struct tm tm;
    bool is_date = time->s >= TIME_MIN && time->s <= TIME_MAX && gmtime_r(&s, &tm) != NULL;
    if (is_date)
        (void)snprintf(text, DECODE_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%09uZ",
                       tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                       tm.tm_sec, time->ns);
    else
        (void)snprintf(text, DECODE_TIME_SIZE, "@%lld.%09u", (long long)time->s, time->ns);
    return text;
}

const char *decode_end(const struct capture_endpoint *end, char text[DECODE_END_SIZE])
{
    char address[IP_TEXT_SIZE];
    (void)ip_format(&end->address, address);
    if (end->port == 0)
        (void)snprintf(text, DECODE_END_SIZE, "%s", address);
    else
        (void)snprintf(text, DECODE_END_SIZE, end->address.family == IP_V6 ? "[%s]:%u" : "%s:%u",
                       address, end->port);
    return text;
}

const char *decode_direction(enum capture_direction direction)
{
    static const char *const words[] = {"unknown", "to-server", "to-client"};
    return words[direction];
}

void decode_head_text(const struct capture_event *event, char line[DECODE_LINE_SIZE])
{
    char time[DECODE_TIME_SIZE];
    char from[DECODE_END_SIZE];
    char to[DECODE_END_SIZE];
    (void)decode_time(&event->stamp.time, time);
    if (event->from.address.family == IP_NONE)
        (void)snprintf(line, DECODE_LINE_SIZE, "%s packet %llu", time,
                       (unsigned long long)event->stamp.packet);
    else if (event->session == 0)
        (void)snprintf(line, DECODE_LINE_SIZE, "%s %s > %s packet %llu", time,
                       decode_end(&event->from, from), decode_end(&event->to, to),
                       (unsigned long long)event->stamp.packet);
    else
        (void)snprintf(line, DECODE_LINE_SIZE, "%s %s > %s %s session %u packet %llu", time,
                       decode_end(&event->from, from), decode_end(&event->to, to),
                       decode_direction(event->direction), event->session,
                       (unsigned long long)event->stamp.packet);
}

static json_t *end_json(const struct capture_endpoint *end)
{
    char address[IP_TEXT_SIZE];
    (void)ip_format(&end->address, address);
    json_t *json = json_pack("{s:s}", "address", address);
    if (end->port > 0)
        (void)json_object_set_new(json, "port", json_integer(end->port));
    return json;
}

json_t *decode_head_json(const struct capture_event *event)
{
    char time[DECODE_TIME_SIZE];
    json_t *json = json_pack("{s:I}", "packet", (json_int_t)event->stamp.packet);
    if (json == NULL)
        return NULL;
    int failed = 0;
    if (event->stamp.time.is_known)
        failed |=
            json_object_set_new(json, "time", json_string(decode_time(&event->stamp.time, time)));
    if (event->from.address.family != IP_NONE) {
        failed |= json_object_set_new(json, "from", end_json(&event->from));
        failed |= json_object_set_new(json, "to", end_json(&event->to));
    }
    if (event->session > 0) {
        failed |=
            json_object_set_new(json, "direction", json_string(decode_direction(event->direction)));
        failed |= json_object_set_new(json, "session", json_integer(event->session));
    }
    if (failed == 0)
        return json;
    json_decref(json);
    return NULL;
}

static const char *const kind_words[CAPTURE_KINDS] = {
    [CAPTURE_MESSAGE] = "message",       [CAPTURE_GAP] = "gap",
    [CAPTURE_BAD_HEADER] = "bad-header", [CAPTURE_CUT] = "cut",
    [CAPTURE_LIMIT] = "limit",           [CAPTURE_FRAGMENT] = "fragment",
    [CAPTURE_DAMAGED] = "damaged",       [CAPTURE_SKIPPED] = "skipped",
    [CAPTURE_ENCRYPTED] = "encrypted",   [CAPTURE_UNFINISHED] = "unfinished",
};

const char *decode_event_word(enum capture_event_kind kind)
{
    return kind_words[kind];
}
