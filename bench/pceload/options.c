#include "bench/pceload/options.h"

#include "core/base/number.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT 4189

const char *const misbehaviour_names[BEHAVE_KINDS] = {
    "well", "stall", "drip", "half-open", "reset", "reconnect", "malformed",
};

/* What an option's value is; a row says where it goes and between which bounds. */
enum value { VALUE_U32, VALUE_U64, VALUE_REAL, VALUE_TEXT, VALUE_FLAG, VALUE_OWN };

struct row {
    const char *name;
    enum value value;
    size_t offset;
    double min, max;
    const char *argument;
    const char *text; /* NULL: it stands with the one before */
};

#define AT(member) offsetof(struct options, member)

static const struct row rows[] = {
    {"sessions", VALUE_U32, AT(sessions), 1, SESSIONS_MAX, "N", "sessions to bring up (1)"},
    {"rings", VALUE_U32, AT(rings), 1, RINGS_MAX, "N",
     "threads, each with a ring (1 for 18,000 sessions, and at least 2)"},
    {"sources", VALUE_OWN, 0, 0, 0, "PREFIX",
     "where sessions come from, one address each (127.1.0.0/8)"},
    {"sources-offset", VALUE_U32, AT(sources_offset), 0, 1e9, "K", "addresses to skip (0)"},
    {"rate", VALUE_REAL, AT(rate), 0, 1e7, "N", "connections per second; 0: as they are taken (0)"},
    {"connecting", VALUE_U32, AT(connecting), 1, 10000, "N",
     "connections under way at once, of each ring (128)"},
    {"ramp-limit", VALUE_REAL, AT(ramp_limit_s), 0.1, 1e6, "S",
     "go on when not all are up by then (60, and 1 for 1,000 sessions)"},
    {"keepalive", VALUE_U32, AT(keepalive_s), 0, 255, "S", "of the Open; 0: none (30)"},
    {"dead-timer", VALUE_U32, AT(dead_timer_s), 0, 255, "S", "of the Open (120)"},
    {"msd", VALUE_U32, AT(msd), 0, 255, "N", "labels that a source can push; 0: no limit (10)"},
    {"depth", VALUE_U32, AT(depth), 1, OPTIONS_DEPTH_MAX, "D",
     "closed loop: requests that each session has out"},
    {"open-loop", VALUE_REAL, AT(open_loop), 0.001, 1e8, "RATE",
     "requests per second over all sessions, sent by schedule"},
    {"warm-up", VALUE_REAL, AT(warm_up_s), 0, 1e6, "S", "under load before it is measured (1)"},
    {"duration", VALUE_REAL, AT(duration_s), 0.001, 1e7, "S", "of what is measured (10)"},
    {"drain", VALUE_REAL, AT(drain_s), 0, 1e6, "S", "that late answers are waited for (2)"},
    {"requests", VALUE_U64, AT(requests), 1, 1e15, "N", "end after so many answers"},
    {"topology", VALUE_TEXT, AT(topology), 0, 0, "FILE",
     "pairs of its nodes; what comes is followed on it"},
    {"pairs", VALUE_TEXT, AT(pairs), 0, 0, "FILE", "lines \"SOURCE DESTINATION\""},
    {"pick", VALUE_OWN, 0, 0, 0, "HOW", "uniform, zipf:S or all-pairs (uniform)"},
    {"constraints", VALUE_OWN, 0, 0, 0, "WHICH", "none, mix or unique (none)"},
    {"setup", VALUE_OWN, 0, 0, 0, "TYPE", "sr, rsvp or srv6 (sr)"},
    {"ipv6", VALUE_FLAG, AT(is_v6), 0, 0, NULL, "ask for the nodes' IPv6 addresses"},
    {"seed", VALUE_U64, AT(seed), 0, 1e18, "N", "of what is drawn (1)"},
    {"reports", VALUE_U32, AT(reports), 1, 1000000, "N", "LSPs that each session reports"},
    {"stateful", VALUE_FLAG, AT(is_stateful), 0, 0, NULL,
     "follow PCUpd and PCInitiate also without LSPs of one's own"},
    {"segments", VALUE_U32, AT(segments), 1, REPORT_SEGMENTS_MAX, "N", "of a reported path (5)"},
    {"nai", VALUE_FLAG, AT(has_nai), 0, 0, NULL, "segments name their node as well"},
    {"adjacent", VALUE_FLAG, AT(is_adjacent), 0, 0, NULL,
     "segments are adjacency SIDs of links of --topology"},
    {"delegate", VALUE_REAL, AT(delegate), 0, 1, "PART", "of the LSPs that is delegated (0)"},
    {"lsp-bandwidth", VALUE_OWN, 0, 0, 0, "PART[:MBITS]",
     "of the LSPs that asks for bandwidth (0), and how much (10)"},
    {"reconnect", VALUE_REAL, AT(reconnect_s), 0.001, 3600, "S",
     "a session that is lost comes again after that time"},
    {"misbehave", VALUE_OWN, 0, 0, 0, "KIND:COUNT[:PARAM]",
     "that many of the sessions: stall, drip, half-open, reset, reconnect, malformed"},
    {"floor", VALUE_FLAG, AT(is_floor), 0, 0, NULL, "the server is pcefloor: no path is judged"},
    {"json", VALUE_TEXT, AT(json), 0, 0, "FILE", "results as JSON; - for standard output"},
    {"hdr", VALUE_TEXT, AT(hdr), 0, 0, "FILE", "percentile distribution of the latency"},
    {"order-times", VALUE_TEXT, AT(order_times), 0, 0, "FILE",
     "when each PCUpd and PCInitiate came; seconds of the monotonic clock"},
    {"progress", VALUE_U32, AT(progress_s), 0, 3600, "S", "between two lines; 0: none (1)"},
    {"quiet", VALUE_FLAG, AT(is_quiet), 0, 0, NULL, "no progress and no table"},
    {"control", VALUE_FLAG, AT(has_control), 0, 0, NULL,
     "say \"up N\" when all are up; SIGUSR1: measure now; SIGTERM: end now"},
    {"hold", VALUE_FLAG, AT(is_held), 0, 0, NULL, "no load before SIGUSR1"},
    {"sq-entries", VALUE_U32, AT(sq_entries), 64, 32768, "N", "submission queue of a ring"},
    {"cq-entries", VALUE_U32, AT(cq_entries), 128, 65536, "N", "completion queue of a ring"},
    {"buffers", VALUE_U32, AT(buffers), 16, 32768, "N", "receive buffers of a ring"},
    {"help", VALUE_FLAG, 0, 0, 0, NULL, "this text"},
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void options_print_usage(FILE *file)
{
    (void)fputs("pceload [options] ADDRESS[:PORT]\n"
                "Simulates routers (PCCs) against a Path Computation Element; docs/PCELOAD.md.\n",
                file);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "--%s%s%s", rows[i].name,
                       rows[i].argument == NULL ? "" : " ",
                       rows[i].argument == NULL ? "" : rows[i].argument);
        (void)fprintf(file, "  %-30s %s\n", name, rows[i].text);
    }
}

/* ---- values ---- */

static bool read_real(const char *text, double min, double max, double *value)
{
    char *end = NULL;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= min && *value <= max;
}

static bool read_pick(struct options *options, const char *text)
{
    if (strcmp(text, "uniform") == 0)
        options->pick = PICK_UNIFORM;
    else if (strcmp(text, "all-pairs") == 0)
        options->pick = PICK_ALL_PAIRS;
    else if (strncmp(text, "zipf:", 5) == 0)
        options->pick = PICK_ZIPF;
    else
        return false;
    return options->pick != PICK_ZIPF || read_real(text + 5, 0.01, 10, &options->zipf);
}

/* The index of the text among the names; count when it is not there. */
static uint32_t index_of(const char *text, size_t size, const char *const *names, uint32_t count)
{
    uint32_t i = 0;
    while (i < count && (strlen(names[i]) != size || memcmp(names[i], text, size) != 0))
        i++;
    return i;
}

static bool read_misbehaviour(struct options *options, const char *text)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL)
        return false;
    uint32_t kind = index_of(text, (size_t)(colon - text), misbehaviour_names, BEHAVE_KINDS);
    if (kind == BEHAVE_KINDS || kind == BEHAVE_WELL)
        return false;
    const char *end = colon + 1;
    uint64_t count;
    if (!number_take(&end, SESSIONS_MAX, &count) || count == 0 || (*end != '\0' && *end != ':'))
        return false;
    options->misbehaving[kind] = (uint32_t)count;
    return *end == '\0' || read_real(end + 1, 0.001, 1e9, &options->misbehaviour_param[kind]);
}

static bool read_wide(struct options *options, const char *text)
{
    char *end = NULL;
    options->wide = strtod(text, &end);
    if (end == text || !(options->wide >= 0 && options->wide <= 1))
        return false;
    return *end == '\0' || (*end == ':' && read_real(end + 1, 0.001, 1e6, &options->wide_mbits));
}

static bool read_own(struct options *options, const char *name, const char *text)
{
    static const char *const constraints[] = {"none", "mix", "unique"};
    static const char *const setups[] = {"sr", "rsvp", "srv6"};
    const char *reason;
    if (strcmp(name, "sources") == 0)
        return ip_parse_prefix(text, &options->sources, &options->sources_bits, &reason);
    if (strcmp(name, "pick") == 0)
        return read_pick(options, text);
    if (strcmp(name, "lsp-bandwidth") == 0)
        return read_wide(options, text);
    if (strcmp(name, "misbehave") == 0)
        return read_misbehaviour(options, text);
    if (strcmp(name, "constraints") == 0) {
        uint32_t i = index_of(text, strlen(text), constraints, 3);
        options->constraints = (enum constraints)i;
        return i < 3;
    }
    uint32_t i = index_of(text, strlen(text), setups, 3);
    options->setup = (enum setup)i;
    return i < 3;
}

static bool set_value(struct options *options, const struct row *row, const char *text)
{
    void *to = (char *)options + row->offset;
    double value = 0;
    switch (row->value) {
    case VALUE_FLAG:
        *(bool *)to = true;
        return true;
    case VALUE_TEXT:
        *(const char **)to = text;
        return *text != '\0';
    case VALUE_OWN:
        return read_own(options, row->name, text);
    case VALUE_REAL:
        return read_real(text, row->min, row->max, (double *)to);
    default:
        break;
    }
    if (!read_real(text, row->min, row->max, &value) || value != (double)(uint64_t)value)
        return false;
    if (row->value == VALUE_U32)
        *(uint32_t *)to = (uint32_t)value;
    else
        *(uint64_t *)to = (uint64_t)value;
    return true;
}

/* ADDRESS, ADDRESS:PORT, [ADDRESS] or [ADDRESS]:PORT. */
static bool read_server(struct options *options, const char *text)
{
    char address[IP_TEXT_SIZE + 2];
    bool has_bracket = *text == '[';
    const char *start = text + has_bracket;
    size_t size = has_bracket ? strcspn(start, "]") : strlen(start);
    const char *colon = strchr(start, ':');
    if (!has_bracket && colon != NULL && strchr(colon + 1, ':') == NULL)
        size = (size_t)(colon - start);
    const char *rest = start + size + (has_bracket && start[size] == ']');
    if (size == 0 || size >= sizeof address || (has_bracket && start[size] != ']'))
        return false;
    memcpy(address, start, size);
    address[size] = '\0';
    double port = DEFAULT_PORT;
    if (*rest != '\0' && (*rest != ':' || !read_real(rest + 1, 1, 65535, &port)))
        return false;
    options->port = (uint16_t)port;
    return ip_parse(address, &options->server);
}

/* ---- what fits together ---- */

/* One address for all, or one for each. */
static bool has_one_source(const struct options *options)
{
    return options->sources_bits == 8 * ip_size(&options->sources);
}

static const char *why_not(struct options *options)
{
    bool has_load = options_has_load(options);
    if (options->sources.family == IP_NONE) {
        bool is_v6 = options->server.family == IP_V6;
        (void)ip_parse(is_v6 ? "::1" : "127.1.0.0", &options->sources);
        options->sources_bits = is_v6 ? 128 : 8;
    }
    if (options->sources.family != options->server.family)
        return "--sources and the server's address are of different families";
    struct ip last = options_source(options, options->sessions - 1);
    if (!ip_is_within(&last, &options->sources, options->sources_bits))
        return "--sources has fewer addresses than there are sessions";
    if (has_load && options->topology == NULL && options->pairs == NULL)
        return "requests need --topology or --pairs";
    if (options_misbehaving(options) > options->sessions)
        return "more sessions misbehave than there are";
    if (options->is_adjacent && (options->topology == NULL || options->pairs != NULL ||
                                 options->setup != SETUP_SR || options->has_nai))
        return "--adjacent needs --topology and --setup sr, and neither --pairs nor --nai";
    if (options->setup == SETUP_SRV6 && options->reports > 0)
        return "no LSPs of --setup srv6 are reported";
    if (options->is_held && !options->has_control)
        return "--hold needs --control";
    return NULL;
}

static void complete(struct options *options)
{
    uint32_t needed = (options->sessions + SESSIONS_PER_RING - 1) / SESSIONS_PER_RING;
    if (options->rings == 0)
        options->rings = needed < 2 ? 2 : needed;
    if (options->rings > options->sessions)
        options->rings = options->sessions;
    if (options->ramp_limit_s == 0)
        options->ramp_limit_s = 60 + options->sessions / 1000.0;
    if (options->open_loop > 0 && options->depth == 0)
        options->depth = OPTIONS_DEPTH_MAX;
    if (options->is_quiet)
        options->progress_s = 0;
    options->is_stateful |= options->reports > 0;
}

bool options_read(struct options *options, int argc, char **argv, bool *is_help)
{
    *options = (struct options){.sessions = 1,
                                .connecting = 128,
                                .keepalive_s = 30,
                                .dead_timer_s = 120,
                                .msd = 10,
                                .warm_up_s = 1,
                                .drain_s = 2,
                                .seed = 1,
                                .segments = 5,
                                .wide_mbits = 10,
                                .progress_s = 1};
    struct option names[ROW_COUNT + 1] = {0};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        bool has_argument = rows[i].value != VALUE_FLAG;
        names[i] = (struct option){.name = rows[i].name,
                                   .has_arg = has_argument ? required_argument : no_argument,
                                   .val = 'A' + (int)i};
    }
    *is_help = false;
    for (int name; (name = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        const struct row *row = name == '?' ? NULL : &rows[name - 'A'];
        if (row != NULL && strcmp(row->name, "help") == 0) {
            options_print_usage(stdout);
            *is_help = true;
            return true;
        }
        if (row == NULL || !set_value(options, row, optarg)) {
            if (row != NULL)
                (void)fprintf(stderr, "pceload: --%s: %s is not a value for it\n", row->name,
                              optarg);
            return false;
        }
    }
    if (optind + 1 != argc || !read_server(options, argv[optind])) {
        (void)fputs("pceload: name the server as ADDRESS[:PORT]; --help lists the options\n",
                    stderr);
        return false;
    }
    const char *why = why_not(options);
    if (why != NULL)
        (void)fprintf(stderr, "pceload: %s\n", why);
    else
        complete(options);
    return why == NULL;
}

/* ---- what follows from them ---- */

uint32_t options_misbehaving(const struct options *options)
{
    uint64_t count = 0;
    for (unsigned kind = BEHAVE_WELL + 1; kind < BEHAVE_KINDS; kind++)
        count += options->misbehaving[kind];
    return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

enum misbehaviour options_behaviour(const struct options *options, uint32_t index)
{
    uint32_t first = options->sessions - options_misbehaving(options);
    if (index < first)
        return BEHAVE_WELL;
    unsigned kind = BEHAVE_WELL + 1;
    for (index -= first; index >= options->misbehaving[kind]; kind++)
        index -= options->misbehaving[kind];
    return (enum misbehaviour)kind;
}

/* In order, from the prefix's own address on; none ends in 0 or 255, which some networks refuse. */
struct ip options_source(const struct options *options, uint32_t index)
{
    struct ip source = options->sources;
    uint64_t number = (uint64_t)index + options->sources_offset;
    if (has_one_source(options))
        return source;
    size_t size = ip_size(&source);
    if (source.family == IP_V6)
        number++;
    else if (options->sources_bits <= 24)
        number = number / 254 * 256 + number % 254 + 1;
    for (size_t i = size; i-- > 0 && number > 0;) {
        number += source.octets[i];
        source.octets[i] = (uint8_t)number;
        number >>= 8;
    }
    return source;
}
