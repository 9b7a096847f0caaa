/* Northbound: the one door to a shard for those who ask and order.
 *
 * Thread: envelope_post: the poster's; the part: its shard's. Owns: nothing.
 * Bound: that of envelope.h. */
#ifndef PCED_SERVER_NORTHBOUND_NORTHBOUND_H
#define PCED_SERVER_NORTHBOUND_NORTHBOUND_H

#include "server/northbound/envelope.h"
#include "server/shard/part.h"
#include "server/shard/shared.h"

/* Lets rows answer, and posts back. */
extern const struct shard_part northbound_part;

/* To the shard that it names. PCE_LIMIT: the shard has too much to do, and the envelope stays the
 * poster's. */
PCE_MUST_CHECK enum pce_status envelope_post(struct shared *shared, struct envelope *envelope);
/* Of an order that has its outcome later: the envelope is the poster's again. The shard's thread. */
void northbound_answer(struct shard *shard, struct envelope *envelope);
/* Posts the answered ones that wait for room in a mailbox. */
void northbound_give_back(struct shard *shard);
/* The name of its row: "session_list". */
const char *envelope_name(const struct envelope *envelope);

#endif
