/* Path set: paths for several LSPs together that share nothing, or as little as can be (RFC 8800 disjoint
 * associations, path protection, SVEC).
 *
 * path_set_compute answers for two members and more at once. Each member is a request of its own, with
 * its own ends, setup, constraints and bounds; all of that holds for its path as path.h says, for every
 * branch of a segment list too. The sum of what the members minimise is minimised, and the result says
 * whether it is proven to be the least (docs/PATHS.md, Several paths together).
 *
 * Thread: a set belongs to one thread, and so does the engine; the snapshot may be shared.
 * Owns: its scratch memory, grown when a computation first needs it; results point into the set until its
 * next call. Bound: PATH_SET_MAX members, PATH_SET_STEPS_MAX steps of the search with
 * PATH_SET_LINKS_MAX links of their paths, and work_max steps of the engine for the whole call. */
#ifndef PCED_CORE_PATH_PATH_SET_H
#define PCED_CORE_PATH_PATH_SET_H

#include "core/path/diversity.h"
#include "core/path/path.h"

#define PATH_SET_MAX       16
#define PATH_SET_STEPS_MAX 4096
#define PATH_SET_LINKS_MAX (1u << 20)
#define PATH_SET_WORK_MAX  10000000 /* as much as one path may take */

struct path_member {
    struct path_request request;
    /* P flag: the path is the best one that it has alone; of several that are as good, the one that
     * leaves the others most. Nothing is asked between two such members but bandwidth. */
    bool is_first;
    uint32_t weight; /* what its metric counts for in the sum; 0: 1 */
};

struct path_set_request {
    const struct path_member *members;
    uint32_t count;     /* 2 to PATH_SET_MAX */
    uint32_t diversity; /* enum path_diversity bits, one at least */
    /* count * count, symmetric: what each two members do not share, bits of `diversity`; 0: nothing is
     * asked between them but bandwidth. NULL: `diversity` between all. */
    const uint8_t *between;
    /* T flag. Otherwise what is asked is relaxed where there is no such set: node and SRLG, node,
     * SRLG, link, and at last as few shared links as can be. */
    bool is_strict;
    uint64_t work_max; /* 0: PATH_SET_WORK_MAX */
};

struct path_set_result {
    /* PATH_FOUND: every member has a path. PATH_NONE: not all of them can, which is proven;
     * PATH_WORK_EXCEEDED: not all of them have, and nothing is proven. */
    enum path_outcome outcome;
    /* Of each member. Without a set for all of them, those that could be placed one after another
     * have their paths; of the others `unsatisfied` says why, with PATH_CONSTRAINT_EXCLUSION where it
     * is the paths of the others, or their bandwidth. */
    struct path_result members[PATH_SET_MAX];
    uint32_t placed;       /* members that have a path */
    uint32_t diversity;    /* what was asked and holds between all that are placed */
    uint32_t shared_links; /* by two members or more, in whichever direction, over all branches */
    uint32_t shared_nodes; /* the common ends apart */
    uint32_t shared_srlgs;
    /* PATH_FOUND only. No set with `diversity` costs less, shared links counted first; and if it is
     * less than was asked, none exists with more. */
    bool is_optimal;
    double cost;     /* the sum of what the members minimise */
    double cost_min; /* no set that keeps what was asked costs less; 0 where nothing is known */
    uint64_t work;
};

struct path_set;

struct path_set *path_set_create(void); /* NULL when memory ran out */
void path_set_destroy(struct path_set *set);
size_t path_set_octets(const struct path_set *set);

void path_set_compute(struct path_set *set, struct path_engine *engine,
                      const struct ted_snapshot *snapshot, const struct path_set_request *request,
                      struct path_set_result *result);

#endif
