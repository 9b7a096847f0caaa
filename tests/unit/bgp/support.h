/* What the tests of core/bgp share: one decode with its arena.
 *
 * Thread: the test's. Owns: what each call says. */
#ifndef PCED_TESTS_UNIT_BGP_SUPPORT_H
#define PCED_TESTS_UNIT_BGP_SUPPORT_H

#include "core/bgp/codec.h"
#include "tests/lib/octet_files.h"

/* One message, decoded into its own arena, as of an internal peer with AS numbers of 4 octets. */
struct bgp_decoded {
    struct arena arena;
    struct bgp_message message;
    struct bgp_fault fault;
    enum pce_status status;
};

void bgp_decoded_init(struct bgp_decoded *decoded, const struct octets *octets);
void bgp_decoded_init_as(struct bgp_decoded *decoded, const struct octets *octets,
                         struct bgp_options options);
void bgp_decoded_fini(struct bgp_decoded *decoded);
/* Hex digits, with the length of the header set to theirs. */
struct octets bgp_octets(const char *hex);
/* Whether the message encodes to exactly these octets. */
bool bgp_encodes_to(const struct bgp_message *message, const struct octets *octets);
/* The printed form as a NUL-ended text on the heap. */
char *bgp_print_text(const struct bgp_message *message, const struct bgp_fault *fault);

#define MARKER "ffffffffffffffffffffffffffffffff"

#endif
