/* The reader of intents: a table of members for each kind of JSON object, and where it stands.
 *
 * Internal to core/intent.
 *
 * Thread: any. Owns: the intent, until it is whole. */
#ifndef PCED_CORE_INTENT_INTENT_READER_H
#define PCED_CORE_INTENT_INTENT_READER_H

#include "core/intent/intent_json.h"

struct intent_reader {
    const struct intent_limits *limits;
    struct intent *intent;
    struct intent_path *path; /* that is read */
    struct intent_hop *hop;
    struct intent_segment_list *list;
    struct auto_bandwidth_threshold *threshold;
    struct intent_fault *fault;
    bool has_hops; /* of the path: "segments" or "hops" */
    bool has_no_memory;
    char place[96]; /* what stands before the member: "paths[1]." */
};

/* False: refused, and the fault is set. */
typedef bool intent_member_fn(struct intent_reader *reader, const char *name, const json_t *value);

struct intent_member {
    const char *name;
    intent_member_fn *read;
    bool is_required;
};

/* Always false; the first one counts. */
bool intent_refuse(struct intent_reader *reader, const char *member, const char *reason);
/* The whole object by its table, which ends with a name of NULL. */
bool intent_read_object(struct intent_reader *reader, const json_t *json,
                        const struct intent_member *members);
/* One thing of a list: the place is "NAME[INDEX]." within it. */
bool intent_read_item(struct intent_reader *reader, const char *name, size_t index,
                      const json_t *json, const struct intent_member *members);
/* Values; false: refused. */
bool intent_take_number(struct intent_reader *reader, const char *name, const json_t *value,
                        uint64_t max, uint32_t *number);
bool intent_take_octet(struct intent_reader *reader, const char *name, const json_t *value,
                       uint8_t max, uint8_t *octet);
bool intent_take_address(struct intent_reader *reader, const char *name, const json_t *value,
                         struct ip *address);

/* "auto_bandwidth" of a path (intent_auto_bandwidth.c). */
bool intent_take_auto_bandwidth(struct intent_reader *reader, const char *name,
                                const json_t *value);

/* "binding" of a path (intent_binding.c). */
bool intent_take_binding(struct intent_reader *reader, const char *name, const json_t *value);

/* "lists" of a path (intent_lists.c). */
bool intent_take_lists(struct intent_reader *reader, const char *name, const json_t *value);
/* New reference; NULL: memory ran out. */
json_t *intent_write_lists(const struct intent_path *path);

/* The entries of a list into as many hops (intent_hops.c). */
bool intent_read_hops(struct intent_reader *reader, const char *name, const json_t *list,
                      struct intent_hop *hops);
bool intent_read_segments(struct intent_reader *reader, const char *name, const json_t *list,
                          struct intent_hop *hops);
/* New references; NULL: memory ran out. is_sr: they are segments. */
json_t *intent_write_hops(const struct intent_hop *hops, uint32_t count, bool is_sr);
json_t *intent_write_segments(const struct intent_hop *hops, uint32_t count);

/* "setup_type" of an intent (intent_read.c). */
bool intent_take_setup(struct intent_reader *reader, const char *name, const json_t *value);

/* "dynamic", "bandwidth" and "setup_priority" of a path (intent_read_path.c). */
bool intent_take_dynamic(struct intent_reader *reader, const char *name, const json_t *value);
bool intent_take_bandwidth(struct intent_reader *reader, const char *name, const json_t *value);
bool intent_take_setup_priority(struct intent_reader *reader, const char *name,
                                const json_t *value);

/* "segments", "hops" and "dynamic" of a path (intent_read_path.c). */
bool intent_take_path(struct intent_reader *reader, const char *list, size_t index,
                      const json_t *value);

/* enum ted_protection and its words (intent_write.c). */
extern const char *const intent_protection_words[];
#define INTENT_PROTECTION_COUNT 4

#endif
