#include "server/control/control.h"

#include "core/base/check.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "server/config/endpoint.h"
#include "server/control/api.h"
#include "server/control/control_socket.h"
#include "server/log/log.h"
#include "server/shard/open_files.h"

#include <poll.h>
#include <stdlib.h>

/* An answer of each shard, one of the topology, and the word to stop. */
#define MAILBOX_ROOM (ENVELOPE_CLASS_COUNT * LISTENER_SHARDS_MAX + 2)
/* How long shards get to give questions back when the thread ends, and clients to take answers. */
#define END_MS 500

enum control_mail {
    CONTROL_MAIL_ANSWER,   /* pointers[0]: struct envelope */
    CONTROL_MAIL_TOPOLOGY, /* pointers[0]: struct topology_ask */
    CONTROL_MAIL_STOP,
};

struct control {
    struct shared *shared;
    struct mailbox *mailbox;
    struct http *http;
    struct api api;
    struct control_socket socket;
    bool is_stopping;
    bool has_thread;
    struct thread thread;
};

static void on_mail(void *context, const struct mail *mail)
{
    struct control *control = context;
    switch ((enum control_mail)mail->kind) {
    case CONTROL_MAIL_ANSWER:
        asks_on_answer(&control->api.asks, mail->pointers[0]);
        break;
    case CONTROL_MAIL_TOPOLOGY:
        topology_asks_on_answer(&control->api.topology_asks, mail->pointers[0]);
        break;
    case CONTROL_MAIL_STOP:
        control->is_stopping = true;
        break;
    }
}

/* One round: waits for a client, a shard or wait_ms, and does what there is to do. */
static void attend(struct control *control, int wait_ms)
{
    struct pollfd files[HTTP_SOCKETS_MAX + 1];
    int descriptors[HTTP_SOCKETS_MAX];
    uint32_t count = http_descriptors(control->http, descriptors);
    for (uint32_t i = 0; i < count; i++)
        files[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
    CHECK(count <= HTTP_SOCKETS_MAX);
    files[count] = (struct pollfd){.fd = mailbox_descriptor(control->mailbox), .events = POLLIN};
    if (mailbox_attend(control->mailbox) == 0) {
        int http_wait_ms_ = http_wait_ms(control->http);
        (void)poll(files, count + 1, http_wait_ms_ < wait_ms ? http_wait_ms_ : wait_ms);
    }
    const struct mono now = clock_now();
    http_run(control->http, now);
    api_on_time(&control->api, now);
}

static void control_run(void *context)
{
    struct control *control = context;
    if (snapshot_reader_create(control->shared->domain, &control->api.reader) != PCE_OK)
        control->api.reader = NULL; /* status goes without the topology */
    while (!control->is_stopping)
        attend(control, api_wait_ms(&control->api));
    api_end(&control->api);
    struct mono deadline = mono_add_ms(clock_now(), END_MS);
    do
        attend(control, 10);
    while (!api_is_idle(&control->api) && mono_is_before(clock_now(), deadline));
    api_end(&control->api);
    http_destroy(control->http);
    if (control->api.reader != NULL)
        snapshot_reader_destroy(control->api.reader);
}

static void log_missing(const char *why)
{
    static struct log_site site = LOG_SITE(WARNING, "no control socket");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "why", why);
    log_end(&line);
}

/* path: of the UNIX socket; NULL: there is none. */
static void log_serving(const struct config_control *config, const char *path)
{
    static struct log_site site = LOG_SITE(INFO, "control API");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    if (path != NULL)
        log_text(&line, "socket", path);
    if (config->listen[0] != '\0')
        log_text(&line, "listen", config->listen);
    log_end(&line);
}

static void warn_of_exposure(const struct ip *address)
{
    static struct log_site site =
        LOG_SITE(WARNING, "control.listen is no loopback address: the API asks for no password");
    static const uint8_t v4[4] = {127, 0, 0, 0};
    const struct ip loopback = ip_from_v4(v4);
    struct ip v6;
    struct log_line line;
    if (address->family == IP_V4 && ip_is_within(address, &loopback, 8))
        return;
    if (ip_parse("::1", &v6) && ip_is_equal(address, &v6))
        return;
    if (!log_begin(&line, &site))
        return;
    log_ip(&line, "address", address);
    log_end(&line);
}

static const mode_t socket_modes[] = {
    [CONFIG_SOCKET_MODE_OWNER] = 0600,
    [CONFIG_SOCKET_MODE_GROUP] = 0660,
    [CONFIG_SOCKET_MODE_ALL] = 0666,
};

static enum pce_status control_open_socket(void *context, const char *path, struct failure *failure)
{
    const struct control *control = context;
    mode_t mode = socket_modes[control->shared->config.control.socket_mode];
    return http_listen_unix(control->http, path, mode, failure);
}

static enum pce_status listen_unix(struct control *control, struct failure *failure)
{
    struct control_socket *socket = &control->socket;
    enum pce_status status = control_socket_choose(&control->shared->config.control,
                                                   control_open_socket, control, socket, failure);
    if (socket->path == NULL && socket->detour.text[0] != '\0')
        log_missing(socket->detour.text);
    return status;
}

static enum pce_status listen_tcp(struct control *control, struct failure *failure)
{
    const struct config_control *config = &control->shared->config.control;
    struct ip address;
    uint16_t port;
    if (config->listen[0] == '\0')
        return PCE_OK;
    if (!endpoint_parse(config->listen, &address, &port)) /* config_check knows no other */
        return failure_set(failure, PCE_INVALID, "control.listen: \"%.60s\" is no ADDRESS:PORT",
                           config->listen);
    warn_of_exposure(&address);
    return http_listen_tcp(control->http, &address, port, failure);
}

static enum pce_status open_all(struct control *control, struct failure *failure)
{
    const struct http_options options = {
        .on_request = api_on_request, .body_max = api_body_max, .context = &control->api};
    enum pce_status status = mailbox_create(MAILBOX_ROOM, on_mail, control, &control->mailbox);
    if (status == PCE_OK)
        status = http_create(&options, &control->http);
    if (status != PCE_OK)
        return open_files_refuse(failure, status, "the control thread");
    control->api.asks.reply_to =
        (struct envelope_reply){.mailbox = control->mailbox, .kind = CONTROL_MAIL_ANSWER};
    control->api.topology_asks.reply_to = control->mailbox;
    control->api.topology_asks.reply_kind = CONTROL_MAIL_TOPOLOGY;
    control->api.http = http_counters(control->http);
    status = listen_unix(control, failure);
    if (status == PCE_OK)
        status = listen_tcp(control, failure);
    bool is_served =
        control->socket.path != NULL || control->shared->config.control.listen[0] != '\0';
    if (status == PCE_OK && is_served)
        log_serving(&control->shared->config.control, control->socket.path);
    return status;
}

enum pce_status control_start(struct shared *shared, struct control **control,
                              struct failure *failure)
{
    struct control *made = calloc(1, sizeof *made);
    *control = NULL;
    if (made == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the control thread");
    made->shared = shared;
    api_init(&made->api, shared);
    enum pce_status status = open_all(made, failure);
    if (status == PCE_OK)
        status =
            thread_start(&made->thread, "pced-control", THREAD_CPU_ANY, control_run, made, failure);
    if (status == PCE_OK) {
        made->has_thread = true;
        *control = made;
        return PCE_OK;
    }
    if (made->http != NULL)
        http_destroy(made->http);
    control_destroy(made);
    return status;
}

void control_stop(struct control *control)
{
    const struct mail mail = {.kind = CONTROL_MAIL_STOP};
    if (control == NULL || !control->has_thread)
        return;
    /* A full mailbox has the control thread behind it, which takes what is there. */
    while (mailbox_post(control->mailbox, &mail, NULL) == PCE_LIMIT)
        (void)sched_yield();
    thread_join(&control->thread);
    control->has_thread = false;
}

void control_destroy(struct control *control)
{
    if (control == NULL)
        return;
    if (control->mailbox != NULL) {
        (void)mailbox_drain(control->mailbox);
        asks_fini(&control->api.asks);
        topology_asks_fini(&control->api.topology_asks);
        api_fini(&control->api);
        mailbox_destroy(control->mailbox);
    }
    free(control);
}
