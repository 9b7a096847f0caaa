/* Preflight: whether the machine has what the start needs, found out without starting.
 *
 * As far as that goes without touching what runs: files are not made, a socket that somebody serves
 * is left alone. What is in use at this moment is a note, as a server may well run beside the
 * check; the start of a second one would fail there.
 *
 * Thread: the main thread, before anything else. Owns: nothing that lasts.
 * Bound: one socket for each address, one ring. */
#ifndef PCED_SERVER_PREFLIGHT_H
#define PCED_SERVER_PREFLIGHT_H

#include "server/config/config.h"

/* Told of each finding. is_note: the start may succeed all the same. */
typedef void preflight_fn(void *context, bool is_note, const char *text);

/* Looks at everything, also after a problem; false when there was one. */
bool preflight_check(const struct config *config, preflight_fn *tell, void *context);

#endif
