/* Ways: every answer that a request on a small network could have, with the links that its traffic may
 * take: all simple paths, or all SID lists of a few segments. Slow, plain, and written from
 * docs/PATHS.md alone. */
#ifndef PCED_TESTS_UNIT_PATH_WAYS_H
#define PCED_TESTS_UNIT_PATH_WAYS_H

#include "tests/unit/path/forward.h"

#define WAYS_MAX       4096
#define WAYS_LINKS_MAX 64 /* a set of links is 64 bits */

struct way {
    uint64_t uses; /* bit per directed link */
    uint32_t sids; /* where their number comes first; else 0 */
    uint64_t metric;
};

struct ways {
    struct way all[WAYS_MAX]; /* of those that use the same links, the best one */
    uint32_t count;
    bool is_full;
};

void ways_find(struct ways *ways, const struct net *net, const struct forward_table *table,
               const struct path_request *request);

/* The links that the labels, or the strict hops, of an answer may lead over. */
uint64_t ways_uses(const struct net *net, const struct forward_table *table,
                   const struct path_request *request, const struct path_result *result);

#endif
