#include "server/preflight.h"

#include "io/net/listener.h"
#include "io/ring/ring.h"
#include "server/config/endpoint.h"
#include "server/control/control_socket.h"
#include "server/control/http_socket.h"
#include "server/log/log.h"
#include "server/settings/peer_settings.h"
#include "server/settings/tcp_keys.h"
#include "server/store/stored.h"

#include <stdio.h>
#include <string.h>

struct preflight {
    const struct config *config;
    preflight_fn *tell;
    void *context;
    bool has_problem;
};

static void preflight_tell(struct preflight *preflight, bool is_note, const char *text)
{
    preflight->has_problem |= !is_note;
    preflight->tell(preflight->context, is_note, text);
}

/* What is in use may be used by the server that runs. */
static void preflight_judge(struct preflight *preflight, enum pce_status status,
                            const struct failure *failure)
{
    if (status != PCE_OK)
        preflight_tell(preflight, status == PCE_EXISTS, failure->text);
}

static void check_log(struct preflight *preflight)
{
    struct failure failure = {.text = ""};
    preflight_judge(preflight, log_probe(&preflight->config->log, &failure), &failure);
}

static void check_keys(struct preflight *preflight, const struct listeners *listeners)
{
    struct failure failure = {.text = "no memory for what holds for each peer"};
    struct peer_table *table = peer_table_create(preflight->config, 1);
    enum pce_status status =
        table == NULL ? PCE_NO_MEMORY : tcp_keys_apply(listeners, NULL, table, &failure);
    preflight_judge(preflight, status, &failure);
    peer_table_destroy(table);
}

static void check_store(struct preflight *preflight)
{
    struct failure failure = {.text = ""};
    preflight_judge(preflight, stored_probe(&preflight->config->store, &failure), &failure);
}

/* A port that is taken says nothing of the addresses: they are tried with another one. */
static void check_listeners(struct preflight *preflight)
{
    const struct config_listen *listen = &preflight->config->listen;
    struct listener_options options = {
        .address_count = listen->addresses.count,
        .port = (uint16_t)listen->port,
        .shard_count = 1,
    };
    struct listeners *listeners;
    struct failure failure = {.text = ""};
    memcpy(options.addresses, listen->addresses.items,
           listen->addresses.count * sizeof options.addresses[0]);
    enum pce_status status = listeners_open(&options, &listeners, &failure);
    preflight_judge(preflight, status, &failure);
    if (status == PCE_EXISTS) {
        options.port = 0;
        status = listeners_open(&options, &listeners, &failure);
        preflight_judge(preflight, status, &failure);
    }
    if (status != PCE_OK)
        return;
    check_keys(preflight, listeners);
    listeners_close(listeners);
}

static void check_ring(struct preflight *preflight)
{
    const struct ring_options options = {.file_count = 1};
    struct ring *ring;
    struct failure failure = {.text = ""};
    enum pce_status status = ring_create(&options, &ring, &failure);
    if (status == PCE_OK)
        ring_destroy(ring);
    else
        preflight_tell(preflight, false, failure.text);
}

/* Other users may have other places. */
static void check_control_socket(struct preflight *preflight)
{
    struct control_socket socket;
    struct failure failure = {.text = ""};
    char text[2 * FAILURE_TEXT_SIZE];
    preflight_judge(
        preflight,
        control_socket_choose(&preflight->config->control, NULL, NULL, &socket, &failure),
        &failure);
    if (socket.detour.text[0] == '\0')
        return;
    (void)snprintf(text, sizeof text, "%s; a start by this user %s%s", socket.detour.text,
                   socket.path == NULL ? "has no control socket" : "takes ",
                   socket.path == NULL ? "" : socket.path);
    preflight_tell(preflight, true, text);
}

static void check_control_listen(struct preflight *preflight)
{
    const char *text = preflight->config->control.listen;
    struct failure failure = {.text = ""};
    struct ip address;
    uint16_t port;
    if (text[0] == '\0')
        return;
    enum pce_status status =
        endpoint_parse(text, &address, &port)
            ? http_probe_tcp(&address, port, &failure)
            : failure_set(&failure, PCE_INVALID, "control.listen: \"%.60s\" is no ADDRESS:PORT",
                          text);
    preflight_judge(preflight, status, &failure);
}

bool preflight_check(const struct config *config, preflight_fn *tell_, void *context)
{
    struct preflight preflight = {.config = config, .tell = tell_, .context = context};
    check_log(&preflight);
    check_store(&preflight);
    check_listeners(&preflight);
    check_ring(&preflight);
    check_control_socket(&preflight);
    check_control_listen(&preflight);
    return !preflight.has_problem;
}
