/* Configuration: the settings of one pced, read from a YAML file and checked whole before use.
 *
 * struct config is plain memory but for its lists (config_lists.h): it is compared key by key at a
 * reload, and never changed once published. The keys stand in config_keys.h.
 *
 * Thread: reading on the main thread; a finished one is immutable, any thread reads it.
 * Owns: its lists, until config_fini; a copy by assignment shares them and does not own them.
 * Bound: CONFIG_FILE_SIZE_MAX octets of file, CONFIG_TEXT_SIZE for a text, CONFIG_ADDRESSES_MAX. */
#ifndef PCED_SERVER_CONFIG_CONFIG_H
#define PCED_SERVER_CONFIG_CONFIG_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "server/config/config_keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_FILE_SIZE_MAX  ((size_t)8 << 20) /* octets */
#define CONFIG_SPEAKER_ID_MAX 64                /* octets of session.speaker-entity-id */
#define CONFIG_TEXT_SIZE      1024              /* octets of a text with its NUL */
#define CONFIG_ADDRESSES_MAX  16
#define CONFIG_SOCKET_SIZE    108 /* octets of a UNIX socket's path with its NUL: sockaddr_un */

/* Values of a HOLD key that are no seconds. */
#define CONFIG_HOLD_OFF  0
#define CONFIG_HOLD_AUTO UINT32_MAX

struct config_addresses {
    uint32_t count;
    struct ip items[CONFIG_ADDRESSES_MAX];
};

#define CONFIG_NAME(suffix, word) CONFIG_LOG_LEVEL_##suffix,
enum config_log_level { CONFIG_NAMES_LOG_LEVEL(CONFIG_NAME) CONFIG_LOG_LEVEL_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_LOG_FORMAT_##suffix,
enum config_log_format { CONFIG_NAMES_LOG_FORMAT(CONFIG_NAME) CONFIG_LOG_FORMAT_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_LOG_DESTINATION_##suffix,
enum config_log_destination {
    CONFIG_NAMES_LOG_DESTINATION(CONFIG_NAME) CONFIG_LOG_DESTINATION_COUNT
};
#undef CONFIG_NAME

#define CONFIG_NAME(suffix, word) CONFIG_STARTTLS_##suffix,
enum config_starttls { CONFIG_NAMES_STARTTLS(CONFIG_NAME) CONFIG_STARTTLS_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_ACCESS_POLICY_##suffix,
enum config_access_policy { CONFIG_NAMES_ACCESS_POLICY(CONFIG_NAME) CONFIG_ACCESS_POLICY_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_DELEGATION_##suffix,
enum config_delegation { CONFIG_NAMES_DELEGATION(CONFIG_NAME) CONFIG_DELEGATION_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_PROFILE_##suffix,
enum config_profile { CONFIG_NAMES_PROFILE(CONFIG_NAME) CONFIG_PROFILE_COUNT };
#undef CONFIG_NAME
#define CONFIG_NAME(suffix, word) CONFIG_SOCKET_MODE_##suffix,
enum config_socket_mode { CONFIG_NAMES_SOCKET_MODE(CONFIG_NAME) CONFIG_SOCKET_MODE_COUNT };
#undef CONFIG_NAME

/* One struct for each section: struct config_listen, struct config_server … */
#define CONFIG_MEMBER_UINT(s, member, key, value, min, max, unit, apply, text) uint32_t member;
#define CONFIG_MEMBER_HOLD(s, member, key, value, min, max, unit, apply, text) uint32_t member;

#define CONFIG_MEMBER_BOOL(s, member, key, value, apply, text)        bool member;
#define CONFIG_MEMBER_ENUM(s, member, key, value, names, apply, text) uint32_t member;
#define CONFIG_MEMBER_TEXT(s, member, key, value, apply, text)        char member[CONFIG_TEXT_SIZE];
#define CONFIG_MEMBER_ADDRESSES(s, member, key, value, apply, text)   struct config_addresses member;
#define CONFIG_MEMBER_PREFIXES(s, member, key, value, apply, text)    /* in struct config_lists */
#define CONFIG_STRUCT(section, suffix, text)                                                       \
    struct config_##section {                                                                      \
        CONFIG_KEYS_##suffix(section, CONFIG_MEMBER_UINT, CONFIG_MEMBER_BOOL, CONFIG_MEMBER_ENUM,  \
                             CONFIG_MEMBER_TEXT, CONFIG_MEMBER_ADDRESSES, CONFIG_MEMBER_HOLD,      \
                             CONFIG_MEMBER_PREFIXES)                                               \
    };
CONFIG_SECTIONS(CONFIG_STRUCT)
#undef CONFIG_STRUCT

struct config {
#define CONFIG_SECTION_MEMBER(section, suffix, text) struct config_##section section;
    CONFIG_SECTIONS(CONFIG_SECTION_MEMBER)
#undef CONFIG_SECTION_MEMBER
    struct config_lists *lists; /* NULL: all of them are empty */
};

/* Why a configuration was refused, for a person. */
struct config_fault {
    uint32_t line;    /* of the file, from 1; 0 when it is about no line */
    char key[160];    /* "session.keepalive"; "" when it is about the file */
    char reason[320]; /* what is wrong and what would be right */
};

void config_set_defaults(struct config *config);
void config_fini(struct config *config);

/* Reads the text (UTF-8) whole. folder: where relative paths begin ("" for the working directory).
 * PCE_INVALID, PCE_LIMIT, PCE_NO_MEMORY: *config is undefined and the fault says why. */
PCE_MUST_CHECK enum pce_status config_read(const char *text, size_t size, const char *folder,
                                           struct config *config, struct config_fault *fault);

/* The same from a file; *text receives "file:line: key: reason" where it fails. */
PCE_MUST_CHECK enum pce_status config_read_file(const char *path, struct config *config, char *text,
                                                size_t text_size);

/* "file:line: key: reason", without the parts that are not known. */
void config_format_fault(const struct config_fault *fault, const char *file, char *text,
                         size_t text_size);

/* When a changed value holds. */
enum config_apply { CONFIG_APPLY_NOW, CONFIG_APPLY_SESSIONS, CONFIG_APPLY_RESTART };

/* Calls visit for each key whose values differ, and for "peers", "peer-groups", "bgp-ls" and
 * "delegation-rules". */
void config_compare(const struct config *before, const struct config *after,
                    void (*visit)(void *context, const char *key, enum config_apply apply),
                    void *context);

/* The table of all keys in Markdown, as it stands in docs/CONFIGURATION.md. */
void config_print_keys(FILE *file);

#endif
