/* Intents as JSON: what an operator writes, and what the store keeps.
 *
 * A member that is not known is refused, as is one that says nothing where it stands; the fault
 * names it: "paths[1].segments[0].label". What is written has every member, so that equal intents
 * are equal texts, and is read back as the same intent.
 *
 * Thread: any. Owns: nothing; a result is the caller's. Bound: struct intent_limits. */
#ifndef PCED_CORE_INTENT_INTENT_JSON_H
#define PCED_CORE_INTENT_INTENT_JSON_H

#include "core/intent/intent.h"

#include <jansson.h>

#define INTENT_FIELD_SIZE 192

struct intent_fault {
    char field[INTENT_FIELD_SIZE];
    const char *reason; /* static text */
};

struct intent_key {
    struct ip pcc;
    const char *name; /* intent_name_is_valid */
};

/* PCE_INVALID: the fault says what is wrong; PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status intent_read(const json_t *json, const struct intent_key *key,
                                           const struct intent_limits *limits,
                                           struct intent **intent, struct intent_fault *fault);
/* NULL: memory ran out. */
json_t *intent_write(const struct intent *intent);
/* What is set of the attributes, as "auto_bandwidth" of a path has them. NULL: memory ran out. */
json_t *intent_write_auto_bandwidth(const struct auto_bandwidth *attributes);

/* "SR-MPLS", "RSVP-TE". */
const char *intent_setup_text(uint8_t setup_type);

#endif
