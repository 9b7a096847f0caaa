/* Print: a decoded message as text for people.
 *
 * One line for each object, TLV and subobject, indented; flags spelled out, unknown things as
 * octets, and a line that begins with "!" below each object that is wrong inside.
 *
 * Thread: any. Owns: nothing. Bound: the writer's room; when it does not fit the writer has failed.
 */
#ifndef PCED_CORE_PCEP_PRINT_H
#define PCED_CORE_PCEP_PRINT_H

#include "core/pcep/codec.h"

struct pcep_print_options {
    bool has_offsets; /* begin each line with the offset in the message */
};

/* fault: of pcep_decode or of the grammar; may be NULL. The text is not ended by a NUL. */
void pcep_print(struct wire_writer *out, const struct pcep_message *message,
                const struct pcep_fault *fault, struct pcep_print_options options);

#endif
