/* Reading a configuration, in this order: the outline (syntax, lines), the schema (which keys there
 * are and their shape, by libcyaml), each value against its row, and what holds between rows. */
#include "server/config_outline.h"
#include "server/config_table.h"

#include "core/base/check.h"

#include <cyaml/cyaml.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What libcyaml fills: a pointer for each key, NULL where the file does not name it. */
#define RAW_UINT(s, member, key, value, least, greatest, unit, apply, text) uint64_t *member;
#define RAW_BOOL(s, member, key, value, apply, text)                        bool *member;
#define RAW_ENUM(s, member, key, value, names, apply, text)                 uint32_t *member;
#define RAW_TEXT(s, member, key, value, apply, text)                        char *member;
#define RAW_ADDRESSES(s, member, key, value, apply, text)                                          \
    char **member;                                                                                 \
    uint32_t member##_count;
#define RAW_SECTION(section, suffix, text)                                                         \
    struct raw_##section {                                                                         \
        CONFIG_KEYS_##suffix(section, RAW_UINT, RAW_BOOL, RAW_ENUM, RAW_TEXT, RAW_ADDRESSES)       \
    };
CONFIG_SECTIONS(RAW_SECTION)

struct raw_config {
#define RAW_MEMBER(section, suffix, text) struct raw_##section *section;
    CONFIG_SECTIONS(RAW_MEMBER)
};

#define WORD_LOG_LEVEL(suffix, word)       {word, CONFIG_LOG_LEVEL_##suffix},
#define WORD_LOG_FORMAT(suffix, word)      {word, CONFIG_LOG_FORMAT_##suffix},
#define WORD_LOG_DESTINATION(suffix, word) {word, CONFIG_LOG_DESTINATION_##suffix},
static const cyaml_strval_t CONFIG_NAMES_LOG_LEVEL_values[] = {
    CONFIG_NAMES_LOG_LEVEL(WORD_LOG_LEVEL)};
static const cyaml_strval_t CONFIG_NAMES_LOG_FORMAT_values[] = {
    CONFIG_NAMES_LOG_FORMAT(WORD_LOG_FORMAT)};
static const cyaml_strval_t CONFIG_NAMES_LOG_DESTINATION_values[] = {
    CONFIG_NAMES_LOG_DESTINATION(WORD_LOG_DESTINATION)};

static const cyaml_schema_value_t address_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, IP_TEXT_SIZE)};

#define HERE (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define SCHEMA_UINT(s, member, key, value, least, greatest, unit, apply, text)                     \
    CYAML_FIELD_UINT_PTR(key, HERE, struct raw_##s, member),
#define SCHEMA_BOOL(s, member, key, value, apply, text)                                            \
    CYAML_FIELD_BOOL_PTR(key, HERE, struct raw_##s, member),
#define SCHEMA_ENUM(s, member, key, value, names, apply, text)                                     \
    CYAML_FIELD_ENUM_PTR(key, HERE | CYAML_FLAG_STRICT, struct raw_##s, member, names##_values,    \
                         CYAML_ARRAY_LEN(names##_values)),
#define SCHEMA_TEXT(s, member, key, value, apply, text)                                            \
    CYAML_FIELD_STRING_PTR(key, HERE, struct raw_##s, member, 0, CONFIG_TEXT_SIZE - 1),
#define SCHEMA_ADDRESSES(s, member, key, value, apply, text)                                       \
    CYAML_FIELD_SEQUENCE(key, HERE, struct raw_##s, member, &address_schema, 0,                    \
                         CONFIG_ADDRESSES_MAX),
#define SCHEMA_SECTION(section, suffix, text)                                                      \
    static const cyaml_schema_field_t section##_fields[] = {                                       \
        CONFIG_KEYS_##suffix(section, SCHEMA_UINT, SCHEMA_BOOL, SCHEMA_ENUM, SCHEMA_TEXT,          \
                             SCHEMA_ADDRESSES) CYAML_FIELD_END};
CONFIG_SECTIONS(SCHEMA_SECTION)

#define SCHEMA_MEMBER(section, suffix, text)                                                       \
    CYAML_FIELD_MAPPING_PTR(#section, HERE, struct raw_config, section, section##_fields),
static const cyaml_schema_field_t root_fields[] = {CONFIG_SECTIONS(SCHEMA_MEMBER) CYAML_FIELD_END};
static const cyaml_schema_value_t root_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_config, root_fields)};

__attribute__((format(printf, 4, 5))) static enum pce_status
refuse(struct config_fault *fault, const struct config_outline *outline, const char *key,
       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    (void)snprintf(fault->key, sizeof fault->key, "%s", key);
    const struct config_outline_entry *entry = config_outline_find(outline, key);
    fault->line = entry == NULL ? 0 : entry->line;
    return PCE_INVALID;
}

/* What libcyaml said, gathered from its log: first the reason, then a backtrace from the innermost
 * field outwards. */
struct complaint {
    char reason[160];
    char unknown[CONFIG_OUTLINE_PATH_SIZE]; /* the key that the schema does not have */
    char path[CONFIG_OUTLINE_PATH_SIZE];
    uint32_t line; /* of the innermost value, where libcyaml names one */
    bool is_backtrace;
};

static void prepend_path(struct complaint *complaint, const char *name, size_t size)
{
    size_t inner = strlen(complaint->path);
    size_t room = size + (inner > 0 ? 1 : 0);
    if (room + inner >= sizeof complaint->path)
        return; /* longer than any key of ours: the line has to do */
    memmove(complaint->path + room, complaint->path, inner + 1);
    memcpy(complaint->path, name, size);
    if (inner > 0)
        complaint->path[size] = '.';
}

static void take_backtrace(struct complaint *complaint, const char *line)
{
    static const char field[] = "in mapping field '";
    static const char place[] = "(line: ";
    const char *name = strstr(line, field);
    if (name != NULL) {
        name += sizeof field - 1;
        prepend_path(complaint, name, strcspn(name, "'"));
    }
    const char *number = strstr(line, place);
    if (number != NULL && complaint->line == 0)
        complaint->line = (uint32_t)strtoul(number + sizeof place - 1, NULL, 10);
}

static void on_cyaml_log(cyaml_log_t level, void *context, const char *format, va_list arguments)
{
    static const char prefix[] = "Load: ";
    static const char unknown[] = "Unexpected key: ";
    struct complaint *complaint = context;
    char buffer[CONFIG_OUTLINE_PATH_SIZE + 128];
    (void)level;
    (void)vsnprintf(buffer, sizeof buffer, format, arguments);
    buffer[strcspn(buffer, "\n")] = '\0';
    const char *line = buffer;
    if (strncmp(line, prefix, sizeof prefix - 1) == 0)
        line += sizeof prefix - 1;
    if (strcmp(line, "Backtrace:") == 0) {
        complaint->is_backtrace = true;
    } else if (complaint->is_backtrace) {
        take_backtrace(complaint, line);
    } else if (strncmp(line, unknown, sizeof unknown - 1) == 0) {
        (void)snprintf(complaint->unknown, sizeof complaint->unknown, "%.*s",
                       (int)sizeof complaint->unknown - 1, line + sizeof unknown - 1);
    } else if (complaint->reason[0] == '\0') {
        (void)snprintf(complaint->reason, sizeof complaint->reason, "%.*s",
                       (int)sizeof complaint->reason - 1, line);
    }
}

static enum pce_status explain(const struct complaint *complaint, cyaml_err_t error,
                               const struct config_outline *outline, struct config_fault *fault)
{
    char key[2 * CONFIG_OUTLINE_PATH_SIZE];
    enum pce_status status;
    if (error == CYAML_ERR_OOM) {
        (void)refuse(fault, outline, "", "no memory");
        return PCE_NO_MEMORY;
    }
    if (complaint->unknown[0] != '\0') {
        (void)snprintf(key, sizeof key, "%s%s%s", complaint->path,
                       complaint->path[0] == '\0' ? "" : ".", complaint->unknown);
        status = refuse(fault, outline, key, "there is no such key");
    } else if (complaint->path[0] == '\0') {
        status = refuse(fault, outline, "", "the file must be a mapping of sections");
    } else {
        const char *text = complaint->reason[0] != '\0' ? complaint->reason : cyaml_strerror(error);
        status = refuse(fault, outline, complaint->path, "%s", text);
    }
    if (fault->line == 0)
        fault->line = complaint->line;
    return status;
}

/* An unsigned decimal number and nothing else: no sign, no leading zero, no unit. */
static bool parse_number(const char *text, uint64_t *value)
{
    *value = 0;
    if (text[0] == '\0' || (text[0] == '0' && text[1] != '\0') || strlen(text) > 18)
        return false;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < '0' || *c > '9')
            return false;
        *value = *value * 10 + (uint64_t)(*c - '0');
    }
    return true;
}

static bool is_word(const struct config_key *key, const char *value)
{
    for (uint32_t i = 0; i < key->word_count; i++) {
        if (strcmp(key->words[i], value) == 0)
            return true;
    }
    return false;
}

static void list_words(const struct config_key *key, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < key->word_count && used < size; i++)
        used +=
            (size_t)snprintf(text + used, size - used, "%s%s", i == 0 ? "" : ", ", key->words[i]);
}

/* The scalar as it is written against its row: libcyaml would take "12x" for 12 and any word for a
 * boolean. */
static enum pce_status check_scalar(const struct config_key *key, const char *path,
                                    const struct config_outline_entry *entry,
                                    const struct config_outline *outline,
                                    struct config_fault *fault)
{
    uint64_t number;
    char words[128];
    const char *unit = key->unit[0] == '\0' ? "" : " ";
    switch (key->kind) {
    case CONFIG_KIND_UINT:
        if (!parse_number(entry->value, &number))
            return refuse(fault, outline, path, "must be a whole number, not \"%.40s\"",
                          entry->value);
        if (number < key->least || number > key->greatest)
            return refuse(fault, outline, path, "is %.40s, must be %u to %u%s%s", entry->value,
                          key->least, key->greatest, unit, key->unit);
        return PCE_OK;
    case CONFIG_KIND_BOOL:
        if (strcmp(entry->value, "true") != 0 && strcmp(entry->value, "false") != 0)
            return refuse(fault, outline, path, "must be true or false, not \"%.40s\"",
                          entry->value);
        return PCE_OK;
    case CONFIG_KIND_ENUM:
        list_words(key, words, sizeof words);
        if (!is_word(key, entry->value))
            return refuse(fault, outline, path, "must be one of %s, not \"%.40s\"", words,
                          entry->value);
        return PCE_OK;
    case CONFIG_KIND_TEXT:
        if (strlen(entry->value) == CONFIG_TEXT_SIZE - 1)
            return refuse(fault, outline, path, "is longer than %d octets", CONFIG_TEXT_SIZE - 2);
        return PCE_OK;
    case CONFIG_KIND_ADDRESSES:
        return refuse(fault, outline, path, "must be a list of addresses");
    }
    return PCE_OK;
}

static enum pce_status check_entries(const struct config_outline *outline,
                                     struct config_fault *fault)
{
    for (size_t i = 0; i < config_table_count; i++) {
        char path[CONFIG_OUTLINE_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s.%s", config_table[i].section, config_table[i].key);
        const struct config_outline_entry *entry = config_outline_find(outline, path);
        if (entry == NULL || entry->kind != CONFIG_OUTLINE_SCALAR)
            continue; /* absent, or a shape that the schema has refused already */
        enum pce_status status = check_scalar(&config_table[i], path, entry, outline, fault);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}

/* A list of addresses as libcyaml gives it. */
struct address_texts {
    char *const *texts;
    uint32_t count;
    const char *path; /* of the key */
};

static bool is_listed(const struct config_addresses *addresses, const struct ip *ip)
{
    for (uint32_t i = 0; i < addresses->count; i++) {
        if (ip_is_equal(&addresses->items[i], ip))
            return true;
    }
    return false;
}

/* Leaves the default where the file does not name the key. */
static enum pce_status store_addresses(const struct address_texts *list,
                                       const struct config_outline *outline,
                                       struct config_addresses *addresses,
                                       struct config_fault *fault)
{
    if (config_outline_find(outline, list->path) == NULL)
        return PCE_OK;
    if (list->count == 0)
        return refuse(fault, outline, list->path, "names no address");
    CHECK(list->count <= CONFIG_ADDRESSES_MAX);
    addresses->count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        char entry[CONFIG_OUTLINE_PATH_SIZE + 16];
        struct ip ip;
        (void)snprintf(entry, sizeof entry, "%s[%u]", list->path, i);
        if (!ip_parse(list->texts[i], &ip))
            return refuse(fault, outline, entry, "\"%.60s\" is no IPv4 or IPv6 address",
                          list->texts[i]);
        if (is_listed(addresses, &ip))
            return refuse(fault, outline, entry, "the address stands in the list already");
        addresses->items[addresses->count++] = ip;
    }
    return PCE_OK;
}

/* Moves what the file names over the defaults; every value has been checked against its row. */
static enum pce_status store_values(const struct raw_config *raw,
                                    const struct config_outline *outline, struct config *config,
                                    struct config_fault *fault)
{
    enum pce_status status = PCE_OK;
#define STORE_UINT(s, member, key, value, least, greatest, unit, apply, text)                      \
    if (raw->s->member != NULL)                                                                    \
        config->s.member = (uint32_t)*raw->s->member;
#define STORE_BOOL(s, member, key, value, apply, text)                                             \
    if (raw->s->member != NULL)                                                                    \
        config->s.member = *raw->s->member;
#define STORE_ENUM(s, member, key, value, names, apply, text)                                      \
    if (raw->s->member != NULL)                                                                    \
        config->s.member = *raw->s->member;
#define STORE_TEXT(s, member, key, value, apply, text)                                             \
    if (raw->s->member != NULL)                                                                    \
        (void)snprintf(config->s.member, sizeof config->s.member, "%s", raw->s->member);
#define STORE_ADDRESSES(s, member, key, value, apply, text)                                        \
    if (status == PCE_OK) {                                                                        \
        const struct address_texts list = {raw->s->member, raw->s->member##_count, #s "." key};    \
        status = store_addresses(&list, outline, &config->s.member, fault);                        \
    }
#define STORE_SECTION(section, suffix, text)                                                       \
    if (raw->section != NULL) {                                                                    \
        CONFIG_KEYS_##suffix(section, STORE_UINT, STORE_BOOL, STORE_ENUM, STORE_TEXT,              \
                             STORE_ADDRESSES)                                                      \
    }
    CONFIG_SECTIONS(STORE_SECTION)
    return status;
}

static enum pce_status read_values(const char *text, size_t size,
                                   const struct config_outline *outline, struct config *config,
                                   struct config_fault *fault)
{
    struct complaint complaint = {.line = 0};
    struct raw_config *raw = NULL;
    const cyaml_config_t options = {
        .log_fn = on_cyaml_log,
        .log_ctx = &complaint,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_WARNING,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    enum pce_status status = check_entries(outline, fault);
    if (status != PCE_OK)
        return status;
    void *loaded = NULL;
    cyaml_err_t error =
        cyaml_load_data((const uint8_t *)text, size, &options, &root_schema, &loaded, NULL);
    raw = loaded;
    if (error != CYAML_OK)
        return explain(&complaint, error, outline, fault);
    if (raw == NULL)
        return PCE_OK; /* nothing but comments: all defaults */
    status = store_values(raw, outline, config, fault);
    (void)cyaml_free(&options, &root_schema, raw, 0);
    return status;
}

static enum pce_status check_session(const struct config_session *session,
                                     const struct config_outline *outline,
                                     struct config_fault *fault)
{
    if (session->keepalive_s == 0 && session->dead_timer_s != 0)
        return refuse(fault, outline, "session.dead-timer",
                      "must be 0 because session.keepalive is 0 (RFC 5440 7.3)");
    if (session->keepalive_s != 0 && session->dead_timer_s <= session->keepalive_s)
        return refuse(fault, outline, "session.dead-timer",
                      "is %u s, must be greater than session.keepalive (%u s)",
                      session->dead_timer_s, session->keepalive_s);
    if (session->keepalive_min_s > session->keepalive_max_s)
        return refuse(fault, outline, "session.keepalive-min",
                      "is greater than session.keepalive-max (%u s)", session->keepalive_max_s);
    if (session->dead_timer_min_s > session->dead_timer_max_s)
        return refuse(fault, outline, "session.dead-timer-min",
                      "is greater than session.dead-timer-max (%u s)", session->dead_timer_max_s);
    return PCE_OK;
}

static enum pce_status check_capabilities(const struct config_capabilities *capabilities,
                                          const struct config_outline *outline,
                                          struct config_fault *fault)
{
    if (!capabilities->stateful && capabilities->stateful_update &&
        config_outline_find(outline, "capabilities.stateful-update") != NULL)
        return refuse(fault, outline, "capabilities.stateful-update",
                      "needs capabilities.stateful");
    if (!capabilities->stateful && capabilities->stateful_initiate &&
        config_outline_find(outline, "capabilities.stateful-initiate") != NULL)
        return refuse(fault, outline, "capabilities.stateful-initiate",
                      "needs capabilities.stateful");
    if (!capabilities->rsvp_te && !capabilities->sr_mpls && !capabilities->srv6)
        return refuse(fault, outline, "capabilities.rsvp-te",
                      "one of rsvp-te, sr-mpls and srv6 must be true");
    return PCE_OK;
}

/* What holds between rows. */
static enum pce_status check_together(struct config *config, const struct config_outline *outline,
                                      struct config_fault *fault)
{
    enum pce_status status = check_session(&config->session, outline, fault);
    if (status == PCE_OK)
        status = check_capabilities(&config->capabilities, outline, fault);
    if (status != PCE_OK)
        return status;
    config->capabilities.stateful_update &= config->capabilities.stateful;
    config->capabilities.stateful_initiate &= config->capabilities.stateful;
    if (config->limits.pending_hard <= config->limits.pending_soft)
        return refuse(fault, outline, "limits.pending-hard",
                      "is %u octets, must be greater than limits.pending-soft (%u)",
                      config->limits.pending_hard, config->limits.pending_soft);
    if (config->log.destination == CONFIG_LOG_DESTINATION_FILE && config->log.file[0] == '\0')
        return refuse(fault, outline, "log.file", "must be named because log.destination is file");
    return PCE_OK;
}

/* A relative path begins at the folder of the configuration. */
static enum pce_status resolve_path(char *path, const char *folder, const char *key,
                                    const struct config_outline *outline,
                                    struct config_fault *fault)
{
    char relative[CONFIG_TEXT_SIZE];
    if (path[0] == '\0' || path[0] == '/' || folder[0] == '\0')
        return PCE_OK;
    (void)snprintf(relative, sizeof relative, "%s", path);
    int size = snprintf(path, CONFIG_TEXT_SIZE, "%s/%s", folder, relative);
    if (size < 0 || size >= CONFIG_TEXT_SIZE)
        return refuse(fault, outline, key, "the path with its folder is too long");
    return PCE_OK;
}

enum pce_status config_read(const char *text, size_t size, const char *folder,
                            struct config *config, struct config_fault *fault)
{
    struct config_outline outline;
    *fault = (struct config_fault){.line = 0};
    config_set_defaults(config);
    enum pce_status status = config_outline_create(text, size, &outline, fault);
    if (status != PCE_OK)
        return status;
    status = read_values(text, size, &outline, config, fault);
    if (status == PCE_OK)
        status = check_together(config, &outline, fault);
    if (status == PCE_OK)
        status = resolve_path(config->topology.file, folder, "topology.file", &outline, fault);
    if (status == PCE_OK)
        status = resolve_path(config->log.file, folder, "log.file", &outline, fault);
    config_outline_destroy(&outline);
    return status;
}
