#include "server/server_impl.h"

#include "server/config/config_lists.h"
#include "server/log/log.h"
#include "server/settings/hold_check.h"
#include "server/settings/settings.h"
#include "server/settings/tcp_keys.h"
#include "server/topology/topology.h"

/* Keys of TCP segments are of the listening sockets, hence set here and not by the shards. What was
 * set of a configuration that is refused is taken back. */
static enum pce_status set_tcp_keys(const struct server *server, const struct settings *settings,
                                    struct failure *failure)
{
    const struct settings *old = snapshot_get(&server->shared.settings);
    const struct peer_table *before = old == NULL ? NULL : old->peers;
    enum pce_status status =
        tcp_keys_apply(server->shared.listeners, before, settings->peers, failure);
    if (status != PCE_OK && before != NULL)
        (void)!tcp_keys_apply(server->shared.listeners, settings->peers, before, NULL);
    return status;
}

enum pce_status server_publish_settings(struct server *server, const struct config *config,
                                        struct failure *failure)
{
    struct settings *settings = settings_create(config, server->settings_generation + 1);
    if (settings == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a configuration");
    enum pce_status status = set_tcp_keys(server, settings, failure);
    if (status == PCE_OK) {
        status = snapshot_publish(server->publisher, &server->shared.settings, settings,
                                  settings_destroy);
        if (status != PCE_OK)
            (void)!failure_set(failure, status, "cannot publish the configuration: %s",
                               pce_status_text(status));
    }
    if (status == PCE_OK)
        server->settings_generation++;
    else
        settings_destroy(settings);
    return status;
}

enum pce_status server_use_topology(struct server *server, struct failure *failure)
{
    const struct config *config = &server->shared.config;
    const struct topology_sources sources = {
        .file = config->topology.file,
        .bgp = config->lists == NULL ? NULL : config->lists->bgp,
        .gather_ms = config->topology.gather_ms,
        .table_wait_s = config->topology.table_wait_s,
        .file_rank = config->topology.file_rank,
        .file_completes = config->topology.file_completes,
    };
    return topology_use(server->topology, &sources, failure);
}

static void warn_of_hold(void *context, const struct hold_finding *finding)
{
    static struct log_site site =
        LOG_SITE(WARNING, "configuration: send-hold is not longer than the dead timer");
    struct log_line line;
    (void)context;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "where", finding->where);
    if (finding->more > 0)
        log_number(&line, "more", finding->more);
    log_number(&line, "send_hold_s", finding->send_hold_s);
    log_number(&line, "dead_timer_s", finding->dead_timer_s);
    log_end(&line);
}

void server_check_hold(const struct server *server)
{
    hold_check(&server->shared.config, warn_of_hold, NULL);
}
