#include "server/store/stored.h"

#include "core/base/check.h"
#include "server/log/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB UINT64_C(1048576)

struct stored {
    struct store *store;
    uint64_t counts[RECORD_KIND_COUNT + 1]; /* as they were found; the last: of no kind */
};

struct record_kind_row {
    const char *name;
    struct store_quota quota;
    size_t size_max;
};

#define ROW(suffix, name, prefix, count_max, size_max) {name, {prefix, count_max}, size_max},
static const struct record_kind_row kinds[] = {RECORD_KINDS(ROW)};
#undef ROW

#define FITS(suffix, name, prefix, count_max, size_max)                                            \
    _Static_assert(sizeof(prefix) <= STORE_PREFIX_SIZE &&                                          \
                       sizeof(prefix) - 1 + STORED_NAME_SIZE_MAX <= STORE_KEY_SIZE_MAX,            \
                   "a key has room for a prefix and the longest name");                            \
    _Static_assert((size_max) <= STORE_VALUE_SIZE_MAX, "the store takes the largest record");
RECORD_KINDS(FITS)
#undef FITS
_Static_assert(RECORD_KIND_COUNT <= STORE_QUOTAS_MAX, "each kind has its limit");
_Static_assert(CONFIG_TEXT_SIZE <= STORE_PATH_SIZE, "a path of the configuration fits");

const char *record_kind_text(enum record_kind kind)
{
    return kind < RECORD_KIND_COUNT ? kinds[kind].name : "?";
}

/* ---- open ---- */

static unsigned kind_of(struct wire_span key)
{
    unsigned kind = 0;
    while (kind < RECORD_KIND_COUNT) {
        size_t size = strlen(kinds[kind].quota.prefix);
        if (key.size > size && memcmp(key.octets, kinds[kind].quota.prefix, size) == 0)
            break;
        kind++;
    }
    return kind;
}

static enum pce_status stored_count_record(void *context, struct wire_span key,
                                           struct wire_span value)
{
    struct stored *stored = context;
    (void)value;
    stored->counts[kind_of(key)]++;
    return PCE_OK;
}

static void stored_log_open(const struct stored *stored, const char *path)
{
    static struct log_site opened = LOG_SITE(INFO, "store opened");
    static struct log_site unknown =
        LOG_SITE(WARNING, "store: records of kinds that are not known are left alone");
    struct log_line line;
    if (log_begin(&line, &opened)) {
        log_text(&line, "path", path);
        for (unsigned i = 0; i < RECORD_KIND_COUNT; i++)
            log_number(&line, kinds[i].name, stored->counts[i]);
        log_number(&line, "size", store_figures(stored->store).size);
        log_end(&line);
    }
    if (stored->counts[RECORD_KIND_COUNT] > 0 && log_begin(&line, &unknown)) {
        log_number(&line, "records", stored->counts[RECORD_KIND_COUNT]);
        log_end(&line);
    }
}

static void stored_log_failed(void *context, const struct store_result *result)
{
    static struct log_site site = LOG_SITE(ERROR, "store: an order was not kept");
    const struct stored *stored = context;
    struct log_line line;
    struct failure failure;
    if (!log_begin(&line, &site))
        return;
    store_explain(stored->store, result, &failure);
    log_text(&line, "why", failure.text);
    log_end(&line);
}

static struct store_options stored_options(const struct config_store *config,
                                           struct store_quota quotas[RECORD_KIND_COUNT])
{
    for (unsigned i = 0; i < RECORD_KIND_COUNT; i++)
        quotas[i] = kinds[i].quota;
    return (struct store_options){
        .path = config->path,
        .size_max = config->size_max_mib * MIB,
        .quotas = quotas,
        .quota_count = RECORD_KIND_COUNT,
        .on_failed = stored_log_failed,
    };
}

/* By the section of the configuration that it is about. */
static enum pce_status stored_name_failure(enum pce_status status, struct failure *failure)
{
    struct failure cause = *failure;
    return status == PCE_OK ? status : failure_set(failure, status, "store: %.370s", cause.text);
}

enum pce_status stored_open(const struct config_store *config, struct stored **out,
                            struct failure *failure)
{
    struct store_quota quotas[RECORD_KIND_COUNT];
    struct store_options options = stored_options(config, quotas);
    *out = NULL;
    if (config->path[0] == '\0')
        return PCE_OK;
    struct stored *stored = calloc(1, sizeof *stored);
    if (stored == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a store");
    options.context = stored;
    enum pce_status status = store_open(&options, &stored->store, failure);
    if (status == PCE_OK)
        status = store_walk(stored->store, "", stored_count_record, stored, failure);
    if (status != PCE_OK) {
        stored_close(stored);
        return stored_name_failure(status, failure);
    }
    stored_log_open(stored, config->path);
    *out = stored;
    return PCE_OK;
}

enum pce_status stored_probe(const struct config_store *config, struct failure *failure)
{
    struct store_quota quotas[RECORD_KIND_COUNT];
    const struct store_options options = stored_options(config, quotas);
    if (config->path[0] == '\0')
        return PCE_OK;
    return stored_name_failure(store_probe(&options, failure), failure);
}

enum pce_status stored_start(struct stored *stored, struct failure *failure)
{
    return stored == NULL ? PCE_OK : store_start(stored->store, failure);
}

void stored_close(struct stored *stored)
{
    if (stored == NULL)
        return;
    store_close(stored->store);
    free(stored);
}

/* ---- walk ---- */

struct stored_walker {
    stored_visit_fn *visit;
    void *context;
    size_t prefix_size;
};

static enum pce_status stored_visit_record(void *context, struct wire_span key,
                                           struct wire_span value)
{
    const struct stored_walker *walker = context;
    const struct wire_span name = {key.octets + walker->prefix_size,
                                   key.size - walker->prefix_size};
    return walker->visit(walker->context, name, value);
}

enum pce_status stored_walk(struct stored *stored, enum record_kind kind, stored_visit_fn *visit,
                            void *context, struct failure *failure)
{
    CHECK(kind < RECORD_KIND_COUNT);
    const char *prefix = kinds[kind].quota.prefix;
    struct stored_walker walker = {visit, context, strlen(prefix)};
    return stored == NULL
               ? PCE_OK
               : store_walk(stored->store, prefix, stored_visit_record, &walker, failure);
}

/* ---- commit ---- */

static enum pce_status stored_add(struct store_batch *batch, const struct stored_change *change,
                                  struct failure *failure)
{
    uint8_t octets[STORE_KEY_SIZE_MAX];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    CHECK(change->kind < RECORD_KIND_COUNT);
    const struct record_kind_row *kind = &kinds[change->kind];
    if (change->name.size == 0 || change->name.size > STORED_NAME_SIZE_MAX)
        return failure_set(failure, PCE_INVALID, "the name of an %s has 1 to %d octets", kind->name,
                           STORED_NAME_SIZE_MAX);
    if (!change->is_delete && change->octets.size > kind->size_max)
        return failure_set(failure, PCE_LIMIT, "the %s has %zu octets, more than %zu", kind->name,
                           change->octets.size, kind->size_max);
    wire_put_octets(&writer, kind->quota.prefix, strlen(kind->quota.prefix));
    wire_put_octets(&writer, change->name.octets, change->name.size);
    const struct wire_span key = {octets, wire_written(&writer)};
    enum pce_status status = change->is_delete ? store_batch_delete(batch, key)
                                               : store_batch_put(batch, key, change->octets);
    if (status == PCE_EXISTS)
        return failure_set(failure, status, "an order changes an %s twice", kind->name);
    return status == PCE_OK ? status
                            : failure_set(failure, status, "the changes of one order: %s",
                                          pce_status_text(status));
}

static enum pce_status stored_submit(struct stored *stored, struct store_batch *batch,
                                     const struct store_reply *done, struct failure *failure)
{
    enum pce_status status = store_submit(stored->store, batch, done);
    if (status == PCE_OK)
        return status;
    return failure_set(failure, status, "too many orders wait for the store");
}

enum pce_status stored_commit(struct stored *stored, const struct stored_order *order,
                              const struct store_reply *done, struct failure *failure)
{
    if (stored == NULL)
        return failure_set(failure, PCE_UNSUPPORTED,
                           "no store is configured (store.path): nothing can be kept");
    struct store_batch *batch = store_batch_create();
    if (batch == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a change");
    enum pce_status status = PCE_OK;
    for (unsigned i = 0; status == PCE_OK && i < order->count; i++)
        status = stored_add(batch, &order->changes[i], failure);
    if (status == PCE_OK)
        status = stored_submit(stored, batch, done, failure);
    if (status != PCE_OK)
        store_batch_destroy(batch);
    return status;
}

void stored_explain(const struct stored *stored, const struct store_result *result,
                    struct failure *failure)
{
    CHECK(stored != NULL); /* nothing was answered without one */
    store_explain(stored->store, result, failure);
}

struct store_figures stored_figures(const struct stored *stored)
{
    return stored == NULL ? (struct store_figures){.commits = 0} : store_figures(stored->store);
}
