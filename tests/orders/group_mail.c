/* Letters of groups at their smallest: whatever the order of steps, each arrives once, and what else a
 * shard is told finds room whenever it comes, however many letters wait and are tried again. */
#include "server/shard/group_mail.h"
#include "io/ring/ring_impl.h"
#include "tests/orders/atomics.h"

#undef GROUP_MAIL_MAX
#define GROUP_MAIL_MAX shared.letters_max

static struct {
    struct mailbox *mailbox;
    unsigned senders, count; /* of letters; letters of each */
    unsigned letters_max;
    uint8_t received;
    bool is_told; /* what is no letter */
} shared;

#include "io/share/mailbox.c"
#include "server/shard/group_mail.c"

enum { LETTER, WORD };

static void on_mail(void *context, const struct mail *mail)
{
    (void)context;
    if (mail->kind == LETTER)
        shared.received++;
    else
        shared.is_told = true;
}

static bool has_all(void)
{
    return shared.received == shared.senders * shared.count && shared.is_told;
}

static void run_sender(void *context)
{
    const struct mail letter = {.kind = LETTER};
    (void)context;
    for (unsigned i = 0; i < shared.count; i++)
        while (!group_mail_post(shared.mailbox, &letter, NULL))
            (void)sched_yield();
}

static void run_teller(void *context)
{
    const struct mail word = {.kind = WORD};
    (void)context;
    model_expect(mailbox_post(shared.mailbox, &word, NULL) == PCE_OK,
                 "letters have left no room for another mail");
}

static void run_shard(void *context)
{
    (void)context;
    while (!has_all())
        model_expect(mailbox_wait(shared.mailbox, MONO_NEVER) == PCE_OK, "a wait ends");
}

static void start(unsigned senders, unsigned count, unsigned letters_max)
{
    static const char *const names[] = {"sender 0", "sender 1"};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.senders = senders;
    shared.count = count;
    shared.letters_max = letters_max;
    if (mailbox_create(4, on_mail, NULL, &shared.mailbox) != PCE_OK)
        exit(2);
    for (unsigned i = 0; i < senders; i++)
        model_thread(names[i], run_sender, NULL, false);
    model_thread("teller", run_teller, NULL, false);
    model_thread("shard", run_shard, NULL, false);
}

static void all_is_there(void)
{
    model_expect(has_all(), "a letter, or a word, never arrives");
}

static void one_sender(void)
{
    start(1, 4, 2);
}

static void two_senders(void)
{
    start(2, 1, 1);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 shard of 4 letters, and a word", one_sender, all_is_there, false},
        {"2 shards of 1 letter, and a word", two_senders, all_is_there, false},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
