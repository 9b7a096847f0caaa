/* Snapshot: publication of immutable things (topology, configuration) to threads that read them
 * without a lock, and their release when nobody can hold them any more (ck_epoch).
 *
 * A reader holds what it got for one section only: a shard enters at the start of a turn of its
 * loop and leaves before it waits. The publisher never waits for a reader; what was replaced is
 * destroyed on the publisher's thread by snapshot_publish or snapshot_poll, once every reader that
 * could have seen it has left its section.
 *
 * Thread: each reader and each publisher by the thread that made it; snapshot_get by a reader
 * inside a section, or by the publisher. Owns: the published thing, from snapshot_publish on.
 * Bound: SNAPSHOT_RETIRED_MAX replaced things that wait for readers. */
#ifndef PCED_IO_SHARE_SNAPSHOT_H
#define PCED_IO_SHARE_SNAPSHOT_H

#include "core/base/mono.h"
#include "core/base/status.h"

#include <stdint.h>

#define SNAPSHOT_RETIRED_MAX 64

/* Readers and publishers that may meet: one for the process. */
struct snapshot_domain;
struct snapshot_reader;
struct snapshot_publisher;

typedef void snapshot_destroy_fn(void *thing);

/* A place where a thing is published. Zero is the empty cell. */
struct snapshot_cell {
    void *current; /* snapshot_get alone reads it */
    snapshot_destroy_fn *destroy;
};

PCE_MUST_CHECK enum pce_status snapshot_domain_create(struct snapshot_domain **domain);
/* Every reader and publisher must be gone. */
void snapshot_domain_destroy(struct snapshot_domain *domain);

PCE_MUST_CHECK enum pce_status snapshot_reader_create(struct snapshot_domain *domain,
                                                      struct snapshot_reader **reader);
void snapshot_reader_destroy(struct snapshot_reader *reader);
/* A section; sections do not nest. */
void snapshot_enter(struct snapshot_reader *reader);
void snapshot_leave(struct snapshot_reader *reader);
/* What is published now, or NULL; valid until snapshot_leave. Two calls in one section may differ.
 */
const void *snapshot_get(const struct snapshot_cell *cell);

PCE_MUST_CHECK enum pce_status snapshot_publisher_create(struct snapshot_domain *domain,
                                                         struct snapshot_publisher **publisher);
/* Waits for the readers of what is retired: they must have left or be about to leave. */
void snapshot_publisher_destroy(struct snapshot_publisher *publisher);

/* Puts thing (NULL: nothing) into the cell and retires what was there. PCE_LIMIT when
 * SNAPSHOT_RETIRED_MAX things wait already, PCE_NO_MEMORY: then nothing changed and the thing is
 * still the caller's. */
PCE_MUST_CHECK enum pce_status snapshot_publish(struct snapshot_publisher *publisher,
                                                struct snapshot_cell *cell, void *thing,
                                                snapshot_destroy_fn *destroy);
/* Destroys what nobody can hold any more, without waiting; returns how many still wait. */
unsigned snapshot_poll(struct snapshot_publisher *publisher);
/* The same, waiting until none is left or the deadline (PCE_TIMEOUT). */
PCE_MUST_CHECK enum pce_status snapshot_drain(struct snapshot_publisher *publisher,
                                              struct mono deadline);

#endif
