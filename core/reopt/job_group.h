/* Job group: an LSP in a group, as its group's owner is told of it, and moved as that says.
 *
 * Internal to core/reopt: group_side.c.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_JOB_GROUP_H
#define PCED_CORE_REOPT_JOB_GROUP_H

#include "core/reopt/group_letter.h"
#include "core/reopt/job.h"

enum job_group_outcome {
    JOB_GROUP_KEPT,    /* it is there already, or its PCC cannot be asked */
    JOB_GROUP_ORDERED, /* its PCC is asked */
    JOB_GROUP_PAUSED,  /* it was asked the same just now: not again yet */
    JOB_GROUP_AGAIN,   /* it is not so any more: to be told anew */
};

/* The links, by their numbers, that its group has ordered it onto; 0: that is not known. */
struct job_ordered {
    const uint32_t *numbers;
    uint32_t count;
};

/* A tell without name, want and sequence, of the LSP as it is now; NULL: no memory. */
struct group_tell *job_group_tell(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                                  const struct job_ordered *known);

/* objects: the ASSOCIATION that goes with the order; may be empty. */
enum job_group_outcome job_group_move(struct reopt *reopt, struct reopt_scene *scene,
                                      struct lsp *lsp, const struct group_verdict *verdict,
                                      struct wire_span objects);
/* It needs a path and gets none; a path that is broken is taken off it where the group is strict
 * (RFC 8800 5.6). */
void job_group_block(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                     const struct group_verdict *verdict, struct wire_span objects);
/* It stays, and is well. Objects that are to be told go to its PCC with the path that it has; false:
 * it cannot be told now. */
bool job_group_stay(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                    struct wire_span objects);

#endif
