/* What a shard answers to questions for a list: real sessions on loopback. */
#include "server/northbound/session_view.h"

#include "server/shard/shard.h"
#include "tests/lib/server_rig.h"

#include <criterion/criterion.h>

#define SESSIONS 3

static struct view_question question;
static struct session_view views[SESSIONS];
static struct client clients[SESSIONS];
static struct mailbox *mailbox;

static void on_answer(void *context, const struct mail *mail)
{
    (void)context;
    cr_assert_eq(mail->pointers[0], &question);
}

/* Sessions that take what they get; false where there can be no server. */
static bool begin(void)
{
    config_set_defaults(&config);
    if (!start(1))
        return false;
    for (uint8_t i = 0; i < SESSIONS; i++)
        open_session(&clients[i], (uint8_t)(i + 1));
    cr_assert_eq(mailbox_create(2, on_answer, NULL, &mailbox), PCE_OK);
    return true;
}

static void end(void)
{
    for (unsigned i = 0; i < SESSIONS; i++)
        client_close(&clients[i]);
    server_stop(&server);
    mailbox_destroy(mailbox);
}

static void ask(const struct view_question *asked)
{
    struct mail mail = {.kind = SHARD_MAIL_VIEW};
    question = *asked;
    question.kind = VIEW_LIST;
    question.state = SESSION_STATE_COUNT;
    question.reply_to = mailbox;
    question.room = SESSIONS;
    question.views = views;
    mail.pointers[0] = &question;
    cr_assert_eq(mailbox_post(server.shared.shards[0].mailbox, &mail, NULL), PCE_OK);
    cr_assert_eq(mailbox_wait(mailbox, soon()), PCE_OK);
    cr_expect(question.is_over);
}

Test(server, what_comes_too_late_in_the_order_is_counted_and_not_copied)
{
    const struct session_sort order = {.key = SESSION_KEY_PROGRESS_AGE, .is_descending = true};
    uint64_t rank = session_sort_rank(&order, false, 0); /* nothing is outstanding */
    if (!begin())
        return;
    ask(&(struct view_question){.order = order, .rank_end = SESSION_RANK_END});
    cr_expect_eq(question.count, SESSIONS);
    cr_expect_eq(question.match_count, SESSIONS);
    cr_expect_eq(views[0].rank, rank);
    ask(&(struct view_question){.order = order, .rank_end = rank});
    cr_expect_eq(question.count, 0);
    cr_expect_eq(question.match_count, SESSIONS);
    end();
}

Test(server, who_takes_what_it_gets_has_no_progress_age_and_passes_no_filter_for_one)
{
    if (!begin())
        return;
    ask(&(struct view_question){.has_progress_age_min = false});
    cr_assert_eq(question.count, SESSIONS);
    for (unsigned i = 0; i < SESSIONS; i++)
        cr_expect_not(views[i].is_outstanding);
    ask(&(struct view_question){.has_progress_age_min = true});
    cr_expect_eq(question.match_count, 0);
    ask(&(struct view_question){.pending_octets_min = 1000});
    cr_expect_eq(question.match_count, 0);
    end();
}
