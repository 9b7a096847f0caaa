/* The command line of pcectl request: one row for each option. */
#include "server/pcectl/request/request.h"

#include "core/base/number.h"
#include "core/base/random.h"
#include "core/requests/metric.h"
#include "io/os/clock.h"
#include "server/pcectl/command.h"
#include "server/topology/load.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT_DEFAULT 4189

/* What the options leave to be worked out when all are read. */
struct words {
    const char *topology;
    const char *all_from;
    const char *from; /* awaits its --to */
    uint32_t random_count;
    uint64_t seed;
};

struct context {
    struct request_plan *plan;
    struct words words;
};

/* False when it is no metric that the engine has. */
static bool parse_metric(const char *word, uint8_t *type)
{
    enum path_metric metric = metric_of_word(word);
    if (metric == PATH_METRIC_COUNT)
        return false;
    *type = metric_type(metric);
    return true;
}

/* ADDR, ADDR:PORT or [ADDR]:PORT. */
static bool parse_server(const char *text, struct ip *ip, uint16_t *port)
{
    char address[IP_TEXT_SIZE];
    const char *at = text[0] == '[' ? text + 1 : text;
    size_t size = text[0] == '[' ? strcspn(at, "]") : strlen(at);
    const char *rest = text[0] == '[' && at[size] == ']' ? at + size + 1 : at + size;
    const char *colon = strchr(text, ':');
    uint64_t number;
    if (text[0] != '[' && colon != NULL && strchr(colon + 1, ':') == NULL) {
        size = (size_t)(colon - text);
        rest = colon;
    }
    if (size >= sizeof address)
        return false;
    memcpy(address, at, size);
    address[size] = '\0';
    if (!ip_parse(address, ip))
        return false;
    if (*rest == '\0')
        return true;
    if (*rest != ':' || !number_parse(rest + 1, UINT16_MAX, &number) || number == 0)
        return false;
    *port = (uint16_t)number;
    return true;
}

/* "10G": bits per second with k, M, G or T; as octets per second, the unit of the wire. */
static bool parse_bandwidth(const char *text, float *octets_per_s)
{
    char *end;
    double value = strtod(text, &end);
    static const char units[] = "kMGT";
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    if (end == text || !isfinite(value) || value <= 0 || (*end != '\0' && unit == NULL))
        return false;
    if (unit != NULL) {
        for (const char *u = units; u <= unit; u++)
            value *= 1000;
        end++;
    }
    *octets_per_s = (float)(value / 8);
    return *end == '\0' && isfinite(*octets_per_s);
}

/* ---- one function for each option; false: its value is wrong ---- */

static bool take_server(struct context *context, const char *value)
{
    return parse_server(value, &context->plan->server.to, &context->plan->server.to_port);
}

static bool take_source(struct context *context, const char *value)
{
    return ip_parse(value, &context->plan->server.from);
}

static bool take_topology(struct context *context, const char *value)
{
    context->words.topology = value;
    return true;
}

static bool add_pair(struct request_plan *plan, struct ip from, struct ip to)
{
    if (plan->pair_count == REQUEST_PAIRS_MAX)
        return false;
    if (plan->pair_count == plan->pair_room) {
        uint32_t room = plan->pair_room == 0 ? 64 : plan->pair_room * 2;
        struct request_pair *pairs = realloc(plan->pairs, room * sizeof *pairs);
        if (pairs == NULL)
            return false;
        plan->pairs = pairs;
        plan->pair_room = room;
    }
    plan->pairs[plan->pair_count++] = (struct request_pair){from, to};
    return true;
}

static struct ip node_address(const struct ted_snapshot *topology, uint32_t node)
{
    const struct ted_node *it = &topology->nodes[node];
    return it->router_id_v4.family != IP_NONE ? it->router_id_v4 : it->router_id_v6;
}

/* An address, or a name of the topology. */
static bool args_find_end(const struct request_plan *plan, const char *text, struct ip *ip)
{
    if (ip_parse(text, ip))
        return true;
    if (plan->topology == NULL) {
        (void)fprintf(stderr, "\"%s\" is no address; names need --topology\n", text);
        return false;
    }
    uint32_t node = ted_find_node_by_name(plan->topology, text);
    if (node == TED_NONE) {
        (void)fprintf(stderr, "the topology has no node \"%s\"\n", text);
        return false;
    }
    *ip = node_address(plan->topology, node);
    return true;
}

static bool args_take_from(struct context *context, const char *value)
{
    if (context->words.from != NULL)
        return false;
    context->words.from = value;
    return true;
}

static bool take_to(struct context *context, const char *value)
{
    struct ip from, to;
    if (context->words.from == NULL || !args_find_end(context->plan, context->words.from, &from) ||
        !args_find_end(context->plan, value, &to))
        return false;
    context->words.from = NULL;
    if (from.family != to.family) {
        (void)fprintf(stderr, "both ends of a request must be of one address family\n");
        return false;
    }
    return add_pair(context->plan, from, to);
}

static bool take_pairs(struct context *context, const char *value)
{
    uint64_t count;
    if (!number_parse(value, REQUEST_PAIRS_MAX, &count))
        return false;
    context->words.random_count = (uint32_t)count;
    return true;
}

static bool take_seed(struct context *context, const char *value)
{
    return number_parse(value, UINT64_MAX, &context->words.seed);
}

static bool take_all_from(struct context *context, const char *value)
{
    context->words.all_from = value;
    return true;
}

static bool take_setup(struct context *context, const char *value)
{
    static const struct {
        const char *word;
        uint8_t pst;
    } setups[] = {{"sr", PCEP_PST_SR}, {"srv6", PCEP_PST_SRV6}, {"rsvp", PCEP_PST_RSVP_TE}};
    for (size_t i = 0; i < sizeof setups / sizeof setups[0]; i++) {
        context->plan->pst = setups[i].pst;
        if (strcmp(value, setups[i].word) == 0)
            return true;
    }
    return false;
}

static bool args_take_metric(struct context *context, const char *value)
{
    return parse_metric(value, &context->plan->metric);
}

static bool take_bound(struct context *context, const char *value)
{
    struct request_plan *plan = context->plan;
    char word[16];
    char *end;
    size_t size = strcspn(value, "=");
    if (value[size] != '=' || size >= sizeof word || plan->bound_count == REQUEST_BOUNDS_MAX)
        return false;
    memcpy(word, value, size);
    word[size] = '\0';
    double bound = strtod(value + size + 1, &end);
    uint8_t type;
    if (!parse_metric(word, &type) || end == value + size + 1 || *end != '\0' || !isfinite(bound) ||
        bound < 0)
        return false;
    plan->bounds[plan->bound_count++] =
        (struct pcep_metric){.flags = PCEP_METRIC_B, .type = type, .value = (float)bound};
    return true;
}

static bool take_bandwidth(struct context *context, const char *value)
{
    return parse_bandwidth(value, &context->plan->bandwidth);
}

static bool take_affinity(struct context *context, const char *value, uint32_t *mask)
{
    uint64_t number;
    char *end = NULL;
    bool is_hex = strncmp(value, "0x", 2) == 0 && isxdigit((unsigned char)value[2]);
    if (is_hex)
        number = strtoull(value, &end, 16);
    if (is_hex ? *end != '\0' || number > UINT32_MAX : !number_parse(value, UINT32_MAX, &number))
        return false;
    *mask = (uint32_t)number;
    context->plan->has_lspa = true;
    return true;
}

static bool take_priority(struct context *context, const char *value)
{
    uint64_t number;
    if (!number_parse(value, TED_PRIORITIES - 1, &number))
        return false;
    context->plan->priority = (uint8_t)number;
    context->plan->has_lspa = true;
    return true;
}

static bool take_exclude_any(struct context *context, const char *value)
{
    return take_affinity(context, value, &context->plan->exclude_any);
}

static bool take_include_any(struct context *context, const char *value)
{
    return take_affinity(context, value, &context->plan->include_any);
}

static bool take_include_all(struct context *context, const char *value)
{
    return take_affinity(context, value, &context->plan->include_all);
}

static bool take_msd(struct context *context, const char *value)
{
    uint64_t number;
    if (!number_parse(value, UINT8_MAX, &number) || number == 0)
        return false;
    context->plan->msd = (uint8_t)number;
    return true;
}

static bool take_objective(struct context *context, const char *value)
{
    static const struct {
        const char *word;
        uint16_t code;
    } rows[] = {
        {"mcp", PCEP_OF_MCP}, {"mlp", PCEP_OF_MLP}, {"mbp", PCEP_OF_MBP}, {"mplp", PCEP_OF_MPLP}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].word, value) == 0) {
            context->plan->objective = rows[i].code;
            return true;
        }
    }
    return false;
}

static bool take_timeout(struct context *context, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !(seconds > 0 && seconds <= 3600))
        return false;
    context->plan->timeout_ms = (uint32_t)(seconds * 1000);
    return true;
}

static bool take_parallel(struct context *context, const char *value)
{
    uint64_t number;
    if (!number_parse(value, 1024, &number) || number == 0)
        return false;
    context->plan->parallel = (uint32_t)number;
    return true;
}

static bool take_json(struct context *context, const char *value)
{
    (void)value;
    context->plan->is_json = true;
    return true;
}

static const struct {
    const char *name;
    const char *value; /* NULL: the option has none */
    const char *help;
    bool (*take)(struct context *context, const char *value);
} options[] = {
    {"--server", "ADDR[:PORT]", "the PCE (127.0.0.1:4189); [ADDR]:PORT for IPv6", take_server},
    {"--source", "ADDR", "our own address, kept also where the PCE has a session with it",
     take_source},
    {"--topology", "FILE", "to ask by names and to show names", take_topology},
    {"--from", "NODE", "where a path begins: a name or an address; then its --to", args_take_from},
    {"--to", "NODE", "where it ends; --from and --to may come many times", take_to},
    {"--pairs", "N", "N random pairs of the topology's nodes", take_pairs},
    {"--seed", "N", "of the random pairs (1)", take_seed},
    {"--all-from", "NODE", "from that node to every other one", take_all_from},
    {"--setup", "sr|srv6|rsvp", "labels, SRv6 SIDs, or strict hops for RSVP-TE (sr)", take_setup},
    {"--metric", "WORD", "what is minimised, such as te, delay or loss (igp)", args_take_metric},
    {"--bound", "WORD=VALUE", "at most this much of a metric, or of sids", take_bound},
    {"--bandwidth", "BITS", "bits per second, with k, M, G or T", take_bandwidth},
    {"--priority", "N", "setup and holding priority, 0 (the highest) to 7 (0)", take_priority},
    {"--exclude-any", "MASK", "no link with any of these affinities (0x…)", take_exclude_any},
    {"--include-any", "MASK", "only links with one of these", take_include_any},
    {"--include-all", "MASK", "only links with all of these", take_include_all},
    {"--msd", "N", "at most N labels or SIDs", take_msd},
    {"--of", "mcp|mlp|mbp|mplp", "objective function", take_objective},
    {"--parallel", "N", "requests that are out at a time (1)", take_parallel},
    {"--timeout", "SECONDS", "for the session, with all attempts, and for each answer (10)",
     take_timeout},
    {"--json", NULL, "one JSON document", take_json},
};

#define OPTION_COUNT (sizeof options / sizeof options[0])

static void print_help(FILE *file)
{
    (void)fprintf(file, "usage: pcectl request [OPTIONS] --from NODE --to NODE …\n\n");
    for (size_t i = 0; i < OPTION_COUNT; i++)
        (void)fprintf(file, "  %-13s %-12s %s\n", options[i].name,
                      options[i].value == NULL ? "" : options[i].value, options[i].help);
    (void)fprintf(file,
                  "\nExit codes: 0 a path for every request, 1 some without, 2 wrong arguments, "
                  "3 no session.\n");
}

/* ---- all together ---- */

static int args_read_topology(struct context *context, const char *path)
{
    char text[FAILURE_TEXT_SIZE];
    if (path == NULL)
        return COMMAND_OK;
    if (topology_load(path, &context->plan->topology, text, sizeof text) == PCE_OK)
        return COMMAND_OK;
    (void)fprintf(stderr, "%s\n", text);
    return COMMAND_USAGE;
}

/* The same seed gives the same pairs everywhere. */
static bool add_random(struct context *context)
{
    struct request_plan *plan = context->plan;
    struct random random = {context->words.seed};
    const struct ted_snapshot *topology = plan->topology;
    if (context->words.random_count == 0)
        return true;
    if (topology == NULL || topology->node_count < 2)
        return false;
    for (uint32_t added = 0; added < context->words.random_count;) {
        uint32_t from = random_below(&random, topology->node_count);
        uint32_t to = random_below(&random, topology->node_count);
        if (from == to)
            continue;
        if (!add_pair(plan, node_address(topology, from), node_address(topology, to)))
            return false;
        added++;
    }
    return true;
}

static bool add_all_from(struct context *context)
{
    struct request_plan *plan = context->plan;
    struct ip from;
    if (context->words.all_from == NULL)
        return true;
    if (plan->topology == NULL || !args_find_end(plan, context->words.all_from, &from))
        return false;
    uint32_t self = ted_find_node_by_address(plan->topology, &from);
    for (uint32_t node = 0; node < plan->topology->node_count; node++) {
        if (node != self && !add_pair(plan, from, node_address(plan->topology, node)))
            return false;
    }
    return true;
}

static int args_finish(struct context *context)
{
    struct request_plan *plan = context->plan;
    if (!add_random(context) || !add_all_from(context)) {
        (void)fprintf(stderr,
                      "--pairs and --all-from need --topology with such nodes, and at most %d "
                      "requests\n",
                      REQUEST_PAIRS_MAX);
        return COMMAND_USAGE;
    }
    if (plan->pair_count == 0 || context->words.from != NULL) {
        print_help(stderr);
        return COMMAND_USAGE;
    }
    plan->answers = calloc(plan->pair_count, sizeof *plan->answers);
    if (plan->answers == NULL) {
        (void)fprintf(stderr, "no memory for %u requests\n", plan->pair_count);
        return COMMAND_FAILED;
    }
    return COMMAND_OK;
}

static bool is_pair_option(size_t option)
{
    return options[option].take == args_take_from || options[option].take == take_to;
}

static size_t args_find_option(const char *name)
{
    size_t i = 0;
    while (i < OPTION_COUNT && strcmp(options[i].name, name) != 0)
        i++;
    return i;
}

/* One walk over the arguments: that of the pairs comes second, when the topology is known. */
static int walk(int argc, char **argv, struct context *context, bool is_for_pairs)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            print_help(stdout);
            return -1;
        }
        size_t option = args_find_option(argv[i]);
        if (option == OPTION_COUNT || (options[option].value != NULL && i + 1 == argc)) {
            (void)fprintf(stderr, "unknown or incomplete option: %s\n", argv[i]);
            return COMMAND_USAGE;
        }
        const char *value = options[option].value == NULL ? NULL : argv[++i];
        if (is_pair_option(option) == is_for_pairs && !options[option].take(context, value)) {
            (void)fprintf(stderr, "wrong value for %s: %s\n", options[option].name,
                          value == NULL ? "" : value);
            return COMMAND_USAGE;
        }
    }
    return COMMAND_OK;
}

int request_parse(int argc, char **argv, struct request_plan *plan)
{
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    struct context context = {.plan = plan, .words = {.seed = 1}};
    *plan = (struct request_plan){
        .server = {.to = ip_from_v4(loopback), .to_port = PORT_DEFAULT},
        .timeout_ms = 10000,
        .parallel = 1,
        .pst = PCEP_PST_SR,
        .metric = PCEP_METRIC_TYPE_IGP,
    };
    int code = walk(argc, argv, &context, false);
    if (code == COMMAND_OK)
        code = args_read_topology(&context, context.words.topology);
    if (code == COMMAND_OK)
        code = walk(argc, argv, &context, true);
    return code == COMMAND_OK ? args_finish(&context) : code;
}
