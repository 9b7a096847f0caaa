/* API sources: networks that operators' programs tell through the API, each in the form of a topology file. Each is
 * a source of the RIB, "api:NAME", beside the file and the peers of BGP-LS.
 *
 *     order      read whole, or refused → the store → the RIB → its asker is told
 *     start      what the store has
 *
 * What memory or room of the RIB does not let in at once is tried again after API_SOURCE_RETRY_MS, then after twice as
 * long, up to API_SOURCE_RETRY_MAX_MS: each time the network is made as a whole.
 *
 * Thread: the topology thread. Owns: the texts, copies; an order's ask until it is answered.
 * Bound: API_SOURCES_MAX sources; API_SOURCE_OCTETS_MAX, API_SOURCE_NODES_MAX and API_SOURCE_LINKS_MAX of one; one order
 * at a time. */
#ifndef PCED_SERVER_TOPOLOGY_API_SOURCE_H
#define PCED_SERVER_TOPOLOGY_API_SOURCE_H

#include "core/base/mono.h"
#include "core/base/status.h"
#include "io/os/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define API_SOURCES_MAX         16
#define API_SOURCE_NAME_MAX     32
#define API_SOURCE_OCTETS_MAX   ((size_t)3 << 20) /* of a text */
#define API_SOURCE_NODES_MAX    20000
#define API_SOURCE_LINKS_MAX    80000 /* directions */
#define API_SOURCE_RANK_MAX     65535
#define API_SOURCE_RANK_DEFAULT 200 /* behind routers: they tell which links there are */
#define API_SOURCE_RETRY_MS     5000
#define API_SOURCE_RETRY_MAX_MS (5 * 60 * 1000)

struct api_source_spec {
    char name[API_SOURCE_NAME_MAX + 1];
    uint32_t rank;
    bool completes; /* struct rib_source_spec.is_complement */
};

struct api_source {
    struct api_source_spec spec;
    char *text; /* malloc, as it was told, or as a change has made it */
    size_t size;
    uint64_t changed_s; /* since 1970 */
    uint32_t node_count, link_count;
    uint32_t rib_source;
    bool is_told;                /* it is a source of the RIB, `rib_source` */
    bool is_due;                 /* not all of it is in the RIB: tried again */
    bool is_kept;                /* in the store */
    char why[FAILURE_TEXT_SIZE]; /* it is not in the network as it is here; "": it is */
};

struct ted_snapshot;
struct topology_ask;

/* An order that has been read, and is on its way into the store. */
struct api_order {
    struct topology_ask *ask; /* NULL: there is none */
    char *text;               /* NULL: the source is deleted */
    size_t size;
    uint64_t changed_s;
    struct ted_snapshot *snapshot; /* of it */
    struct api_source *place;      /* of one that is new; NULL: it is there, or is deleted */
};

struct api_sources {
    struct api_source *sources[API_SOURCES_MAX];
    uint32_t count;
    struct api_order order;
    struct mono retry; /* MONO_NEVER: nothing is due */
    uint32_t pause_ms; /* before it */
};

/* After an attempt in vain that this pause came before. */
uint32_t api_source_next_pause_ms(uint32_t pause_ms);

/* 1 to API_SOURCE_NAME_MAX letters, digits, '.', '_' and '-'. */
bool api_source_name_is_valid(const char *name);

#endif
