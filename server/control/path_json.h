/* A path as JSON: the hops of the ERO or RRO of one LSP, each a text that people read.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting. Bound: the message's. */
#ifndef PCED_SERVER_CONTROL_PATH_JSON_H
#define PCED_SERVER_CONTROL_PATH_JSON_H

#include "core/pcep/codec.h"

#include <jansson.h>

/* A list of paths, one for each object of that kind (several: draft-ietf-pce-multipath), each a
 * list of texts. A new reference; NULL when memory ran out. */
json_t *path_json(const struct pcep_message *message, enum pcep_object_id kind);

/* What is said of each of them beside: a list as long as that of path_json, of objects with path_id,
 * weight, state, is_backup, is_reverse; null for one without a PATH-ATTRIB. */
json_t *path_attributes_json(const struct pcep_message *message, enum pcep_object_id kind);

#endif
