/* One core, many takers that give way, lanes of the smallest size: takers are preempted at any
 * point of what they do, and all the same a lane takes what it has room for, and each thing arrives
 * once. Run under ThreadSanitizer too. */
#include "io/share/work_queue.h"
#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/share/mailbox.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#define TAKERS       8
#define PUTTERS      2
#define ROOM_MAX     2
#define THINGS       30000 /* of each putter */
#define TIME_LIMIT_S 120

struct thing {
    unsigned putter;
    unsigned number;
    bool is_out;
};

struct putter {
    struct thread thread;
    unsigned index;
    struct mailbox *mailbox; /* what comes back */
    struct thing things[ROOM_MAX];
    unsigned room, out, back;
};

struct taker {
    struct thread thread;
    unsigned taken;
};

static struct work_queue *queue;
static struct putter putters[PUTTERS];
static struct taker takers[TAKERS];

static void on_mail(void *context, const struct mail *mail)
{
    struct putter *putter = context;
    struct thing *thing = mail->pointers[0];
    CHECK(thing->putter == putter->index && thing->is_out);
    thing->is_out = false;
    putter->out--;
    putter->back++;
}

static void put_one(struct putter *putter)
{
    for (unsigned i = 0; i < putter->room; i++) {
        struct thing *thing = &putter->things[i];
        if (thing->is_out)
            continue;
        *thing = (struct thing){.putter = putter->index, .number = putter->back, .is_out = true};
        putter->out++;
        CHECK(work_queue_put(queue, putter->index, thing) == PCE_OK);
        return;
    }
}

static void run_putter(void *context)
{
    struct putter *putter = context;
    struct mono deadline = mono_add_s(clock_now(), TIME_LIMIT_S);
    while (putter->back < THINGS) {
        while (putter->out < putter->room)
            put_one(putter);
        CHECK(mailbox_wait(putter->mailbox, deadline) == PCE_OK);
    }
    while (putter->out > 0)
        CHECK(mailbox_wait(putter->mailbox, deadline) == PCE_OK);
}

static void run_taker(void *context)
{
    struct taker *taker = context;
    struct thing *thing;
    unsigned next = 0;
    thread_give_way();
    while ((thing = work_queue_take(queue, &next)) != NULL) {
        const struct mail mail = {.pointers = {thing}};
        taker->taken++;
        /* It holds all that can be on its way there. */
        CHECK(mailbox_post(putters[thing->putter].mailbox, &mail, NULL) == PCE_OK);
    }
}

static void run(unsigned room)
{
    unsigned taken = 0, back = 0;
    memset(putters, 0, sizeof putters);
    memset(takers, 0, sizeof takers);
    CHECK(work_queue_create(PUTTERS, room, &queue) == PCE_OK);
    for (unsigned i = 0; i < PUTTERS; i++) {
        putters[i].index = i;
        putters[i].room = room;
        CHECK(mailbox_create(room, on_mail, &putters[i], &putters[i].mailbox) == PCE_OK);
    }
    for (unsigned i = 0; i < TAKERS; i++)
        CHECK(thread_start(&takers[i].thread, "taker", THREAD_CPU_ANY, run_taker, &takers[i],
                           NULL) == PCE_OK);
    for (unsigned i = 0; i < PUTTERS; i++)
        CHECK(thread_start(&putters[i].thread, "putter", THREAD_CPU_ANY, run_putter, &putters[i],
                           NULL) == PCE_OK);
    for (unsigned i = 0; i < PUTTERS; i++)
        thread_join(&putters[i].thread);
    work_queue_close(queue, TAKERS);
    for (unsigned i = 0; i < TAKERS; i++) {
        thread_join(&takers[i].thread);
        taken += takers[i].taken;
    }
    for (unsigned i = 0; i < PUTTERS; i++) {
        back += putters[i].back;
        mailbox_destroy(putters[i].mailbox);
    }
    CHECK(taken == back);
    printf("work queue, lanes of %u: %u things came back\n", room, back);
    work_queue_destroy(queue);
}

int main(void)
{
    cpu_set_t core;
    int here = sched_getcpu();
    CPU_ZERO(&core);
    CPU_SET(here < 0 ? 0U : (unsigned)here, &core);
    if (sched_setaffinity(0, sizeof core, &core) != 0)
        printf("the threads run on all cores\n");
    run(1);
    run(ROOM_MAX);
    return 0;
}
