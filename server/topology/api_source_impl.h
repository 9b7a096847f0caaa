/* The inside of API sources, for their files.
 *
 * Thread: the topology thread. */
#ifndef PCED_SERVER_TOPOLOGY_API_SOURCE_IMPL_H
#define PCED_SERVER_TOPOLOGY_API_SOURCE_IMPL_H

#include "core/ted/builder.h"
#include "server/topology/ask.h"
#include "server/topology/topology_impl.h"

struct store_result;

/* ---- the sources (api_source.c) ---- */

struct api_source *api_source_find(const struct api_sources *sources, const char *name);
/* Reads a text whole. PCE_INVALID: the failure says where and why; fault: the reader's. */
PCE_MUST_CHECK enum pce_status api_source_read(const char *text, size_t size,
                                               struct ted_snapshot **snapshot,
                                               struct ted_fault *fault, struct failure *failure);
/* PCE_INVALID, and where and why. */
PCE_MUST_CHECK enum pce_status api_source_explain(const struct ted_fault *fault,
                                                  struct failure *failure);
/* The source of this name is what is said from now on, also where the RIB does not take it yet; the text is taken
 * over. *place: where it is new (CHECKed, as is that there is room): memory for it (malloc), which is taken over. */
void api_source_set(struct topology *topology, const struct api_source *said,
                    struct api_source **place, const struct ted_snapshot *snapshot);
void api_source_delete(struct topology *topology, struct api_source *source);

void api_source_view(const struct api_source *source, struct topology_source_view *view);

/* ---- the store (api_record.c) ---- */

/* The text of the order, or its deletion. PCE_UNSUPPORTED: there is no store; else as stored_commit. */
PCE_MUST_CHECK enum pce_status api_record_commit(struct topology *topology,
                                                 const struct api_source_spec *spec,
                                                 const struct api_order *order,
                                                 struct failure *failure);

#endif
