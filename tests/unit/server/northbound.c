/* The door to a shard: envelopes go to their rows and come back. The shard is a record without a
 * thread, whose history is empty. */
#include "server/northbound/northbound.h"

#include "server/northbound/history_view.h"
#include "server/peer/peers.h"

#include <criterion/criterion.h>
#include <string.h>

#define POSTERS   2
#define ENVELOPES 3
#define KIND      7 /* of mail to the posters */

static struct peers peers;
static struct shard shard = {.peers = &peers};
static struct mailbox *mailboxes[POSTERS];
static struct envelope envelopes[ENVELOPES];
static struct history_list lists[ENVELOPES];
static const struct envelope *back[ENVELOPES];
static unsigned back_count;

static void on_back(void *context, const struct mail *mail)
{
    (void)context;
    if (mail->kind != KIND)
        return; /* what filled the mailbox */
    cr_assert_lt(back_count, ENVELOPES);
    back[back_count++] = mail->pointers[0];
}

static void begin(void)
{
    history_init(&peers.history, 0, 1);
    for (unsigned i = 0; i < POSTERS; i++)
        cr_assert_eq(mailbox_create(1, on_back, NULL, &mailboxes[i]), PCE_OK);
}

static void end(void)
{
    for (unsigned i = 0; i < POSTERS; i++)
        mailbox_destroy(mailboxes[i]);
    history_fini(&peers.history);
}

/* The i-th envelope of this poster comes to the shard. */
static void deliver(unsigned i, unsigned poster)
{
    lists[i] = (struct history_list){.batch = {.room = 1}};
    envelopes[i] = (struct envelope){
        .what = envelope_view(VIEW_HISTORY),
        .argument = &lists[i],
        .reply_to = {.mailbox = mailboxes[poster], .kind = KIND},
    };
    struct mail mail = {.kind = SHARD_MAIL_ENVELOPE};
    mail.pointers[0] = &envelopes[i];
    northbound_part.on_mail(&shard, &mail);
    cr_expect(lists[i].batch.is_over, "it is answered at once");
}

/* Until the mailbox takes no more. */
static void fill(struct mailbox *mailbox)
{
    const struct mail other = {.kind = KIND + 1};
    while (mailbox_post(mailbox, &other, NULL) == PCE_OK)
        continue;
}

static void drain(struct mailbox *mailbox)
{
    while (mailbox_drain(mailbox) > 0)
        continue;
}

Test(server, a_poster_whose_mailbox_is_full_holds_up_nobody_else)
{
    begin();
    fill(mailboxes[0]);
    deliver(0, 0);
    cr_expect(northbound_part.is_busy(&shard));
    deliver(1, 1);
    drain(mailboxes[1]);
    cr_assert_eq(back_count, 1);
    cr_expect_eq(back[0], &envelopes[1]);
    cr_expect(northbound_part.is_busy(&shard), "the first one waits");
    drain(mailboxes[0]);
    northbound_part.on_turn(&shard);
    cr_expect_not(northbound_part.is_busy(&shard));
    drain(mailboxes[0]);
    cr_assert_eq(back_count, 2);
    cr_expect_eq(back[1], &envelopes[0]);
    end();
}

Test(server, what_waits_for_one_mailbox_comes_back_in_its_order)
{
    begin();
    fill(mailboxes[0]);
    for (unsigned i = 0; i < ENVELOPES; i++)
        deliver(i, 0);
    drain(mailboxes[0]);
    for (unsigned turn = 0; turn < ENVELOPES && northbound_part.is_busy(&shard); turn++) {
        northbound_part.on_turn(&shard);
        drain(mailboxes[0]);
    }
    cr_assert_eq(back_count, ENVELOPES);
    for (unsigned i = 0; i < ENVELOPES; i++)
        cr_expect_eq(back[i], &envelopes[i]);
    end();
}

Test(server, every_row_has_a_name_of_its_own)
{
    const char *names[VIEW_COUNT + ORDER_COUNT];
    for (unsigned i = 0; i < VIEW_COUNT; i++)
        names[i] = envelope_name(&(struct envelope){.what = envelope_view((enum view_id)i)});
    for (unsigned i = 0; i < ORDER_COUNT; i++)
        names[VIEW_COUNT + i] =
            envelope_name(&(struct envelope){.what = envelope_order((enum order_id)i)});
    for (unsigned i = 0; i < VIEW_COUNT + ORDER_COUNT; i++) {
        cr_assert_not_null(names[i]);
        for (unsigned k = 0; k < i; k++)
            cr_expect_str_neq(names[i], names[k]);
    }
}
