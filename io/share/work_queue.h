/* Work queue: things to do, from a few threads that have them to a few others that do them.
 *
 * Each thread that puts has a lane of its own, so that putting never waits for anybody; takers go
 * round the lanes, one thing from each, so that a lane that is always full does not starve the
 * others. A lane that is full refuses, and the thing stays with who has it; it is full only while
 * as many things lie in it as it has room for: what a taker has, or is about to have, needs no
 * place. Takers without work sleep.
 *
 * Thread: work_queue_put by the one thread of its lane; work_queue_take by any; work_queue_close by
 * any; creation and destruction when no other thread uses it. Owns: nothing of what is in it.
 * Bound: the room of its lanes. */
#ifndef PCED_IO_SHARE_WORK_QUEUE_H
#define PCED_IO_SHARE_WORK_QUEUE_H

#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define WORK_QUEUE_LANES_MAX 1024
#define WORK_QUEUE_ROOM_MAX  65536

struct work_queue;

/* room: at least that many things fit into each lane (rounded up to a power of two). */
PCE_MUST_CHECK enum pce_status work_queue_create(unsigned lane_count, unsigned room,
                                                 struct work_queue **queue);
/* What is still in it is forgotten. */
void work_queue_destroy(struct work_queue *queue);

/* PCE_LIMIT when the lane is full. thing: not NULL. */
PCE_MUST_CHECK enum pce_status work_queue_put(struct work_queue *queue, unsigned lane, void *thing);
/* Waits for a thing; NULL when the queue is closed. *next: the taker's own place in the round, 0 at
 * first. */
void *work_queue_take(struct work_queue *queue, unsigned *next);
/* Takers get NULL from now on, whatever is still there; taker_count of them may sleep. */
void work_queue_close(struct work_queue *queue, unsigned taker_count);
bool work_queue_is_closed(const struct work_queue *queue);

#endif
