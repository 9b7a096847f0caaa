/* Intent record: what the store keeps under a PCC and a name.
 *
 * Beside the intent stand the LSPs that were of it and are not wanted any more, by name, until
 * their PCC has none of them: so that the end of a process does not forget what is to be removed.
 * An intent that was deleted is such a list alone.
 *
 *     {"version": 1, "intent": {…}, "remove": ["NAME", …]}
 *
 * Thread: any. Owns: a record owns its intent and its names. Bound: INTENT_REMOVE_MAX names. */
#ifndef PCED_CORE_INTENT_INTENT_RECORD_H
#define PCED_CORE_INTENT_INTENT_RECORD_H

#include "core/intent/intent_json.h"

#define INTENT_RECORD_VERSION 1
#define INTENT_REMOVE_MAX     (2 * INTENT_PATHS_MAX)

struct intent_removal {
    uint8_t name_size;
    char name[INTENT_LSP_NAME_MAX + 1];
};

struct intent_record {
    struct intent *intent; /* NULL: deleted */
    uint32_t removal_count;
    struct intent_removal *removals; /* NULL: none */
};

void intent_record_fini(struct intent_record *record);
/* One more name; PCE_EXISTS: it is there; PCE_LIMIT; PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status intent_record_remove(struct intent_record *record, const char *name);
/* Takes the name off the list; harmless when it is not there. */
void intent_record_forget(struct intent_record *record, struct wire_span name);
/* PCE_INVALID: it cannot be read, and the fault says why; PCE_NO_MEMORY. intent_record_fini is due
 * in each case. */
PCE_MUST_CHECK enum pce_status intent_record_read(struct wire_span octets,
                                                  const struct intent_key *key,
                                                  struct intent_record *record,
                                                  struct intent_fault *fault);
/* malloc, with a NUL behind it; NULL: memory ran out. */
char *intent_record_write(const struct intent_record *record);

/* "192.0.2.1/NAME": how records are named in the store. */
#define INTENT_KEY_SIZE (IP_TEXT_SIZE + 1 + INTENT_NAME_MAX + 1)
void intent_key_format(const struct ip *pcc, const char *name, char text[INTENT_KEY_SIZE]);
/* False: it names no intent. name: of INTENT_NAME_MAX + 1 octets. */
bool intent_key_parse(struct wire_span text, struct ip *pcc, char *name);

#endif
