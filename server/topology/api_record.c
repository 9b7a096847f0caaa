#include "server/topology/api_record.h"

#include "io/share/mailbox.h"
#include "server/log/log.h"
#include "server/store/stored.h"
#include "server/topology/api_source_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API_RECORD_VERSION   1
#define API_RECORD_NAME_SIZE (API_SOURCE_NAME_MAX + 3) /* NAME/N and a NUL */

_Static_assert(API_RECORD_CHUNKS <= 10, "the number of a chunk is one digit");
_Static_assert(API_RECORD_SIZE_MAX <= STORE_VALUE_SIZE_MAX, "a chunk is a record");
_Static_assert(API_SOURCE_OCTETS_MAX + API_RECORD_HEADER_SIZE +
                       API_RECORD_CHUNKS * STORE_KEY_SIZE_MAX <=
                   STORE_BATCH_OCTETS_MAX,
               "a source is one batch");

/* ---- written ---- */

/* On the store's thread; the mailbox lives until the store is closed. */
static bool api_record_deliver(void *context, uint64_t tag, const struct store_result *result)
{
    const struct topology *topology = context;
    struct mail mail = {.kind = TOPOLOGY_MAIL_STORED};
    (void)tag;
    mail.words[0] = (uint64_t)result->status;
    mail.words[1] = (uint64_t)(int64_t)result->code;
    return mailbox_post(topology->mailbox, &mail, NULL) == PCE_OK;
}

/* NULL: memory ran out. */
static uint8_t *api_record_make(const struct api_source_spec *spec, const struct api_order *order)
{
    size_t size = API_RECORD_HEADER_SIZE + order->size;
    uint8_t *octets = malloc(size);
    if (octets == NULL)
        return NULL;
    struct wire_writer writer = wire_writer_init(octets, size);
    wire_put_u8(&writer, API_RECORD_VERSION);
    wire_put_u8(&writer, spec->completes);
    wire_put_u16(&writer, (uint16_t)spec->rank);
    wire_put_u32(&writer, (uint32_t)order->size);
    wire_put_u64(&writer, order->changed_s);
    wire_put_octets(&writer, order->text, order->size);
    return octets;
}

/* What a source had in chunks that it does not have any more is deleted with it. */
static enum pce_status api_record_submit(struct topology *topology, const char *name,
                                         struct wire_span octets, struct failure *failure)
{
    struct stored_change changes[API_RECORD_CHUNKS];
    char names[API_RECORD_CHUNKS][API_RECORD_NAME_SIZE];
    const struct stored_order batch = {.changes = changes, .count = API_RECORD_CHUNKS};
    const struct store_reply reply = {.deliver = api_record_deliver, .context = topology};
    for (uint32_t i = 0; i < API_RECORD_CHUNKS; i++) {
        size_t first = (size_t)i * API_RECORD_SIZE_MAX;
        size_t left = octets.size > first ? octets.size - first : 0;
        int size = snprintf(names[i], sizeof names[i], "%s/%u", name, i);
        changes[i] = (struct stored_change){.kind = RECORD_KIND_SOURCE,
                                            .name = {(const uint8_t *)names[i], (size_t)size},
                                            .is_delete = left == 0};
        if (left > 0)
            changes[i].octets = (struct wire_span){
                octets.octets + first, left < API_RECORD_SIZE_MAX ? left : API_RECORD_SIZE_MAX};
    }
    return stored_commit(topology->stored, &batch, &reply, failure);
}

enum pce_status api_record_commit(struct topology *topology, const struct api_source_spec *spec,
                                  const struct api_order *order, struct failure *failure)
{
    struct wire_span octets = {NULL, 0};
    uint8_t *made = NULL;
    if (order->text != NULL) {
        made = api_record_make(spec, order);
        if (made == NULL)
            return failure_set(failure, PCE_NO_MEMORY, "no memory to keep the source");
        octets = (struct wire_span){made, API_RECORD_HEADER_SIZE + order->size};
    }
    enum pce_status status = api_record_submit(topology, spec->name, octets, failure);
    free(made);
    return status;
}

/* ---- read ---- */

static void api_seed_log(const char *name)
{
    static struct log_site site = LOG_SITE(WARNING, "stored source cannot be read: left alone");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "name", name);
    log_end(&line);
}

static void api_seed_destroy(struct api_seed *seed)
{
    if (seed != NULL)
        free(seed->source.text);
    free(seed);
}

/* A header, and room for the text that it says; false: it says nothing that was written here. */
static bool api_seed_read_header(struct api_seed *seed, struct wire_span octets)
{
    struct wire_reader reader = wire_reader_init(octets.octets, octets.size);
    uint8_t version = wire_u8(&reader);
    seed->source.spec.completes = wire_u8(&reader) != 0;
    seed->source.spec.rank = wire_u16(&reader);
    seed->wanted = wire_u32(&reader);
    seed->source.changed_s = (uint64_t)wire_u32(&reader) << 32;
    seed->source.changed_s |= wire_u32(&reader);
    return !reader.failed && version == API_RECORD_VERSION && seed->wanted <= API_SOURCE_OCTETS_MAX;
}

/* "NAME/N"; false: it is none. */
static bool api_seed_read_name(struct wire_span key, char name[API_SOURCE_NAME_MAX + 1],
                               uint32_t *chunk)
{
    size_t size = key.size < 2 ? 0 : key.size - 2;
    if (size > API_SOURCE_NAME_MAX || key.octets[size] != '/')
        return false;
    memcpy(name, key.octets, size);
    name[size] = '\0';
    *chunk = (uint32_t)(key.octets[size + 1] - '0');
    return api_source_name_is_valid(name) && *chunk < API_RECORD_CHUNKS;
}

static bool api_seed_append(struct api_seed *seed, const uint8_t *octets, size_t size)
{
    if (size > seed->wanted - seed->source.size)
        return false;
    memcpy(seed->source.text + seed->source.size, octets, size);
    seed->source.size += size;
    seed->chunks++;
    return true;
}

static enum pce_status api_seed_begin(struct api_seeds *seeds, const char *name,
                                      struct wire_span octets)
{
    struct api_seed *seed = calloc(1, sizeof *seed);
    if (seed == NULL)
        return PCE_NO_MEMORY;
    memcpy(seed->source.spec.name, name, strlen(name) + 1);
    bool is_good = seeds->count < API_SOURCES_MAX && api_seed_read_header(seed, octets);
    if (is_good && (seed->source.text = malloc(seed->wanted + 1)) == NULL) {
        free(seed);
        return PCE_NO_MEMORY;
    }
    if (is_good && api_seed_append(seed, octets.octets + API_RECORD_HEADER_SIZE,
                                   octets.size - API_RECORD_HEADER_SIZE)) {
        seeds->seeds[seeds->count++] = seed;
        return PCE_OK;
    }
    api_seed_log(name);
    api_seed_destroy(seed);
    return PCE_OK;
}

/* Keys come in their order: the chunks of a source one after the other. */
static enum pce_status api_seeds_visit(void *context, struct wire_span key, struct wire_span octets)
{
    struct api_seeds *seeds = context;
    char name[API_SOURCE_NAME_MAX + 1] = "";
    uint32_t chunk;
    if (!api_seed_read_name(key, name, &chunk)) {
        api_seed_log(name);
        return PCE_OK;
    }
    if (chunk == 0)
        return api_seed_begin(seeds, name, octets);
    struct api_seed *last = seeds->count == 0 ? NULL : seeds->seeds[seeds->count - 1];
    if (last == NULL || strcmp(last->source.spec.name, name) != 0 || last->chunks != chunk ||
        !api_seed_append(last, octets.octets, octets.size))
        api_seed_log(name);
    return PCE_OK;
}

/* Of some a chunk is missing. */
static void api_seeds_drop_torn(struct api_seeds *seeds)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < seeds->count; i++) {
        struct api_seed *seed = seeds->seeds[i];
        if (seed->source.size == seed->wanted) {
            seeds->seeds[kept++] = seed;
            continue;
        }
        api_seed_log(seed->source.spec.name);
        api_seed_destroy(seed);
    }
    seeds->count = kept;
}

enum pce_status api_seeds_read(struct stored *stored, struct api_seeds *seeds,
                               struct failure *failure)
{
    *seeds = (struct api_seeds){.count = 0};
    enum pce_status status =
        stored_walk(stored, RECORD_KIND_SOURCE, api_seeds_visit, seeds, failure);
    if (status == PCE_NO_MEMORY)
        return failure_set(failure, status, "no memory for the networks of the store");
    api_seeds_drop_torn(seeds);
    return status;
}

void api_seeds_fini(struct api_seeds *seeds)
{
    while (seeds->count > 0)
        api_seed_destroy(seeds->seeds[--seeds->count]);
}
