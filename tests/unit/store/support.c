#include "support.h"

#include "io/os/clock.h"
#include "io/share/mailbox.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char folder[FOLDER_SIZE];
struct store_options options;
struct store *store;
struct failure failure;
struct store_result last_result;
uint64_t last_tag;

static struct mailbox *answers;

/* One suite for all files: Criterion loses memory of its own when suites end in another order. */
TestSuite(store, .init = store_setup, .fini = store_teardown, .timeout = 250);

static void on_answer(void *context, const struct mail *mail)
{
    (void)context;
    last_tag = mail->words[0];
    last_result = (struct store_result){(enum pce_status)mail->words[1], (int)mail->words[2]};
}

static bool deliver(void *context, uint64_t tag, const struct store_result *result)
{
    const struct mail mail = {.words = {tag, (uint64_t)result->status, (uint64_t)result->code}};
    return mailbox_post(context, &mail, NULL) == PCE_OK;
}

void store_setup(void)
{
    /* In memory where that is possible: what a disk takes for each sync tells these tests nothing. */
    (void)snprintf(folder, sizeof folder, "%s/pced-store-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    cr_assert_not_null(mkdtemp(folder));
    options = (struct store_options){.path = folder, .size_max = UINT64_C(8) << 20};
    cr_assert_eq(mailbox_create(2 * STORE_WAITING_MAX, on_answer, NULL, &answers), PCE_OK);
}

void store_teardown(void)
{
    struct dirent *entry;
    DIR *entries = opendir(folder);
    while (entries != NULL && (entry = readdir(entries)) != NULL)
        (void)unlink(file_path(entry->d_name));
    if (entries != NULL)
        (void)closedir(entries);
    (void)rmdir(folder);
    mailbox_destroy(answers);
}

struct wire_span span_of(const char *text)
{
    return (struct wire_span){(const uint8_t *)text, strlen(text)};
}

enum pce_status try_open(void)
{
    failure.text[0] = '\0';
    return store_open(&options, &store, &failure);
}

void open_store(void)
{
    enum pce_status status = try_open();
    cr_assert_eq(status, PCE_OK, "%s", failure.text);
}

void start_store(void)
{
    open_store();
    cr_assert_eq(store_start(store, &failure), PCE_OK, "%s", failure.text);
}

void close_store(void)
{
    store_close(store);
    store = NULL;
}

struct store_batch *batch_of(const char *key, const char *value)
{
    struct store_batch *batch = store_batch_create();
    cr_assert_not_null(batch);
    enum pce_status status = value == NULL ? store_batch_delete(batch, span_of(key))
                                           : store_batch_put(batch, span_of(key), span_of(value));
    cr_assert_eq(status, PCE_OK);
    return batch;
}

enum pce_status submit(struct store_batch *batch, uint64_t tag)
{
    const struct store_reply reply = {deliver, answers, tag};
    return store_submit(store, batch, &reply);
}

/* One at a time, so that each can be looked at: mailbox_wait may hand out more. */
enum pce_status await_answer(void)
{
    cr_assert_eq(mailbox_wait(answers, mono_add_ms(clock_now(), 20000)), PCE_OK, "no answer");
    return last_result.status;
}

static enum pce_status submit_and_wait(struct store_batch *batch)
{
    cr_assert_eq(submit(batch, 1), PCE_OK);
    return await_answer();
}

enum pce_status put(const char *key, const char *value)
{
    return submit_and_wait(batch_of(key, value));
}

enum pce_status erase(const char *key)
{
    return submit_and_wait(batch_of(key, NULL));
}

enum pce_status put_sized(const char *key, size_t size)
{
    struct store_batch *batch = store_batch_create();
    uint8_t *octets = malloc(size);
    cr_assert(batch != NULL && octets != NULL);
    for (size_t i = 0; i < size; i++)
        octets[i] = (uint8_t)(i * 7);
    cr_assert_eq(store_batch_put(batch, span_of(key), (struct wire_span){octets, size}), PCE_OK);
    free(octets);
    return submit_and_wait(batch);
}

struct listing {
    char text[4096];
    size_t size;
};

static enum pce_status add_record(void *context, struct wire_span key, struct wire_span value)
{
    struct listing *list = context;
    int size = snprintf(list->text + list->size, sizeof list->text - list->size, "%s%.*s=%.*s",
                        list->size == 0 ? "" : " ", (int)key.size, (const char *)key.octets,
                        (int)(value.size > 40 ? 40 : value.size), (const char *)value.octets);
    list->size += (size_t)size;
    return list->size < sizeof list->text ? PCE_OK : PCE_LIMIT;
}

const char *listing(const char *prefix)
{
    static struct listing list;
    list = (struct listing){.size = 0};
    cr_assert_eq(store_walk(store, prefix, add_record, &list, &failure), PCE_OK, "%s",
                 failure.text);
    return list.text;
}

const char *file_path(const char *name)
{
    static char path[FOLDER_SIZE + 300];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

uint8_t *read_file(const char *name, size_t *size)
{
    FILE *file = fopen(file_path(name), "rb");
    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *octets = malloc(*size + 1);
    cr_assert_not_null(octets);
    cr_assert_eq(fread(octets, 1, *size, file), *size);
    (void)fclose(file);
    return octets;
}

void write_file(const char *name, const uint8_t *octets, size_t size)
{
    FILE *file = fopen(file_path(name), "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fwrite(octets, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
}
