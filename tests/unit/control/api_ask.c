/* Requests that shards have to answer: real HTTP on a UNIX socket, shards that answer when the test
 * wants it, or never. */
#include "io/os/clock.h"
#include "server/control/api.h"
#include "server/control/http_socket.h"
#include "server/northbound/session_view.h"
#include "server/shard/shard.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SHARDS  2
#define WAIT_MS 10000

static struct shared shared;
static struct shard shards[SHARDS];
static struct api api;
static struct http *http;
static char path[64];
static struct envelope *asked[SHARDS]; /* what the shard has */
static unsigned asked_count[SHARDS];

static void on_question(void *context, const struct mail *mail)
{
    struct shard *shard = context;
    cr_assert_eq(mail->kind, SHARD_MAIL_ENVELOPE);
    cr_assert_null(asked[shard->index], "one question at a time");
    asked[shard->index] = mail->pointers[0];
    asked_count[shard->index]++;
}

static void setup(void)
{
    const struct http_options options = {.on_request = api_on_request, .context = &api};
    struct failure failure;
    shared.shards = shards;
    shared.shard_count = SHARDS;
    for (unsigned i = 0; i < SHARDS; i++) {
        shards[i].index = i;
        cr_assert_eq(mailbox_create(2, on_question, &shards[i], &shards[i].mailbox), PCE_OK);
    }
    api_init(&api, &shared);
    cr_assert_eq(http_create(&options, &http), PCE_OK);
    (void)snprintf(path, sizeof path, "/tmp/pced-api-%d.sock", (int)getpid());
    cr_assert_eq(http_listen_unix(http, path, 0600, &failure), PCE_OK, "%s", failure.text);
}

static void teardown(void)
{
    asks_end(&api.asks);
    http_run(http, clock_now());
    http_destroy(http);
    asks_fini(&api.asks);
    for (unsigned i = 0; i < SHARDS; i++)
        mailbox_destroy(shards[i].mailbox);
    cr_expect_neq(access(path, F_OK), 0, "the socket is removed");
}

TestSuite(api_ask, .init = setup, .fini = teardown, .timeout = 60);

static int send_request(const char *target)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[256];
    memcpy(address.sun_path, path, sizeof path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(client, (const struct sockaddr *)&address, sizeof address), 0);
    int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target);
    cr_assert_eq(write(client, text, (size_t)size), size);
    return client;
}

/* Turns until the shard has a question. */
static void run_until_asked(unsigned shard)
{
    struct mono deadline = mono_add_ms(clock_now(), WAIT_MS);
    while (asked[shard] == NULL) {
        cr_assert(mono_is_before(clock_now(), deadline), "shard %u is not asked", shard);
        http_run(http, clock_now());
        (void)mailbox_drain(shards[shard].mailbox);
    }
}

/* Turns until the client has an answer; its status. The start of the answer is in `text`. */
static int run_until_answered(int client, char *text, size_t size)
{
    struct mono deadline = mono_add_ms(clock_now(), WAIT_MS);
    struct pollfd file = {.fd = client, .events = POLLIN};
    while (poll(&file, 1, 0) == 0) {
        cr_assert(mono_is_before(clock_now(), deadline), "no answer");
        http_run(http, clock_now());
    }
    ssize_t got = recv(client, text, size - 1, 0);
    cr_assert_gt(got, 12);
    text[got] = '\0';
    return (int)strtol(text + 9, NULL, 10); /* "HTTP/1.1 200" */
}

static struct session_list *list_of(unsigned shard)
{
    cr_assert_not_null(asked[shard]);
    cr_assert_eq(asked[shard]->what.class, ENVELOPE_VIEW);
    cr_assert_eq(asked[shard]->what.view, VIEW_SESSION_LIST);
    return asked[shard]->argument;
}

static void give_back(unsigned shard)
{
    struct envelope *envelope = asked[shard];
    asked[shard] = NULL;
    asks_on_answer(&api.asks, envelope);
}

/* The shard answers: so many sessions, and whether there are more behind them. */
static void answer(unsigned shard, uint32_t count, bool is_over)
{
    struct session_list *list = list_of(shard);
    cr_assert_leq(count, list->batch.room);
    for (uint32_t i = 0; i < count; i++)
        list->views[i] = (struct session_view){.id = {shard, list->index + i, 1}};
    list->batch.count = count;
    list->match_count = count;
    list->index += count;
    list->batch.is_over = is_over;
    give_back(shard);
}

/* The same of one session. */
static void answer_one(unsigned shard, bool is_found)
{
    cr_assert_not_null(asked[shard]);
    cr_assert_eq(asked[shard]->what.view, VIEW_SESSION);
    struct session_lookup *lookup = asked[shard]->argument;
    lookup->is_found = is_found;
    lookup->view = (struct session_view){.id = lookup->name.id};
    give_back(shard);
}

Test(api_ask, a_list_goes_over_all_shards_and_stops_at_its_limit)
{
    char text[8192];
    int client = send_request("/api/v1/sessions?limit=5");
    run_until_asked(0);
    cr_expect_eq(list_of(0)->batch.room, 5);
    answer(0, 2, false);
    run_until_asked(0);
    cr_expect_eq(list_of(0)->index, 2, "it goes on where it stopped");
    cr_expect_eq(list_of(0)->batch.room, 3);
    answer(0, 0, true);
    run_until_asked(1);
    cr_expect_eq(list_of(1)->index, 0);
    answer(1, 3, false);
    cr_expect_eq(run_until_answered(client, text, sizeof text), 200);
    cr_expect_not_null(strstr(text, "\"id\":\"1-2-1\""), "%s", text);
    cr_expect_not_null(strstr(text, "\"next\":\"1.3\""), "%s", text);
    (void)close(client);
}

/* ---- a sorted list ---- */

/* The shard answers: sessions of these ranks, of as many that match. */
static void answer_ranks(unsigned shard, const uint64_t *ranks, uint32_t count, bool is_over)
{
    struct session_list *list = list_of(shard);
    for (uint32_t i = 0; i < count; i++)
        list->views[i] = (struct session_view){.rank = ranks[i]};
    for (uint32_t i = 0; i < count; i++)
        list->views[i].id = (struct conn_handle){shard, list->index + i, 1};
    list->batch.count = count;
    list->match_count = count + 10;
    list->index += VIEW_BATCH;
    list->batch.is_over = is_over;
    give_back(shard);
}

/* The ids of the answer, in their order. */
static void expect_ids(const char *text, const char *const *ids, uint32_t count)
{
    const char *at = text;
    for (uint32_t i = 0; i < count && at != NULL; i++) {
        at = strstr(at, "\"id\":\"");
        cr_assert_not_null(at, "%u ids: %s", i, text);
        at += strlen("\"id\":\"");
        cr_expect_eq(strncmp(at, ids[i], strlen(ids[i])), 0, "not %s: %.8s", ids[i], at);
    }
    cr_expect_null(strstr(at, "\"id\""), "%s", text);
}

Test(api_ask, a_sorted_list_has_the_first_of_all_shards_whatever_their_number)
{
    static const uint64_t first[] = {50, 40, 40, 60};
    static const uint64_t second[] = {30, 45};
    static const uint64_t third[] = {20, 40};
    static const char *const ids[] = {"1-0-1", "0-256-1", "0-1-1"};
    char text[8192];
    int client = send_request("/api/v1/sessions?sort=-pending_octets&limit=3");
    run_until_asked(0);
    cr_expect_eq(list_of(0)->sort.key, SESSION_KEY_PENDING_OCTETS);
    cr_expect(list_of(0)->sort.is_descending);
    cr_expect_eq(list_of(0)->batch.room, VIEW_BATCH, "more may be better than the limit");
    cr_expect_eq(list_of(0)->rank_end, SESSION_RANK_END);
    answer_ranks(0, first, 4, false);
    run_until_asked(0);
    cr_expect_eq(list_of(0)->index, VIEW_BATCH, "it goes on where it stopped");
    cr_expect_eq(list_of(0)->rank_end, 50, "what is not below the third is not copied");
    answer_ranks(0, second, 2, true);
    run_until_asked(1);
    cr_expect_eq(list_of(1)->rank_end, 40);
    answer_ranks(1, third, 2, true);
    cr_expect_eq(run_until_answered(client, text, sizeof text), 200);
    expect_ids(text, ids, 3);
    cr_expect_not_null(strstr(text, "\"next\":null"), "%s", text);
    cr_expect_not_null(strstr(text, "\"total\":38"), "%s", text);
    (void)close(client);
}

Test(api_ask, the_time_of_a_long_walk_is_that_of_each_question)
{
    const struct mono begin = clock_now();
    char text[4096];
    int client = send_request("/api/v1/sessions?sort=pending_octets&limit=3");
    run_until_asked(0);
    struct mono asked_at = clock_now();
    while (mono_since_ns(clock_now(), asked_at) < 20 * MONO_NS_PER_MS)
        continue;
    answer_ranks(0, NULL, 0, false);
    run_until_asked(0);
    /* The time of the first question, seen from its begin, is over. */
    asks_on_time(&api.asks, mono_add_ms(begin, API_WAIT_MS + 15));
    answer_ranks(0, NULL, 0, true);
    run_until_asked(1);
    asks_on_time(&api.asks, mono_add_ms(clock_now(), API_WAIT_MS + 1));
    cr_expect_eq(run_until_answered(client, text, sizeof text), 504);
    answer_ranks(1, NULL, 0, true);
    (void)close(client);
}

Test(api_ask, a_sorted_list_whose_client_has_gone_is_forgotten)
{
    static const uint64_t ranks[] = {3, 2, 1};
    int client = send_request("/api/v1/sessions?sort=-progress_age_s&limit=2");
    run_until_asked(0);
    (void)close(client);
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    answer_ranks(0, ranks, 3, true);
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    if (asked[1] != NULL)
        answer_ranks(1, ranks, 3, true);
    (void)mailbox_drain(shards[1].mailbox);
    if (asked[1] != NULL)
        answer_ranks(1, ranks, 3, true);
    cr_expect_eq(api.asks.out_count, 0);
}

Test(api_ask, minima_and_the_order_reach_the_shard_and_what_is_none_is_refused)
{
    static const char *const bad[] = {
        "sort=x",
        "sort=",
        "sort=-pending_octets&cursor=0.1",
        "pending_octets_min=",
        "pending_octets_min=-1",
        "pending_octets_min=1k",
        "progress_age_s_min=1.5",
        "progress_age_s_min=4294967296",
        "pending_min=1",
    };
    char target[128];
    char text[4096];
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)snprintf(target, sizeof target, "/api/v1/sessions?%s", bad[i]);
        int client = send_request(target);
        cr_expect_eq(run_until_answered(client, text, sizeof text), 400, "accepted: %s", bad[i]);
        bool is_sort = strcmp(bad[i], "sort=x") == 0;
        cr_expect(!is_sort || strstr(text, "pending_octets, progress_age_s") != NULL, "%s", text);
        (void)close(client);
    }
    int client = send_request("/api/v1/sessions?pending_octets_min=4096&progress_age_s_min=30");
    run_until_asked(0);
    cr_expect_eq(list_of(0)->filter.pending_octets_min, 4096);
    cr_expect(list_of(0)->filter.has_progress_age_min);
    cr_expect_eq(list_of(0)->filter.progress_age_min_ns, 30 * MONO_NS_PER_S);
    cr_expect_eq(list_of(0)->sort.key, SESSION_KEY_NONE);
    answer(0, 1, true);
    run_until_asked(1);
    answer(1, 0, true);
    cr_expect_eq(run_until_answered(client, text, sizeof text), 200);
    cr_expect_not_null(strstr(text, "\"total\":null"), "%s", text);
    (void)close(client);
    client = send_request("/api/v1/sessions");
    run_until_asked(0);
    cr_expect_not(list_of(0)->filter.has_progress_age_min);
    cr_expect_eq(list_of(0)->filter.pending_octets_min, 0);
    answer(0, 0, true);
    run_until_asked(1);
    answer(1, 0, true);
    cr_expect_eq(run_until_answered(client, text, sizeof text), 200);
    (void)close(client);
}

Test(api_ask, the_last_page_has_no_next)
{
    char text[4096];
    int client = send_request("/api/v1/sessions?cursor=1.7&limit=1");
    run_until_asked(1);
    cr_expect_eq(list_of(1)->index, 7);
    answer(1, 1, true);
    cr_expect_eq(run_until_answered(client, text, sizeof text), 200);
    cr_expect_not_null(strstr(text, "\"next\":null"), "%s", text);
    (void)close(client);
}

Test(api_ask, a_shard_has_one_question_and_others_wait)
{
    char text[4096];
    int first = send_request("/api/v1/sessions/0-1-1");
    run_until_asked(0);
    int second = send_request("/api/v1/sessions/0-2-1");
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    (void)mailbox_drain(shards[0].mailbox);
    cr_expect_eq(asked_count[0], 1);
    answer_one(0, false);
    cr_expect_eq(run_until_answered(first, text, sizeof text), 404);
    run_until_asked(0);
    cr_expect_eq(((struct session_lookup *)asked[0]->argument)->name.id.index, 2);
    answer_one(0, true);
    cr_expect_eq(run_until_answered(second, text, sizeof text), 200);
    (void)close(first);
    (void)close(second);
}

Test(api_ask, a_shard_that_does_not_answer_gives_504_and_may_answer_later)
{
    char text[4096];
    int client = send_request("/api/v1/sessions");
    run_until_asked(0);
    asks_on_time(&api.asks, clock_now());
    cr_expect_eq(api.asks.out_count, 1);
    asks_on_time(&api.asks, mono_add_ms(clock_now(), API_WAIT_MS + 1));
    cr_expect_eq(run_until_answered(client, text, sizeof text), 504);
    answer(0, 1, true);
    cr_expect_eq(api.asks.out_count, 0);
    cr_expect(list_is_empty(&api.asks.all), "nothing is left");
    (void)close(client);
}

Test(api_ask, a_full_mailbox_gives_503)
{
    const struct mail other = {.kind = SHARD_MAIL_STOP};
    char text[4096];
    while (mailbox_post(shards[0].mailbox, &other, NULL) == PCE_OK)
        continue;
    int client = send_request("/api/v1/sessions");
    cr_expect_eq(run_until_answered(client, text, sizeof text), 503);
    cr_expect(list_is_empty(&api.asks.all));
    (void)close(client);
}

Test(api_ask, what_is_out_at_the_end_is_answered_and_freed)
{
    char text[4096];
    int out = send_request("/api/v1/sessions");
    run_until_asked(0);
    int waiting = send_request("/api/v1/sessions/0-2-1");
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    asks_end(&api.asks);
    cr_expect_eq(run_until_answered(out, text, sizeof text), 503);
    cr_expect_eq(run_until_answered(waiting, text, sizeof text), 503);
    cr_expect_eq(api.asks.out_count, 1, "the shard still has it: asks_fini frees it");
    (void)close(out);
    (void)close(waiting);
}

Test(api_ask, a_client_that_has_gone_is_forgotten)
{
    int client = send_request("/api/v1/sessions");
    run_until_asked(0);
    (void)close(client);
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    answer(0, 0, true);
    run_until_asked(1);
    answer(1, 0, true);
    for (int i = 0; i < 20; i++)
        http_run(http, clock_now());
    cr_expect(list_is_empty(&api.asks.all));
    cr_expect_eq(api.asks.out_count, 0);
}

Test(api_ask, a_path_that_is_too_long_for_a_socket_is_refused)
{
    const struct http_options options = {.on_request = api_on_request, .context = &api};
    char longer[sizeof((struct sockaddr_un *)NULL)->sun_path + 1];
    struct failure failure = {.text = ""};
    struct http *other;
    memset(longer, 'x', sizeof longer - 1);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    cr_assert_eq(http_create(&options, &other), PCE_OK);
    cr_expect_eq(http_listen_unix(other, longer, 0600, &failure), PCE_INVALID);
    cr_expect_not_null(strstr(failure.text, "at most 107 octets"), "%s", failure.text);
    cr_expect_eq(http_probe_unix(longer, &failure), PCE_INVALID);
    http_destroy(other);
}

Test(api_ask, a_socket_that_is_left_over_is_replaced_and_a_file_is_not)
{
    const struct http_options options = {.on_request = api_on_request, .context = &api};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct failure failure;
    struct http *other;
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s.left", path);
    int left = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(left, (const struct sockaddr *)&address, sizeof address), 0);
    (void)close(left);
    cr_assert_eq(http_create(&options, &other), PCE_OK);
    cr_expect_eq(http_listen_unix(other, path, 0600, &failure), PCE_EXISTS, "it is served");
    cr_expect_eq(http_listen_unix(other, address.sun_path, 0600, &failure), PCE_OK, "%s",
                 failure.text);
    http_destroy(other);
    cr_expect_neq(access(address.sun_path, F_OK), 0);
    FILE *file = fopen(address.sun_path, "w");
    cr_assert_not_null(file);
    (void)fclose(file);
    cr_assert_eq(http_create(&options, &other), PCE_OK);
    cr_expect_eq(http_listen_unix(other, address.sun_path, 0600, &failure), PCE_DENIED);
    http_destroy(other);
    cr_expect_eq(access(address.sun_path, F_OK), 0, "the file is left alone");
    (void)unlink(address.sun_path);
}
