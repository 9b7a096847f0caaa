/* Session sort: by what a list of sessions is sorted. One row for each key.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_NORTHBOUND_SESSION_SORT_H
#define PCED_SERVER_NORTHBOUND_SESSION_SORT_H

#include <stdbool.h>
#include <stdint.h>

/* Names are those of the members of a row (session_json.h). */
#define SESSION_KEYS(ROW)                                                                          \
    ROW(PENDING_OCTETS, "pending_octets")                                                          \
    ROW(PROGRESS_AGE, "progress_age_s")

enum session_key {
    SESSION_KEY_NONE, /* not sorted */
#define ENUM_ROW(name, text) SESSION_KEY_##name,
    SESSION_KEYS(ENUM_ROW)
#undef ENUM_ROW
};

struct session_sort {
    enum session_key key;
    bool is_descending;
};

#define SESSION_RANK_END UINT64_MAX /* above every rank */

/* "pending_octets", or "-pending_octets" for the largest first. */
bool session_sort_parse(const char *text, struct session_sort *sort);
/* For who has named another key: all that there are. */
const char *session_sort_explain(void);

/* What comes first has the lowest rank. A session that has no value comes last either way. */
uint64_t session_sort_rank(const struct session_sort *sort, bool has_value, uint64_t value);

#endif
