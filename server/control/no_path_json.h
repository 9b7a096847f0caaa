/* No-path JSON: how a request that was answered with NO-PATH is written.
 *
 * Thread: the control thread. Owns: nothing; what is made is the caller's. Bound: NO_PATH_JSON_ARENA
 * octets to decode one. */
#ifndef PCED_SERVER_CONTROL_NO_PATH_JSON_H
#define PCED_SERVER_CONTROL_NO_PATH_JSON_H

#include "core/base/arena.h"
#include "server/northbound/no_path_view.h"

#include <jansson.h>

#define NO_PATH_JSON_ARENA ((size_t)1 << 20)

/* NULL: memory ran out. The arena is reset. */
json_t *no_path_json_row(const struct no_path_view *view, struct arena *arena);

#endif
