/* Show: all members of one thing of the API, one line for each.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_SHOW_H
#define PCED_SERVER_PCECTL_SHOW_H

#include <jansson.h>

/* Those of an object within it as "outer.inner". */
void pcectl_print_detail(json_t *json);

#endif
