/* A job as the parts of core/reopt that do it see it: job.c reads what the LSP asks for and has its
 * path computed, job_move.c moves it there.
 *
 * Internal to core/reopt: job.c, job_move.c.
 *
 * Thread: the owning shard. Owns: nothing. Bound: one LSP. */
#ifndef PCED_CORE_REOPT_JOB_IMPL_H
#define PCED_CORE_REOPT_JOB_IMPL_H

#include "core/reopt/judge.h"
#include "core/reopt/lsp_reading.h"
#include "core/reopt/reopt.h"

/* One look at an LSP. */
struct job {
    struct reopt *reopt;
    struct reopt_scene *scene;
    struct lsp *lsp;
    struct lsp_reading reading;
    struct path_request request;
    struct path_reservations reservations;
    struct path_result result;
    enum reopt_cause cause;
    struct judgement judgement; /* of the path that it has */
};

/* The path that was computed is taken, where that is due. */
void job_decide(struct job *job);

#endif
