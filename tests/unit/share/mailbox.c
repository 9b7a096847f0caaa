/* Mailboxes within one thread and between two; races are looked for in tests/race. */
#include "io/share/mailbox.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "io/ring/ring.h"

#include <criterion/criterion.h>
#include <poll.h>

struct reader {
    uint64_t count;
    uint64_t sum;
    uint32_t last_kind;
};

static void on_mail(void *context, const struct mail *mail)
{
    struct reader *reader = context;
    reader->count++;
    reader->sum += mail->words[0];
    reader->last_kind = mail->kind;
}

static struct ring *ring_open(void)
{
    struct ring_options options = {.file_count = 16, .buffer_count = 4};
    struct failure failure;
    struct ring *ring;
    cr_assert_eq(ring_create(&options, &ring, &failure), PCE_OK, "%s", failure.text);
    return ring;
}

Test(mailbox, hands_over_in_order_and_refuses_when_full)
{
    struct reader reader = {0};
    struct mailbox *mailbox;
    cr_assert_eq(mailbox_create(7, on_mail, &reader, &mailbox), PCE_OK);
    for (uint32_t i = 0; i < 8; i++) {
        struct mail mail = {.kind = i, .words = {i}};
        cr_assert_eq(mailbox_post(mailbox, &mail, NULL), PCE_OK);
    }
    struct mail one_more = {.kind = 99};
    cr_assert_eq(mailbox_post(mailbox, &one_more, NULL), PCE_LIMIT);
    cr_assert_eq(mailbox_count(mailbox), 8);
    cr_assert_eq(mailbox_refused(mailbox), 1);
    cr_assert_eq(mailbox_drain(mailbox), 8);
    cr_assert_eq(reader.last_kind, 7);
    cr_assert_eq(reader.sum, 28);
    cr_assert_eq(mailbox_post(mailbox, &one_more, NULL), PCE_OK);
    cr_assert_eq(mailbox_wakes(mailbox), 0, "nobody slept");
    mailbox_destroy(mailbox);
}

Test(mailbox, wait_ends_at_its_deadline)
{
    struct reader reader = {0};
    struct mailbox *mailbox;
    cr_assert_eq(mailbox_create(4, on_mail, &reader, &mailbox), PCE_OK);
    struct mono deadline = mono_add_ms(clock_now(), 10);
    cr_assert_eq(mailbox_wait(mailbox, deadline), PCE_TIMEOUT);
    cr_assert(!mono_is_before(clock_now(), deadline));
    mailbox_destroy(mailbox);
}

/* A thread that sleeps in its ring, or in mailbox_wait, until it was sent `count` messages. */
struct sleeper {
    struct mailbox *mailbox;
    struct reader reader;
    bool has_ring;
    uint64_t count;
    _Atomic int is_ready;
};

static void sleep_for_mail(void *context)
{
    struct sleeper *sleeper = context;
    struct ring *ring = NULL;
    if (sleeper->has_ring) {
        ring = ring_open();
        cr_assert_eq(mailbox_attach(sleeper->mailbox, ring), PCE_OK);
    }
    sleeper->is_ready = 1;
    struct mono deadline = mono_add_s(clock_now(), 20);
    while (sleeper->reader.count < sleeper->count && mono_is_before(clock_now(), deadline)) {
        if (ring != NULL)
            cr_assert_neq(ring_turn(ring, deadline), PCE_IO);
        else
            cr_assert_neq(mailbox_wait(sleeper->mailbox, deadline), PCE_IO);
    }
    if (ring == NULL)
        return;
    mailbox_detach(sleeper->mailbox);
    cr_assert_eq(ring_settle(ring, deadline), PCE_OK);
    ring_destroy(ring);
}

/* One message at a time, each after the last was taken, so that the receiver sleeps in between. */
static void wake_often(bool receiver_has_ring, bool sender_has_ring)
{
    struct sleeper sleeper = {.has_ring = receiver_has_ring, .count = 200};
    cr_assert_eq(mailbox_create(4, on_mail, &sleeper.reader, &sleeper.mailbox), PCE_OK);
    struct thread thread;
    cr_assert_eq(thread_start(&thread, "sleeper", THREAD_CPU_ANY, sleep_for_mail, &sleeper, NULL),
                 PCE_OK);
    struct ring *own = sender_has_ring ? ring_open() : NULL;
    struct mono deadline = mono_add_s(clock_now(), 20);
    for (uint64_t i = 0; i < sleeper.count;) {
        struct mail mail = {.kind = 1, .words = {i}};
        bool is_taken = sleeper.is_ready && mailbox_count(sleeper.mailbox) == 0;
        if (is_taken && mailbox_post(sleeper.mailbox, &mail, own) == PCE_OK)
            i++;
        if (own != NULL)
            cr_assert_neq(ring_turn(own, (struct mono){0}), PCE_IO);
        cr_assert(mono_is_before(clock_now(), deadline), "the receiver sleeps on");
    }
    thread_join(&thread);
    cr_assert_eq(sleeper.reader.count, sleeper.count);
    cr_assert_eq(sleeper.reader.sum, sleeper.count * (sleeper.count - 1) / 2);
    cr_assert(mailbox_wakes(sleeper.mailbox) > 0);
    mailbox_destroy(sleeper.mailbox);
    if (own != NULL)
        ring_destroy(own);
}

Test(mailbox, a_ring_wakes_a_ring)
{
    wake_often(true, true);
}

Test(mailbox, a_thread_without_a_ring_wakes_a_ring)
{
    wake_often(true, false);
}

Test(mailbox, a_ring_wakes_a_thread_without_one)
{
    wake_often(false, true);
}

Test(mailbox, a_message_that_waits_keeps_the_ring_from_sleeping)
{
    struct reader reader = {0};
    struct mailbox *mailbox;
    cr_assert_eq(mailbox_create(4000, on_mail, &reader, &mailbox), PCE_OK);
    struct ring *ring = ring_open();
    cr_assert_eq(mailbox_attach(mailbox, ring), PCE_OK);
    struct mail mail = {.kind = 1, .words = {1}};
    for (int i = 0; i < MAILBOX_BATCH_MAX + 10; i++)
        cr_assert_eq(mailbox_post(mailbox, &mail, ring), PCE_OK);
    cr_assert_eq(ring_turn(ring, MONO_NEVER), PCE_OK);
    cr_assert_eq(reader.count, MAILBOX_BATCH_MAX, "a turn is bounded");
    cr_assert_eq(ring_turn(ring, MONO_NEVER), PCE_OK);
    cr_assert_eq(reader.count, MAILBOX_BATCH_MAX + 10);
    mailbox_detach(mailbox);
    cr_assert_eq(ring_settle(ring, mono_add_s(clock_now(), 10)), PCE_OK);
    ring_destroy(ring);
    mailbox_destroy(mailbox);
}

/* A poll loop without a ring sleeps on the descriptor, and must not miss what came meanwhile. */
Test(mailbox, its_descriptor_is_readable_as_soon_as_a_message_comes_after_attend)
{
    struct reader reader = {0};
    struct mailbox *mailbox;
    cr_assert_eq(mailbox_create(4, on_mail, &reader, &mailbox), PCE_OK);
    struct pollfd file = {.fd = mailbox_descriptor(mailbox), .events = POLLIN};
    struct mail mail = {.kind = 1, .words = {1}};
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(mailbox_attend(mailbox), 0);
        cr_expect_eq(poll(&file, 1, 0), 0);
        cr_assert_eq(mailbox_post(mailbox, &mail, NULL), PCE_OK);
        cr_expect_eq(poll(&file, 1, 0), 1);
        cr_expect_eq(mailbox_attend(mailbox), 1);
    }
    cr_expect_eq(reader.count, 3);
    mailbox_destroy(mailbox);
}
