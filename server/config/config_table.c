#include "server/config/config_table.h"

#include "server/config/config_lists.h"

#define WORD(suffix, word) word,
static const char *const CONFIG_NAMES_LOG_LEVEL_words[] = {CONFIG_NAMES_LOG_LEVEL(WORD)};
static const char *const CONFIG_NAMES_LOG_FORMAT_words[] = {CONFIG_NAMES_LOG_FORMAT(WORD)};
static const char *const CONFIG_NAMES_LOG_DESTINATION_words[] = {
    CONFIG_NAMES_LOG_DESTINATION(WORD)};
static const char *const CONFIG_NAMES_STARTTLS_words[] = {CONFIG_NAMES_STARTTLS(WORD)};
static const char *const CONFIG_NAMES_DELEGATION_words[] = {CONFIG_NAMES_DELEGATION(WORD)};
static const char *const CONFIG_NAMES_PROFILE_words[] = {CONFIG_NAMES_PROFILE(WORD)};
static const char *const CONFIG_NAMES_ACCESS_POLICY_words[] = {CONFIG_NAMES_ACCESS_POLICY(WORD)};
static const char *const CONFIG_NAMES_SOCKET_MODE_words[] = {CONFIG_NAMES_SOCKET_MODE(WORD)};
#undef WORD

#define KEY_COMMON(section_, member_, key_, apply_, text_)                                         \
    .section = #section_, .key = key_, .apply = CONFIG_APPLY_##apply_, .text = text_,              \
    .offset = offsetof(struct config, section_.member_),                                           \
    .size = sizeof(((struct config *)NULL)->section_.member_)

#define KEY_UINT(section_, member_, key_, value_, min_, max_, unit_, apply_, text_)                \
    {KEY_COMMON(section_, member_, key_, apply_, text_),                                           \
     .kind = CONFIG_KIND_UINT,                                                                     \
     .value = (value_),                                                                            \
     .min = (min_),                                                                                \
     .max = (max_),                                                                                \
     .text_value = "",                                                                             \
     .unit = (unit_)},
#define KEY_BOOL(section_, member_, key_, value_, apply_, text_)                                   \
    {KEY_COMMON(section_, member_, key_, apply_, text_), .kind = CONFIG_KIND_BOOL,                 \
     .value = (value_), .text_value = "", .unit = ""},
#define KEY_ENUM(section_, member_, key_, value_, names_, apply_, text_)                           \
    {KEY_COMMON(section_, member_, key_, apply_, text_),                                           \
     .kind = CONFIG_KIND_ENUM,                                                                     \
     .value = (value_),                                                                            \
     .text_value = "",                                                                             \
     .unit = "",                                                                                   \
     .words = names_##_words,                                                                      \
     .word_count = sizeof names_##_words / sizeof names_##_words[0]},
#define KEY_TEXT(section_, member_, key_, value_, apply_, text_)                                   \
    {KEY_COMMON(section_, member_, key_, apply_, text_), .kind = CONFIG_KIND_TEXT,                 \
     .text_value = (value_), .unit = ""},
#define KEY_ADDRESSES(section_, member_, key_, value_, apply_, text_)                              \
    {KEY_COMMON(section_, member_, key_, apply_, text_), .kind = CONFIG_KIND_ADDRESSES,            \
     .text_value = (value_), .unit = ""},
#define KEY_HOLD(section_, member_, key_, value_, min_, max_, unit_, apply_, text_)                \
    {KEY_COMMON(section_, member_, key_, apply_, text_),                                           \
     .kind = CONFIG_KIND_HOLD,                                                                     \
     .value = (value_),                                                                            \
     .min = (min_),                                                                                \
     .max = (max_),                                                                                \
     .text_value = "",                                                                             \
     .unit = (unit_)},
#define KEY_PREFIXES(section_, member_, key_, value_, apply_, text_)                               \
    {.section = #section_,                                                                         \
     .key = key_,                                                                                  \
     .apply = CONFIG_APPLY_##apply_,                                                               \
     .text = text_,                                                                                \
     .offset = offsetof(struct config_lists, member_),                                             \
     .size = sizeof(struct config_prefixes),                                                       \
     .kind = CONFIG_KIND_PREFIXES,                                                                 \
     .text_value = (value_),                                                                       \
     .unit = ""},
#define KEYS(section_, suffix_, text_)                                                             \
    CONFIG_KEYS_##suffix_(section_, KEY_UINT, KEY_BOOL, KEY_ENUM, KEY_TEXT, KEY_ADDRESSES,         \
                          KEY_HOLD, KEY_PREFIXES)
#define SECTION(section_, suffix_, text_) {#section_, text_},

const struct config_key config_table[] = {CONFIG_SECTIONS(KEYS)};
const size_t config_table_count = sizeof config_table / sizeof config_table[0];

const struct config_section config_sections[] = {CONFIG_SECTIONS(SECTION)};
const size_t config_section_count = sizeof config_sections / sizeof config_sections[0];

#define PEER_KEY(section_, key_) {#section_, key_},

const struct config_peer_key config_peer_keys[] = {CONFIG_PEER_KEYS(PEER_KEY)};
const size_t config_peer_key_count = sizeof config_peer_keys / sizeof config_peer_keys[0];
