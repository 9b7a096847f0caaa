/* Decode, shown: one PCEP message decoded and printed, as text or as a line of JSON.
 *
 * Thread: the only one. Owns: the arena of the message that is shown.
 * Bound: DECODE_ARENA_MAX octets decoded, DECODE_TEXT_MAX octets of text. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_SHOW_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_SHOW_H

#include "core/base/arena.h"
#include "core/base/wire.h"

#include <jansson.h>

/* A message of 65,535 octets decodes into less; its text is shorter too. */
#define DECODE_ARENA_MAX (64U << 20)
#define DECODE_TEXT_MIN  (1U << 16)
#define DECODE_TEXT_MAX  (64U << 20)

struct decode_show {
    bool is_json;
    bool has_offsets; /* text: each line begins with its offset in the message */
    bool is_silent;   /* nothing is printed: only faults are looked for */
    struct arena arena;
};

/* What stands before a message of a capture. Zero: nothing. */
struct decode_head {
    const char *text; /* a line, without its end */
    json_t *json;     /* the member "capture"; the caller's */
};

void decode_show_init(struct decode_show *show);
void decode_show_fini(struct decode_show *show);

/* The same object, with the member "capture" of the head before the others, where it has one. Takes
 * over message; NULL: memory is short, or there was no message. */
json_t *decode_with_head(json_t *message, const struct decode_head *head);
/* One whole message to stdout; *is_faulty: whether it has a fault, of its octets or of its grammar.
 * False: it cannot be written, or memory is short. */
bool decode_show_message(struct decode_show *show, struct wire_span octets,
                         const struct decode_head *head, bool *is_faulty);

#endif
