#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/http_check.h"
#include "server/settings/settings.h"

#include <stdio.h>
#include <string.h>

#define API_WAIT_IDLE_MS 1000

struct route {
    enum http_method method;
    const char *path;   /* ends with '/': there is a rest */
    const char *suffix; /* of the rest, or NULL */
    api_endpoint_fn *run;
    bool is_vital; /* answered where there is no place for anything else */
};

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/sessions", NULL, api_list_sessions, false},
    {HTTP_POST, "/api/v1/sessions/", "/close", api_close_session, false},
    {HTTP_GET, "/api/v1/sessions/", NULL, api_show_session, false},
    {HTTP_DELETE, "/api/v1/sessions/", NULL, api_close_session, false},
    {HTTP_GET, "/api/v1/lsps", NULL, api_list_lsps, false},
    {HTTP_GET, "/api/v1/lsps/", NULL, api_show_lsp, false},
    {HTTP_POST, "/api/v1/lsps/", "/bind", api_bind_lsp, false},
    {HTTP_POST, "/api/v1/lsps/", NULL, api_ask_lsp, false},
    {HTTP_GET, "/api/v1/changes", NULL, api_list_changes, false},
    {HTTP_GET, "/api/v1/pccs", NULL, api_list_pccs, false},
    {HTTP_POST, "/api/v1/pccs/", "/resync", api_resync_pcc, false},
    {HTTP_GET, "/api/v1/orders", NULL, api_list_orders, false},
    {HTTP_GET, "/api/v1/orders/", NULL, api_show_order, false},
    {HTTP_GET, "/api/v1/deletions", NULL, api_list_deletions, false},
    {HTTP_DELETE, "/api/v1/deletions/", NULL, api_forget_deletion, false},
    {HTTP_GET, "/api/v1/no-paths", NULL, api_list_no_paths, false},
    {HTTP_GET, "/api/v1/groups", NULL, api_list_groups, false},
    {HTTP_POST, "/api/v1/paths", NULL, api_compute_path, false},
    {HTTP_GET, "/api/v1/intents", NULL, api_list_intents, false},
    {HTTP_GET, "/api/v1/intents/", NULL, api_show_intent, false},
    {HTTP_PUT, "/api/v1/intents/", NULL, api_put_intent, false},
    {HTTP_DELETE, "/api/v1/intents/", NULL, api_delete_intent, false},
    {HTTP_GET, "/api/v1/history", NULL, api_list_history, false},
    {HTTP_GET, "/api/v1/topology/peers", NULL, api_list_peers, false},
    {HTTP_POST, "/api/v1/topology/peers/", "/reset", api_reset_peer, false},
    {HTTP_POST, "/api/v1/topology/peers/", "/refresh", api_refresh_peer, false},
    {HTTP_GET, "/api/v1/topology/peers/", NULL, api_show_peer, false},
    {HTTP_GET, "/api/v1/topology/sources", NULL, api_list_sources, false},
    {HTTP_GET, "/api/v1/topology/sources/", NULL, api_show_source, false},
    {HTTP_PUT, "/api/v1/topology/sources/", NULL, api_put_source, false},
    {HTTP_PATCH, "/api/v1/topology/sources/", NULL, api_change_source, false},
    {HTTP_DELETE, "/api/v1/topology/sources/", NULL, api_delete_source, false},
    {HTTP_GET, "/api/v1/topology", NULL, api_show_topology, false},
    {HTTP_GET, "/api/v1/topology/findings", NULL, api_show_findings, false},
    {HTTP_GET, "/api/v1/status", NULL, api_show_status, false},
    {HTTP_GET, "/api/v1/topology/log", NULL, api_show_topology_log, false},
    {HTTP_GET, "/api/v1/events", NULL, api_stream_events, false},
    {HTTP_GET, "/healthz", NULL, api_show_health, true},
    {HTTP_GET, "/metrics", NULL, api_show_metrics, false},
};

/* The rest behind a route's path; NULL when the path is another one. */
static const char *api_match(const struct route *route, const char *path)
{
    size_t size = strlen(route->path);
    if (strncmp(path, route->path, size) != 0)
        return NULL;
    const char *rest = path + size;
    if (route->path[size - 1] != '/')
        return rest[0] == '\0' ? rest : NULL;
    size_t tail = route->suffix == NULL ? 0 : strlen(route->suffix);
    size_t rest_size = strlen(rest);
    if (rest_size <= tail)
        return NULL;
    return tail == 0 || strcmp(rest + rest_size - tail, route->suffix) == 0 ? rest : NULL;
}

/* The names of the configuration in force. */
static bool is_host_known(const struct api *api, const char *host)
{
    if (api->reader == NULL)
        return http_host_is_known(host, "");
    snapshot_enter(api->reader);
    const struct settings *settings = snapshot_get(&api->shared->settings);
    bool is_known =
        http_host_is_known(host, settings == NULL ? "" : settings->config.control.hosts);
    snapshot_leave(api->reader);
    return is_known;
}

static const char *const method_names[] = {[HTTP_GET] = "GET, HEAD",
                                           [HTTP_POST] = "POST",
                                           [HTTP_PUT] = "PUT",
                                           [HTTP_PATCH] = "PATCH",
                                           [HTTP_DELETE] = "DELETE"};

static void add_method(struct http_request *request, enum http_method method)
{
    size_t used = strlen(request->allow);
    (void)snprintf(request->allow + used, sizeof request->allow - used, "%s%s",
                   used == 0 ? "" : ", ", method_names[method]);
}

/* The route of the request; NULL: the path has none for this method. Then request->allow has those
 * that it has, "" for no such path. */
static const struct route *find_route(struct http_request *request, const char **rest)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        *rest = api_match(&routes[i], request->path);
        if (*rest != NULL && routes[i].method == request->method) {
            request->allow[0] = '\0';
            return &routes[i];
        }
        if (*rest != NULL)
            add_method(request, routes[i].method);
    }
    return NULL;
}

/* Networks are larger than anything else that is told. */
size_t api_body_max(void *context, const struct http_request *request)
{
    struct http_request asked = *request;
    const char *rest;
    const struct route *route = find_route(&asked, &rest);
    (void)context;
    bool is_network =
        route != NULL && (route->run == api_put_source || route->run == api_change_source);
    return is_network ? API_SOURCE_OCTETS_MAX : HTTP_BODY_MAX;
}

/* There is no password: a page that an operator looks at must not use the operator's way here. Nor
 * may one whose name was pointed at our address: a browser takes what such a name answers as the
 * page's own. Through the UNIX socket no browser comes. */
static bool refuse_page(const struct api *api, struct http_request *request)
{
    if (request->is_of_page) {
        api_refuse(request, 403, "Origin", "web pages are not served");
        return true;
    }
    if (!request->is_remote || request->host == NULL || is_host_known(api, request->host))
        return false;
    api_refuse(request, 421, "Host",
               "must be an address, localhost, or one of control.hosts in the configuration");
    return true;
}

void api_on_request(void *context, struct http_request *request)
{
    const char *rest;
    if (refuse_page(context, request))
        return;
    const struct route *route = find_route(request, &rest);
    if (route != NULL && (route->is_vital || !request->is_spare))
        route->run(context, request, rest);
    else if (route != NULL)
        api_refuse(request, 503, NULL, "too many requests are being served");
    else if (request->allow[0] != '\0')
        api_refuse(request, 405, "method", "this method does not fit here");
    else
        api_refuse(request, 404, "path", "there is nothing of this name");
}

void api_init(struct api *api, struct shared *shared)
{
    static const struct http_counters none;
    *api = (struct api){.shared = shared, .http = &none};
    asks_init(&api->asks, shared);
    topology_asks_init(&api->topology_asks, shared->topology_thread);
    streams_init(&api->streams);
    pump_init(&api->pump, shared, &api->asks);
}

void api_fini(struct api *api)
{
    pump_fini(&api->pump);
}

void api_on_time(struct api *api, struct mono now)
{
    asks_on_time(&api->asks, now);
    topology_asks_on_time(&api->topology_asks, now);
    if (api->streams.count > 0 && pump_run(&api->pump, now))
        streams_wake(&api->streams);
    streams_on_time(&api->streams, now);
}

int api_wait_ms(const struct api *api)
{
    return api->streams.count > 0 ? PUMP_EACH_MS : API_WAIT_IDLE_MS;
}

void api_end(struct api *api)
{
    asks_end(&api->asks);
    topology_asks_end(&api->topology_asks);
    streams_end(&api->streams);
}

bool api_is_idle(const struct api *api)
{
    return api->asks.out_count == 0 && api->topology_asks.out == NULL && api->streams.count == 0;
}
