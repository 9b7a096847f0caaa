#include "server/topology/topology.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/share/mailbox.h"
#include "server/topology/load.h"
#include "server/topology/publish.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdlib.h>

#define TOPOLOGY_MAILBOX_ROOM 16
/* While replaced snapshots wait for their readers they are looked for so often. */
#define TOPOLOGY_POLL_MS 200

enum topology_mail { TOPOLOGY_MAIL_LOAD, TOPOLOGY_MAIL_STOP };

/* The one question of the main thread; it waits in `answered`. */
struct topology_question {
    const char *file;
    struct failure *failure;
    enum pce_status status;
};

struct topology {
    struct topology_options options;
    struct thread thread;
    struct mailbox *mailbox;
    struct topology_publisher publisher;
    struct topology_question question;
    sem_t answered;
    bool is_stopping;
    bool is_waiting; /* replaced snapshots wait for their readers */
};

/* ---- on the topology thread ---- */

static enum pce_status topology_load_snapshot(struct topology *topology)
{
    struct topology_question *question = &topology->question;
    struct ted_snapshot *snapshot = NULL;
    char text[FAILURE_TEXT_SIZE];
    enum pce_status status = topology_load(question->file, &snapshot, text, sizeof text);
    bool is_machines = status == PCE_NO_MEMORY || status == PCE_LIMIT;
    if (status != PCE_OK) /* not there, not readable, wrong: all the same to the operator */
        return failure_set(question->failure, is_machines ? status : PCE_INVALID, "%s", text);
    status = topology_publish(&topology->publisher, snapshot, question->file);
    if (status != PCE_OK)
        return failure_set(question->failure, status, "cannot publish the topology %s: %s",
                           question->file, pce_status_text(status));
    return PCE_OK;
}

static enum pce_status topology_answer_load(struct topology *topology)
{
    struct topology_question *question = &topology->question;
    if (question->file[0] != '\0')
        return topology_load_snapshot(topology);
    enum pce_status status = topology_publish(&topology->publisher, NULL, "");
    if (status != PCE_OK)
        return failure_set(question->failure, status, "cannot withdraw the topology: %s",
                           pce_status_text(status));
    return PCE_OK;
}

static void topology_answer(struct topology *topology, enum pce_status status)
{
    topology->question.status = status;
    /* cannot fail: one question is open at a time, so that the count is 0 or 1 */
    (void)sem_post(&topology->answered);
}

static void topology_on_mail(void *context, const struct mail *mail)
{
    struct topology *topology = context;
    switch ((enum topology_mail)mail->kind) {
    case TOPOLOGY_MAIL_LOAD:
        topology_answer(topology, topology_answer_load(topology));
        break;
    case TOPOLOGY_MAIL_STOP:
        topology->is_stopping = true;
        break;
    }
}

static enum pce_status topology_open_thread(struct topology *topology)
{
    enum pce_status status = topology_publisher_init(&topology->publisher, &topology->options);
    return status == PCE_OK ? PCE_OK
                            : failure_set(topology->question.failure, status,
                                          "no memory for the topology thread");
}

static void topology_turn(struct topology *topology)
{
    struct mono deadline =
        topology->is_waiting ? mono_add_ms(clock_now(), TOPOLOGY_POLL_MS) : MONO_NEVER;
    (void)!mailbox_wait(topology->mailbox, deadline);
    topology->is_waiting = snapshot_poll(topology->publisher.publisher) > 0;
}

static void topology_run(void *context)
{
    struct topology *topology = context;
    enum pce_status status = topology_open_thread(topology);
    topology_answer(topology, status);
    while (status == PCE_OK && !topology->is_stopping)
        topology_turn(topology);
    topology_publisher_fini(&topology->publisher);
}

/* ---- on the main thread ---- */

static enum pce_status topology_wait(struct topology *topology)
{
    while (sem_wait(&topology->answered) != 0)
        CHECK(errno == EINTR); /* cannot fail otherwise: the semaphore is ours */
    return topology->question.status;
}

static void topology_free(struct topology *topology)
{
    if (topology->mailbox != NULL)
        mailbox_destroy(topology->mailbox);
    (void)sem_destroy(&topology->answered);
    free(topology);
}

enum pce_status topology_open(const struct topology_options *options, struct topology **topology,
                              struct failure *failure)
{
    struct topology *opened = calloc(1, sizeof *opened);
    *topology = NULL;
    if (opened == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the topology thread");
    opened->options = *options;
    opened->question.failure = failure;
    if (sem_init(&opened->answered, 0, 0) != 0) {
        free(opened);
        return failure_set(failure, PCE_LIMIT, "no semaphore for the topology thread");
    }
    enum pce_status status =
        mailbox_create(TOPOLOGY_MAILBOX_ROOM, topology_on_mail, opened, &opened->mailbox);
    if (status != PCE_OK)
        (void)!failure_set(failure, status, "no memory for the topology thread");
    else
        status = thread_start(&opened->thread, "pced-topology", THREAD_CPU_ANY, topology_run,
                              opened, failure);
    if (status != PCE_OK) {
        topology_free(opened);
        return status;
    }
    status = topology_wait(opened);
    if (status == PCE_OK) {
        *topology = opened;
        return PCE_OK;
    }
    thread_join(&opened->thread);
    topology_free(opened);
    return status;
}

enum pce_status topology_load_file(struct topology *topology, const char *file,
                                   struct failure *failure)
{
    const struct mail mail = {.kind = TOPOLOGY_MAIL_LOAD};
    topology->question = (struct topology_question){.file = file, .failure = failure};
    enum pce_status status = mailbox_post(topology->mailbox, &mail, NULL);
    if (status != PCE_OK)
        return failure_set(failure, status, "the topology thread takes no questions");
    return topology_wait(topology);
}

uint64_t topology_generation(const struct topology *topology)
{
    return counter_get(&topology->publisher.generation);
}

void topology_close(struct topology *topology)
{
    const struct mail mail = {.kind = TOPOLOGY_MAIL_STOP};
    if (topology == NULL)
        return;
    /* The mailbox is emptied turn by turn, and nobody else posts by now. */
    while (mailbox_post(topology->mailbox, &mail, NULL) != PCE_OK)
        (void)poll(NULL, 0, 1);
    thread_join(&topology->thread);
    topology_free(topology);
}
