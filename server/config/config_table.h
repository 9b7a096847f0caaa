/* The configuration keys as a table that code can walk: made from the rows of config_keys.h.
 *
 * Thread: any; constant. Owns: nothing. */
#ifndef PCED_SERVER_CONFIG_CONFIG_TABLE_H
#define PCED_SERVER_CONFIG_CONFIG_TABLE_H

#include "server/config/config.h"

enum config_kind {
    CONFIG_KIND_UINT,
    CONFIG_KIND_BOOL,
    CONFIG_KIND_ENUM,
    CONFIG_KIND_TEXT,
    CONFIG_KIND_ADDRESSES,
    CONFIG_KIND_HOLD,
    CONFIG_KIND_PREFIXES,
};

struct config_key {
    const char *section; /* as in the file */
    const char *key;
    enum config_kind kind;
    enum config_apply apply;
    uint32_t value; /* UINT, HOLD, BOOL, ENUM: the default */
    uint32_t min;   /* UINT, HOLD */
    uint32_t max;
    const char *text_value;   /* TEXT, ADDRESSES: the default */
    const char *unit;         /* "" for none */
    const char *const *words; /* ENUM: the words in the order of their values */
    uint32_t word_count;
    const char *text;
    size_t offset; /* in struct config; PREFIXES: in struct config_lists */
    size_t size;
};

extern const struct config_key config_table[];
extern const size_t config_table_count;

/* A key that one peer or a group may have of its own; its row has the same names. */
struct config_peer_key {
    const char *section;
    const char *key;
};

extern const struct config_peer_key config_peer_keys[];
extern const size_t config_peer_key_count;

struct config_section {
    const char *key;
    const char *text;
};

extern const struct config_section config_sections[];
extern const size_t config_section_count;

#endif
