/* Print: a decoded message as text for people.
 *
 * One line for each parameter, capability, attribute, NLRI and TLV, indented; flags spelled out,
 * unknown things as octets, and a last line that begins with "!" where something is wrong.
 *
 * Thread: any. Owns: nothing. Bound: the writer's room; when it does not fit the writer has failed.
 */
#ifndef PCED_CORE_BGP_PRINT_H
#define PCED_CORE_BGP_PRINT_H

#include "core/bgp/codec.h"

struct bgp_print_options {
    bool has_offsets; /* begin each line with the offset in the message */
};

/* fault: of bgp_decode; may be NULL. The text is not ended by a NUL. */
void bgp_print(struct wire_writer *out, const struct bgp_message *message,
               const struct bgp_fault *fault, struct bgp_print_options options);

/* The shutdown communication of a NOTIFICATION (RFC 9003 2): what of it is UTF-8 of its length; size
 * 0 where there is none. */
struct wire_span bgp_shutdown_communication(const struct bgp_notification *notification);

#endif
