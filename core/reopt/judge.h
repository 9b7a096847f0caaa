/* Judge: whether the path that an LSP has keeps to what it asks for, and what it costs.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_JUDGE_H
#define PCED_CORE_REOPT_JUDGE_H

#include "core/path/path.h"
#include "core/reopt/resolve.h"

struct judgement {
    bool keeps;  /* all constraints, and it leads to the destination */
    double cost; /* sum of the request's metric, of the worst branch */
};

/* Whether the request may take the link: affinities, and room. */
bool judge_link(const struct ted_snapshot *snapshot, const struct path_request *request,
                uint32_t link);
struct judgement judge_path(const struct ted_snapshot *snapshot, const struct path_request *request,
                            const struct resolved_path *path);

#endif
