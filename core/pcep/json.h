/* JSON: a decoded message as a JSON object, and back.
 *
 * The members follow the field tables: numbers as numbers, addresses and names as strings, octets
 * as hex. What cannot be told in JSON's own types is told exactly: a float that is not finite and a
 * name that is not plain ASCII are {"hex": "…"}. So a message, its JSON and the message made of
 * that have the same octets. Members that end in "_text" are for readers and are not read back.
 *
 * Thread: any. Owns: json_t by jansson's counting. */
#ifndef PCED_CORE_PCEP_JSON_H
#define PCED_CORE_PCEP_JSON_H

#include "core/pcep/codec.h"

#include <jansson.h>

/* What json_to_message found wrong. */
struct pcep_json_error {
    char text[160]; /* which member, and why */
};

/* A new reference; NULL when memory is short. fault may be NULL. */
json_t *pcep_to_json(const struct pcep_message *message, const struct pcep_fault *fault);

/* PCE_INVALID: *error says what. PCE_LIMIT: the arena is full. The message lives in the arena and
 * does not refer to the JSON. Sizes and offsets in it are not set: pcep_encode computes them. */
PCE_MUST_CHECK enum pce_status pcep_from_json(const json_t *json, struct arena *arena,
                                              struct pcep_message *message,
                                              struct pcep_json_error *error);

#endif
