#include "server/topology/topology.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/ring/ring.h"
#include "io/share/mailbox.h"
#include "io/store/store.h"
#include "server/log/log.h"
#include "server/settings/network_figures.h"
#include "server/topology/topology_impl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#define TOPOLOGY_MAILBOX_ROOM 16
/* While replaced snapshots wait for their readers they are looked for so often. */
#define TOPOLOGY_POLL_MS 200
/* How long sessions may take to end. */
#define TOPOLOGY_STOP_MS 3000

/* ---- the thread ---- */

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
    case TOPOLOGY_MAIL_USE:
        topology_answer(topology, topology_answer_use(topology));
        break;
    case TOPOLOGY_MAIL_STORE:
        topology_answer(topology, topology_answer_store(topology));
        break;
    case TOPOLOGY_MAIL_ASK:
        topology_answer_ask(topology, mail->pointers[0]);
        break;
    case TOPOLOGY_MAIL_STORED:
        api_order_on_stored(topology, &(struct store_result){(enum pce_status)mail->words[0],
                                                             (int)(int64_t)mail->words[1]});
        break;
    case TOPOLOGY_MAIL_STOP:
        topology->is_stopping = true;
        break;
    }
}

static enum pce_status topology_open_thread(struct topology *topology)
{
    enum pce_status status = topology_publisher_init(&topology->publisher, &topology->options);
    gather_begin(&topology->gather, 0);
    topology->api.retry = MONO_NEVER;
    return status == PCE_OK ? PCE_OK
                            : failure_set(topology->question.failure, status,
                                          "no memory for the topology thread");
}

static struct mono topology_deadline(const struct topology *topology)
{
    bool polls = topology->is_waiting || topology->answered_ask != NULL;
    struct mono now = clock_now();
    struct mono deadline = polls ? mono_add_ms(now, TOPOLOGY_POLL_MS) : MONO_NEVER;
    deadline = mono_min(deadline, surveying_deadline(&topology->publisher.surveying, now));
    deadline = mono_min(deadline, topology->api.retry);
    if (topology->ring == NULL)
        return deadline;
    deadline = mono_min(deadline, speaker_deadline(&topology->speaker));
    return mono_min(deadline, topology_gather_deadline(topology, now));
}

/* Nothing can be learned from routers any more; what is published stays, and files are read. */
static void topology_lose_ring(struct topology *topology)
{
    static struct log_site site = LOG_SITE(ERROR, "topology: the ring has failed");
    struct log_line line;
    topology->has_ring_failed = true;
    mailbox_detach(topology->mailbox);
    if (log_begin(&line, &site))
        log_end(&line);
}

static void topology_wait_turn(struct topology *topology)
{
    struct mono deadline = topology_deadline(topology);
    if (topology->ring == NULL || topology->has_ring_failed)
        (void)!mailbox_wait(topology->mailbox, deadline);
    else if (ring_turn(topology->ring, deadline) == PCE_IO)
        topology_lose_ring(topology);
}

static void topology_turn(struct topology *topology)
{
    topology_wait_turn(topology);
    struct mono now = clock_now();
    if (topology->ring != NULL)
        speaker_turn(&topology->speaker, now);
    api_sources_turn(topology, now);
    if (topology->is_merged)
        topology_gather(topology, now);
    topology_survey(topology);
    topology_give_back(topology);
    topology->is_waiting = snapshot_poll(topology->publisher.publisher) > 0;
    if (topology->ring != NULL)
        topology_count(topology);
}

/* Sessions are ended in order, as far as the time goes. */
static void topology_close_speaker(struct topology *topology)
{
    struct mono deadline = mono_add_ms(clock_now(), TOPOLOGY_STOP_MS);
    if (topology->speaker.pool == NULL)
        return;
    speaker_stop(&topology->speaker, clock_now());
    while (!topology->has_ring_failed && !speaker_is_idle(&topology->speaker) &&
           mono_is_before(clock_now(), deadline)) {
        (void)!ring_turn(topology->ring, mono_min(deadline, speaker_deadline(&topology->speaker)));
        speaker_turn(&topology->speaker, clock_now());
    }
}

static void topology_close_thread(struct topology *topology)
{
    topology_close_speaker(topology);
    topology_publisher_fini(&topology->publisher);
    api_sources_fini(&topology->api);
    if (topology->ring == NULL || topology->has_ring_failed)
        return; /* what a ring that has failed holds is the kernel's until the process ends */
    conn_pool_reset_all(topology->speaker.pool);
    mailbox_detach(topology->mailbox);
    (void)!ring_settle(topology->ring, mono_add_ms(clock_now(), TOPOLOGY_STOP_MS));
    if (conn_pool_count(topology->speaker.pool) > 0)
        return; /* likewise, what a busy machine has not given back in time */
    speaker_fini(&topology->speaker);
    ring_destroy(topology->ring);
    rib_destroy(topology->rib);
}

static void topology_run(void *context)
{
    struct topology *topology = context;
    enum pce_status status = topology_open_thread(topology);
    topology_answer(topology, status);
    while (status == PCE_OK && !topology->is_stopping)
        topology_turn(topology);
    topology_close_thread(topology);
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

/* question: as the mail of this kind is answered. */
static enum pce_status topology_question(struct topology *topology, enum topology_mail kind,
                                         const struct topology_question *question)
{
    const struct mail mail = {.kind = kind};
    topology->question = *question;
    enum pce_status status = mailbox_post(topology->mailbox, &mail, NULL);
    if (status != PCE_OK)
        return failure_set(question->failure, status, "the topology thread takes no questions");
    return topology_wait(topology);
}

enum pce_status topology_use(struct topology *topology, const struct topology_sources *sources,
                             struct failure *failure)
{
    return topology_question(topology, TOPOLOGY_MAIL_USE,
                             &(struct topology_question){.sources = sources, .failure = failure});
}

enum pce_status topology_use_store(struct topology *topology, struct stored *stored,
                                   struct api_seeds *seeds, struct failure *failure)
{
    return topology_question(
        topology, TOPOLOGY_MAIL_STORE,
        &(struct topology_question){.stored = stored, .seeds = seeds, .failure = failure});
}

uint64_t topology_generation(const struct topology *topology)
{
    return counter_get(&topology->options.figures->topology_published);
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
