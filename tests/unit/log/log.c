#include "server/log/log.h"
#include "io/os/clock.h"
#include "server/log/log_ring.h"
#include "server/log/log_tally.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];
static struct config_log settings;
static const char *const words[] = {"word", "two \"words\""};

static void open_log(uint32_t format, uint32_t rate)
{
    struct failure failure;
    (void)snprintf(path, sizeof path, "/tmp/pced-log-XXXXXX");
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    (void)close(descriptor);
    settings = (struct config_log){.level = CONFIG_LOG_LEVEL_INFO,
                                   .format = format,
                                   .destination = CONFIG_LOG_DESTINATION_FILE,
                                   .rate_max = rate};
    (void)snprintf(settings.file, sizeof settings.file, "%s", path);
    cr_assert_eq(log_open(&settings, &failure), PCE_OK, "%s", failure.text);
}

/* What was written, and an end to the log. */
static char *close_log(void)
{
    log_close(5000);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file);
    size_t room = (size_t)1 << 24;
    char *text = malloc(room);
    cr_assert_not_null(text);
    size_t size = fread(text, 1, room - 1, file);
    text[size] = '\0';
    (void)fclose(file);
    (void)unlink(path);
    return text;
}

static unsigned count_lines(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

Test(log, a_text_line_has_time_level_event_and_fields)
{
    static struct log_site site = LOG_SITE(WARNING, "something happened");
    static const uint8_t octets[4] = {192, 0, 2, 1};
    struct ip ip = ip_from_v4(octets);
    struct log_line line;
    open_log(CONFIG_LOG_FORMAT_TEXT, 100);
    cr_assert(log_begin(&line, &site));
    log_peer(&line, &ip, 4189);
    log_text(&line, "plain", "word");
    log_text(&line, "quoted", "two \"words\"\nand a line");
    log_text(&line, "empty", "");
    log_number(&line, "number", 18446744073709551615U);
    log_real(&line, "real", 1.5);
    log_list(&line, "one", words, 1);
    log_list(&line, "several", words, 2);
    log_end(&line);
    char *text = close_log();
    cr_expect_not_null(strstr(text, "Z WARNING something happened peer=192.0.2.1 port=4189 "
                                    "plain=word quoted=\"two \\\"words\\\"\\u000aand a line\" "
                                    "empty=\"\" number=18446744073709551615 real=1.5 "
                                    "one=word several=\"word, two \\\"words\\\"\"\n"),
                       "%s", text);
    free(text);
}

Test(log, a_json_line_is_an_object_with_the_same_fields)
{
    static struct log_site site = LOG_SITE(INFO, "it");
    struct log_line line;
    open_log(CONFIG_LOG_FORMAT_JSON, 100);
    cr_assert(log_begin(&line, &site));
    log_text(&line, "text", "a\"b\\c\x01");
    log_number(&line, "number", 7);
    log_real(&line, "infinite", 1.0 / 0.0);
    log_list(&line, "list", words, 2);
    log_end(&line);
    char *text = close_log();
    json_t *object = json_loads(text, 0, NULL);
    cr_assert_not_null(object, "%s", text);
    cr_expect_str_eq(json_string_value(json_object_get(object, "event")), "it");
    cr_expect_str_eq(json_string_value(json_object_get(object, "level")), "INFO");
    cr_expect_str_eq(json_string_value(json_object_get(object, "text")), "a\"b\\c\x01");
    cr_expect_eq(json_integer_value(json_object_get(object, "number")), 7);
    cr_expect_str_eq(json_string_value(json_object_get(object, "infinite")), "inf");
    const json_t *list = json_object_get(object, "list");
    cr_assert_eq(json_array_size(list), 2);
    cr_expect_str_eq(json_string_value(json_array_get(list, 0)), words[0]);
    cr_expect_str_eq(json_string_value(json_array_get(list, 1)), words[1]);
    json_decref(object);
    free(text);
}

/* A peer may name a path with any octets (RFC 8231 7.3.2). */
Test(log, octets_that_are_no_utf_8_leave_the_line_a_json_object)
{
    static struct log_site site = LOG_SITE(INFO, "it");
    struct log_line line;
    open_log(CONFIG_LOG_FORMAT_JSON, 1000);
    for (unsigned first = 1; first < 256; first++) {
        char value[4] = {(char)first, (char)0xc3, 'x', '\0'};
        cr_assert(log_begin(&line, &site));
        log_text(&line, "name", value);
        log_end(&line);
    }
    cr_assert(log_begin(&line, &site));
    log_text(&line, "name", "Z\xc3\xbcrich \xff\xe2\x82 \xc2\x9b");
    log_end(&line);
    char *text = close_log();
    char *rest = text;
    char *last = text;
    for (unsigned i = 0; i < 256; i++) {
        last = strsep(&rest, "\n");
        json_t *object = json_loads(last, 0, NULL);
        cr_expect_not_null(object, "%s", last);
        json_decref(object);
    }
    cr_expect_not_null(strstr(last, "Z\xc3\xbcrich \\\\xff\\\\xe2\\\\x82 \\u009b\""), "%s", last);
    free(text);
}

Test(log, a_probe_says_whether_the_file_could_be_opened_and_makes_none)
{
    struct failure failure;
    struct config_log config = {.destination = CONFIG_LOG_DESTINATION_FILE};
    char folder[] = "/tmp/pced-probe-XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(config.file, sizeof config.file, "%s/pced.log", folder);
    cr_expect_eq(log_probe(&config, &failure), PCE_OK);
    cr_expect_eq(access(config.file, F_OK), -1, "the probe has made the file");
    (void)snprintf(config.file, sizeof config.file, "%s", folder);
    cr_expect_neq(log_probe(&config, &failure), PCE_OK, "a folder is no file");
    (void)snprintf(config.file, sizeof config.file, "%s/nowhere/pced.log", folder);
    cr_expect_eq(log_probe(&config, &failure), PCE_NOT_FOUND);
    cr_expect_not_null(strstr(failure.text, "nowhere"), "%s", failure.text);
    config.destination = CONFIG_LOG_DESTINATION_STDERR;
    cr_expect_eq(log_probe(&config, &failure), PCE_OK);
    (void)rmdir(folder);
}

Test(log, a_field_that_does_not_fit_is_left_out_and_the_line_says_so)
{
    static struct log_site site = LOG_SITE(INFO, "long");
    static char value[LOG_LINE_SIZE * 2];
    struct log_line line;
    memset(value, 'x', sizeof value - 1);
    for (uint32_t format = 0; format < CONFIG_LOG_FORMAT_COUNT; format++) {
        open_log(format, 100);
        cr_assert(log_begin(&line, &site));
        log_text(&line, "huge", value);
        log_number(&line, "after", 1);
        log_end(&line);
        char *text = close_log();
        cr_expect_null(strstr(text, "huge"));
        cr_expect_not_null(strstr(text, "after"));
        cr_expect_not_null(strstr(text, "cut"));
        cr_expect_leq(strlen(text), LOG_LINE_SIZE);
        free(text);
    }
}

Test(log, a_line_that_is_full_to_the_last_octet_still_ends)
{
    static struct log_site site = LOG_SITE(INFO, "brim");
    struct log_line line;
    open_log(CONFIG_LOG_FORMAT_JSON, 10000);
    for (unsigned size = 900; size < LOG_LINE_SIZE; size++) {
        char value[LOG_LINE_SIZE];
        memset(value, 'y', size);
        value[size] = '\0';
        cr_assert(log_begin(&line, &site));
        log_text(&line, "v", value);
        log_text(&line, "v", value);
        log_end(&line);
    }
    char *text = close_log();
    unsigned lines = 0;
    for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n"), lines++) {
        json_t *object = json_loads(at, JSON_REJECT_DUPLICATES, NULL);
        cr_assert_not_null(object, "%s", at);
        json_decref(object);
    }
    cr_expect_eq(lines, LOG_LINE_SIZE - 900);
    free(text);
}

Test(log, lines_below_the_level_are_not_begun)
{
    static struct log_site site = LOG_SITE(DEBUG, "quiet");
    struct log_line line;
    open_log(CONFIG_LOG_FORMAT_TEXT, 100);
    cr_expect_not(log_begin(&line, &site));
    settings.level = CONFIG_LOG_LEVEL_DEBUG;
    log_configure(&settings);
    cr_assert(log_begin(&line, &site));
    log_end(&line);
    char *text = close_log();
    cr_expect_eq(count_lines(text, "quiet"), 1);
    free(text);
}

/* The clock goes on while the test runs: what is certain is that written and suppressed lines add
 * up and that no second lets more than the rate through. */
Test(log, a_site_writes_at_most_its_rate_and_tells_what_it_kept_back)
{
    static struct log_site site = LOG_SITE(WARNING, "storm");
    struct log_line line;
    unsigned asked = 0, written = 0;
    open_log(CONFIG_LOG_FORMAT_TEXT, 5);
    uint64_t before = clock_now().ns / MONO_NS_PER_S;
    for (; asked < 1000; asked++) {
        if (!log_begin(&line, &site))
            continue;
        log_end(&line);
        written++;
    }
    uint64_t seconds = clock_now().ns / MONO_NS_PER_S - before + 1;
    cr_expect_leq(written, 5 * seconds);
    cr_expect_geq(written, 5);
    /* The next second comes: the log's thread tells of a site that fell silent. */
    while (clock_now().ns / MONO_NS_PER_S == before + seconds - 1)
        log_tell_suppressed();
    log_tell_suppressed();
    char *text = close_log();
    unsigned told = 0;
    for (const char *at = strstr(text, "suppressed="); at != NULL;
         at = strstr(at + 1, "suppressed="))
        told += (unsigned)strtoul(at + strlen("suppressed="), NULL, 10);
    cr_expect_eq(written + told, asked, "%u written, %u told", written, told);
    free(text);
}

Test(log, what_is_suppressed_is_told_by_its_reason)
{
    static struct log_tally tally;
    static struct log_site site = LOG_SITE_WITH_TALLY(INFO, "ended", &tally);
    static const char *const reasons[] = {"a reset", "a timer"};
    struct log_line line;
    unsigned written = 0;
    open_log(CONFIG_LOG_FORMAT_JSON, 20);
    for (unsigned i = 0; i < 300; i++) {
        if (!log_begin_for(&line, &site, reasons[i % 3 == 0]))
            continue;
        log_text(&line, "why", reasons[i % 3 == 0]);
        log_end(&line);
        written++;
    }
    char *text = close_log();
    unsigned told = 0;
    const char *at = text;
    while ((at = strstr(at, "\"reasons\":\"")) != NULL) {
        at += strlen("\"reasons\":\"");
        for (const char *part = at; part != NULL; part = strpbrk(part, ",\"")) {
            part += strspn(part, ", ");
            if (*part == '"')
                break;
            told += (unsigned)strtoul(part, NULL, 10);
        }
    }
    cr_expect_lt(written, 300, "the rate holds");
    cr_expect_eq(written + told, 300, "%s", text);
    cr_expect_not_null(strstr(text, " a reset"));
    cr_expect_not_null(strstr(text, " a timer"));
    free(text);
}

#define ENDERS 3
#define ENDS   30000

static struct log_tally crowded_tally;
static struct log_site crowded = LOG_SITE_WITH_TALLY(INFO, "ended", &crowded_tally);
static atomic_uint enders_left;

static void *end_many(void *context)
{
    struct log_line line;
    for (unsigned i = 0; i < ENDS; i++) {
        if (log_begin_for(&line, &crowded, context))
            log_end(&line);
    }
    atomic_fetch_sub(&enders_left, 1);
    return NULL;
}

/* What stands before each reason is as much as the number of the line. */
static unsigned check_sums(const char *text)
{
    unsigned lines = 0;
    for (const char *at = strstr(text, "suppressed="); at != NULL;
         at = strstr(at + 1, "suppressed=")) {
        unsigned long sum = 0;
        unsigned long number = strtoul(at + strlen("suppressed="), NULL, 10);
        const char *part = strstr(at, "reasons=\"");
        cr_assert_not_null(part);
        part += strlen("reasons=\"");
        while (*part >= '0' && *part <= '9') {
            sum += strtoul(part, NULL, 10);
            part += strcspn(part, ",\"");
            part += strspn(part, ", ");
        }
        cr_expect_eq(sum, number, "%.100s", at);
        lines++;
    }
    return lines;
}

/* The rate comes and goes, so that the counts are taken while others count. */
Test(log, reasons_add_up_to_what_is_suppressed_whoever_counts_meanwhile)
{
    static char reasons[ENDERS][8] = {"a reset", "a timer", "a Close"};
    pthread_t enders[ENDERS];
    open_log(CONFIG_LOG_FORMAT_TEXT, 1);
    atomic_store(&enders_left, ENDERS);
    for (unsigned i = 0; i < ENDERS; i++)
        cr_assert_eq(pthread_create(&enders[i], NULL, end_many, reasons[i]), 0);
    for (unsigned turn = 0; atomic_load(&enders_left) > 0; turn++) {
        settings.rate_max = turn % 2 == 0 ? ENDERS * ENDS : 1;
        log_configure(&settings);
        (void)sched_yield();
    }
    for (unsigned i = 0; i < ENDERS; i++)
        cr_assert_eq(pthread_join(enders[i], NULL), 0);
    char *text = close_log();
    cr_expect_gt(check_sums(text), 0U);
    free(text);
}

Test(log, a_reopened_file_takes_the_next_line)
{
    static struct log_site site = LOG_SITE(INFO, "turn over");
    struct failure failure;
    struct log_line line;
    char moved[80];
    open_log(CONFIG_LOG_FORMAT_TEXT, 100);
    (void)snprintf(moved, sizeof moved, "%s.1", path);
    cr_assert_eq(rename(path, moved), 0);
    cr_assert_eq(log_reopen(&failure), PCE_OK, "%s", failure.text);
    cr_assert(log_begin(&line, &site));
    log_end(&line);
    char *text = close_log();
    cr_expect_eq(count_lines(text, "turn over"), 1);
    (void)unlink(moved);
    free(text);
}

Test(log, a_file_that_cannot_be_opened_is_named)
{
    struct failure failure;
    struct config_log bad = {.destination = CONFIG_LOG_DESTINATION_FILE, .rate_max = 1};
    (void)snprintf(bad.file, sizeof bad.file, "/nowhere/pced.log");
    cr_assert_neq(log_open(&bad, &failure), PCE_OK);
    cr_expect_not_null(strstr(failure.text, "/nowhere/pced.log"));
}

Test(log_ring, one_past_its_size_is_refused_and_order_is_kept)
{
    struct log_ring *ring = malloc(sizeof *ring);
    char text[32];
    cr_assert_not_null(ring);
    log_ring_init(ring);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < LOG_RING_LINES; i++) {
            int size = snprintf(text, sizeof text, "%u", i);
            cr_assert(log_ring_put(ring, text, (size_t)size));
        }
        cr_assert_not(log_ring_put(ring, "x", 1));
        for (unsigned i = 0; i < LOG_RING_LINES; i++) {
            const struct log_slot *slot = log_ring_peek(ring);
            cr_assert_not_null(slot);
            int size = snprintf(text, sizeof text, "%u", i);
            cr_assert_eq(slot->size, (uint32_t)size);
            cr_assert_eq(memcmp(slot->octets, text, slot->size), 0);
            log_ring_release(ring);
        }
        cr_assert_null(log_ring_peek(ring));
    }
    free(ring);
}

#define WRITERS 4
#define LINES   5000

static struct log_ring *shared_ring;
static _Atomic unsigned writers_left;

static void *write_lines(void *context)
{
    unsigned writer = *(const unsigned *)context;
    for (unsigned i = 0; i < LINES;) {
        char text[32];
        int size = snprintf(text, sizeof text, "%u %u", writer, i);
        if (log_ring_put(shared_ring, text, (size_t)size))
            i++;
    }
    atomic_fetch_sub(&writers_left, 1);
    return NULL;
}

Test(log_ring, lines_of_many_writers_come_whole_and_each_writers_in_order)
{
    pthread_t threads[WRITERS];
    unsigned numbers[WRITERS], next[WRITERS] = {0}, taken = 0;
    shared_ring = malloc(sizeof *shared_ring);
    cr_assert_not_null(shared_ring);
    log_ring_init(shared_ring);
    atomic_store(&writers_left, WRITERS);
    for (unsigned i = 0; i < WRITERS; i++) {
        numbers[i] = i;
        cr_assert_eq(pthread_create(&threads[i], NULL, write_lines, &numbers[i]), 0);
    }
    while (taken < WRITERS * LINES) {
        const struct log_slot *slot = log_ring_peek(shared_ring);
        char text[33];
        if (slot == NULL)
            continue;
        memcpy(text, slot->octets, slot->size);
        text[slot->size] = '\0';
        char *rest;
        unsigned long writer = strtoul(text, &rest, 10);
        unsigned long line = strtoul(rest, &rest, 10);
        cr_assert_eq(*rest, '\0', "%s", text);
        cr_assert_lt(writer, WRITERS);
        cr_assert_eq(line, next[writer]);
        next[writer]++;
        taken++;
        log_ring_release(shared_ring);
    }
    for (unsigned i = 0; i < WRITERS; i++)
        (void)pthread_join(threads[i], NULL);
    free(shared_ring);
}
