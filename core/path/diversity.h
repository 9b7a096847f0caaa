/* Diversity: in what the paths of several LSPs are apart (RFC 8800 5.2).
 *
 * Thread: any; a set to avoid is its owner's. Owns: nothing. */
#ifndef PCED_CORE_PATH_DIVERSITY_H
#define PCED_CORE_PATH_DIVERSITY_H

#include "core/path/avoid.h"

/* What no two paths share: bits. */
enum path_diversity {
    PATH_DIVERSE_LINK = 1 << 0, /* no link, in whichever direction */
    PATH_DIVERSE_NODE = 1 << 1, /* and no node, but for one that is an end of both */
    PATH_DIVERSE_SRLG = 1 << 2, /* no link, and no SRLG */
};

/* Puts into a set what a path keeps off of one that uses these links, each where its bit is set: the links in
 * both directions, their nodes, their SRLGs. One that is diverse in nodes or SRLGs keeps off the links, too. */
void path_diversity_avoid(struct path_avoid *avoid, uint32_t what, const uint32_t *links,
                          uint32_t count);

#endif
