/* What the tests of core/pcep share: one decode with its arena.
 *
 * Thread: the test's. Owns: what each call says. */
#ifndef PCED_TESTS_UNIT_PCEP_SUPPORT_H
#define PCED_TESTS_UNIT_PCEP_SUPPORT_H

#include "core/base/arena.h"
#include "core/pcep/codec.h"
#include "core/pcep/json.h"
#include "tests/lib/octet_files.h"

/* One message, decoded into its own arena. */
struct decoded {
    struct arena arena;
    struct pcep_message message;
    struct pcep_fault fault;
    enum pce_status status;
};

void decoded_init(struct decoded *decoded, const struct octets *octets);
void decoded_fini(struct decoded *decoded);
/* Whether the message encodes to exactly these octets. */
bool encodes_to(const struct pcep_message *message, const struct octets *octets);
/* A message in JSON: one object of this class and type with this body. */
#define OBJECT(class_, type, rest)                                                                 \
    "{\"type\":3,\"objects\":[{\"class\":" #class_ ",\"type\":" #type ",\"header_flags\":2," rest  \
    "}]}"

/* What is said of a text that must be refused. */
struct pcep_json_error json_refusal(const char *text);
/* The printed form as a NUL-ended text on the heap. */
char *print_text(const struct pcep_message *message, const struct pcep_fault *fault);

#endif
