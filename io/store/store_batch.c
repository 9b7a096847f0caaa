#include "io/store/store_impl.h"

#include "io/store/record.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 512

struct store_batch *store_batch_create(void)
{
    struct store_batch *batch = calloc(1, sizeof *batch);
    if (batch != NULL)
        list_init(&batch->link);
    return batch;
}

void store_batch_destroy(struct store_batch *batch)
{
    if (batch == NULL)
        return;
    free(batch->octets);
    free(batch);
}

bool store_batch_next(const struct store_batch *batch, size_t *offset, struct store_item *item)
{
    struct store_change change;
    if (*offset == batch->size)
        return false;
    memcpy(&change, batch->octets + *offset, sizeof change);
    const uint8_t *key = batch->octets + *offset + sizeof change;
    item->key = (struct wire_span){key, change.key_size};
    item->stored = (struct wire_span){key + change.key_size, change.stored_size};
    item->is_delete = change.stored_size == 0;
    *offset += sizeof change + change.key_size + change.stored_size;
    return true;
}

static bool batch_has(const struct store_batch *batch, struct wire_span key)
{
    struct store_item item;
    for (size_t offset = 0; store_batch_next(batch, &offset, &item);) {
        if (item.key.size == key.size && memcmp(item.key.octets, key.octets, key.size) == 0)
            return true;
    }
    return false;
}

static enum pce_status batch_grow(struct store_batch *batch, size_t size)
{
    size_t room = batch->room == 0 ? FIRST_ROOM : batch->room;
    if (batch->size + size > STORE_BATCH_OCTETS_MAX)
        return PCE_LIMIT;
    while (room < batch->size + size)
        room *= 2;
    if (room == batch->room)
        return PCE_OK;
    uint8_t *octets = realloc(batch->octets, room);
    if (octets == NULL)
        return PCE_NO_MEMORY;
    batch->octets = octets;
    batch->room = room;
    return PCE_OK;
}

/* header: NULL for a deletion. */
static enum pce_status batch_add(struct store_batch *batch, struct wire_span key,
                                 const uint8_t *header, struct wire_span value)
{
    size_t stored_size = header == NULL ? 0 : RECORD_HEADER_SIZE + value.size;
    struct store_change change = {(uint32_t)stored_size, (uint32_t)key.size};
    if (key.size == 0 || key.size > STORE_KEY_SIZE_MAX)
        return PCE_INVALID;
    if (batch->count == STORE_BATCH_CHANGES_MAX)
        return PCE_LIMIT;
    if (batch_has(batch, key))
        return PCE_EXISTS;
    size_t size = sizeof change + key.size + stored_size;
    enum pce_status status = batch_grow(batch, size);
    if (status != PCE_OK)
        return status;
    struct wire_writer writer = wire_writer_init(batch->octets + batch->size, size);
    wire_put_octets(&writer, &change, sizeof change);
    wire_put_octets(&writer, key.octets, key.size);
    if (header != NULL) {
        wire_put_octets(&writer, header, RECORD_HEADER_SIZE);
        wire_put_octets(&writer, value.octets, value.size);
    }
    batch->size += size;
    batch->count++;
    batch->has_put |= header != NULL;
    return PCE_OK;
}

enum pce_status store_batch_put(struct store_batch *batch, struct wire_span key,
                                struct wire_span value)
{
    uint8_t header[RECORD_HEADER_SIZE];
    if (value.size > STORE_VALUE_SIZE_MAX)
        return PCE_LIMIT;
    record_seal(key, value, header);
    return batch_add(batch, key, header, value);
}

enum pce_status store_batch_delete(struct store_batch *batch, struct wire_span key)
{
    return batch_add(batch, key, NULL, (struct wire_span){NULL, 0});
}
