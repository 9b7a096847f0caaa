/* Groups: the part of a shard that has its LSPs in groups computed with the others of their group,
 * wherever these are: letters between shards (core/reopt/group_letter.h), and the groups that this
 * shard owns.
 *
 * A letter is a mail, to the shard itself as well. A mailbox takes letters while it is less than half
 * full: there is always room for what else shards are told. What it refuses is tried again in later turns.
 *
 * Thread: the shard. Owns: its groups, and what its LSPs have told.
 * Bound: GROUP_MAIL_MAX letters in a mailbox; those of core/reopt/groups.h and group_side.h. */
#ifndef PCED_SERVER_SHARD_GROUPS_H
#define PCED_SERVER_SHARD_GROUPS_H

#include "core/reopt/groups.h"
#include "server/shard/part.h"
#include "server/shard/shard.h"

extern const struct shard_part groups_part;

/* The groups that the shard owns. */
const struct groups *shard_groups(const struct shard *shard);

#endif
