#include "core/reopt/job_impl.h"

bool job_compute_here(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    bool has_others = reopt->errands != NULL && reopt->work_inline != 0;
    uint64_t work_max =
        reopt->work_inline < REOPT_WORK_PER_TURN ? reopt->work_inline : REOPT_WORK_PER_TURN;
    if (has_others)
        path_compute_within(reopt->resolver.engine, snapshot, &job->request, work_max,
                            &job->result);
    else
        path_compute(reopt->resolver.engine, snapshot, &job->request, &job->result);
    reopt_spend(job->scene, job->result.work);
    bool is_done = !has_others || job->result.outcome != PATH_WORK_EXCEEDED;
    reopt->counters.reopt_computed += is_done;
    return is_done;
}
