/* /api/v1/topology/peers: the BGP-LS peers, and what may be ordered of one. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/bgp_peer_json.h"

#include <stdio.h>
#include <string.h>

#define WORD_SIZE 64 /* an address and what is too long to be one */

static const char *const no_arguments[] = {NULL};

static void topology_answer_list(struct http_request *request, const struct topology_ask *ask)
{
    json_t *rows = json_array();
    bool is_whole = rows != NULL;
    for (uint32_t i = 0; is_whole && i < ask->count; i++)
        is_whole = json_array_append_new(rows, bgp_peer_json_row(&ask->peers[i])) == 0;
    if (is_whole) {
        api_answer_json(request, 200, json_pack("{s:o}", "peers", rows));
        return;
    }
    json_decref(rows);
    api_refuse_memory(request);
}

static void topology_answer_one(struct http_request *request, const struct topology_ask *ask)
{
    switch (ask->status) {
    case PCE_OK:
        api_answer_json(request, 200, bgp_peer_json(&ask->peers[0]));
        break;
    case PCE_NOT_FOUND:
        api_refuse(request, 404, "peer", "there is no such peer of bgp-ls");
        break;
    case PCE_CLOSED:
        api_refuse(request, 409, "peer", "its session is not Established");
        break;
    case PCE_UNSUPPORTED:
        api_refuse(request, 409, "peer", "it has not said that it can (RFC 2918)");
        break;
    default:
        api_refuse(request, 503, "peer", "it takes nothing at the moment");
        break;
    }
}

/* rest: the address, and `suffix` behind it. False when it is none, which was answered. */
static bool topology_read_peer(struct http_request *request, const char *rest, const char *suffix,
                               struct ip *peer)
{
    char text[WORD_SIZE];
    size_t size = strlen(rest) - strlen(suffix);
    (void)snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : 0), rest);
    if (ip_parse(text, peer))
        return true;
    api_refuse(request, 400, "peer", "must be the address of a peer of bgp-ls");
    return false;
}

void api_list_peers(struct api *api, struct http_request *request, const char *rest)
{
    const struct topology_ask what = {.what = TOPOLOGY_ASK_PEERS};
    (void)rest;
    if (api_check_arguments(request, no_arguments))
        topology_asks_start(&api->topology_asks, request, &what, topology_answer_list);
}

void api_show_peer(struct api *api, struct http_request *request, const char *rest)
{
    struct topology_ask what = {.what = TOPOLOGY_ASK_PEERS};
    if (api_check_arguments(request, no_arguments) &&
        topology_read_peer(request, rest, "", &what.peer))
        topology_asks_start(&api->topology_asks, request, &what, topology_answer_one);
}

void api_refresh_peer(struct api *api, struct http_request *request, const char *rest)
{
    struct topology_ask what = {.what = TOPOLOGY_ASK_REFRESH};
    if (api_check_arguments(request, no_arguments) &&
        topology_read_peer(request, rest, "/refresh", &what.peer))
        topology_asks_start(&api->topology_asks, request, &what, topology_answer_one);
}

void api_reset_peer(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"text", NULL};
    struct topology_ask what = {.what = TOPOLOGY_ASK_RESET};
    if (!api_check_arguments(request, names) ||
        !topology_read_peer(request, rest, "/reset", &what.peer))
        return;
    const char *text = api_argument(request, "text");
    if (text != NULL && strlen(text) > BGP_COMMUNICATION_MAX) {
        api_refuse(request, 400, "text", "must have 255 octets at most (RFC 9003)");
        return;
    }
    (void)snprintf(what.text, sizeof what.text, "%s", text == NULL ? "" : text);
    topology_asks_start(&api->topology_asks, request, &what, topology_answer_one);
}
