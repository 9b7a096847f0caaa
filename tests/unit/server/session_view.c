/* What a shard answers to views of sessions, and does when it is told to: real sessions on
 * loopback. */
#include "server/northbound/session_view.h"

#include "server/northbound/northbound.h"
#include "server/northbound/session_close.h"
#include "server/shard/shard.h"
#include "tests/lib/server_rig.h"

#include <criterion/criterion.h>

#define SESSIONS 3

static struct envelope envelope;
static struct session_list list;
static struct session_view views[SESSIONS];
static struct client clients[SESSIONS];
static struct mailbox *mailbox;

static void on_answer(void *context, const struct mail *mail)
{
    (void)context;
    cr_assert_eq(mail->pointers[0], &envelope);
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

static void post(struct envelope_what what, void *argument)
{
    envelope = (struct envelope){
        .what = what, .argument = argument, .reply_to = {.mailbox = mailbox}, .shard = 0};
    cr_assert_eq(envelope_post(&server.shared, &envelope), PCE_OK);
    cr_assert_eq(mailbox_wait(mailbox, soon()), PCE_OK);
}

static void ask(const struct session_list *asked)
{
    list = *asked;
    list.filter.state = SESSION_STATE_COUNT;
    list.batch.room = SESSIONS;
    list.views = views;
    post(envelope_view(VIEW_SESSION_LIST), &list);
    cr_expect(list.batch.is_over);
}

Test(server, what_comes_too_late_in_the_order_is_counted_and_not_copied)
{
    const struct session_sort sort = {.key = SESSION_KEY_PROGRESS_AGE, .is_descending = true};
    uint64_t rank = session_sort_rank(&sort, false, 0); /* nothing is outstanding */
    if (!begin())
        return;
    ask(&(struct session_list){.sort = sort, .rank_end = SESSION_RANK_END});
    cr_expect_eq(list.batch.count, SESSIONS);
    cr_expect_eq(list.match_count, SESSIONS);
    cr_expect_eq(views[0].rank, rank);
    ask(&(struct session_list){.sort = sort, .rank_end = rank});
    cr_expect_eq(list.batch.count, 0);
    cr_expect_eq(list.match_count, SESSIONS);
    end();
}

Test(server, who_takes_what_it_gets_has_no_progress_age_and_passes_no_filter_for_one)
{
    if (!begin())
        return;
    ask(&(struct session_list){.filter = {.has_progress_age_min = false}});
    cr_assert_eq(list.batch.count, SESSIONS);
    for (unsigned i = 0; i < SESSIONS; i++)
        cr_expect_not(views[i].is_outstanding);
    ask(&(struct session_list){.filter = {.has_progress_age_min = true}});
    cr_expect_eq(list.match_count, 0);
    ask(&(struct session_list){.filter = {.pending_octets_min = 1000}});
    cr_expect_eq(list.match_count, 0);
    end();
}

Test(server, a_view_of_one_session_leaves_it_and_an_order_ends_it_once)
{
    static struct session_lookup lookup;
    static struct session_closing closing;
    if (!begin())
        return;
    ask(&(struct session_list){.rank_end = SESSION_RANK_END});
    cr_assert_eq(list.batch.count, SESSIONS);
    lookup.name.id = views[1].id;
    for (int i = 0; i < 2; i++) {
        post(envelope_view(VIEW_SESSION), &lookup);
        cr_assert(lookup.is_found);
        cr_expect(ip_is_equal(&lookup.view.address, &views[1].address));
        cr_expect_eq(lookup.view.state, SESSION_UP);
    }
    closing = (struct session_closing){.name = {.address = views[1].address}, .reason = 4};
    post(envelope_order(ORDER_SESSION_CLOSE), &closing);
    cr_expect(closing.is_closed);
    cr_expect_eq(closing.id.index, views[1].id.index);
    post(envelope_order(ORDER_SESSION_CLOSE), &closing);
    cr_expect_not(closing.is_closed, "it has ended already");
    post(envelope_view(VIEW_SESSION), &lookup);
    cr_expect_not(lookup.is_found);
    end();
}
