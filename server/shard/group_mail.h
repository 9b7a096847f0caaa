/* Group mail: a letter between shards about LSPs in groups (core/reopt/group_letter.h), as mail.
 *
 * A mailbox takes letters while few mails wait in it. Each shard may see that at the same moment, so that
 * one letter of each may come on top; what is left is room for what else a shard is told. What is
 * refused stays with its sender, is counted, and tried again in later turns.
 *
 * Thread: any shard. Owns: nothing. Bound: GROUP_MAIL_MAX letters, and one of each shard. */
#ifndef PCED_SERVER_SHARD_GROUP_MAIL_H
#define PCED_SERVER_SHARD_GROUP_MAIL_H

#include "io/share/mailbox.h"

#define GROUP_MAIL_MAX 512

/* False: there is no room now. */
bool group_mail_post(struct mailbox *mailbox, const struct mail *mail, struct ring *ring);

#endif
