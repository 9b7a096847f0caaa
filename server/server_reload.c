#include "server/server_impl.h"

#include "server/log/log.h"
#include "server/notify.h"

#include <stdio.h>
#include <string.h>

/* A log file that cannot be opened anew may lie where nobody finds it any more: whoever started us
 * is told as well. The bit of the part. */
static uint32_t refuse_part(enum reload_part part, const char *why)
{
    static struct log_site site = LOG_SITE(ERROR, "reload refused: the old one stays in force");
    struct log_line line;
    if (part == RELOAD_LOG)
        (void)fprintf(stderr, "pced: reload: %s\n", why);
    if (log_begin(&line, &site)) {
        log_text(&line, "part", reload_part_text(part));
        log_text(&line, "why", why);
        log_end(&line);
    }
    return UINT32_C(1) << part;
}

static const char *server_apply_text(enum config_apply apply)
{
    switch (apply) {
    case CONFIG_APPLY_NOW:
        return "now";
    case CONFIG_APPLY_SESSIONS:
        return "for new sessions";
    case CONFIG_APPLY_RESTART:
        return "after a restart";
    }
    return "?";
}

static void log_change(void *context, const char *key, enum config_apply apply)
{
    static struct log_site site = LOG_SITE(INFO, "configuration changed");
    struct log_line line;
    (void)context;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "key", key);
    log_text(&line, "holds", server_apply_text(apply));
    log_end(&line);
}

/* Records do not move from one store to another while orders are kept. */
static enum pce_status check_store_path(const struct config *before, const struct config *after,
                                        struct failure *failure)
{
    if (strcmp(before->store.path, after->store.path) == 0)
        return PCE_OK;
    return failure_set(failure, PCE_INVALID,
                       "store.path: \"%.120s\" instead of \"%.120s\" needs a restart",
                       after->store.path, before->store.path);
}

/* What was refused of it. */
static uint32_t reload_config(struct server *server)
{
    static struct config config; /* large, and the main thread's alone */
    char text[FAILURE_TEXT_SIZE];
    if (config_read_file(server->config_path, &config, text, sizeof text) != PCE_OK)
        return refuse_part(RELOAD_CONFIGURATION, text);
    struct failure failure = {.text = ""};
    if (check_store_path(&server->shared.config, &config, &failure) != PCE_OK ||
        server_publish_settings(server, &config, &failure) != PCE_OK) {
        config_fini(&config);
        return refuse_part(RELOAD_CONFIGURATION, failure.text);
    }
    config_compare(&server->shared.config, &config, log_change, NULL);
    config_fini(&server->shared.config);
    server->shared.config = config;
    log_configure(&config.log);
    server_check_hold(server);
    return 0;
}

static uint32_t reload_log(void)
{
    struct failure failure = {.text = ""};
    return log_reopen(&failure) == PCE_OK ? 0 : refuse_part(RELOAD_LOG, failure.text);
}

static uint32_t reload_topology(struct server *server)
{
    struct failure failure = {.text = ""};
    if (server_use_topology(server, &failure) != PCE_OK)
        return refuse_part(RELOAD_TOPOLOGY, failure.text);
    return 0;
}

void server_reload(struct server *server)
{
    static struct log_site done = LOG_SITE(INFO, "reload done");
    struct log_line line;
    thread_owner_check(&server->owner);
    notify_reloading();
    uint32_t refused = reload_log();
    refused |= reload_config(server);
    refused |= reload_topology(server);
    atomic_store(&server->shared.reload_refused, refused);
    atomic_fetch_add(&server->shared.reloads, 1);
    if (refused != 0)
        atomic_fetch_add(&server->shared.reloads_refused, 1);
    else if (log_begin(&line, &done))
        log_end(&line);
    notify_send(refused == 0 ? "READY=1" : "READY=1\nSTATUS=a part of the reload was refused");
}
