/* Lists: a page of what the shards have of one kind. A list is a row: its name, its arguments, how
 * they are read, and how a view becomes JSON; the walk from shard to shard is the same for all.
 *
 * Thread: the control thread. Owns: nothing; what is made is the ask's.
 * Bound: API_PAGE_MAX views of a page; API_LIST_ARGUMENTS_MAX arguments. */
#ifndef PCED_SERVER_CONTROL_API_LIST_H
#define PCED_SERVER_CONTROL_API_LIST_H

#include "server/control/api.h"
#include "server/northbound/address_range.h"

#define API_LIST_ARGUMENTS_MAX 8 /* beside "limit" and "cursor" */

#define API_MUST_BE_RANGE  "must be an address or a prefix, such as 192.0.2.0/24"
#define API_MUST_BE_EITHER "must be true or false"

struct api_list_argument {
    const char *name;
    const char *must; /* what a client is told that sends another value: "must be …" */
};

/* Where a page begins within its shard, when that is no number. */
struct api_list_place {
    bool (*parse)(const char *text, void *argument);
    void (*restart)(void *argument); /* at the next shard's first one */
    /* In text of `size` octets; the empty one is where a shard begins. */
    void (*format)(const void *argument, char *text, size_t size);
    /* Why the place where the page before ended is no more; NULL: it is there. */
    const char *(*lost)(const void *argument);
};

struct api_list_kind {
    const char *name; /* of the rows, in the answer */
    enum view_id view;
    size_t argument_size; /* of the view's argument, which begins with a struct view_page */
    size_t view_size;
    struct api_list_argument arguments[API_LIST_ARGUMENTS_MAX + 1]; /* the last one has no name */
    /* The name of the argument that is wrong, or NULL. whose: all PCCs, until it says otherwise. */
    const char *(*read)(const struct http_request *request, void *argument,
                        struct address_range *whose);
    /* A new reference; NULL when memory ran out. */
    json_t *(*row)(const void *view);
    uint64_t place_first; /* in each shard */
    uint64_t place_max;
    const struct api_list_place *place; /* NULL: a number */
};

void api_list(const struct api_list_kind *kind, struct api *api, struct http_request *request);

#endif
