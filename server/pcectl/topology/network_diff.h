/* Network diff: what one network has and another one has not, and which values are others.
 *
 * Nodes are the same by their names. Links are the same, direction by direction, by the names of
 * their nodes and what names their ends; those that are left over between two nodes are paired in
 * their order, so that a new address is a value that has changed.
 *
 * Thread: the only one. Owns: nothing afterwards. Bound: a few octets for each node and link. */
#ifndef PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_DIFF_H
#define PCED_SERVER_PCECTL_TOPOLOGY_NETWORK_DIFF_H

#include "core/base/status.h"
#include "core/ted/ted.h"

#include <stdbool.h>

struct network_difference {
    const char *what;  /* "added", "removed", "changed" */
    const char *kind;  /* "node", "link", "network" */
    const char *name;  /* which one */
    const char *key;   /* "changed": which value, as in a topology file; else NULL */
    const char *older; /* NULL: what a reader of the file assumes */
    const char *newer;
};

/* Called for each difference, all values of one thing in a row; the texts last for the call. */
typedef void network_diff_fn(void *context, const struct network_difference *difference);

PCE_MUST_CHECK enum pce_status network_diff(const struct ted_snapshot *older,
                                            const struct ted_snapshot *newer, network_diff_fn *tell,
                                            void *context);

#endif
