/* Decode, its words: time, ends and direction, as text and as JSON.
 *
 * Thread: any. Owns: nothing. Bound: DECODE_LINE_SIZE octets with the NUL. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_TEXT_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_TEXT_H

#include "server/pcectl/capture/event.h"

#include <jansson.h>

#define DECODE_LINE_SIZE 320
#define DECODE_TIME_SIZE 48
#define DECODE_END_SIZE  (IP_TEXT_SIZE + 10)

/* "2026-05-04T12:00:00.000000001Z" (RFC 3339), or "-" for an unknown time, or "@seconds.ns" for
 * one outside the years that can be written so. Gives text. */
const char *decode_time(const struct capture_time *time, char text[DECODE_TIME_SIZE]);
/* "192.0.2.1:4189", "[2001:db8::1]:4189", or the address alone without a port. Gives text. */
const char *decode_end(const struct capture_endpoint *end, char text[DECODE_END_SIZE]);
/* "to-server", "to-client" or "unknown". */
const char *decode_direction(enum capture_direction direction);
/* The word of an event: "gap", "cut" … */
const char *decode_event_word(enum capture_event_kind kind);

/* The line before a message or an event. */
void decode_head_text(const struct capture_event *event, char line[DECODE_LINE_SIZE]);
/* The same as a JSON object; NULL when memory is short. */
json_t *decode_head_json(const struct capture_event *event);

#endif
