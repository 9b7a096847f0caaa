/* A record of the store as a former process, another release or a damaged disk has left it: the
 * name up to the first NUL, then the value. It is left alone, kept unread with a reason, or read,
 * written and read again to the same; then it goes into a table of intents and out of it. */
#include "core/intent/intent_record.h"
#include "core/base/check.h"
#include "core/intent/intents.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size);

static void check_same(const struct intent_record *record, const struct intent_key *key)
{
    struct intent_record again;
    struct intent_fault fault = {.field = ""};
    char *text = intent_record_write(record);
    CHECK(text != NULL);
    const struct wire_span span = {(const uint8_t *)text, strlen(text)};
    CHECK(intent_record_read(span, key, &again, &fault) == PCE_OK);
    char *second = intent_record_write(&again);
    CHECK(second != NULL && strcmp(text, second) == 0);
    intent_record_fini(&again);
    free(second);
    free(text);
}

static void check_key(const struct ip *pcc, const char *name)
{
    char text[INTENT_KEY_SIZE], again[INTENT_NAME_MAX + 1];
    struct ip address;
    intent_key_format(pcc, name, text);
    CHECK(
        intent_key_parse((struct wire_span){(const uint8_t *)text, strlen(text)}, &address, again));
    CHECK(ip_is_equal(&address, pcc) && strcmp(again, name) == 0);
}

static void check_table(const struct intent_key *key, struct intent_record *record)
{
    const struct mono now = mono_add_s((struct mono){0}, 1);
    struct intents intents;
    struct wheel wheel;
    wheel_init(&wheel, now);
    intents_init(&intents, &wheel);
    bool is_nothing = record->intent == NULL && record->removal_count == 0;
    CHECK(intents_put(&intents, &key->pcc, key->name, record, now) == PCE_OK);
    CHECK((intents_find(&intents, &key->pcc, key->name) == NULL) == is_nothing);
    intents_fini(&intents);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
    char name[INTENT_NAME_MAX + 1];
    struct intent_key key = {.name = name};
    struct intent_fault fault = {.field = ""};
    struct intent_record record;
    const uint8_t *end = size == 0 ? NULL : memchr(octets, 0, size);
    if (end == NULL ||
        !intent_key_parse((struct wire_span){octets, (size_t)(end - octets)}, &key.pcc, name))
        return 0;
    check_key(&key.pcc, name);
    const struct wire_span value = {end + 1, size - (size_t)(end + 1 - octets)};
    enum pce_status status = intent_record_read(value, &key, &record, &fault);
    CHECK(status == PCE_OK || (status == PCE_INVALID && fault.reason != NULL));
    if (status == PCE_OK) {
        check_same(&record, &key);
        check_table(&key, &record);
    }
    intent_record_fini(&record);
    return 0;
}
