/* pcectl topology peers, refresh, reset: the BGP-LS peers of a server. */
#include "server/pcectl/topology/topology.h"

#include "server/pcectl/api.h"
#include "server/pcectl/show.h"

#include <stdio.h>

#define PEERS     "/api/v1/topology/peers"
#define PATH_SIZE 1024 /* a text of 255 octets, each escaped */

static long long peer_number(const json_t *row, const char *key)
{
    return (long long)json_integer_value(json_object_get(row, key));
}

static const char *peer_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text == NULL ? "-" : text;
}

static void peers_print_row(const json_t *row)
{
    const json_t *routes = json_object_get(row, "routes");
    const json_t *stale = json_object_get(row, "stale_age_s");
    char since[32] = "-";
    if (json_is_number(stale))
        (void)snprintf(since, sizeof since, "%.0fs", json_number_value(stale));
    printf("%-15s %10lld %-11s %9.0fs %-15s %6lld %8lld %8lld %8lld %8lld  %s\n",
           peer_text(row, "address"), peer_number(row, "as"), peer_text(row, "state"),
           json_number_value(json_object_get(row, "state_age_s")), peer_text(row, "identifier"),
           peer_number(row, "rank"), peer_number(routes, "nodes"), peer_number(routes, "links"),
           peer_number(routes, "prefixes"), peer_number(routes, "srv6_sids"), since);
}

static void peers_print(const json_t *rows)
{
    size_t i;
    json_t *row;
    printf("%-15s %10s %-11s %10s %-15s %6s %8s %8s %8s %8s  %s\n", "PEER", "AS", "STATE", "SINCE",
           "IDENTIFIER", "RANK", "NODES", "LINKS", "PREFIXES", "SIDS", "STALE");
    json_array_foreach(rows, i, row)
    {
        peers_print_row(row);
    }
}

static int peers_show(struct pcectl_arguments *arguments, const struct pcectl_request *request,
                      const char *done)
{
    int code;
    json_t *json = pcectl_ask(request, &code);
    if (json == NULL)
        return code;
    json_t *rows = json_object_get(json, "peers");
    if (arguments->is_json)
        pcectl_print_json(rows == NULL ? json : rows);
    else if (done != NULL)
        printf("%s\n", done);
    else if (rows != NULL)
        peers_print(rows);
    else
        pcectl_print_detail(json);
    json_decref(json);
    return COMMAND_OK;
}

int topology_peers_run(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    char path[PATH_SIZE] = PEERS;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    if (arguments.count > 1 ||
        (arguments.count == 1 && !pcectl_add_element(path, sizeof path, arguments.words[0])))
        return TOPOLOGY_MISUSED;
    const struct pcectl_request request = {
        .target = &arguments.target, .method = "GET", .path = path};
    return peers_show(&arguments, &request, NULL);
}

/* POST of the verb; text: for the peer's operator, or NULL. */
static int peers_order(struct pcectl_arguments *arguments, const char *verb, const char *text)
{
    char path[PATH_SIZE] = PEERS;
    if (arguments->count != 1 || !pcectl_add_element(path, sizeof path, arguments->words[0]) ||
        !pcectl_add_element(path, sizeof path, verb) ||
        (text != NULL && !pcectl_add_argument(path, sizeof path, "text", text)))
        return TOPOLOGY_MISUSED;
    const struct pcectl_request request = {
        .target = &arguments->target, .method = "POST", .path = path};
    return peers_show(arguments, &request, "ordered");
}

int topology_refresh_run(int argc, char **argv)
{
    const struct pcectl_option options[] = {{NULL, NULL}};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    return peers_order(&arguments, "refresh", NULL);
}

int topology_reset_run(int argc, char **argv)
{
    const char *text = NULL;
    const struct pcectl_option options[] = {{"--text", &text}, {NULL, NULL}};
    struct pcectl_arguments arguments;
    if (!pcectl_parse(argc, argv, options, &arguments))
        return COMMAND_USAGE;
    return peers_order(&arguments, "reset", text);
}
