/* One vocabulary: what the log's summary, the API's status, the metrics and the documents call a
 * counter is one word (docs/API.md, "Metrics"). Held against what a running server shows. */
#include "server/control/api.h"
#include "server/control/metrics.h"
#include "server/log/log.h"
#include "server/shard/shard.h"
#include "tests/lib/server_rig.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of the status that are no metric, and why. */
struct exception {
    const char *name;
    const char *why;
};

static const struct exception exceptions[] = {
    {"uptime_s", "the metric is the instant of the start: pced_start_time_seconds"},
    {"limit", "a setting: limits.sessions"},
    {"topology_generation", "identifies the topology"},
    {"configuration_generation", "identifies the configuration"},
    {"topology_published", "an instant: what it identifies is the topology that came then"},
    {"configuration_peers", "the entries of the configuration, not those who are connected"},
};

#define EXCEPTION_COUNT (sizeof exceptions / sizeof exceptions[0])

static struct http_counters http;
static char *metrics; /* the Prometheus text */
static json_t *status;
static char log_path[64];
static bool is_used[EXCEPTION_COUNT];

static void setup(void)
{
    config_set_defaults(&config);
    (void)snprintf(config.topology.file, sizeof config.topology.file, "%s",
                   PCED_SOURCE_DIR "/deploy/topologies/small.yaml");
}

TestSuite(names, .init = setup, .timeout = 120);

static void open_log(void)
{
    static struct config_log settings = {.level = CONFIG_LOG_LEVEL_INFO,
                                         .format = CONFIG_LOG_FORMAT_JSON,
                                         .destination = CONFIG_LOG_DESTINATION_FILE,
                                         .rate_max = 1000};
    (void)snprintf(log_path, sizeof log_path, "/tmp/pced-names-XXXXXX");
    int descriptor = mkstemp(log_path);
    cr_assert_geq(descriptor, 0);
    (void)close(descriptor);
    (void)snprintf(settings.file, sizeof settings.file, "%s", log_path);
    cr_assert_eq(log_open(&settings, &failure), PCE_OK, "%s", failure.text);
}

/* The last line of that event; the log has been closed. */
static json_t *find_line(const char *event)
{
    char text[2 * LOG_LINE_SIZE];
    json_t *found = NULL;
    FILE *file = fopen(log_path, "rb");
    cr_assert_not_null(file);
    while (fgets(text, sizeof text, file) != NULL) {
        json_t *line = json_loads(text, 0, NULL);
        const char *its = json_string_value(json_object_get(line, "event"));
        if (its == NULL || strcmp(its, event) != 0) {
            json_decref(line);
            continue;
        }
        json_decref(found);
        found = line;
    }
    (void)fclose(file);
    cr_assert_not_null(found, "no line %s", event);
    return found;
}

/* What the API would show, with all that is published. */
static void look_at_server(void)
{
    struct api api = {.shared = &server.shared, .http = &http};
    cr_assert_eq(snapshot_reader_create(server.shared.domain, &api.reader), PCE_OK);
    status = api_status_json(&api);
    cr_assert_not_null(status);
    snapshot_enter(api.reader);
    const struct server_figures figures =
        server_figures_read(&server.shared, snapshot_get(&server.shared.topology));
    snapshot_leave(api.reader);
    snapshot_reader_destroy(api.reader);
    metrics = metrics_text(&server.shared, &figures, &http);
    cr_assert_not_null(metrics);
}

static void forget(void)
{
    json_decref(status);
    free(metrics);
    (void)unlink(log_path);
}

/* By its whole name, "pced_" and "_total" included. */
static bool is_metric(const char *name, size_t size)
{
    char head[96];
    (void)snprintf(head, sizeof head, "\n# TYPE %.*s ", (int)size, name);
    return strstr(metrics, head) != NULL;
}

static bool has_metric(const char *word)
{
    char name[80];
    int size = snprintf(name, sizeof name, "pced_%s_total", word);
    return is_metric(name, (size_t)size) || is_metric(name, (size_t)size - strlen("_total"));
}

static void expect_metric(const char *where, const char *word)
{
    for (size_t i = 0; i < EXCEPTION_COUNT; i++) {
        if (strcmp(exceptions[i].name, word) == 0) {
            is_used[i] = true;
            return;
        }
    }
    cr_expect(has_metric(word), "%s: no metric is called %s", where, word);
}

/* The words of one object of the status: with the object's name before them where they mean nothing
 * without it. */
static void expect_object(const char *name, json_t *object)
{
    bool is_bare = strcmp(name, "counters") == 0 || strcmp(name, "sessions") == 0;
    const char *member;
    json_t *value;
    json_object_foreach(object, member, value)
    {
        char word[64];
        (void)snprintf(word, sizeof word, "%s%s%s", is_bare ? "" : name, is_bare ? "" : "_",
                       member);
        if (!json_is_string(value))
            expect_metric(name, word);
    }
}

Test(names, every_number_of_the_status_is_a_metric_of_that_name)
{
    const char *member;
    json_t *value;
    if (!start(2))
        return;
    look_at_server();
    json_object_foreach(status, member, value)
    {
        if (json_is_object(value))
            expect_object(member, value);
        else if (json_is_number(value))
            expect_metric("status", member);
    }
    for (size_t i = 0; i < EXCEPTION_COUNT; i++)
        cr_expect(is_used[i], "%s is no exception any more", exceptions[i].name);
    server_stop(&server);
    forget();
}

/* The other way round, of what only grows. */
Test(names, every_counter_among_the_metrics_is_one_of_the_status)
{
    static const char mark[] = "\n# TYPE pced_";
    unsigned count = 0;
    if (!start(1))
        return;
    look_at_server();
    const json_t *counters = json_object_get(status, "counters");
    for (const char *at = strstr(metrics, mark); at != NULL; at = strstr(at + 1, mark)) {
        char name[80];
        char type[16];
        cr_assert_eq(sscanf(at + strlen(mark), "%79s %15s", name, type), 2);
        if (strcmp(type, "counter") != 0)
            continue;
        cr_assert_gt(strlen(name), strlen("_total"));
        char *end = name + strlen(name) - strlen("_total");
        cr_assert_str_eq(end, "_total", "%s", name);
        *end = '\0';
        count++;
        cr_expect_not_null(json_object_get(counters, name), "the status has no %s", name);
    }
    cr_expect_gt(count, 40, "%u", count);
    server_stop(&server);
    forget();
}

/* The fields of a line that are numbers, but those that stand in `others`. */
static unsigned expect_line(const char *event, const char *prefix, const char *others)
{
    json_t *line = find_line(event);
    unsigned count = 0;
    const char *field;
    json_t *value;
    json_object_foreach(line, field, value)
    {
        char word[64];
        (void)snprintf(word, sizeof word, "%s%s", prefix, field);
        if (!json_is_number(value) || strstr(others, field) != NULL)
            continue;
        cr_expect(has_metric(word), "log, %s: no metric is called %s", event, word);
        count++;
    }
    cr_expect_null(json_object_get(line, "cut"));
    json_decref(line);
    return count;
}

Test(names, the_log_tells_its_summary_and_the_topology_in_the_words_of_the_metrics)
{
    if (!start(2))
        return;
    open_log();
    server_reload(&server); /* of no file: refused, but for the topology */
    look_at_server();
    server_stop(&server);
    log_close(5000);
    cr_expect_gt(expect_line("summary", "", ""), 20);
    cr_expect_eq(expect_line("topology published", "topology_", "generation"), 2);
    cr_expect_gt(expect_line("shutting down", "", "grace_s"), 0);
    forget();
}

/* The part of a reload that was refused is one word, too. */
Test(names, a_part_of_a_reload_is_called_alike_in_log_status_and_metrics)
{
    char label[96];
    if (!start(1))
        return;
    open_log();
    server_reload(&server);
    look_at_server();
    server_stop(&server);
    log_close(5000);
    json_t *line = find_line("reload refused: the old one stays in force");
    const char *part = json_string_value(json_object_get(line, "part"));
    const json_t *parts = json_object_get(json_object_get(status, "reload"), "refused");
    cr_assert_not_null(part);
    cr_assert_eq(json_array_size(parts), 1);
    cr_expect_str_eq(json_string_value(json_array_get(parts, 0)), part);
    (void)snprintf(label, sizeof label, "\npced_reload_refused{part=\"%s\"} 1\n", part);
    cr_expect_not_null(strstr(metrics, label), "%s", label);
    json_decref(line);
    forget();
}

static void expect_refusal(const char *counter)
{
    json_t *line = find_line("connection refused");
    const char *word = json_string_value(json_object_get(line, "counter"));
    cr_assert_not_null(word);
    cr_expect_str_eq(word, counter);
    cr_expect(has_metric(word), "%s", word);
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(status, "counters"), word)), 1);
    json_decref(line);
}

/* Connects as 127.0.1.<last>, and is refused; 127.0.1.1 may have a session before. */
static void be_refused(uint8_t last, bool has_first, const char *counter)
{
    struct client first, second;
    uint8_t octets[4096];
    if (!start(1))
        return;
    open_log();
    if (has_first)
        open_session(&first, 1);
    connect_from(&second, last);
    while (receive_message(&second, octets, sizeof octets) != 0)
        continue;
    look_at_server();
    client_close(&second);
    if (has_first)
        client_close(&first);
    server_stop(&server);
    log_close(5000);
    expect_refusal(counter);
    forget();
}

Test(names, a_second_session_that_is_refused_is_logged_with_its_counter)
{
    be_refused(1, true, "refused_second");
}

Test(names, a_connection_past_the_limit_is_logged_with_its_counter)
{
    config.limits.sessions_max = 1;
    be_refused(2, true, "refused_limit");
}

Test(names, a_connection_that_the_access_list_denies_is_logged_with_its_counter)
{
    config.access.policy = CONFIG_ACCESS_POLICY_DENY;
    be_refused(2, false, "refused_access");
}

/* Those who read a document ask for what it names. */
static void expect_document(const char *path)
{
    char text[1024];
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    while (fgets(text, sizeof text, file) != NULL) {
        for (const char *at = strstr(text, "`pced_"); at != NULL; at = strstr(at + 1, "`pced_")) {
            size_t size = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz_");
            cr_expect(size == strlen("pced_") || is_metric(at + 1, size), "%s names %.*s", path,
                      (int)size, at + 1);
        }
    }
    (void)fclose(file);
}

Test(names, the_documents_name_metrics_that_there_are)
{
    static const char folder[] = PCED_SOURCE_DIR "/docs";
    unsigned count = 0;
    if (!start(1))
        return;
    look_at_server();
    DIR *documents = opendir(folder);
    cr_assert_not_null(documents);
    for (const struct dirent *entry = readdir(documents); entry != NULL;
         entry = readdir(documents)) {
        char path[sizeof folder + sizeof entry->d_name + 1];
        if (strstr(entry->d_name, ".md") == NULL)
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        expect_document(path);
        count++;
    }
    (void)closedir(documents);
    cr_expect_gt(count, 5);
    server_stop(&server);
    forget();
}

/* The log leaves out whole fields that find no room, and 999,999,999,999 of each are years. */
Test(names, the_summary_has_room_for_large_counters)
{
    static struct log_site site = LOG_SITE(INFO, "summary");
    const uint64_t many = UINT64_C(999999999999);
    struct shard *shard = calloc(1, sizeof *shard);
    cr_assert_not_null(shard);
    const struct shared shared = {.shards = shard, .shard_count = 1};
    struct counter *counters = (struct counter *)&shard->counters;
    for (size_t i = 0; i < sizeof shard->counters / sizeof *counters; i++)
        counter_set(&counters[i], many);
    const struct server_figures figures = {.log_lines_lost = many};
    struct log_line line;
    open_log();
    cr_assert(log_begin(&line, &site));
    metrics_log(&line, &shared, &figures);
    log_end(&line);
    log_close(5000);
    cr_expect_not(line.is_cut);
    (void)unlink(log_path);
    free(shard);
}
