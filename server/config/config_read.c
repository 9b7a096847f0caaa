/* Reading a configuration, in this order: the outline (syntax, lines), the schema (which keys there
 * are and their shape, by libcyaml), each value against its row, what holds between rows
 * (config_check.c), and the lists (config_lists.c). */
#include "server/config/config_impl.h"
#include "server/config/config_lists.h"

#include "core/base/check.h"
#include "core/base/number.h"

#include <cyaml/cyaml.h>
#include <stdlib.h>
#include <string.h>

/* What libcyaml fills: a pointer for each key, NULL where the file does not name it. */
#define RAW_UINT(s, member, key, value, min, max, unit, apply, text) uint64_t *member;
#define RAW_BOOL(s, member, key, value, apply, text)                 bool *member;
#define RAW_ENUM(s, member, key, value, names, apply, text)          uint32_t *member;
#define RAW_TEXT(s, member, key, value, apply, text)                 char *member;
#define RAW_ADDRESSES(s, member, key, value, apply, text)                                          \
    char **member;                                                                                 \
    uint32_t member##_count;
#define RAW_HOLD(s, member, key, value, min, max, unit, apply, text) char *member;
#define RAW_PREFIXES(s, member, key, value, apply, text)             /* config_lists.c reads them */
#define RAW_SECTION(section, suffix, text)                                                         \
    struct raw_##section {                                                                         \
        CONFIG_KEYS_##suffix(section, RAW_UINT, RAW_BOOL, RAW_ENUM, RAW_TEXT, RAW_ADDRESSES,       \
                             RAW_HOLD, RAW_PREFIXES)                                               \
    };
CONFIG_SECTIONS(RAW_SECTION)

struct raw_config {
#define RAW_MEMBER(section, suffix, text) struct raw_##section *section;
    CONFIG_SECTIONS(RAW_MEMBER)
};

#define WORD_LOG_LEVEL(suffix, word)       {word, CONFIG_LOG_LEVEL_##suffix},
#define WORD_LOG_FORMAT(suffix, word)      {word, CONFIG_LOG_FORMAT_##suffix},
#define WORD_LOG_DESTINATION(suffix, word) {word, CONFIG_LOG_DESTINATION_##suffix},
#define WORD_STARTTLS(suffix, word)        {word, CONFIG_STARTTLS_##suffix},
#define WORD_ACCESS_POLICY(suffix, word)   {word, CONFIG_ACCESS_POLICY_##suffix},
#define WORD_DELEGATION(suffix, word)      {word, CONFIG_DELEGATION_##suffix},
#define WORD_PROFILE(suffix, word)         {word, CONFIG_PROFILE_##suffix},
#define WORD_SOCKET_MODE(suffix, word)     {word, CONFIG_SOCKET_MODE_##suffix},
static const cyaml_strval_t CONFIG_NAMES_LOG_LEVEL_values[] = {
    CONFIG_NAMES_LOG_LEVEL(WORD_LOG_LEVEL)};
static const cyaml_strval_t CONFIG_NAMES_LOG_FORMAT_values[] = {
    CONFIG_NAMES_LOG_FORMAT(WORD_LOG_FORMAT)};
static const cyaml_strval_t CONFIG_NAMES_LOG_DESTINATION_values[] = {
    CONFIG_NAMES_LOG_DESTINATION(WORD_LOG_DESTINATION)};
static const cyaml_strval_t CONFIG_NAMES_STARTTLS_values[] = {CONFIG_NAMES_STARTTLS(WORD_STARTTLS)};
static const cyaml_strval_t CONFIG_NAMES_DELEGATION_values[] = {
    CONFIG_NAMES_DELEGATION(WORD_DELEGATION)};
static const cyaml_strval_t CONFIG_NAMES_PROFILE_values[] = {CONFIG_NAMES_PROFILE(WORD_PROFILE)};
static const cyaml_strval_t CONFIG_NAMES_ACCESS_POLICY_values[] = {
    CONFIG_NAMES_ACCESS_POLICY(WORD_ACCESS_POLICY)};
static const cyaml_strval_t CONFIG_NAMES_SOCKET_MODE_values[] = {
    CONFIG_NAMES_SOCKET_MODE(WORD_SOCKET_MODE)};

static const cyaml_schema_value_t address_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, IP_TEXT_SIZE)};

#define HERE (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define SCHEMA_UINT(s, member, key, value, min, max, unit, apply, text)                            \
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
#define SCHEMA_HOLD(s, member, key, value, min, max, unit, apply, text)                            \
    CYAML_FIELD_STRING_PTR(key, HERE, struct raw_##s, member, 0, 16),
#define SCHEMA_PREFIXES(s, member, key, value, apply, text)                                        \
    CYAML_FIELD_IGNORE(key, CYAML_FLAG_OPTIONAL),
#define SCHEMA_SECTION(section, suffix, text)                                                      \
    static const cyaml_schema_field_t section##_fields[] = {                                       \
        CONFIG_KEYS_##suffix(section, SCHEMA_UINT, SCHEMA_BOOL, SCHEMA_ENUM, SCHEMA_TEXT,          \
                             SCHEMA_ADDRESSES, SCHEMA_HOLD, SCHEMA_PREFIXES) CYAML_FIELD_END};
CONFIG_SECTIONS(SCHEMA_SECTION)

#define SCHEMA_MEMBER(section, suffix, text)                                                       \
    CYAML_FIELD_MAPPING_PTR(#section, HERE, struct raw_config, section, section##_fields),
static const cyaml_schema_field_t root_fields[] = {
    CONFIG_SECTIONS(SCHEMA_MEMBER) CYAML_FIELD_IGNORE("peer-groups", CYAML_FLAG_OPTIONAL),
    CYAML_FIELD_IGNORE("peers", CYAML_FLAG_OPTIONAL),
    CYAML_FIELD_IGNORE("bgp-ls", CYAML_FLAG_OPTIONAL),
    CYAML_FIELD_IGNORE("delegation-rules", CYAML_FLAG_OPTIONAL), CYAML_FIELD_END};
static const cyaml_schema_value_t root_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct raw_config, root_fields)};

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
    const char *at = strstr(line, place);
    uint64_t number = 0;
    if (at == NULL || complaint->line != 0)
        return;
    at += sizeof place - 1;
    (void)number_take(&at, UINT32_MAX, &number);
    complaint->line = (uint32_t)number;
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

static enum pce_status config_explain(const struct complaint *complaint, cyaml_err_t error,
                                      const struct config_outline *outline,
                                      struct config_fault *fault)
{
    char key[2 * CONFIG_OUTLINE_PATH_SIZE];
    enum pce_status status;
    if (error == CYAML_ERR_OOM) {
        (void)config_refuse(fault, outline, "", "no memory");
        return PCE_NO_MEMORY;
    }
    if (complaint->unknown[0] != '\0') {
        (void)snprintf(key, sizeof key, "%s%s%s", complaint->path,
                       complaint->path[0] == '\0' ? "" : ".", complaint->unknown);
        status = config_refuse(fault, outline, key, "there is no such key");
    } else if (complaint->path[0] == '\0') {
        status = config_refuse(fault, outline, "", "the file must be a mapping of sections");
    } else {
        const char *text = complaint->reason[0] != '\0' ? complaint->reason : cyaml_strerror(error);
        status = config_refuse(fault, outline, complaint->path, "%s", text);
    }
    if (fault->line == 0)
        fault->line = complaint->line;
    return status;
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
        enum pce_status status = config_check_scalar(&config_table[i], entry, outline, fault);
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

static bool config_is_listed(const struct config_addresses *addresses, const struct ip *ip)
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
        return config_refuse(fault, outline, list->path, "names no address");
    CHECK(list->count <= CONFIG_ADDRESSES_MAX);
    addresses->count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        char entry[CONFIG_OUTLINE_PATH_SIZE + 16];
        struct ip ip;
        (void)snprintf(entry, sizeof entry, "%s[%u]", list->path, i);
        if (!ip_parse(list->texts[i], &ip))
            return config_refuse(fault, outline, entry, "\"%.60s\" is no IPv4 or IPv6 address",
                                 list->texts[i]);
        if (config_is_listed(addresses, &ip))
            return config_refuse(fault, outline, entry, "the address stands in the list already");
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
#define STORE_UINT(s, member, key, value, min, max, unit, apply, text)                             \
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
#define STORE_HOLD(s, member, key, value, min, max, unit, apply, text)                             \
    if (raw->s->member != NULL)                                                                    \
        config->s.member = config_scalar_value(config_key_get(#s, key), raw->s->member);
#define STORE_PREFIXES(s, member, key, value, apply, text)
#define STORE_SECTION(section, suffix, text)                                                       \
    if (raw->section != NULL) {                                                                    \
        CONFIG_KEYS_##suffix(section, STORE_UINT, STORE_BOOL, STORE_ENUM, STORE_TEXT,              \
                             STORE_ADDRESSES, STORE_HOLD, STORE_PREFIXES)                          \
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
        return config_explain(&complaint, error, outline, fault);
    if (raw == NULL)
        return PCE_OK; /* nothing but comments: all defaults */
    status = store_values(raw, outline, config, fault);
    (void)cyaml_free(&options, &root_schema, raw, 0);
    return status;
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
        return config_refuse(fault, outline, key, "the path with its folder is too long");
    return PCE_OK;
}

/* As config_check, with the line; what follows from other values is set. */
static enum pce_status check_together(struct config *config, const struct config_outline *outline,
                                      struct config_fault *fault)
{
    struct config_capabilities *capabilities = &config->capabilities;
    if (config_outline_find(outline, "capabilities.stateful-update") == NULL)
        capabilities->stateful_update &= capabilities->stateful;
    if (config_outline_find(outline, "capabilities.stateful-initiate") == NULL)
        capabilities->stateful_initiate &= capabilities->stateful;
    enum pce_status status = config_check(config, fault);
    const struct config_outline_entry *entry = config_outline_find(outline, fault->key);
    if (status != PCE_OK && entry != NULL)
        fault->line = entry->line;
    return status;
}

static enum pce_status resolve_paths(struct config *config, const char *folder,
                                     const struct config_outline *outline,
                                     struct config_fault *fault)
{
    enum pce_status status =
        resolve_path(config->topology.file, folder, "topology.file", outline, fault);
    if (status == PCE_OK)
        status = resolve_path(config->log.file, folder, "log.file", outline, fault);
    if (status == PCE_OK)
        status = resolve_path(config->store.path, folder, "store.path", outline, fault);
    if (status == PCE_OK)
        status = resolve_path(config->control.socket, folder, "control.socket", outline, fault);
    if (status == PCE_OK && strlen(config->control.socket) >= CONFIG_SOCKET_SIZE)
        status = config_refuse(fault, outline, "control.socket",
                               "the path with its folder is longer than %d octets",
                               CONFIG_SOCKET_SIZE - 1);
    return status;
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
        status = resolve_paths(config, folder, &outline, fault);
    if (status == PCE_OK)
        status = config_lists_read(&outline, config, fault);
    config_outline_destroy(&outline);
    return status;
}
