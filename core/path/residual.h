/* Residual: what LSPs leave of the bandwidth of links, as one request sees it (path.h, struct
 * path_reservations).
 *
 * Other threads take and give back bandwidth at any time. A search that asked twice about a link
 * and got two answers would lose its way, so what it was told first holds for the whole request.
 *
 * Thread: the engine's. Owns: its entries. Bound: 8 octets for each link of the largest snapshot
 * that a request with reservations was for. */
#ifndef PCED_CORE_PATH_RESIDUAL_H
#define PCED_CORE_PATH_RESIDUAL_H

#include "core/path/path.h"

struct residual_entry {
    uint32_t stamp; /* of the request that it is of */
    float unreserved;
};

struct residual {
    const struct ted_snapshot *snapshot;
    const struct path_reservations *reservations; /* of the request; NULL: it has none */
    struct residual_entry *entries;               /* by link */
    uint32_t capacity;
    uint32_t stamp;
    uint8_t priority;
};

/* A request begins. false: memory ran out. */
bool residual_begin(struct residual *residual, const struct ted_snapshot *snapshot,
                    const struct path_request *request);
void residual_fini(struct residual *residual);
/* What LSPs leave of a link at a priority, in octets per second. reservations NULL: nothing is held
 * but what the snapshot says. */
double residual_of_all(const struct ted_snapshot *snapshot,
                       const struct path_reservations *reservations, uint32_t link,
                       uint8_t priority);
/* What of the held bandwidth is the request's own, and so free to it. */
double residual_own(const struct path_reservations *reservations, uint32_t link, uint8_t priority);
/* For a link that the request has not asked about: what there is, in octets per second, rounded
 * down. */
float residual_look(struct residual *residual, uint32_t link);

static inline float residual_of_link(struct residual *residual, uint32_t link)
{
    const struct residual_entry *entry = &residual->entries[link];
    return entry->stamp == residual->stamp ? entry->unreserved : residual_look(residual, link);
}

#endif
