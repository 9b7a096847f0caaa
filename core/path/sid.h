/* SIDs of nodes and links, as the parts of a list.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PATH_SID_H
#define PCED_CORE_PATH_SID_H

#include "core/path/problem.h"

/* The label of a node's SID for the node itself; TED_NONE: it has none that may be used. */
uint32_t sid_label_of_node(const struct problem *problem, uint32_t node);

/* A node segment to a node, by the label that the node before understands. */
struct path_sid sid_of_node(uint32_t label, uint32_t node);

/* The adjacency SID of a link, of those that the protection allows; TED_NONE as label when it has
 * none. */
struct path_sid sid_of_link(const struct problem *problem, uint32_t link);

#endif
