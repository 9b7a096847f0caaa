/* Several producers, with and without a ring of their own, post to one receiver; what they hand
 * over is written by one thread and read and freed by the other. Run under ThreadSanitizer. */
#include "io/share/mailbox.h"
#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/ring/ring.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#define PRODUCERS    4
#define MESSAGES     20000
#define CAPACITY     256
#define TIME_LIMIT_S 120

struct parcel {
    unsigned producer;
    unsigned number;
};

struct receiver {
    struct mailbox *mailbox;
    unsigned next[PRODUCERS]; /* messages of one producer keep their order */
    unsigned count;
    bool has_ring;
};

struct producer {
    struct thread thread;
    struct mailbox *mailbox;
    unsigned index;
    bool has_ring;
};

static struct ring *ring_open(void)
{
    struct ring_options options = {.file_count = 16, .buffer_count = 4};
    struct failure failure = {""};
    struct ring *ring;
    if (ring_create(&options, &ring, &failure) != PCE_OK) {
        printf("SKIP: %s\n", failure.text);
        exit(77);
    }
    return ring;
}

static void on_mail(void *context, const struct mail *mail)
{
    struct receiver *receiver = context;
    struct parcel *parcel = mail->pointers[0];
    CHECK(mail->from == parcel->producer);
    CHECK(parcel->number == receiver->next[parcel->producer]);
    receiver->next[parcel->producer]++;
    receiver->count++;
    free(parcel);
}

static void produce(void *context)
{
    struct producer *producer = context;
    struct ring *ring = producer->has_ring ? ring_open() : NULL;
    for (unsigned i = 0; i < MESSAGES; i++) {
        struct parcel *parcel = malloc(sizeof *parcel);
        CHECK(parcel != NULL);
        *parcel = (struct parcel){producer->index, i};
        struct mail mail = {.kind = 1, .from = producer->index, .pointers = {parcel}};
        enum pce_status status;
        while ((status = mailbox_post(producer->mailbox, &mail, ring)) == PCE_LIMIT) {
            struct mono soon = mono_add_ms(clock_now(), 1);
            if (ring != NULL)
                CHECK(ring_turn(ring, soon) != PCE_IO);
            else
                (void)sched_yield();
        }
        CHECK(status == PCE_OK);
        if (ring != NULL && i % 8 == 0)
            CHECK(ring_turn(ring, (struct mono){0}) != PCE_IO);
    }
    if (ring != NULL) {
        CHECK(ring_turn(ring, (struct mono){0}) != PCE_IO);
        ring_destroy(ring);
    }
}

static void receive(void *context)
{
    struct receiver *receiver = context;
    struct ring *ring = NULL;
    if (receiver->has_ring) {
        ring = ring_open();
        CHECK(mailbox_attach(receiver->mailbox, ring) == PCE_OK);
    }
    struct mono deadline = mono_add_s(clock_now(), TIME_LIMIT_S);
    while (receiver->count < PRODUCERS * MESSAGES) {
        enum pce_status status =
            ring != NULL ? ring_turn(ring, deadline) : mailbox_wait(receiver->mailbox, deadline);
        CHECK(status == PCE_OK || mono_is_before(clock_now(), deadline));
    }
    if (ring == NULL)
        return;
    mailbox_detach(receiver->mailbox);
    CHECK(ring_settle(ring, deadline) == PCE_OK);
    ring_destroy(ring);
}

static void run(bool receiver_has_ring)
{
    struct receiver receiver = {.has_ring = receiver_has_ring};
    CHECK(mailbox_create(CAPACITY, on_mail, &receiver, &receiver.mailbox) == PCE_OK);
    struct thread thread;
    CHECK(thread_start(&thread, "receiver", THREAD_CPU_ANY, receive, &receiver, NULL) == PCE_OK);
    struct producer producers[PRODUCERS];
    for (unsigned i = 0; i < PRODUCERS; i++) {
        producers[i] =
            (struct producer){.mailbox = receiver.mailbox, .index = i, .has_ring = i % 2 == 0};
        CHECK(thread_start(&producers[i].thread, "producer", THREAD_CPU_ANY, produce, &producers[i],
                           NULL) == PCE_OK);
    }
    for (unsigned i = 0; i < PRODUCERS; i++)
        thread_join(&producers[i].thread);
    thread_join(&thread);
    printf("mailbox, receiver %s: %u messages, %llu refusals, %llu wakes\n",
           receiver_has_ring ? "with a ring" : "without a ring", receiver.count,
           (unsigned long long)mailbox_refused(receiver.mailbox),
           (unsigned long long)mailbox_wakes(receiver.mailbox));
    mailbox_destroy(receiver.mailbox);
}

int main(void)
{
    run(true);
    run(false);
    return 0;
}
