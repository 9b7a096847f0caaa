/* Topology DOM: the text of a topology file as a tree, for who changes parts of it.
 *
 * A scalar becomes its text, whatever it means to the reader; a plain null becomes null. Each item of a list
 * within the first two levels has the line where it began, under TOPOLOGY_DOM_LINE.
 *
 * Thread: any. Owns: nothing; the tree is the caller's. Bound: TOPOLOGY_DOM_DEPTH_MAX levels; as topology_reader.h, so
 * that no text unfolds into more than its own size. */
#ifndef PCED_CORE_TED_TOPOLOGY_DOM_H
#define PCED_CORE_TED_TOPOLOGY_DOM_H

#include "core/ted/builder.h"

#include <jansson.h>

#define TOPOLOGY_DOM_DEPTH_MAX 16
#define TOPOLOGY_DOM_LINE      "" /* no key of a file */

/* The one mapping that the text must be; PCE_INVALID: the fault says where it is none. */
PCE_MUST_CHECK enum pce_status topology_dom_read(const char *text, size_t size, json_t **tree,
                                                 struct ted_fault *fault);

#endif
