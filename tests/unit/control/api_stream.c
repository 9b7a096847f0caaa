/* Answers that stay open: real HTTP on a UNIX socket, streams that say what the test wants. */
#include "server/control/api_stream.h"

#include "io/os/clock.h"
#include "server/control/api_answer.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAIT_MS 10000
#define TURNS   50

/* What the streams of a test say. */
struct made_up {
    struct stream stream;
    char text[64];
    bool is_endless;
};

static struct http *http;
static struct streams streams;
static struct made_up *newest;
static unsigned gone_count;
static char path[64];
static char text[16384]; /* what the client has got */
static size_t text_size;

static size_t read_text(struct stream *stream, char *octets, size_t room)
{
    struct made_up *own = CONTAINER_OF(stream, struct made_up, stream);
    size_t size = strlen(own->text);
    if (own->is_endless) {
        memset(octets, '\n', room);
        return room;
    }
    cr_assert_leq(size, room);
    memcpy(octets, own->text, size);
    own->text[0] = '\0';
    return size;
}

static void destroy(struct stream *stream)
{
    gone_count++;
    free(CONTAINER_OF(stream, struct made_up, stream));
}

static const struct stream_kind kind = {.read = read_text, .destroy = destroy};

/* "/plain" is answered at once, all else opens a stream. */
static void on_request(void *context, struct http_request *request)
{
    (void)context;
    if (strcmp(request->path, "/plain") == 0) {
        api_refuse(request, 404, NULL, "plain");
        return;
    }
    newest = calloc(1, sizeof *newest);
    cr_assert_not_null(newest);
    newest->stream.kind = &kind;
    stream_open(&streams, &newest->stream, request);
}

static void begin(void)
{
    const struct http_options options = {.on_request = on_request};
    struct failure failure;
    streams_init(&streams);
    cr_assert_eq(http_create(&options, &http), PCE_OK);
    (void)snprintf(path, sizeof path, "/tmp/pced-stream-%d.sock", (int)getpid());
    cr_assert_eq(http_listen_unix(http, path, 0600, &failure), PCE_OK, "%s", failure.text);
}

static void turn(void)
{
    for (int i = 0; i < TURNS; i++)
        http_run(http, clock_now());
}

static void end(void)
{
    streams_end(&streams);
    turn();
    cr_expect_eq(streams.count, 0);
    http_destroy(http);
}

static int send_request(const char *target)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char request[128];
    memcpy(address.sun_path, path, sizeof path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(client, (const struct sockaddr *)&address, sizeof address), 0);
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", target);
    cr_assert_eq(write(client, request, (size_t)size), size);
    return client;
}

/* Turns until the client has got this. */
static void run_until(int client, const char *what)
{
    struct mono deadline = mono_add_ms(clock_now(), WAIT_MS);
    text_size = 0;
    text[0] = '\0';
    while (strstr(text, what) == NULL) {
        cr_assert(mono_is_before(clock_now(), deadline), "no \"%s\": %s", what, text);
        http_run(http, clock_now());
        ssize_t size = recv(client, text + text_size, sizeof text - 1 - text_size, MSG_DONTWAIT);
        if (size > 0)
            text_size += (size_t)size;
        text[text_size] = '\0';
    }
}

static void say(struct made_up *own, const char *what)
{
    (void)snprintf(own->text, sizeof own->text, "%s", what);
    stream_wake(&own->stream);
}

static bool has_input(int client)
{
    struct pollfd file = {.fd = client, .events = POLLIN};
    return poll(&file, 1, 0) > 0;
}

Test(api_stream, it_stays_open_says_what_comes_and_others_are_served_meanwhile)
{
    begin();
    int client = send_request("/events");
    run_until(client, "\r\n\r\n");
    cr_expect_not_null(strstr(text, "HTTP/1.1 200"), "%s", text);
    cr_expect_not_null(strstr(text, "text/event-stream"), "%s", text);
    for (int i = 0; i < 3; i++) {
        turn();
        cr_expect_not(has_input(client), "it says nothing by itself");
        say(newest, "data: news\n\n");
        run_until(client, "data: news\n\n");
        int other = send_request("/plain");
        run_until(other, "plain");
        (void)close(other);
    }
    http_run(http, mono_add_s(clock_now(), 24 * 3600));
    say(newest, "data: last\n\n");
    run_until(client, "data: last\n\n");
    streams_end(&streams);
    run_until(client, "0\r\n\r\n");
    turn();
    cr_expect_eq(gone_count, 1);
    end();
    (void)close(client);
}

Test(api_stream, a_silence_is_broken_and_shows_who_has_gone)
{
    begin();
    int client = send_request("/events");
    run_until(client, "\r\n\r\n");
    streams_on_time(&streams, mono_add_s(clock_now(), API_STREAM_SILENCE_S - 1));
    turn();
    cr_expect_not(has_input(client));
    streams_on_time(&streams, mono_add_s(clock_now(), API_STREAM_SILENCE_S + 1));
    run_until(client, ":\n\n");
    (void)close(client);
    turn();
    cr_expect_eq(gone_count, 0, "nobody looks at it");
    for (int i = 0; i < 2; i++) {
        streams_on_time(&streams, mono_add_s(clock_now(), API_STREAM_SILENCE_S + 1));
        turn();
    }
    cr_expect_eq(gone_count, 1);
    cr_expect_eq(streams.count, 0);
    end();
}

Test(api_stream, one_past_the_limit_is_refused)
{
    int clients[API_STREAMS_MAX];
    begin();
    for (unsigned i = 0; i < API_STREAMS_MAX; i++) {
        clients[i] = send_request("/events");
        run_until(clients[i], "HTTP/1.1 200");
    }
    int more = send_request("/events");
    run_until(more, "too many streams");
    cr_expect_not_null(strstr(text, "HTTP/1.1 503"), "%s", text);
    cr_expect_eq(streams.count, API_STREAMS_MAX);
    cr_expect_eq(gone_count, 1);
    end();
    cr_expect_eq(gone_count, API_STREAMS_MAX + 1);
    for (unsigned i = 0; i < API_STREAMS_MAX; i++)
        (void)close(clients[i]);
    (void)close(more);
}

Test(api_stream, a_client_that_does_not_take_what_was_said_is_ended)
{
    begin();
    int client = send_request("/events");
    run_until(client, "\r\n\r\n");
    newest->is_endless = true;
    stream_wake(&newest->stream);
    for (int i = 0; i < 20; i++)
        turn(); /* more than its socket holds */
    http_run(http, mono_add_s(clock_now(), HTTP_ANSWER_S - 5));
    turn();
    cr_expect_eq(gone_count, 0);
    http_run(http, mono_add_s(clock_now(), HTTP_ANSWER_S + 1));
    turn();
    cr_expect_eq(gone_count, 1);
    cr_expect_eq(http_counters(http)->http_slow_answers, 1);
    end();
    (void)close(client);
}

Test(api_stream, what_is_open_at_the_end_goes_with_the_server)
{
    begin();
    int quiet = send_request("/events");
    run_until(quiet, "\r\n\r\n");
    int slow = send_request("/events");
    run_until(slow, "\r\n\r\n");
    newest->is_endless = true;
    stream_wake(&newest->stream);
    for (int i = 0; i < 20; i++)
        turn();
    streams_end(&streams);
    turn();
    cr_expect_eq(gone_count, 1, "the slow one has not taken what was said");
    http_destroy(http);
    cr_expect_eq(gone_count, 2);
    (void)close(quiet);
    (void)close(slow);
}
