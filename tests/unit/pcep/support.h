/* What the tests of core/pcep share: files, hex, and one decode with its arena.
 *
 * Thread: the test's. Owns: what each call says. */
#ifndef PCED_TESTS_UNIT_PCEP_SUPPORT_H
#define PCED_TESTS_UNIT_PCEP_SUPPORT_H

#include "core/base/arena.h"
#include "core/pcep/codec.h"
#include "core/pcep/json.h"

/* Octets on the heap, in a block of exactly their size: a read past them is seen by ASan. */
struct octets {
    uint8_t *at;
    size_t size;
};

/* A path below the source folder, in a static buffer. */
const char *source_path(const char *relative);
/* The folder of reference data, or NULL when it is absent (a "SKIP:" line is printed then). */
const char *shared_path(const char *relative);

struct octets read_file(const char *path);
/* Hex digits of a file, without comments. */
struct octets read_hex_file(const char *path);
/* The same of a text. */
struct octets parse_hex_text(const char *text);
void octets_free(struct octets *octets);

/* Calls visit for every file of a folder whose name ends so, in the order of names; gives the
 * count. */
unsigned for_each_file(const char *folder, const char *suffix, void (*visit)(const char *path));

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
