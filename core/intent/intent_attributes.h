/* Attributes of an intent's path: what an order says beside the way, and whether what a PCC reports
 * is that.
 *
 * Thread: the owning shard. Owns: nothing. Bound: INTENT_ATTRIBUTES_SIZE octets. */
#ifndef PCED_CORE_INTENT_INTENT_ATTRIBUTES_H
#define PCED_CORE_INTENT_INTENT_ATTRIBUTES_H

#include "core/base/arena.h"
#include "core/intent/intent.h"
#include "core/lsp/lsp.h"
#include "core/pcep/model.h"

#define INTENT_ATTRIBUTES_SIZE 512 /* LSPA, BANDWIDTH, a METRIC for each bound, TE-PATH-BINDING */

/* LSPA, BANDWIDTH, METRIC: whole objects. */
void intent_attributes_write(const struct intent *intent, const struct intent_path *path,
                             struct wire_writer *writer);
/* Its LSPA, and whether an order has it: SR needs it only where it says something, and kinds of
 * routers do not expect it. */
struct pcep_lspa intent_lspa_of(const struct intent_path *path);
bool intent_has_lspa(const struct intent *intent, const struct intent_path *path);
/* A number for these. */
uint64_t intent_attributes_digest(const struct intent *intent, const struct intent_path *path);

/* What a PCC reports of them. */
enum intent_match {
    INTENT_MATCH,
    INTENT_MATCH_OTHER,  /* an attribute is another one, or is not reported and not the default */
    INTENT_MATCH_POLICY, /* its colour, preference or group is: no update can tell it */
};
/* Memory that runs out is no difference. */
enum intent_match intent_attributes_match(const struct intent *intent,
                                          const struct intent_path *path,
                                          const struct lsp *reported, struct arena *arena);

/* What the path asks of a computation, but for its ends, and for what LSPs hold. */
void intent_request_of(const struct intent *intent, const struct intent_path *path,
                       struct path_request *request);

#endif
