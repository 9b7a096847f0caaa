/* Errands: the way of a shard's computations to the compute threads and back, for those of its parts
 * that ask for something of their own (core/requests/errand.h): reoptimisation, groups, intents,
 * operators.
 *
 * Thread: the shard, but for shard_post_computed (compute threads). Owns: nothing.
 * Bound: the tables of compute.h. */
#ifndef PCED_SERVER_SHARD_ERRANDS_H
#define PCED_SERVER_SHARD_ERRANDS_H

#include "core/requests/errand.h"
#include "server/shard/shard.h"

/* The part's errands, with the shard's computations for it. What comes back is mail of a kind that
 * the part has to take: SHARD_MAIL_COMPUTED_LSP, …_INTENT, …_GROUP, …_ASKING. */
PCE_MUST_CHECK enum pce_status shard_errands_init(struct shard *shard, struct errands *errands,
                                                  enum computation_asker asker);

/* From a compute thread; false when the mailbox is full. */
bool shard_post_computed(struct shard *shard, struct computation *computation);

#endif
