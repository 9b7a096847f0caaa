/* Outline of a YAML text: which key stands on which line, and the scalars as they are written.
 *
 * The schema reader knows the shape of a configuration but reports lines loosely and takes "12x"
 * for a number; this pass over the same text gives each path its line and its exact scalar, and
 * refuses what a configuration never needs: aliases, tags, keys that are not plain text, several
 * documents.
 *
 * Thread: any. Owns: the outline until config_outline_destroy.
 * Bound: CONFIG_OUTLINE_ENTRIES_MAX values, CONFIG_OUTLINE_DEPTH_MAX levels. */
#ifndef PCED_SERVER_CONFIG_CONFIG_OUTLINE_H
#define PCED_SERVER_CONFIG_CONFIG_OUTLINE_H

#include "core/base/arena.h"
#include "server/config/config.h"

#define CONFIG_OUTLINE_ENTRIES_MAX 262144
#define CONFIG_OUTLINE_DEPTH_MAX   8
#define CONFIG_OUTLINE_PATH_SIZE   128

enum config_outline_kind { CONFIG_OUTLINE_SCALAR, CONFIG_OUTLINE_MAPPING, CONFIG_OUTLINE_SEQUENCE };

struct config_outline_entry {
    const char *path;  /* "listen.addresses[1]" */
    const char *value; /* of a scalar; cut where it is longer than any that is accepted */
    uint32_t line;     /* of the key, or of the entry of a sequence */
    uint32_t next;     /* index of another entry with the same hash, or UINT32_MAX */
    enum config_outline_kind kind;
};

/* The entries stand in the order of the text: what belongs to a mapping follows it. */
struct config_outline {
    uint32_t count;
    uint32_t room;
    struct config_outline_entry *entries;
    uint32_t *buckets; /* by hash of the path: the index of an entry, or UINT32_MAX */
    uint32_t bucket_count;
    struct arena texts;
};

PCE_MUST_CHECK enum pce_status config_outline_create(const char *text, size_t size,
                                                     struct config_outline *outline,
                                                     struct config_fault *fault);
void config_outline_destroy(struct config_outline *outline);

/* NULL when the text has no such path. */
const struct config_outline_entry *config_outline_find(const struct config_outline *outline,
                                                       const char *path);

#endif
