/* Records by kind and name: what is refused before it reaches the store, and what comes back. */
#include "server/store/stored.h"

#include "io/os/clock.h"
#include "io/share/mailbox.h"
#include "server/log/log.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct config config;
static struct stored *stored;
static struct failure failure;
static struct mailbox *answers;
static struct store_result answer;

static void on_answer(void *context, const struct mail *mail)
{
    (void)context;
    answer = (struct store_result){(enum pce_status)mail->words[0], (int)mail->words[1]};
}

static bool deliver(void *context, uint64_t tag, const struct store_result *result)
{
    const struct mail mail = {.words = {(uint64_t)result->status, (uint64_t)result->code}};
    (void)tag;
    return mailbox_post(context, &mail, NULL) == PCE_OK;
}

static void setup(void)
{
    config_set_defaults(&config);
    config.log.level = CONFIG_LOG_LEVEL_ERROR;
    log_configure(&config.log);
    (void)snprintf(config.store.path, sizeof config.store.path, "%s/pced-stored-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    cr_assert_not_null(mkdtemp(config.store.path));
    config.store.size_max_mib = 16;
    cr_assert_eq(mailbox_create(64, on_answer, NULL, &answers), PCE_OK);
}

static void teardown(void)
{
    char path[CONFIG_TEXT_SIZE + 300];
    struct dirent *entry;
    DIR *entries = opendir(config.store.path);
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", config.store.path, entry->d_name);
        (void)unlink(path);
    }
    if (entries != NULL)
        (void)closedir(entries);
    (void)rmdir(config.store.path);
    mailbox_destroy(answers);
}

TestSuite(stored, .init = setup, .fini = teardown, .timeout = 120);

static void open_it(void)
{
    cr_assert_eq(stored_open(&config.store, &stored, &failure), PCE_OK, "%s", failure.text);
}

static void start_it(void)
{
    open_it();
    cr_assert_eq(stored_start(stored, &failure), PCE_OK, "%s", failure.text);
}

static struct wire_span text_span(const char *text)
{
    return (struct wire_span){(const uint8_t *)text, strlen(text)};
}

static struct stored_change change_of(enum record_kind kind, const char *name, const char *text)
{
    return (struct stored_change){.kind = kind,
                                  .name = text_span(name),
                                  .octets = text_span(text == NULL ? "" : text),
                                  .is_delete = text == NULL};
}

static enum pce_status commit(const struct stored_change *changes, unsigned count)
{
    const struct stored_order order = {changes, count};
    const struct store_reply done = {deliver, answers, 0};
    enum pce_status status = stored_commit(stored, &order, &done, &failure);
    if (status != PCE_OK)
        return status;
    cr_assert_eq(mailbox_wait(answers, mono_add_ms(clock_now(), 20000)), PCE_OK);
    return answer.status;
}

static enum pce_status add_record(void *context, struct wire_span name, struct wire_span octets)
{
    char *text = context;
    size_t size = strlen(text);
    (void)snprintf(text + size, 256 - size, "%.*s=%.*s;", (int)name.size, (const char *)name.octets,
                   (int)octets.size, (const char *)octets.octets);
    return PCE_OK;
}

static const char *records_of(enum record_kind kind)
{
    static char text[256];
    text[0] = '\0';
    cr_assert_eq(stored_walk(stored, kind, add_record, text, &failure), PCE_OK);
    return text;
}

Test(stored, one_order_changes_records_of_several_kinds)
{
    start_it();
    const struct stored_change first[] = {change_of(RECORD_KIND_INTENT, "b", "1"),
                                          change_of(RECORD_KIND_INTENT, "a", "2"),
                                          change_of(RECORD_KIND_VERSION, "a", "3")};
    cr_assert_eq(commit(first, 3), PCE_OK);
    const struct stored_change second[] = {change_of(RECORD_KIND_INTENT, "b", NULL),
                                           change_of(RECORD_KIND_VERSION, "a", "4")};
    cr_assert_eq(commit(second, 2), PCE_OK);
    cr_assert_eq(stored_figures(stored).commits, 2);
    cr_assert_eq(stored_figures(stored).records, 5);
    stored_close(stored);
    open_it();
    cr_assert_str_eq(records_of(RECORD_KIND_INTENT), "a=2;");
    cr_assert_str_eq(records_of(RECORD_KIND_VERSION), "a=4;");
    stored_close(stored);
}

Test(stored, without_a_store_an_order_is_refused_with_that_reason)
{
    char path[CONFIG_TEXT_SIZE];
    const struct stored_change change = change_of(RECORD_KIND_INTENT, "a", "1");
    (void)snprintf(path, sizeof path, "%s", config.store.path);
    config.store.path[0] = '\0';
    start_it();
    cr_assert_null(stored);
    cr_assert_eq(commit(&change, 1), PCE_UNSUPPORTED);
    cr_assert_not_null(strstr(failure.text, "no store is configured (store.path)"));
    cr_assert_str_eq(records_of(RECORD_KIND_INTENT), "");
    cr_assert_eq(stored_figures(stored).size, 0);
    stored_close(stored);
    (void)snprintf(config.store.path, sizeof config.store.path, "%s", path);
}

Test(stored, a_record_has_a_largest_size_and_a_name_a_longest)
{
    static uint8_t octets[65536 + 1];
    char name[STORED_NAME_SIZE_MAX + 1];
    memset(name, 'n', sizeof name);
    start_it();
    struct stored_change change = change_of(RECORD_KIND_INTENT, "a", "");
    change.octets = (struct wire_span){octets, 65536};
    cr_assert_eq(commit(&change, 1), PCE_OK);
    change.octets.size++;
    cr_assert_eq(commit(&change, 1), PCE_LIMIT);
    cr_assert_not_null(strstr(failure.text, "the intent has 65537 octets"), "%s", failure.text);
    change.octets.size = 1;
    change.name = (struct wire_span){(const uint8_t *)name, STORED_NAME_SIZE_MAX};
    cr_assert_eq(commit(&change, 1), PCE_OK);
    change.name.size++;
    cr_assert_eq(commit(&change, 1), PCE_INVALID);
    change.name.size = 0;
    cr_assert_eq(commit(&change, 1), PCE_INVALID);
    stored_close(stored);
}

Test(stored, an_order_changes_a_record_once)
{
    const struct stored_change changes[] = {change_of(RECORD_KIND_INTENT, "a", "1"),
                                            change_of(RECORD_KIND_INTENT, "a", NULL)};
    start_it();
    cr_assert_eq(commit(changes, 2), PCE_EXISTS);
    cr_assert_not_null(strstr(failure.text, "twice"), "%s", failure.text);
    stored_close(stored);
}

Test(stored, there_are_as_many_versions_as_the_row_says)
{
    char name[16];
    start_it();
    for (unsigned i = 0; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "%u", i);
        const struct stored_change change = change_of(RECORD_KIND_VERSION, name, "x");
        cr_assert_eq(commit(&change, 1), PCE_OK, "%u", i);
    }
    const struct stored_change more = change_of(RECORD_KIND_VERSION, "more", "x");
    cr_assert_eq(commit(&more, 1), PCE_LIMIT);
    stored_explain(stored, &answer, &failure);
    cr_assert_not_null(strstr(failure.text, "as many records of a kind"), "%s", failure.text);
    const struct stored_change other = change_of(RECORD_KIND_INTENT, "more", "x");
    cr_assert_eq(commit(&other, 1), PCE_OK);
    cr_assert_eq(stored_figures(stored).failed, 1);
    stored_close(stored);
}

/* As a newer version may have left them. */
Test(stored, a_record_of_an_unknown_kind_is_left_alone)
{
    const struct store_options options = {.path = config.store.path, .size_max = 16U << 20};
    const struct store_reply done = {deliver, answers, 0};
    struct store *store;
    cr_assert_eq(store_open(&options, &store, &failure), PCE_OK);
    cr_assert_eq(store_start(store, &failure), PCE_OK);
    struct store_batch *batch = store_batch_create();
    cr_assert_eq(store_batch_put(batch, text_span("other/1"), text_span("x")), PCE_OK);
    cr_assert_eq(store_submit(store, batch, &done), PCE_OK);
    store_close(store);
    open_it();
    cr_assert_str_eq(records_of(RECORD_KIND_INTENT), "");
    stored_close(stored);
    cr_assert_eq(store_open(&options, &store, &failure), PCE_OK);
    char text[256] = "";
    cr_assert_eq(store_walk(store, "", add_record, text, &failure), PCE_OK);
    cr_assert_str_eq(text, "other/1=x;");
    store_close(store);
}

Test(stored, a_store_that_cannot_be_opened_is_named_with_what_to_do)
{
    char path[CONFIG_TEXT_SIZE + 16];
    open_it();
    stored_close(stored);
    (void)snprintf(path, sizeof path, "%s/data.mdb", config.store.path);
    cr_assert_eq(truncate(path, 4096), 0);
    cr_assert_eq(stored_probe(&config.store, &failure), PCE_IO);
    cr_assert_eq(stored_open(&config.store, &stored, &failure), PCE_IO);
    cr_assert_null(stored);
    cr_assert_eq(strncmp(failure.text, "store: ", 7), 0);
    cr_assert_not_null(strstr(failure.text, "data.mdb is damaged and was left as it is"));
    cr_assert_not_null(strstr(failure.text, "put a good copy in its place"));
}

Test(stored, kinds_have_prefixes_that_begin_no_other)
{
#define PREFIX(suffix, name, prefix, count_max, size_max) prefix,
    static const char *const prefixes[] = {RECORD_KINDS(PREFIX)};
#undef PREFIX
    for (unsigned i = 0; i < RECORD_KIND_COUNT; i++) {
        cr_assert_str_neq(record_kind_text((enum record_kind)i), "?");
        for (unsigned j = 0; j < RECORD_KIND_COUNT; j++)
            cr_assert(i == j || strncmp(prefixes[i], prefixes[j], strlen(prefixes[j])) != 0);
    }
}
