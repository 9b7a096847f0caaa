/* path_query TOPOLOGY: reads requests from the standard input, one on each line, and writes one
 * JSON object for each on the standard output.
 *
 *     SOURCE DESTINATION [KEY=VALUE ...]
 *
 * SOURCE and DESTINATION are names of nodes without white space. Keys: setup (rsvp, sr), objective
 * (metric, load, residual), metric (igp … loss, sids: metric_names), bound-igp … bound-sids, bandwidth
 * (octets per second), priority, exclude-any, include-any, include-all, sids-max, family (4, 6, none),
 * protection (unprotected, protected, only-unprotected, only-protected); pair (link, node, srlg): two
 * paths for the request, that share nothing of this; relaxed (1): or as little as can be. A line that
 * cannot be read ends the program with status 2. */
#include "core/path/path_set.h"
#include "core/ted/topology_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE_SIZE_MAX 4096

static const char *const metric_names[PATH_METRIC_COUNT] = {
    "igp", "te", "hops", "delay", "min-delay", "delay-variation", "loss", "sids"};
static const char *const setup_names[] = {"rsvp", "sr"};
static const char *const family_names[] = {"4", "6", "none"};
static const uint8_t families[] = {IP_V4, IP_V6, IP_NONE};
static const char *const pair_names[] = {"link", "node", "srlg"};
static const char *const protection_names[] = {
    [TED_UNPROTECTED_PREFERRED] = "unprotected",
    [TED_PROTECTED_PREFERRED] = "protected",
    [TED_UNPROTECTED_ONLY] = "only-unprotected",
    [TED_PROTECTED_ONLY] = "only-protected",
};
static const char *const objective_names[] = {"metric", "load", "residual"};
static const char *const outcome_names[] = {"found", "none", "work", "memory"};

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long end = ftell(file);
        rewind(file);
        text = end < 0 ? NULL : malloc((size_t)end + 1);
        *size = text == NULL ? 0 : fread(text, 1, (size_t)end, file);
    }
    fclose(file);
    return text;
}

/* -1 when the word is none of them. */
static int choose(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0)
            return i;
    }
    return -1;
}

static bool set_number(const char *key, const char *value, struct path_request *request)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end != '\0')
        return false;
    if (strncmp(key, "bound-", 6) == 0) {
        int metric = choose(key + 6, metric_names, PATH_METRIC_COUNT);
        if (metric < 0)
            return false;
        request->bound_mask |= 1u << metric;
        request->bounds[metric] = number;
    } else if (strcmp(key, "bandwidth") == 0) {
        request->bandwidth = (float)number;
    } else if (strcmp(key, "priority") == 0) {
        request->priority = (uint8_t)number & (TED_PRIORITIES - 1);
    } else if (strcmp(key, "exclude-any") == 0) {
        request->exclude_any = (uint32_t)number;
    } else if (strcmp(key, "include-any") == 0) {
        request->include_any = (uint32_t)number;
    } else if (strcmp(key, "include-all") == 0) {
        request->include_all = (uint32_t)number;
    } else if (strcmp(key, "sids-max") == 0) {
        request->sids_max = (uint8_t)number;
    } else {
        return false;
    }
    return true;
}

static bool set_key(const char *key, const char *value, struct path_request *request)
{
    int word;
    if (strcmp(key, "setup") == 0) {
        word = choose(value, setup_names, 2);
        request->setup = (enum path_setup)word;
    } else if (strcmp(key, "family") == 0) {
        word = choose(value, family_names, 3);
        request->family = word < 0 ? IP_NONE : families[word];
    } else if (strcmp(key, "protection") == 0) {
        word = choose(value, protection_names, 4);
        request->protection = (uint8_t)word;
    } else if (strcmp(key, "objective") == 0) {
        word = choose(value, objective_names, 3);
        request->objective = (enum path_objective)word;
    } else if (strcmp(key, "metric") == 0) {
        word = choose(value, metric_names, PATH_METRIC_COUNT);
        request->metric = (enum path_metric)word;
    } else {
        return set_number(key, value, request);
    }
    return word >= 0;
}

/* What is asked of a pair; nothing: the request is for one path. */
static bool set_pair(const char *key, const char *value, struct path_set_request *pair)
{
    if (strcmp(key, "relaxed") == 0) {
        pair->is_strict = false;
        return true;
    }
    int word = strcmp(key, "pair") == 0 ? choose(value, pair_names, 3) : -1;
    if (word >= 0)
        pair->diversity = 1u << word;
    return word >= 0;
}

static bool read_request(char *line, const struct ted_snapshot *snapshot,
                         struct path_request *request, struct path_set_request *pair)
{
    *pair = (struct path_set_request){.is_strict = true};
    *request = (struct path_request){.metric = PATH_METRIC_IGP, .family = IP_V4};
    char *rest = NULL;
    const char *source = strtok_r(line, " \t\n", &rest);
    const char *destination = strtok_r(NULL, " \t\n", &rest);
    if (source == NULL || destination == NULL)
        return false;
    request->source = ted_find_node_by_name(snapshot, source);
    request->destination = ted_find_node_by_name(snapshot, destination);
    if (request->source == TED_NONE || request->destination == TED_NONE)
        return false;
    for (char *word = strtok_r(NULL, " \t\n", &rest); word != NULL;
         word = strtok_r(NULL, " \t\n", &rest)) {
        char *value = strchr(word, '=');
        if (value == NULL)
            return false;
        *value++ = '\0';
        if (!set_pair(word, value, pair) && !set_key(word, value, request))
            return false;
    }
    return true;
}

static void print_result(const struct ted_snapshot *snapshot, const struct path_request *request,
                         const struct path_result *result)
{
    printf("{\"outcome\":\"%s\",\"unsatisfied\":%u,\"work\":%llu", outcome_names[result->outcome],
           result->unsatisfied, (unsigned long long)result->work);
    if (result->outcome == PATH_FOUND) {
        printf(",\"nodes\":[\"%s\"", snapshot->nodes[request->source].name);
        for (uint32_t i = 0; i < result->link_count; i++)
            printf(",\"%s\"", snapshot->nodes[snapshot->links[result->links[i]].to].name);
        printf("],\"links\":[");
        for (uint32_t i = 0; i < result->link_count; i++)
            printf("%s%u", i == 0 ? "" : ",", result->links[i]);
        printf("],\"labels\":[");
        for (uint32_t i = 0; i < result->sid_count; i++)
            printf("%s%u", i == 0 ? "" : ",", result->sids[i].label);
        printf("]");
        for (uint32_t m = 0; m < PATH_METRIC_COUNT; m++)
            printf(",\"%s\":%.9g", metric_names[m], result->metrics[m]);
        printf(",\"protected\":%s", result->is_protected ? "true" : "false");
        if (result->link_count > 0)
            printf(",\"residual\":%.9g", (double)result->residual_bandwidth);
    }
    printf("}");
}

static void print_pair(const struct ted_snapshot *snapshot, const struct path_request *request,
                       const struct path_set_result *result)
{
    printf("{\"outcome\":\"%s\",\"optimal\":%s,\"cost\":%.0f,\"cost-min\":%.0f,\"shared\":%u,"
           "\"diversity\":%u,\"work\":%llu,\"members\":[",
           outcome_names[result->outcome], result->is_optimal ? "true" : "false", result->cost,
           result->cost_min, result->shared_links, result->diversity,
           (unsigned long long)result->work);
    for (uint32_t m = 0; m < 2; m++) {
        printf("%s", m == 0 ? "" : ",");
        print_result(snapshot, request, &result->members[m]);
    }
    printf("]}");
}

struct tool {
    struct path_engine *engine;
    struct path_set *set;
    const struct ted_snapshot *snapshot;
};

static void answer_one(const struct tool *tool, const struct path_request *request,
                       const struct path_set_request *asked)
{
    struct path_set_request pair = *asked;
    struct timespec before, after;
    struct path_result result;
    struct path_set_result set_result;
    const struct path_member members[2] = {{.request = *request}, {.request = *request}};
    pair.members = members;
    pair.count = 2;
    clock_gettime(CLOCK_MONOTONIC, &before);
    if (pair.diversity == 0)
        path_compute(tool->engine, tool->snapshot, request, &result);
    else
        path_set_compute(tool->set, tool->engine, tool->snapshot, &pair, &set_result);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("{\"us\":%.1f,\"answer\":", (double)(after.tv_sec - before.tv_sec) * 1e6 +
                                           (double)(after.tv_nsec - before.tv_nsec) / 1e3);
    if (pair.diversity == 0)
        print_result(tool->snapshot, request, &result);
    else
        print_pair(tool->snapshot, request, &set_result);
    printf("}\n");
}

static int answer_all(const struct tool *tool)
{
    char line[LINE_SIZE_MAX];
    for (unsigned number = 1; fgets(line, sizeof line, stdin) != NULL; number++) {
        struct path_request request;
        struct path_set_request pair;
        if (!read_request(line, tool->snapshot, &request, &pair)) {
            fprintf(stderr, "path_query: line %u is no request\n", number);
            return 2;
        }
        answer_one(tool, &request, &pair);
        fflush(stdout);
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: path_query TOPOLOGY < REQUESTS\n");
        return 2;
    }
    size_t size = 0;
    char *text = read_file(argv[1], &size);
    if (text == NULL) {
        fprintf(stderr, "path_query: cannot read %s\n", argv[1]);
        return 2;
    }
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault;
    enum pce_status status = topology_file_read(text, size, &snapshot, &fault);
    free(text);
    if (status != PCE_OK) {
        fprintf(stderr, "%s:%u:%u: %s: %s\n", argv[1], fault.line, fault.column, fault.element,
                fault.reason);
        return 2;
    }
    const struct tool tool = {path_engine_create(0), path_set_create(), snapshot};
    bool is_ready = tool.engine != NULL && tool.set != NULL && path_landmarks_build(snapshot);
    int exit_code = is_ready ? answer_all(&tool) : 1;
    path_set_destroy(tool.set);
    path_engine_destroy(tool.engine);
    ted_snapshot_destroy(snapshot);
    return exit_code;
}
