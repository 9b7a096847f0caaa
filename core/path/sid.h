/* SIDs of nodes and links, as the parts of a list: labels, or SIDs of SRv6.
 *
 * What is assumed of SRv6: the locator of a node's End is advertised in the IGP that the snapshot
 * shows, in the topology whose metric it has. So every node, whether it knows SRv6 or not, forwards
 * to that End along all shortest paths (RFC 8986 4.1, RFC 8754 4.2). Of an End.X no more is assumed
 * than that its own node knows it: in a list it stands where the segment before has led there, and
 * never takes the place of the node's End, though its locator may lead there as well.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_PATH_SID_H
#define PCED_CORE_PATH_SID_H

#include "core/path/problem.h"

/* Whether a node has a SID that may be used. *index_end_min: labels for SID indexes up to there have
 * to be known (snapshot->sid_index_ends) by each node on the way; 0: none has to. */
bool sid_is_of_node(const struct problem *problem, uint32_t node, uint32_t *index_end_min);

/* The segment to a node, as the node `from` understands it, where labels for SID indexes below
 * index_end are known on the way. false: there is none. sid: NULL where it is not wanted. */
bool sid_of_node(const struct problem *problem, uint32_t from, uint32_t node, uint32_t index_end,
                 struct path_sid *sid);

/* The segment over a link, by a SID of those that the protection allows; else the same. */
bool sid_of_link(const struct problem *problem, uint32_t link, struct path_sid *sid);

#endif
