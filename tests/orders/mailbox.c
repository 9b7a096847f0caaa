/* The mailbox at its smallest: whatever the order of steps, each message arrives once and in its
 * sender's order, nobody is refused while the senders together have no more under way than there is
 * room for, and no receiver sleeps while a message waits: one that waits in mailbox_wait, one that
 * polls the descriptor, and one with a ring. */
#include "io/ring/ring_impl.h"
#include "tests/orders/atomics.h"

#include "io/share/mailbox.c"

#define SENDERS_MAX 2

static struct {
    struct mailbox *mailbox;
    unsigned senders, count; /* messages of each */
    unsigned out_max;        /* of one sender, under way; 0: it tries until it is taken */
    uint8_t sent[SENDERS_MAX];
    uint8_t received[SENDERS_MAX];
    uint8_t answered[SENDERS_MAX]; /* as the sender has been told, by another queue as it were */
} shared;

static void on_mail(void *context, const struct mail *mail)
{
    (void)context;
    model_expect(mail->from < shared.senders, "what arrives was never sent");
    model_expect(mail->words[0] == shared.received[mail->from],
                 "a message is lost or out of order");
    shared.received[mail->from]++;
    if (shared.out_max == 0)
        return;
    model_before(true);
    shared.answered[mail->from]++;
    model_after("answer");
}

static bool has_free_one(const void *context)
{
    unsigned sender = *(const unsigned *)context;
    return shared.sent[sender] - shared.answered[sender] < (int)shared.out_max;
}

static void run_sender(void *context)
{
    unsigned sender = *(unsigned *)context;
    for (unsigned i = 0; i < shared.count; i++) {
        const struct mail mail = {.from = sender, .words = {i}};
        if (shared.out_max > 0)
            model_wait_until("wait for an answer", has_free_one, context);
        shared.sent[sender]++;
        while (mailbox_post(shared.mailbox, &mail, NULL) != PCE_OK) {
            model_expect(shared.out_max == 0, "a mailbox refuses while there is room");
            (void)sched_yield();
        }
    }
}

static bool has_all(void)
{
    for (unsigned i = 0; i < shared.senders; i++) {
        if (shared.received[i] < shared.count)
            return false;
    }
    return true;
}

static void run_waiting(void *context)
{
    (void)context;
    while (!has_all())
        model_expect(mailbox_wait(shared.mailbox, MONO_NEVER) == PCE_OK,
                     "a wait without an end ends");
}

/* As server/control/control.c does. */
static void run_polling(void *context)
{
    (void)context;
    (void)mailbox_attend(shared.mailbox);
    while (!has_all()) {
        struct pollfd watched = {.fd = mailbox_descriptor(shared.mailbox), .events = POLLIN};
        (void)poll(&watched, 1, -1);
        (void)mailbox_attend(shared.mailbox);
    }
}

/* As io/ring/ring.c does: the eventfd stands for whatever ends the ring's wait. */
static void run_ring(void *context)
{
    (void)context;
    while (!has_all()) {
        if (inbox_arm(&shared.mailbox->inbox)) {
            struct pollfd watched = {.fd = shared.mailbox->event, .events = POLLIN};
            (void)poll(&watched, 1, -1);
            clear_event(shared.mailbox);
        }
        (void)inbox_drain(&shared.mailbox->inbox);
    }
}

static void start(model_thread_fn *receive, unsigned senders, unsigned count, unsigned out_max)
{
    static unsigned numbers[SENDERS_MAX] = {0, 1};
    static const char *const names[SENDERS_MAX] = {"sender 0", "sender 1"};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.senders = senders;
    shared.count = count;
    shared.out_max = out_max;
    if (mailbox_create(2, on_mail, NULL, &shared.mailbox) != PCE_OK)
        exit(2);
    for (unsigned i = 0; i < senders; i++)
        model_thread(names[i], run_sender, &numbers[i], false);
    model_thread("receiver", receive, NULL, false);
}

static void all_is_there(void)
{
    model_expect(has_all(), "a message never arrives");
}

static void wait_1(void)
{
    start(run_waiting, 1, 4, 0);
}

static void wait_2(void)
{
    start(run_waiting, 2, 1, 0);
}

static void poll_1(void)
{
    start(run_polling, 1, 4, 0);
}

static void poll_2(void)
{
    start(run_polling, 2, 1, 0);
}

static void ring_1(void)
{
    start(run_ring, 1, 4, 0);
}

static void ring_2(void)
{
    start(run_ring, 2, 1, 0);
}

static void wait_2_of_2(void)
{
    start(run_waiting, 2, 2, 0);
}

static void wait_2_room(void)
{
    start(run_waiting, 2, 2, 1);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 sender of 4, the receiver waits", wait_1, all_is_there, true},
        {"2 senders of 1, the receiver waits", wait_2, all_is_there, true},
        {"1 sender of 4, the receiver polls", poll_1, all_is_there, true},
        {"2 senders of 1, the receiver polls", poll_2, all_is_there, true},
        {"1 sender of 4, the receiver has a ring", ring_1, all_is_there, true},
        {"2 senders of 1, the receiver has a ring", ring_2, all_is_there, true},
        {"2 senders of 2, the receiver waits", wait_2_of_2, all_is_there, false},
        {"2 senders of 2, one under way, it waits", wait_2_room, all_is_there, false},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
