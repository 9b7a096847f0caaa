#include "core/intent/intent_record.h"

#include "core/wire/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void intent_record_fini(struct intent_record *record)
{
    intent_destroy(record->intent);
    free(record->removals);
    *record = (struct intent_record){.intent = NULL};
}

static bool removal_is(const struct intent_removal *removal, struct wire_span name)
{
    return removal->name_size == name.size && memcmp(removal->name, name.octets, name.size) == 0;
}

enum pce_status intent_record_remove(struct intent_record *record, const char *name)
{
    const struct wire_span span = {(const uint8_t *)name, strlen(name)};
    for (uint32_t i = 0; i < record->removal_count; i++)
        if (removal_is(&record->removals[i], span))
            return PCE_EXISTS;
    if (record->removal_count == INTENT_REMOVE_MAX)
        return PCE_LIMIT;
    struct intent_removal *removals =
        realloc(record->removals, (record->removal_count + 1) * sizeof *removals);
    if (removals == NULL)
        return PCE_NO_MEMORY;
    record->removals = removals;
    struct intent_removal *removal = &removals[record->removal_count++];
    *removal = (struct intent_removal){.name_size = (uint8_t)span.size};
    memcpy(removal->name, name, span.size);
    return PCE_OK;
}

void intent_record_forget(struct intent_record *record, struct wire_span name)
{
    for (uint32_t i = 0; i < record->removal_count; i++) {
        if (!removal_is(&record->removals[i], name))
            continue;
        record->removals[i] = record->removals[--record->removal_count];
        return;
    }
}

/* ---- reading ---- */

static enum pce_status record_refuse(struct intent_fault *fault, const char *field,
                                     const char *reason)
{
    (void)snprintf(fault->field, sizeof fault->field, "%s", field);
    fault->reason = reason;
    return PCE_INVALID;
}

static enum pce_status record_read_removals(const json_t *list, struct intent_record *record,
                                            struct intent_fault *fault)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name == NULL || !intent_name_is_valid(name, INTENT_LSP_NAME_MAX))
            return record_refuse(fault, "remove", "has what is no name of an LSP");
        enum pce_status status = intent_record_remove(record, name);
        if (status == PCE_LIMIT)
            return record_refuse(fault, "remove", "has too many names");
        if (status == PCE_NO_MEMORY)
            return status;
    }
    return PCE_OK;
}

static enum pce_status record_read_json(const json_t *json, const struct intent_key *key,
                                        struct intent_record *record, struct intent_fault *fault)
{
    /* What was kept is not judged by limits that have been lowered since. */
    static const struct intent_limits limits = {INTENT_PATHS_MAX, INTENT_HOPS_MAX};
    const json_t *version = json_object_get(json, "version");
    const json_t *intent = json_object_get(json, "intent");
    if (!json_is_integer(version) || json_integer_value(version) != INTENT_RECORD_VERSION)
        return record_refuse(fault, "version", "is not one that this release knows");
    enum pce_status status = record_read_removals(json_object_get(json, "remove"), record, fault);
    if (status != PCE_OK || intent == NULL)
        return status;
    return intent_read(intent, key, &limits, &record->intent, fault);
}

enum pce_status intent_record_read(struct wire_span octets, const struct intent_key *key,
                                   struct intent_record *record, struct intent_fault *fault)
{
    *record = (struct intent_record){.intent = NULL};
    json_t *json =
        json_loadb((const char *)octets.octets, octets.size, JSON_REJECT_DUPLICATES, NULL);
    if (json == NULL)
        return record_refuse(fault, "record", "is no JSON");
    enum pce_status status = record_read_json(json, key, record, fault);
    json_decref(json);
    return status;
}

/* ---- writing ---- */

static json_t *record_write_removals(const struct intent_record *record)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < record->removal_count; i++) {
        if (json_array_append_new(list, json_string(record->removals[i].name)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

char *intent_record_write(const struct intent_record *record)
{
    json_t *json = json_pack("{s:i,s:o}", "version", INTENT_RECORD_VERSION, "remove",
                             record_write_removals(record));
    char *text = NULL;
    bool is_good = json != NULL;
    if (is_good && record->intent != NULL)
        is_good = json_object_set_new(json, "intent", intent_write(record->intent)) == 0;
    if (is_good)
        text = wire_json_text(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

/* ---- keys ---- */

void intent_key_format(const struct ip *pcc, const char *name, char text[INTENT_KEY_SIZE])
{
    char address[IP_TEXT_SIZE];
    (void)snprintf(text, INTENT_KEY_SIZE, "%s/%s", ip_format(pcc, address), name);
}

bool intent_key_parse(struct wire_span text, struct ip *pcc, char *name)
{
    char address[IP_TEXT_SIZE] = "";
    const uint8_t *slash = text.size == 0 ? NULL : memchr(text.octets, '/', text.size);
    size_t address_size = slash == NULL ? 0 : (size_t)(slash - text.octets);
    size_t name_size = slash == NULL ? 0 : text.size - address_size - 1;
    if (address_size == 0 || address_size >= sizeof address || name_size == 0 ||
        name_size > INTENT_NAME_MAX)
        return false;
    memcpy(address, text.octets, address_size);
    memcpy(name, slash + 1, name_size);
    name[name_size] = '\0';
    return strlen(name) == name_size && ip_parse(address, pcc) &&
           intent_name_is_valid(name, INTENT_NAME_MAX);
}
