#include "server/northbound/path_asking.h"

#include "core/base/check.h"
#include "server/northbound/northbound.h"
#include "server/shard/errands.h"

#include <stdlib.h>

struct path_askings {
    struct errands errands;
};

/* One on its way. It is not a part of the asking: its computation may live longer, at the end. */
struct path_asking_task {
    struct computation_task task;
    struct path_asking *asking;
    const struct ted_reservations *held;
};

static struct path_asking_task *path_asking_task_of(struct computation_task *task)
{
    return CONTAINER_OF(task, struct path_asking_task, task);
}

static void path_asking_run(struct computation_task *task, struct path_engine *engine,
                            const struct ted_snapshot *snapshot)
{
    const struct path_asking_task *own = path_asking_task_of(task);
    own->asking->answer = path_query_answer(&own->asking->query, engine, snapshot, own->held);
}

static void path_asking_drop(struct computation_task *task)
{
    free(path_asking_task_of(task));
}

static void path_asking_end(struct shard *shard, struct envelope *envelope,
                            enum path_asking_outcome outcome)
{
    struct path_asking *asking = envelope->argument;
    asking->outcome = outcome;
    counter_add(outcome == PATH_ASKING_ANSWERED ? &shard->counters.paths_asked
                                                : &shard->counters.paths_unanswered,
                1);
    northbound_answer(shard, envelope);
}

/* The tag of its errand is the envelope. */
void order_path_compute(struct shard *shard, struct envelope *envelope)
{
    const struct ted_snapshot *snapshot = shard->requests.snapshot;
    if (snapshot == NULL) {
        path_asking_end(shard, envelope, PATH_ASKING_NO_NETWORK);
        return;
    }
    struct path_asking_task *own = calloc(1, sizeof *own);
    if (own == NULL) {
        path_asking_end(shard, envelope, PATH_ASKING_BUSY);
        return;
    }
    *own = (struct path_asking_task){.task = {.run = path_asking_run, .drop = path_asking_drop},
                                     .asking = envelope->argument,
                                     .held = shard->shared->reservations};
    if (errands_send_task(&shard->path_askings->errands, (uintptr_t)envelope, &own->task,
                          snapshot->serial, true) != PCE_OK)
        path_asking_end(shard, envelope, PATH_ASKING_BUSY);
}

/* ---- the part ---- */

static enum pce_status path_askings_init(struct shard *shard)
{
    struct path_askings *own = calloc(1, sizeof *own);
    shard->path_askings = own;
    if (own == NULL || shard_errands_init(shard, &own->errands, COMPUTATION_OF_OPERATORS) != PCE_OK)
        return failure_set(&shard->failure, PCE_NO_MEMORY, "no memory for paths that are asked");
    return PCE_OK;
}

static void path_askings_fini(struct shard *shard)
{
    if (shard->path_askings == NULL)
        return;
    errands_fini(&shard->path_askings->errands);
    free(shard->path_askings);
    shard->path_askings = NULL;
}

static void path_askings_on_mail(struct shard *shard, const struct mail *mail)
{
    errands_on_back(&shard->path_askings->errands, mail->pointers[0]);
}

static void path_askings_on_turn(struct shard *shard)
{
    struct errands *errands = &shard->path_askings->errands;
    const struct computation *computation;
    uint64_t tag;
    while (errands_is_back(errands) && (computation = errands_next(errands, &tag)) != NULL) {
        struct envelope *envelope = (struct envelope *)(uintptr_t)tag;
        path_asking_end(shard, envelope, /* patient ones are stale where there is no network */
                        computation->is_stale ? PATH_ASKING_NO_NETWORK : PATH_ASKING_ANSWERED);
    }
}

const struct shard_part path_askings_part = {
    .name = "path askings",
    .mails = UINT32_C(1) << SHARD_MAIL_COMPUTED_ASKING,
    .init = path_askings_init,
    .on_mail = path_askings_on_mail,
    .on_turn = path_askings_on_turn,
    .fini = path_askings_fini,
};
