/* lsfeed: tells a consumer of BGP-LS a network out of a topology file, and how it changes, as it is asked line by
 * line on standard input.
 *
 *     lsfeed --topology network.yaml --source 127.0.9.1 --as 65001 127.0.0.1:1790
 *     lsfeed --topology network.yaml --alone        what its table takes to read, without a session
 *     lsfeed --floor 127.0.0.1:1790                 a bare reader in the place of the consumer
 *     lsfeed --help
 *
 * Exit codes: 0 ended by quit or the end of input, 1 it could not begin, 2 wrong option. */
#include "bench/lsfeed/alone.h"
#include "bench/lsfeed/commands.h"
#include "bench/lsfeed/floor.h"
#include "core/base/number.h"
#include "server/topology/load.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOLD_S         90
#define KEEPALIVE_PART 3 /* of the hold time, so often */
#define IDENTIFIER     "192.0.2.1"

static const char usage[] =
    "lsfeed --topology FILE [options] ADDRESS:PORT      IPv4\n"
    "lsfeed --topology FILE --alone                     its table through pced's reading, in this "
    "process\n"
    "lsfeed --floor ADDRESS:PORT                        a bare reader there: splits messages, "
    "drops them\n"
    "  --source ADDRESS   it connects from (the system chooses)\n"
    "  --as N             its AS, and the peer's (65001)\n"
    "  --restart S        it keeps its network over a restart of so long (RFC 4724; 0: it does "
    "not)\n"
    "\n"
    "Prints \"ready\" and what is in the network, then answers lines of standard input, each with "
    "one line:\n"
    "  up, down, cease          the session: open; lost; ended by a NOTIFICATION\n"
    "  table, eor               the whole network and End-of-RIB; End-of-RIB alone\n"
    "  metric LINK VALUE        one direction of a link, by its number in the network\n"
    "  bandwidth LINK PERCENT   of what it has unreserved\n"
    "  withdraw N, announce N   N links from all over the network, both directions\n"
    "  cut A B, mend A B        all links between two nodes, by their names\n"
    "  flap N PERIOD TIMES      down for half of each period (ms), and up\n"
    "  quit\n";

static const struct option names[] = {
    {"topology", required_argument, NULL, 't'}, {"source", required_argument, NULL, 's'},
    {"as", required_argument, NULL, 'a'},       {"restart", required_argument, NULL, 'r'},
    {"alone", no_argument, NULL, 'l'},          {"floor", no_argument, NULL, 'f'},
    {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
};

struct lsfeed_options {
    const char *topology;
    bool is_alone;
    bool is_floor;
    struct session_options session;
};

static void lsfeed_refuse(const char *what, const char *value)
{
    (void)fprintf(stderr, "lsfeed: %s '%s'\n%s", what, value, usage);
    exit(2);
}

static uint32_t lsfeed_number(const char *text, uint32_t max)
{
    uint64_t number;
    if (!number_parse(text, max, &number))
        lsfeed_refuse("no such number:", text);
    return (uint32_t)number;
}

static void lsfeed_read_peer(const char *text, struct sockaddr_in *peer)
{
    char host[INET_ADDRSTRLEN];
    const char *colon = strchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host)
        lsfeed_refuse("not ADDRESS:PORT:", text);
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    if (inet_pton(AF_INET, host, &peer->sin_addr) != 1)
        lsfeed_refuse("no IPv4 address:", text);
    peer->sin_family = AF_INET;
    peer->sin_port = htons((uint16_t)lsfeed_number(colon + 1, UINT16_MAX));
}

static void lsfeed_read_option(int name, struct lsfeed_options *options)
{
    struct session_options *session = &options->session;
    switch (name) {
    case 't':
        options->topology = optarg;
        break;
    case 's':
        if (inet_pton(AF_INET, optarg, &session->source.sin_addr) != 1)
            lsfeed_refuse("no IPv4 address:", optarg);
        break;
    case 'a':
        session->open.as = lsfeed_number(optarg, UINT32_MAX);
        break;
    case 'r':
        session->open.restart_s = (uint16_t)lsfeed_number(optarg, 0xFFF);
        break;
    case 'l':
        options->is_alone = true;
        break;
    case 'f':
        options->is_floor = true;
        break;
    default:
        (void)fputs(usage, name == 'h' ? stdout : stderr);
        exit(name == 'h' ? 0 : 2);
    }
}

static void lsfeed_read_options(int argc, char **argv, struct lsfeed_options *options)
{
    int name;
    (void)ip_parse(IDENTIFIER, &options->session.open.identifier);
    while ((name = getopt_long(argc, argv, "", names, NULL)) != -1)
        lsfeed_read_option(name, options);
    if (options->topology == NULL && !options->is_floor)
        lsfeed_refuse("needed is", "--topology");
    if (optind + (options->is_alone ? 0 : 1) != argc)
        lsfeed_refuse("not one peer:", optind < argc ? argv[optind] : "");
    if (!options->is_alone)
        lsfeed_read_peer(argv[optind], &options->session.peer);
}

/* Keeps the session while no line comes. False: there are no more lines. */
static bool lsfeed_wait(struct session *session)
{
    struct pollfd news[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                             {.fd = session->socket, .events = POLLIN}};
    int count = poll(news, session->socket >= 0 ? 2 : 1, HOLD_S * 1000 / KEEPALIVE_PART);
    if (count == 0 && session->socket >= 0)
        session_send_keepalive(session);
    if (count > 0 && session->socket >= 0 && news[1].revents != 0 && !session_read(session))
        puts("lost");
    (void)fflush(stdout);
    return count >= 0;
}

/* Lines are read by octets, so that poll() sees what is left of them. */
static void lsfeed_serve(struct commands *commands)
{
    char line[COMMANDS_LINE_MAX];
    size_t size = 0;
    while (!commands->has_ended && lsfeed_wait(&commands->session)) {
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        while (!commands->has_ended && poll(&input, 1, 0) > 0) {
            char octet;
            if (read(STDIN_FILENO, &octet, 1) != 1 || size == sizeof line - 1)
                return;
            line[size++] = octet;
            if (octet != '\n')
                continue;
            line[size - 1] = '\0';
            size = 0;
            commands_run(commands, line);
        }
    }
}

static int lsfeed_run(const struct lsfeed_options *options, const struct ted_snapshot *snapshot)
{
    struct commands commands = {
        .snapshot = snapshot,
        .session = {.options = &options->session, .socket = -1},
        .links = calloc(2 * (size_t)snapshot->link_count + 1, sizeof *commands.links)};
    if (commands.links == NULL) {
        (void)fputs("lsfeed: out of memory\n", stderr);
        return 1;
    }
    table_add_network(&commands.whole, snapshot);
    printf("ready nodes=%u links=%u\n", snapshot->node_count, snapshot->link_count);
    (void)fflush(stdout);
    lsfeed_serve(&commands);
    session_close(&commands.session, false);
    table_fini(&commands.whole);
    table_fini(&commands.change);
    free(commands.links);
    return 0;
}

int main(int argc, char **argv)
{
    struct lsfeed_options options = {
        .session = {.source = {.sin_family = AF_INET}, .open = {.as = 65001, .hold_s = HOLD_S}}};
    struct ted_snapshot *snapshot;
    char text[512];
    lsfeed_read_options(argc, argv, &options);
    if (options.is_floor)
        return floor_run(&options.session.peer);
    if (topology_load(options.topology, &snapshot, text, sizeof text) != PCE_OK) {
        (void)fprintf(stderr, "lsfeed: %s\n", text);
        return 1;
    }
    int code = options.is_alone ? alone_run(snapshot) : lsfeed_run(&options, snapshot);
    ted_snapshot_destroy(snapshot);
    return code;
}
