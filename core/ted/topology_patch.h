/* Topology patch: a topology file with some of its nodes and links changed (docs/TOPOLOGY.md, *Changes*).
 *
 *   nodes, links     a thing that is there takes over the keys that are given, and loses those that are null;
 *                    one that is not there comes
 *   withdraw         nodes by name, with their links; links by their ends
 *
 * A link is found by `from` and `to`, and by what is given of its addresses and interface ids.
 *
 * Thread: any. Owns: nothing afterwards. Bound: topology_dom.h; work is linear in the two texts, but for parallel
 * links, of which TOPOLOGY_PATCH_COMPARED_MAX are looked at. */
#ifndef PCED_CORE_TED_TOPOLOGY_PATCH_H
#define PCED_CORE_TED_TOPOLOGY_PATCH_H

#include "core/ted/builder.h"

/* What a patch wants is compared with each link between the same ends, withdrawn ones among them. */
#define TOPOLOGY_PATCH_COMPARED_MAX 4000000

struct topology_span {
    const char *text;
    size_t size;
};

/* *text: the changed file (malloc), JSON with a line for each thing, which nobody has read as a topology yet.
 * PCE_INVALID: the fault names line and element of the patch. PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status topology_patch(struct topology_span file, struct topology_span patch,
                                              char **text, size_t *size, struct ted_fault *fault);

#endif
